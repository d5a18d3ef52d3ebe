"""The office calls by hand those who have not handed in."""

import pytest
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import calls
from schools import outbox
from schools.models import Delivery, Message
from tests import make, plan_world
from tests.assessments.browse import text


@pytest.fixture
def plan(cast):
    return plan_world.issued(cast.office, cast.office_head)


def test_one_click_calls_those_who_have_not_handed_in(cast, sign_in, mailoutbox):
    plan = plan_world.issued(cast.office, cast.office_head)
    task = plan.tasks.get()
    plan_world.hand_in(plan_world.row_of(plan, cast.sibling), cast.sibling_focal)
    client = sign_in(cast.specialist)
    page = client.get(f"/nhiem-vu/{task.pk}/don-doc/").content.decode()
    assert cast.focal.email in page
    assert cast.sibling_focal.email not in page
    form = {"text": "Đề nghị nộp ngay", "units": [cast.school.pk, cast.preschool.pk]}
    client.post(f"/nhiem-vu/{task.pk}/don-doc/", form)
    outbox.deliver()
    assert {one.to[0] for one in mailoutbox} == {cast.focal.email, cast.head.email}
    proof = client.get(plan_world.row_of(plan, cast.school).get_absolute_url()).content.decode()
    assert "đôn đốc của" in proof
    assert "Đã gửi" in proof
    with pytest.raises(StepRefused, match="hôm nay đã nhắc"):
        calls.call(task, {cast.school.pk}, text="Lại", by=cast.specialist)


def test_a_call_stays_inside_the_tree(cast):
    plan = plan_world.issued(cast.department, cast.department_head)
    task = plan.tasks.get()
    units = {one.assignment.unit for one in calls.preview(task, by=cast.specialist)}
    assert units == {cast.school, cast.sibling, cast.preschool}


def test_a_call_says_who_was_called_and_when(cast, plan, sign_in):
    task = plan.tasks.get()
    make.person(cast.preschool, "focal_point")
    client, address = sign_in(cast.specialist), f"{task.get_absolute_url()}don-doc/"
    assert "đã nhắc" not in text(client.get(address))
    calls.call(task, {cast.school.pk}, text="Nhắc", by=cast.specialist)
    page = text(client.get(address))
    assert "3 chưa nộp" in page
    assert "chưa gửi được" in page
    assert "đã nhắc" not in page  # proof is what has left
    outbox.deliver()
    assert text(client.get(address)).count("đã nhắc") == 1


def test_a_call_that_has_become_untrue_is_not_sent(cast, mailoutbox):
    plan = plan_world.issued(cast.office, cast.office_head)
    calls.call(plan.tasks.get(), {cast.school.pk}, text="Nộp ngay", by=cast.specialist)
    assert Message.objects.filter(kind="call", day=timezone.localdate()).exists()
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal)
    outbox.deliver()
    assert mailoutbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}
