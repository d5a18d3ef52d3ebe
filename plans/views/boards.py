"""Boards over many units: matrix, month, road map, targets."""

from dataclasses import asdict
from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from plans.actions import road_maps, target_figures
from plans.boards import month, road_map, targets, units
from plans.forms import ActualForm
from plans.models import Plan, RoadMapYear, Target
from plans.workflow import OFFICE_WORDS
from schools.models import OrgUnit
from schools.permissions import Permission
from schools.views.lists import page_of
from schools.views.units import require

from .access import the_plan, told

COLUMNS = {"donvi": "sort_key", "nop": "received", "tre": "late"}


def board(request, pk: int):
    """Unit × task: words in colour with the date, the latest units first, totals in the foot."""
    plan = the_plan(request, pk)
    chosen = units.BoardFilter.of(request.GET)
    page = page_of(units.units_on(plan, request.user.reach, chosen), request, COLUMNS)
    tasks = units.tasks_on(plan)
    return render(
        request,
        "plans/board.html",
        {
            "plan": plan,
            "page": page,
            "rows": units.cells_of(page, tasks),
            "tasks": tasks,
            "totals": units.totals_of(plan, request.user.reach, tasks, chosen),
            "chosen": chosen,
            "filters": asdict(chosen),
            "types": OrgUnit.SchoolType.choices,
            "states": units.BoardFilter.STATES.items(),
            "words": OFFICE_WORDS,
        },
    )


def month_page(request):
    """The deadlines of a month (`?thang=2025-05`), each with how many have handed in."""
    require(request.user, Permission.PLAN_VIEW)
    asked = request.GET.get("thang", "")
    try:
        first = date.fromisoformat(f"{asked}-01") if asked else timezone.localdate().replace(day=1)
        if not 2000 <= first.year <= 2100:
            raise ValueError
    except ValueError as fault:
        raise Http404 from fault
    return render(
        request,
        "plans/month.html",
        {
            "first": first,
            "weeks": month.month_of(request.user.reach, first),
            "today": timezone.localdate(),
            "before": month.month_before(first),
            "after": month.next_month(first),
        },
    )


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
    require(request.user, Permission.PLAN_VIEW)
    state, note = request.POST.get("state", ""), request.POST.get("note", "")[:300]
    told(request, lambda: road_maps.set_road_map(row, state=state, note=note, by=request.user))
    return redirect("plans:road_map", row.task.plan_id)


def target_list(request, pk: int):
    """Targets rolled up over the person's part of the tree, and the own unit's figures."""
    plan = the_plan(request, pk)
    periods = targets.periods_of(plan)
    period = request.GET.get("ky") if request.GET.get("ky") in periods else _usual(periods)
    return _targets_page(request, plan, period)


def _usual(periods: list[str]) -> str:
    this = str(timezone.localdate().year)
    return this if this in periods else periods[0]


def _targets_page(request, plan: Plan, period: str, *, status: int = 200, refused=None):
    rows = targets.targets_of(plan, request.user, period)
    hat = request.user.hat
    may_enter = bool(hat) and request.user.can_in(Permission.WORK_HAND_IN, hat.unit)
    for row in rows:
        row.form = None
        if may_enter and row.is_for_own and not plan.is_draft:
            row.form = refused if refused and refused.target == row.target else _form(row)
    return render(
        request,
        "plans/targets.html",
        {"plan": plan, "rows": rows, "period": period, "periods": targets.periods_of(plan)},
        status=status,
    )


def _form(row: targets.TargetRow) -> ActualForm:
    own = row.own
    initial = {"version": 0}
    if own:
        initial = {
            "numerator": own.numerator, "denominator": own.denominator, "note": own.note,
            "version": own.version,
        }  # fmt: skip
    return ActualForm(initial=initial, prefix=f"t{row.target.pk:d}")


@require_POST
def actual_save(request, pk: int):
    """The own unit's figure of one target and period."""
    seen = Target.objects.filter(plan__in=Plan.objects.visible_to(request.user))
    target = get_object_or_404(seen.select_related("plan__issuer"), pk=pk)
    hat = request.user.hat
    if hat is None or not request.user.can_in(Permission.WORK_HAND_IN, hat.unit):
        raise PermissionDenied("Bạn không có quyền nhập số liệu.")
    period = request.POST.get("period", "")
    if period not in targets.periods_of(target.plan):
        raise Http404
    form = ActualForm(request.POST, prefix=f"t{target.pk:d}")
    form.target = target
    if form.is_valid() and told(
        request,
        lambda: target_figures.save_actual(
            target, unit=hat.unit, period=period, by=request.user, **form.cleaned_data
        ),
        done=f"Đã ghi chỉ tiêu {target.code}.",
        form=form,
    ):
        return redirect(f"{reverse('plans:targets', args=[target.plan_id])}?ky={period}")
    return _targets_page(request, target.plan, period, status=422, refused=form)
