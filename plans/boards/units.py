"""What the boards show: unit × task, month, road map, targets. Rows out of models, no HTML.

The same number of queries for 30 and for 3,000 units: a page of rows, its cells, the totals.
"""

import calendar
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone

from edudx.lib import deadlines
from plans import target_totals
from plans.audience import units_of
from plans.models import Assignment, Extension, Plan, RoadMapYear, Target, TargetActual, Task
from plans.workflow import REVIEWED_BY_ISSUER, AssignmentState
from schools.models import OrgUnit

S = AssignmentState
LATE = Q(handed_in_at__gt=F("due_at"))


def _lists(now: datetime) -> dict[str, tuple[str, Q]]:
    """Each number of a task's page is one of these lists and opens it: its name, who is on it."""
    asking = Exists(Extension.objects.filter(assignment=OuterRef("pk"), state="asked"))
    expected = ~Q(state=S.WITHDRAWN)
    waits = Q(handed_in_at=None)
    return {
        "phai-nop": ("Phải nộp", expected),
        "da-nop": ("Đã nộp", expected & ~waits),
        "chua-nop": ("Chưa nộp", expected & waits),
        "cho-xem": ("Chờ xem", Q(state__in=REVIEWED_BY_ISSUER)),
        "tra-lai": ("Bị trả lại", Q(state=S.RETURNED)),
        "hoan-thanh": ("Hoàn thành", Q(state=S.DONE)),
        "tre": ("Trễ, quá hạn", expected & (LATE | waits & Q(due_at__lt=now))),
        "gia-han": ("Xin gia hạn", Q(asking)),
        "da-rut": ("Đã rút", ~expected),
    }


def counted_lists(rows) -> list[tuple[str, str, int]]:
    """(key, name, how many) of each list of these assignments, in one query."""
    lists = _lists(timezone.now().replace(microsecond=0))
    counts = rows.order_by().aggregate(
        **{key.replace("-", "_"): Count("pk", filter=found) for key, (_, found) in lists.items()}
    )
    return [(key, name, counts[key.replace("-", "_")]) for key, (name, _) in lists.items()]


def listed(rows, key: str):
    """The assignments of one list; all of them for any other word."""
    lists = _lists(timezone.now().replace(microsecond=0))
    return rows.filter(lists[key][1]) if key in lists else rows


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
    now = timezone.now().replace(microsecond=0)
    here = (
        Q(assignments__task__plan=plan)
        & ~Q(assignments__state=S.WITHDRAWN)
        & (Q(assignments__unit_path__startswith=path) | Q(path__startswith=path))
    )
    overdue = Q(assignments__handed_in_at=None, assignments__due_at__lt=now)

    def count(*conditions) -> Count:
        found = here
        for one in conditions:
            found &= one
        return Count("assignments", filter=found, distinct=True)

    late = Q(assignments__handed_in_at__gt=F("assignments__due_at"))
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
    now = timezone.now().replace(microsecond=0)
    overdue = Q(handed_in_at=None, due_at__lt=now)
    rows = Assignment.objects.below(path).filter(task__plan=plan).counted()
    if chosen != EVERYTHING:
        rows = rows.filter(unit__in=units_on(plan, path, chosen).order_by().values("pk"))
    rows = (
        rows.values("task")
        .annotate(
            expected=Count("pk"),
            received=Count("pk", filter=Q(handed_in_at__isnull=False)),
            late=Count("pk", filter=LATE | overdue),
        )
        .order_by()
    )
    by_task = {row["task"]: row for row in rows}
    nothing = {"expected": 0, "received": 0, "late": 0}
    return [by_task.get(task.pk, nothing) for task in tasks]


@dataclass
class Day:
    """One day of the month calendar."""

    on: date
    is_in_month: bool
    tasks: list = field(default_factory=list)


def deadlines_of(path: str, first: date, last: date):
    """The deadlines of these days in that part of the tree, each with how many have handed in."""
    days = (deadlines.start_of_day(first), deadlines.end_of_day(last))
    return (
        Assignment.objects.below(path)
        .counted()
        .filter(due_at__range=days)
        .values("task", "task__code", "task__title", "task__issuer__short_name", "due_at")
        .annotate(
            expected=Count("pk"),
            received=Count("pk", filter=Q(handed_in_at__isnull=False)),
        )
        .order_by("due_at", "task")
    )


