"""`manage.py build_report REPORT --unit CODE [--period P] --format F --out FILE`, from a shell.

consolidated-maturity (with --campaign), data-rollup, period-report, plan-progress; each as xlsx,
pdf or docx. Without a period: the latest that has content.
"""

from dataclasses import dataclass
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from assessments.models import Campaign
from plans.models import Plan
from plans.workflow import PlanState
from reporting.documents.pdf import PdfUnavailable
from reporting.files import catalogue
from reporting.files.orders import Order
from reporting.models import DataRequest, Export, FileKind, PeriodicReport
from reporting.models.export_filters import (
    ConsolidatedFilters,
    FiguresFilters,
    Filters,
    PlanBoardFilters,
    ReportFilters,
)
from schools.models import OrgUnit


@dataclass(frozen=True)
class Found:
    """What there is to write; `said` afterwards, with how many units are in it."""

    filters: Filters
    title: str
    said: str = "{units} đơn vị"


class Command(BaseCommand):
    help = "Lập một báo cáo ra tệp."

    def add_arguments(self, parser) -> None:
        parser.add_argument("report", choices=REPORTS)
        parser.add_argument("--campaign", help="mã đợt đánh giá")
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--period", default="", help="ví dụ 2024-2025")
        parser.add_argument("--format", required=True, choices=Export.Format.values)
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, report: str, unit: str, format: str, out: Path, **options) -> None:
        place = OrgUnit.objects.filter(code=unit).first()
        if place is None:
            raise CommandError(f"Không có đơn vị mã «{unit}».")
        found = REPORTS[report](place, options["period"], options["campaign"] or "")
        order = Order(found.filters, title=found.title, unit=place, format=format, target=out)
        try:
            built = catalogue.write(order)
        except PdfUnavailable as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"Không ghi được tệp {out}: {fault.strerror}.") from fault
        self.stdout.write(f"{out}: {found.said.format(units=built.units)}.")


def _maturity(unit: OrgUnit, period: str, campaign: str) -> Found:
    """The round of that code."""
    found = Campaign.objects.filter(code=campaign).first()
    if found is None:
        raise CommandError(f"Không có đợt đánh giá mã «{campaign}».")
    return Found(ConsolidatedFilters(found.code), found.title, "{units} trường")


def _figures(unit: OrgUnit, period: str, campaign: str) -> Found:
    """The newest request of that period with a sheet handed in below the unit."""
    found = DataRequest.objects.filter(
        sheets__current__isnull=False, sheets__unit_path__startswith=unit.path
    )
    found = found.filter(period=period) if period else found
    request = found.order_by("-period", "-created_at", "-pk").first()
    if request is None:
        raise CommandError(f"Chưa có số liệu nào đã nộp{_in(period)} ở đơn vị này.")
    return Found(FiguresFilters(request.pk), request.title)


def _report(unit: OrgUnit, period: str, campaign: str) -> Found:
    """The unit's newest periodic report that was handed in."""
    found = PeriodicReport.objects.for_list().filter(unit=unit, current__isnull=False)
    found = found.filter(round__period=period) if period else found
    report = found.order_by("-round__period", "-current__at", "-pk").first()
    if report is None:
        raise CommandError(f"Đơn vị chưa nộp báo cáo định kỳ nào{_in(period)}.")
    number = report.current.number
    return Found(ReportFilters(report.pk, number), report.round.title, f"lần nộp {number}")


def _progress(unit: OrgUnit, period: str, campaign: str) -> Found:
    """The newest plan of that period that gives work to the unit or below it; its own first."""
    found = Plan.objects.exclude(state=PlanState.DRAFT).filter(
        tasks__assignments__unit_path__startswith=unit.path
    )
    found = found.filter(period=period) if period else found
    found = found.annotate(is_own=Q(issuer=unit))
    plan = found.order_by("-period", "-is_own", "-issued_on", "-pk").first()
    if plan is None:
        raise CommandError(f"Chưa có kế hoạch nào đã ban hành{_in(period)} cho đơn vị này.")
    return Found(PlanBoardFilters(plan.pk), plan.title)


def _in(period: str) -> str:
    return f" trong kỳ {period}" if period else ""


REPORTS = {  # as they are called in a shell
    FileKind.CONSOLIDATED.value: _maturity,
    FileKind.FIGURES.value: _figures,
    FileKind.REPORT.value: _report,
    "plan-progress": _progress,
}
