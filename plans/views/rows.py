"""The rows of a plan that is being written: tasks and targets, added, changed, taken out."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from plans.actions import targets, tasks
from plans.forms import TargetForm, TaskForm
from plans.models import Plan, Target, Task
from plans.views.access import the_plan
from schools.permissions import Permission


def _row(request, form_class: type, plan: Plan, row, save, label: str):
    """A task or a target of a plan: the form, or back to the plan."""
    request.user.must_in(Permission.PLAN_MANAGE, plan.issuer)
    form = form_class(request.POST or None, instance=row)
    posted = request.method == "POST" and form.is_valid()
    if posted and told(request, lambda: save(form.instance, by=request.user), form=form):
        return redirect(plan)
    return render(
        request, "plans/row_edit.html", {"form": form, "plan": plan, "label": label, "row": row}
    )


def task_add(request, pk: int):
    plan = the_plan(request, pk)
    draft = Task(plan=plan, issuer=plan.issuer, period=plan.period, kind=Task.Kind.PRODUCT)
    return _row(request, TaskForm, plan, draft, tasks.save, "Thêm nhiệm vụ")


def _the_row(request, kind: type, pk: int):
    plans = Plan.objects.visible_to(request.user)
    rows = kind.objects.filter(plan__in=plans).select_related("plan__issuer")
    row = get_object_or_404(rows, pk=pk)
    request.user.must(Permission.PLAN_VIEW)
    return row


def task_edit(request, pk: int):
    task = _the_row(request, Task, pk)
    if not task.is_draft:
        raise PermissionDenied("Nhiệm vụ đã giao; hãy dùng «Sửa đổi, bổ sung».")
    return _row(request, TaskForm, task.plan, task, tasks.save, "Sửa nhiệm vụ")


@require_POST
def task_remove(request, pk: int):
    task = _the_row(request, Task, pk)
    plan = task.plan
    told(request, lambda: tasks.remove(task, by=request.user))
    return redirect(plan)


def target_add(request, pk: int):
    plan = the_plan(request, pk)
    draft = Target(plan=plan)
    return _row(request, TargetForm, plan, draft, targets.save, "Thêm chỉ tiêu")


def target_edit(request, pk: int):
    target = _the_row(request, Target, pk)
    return _row(request, TargetForm, target.plan, target, targets.save, "Sửa chỉ tiêu")
