"""`manage.py load_calendar [FILE.yaml] [--department CODE]`: days off and school years."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from edudx.lib.line_yaml import FileRefused
from plans.exchange import calendar_yaml
from schools.models import OrgUnit

SHIPPED = Path(calendar_yaml.__file__).parents[1] / "library" / "calendar.yaml"


class Command(BaseCommand):
    help = "Nạp ngày nghỉ, ngày làm bù và khung năm học; không ghi đè dòng đã có."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, nargs="?", default=SHIPPED)
        parser.add_argument("--department", help="mã Sở; để trống là cả nước")

    def handle(self, file: Path, department: str | None, **options) -> None:
        unit = OrgUnit.objects.filter(code=department, kind=OrgUnit.Kind.DEPARTMENT).first()
        if department and unit is None:
            raise CommandError(f"Không có Sở mã «{department}».")
        try:
            days, years = calendar_yaml.save(file.read_text(encoding="utf-8"), department=unit)
        except FileRefused as refusal:
            raise CommandError("\n".join(refusal.faults)) from refusal
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"Không đọc được tệp {file}.") from fault
        self.stdout.write(f"Đã thêm {days} ngày và {years} khung năm học.")
