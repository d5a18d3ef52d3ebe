"""A plan in force is amended: numbered, signed, told, never to anybody's harm."""

from datetime import timedelta

import pytest
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import amendments, plans, plans_from_above
from plans.models import Plan, Task
from schools import outbox
from schools.models import Message
from tests import plan_world
from tests.assessments.browse import text
from tests.plan_world import amend


@pytest.fixture
def plan(cast) -> Plan:
    return plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")


def test_nothing_below_is_due_after_ones_own_deadline_not_even_by_amendment(cast):
    above = plan_world.issued(
        cast.department, cast.department_head, days=20, audience={"kinds": ["office"]}
    )
    own = plans_from_above.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)
    own.number, own.issued_on, own.signer_name = "8", timezone.localdate(), "Cao Văn Rôi"
    plans.save(own, by=cast.specialist)
    plans.issue(own, by=cast.office_head)
    task = own.tasks.get()
    with pytest.raises(StepRefused, match="Hạn không được sau hạn của cấp trên"):
        amend(cast, own, amendments.Change(task, plan_world.in_days(21)))
    amend(cast, own, amendments.Change(task, plan_world.in_days(19)))
    assert Task.objects.get(pk=task.pk).due_at <= plan_world.row_of(above, cast.office).due_at


def test_two_amendments_are_told_one_by_one(cast):
    plan = plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")
    outbox.tell()
    Message.objects.all().update(read_at=timezone.now())
    first, second = plan.tasks.order_by("code")
    amend(cast, plan, amendments.Change(first, plan_world.in_days(20)))
    amend(cast, plan, amendments.Change(second, plan_world.in_days(30)))
    outbox.tell()
    told = Message.objects.filter(recipient=cast.focal, read_at=None).order_by("pk")
    assert [len(one.lines) for one in told] == [1, 1]
    assert ["II.1" in one.lines[0]["text"] for one in told] == [True, False]


def test_an_amendment_is_a_numbered_version_told_to_those_concerned(cast, plan):
    outbox.tell()
    Message.objects.all().update(read_at=timezone.now())
    first, second = plan.tasks.order_by("code")
    plan_world.task(plan, "II.3", audience={"units": [cast.school.code]})
    edition = amend(
        cast, plan, amendments.Change(first, plan_world.in_days(30)),
        amendments.Change(second, is_withdrawn=True),
    )  # fmt: skip
    assert edition.number == 2
    assert [one["text"].split(":")[0] for one in edition.changes] == [
        "Nhiệm vụ II.1", "Nhiệm vụ II.2", "Thêm nhiệm vụ II.3",
    ]  # fmt: skip
    moved = plan_world.row_of(plan, cast.school)
    assert moved.due_at > moved.original_due_at
    assert plan_world.row_of(plan, cast.school, "II.2").state == "withdrawn"
    outbox.tell()
    told = Message.objects.filter(recipient=cast.sibling_focal, read_at=None, kind="notice")
    lines = [line["text"] for one in told.filter(subject__contains="sửa đổi") for line in one.lines]
    assert len(lines) == 2
    assert not any("II.3" in one for one in lines)


def test_a_deadline_is_never_brought_forward(cast, plan):
    first = plan.tasks.get(code="II.1")
    with pytest.raises(StepRefused, match="sớm hơn hạn đã giao"):
        amend(cast, plan, amendments.Change(first, plan_world.in_days(2)))
    assert plan.editions.count() == 1


@pytest.mark.parametrize("words", [{"reason": " "}, {}])
def test_an_amendment_needs_a_reason_and_a_change(cast, plan, words):
    with pytest.raises(StepRefused, match=r"Cần ghi lý do|Chưa có thay đổi"):
        amend(cast, plan, **words)


def test_an_amendment_does_not_contradict_itself(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head)
    client, address = sign_in(cast.office_head), f"/ke-hoach/{plan.pk}/sua-doi/"
    task = plan.tasks.get()
    sent = {
        "document_number": plan.full_number, "reason": "Bão",
        "signed_on": f"{timezone.localdate():%d/%m/%Y}",
    }  # fmt: skip
    page = text(client.post(address, sent | {f"phrase-{task.pk}": plan_world.in_days(30)}))
    assert "Số này đã dùng cho lần ban hành trước." in page
    sent["document_number"] = "16/KH"
    page = text(client.post(address, sent | {f"phrase-{task.pk}": "bao giờ xong"}))
    assert "Nhiệm vụ II.1: " in page
    both = {f"phrase-{task.pk}": plan_world.in_days(30), f"withdraw-{task.pk}": "on"}
    assert "hãy chọn một" in text(client.post(address, sent | both))
    assert plan.editions.count() == 1


def test_nothing_is_signed_in_the_future(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head)
    client, address = sign_in(cast.office_head), f"/ke-hoach/{plan.pk}/sua-doi/"
    task = plan.tasks.get()
    sent = {
        "document_number": "16/KH", "reason": "Bão", f"phrase-{task.pk}": plan_world.in_days(30),
        "signed_on": f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}",
    }  # fmt: skip
    assert "Ngày ký ở tương lai" in text(client.post(address, sent))
    sent["signed_on"] = f"{plan.issued_on - timedelta(days=1):%d/%m/%Y}"
    assert "Ngày ký không được trước ngày ký của lần trước" in text(client.post(address, sent))
    assert plan.editions.count() == 1
    sent["signed_on"] = f"{timezone.localdate():%d/%m/%Y}"
    client.post(address, sent)
    assert plan.editions.count() == 2
    later = timezone.localdate() + timedelta(days=1)
    draft = plan_world.plan(cast.office, cast.specialist, issued_on=later)
    plan_world.task(draft)
    with pytest.raises(StepRefused, match="ở tương lai"):
        plans.issue(draft, by=cast.office_head)
