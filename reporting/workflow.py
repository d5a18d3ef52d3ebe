"""The arrows of figures, reports and files. A sheet's own are its assignment's."""

from django.db.models import TextChoices

from edudx.lib.workflow import Transition
from plans.workflow import UNFINISHED, AssignmentState
from schools.permissions import Permission as P


class FormState(TextChoices):
    DRAFT = "draft", "Dự thảo"
    PUBLISHED = "published", "Đã ban hành"
    RETIRED = "retired", "Hết hiệu lực"


class RequestState(TextChoices):
    OPEN = "open", "Đang thu"
    CLOSED = "closed", "Đã kết thúc"


class RoundState(TextChoices):
    OPEN = "open", "Đang thu"
    CLOSED = "closed", "Đã kết thúc"


class ExportState(TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang lập"
    DONE = "done", "Sẵn sàng"
    FAILED = "failed", "Không lập được"


FORM_TRANSITIONS: tuple[Transition[P], ...] = (
    Transition(
        "publish", "Ban hành", (FormState.DRAFT,), FormState.PUBLISHED, P.DATA_FORM_MANAGE,
        is_own=True,
    ),
    Transition(  # by the next version
        "retire", "Hết hiệu lực", (FormState.PUBLISHED,), FormState.RETIRED
    ),
)  # fmt: skip
REQUEST_TRANSITIONS = (
    Transition(
        "end", "Kết thúc", (RequestState.OPEN,), RequestState.CLOSED, P.DATA_REQUEST,
        reason_required=True, is_own=True,
    ),
)  # fmt: skip
ROUND_TRANSITIONS = (
    Transition(
        "end", "Kết thúc", (RoundState.OPEN,), RoundState.CLOSED, P.DATA_REQUEST,
        reason_required=True, is_own=True,
    ),
)  # fmt: skip

A = AssignmentState
REPORT_TRANSITIONS = (  # the issuer's, on the report's assignment
    Transition("complete", "Tiếp nhận báo cáo", (A.HANDED_IN,), A.DONE, P.WORK_REVIEW),
    Transition(
        "give_back", "Trả lại báo cáo", (A.HANDED_IN, A.DONE), A.RETURNED, P.WORK_REVIEW,
        reason_required=True,
    ),
    Transition(
        "withdraw", "Rút yêu cầu báo cáo", UNFINISHED, A.WITHDRAWN, P.DATA_REQUEST,
        reason_required=True,
    ),
)  # fmt: skip

E = ExportState
# The worker's; a lease that ran out is claimed again.
EXPORT_TRANSITIONS: tuple[Transition[P], ...] = (
    Transition("claim", "Bắt đầu lập", (E.QUEUED, E.RUNNING), E.RUNNING),
    Transition("finish", "Lập xong", (E.RUNNING,), E.DONE),
    Transition("fail", "Không lập được", (E.QUEUED, E.RUNNING), E.FAILED),
)
