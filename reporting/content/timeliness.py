"""Assignments counted: in time, late, not handed in; by task and by office."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, Max, Q

from edudx.lib import deadlines
from edudx.lib.vietnamese import number, percent
from plans.models import Assignment, lateness
from reporting.content.scope import from_above, within
from reporting.documents.paper import Block, Chart, Column, Grid
from schools.models import OrgUnit

OWN_SCHOOLS = "Trường trực thuộc"


@dataclass(frozen=True)
class Work:
    """How a task, an office or everything stands: assignments, not tasks."""

    name: str
    due: str = ""
    expected: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0

    @property
    def received(self) -> int:
        return self.on_time + self.late

    @property
    def counts(self) -> tuple[int, int, int]:
        """In time, late, not handed in."""
        return self.on_time, self.late, self.expected - self.received

    def plus(self, expected: int, on_time: int, late: int, overdue: int) -> "Work":
        return replace(
            self, expected=self.expected + expected, on_time=self.on_time + on_time,
            late=self.late + late, overdue=self.overdue + overdue,
        )  # fmt: skip


def given_to(unit: OrgUnit, since: date, until: date):
    """What the unit or one above it had given, due in these days in the unit's part of the tree. A
    task that a unit has taken over into its own plan counts once.
    """
    days = (deadlines.start_of_day(since), deadlines.end_of_day(until))
    found = Assignment.objects.filter(within(unit), due_at__range=days).counted()
    taken_over = Q(task__issuer=F("unit"), task__superior__isnull=False)
    return found.filter(from_above(unit, "task__issuer__path")).exclude(taken_over)


def _counts_now() -> dict[str, Count]:
    """In the order of the fields of Work."""
    return {
        "expected": Count("pk"),
        "on_time": Count("pk", filter=lateness.in_time()),
        "late": Count("pk", filter=lateness.late()),
        "overdue": Count("pk", filter=lateness.overdue()),
    }


def total(rows) -> Work:
    return Work("Tổng cộng", **rows.aggregate(**_counts_now()))


def by_task(rows) -> list[Work]:
    """In order of their deadlines."""
    counts = _counts_now()
    found = rows.values("task", "task__code", "task__title", "task__phrase").annotate(
        **counts, last=Max("due_at")
    )
    return [
        Work(_coded(row), row["task__phrase"], *(row[one] for one in counts))
        for row in found.order_by("last", "task")
    ]


def _coded(row: dict) -> str:
    """«II.3 Nộp báo cáo …»: the code tells tasks of one title apart."""
    return f"{row['task__code']} {row['task__title']}".strip()


def by_office(rows, unit: OrgUnit) -> list[Work]:
    """Of a department a line per office, one for itself, one for the schools right below it."""
    if unit.kind != OrgUnit.Kind.DEPARTMENT:
        return []
    sums: dict[str, Work] = {}
    for path, *counts in rows.values_list("unit_path").annotate(**_counts_now()).order_by():
        code = path.removeprefix(unit.path).split("/")[0]
        sums[code] = sums.get(code, Work("")).plus(*counts)
    names = _names(unit, sums)
    lines: dict[str, Work] = {}
    for code in sorted(sums, key=lambda one: names.get(one, (2, OWN_SCHOOLS))):
        name = names.get(code, (2, OWN_SCHOOLS))[1]
        one = sums[code]
        known = lines.get(name, Work(name))
        lines[name] = known.plus(one.expected, one.on_time, one.late, one.overdue)
    return list(lines.values())


def _names(unit: OrgUnit, codes: Collection[str]) -> dict[str, tuple[int, str]]:
    """Code → (order, name) of offices, open or closed, and of the unit itself; twins are told apart
    by whom they belong to.
    """
    offices = OrgUnit.objects.filter(code__in=codes, kind=OrgUnit.Kind.OFFICE)
    rows = list(offices.order_by("sort_key", "pk"))
    twins = Counter(str(one) for one in rows)
    found = {"": (1, f"Cơ quan {unit}")}
    for one in rows:
        is_twin = twins[str(one)] > 1
        found[one.code] = (0, f"{one} ({one.superior_name or one.code})" if is_twin else str(one))
    return found


MOST_BARS = 20
TIMELINESS = ("Đúng hạn", "Trễ hạn", "Chưa nộp")


def work_table(rows: list[Work], total: Work) -> Grid:
    columns = (
        Column("TT", 9, True), Column("Nhiệm vụ"), Column("Thời hạn", 30),
        Column("Phải nộp", 14, True), Column("Đúng hạn", 14, True), Column("Trễ hạn", 14, True),
        Column("Chưa nộp", 14, True),
    )  # fmt: skip
    cells = [
        (str(place), one.name, one.due, number(one.expected), *map(number, one.counts))
        for place, one in enumerate(rows, start=1)
    ]
    if rows:
        cells.append(("", total.name, "", number(total.expected), *map(number, total.counts)))
    return Grid(columns, tuple(cells), totals=min(len(rows), 1), empty="Không có nhiệm vụ đến hạn")


def listed(rows: list[Work]) -> list[Work]:
    """With the numbers they have in the table of work: a bar has no room for a long name."""
    return [replace(one, name=f"{n}. {one.name}") for n, one in enumerate(rows, start=1)]


def timeliness(rows: list[Work], total: Work) -> tuple[Block, ...]:
    """A bar per row and the same numbers as a table; of many rows the chart has the slowest."""
    rows = [one for one in rows if one.expected] or [total]
    drawn = rows
    title = (
        f"{number(total.on_time)} trong {number(total.expected)} lượt nộp đúng hạn "
        f"({percent(total.on_time, total.expected)})"
    )
    if len(rows) > MOST_BARS:
        drawn = sorted(rows, key=lambda one: (-one.overdue - one.late, -one.counts[2]))[:MOST_BARS]
        title += f"; {MOST_BARS} dòng chậm nhất"
    if not total.expected:
        title = "Không có nhiệm vụ đến hạn trong kỳ"
    chart = Chart(
        title, TIMELINESS, tuple((one.name, one.counts) for one in drawn), is_falling=True
    )
    columns = (Column("Đơn vị, nhiệm vụ"), *(Column(one, 22, True) for one in TIMELINESS))
    cells = [(one.name, *map(number, one.counts)) for one in rows]
    if len(rows) > 1:
        cells.append((total.name, *map(number, total.counts)))
    return chart, Grid(columns, tuple(cells), totals=int(len(rows) > 1))
