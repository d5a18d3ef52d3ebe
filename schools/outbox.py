"""Messages on their way: into the inbox at once, through every channel of the person after that.

Each delivery is claimed in one UPDATE, sent outside of any transaction, and marked. A sender killed
in between leaves a lease that runs out: the next one sends it again under the same Message-ID.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from schools.channels import CHANNELS, Away, Refused
from schools.models import Delivery, Event, Message, User
from schools.models.messages import MOST_TRIES

log = logging.getLogger(__name__)
S = Delivery.State

# Kind of message → the question asked again at the moment of sending: an empty answer lets it go,
# a sentence cancels it. An app above registers its own.
STILL_TRUE: dict[str, Callable[[Message, datetime], str]] = {}


@dataclass
class Tally:
    """What one run of the outbox did."""

    sent: list[Delivery]
    refused: int = 0
    waiting: int = 0


def put(message: Message, now: datetime | None = None) -> list[Delivery]:
    """A delivery per channel that reaches the person; the inbox has the message already."""
    now = now or timezone.now()
    reached = [(name, one.address(message.recipient)) for name, one in CHANNELS.items()]
    return Delivery.objects.bulk_create(
        (
            Delivery(message=message, channel=name, address=address, next_try_at=now)
            for name, address in reached
            if address
        ),
        ignore_conflicts=True,
    )


def notify(
    people: Iterable[User], *, subject: str, lines: list[dict], sender: User | None = None
) -> int:
    """A notice into the inbox of each: what happened, with the way to it."""
    now = timezone.now()
    return len(
        Message.objects.bulk_create(
            Message(
                recipient=person, kind=Message.Kind.NOTICE, day=timezone.localdate(now),
                subject=subject[:200], lines=lines, sender=sender, created_at=now,
            )
            for person in people
        )
    )  # fmt: skip


# A model → the steps of it that are told, and who tells them: (event, subject) → how many messages.
Telling = dict[type, tuple[tuple[str, ...], Callable[[Event, object], int]]]


def announce(telling: Telling, most: int = 200) -> int:
    """Tell of the events nobody has been told of yet: the event is the outbox."""
    kinds = ContentType.objects.get_for_models(*telling)
    due = Q(pk__in=[])
    for model, (steps, _) in telling.items():
        due |= Q(subject_type=kinds[model], step__in=steps)
    events = Event.objects.filter(due, announced_at=None).order_by("pk")
    told = 0
    for pk in events.values_list("pk", flat=True)[:most]:
        try:
            told += _announce_one(pk, telling)
        except Exception:  # this event alone: those after it are told all the same
            log.exception("Event %s cannot be told", pk)
    return told


@transaction.atomic
def _announce_one(pk: int, telling: Telling) -> int:
    """The row is held, so that two workers never tell it twice."""
    event = Event.objects.select_for_update(of=("self",)).filter(pk=pk, announced_at=None).first()
    if event is None:
        return 0
    subject = event.subject
    told = telling[type(subject)][1](event, subject)
    event.announced_at = timezone.now()
    event.save(update_fields=["announced_at"])
    return told


def deliver(now: datetime | None = None, *, most: int = 500) -> Tally:
    """Send what is due. A channel whose server is away is left alone until the next run."""
    now = now or timezone.now()
    tally, away = Tally([]), set()
    for pk, channel in Delivery.objects.due(now).order_by("pk").values_list("pk", "channel")[:most]:
        if channel in away:
            tally.waiting += 1
            continue
        delivery = Delivery.objects.claim(pk, now)
        if delivery is None:
            continue
        try:
            _send(delivery, now, tally)
        except Away as fault:
            log.warning("%s is away; its messages wait: %s", channel, fault)
            away.add(channel)
            tally.waiting += 1
            _put_back(delivery, now, str(fault))
    return tally


def _send(delivery: Delivery, now: datetime, tally: Tally) -> None:
    ask = STILL_TRUE.get(delivery.message.kind)
    reason = ask(delivery.message, now) if ask else ""
    if reason:
        _mark(delivery, "cancel", fault=reason)
        return
    delivery.message.refresh_from_db(fields=["lines", "subject", "text"])
    try:
        CHANNELS[delivery.channel].send(delivery)
    except Refused as fault:
        _mark(delivery, "bounce", fault=str(fault))
        tally.refused += 1
    else:
        _mark(delivery, "send", sent_at=now)
        tally.sent.append(delivery)


def _put_back(delivery: Delivery, now: datetime, fault: str) -> None:
    if delivery.tries >= MOST_TRIES:
        _mark(delivery, "fail", fault=fault)
        return
    _mark(delivery, "try_again", fault=fault, next_try_at=now + delivery.wait())


def _mark(delivery: Delivery, step: str, *, fault: str = "", **values) -> None:
    """Only while the delivery is still ours."""
    Delivery.objects.filter(pk=delivery.pk, state=S.SENDING, tries=delivery.tries).take(
        step, fault=fault[:300], lease_until=None, **values
    )


def try_again(delivery: Delivery) -> None:
    """By an administrator: a bounced or failed one goes back into the queue."""
    Delivery.objects.filter(pk=delivery.pk).take(
        "send_again", tries=0, next_try_at=timezone.now(), fault=""
    )
