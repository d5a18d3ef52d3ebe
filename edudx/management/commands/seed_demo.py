"""`manage.py seed_demo [--offices N] [--schools N] [--seed S]`: the demo, on an empty base."""

from datetime import timedelta
from pathlib import Path
from random import Random

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from assessments.exchange import set_yaml
from assessments.models import IndicatorSet
from edudx.demo import figure_story, plan_story, report_story, story, tree
from schools.models import Event, OrgUnit

NEWS = timedelta(days=3)

ACCOUNTS = (
    ("dau-moi", "Đầu mối CNTT của trường TH&THCS Tân Thành"),
    ("hieu-truong", "Hiệu trưởng trường TH&THCS Tân Thành"),
    ("chuyen-vien", "Chuyên viên Phòng GDĐT Dương Kinh"),
    ("truong-phong", "Trưởng phòng GDĐT Dương Kinh"),
    ("so", "Chuyên viên Sở GDĐT"),
)


class Command(BaseCommand):
    help = "Tạo tỉnh minh họa: đơn vị, người dùng, một đợt đã công nhận và một đợt đang chạy."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--offices", type=int, default=4)
        parser.add_argument("--schools", type=int, default=60)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--if-empty", action="store_true", help="không làm gì khi đã có dữ liệu"
        )

    def handle(self, offices: int, schools: int, seed: int, if_empty: bool, **options) -> None:
        if not OrgUnit.objects.exists():
            if offices < 1 or schools < 1:
                raise CommandError("Cần ít nhất một phòng và một trường.")
            self.seed(offices, schools, seed)
        elif not if_empty:
            raise CommandError(
                "Cơ sở dữ liệu đã có đơn vị; chỉ tạo dữ liệu minh họa khi còn trống."
            )
        if OrgUnit.objects.filter(code="31", name__contains="Hải Phòng").exists():
            self.show_accounts()

    @transaction.atomic
    def seed(self, offices: int, schools: int, seed: int) -> None:
        for file in sorted((Path(settings.BASE_DIR) / "assessments/indicator_sets").glob("*.yaml")):
            if not IndicatorSet.objects.filter(code=file.stem).exists():
                set_yaml.save(set_yaml.read_yaml(file.read_text(encoding="utf-8")), by=None)
        random = Random(seed)  # noqa: S311 the same seed must give the same province
        province = tree.plant(random, offices=offices, schools=schools)
        cabinet = story.tell(random, province)
        plan_story.tell(random, province, cabinet)
        figure_story.tell(random, province)
        report_story.tell(province)
        # What happened before was told then: nobody's inbox begins with last year's news.
        long_ago = Event.objects.filter(announced_at=None, at__lt=timezone.now() - NEWS)
        long_ago.update(announced_at=F("at"))
        self.stdout.write(
            f"Đã tạo {offices} phòng, {schools} trường, hai đợt đánh giá, năm kế hoạch, "
            "hai yêu cầu số liệu, hai đợt báo cáo."
        )

    def show_accounts(self) -> None:
        self.stdout.write(f"\nTài khoản dùng thử (mật khẩu: {tree.PASSWORD})")
        for mailbox, who in ACCOUNTS:
            self.stdout.write(f"  {mailbox + '@' + tree.DOMAIN:<28} {who}")
        self.stdout.write(f"  {'quan-tri@' + tree.DOMAIN:<28} Quản trị hệ thống\n")
