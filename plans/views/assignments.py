"""Tasks and what is handed in for them."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from plans.actions import extensions, hand_ins, newcomers
from plans.audience import words
from plans.boards import task_lists
from plans.forms import AnswerForm, ExtensionForm, HandInForm
from plans.models import Assignment, Extension, Task
from plans.views.access import the_assignment, the_task, told
from plans.workflow import OFFICE_WORDS, WAITING_FOR_UNIT, AssignmentState
from schools.models import Event, FocalPoint, OrgUnit
from schools.permissions import Permission
from schools.views.lists import PAGE, page_of
from schools.views.units import require

S = AssignmentState
FINISHED = (S.DONE, S.WITHDRAWN)


def task_list(request):
    """What the unit of the hat has been given, what is next first; and what it has issued."""
    require(request.user, Permission.PLAN_VIEW)
    hat = request.user.hat
    rows = Assignment.objects.visible_to(request.user).for_list()
    mine = rows.filter(unit=hat.unit) if hat else rows.none()
    show_all = "tat-ca" in request.GET
    if not show_all:
        mine = mine.exclude(state__in=FINISHED)
    seen = request.user.scope("assignments__unit_path")  # counts, too, stop at the person's tree
    issued = (
        Task.objects.visible_to(request.user)
        .issued()
        .select_related("issuer", "plan")
        .annotate(
            expected=Count("assignments", filter=seen & ~Q(assignments__state=S.WITHDRAWN)),
            received=Count("assignments", filter=seen & Q(assignments__handed_in_at__isnull=False)),
        )
        .order_by("-due_at")
    )
    page = {"mine": mine.order_by("due_at", "pk")[:200], "show_all": show_all}
    if hat and not hat.unit.is_school:
        page["issued"] = issued[:PAGE]
    return render(request, "plans/tasks.html", page)


COLUMNS = {"donvi": "unit__sort_key", "trangthai": "state", "nop": "handed_in_at", "han": "due_at"}


def task(request, pk: int):
    """The board of one task: every unit the person may see, those not handed in first."""
    task = the_task(request, pk)
    rows = Assignment.objects.visible_to(request.user).for_list().filter(task=task)
    filters = {name: request.GET.get(name, "").strip() for name in ("loc", "tim", "loai")}
    found = _filtered(rows, filters).order_by("handed_in_at", "unit__sort_key", "pk")
    may_manage = request.user.can_in(Permission.PLAN_MANAGE, task.issuer)
    return render(
        request,
        "plans/task.html",
        {
            "task": task,
            "whom": words(task.audience) if task.plan_id else "",
            "page": page_of(found, request, COLUMNS),
            "lists": task_lists.counted_lists(rows),
            "filters": filters,
            "words": OFFICE_WORDS,
            "types": OrgUnit.SchoolType.choices,
            "newcomers": newcomers.newcomers(task)[:20] if may_manage else [],
            "may_call": _may_call(request.user, task, rows),
            "events": Event.objects.about(task).readable_beside(request.user),
        },
    )


def _may_call(user, task: Task, rows) -> bool:
    is_open = task.state == Task.State.ISSUED and user.can(Permission.REMIND)
    return is_open and rows.filter(state__in=WAITING_FOR_UNIT).exists()


def _filtered(rows, filters: dict):
    """One of the lists of a task; the unit's name and type."""
    if filters["tim"]:
        rows = rows.filter(unit__in=OrgUnit.objects.search(filters["tim"]))
    if filters["loai"] in OrgUnit.SchoolType.values:
        rows = rows.filter(unit__school_type=filters["loai"])
    return task_lists.listed(rows, filters["loc"])


@require_POST
def task_give(request, pk: int):
    """A running task to units that opened or moved since."""
    task = the_task(request, pk)
    made: list = []
    told(
        request,
        lambda: made.extend(newcomers.give_to_newcomers(task, by=request.user)),
        done="Đã giao nhiệm vụ cho các đơn vị mới.",
    )
    return redirect(task)


def assignment(request, pk: int):
    """One unit's row: what is asked, by when, whose turn; hand in, review, more time."""
    return _assignment_page(request, the_assignment(request, pk))


def _assignment_page(request, one: Assignment, *, status: int = 200, **forms):
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
        "reminders": _reminders(one, request.user) if not request.user.belongs_to(one.unit) else [],
        "events": Event.objects.about(one),
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


def _reminders(one: Assignment, user) -> list:
    """Proof of reminding: what, when, to whom, delivered or bounced."""
    rows = one.reminders.select_related("recipient", "by", "message")
    return list(rows.prefetch_related("message__deliveries").order_by("-claimed_at")[:50])


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
        return _assignment_page(request, one, hand_in_form=form, status=422)
    is_done = told(request, lambda: _hand_in(one, form.content(), request.user), done="Đã nộp.")
    if is_done or _hand_in_form(the_assignment(request, pk)) is None:
        return redirect(one)
    return _assignment_page(request, one, hand_in_form=form, status=422)


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


@require_POST
def extension_ask(request, pk: int):
    one = the_assignment(request, pk)
    form = ExtensionForm(request.POST)
    if form.is_valid() and told(
        request,
        lambda: extensions.ask_extension(one, by=request.user, **form.cleaned_data),
        done="Đã gửi đề nghị gia hạn.",
        form=form,
    ):
        return redirect(one)
    return _assignment_page(request, one, extension_form=form, is_asking=True, status=422)


@require_POST
def extension_recall(request, pk: int):
    extension = get_object_or_404(
        Extension.objects.filter(assignment__in=Assignment.objects.visible_to(request.user)),
        pk=pk,
    )
    one = the_assignment(request, extension.assignment_id)
    told(request, lambda: extensions.recall_extension(extension, by=request.user))
    return redirect(one)


@require_POST
def extension_answer(request, pk: int):
    extension = get_object_or_404(
        Extension.objects.filter(assignment__in=Assignment.objects.visible_to(request.user)),
        pk=pk,
    )
    one = the_assignment(request, extension.assignment_id)
    form = AnswerForm(request.POST)
    if form.is_valid():
        told(
            request,
            lambda: extensions.answer_extension(
                extension, is_granted="granted" in request.POST, by=request.user,
                answer=form.cleaned_data["answer"],
            ),
        )  # fmt: skip
    return redirect(one)
