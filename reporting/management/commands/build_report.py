"""`manage.py build_report REPORT --unit CODE [--period P] --format F --out FILE`, from a shell.

consolidated-maturity (xlsx, pdf; with --campaign), data-rollup (xlsx), plan-progress (xlsx). The
period is that of the newest request or plan with content when none is given.
"""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessments.models import Campaign
from plans.boards import EVERYTHING
from plans.models import Plan
from reporting import actions, xlsx
from reporting.models import DataRequest, Export
from reporting.pdf import PdfUnavailable
from reporting.reports import data_rollup, plan_boards
from reporting.reports.consolidated import silent
from schools.models import OrgUnit

REPORTS = (actions.CONSOLIDATED, "data-rollup", "plan-progress")


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
            if report == actions.CONSOLIDATED:
                said = self._maturity(place, format, out, options["campaign"])
            else:
                said = self._of_period(report, place, format, out, options["period"])
        except PdfUnavailable as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"Không ghi được tệp {out}: {fault.strerror}.") from fault
        self.stdout.write(f"{out}: {said}.")

    def _maturity(self, unit: OrgUnit, format: str, out: Path, code: str | None) -> str:
        found = Campaign.objects.prefetch_related("sets").filter(code=code or "").first()
        if found is None:
            raise CommandError(f"Không có đợt đánh giá mã «{code or ''}».")
        built = actions.build_consolidated(found, unit, format, out, asked_by=None)
        return f"{built.total.expected} trường"

    def _of_period(
        self, report: str, unit: OrgUnit, format: str, out: Path, period: str
    ) -> str:  # fmt: skip
        if format != Export.Format.XLSX:
            raise CommandError(f"Báo cáo {report} chỉ có định dạng xlsx.")
        build = _rollup if report == "data-rollup" else _progress
        title, sheets, units = build(unit, period)
        xlsx.write(sheets, out, title=title, author="edudx")
        return f"{units} đơn vị"


def _header(title: str, unit: OrgUnit) -> list[str]:
    return [title, f"Phạm vi: {unit.name} · Lập lúc {timezone.localtime():%H:%M %d/%m/%Y}"]


def _rollup(unit: OrgUnit, period: str) -> tuple:
    """The newest request of that period with a sheet handed in below the unit."""
    found = DataRequest.objects.filter(
        sheets__current__isnull=False, sheets__unit_path__startswith=unit.path
    )
    found = found.filter(period=period) if period else found
    request = found.select_related("form").order_by("-created_at", "-pk").first()
    if request is None:
        raise CommandError(f"Chưa có số liệu nào đã nộp{_in(period)} ở đơn vị này.")
    sheets, units = data_rollup.tables(request, unit, _header(request.title, unit), silent)
    return request.title, sheets, units


def _progress(unit: OrgUnit, period: str) -> tuple:
    """The newest plan of that period that gives work to the unit or below it."""
    found = Plan.objects.exclude(state="draft").filter(
        tasks__assignments__unit_path__startswith=unit.path
    )
    found = found.filter(period=period) if period else found
    plan = found.select_related("issuer").order_by("-issued_on", "-pk").first()
    if plan is None:
        raise CommandError(f"Chưa có kế hoạch nào đã ban hành{_in(period)} cho đơn vị này.")
    header = _header(plan.title, unit)
    sheets, units = plan_boards.board(plan, unit.path, EVERYTHING, header, silent)
    return plan.title, sheets, units


def _in(period: str) -> str:
    return f" trong kỳ {period}" if period else ""
