"""The verb of focal points: name one for a field."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from edudx.lib import clock
from schools.models import Event, FocalPoint, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def name(unit: OrgUnit, field: str, facts: dict, *, by: User) -> Event:
    """Who looks after a field from today; the one before keeps their days in the register."""
    by.must_in(Permission.WORK_HAND_IN, unit)
    today = clock.today()
    rows = FocalPoint.objects.select_for_update(of=("self",)).filter(unit=unit, field=field)
    before = rows.in_office().first()
    if before and all(getattr(before, name) == value for name, value in facts.items()):
        raise ValidationError("Chưa có gì thay đổi.")
    if before:
        yesterday = today - timedelta(days=1)
        before.valid_from = min(before.valid_from, yesterday)
        before.valid_to = yesterday
        before.save(update_fields=["valid_from", "valid_to"])
    row = FocalPoint.objects.create(unit=unit, field=field, valid_from=today, **facts)
    return record(
        unit, "focal_point", f"Phân công đầu mối {row.get_field_display()}: {row.name}"[:200],
        by=by, reason=f"Trước đó: {before.name}" if before else "",
    )  # fmt: skip
