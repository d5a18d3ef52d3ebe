"""Deadlines: domain.md §4 as a table, the seeds' own phrases, and properties of any date."""

import unicodedata
from datetime import date

import pytest

from edudx.lib.deadlines import (
    DeadlineNotUnderstood,
    SchoolCalendar,
    check_period,
    default_calendar,
    end_of_day,
    is_working_day,
    parse,
)

ISSUED = date(2024, 10, 1)
YEAR = "2024-2025"
EXCLUDED, SUNDAY, SATURDAY = "không tính ngày", "rơi vào Chủ nhật", "rơi vào thứ Bảy"

# domain.md §4, row by row: phrase, rule, opens, due
DOMAIN = [
    ("Trong tháng 9/2024", "month_window", "2024-09-01", "2024-09-30"),
    ("Tháng 4/2025", "month_window", "2025-04-01", "2025-04-30"),
    ("Chậm nhất 15/10/2024", "latest_day", None, "2024-10-15"),
    ("chậm nhất ngày 15/10/2024", "latest_day", None, "2024-10-15"),
    ("Trước ngày 20/01/2025", "before_day", None, "2025-01-19"),
    ("trước 08/5/2025", "before_day", None, "2025-05-07"),
    ("đến hết năm 2025", "end_of_year", None, "2025-12-31"),
    ("Quý II/2025", "quarter_window", "2025-04-01", "2025-06-30"),
    ("học kỳ 1", "term_window", "2024-09-05", "2025-01-17"),
    ("cuối năm học", "end_of_school_year", None, "2025-05-30"),
    ("hằng năm trước 31/5", "yearly_before", None, "2025-05-30"),
]
SEEDS = [  # every deadline in /work/shared/seeds, with its line breaks and bullets
    ("Trong tháng \n\n9/2024  ", "month_window", "2024-09-01", "2024-09-30"),
    ("Chậm nhất \n\n15/10/2024  ", "latest_day", None, "2024-10-15"),
    ("Chậm nhất   \n\n20/10/2024  ", "latest_day", None, "2024-10-20"),
    ("Trước ngày  \n\n20/01/2025  ", "before_day", None, "2025-01-19"),
    ("Trước ngày \n\n25/5/2025   ", "before_day", None, "2025-05-24"),
    ("Chậm nhất   \n\n16/10/2024  ", "latest_day", None, "2024-10-16"),
    ("Trước ngày  \n\n15/01/2025  ", "before_day", None, "2025-01-14"),
    ("Trước ngày  \n\n20/5/2025  ", "before_day", None, "2025-05-19"),
    ("trước ngày 16/10/2024. ", "before_day", None, "2024-10-15"),
    ("trước ngày 10/6/2025.", "before_day", None, "2025-06-09"),
    ("+ Tháng 4/2025:", "month_window", "2025-04-01", "2025-04-30"),
    ("+ Trước 08/5/2025:", "before_day", None, "2025-05-07"),
    ("đến hết năm 2025, ", "end_of_year", None, "2025-12-31"),
    ("vào ngày 10 tháng 10 hàng năm.", "yearly_on", None, "2024-10-10"),
    ("học kỳ 1 năm học 2024-\n2025", "term_window", "2024-09-05", "2025-01-17"),
    ("năm học 2024 - 2025", "school_year_window", "2024-09-05", "2025-05-30"),
]
HOURS = [  # offices: phrase, rule, due
    ("17h00 ngày 15/10/2026", "on_hour", "15/10/2026 17:00:00"),
    ("trước ngày 16/10/2026 (thứ Sáu)", "before_day", "15/10/2026 23:59:59"),
    ("trước thứ Sáu, ngày 16/10/2026", "before_day", "15/10/2026 23:59:59"),
    ("chậm nhất 16h30' ngày 15/10/2026", "latest_hour", "15/10/2026 16:30:00"),
    ("24h ngày 15/10/2026", "on_hour", "15/10/2026 23:59:59"),
    ("trước 24h00 ngày 15/10/2026", "before_hour", "15/10/2026 23:59:59"),
    ("trước 17h00, thứ Sáu, ngày 16/10/2026", "before_hour", "16/10/2026 16:59:59"),
    ("từ thứ Hai ngày 12/10/2026 đến thứ Sáu ngày 16/10/2026", "day_range",
     "16/10/2026 23:59:59"),
    ("chậm nhất thứ Năm ngày 15/10", "latest_day", "15/10/2026 23:59:59"),
]  # fmt: skip
VARIANTS = [
    ("ngày 5/9", "on_day", None, "2024-09-05"),
    ("05/09/2024", "on_day", None, "2024-09-05"),
    ("5-9-2024", "on_day", None, "2024-09-05"),
    ("5.9.2024", "on_day", None, "2024-09-05"),
    ("5 – 9 – 2024", "on_day", None, "2024-09-05"),
    ("ngày 05 tháng 9 năm 2024", "on_day", None, "2024-09-05"),
    ("ngày 05 tháng Chín, năm 2024", "on_day", None, "2024-09-05"),
    ("trong ngày 5/9/2024", "day_window", "2024-09-05", "2024-09-05"),
    ("tháng Chín", "month_window", "2024-09-01", "2024-09-30"),
    ("tháng Mười Hai", "month_window", "2024-12-01", "2024-12-31"),
    ("tháng mười năm 2024", "month_window", "2024-10-01", "2024-10-31"),
    ("tháng Năm năm 2025", "month_window", "2025-05-01", "2025-05-31"),
    ("tháng 9 năm 2024", "month_window", "2024-09-01", "2024-09-30"),
    ("Tháng 9, năm học 2024-2025", "month_window", "2024-09-01", "2024-09-30"),
    ("hết tháng 5/2025", "end_of_month", None, "2025-05-31"),
    ("chậm nhất cuối tháng 5", "end_of_month", None, "2025-05-31"),
    ("trước tháng 10/2024", "before_month", None, "2024-09-30"),
    ("từ tháng 9/2024 đến hết tháng 5/2025", "month_range", "2024-09-01", "2025-05-31"),
    ("từ tháng 11 đến tháng 2/2025", "month_range", "2024-11-01", "2025-02-28"),
    ("chậm nhất là ngày 15/10/2024", "latest_day", None, "2024-10-15"),
    ("Thời hạn: chậm nhất vào ngày 15/10", "latest_day", None, "2024-10-15"),
    ("hoàn thành trước ngày 20/01/2025", "before_day", None, "2025-01-19"),
    ("trước ngày 20/01 năm học 2024-2025", "before_day", None, "2025-01-19"),
    ("trong quý II/2025", "quarter_window", "2025-04-01", "2025-06-30"),
    ("trong quí 2", "quarter_window", "2025-04-01", "2025-06-30"),
    ("quý III", "quarter_window", "2024-07-01", "2024-09-30"),
    ("hết quý IV năm 2024", "end_of_quarter", None, "2024-12-31"),
    ("HKI", "term_window", "2024-09-05", "2025-01-17"),
    ("học kì II", "term_window", "2025-01-18", "2025-05-30"),
    ("hết học kỳ I", "end_of_term", None, "2025-01-17"),
    ("cuối năm học 2024-2025", "end_of_school_year", None, "2025-05-30"),
    ("trong năm 2025", "year_window", "2025-01-01", "2025-12-31"),
    ("từ ngày 01/9/2024 đến ngày 30/9/2024", "day_range", "2024-09-01", "2024-09-30"),
    ("từ ngày 01 đến hết ngày 15/9/2024", "day_range", "2024-09-01", "2024-09-15"),
    ("từ 15/12 đến 10/01/2025", "day_range", "2024-12-15", "2025-01-10"),
    ("01/9-30/9/2024", "day_range", "2024-09-01", "2024-09-30"),
    ("Hàng năm, trước ngày 31 tháng 5", "yearly_before", None, "2025-05-30"),
    ("chậm nhất 31/5 mỗi năm", "yearly_latest", None, "2025-05-31"),
    ("hằng tháng", "monthly", "2024-10-01", "2024-10-31"),
    ("trước ngày 25 hằng tháng", "monthly_before", None, "2024-10-24"),
    ("hàng tháng, chậm nhất ngày 5", "monthly_latest", None, "2024-10-05"),
    ("trước ngày 01 hằng tháng", "monthly_before", None, "2024-10-31"),
    ("hằng quý", "quarterly", "2024-10-01", "2024-12-31"),
]


