"""The register of legal texts."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render

from edudx.lib.told import told
from plans.actions import legal_texts
from plans.forms import TextFileForm
from plans.models import LegalText, Plan
from schools.permissions import Permission
from schools.views.changes import tell_changes
from schools.views.documents import send
from schools.views.lists import page_of

COLUMNS = {"so": "number", "ngay": "issued_on", "coquan": "issuer"}


def legal_text_list(request):
    request.user.must(Permission.PLAN_VIEW)
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


def _the_text(request, pk: int) -> LegalText:
    seen = LegalText.objects.visible_to(request.user)
    request.user.must(Permission.PLAN_VIEW)
    return get_object_or_404(seen.select_related("replaced_by", "owner", "file__document"), pk=pk)


def legal_text(request, pk: int):
    """One text and the plans that cite it; whoever keeps the register attaches the text itself."""
    text = _the_text(request, pk)
    may_change = text.may_be_changed_by(request.user)
    form = TextFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied("Bạn không có quyền quản lý văn bản này.")
        if form.is_valid() and told(
            request,
            lambda: legal_texts.attach(text, form.cleaned_data["file"], by=request.user),
        ):
            tell_changes(request)
            return redirect(text)
    cited = Plan.objects.visible_to(request.user).filter(legal_texts=text)
    page = {
        "text": text,
        "plans": cited.select_related("issuer"),
        "replaces": text.replaces.all(),
        "form": form if may_change else None,
    }
    status = 422 if form.errors else 200
    return render(request, "plans/legal_text.html", page, status=status)


def legal_text_file(request, pk: int):
    """The text itself, for everybody who may read the register."""
    text = _the_text(request, pk)
    if text.file is None or not text.file.file:
        raise Http404
    return send(text.file, in_place="xem" in request.GET)
