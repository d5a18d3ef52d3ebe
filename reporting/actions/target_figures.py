"""Targets take what closed or handed-in figures say."""

from django.utils import timezone

from plans.actions import target_figures
from plans.audience import units_of
from plans.models import Target
from reporting.arithmetic import Value
from reporting.models import DataSheet
from schools.models import User

SOURCE = "Từ «"  # how the note of an actual begins that came from figures


def fill_targets(
    sheet: DataSheet, values: dict[str, Value], before: dict[str, Value], *, by: User
) -> None:  # fmt: skip
    """Targets that name a figure which is new take their actual from here; their note says so. One
    that somebody wrote by hand stays, one that does not fit is left: a hand-in never fails by it.
    """
    new = [key for key, one in values.items() if one != before.get(key)]
    targets = Target.objects.filter(item__in=new, plan__state="issued").select_related(
        "plan__issuer"
    )
    source = f"{SOURCE}{sheet.request.title}», nộp {timezone.localtime():%d/%m/%Y}"[:300]
    for target in targets:
        period = _period_of(target, sheet.request.period)
        value = values[target.item]
        kept = target.actuals.filter(unit=sheet.unit, period=period).first()
        fits = target.is_ratio == (value.whole is not None) and value.number is not None
        is_ours = kept is None or kept.note.startswith(SOURCE)
        asked = units_of(target.audience, target.plan.issuer).filter(pk=sheet.unit_id)
        if not (fits and is_ours and period and asked.exists()):
            continue
        target_figures.save_actual(
            target, unit=sheet.unit, period=period, numerator=value.number,
            denominator=value.whole, note=source, version=kept.version if kept else 0, by=by,
        )  # fmt: skip


def _period_of(target: Target, asked: str) -> str:
    """In which of the target's periods a figure of the request counts; empty when in none. A plan
    by calendar years takes a school year's figure in the year in which it is handed in.
    """
    plan = target.plan
    if asked == plan.period and not plan.is_over_years:
        return asked
    is_by_years = plan.is_over_years or "-" not in plan.period
    year = timezone.localdate().year
    is_of_year = str(year) in (asked[:4], asked[-4:])
    return str(year) if is_by_years and is_of_year and year in plan.years else ""
