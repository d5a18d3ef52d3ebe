"""A day and a moment are read alike on every page, in every cell and file."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.days import TZ, YEARS, day_from, end_of_day, moment_from, start_of_day

DAYS = st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))
WRITTEN_DAYS = st.sampled_from(
    [
        "{d}/{m}/{y}", "{d:02d}/{m:02d}/{y}", "{d}-{m}-{y}", "{d}.{m}.{y}", "{d} / {m} / {y}",
        "{y}-{m:02d}-{d:02d}", "ngày {d}/{m}/{y}", "ngày {d} tháng {m} năm {y}",
        "Ngày {d:02d} tháng {m:02d}, năm {y}", "{d} tháng {m} năm {y}",
    ]
)  # fmt: skip
HOURS = st.sampled_from(
    ["{h}h{n:02d}", "{h}:{n:02d}", "{h} giờ {n:02d}", "{h} giờ {n:02d} phút", "{h}g{n:02d}",
     "{h}h{n:02d}'", "{h} h {n:02d}", "{h:02d}:{n:02d}:00", "{h}H{n:02d}"]
)  # fmt: skip
ORDERS = st.sampled_from(
    ["{hour} {day}", "{hour}, {day}", "lúc {hour} {day}", "{day} {hour}", "{day}, {hour}",
     "{day} lúc {hour}", "  {day}   {hour} "]
)  # fmt: skip


@given(DAYS, WRITTEN_DAYS, st.booleans())
def test_any_day_in_any_writing(day, form, is_upper):
    written = form.format(d=day.day, m=day.month, y=day.year)
    assert day_from(written.upper() if is_upper else f" {written}. ") == day


@given(DAYS, WRITTEN_DAYS)
def test_a_day_alone_is_the_whole_of_it(day, form):
    written = form.format(d=day.day, m=day.month, y=day.year)
    assert moment_from(written, ends_day=True) == end_of_day(day)
    assert moment_from(written, ends_day=False) == start_of_day(day)


@given(DAYS, WRITTEN_DAYS, HOURS, ORDERS, st.integers(0, 23), st.integers(0, 59), st.booleans())
def test_any_moment_in_any_writing(day, form, hours, order, hour, minute, ends_day):
    written = order.format(
        hour=hours.format(h=hour, n=minute), day=form.format(d=day.day, m=day.month, y=day.year)
    )
    exact = datetime.combine(day, time(hour, minute), TZ)
    assert moment_from(written, ends_day=ends_day) == exact


@given(DAYS, st.sampled_from(["24:00", "24h00", "24h", "24 giờ"]), st.booleans())
def test_twenty_four_hours_end_the_day_and_begin_the_next(day, hour, is_first):
    written = f"{hour} ngày {day:%d}/{day.month}/{day.year}"
    if not is_first:
        written = f"{day.day}/{day.month}/{day.year} {hour}"
    assert moment_from(written, ends_day=True) == end_of_day(day)
    if day < date(YEARS[-1], 12, 31):
        assert moment_from(written, ends_day=False) == start_of_day(day + timedelta(days=1))


@given(st.text() | st.text("0123456789/-.: hgngàytháng", max_size=20))
def test_any_text_is_read_or_refused(text):
    for read in (day_from, lambda text: moment_from(text, ends_day=True)):
        try:
            assert read(text).year in YEARS
        except ValueError as refused:
            said = str(refused)
            assert said.startswith(("Ngày ", "Năm ", "Viết ", "Không "))


@pytest.mark.parametrize(
    ("text", "day"),
    [("05/09/20", date(2020, 9, 5)), ("5-9-68", date(2068, 9, 5)), ("5.9.75", date(1975, 9, 5)),
     ("2020-09-05T00:00:00", date(2020, 9, 5)), ("05/09/2020 00:00", date(2020, 9, 5))],
)  # fmt: skip
def test_two_digits_of_a_year_and_an_hour_that_says_nothing(text, day):
    assert day_from(text) == day


@pytest.mark.parametrize(
    "text",
    ["", "31/02/2025", "29/02/2023", "9/25/2020", "05-09/2020", "5/9", "44079", "05092020",
     "05/09/2020 17:00", "17:00 05/09/2020", "tháng 9/2020", "05/09/02020"],
)  # fmt: skip
def test_what_names_no_day(text):
    with pytest.raises(ValueError, match="không có trong lịch hoặc viết chưa đúng"):
        day_from(text)


@pytest.mark.parametrize(
    "text", ["05/09/0026", "31/12/9999", "1/1/1899", "ngày 5 tháng 9 năm 0226"]
)
def test_a_year_that_was_mistyped(text):
    for read in (day_from, lambda text: moment_from(text, ends_day=True)):
        with pytest.raises(ValueError, match=r"chắc là gõ nhầm; chỉ nhận từ năm 1900 đến 2100\."):
            read(text)


@pytest.mark.parametrize("text", ["25:00 5/9/2026", "17:60 5/9/2026", "24h30 5/9/2026"])
def test_an_hour_that_no_clock_shows(text):
    with pytest.raises(ValueError, match="Không có giờ này"):
        moment_from(text, ends_day=True)
