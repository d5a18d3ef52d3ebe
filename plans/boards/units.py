"""The board of a plan: unit × task. Rows out of models, no HTML.

The same number of queries for 30 and for 3,000 units: a page of rows, its cells, the totals.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q

from plans.models import Assignment, Plan, Task, lateness
from plans.workflow import AssignmentState
from schools.models import OrgUnit

S = AssignmentState


@dataclass
class UnitRow:
    """One unit of a board with its cells in the order of the tasks."""

    unit: OrgUnit
    cells: list[Assignment | None] = field(default_factory=list)


@dataclass(frozen=True)
class BoardFilter:
    """What a board is narrowed to: part of a name, a school type, «tre» or «chua-nop»."""

    tim: str = ""
    loai: str = ""
    loc: str = ""

    STATES = {"chua-nop": "còn việc quá hạn chưa nộp", "tre": "có việc trễ, quá hạn"}

    @classmethod
    def of(cls, values) -> "BoardFilter":
        """Of a query string or a form; what is not understood narrows nothing."""
        kind, state = values.get("loai", ""), values.get("loc", "")
        return cls(
            tim=values.get("tim", "").strip()[:100],
            loai=kind if kind in OrgUnit.SchoolType.values else "",
            loc=state if state in cls.STATES else "",
        )

    def narrow(self, units):
        found = units.search(self.tim) if self.tim else units
        if self.loai:
            found = found.filter(school_type=self.loai)
        if self.loc:
            found = found.filter(**{"late__gt" if self.loc == "tre" else "overdue__gt": 0})
        return found

    @property
    def words(self) -> str:
        """«tên có “hoa”, Tiểu học, có việc trễ»; empty when nothing is narrowed."""
        found = [f"tên có «{self.tim}»"] if self.tim else []
        found += [OrgUnit.SchoolType(self.loai).label] if self.loai else []
        return ", ".join(found + ([self.STATES[self.loc]] if self.loc else []))


EVERYTHING = BoardFilter()


def units_on(plan: Plan, path: str, chosen: BoardFilter = EVERYTHING):
    """Units of the plan in that part of the tree, the latest first; with their counts."""
    here = (
        Q(assignments__task__plan=plan)
        & ~Q(assignments__state=S.WITHDRAWN)
        & (Q(assignments__unit_path__startswith=path) | Q(path__startswith=path))
    )
    late, overdue = lateness.late("assignments__"), lateness.overdue("assignments__")

    def count(*conditions) -> Count:
        found = here
        for one in conditions:
            found &= one
        return Count("assignments", filter=found, distinct=True)

    found = (
        OrgUnit.objects.annotate(
            expected=count(),
            received=count(Q(assignments__handed_in_at__isnull=False)),
            done=count(Q(assignments__state=S.DONE)),
            late=count(late | overdue),
            overdue=count(overdue),
        )
        .filter(expected__gt=0)
        .order_by("-overdue", "-late", "sort_key", "pk")
    )
    return chosen.narrow(found)


def tasks_on(plan: Plan) -> list[Task]:
    """The columns: tasks that were issued, in printed order."""
    states = (Task.State.ISSUED, Task.State.CLOSED)
    return list(plan.tasks.filter(state__in=states).order_by("position", "pk"))


def cells_of(units: Iterable[OrgUnit], tasks: list[Task]) -> list[UnitRow]:
    """The rows of a page, in one query."""
    places = {task.pk: place for place, task in enumerate(tasks)}
    rows = {unit.pk: UnitRow(unit, [None] * len(tasks)) for unit in units}
    found = Assignment.objects.filter(unit__in=list(rows), task__in=list(places))
    for one in found:
        rows[one.unit_id].cells[places[one.task_id]] = one
    return list(rows.values())


def totals_of(
    plan: Plan, path: str, tasks: list[Task], chosen: BoardFilter = EVERYTHING
) -> list[dict]:
    """Per task: expected, received, late; of the units the board shows."""
    rows = Assignment.objects.below(path).filter(task__plan=plan).counted()
    if chosen != EVERYTHING:
        rows = rows.filter(unit__in=units_on(plan, path, chosen).order_by().values("pk"))
    rows = (
        rows.values("task")
        .annotate(
            expected=Count("pk"),
            received=Count("pk", filter=Q(handed_in_at__isnull=False)),
            late=Count("pk", filter=lateness.late() | lateness.overdue()),
        )
        .order_by()
    )
    by_task = {row["task"]: row for row in rows}
    nothing = {"expected": 0, "received": 0, "late": 0}
    return [by_task.get(task.pk, nothing) for task in tasks]
