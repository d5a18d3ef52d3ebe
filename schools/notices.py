"""Messages to many people, each with its own words: one statement for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from schools.channels import CHANNELS
from schools.models import Delivery, Message, User

BATCH = 1000


@dataclass(frozen=True)
class Notice:
    """What some people are told: `lines` are {text, url, tone}."""

    people: tuple[User, ...]
    subject: str
    lines: list[dict]


def tell(notices: Iterable[Notice], *, sender: User | None = None) -> int:
    """Each notice into the inboxes of its people, as `outbox.notify` does one; how many."""
    now = timezone.now()
    return len(
        Message.objects.bulk_create(
            (
                Message(
                    recipient=person, kind=Message.Kind.NOTICE, day=timezone.localdate(now),
                    subject=one.subject[:200], lines=one.lines, sender=sender, created_at=now,
                )
                for one in notices
                for person in one.people
            ),
            batch_size=BATCH,
        )
    )  # fmt: skip


def put(messages: Iterable[Message], now: datetime) -> list[Delivery]:
    """A delivery per message and channel that reaches its recipient, as `outbox.put` of one."""
    return Delivery.objects.bulk_create(
        (
            Delivery(message=message, channel=name, address=address, next_try_at=now)
            for message in messages
            for name, channel in CHANNELS.items()
            if (address := channel.address(message.recipient))
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )
