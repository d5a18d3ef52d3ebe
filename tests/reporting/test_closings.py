"""What whoever asked, the specialist and the head see of closings that are no longer true."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.actions import closings, requests, sheets
from tests import figure_world
from tests.assessments.browse import text
from tests.home import todos

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(cast):
    return figure_world.ask(cast)


@pytest.fixture
def sent(cast, request_):
    """The school's figures are in."""
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))


def close(cast, request):
    return closings.prepare(request, cast.office, by=cast.specialist, reason="Còn thiếu")


def test_the_issuer_is_told_at_home_and_in_the_list_that_an_office_must_close_again(
    cast, request_, sent, sign_in
):  # fmt: skip
    closed = close(cast, request_)
    closings.approve(closed, by=cast.office_head)
    client = sign_in(cast.officer)
    assert "phòng cần chốt lại" not in text(client.get("/bao-cao/so-lieu/"))
    sheet = figure_world.enter(
        figure_world.sheet_of(request_, cast.school), cast.focal, figure_world.numbers(110, 45, 50)
    )
    sheets.hand_in(sheet, by=cast.focal, reason="Đếm sót")
    assert "1 phòng cần chốt lại" in text(client.get("/bao-cao/so-lieu/"))
    assert any("1 phòng cần chốt lại" in one.text for one in todos(client))
    assert "phòng cần chốt lại" not in text(sign_in(cast.specialist).get("/bao-cao/so-lieu/"))


def test_a_second_closing_says_what_changed(cast, request_, sent, sign_in):
    close(cast, request_)
    sheet = figure_world.enter(
        figure_world.sheet_of(request_, cast.school), cast.focal, figure_world.numbers(110, 45, 50)
    )
    sheets.hand_in(sheet, by=cast.focal, reason="Đếm sót")
    close(cast, request_)
    address = f"{request_.get_absolute_url()}chot/{cast.office.code}/2/"
    page = text(sign_in(cast.specialist).get(address))
    assert "Khác lần chốt trước ở 1 số: Tổng số học sinh: 100 → 110" in page
    assert "Lần chốt 1" in page


def test_a_locked_request_says_so(cast, request_, sign_in):
    client = sign_in(cast.officer)
    assert "Đang thu" in text(client.get(request_.get_absolute_url()))
    requests.lock(request_, at=timezone.now() - timedelta(hours=1), by=cast.officer)
    for address in (request_.get_absolute_url(), "/bao-cao/so-lieu/"):
        page = text(client.get(address))
        assert "Đã khóa nhập" in page
        assert "Đang thu" not in page


def test_what_waits_for_the_head_comes_by_how_long_it_has_waited(cast, request_, sent, sign_in):
    close(cast, request_)
    (todo,) = [one for one in todos(sign_in(cast.office_head)) if "Duyệt số liệu" in one.text]
    assert todo.order <= timezone.now()
    assert todo.due_at > timezone.now()
