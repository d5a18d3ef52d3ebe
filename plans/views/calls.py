"""Pressing the units of a task that are late, with a preview."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render

from edudx.lib.told import told
from plans.actions import calls
from plans.forms import CallForm
from plans.models import Task
from plans.views.access import the_task
from schools.permissions import Permission


def call(request, pk: int):
    """«Nhắc các đơn vị chưa nộp»: who would get it and what it says, then one click."""
    task = the_task(request, pk)
    request.user.must(Permission.REMIND)
    if task.state != Task.State.ISSUED:
        raise PermissionDenied("Nhiệm vụ đã kết thúc hoặc chưa giao.")
    called = calls.preview(task, by=request.user)
    initial = {"text": calls.TEXT, "units": [one.assignment.unit_id for one in called]}
    form = CallForm(request.POST or None, called=called, initial=initial)
    posted = request.method == "POST" and form.is_valid()
    if posted and told(
        request,
        lambda: calls.call(task, by=request.user, **form.cleaned_data),
        done="Đã gửi đôn đốc; xem bằng chứng ở từng đơn vị.",
    ):
        return redirect(task)
    returned = sum(one.assignment.is_returned for one in called)
    page = {"task": task, "called": called, "form": form, "returned": returned}
    return render(request, "plans/call.html", page | {"waiting": len(called) - returned})
