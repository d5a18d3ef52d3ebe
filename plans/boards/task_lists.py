"""The lists of a task's page: each counts what it opens."""

from django.db.models import Count, Exists, OuterRef, Q

from plans.models import Extension, lateness
from plans.workflow import REVIEWED_BY_ISSUER, AssignmentState, ExtensionState

S = AssignmentState


def _lists() -> dict[str, tuple[str, Q]]:
    """Each number of a task's page is one of these lists and opens it: its name, who is on it."""
    asking = Exists(Extension.objects.filter(assignment=OuterRef("pk"), state=ExtensionState.ASKED))
    expected = ~Q(state=S.WITHDRAWN)
    waits = Q(handed_in_at=None)
    return {
        "phai-nop": ("Phải nộp", expected),
        "da-nop": ("Đã nộp", expected & ~waits),
        "chua-nop": ("Chưa nộp", expected & waits),
        "cho-xem": ("Chờ xem", Q(state__in=REVIEWED_BY_ISSUER)),
        "tra-lai": ("Bị trả lại", Q(state=S.RETURNED)),
        "hoan-thanh": ("Hoàn thành", Q(state=S.DONE)),
        "tre": ("Trễ, quá hạn", expected & (lateness.late() | lateness.overdue())),
        "gia-han": ("Xin gia hạn", Q(asking)),
        "da-rut": ("Đã rút", ~expected),
    }


def counted_lists(rows) -> list[tuple[str, str, int]]:
    """(key, name, how many) of each list of these assignments, in one query."""
    lists = _lists()
    counts = rows.order_by().aggregate(
        **{key.replace("-", "_"): Count("pk", filter=found) for key, (_, found) in lists.items()}
    )
    return [(key, name, counts[key.replace("-", "_")]) for key, (name, _) in lists.items()]


def listed(rows, key: str):
    """The assignments of one list; all of them for any other word."""
    lists = _lists()
    return rows.filter(lists[key][1]) if key in lists else rows
