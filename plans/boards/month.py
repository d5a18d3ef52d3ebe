"""Deadlines by month, as a calendar shows them."""

import calendar
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from edudx.lib import deadlines
from plans.models import Assignment


@dataclass
class Day:
    """One day of the month calendar."""

    on: date
    is_in_month: bool
    tasks: list = field(default_factory=list)


def deadlines_of(path: str, first: date, last: date):
    """The deadlines of these days in that part of the tree, each with how many have handed in."""
    days = (deadlines.start_of_day(first), deadlines.end_of_day(last))
    return (
        Assignment.objects.below(path)
        .counted()
        .filter(due_at__range=days)
        .values("task", "task__code", "task__title", "task__issuer__short_name", "due_at")
        .annotate(
            expected=Count("pk"),
            received=Count("pk", filter=Q(handed_in_at__isnull=False)),
        )
        .order_by("due_at", "task")
    )


def month_of(path: str, first: date) -> list[list[Day]]:
    """The weeks of a month with their deadlines."""
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    rows = deadlines_of(path, first, next_month(first) - timedelta(days=1))
    days: dict[date, list] = {}
    for row in rows:
        days.setdefault(timezone.localtime(row["due_at"]).date(), []).append(row)
    return [[Day(on, on.month == first.month, days.get(on, [])) for on in week] for week in weeks]


def next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=7)).replace(day=1)


def month_before(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
