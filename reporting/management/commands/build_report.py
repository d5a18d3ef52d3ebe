"""`manage.py build_report REPORT --unit CODE [--period P] --format F --out FILE`, from a shell.

consolidated-maturity (with --campaign), data-rollup, period-report, plan-progress; each as xlsx,
pdf or docx. Without a period: the latest that has content.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from assessments.models import Campaign
from plans.boards.units import EVERYTHING
from plans.models import Plan
from reporting.documents import excel, paper_to_tables
from reporting.documents.pdf import PdfUnavailable
from reporting.documents.table import silent
from reporting.files import (
    catalogue,
    figures_paper,
    figures_tables,
    plan_tables,
    progress_paper,
    report_paper,
)
from reporting.models import CONSOLIDATED, DataRequest, Export, PeriodicReport
from schools.models import OrgUnit

XLSX = Export.Format.XLSX
REPORTS = (CONSOLIDATED, "data-rollup", "period-report", "plan-progress")


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
        try:
            if report == CONSOLIDATED:
                said = self._maturity(place, format, out, options["campaign"])
            else:
                said = OF_PERIOD[report](place, format, out, options["period"])
        except PdfUnavailable as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"Không ghi được tệp {out}: {fault.strerror}.") from fault
        self.stdout.write(f"{out}: {said}.")

    def _maturity(self, unit: OrgUnit, format: str, out: Path, code: str | None) -> str:
        found = Campaign.objects.prefetch_related("sets").filter(code=code or "").first()
        if found is None:
            raise CommandError(f"Không có đợt đánh giá mã «{code or ''}».")
        built = catalogue.build_consolidated(found, unit, format, out, asked_by=None)
        return f"{built.total.expected} trường"


def _header(title: str, unit: OrgUnit) -> list[str]:
    return [title, f"Phạm vi: {unit.name} · Lập lúc {timezone.localtime():%H:%M %d/%m/%Y}"]


def _rollup(unit: OrgUnit, format: str, out: Path, period: str) -> str:
    """The newest request of that period with a sheet handed in below the unit."""
    found = DataRequest.objects.filter(
        sheets__current__isnull=False, sheets__unit_path__startswith=unit.path
    )
    found = found.filter(period=period) if period else found
    request = (
        found.select_related("form", "school_task")
        .order_by("-period", "-created_at", "-pk")
        .first()
    )
    if request is None:
        raise CommandError(f"Chưa có số liệu nào đã nộp{_in(period)} ở đơn vị này.")
    if format == XLSX:
        header = _header(request.title, unit)
        sheets, units = figures_tables.tables(request, unit, header, silent)
        excel.write(sheets, out, title=request.title, author="edudx")
    else:
        paper, units = figures_paper.paper(request, unit, silent)
        catalogue.write_paper(paper, out, format, unit=unit)
    return f"{units} đơn vị"


def _report(unit: OrgUnit, format: str, out: Path, period: str) -> str:
    """The unit's newest periodic report that was handed in."""
    found = PeriodicReport.objects.for_list().filter(unit=unit, current__isnull=False)
    found = found.filter(round__period=period) if period else found
    report = found.order_by("-round__period", "-current__at", "-pk").first()
    if report is None:
        raise CommandError(f"Đơn vị chưa nộp báo cáo định kỳ nào{_in(period)}.")
    paper = report_paper.kept(report, report.current.number)
    if format == XLSX:
        sheets = paper_to_tables.tables(paper, _header(report.round.title, unit))
        excel.write(sheets, out, title=report.round.title, author="edudx")
    else:
        catalogue.write_paper(paper, out, format, unit=unit)
    return f"lần nộp {report.current.number}"


def _progress(unit: OrgUnit, format: str, out: Path, period: str) -> str:
    """The newest plan of that period that gives work to the unit or below it; its own first."""
    found = Plan.objects.exclude(state="draft").filter(
        tasks__assignments__unit_path__startswith=unit.path
    )
    found = found.filter(period=period) if period else found
    found = found.select_related("issuer").annotate(is_own=Q(issuer=unit))
    plan = found.order_by("-period", "-is_own", "-issued_on", "-pk").first()
    if plan is None:
        raise CommandError(f"Chưa có kế hoạch nào đã ban hành{_in(period)} cho đơn vị này.")
    if format == XLSX:
        header = _header(plan.title, unit)
        sheets, units = plan_tables.board_tables(plan, unit.path, EVERYTHING, header, silent)
        excel.write(sheets, out, title=plan.title, author="edudx")
    else:
        paper, units = progress_paper.paper(plan, unit)
        catalogue.write_paper(paper, out, format, unit=unit)
    return f"{units} đơn vị"


def _in(period: str) -> str:
    return f" trong kỳ {period}" if period else ""


OF_PERIOD = {"data-rollup": _rollup, "period-report": _report, "plan-progress": _progress}
