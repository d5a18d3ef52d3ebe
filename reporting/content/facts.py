"""What the portal knows for a periodic report of one unit: work, figures, targets, levels.

Every figure says where it comes from: of an office what its head approved, of a school what it
handed in, of a department what has been handed in so far.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone

from assessments.models import Campaign, CertificateLine
from edudx.lib.vietnamese import number, percent, search_key
from plans.boards import targets
from plans.boards.targets import TargetRow
from plans.models import Plan
from plans.workflow import AssignmentState, PlanState
from reporting import rollup
from reporting.arithmetic import Total
from reporting.content import timeliness
from reporting.content.scope import from_above, within
from reporting.models import Closing, DataItem, DataRequest, DataSheet, PeriodicReport, ReportRound
from schools.models import OrgUnit

NOTHING = "(chưa có số liệu)"


@dataclass(frozen=True)
class Figures:
    """A request's totals over the unit, with those of a period ago and their source."""

    request: DataRequest
    totals: dict[str, Total]
    before: dict[str, rollup.Before]
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
    work: timeliness.Work
    tasks: list[timeliness.Work]
    offices: list[timeliness.Work]
    figures: list[Figures]
    targets: list[tuple[Plan, list[TargetRow]]]
    levels: list[Levels]

    @property
    def sources(self) -> list[str]:
        return [one.source for one in self.figures]

    @property
    def all_targets(self) -> list[TargetRow]:
        """One in the plan above and in the unit's own counts once: as the nearer plan has it."""
        found = {search_key(row.target.title): row for _, rows in self.targets for row in rows}
        return list(found.values())


def of(report: PeriodicReport) -> Facts:
    """Over the unit's part of the tree, in the window of the round."""
    round_, unit = report.round, report.unit
    rows = timeliness.given_to(unit, round_.since, round_.until).exclude(task=round_.task)
    is_half = round_.kind == ReportRound.Kind.HALF_YEAR
    year = int(round_.period[:4] if is_half else round_.period[-4:])
    return Facts(
        unit=unit,
        period=round_.period,
        work=timeliness.total(rows),
        tasks=timeliness.by_task(rows),
        offices=timeliness.by_office(rows, unit),
        figures=figures_of(unit, round_.period),
        targets=targets_of(unit, round_.period, year),
        levels=levels_of(unit, round_.period),
    )


# Figures


def figures_of(unit: OrgUnit, period: str) -> list[Figures]:
    """Each request of the period by the unit or one above it that has figures of the unit: first
    the one that asks the most units, then the newest.
    """
    mine = DataSheet.objects.filter(within(unit)).exclude(
        assignment__state=AssignmentState.WITHDRAWN
    )
    asked = Count("sheets", filter=Q(sheets__in=mine))
    requests = DataRequest.objects.filter(from_above(unit, "issuer__path"), period=period)
    requests = requests.annotate(asked=asked).filter(
        asked__gt=0, pk__in=mine.exclude(current=None).values("request")
    )
    rows = requests.select_related("form", "issuer").order_by("-asked", "-created_at", "-pk")
    return [_figures(one, unit) for one in rows]


def _figures(request: DataRequest, unit: OrgUnit) -> Figures:
    """Of an office what its head approved, as long as there is such a closing."""
    if unit.kind != OrgUnit.Kind.OFFICE:
        return figures_within(request, within(unit))
    mine = Q(office=unit)
    closed = request.closings.filter(office=unit, approved_at__isnull=False)
    last = closed.order_by("number").last()
    if last is None:
        return figures_within(request, mine)
    before = rollup.before_of(request, mine)
    return Figures(request, rollup.from_json(last.totals), before, _closed_source(last))


def figures_within(request: DataRequest, scope: Q) -> Figures:
    """What has been handed in so far."""
    totals = rollup.whole(rollup.totals_of(request, scope))
    before = rollup.before_of(request, scope)
    return Figures(request, totals, before, _open_source(request, scope))


def _closed_source(one: Closing) -> str:
    on = f"{timezone.localtime(one.approved_at):%d/%m/%Y}"
    return f"{one.request.title}: số liệu chốt lần {one.number}, duyệt ngày {on}"


def _open_source(request: DataRequest, scope: Q) -> str:
    found = rollup.sheets_of(request, scope).aggregate(n=Count("pk"), has=Count("current"))
    on = f"{timezone.localtime():%H:%M %d/%m/%Y}"
    said = f"{request.title}: số đã nộp đến {on}, {found['has']}/{found['n']} trường"
    offices = set(rollup.sheets_of(request, scope).values_list("office", flat=True))
    if len(offices) < 2:
        return said
    closed = request.closings.filter(office__in=offices, approved_at__isnull=False)
    done = len(set(closed.values_list("office", flat=True)))
    return f"{said}; {done}/{len(offices)} nơi tổng hợp đã chốt và duyệt"


