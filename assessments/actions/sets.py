"""The verbs of an indicator set: publish and retire it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments.models import (
    IndicatorSet,
)
from edudx.lib.workflow import StepRefused
from schools.models import Event, User
from schools.models.events import record


@transaction.atomic
def publish_set(indicator_set: IndicatorSet, *, compared_with: str, compared_by: str, by: User):
    """A person who holds the Decision has compared the set with it; from now on it is immutable."""
    indicator_set = IndicatorSet.objects.locked(indicator_set.pk)
    _refuse_set_manager(indicator_set, by)
    if not indicator_set.is_draft:
        raise StepRefused("Bộ chỉ số này đã được công bố.")
    if not compared_with.strip() or not compared_by.strip():
        raise ValidationError("Ghi ai đã đối chiếu với văn bản nào.")
    indicator_set.compared_with, indicator_set.compared_by = compared_with, compared_by
    indicator_set.published_by, indicator_set.published_at = by, timezone.now()
    indicator_set.state = IndicatorSet.State.PUBLISHED
    indicator_set.full_clean()
    indicator_set.save()
    return record(
        indicator_set, "publish", f"Công bố bộ chỉ số {indicator_set}", by=by,
        reason=f"{compared_by} đối chiếu với {compared_with}",
        from_state="draft", to_state="published",
    )  # fmt: skip


@transaction.atomic
def retire_set(indicator_set: IndicatorSet, *, by: User, reason: str) -> Event:
    indicator_set = IndicatorSet.objects.locked(indicator_set.pk)
    _refuse_set_manager(indicator_set, by)
    if indicator_set.state != IndicatorSet.State.PUBLISHED:
        raise StepRefused("Chỉ bộ chỉ số đã công bố mới có thể hết hiệu lực.")
    if not reason.strip():
        raise StepRefused("Cần ghi lý do.")
    indicator_set.state = IndicatorSet.State.RETIRED
    indicator_set.save(update_fields=["state"])
    return record(
        indicator_set, "retire", f"Cho {indicator_set} hết hiệu lực", by=by, reason=reason,
        from_state="published", to_state="retired",
    )  # fmt: skip


def _refuse_set_manager(indicator_set: IndicatorSet, by: User) -> None:
    if not indicator_set.may_be_managed_by(by):
        raise PermissionDenied("Bạn không có quyền quản lý bộ chỉ số này.")
