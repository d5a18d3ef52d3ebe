"""A person's deadlines as iCalendar (RFC 5545), behind a private address that can be revoked."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from icalendar import Alarm, Calendar, Event

from edudx.lib.text import one_line, writable
from plans.models import Assignment, Task
from plans.workflow import WAITING_FOR_UNIT
from schools.models import User
from schools.models.messages import from_letter
from schools.models.postings import hold

AHEAD = timedelta(days=400)
BACK = timedelta(days=60)


def digest(key: str) -> str:
    """Only this is kept: whoever reads the database cannot read the calendars."""
    return hashlib.sha256(key.encode()).hexdigest()


@transaction.atomic
def new_key(person: User) -> str:
    """A fresh private address; the one before no longer opens."""
    hold()
    key = secrets.token_urlsafe(24)
    person.feed_key = digest(key)
    person.save(update_fields=["feed_key"])
    return key


def revoke(person: User) -> None:
    person.feed_key = ""
    person.save(update_fields=["feed_key"])


def owner_of(key: str) -> User | None:
    return User.objects.filter(feed_key=digest(key), is_active=True).first()


def build(person: User) -> bytes:
    """What the person's own units still have to hand in."""
    now = timezone.now()
    units = [one.unit_id for one in person.active_memberships]
    rows = (
        Assignment.objects.filter(unit__in=units, due_at__range=(now - BACK, now + AHEAD))
        .filter(state__in=WAITING_FOR_UNIT, task__state=Task.State.ISSUED)
        .for_list()
        .order_by("due_at", "pk")
    )
    book = Calendar()
    book.add("prodid", "-//edudx//Nhiem vu//VI")
    book.add("version", "2.0")
    book.add("calscale", "GREGORIAN")
    book.add("x-wr-calname", "Nhiệm vụ edudx")
    for one in rows:
        book.add_component(_event(one))
    return book.to_ical()


def _event(one: Assignment) -> Event:
    """A short event that ends at the due instant, with an alarm the day before."""
    event = Event()
    event.add("uid", f"assignment-{one.pk}@edudx")
    event.add("dtstamp", one.given_at)
    event.add("dtstart", one.due_at - timedelta(minutes=30))
    event.add("dtend", one.due_at)
    event.add("summary", one_line(f"Hạn: {one.task.title}"))
    event.add("description", writable(f"{one.task.issuer} giao {one.unit}. {one.task.phrase}"))
    event.add("url", f"{settings.SITE_URL}{from_letter(one.get_absolute_url())}")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", one_line(f"Ngày mai hết hạn: {one.task.title}"))
    alarm.add("trigger", timedelta(days=-1))
    event.add_component(alarm)
    return event