def words_of(facts: Facts, codes: Collection[str]) -> dict[str, str]:
    """Each figure as a sentence holds it; the request that asks the most units says it."""
    found = dict.fromkeys(codes, NOTHING)
    for one in reversed(facts.figures):
        for line in one.request.form.lines:
            total = one.totals.get(line.item.code)
            if line.item.code in found and total and total.reported:
                found[line.item.code] = _worded(line.item, total)
    return found | _counts(facts)


def _worded(item: DataItem, total: Total) -> str:
    """«1.234 máy (18/20 trường)»: whoever is missing is never hidden."""
    said = rollup.shown(item, total)
    if item.measure and item.roll_up in ("sum", "min", "max"):
        said = f"{said} {item.measure}"
    return said if total.is_complete else f"{said} ({total.reported}/{total.expected} trường)"


def _counts(facts: Facts) -> dict[str, str]:
    done, targets = facts.work, facts.all_targets
    newest = facts.levels[0] if facts.levels else None
    return {
        "don-vi": facts.unit.name,
        "ky": f"năm học {facts.period}" if "-" in facts.period else f"năm {facts.period}",
        "viec-giao": number(done.expected),
        "viec-nop": number(done.received),
        "viec-dung-han": number(done.on_time),
        "viec-tre": number(done.late),
        "viec-chua-nop": number(done.overdue),
        "viec-con-han": number(done.expected - done.received - done.overdue),
        "ti-le-dung-han": percent(done.on_time, done.expected),
        "chi-tieu-tong": number(len(targets)),
        "chi-tieu-dat": number(sum(row.is_reached is True for row in targets)),
        "chi-tieu-thieu": number(sum(row.is_reached is None for row in targets)),
        "cong-nhan": f"{number(newest.certified)}/{number(newest.expected)} ({newest.period})"
        if newest
        else NOTHING,
    }


# Targets and levels


def targets_of(
    unit: OrgUnit, period: str, year: int
) -> list[tuple[Plan, list[TargetRow]]]:  # fmt: skip
    """Of every issued plan of the unit or one above it, the unit's own last. A plan by calendar
    years is read in `year`.
    """
    plans = Plan.objects.filter(from_above(unit, "issuer__path"), targets__isnull=False)
    plans = plans.exclude(state=PlanState.DRAFT).select_related("issuer").distinct()
    found = []
    for plan in plans.order_by("issuer__path", "issued_on", "pk"):
        if at := period_in(plan, period, year):
            rows = targets.targets_in(plan, targets.below(unit.path), at)
            rows = [row for row in rows if row.units]
            if rows:
                found.append((plan, rows))
    return found


def period_in(plan: Plan, period: str, year: int) -> str:
    """The plan's own period that is spoken of; empty when it is none."""
    periods = targets.periods_of(plan)
    return next((one for one in (period, str(year)) if one in periods), "")


def levels_of(unit: OrgUnit, period: str) -> list[Levels]:
    """Of the newest two periods with certified levels in the unit, newest first; of a period the
    round that has certified most: a local set beside the national one is a round of its own.
    """
    lines = CertificateLine.objects.filter(
        within(unit, "certificate__assessment__unit_path"),
        certificate__withdrawn_at=None,
        certificate__assessment__campaign__period__lte=period,
    )
    campaign = "certificate__assessment__campaign"
    counted = lines.values_list(campaign, f"{campaign}__period").annotate(
        n=Count("certificate", distinct=True)
    )
    best: dict[str, tuple[int, int]] = {}
    for pk, at, n in counted.order_by("-n", campaign):
        best.setdefault(at, (n, pk))
    return [_levels(lines, best[at][1], unit) for at in sorted(best, reverse=True)[:2]]


def _levels(lines, campaign_pk: int, unit: OrgUnit) -> Levels:
    campaign = Campaign.objects.get(pk=campaign_pk)
    files = campaign.assessments.counted().filter(within(unit))
    mine = lines.filter(certificate__assessment__campaign=campaign)
    counts = mine.values_list("group_code", "level").annotate(n=Count("pk")).order_by()
    certified = mine.values("certificate").distinct().count()
    return Levels(
        campaign.period, certified, files.count(), {(code, level): n for code, level, n in counts}
    )
