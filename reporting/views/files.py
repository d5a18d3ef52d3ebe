"""Pages and buttons that ask for a file, each checking who may."""

import re
from dataclasses import asdict

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from assessments.models import Assessment, Decision, IndicatorSet
from plans.boards.units import BoardFilter
from plans.views.access import the_plan
from reporting.files import (
    decision_paper,
    figures_tables,
    focal_points_paper,
    indicator_set_tables,
)
from reporting.files.names import Stem
from reporting.models import Export
from reporting.views import sending
from reporting.views.access import the_request
from reporting.views.asking import asked, own_unit, scope_of, the_format
from schools.models import OrgUnit
from schools.permissions import Permission

PLAN_REPORTS = {"plan-board": "Bảng theo dõi", "road-map": "Lộ trình"}


@require_POST
def plan_export(request, pk: int, report: str):
    """The board or the road map of a plan as Excel, over the hat's part of the tree."""
    plan = the_plan(request, pk)
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    if report not in PLAN_REPORTS:
        raise Http404
    chosen = BoardFilter.of(request.POST)
    title = f"{PLAN_REPORTS[report]}: {plan.title} – {unit}"
    filters = {"plan": plan.pk, "chosen": asdict(chosen)}
    format_ = the_format(request) if report == "plan-board" else Export.Format.XLSX
    return asked(request, report, unit, filters, title, format=format_)


@require_POST
def month_export(request):
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    month = request.POST.get("thang", "")
    if not re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", month):
        raise Http404
    title = f"Lịch nhiệm vụ tháng {month[5:]}/{month[:4]} – {unit}"
    return asked(request, "month", unit, {"month": month}, title)


@require_POST
def data_export(request, pk: int):
    """The consolidated workbook of a data request, over the hat's part of the tree."""
    found = the_request(request, pk)
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    title = f"Tổng hợp số liệu: {found.title} – {unit}"
    across = figures_tables.BY_OFFICE if request.POST.get("across") else figures_tables.BY_FIGURE
    filters = {"request": found.pk, "across": across}
    return asked(request, "data-rollup", unit, filters, title, format=the_format(request))


def focal_points_pdf(request, pk: int):
    """The Quyết định phân công of a unit's focal points, in the form of Nghị định 30."""
    unit = get_object_or_404(OrgUnit.objects.visible_to(request.user), pk=pk)
    request.user.must(Permission.PEOPLE_VIEW, unit)
    return sending.document(focal_points_paper.paper(unit), Stem.FOCAL_POINTS.of())


def decision_pdf(request, pk: int):
    """The Quyết định as a document; a page or two, so it is built at once."""
    found = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related("campaign", "issuer"), pk=pk
    )
    request.user.must(Permission.ASSESSMENT_VIEW)
    if not found.may_be_read_whole_by(request.user):
        raise PermissionDenied("Văn bản có tên các trường khác; được mở sau khi công bố kết quả.")
    return sending.document(decision_paper.paper(found), Stem.DECISION.of(decision=found))


def set_xlsx(request, pk: int):
    """An indicator set as the Excel form that can be edited and loaded again."""
    found = get_object_or_404(IndicatorSet.objects.visible_to(request.user), pk=pk)
    request.user.must(Permission.SET_VIEW)
    return sending.workbook(
        indicator_set_tables.tables(found), Stem.INDICATOR_SET.of(set=found),
        title=str(found), author=request.user.full_name,
    )  # fmt: skip


@require_POST
def plan_paper(request, pk: int):
    """The plan as Word or PDF, for everybody who may read it."""
    plan = the_plan(request, pk)
    return asked(
        request, "plan", own_unit(request), {"plan": plan.pk}, f"Kế hoạch: {plan.title}",
        format=the_format(request), needs=Permission.PLAN_VIEW,
    )  # fmt: skip


@require_POST
def evidence_paper(request, pk: int):
    """Danh mục minh chứng of a self-assessment."""
    found = get_object_or_404(
        Assessment.objects.visible_to(request.user).select_related("unit", "campaign"), pk=pk
    )
    request.user.must(Permission.ASSESSMENT_VIEW)
    return asked(
        request, "evidence-list", found.unit, {"assessment": found.pk},
        f"Danh mục minh chứng: {found.unit} – {found.campaign}", format=the_format(request),
        needs=Permission.ASSESSMENT_VIEW, notice=found.notice,
    )  # fmt: skip
