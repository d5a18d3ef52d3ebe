"""Targets with their goal, what is reached and how far it is."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Q

from plans import target_totals
from plans.audience import units_of
from plans.models import Plan, Target, TargetActual


@dataclass
class TargetRow:
    """One target: the total of the person's part of the tree, and the own unit's figure."""

    target: Target
    total: target_totals.Total
    is_reached: bool | None
    units: set[int] = field(default_factory=set)
    own: TargetActual | None = None
    is_for_own: bool = False
    kept: dict = field(default_factory=dict)  # of all rows of a page: what apps above read once


def targets_of(plan: Plan, user, period: str) -> list[TargetRow]:
    """Every target over the person's part of the tree, with the own unit's figure."""
    rows = targets_in(plan, user.scope, period)
    unit = user.hat.unit if user.hat else None
    actuals = TargetActual.objects.filter(target__plan=plan, period=period, unit=unit)
    own = {one.target_id: one for one in actuals.select_related("entered_by")} if unit else {}
    kept: dict = {}
    for row in rows:
        row.kept = kept
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
