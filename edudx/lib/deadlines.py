"""Deadlines as Vietnamese offices write them, turned into one instant (domain.md §4).

A phrase is tidied, matched as a whole against RULES, and read by the function beside the pattern.
What no pattern covers is refused with a sentence, never guessed.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime

from edudx.lib import deadline_words, readings
from edudx.lib.days import HOUR, TZ, end_of_day, start_of_day
from edudx.lib.deadline_words import (
    DAY,
    EACH,
    EXAMPLES,
    KIND,
    LATEST,
    MONTH,
    NUMBER,
    ON,
    QUARTER,
    RANGE_LAST,
    RANGE_START,
    SLASHED,
    TERM,
    WITHIN,
    YEAR,
    DeadlineNotUnderstood,
    Given,
    short,
)
from edudx.lib.readings import ONE_DAY, Deadline
from edudx.lib.school_calendar import (
    SchoolCalendar,
    check_period,
    days_off,
    default_calendar,
    is_working_day,
)
from edudx.lib.vietnamese import WEEKDAYS

__all__ = [
    "TZ",
    "Deadline",
    "DeadlineNotUnderstood",
    "SchoolCalendar",
    "check_period",
    "days_late",
    "default_calendar",
    "end_of_day",
    "is_late",
    "is_working_day",
    "parse",
    "start_of_day",
]

CLOCK = rf"(?:(?:vào )?lúc |vào )?{HOUR}"


Reading = Callable[[re.Match[str], Given], Deadline]


def parse(
    phrase: str,
    *,
    period: str | None = None,
    issued_on: date | None = None,
    include_day: bool = False,
    calendar: SchoolCalendar | None = None,
) -> Deadline:
    """Read one phrase; DeadlineNotUnderstood when it does not say exactly one deadline."""
    period = _known_period(period)
    text, school_year = deadline_words.take_school_year(deadline_words.tidy(phrase))
    given = Given(phrase, _frame(school_year or period, calendar), issued_on, include_day, calendar)
    text, weekdays = deadline_words.take_weekdays(text)
    match, read = _find_rule(text, has_school_year=school_year is not None)
    deadline = read(match, given)
    _check_weekdays(weekdays, deadline, given)
    notes = [*deadline.notes, *_remarks(deadline, given)]
    if period and school_year and period != school_year:
        notes.append(f"năm học trong câu khác kỳ {period}")
    return replace(deadline, notes=tuple(notes))


def is_late(moment: datetime, due_at: datetime) -> bool:
    """Compared to the second, so the whole of the due second is on time."""
    return moment.astimezone(TZ).replace(microsecond=0) > due_at.astimezone(TZ)


def days_late(moment: datetime, due_at: datetime) -> int:
    """0 when on time, else calendar days in Việt Nam, at least 1."""
    if not is_late(moment, due_at):
        return 0
    return max(1, (moment.astimezone(TZ).date() - due_at.astimezone(TZ).date()).days)


def _check_weekdays(
    named: Iterable[tuple[deadline_words.Written, int]], deadline: Deadline, given: Given
) -> None:
    """«Thứ Sáu, ngày 15/10/2026», a Thursday, names two days: nobody may choose one of them."""
    due = deadline.due_at.date()
    known = [due, due + ONE_DAY, *([deadline.opens_at.date()] if deadline.opens_at else [])]
    for written, number in named:
        for day in known:
            if (day.day, day.month) == (written.day, written.month) and day.weekday() != number:
                raise given.refuse(
                    f"ghi {day:%d/%m/%Y} là {WEEKDAYS[number]}, nhưng ngày đó là "
                    f"{WEEKDAYS[day.weekday()]}; xin xem lại ngày và thứ"
                )


def _remarks(deadline: Deadline, given: Given) -> Iterable[str]:
    """Nothing is moved silently; it is said (domain.md §4, «Real traps»)."""
    due = deadline.due_at.date()
    yield from days_off(due, given.calendar)
    if given.issued_on and due < given.issued_on:
        yield "trước ngày ban hành văn bản"
    if given.frame and not given.frame.starts_on <= due <= given.frame.ends_on:
        yield f"ngoài kỳ {given.frame.period}"


def _known_period(period: str | None) -> str | None:
    try:
        return check_period(period) if period else None
    except ValueError as error:
        raise DeadlineNotUnderstood(str(error)) from None


def _frame(period: str | None, calendar: SchoolCalendar | None) -> SchoolCalendar | None:
    """The given calendar when it is of this period, else an empty one of the period."""
    if not period or (calendar and calendar.period == period):
        return calendar
    return SchoolCalendar(period)


RULES: tuple[tuple[re.Pattern[str], Reading], ...] = tuple(
    (re.compile(pattern), read)
    for pattern, read in (
        (rf"trước (?:(?:lúc )?{HOUR} )?{ON}", readings.before),
        (rf"{LATEST} (?:(?:lúc )?{HOUR} )?{ON}", readings.latest),
        (rf"trước {ON} {CLOCK}", readings.before),
        (rf"{ON} trước {HOUR}", readings.before),
        (rf"{LATEST} {ON} {CLOCK}", readings.latest),
        (rf"{ON} {LATEST} {CLOCK}", readings.latest),
        (rf"{CLOCK} {ON}", readings.on_hour),
        (rf"(?:vào )?{ON} {CLOCK}", readings.on_hour),
        (rf"(?:vào )?{ON}", readings.on_day),
        (rf"trong {ON}", readings.within_day),
        (
            rf"từ (?:ngày )?{RANGE_START} (?:đến|tới)(?: hết)? {RANGE_LAST}",
            readings.day_range,
        ),
        (rf"(?P<start>{DAY}) (?:-|đến|tới) {RANGE_LAST}", readings.day_range),
        (rf"{SLASHED} ?- ?{RANGE_LAST}", readings.day_range),
        (
            rf"từ (?P<start>{MONTH}) (?:đến|tới)(?: hết)? (?P<last>{MONTH})",
            readings.month_range,
        ),
        (rf"{WITHIN}(?P<month>{MONTH})", readings.month),
        (rf"trước (?P<month>{MONTH})", readings.before_month),
        (rf"{WITHIN}{QUARTER}", readings.quarter),
        (rf"{WITHIN}năm (?P<year>{YEAR})", readings.year),
        (r"(?:(?P<end>(?:đến )?(?:hết|cuối))|trong) năm(?P<year>)", readings.year),
        (rf"{WITHIN}{TERM}", readings.term),
        (rf"{WITHIN}năm học", readings.school_year),
        (rf"{EACH} năm {KIND}{ON}", readings.yearly),
        (rf"{KIND}{ON} {EACH} năm", readings.yearly),
        (rf"{EACH} tháng {KIND}{NUMBER}", readings.monthly),
        (rf"{KIND}{NUMBER} {EACH} tháng", readings.monthly),
        (rf"(?:cuối |hết )?{EACH} tháng", readings.monthly_window),
        (rf"(?:cuối |hết )?{EACH} quý", readings.quarterly_window),
        (rf"(?:cuối |hết )?{EACH} năm", readings.yearly_window),
    )
)


def _find_rule(text: str, *, has_school_year: bool) -> tuple[re.Match[str], Reading]:
    """The rule that covers the whole phrase; «… năm học» at its end may only name the period."""
    texts = [text]
    if has_school_year:
        texts.append(re.sub(r"(?: của| trong)? năm học$", "", text))
    for words_left in texts if len(text) <= deadline_words.LONGEST_PHRASE else ():
        for pattern, read in RULES:
            if match := pattern.fullmatch(words_left):
                return match, read
    raise DeadlineNotUnderstood(_why_not(text))


def _why_not(text: str) -> str:
    if not text:
        return f"Xin ghi thời hạn, {EXAMPLES}."
    if len(set(re.findall(DAY, text[: deadline_words.LONGEST_PHRASE]))) > 1:
        return f"Câu «{short(text)}» có nhiều ngày khác nhau, xin ghi một ngày, {EXAMPLES}."
    return f"Chưa đọc được thời hạn «{short(text)}», xin ghi rõ hơn, {EXAMPLES}."
