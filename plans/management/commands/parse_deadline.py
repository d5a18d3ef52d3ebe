"""`manage.py parse_deadline "PHRASE" [--period 2024-2025] [--issued 2024-10-01]`."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError

from edudx.lib import deadlines


class Command(BaseCommand):
    help = "Đọc một thời hạn như viết trong văn bản; in mỗi dòng một «tên=giá trị»."

    def add_arguments(self, parser) -> None:
        parser.add_argument("phrase")
        parser.add_argument("--period", help="kỳ, ví dụ 2024-2025")
        parser.add_argument("--issued", help="ngày ban hành, ví dụ 2024-10-01")
        parser.add_argument("--include-day", action="store_true", help="«trước ngày» tính cả ngày")

    def handle(self, phrase, period, issued, include_day, **options) -> None:
        calendar = deadlines.default_calendar(period) if self._is_period(period) else None
        try:
            found = deadlines.parse(
                phrase, period=period, issued_on=self._day(issued), include_day=include_day,
                calendar=calendar,
            )  # fmt: skip
        except deadlines.DeadlineNotUnderstood as fault:
            raise CommandError(str(fault)) from fault
        if found.opens_at:
            self.stdout.write(f"opens_at={found.opens_at.isoformat()}")
        self.stdout.write(f"due_at={found.due_at.isoformat()}")
        self.stdout.write(f"rule={found.rule}")
        for note in found.notes:
            self.stdout.write(f"note={note}")

    @staticmethod
    def _is_period(period: str | None) -> bool:
        try:
            return bool(period) and bool(deadlines.check_period(period))
        except ValueError as fault:
            raise CommandError(str(fault)) from fault

    @staticmethod
    def _day(text: str | None) -> date | None:
        try:
            return date.fromisoformat(text) if text else None
        except ValueError as fault:
            raise CommandError(f"Ngày «{text}» phải viết như 2024-10-01.") from fault
