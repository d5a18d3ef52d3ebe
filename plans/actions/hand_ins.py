"""The verbs of an assignment: hand in, review, ask for more time, approve before execution."""

from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from edudx.lib import deadlines, workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.audience import units_of
from plans.models import Assignment, Extension, Product, TargetActual, Task, calendar_for
from plans.workflow import TRANSITIONS, AssignmentState, PlanState
from schools import actions as cabinet
from schools.models import DocumentVersion, Event, FocalPoint, User
from schools.models.events import record
from schools.permissions import Permission

S = AssignmentState
CABINET_KIND = {
    Task.ProductKind.PLAN: "plan",
    Task.ProductKind.REPORT: "report",
    Task.ProductKind.DECISION: "decision",
    Task.ProductKind.FOCAL_POINTS: "list",
}


def may_hand_in(assignment: Assignment, user: User) -> bool:
    return user.can_in(Permission.WORK_HAND_IN, assignment.unit)


def is_own_work(assignment: Assignment) -> bool:
    """A unit's task for itself: nobody above waits for it, so nobody reviews it."""
    return assignment.task.issuer_id == assignment.unit_id


def may_review(assignment: Assignment, user: User) -> bool:
    """People of the issuer, never of the unit that wrote it."""
    return (
        not is_own_work(assignment)
        and user.can_in(Permission.WORK_REVIEW, assignment.task.issuer)
        and not user.belongs_to(assignment.unit)
    )


def _refuse_stranger(assignment: Assignment, by: User, step: str) -> None:
    transition = workflow.named(TRANSITIONS, step)
    may = may_hand_in if transition.is_own else may_review
    if not may(assignment, by):
        raise PermissionDenied(f"Bạn không có quyền «{transition.label}» ở nhiệm vụ này.")
    if assignment.task.kind != Task.Kind.PRODUCT:
        raise StepRefused("Nhiệm vụ này được nộp ở trang riêng của nó.")
    if assignment.task.state != Task.State.ISSUED:
        raise StepRefused("Nhiệm vụ đã kết thúc hoặc đã rút; không nộp hay xem sản phẩm được nữa.")


def missing_for_hand_in(
    assignment: Assignment, *, files: int, explanation: str, now=None
) -> list[str]:
    """Sentences that stop a hand-in; empty means ready."""
    task, missing = assignment.task, []
    if task.is_for_focal_points:
        missing += missing_focal_points(assignment)
    elif not files:
        missing.append(f"Chưa có sản phẩm «{task.get_product_display()}»: chọn ít nhất một tệp.")
    if assignment.must_be_approved_first:
        missing.append("Nhiệm vụ này phải được phê duyệt trước khi thực hiện.")
    late = deadlines.is_late(now or timezone.now(), assignment.due_at)
    is_first = assignment.handed_in_at is None
    if late and is_first and not (explanation.strip() or assignment.explanation):
        missing.append("Đã quá hạn: hãy ghi giải trình.")
    return missing


def missing_focal_points(assignment: Assignment) -> list[str]:
    """The fields the task names that nobody looks after yet."""
    named = FocalPoint.objects.filter(unit=assignment.unit).in_office()
    held = set(named.values_list("field", flat=True))
    if not held:
        return ["Chưa ghi đầu mối nào; hãy ghi ở trang đơn vị rồi nộp."]
    lacking = [one for one in assignment.task.focal_fields if one not in held]
    names = ", ".join(FocalPoint.Field(one).label for one in lacking)
    return [f"Chưa có đầu mối: {names}; hãy ghi ở trang đơn vị rồi nộp."] if names else []


@transaction.atomic
def hand_in(
    assignment: Assignment,
    *,
    by: User,
    note: str = "",
    explanation: str = "",
    versions: Iterable[DocumentVersion] = (),
    uploads: Iterable = (),
) -> Product:
    """The unit's product: files of its cabinet and new ones, or the list of its focal points."""
    assignment = assignments.lock(assignment)
    _refuse_stranger(assignment, by, "hand_in")
    uploads, versions = list(uploads), list(versions)
    missing = missing_for_hand_in(
        assignment, files=len(versions) + len(uploads), explanation=explanation
    )
    if missing:
        raise StepRefused(" ".join(missing))
    product = _product(assignment, by=by, note=note, versions=versions, uploads=uploads)
    if explanation.strip():
        assignment.explanation = explanation.strip()
        assignment.save(update_fields=["explanation"])
    assignments.move(assignment, "hand_in", by=by, reason=explanation)
    if is_own_work(assignment):
        _decide(product, Product.Decision.ACCEPTED, by=by)
        assignments.move(assignment, "complete", by=by)
    return product


