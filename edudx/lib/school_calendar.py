"""The calendar of one period: terms, holidays, working days. Pure Python, knows no database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

PERIOD = re.compile(r"(20[0-9]{2})(?: ?[-–] ?(20[0-9]{2}))?")
PLAN_PERIOD = re.compile(r"(20[0-9]{2})(?:-(20[0-9]{2}))?")  # a year, a school year, several
SCHOOL_YEAR_FIRST_MONTH = 8  # of "2024-2025": 8-12 lie in 2024, 1-7 in 2025
WEEKEND = {5: "thứ Bảy", 6: "Chủ nhật"}

FIXED_HOLIDAYS = (  # day, month, name, first year (Bộ luật Lao động, điều 112)
    (1, 1, "Tết Dương lịch", 2000),
    (30, 4, "Ngày Chiến thắng", 2000),
    (1, 5, "Quốc tế Lao động", 2000),
    (2, 9, "Quốc khánh", 2000),
    (24, 11, "Ngày Văn hóa Việt Nam", 2026),
)
# Quốc khánh's second day is the day before or after, by yearly notice; 03/9 until it is known.
SECOND_NATIONAL_DAY = {2024: 3, 2025: 1, 2026: 1}
SECOND_NATIONAL_DAY_NAME = "Quốc khánh (ngày liền kề)"


def check_period(text: str) -> str:
    """Return "2024-2025" or "2025" tidied; ValueError with a Vietnamese sentence otherwise."""
    found = PERIOD.fullmatch(text.strip())
    if found and not found[2]:
        return found[1]
    if found and int(found[2]) == int(found[1]) + 1:
        return f"{found[1]}-{found[2]}"
    raise ValueError(
        f"Kỳ «{text.strip()[:40]}» chưa đúng, xin ghi năm học như «2024-2025» hoặc năm như «2025»."
    )


@dataclass(frozen=True)
class SchoolCalendar:
    """Terms and holidays of one period; what is not known is None or left out."""

    period: str
    term1: tuple[date, date] | None = None
    term2: tuple[date, date] | None = None
    holidays: Mapping[date, str] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()  # Saturdays and Sundays worked instead of a day off

    def __post_init__(self) -> None:
        object.__setattr__(self, "period", check_period(self.period))

    @property
    def first_year(self) -> int:
        return int(self.period[:4])

    @property
    def last_year(self) -> int:
        return int(self.period[-4:])

    @property
    def is_school_year(self) -> bool:
        return self.first_year != self.last_year

    @property
    def starts_on(self) -> date:
        """First day of the period: 01/8 for a school year, 01/01 for a year."""
        month = SCHOOL_YEAR_FIRST_MONTH if self.is_school_year else 1
        return date(self.first_year, month, 1)

    @property
    def ends_on(self) -> date:
        """Last day of the period: 31/7 for a school year, 31/12 for a year."""
        return date(self.last_year, SCHOOL_YEAR_FIRST_MONTH - 1 if self.is_school_year else 12, 31)

    @property
    def year_starts_on(self) -> date | None:
        """First day of teaching, None when unknown."""
        return self.term1[0] if self.term1 else None

    @property
    def year_ends_on(self) -> date | None:
        """Last day of teaching, None when unknown."""
        return self.term2[1] if self.term2 else None

    @property
    def teaching_year(self) -> tuple[date | None, date] | None:
        """From the first day of teaching, or else the usual one, to the last; None when unknown."""
        if not self.year_ends_on:
            return None
        first = self.year_starts_on or default_calendar(self.period).year_starts_on
        return first, self.year_ends_on

    def term(self, number: int) -> tuple[date, date] | None:
        return self.term1 if number == 1 else self.term2

    def year_of(self, month: int) -> int:
        """The year in which a month of this period lies."""
        return self.first_year if month >= SCHOOL_YEAR_FIRST_MONTH else self.last_year

    def holiday_name(self, day: date) -> str | None:
        """The calendar's own name first, then the holidays fixed by law."""
        own = self.holidays or {}
        if day in own:
            return own[day]
        name = fixed_holidays(day.year).get(day)
        has_own_second = any(date(day.year, 9, other) in own for other in (1, 3))
        return None if name == SECOND_NATIONAL_DAY_NAME and has_own_second else name


@cache
def fixed_holidays(year: int) -> Mapping[date, str]:
    """National holidays on a fixed day; Tết and Giỗ Tổ follow the moon and come in as data."""
    days = {date(year, m, d): name for d, m, name, since in FIXED_HOLIDAYS if year >= since}
    days[date(year, 9, SECOND_NATIONAL_DAY.get(year, 3))] = SECOND_NATIONAL_DAY_NAME
    return days


def default_calendar(period: str) -> SchoolCalendar:
    """The usual frame: HK1 from 05/9 to before 18/01, HK2 to before 31/5; a year has no terms."""
    bare = SchoolCalendar(period)
    first, last = bare.first_year, bare.last_year
    holidays = {**fixed_holidays(first), **fixed_holidays(last)}
    if not bare.is_school_year:
        return SchoolCalendar(bare.period, holidays=holidays)
    return SchoolCalendar(
        bare.period,
        term1=(date(first, 9, 5), date(last, 1, 17)),
        term2=(date(last, 1, 18), date(last, 5, 30)),
        holidays=holidays,
    )


def holiday_name(day: date, calendar: SchoolCalendar | None = None) -> str | None:
    """The holiday on a day, by the given calendar or else by law alone."""
    return calendar.holiday_name(day) if calendar else fixed_holidays(day.year).get(day)


def is_working_day(day: date, calendar: SchoolCalendar | None = None) -> bool:
    """Saturdays, Sundays and holidays are not working days, unless worked instead of one."""
    if calendar and day in calendar.worked:
        return True
    return day.weekday() not in WEEKEND and holiday_name(day, calendar) is None


def working_day_before(day: date, calendar: SchoolCalendar | None = None) -> date:
    """The day itself when it is worked, else the last working day before it."""
    while not is_working_day(day, calendar):
        day -= timedelta(days=1)
    return day


def working_day_from(day: date, calendar: SchoolCalendar | None = None) -> date:
    """The day itself when it is worked, else the next working day."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def days_off(day: date, calendar: SchoolCalendar | None = None) -> tuple[str, ...]:
    """Why a day is not a working day, in the words of a note; empty for a working day."""
    if calendar and day in calendar.worked:
        return ()
    weekend, holiday = WEEKEND.get(day.weekday()), holiday_name(day, calendar)
    notes = [f"rơi vào {weekend}"] if weekend else []
    return (*notes, f"rơi vào ngày nghỉ: {holiday}") if holiday else tuple(notes)


def first_year_of(day: date) -> int:
    """The year in which the school year of that day began: from August on the same year."""
    return day.year if day.month >= 8 else day.year - 1
