"""The board of a plan: unit × task. Rows out of models, no HTML.

The same number of queries for 30 and for 3,000 units: a page of rows, its cells, the totals.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, Count, Q, When

from plans.models import Assignment, Plan, Task, lateness
from plans.workflow import AssignmentState
from schools.models import OrgUnit

S = AssignmentState


@dataclass
class UnitRow:
    """One unit of a board with its cells in the order of the tasks."""

    unit: OrgUnit
    cells: list[Assignment | None] = field(default_factory=list)


@dataclass
class Counts:
    """How many a unit or a task of a file was asked for, has handed in, has late or overdue."""

    expected: int = 0
    received: int = 0
    late: int = 0

    def add(self, one: Assignment) -> None:
        self.expected += 1
        self.received += one.handed_in_at is not None
        self.late += one.is_behind

    def __iadd__(self, other: "Counts") -> "Counts":
        self.expected += other.expected
        self.received += other.received
        self.late += other.late
        return self


@dataclass
class CountedRow(UnitRow):
    """A row of a file: counted out of the very rows that its cells are."""

    counts: Counts = field(default_factory=Counts)


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


def counted_rows(
    plan: Plan, path: str, tasks: list[Task], pks: list[int], totals: list[Counts]
) -> list[CountedRow]:
    """The rows of these units in this order, all out of one reading, and added to the totals of the
    tasks: whatever is handed in between two such readings, a file agrees with itself.
    """
    units, places = OrgUnit.objects.in_bulk(pks), {task.pk: at for at, task in enumerate(tasks)}
    rows = {pk: CountedRow(units[pk], [None] * len(tasks)) for pk in pks}
    here = Q(unit_path__startswith=path) | Q(unit__path__startswith=path)
    found = Assignment.objects.filter(task__plan=plan, unit__in=pks).annotate(
        is_counted=_as_column(here & ~Q(state=S.WITHDRAWN)),
        is_behind=_as_column(lateness.late() | lateness.overdue()),
    )
    for one in found:
        row, place = rows[one.unit_id], places.get(one.task_id)
        if one.is_counted:
            row.counts.add(one)
        if place is not None:
            row.cells[place] = one
            if one.is_counted:
                totals[place].add(one)
    return list(rows.values())


def _as_column(condition: Q) -> Case:
    return Case(When(condition, then=True), default=False)


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
