"""The verbs of more time: ask for it, take the question back, answer it."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from edudx.lib import clock, workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments, hand_ins
from plans.actions.hand_ins import S
from plans.models import Assignment, Extension, Task, read_deadline
from schools.models import Event, User
from schools.models.events import record


def missing_for_extension(assignment: Assignment) -> str:
    """Why no more time can be asked for or granted; empty when it can."""
    task = assignment.task
    kinds = (Task.Kind.PRODUCT, Task.Kind.FIGURES, Task.Kind.REPORT)
    if task.kind not in kinds or task.state != Task.State.ISSUED:
        return "Nhiệm vụ này không gia hạn được ở đây, hoặc đã kết thúc."
    if assignment.handed_in_at is not None or assignment.state == S.WITHDRAWN:
        return "Nhiệm vụ đã nộp nên không cần gia hạn."
    if hand_ins.is_own_work(assignment):
        return "Việc của chính đơn vị không cần xin gia hạn."
    return ""


def missing_for_another(assignment: Assignment) -> str:
    """The same, and what was asked for before."""
    if refusal := missing_for_extension(assignment):
        return refusal
    rows = assignment.extensions.all()
    if any(one.state == Extension.State.ASKED for one in rows):
        return "Đang có một đề nghị gia hạn chờ trả lời."
    granted = sum(one.state == Extension.State.GRANTED for one in rows)
    if granted >= settings.EXTENSIONS_PER_TASK:
        return f"Mỗi nhiệm vụ chỉ được gia hạn {settings.EXTENSIONS_PER_TASK} lần."
    return ""


@transaction.atomic
def ask(assignment: Assignment, *, phrase: str, reason: str, by: User) -> Extension:
    """Asked with a reason; the date as written and the instant it means."""
    assignment = assignments.lock(assignment)
    if not hand_ins.may_hand_in(assignment, by):
        raise PermissionDenied("Bạn không có quyền xin gia hạn cho đơn vị này.")
    if refusal := missing_for_another(assignment):
        raise StepRefused(refusal)
    if not reason.strip():
        raise ValidationError({"reason": "Ghi lý do xin gia hạn."})
    task = assignment.task
    found = read_deadline(phrase, issuer=task.issuer, period=task.period)
    if found.due_at <= max(assignment.due_at, clock.now()):
        raise ValidationError({"phrase": "Hạn mới phải sau hạn hiện nay và sau hôm nay."})
    last = task.plan.ends_on if task.plan else None
    if last and timezone.localtime(found.due_at).date() > last:
        raise ValidationError({"phrase": f"Kế hoạch chỉ đến {last:%d/%m/%Y}; hạn xin quá xa."})
    extension = Extension.objects.create(
        assignment=assignment, phrase=phrase, reason=reason.strip(), asked_by=by,
        due_before=assignment.due_at, due_at=found.due_at,
    )  # fmt: skip
    until = timezone.localtime(found.due_at)
    record(assignment, "ask_extension", f"Xin gia hạn đến {until:%d/%m/%Y}", by=by, reason=reason)
    return extension


@transaction.atomic
def recall(extension: Extension, *, by: User) -> Event:
    """The unit takes its request back before it is answered; it may ask again."""
    assignment = assignments.lock(extension.assignment)
    extension = Extension.objects.locked(extension.pk)
    if not hand_ins.may_hand_in(assignment, by):
        raise PermissionDenied("Bạn không có quyền rút đề nghị của đơn vị này.")
    transition = workflow.named(extension.transitions, "recall")
    workflow.check(transition, extension)
    extension.state = transition.target
    extension.save(update_fields=["state"])
    return record(assignment, "recall_extension", "Rút đề nghị gia hạn", by=by)


def _later_than_issuer(extension: Extension) -> str:
    """Why granting it would leave the issuer no time for its own; empty when it would not."""
    latest = extension.assignment.task.latest_due()
    if latest is None or extension.due_at <= latest:
        return ""
    return (
        f"Hạn xin sau hạn của chính đơn vị với cấp trên ({timezone.localtime(latest):%d/%m/%Y}); "
        "hãy xin cấp trên gia hạn trước."
    )


@transaction.atomic
def answer(extension: Extension, *, is_granted: bool, answer: str, by: User) -> Event:
    """The issuer grants or refuses; the original date is kept either way."""
    assignment = assignments.lock(extension.assignment)
    extension = Extension.objects.locked(extension.pk)
    if not hand_ins.may_review(assignment, by):
        raise PermissionDenied("Chỉ đơn vị giao nhiệm vụ được gia hạn.")
    transition = workflow.named(extension.transitions, "grant" if is_granted else "refuse")
    workflow.check(transition, extension, answer)
    if is_granted and (refusal := missing_for_extension(assignment)):
        raise StepRefused(refusal)
    if is_granted and (refusal := _later_than_issuer(extension)):
        raise StepRefused(refusal)
    extension.state = transition.target
    extension.answer, extension.answered_by = answer.strip(), by
    extension.answered_at = clock.now()
    extension.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    if is_granted:
        assignment.due_at = max(extension.due_at, assignment.due_at)
        assignment.save(update_fields=["due_at"])
    until = timezone.localtime(extension.due_at)
    word = "Gia hạn đến" if is_granted else "Không gia hạn đến"
    return record(
        assignment, "extend" if is_granted else "refuse_extension", f"{word} {until:%d/%m/%Y}",
        by=by, reason=answer,
    )  # fmt: skip
