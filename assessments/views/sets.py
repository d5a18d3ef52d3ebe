"""Indicator sets: read, load, publish, retire."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.actions import sets
from assessments.exchange import set_yaml
from assessments.forms import SetFileForm, SetPublishForm
from assessments.models import IndicatorSet
from edudx.lib.line_yaml import FileRefused
from edudx.lib.told import told
from schools.models import Event
from schools.permissions import Permission


def set_list(request):
    request.user.must(Permission.SET_VIEW)
    return render(
        request,
        "assessments/sets.html",
        {
            "sets": IndicatorSet.objects.visible_to(request.user),
            "can_manage": request.user.can(Permission.SET_MANAGE),
        },
    )


def _the_set(request, pk: int) -> IndicatorSet:
    indicator_set = get_object_or_404(IndicatorSet.objects.visible_to(request.user), pk=pk)
    request.user.must(Permission.SET_VIEW)
    return indicator_set


def indicator_set(request, pk: int):
    indicator_set = _the_set(request, pk)
    return render(
        request,
        "assessments/set.html",
        {
            "set": indicator_set,
            "events": Event.objects.about(indicator_set).readable_by(request.user),
            "can_manage": indicator_set.may_be_managed_by(request.user),
        },
    )


def set_load(request):
    """A draft from YAML or Excel; every fault is shown with its line."""
    request.user.must(Permission.SET_MANAGE)
    form = SetFileForm(request.POST or None, request.FILES or None, user=request.user)
    faults: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            definition = _read(form.cleaned_data["file"])
            owner = form.cleaned_data["owner"]
            loaded = set_yaml.save(definition, by=request.user, owner=owner)
        except FileRefused as refusal:
            faults = refusal.faults
        else:
            messages.success(request, f"Đã nhập dự thảo {loaded}.")
            return redirect(loaded)
    return render(request, "assessments/set_load.html", {"form": form, "faults": faults})


def _read(file) -> set_yaml.Definition:
    if file.name.lower().endswith((".yaml", ".yml")):
        return set_yaml.read_yaml(file.read())
    return set_yaml.read_xlsx(file)


def set_publish(request, pk: int):
    """Asks who compared the set with which text, and keeps the answer for good."""
    indicator_set = _the_set(request, pk)
    request.user.must_keep(Permission.SET_MANAGE, indicator_set.owner)
    form = SetPublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told(
            request,
            lambda: sets.publish(indicator_set, by=request.user, **form.cleaned_data),
        )
        return redirect(indicator_set)
    return render(request, "assessments/set_publish.html", {"set": indicator_set, "form": form})


@require_POST
def set_retire(request, pk: int):
    indicator_set = _the_set(request, pk)
    request.user.must_keep(Permission.SET_MANAGE, indicator_set.owner)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: sets.retire(indicator_set, by=request.user, reason=reason))
    return redirect(indicator_set)
