"""The arrows of plans: what may become of a plan, a task, an assignment, a hand-in, a reminder."""

from django.db.models import TextChoices

from edudx.lib.workflow import Transition
from schools.permissions import Permission as P


class PlanState(TextChoices):
    DRAFT = "draft", "Đang soạn"
    ISSUED = "issued", "Đã ban hành"
    CLOSED = "closed", "Đã kết thúc"


class TaskState(TextChoices):
    DRAFT = "draft", "Đang soạn"
    ISSUED = "issued", "Đã giao"
    WITHDRAWN = "withdrawn", "Đã rút"
    CLOSED = "closed", "Đã kết thúc"


class AssignmentState(TextChoices):
    OPEN = "open", "Chưa nộp"
    PROPOSED = "proposed", "Chờ phê duyệt"
    APPROVED = "approved", "Được duyệt, đang làm"
    HANDED_IN = "handed_in", "Đã nộp"
    RETURNED = "returned", "Bị trả lại"
    DONE = "done", "Hoàn thành"
    WITHDRAWN = "withdrawn", "Đã rút"


class ProductDecision(TextChoices):
    PENDING = "pending", "Chờ xem"
    ACCEPTED = "accepted", "Đã nhận"
    RETURNED = "returned", "Trả lại"


class ExtensionState(TextChoices):
    ASKED = "asked", "Chờ trả lời"
    GRANTED = "granted", "Được gia hạn"
    REFUSED = "refused", "Không được gia hạn"
    RECALLED = "recalled", "Đơn vị đã rút"


class RoadMapState(TextChoices):
    PLANNED = "planned", "Theo kế hoạch"
    RUNNING = "running", "Đang thực hiện"
    DONE = "done", "Hoàn thành"
    POSTPONED = "postponed", "Lùi sang năm sau"


class ReminderState(TextChoices):
    CLAIMED = "claimed", "Đến lượt nhắc"
    LISTED = "listed", "Đã đưa vào thư nhắc"
    CANCELLED = "cancelled", "Không còn cần nhắc"
    MERGED = "merged", "Gộp vào lần nhắc sau"


# The issuer reads «Đã nộp» as: my turn.
OFFICE_WORDS = dict(AssignmentState.choices) | {AssignmentState.HANDED_IN: "Chờ xem"}

PLAN_TRANSITIONS = (
    Transition(
        "issue", "Ban hành", (PlanState.DRAFT,), PlanState.ISSUED, P.PLAN_ISSUE, is_own=True
    ),
    Transition(
        "amend", "Sửa đổi, bổ sung", (PlanState.ISSUED,), PlanState.ISSUED, P.PLAN_ISSUE,
        reason_required=True, is_own=True,
    ),
    Transition(
        "close", "Kết thúc", (PlanState.ISSUED,), PlanState.CLOSED, P.PLAN_ISSUE,
        reason_required=True, is_own=True,
    ),
)  # fmt: skip

TASK_TRANSITIONS: tuple[Transition[P], ...] = (
    Transition("issue", "Giao", (TaskState.DRAFT,), TaskState.ISSUED, P.PLAN_ISSUE, is_own=True),
    Transition(
        "withdraw", "Rút", (TaskState.ISSUED,), TaskState.WITHDRAWN, P.PLAN_ISSUE,
        reason_required=True, is_own=True,
    ),
    Transition("close", "Kết thúc", (TaskState.ISSUED,), TaskState.CLOSED),
    Transition("reopen", "Mở lại", (TaskState.CLOSED,), TaskState.ISSUED),
)  # fmt: skip

S = AssignmentState
UNFINISHED = (S.OPEN, S.PROPOSED, S.APPROVED, S.HANDED_IN, S.RETURNED)
WAITING_FOR_UNIT = (S.OPEN, S.APPROVED, S.RETURNED)  # these are reminded
REVIEWED_BY_ISSUER = (S.HANDED_IN, S.PROPOSED)
ASSIGNMENT_TRANSITIONS = (
    Transition("propose", "Trình phê duyệt", (S.OPEN,), S.PROPOSED, P.WORK_HAND_IN, is_own=True),
    Transition("approve", "Phê duyệt", (S.PROPOSED,), S.APPROVED, P.WORK_REVIEW),
    Transition("refuse", "Không phê duyệt", (S.PROPOSED,), S.OPEN, P.WORK_REVIEW, True),
    Transition(
        "hand_in", "Nộp", (S.OPEN, S.APPROVED, S.RETURNED), S.HANDED_IN, P.WORK_HAND_IN,
        is_own=True,
    ),
    Transition("give_back", "Trả lại", (S.HANDED_IN, S.DONE), S.RETURNED, P.WORK_REVIEW, True),
    Transition("complete", "Hoàn thành", (S.HANDED_IN,), S.DONE, P.WORK_REVIEW),
    Transition("reopen", "Mở lại", (S.DONE,), S.HANDED_IN, P.WORK_REVIEW, True),
    Transition("withdraw", "Rút nhiệm vụ", UNFINISHED, S.WITHDRAWN, P.PLAN_ISSUE, True),
)  # fmt: skip

PRODUCT_TRANSITIONS = (
    Transition(
        "accept", "Nhận", (ProductDecision.PENDING,), ProductDecision.ACCEPTED, P.WORK_REVIEW
    ),
    Transition(
        "return", "Trả lại", (ProductDecision.PENDING,), ProductDecision.RETURNED, P.WORK_REVIEW,
        reason_required=True,
    ),
)  # fmt: skip

E = ExtensionState
EXTENSION_TRANSITIONS = (
    Transition("grant", "Gia hạn", (E.ASKED,), E.GRANTED, P.WORK_REVIEW),
    Transition("refuse", "Không gia hạn", (E.ASKED,), E.REFUSED, P.WORK_REVIEW, True),
    Transition("recall", "Rút đề nghị", (E.ASKED,), E.RECALLED, P.WORK_HAND_IN, is_own=True),
)

ROAD_MAP_TRANSITIONS = tuple(
    Transition(
        state, f"Ghi «{state.label}»", tuple(RoadMapState), state, P.PLAN_MANAGE, is_own=True
    )
    for state in RoadMapState
)

R = ReminderState
REMINDER_TRANSITIONS: tuple[Transition[P], ...] = (
    Transition("list", "Đưa vào thư nhắc", (R.CLAIMED,), R.LISTED),
    Transition("cancel", "Bỏ", (R.CLAIMED, R.LISTED), R.CANCELLED),
)  # one that is merged into the next is written so
