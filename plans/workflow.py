"""The states of an assignment. Who may take a step is asked by the app whose noun is handed in."""

from django.db.models import TextChoices

from edudx.lib.workflow import Transition


class AssignmentState(TextChoices):
    OPEN = "open", "Chưa nộp"
    HANDED_IN = "handed_in", "Đã nộp"
    RETURNED = "returned", "Bị trả lại"
    DONE = "done", "Hoàn thành"


S = AssignmentState
TRANSITIONS = (
    Transition("hand_in", "Nộp", (S.OPEN, S.RETURNED), S.HANDED_IN, None),
    Transition("give_back", "Trả lại", (S.HANDED_IN, S.DONE), S.RETURNED, None, True),
    Transition("complete", "Hoàn thành", (S.HANDED_IN,), S.DONE, None),
    Transition("reopen", "Mở lại", (S.DONE,), S.HANDED_IN, None, True),
)
