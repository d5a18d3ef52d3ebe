"""What the portal knows for a periodic report of one unit: work, figures, targets, levels.

Every figure says where it comes from: of an office what its head approved, of a school what it
handed in, of a department what has been handed in so far.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Count, F, Max, Min, Q
from django.utils import timezone

from assessments.models import Campaign, CertificateLine
from edudx.lib import deadlines
from edudx.lib.vietnamese import number, percent
from plans import boards
from plans.models import Assignment, Plan
from reporting import rollups
from reporting.figures import Total
from reporting.models import Closing, DataItem, DataRequest, PeriodicReport
from schools.models import OrgUnit

NOTHING = "(chưa có số liệu)"
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


@dataclass(frozen=True)
class Figures:
    """A request's totals over the unit, with those of a period ago and their source."""

    request: DataRequest
    totals: dict[str, Total]
    before: dict[str, rollups.Before]
    source: str


@dataclass
class Levels:
    """Counts of certified levels in one round; `levels` by (group, level)."""

    period: str
    certified: int
    expected: int
    levels: dict[tuple[str, int], int] = field(default_factory=dict)


@dataclass
class Facts:
    unit: OrgUnit
    period: str
    work: Work
    tasks: list[Work]
    offices: list[Work]
    figures: list[Figures]
    targets: list[tuple[Plan, list[boards.TargetRow]]]
    levels: list[Levels]

    @property
    def sources(self) -> list[str]:
        return [one.source for one in self.figures]

    @property
    def all_targets(self) -> list[boards.TargetRow]:
        return [row for _, rows in self.targets for row in rows]


def of(report: PeriodicReport) -> Facts:
    """Over the unit's part of the tree, in the window of the round."""
    round_, unit = report.round, report.unit
    rows = _work_of(unit, round_.since, round_.until)
    return Facts(
        unit=unit,
        period=round_.period,
        work=total(rows),
        tasks=by_task(rows),
        offices=by_office(rows, unit),
        figures=figures_of(unit, round_.period),
        targets=targets_of(unit, round_.period),
        levels=levels_of(unit, round_.period),
    )


# Work


def _work_of(unit: OrgUnit, since: date, until: date):
    """What was due in these days in the unit's part of the tree, by its place of that day."""
    days = (deadlines.start_of_day(since), deadlines.end_of_day(until))
    found = Assignment.objects.filter(unit_path__startswith=unit.path, due_at__range=days)
    return found.counted().filter(task__report_round=None)  # the report is not its own work


def _counts_now() -> dict[str, Count]:
    """In the order of the fields of Work."""
    return {
        "expected": Count("pk"),
        "on_time": Count("pk", filter=Q(handed_in_at__lte=F("due_at"))),
        "late": Count("pk", filter=Q(handed_in_at__gt=F("due_at"))),
        "overdue": Count("pk", filter=Q(handed_in_at=None, due_at__lt=timezone.now())),
    }


def total(rows) -> Work:
    return Work("Tổng cộng", **rows.aggregate(**_counts_now()))


def by_task(rows) -> list[Work]:
    """In order of their deadlines."""
    counts = _counts_now()
    found = rows.values("task", "task__title", "task__phrase").annotate(
        **counts, last=Max("due_at")
    )
    return [
        Work(row["task__title"], row["task__phrase"], *(row[one] for one in counts))
        for row in found.order_by("last", "task")
    ]


def by_office(rows, unit: OrgUnit) -> list[Work]:
    """Of a department a line per office, and one for the units right below it; one query."""
    if unit.kind != OrgUnit.Kind.DEPARTMENT:
        return []
    offices = list(unit.children.filter(kind=OrgUnit.Kind.OFFICE).order_by("sort_key", "pk"))
    names = {one.path.rstrip("/").split("/")[-1]: str(one) for one in offices}
    sums = {name: Work(name) for name in (*names.values(), OWN_SCHOOLS)}
    counted = rows.values_list("unit_path").annotate(**_counts_now())
    for path, *counts in counted.order_by():
        code = path.removeprefix(unit.path).split("/")[0]
        name = names.get(code, OWN_SCHOOLS)
        sums[name] = sums[name].plus(*counts)
    return [one for one in sums.values() if one.expected]


# Figures


def figures_of(unit: OrgUnit, period: str) -> list[Figures]:
    """Each request of the period that has figures of the unit, the newest first."""
    requests = DataRequest.objects.filter(
        period=period, sheets__unit_path__startswith=unit.path, sheets__current__isnull=False
    ).distinct()
    return [
        _figures(one, unit)
        for one in requests.select_related("form", "issuer").order_by("-created_at", "-pk")
    ]


