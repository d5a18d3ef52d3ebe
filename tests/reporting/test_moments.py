"""«Cho nhập đến», «Khóa nhập từ»: a day alone is the whole of it; an hour as offices write it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from edudx.lib import deadlines
from reporting import sheet_reading
from reporting.models import DataRequest
from tests import clock, figure_world
from tests.assessments.browse import text

pytestmark = pytest.mark.at("2026-11-28")


@pytest.fixture
def request_(cast):
    return figure_world.ask(cast)


@pytest.fixture
def sheet(cast, request_):
    return figure_world.sheet_of(request_, cast.school)


def lock(client, request_, at: str):
    page = text(client.post(f"{request_.get_absolute_url()}khoa/", {"at": at}, follow=True))
    return page, DataRequest.objects.get(pk=request_.pk).locks_at


def allow(client, sheet, until: str):
    sent = {"until": until, "reason": "Máy hỏng"}
    page = text(client.post(f"{sheet.get_absolute_url()}cho-nhap/", sent, follow=True))
    found = sheet.exceptions.first()
    return page, found.until if found else None


def moment(written: str):
    return clock.moment(written)


@pytest.mark.parametrize("day", ["29/11/2026", "29-11-2026", "ngày 29 tháng 11 năm 2026"])
def test_a_day_counts_to_its_last_second(cast, request_, sheet, sign_in, day):
    lock(sign_in(cast.officer), request_, "28/11/2026")
    _, until = allow(sign_in(cast.specialist), sheet, day)
    assert until == moment("2026-11-29T23:59:59")
    fresh = figure_world.sheet_of(request_, cast.school)
    last = until + timedelta(milliseconds=999)  # the whole of that second
    assert not sheet_reading.why_closed(fresh, last)
    assert sheet_reading.why_closed(fresh, until + timedelta(seconds=1))


def test_today_is_allowed_until_its_end(cast, request_, sheet, sign_in):
    lock(sign_in(cast.officer), request_, "28/11/2026")
    _, until = allow(sign_in(cast.specialist), sheet, "28/11/2026")
    assert until == moment("2026-11-28T23:59:59")
    assert not sheet_reading.why_closed(figure_world.sheet_of(request_, cast.school))


def test_a_lock_begins_with_the_first_second_of_its_day(cast, request_, sign_in):
    _, locks_at = lock(sign_in(cast.officer), request_, "30/11/2026")
    assert locks_at == moment("2026-11-30T00:00:00")
    fresh = figure_world.sheet_of(request_, cast.school)
    assert not sheet_reading.why_closed(fresh, locks_at - timedelta(seconds=1))
    assert "Số liệu đã khóa từ 00:00 30/11/2026" in sheet_reading.why_closed(fresh, locks_at)


@pytest.mark.parametrize(
    ("written", "until", "locks_at"),
    [
        ("17h00 ngày 29/11/2026", "2026-11-29T17:00", "2026-11-29T17:00"),
        ("17h 29/11/2026", "2026-11-29T17:00", "2026-11-29T17:00"),
        ("29/11/2026 17:00", "2026-11-29T17:00", "2026-11-29T17:00"),
        ("29/11/2026, 17 giờ 30 phút", "2026-11-29T17:30", "2026-11-29T17:30"),
        ("24:00 29/11/2026", "2026-11-29T23:59:59", "2026-11-30T00:00"),
        ("24h00 ngày 29/11/2026", "2026-11-29T23:59:59", "2026-11-30T00:00"),
    ],
)
def test_an_hour_is_read_as_offices_write_it(
    cast, request_, sheet, sign_in, written, until, locks_at
):
    assert lock(sign_in(cast.officer), request_, written)[1] == moment(locks_at)
    lock(sign_in(cast.officer), request_, "28/11/2026")  # more time is for what is locked
    assert allow(sign_in(cast.specialist), sheet, written)[1] == moment(until)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("mai", "Viết như 25/10/2026 17:00 hoặc 17h00 ngày 25/10/2026."),
        ("29/11/0026", "Năm 0026 chắc là gõ nhầm"),
        ("31/12/9999 17:00", "Năm 9999 chắc là gõ nhầm"),
        ("25h ngày 29/11/2026", "Không có giờ này."),
    ],
)
def test_what_names_no_moment_gets_a_sentence(cast, request_, sheet, sign_in, written, sentence):
    page, until = allow(sign_in(cast.specialist), sheet, written)
    assert sentence in page
    assert until is None
    page, locks_at = lock(sign_in(cast.officer), request_, written)
    assert sentence in page
    assert locks_at is None


def test_yesterday_is_over(cast, sheet, sign_in):
    page, until = allow(sign_in(cast.specialist), sheet, "27/11/2026")
    assert "Thời điểm phải ở sau lúc này." in page
    assert until is None
    assert deadlines.end_of_day(timezone.localdate()) > timezone.now()
