"""Figures are asked for, on a form or for a task of a plan."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import extensions, newcomers
from reporting.actions import requests
from reporting.models import DataRequest
from schools import outbox
from schools.models import Event, Message
from tests import figure_world, make, plan_world
from tests.assessments.browse import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_(cast):
    return figure_world.ask(cast)


def figures_task(cast, **fields):
    plan = plan_world.issued(cast.office, cast.office_head, product="figures", **fields)
    return plan, plan.tasks.get()


def test_a_button_pressed_twice_asks_once(cast, request_):
    with pytest.raises(StepRefused, match="đang được thu; hãy mở yêu cầu đó"):
        figure_world.ask(cast, request_.form)
    figure_world.ask(cast, request_.form, title="Rà soát máy tính", is_on_demand=True)


def test_a_text_is_read_school_by_school(cast, request_, sign_in):
    values = figure_world.numbers(100, 45, 50, y_kien=figure_world.Value(text="Thiếu máy"))
    figure_world.hand_in(request_, cast.school, cast.focal, values)
    assert "xem từng đơn vị" in text(sign_in(cast.officer).get(request_.get_absolute_url()))


def test_one_event_that_cannot_be_told_stops_no_other(cast, request_):
    kind = ContentType.objects.get_for_model(DataRequest)
    Event.objects.create(subject_type=kind, subject_id=10**6, step="ask", label="Yêu cầu đã mất")
    figure_world.ask(cast, request_.form, title="Yêu cầu khác")
    assert outbox.tell() > 0
    assert Message.objects.filter(subject__contains="Yêu cầu khác").exists()


def test_a_locked_request_says_so(cast, request_, sign_in):
    client = sign_in(cast.officer)
    assert "Đang thu" in text(client.get(request_.get_absolute_url()))
    requests.lock(request_, at=timezone.now() - timedelta(hours=1), by=cast.officer)
    for address in (request_.get_absolute_url(), "/bao-cao/so-lieu/"):
        page = text(client.get(address))
        assert "Đã khóa nhập" in page
        assert "Đang thu" not in page


# A plan's task on a form


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
    extensions.ask(row, phrase=plan_world.in_days(20), reason="Bão", by=cast.sibling_focal)


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
    newcomers.give(task, by=cast.specialist)
    assert requests.give_missing_sheets() == 1
    assert requests.give_missing_sheets() == 0
    assert figure_world.sheet_of(request, late).office == cast.office
