"""The verb of a data form: publish it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from reporting.models import DataForm
from schools.models import Event, User
from schools.models.events import record


@transaction.atomic
def publish_form(form: DataForm, *, by: User) -> Event:
    """From now on the form never changes; the version before it is retired."""
    form = DataForm.objects.locked(form.pk)
    if not form.may_be_managed_by(by):
        raise PermissionDenied("Bạn không có quyền ban hành biểu mẫu này.")
    if not form.is_draft:
        raise StepRefused("Biểu mẫu đã ban hành.")
    published = DataForm.objects.filter(
        code=form.code, owner=form.owner, state=DataForm.State.PUBLISHED
    )
    if newer := published.filter(version__gt=form.version).first():
        raise StepRefused(f"Đã ban hành phiên bản mới hơn: {newer}.")
    published.update(state=DataForm.State.RETIRED)
    form.state, form.published_by, form.published_at = (
        DataForm.State.PUBLISHED, by, timezone.now(),
    )  # fmt: skip
    form.save(update_fields=["state", "published_by", "published_at"])
    return record(form, "publish", f"Ban hành biểu mẫu «{form}»"[:200], by=by)
