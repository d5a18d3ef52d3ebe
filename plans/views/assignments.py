"""One unit's assignment: what is asked, what was handed in for it, the review."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from plans.actions import extensions, hand_ins
from plans.forms import AnswerForm, ExtensionForm, HandInForm
from plans.models import Assignment, Task
from plans.views.access import the_assignment
from plans.views.tasks import S
from schools.models import Event, FocalPoint
from schools.views.changes import tell_changes


def assignment(request, pk: int):
    """One unit's row: what is asked, by when, whose turn; hand in, review, more time."""
    return assignment_page(request, the_assignment(request, pk))


def assignment_page(request, one: Assignment, *, status: int = 200, **forms):
    may_hand_in = hand_ins.may_hand_in(one, request.user)
    may_review = hand_ins.may_review(one, request.user)
    is_product = one.task.kind == Task.Kind.PRODUCT and one.task.state == Task.State.ISSUED
    asked = list(one.extensions.select_related("asked_by", "answered_by"))
    page = {
        "assignment": one,
        "task": one.task,
        "products": _products(one, request.user),
        "hand_in_form": _hand_in_form(one) if may_hand_in and is_product else None,
        "focal_points": FocalPoint.objects.filter(unit=one.unit).in_office()
        if one.task.is_for_focal_points
        else None,
        "lacking": hand_ins.missing_focal_points(one) if one.task.is_for_focal_points else [],
        "steps": _steps(one) if may_review and is_product else [],
        "extensions": asked,
        "may_ask": may_hand_in and not extensions.missing_for_another(one),
        "may_recall": may_hand_in,
        "extension_form": ExtensionForm(),
        "answer_form": AnswerForm() if may_review else None,
        **_proof_of_reminding(one, request.user),
        "events": Event.objects.about(one).readable_by(request.user),
    }
    return render(request, "plans/assignment.html", page | forms, status=status)


def _products(one: Assignment, user) -> list:
    products = one.products.select_related("handed_in_by", "decided_by").order_by("-number")
    return list(products.prefetch_related("versions__document"))


def _hand_in_form(one: Assignment, *args) -> HandInForm | None:
    """The form for the step that is open to the unit now; none while the issuer reads."""
    if one.state not in (S.OPEN, S.APPROVED, S.RETURNED):
        return None
    return HandInForm(
        *args,
        unit=one.unit,
        needs_files=not one.task.is_for_focal_points,
        needs_explanation=one.is_late and one.handed_in_at is None and not _is_proposal(one),
    )


def _is_proposal(one: Assignment) -> bool:
    """Approval comes first: what is handed in now is the plan for it."""
    return one.must_be_approved_first


def _steps(one: Assignment) -> list:
    """What the issuer may do with what was handed in."""
    names = ("complete", "give_back", "approve", "refuse", "reopen")
    return [
        step for step in one.transitions
        if step.name in names and one.state in step.sources
        and not (step.name == "give_back" and one.state == S.DONE)
    ]  # fmt: skip


def _proof_of_reminding(one: Assignment, user) -> dict:
    """For those above: what, when, to whom, delivered or bounced; how many times something left."""
    if user.belongs_to(one.unit):
        return {"reminders": []}
    found = one.reminders.select_related("recipient", "by", "message")
    rows = list(found.prefetch_related("message__deliveries").order_by("-claimed_at")[:200])
    times = {(row.rung, row.due_at) for row in rows if row.is_sent}
    return {"reminders": rows, "times_reminded": len(times)}


@require_POST
def hand_in(request, pk: int):
    """The product, or the plan that must be approved first."""
    one = the_assignment(request, pk)
    if not hand_ins.may_hand_in(one, request.user):
        raise PermissionDenied("Bạn không có quyền nộp cho đơn vị này.")
    form = _hand_in_form(one, request.POST, request.FILES)
    if form is None:
        form = HandInForm(
            request.POST, request.FILES, unit=one.unit, needs_files=True, needs_explanation=True
        )
    if not form.is_valid():
        return assignment_page(request, one, hand_in_form=form, status=422)
    is_done = told(request, lambda: _hand_in(one, form.content(), request.user), done="Đã nộp.")
    if is_done:
        tell_changes(request)
    if is_done or _hand_in_form(the_assignment(request, pk)) is None:
        return redirect(one)
    return assignment_page(request, one, hand_in_form=form, status=422)


def _hand_in(one: Assignment, content: dict, user) -> None:
    if not _is_proposal(one):
        hand_ins.hand_in(one, by=user, **content)
        return
    content.pop("explanation")
    hand_ins.propose(one, by=user, **content)


@require_POST
def review(request, pk: int, step: str):
    one = the_assignment(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: hand_ins.review(one, step, by=request.user, reason=reason))
    return redirect(one)
