"""The verb of a data form: publish it."""

from django.db import transaction

from edudx.lib import clock, workflow
from edudx.lib.workflow import StepRefused
from reporting.models import DataForm
from schools.models import Event, User
from schools.models.events import record


@transaction.atomic
def publish(form: DataForm, *, by: User) -> Event:
    """From now on the form never changes; the version before it is retired."""
    form = DataForm.objects.locked(form.pk)
    transition = workflow.named(form.transitions, "publish")
    by.must_keep(transition.asked, form.owner)
    workflow.check(transition, form)
    published = DataForm.objects.filter(
        code=form.code, owner=form.owner, state=DataForm.State.PUBLISHED
    )
    if newer := published.filter(version__gt=form.version).first():
        raise StepRefused(f"Đã ban hành phiên bản mới hơn: {newer}.")
    published.take("retire")
    source, form.state = form.state, transition.target
    form.published_by, form.published_at = by, clock.now()
    form.save(update_fields=["state", "published_by", "published_at"])
    return record(
        form, "publish", f"Ban hành biểu mẫu «{form}»", by=by,
        from_state=source, to_state=form.state,
    )  # fmt: skip
