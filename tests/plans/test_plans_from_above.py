"""A unit makes its own plan from what was given to it."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import plans, plans_from_above, tasks
from plans.models import Plan
from tests import plan_world
from tests.assessments.browse import text
from tests.home import todos
from tests.plan_world import fresh


@pytest.fixture
def plan(cast) -> Plan:
    return plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")


def test_an_office_passes_on_earlier_deadlines_never_later(cast):
    above = plan_world.issued(
        cast.department, cast.department_head, days=20, audience={"kinds": ["office"]}
    )
    own = plans_from_above.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)
    task = own.tasks.get()
    assert task.superior == above.tasks.get()
    assert (above.tasks.get().due_on - task.due_on).days == 4
    task.set_deadline(plan_world.in_days(21))
    with pytest.raises(ValidationError, match="Hạn không được sau hạn của cấp trên"):
        tasks.save(task, by=cast.specialist)
    with pytest.raises(StepRefused, match="đã có kế hoạch lập từ kế hoạch này"):
        plans_from_above.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)


def test_a_school_takes_its_tasks_over_as_its_own_work(cast, plan):
    own = plans_from_above.derive(plan, unit=cast.school, by=cast.focal, buffer_days=0)
    own.number, own.issued_on, own.signer_name = "3", timezone.localdate(), "Lê Thị Hoa"
    plans.save(own, by=cast.focal)
    plans.issue(own, by=cast.head)
    row = plan_world.row_of(own, cast.school)
    plan_world.hand_in(row, cast.focal)
    assert fresh(row).state == "done"  # nobody above waits for it


def test_no_plan_is_derived_from_what_was_not_given(cast, plan):
    with pytest.raises(StepRefused, match="không còn nhiệm vụ nào đơn vị chưa nộp"):
        plans_from_above.derive(plan, unit=cast.neighbour, by=cast.stranger_head, buffer_days=0)


def test_what_was_handed_in_already_is_not_derived_again(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal)
    client, address = sign_in(cast.focal), f"/ke-hoach/{plan.pk}/lap-ke-hoach/"
    assert "«abc» không phải là số ngày" in text(
        client.post(address, {"buffer": "abc"}, follow=True)
    )
    client.post(address, {"buffer": "0"})
    own = plan.inferiors.get()
    assert [one.code for one in own.tasks.all()] == ["II.2"]
    assert todos(sign_in(cast.head))[-1].text.startswith("Nộp: ")
    own.number, own.issued_on, own.signer_name = "3", timezone.localdate(), "Lê Hoa"
    plans.save(own, by=cast.focal)
    found = {one.text: one for one in todos(sign_in(cast.head))}
    assert f"Dự thảo chờ ban hành: {own}" in found
    assert found["Nộp: Nộp báo cáo II.2"].notice == f"{cast.office} giao"


@pytest.mark.parametrize("buffer", ["²", "9" * 5000, "-1", "a", ""])
def test_an_odd_number_of_days_is_no_crash(cast, sign_in, buffer):
    above = plan_world.issued(cast.department, cast.department_head, audience={"kinds": ["office"]})
    answer = sign_in(cast.specialist).post(
        f"/ke-hoach/{above.pk}/lap-ke-hoach/", {"buffer": buffer}
    )
    assert answer.status_code == 302
