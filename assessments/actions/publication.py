"""The verb that makes certified results public."""

from django.db import transaction
from django.utils import timezone

from assessments.models import Campaign, Certificate
from edudx.lib.workflow import StepRefused
from schools.models import Event, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def publish(campaign: Campaign, *, by: User) -> Event:
    """Put the valid certificates of the person's part of the tree on the public page."""
    by.must(Permission.PUBLISH)
    units = [hat.unit for hat in by.hats if by.can_in(Permission.PUBLISH, hat.unit)]
    published = 0
    for unit in units:
        published += (
            Certificate.objects.in_force()
            .filter(
                assessment__campaign=campaign,
                assessment__unit_path__startswith=unit.path,
                published_at=None,
            )
            .update(published_at=timezone.now())
        )
    if not published:
        raise StepRefused("Không có kết quả mới nào để công bố.")
    label = f"Công bố kết quả của {published} trường"
    return record(campaign, "publish", label, by=by, unit=by.hats[0].unit)
