"""What each kind of deadline means: which day, which second (domain.md §4).

One function a kind; `deadlines.RULES` says which words it reads.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from edudx.lib import deadline_words
from edudx.lib.days import clock, end_of_day, start_of_day
from edudx.lib.deadline_words import EXAMPLES, Given, last_day, last_of, months_after, real_date
from edudx.lib.school_calendar import WEEKEND

ONE_DAY = timedelta(days=1)
Notes = tuple[str, ...]


@dataclass(frozen=True)
class Deadline:
    """A phrase and the instant it means; `rule` is the slug of the reading that was applied."""

    phrase: str
    opens_at: datetime | None
    due_at: datetime
    rule: str
    notes: tuple[str, ...] = ()
    is_recurring: bool = False


def _reading(
    given: Given, rule: str, due: date, opens: date | None = None, *, notes: Notes = (),
    is_recurring: bool = False,
) -> Deadline:  # fmt: skip
    opens_at = start_of_day(opens) if opens else None
    return Deadline(given.phrase, opens_at, end_of_day(due), rule, notes, is_recurring)


def before(match: re.Match[str], given: Given) -> Deadline:
    """«Trước» is exclusive: the day or the hour itself is late (domain.md §4)."""
    day = given.day(match["day"])
    if match["hour"]:
        due_at = _at_hour(match, day, given) - timedelta(seconds=1)
        return Deadline(given.phrase, None, due_at, "before_hour")
    due = day if given.include_day else day - ONE_DAY
    return _reading(given, "before_day", due, notes=_about_named_day(day, given))


def latest(match: re.Match[str], given: Given) -> Deadline:
    """«Chậm nhất», «đến hết» are inclusive (domain.md §4)."""
    day = given.day(match["day"])
    if not match["hour"]:
        return _reading(given, "latest_day", day)
    due_at = min(_at_hour(match, day, given), end_of_day(day))  # 24 giờ is the day's last second
    return Deadline(given.phrase, None, due_at, "latest_hour")


def on_hour(match: re.Match[str], given: Given) -> Deadline:
    """«17h00 ngày 15/10»: until that very moment."""
    day = given.day(match["day"])
    due_at = min(_at_hour(match, day, given), end_of_day(day))
    return Deadline(given.phrase, None, due_at, "on_hour")


def on_day(match: re.Match[str], given: Given) -> Deadline:
    return _reading(given, "on_day", given.day(match["day"]))


def within_day(match: re.Match[str], given: Given) -> Deadline:
    day = given.day(match["day"])
    return _reading(given, "day_window", day, day)


def day_range(match: re.Match[str], given: Given) -> Deadline:
    """From one day to another, both counted."""
    start = deadline_words.read_day(match["start"])
    _refuse_open_year(start, deadline_words.read_day(match["last"]), given)
    last = given.day(match["last"])
    first = _range_start(match["start"], start, last, given)
    if not first or first > last:
        raise given.refuse(f"có ngày bắt đầu không khớp ngày kết thúc, xin ghi lại, {EXAMPLES}")
    return _reading(given, "day_range", last, first)


def _range_start(
    text: str, start: deadline_words.Written | None, last: date, given: Given
) -> date | None:
    """The first day of a range; the month or year it leaves out it takes from the last."""
    if text.isdigit():
        return real_date(last.year, last.month, int(text))
    if not start or start.year:
        return given.day(text)
    is_year_before = (start.month, start.day) > (last.month, last.day)
    return real_date(last.year - is_year_before, start.month, start.day)


def month_range(match: re.Match[str], given: Given) -> Deadline:
    start = deadline_words.read_month(match["start"])
    _refuse_open_year(start, deadline_words.read_month(match["last"]), given)
    last = given.month(match["last"])[1]
    year = start.year or last.year - (start.month > last.month)
    first = real_date(year, start.month, 1)
    if not first or first > last:
        raise given.refuse(f"có tháng bắt đầu không khớp tháng kết thúc, xin ghi lại, {EXAMPLES}")
    return _reading(given, "month_range", last, first)


def _refuse_open_year(
    start: deadline_words.Written | None, last: deadline_words.Written | None, given: Given
) -> None:
    """A year at the start only says nothing certain about the end."""
    if start and start.year and last and not last.year:
        raise given.refuse(f"chưa có năm ở mốc kết thúc, xin ghi rõ năm, {EXAMPLES}")


def month(match: re.Match[str], given: Given) -> Deadline:
    first, last = given.month(match["month"])
    return _window("month", match, given, first, last)


def before_month(match: re.Match[str], given: Given) -> Deadline:
    return _reading(given, "before_month", given.month(match["month"])[0] - ONE_DAY)


def quarter(match: re.Match[str], given: Given) -> Deadline:
    month = deadline_words.number(match["quarter"]) * 3
    year = int(match["year"]) if match["year"] else None
    written = deadline_words.Written(1, month, year)
    last = given.choose(written, lambda year: last_of(year, month), "có quý")
    return _window("quarter", match, given, date(last.year, month - 2, 1), last)


def year(match: re.Match[str], given: Given) -> Deadline:
    """A calendar year; without its number it is not clear beside a school year."""
    if not match["year"] and given.frame and given.frame.is_school_year:
        raise given.refuse("chưa rõ là năm nào, xin ghi như «hết năm 2025» hoặc «cuối năm học»")
    year = int(match["year"]) if match["year"] else None
    written = deadline_words.Written(1, 12, year)
    last = given.choose(written, lambda year: real_date(year, 12, 31), "có năm")
    return _window("year", match, given, date(last.year, 1, 1), last)


def term(match: re.Match[str], given: Given) -> Deadline:
    number = deadline_words.number(match["term"])
    (first, last), notes = given.teaching(lambda calendar: calendar.term(number))
    return _window("term", match, given, first, last, notes=notes)


def school_year(match: re.Match[str], given: Given) -> Deadline:
    (first, last), notes = given.teaching(lambda calendar: calendar.teaching_year)
    return _window("school_year", match, given, first, last, notes=notes)


def _window(
    name: str, match: re.Match[str], given: Given, first: date | None, last: date,
    notes: Notes = (),
) -> Deadline:  # fmt: skip
    """«Trong …» is a window, «hết …» and «cuối …» only its last day."""
    if match["end"]:
        return _reading(given, f"end_of_{name}", last, notes=notes)
    return _reading(given, f"{name}_window", last, first, notes=notes)


def yearly(match: re.Match[str], given: Given) -> Deadline:
    written = deadline_words.read_day(match["day"])
    if not written or written.year:
        raise given.refuse("lặp lại hằng năm, xin ghi ngày và tháng như «hằng năm trước 31/5»")
    if not real_date(2024, written.month, written.day):  # a leap year: 29/2 is a day too
        raise given.refuse(f"có ngày «{match['day']}» không có trong lịch, xin ghi lại, {EXAMPLES}")
    year = given.first_day().year
    months = [(year + more, written.month) for more in (0, 1, 2)]
    return _recurring("yearly", match, given, months, written.day)


def monthly(match: re.Match[str], given: Given) -> Deadline:
    day = int(match["number"])
    if not 1 <= day <= 31:
        raise given.refuse(f"có ngày «{day}» không có trong tháng nào, xin ghi lại, {EXAMPLES}")
    return _recurring("monthly", match, given, months_after(given.first_day()), day)


def monthly_window(match: re.Match[str], given: Given) -> Deadline:
    last = given.next_of(last_day(*month) for month in months_after(given.first_day()))
    return _reading(given, "monthly", last, last.replace(day=1), is_recurring=True)


def quarterly_window(match: re.Match[str], given: Given) -> Deadline:
    months = [month for month in months_after(given.first_day()) if month[1] % 3 == 0]
    last = given.next_of(last_day(*month) for month in months)
    first = last.replace(month=last.month - 2, day=1)
    return _reading(given, "quarterly", last, first, is_recurring=True)


def yearly_window(match: re.Match[str], given: Given) -> Deadline:
    """«Hằng năm» alone is the calendar year, and unclear beside a school year."""
    if given.frame and given.frame.is_school_year:
        raise given.refuse("chưa có ngày và tháng, xin ghi như «hằng năm trước 31/5»")
    year = given.first_day().year
    return _reading(given, "yearly", date(year, 12, 31), date(year, 1, 1), is_recurring=True)


def _recurring(
    name: str, match: re.Match[str], given: Given, months: Iterable[tuple[int, int]], day: int
) -> Deadline:
    """The next due day; a month too short for the day ends it, and a note says so."""
    kind = "before" if match["before"] else "latest" if match["latest"] else "on"
    is_exclusive = kind == "before" and not given.include_day
    due_days = {_due_in(*month, day - is_exclusive): month for month in months}
    due = given.next_of(due_days)
    named = real_date(*due_days[due], day)
    notes: Notes = ()
    if named and kind == "before":
        notes = _about_named_day(named, given)
    if not named:
        notes = (f"tháng {due:%m/%Y} không có ngày {day}, lấy ngày {due:%d/%m/%Y}",)
    return _reading(given, f"{name}_{kind}", due, notes=notes, is_recurring=True)


def _due_in(year: int, month: int, day: int) -> date:
    """Day 0 is the last of the month before; days past the end are the end."""
    return min(date(year, month, 1) + (day - 1) * ONE_DAY, last_day(year, month))


def _at_hour(match: re.Match[str], day: date, given: Given) -> datetime:
    after = clock(match)
    if after is None:
        raise given.refuse("có giờ không đúng, xin ghi như «trước 17 giờ ngày 20/01/2025»")
    return start_of_day(day) + after


def _about_named_day(day: date, given: Given) -> tuple[str, ...]:
    """What the sender should see about «trước ngày»: is the day itself counted?"""
    if given.include_day:
        return (f"tính cả ngày {day:%d/%m/%Y}",)
    weekend = WEEKEND.get(day.weekday())
    named = (f"ngày nêu trong văn bản rơi vào {weekend}",) if weekend else ()
    return (f"không tính ngày {day:%d/%m/%Y}", *named)
