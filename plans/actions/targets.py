"""The targets of a plan that is being written; what is reached stands in `target_figures`."""

from django.db import transaction

from edudx.lib.workflow import StepRefused
from plans.models import Plan, Target
from schools.models import Event, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def save(target: Target, *, by: User) -> Event:
    plan = Plan.objects.select_related("issuer").locked(target.plan_id)
    by.must_in(Permission.PLAN_MANAGE, plan.issuer)
    if not plan.is_draft:
        raise StepRefused("Kế hoạch đã ban hành nên không đổi được chỉ tiêu.")
    if target.pk is None:
        target.position = plan.targets.count()
    target.save()
    return record(plan, "edit", f"Ghi chỉ tiêu {target.code}", by=by)