def _product(
    assignment: Assignment, *, by: User, note: str, versions, uploads, is_proposal: bool = False
) -> Product:
    if any(one.document.unit_id != assignment.unit_id for one in versions):
        raise PermissionDenied("Sản phẩm phải lấy từ tủ tài liệu của đơn vị.")
    last = assignment.products.aggregate(last=Max("number"))["last"] or 0
    people = []
    if assignment.task.is_for_focal_points:
        named = FocalPoint.objects.filter(unit=assignment.unit).in_office()
        people = [one.facts() for one in named.order_by("field")]
    product = Product.objects.create(
        assignment=assignment, number=last + 1, note=note.strip(), people=people,
        is_proposal=is_proposal, handed_in_by=by,
        handed_in_at=timezone.now().replace(microsecond=0),
    )  # fmt: skip
    kind = CABINET_KIND.get(assignment.task.product, "other")
    new = [
        cabinet.add_document(
            unit=assignment.unit, title=_title(one), kind=kind, by=by, file=one, facts=one.facts
        )
        for one in uploads
    ]
    product.versions.set([*versions, *new])
    return product


def _title(upload) -> str:
    return upload.facts.name.rpartition(".")[0] or upload.facts.name


@transaction.atomic
def propose(
    assignment: Assignment, *, by: User, note: str = "", versions=(), uploads=()
) -> Product:
    """Before execution: the unit asks for approval of how it will do it."""
    assignment = assignments.lock(assignment)
    _refuse_stranger(assignment, by, "propose")
    if not assignment.must_be_approved_first:
        raise StepRefused("Nhiệm vụ này không cần phê duyệt trước; hãy nộp sản phẩm.")
    uploads, versions = list(uploads), list(versions)
    if not uploads and not versions:
        raise StepRefused("Chọn ít nhất một tệp để trình phê duyệt.")
    product = _product(
        assignment, by=by, note=note, versions=versions, uploads=uploads, is_proposal=True
    )
    assignments.move(assignment, "propose", by=by)
    return product


DECIDES = {
    "complete": Product.Decision.ACCEPTED,
    "give_back": Product.Decision.RETURNED,
    "approve": Product.Decision.ACCEPTED,
    "refuse": Product.Decision.RETURNED,
}


@transaction.atomic
def review(assignment: Assignment, step: str, *, by: User, reason: str = "") -> Event:
    """The issuer's word on what was handed in: complete, give_back, approve, refuse or reopen."""
    assignment = assignments.lock(assignment)
    if step not in (*DECIDES, "reopen"):
        raise StepRefused("Không có bước xử lý này.")
    _refuse_stranger(assignment, by, step)
    event = assignments.move(assignment, step, by=by, reason=reason)
    product = assignment.products.filter(decision=Product.Decision.PENDING).last()
    if product and step in DECIDES:
        _decide(product, DECIDES[step], by=by, reason=reason)
    return event


def _decide(product: Product, decision: str, *, by: User, reason: str = "") -> None:
    product.decision, product.reason = decision, reason.strip()
    product.decided_by, product.decided_at = by, timezone.now()
    product.save(update_fields=["decision", "reason", "decided_by", "decided_at"])


