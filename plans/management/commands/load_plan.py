"""`manage.py load_plan FILE.yaml --unit CODE` makes a draft; `--export PK` writes one back."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from edudx.lib.line_yaml import FileRefused
from plans.exchange import plan_yaml
from plans.models import Plan
from schools.models import OrgUnit

LIBRARY = Path(plan_yaml.__file__).parents[1] / "library"


class Command(BaseCommand):
    help = "Nhập một kế hoạch (dự thảo) từ tệp YAML, hoặc xuất một kế hoạch ra YAML."

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("--unit", help="mã đơn vị ban hành; để trống là Sở")
        parser.add_argument("--export", type=int, metavar="SỐ", help="in kế hoạch này ra YAML")
        parser.add_argument(
            "--legal-texts", action="store_true", help="nạp danh mục văn bản căn cứ kèm theo cổng"
        )

    def handle(self, file, unit, export, legal_texts, **options) -> None:
        if legal_texts:
            text = (LIBRARY / "legal_texts.yaml").read_text(encoding="utf-8")
            self.stdout.write(f"Đã thêm {plan_yaml.save_legal_texts(text)} văn bản căn cứ.")
        if export is not None:
            self.stdout.write(plan_yaml.dump(self._the_plan(export)))
        elif file is not None:
            self._load(file, unit)
        elif not legal_texts:
            raise CommandError("Ghi tên tệp, --export hoặc --legal-texts.")

    def _load(self, file: Path, code: str | None) -> None:
        unit = self._the_unit(code)
        try:
            plan = plan_yaml.save(
                plan_yaml.read(file.read_text(encoding="utf-8")), issuer=unit, by=None
            )
        except FileRefused as refusal:
            raise CommandError("\n".join(refusal.faults)) from refusal
        except (OSError, UnicodeDecodeError) as fault:
            raise CommandError(f"Không đọc được tệp {file}.") from fault
        tasks, targets = plan.tasks.count(), plan.targets.count()
        self.stdout.write(
            f"Đã nhập dự thảo số {plan.pk} của {unit}: {tasks} nhiệm vụ, {targets} chỉ tiêu."
        )

    @staticmethod
    def _the_unit(code: str | None) -> OrgUnit:
        """The unit of that code; without one the portal's only Sở."""
        if code:
            found = list(OrgUnit.objects.filter(code=code))
        else:
            found = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.DEPARTMENT)[:2])
        if len(found) != 1:
            raise CommandError(f"Không có đơn vị mã «{code or ''}»; ghi --unit MÃ.")
        return found[0]

    @staticmethod
    def _the_plan(pk: int) -> Plan:
        plan = Plan.objects.filter(pk=pk).first()
        if plan is None:
            raise CommandError(f"Không có kế hoạch số {pk}.")
        return plan
