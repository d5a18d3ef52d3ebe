"""Deadlines: properties that hold of any date, any phrase and the last second."""

import unicodedata
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.deadlines import (
    TZ,
    DeadlineNotUnderstood,
    days_late,
    end_of_day,
    is_late,
    parse,
    start_of_day,
)


def due_day(phrase, **given):
    return parse(phrase, **given).due_at.date()


DAYS = st.dates(date(2001, 1, 1), date(2098, 12, 31))
WRITTEN_DAYS = st.sampled_from(
    [
        "{d}/{m}/{y}", "{d:02d}/{m:02d}/{y}", "ngày {d}-{m}-{y}", "{d}.{m}.{y}",
        "ngày {d:02d} tháng {m} năm {y}", "{d} tháng {name} năm {y}", "ngày {d} tháng {m}/{y}",
    ]
)  # fmt: skip
NAMES = "Một,Hai,Ba,Tư,Năm,Sáu,Bảy,Tám,Chín,Mười,Mười Một,Mười Hai"
FRAMES = st.sampled_from(
    [("trước", 1), ("trước ngày", 1), ("chậm nhất", 0), ("đến hết", 0), ("", 0), ("vào", 0)]
)


def write(day, form):
    return form.format(d=day.day, m=day.month, y=day.year, name=NAMES.split(",")[day.month - 1])


@given(DAYS, WRITTEN_DAYS, FRAMES, st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_any_day_in_any_form(day, form, frame, normal, upper):
    lead, before = frame
    phrase = f"{lead}  {write(day, form)}".replace("ngày  ngày", "ngày")
    phrase = unicodedata.normalize(normal, phrase.upper() if upper else phrase)
    due_at = parse(phrase).due_at
    assert due_at == end_of_day(day - timedelta(days=before))
    assert (due_at + timedelta(seconds=1)).time() == start_of_day(day).time()


@given(DAYS, WRITTEN_DAYS, st.integers(0, 23), st.integers(0, 59))
def test_any_hour(day, form, hour, minute):
    exact = start_of_day(day) + timedelta(hours=hour, minutes=minute)
    words = f"{hour} giờ {minute:02d} {write(day, form)}"
    assert parse(f"chậm nhất {words}").due_at == exact
    assert parse(f"trước {words}").due_at == exact - timedelta(seconds=1)


@given(DAYS, DAYS, WRITTEN_DAYS)
def test_any_range(one, other, form):
    phrase = f"từ {write(one, form)} đến {write(other, form)}"
    if one > other:
        with pytest.raises(DeadlineNotUnderstood):
            parse(phrase)
        return
    deadline = parse(phrase)
    assert (deadline.opens_at, deadline.due_at) == (start_of_day(one), end_of_day(other))


@given(DAYS)
def test_any_month_quarter_and_year_end(day):
    month = parse(f"trong tháng {day.month}/{day.year}")
    assert month.opens_at <= start_of_day(day) <= month.due_at
    assert (month.due_at + timedelta(seconds=1)).day == 1
    quarter = parse(f"quý {('I', 'II', 'III', 'IV')[(day.month - 1) // 3]}/{day.year}")
    assert quarter.opens_at <= month.opens_at < month.due_at <= quarter.due_at
    assert parse(f"hết năm {day.year}").due_at == end_of_day(date(day.year, 12, 31))


@given(DAYS, DAYS)
def test_a_day_without_a_year_is_the_next_one(day, issued_on):
    try:
        due = due_day(f"{day.day}/{day.month}", issued_on=issued_on)
    except DeadlineNotUnderstood:
        assert (day.day, day.month) == (29, 2)
        return
    assert issued_on <= due < issued_on + timedelta(days=366)
    assert (due.day, due.month) == (day.day, day.month)


@given(DAYS, st.integers(1, 31), st.sampled_from(["trước ", "chậm nhất ", ""]), st.booleans())
def test_a_recurring_deadline_is_due_within_its_round(issued_on, number, kind, include_day):
    phrase = f"{kind}ngày {number} hằng tháng"
    due = due_day(phrase, issued_on=issued_on, include_day=include_day)
    assert issued_on <= due <= issued_on + timedelta(days=32)
    again = due_day(phrase, issued_on=due + timedelta(days=1), include_day=include_day)
    assert timedelta(days=27) < again - due < timedelta(days=33)


@given(DAYS, st.integers(0, 400))
def test_last_second_on_time_next_one_late(day, later):
    due_at = end_of_day(day)
    for moment in (due_at, due_at.replace(microsecond=999_999), due_at.astimezone(UTC)):
        assert not is_late(moment, due_at)
        assert days_late(moment, due_at) == 0
    moment = due_at + timedelta(seconds=1, days=later)
    assert is_late(moment, due_at.astimezone(UTC))
    assert days_late(moment.astimezone(UTC), due_at) == later + 1
    assert is_late(start_of_day(day + timedelta(days=1)), due_at)


def test_late_on_the_same_day_is_one_day():
    due_at = parse("trước 17 giờ ngày 5/9/2024").due_at
    assert not is_late(datetime(2024, 9, 5, 16, 59, 59, 999_999, TZ), due_at)
    assert days_late(datetime(2024, 9, 5, 17, tzinfo=TZ), due_at) == 1
    assert days_late(datetime(2024, 9, 7, 8, tzinfo=TZ), due_at) == 2


PIECES = (
    "trước chậm nhất là ngày tháng năm học kỳ quý từ đến hết cuối trong hằng hàng mỗi giờ 17h HK1 "
    "1 2 05 30 31 99 I II IV 2024 2025 2024-2025 5/9 31/4 20/01/2025 - / . , : hai mười 17h00"
)


@given(
    st.text() | st.lists(st.sampled_from(PIECES.split()), max_size=8).map(" ".join),
    st.sampled_from([None, "2024-2025", "2025", "2024-2026"]),
    st.none() | DAYS,
    st.booleans(),
)
def test_any_text_is_read_or_refused(text, period, issued_on, include_day):
    try:
        deadline = parse(text, period=period, issued_on=issued_on, include_day=include_day)
    except DeadlineNotUnderstood:
        return
    assert deadline.due_at.utcoffset() == timedelta(hours=7)
    assert deadline.opens_at is None or deadline.opens_at < deadline.due_at
