"""The verbs of a plan: write, issue, amend, close."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from edudx.lib import deadlines, workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.audience import units_of
from plans.models import Plan, PlanEdition, PlanSection, RoadMapYear, Target, Task
from plans.workflow import UNFINISHED, AssignmentState, PlanState
from schools.actions import documents
from schools.models import Document, Event, User
from schools.models.events import record
from schools.permissions import Permission

MOST_OCCURRENCES = 60  # of a recurring task, five years of months


def _lock(plan: Plan) -> Plan:
    return Plan.objects.select_related("issuer").locked(plan.pk)


def _lock_plan_of(task: Task) -> Plan:
    if task.plan is None:
        raise StepRefused("Nhiệm vụ này không thuộc kế hoạch nào.")
    return _lock(task.plan)


@transaction.atomic
def save_plan(
    plan: Plan, *, by: User, legal_texts: Iterable | None = None, original=None,
    sections: list[tuple[str, str]] | None = None,
) -> Event:  # fmt: skip
    """A new draft, or other words of one that is not issued yet; `original` is an upload,
    `sections` are (code, title) in their printed order.
    """
    by.must_in(Permission.PLAN_MANAGE, plan.issuer)
    verb = "Sửa" if plan.pk else "Soạn"
    if plan.pk and not _lock(plan).is_draft:
        raise StepRefused("Kế hoạch đã ban hành; hãy dùng «Sửa đổi, bổ sung».")
    if plan.pk is None:
        plan.created_by = by
    if original:
        plan.original = documents.add_document(
            unit=plan.issuer, title=plan.title[:200], kind=Document.Kind.PLAN, by=by, file=original,
            facts=original.facts,
        )  # fmt: skip
    plan.save()
    if legal_texts is not None:
        plan.legal_texts.set(legal_texts)
    if sections is not None:
        _write_sections(plan, sections)
    return record(plan, "edit", f"{verb} kế hoạch «{plan}»"[:200], by=by)


def _write_sections(plan: Plan, sections: list[tuple[str, str]]) -> None:
    """Those no longer named go, unless something stands in them."""
    gone = plan.sections.exclude(code__in=[code for code, _ in sections])
    held = gone.filter(Q(tasks__isnull=False) | Q(targets__isnull=False)).first()
    if held:
        raise ValidationError({"sections_text": f"Mục «{held}» còn nhiệm vụ hoặc chỉ tiêu."})
    gone.delete()
    for place, (code, title) in enumerate(sections):
        PlanSection.objects.update_or_create(
            plan=plan, code=code, defaults={"title": title, "position": place}
        )


@transaction.atomic
def save_task(task: Task, *, by: User) -> Event:
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
    if refusal := _later_than_above(task):
        raise ValidationError({"phrase": refusal})
    task.full_clean(exclude=["created_by"])
    task.save()
    return record(plan, "edit", f"{verb} nhiệm vụ {task.code or task.title}"[:200], by=by)


def _later_than_above(task: Task) -> str:
    """Why this deadline leaves the issuer no time for its own; empty when it does."""
    latest = task.latest_due()
    if latest is None or task.due_at <= latest:
        return ""
    return f"Hạn không được sau hạn của cấp trên ({timezone.localtime(latest):%d/%m/%Y})."


@transaction.atomic
def remove_task(task: Task, *, by: User) -> Event:
    """Only while it is a draft; an issued task is withdrawn by an amendment."""
    plan = _lock_plan_of(task)
    by.must_in(Permission.PLAN_MANAGE, plan.issuer)
    if not task.is_draft:
        raise StepRefused("Nhiệm vụ đã giao; hãy rút bằng «Sửa đổi, bổ sung».")
    label = f"Bỏ nhiệm vụ {task.code or task.title}"[:200]
    Task.objects.filter(pk=task.pk, state=Task.State.DRAFT).delete()
    return record(plan, "edit", label, by=by)


@transaction.atomic
def save_target(target: Target, *, by: User) -> Event:
    plan = _lock(target.plan)
    by.must_in(Permission.PLAN_MANAGE, plan.issuer)
    if not plan.is_draft:
        raise StepRefused("Kế hoạch đã ban hành nên không đổi được chỉ tiêu.")
    if target.pk is None:
        target.position = plan.targets.count()
    target.save()
    return record(plan, "edit", f"Ghi chỉ tiêu {target.code}", by=by)


@transaction.atomic
def issue_plan(plan: Plan, *, by: User) -> Event:
    """Give every addressee its assignments; from now on the plan changes by amendment only."""
    plan = _lock(plan)
    transition = workflow.named(plan.transitions, "issue")
    by.must_in(transition.asked, plan.issuer)
    workflow.check(transition, plan)
    missing = plan.missing_for_issue()
    if missing or plan.issued_on is None:
        raise StepRefused(" ".join(missing))
    _repeat_tasks(plan)
    given = _issue_tasks(plan, by)
    plan.state = transition.target
    plan.save(update_fields=["state"])
    _edition(plan, by=by, signed_on=plan.issued_on, document_number=plan.full_number)
    return record(
        plan, "issue", f"Ban hành «{plan}», {given} nhiệm vụ của các đơn vị"[:200], by=by,
        from_state=PlanState.DRAFT, to_state=plan.state,
    )  # fmt: skip


def _repeat_tasks(plan: Plan) -> None:
    for task in plan.tasks.filter(state=Task.State.DRAFT).order_by("position", "pk"):
        _repeat(plan, task)


def _issue_tasks(plan: Plan, by: User) -> int:
    given = 0
    for task in plan.tasks.filter(state=Task.State.DRAFT).order_by("position", "pk"):
        units = list(units_of(task.audience, plan.issuer))
        given += len(assignments.issue(task, units, by=by))
        RoadMapYear.objects.bulk_create(RoadMapYear(task=task, year=year) for year in task.years)
    return given


def _repeat(plan: Plan, task: Task) -> None:
    """«Hằng tháng», «hằng năm trước 31/5»: one task per occurrence that has not passed."""
    dates, now = task.occurrences(), timezone.now()
    ahead = [one for one in dates if one.due_at > now][:MOST_OCCURRENCES]
    if dates and not ahead:
        raise StepRefused(
            f"Nhiệm vụ {task.code or task.title[:60]}: mọi hạn của «{task.phrase}» trong kỳ của "
            "kế hoạch đã qua; hãy ghi thời hạn khác hoặc bỏ nhiệm vụ này."
        )
    code, title = task.code, task.title
    for place, found in enumerate(ahead):
        copy = task if place == 0 else Task.objects.get(pk=task.pk)
        if place:
            copy.pk = None
            copy._state.adding = True
        if len(dates) > 1:
            due = timezone.localtime(found.due_at)
            copy.code = f"{code}-{due:%m%y}"[:20] if code else ""
            copy.title = f"{title} ({due:%m/%Y})"[:500]
        copy.opens_at = _opens_at(plan, found.opens_at or task.opens_at)
        copy.due_at, copy.rule = found.due_at, found.rule
        copy.save()


def _opens_at(plan: Plan, opens_at: datetime) -> datetime:
    """What an amendment adds is not open before the day of the amendment."""
    if plan.is_draft:
        return opens_at
    return max(opens_at, deadlines.start_of_day(timezone.localdate()))


def _edition(
    plan: Plan, *, by: User, signed_on: date, document_number: str, **words
) -> PlanEdition:
    last = plan.editions.order_by("-number").values_list("number", flat=True).first() or 0
    return PlanEdition.objects.create(
        plan=plan, number=last + 1, signed_on=signed_on, document_number=document_number, by=by,
        snapshot=snapshot_of(plan), **words,
    )  # fmt: skip


def snapshot_of(plan: Plan) -> dict:
    """Tasks and targets as they stand: what a later reader compares."""
    tasks = plan.tasks.order_by("position", "pk")
    return {
        "title": plan.title,
        "tasks": [
            {"code": one.code, "title": one.title, "phrase": one.phrase, "state": one.state,
             "due_at": one.due_at.isoformat(), "product": one.product, "audience": one.audience}
            for one in tasks
        ],
        "targets": [
            {"code": one.code, "title": one.title, "goal": str(one.goal), "measure": one.measure}
            for one in plan.targets.order_by("position")
        ],
    }  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One line of an amendment: another deadline, or the task withdrawn."""

    task: Task
    phrase: str = ""
    is_withdrawn: bool = False


