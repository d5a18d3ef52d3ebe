"""The files a person has asked for: their list, how far each is, the file itself."""

from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, render

from assessments.models import Campaign
from reporting.models import Export
from schools.permissions import Permission
from schools.views.lists import page_of


def export_list(request):
    """Tệp đã xuất, newest first, and the rounds to report on; a school's own files for a school."""
    request.user.must(Permission.DATA_VIEW)
    may_export = request.user.can(Permission.EXPORT)
    found = Export.objects.visible_to(request.user).select_related("unit", "requested_by")
    found = found if may_export else found.filter(requested_by=request.user)
    page = page_of(
        found, request, {"ten": "title", "phamvi": "unit__sort_key", "luc": "requested_at"}
    )
    campaigns = Campaign.objects.visible_to(request.user).exclude(state=Campaign.State.DRAFT)
    shown = {"page": page, "campaigns": campaigns if may_export else [], "may_export": may_export}
    return render(request, "reporting/exports.html", shown)


def _the_export(request, pk: int) -> Export:
    export = get_object_or_404(
        Export.objects.visible_to(request.user).select_related("unit", "requested_by"), pk=pk
    )
    if export.requested_by_id != request.user.pk:  # one's own file needs no more than it did
        request.user.must(Permission.EXPORT, export.unit)
    return export


def export(request, pk: int):
    """One file: how far it is, or where to take it."""
    export = _the_export(request, pk)
    return render(request, "reporting/export.html", {"export": export})


def export_progress(request, pk: int):
    """The moving part of the page, asked for every second by static/js/app.js."""
    export = _the_export(request, pk)
    response = render(request, "reporting/_export_state.html", {"export": export})
    return JsonResponse({"html": response.content.decode(), "finished": export.is_finished})


def export_file(request, pk: int):
    export = _the_export(request, pk)
    if not export.is_done:
        raise Http404
    try:
        content = export.file.open("rb")
    except FileNotFoundError as fault:
        raise Http404 from fault
    return FileResponse(content, as_attachment=True, filename=export.file_name)
