"""`manage.py load_indicator_set FILE`: a set from YAML or from the Excel form, as a draft."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments.exchange import set_yaml
from edudx.lib.line_yaml import FileRefused
from schools.models import OrgUnit


class Command(BaseCommand):
    help = "Nhập một bộ chỉ số (dự thảo) từ tệp YAML hoặc Excel."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", help="mã đơn vị ban hành, với bộ chỉ số địa phương")

    def handle(self, file: Path, owner: str | None, **options) -> None:
        unit = OrgUnit.objects.filter(code=owner).first() if owner else None
        if owner and unit is None:
            raise CommandError(f"Không có đơn vị mã «{owner}».")
        try:
            indicator_set = set_yaml.save(self.read(file), by=None, owner=unit)
        except FileRefused as refusal:
            raise CommandError("\n".join(refusal.faults)) from refusal
        self.stdout.write(f"Đã nhập dự thảo {indicator_set}: {len(indicator_set.tree)} tiêu chí.")

    def read(self, file: Path) -> set_yaml.Definition:
        try:
            if file.suffix.lower() == ".xlsx":
                with file.open("rb") as workbook:
                    return set_yaml.read_xlsx(workbook)
            return set_yaml.read_yaml(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"Không đọc được tệp {file}.") from fault
