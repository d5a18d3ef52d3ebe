"""What happened to a task is told once, to those whose turn it is."""

import pytest

from plans.actions import hand_ins
from plans.models import Plan
from schools import outbox
from schools.models import Message
from tests import plan_world
from tests.assessments.browse import reviewed
from tests.plan_world import fresh


@pytest.fixture
def plan(cast) -> Plan:
    return plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")


@pytest.fixture
def row(cast, plan):
    return plan_world.row_of(plan, cast.school)


def test_notices_reach_the_inbox_once(cast, row):
    plan_world.hand_in(row, cast.focal)
    hand_ins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    outbox.tell()
    assert outbox.tell() == 0
    lines = [one["text"] for row in cast.focal.messages_received.all() for one in row.lines]
    assert lines.count("Nộp báo cáo II.1: Thiếu chữ ký") == 1
    assert Message.objects.filter(recipient=cast.specialist, subject__contains="Nộp").count() == 1
    assert not Message.objects.filter(recipient=cast.stranger).exists()


def test_a_self_assessment_is_no_product_for_the_departments_inbox(cast, campaign, file_):
    reviewed(file_, cast)
    outbox.tell()
    assert not Message.objects.filter(recipient=cast.officer, kind="notice").exists()
