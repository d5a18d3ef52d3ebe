"""`manage.py send_reminders [--at 2025-05-17T07:30] [--dry-run]`: one line per message."""

from datetime import datetime

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from edudx.lib.deadlines import TZ
from plans import reminders
from schools import outbox
from schools.models import Delivery, Message


class Command(BaseCommand):
    help = "Gửi các lần nhắc đến hạn; chạy lại không gửi lại."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--at", help="thời điểm, ví dụ 2025-05-17T07:30 (giờ Việt Nam)")
        parser.add_argument("--dry-run", action="store_true", help="chỉ xem, không ghi, không gửi")

    def handle(self, at: str | None, dry_run: bool, **options) -> None:
        now = self._moment(at)
        day = timezone.localtime(now).date()
        sent_before = set(
            Delivery.objects.filter(state=Delivery.State.SENT, message__day=day).values_list(
                "pk", flat=True
            )
        )
        with transaction.atomic():
            self._already(day)
            reminders.claim(now)
            reminders.compose(now)
            if dry_run:
                self._would_send(now)
                transaction.set_rollback(True)
                return
        while outbox.deliver(now).sent:  # one run stops after some hundreds
            pass
        new = Delivery.objects.filter(state=Delivery.State.SENT, sent_at=now).exclude(
            pk__in=sent_before
        )
        for one in new.select_related("message").order_by("pk"):
            self._line("sent", one)

    def _moment(self, at: str | None) -> datetime:
        if at is None:
            return timezone.now()
        try:
            moment = datetime.fromisoformat(at)
        except ValueError as fault:
            raise CommandError(
                f"Không đọc được thời điểm «{at}»; ghi như 2025-05-17T07:30."
            ) from fault
        return moment if moment.tzinfo else moment.replace(tzinfo=TZ)

    def _already(self, day) -> None:
        kinds = (Message.Kind.DIGEST, Message.Kind.CALL)
        rows = Delivery.objects.filter(
            state=Delivery.State.SENT, message__day=day, message__kind__in=kinds
        )
        for one in rows.select_related("message").order_by("pk"):
            self._line("already", one)

    def _would_send(self, now: datetime) -> None:
        for one in Delivery.objects.due(now).select_related("message").order_by("pk"):
            self._line("due", one)

    def _line(self, word: str, one: Delivery) -> None:
        self.stdout.write(f"{word} {one.channel} {one.address} {one.message.subject}")
