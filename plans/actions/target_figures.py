"""The verb of a target: write down what a unit has reached."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from edudx.lib.workflow import StepRefused
from plans.audience import units_of
from plans.models import Target, TargetActual
from plans.workflow import PlanState
from schools.models import OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


def held(target: Target, unit: OrgUnit, period: str) -> TargetActual | None:
    """The unit's figure as it is now. Its unit is held, not the row: so nobody else writes the
    first one either before this transaction ends.
    """
    OrgUnit.objects.select_for_update(no_key=True).get(pk=unit.pk)  # others may still name it
    return TargetActual.objects.filter(target=target, unit=unit, period=period).first()


@transaction.atomic
def save(target, *, unit, period: str, numerator, denominator, note: str, version: int, by: User):
    """A unit's figure for a target. `version` 0 is the first; an older one is a conflict. Every
    write is a new version, so that what the apps above know of an older one is not said of it.
    """
    by.must_in(Permission.WORK_HAND_IN, unit)
    if target.plan.state != PlanState.ISSUED:
        raise StepRefused("Kế hoạch chưa ban hành hoặc đã kết thúc.")
    if not units_of(target.audience, target.plan.issuer).filter(pk=unit.pk).exists():
        raise PermissionDenied("Chỉ tiêu này không giao cho đơn vị của bạn.")
    if target.is_ratio and denominator is None:
        raise ValidationError({"denominator": "Ghi tổng số."})
    kept = held(target, unit, period)
    if (kept.version if kept else 0) != version:
        raise StepRefused("Người khác vừa sửa số liệu này; hãy xem lại rồi ghi.")
    row = kept or TargetActual(target=target, unit=unit, period=period, version=0)
    before = f"{row.numerator}/{row.denominator}" if kept else ""
    row.unit_path, row.numerator, row.denominator = unit.path, numerator, denominator
    row.note, row.entered_by, row.version = note, by, row.version + 1
    row.full_clean()
    row.save()
    after = f"{numerator}/{denominator}" if denominator is not None else str(numerator)
    record(row, "edit", f"Chỉ tiêu {target.code}: {before or '…'} → {after}", by=by)
    return row
