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


HOURS = st.sampled_from(
    ["{h}h{n:02d}", "{h}:{n:02d}", "{h} giờ {n:02d}", "{h} giờ {n:02d} phút", "{h}g{n:02d}",
     "{h}h{n:02d}'", "{h}h{n:02d}’", "{h} h {n:02d}", "{h}h{n:02d}ph"]
)  # fmt: skip
ORDERS = st.sampled_from(  # words, and how many seconds before the hour they end
    [
        ("{hour} {day}", 0), ("lúc {hour} {day}", 0), ("vào lúc {hour}, {day}", 0),
        ("{day} {hour}", 0), ("{day}, lúc {hour}", 0), ("chậm nhất {hour} {day}", 0),
        ("chậm nhất là vào lúc {hour} {day}", 0), ("đến {hour} {day}", 0),
        ("trước {hour} {day}", 1), ("trước {hour}, {day}", 1), ("{day} trước {hour}", 1),
        ("chậm nhất {day} lúc {hour}", 0), ("trước {day}, lúc {hour}", 1),
        ("hạn chót: {hour} {day}", 0), ("hoàn thành trước {hour} {day}.", 1),
    ]
)  # fmt: skip
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
NAMED = st.sampled_from(
    ["{weekday}, {day}", "{weekday} {day}", "{day} ({weekday})", "{day}, {weekday}",
     "{weekday} ({day})", "({weekday}) {day}"]
)  # fmt: skip


def named(day, form, written, weekday):
    with_word = written if written.startswith("ngày") else f"ngày {written}"
    return form.format(weekday=weekday, day=with_word)


@given(DAYS, WRITTEN_DAYS, HOURS, ORDERS, st.integers(0, 24), st.integers(0, 59), st.booleans())
def test_any_hour_in_any_words(day, form, hours, order, hour, minute, is_upper):
    words, before = order
    minute = minute if hour < 24 else 0
    phrase = words.format(hour=hours.format(h=hour, n=minute), day=write(day, form))
    due_at = parse(phrase.upper() if is_upper else phrase).due_at
    exact = start_of_day(day) + timedelta(hours=hour, minutes=minute, seconds=-before)
    assert due_at == min(exact, end_of_day(day))


@given(DAYS, WRITTEN_DAYS, FRAMES, NAMED, st.booleans())
def test_the_weekday_beside_a_day_changes_nothing(day, form, frame, where, is_upper):
    lead, before = frame
    said = named(day, where, write(day, form), WEEKDAYS[day.weekday()])
    phrase = f"{lead} {said}".replace("ngày ngày", "ngày").strip()
    if lead == "trước ngày" and where.startswith("("):
        return
    due_at = parse(phrase.upper() if is_upper else phrase).due_at
    assert due_at == end_of_day(day - timedelta(days=before))


@given(DAYS, WRITTEN_DAYS, FRAMES, NAMED, st.integers(1, 6))
def test_a_wrong_weekday_is_said(day, form, frame, where, off):
    wrong, right = WEEKDAYS[(day.weekday() + off) % 7], WEEKDAYS[day.weekday()]
    phrase = f"{frame[0]} {named(day, where, write(day, form), wrong)}".replace("ngày ngày", "ngày")
    if frame[0] == "trước ngày" and where.startswith("("):
        return
    with pytest.raises(DeadlineNotUnderstood) as refused:
        parse(phrase.strip())
    said = f"ghi {day:%d/%m/%Y} là {wrong}, nhưng ngày đó là {right}; xin xem lại ngày và thứ."
    assert str(refused.value).endswith(said)


@given(DAYS, st.integers(2, 7))
def test_a_weekday_may_be_a_number(day, number):
    phrase = f"trước thứ {number}, ngày {day.day}/{day.month}/{day.year}"
    if day.weekday() == number - 2:
        assert due_day(phrase) == day - timedelta(days=1)
    else:
        with pytest.raises(DeadlineNotUnderstood, match="xin xem lại ngày và thứ"):
            parse(phrase)


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
