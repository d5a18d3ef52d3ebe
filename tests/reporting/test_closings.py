"""Closed by the office, approved by its head; closed again when a school corrects."""

import pytest
from django.utils import timezone

from edudx.lib.workflow import StepRefused
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
    return figure_world.sheet_of(request_, cast.school)


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


def test_what_waits_for_the_head_comes_by_how_long_it_has_waited(cast, request_, sent, sign_in):
    close(cast, request_)
    (todo,) = [one for one in todos(sign_in(cast.office_head)) if "Duyệt số liệu" in one.text]
    assert todo.order <= timezone.now()
    assert todo.due_at > timezone.now()


def test_nothing_is_given_back_or_approved_where_nobody_can_enter(cast, request_, sent):
    found = close(cast, request_)
    requests.lock(request_, at=timezone.now(), by=cast.officer)
    with pytest.raises(StepRefused, match="cho đơn vị nhập thêm trước khi trả lại"):
        closings.give_back(sent, by=cast.specialist, reason="Sai")
    requests.end(request_, by=cast.officer, reason="Xong")
    for step in (
        lambda: closings.give_back(sent, by=cast.specialist, reason="Sai"),
        lambda: closings.approve(found, by=cast.office_head),
    ):
        with pytest.raises(StepRefused, match="đã kết thúc"):
            step()
    assert figure_world.sheet_of(request_, cast.school).assignment.state == "handed_in"


def test_a_closing_of_nothing_is_refused_and_breaks_no_page(cast, request_, sign_in):
    with pytest.raises(StepRefused, match="Chưa có trường nào nộp"):
        close(cast, request_)
    assert sign_in(cast.officer).get(request_.get_absolute_url()).status_code == 200


def test_what_was_given_back_is_named_before_it_is_closed(cast, request_, sent):
    closings.give_back(sent, by=cast.specialist, reason="Sai")
    missing = closings.missing_for_close(request_, cast.office)
    assert f"Còn 1 đơn vị bị trả lại, chưa nộp lại: {cast.school}." in missing


def test_a_late_correction_is_on_the_desk_of_the_office_again(cast, request_, sent, sign_in):
    closings.approve(close(cast, request_), by=cast.office_head)
    assert todos(sign_in(cast.specialist)) == []
    figure_world.hand_in(
        request_, cast.school, cast.focal, figure_world.numbers(110, 45, 50), reason="Sót"
    )
    assert [one.text for one in todos(sign_in(cast.specialist))] == [
        "Chốt lại số liệu: Số liệu đầu năm"
    ]
    close(cast, request_)
    assert [one.text for one in todos(sign_in(cast.office_head))] == [
        "Duyệt số liệu: Số liệu đầu năm"
    ]


def test_who_changed_what_stands_where_it_is_closed_again(cast, request_, sent, sign_in):
    closings.approve(close(cast, request_), by=cast.office_head)
    figure_world.hand_in(
        request_, cast.school, cast.focal, figure_world.numbers(110, 45, 50), reason="Sót"
    )
    page = text(sign_in(cast.specialist).get(f"{request_.get_absolute_url()}chot/0101/"))
    assert sent.get_absolute_url() in page
    assert "lần 2 («Sót»)" in page
