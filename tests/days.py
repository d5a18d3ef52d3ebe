"""The days on which something else is true than on most; the suite must be green on each.

`python -m tests.days list`, `… today` (the day of this day's run), `… run [pytest's arguments]`
(the suite on all of them, one after the other), `… seed` (the demo, on $DAY, in a base of its own).
"""

import os
import subprocess
import sys
import tempfile
from datetime import date, datetime, time, timedelta

from edudx.lib.school_calendar import first_year_of
from tests import clock

TET = {
    year: date(year, month, day)
    for year, month, day in (
        (2027, 2, 6), (2028, 1, 26), (2029, 2, 13), (2030, 2, 2), (2031, 1, 23), (2032, 2, 11),
        (2033, 1, 31), (2034, 2, 19), (2035, 2, 8), (2036, 1, 28),
    )
}  # fmt: skip
MORNING, NOON, BEFORE_MIDNIGHT, AFTER_MIDNIGHT = time(7), time(12), time(23, 30), time(0, 30)
NEW_DAY_IN_UTC = time(6, 30), time(7, 5)  # 23:30 and 00:05 UTC


def days(today: date) -> dict[datetime, str]:
    """Moment → why, in their order: a year of them, then 29 February and two school years on."""
    ends = [_month_end(today, more) for more in range(12)]
    found = {
        _at(next(day for day in ends if day.day == 30), BEFORE_MIDNIGHT): "the end of 30 days",
        _at(next(day for day in ends if day.day == 31 and day.month < 12), NOON): "the 31st",
        _at(next(day for day in ends if day.month == 2), BEFORE_MIDNIGHT): "the end of February",
        _at(next(day for day in ends if day.month == 5), NOON): "the end of teaching",
        _at(next(day for day in ends if day.month == 7), BEFORE_MIDNIGHT): "the end of a period",
        _at(_next(today, month=8, day=1), AFTER_MIDNIGHT): "a new period",
        _at(_next(today, month=12, day=31), BEFORE_MIDNIGHT): "31 December",
        _at(_next(today, month=1, day=1), AFTER_MIDNIGHT): "1 January",
        _at(_next(today, day=28), AFTER_MIDNIGHT): "the 28th",
        _at(_next(today, day=29), MORNING): "the 29th",
        _at(_next(today, day=30), BEFORE_MIDNIGHT): "the 30th",
        _at(today + timedelta(days=6 - today.weekday()), NOON): "a Sunday",
        _at(today + timedelta(days=9), NEW_DAY_IN_UTC[0]): "before midnight in UTC",
        _at(today + timedelta(days=9), NEW_DAY_IN_UTC[1]): "after midnight in UTC",
        _at(_leap_day(today), NOON): "29 February",
        _at(date(first_year_of(today) + 2, 10, 16), NOON): "two school years from now",
        _at(date(first_year_of(today) + 3, 4, 20), NOON): "the second term of that year",
    }
    tet = next((day for day in TET.values() if day > today), None)
    if tet:
        found |= {
            _at(tet - timedelta(days=1), BEFORE_MIDNIGHT): "the eve of Tết",
            _at(tet, AFTER_MIDNIGHT): "Tết",
            _at(tet + timedelta(days=4), MORNING): "after Tết",
        }
    return dict(sorted(found.items()))


def day_of_the_run(today: date) -> datetime:
    """Another one every day, each of them within three weeks."""
    found = list(days(today))
    return found[today.toordinal() % len(found)]


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, clock.VIETNAM)


def _month_end(today: date, more: int) -> date:
    month = today.year * 12 + today.month + more
    return date(month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _next(today: date, *, day: int, month: int | None = None) -> date:
    """The next such day, not today."""
    found = today + timedelta(days=1)
    while found.day != day or (month and found.month != month):
        found += timedelta(days=1)
    return found


def _leap_day(today: date) -> date:
    year = next(year for year in range(today.year, today.year + 9)
                if year % 4 == 0 and year % 100 and date(year, 2, 29) > today)  # fmt: skip
    return date(year, 2, 29)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def run(arguments: list[str]) -> int:
    """How many of the days were not green."""
    failed = []
    for day, why in days(clock.today()).items():
        _say(f"\n==== {day.isoformat(timespec='minutes')} {why} ====")
        there = os.environ | {
            "DAY": day.isoformat(timespec="minutes"),
            "DJANGO_SETTINGS_MODULE": "edudx.settings_test",
        }
        suite = [sys.executable, "-m", "pytest", *(arguments or ["-n", "auto"])]
        if subprocess.run([*suite, "--dist", "loadgroup"], env=there).returncode:
            failed.append(there["DAY"])
    for day in failed:
        _say(f"FAIL  make test DAY={day}")
    return len(failed)


def seed() -> None:
    """The demo as `make run` makes it, on the day that is given."""
    with tempfile.TemporaryDirectory(prefix="edudx-day-") as place:
        os.environ |= {"DATA_DIR": place, "DJANGO_SETTINGS_MODULE": "edudx.settings"}
        os.environ.pop("DATABASE_URL", None)  # into no base that anybody uses
        clock.set_for_the_suite()
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("seed_demo")


def main(wish: str, *arguments: str) -> int:
    if wish == "list":
        for day, why in days(clock.today()).items():
            _say(f"{day.isoformat(timespec='minutes')} {why}")
    elif wish == "today":
        _say(day_of_the_run(clock.today()).isoformat(timespec="minutes"))
    elif wish == "seed":
        seed()
    return run(list(arguments)) if wish == "run" else 0


if __name__ == "__main__":
    sys.exit(main(*(sys.argv[1:] or ["list"])))
