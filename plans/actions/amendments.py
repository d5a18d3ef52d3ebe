"""An amendment of an issued plan: other deadlines, tasks withdrawn, tasks added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from edudx.lib import clock, deadlines, workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments, plans, tasks
from plans.models import Plan, PlanEdition, Task
from plans.workflow import UNFINISHED, AssignmentState
from schools.models import User
from schools.models.events import record


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
    plan = Plan.objects.select_related("issuer").locked(plan.pk)
    transition = workflow.named(plan.transitions, "amend")
    by.must_in(transition.asked, plan.issuer)
    workflow.check(transition, plan, reason)
    if refusal := _signed_when(plan, signed_on):
        raise ValidationError({"signed_on": refusal})
    if plan.editions.filter(document_number=document_number.strip()).exists():
        raise ValidationError({"document_number": "Số này đã dùng cho lần ban hành trước."})
    said = [sentence for one in changes if (sentence := _apply(one, by=by, reason=reason))]
    tasks.repeat_drafts(plan)
    for task in plan.tasks.filter(state=Task.State.DRAFT).order_by("due_at", "pk"):
        said.append({"task": task.pk, "text": f"Thêm nhiệm vụ {task.code}: {task.title}"})
    tasks.issue_drafts(plan, by)
    if not said:
        raise StepRefused("Chưa có thay đổi nào để ban hành.")
    edition = plans.add_edition(
        plan, by=by, signed_on=signed_on, document_number=document_number, reason=reason.strip(),
        changes=said,
    )  # fmt: skip
    label = f"Sửa đổi, bổ sung «{plan}» lần {edition.number}: {len(said)} thay đổi"
    record(plan, "amend", label[:200], by=by, reason=reason)
    return edition


def _signed_when(plan: Plan, signed_on: date) -> str:
    """Why an amendment cannot have been signed on that day; empty when it can."""
    last = plan.editions.order_by("number").values_list("signed_on", flat=True).last()
    if signed_on > clock.today():
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
        unfinished = task.assignments.filter(state__in=UNFINISHED)
        assignments.move_many(unfinished, "withdraw", by=by, reason=reason)
        Task.objects.filter(pk=task.pk).take("withdraw")
        return {"task": task.pk, "text": f"{name}: rút"}
    if not change.phrase or change.phrase == task.phrase:
        return None
    before, due_before = task.phrase, task.due_at
    try:
        task.set_deadline(change.phrase)
    except deadlines.DeadlineNotUnderstood as fault:
        raise StepRefused(f"{name}: {fault}") from fault
    if refusal := tasks.later_than_above(task):
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
