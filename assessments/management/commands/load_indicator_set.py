"""`manage.py load_indicator_set FILE`: a set from YAML or from the Excel form, as a draft."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from assessments import set_files


class Command(BaseCommand):
    help = "Nhập một bộ chỉ số (dự thảo) từ tệp YAML hoặc Excel."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, file: Path, **options) -> None:
        try:
            indicator_set = set_files.save(self.read(file), by=None)
        except set_files.SetRefused as refusal:
            raise CommandError("\n".join(refusal.faults)) from refusal
        self.stdout.write(f"Đã nhập dự thảo {indicator_set}: {len(indicator_set.tree)} tiêu chí.")

    def read(self, file: Path) -> set_files.Definition:
        try:
            if file.suffix.lower() == ".xlsx":
                with file.open("rb") as workbook:
                    return set_files.read_xlsx(workbook)
            return set_files.read_yaml(file.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"Không đọc được tệp {file}.") from fault
