"""The verb that makes certified results public."""

from django.db import transaction
from django.db.models import Q

from assessments.models import Campaign, Certificate
from edudx.lib import clock
from edudx.lib.workflow import StepRefused
from schools.models import Event, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def publish(campaign: Campaign, *, by: User) -> Event:
    """Put the valid certificates of the person's part of the tree on the public page."""
    by.must(Permission.PUBLISH)
    mine = Q(pk__in=[])
    for hat in by.hats:
        if by.can_in(Permission.PUBLISH, hat.unit):
            mine |= Q(assessment__unit_path__startswith=hat.unit.path)
    ready = Certificate.objects.in_force().filter(mine, assessment__campaign=campaign)
    published = ready.filter(published_at=None).update(published_at=clock.now())
    if not published:
        raise StepRefused("Không có kết quả mới nào để công bố.")
    label = f"Công bố kết quả của {published} trường"
    return record(campaign, "publish", label, by=by, unit=by.hats[0].unit)
