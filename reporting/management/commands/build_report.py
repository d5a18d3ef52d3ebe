"""`manage.py build_report consolidated-maturity --campaign C --unit U --format F --out FILE`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.models import Campaign
from reporting import actions
from reporting.models import Export
from reporting.pdf import PdfUnavailable
from schools.models import OrgUnit


class Command(BaseCommand):
    help = "Lập một báo cáo ra tệp."

    def add_arguments(self, parser) -> None:
        parser.add_argument("report", choices=[actions.CONSOLIDATED])
        parser.add_argument("--campaign", required=True, help="mã đợt đánh giá")
        parser.add_argument("--unit", required=True, help="mã đơn vị")
        parser.add_argument("--format", required=True, choices=Export.Format.values)
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, campaign: str, unit: str, format: str, out: Path, **options) -> None:
        found = Campaign.objects.prefetch_related("sets").filter(code=campaign).first()
        if found is None:
            raise CommandError(f"Không có đợt đánh giá mã «{campaign}».")
        place = OrgUnit.objects.filter(code=unit).first()
        if place is None:
            raise CommandError(f"Không có đơn vị mã «{unit}».")
        try:
            built = actions.build_consolidated(found, place, format, out, asked_by=None)
        except PdfUnavailable as fault:
            raise CommandError(str(fault)) from fault
        except OSError as fault:
            raise CommandError(f"Không ghi được tệp {out}: {fault.strerror}.") from fault
        self.stdout.write(f"{out}: {built.total.expected} trường.")
