"""Tasks: the list a person works off, the page of one with the units it is given to."""

from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from plans.actions import newcomers
from plans.audience import words
from plans.boards import task_lists
from plans.models import Assignment, Task
from plans.views.access import the_task
from plans.workflow import OFFICE_WORDS, WAITING_FOR_UNIT, AssignmentState
from schools.models import Event, OrgUnit
from schools.permissions import Permission
from schools.views.lists import PAGE, page_of

S = AssignmentState
FINISHED = (S.DONE, S.WITHDRAWN)


def task_list(request):
    """What the unit of the hat has been given, what is next first; and what it has issued."""
    request.user.must(Permission.PLAN_VIEW)
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
            "newcomers": newcomers.of(task)[:20] if may_manage else [],
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
        lambda: made.extend(newcomers.give(task, by=request.user)),
        done="Đã giao nhiệm vụ cho các đơn vị mới.",
    )
    return redirect(task)
