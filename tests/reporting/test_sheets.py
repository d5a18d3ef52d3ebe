"""A sheet keeps what was handed in, given back, taken over and noted."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.utils import InternalError

from reporting import rollup, sheet_reading
from reporting.actions import closings, sheets
from reporting.models import DataItem, DataValue
from tests import figure_world
from tests.assessments.browse import text
from tests.home import todos
from tests.reporting.browse import section


@pytest.fixture
def request_(cast):
    return figure_world.ask(cast)


@pytest.fixture
def sent(cast, request_):
    """The school's figures are in."""
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    return figure_world.sheet_of(request_, cast.school)


def test_right_figures_that_came_back_go_in_again(cast, request_, sent):
    closings.give_back(sent, by=cast.specialist, reason="Xem lại số học sinh")
    sheets.hand_in(sent, by=cast.focal, reason="Đã kiểm tra, số đúng")
    assert figure_world.sheet_of(request_, cast.school).assignment.state == "handed_in"


# Kept as on the day it was handed in


def test_a_school_that_changes_its_type_keeps_that_of_the_day(cast, request_, sent):
    school = cast.school
    before = rollup.totals_of(request_, Q(office=cast.office))[cast.office.pk]
    places = [one.place for one in sheet_reading.sections_of(sent)]
    school.school_type = "THCS"
    school.save(update_fields=["school_type"])
    again = figure_world.sheet_of(request_, school)
    assert rollup.totals_of(request_, Q(office=cast.office))[cast.office.pk] == before
    assert [one.place for one in sheet_reading.sections_of(again)] == places
    figure_world.enter(again, cast.focal, figure_world.numbers(777))
    assert sheet_reading.draft_of(figure_world.sheet_of(request_, school))["hs-tong"].number == 777


def test_sections_keep_their_place_in_the_form(cast):
    text_ = """
form: {code: hai-muc, title: Hai mục}
sections:
  - {code: I, title: Chỉ trường mầm non, fields: [{item: tre, title: Trẻ, kind: integer, types: [MN]}]}
  - {code: II, title: Mọi trường, fields: [{item: hs, title: Học sinh, kind: integer}]}
"""  # noqa: E501
    request = figure_world.ask(cast, figure_world.form(cast.officer, text_))
    sheet = figure_world.sheet_of(request, cast.school)
    assert [one.place for one in sheet_reading.sections_of(sheet)] == [1]
    sheet = figure_world.enter(sheet, cast.focal, {"hs": figure_world.Value(Decimal(5))})
    assert list(sheet.draft) == ["1"]


def test_no_figure_is_added_to_a_version_that_was_handed_in(sent):
    item = DataItem.objects.get(code="may-tinh")
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        DataValue.objects.create(version=sent.current, item=item, key="may-tinh", number=5)


# Confirming


def test_typing_in_one_box_confirms_that_box_alone(cast, request_, sent, sign_in):
    later = figure_world.ask(cast, request_.form, title="Sơ kết")
    sheet, client = figure_world.sheet_of(later, cast.school), sign_in(cast.focal)
    sheets.take_known(sheet, by=cast.focal)
    address = f"{sheet.get_absolute_url()}muc/0/"
    sheet = figure_world.sheet_of(later, cast.school)
    typed = section(sheet, hs_tong="100", hs_nu="50")
    client.post(address, typed, HTTP_ACCEPT="application/json")
    sheet = figure_world.sheet_of(later, cast.school)
    assert sheet_reading.unconfirmed_of(sheet) == {"hs-tong", "chu-ky-so"}
    typed = section(sheet, hs_tong="100", hs_nu="50") | {"confirm": "1"}
    client.post(address, typed, HTTP_ACCEPT="application/json")
    assert sheet_reading.unconfirmed_of(figure_world.sheet_of(later, cast.school)) == {"chu-ky-so"}


def test_a_note_explains_the_value_it_was_written_about(cast, request_, sent, sign_in):
    later = figure_world.ask(cast, request_.form, title="Sơ kết")
    sheet, client = figure_world.sheet_of(later, cast.school), sign_in(cast.focal)
    address = f"{sheet.get_absolute_url()}muc/0/"
    for pupils, note, wanted in (("150", "Sáp nhập", 0), ("900", "Sáp nhập", 1)):
        typed = section(sheet, hs_tong=pupils, hs_tong__note=note)
        client.post(address, typed, HTTP_ACCEPT="application/json")
        sheet = figure_world.sheet_of(later, cast.school)
        far = [one for one in sheet_reading.faults_of(sheet) if "khác lần trước" in one.sentence]
        assert len(far) == wanted


def test_a_change_that_was_not_handed_in_is_said_on_the_sheet_and_at_home(cast, sent, sign_in):
    client, address = sign_in(cast.focal), sent.get_absolute_url()
    page = text(client.get(address))
    assert "Đã nộp lần 1 lúc" in page
    assert "Có thay đổi chưa nộp" not in page
    figure_world.enter(sent, cast.focal, figure_world.numbers(120))
    assert "Có thay đổi chưa nộp" in text(client.get(address))
    assert [one.text for one in todos(client)] == ["Số điều chỉnh chưa nộp: Số liệu đầu năm"]
