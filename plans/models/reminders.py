"""Reminders: the ladder of a kind of task, the ledger of what was told to whom, the last beat."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from edudx.lib.locking import LockingQuerySet
from plans.models.assignments import Assignment
from plans.models.tasks import Task
from plans.reminder_ladder import DEFAULT, Ladder
from plans.workflow import REMINDER_TRANSITIONS, ReminderState
from schools.models import Message, OrgUnit
from schools.workflow import DeliveryState

MOST_DAYS = 60  # before and after: what the sweep looks at


def validate_days(value) -> None:
    """A list of whole days, 0 to 60, each once."""
    is_good = isinstance(value, list) and all(
        type(one) is int and 0 <= one <= MOST_DAYS for one in value
    )
    if not is_good or len(set(value)) != len(value):
        raise ValidationError(
            f"Ghi các số ngày từ 0 đến {MOST_DAYS}, mỗi số một lần, ví dụ 14, 7, 3, 1, 0."
        )


class ReminderRule(models.Model):
    """The ladder of one department for one kind of task; without a row the default holds."""

    department = models.ForeignKey(
        OrgUnit,
        verbose_name="Sở",
        on_delete=models.PROTECT,
        related_name="reminder_rules",
        limit_choices_to={"kind": "department"},
    )
    kind = models.CharField("loại nhiệm vụ", max_length=20, choices=Task.Kind)
    days_before = models.JSONField(
        "nhắc trước (ngày)", default=list, blank=True, validators=[validate_days],
        help_text="Ví dụ: 14, 7, 3, 1, 0; 0 là chính ngày đó.",
    )  # fmt: skip
    days_after = models.JSONField(
        "nhắc khi quá hạn (ngày)", default=list, blank=True, validators=[validate_days],
        help_text="Ví dụ: 1, 3, 7.",
    )  # fmt: skip
    is_weekly_after = models.BooleanField("sau đó nhắc hằng tuần", default=True)
    office_after = models.PositiveSmallIntegerField("báo đơn vị giao sau (ngày)", default=3)
    department_after = models.PositiveSmallIntegerField("báo Sở sau (ngày)", default=7)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "thang nhắc việc"
        verbose_name_plural = "thang nhắc việc"
        ordering = ["department", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "kind"],
                name="one_ladder_per_kind",
                violation_error_message="Loại nhiệm vụ này đã có thang nhắc việc.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.department}"

    def clean(self) -> None:
        if self.department_after < self.office_after:
            raise ValidationError(
                {"department_after": "Báo Sở không được trước khi báo đơn vị giao."}
            )

    @property
    def ladder(self) -> Ladder:
        return Ladder(
            before=tuple(sorted(self.days_before, reverse=True)),
            after=tuple(sorted(self.days_after)),
            is_weekly_after=self.is_weekly_after,
            office_after=self.office_after,
            department_after=self.department_after,
        )

    @classmethod
    def ladders(cls) -> dict[tuple[str, str], Ladder]:
        """(department code, kind) → ladder, for those who have their own."""
        rows = cls.objects.select_related("department")
        return {(one.department.code, one.kind): one.ladder for one in rows}


def ladder_of(ladders: dict, department_code: str, kind: str) -> Ladder:
    return ladders.get((department_code, kind), DEFAULT)


class ReminderQuerySet(LockingQuerySet["Reminder"]):
    def sent(self) -> "ReminderQuerySet":
        """As `Reminder.is_sent`."""
        out = Q(message__deliveries__state=DeliveryState.SENT) | Q(message__deliveries=None)
        return self.filter(out, state=ReminderState.LISTED).exclude(message=None).distinct()


class Reminder(models.Model):
    """One line of the ledger: this rung of this assignment, to this person, once."""

    State = ReminderState
    transitions = REMINDER_TRANSITIONS

    assignment = models.ForeignKey(
        Assignment, verbose_name="nhiệm vụ của đơn vị", on_delete=models.PROTECT,
        related_name="reminders",
    )  # fmt: skip
    rung = models.CharField("bậc", max_length=8)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người nhận", on_delete=models.PROTECT,
        related_name="reminders",
    )  # fmt: skip
    due_at = models.DateTimeField("hạn khi nhắc")
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.CLAIMED)
    reason = models.CharField("lý do", max_length=200, blank=True)
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="reminders"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người đôn đốc", on_delete=models.PROTECT,
        null=True, blank=True, related_name="sent_reminders",
    )  # fmt: skip
    claimed_at = models.DateTimeField("ghi lúc")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhắc"
        verbose_name_plural = "sổ nhắc việc"
        ordering = ["-claimed_at", "-pk"]
        indexes = [
            models.Index(
                fields=["recipient"], name="reminder_to_send", condition=Q(state="claimed")
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "rung", "recipient", "due_at"],
                name="reminded_once",
                violation_error_message="Người này đã được nhắc ở bậc này.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} [{self.rung}]"

    @property
    def is_sent(self) -> bool:
        """Proof of reminding: a letter has left, or lies in the inbox of who wants no letters. What
        was only written down, or has bounced, is none. Reads the message's deliveries.
        """
        if self.state != ReminderState.LISTED or self.message is None:
            return False
        ways = list(self.message.deliveries.all())
        return not ways or any(one.is_sent for one in ways)

    @property
    def rung_label(self) -> str:
        """«trước 7 ngày», «quá hạn 3 ngày», «đôn đốc»."""
        if self.rung.startswith("c"):
            return f"đôn đốc{f' của {self.by}' if self.by else ''}"
        days = int(self.rung)
        return (
            f"quá hạn {days} ngày" if days > 0 else f"trước {-days} ngày" if days else "chính ngày"
        )


class Beat(models.Model):
    """When a periodic job last ran and what it did, for the administrator's page."""

    REMIND = "remind"
    LABELS = {REMIND: "Nhắc việc"}

    name = models.CharField("việc", max_length=40, unique=True)
    at = models.DateTimeField("lúc")
    said = models.CharField("kết quả", max_length=200, blank=True)

    class Meta:
        verbose_name = "nhịp chạy định kỳ"
        verbose_name_plural = "nhịp chạy định kỳ"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_silent(self) -> bool:
        """It should have run again long ago."""
        return timezone.now() - self.at > timedelta(minutes=10)

    @property
    def label(self) -> str:
        return self.LABELS.get(self.name, self.name)