@transaction.atomic
def amend(
    plan: Plan, changes: Iterable[Change], *, by: User, document_number: str, signed_on: date,
    reason: str,
) -> PlanEdition:  # fmt: skip
    """The next numbered version: what it changes, withdraws and adds, told to those concerned."""
    plan = _lock(plan)
    transition = workflow.named(plan.transitions, "amend")
    by.must_in(transition.asked, plan.issuer)
    workflow.check(transition, plan, reason)
    if refusal := _signed_when(plan, signed_on):
        raise ValidationError({"signed_on": refusal})
    if plan.editions.filter(document_number=document_number.strip()).exists():
        raise ValidationError({"document_number": "Số này đã dùng cho lần ban hành trước."})
    said = [sentence for one in changes if (sentence := _apply(one, by=by, reason=reason))]
    _repeat_tasks(plan)
    for task in plan.tasks.filter(state=Task.State.DRAFT).order_by("due_at", "pk"):
        said.append({"task": task.pk, "text": f"Thêm nhiệm vụ {task.code}: {task.title}"})
    _issue_tasks(plan, by)
    if not said:
        raise StepRefused("Chưa có thay đổi nào để ban hành.")
    edition = _edition(
        plan, by=by, signed_on=signed_on, document_number=document_number, reason=reason.strip(),
        changes=said,
    )  # fmt: skip
    label = f"Sửa đổi, bổ sung «{plan}» lần {edition.number}: {len(said)} thay đổi"
    record(plan, "amend", label[:200], by=by, reason=reason)
    return edition


