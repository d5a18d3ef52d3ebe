"""The verb that makes a draft out of the plan above."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from edudx.lib import deadlines
from edudx.lib.workflow import StepRefused
from plans.models import Assignment, Calendars, Plan, Task
from plans.workflow import AssignmentState, PlanState
from schools.models import OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def derive(superior: Plan, *, unit: OrgUnit, by: User, buffer_days: int) -> Plan:
    """«Lập kế hoạch từ kế hoạch cấp trên»: a draft of the unit's own with the tasks it was given.

    An office passes them on to its schools `buffer_days` before its own deadline; a school keeps
    them as its own work. Never later than the unit's own deadline.
    """
    by.must_in(Permission.PLAN_MANAGE, unit)
    if Plan.objects.filter(superior=superior, issuer=unit).exists():
        raise StepRefused("Đơn vị đã có kế hoạch lập từ kế hoạch này.")
    own = Assignment.objects.filter(
        task__plan=superior, unit=unit, handed_in_at=None, task__state=Task.State.ISSUED
    ).exclude(state=AssignmentState.WITHDRAWN)  # what was handed in already is not asked again
    given = list(own.select_related("task").order_by("task__position", "task__pk"))
    if superior.state != PlanState.ISSUED or not given:
        raise StepRefused("Kế hoạch cấp trên không còn nhiệm vụ nào đơn vị chưa nộp.")
    plan = Plan.objects.create(
        issuer=unit, title=superior.title, period=superior.period, superior=superior,
        symbol=f"KH-{unit.abbreviation}" if unit.abbreviation else "KH", created_by=by,
    )  # fmt: skip
    plan.legal_texts.set(superior.legal_texts.all())
    calendars = Calendars(unit)
    Task.objects.bulk_create(
        _taken_over(plan, one, place, buffer_days, by, calendars) for place, one in enumerate(given)
    )
    record(plan, "edit", f"Lập «{plan}» từ kế hoạch của {superior.issuer}"[:200], by=by)
    return plan


def _taken_over(
    plan: Plan, own: Assignment, place: int, buffer_days: int, by: User, calendars: Calendars
) -> Task:
    """The unit's task for those below it, with room before its own deadline."""
    above = own.task
    due_on = timezone.localtime(own.due_at).date() - timedelta(days=buffer_days)
    task = Task(
        plan=plan, issuer=plan.issuer, superior=above, kind=Task.Kind.PRODUCT, period=plan.period,
        code=above.code, title=above.title, content=above.content, state=Task.State.DRAFT,
        product=above.product or Task.ProductKind.REPORT, criteria=above.criteria,
        focal_fields=above.focal_fields,
        audience={"own": True} if plan.issuer.is_school else {"kinds": ["school"]},
        source=f"{plan.superior}, {above.code}"[:200], position=place, created_by=by,
    )  # fmt: skip
    task.set_deadline(f"Chậm nhất ngày {due_on:%d/%m/%Y}", calendars)
    task.due_at = min(task.due_at, own.due_at)
    if task.opens_at >= task.due_at:
        task.opens_at = deadlines.start_of_day(task.due_on)
    return task
