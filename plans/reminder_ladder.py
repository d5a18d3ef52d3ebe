"""When a deadline is reminded of: rungs before, on and after the day. Pure, knows no database.

A rung is a code: «-7» seven days before, «0» the day itself, «+3» three days overdue. It sounds at
07:30 on a working day; one that falls on a day off goes to the working day before, but an overdue
one never back to the deadline or before it: then to the next working day.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeVar

from edudx.lib.deadlines import TZ
from edudx.lib.school_calendar import SchoolCalendar, working_day_before, working_day_from

Found = TypeVar("Found")

AT = time(7, 30)
WEEK = 7


@dataclass(frozen=True)
class Ladder:
    """Days before (0 is the day itself), days after, then weekly; when others hear of it."""

    before: tuple[int, ...] = (14, 7, 3, 1, 0)
    after: tuple[int, ...] = (1, 3, 7)
    is_weekly_after: bool = True
    office_after: int = 3
    department_after: int = 7


DEFAULT = Ladder()
Calendar = SchoolCalendar | None


@dataclass(frozen=True)
class Rung:
    """`days` after the due day (negative before it); `at` the moment it sounds."""

    days: int
    at: datetime

    @property
    def code(self) -> str:
        return f"{self.days:+d}" if self.days else "0"

    @property
    def is_overdue(self) -> bool:
        return self.days > 0


def rung(days: int, due_on: date, calendar: Calendar) -> Rung:
    """One rung of a deadline with the day it really sounds."""
    wanted = due_on + timedelta(days=days)
    day = working_day_before(wanted, calendar)
    if days > 0 and day <= due_on:
        day = working_day_from(wanted, calendar)
    return Rung(days, datetime.combine(day, AT, TZ))


def offsets(ladder: Ladder, until: int) -> Iterator[int]:
    """Days of the rungs in their order, the weekly ones up to `until` days after."""
    yield from (-days for days in sorted(ladder.before, reverse=True))
    yield from sorted(ladder.after)
    last = max(ladder.after, default=0)
    if ladder.is_weekly_after:
        yield from range(last + WEEK, until + WEEK, WEEK)


def sounded(
    due_at: datetime, now: datetime, ladder: Ladder = DEFAULT, calendar: Calendar = None
) -> list[Rung]:
    """The rungs whose moment has come, oldest first."""
    due_on = due_at.astimezone(TZ).date()
    past = (now.astimezone(TZ).date() - due_on).days
    if past < -max(ladder.before, default=0) - 30:  # a holiday never brings a rung further forward
        return []
    found = (rung(days, due_on, calendar) for days in offsets(ladder, past))
    return [one for one in found if one.at <= now]


def current(
    due_at: datetime, now: datetime, ladder: Ladder = DEFAULT, calendar: Calendar = None
) -> Rung | None:
    """The last rung whose moment has come; earlier ones are covered by it."""
    found = sounded(due_at, now, ladder, calendar)
    return max(found, key=lambda one: (one.at, one.days)) if found else None


def remembering(
    find: Callable[[datetime, datetime, Ladder, Calendar], Found],
) -> Callable[[datetime, datetime, Ladder, str, Calendar], Found]:
    """`find` for many assignments of the same task: each (due_at, ladder, calendar) once."""
    kept: dict[tuple[datetime, Ladder, str], Found] = {}

    def asked(
        due_at: datetime, now: datetime, ladder: Ladder, key: str, calendar: Calendar
    ) -> Found:
        place = (due_at, ladder, key)
        if place not in kept:
            kept[place] = find(due_at, now, ladder, calendar)
        return kept[place]

    return asked