def missing_for_extension(assignment: Assignment) -> str:
    """Why no more time can be asked for or granted; empty when it can."""
    task = assignment.task
    kinds = (Task.Kind.PRODUCT, Task.Kind.FIGURES, Task.Kind.REPORT)
    if task.kind not in kinds or task.state != Task.State.ISSUED:
        return "Nhiệm vụ này không gia hạn được ở đây, hoặc đã kết thúc."
    if assignment.handed_in_at is not None or assignment.state == S.WITHDRAWN:
        return "Nhiệm vụ đã nộp nên không cần gia hạn."
    if is_own_work(assignment):
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
def ask_extension(assignment: Assignment, *, phrase: str, reason: str, by: User) -> Extension:
    """Asked with a reason; the date as written and the instant it means."""
    assignment = assignments.lock(assignment)
    if not may_hand_in(assignment, by):
        raise PermissionDenied("Bạn không có quyền xin gia hạn cho đơn vị này.")
    if refusal := missing_for_another(assignment):
        raise StepRefused(refusal)
    if not reason.strip():
        raise ValidationError({"reason": "Ghi lý do xin gia hạn."})
    task = assignment.task
    found = deadlines.parse(
        phrase, period=task.plan.read_period if task.plan else task.period,
        issued_on=timezone.localdate(), calendar=calendar_for(task.issuer, task.period),
    )  # fmt: skip
    if found.due_at <= max(assignment.due_at, timezone.now()):
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
def recall_extension(extension: Extension, *, by: User) -> Event:
    """The unit takes its request back before it is answered; it may ask again."""
    assignment = assignments.lock(extension.assignment)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if not may_hand_in(assignment, by):
        raise PermissionDenied("Bạn không có quyền rút đề nghị của đơn vị này.")
    if extension.state != Extension.State.ASKED:
        raise StepRefused("Đề nghị này đã được trả lời.")
    extension.state = Extension.State.RECALLED
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
def answer_extension(extension: Extension, *, is_granted: bool, answer: str, by: User) -> Event:
    """The issuer grants or refuses; the original date is kept either way."""
    assignment = assignments.lock(extension.assignment)
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if not may_review(assignment, by):
        raise PermissionDenied("Chỉ đơn vị giao nhiệm vụ được gia hạn.")
    if extension.state != Extension.State.ASKED:
        raise StepRefused("Đề nghị này đã được trả lời.")
    if is_granted and (refusal := missing_for_extension(assignment)):
        raise StepRefused(refusal)
    if is_granted and (refusal := _later_than_issuer(extension)):
        raise StepRefused(refusal)
    if not is_granted and not answer.strip():
        raise StepRefused("Cần ghi lý do khi không gia hạn.")
    extension.state = Extension.State.GRANTED if is_granted else Extension.State.REFUSED
    extension.answer, extension.answered_by = answer.strip(), by
    extension.answered_at = timezone.now()
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


@transaction.atomic
def save_actual(
    target, *, unit, period: str, numerator, denominator, note: str, version: int, by: User
):
    """A unit's figure for a target. `version` 0 is the first; an older one is a conflict."""
    if not by.can_in(Permission.WORK_HAND_IN, unit):
        raise PermissionDenied("Bạn không có quyền nhập số liệu của đơn vị này.")
    if target.plan.state != PlanState.ISSUED:
        raise StepRefused("Kế hoạch chưa ban hành hoặc đã kết thúc.")
    if not units_of(target.audience, target.plan.issuer).filter(pk=unit.pk).exists():
        raise PermissionDenied("Chỉ tiêu này không giao cho đơn vị của bạn.")
    if target.is_ratio and denominator is None:
        raise ValidationError({"denominator": "Ghi tổng số."})
    kept = (
        TargetActual.objects.select_for_update(of=("self",))
        .filter(target=target, unit=unit, period=period).first()
    )  # fmt: skip
    if (kept.version if kept else 0) != version:
        raise StepRefused("Người khác vừa sửa số liệu này; hãy xem lại rồi ghi.")
    row = kept or TargetActual(target=target, unit=unit, period=period, version=0)
    before = f"{row.numerator}/{row.denominator}" if kept else ""
    row.unit_path, row.numerator, row.denominator = unit.path, numerator, denominator
    row.note, row.entered_by, row.version = note, by, row.version + 1
    row.full_clean()
    row.save()
    after = f"{numerator}/{denominator}" if denominator is not None else str(numerator)
    record(row, "edit", f"Chỉ tiêu {target.code}: {before or '…'} → {after}", by=by, unit=unit)
    return row
