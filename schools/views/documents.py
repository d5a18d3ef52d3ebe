"""The filing cabinet: lists, uploads, versions, and the only door to the files."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin

from edudx.lib.vietnamese import search_words
from schools.actions import documents
from schools.forms import DocumentForm, VersionForm
from schools.models import Document, DocumentVersion
from schools.permissions import Permission

from .changes import tell_changes
from .lists import page_of


def document_list(request):
    """Documents of the user's part of the tree."""
    request.user.must(Permission.DOCUMENT_VIEW)
    found = Document.objects.visible_to(request.user).for_list()
    text, kind = request.GET.get("tim", "").strip(), request.GET.get("loai", "")
    for word in search_words(text):
        found = found.filter(search_text__contains=word)
    if kind in Document.Kind.values:
        found = found.filter(kind=kind)
    page = page_of(found, request, {"ten": "sort_key", "loai": "kind", "donvi": "unit__sort_key"})
    versions = DocumentVersion.objects.in_bulk([document.newest_id for document in page])
    for document in page:
        document.version = versions.get(document.newest_id)
    return render(
        request,
        "schools/documents.html",
        {
            "page": page,
            "text": text,
            "kind": kind,
            "kinds": Document.Kind.choices,
            "filters": {"tim": text, "loai": kind},
        },
    )


def document(request, pk: int):
    request.user.must(Permission.DOCUMENT_VIEW)
    document = get_object_or_404(
        Document.objects.visible_to(request.user).select_related("unit", "created_by"), pk=pk
    )
    return render(
        request,
        "schools/document.html",
        {
            "document": document,
            "versions": document.versions.visible_to(request.user)
            .select_related("uploaded_by")
            .order_by("-number"),
            "can_add": _may_add(request.user, document.unit),
        },
    )


def _may_add(user, unit) -> bool:
    return user.can_in(Permission.DOCUMENT_ADD, unit)


def document_add(request):
    """A new document for the unit of the hat that is on."""
    unit = request.user.must_here(Permission.DOCUMENT_ADD)
    form = DocumentForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = documents.add(unit=unit, by=request.user, **form.content())
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(request, f"Đã lưu «{version.document}».")
            tell_changes(request)
            return redirect(version.document)
    return render(request, "schools/document_add.html", {"form": form, "unit": unit})


def version_add(request, pk: int):
    request.user.must(Permission.DOCUMENT_VIEW)
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    request.user.must_in(Permission.DOCUMENT_ADD, document.unit)
    form = VersionForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            version = documents.add_version(document, by=request.user, **form.content())
        except ValidationError as fault:
            form.add_error(None, fault)
        else:
            messages.success(request, f"Đã lưu bản {version.number}.")
            tell_changes(request)
            return redirect(document)
    return render(request, "schools/version_add.html", {"form": form, "document": document})


@xframe_options_sameorigin
def document_file(request, pk: int):
    """The bytes, after the same check as the page. `?xem` shows PDF and pictures in place."""
    request.user.must(Permission.DOCUMENT_VIEW)
    version = get_object_or_404(
        DocumentVersion.objects.visible_to(request.user)
        .select_related("document")
        .exclude(file=""),
        pk=pk,
    )
    return send(version, in_place="xem" in request.GET)


def send(version: DocumentVersion, *, in_place: bool):
    """The file itself, for whoever the caller has found to be allowed; 404 when it is lost."""
    try:
        content = version.file.open("rb")
    except FileNotFoundError as fault:
        raise Http404 from fault
    response = FileResponse(
        content,
        as_attachment=not (in_place and version.can_be_shown),
        filename=version.file_name,
        content_type=version.content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
