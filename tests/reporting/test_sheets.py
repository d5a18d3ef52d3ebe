"""What must never be false of figures, tried in the order in which it would go wrong."""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.utils import InternalError
from django.utils import timezone

from edudx.lib.school_calendar import first_year_of
from edudx.lib.workflow import StepRefused
from plans.actions import extensions, newcomers, plans, target_figures
from plans.models import Target
from reporting import notifications, rollup, sheet_reading
from reporting.actions import closings, data_forms, requests, sheets
from reporting.exchange import form_yaml
from reporting.models import DataForm, DataItem, DataRequest, DataValue
from schools.models import Event, Message
from tests import figure_world, make, plan_world
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


def close(cast, request):
    return closings.prepare(request, cast.office, by=cast.specialist, reason="Còn thiếu")


# Ways out


def test_right_figures_that_came_back_go_in_again(cast, request_, sent):
    closings.give_back(sent, by=cast.specialist, reason="Xem lại số học sinh")
    sheets.hand_in(sent, by=cast.focal, reason="Đã kiểm tra, số đúng")
    assert figure_world.sheet_of(request_, cast.school).assignment.state == "handed_in"


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


# Totals


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


def test_a_text_is_read_school_by_school(cast, request_, sign_in):
    values = figure_world.numbers(100, 45, 50, y_kien=figure_world.Value(text="Thiếu máy"))
    figure_world.hand_in(request_, cast.school, cast.focal, values)
    assert "xem từng đơn vị" in text(sign_in(cast.officer).get(request_.get_absolute_url()))


# Targets


def test_a_target_never_stops_a_hand_in_nor_overwrites_what_was_typed(cast, request_):
    plan = plan_world.plan(cast.office, cast.specialist)
    plan_world.target(plan, "1", item="hs-tong")  # a ratio that names a plain number
    share = plan_world.target(plan, "2", item="chu-ky-so")
    plan_world.task(plan)
    plans.issue_plan(plan, by=cast.office_head)
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    assert [one.target for one in cast.school.target_actuals.all()] == [share]
    share = Target.objects.select_related("plan__issuer").get(pk=share.pk)
    target_figures.save_actual(
        share, unit=cast.school, period=plan.period, numerator=Decimal(50),
        denominator=Decimal(50), note="Theo danh sách", version=1, by=cast.focal,
    )  # fmt: skip
    figure_world.hand_in(
        request_, cast.school, cast.focal, figure_world.numbers(110, 46, 50), reason="Sót"
    )
    assert share.actuals.get().numerator == 50


# Forms


def test_no_department_retires_or_replaces_the_forms_of_another(cast):
    national = figure_world.form(cast.officer)
    other = make.department(code="02")
    officer = make.person(other, "department_officer")
    text_ = figure_world.FORM.replace("code: thu,", "code: thu, version: 9,")
    theirs = form_yaml.save(form_yaml.read(text_), by=officer, owner=other).form
    data_forms.publish_form(theirs, by=officer)
    assert DataForm.objects.get(pk=national.pk).state == "published"
    draft = figure_world.FORM.replace("code: thu,", "code: thu, version: 5,")
    form_yaml.save(form_yaml.read(draft), by=None)
    with pytest.raises(form_yaml.FormRefused, match="do đơn vị khác quản lý"):
        form_yaml.save(form_yaml.read(draft), by=officer, owner=other)


def test_an_older_version_is_not_published_after_a_newer_one(cast):
    old = form_yaml.save(form_yaml.read(figure_world.FORM), by=None).form
    figure_world.form(
        cast.officer, figure_world.FORM.replace("code: thu,", "code: thu, version: 2,")
    )
    with pytest.raises(StepRefused, match="Đã ban hành phiên bản mới hơn"):
        data_forms.publish_form(old, by=cast.officer)


def test_a_slip_in_a_draft_is_mended_by_loading_it_again(db):
    form_yaml.save(
        form_yaml.read(figure_world.FORM.replace("Tổng số học sinh", "Tổng sô HS")), by=None
    )
    form_yaml.save(form_yaml.read(figure_world.FORM), by=None)
    assert DataItem.objects.get(code="hs-tong").title == "Tổng số học sinh"


