"""Units and their people."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from edudx.lib import constraints
from schools.actions import people
from schools.forms import InviteForm
from schools.models import Event, Membership, OrgUnit
from schools.permissions import Permission

from .lists import page_of

COLUMNS = {
    "ten": "sort_key",
    "loai": "school_type",
    "ma": "code",
    "tren": "parent__sort_key",
    "noi": "place_key",
}


def units(request):
    """The units of the user's part of the tree, searched without marks, by kind and type."""
    request.user.must(Permission.UNIT_VIEW)
    found = OrgUnit.objects.visible_to(request.user).select_related("parent")
    text, kind = request.GET.get("tim", "").strip(), request.GET.get("loai", "")
    if text:
        found = found.search(text)
    if kind in OrgUnit.SchoolType.values:
        found = found.filter(school_type=kind)
    page = page_of(found, request, COLUMNS)
    return render(
        request,
        "schools/units.html",
        {
            "page": page,
            "text": text,
            "kind": kind,
            "filters": {"tim": text, "loai": kind},
            "types": OrgUnit.SchoolType.choices,
            "can_see_documents": request.user.can(Permission.DOCUMENT_VIEW),
            "can_import": request.user.can(Permission.UNIT_MANAGE),
        },
    )


def unit(request, pk: int):
    unit = get_object_or_404(
        OrgUnit.objects.visible_to(request.user).select_related("parent"), pk=pk
    )
    request.user.must(Permission.UNIT_VIEW, unit)
    people = unit.memberships.active().select_related("user")
    may_see = request.user.can(Permission.PEOPLE_VIEW, unit)
    return render(
        request,
        "schools/unit.html",
        {
            "unit": unit,
            "people": people if may_see else people.none(),
            "followers": unit.successors.all(),
            "children": unit.children.active()[:100],
            "events": Event.objects.about(unit).readable_by(request.user),
            "can_manage": request.user.can(Permission.PEOPLE_MANAGE, unit),
        },
    )


def invite(request, pk: int):
    """Invite a person to the unit: they get a link, never a password."""
    unit = get_object_or_404(OrgUnit.objects.visible_to(request.user), pk=pk)
    request.user.must(Permission.PEOPLE_MANAGE, unit)
    form = InviteForm(request.POST or None, unit=unit, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            event = people.invite(unit=unit, by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            form.add_error(None, fault)
        except IntegrityError as fault:
            form.add_error(None, constraints.told(fault))
        else:
            messages.success(request, event.sentence)
            return redirect(unit)
    return render(request, "schools/invite.html", {"unit": unit, "form": form})


@require_POST
def membership_end(request, pk: int):
    seen = Membership.objects.visible_to(request.user) | request.user.memberships.all()
    membership = get_object_or_404(seen.active().select_related("unit", "user"), pk=pk)
    is_own = membership.user_id == request.user.pk
    if not is_own:
        request.user.must(Permission.PEOPLE_MANAGE, membership.unit)
    try:
        messages.success(request, people.end_membership(membership, by=request.user).sentence)
    except ValidationError as fault:
        messages.error(request, fault.messages[0])
    return redirect("schools:account" if is_own else membership.unit)
