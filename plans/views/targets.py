"""Targets of a plan with what units have reached; a unit's own figure."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from plans.actions import target_figures
from plans.boards import targets
from plans.forms import ActualForm
from plans.models import Plan, Target
from plans.views.access import the_plan
from schools.permissions import Permission


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
    unit = request.user.must_here(Permission.WORK_HAND_IN)
    period = request.POST.get("period", "")
    if period not in targets.periods_of(target.plan):
        raise Http404
    form = ActualForm(request.POST, prefix=f"t{target.pk:d}")
    form.target = target
    if form.is_valid() and told(
        request,
        lambda: target_figures.save(
            target, unit=unit, period=period, by=request.user, **form.cleaned_data
        ),
        done=f"Đã ghi chỉ tiêu {target.code}.",
        form=form,
    ):
        return redirect(f"{reverse('plans:targets', args=[target.plan_id])}?ky={period}")
    return _targets_page(request, target.plan, period, status=422, refused=form)