def test_a_rule_compares_numbers_alone(db):
    wrong = figure_world.FORM.replace("[hs-nu, hs-tong]", "[y-kien, hs-tong]")
    with pytest.raises(form_yaml.FormRefused, match="«y-kien» không phải là một số"):
        form_yaml.save(form_yaml.read(wrong), by=None)


def test_a_button_pressed_twice_asks_once(cast, request_):
    with pytest.raises(StepRefused, match="đang được thu; hãy mở yêu cầu đó"):
        figure_world.ask(cast, request_.form)
    figure_world.ask(cast, request_.form, title="Rà soát máy tính", is_on_demand=True)


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


# Notices


def test_one_event_that_cannot_be_told_stops_no_other(cast, request_):
    kind = ContentType.objects.get_for_model(DataRequest)
    Event.objects.create(subject_type=kind, subject_id=10**6, step="ask", label="Yêu cầu đã mất")
    figure_world.ask(cast, request_.form, title="Yêu cầu khác")
    assert notifications.announce() > 0
    assert Message.objects.filter(subject__contains="Yêu cầu khác").exists()


# A plan's task on a form


def figures_task(cast, **fields):
    plan = plan_world.issued(cast.office, cast.office_head, product="figures", **fields)
    return plan, plan.tasks.get()


def test_a_plans_task_is_handed_in_on_a_form(cast, sign_in):
    plan, task = figures_task(cast)
    form, client = figure_world.form(cast.officer), sign_in(cast.specialist)
    assert "Thu bằng biểu mẫu" in text(client.get(task.get_absolute_url()))
    address = f"/bao-cao/so-lieu/nhiem-vu/{task.pk}/"
    page = text(client.post(address, {"form": form.pk}, follow=True))
    assert "Đã nộp" in page
    request = cast.office.data_requests.get()
    assert (request.title, request.school_task, request.office_task) == (task.title, task, None)
    sheet = figure_world.sheet_of(request, cast.school)
    assert sheet.get_absolute_url() in text(
        sign_in(cast.focal).get(sheet.assignment.get_absolute_url())
    )
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    assert plan_world.row_of(plan, cast.school).state == "handed_in"
    row = plan_world.row_of(plan, cast.sibling)
    extensions.ask_extension(
        row, phrase=plan_world.in_days(20), reason="Bão", by=cast.sibling_focal
    )


def test_what_was_handed_in_as_a_file_is_not_turned_into_a_form(cast):
    plan, task = figures_task(cast)
    form = figure_world.form(cast.officer)
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal)
    with pytest.raises(StepRefused, match="Đã có đơn vị nộp bằng tệp"):
        requests.ask_by_task(task, form, by=cast.specialist)
    other = plan_world.issued(cast.office, cast.office_head).tasks.get()
    with pytest.raises(StepRefused, match="Chỉ nhiệm vụ có sản phẩm «Số liệu»"):
        requests.ask_by_task(other, form, by=cast.specialist)


def test_a_school_that_opens_later_gets_its_sheet(cast):
    _, task = figures_task(cast)
    request = requests.ask_by_task(task, figure_world.form(cast.officer), by=cast.specialist)
    late = make.school(cast.office, code="0101-777")
    newcomers.give_to_newcomers(task, by=cast.specialist)
    assert requests.give_missing_sheets() == 1
    assert requests.give_missing_sheets() == 0
    assert figure_world.sheet_of(request, late).office == cast.office