def _figures(request: DataRequest, unit: OrgUnit) -> Figures:
    """Of an office what its head approved, as long as there is such a closing."""
    if unit.kind != OrgUnit.Kind.OFFICE:
        return figures_within(request, Q(unit_path__startswith=unit.path))
    mine = Q(office=unit)
    closed = request.closings.filter(office=unit, approved_at__isnull=False)
    last = closed.order_by("number").last()
    if last is None:
        return figures_within(request, mine)
    before = rollups.before_of(request, mine)
    return Figures(request, rollups.from_json(last.totals), before, _closed_source(last))


def figures_within(request: DataRequest, scope: Q) -> Figures:
    """What has been handed in so far."""
    totals = rollups.whole(rollups.totals_of(request, scope))
    before = rollups.before_of(request, scope)
    return Figures(request, totals, before, _open_source(request, scope))


def _closed_source(one: Closing) -> str:
    on = f"{timezone.localtime(one.approved_at):%d/%m/%Y}"
    return f"{one.request.title}: số liệu chốt lần {one.number}, duyệt ngày {on}"


def _open_source(request: DataRequest, scope: Q) -> str:
    found = rollups.sheets_of(request, scope).aggregate(n=Count("pk"), has=Count("current"))
    on = f"{timezone.localtime():%H:%M %d/%m/%Y}"
    return f"{request.title}: số đã nộp đến {on}, {found['has']}/{found['n']} trường"


def words_of(facts: Facts, codes: Collection[str]) -> dict[str, str]:
    """Each figure as a sentence holds it; the newest request that has it says it."""
    found = dict.fromkeys(codes, NOTHING)
    for one in reversed(facts.figures):
        for line in one.request.form.lines:
            total = one.totals.get(line.item.code)
            if line.item.code in found and total and total.reported:
                found[line.item.code] = _worded(line.item, total)
    return found | _counts(facts)


def _worded(item: DataItem, total: Total) -> str:
    """«1.234 máy (18/20 trường)»: whoever is missing is never hidden."""
    said = rollups.shown(item, total)
    if item.measure and item.roll_up in ("sum", "min", "max"):
        said = f"{said} {item.measure}"
    return said if total.is_complete else f"{said} ({total.reported}/{total.expected} trường)"


def _counts(facts: Facts) -> dict[str, str]:
    work, targets = facts.work, facts.all_targets
    newest = facts.levels[0] if facts.levels else None
    return {
        "don-vi": facts.unit.name,
        "ky": f"năm học {facts.period}" if "-" in facts.period else f"năm {facts.period}",
        "viec-giao": number(work.expected),
        "viec-nop": number(work.received),
        "viec-dung-han": number(work.on_time),
        "viec-tre": number(work.late),
        "viec-chua-nop": number(work.overdue),
        "ti-le-dung-han": percent(work.on_time, work.expected),
        "chi-tieu-tong": number(len(targets)),
        "chi-tieu-dat": number(sum(row.is_reached is True for row in targets)),
        "cong-nhan": f"{number(newest.certified)}/{number(newest.expected)} ({newest.period})"
        if newest
        else NOTHING,
    }


# Targets and levels


def targets_of(unit: OrgUnit, period: str) -> list[tuple[Plan, list[boards.TargetRow]]]:
    """Of every issued plan that covers the period and is the unit's own or gives it work."""
    mine = Q(issuer=unit) | Q(tasks__assignments__unit_path__startswith=unit.path)
    plans = Plan.objects.filter(mine, targets__isnull=False).exclude(state="draft").distinct()
    found = []
    for plan in plans.select_related("issuer").order_by("issuer__path", "issued_on", "pk"):
        periods = boards.periods_of(plan)
        at = period if period in periods else period[-4:]
        if at in periods:
            rows = boards.targets_in(plan, boards.below(unit.path), at)
            rows = [row for row in rows if row.units]
            if rows:
                found.append((plan, rows))
    return found


def levels_of(unit: OrgUnit, period: str) -> list[Levels]:
    """The newest two rounds up to the period with certified levels in the unit, newest first."""
    lines = CertificateLine.objects.filter(
        certificate__withdrawn_at=None,
        certificate__assessment__unit_path__startswith=unit.path,
        certificate__assessment__campaign__period__lte=period,
    )
    campaign = "certificate__assessment__campaign"
    newest = (
        lines.values(campaign, f"{campaign}__period")
        .annotate(since=Min(f"{campaign}__opens_at"))
        .order_by(f"-{campaign}__period", "-since")[:2]
    )
    return [_levels(lines, row[campaign], unit) for row in newest]


def _levels(lines, campaign_pk: int, unit: OrgUnit) -> Levels:
    campaign = Campaign.objects.get(pk=campaign_pk)
    files = campaign.assessments.filter(unit_path__startswith=unit.path)
    mine = lines.filter(certificate__assessment__campaign=campaign)
    counts = mine.values_list("group_code", "level").annotate(n=Count("pk")).order_by()
    certified = mine.values("certificate").distinct().count()
    return Levels(
        campaign.period, certified, files.count(), {(code, level): n for code, level, n in counts}
    )
