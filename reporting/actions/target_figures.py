"""Targets take what closed or handed-in figures say."""

from decimal import Decimal

from edudx.lib import clock
from plans.actions import target_figures
from plans.audience import units_of
from plans.models import Target
from plans.workflow import PlanState
from reporting import rollup
from reporting.arithmetic import Total, Value
from reporting.models import Closing, DataItem, DataRequest, DataSheet, FigureSource
from schools.models import OrgUnit, User

MOST = Decimal(10) ** 12  # an actual has twelve digits before the comma
Values = dict[str, Value]


def fill(sheet: DataSheet, values: Values, before: Values, *, by: User) -> None:
    """Targets that name a figure which is new in the sheet take their actual from its version. One
    that somebody wrote by hand stays, one that does not fit is left: a hand-in never fails by it.
    """
    for target in _targets_of(values, before):
        if _asks(target, sheet.unit):
            _fill(target, sheet.request, sheet.unit, values[target.item], by=by,
                  sheet_version=sheet.current)  # fmt: skip


def fill_of_office(closing: Closing, *, by: User) -> None:
    """The same for what an office has closed: targets that ask the office and not its schools,
    whose own figures are summed anyway.
    """
    office, request = closing.office, closing.request
    if office.kind != OrgUnit.Kind.OFFICE:
        return  # a department closes for the few schools directly under it
    approved = request.closings.filter(office=office, approved_at__isnull=False)
    last = approved.filter(number__lt=closing.number).order_by("number").last()
    values, before = _closed(closing), _closed(last) if last else {}
    for target in _targets_of(values, before):
        if _asks(target, office) and not _asks_below(target, office):
            _fill(target, request, office, values[target.item], by=by, closing=closing)


def _targets_of(values: Values, before: Values) -> list[Target]:
    """Of plans in force, those that name a figure which is not as it was."""
    new = [key for key, one in values.items() if one != before.get(key)]
    found = Target.objects.filter(item__in=new, plan__state=PlanState.ISSUED)
    return list(found.select_related("plan__issuer").order_by("pk"))


def _asks(target: Target, unit: OrgUnit) -> bool:
    return units_of(target.audience, target.plan.issuer).filter(pk=unit.pk).exists()


def _asks_below(target: Target, office: OrgUnit) -> bool:
    asked = units_of(target.audience, target.plan.issuer)
    return asked.filter(path__startswith=office.path).exclude(pk=office.pk).exists()


def _fill(
    target: Target, request: DataRequest, unit: OrgUnit, value: Value, *, by: User, **source
) -> None:  # fmt: skip
    """Unless it is nobody's period, does not fit, or stands there typed by hand."""
    period = _period_of(target, request.period)
    if not (period and _fits(target, value)):
        return
    kept = target_figures.held(target, unit, period)
    if kept and not FigureSource.objects.of_now().filter(actual=kept).exists():
        return
    actual = target_figures.save(
        target, unit=unit, period=period, numerator=value.number, denominator=value.whole,
        note="", version=kept.version if kept else 0, by=by,
    )  # fmt: skip
    FigureSource.objects.create(actual=actual, figure_version=actual.version, **source)


def _fits(target: Target, value: Value) -> bool:
    if value.number is None or target.is_ratio != (value.whole is not None):
        return False
    return all(0 <= one < MOST for one in (value.number, value.whole or 0))


def _closed(closing: Closing) -> Values:
    """Its totals as one unit's figures; those that are no number are left out."""
    rules = {one.item.code: one.item.roll_up for one in closing.request.form.lines}
    totals = rollup.from_json(closing.totals)
    found = {key: _value(totals[key], rule) for key, rule in rules.items() if key in totals}
    return {key: one for key, one in found.items() if one.number is not None}


def _value(total: Total, rule: str) -> Value:
    if rule == DataItem.RollUp.RATIO and total.reported:
        return Value(total.number, total.whole)
    return Value(total.value(rule))


def _period_of(target: Target, asked: str) -> str:
    """In which of the target's periods a figure of the request counts; empty when in none. A plan
    by calendar years takes a school year's figure in the year in which it is handed in.
    """
    plan = target.plan
    if asked == plan.period and not plan.is_over_years:
        return asked
    is_by_years = plan.is_over_years or "-" not in plan.period
    year = clock.today().year
    is_of_year = str(year) in (asked[:4], asked[-4:])
    return str(year) if is_by_years and is_of_year and year in plan.years else ""
