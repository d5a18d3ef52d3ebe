"""The road map of a plan, year by year."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from plans.actions import road_maps
from plans.boards import road_map
from plans.models import Plan, RoadMapYear
from plans.views.access import the_plan
from schools.permissions import Permission


def road_map_page(request, pk: int):
    """Tasks × years, for the office and for the schools, with the state of each year."""
    plan = the_plan(request, pk)
    return render(
        request,
        "plans/road_map.html",
        {
            "plan": plan,
            "rows": road_map.road_map(plan, request.user.reach),
            "states": RoadMapYear.State.choices,
            "this_year": timezone.localdate().year,
            "may_manage": request.user.can_in(Permission.PLAN_MANAGE, plan.issuer)
            and not plan.is_draft,
        },
    )


@require_POST
def road_map_set(request, pk: int):
    row = get_object_or_404(
        RoadMapYear.objects.filter(
            task__plan__in=Plan.objects.visible_to(request.user)
        ).select_related("task__plan__issuer"),
        pk=pk,
    )
    request.user.must(Permission.PLAN_VIEW)
    state, note = request.POST.get("state", ""), request.POST.get("note", "")[:300]
    told(request, lambda: road_maps.write(row, state=state, note=note, by=request.user))
    return redirect("plans:road_map", row.task.plan_id)
