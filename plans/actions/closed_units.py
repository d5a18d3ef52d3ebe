"""The open tasks of a unit that closes: withdrawn, or given to the unit that follows it."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils import timezone

from edudx.lib import clock, deadlines
from plans.actions import assignments
from plans.models import Assignment, Task
from plans.workflow import WAITING_FOR_UNIT, AssignmentState
from schools.models import OrgUnit, User
from schools.models.events import record

# By kind of task, filled by the app above: may the successor take it; what is made beside it.
MAY_FOLLOW: dict[str, Callable[[Assignment, OrgUnit], bool]] = {}
BESIDE: dict[str, Callable[[Assignment], None]] = {}


def of(unit: OrgUnit) -> QuerySet[Assignment]:
    """What the unit has not handed in and can no longer: all of it once the day has passed, before
    that what is due later. What was handed in goes on at its issuer.
    """
    rows = Assignment.objects.filter(
        unit=unit, task__state=Task.State.ISSUED,
        state__in=(*WAITING_FOR_UNIT, AssignmentState.PROPOSED),
    )  # fmt: skip
    if unit.valid_to and unit.valid_to >= clock.today():
        rows = rows.filter(due_at__gt=deadlines.end_of_day(unit.valid_to))
    return rows.select_related("task__issuer", "unit").order_by("due_at", "pk")


def sentences(unit: OrgUnit) -> list[str]:
    """«Kế hoạch chuyển đổi số (Phòng GDĐT Dương Kinh), hạn 15/12/2026» of each."""
    return [
        f"{one.task} ({one.task.issuer}), hạn {timezone.localtime(one.due_at):%d/%m/%Y}"
        for one in of(unit)
    ]


def settle(
    unit: OrgUnit, successor: OrgUnit | None, *, reason: str, by: User | None
) -> tuple[int, int]:
    """Withdraw all of it; what is not due yet goes to the successor, if it is within reach of who
    asked for it and has not been asked itself. How much was only withdrawn, how much given.
    """
    withdrawn = given = 0
    for row in of(unit):
        over = successor is not None and _may_take(row, successor)
        assignments.move(row, "withdraw", by=by, reason=reason)
        if over and successor:
            _give(row, successor, reason=reason, by=by)
        given += over
        withdrawn += not over
    return withdrawn, given


def _may_take(row: Assignment, successor: OrgUnit) -> bool:
    task = row.task
    if task.due_at <= clock.now() or not successor.is_within(task.issuer.path):
        return False
    if task.assignments.filter(unit=successor).exists():
        return False
    return MAY_FOLLOW.get(task.kind, lambda *_: True)(row, successor)


def _give(row: Assignment, successor: OrgUnit, *, reason: str, by: User | None) -> None:
    (assignment,) = assignments.give(row.task, [successor], by=by)
    BESIDE.get(row.task.kind, lambda _: None)(assignment)
    record(assignment, "given", f"Nhận từ {row.unit}: {row.task}", by=by, reason=reason)
