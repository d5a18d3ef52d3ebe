"""The verbs of an indicator set: publish and retire it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.models import IndicatorSet
from edudx.lib import clock, workflow
from schools.models import Event, User
from schools.models.events import record


@transaction.atomic
def publish(indicator_set: IndicatorSet, *, compared_with: str, compared_by: str, by: User):
    """A person who holds the Decision has compared the set with it; from now on it is immutable."""
    indicator_set = IndicatorSet.objects.locked(indicator_set.pk)
    transition = workflow.named(indicator_set.transitions, "publish")
    by.must_keep(transition.asked, indicator_set.owner)
    workflow.check(transition, indicator_set)
    if not compared_with.strip() or not compared_by.strip():
        raise ValidationError("Ghi ai đã đối chiếu với văn bản nào.")
    indicator_set.compared_with, indicator_set.compared_by = compared_with, compared_by
    indicator_set.published_by, indicator_set.published_at = by, clock.now()
    source, indicator_set.state = indicator_set.state, transition.target
    indicator_set.full_clean()
    indicator_set.save()
    return record(
        indicator_set, "publish", f"Công bố bộ chỉ số {indicator_set}", by=by,
        reason=f"{compared_by} đối chiếu với {compared_with}",
        from_state=source, to_state=indicator_set.state,
    )  # fmt: skip


@transaction.atomic
def retire(indicator_set: IndicatorSet, *, by: User, reason: str) -> Event:
    indicator_set = IndicatorSet.objects.locked(indicator_set.pk)
    transition = workflow.named(indicator_set.transitions, "retire")
    by.must_keep(transition.asked, indicator_set.owner)
    workflow.check(transition, indicator_set, reason)
    source, indicator_set.state = indicator_set.state, transition.target
    indicator_set.save(update_fields=["state"])
    return record(
        indicator_set, "retire", f"Cho {indicator_set} hết hiệu lực", by=by, reason=reason,
        from_state=source, to_state=indicator_set.state,
    )  # fmt: skip
