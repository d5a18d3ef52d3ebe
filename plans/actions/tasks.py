"""The tasks of a plan: written as drafts, repeated by their rule, given to their units."""

import json
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from edudx.lib import clock, deadlines
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.audience import units_of
from plans.models import Calendars, Plan, RoadMapYear, Task
from plans.workflow import PlanState
from schools.models import Event, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission

# What the database holds of a saved row is not asked again of each.
RELATIONS = {one.name for one in Task._meta.concrete_fields if one.is_relation}
MOST_OCCURRENCES = 60  # of a recurring task, five years of months


def _lock_plan_of(task: Task) -> Plan:
    if task.plan is None:
        raise StepRefused("Nhiệm vụ này không thuộc kế hoạch nào.")
    return Plan.objects.select_related("issuer").locked(task.plan.pk)


@transaction.atomic
def save(task: Task, *, by: User) -> Event:
    """A row of a draft plan, or one that an amendment will add to an issued plan."""
    plan = _lock_plan_of(task)
    by.must_in(Permission.PLAN_MANAGE, plan.issuer)
    if plan.state == PlanState.CLOSED:
        raise StepRefused("Kế hoạch đã kết thúc.")
    if task.pk and Task.objects.get(pk=task.pk).state != Task.State.DRAFT:
        raise StepRefused("Nhiệm vụ đã giao; hãy dùng «Sửa đổi, bổ sung».")
    verb = "Sửa" if task.pk else "Thêm"
    task.issuer, task.period, task.state = plan.issuer, plan.period, Task.State.DRAFT
    if task.pk is None:
        task.created_by, task.position = by, plan.tasks.count()
    if refusal := later_than_above(task):
        raise ValidationError({"phrase": refusal})
    task.full_clean(exclude=["created_by"])
    task.save()
    return record(plan, "edit", f"{verb} nhiệm vụ {task.code or task.title}"[:200], by=by)


def later_than_above(task: Task) -> str:
    """Why this deadline leaves the issuer no time for its own; empty when it does."""
    latest = task.latest_due()
    if latest is None or task.due_at <= latest:
        return ""
    return f"Hạn không được sau hạn của cấp trên ({timezone.localtime(latest):%d/%m/%Y})."


@transaction.atomic
def remove(task: Task, *, by: User) -> Event:
    """Only while it is a draft; an issued task is withdrawn by an amendment."""
    plan = _lock_plan_of(task)
    by.must_in(Permission.PLAN_MANAGE, plan.issuer)
    if not task.is_draft:
        raise StepRefused("Nhiệm vụ đã giao; hãy rút bằng «Sửa đổi, bổ sung».")
    label = f"Bỏ nhiệm vụ {task.code or task.title}"[:200]
    Task.objects.filter(pk=task.pk, state=Task.State.DRAFT).delete()
    return record(plan, "edit", label, by=by)


def repeat_drafts(plan: Plan) -> None:
    calendars, further = Calendars(plan.issuer), []
    for task in plan.tasks.filter(state=Task.State.DRAFT).order_by("position", "pk"):
        further += _repeat(plan, task, calendars)
    Task.objects.bulk_create(further, batch_size=1000)


def issue_drafts(plan: Plan, by: User) -> int:
    """Every draft to its units; the same audience is looked up once."""
    found = plan.tasks.filter(state=Task.State.DRAFT).select_related("issuer")
    known: dict[str, list[OrgUnit]] = {}
    given: list[tuple[Task, list[OrgUnit]]] = []
    for task in found.order_by("position", "pk"):
        task.full_clean(exclude=RELATIONS, validate_unique=False, validate_constraints=False)
        key = json.dumps(task.audience, sort_keys=True)
        if key not in known:
            known[key] = list(units_of(task.audience, plan.issuer))
        given.append((task, known[key]))
    RoadMapYear.objects.bulk_create(
        (RoadMapYear(task=task, year=year) for task, _ in given for year in task.years),
        batch_size=1000,
    )
    return assignments.issue_drafts(given, by=by)


def _repeat(plan: Plan, task: Task, calendars: Calendars) -> list[Task]:
    """«Hằng tháng», «hằng năm trước 31/5»: one task per occurrence that has not passed. The draft
    becomes the first of them, the others come back to be saved.
    """
    dates, now = task.occurrences(calendars), clock.now()
    ahead = [one for one in dates if one.due_at > now][:MOST_OCCURRENCES]
    if dates and not ahead:
        raise StepRefused(
            f"Nhiệm vụ {task.code or task.title[:60]}: mọi hạn của «{task.phrase}» trong kỳ của "
            "kế hoạch đã qua; hãy ghi thời hạn khác hoặc bỏ nhiệm vụ này."
        )
    copies = [task, *(_copy(task) for _ in ahead[1:])]
    code, title = task.code, task.title
    for copy, found in zip(copies, ahead, strict=False):  # none for what comes once
        if len(dates) > 1:
            due = timezone.localtime(found.due_at)
            copy.code = f"{code}-{due:%m%y}"[:20] if code else ""
            copy.title = f"{title} ({due:%m/%Y})"[:500]
        copy.opens_at = _opens_at(plan, found.opens_at or task.opens_at)
        copy.due_at, copy.rule = found.due_at, found.rule
    if ahead:
        task.save(update_fields=["code", "title", "opens_at", "due_at", "rule", "search_text"])
    return copies[1:]


def _copy(task: Task) -> Task:
    columns = [one.attname for one in Task._meta.concrete_fields if not one.primary_key]
    return Task(**{name: getattr(task, name) for name in columns})


def _opens_at(plan: Plan, opens_at: datetime) -> datetime:
    """What an amendment adds is not open before the day of the amendment."""
    if plan.is_draft:
        return opens_at
    return max(opens_at, deadlines.start_of_day(clock.today()))
