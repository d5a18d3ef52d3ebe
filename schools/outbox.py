"""What is told: an event or a reminder becomes a message, a message a delivery per channel.

The inbox has a message at once. Each delivery is claimed in one UPDATE, sent outside of any
transaction, and marked. A sender killed in between leaves a lease that runs out: the next one sends
it again under the same Message-ID. One that fails waits alone, longer each time.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from edudx.lib.waiting import MOST_TRIES
from schools.channels import CHANNELS, Away, Deferred, Email, Refused
from schools.guard import Guard
from schools.models import Delivery, Event, JobFault, Message, User

log = logging.getLogger(__name__)
S = Delivery.State
BATCH = 1000

# Kind of message → the question asked again at the moment of sending: an empty answer lets it go,
# a sentence cancels it. An app above registers its own.
STILL_TRUE: dict[str, Callable[[Message, datetime], str]] = {}

# A model → the steps of it that are told, and who tells them: (event, subject) → how many messages.
# Each app registers its own.
TELLING: dict[type, tuple[tuple[str, ...], Callable[[Event, Any], int]]] = {}


# From events to messages


def tell(most: int = 200) -> int:
    """Tell of the events nobody has been told of yet; how many messages."""
    guard = Guard(JobFault.Job.TELL, Event)
    pks = untold().exclude(pk__in=guard.resting).order_by("pk").values_list("pk", flat=True)
    return guard.each(pks[:most], _tell_one)


def untold() -> QuerySet[Event]:
    """Events of steps that are told, and have not been."""
    kinds = ContentType.objects.get_for_models(*TELLING)
    found = Q(pk__in=[])
    for model, (steps, _) in TELLING.items():
        found |= Q(subject_type=kinds[model], step__in=steps)
    return Event.objects.filter(found, announced_at=None)


def _tell_one(pk: int) -> int:
    """The row is held, so that two workers never tell it twice."""
    event = Event.objects.select_for_update(of=("self",)).filter(pk=pk, announced_at=None).first()
    if event is None:
        return 0
    subject = event.subject
    _, words = TELLING[type(subject)]
    told = words(event, subject)
    event.announced_at = timezone.now()
    event.save(update_fields=["announced_at"])
    return told


@dataclass(frozen=True)
class Notice:
    """What some people are told: `lines` are {text, url, tone}."""

    people: tuple[User, ...]
    subject: str
    lines: list[dict]


def notify(
    people: Iterable[User], *, subject: str, lines: list[dict], sender: User | None = None
) -> int:
    """A notice into the inbox of each: what happened, with the way to it."""
    return notify_many([Notice(tuple(people), subject, lines)], sender=sender)


def notify_many(notices: Iterable[Notice], *, sender: User | None = None) -> int:
    """Each notice into the inboxes of its people, in one statement; how many messages."""
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


# From messages to deliveries


def put(message: Message, now: datetime | None = None) -> list[Delivery]:
    """A delivery per channel that reaches the person; the inbox has the message already."""
    return put_many([message], now)


def put_many(messages: Iterable[Message], now: datetime | None = None) -> list[Delivery]:
    """The deliveries of each message, in one statement."""
    return _deliveries(
        (
            (message, name, channel.address(message.recipient))
            for message in messages
            for name, channel in CHANNELS.items()
        ),
        now,
    )


def put_letter(message: Message) -> list[Delivery]:
    """By mail alone, wanted or not: without it the person cannot come in."""
    return _deliveries([(message, Email.name, message.recipient.email)], None)


def _deliveries(ways: Iterable[tuple[Message, str, str]], now: datetime | None) -> list[Delivery]:
    now = now or timezone.now()
    return Delivery.objects.bulk_create(
        (
            Delivery(message=message, channel=name, address=address, next_try_at=now)
            for message, name, address in ways
            if address
        ),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


# Deliveries on their way


@dataclass
class Tally:
    """What one run of the outbox did."""

    sent: list[Delivery] = field(default_factory=list)
    refused: int = 0
    waiting: int = 0


class _Ways:
    """The connections of one run: opened when first needed, closed at its end."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack, self.found, self.away = stack, {}, set()

    def to(self, channel: str) -> Callable[[Delivery], None]:
        """Raises Away when its server cannot be reached."""
        if channel not in self.found:
            self.found[channel] = self.stack.enter_context(CHANNELS[channel].open())
        return self.found[channel]

    def rest(self, channel: str, fault: Away) -> None:
        log.warning("%s is away; its messages wait: %s", channel, fault)
        self.away.add(channel)


@contextmanager
def _ways() -> Iterator[_Ways]:
    with ExitStack() as stack:
        yield _Ways(stack)


def deliver(now: datetime | None = None, *, most: int = 500) -> Tally:
    """Send what is due, the longest waiting first. A channel whose server is away rests until the
    next run; a message that fails alone waits alone.
    """
    now, tally = now or timezone.now(), Tally()
    _give_up_exhausted(now)
    due = Delivery.objects.due(now).order_by("next_try_at", "pk").values_list("pk", "channel")
    with _ways() as ways:
        for pk, channel in list(due[:most]):
            if channel in ways.away:
                tally.waiting += 1
            elif delivery := Delivery.objects.claim(pk, now):
                _carry(delivery, ways, now, tally)
    return tally


def _carry(delivery: Delivery, ways: _Ways, now: datetime, tally: Tally) -> None:
    """One delivery to its end, whatever happens to it."""
    try:
        way = ways.to(delivery.channel)
    except Away as fault:  # before this message was spoken of: no try of its own
        ways.rest(delivery.channel, fault)
        _mark(delivery, "try_again", fault=str(fault), tries=F("tries") - 1)
        tally.waiting += 1
        return
    try:
        _send(delivery, way, now, tally)
    except Refused as fault:
        _mark(delivery, "bounce", fault=str(fault))
        tally.refused += 1
    except Away as fault:
        ways.rest(delivery.channel, fault)
        _put_back(delivery, now, fault, tally)
    except Deferred as fault:
        _put_back(delivery, now, fault, tally)
    except Exception as fault:  # words that cannot be written, a header that cannot be built
        log.exception("Delivery %s cannot be sent", delivery.pk)
        _put_back(delivery, now, fault, tally)


def _send(delivery: Delivery, way: Callable, now: datetime, tally: Tally) -> None:
    ask = STILL_TRUE.get(delivery.message.kind)
    reason = ask(delivery.message, now) if ask else ""
    if reason:
        _mark(delivery, "cancel", fault=reason)
        return
    delivery.message.refresh_from_db(fields=["lines", "subject", "text"])
    way(delivery)
    _mark(delivery, "send", sent_at=now)
    tally.sent.append(delivery)


def _put_back(delivery: Delivery, now: datetime, fault: Exception, tally: Tally) -> None:
    said = str(fault) or type(fault).__name__
    tally.waiting += 1
    if delivery.tries >= MOST_TRIES:
        _mark(delivery, "fail", fault=said)
        return
    _mark(delivery, "try_again", fault=said, next_try_at=now + delivery.wait())


def _give_up_exhausted(now: datetime) -> None:
    """Whose sender died over it every time."""
    dead = Delivery.objects.due(now).filter(state=S.SENDING, tries__gte=MOST_TRIES)
    dead.take("fail", fault=f"Máy gửi dừng giữa chừng {MOST_TRIES} lần.", lease_until=None)


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