def due_day(phrase, **given):
    return parse(phrase, **given).due_at.date()


@pytest.mark.parametrize(("phrase", "rule", "opens", "due"), DOMAIN + SEEDS + VARIANTS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("case", [str, str.upper, str.lower])
def test_phrase(phrase, rule, opens, due, form, case):
    written = case(unicodedata.normalize(form, phrase))
    deadline = parse(written, period=YEAR, issued_on=ISSUED)
    assert (deadline.rule, deadline.phrase) == (rule, written)
    assert deadline.due_at.isoformat() == f"{due}T23:59:59+07:00"
    assert (deadline.opens_at and deadline.opens_at.isoformat()) == (
        opens and f"{opens}T00:00:00+07:00"
    )
    recurring = ("yearly", "monthly", "quarterly")
    assert deadline.is_recurring == rule.startswith(recurring)


@pytest.mark.parametrize(
    ("phrase", "rule", "due"),
    [
        ("trước 17 giờ ngày 5/9/2024", "before_hour", "2024-09-05T16:59:59+07:00"),
        ("trước 17h00, ngày 5/9/2024", "before_hour", "2024-09-05T16:59:59+07:00"),
        ("trước 17:30 ngày 5/9/2024", "before_hour", "2024-09-05T17:29:59+07:00"),
        ("trước 0 giờ ngày 5/9/2024", "before_hour", "2024-09-04T23:59:59+07:00"),
        ("trước 24h ngày 5/9/2024", "before_hour", "2024-09-05T23:59:59+07:00"),
        ("trước 17 giờ 15 tháng 9 năm 2024", "before_hour", "2024-09-15T16:59:59+07:00"),
        ("chậm nhất 17 giờ ngày 5/9/2024", "latest_hour", "2024-09-05T17:00:00+07:00"),
        ("chậm nhất 16 giờ 30 phút ngày 5/9/2024", "latest_hour", "2024-09-05T16:30:00+07:00"),
        ("chậm nhất 24 giờ ngày 5/9/2024", "latest_hour", "2024-09-05T23:59:59+07:00"),
    ],
)
def test_hours(phrase, rule, due):
    deadline = parse(phrase)
    assert (deadline.rule, deadline.due_at.isoformat()) == (rule, due)


@pytest.mark.parametrize(
    "phrase",
    [
        "", "   ", "sớm nhất có thể", "đột xuất", "thường xuyên", "định kỳ", "ASAP", "20/1/25",
        "gửi về Phòng", "sau ngày 20/01/2025", "từ ngày 05/9/2024", "không trước 20/01/2025",
        "trước ngày 20/01/2025 âm lịch", "đầu tháng 9/2024", "tháng Giêng", "tháng 9, 10/2024",
        "tháng năm 2024", "ngày tháng 9 năm 2024", "ngày 05 tháng năm 2025", "9/2024",
        "15-9/2024", "05-10/9/2024", "5-9-10/9/2024", "trước 25 giờ ngày 5/9/2024",
        "trước 17 giờ 75 ngày 5/9/2024", "hết năm", "hằng năm", "hằng tuần", "quý V/2025",
        "học kỳ 3", "trước 31/5/2025 hằng năm", "trước ngày 32 hằng tháng",
        "từ 30/9/2024 đến 01/9/2024", "từ 01/9/2024 đến 30/9", "từ 31/4 đến 05/5/2025",
        "từ tháng 9/2024 đến tháng 5", "cuối năm học 2024-2026", "tháng 13/2024", "tháng 0/2024",
        "trước ngày 20/01/2025" * 30,
    ],
)  # fmt: skip
def test_unclear_phrase_is_refused_with_a_sentence(phrase):
    with pytest.raises(DeadlineNotUnderstood) as refusal:
        parse(phrase, period=YEAR, issued_on=ISSUED)
    sentence = str(refusal.value)
    assert sentence.endswith(".")
    assert "xin ghi" in sentence.lower()
    assert "«" in sentence


def test_two_days_that_are_no_range_are_refused():
    with pytest.raises(DeadlineNotUnderstood, match="nhiều ngày khác nhau"):
        parse("trước ngày 16/10/2024, riêng THCS trước ngày 20/10/2024")


@pytest.mark.parametrize("day", ["31/4", "31/4/2025", "30/2", "29/2/2025", "31 tháng 11", "0/5"])
def test_a_day_that_does_not_exist_is_named(day):
    for phrase in (day, f"trước ngày {day}", f"chậm nhất {day}"):
        with pytest.raises(DeadlineNotUnderstood, match=f"«{day}|«ngày {day}"):
            parse(phrase, period=YEAR)


@pytest.mark.parametrize("phrase", ["trước ngày 5/9", "tháng Chín", "quý II", "hết năm"])
def test_without_a_year_it_asks_for_one(phrase):
    with pytest.raises(DeadlineNotUnderstood, match="chưa có năm"):
        parse(phrase)


@pytest.mark.parametrize("phrase", ["học kỳ 1", "cuối năm học"])
@pytest.mark.parametrize("period", [None, "2025"])
def test_a_term_needs_its_school_year(phrase, period):
    with pytest.raises(DeadlineNotUnderstood, match="cần biết năm học"):
        parse(phrase, period=period, issued_on=ISSUED)


@pytest.mark.parametrize("phrase", ["hằng tháng", "hằng năm trước 31/5", "hằng quý"])
def test_a_recurring_deadline_needs_a_beginning(phrase):
    with pytest.raises(DeadlineNotUnderstood, match="lặp lại"):
        parse(phrase)


def test_the_year_comes_from_the_period():
    assert due_day("5/9", period=YEAR) == date(2024, 9, 5)
    assert due_day("31/7", period=YEAR) == date(2025, 7, 31)
    assert due_day("5/9", period="2025") == date(2025, 9, 5)
    assert due_day("5/9", period="2025", issued_on=ISSUED) == date(2025, 9, 5)
    assert due_day("hết năm", period="2025") == date(2025, 12, 31)
    assert due_day("tháng 9 năm học 2025-2026", period=YEAR) == date(2025, 9, 30)


def test_or_the_next_time_after_issue():
    assert due_day("1/10", issued_on=ISSUED) == date(2024, 10, 1)
    assert due_day("30/9", issued_on=ISSUED) == date(2025, 9, 30)
    assert due_day("tháng 10", issued_on=date(2024, 10, 31)) == date(2024, 10, 31)
    assert due_day("quý III", issued_on=ISSUED) == date(2025, 9, 30)
    assert due_day("29/2", issued_on=date(2023, 10, 1)) == date(2024, 2, 29)


def test_the_sender_may_count_the_day():
    assert due_day("trước ngày 20/01/2025", include_day=True) == date(2025, 1, 20)
    assert parse("trước 20/01/2025", include_day=True).notes == ("tính cả ngày 20/01/2025",)
    yearly = parse("hằng năm trước 31/5", period=YEAR, include_day=True)
    assert yearly.due_at == end_of_day(date(2025, 5, 31))
    monthly = parse("trước ngày 25 hằng tháng", issued_on=ISSUED, include_day=True)
    assert monthly.due_at == end_of_day(date(2024, 10, 25))


@pytest.mark.parametrize(
    ("phrase", "notes"),
    [
        ("chậm nhất 20/10/2024", (SUNDAY,)),
        ("chậm nhất 15/10/2024", ()),
        ("trước ngày 20/01/2025", (f"{EXCLUDED} 20/01/2025", SUNDAY)),
        (
            "trước ngày 25/5/2025",
            (f"{EXCLUDED} 25/05/2025", "ngày nêu trong văn bản rơi vào Chủ nhật", SATURDAY),
        ),
        ("trong tháng 9/2024", ("trước ngày ban hành văn bản",)),
        ("tháng 4/2025", ("rơi vào ngày nghỉ: Ngày Chiến thắng",)),
        ("02/9/2025", ("rơi vào ngày nghỉ: Quốc khánh", "ngoài kỳ 2024-2025")),
        ("học kỳ 1", ("ngày theo lịch mặc định",)),
        (
            "học kỳ 1 năm học 2025-2026",
            ("ngày theo lịch mặc định", SATURDAY, "năm học trong câu khác kỳ 2024-2025"),
        ),
    ],
)
def test_notes(phrase, notes):
    assert parse(phrase, period=YEAR, issued_on=ISSUED).notes == notes


def test_the_departments_own_calendar_is_used():
    own = SchoolCalendar(
        YEAR,
        term1=(date(2024, 9, 5), date(2025, 1, 10)),
        holidays={date(2025, 1, 28): "Tết Nguyên đán"},
    )
    assert parse("hết học kỳ 1", calendar=own).due_at == end_of_day(date(2025, 1, 10))
    assert parse("hết học kỳ 1", calendar=own).notes == ()
    assert parse("hết học kỳ 2", calendar=own).notes == ("ngày theo lịch mặc định",)
    assert parse("28/01", calendar=own).notes == ("rơi vào ngày nghỉ: Tết Nguyên đán",)
    assert due_day("hết học kỳ 1 năm học 2025-2026", calendar=own) == date(2026, 1, 17)


def test_recurring_goes_on_after_issue():
    assert due_day("hằng năm trước 31/5", issued_on=date(2025, 5, 30)) == date(2025, 5, 30)
    assert due_day("hằng năm trước 31/5", issued_on=date(2025, 5, 31)) == date(2026, 5, 30)
    late = parse("hằng năm trước 31/5", period=YEAR, issued_on=date(2025, 6, 10))
    assert late.due_at == end_of_day(date(2026, 5, 30))
    assert "ngoài kỳ 2024-2025" in late.notes
    assert due_day("hằng năm trước 01/01", period="2025") == date(2025, 12, 31)
    assert due_day("hằng năm", period="2025") == date(2025, 12, 31)


def test_a_short_month_ends_the_recurring_day():
    february = parse("ngày 30 hằng tháng", issued_on=date(2025, 2, 1))
    assert february.due_at == end_of_day(date(2025, 2, 28))
    assert february.notes == ("tháng 02/2025 không có ngày 30, lấy ngày 28/02/2025",)
    assert due_day("trước ngày 30 hằng tháng", issued_on=date(2025, 2, 1)) == date(2025, 2, 28)
    assert due_day("chậm nhất 29/2 hằng năm", period=YEAR) == date(2025, 2, 28)


@pytest.mark.parametrize("text", ["2024-2025", " 2024-2025 ", "2024 - 2025", "2024–2025"])
def test_school_year(text):
    assert check_period(text) == YEAR


@pytest.mark.parametrize("text", ["2024-2026", "2025-2024", "24-25", "", "1999", "năm học", "20"])
def test_not_a_period(text):
    with pytest.raises(ValueError, match="xin ghi năm học như «2024-2025»"):
        check_period(text)
    if text:
        with pytest.raises(DeadlineNotUnderstood):
            parse("tháng 9", period=text)


def test_default_calendar():
    calendar = default_calendar(YEAR)
    assert (calendar.year_starts_on, calendar.year_ends_on) == (
        date(2024, 9, 5),
        date(2025, 5, 30),
    )
    assert (calendar.starts_on, calendar.ends_on) == (date(2024, 8, 1), date(2025, 7, 31))
    year = default_calendar("2025")
    assert (year.term1, year.year_ends_on) == (None, None)
    assert (year.starts_on, year.ends_on) == (date(2025, 1, 1), date(2025, 12, 31))
    assert year.holidays[date(2025, 9, 2)] == "Quốc khánh"


def test_working_days():
    assert is_working_day(date(2024, 10, 15))
    assert not is_working_day(date(2024, 10, 19))
    assert not is_working_day(date(2024, 10, 20))
    for day in (date(2025, 1, 1), date(2025, 4, 30), date(2025, 5, 1), date(2025, 9, 2)):
        assert not is_working_day(day)
    assert is_working_day(date(2025, 11, 24))
    assert not is_working_day(date(2026, 11, 24))


def test_the_second_national_day_follows_the_notice():
    assert not is_working_day(date(2024, 9, 3))
    assert not is_working_day(date(2025, 9, 1))
    assert not is_working_day(date(2027, 9, 3))
    notice = SchoolCalendar("2027", holidays={date(2027, 9, 1): "Quốc khánh"})
    assert not is_working_day(date(2027, 9, 1), notice)
    assert is_working_day(date(2027, 9, 3), notice)


@pytest.mark.parametrize(("phrase", "rule", "due"), HOURS)
def test_hours_and_weekdays_as_offices_write_them(phrase, rule, due):
    found = parse(phrase, period="2026-2027")
    assert (found.rule, f"{found.due_at:%d/%m/%Y %H:%M:%S}") == (rule, due)


@pytest.mark.parametrize(
    "phrase", ["trước ngày 16/10/2026 (thứ Năm)", "từ thứ Ba 12/10/2026 đến thứ Sáu 16/10/2026",
               "chậm nhất Chủ nhật, ngày 15/10"],
)  # fmt: skip
def test_a_wrong_weekday_is_not_passed_over(phrase):
    with pytest.raises(DeadlineNotUnderstood, match="nhưng ngày đó là thứ"):
        parse(phrase, period="2026-2027")


@pytest.mark.parametrize("phrase", ["trước thứ Sáu", "T6 ngày 16/10/2026", "thứ Tám ngày 16/10"])
def test_a_weekday_alone_or_unknown_is_no_deadline(phrase):
    with pytest.raises(DeadlineNotUnderstood, match="Chưa đọc được thời hạn"):
        parse(phrase, period="2026-2027")
