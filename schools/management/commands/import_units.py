"""`manage.py import_units FILE [--people] [--apply]`: show or do what a workbook asks for."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from schools.exchange import import_units_people
from schools.models import ImportBatch


class Command(BaseCommand):
    help = "Nhập đơn vị (hoặc người dùng) từ Excel; không có --apply thì chỉ xem trước."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--people", action="store_true", help="tệp người dùng")
        parser.add_argument("--apply", action="store_true", help="ghi vào cơ sở dữ liệu")
        parser.add_argument(
            "--open-work", action="append", default=[], metavar="MÃ=withdraw|MÃ=MÃ_KẾ_THỪA",
            help="việc chưa xong của đơn vị mà tệp đóng: rút, hoặc chuyển cho đơn vị kế thừa",
        )  # fmt: skip

    def handle(self, file: Path, people: bool, apply: bool, **options) -> None:
        kind = ImportBatch.Kind.PEOPLE if people else ImportBatch.Kind.UNITS
        answers = dict(one.partition("=")[::2] for one in options["open_work"])
        try:
            with file.open("rb") as workbook:
                run = (
                    import_units_people.apply(kind, workbook, by=None, answers=answers)
                    if apply
                    else import_units_people.dry_run(kind, workbook, by=None)
                )
        except OSError as fault:
            raise CommandError(f"Không đọc được tệp {file}: {fault.strerror}.") from fault
        except ValidationError as fault:
            raise CommandError("\n".join(fault.messages)) from fault
        self.show(run)
        if run.problems:
            raise CommandError(f"{len(run.problems)} lỗi; không có gì được ghi.")
        self.stdout.write("Đã ghi." if apply else "Xem trước; thêm --apply để ghi.")

    def show(self, run: import_units_people.DryRun) -> None:
        for change in run.created:
            self.stdout.write(f"+ {change.name}")
        for change in run.changed:
            told = "; ".join(
                f"{label}: «{old}» → «{new}»" for label, old, new in change.differences
            )
            self.stdout.write(f"~ {change.name}: {told}")
        for warning in run.warnings:
            self.stderr.write(f"? {warning}")
        for closing in run.closings:
            self.stdout.write(f"? {closing.question} (--open-work {closing.unit.code}=…)")
        for problem in run.problems:
            self.stderr.write(f"! {problem}")
        self.stdout.write(
            f"Tạo mới {len(run.created)}, thay đổi {len(run.changed)}, giữ nguyên {len(run.left)}."
        )
