"""What pages of `schools` show of deadlines; see edudx/lib/slots.py."""

from django.http import HttpRequest

from edudx.lib import slots
from schools.models import User


def calendar(request: HttpRequest, user: User) -> slots.Part:
    """The private address from which the person's calendar reads the deadlines."""
    return "plans/_calendar_address.html", {"has_address": bool(user.feed_key)}


def fill() -> None:
    slots.fill("schools.account.calendar", calendar)
