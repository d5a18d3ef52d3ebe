"""Pages and buttons that ask for a file, each checking who may."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from assessments.models import Assessment, Decision, IndicatorSet
from plans.boards.units import BoardFilter
from plans.views.access import the_plan
from reporting.files import decision_paper, focal_points_paper, indicator_set_tables
from reporting.files.names import Stem
from reporting.models import FileKind
from reporting.models.export_filters import (
    Across,
    EvidenceFilters,
    FiguresFilters,
    FiltersUnreadable,
    MonthFilters,
    PlanBoardFilters,
    PlanFilters,
    RoadMapFilters,
)
from reporting.views import sending
from reporting.views.access import the_request
from reporting.views.asking import asked, own_unit, scope_of, the_format
from schools.models import OrgUnit
from schools.permissions import Permission


@require_POST
def plan_export(request, pk: int, report: str):
    """The board or the road map of a plan as Excel, over the hat's part of the tree."""
    plan = the_plan(request, pk)
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    title = f"{plan.title} – {unit}"
    if report == FileKind.PLAN_BOARD:
        board = PlanBoardFilters(plan.pk, BoardFilter.of(request.POST))
        return asked(
            request, board, unit, f"{board.kind.label}: {title}", format=the_format(request)
        )
    if report == FileKind.ROAD_MAP:
        years = RoadMapFilters(plan.pk)
        return asked(request, years, unit, f"{years.kind.label}: {title}")
    raise Http404


@require_POST
def month_export(request):
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    try:
        filters = MonthFilters.from_json({"month": request.POST.get("thang", "")})
    except FiltersUnreadable as fault:
        raise Http404 from fault
    title = f"Lịch nhiệm vụ tháng {filters.first:%m/%Y} – {unit}"
    return asked(request, filters, unit, title)


@require_POST
def data_export(request, pk: int):
    """The consolidated workbook of a data request, over the hat's part of the tree."""
    found = the_request(request, pk)
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    title = f"Tổng hợp số liệu: {found.title} – {unit}"
    across = Across.OFFICES if request.POST.get("across") else Across.FIGURES
    filters = FiguresFilters(found.pk, across)
    return asked(request, filters, unit, title, format=the_format(request))


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
        request, PlanFilters(plan.pk), own_unit(request), f"Kế hoạch: {plan.title}",
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
        request, EvidenceFilters(found.pk), found.unit,
        f"Danh mục minh chứng: {found.unit} – {found.campaign}", format=the_format(request),
        needs=Permission.ASSESSMENT_VIEW, notice=found.notice,
    )  # fmt: skip
