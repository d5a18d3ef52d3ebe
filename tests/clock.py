"""What day it is for the tests: days and school years relative to now, and another now.

`DAY=2027-01-01T00:30+07:00` in the environment runs the whole suite at that moment.
"""

import os
from datetime import date, datetime, time, timedelta, timezone

import time_machine

from edudx.lib.school_calendar import first_year_of

VIETNAM = timezone(timedelta(hours=7))


def moment(text: str) -> datetime:
    """«2027-01-01» is 10:00 of that day; a moment without a zone is in Vietnamese time."""
    found = datetime.fromisoformat(text)
    if "T" not in text and " " not in text:
        found = datetime.combine(found, time(10))
    return found if found.tzinfo else found.replace(tzinfo=VIETNAM)


def at(text: str) -> time_machine.travel:
    """The clock set to a moment and running on from there: `with clock.at("2027-05-12"): …`."""
    return time_machine.travel(moment(text), tick=True)


def set_for_the_suite() -> None:
    """Before any test is collected, in every process of the suite; it is not set back."""
    if given := os.environ.get("DAY"):
        at(given).start()


def today() -> date:
    return datetime.now(VIETNAM).date()


AHEAD = 60  # as far ahead as the tests' work reaches


def in_days(days: int) -> date:
    return today() + timedelta(days=days)


def written(day: date) -> str:
    """As people type it: «05/09/2026»."""
    return f"{day:%d/%m/%Y}"


def period(ahead: int = 0) -> str:
    """The school year of the tests' work, «2026-2027», and those before and after it.

    It is that of the day in so many days: what is asked in July would else end with the plan.
    """
    first = first_year_of(in_days(AHEAD)) + ahead
    return f"{first}-{first + 1}"


def period_end() -> date:
    """The last day of `period()`."""
    return date(int(period()[-4:]), 7, 31)


def year(ahead: int = 0) -> int:
    return today().year + ahead


def long_period() -> str:
    """Several years around now, as of a road map: «2025-2030»."""
    return f"{year(-1)}-{year(4)}"
