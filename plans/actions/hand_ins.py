"""The verbs of a hand-in: propose, hand in, receive or give back."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from edudx.lib import clock, deadlines, workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.models import Assignment, Product, Task
from plans.workflow import AssignmentState
from schools.actions import documents
from schools.models import Document, DocumentVersion, Event, FocalPoint, User

S = AssignmentState
CABINET_KIND: dict[str, Document.Kind] = {
    Task.ProductKind.PLAN: Document.Kind.PLAN,
    Task.ProductKind.REPORT: Document.Kind.REPORT,
    Task.ProductKind.DECISION: Document.Kind.DECISION,
    Task.ProductKind.FOCAL_POINTS: Document.Kind.LIST,
}


def may_take(assignment: Assignment, step: str, user: User) -> bool:
    """Own steps the unit's people, all others people of the issuer, never of the unit."""
    transition = workflow.named(assignment.transitions, step)
    if transition.is_own:
        return user.can_in(transition.asked, assignment.unit)
    return (
        not is_own_work(assignment)
        and user.can_in(transition.asked, assignment.task.issuer)
        and not user.belongs_to(assignment.unit)
    )


def may_hand_in(assignment: Assignment, user: User) -> bool:
    return may_take(assignment, "hand_in", user)


def may_review(assignment: Assignment, user: User) -> bool:
    return may_take(assignment, "complete", user)


def is_own_work(assignment: Assignment) -> bool:
    """A unit's task for itself: nobody above waits for it, so nobody reviews it."""
    return assignment.task.issuer_id == assignment.unit_id


def _refuse_stranger(assignment: Assignment, by: User, step: str) -> None:
    if not may_take(assignment, step, by):
        label = workflow.named(assignment.transitions, step).label
        raise PermissionDenied(f"Bạn không có quyền «{label}» ở nhiệm vụ này.")
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
    late = deadlines.is_late(now or clock.now(), assignment.due_at)
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
        _decide(product, DECIDES["complete"], by=by)
        assignments.move(assignment, "complete", by=by)
    return product


def _product(
    assignment: Assignment, *, by: User, note: str, versions, uploads, is_proposal: bool = False
) -> Product:
    if any(one.document.unit_id != assignment.unit_id for one in versions):
        raise PermissionDenied("Sản phẩm phải lấy từ tủ tài liệu của đơn vị.")
    last = assignment.products.aggregate(last=Max("number"))["last"] or 0
    on_the_list = []
    if assignment.task.is_for_focal_points:
        named = FocalPoint.objects.filter(unit=assignment.unit).in_office()
        on_the_list = [one.facts() for one in named.order_by("field")]
    product = Product.objects.create(
        assignment=assignment, number=last + 1, note=note.strip(), people=on_the_list,
        is_proposal=is_proposal, handed_in_by=by,
        handed_in_at=clock.now().replace(microsecond=0),
    )  # fmt: skip
    kind = CABINET_KIND.get(assignment.task.product, Document.Kind.OTHER)
    new = [
        documents.add(
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
    "complete": "accept", "give_back": "return", "approve": "accept", "refuse": "return",
}  # fmt: skip


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


def _decide(product: Product, step: str, *, by: User, reason: str = "") -> None:
    product.decision = workflow.named(product.transitions, step).target
    product.reason = reason.strip()
    product.decided_by, product.decided_at = by, clock.now()
    product.save(update_fields=["decision", "reason", "decided_by", "decided_at"])