def _signed_when(plan: Plan, signed_on: date) -> str:
    """Why an amendment cannot have been signed on that day; empty when it can."""
    last = plan.editions.order_by("number").values_list("signed_on", flat=True).last()
    if signed_on > timezone.localdate():
        return "Ngày ký ở tương lai; ban hành sau khi văn bản đã ký."
    if last and signed_on < last:
        return f"Ngày ký không được trước ngày ký của lần trước ({last:%d/%m/%Y})."
    return ""


def _apply(change: Change, *, by: User, reason: str) -> dict | None:
    task = Task.objects.locked(change.task.pk)
    name = f"Nhiệm vụ {task.code or task.title[:60]}"
    if change.is_withdrawn and change.phrase and change.phrase != task.phrase:
        raise StepRefused(f"{name}: vừa ghi thời hạn mới vừa đánh dấu rút; hãy chọn một.")
    if change.is_withdrawn:
        for one in task.assignments.filter(state__in=UNFINISHED):
            assignments.move(one, "withdraw", by=by, reason=reason)
        Task.objects.filter(pk=task.pk).take("withdraw")
        return {"task": task.pk, "text": f"{name}: rút"}
    if not change.phrase or change.phrase == task.phrase:
        return None
    before, due_before = task.phrase, task.due_at
    try:
        task.set_deadline(change.phrase)
    except deadlines.DeadlineNotUnderstood as fault:
        raise StepRefused(f"{name}: {fault}") from fault
    if refusal := _later_than_above(task):
        raise StepRefused(f"{name}: {refusal}")
    _postpone(task, due_before)
    task.save(update_fields=["phrase", "rule", "opens_at", "due_at"])
    record(
        task, "postpone", f"{name}: «{before}» thành «{task.phrase}»"[:200], by=by, reason=reason
    )
    return {"task": task.pk, "text": f"{name}: thời hạn «{before}» thành «{task.phrase}»"}


def _postpone(task: Task, due_before) -> None:
    """Later only: what was on time by the first date never becomes late by a second one."""
    if task.due_at < due_before:
        raise StepRefused(
            f"Không thể đưa hạn của «{task.code or task.title[:60]}» sớm hơn hạn đã giao; "
            "hãy rút nhiệm vụ này và giao nhiệm vụ mới."
        )
    waiting = task.assignments.filter(handed_in_at=None, due_at__lt=task.due_at)
    waiting.exclude(state=AssignmentState.WITHDRAWN).update(due_at=task.due_at)


@transaction.atomic
def close_plan(plan: Plan, *, by: User, reason: str) -> Event:
    """No more hand-ins are expected; what is late stays late."""
    plan = _lock(plan)
    return assignments.turn(
        plan, "close", unit=plan.issuer, tasks=plan.tasks.all(), by=by, reason=reason
    )