def test_a_plan_by_calendar_years_takes_the_figure_of_the_year(cast, request_):
    """A road map 2025-2030 asks by year; the school year's figure counts in the year of its day."""
    year = timezone.localdate().year
    for period in (str(year), f"{year - 1}-{year + 3}"):
        plan = plan_world.plan(cast.office, cast.specialist, period=period)
        plan_world.target(plan, item="chu-ky-so")
        plan_world.task(plan, phrase=f"Chậm nhất 30/12/{year}")
        plans.issue_plan(plan, by=cast.office_head)
    first = first_year_of(timezone.localdate())
    asked = figure_world.ask(cast, request_.form, title="Năm nay", period=f"{first}-{first + 1}")
    figure_world.hand_in(asked, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    assert {one.period for one in cast.school.target_actuals.all()} == {str(year)}
    assert cast.school.target_actuals.count() == 2
    old = figure_world.ask(cast, request_.form, title="Năm xưa", period="2019-2020")
    figure_world.hand_in(old, cast.sibling, cast.sibling_focal, figure_world.numbers(100, 45, 50))
    assert not cast.sibling.target_actuals.exists()


# Beside the criteria


def test_a_criterion_shows_the_figure_the_school_has_handed_in(cast, file_, sign_in):
    criterion = file_.leaves()[0]
    name = f"{file_.indicator_set.code}:{criterion.code}"
    text_ = figure_world.FORM.replace(
        "whole: Tổng số giáo viên", f'whole: Tổng số giáo viên, criteria: ["{name}"]'
    )
    request = figure_world.ask(cast, figure_world.form(cast.officer, text_))
    client = sign_in(cast.focal)
    assert "Số liệu đã nộp" not in text(client.get(file_.get_absolute_url()))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    figure_world.hand_in(
        request, cast.sibling, cast.sibling_focal, figure_world.numbers(100, 7, 50)
    )
    page = text(client.get(file_.get_absolute_url()))
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert (
        f"Số liệu đã nộp: Giáo viên có chữ ký số: 45 / 50 (90%) (Số liệu đầu năm, {today})" in page
    )
    assert "7 / 50" not in page
    assert "Số liệu đã nộp" in text(sign_in(cast.specialist).get(file_.get_absolute_url()))


def test_a_figure_is_put_into_the_answer_with_its_source(cast, file_, sign_in):
    """By one click; afterwards it is not offered again."""
    name = f"{file_.indicator_set.code}:1.3"
    text_ = figure_world.FORM.replace(
        "whole: Tổng số giáo viên", f'whole: Tổng số giáo viên, criteria: ["{name}"]'
    )
    make.answer(file_, "1.3", cast.focal, entered_points=Decimal(1), note="Đã rà soát")
    request = figure_world.ask(cast, figure_world.form(cast.officer, text_))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    client = sign_in(cast.focal)
    page = client.get(file_.get_absolute_url()).content.decode()
    (form,) = [one for one in page.split("<form")[1:] if "Lấy số này" in one.split("</form>")[0]]
    form = form.split("</form>")[0]
    inputs = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    client.post(
        re.search(r'action="([^"]+)"', form)[1], {k: unescape(v) for k, v in inputs.items()}
    )
    kept = file_.answers.get(criterion__code="1.3")
    assert (kept.numerator, kept.denominator) == (45, 50)
    today = f"{timezone.localdate():%d/%m/%Y}"
    assert kept.note == f"Đã rà soát\nSố liệu: Số liệu đầu năm, {today}"
    assert "Lấy số này" not in text(client.get(file_.get_absolute_url()))


# What a newcomer tripped over


def test_a_change_that_was_not_handed_in_is_said_on_the_sheet_and_at_home(cast, sent, sign_in):
    client, address = sign_in(cast.focal), sent.get_absolute_url()
    page = text(client.get(address))
    assert "Đã nộp lần 1 lúc" in page
    assert "Có thay đổi chưa nộp" not in page
    figure_world.enter(sent, cast.focal, figure_world.numbers(120))
    assert "Có thay đổi chưa nộp" in text(client.get(address))
    assert [one.text for one in todos(client)] == ["Số điều chỉnh chưa nộp: Số liệu đầu năm"]


def test_who_changed_what_stands_where_it_is_closed_again(cast, request_, sent, sign_in):
    closings.approve(close(cast, request_), by=cast.office_head)
    figure_world.hand_in(
        request_, cast.school, cast.focal, figure_world.numbers(110, 45, 50), reason="Sót"
    )
    page = text(sign_in(cast.specialist).get(f"{request_.get_absolute_url()}chot/0101/"))
    assert sent.get_absolute_url() in page
    assert "lần 2 («Sót»)" in page
