"""The register of focal points of a unit: field, leader, focal point, since when; its decision."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import get_object_or_404, redirect, render

from schools.actions import focal_points
from schools.forms import FocalPointForm
from schools.models import FocalPoint, OrgUnit
from schools.permissions import Permission


def focal_point_list(request, pk: int):
    """Who it is now and who it was; the unit's own people change it, field by field."""
    unit = get_object_or_404(OrgUnit.objects.visible_to(request.user), pk=pk)
    request.user.must(Permission.PEOPLE_VIEW, unit)
    may_change = request.user.can_in(Permission.WORK_HAND_IN, unit)
    if request.method == "POST" and not may_change:
        raise PermissionDenied("Chỉ người của đơn vị được ghi đầu mối.")
    field = request.POST.get("field", "")
    forms = {
        one: _form(unit, one, request.POST if one == field else None) for one in FocalPoint.Field
    }
    if field in forms and forms[field].is_valid() and _save(request, unit, field, forms[field]):
        return redirect("schools:focal_points", pk)
    past = FocalPoint.objects.filter(unit=unit).exclude(valid_to=None)
    return render(
        request,
        "schools/focal_points.html",
        {
            "unit": unit,
            "fields": [(one, forms[one], _now(unit, one)) for one in FocalPoint.Field],
            "past": past.order_by("-valid_to"),
            "may_change": may_change,
        },
    )


def _form(unit: OrgUnit, field: str, posted) -> FocalPointForm:
    return FocalPointForm(posted, prefix=field, instance=_now(unit, field))


def _now(unit: OrgUnit, field: str) -> FocalPoint | None:
    return FocalPoint.objects.filter(unit=unit, field=field).in_office().first()


def _save(request, unit: OrgUnit, field: str, form: FocalPointForm) -> bool:
    try:
        event = focal_points.name(unit, field, form.cleaned_data, by=request.user)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
        return False
    messages.success(request, event.sentence)
    return True
