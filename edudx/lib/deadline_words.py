"""The words deadlines are written with, and the days they name.

Tidying, the patterns of days, months, hours, quarters and terms, and `Given`, which finds the year
that a phrase leaves out.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from edudx.lib.school_calendar import SchoolCalendar, check_period, default_calendar

Span = TypeVar("Span")

LONGEST_PHRASE = 300
EXAMPLES = "ví dụ «trước ngày 20/01/2025» hoặc «trong tháng 9/2024»"

_STRAY = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))  # left behind by Word
_SAME = {ord(dash): "-" for dash in "‐‑‒–—−"} | {ord(","): " ", ord("ð"): "đ"}
_EDGES = " .;:…-+*•()[]«»\"'“”"
_LABEL = re.compile(r"(?:thời hạn|thời gian|hạn nộp|hoàn thành|thực hiện|nộp|gửi)(?: xong)? ?:? ")

YEAR = r"20[0-9]{2}"
MONTH_NAMES = {
    "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7,
    "tám": 8, "chín": 9, "mười": 10, "mười một": 11, "mười hai": 12,
}  # fmt: skip
# Not here on purpose: "giêng" and "chạp", which are months of the moon.
_MONTH = "(?:[0-9]{1,2}|" + "|".join(sorted(MONTH_NAMES, key=len, reverse=True)) + ")"
_OF_YEAR = rf"(?:(?: năm | ?[/.-] ?){YEAR})?"
MONTH = rf"tháng {_MONTH}{_OF_YEAR}"
DAY = rf"(?:ngày )?[0-9]{{1,2}}(?: ?[/.-] ?[0-9]{{1,2}}| tháng {_MONTH}){_OF_YEAR}"
NUMBERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4}
_NUMBER = "(?:[1-4]|iv|iii|ii|i|một|hai|ba|tư|bốn)"
QUARTER = rf"qu[ýí] ?(?P<quarter>{_NUMBER})(?:(?: năm | ?[/.-] ?)(?P<year>{YEAR}))?"
TERM = r"(?:học k[ỳì]|hk) ?(?P<term>[12]|ii|i|một|hai)"
WEEKDAY = r"(?P<weekday>thứ ?(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])|(?:chủ|chúa) nhật)"
_WEEKDAY_FIRST = re.compile(rf"(?:ngày )?(?:\( ?)?{WEEKDAY}(?: ?\))? \(?(?P<day>{DAY})\)?")
_DAY_FIRST = re.compile(rf"(?P<day>{DAY}) ?\(? ?(?:là )?{WEEKDAY}(?: ?\)|\b)")
_WEEKDAYS = {"hai": 0, "ba": 1, "tư": 2, "năm": 3, "sáu": 4, "bảy": 5, "bẩy": 5}
SCHOOL_YEAR = re.compile(rf"năm học ({YEAR}) ?[-/] ?({YEAR})")

LATEST = (
    r"(?:(?:chậm|muộn|trễ) nhất(?: là| vào| đến| trong| hết){0,3}|hạn (?:cuối|chót)(?: là)? ?:?"
    r"|không (?:quá|muộn hơn)|(?:cho )?(?:đến|tới)(?: hết)?|hết)"
)
END = (
    r"(?P<end>(?:(?:chậm|muộn|trễ) nhất(?: là| vào| đến| trong){0,3} )?(?:(?:cho )?(?:đến|tới) )?"
    r"(?:hết|cuối|kết thúc)|(?:chậm|muộn|trễ) nhất(?: là| vào| đến| trong){0,3})"
)
WITHIN = rf"(?:{END} |(?:trong|vào) )?"
EACH = r"(?:hằng|hàng|mỗi)"
KIND = rf"(?:(?P<before>trước) |(?P<latest>{LATEST}) |vào )?"
ON = rf"(?P<day>{DAY})"
NUMBER = r"ngày (?P<number>[0-9]{1,2})"
RANGE_START = rf"(?P<start>{DAY}|[0-9]{{1,2}})"
RANGE_LAST = rf"(?P<last>{DAY})"
SLASHED = rf"(?P<start>(?:ngày )?[0-9]{{1,2}}/[0-9]{{1,2}}(?:/{YEAR})?)"

_DAY_PARTS = re.compile(
    rf"(?:ngày )?(?P<day>[0-9]{{1,2}})"
    rf"(?: ?(?P<mark>[/.-]) ?(?P<month>[0-9]{{1,2}})(?:(?: ?(?P=mark) ?| năm )(?P<year>{YEAR}))?"
    rf"| tháng (?P<name>{_MONTH})(?:(?: năm | ?[/.-] ?)(?P<year_after>{YEAR}))?)"
)
_MONTH_PARTS = re.compile(rf"tháng (?P<name>{_MONTH})(?:(?: năm | ?[/.-] ?)(?P<year>{YEAR}))?")


class DeadlineNotUnderstood(ValueError):
    """A phrase nobody can turn into one instant; its text is a sentence for the user."""


@dataclass(frozen=True)
class Written:
    """A day, or the first of a month, as written; the year may be missing."""

    day: int
    month: int
    year: int | None


def tidy(phrase: str) -> str:
    """Lower case, NFC, single spaces, plain hyphens, no bullets or quotation marks around it."""
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", phrase).lower())
    text = " ".join(text.translate(_STRAY | _SAME).split()).strip(_EDGES)
    return _LABEL.sub("", text, count=1) if _LABEL.match(text) else text


def take_school_year(text: str) -> tuple[str, str | None]:
    """Cut the years out of «năm học 2024-2025»: ("… năm học", "2024-2025")."""
    found = SCHOOL_YEAR.search(text)
    if not found:
        return text, None
    try:
        period = check_period(f"{found[1]}-{found[2]}")
    except ValueError as error:
        raise DeadlineNotUnderstood(str(error)) from None
    return f"{text[: found.start()]}năm học{text[found.end() :]}", period


def take_weekdays(text: str) -> tuple[str, list[tuple[Written, int]]]:
    """Cut «thứ Sáu, ngày 16/10» and «16/10 (thứ Sáu)» to the day: (text, [(day, 4)])."""
    named: list[tuple[Written, int]] = []

    def keep(found: re.Match[str]) -> str:
        word = found["weekday"].split("thứ")[-1].strip()
        if written := read_day(found["day"]):
            named.append((written, _WEEKDAYS.get(word, int(word) - 2 if word.isdigit() else 6)))
        day = found["day"]
        return day if day.startswith("ngày") else f"ngày {day}"

    return _DAY_FIRST.sub(keep, _WEEKDAY_FIRST.sub(keep, text)), named


def read_day(text: str) -> Written | None:
    """A day with its month; None where the marks are mixed, as in 15-9/2024."""
    parts = _DAY_PARTS.fullmatch(text)
    if not parts:
        return None
    year = parts["year"] or parts["year_after"]
    month = parts["month"] or parts["name"]
    return Written(int(parts["day"]), month_number(month), int(year) if year else None)


def read_month(text: str) -> Written:
    parts = _MONTH_PARTS.fullmatch(text)
    if not parts:
        raise DeadlineNotUnderstood(f"«{text}» không phải là một tháng, {EXAMPLES}.")
    year = int(parts["year"]) if parts["year"] else None
    return Written(1, month_number(parts["name"]), year)


def month_number(word: str) -> int:
    return MONTH_NAMES.get(word) or int(word)


def number(word: str) -> int:
    """The number of a quarter or a term: 2, II, hai."""
    return NUMBERS.get(word) or int(word)


@dataclass(frozen=True)
class Given:
    """What is known beside the words; `frame` is the calendar of the period they belong to."""

    phrase: str
    frame: SchoolCalendar | None
    issued_on: date | None
    include_day: bool
    calendar: SchoolCalendar | None

    def refuse(self, what: str) -> DeadlineNotUnderstood:
        return DeadlineNotUnderstood(f"Thời hạn «{short(self.phrase)}» {what}.")

    def day(self, text: str) -> date:
        """The day as written, its year taken from the period or the issuing day when missing."""
        written = read_day(text)
        if not written:
            raise self.refuse(f"có ngày «{text}» viết chưa rõ, xin ghi như «ngày 05/9/2024»")
        return self.choose(
            written, lambda year: real_date(year, written.month, written.day), f"có ngày «{text}»"
        )

    def month(self, text: str) -> tuple[date, date]:
        """First and last day of a month as written."""
        written = read_month(text)
        last = self.choose(written, lambda year: last_of(year, written.month), f"có «{text}»")
        return last.replace(day=1), last

    def choose(self, written: Written, make: Callable[[int], date | None], named: str) -> date:
        """`make(year)` for the written year, that of the period, or the next on or after issue."""
        year = written.year or (self.frame.year_of(written.month) if self.frame else None)
        if make(2024) is None:  # a leap year: what it lacks no year has
            day = None
        elif year:
            day = make(year)
        elif self.issued_on:
            years = (self.issued_on.year, self.issued_on.year + 1)
            day = next((day for day in map(make, years) if day and day >= self.issued_on), None)
        else:
            raise self.refuse("chưa có năm, xin ghi rõ năm, ví dụ «trước ngày 20/01/2025»")
        if day is None:
            raise self.refuse(f"{named} không có trong lịch, xin ghi lại, {EXAMPLES}")
        return day

    def first_day(self) -> date:
        """Where a recurring deadline is looked for from."""
        known = [self.issued_on, self.frame and self.frame.starts_on]
        days = [day for day in known if day]
        if not days:
            raise self.refuse("lặp lại nhưng chưa biết từ khi nào, xin chọn kỳ, ví dụ «2024-2025»")
        return max(days)

    def next_of(self, days: Iterable[date]) -> date:
        """The first of these days that is not before the issuing day and the period."""
        floor = self.first_day()
        return next(day for day in days if day >= floor)

    def teaching(
        self, asked: Callable[[SchoolCalendar], Span | None]
    ) -> tuple[Span, tuple[str, ...]]:
        """A term or the year as the calendar knows it, and a note when it is the default."""
        if self.frame and (known := asked(self.frame)):
            return known, ()
        if self.frame and (usual := asked(default_calendar(self.frame.period))):
            return usual, ("ngày theo lịch mặc định",)
        raise self.refuse("cần biết năm học, xin ghi thêm, ví dụ «năm học 2024-2025»")


def months_after(day: date) -> list[tuple[int, int]]:
    """Year and month of a day and of the three months that follow."""
    starts = [day.year * 12 + day.month - 1 + more for more in range(4)]
    return [(start // 12, start % 12 + 1) for start in starts]


def real_date(year: int, month: int, day: int) -> date | None:
    """The date, None when the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def last_of(year: int, month: int) -> date | None:
    """Last day of a month, None when there is no such month."""
    return last_day(year, month) if 1 <= month <= 12 else None


def last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def short(phrase: str) -> str:
    text = " ".join(phrase.split())
    return text if len(text) <= 80 else f"{text[:79]}…"