def month_of(path: str, first: date) -> list[list[Day]]:
    """The weeks of a month with their deadlines."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    rows = deadlines_of(path, first, next_month(first) - timedelta(days=1))
    days: dict[date, list] = {}
    for row in rows:
        days.setdefault(timezone.localtime(row["due_at"]).date(), []).append(row)
    return [[Day(on, on.month == first.month, days.get(on, [])) for on in week] for week in weeks]


def next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=7)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)


@dataclass
class RoadRow:
    """One task of a road map: who is in it, and its years in order."""

    task: Task
    has_office: bool
    has_schools: bool
    years: list[RoadMapYear | None]
    expected: int
    received: int


def road_map(plan: Plan, path: str) -> list[RoadRow]:
    """The rows with how many units of that part of the tree have handed in."""
    tasks = plan.tasks.exclude(years=[]).exclude(state=Task.State.WITHDRAWN)
    here = ~Q(assignments__state=S.WITHDRAWN) & (
        Q(assignments__unit_path__startswith=path) | Q(assignments__unit__path__startswith=path)
    )
    tasks = tasks.annotate(
        expected=Count("assignments", filter=here),
        received=Count("assignments", filter=here & Q(assignments__handed_in_at__isnull=False)),
    )
    tasks = list(tasks.select_related("section").order_by("position", "pk"))
    states = {(one.task_id, one.year): one for one in RoadMapYear.objects.filter(task__in=tasks)}
    return [
        RoadRow(
            task,
            bool(task.audience.get("own") or task.audience.get("with_own")),
            not task.audience.get("own"),
            [
                states.get((task.pk, year), RoadMapYear(task=task, year=year))
                if year in task.years
                else None
                for year in plan.years
            ],
            task.expected,
            task.received,
        )
        for task in tasks
    ]


@dataclass
class TargetRow:
    """One target: the total of the person's part of the tree, and the own unit's figure."""

    target: Target
    total: target_totals.Total
    is_reached: bool | None
    units: set[int] = field(default_factory=set)
    own: TargetActual | None = None
    is_for_own: bool = False


def targets_of(plan: Plan, user, period: str) -> list[TargetRow]:
    """Every target over the person's part of the tree, with the own unit's figure."""
    rows = targets_in(plan, user.scope, period)
    unit = user.hat.unit if user.hat else None
    actuals = TargetActual.objects.filter(target__plan=plan, period=period, unit=unit)
    own = {one.target_id: one for one in actuals} if unit else {}
    for row in rows:
        row.own = own.get(row.target.pk)
        row.is_for_own = bool(unit) and unit.pk in row.units
    return rows


def targets_in(plan: Plan, scope: Callable[[str], Q], period: str) -> list[TargetRow]:
    """Every target rolled up by sums over the units it expects there; a missing one is never zero.

    `scope(field)` is the condition that the path in this field lies in the part of the tree.
    """
    found = targets_by(plan, scope, period, lambda path: "")
    return found[""] if found else [_row(target, {}, []) for target in _targets(plan)]


def targets_by(
    plan: Plan, scope: Callable[[str], Q], period: str, key: Callable[[str], str]
) -> dict[str, list[TargetRow]]:
    """The same for each group of units: `key(path)` says to which a unit belongs."""
    targets = _targets(plan)
    expected = _expected(targets, scope)
    actuals: dict[int, list[TargetActual]] = {}
    here = scope("unit_path") | scope("unit__path")
    for one in TargetActual.objects.filter(here, target__in=targets, period=period):
        actuals.setdefault(one.target_id, []).append(one)
    groups = sorted({key(path) for units in expected.values() for path in units.values()})
    found: dict[str, list[TargetRow]] = {}
    for group in groups:
        for target in targets:
            units = expected[str(target.audience)]
            mine = {pk: path for pk, path in units.items() if key(path) == group}
            row = _row(target, mine, actuals.get(target.pk, []))
            found.setdefault(group, []).append(row)
    return found


def _targets(plan: Plan) -> list[Target]:
    return list(plan.targets.select_related("plan__issuer").order_by("position", "pk"))


def _row(target: Target, units: dict[int, str], actuals: list[TargetActual]) -> TargetRow:
    parts = [(one.numerator, one.denominator) for one in actuals if one.unit_id in units]
    total = target_totals.total(parts, of=len(units), is_ratio=target.is_ratio)
    return TargetRow(target, total, target.is_reached(total.value), units=set(units))


def below(path: str) -> Callable[[str], Q]:
    """The scope of one part of the tree."""
    return lambda field: Q(**{f"{field}__startswith": path})


def _expected(targets: list[Target], scope: Callable[[str], Q]) -> dict[str, dict[int, str]]:
    """The units each audience expects there and their paths; one query an audience."""
    found: dict[str, dict[int, str]] = {}
    for target in targets:
        key = str(target.audience)
        if key not in found:
            units = units_of(target.audience, target.plan.issuer).filter(scope("path"))
            found[key] = dict(units.values_list("pk", "path"))
    return found


def periods_of(plan: Plan) -> list[str]:
    """Periods in which figures are entered: the plan's own, or each of its years."""
    return [str(year) for year in plan.years] if plan.is_over_years else [plan.period]
