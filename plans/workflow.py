"""The states of a plan and of an assignment. Who may take a step is asked by the action."""

from django.db.models import TextChoices

from edudx.lib.workflow import Transition
from schools.permissions import Permission as P


class PlanState(TextChoices):
    DRAFT = "draft", "Đang soạn"
    ISSUED = "issued", "Đã ban hành"
    CLOSED = "closed", "Đã kết thúc"


class AssignmentState(TextChoices):
    OPEN = "open", "Chưa nộp"
    PROPOSED = "proposed", "Chờ phê duyệt"
    APPROVED = "approved", "Được duyệt, đang làm"
    HANDED_IN = "handed_in", "Đã nộp"
    RETURNED = "returned", "Bị trả lại"
    DONE = "done", "Hoàn thành"
    WITHDRAWN = "withdrawn", "Đã rút"


# The issuer reads «Đã nộp» as: my turn.
OFFICE_WORDS = dict(AssignmentState.choices) | {AssignmentState.HANDED_IN: "Chờ xem"}

PLAN_TRANSITIONS = (
    Transition(
        "issue", "Ban hành", (PlanState.DRAFT,), PlanState.ISSUED, P.PLAN_ISSUE, is_own=True
    ),
    Transition(
        "close", "Kết thúc", (PlanState.ISSUED,), PlanState.CLOSED, P.PLAN_ISSUE,
        reason_required=True, is_own=True,
    ),
)  # fmt: skip

S = AssignmentState
UNFINISHED = (S.OPEN, S.PROPOSED, S.APPROVED, S.HANDED_IN, S.RETURNED)
WAITING_FOR_UNIT = (S.OPEN, S.APPROVED, S.RETURNED)  # these are reminded
REVIEWED_BY_ISSUER = (S.HANDED_IN, S.PROPOSED)
TRANSITIONS = (
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
