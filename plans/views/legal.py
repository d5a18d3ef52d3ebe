"""The register of legal texts."""

from django.shortcuts import get_object_or_404, render

from plans.models import LegalText, Plan
from schools.permissions import Permission
from schools.views.lists import page_of
from schools.views.units import require

COLUMNS = {"so": "number", "ngay": "issued_on", "coquan": "issuer"}


def legal_texts(request):
    require(request.user, Permission.PLAN_VIEW)
    text = request.GET.get("tim", "").strip()
    found = LegalText.objects.visible_to(request.user).search(text).select_related("replaced_by")
    return render(
        request,
        "plans/legal_texts.html",
        {
            "page": page_of(found, request, COLUMNS),
            "text": text,
            "filters": {"tim": text},
            "can_manage": request.user.is_staff and request.user.can(Permission.LEGAL_MANAGE),
        },
    )


def legal_text(request, pk: int):
    """One text and the plans that cite it."""
    text = get_object_or_404(
        LegalText.objects.visible_to(request.user).select_related("replaced_by", "owner"), pk=pk
    )
    require(request.user, Permission.PLAN_VIEW)
    plans = Plan.objects.visible_to(request.user).filter(legal_texts=text)
    return render(
        request,
        "plans/legal_text.html",
        {"text": text, "plans": plans.select_related("issuer"), "replaces": text.replaces.all()},
    )
