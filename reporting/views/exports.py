"""Figures on the page, files to ask for, files that are ready."""

import re
import tempfile
from dataclasses import asdict
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from assessments.models import Campaign, Decision, IndicatorSet
from assessments.views.access import the_campaign
from plans.boards.units import BoardFilter
from plans.views.access import the_plan
from reporting import tasks
from reporting.actions import exports
from reporting.documents import charts, excel, pdf
from reporting.exchange import form_excel
from reporting.files import (
    decision_paper,
    figures_tables,
    focal_points_paper,
    indicator_set_tables,
    maturity_paper,
    maturity_tables,
)
from reporting.models import Export
from schools.models import OrgUnit
from schools.permissions import Permission
from schools.views.lists import page_of
from schools.views.units import require

from .access import the_form, the_request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _scope(request) -> OrgUnit:
    """The part of the tree the figures are about: the hat's unit, or one below it (?don-vi=)."""
    hat = request.user.hat
    code = request.GET.get("don-vi") or request.POST.get("don-vi")
    if not code:
        if hat is None:
            raise PermissionDenied("Bạn chưa được phân công ở đơn vị nào.")
        return hat.unit
    return get_object_or_404(OrgUnit.objects.visible_to(request.user), code=code)


def summary(request, pk: int):
    """Báo cáo tổng hợp of a round on the page: chart, table per office, the two files."""
    campaign = the_campaign(request, pk)
    unit = _scope(request)
    require(request.user, Permission.EXPORT, unit)
    found = maturity_tables.summary(campaign, unit, asked_by=request.user)
    return render(
        request,
        "reporting/summary.html",
        {
            "campaign": campaign,
            "found": found,
            "unit": unit,
            "rows": [
                (one.name, [line.cells(found.groups)[1:] for line in one.lines],
                 one.total.cells(found.groups)[1:])
                for one in found.offices
            ],
            "total_cells": found.total.cells(found.groups)[2:],
            "levels": maturity_tables.LEVELS,
            "chart": charts.drawn(maturity_paper.levels_chart(found)),
            "formats": Export.Format.choices,
        },
    )  # fmt: skip


@require_POST
def export_add(request, pk: int):
    """Ask for the file; a worker builds it, the page shows how far it is."""
    campaign = the_campaign(request, pk)
    unit = _scope(request)
    require(request.user, Permission.EXPORT, unit)
    if "format" not in request.POST:
        raise Http404
    with transaction.atomic():
        export = exports.request_consolidated(
            campaign=campaign, unit=unit, format=the_format(request), by=request.user
        )
        tasks.enqueue(export)
    return redirect(export)


PLAN_REPORTS = {"plan-board": "Bảng theo dõi", "road-map": "Lộ trình"}


@require_POST
def plan_export(request, pk: int, report: str):
    """The board or the road map of a plan as Excel, over the hat's part of the tree."""
    plan = the_plan(request, pk)
    unit = _scope(request)
    require(request.user, Permission.EXPORT, unit)
    if report not in PLAN_REPORTS:
        raise Http404
    chosen = BoardFilter.of(request.POST)
    title = f"{PLAN_REPORTS[report]}: {plan.title} – {unit}"
    filters = {"plan": plan.pk, "chosen": asdict(chosen)}
    format_ = the_format(request) if report == "plan-board" else Export.Format.XLSX
    return asked(request, report, unit, filters, title, format=format_)


@require_POST
def month_export(request):
    unit = _scope(request)
    require(request.user, Permission.EXPORT, unit)
    month = request.POST.get("thang", "")
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise Http404
    title = f"Lịch nhiệm vụ tháng {month[5:]}/{month[:4]} – {unit}"
    return asked(request, "month", unit, {"month": month}, title)


@require_POST
def data_export(request, pk: int):
    """The consolidated workbook of a data request, over the hat's part of the tree."""
    found = the_request(request, pk)
    unit = _scope(request)
    require(request.user, Permission.EXPORT, unit)
    title = f"Tổng hợp số liệu: {found.title} – {unit}"
    across = figures_tables.BY_OFFICE if request.POST.get("across") else figures_tables.BY_FIGURE
    filters = {"request": found.pk, "across": across}
    return asked(request, "data-rollup", unit, filters, title, format=the_format(request))


def form_xlsx(request, pk: int):
    """A data form as the Excel that can be edited and loaded again as its next version."""
    found = the_form(request, pk)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "form.xlsx"
        sheets = form_excel.tables(found)
        excel.write(sheets, target, title=str(found), author=request.user.full_name)
        content = target.read_bytes()
    response = HttpResponse(content, content_type=XLSX)
    name = f"bieu-mau-{found.code}-{found.version}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def the_format(request) -> str:
    """Of the form's button; Excel where there is no choice."""
    format_ = request.POST.get("format", Export.Format.XLSX)
    if format_ not in Export.Format.values:
        raise Http404
    return format_


def asked(
    request, report: str, unit: OrgUnit, filters: dict, title: str, *,
    format: str = Export.Format.XLSX, **more,
):  # fmt: skip
    """The job and the way to its page; `more` as `actions.request` takes it."""
    with transaction.atomic():
        export = exports.request(
            report, unit=unit, format=format, filters=filters, title=title, by=request.user, **more
        )
        tasks.enqueue(export)
    return redirect(export)


def focal_points_pdf(request, pk: int):
    """The Quyết định phân công of a unit's focal points, in the form of Nghị định 30."""
    unit = get_object_or_404(OrgUnit.objects.visible_to(request.user), pk=pk)
    require(request.user, Permission.PEOPLE_VIEW, unit)
    response = HttpResponse(
        pdf.render(focal_points_paper.paper(unit)), content_type="application/pdf"
    )
    response["Content-Disposition"] = 'inline; filename="quyet-dinh-phan-cong-dau-moi.pdf"'
    return response


def export_list(request):
    """Tệp đã xuất, newest first, and the rounds to report on; a school's own files for a school."""
    require(request.user, Permission.DATA_VIEW)
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
        require(request.user, Permission.EXPORT, export.unit)
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
    if export.state != Export.State.DONE:
        raise Http404
    try:
        content = export.file.open("rb")
    except FileNotFoundError as fault:
        raise Http404 from fault
    return FileResponse(content, as_attachment=True, filename=export.file_name)


def decision_pdf(request, pk: int):
    """The Quyết định as a document; a page or two, so it is built at once."""
    found = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related("campaign", "issuer"), pk=pk
    )
    require(request.user, Permission.ASSESSMENT_VIEW)
    if not found.may_be_read_whole_by(request.user):
        raise PermissionDenied("Văn bản có tên các trường khác; được mở sau khi công bố kết quả.")
    response = HttpResponse(pdf.render(decision_paper.paper(found)), content_type="application/pdf")
    name = f"quyet-dinh-{found.number}-{found.signed_on:%Y}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def set_xlsx(request, pk: int):
    """An indicator set as the Excel form that can be edited and loaded again."""
    found = get_object_or_404(IndicatorSet.objects.visible_to(request.user), pk=pk)
    require(request.user, Permission.SET_VIEW)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "set.xlsx"
        excel.write(
            indicator_set_tables.tables(found),
            target,
            title=str(found),
            author=request.user.full_name,
        )
        content = target.read_bytes()
    response = HttpResponse(content, content_type=XLSX)
    name = f"bo-chi-so-{found.code}-{found.version}.xlsx"
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
