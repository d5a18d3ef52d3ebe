"""Tasks and their boards."""

from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from plans.models import Assignment, Task
from plans.workflow import AssignmentState
from schools.views.lists import PAGE, page_of


def tasks(request):
    """What the unit of the hat has been given, open things first."""
    hat = request.user.hat
    assignments = Assignment.objects.visible_to(request.user).for_list()
    mine = assignments.filter(unit=hat.unit) if hat else assignments.none()
    seen = request.user.scope("assignments__unit_path")  # counts, too, stop at the person's tree
    issued = (
        Task.objects.visible_to(request.user)
        .annotate(
            expected=Count("assignments", filter=seen),
            received=Count("assignments", filter=seen & Q(assignments__handed_in_at__isnull=False)),
        )
        .order_by("-due_at")
    )
    return render(request, "plans/tasks.html", {"mine": mine, "issued": issued[:PAGE]})


def task(request, pk: int):
    """The board of one task: every unit the person may see, late ones first."""
    task = get_object_or_404(Task.objects.visible_to(request.user).select_related("issuer"), pk=pk)
    assignments = Assignment.objects.visible_to(request.user).for_list().filter(task=task)
    counts = _counts(assignments)
    state = request.GET.get("loc", "")
    found = _in_state(assignments, state).order_by("handed_in_at", "unit__sort_key", "pk")
    page = page_of(
        found,
        request,
        {"donvi": "unit__sort_key", "trangthai": "state", "nop": "handed_in_at"},
    )
    return render(
        request,
        "plans/task.html",
        {
            "task": task,
            "page": page,
            "counts": counts,
            "state": state,
            "states": AssignmentState.choices,
            "now": timezone.now(),
        },
    )


def _counts(assignments) -> dict[str, int]:
    return {
        "expected": assignments.count(),
        "received": assignments.handed_in().count(),
        "late": assignments.late().count(),
    }


def _in_state(assignments, state: str):
    """One state of the workflow, or «tre»: late or overdue; anything else is all of them."""
    if state == "tre":
        return assignments.late()
    return assignments.filter(state=state) if state in AssignmentState.values else assignments
