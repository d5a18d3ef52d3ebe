"""Days and moments as people write them, on a page, in a cell, in a file: one reading, one range.

`deadlines` reads phrases; here stands what names exactly one day or one moment.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .text import one_line

TZ = ZoneInfo("Asia/Ho_Chi_Minh")
YEARS = range(1900, 2101)  # what is outside was mistyped: 0026, 9999
HOUR = (
    r"(?P<hour>[0-9]{1,2})"
    r"(?: ?(?:giờ|g|h)(?: ?(?P<minute>[0-9]{2})(?: ?(?:phút|ph|p|['’′]))?)?"
    r"|:(?P<minutes>[0-9]{2})(?::(?P<seconds>[0-9]{2})(?:\.0+)?)?)"
)
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?:ngày )?(?P<day>\d{1,2}) ?(?P<mark>[/.-]) ?(?P<month>\d{1,2}) ?(?P=mark) ?"
        r"(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})",
        r"(?:ngày )?(?P<day>\d{1,2}) tháng (?P<month>\d{1,2}),? năm (?P<year>\d{4})",
    )
)
_HOUR_FIRST = re.compile(rf"(?:lúc )?{HOUR},? (?P<date>.+)")
_DAY_FIRST = re.compile(rf"(?P<date>.+?)(?:,? (?:lúc )?|t){HOUR}")
NO_DAY = "Ngày này không có trong lịch hoặc viết chưa đúng; viết như 05/09/2025."
NO_MOMENT = "Viết như 25/10/2026 17:00 hoặc 17h00 ngày 25/10/2026."


def day_from(text: str) -> date:
    """«05/09/2020», «5-9-2020», «5.9.20», «2020-09-05», «ngày 5 tháng 9 năm 2020» as one day.

    ValueError with a sentence. An hour is passed over only where it says nothing, as in
    «2020-09-05 00:00:00».
    """
    written = _tidy(text)
    found = _DAY_FIRST.fullmatch(written)
    return _day(found["date"] if found and clock(found) == timedelta() else written)


def moment_from(text: str, *, ends_day: bool) -> datetime:
    """«17h00 ngày 15/10/2026», «15/10/2026 17:00»; a day alone is its last second, or its first.

    «24:00» is the end of the day, or the beginning of the next. ValueError with a sentence.
    """
    written = _tidy(text)
    found = _HOUR_FIRST.fullmatch(written) or _DAY_FIRST.fullmatch(written)
    if not found:
        day = _day(written, NO_MOMENT)
        return end_of_day(day) if ends_day else start_of_day(day)
    day, after = _day(found["date"], NO_MOMENT), clock(found)
    if after is None:
        raise ValueError(f"Không có giờ này. {NO_MOMENT}")
    moment = start_of_day(day) + after
    return min(moment, end_of_day(day)) if ends_day else moment


def end_of_day(day: date) -> datetime:
    """23:59:59 +07:00: what is handed in then is still on time (domain.md §4)."""
    return datetime.combine(day, time(23, 59, 59), TZ)


def start_of_day(day: date) -> datetime:
    return datetime.combine(day, time(), TZ)


def _tidy(text: str) -> str:
    return one_line(text).lower().rstrip(".;, ")


def _day(written: str, unread: str = NO_DAY) -> date:
    found = next((match for one in _DAYS if (match := one.fullmatch(written))), None)
    if found is None:
        raise ValueError(unread)
    year = int(found["year"])
    if len(found["year"]) == 2:  # as computers have it: 69 is 1969, 68 is 2068
        year += 2000 if year < 69 else 1900
    if year not in YEARS:
        raise ValueError(
            f"Năm {found['year']} chắc là gõ nhầm; chỉ nhận từ năm {YEARS[0]} đến {YEARS[-1]}."
        )
    try:
        return date(year, int(found["month"]), int(found["day"]))
    except ValueError:
        raise ValueError(NO_DAY) from None


def clock(found: re.Match[str]) -> timedelta | None:
    """How long after midnight; None for what no clock shows. 24:00 is the end of the day."""
    hour, minute = int(found["hour"]), int(found["minute"] or found["minutes"] or 0)
    after = timedelta(hours=hour, minutes=minute, seconds=int(found["seconds"] or 0))
    return after if minute < 60 and after <= timedelta(days=1) else None
