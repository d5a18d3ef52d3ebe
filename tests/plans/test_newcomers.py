"""A unit that opens later gets the tasks that still have time."""

import pytest

from edudx.lib.workflow import StepRefused
from plans.actions import newcomers
from plans.models import Assignment, Plan
from schools import outbox
from schools.models import Message
from tests import make, plan_world
from tests.assessments.browse import text


@pytest.fixture
def plan(cast) -> Plan:
    return plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")


def test_a_unit_that_opens_later_is_offered_the_running_task(cast, plan, sign_in):
    late = make.school(cast.office, "0101-777", short_name="TH Mới Mở")
    task = plan.tasks.get(code="II.1")
    assert "TH Mới Mở" in text(sign_in(cast.specialist).get(task.get_absolute_url()))
    newcomers.give(task, by=cast.specialist)
    assert Assignment.objects.filter(task=task, unit=late).exists()
    with pytest.raises(StepRefused, match="Không có đơn vị mới"):
        newcomers.give(task, by=cast.specialist)


def test_a_new_school_is_offered_what_still_has_time_and_is_told(cast):
    late = plan_world.issued(cast.office, cast.office_head, "II.1", days=-2)
    open_ = plan_world.issued(cast.office, cast.office_head, "II.2")
    new = make.school(cast.office, code="0101-009")
    focal = make.person(new, "focal_point")
    outbox.tell()
    assert not newcomers.of(late.tasks.get()).exists()
    newcomers.give(open_.tasks.get(), by=cast.specialist)
    outbox.tell()
    assert Message.objects.get(recipient=focal).subject == "Giao «Nộp báo cáo II.2»"
