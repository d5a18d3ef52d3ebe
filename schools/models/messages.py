"""The inbox: what the portal told a person, and the ways it went out besides."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from edudx.lib import waiting
from edudx.lib.locking import LockingQuerySet
from schools.workflow import DELIVERY_TRANSITIONS, DeliveryState

from .events import Event
from .people import User

LEASE = timedelta(minutes=2)  # a sender silent for so long is dead
FROM_LETTER = "tu-thu"  # in an address: followed out of a letter, see schools.hats


def from_letter(url: str) -> str:
    """The address of a thing as a letter, the inbox or a calendar gives it."""
    return f"{url}{'&' if '?' in url else '?'}{FROM_LETTER}=1"


class MessageQuerySet(LockingQuerySet["Message"]):
    def visible_to(self, user: User) -> "MessageQuerySet":
        """One's own, nobody else's; a link for a password is a letter alone."""
        return self.filter(recipient=user).exclude(kind=Message.Kind.ACCESS)

    def unread(self) -> "MessageQuerySet":
        return self.filter(read_at=None)


class Message(models.Model):
    """One message to one person; of a digest at most one a day. `lines` are {text, url, tone}."""

    class Kind(models.TextChoices):
        DIGEST = "digest", "Nhắc việc"
        NOTICE = "notice", "Thông báo"
        CALL = "call", "Đôn đốc"
        ACCESS = "access", "Tài khoản"

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="messages_received"
    )
    kind = models.CharField("loại", max_length=6, choices=Kind)
    day = models.DateField("ngày")
    subject = models.CharField("tiêu đề", max_length=200)
    text = models.TextField("lời nhắn", blank=True)
    lines = models.JSONField("nội dung", default=list)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="messages_sent"
    )
    event = models.ForeignKey(
        Event, verbose_name="sự kiện", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField("lúc", default=timezone.now, db_index=True)
    read_at = models.DateTimeField("đọc lúc", null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = "tin nhắn"
        verbose_name_plural = "hộp thư"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["recipient", "read_at"], name="message_unread")]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "day"],
                condition=Q(kind="digest"),
                name="one_digest_a_day",
                violation_error_message="Hôm nay người này đã có thư nhắc.",
            )
        ]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("schools:message", args=[self.pk])

    @property
    def links(self) -> list[dict]:
        """The lines as they are shown: each leads to its thing, under the hat it is for."""
        return [{**one, "url": from_letter(one["url"])} for one in self.lines]


class DeliveryQuerySet(LockingQuerySet["Delivery"]):
    def due(self, now: datetime) -> "DeliveryQuerySet":
        """Waiting and due, or held by a sender whose lease is over."""
        S = Delivery.State
        return self.filter(
            Q(state=S.QUEUED, next_try_at__lte=now) | Q(state=S.SENDING, lease_until__lt=now)
        )

    def claim(self, pk: int, now: datetime) -> "Delivery | None":
        """Take one in a single UPDATE, so that of two senders one sends."""
        until = max(now, timezone.now()) + LEASE  # of this moment: a long run has an old `now`
        taken = self.due(now).filter(pk=pk).take("claim", lease_until=until, tries=F("tries") + 1)
        return self.select_related("message__recipient").get(pk=pk) if taken else None


class Delivery(models.Model):
    """A message on its way through one channel; the row is the proof of what became of it."""

    State = DeliveryState
    transitions = DELIVERY_TRANSITIONS

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField("kênh", max_length=10)
    address = models.CharField("địa chỉ", max_length=254)
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    next_try_at = models.DateTimeField("thử lúc", default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("gửi lúc", null=True, blank=True)
    fault = models.CharField("lý do", max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = "lần gửi"
        verbose_name_plural = "sổ gửi tin"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "next_try_at"], name="delivery_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel"],
                name="once_per_channel",
                violation_error_message="Tin này đã được gửi qua kênh đó.",
            ),
            models.CheckConstraint(
                name="sent_delivery_says_when",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                violation_error_message="Tin đã gửi phải có thời điểm gửi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.address}: {self.message}"

    def wait(self) -> timedelta:
        """Before the next try: 1, 2, 4 … minutes, never more than an hour."""
        return waiting.wait(self.tries)

    @property
    def is_sent(self) -> bool:
        return self.state == self.State.SENT

    @property
    def is_queued(self) -> bool:
        return self.state == self.State.QUEUED

    @property
    def may_be_tried_again(self) -> bool:
        return self.state in (self.State.BOUNCED, self.State.FAILED)
