"""More time: asked for, granted once or refused, taken back; never more than there is."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import extensions, plans, plans_from_above
from plans.models import Assignment, Extension
from tests import clock, plan_world
from tests.assessments.browse import text
from tests.plan_world import fresh


@pytest.fixture
def plan(cast):
    return plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")


@pytest.fixture
def row(cast, plan):
    return plan_world.row_of(plan, cast.school)


def test_no_more_time_than_the_plan_has(cast, plan):
    row = plan_world.row_of(plan, cast.school)
    last = clock.written(clock.period_end())
    with pytest.raises(ValidationError, match=f"Kế hoạch chỉ đến {last}"):
        extensions.ask(row, phrase="Chậm nhất ngày 30/06/2097", reason="Bão", by=cast.focal)


def test_a_unit_takes_its_request_for_more_time_back_and_asks_anew(cast, plan, sign_in):
    row = plan_world.row_of(plan, cast.school)
    asked = extensions.ask(row, phrase=plan_world.in_days(40), reason="Bão", by=cast.focal)
    address = f"/nhiem-vu/gia-han/{asked.pk}/rut/"
    assert sign_in(cast.specialist).post(address).status_code == 403
    assert sign_in(cast.stranger).post(address).status_code == 404
    page = text(sign_in(cast.focal).post(address, follow=True))
    assert "Đã rút đề nghị gia hạn." in page
    assert "Gửi đề nghị" in page
    extensions.ask(row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal)
    with pytest.raises(StepRefused, match="khi đang ở trạng thái «Đơn vị đã rút»"):
        extensions.recall(asked, by=cast.focal)


def test_more_time_once_with_the_first_date_kept(cast, row):
    asked = extensions.ask(row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal)
    with pytest.raises(StepRefused, match="chờ trả lời"):
        extensions.ask(row, phrase=plan_world.in_days(30), reason="Bão", by=cast.focal)
    with pytest.raises(PermissionDenied):
        extensions.answer(asked, is_granted=True, answer="", by=cast.head)
    first = row.due_at
    extensions.answer(asked, is_granted=True, answer="", by=cast.specialist)
    moved = fresh(row)
    assert moved.due_at == asked.due_at > moved.original_due_at == first
    with pytest.raises(StepRefused, match="chỉ được gia hạn 1 lần"):
        extensions.ask(moved, phrase=plan_world.in_days(30), reason="Nữa", by=cast.focal)


def test_a_refusal_says_why_and_an_earlier_date_is_no_extension(cast, row):
    for phrase in (plan_world.in_days(3), plan_world.in_days(-1)):
        with pytest.raises(ValidationError, match="Hạn mới phải sau"):
            extensions.ask(row, phrase=phrase, reason="x", by=cast.focal)
    asked = extensions.ask(row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal)
    with pytest.raises(StepRefused, match="Cần ghi lý do khi «Không gia hạn»"):
        extensions.answer(asked, is_granted=False, answer=" ", by=cast.specialist)
    extensions.answer(asked, is_granted=False, answer="Đã muộn", by=cast.specialist)
    assert fresh(row).due_at == row.due_at
    assert Extension.objects.get().state == "refused"


def test_more_time_granted_after_a_late_hand_in_changes_nothing(cast):
    row = plan_world.row_of(plan_world.issued(cast.office, cast.office_head, days=-2), cast.school)
    asked = extensions.ask(row, phrase=plan_world.in_days(9), reason="Bão", by=cast.focal)
    plan_world.hand_in(row, cast.focal, explanation="Bão")
    with pytest.raises(StepRefused, match="đã nộp nên không cần gia hạn"):
        extensions.answer(asked, is_granted=True, answer="", by=cast.specialist)
    assert fresh(row).timeliness == "Trễ 2 ngày"
    extensions.answer(asked, is_granted=False, answer="Đã nộp", by=cast.specialist)


def test_no_more_time_for_a_round_or_for_what_has_ended(cast, campaign):
    own = Assignment.objects.get(task__kind="self_assessment", unit=cast.school)
    plan = plan_world.issued(cast.office, cast.office_head)
    plans.close(plan, by=cast.office_head, reason="Xong")
    for row in (own, plan_world.row_of(plan, cast.school)):
        with pytest.raises(StepRefused, match="không gia hạn được"):
            extensions.ask(row, phrase=plan_world.in_days(9), reason="x", by=cast.focal)


def test_after_more_time_the_new_day_stands_first(cast, plan, sign_in):
    row = plan_world.row_of(plan, cast.school)
    asked = extensions.ask(row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal)
    extensions.answer(asked, is_granted=True, answer="", by=cast.specialist)
    until = timezone.localdate() + timedelta(days=20)
    page = text(sign_in(cast.focal).get(row.get_absolute_url()))
    assert f"Gia hạn đến 23:59:59 {until:%d/%m/%Y}" in page
    assert page.index("Gia hạn đến 23:59:59") < page.index("Hạn ban đầu: 23:59:59")


def test_no_school_gets_more_time_than_its_office_has(cast):
    above = plan_world.issued(
        cast.department, cast.department_head, days=20, audience={"kinds": ["office"]}
    )
    own = plans_from_above.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)
    own.number, own.issued_on, own.signer_name = "8", timezone.localdate(), "Cao Văn Rôi"
    plans.save(own, by=cast.specialist)
    plans.issue(own, by=cast.office_head)
    row = plan_world.row_of(own, cast.school)
    asked = extensions.ask(row, phrase=plan_world.in_days(21), reason="Bão", by=cast.focal)
    with pytest.raises(StepRefused, match="hãy xin cấp trên gia hạn trước"):
        extensions.answer(asked, is_granted=True, answer="", by=cast.specialist)
    assert fresh(row).due_at == row.due_at
    extensions.answer(asked, is_granted=False, answer="Quá hạn của Sở", by=cast.specialist)
