"""A school enters its figures: saved by section, asked once, checked, handed in, corrected."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.db.utils import InternalError
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.models import Assignment
from reporting import sheet_reading
from reporting.actions import closings, requests, sheets
from reporting.arithmetic import Value
from reporting.models import DataValue, SheetVersion
from schools import outbox
from schools.models import Message
from tests import figure_world, make
from tests.assessments.browse import text
from tests.home import todos
from tests.reporting.browse import section


@pytest.fixture
def request_(cast):
    return figure_world.ask(cast)


@pytest.fixture
def sheet(cast, request_):
    return figure_world.sheet_of(request_, cast.school)


def sentences(sheet) -> str:
    return " ".join(one.sentence for one in sheet_reading.faults_of(sheet))


# Who and where


def test_every_school_gets_its_sheet_and_every_office_its_closing(cast, request_):
    units = set(request_.sheets.values_list("unit__code", flat=True))
    assert units == {"0101-001", "0101-002", "0101-003", "0102-001", "01-900"}
    assert figure_world.sheet_of(request_, cast.high_school).office == cast.department
    offices = Assignment.objects.filter(task=request_.office_task)
    assert {one.unit for one in offices} == {cast.office, cast.neighbour}


def test_only_the_unit_enters_and_nobody_sees_the_neighbour(cast, sheet, sign_in):
    address = sheet.get_absolute_url()
    sent = section(sheet, hs_tong="100")
    for who in (cast.specialist, cast.officer, cast.auditor):
        assert sign_in(who).get(address).status_code == 200
        assert sign_in(who).post(f"{address}muc/0/", sent).status_code == 403
        assert sign_in(who).get(f"{address}nop/").status_code == 403
    for who in (cast.sibling_focal, cast.stranger, cast.stranger_specialist):
        assert sign_in(who).get(address).status_code == 404
        assert sign_in(who).post(f"{address}muc/0/", sent).status_code == 404
    with pytest.raises(PermissionDenied):
        figure_world.enter(sheet, cast.sibling_focal, figure_world.numbers(1))
    sheet.refresh_from_db()
    assert sheet.draft == {}


def test_the_home_page_leads_to_the_sheet(cast, sheet, sign_in):
    client = sign_in(cast.focal)
    (todo,) = todos(client)
    assert (todo.text, todo.url) == (
        "Nhập số liệu: Số liệu đầu năm", sheet.get_absolute_url(),
    )  # fmt: skip
    assert "Kiểm tra và nộp" in text(client.get(todo.url))


# Entry


def test_a_section_is_saved_without_any_script(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    client.post(f"{address}muc/0/", section(sheet, hs_tong="1.234", hs_nu="600"))
    sheet.refresh_from_db()
    assert sheet_reading.draft_of(sheet)["hs-tong"] == Value(Decimal(1234))
    assert 'value="1.234"' in text(client.get(address))
    client.post(
        f"{address}muc/1/",
        section(sheet, 1, chu_ky_so__n="45", chu_ky_so__w="50", wifi="0", mang="VNPT",
                thiet_bi__0_1="3", y_kien="Thiếu máy"),
    )  # fmt: skip
    sheet.refresh_from_db()
    found = sheet_reading.draft_of(sheet)
    assert found["chu-ky-so"] == Value(Decimal(45), Decimal(50))
    assert found["wifi"] == Value(Decimal(0))
    assert (found["mang"].text, found["y-kien"].text) == ("VNPT", "Thiếu máy")
    assert found["thiet-bi|0|1"] == Value(Decimal(3))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"hs_tong": "nhiều"}, "«nhiều» không phải là một số"),
        ({"hs_tong": "12,5"}, "Chỉ nhận số nguyên."),
        ({"hs_tong": "-3"}, "Số không được âm."),
        ({"hs_tong": "9" * 20}, "Số lớn nhất được nhận là"),
    ],
)
def test_a_wrong_number_is_said_at_its_place_and_nothing_is_kept(
    cast, sheet, sign_in, typed, sentence
):
    client, address = sign_in(cast.focal), f"{sheet.get_absolute_url()}muc/0/"
    answer = client.post(address, section(sheet, **typed))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert next(iter(typed.values()))[:9] in text(answer)  # what was typed stays
    reply = client.post(address, section(sheet, **typed), HTTP_ACCEPT="application/json")
    assert sentence in json.dumps(reply.json(), ensure_ascii=False)
    sheet.refresh_from_db()
    assert sheet.draft == {}


def test_a_part_above_its_whole_is_refused(cast, sheet, sign_in):
    sent = section(sheet, 1, chu_ky_so__n="60", chu_ky_so__w="50")
    answer = sign_in(cast.focal).post(f"{sheet.get_absolute_url()}muc/1/", sent)
    assert "Không được lớn hơn «tổng số giáo viên»." in text(answer)


def test_autosave_answers_with_the_new_version_and_what_is_missing(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), f"{sheet.get_absolute_url()}muc/0/"
    reply = client.post(
        address, section(sheet, hs_tong="100"), HTTP_ACCEPT="application/json"
    ).json()
    assert reply["version"] == 1
    assert reply["saved"].startswith("Đã lưu ")
    assert "Chưa nhập «Giáo viên có chữ ký số»" in reply["fragments"]["faults"]


def test_what_contradicts_itself_is_said_beside_the_button(cast, sheet, sign_in):
    """What is only not there yet is said at the top of the page."""
    client, address = sign_in(cast.focal), f"{sheet.get_absolute_url()}muc/0/"
    sent = section(sheet, hs_tong="100", hs_nu="120")
    said = client.post(address, sent, HTTP_ACCEPT="application/json").json()["saved"]
    assert "Mục này cần xem lại: Học sinh nữ không được nhiều hơn tổng số." in said


def test_the_same_words_twice_are_no_conflict(cast, sheet, sign_in):
    """A page that comes back with what was kept already goes on from there."""
    client, address = sign_in(cast.focal), f"{sheet.get_absolute_url()}muc/0/"
    sent = section(sheet, hs_tong="100")
    for version in (1, 2):
        reply = client.post(address, sent, HTTP_ACCEPT="application/json")
        assert (reply.status_code, reply.json()["version"]) == (200, version)


def test_two_people_at_one_section_choose_and_lose_nothing(cast, sheet, sign_in):
    first, second = sign_in(cast.focal), sign_in(cast.head)
    address, sent = f"{sheet.get_absolute_url()}muc/0/", section(sheet, hs_tong="100")
    assert first.post(address, sent).status_code == 302
    stale = section(sheet, hs_tong="200")
    answer = second.post(address, stale)
    assert answer.status_code == 409
    page = text(answer)
    assert "Người khác vừa lưu mục này" in page
    assert "100" in page
    assert "200" in page
    assert f"{sheet.get_absolute_url()}?mo=0&amp;lay=1#muc-0" in page  # «Lấy số đã lưu»
    kept = {name: 1 if name == "s0-version" else value for name, value in stale.items()}
    second.post(address, kept)  # «Giữ số của tôi»
    sheet.refresh_from_db()
    assert sheet_reading.draft_of(sheet)["hs-tong"].number == 200


# Handing in


def test_what_is_missing_is_said_and_stops_the_hand_in(cast, sheet, sign_in):
    assert "Chưa nhập «Tổng số học sinh»." in sentences(sheet)
    with pytest.raises(StepRefused, match="còn 2 chỗ phải sửa"):
        sheets.hand_in(sheet, by=cast.focal)
    page = text(sign_in(cast.focal).get(f"{sheet.get_absolute_url()}nop/"))
    assert "Còn 2 chỗ phải xem" in page
    assert "Nộp cho" not in page


def test_a_sheet_is_handed_in_as_a_version_for_ever(cast, sheet, sign_in):
    figure_world.enter(sheet, cast.focal, figure_world.numbers(100, 45, 50, wifi=1))
    client, address = sign_in(cast.focal), f"{sheet.get_absolute_url()}nop/"
    page = text(client.get(address))
    assert "45 / 50 (90%)" in page
    assert f"Nộp cho {cast.office}" in page
    page = text(client.post(address, {}, follow=True))
    assert "Đã nộp số liệu" in page
    row = figure_world.sheet_of(sheet.request, cast.school)
    assert (row.current.number, row.assignment.state) == (1, "handed_in")
    assert DataValue.objects.filter(version=row.current).count() == 3
    value = DataValue.objects.filter(version=row.current).first()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        DataValue.objects.filter(pk=value.pk).update(number=1)


def test_a_sheet_that_was_handed_in_is_never_deleted(cast, request_):
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    for one in (SheetVersion.objects.get(), DataValue.objects.first(), request_):
        with pytest.raises((ValidationError, ProtectedError)), transaction.atomic():
            one.delete()


def test_late_needs_its_explanation(cast):
    late = figure_world.ask(cast, days=-2)
    sheet = figure_world.enter(figure_world.sheet_of(late, cast.school), cast.focal,
                          figure_world.numbers(100, 45, 50))  # fmt: skip
    with pytest.raises(StepRefused, match="hãy ghi giải trình"):
        sheets.hand_in(sheet, by=cast.focal)
    sheets.hand_in(sheet, by=cast.focal, explanation="Mất mạng")
    row = figure_world.sheet_of(late, cast.school).assignment
    assert (row.explanation, row.timeliness) == ("Mất mạng", "Trễ 2 ngày")


def test_rules_block_or_want_a_note(cast, sheet):
    figure_world.enter(sheet, cast.focal, figure_world.numbers(100, 45, 50, hs_nu=101))
    sheet = figure_world.sheet_of(sheet.request, cast.school)
    assert "Học sinh nữ không được nhiều hơn tổng số." in sentences(sheet)
    figure_world.enter(sheet, cast.focal, figure_world.numbers(100, hs_nu=50, may_tinh=120))
    sheet = figure_world.sheet_of(sheet.request, cast.school)
    assert "Máy tính nhiều hơn học sinh. Hãy ghi giải thích." in sentences(sheet)
    figure_world.enter(sheet, cast.focal, {}, notes={"may-tinh": "Được tặng 50 máy"})
    sheet = figure_world.sheet_of(sheet.request, cast.school)
    assert sheet_reading.faults_of(sheet) == []
    sheets.hand_in(sheet, by=cast.focal)
    assert SheetVersion.objects.get().notes == {"may-tinh": "Được tặng 50 máy"}


def test_a_figure_far_from_similar_schools_wants_a_note(cast):
    schools = [make.school(cast.office, code=f"0101-1{n:02d}") for n in range(8)]
    request = figure_world.ask(cast)
    for place, one in enumerate(schools):
        values = figure_world.numbers(500, 45, 50, may_tinh=20 + place)
        figure_world.hand_in(request, one, figure_world.focal_of(one), values)
    sheet = figure_world.sheet_of(request, cast.school)
    sheet = figure_world.enter(sheet, cast.focal, figure_world.numbers(500, 45, 50, may_tinh=400))
    assert "khác xa các trường cùng loại" in sentences(sheet)
    sheet = figure_world.enter(sheet, cast.focal, figure_world.numbers(500, may_tinh=26))
    assert sheet_reading.faults_of(sheet) == []


# Ask once


def test_what_was_given_before_is_shown_taken_over_and_confirmed(cast, request_, sign_in):
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    later = figure_world.ask(cast, request_.form, title="Sơ kết")
    sheet, client = figure_world.sheet_of(later, cast.school), sign_in(cast.focal)
    page = text(client.get(sheet.get_absolute_url()))
    assert f"Lần trước: 45 / 50 (90%) – Số liệu đầu năm, {timezone.localdate():%d/%m/%Y}" in page
    page = text(client.post(f"{sheet.get_absolute_url()}lay-so-cu/", follow=True))
    assert "Chưa xác nhận" in page
    sheet = figure_world.sheet_of(later, cast.school)
    assert sheet_reading.draft_of(sheet)["hs-tong"].number == 100
    assert "chưa xác nhận: xem lại rồi lưu mục đó" in sentences(sheet)
    figure_world.enter(sheet, cast.focal, {})
    assert sheet_reading.faults_of(figure_world.sheet_of(later, cast.school)) == []
    with pytest.raises(StepRefused, match="Không có số liệu đã báo cáo nào"):
        sheets.take_known(sheet, by=cast.focal)


def test_a_figure_that_moved_a_lot_wants_a_note(cast, request_):
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    later = figure_world.ask(cast, request_.form, title="Sơ kết")
    sheet = figure_world.sheet_of(later, cast.school)
    sheet = figure_world.enter(sheet, cast.focal, figure_world.numbers(150, 45, 50))
    assert "khác lần trước 50% (100)" in sentences(sheet)
    sheet = figure_world.enter(sheet, cast.focal, {}, notes={"hs-tong": "Sáp nhập điểm trường"})
    sheets.hand_in(sheet, by=cast.focal)


# Correcting, locking


def test_a_correction_needs_a_reason_and_keeps_the_first(cast, request_, sign_in):
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    sheet = figure_world.enter(
        figure_world.sheet_of(request_, cast.school), cast.focal, figure_world.numbers(110)
    )
    with pytest.raises(StepRefused, match="phải ghi lý do"):
        sheets.hand_in(sheet, by=cast.focal)
    client = sign_in(cast.focal)
    page = text(client.get(f"{sheet.get_absolute_url()}nop/"))
    assert "Đã nộp trước đó" in page
    client.post(f"{sheet.get_absolute_url()}nop/", {"reason": "Đếm sót một lớp"})
    row = figure_world.sheet_of(request_, cast.school)
    assert row.current.number == 2
    assert [one.values.get(key="hs-tong").number for one in row.versions.order_by("number")] == [
        100, 110,
    ]  # fmt: skip
    with pytest.raises(StepRefused, match="Chưa có số nào thay đổi"):
        sheets.hand_in(row, by=cast.focal, reason="Nộp lại")


def test_the_lock_closes_and_a_timed_exception_opens_for_one(cast, request_, sign_in):
    requests.lock(request_, at=timezone.now() - timedelta(hours=1), by=cast.officer)
    sheet = figure_world.sheet_of(request_, cast.school)
    with pytest.raises(StepRefused, match="Số liệu đã khóa từ"):
        figure_world.enter(sheet, cast.focal, figure_world.numbers(1))
    assert "Số liệu đã khóa từ" in text(sign_in(cast.focal).get(sheet.get_absolute_url()))
    until = timezone.localtime() + timedelta(hours=2)
    sent = {"until": f"{until:%d/%m/%Y %H:%M}", "reason": "Máy hỏng"}
    for who, status in ((cast.focal, 302), (cast.stranger_specialist, 404)):
        assert sign_in(who).post(f"{sheet.get_absolute_url()}cho-nhap/", sent).status_code in (
            status, 403,
        )  # fmt: skip
    assert not sheet.exceptions.exists()
    sign_in(cast.specialist).post(f"{sheet.get_absolute_url()}cho-nhap/", sent)
    figure_world.enter(sheet, cast.focal, figure_world.numbers(1))
    other = figure_world.sheet_of(request_, cast.sibling)
    assert sheet_reading.why_closed(other)
    assert sheet_reading.why_closed(sheet, until + timedelta(minutes=1))


def test_a_sheet_goes_back_with_a_reason(cast, request_, sign_in):
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    sheet = figure_world.sheet_of(request_, cast.school)
    address = f"{sheet.get_absolute_url()}tra-lai/"
    assert sign_in(cast.focal).post(address, {"reason": "Sai"}).status_code == 403
    sign_in(cast.specialist).post(address, {"reason": "Số học sinh sai"})
    assert figure_world.sheet_of(request_, cast.school).assignment.state == "returned"
    with pytest.raises(PermissionDenied):
        closings.give_back(sheet, by=cast.stranger_specialist, reason="Sai")


def test_an_ended_request_takes_nothing_more(cast, request_, sheet):
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        requests.end(request_, by=cast.officer, reason="")
    requests.end(request_, by=cast.officer, reason="Đủ số liệu")
    with pytest.raises(StepRefused, match="đã kết thúc"):
        figure_world.enter(sheet, cast.focal, figure_world.numbers(1))


# Notices


def test_schools_and_offices_are_told_once(cast, request_):
    outbox.tell()
    assert outbox.tell() == 0
    assert Message.objects.filter(recipient=cast.focal, subject__contains="Số liệu đầu năm").count()
    assert Message.objects.filter(recipient=cast.specialist).count() == 1
    assert Message.objects.filter(recipient=cast.stranger).count() == 1
