"""A plan is written, signed, issued, read, closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import plans, tasks
from plans.models import Assignment, Plan, Task
from tests import clock, plan_world
from tests.assessments.browse import text
from tests.plan_world import fresh


@pytest.fixture
def plan(cast) -> Plan:
    return plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")


@pytest.fixture
def row(cast, plan):
    return plan_world.row_of(plan, cast.school)


def test_issuing_gives_every_addressee_its_row(cast, plan):
    units = plan.tasks.get(code="II.1").assignments.values_list("unit__code", flat=True)
    assert set(units) == {cast.school.code, cast.sibling.code, cast.preschool.code}
    assert plan.state == "issued"
    assert plan.editions.get().number == 1


@pytest.mark.parametrize(
    ("audience", "codes"),
    [
        ({"own": True}, ["0101"]),
        ({"kinds": ["school"], "types": ["MN"]}, ["0101-003"]),
        ({"units": ["0101-002", "0102-001"]}, ["0101-002"]),  # the neighbour's is not ours to name
        ({"kinds": ["school"], "ownership": "private"}, []),
        ({"kinds": ["school"], "types": ["MN"], "with_own": True}, ["0101", "0101-003"]),
    ],
)
def test_the_audience_is_by_kind_type_ownership_and_list(cast, audience, codes):
    found = plan_world.issued(cast.office, cast.office_head, audience=audience)
    given = found.tasks.get().assignments.values_list("unit__code", flat=True)
    assert sorted(given) == codes


def test_an_unsigned_plan_is_not_issued(cast):
    found = plan_world.plan(cast.office, cast.specialist, number="", signer_name="")
    with pytest.raises(StepRefused, match=r"ký hiệu\. Chưa ghi người ký\. Kế hoạch chưa"):
        plans.issue(found, by=cast.office_head)
    assert not Assignment.objects.filter(task__plan=found).exists()


def test_a_task_without_a_plan_is_no_row_of_one(cast):
    own = Task(issuer=cast.office, title="Việc đột xuất")
    for step in (tasks.save, tasks.remove):
        with pytest.raises(StepRefused, match="không thuộc kế hoạch nào"):
            step(own, by=cast.office_head)


def test_only_the_head_issues_and_never_the_neighbour(cast):
    found = plan_world.plan(cast.office, cast.specialist)
    plan_world.task(found)
    for who in (cast.specialist, cast.stranger_head, cast.officer, cast.focal):
        with pytest.raises(PermissionDenied):
            plans.issue(found, by=who)


def test_a_closed_plan_takes_nothing_more(cast, plan, row):
    plans.close(plan, by=cast.office_head, reason="Hết năm học")
    with pytest.raises(StepRefused, match="đã kết thúc"):
        plan_world.hand_in(fresh(row), cast.focal)
    with pytest.raises((ValidationError, ProtectedError)):
        Plan.objects.get(pk=plan.pk).delete()


def test_the_task_list_says_what_is_next(cast, plan, sign_in):
    page = text(sign_in(cast.focal).get("/nhiem-vu/"))
    assert page.index("Nộp báo cáo II.1") < page.index("Nộp báo cáo II.2")
    assert Task.objects.visible_to(cast.stranger).filter(plan=plan).count() == 0
    assert timedelta(0) < plan.tasks.first().due_at - timezone.now()


def test_the_parts_of_a_plan_are_written_as_lines(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist, period=clock.long_period())
    client, address = sign_in(cast.specialist), f"/ke-hoach/{draft.pk}/sua/"
    fields = {"title": draft.title, "kind": draft.kind, "period": draft.period}

    def write(lines: str):
        return client.post(address, fields | {"sections_text": lines}, follow=True)

    write("I. Mục tiêu\n\nII.2. Nhiệm vụ, giải pháp\n")
    found = list(draft.sections.order_by("position").values_list("code", "title"))
    assert found == [("I", "Mục tiêu"), ("II.2", "Nhiệm vụ, giải pháp")]
    plan_world.task(draft, "1", section=draft.sections.get(code="II.2"))
    assert "còn nhiệm vụ hoặc chỉ tiêu" in text(write("I. Mục tiêu"))
    assert "Dòng 2 phải viết như" in text(write("I. Mục tiêu\nII"))
    assert "đã có ở dòng trên" in text(write("I. Mục tiêu\nI. Khác"))
    write("II.2. Nhiệm vụ\nIII. Tổ chức thực hiện")
    assert list(draft.sections.values_list("code", flat=True)) == ["II.2", "III"]


@pytest.mark.at("2026-11-20")
def test_the_signed_original_is_kept_with_the_plan(cast, sign_in, pdf):
    draft = plan_world.plan(cast.office, cast.specialist)
    client, address = sign_in(cast.specialist), f"/ke-hoach/{draft.pk}/sua/"
    fields = {
        "title": draft.title, "kind": draft.kind, "period": draft.period, "number": "15",
        "symbol": "KH-PGDĐT", "issued_on": "05/10/2026", "signer_name": "Cao Văn Rôi",
        "signer_post": "", "purpose": "",
    }  # fmt: skip
    assert client.post(address, fields | {"original_file": pdf}).status_code == 302
    draft.refresh_from_db()
    assert draft.original.document.unit == cast.office
    answer = client.post(address, fields | {"issued_on": "31/02/2026"})
    assert "Ngày" in text(answer)
    draft.refresh_from_db()
    assert draft.issued_on.isoformat() == "2026-10-05"
    original = f"/ke-hoach/{draft.pk}/ban-goc/"
    assert original in text(client.get(draft.get_absolute_url()))
    plan_world.task(draft)
    plans.issue(draft, by=cast.office_head)
    answer = sign_in(cast.focal).get(original)  # a school below reads it too
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert sign_in(cast.stranger).get(original).status_code == 404


def test_a_plan_links_only_to_what_its_reader_may_open(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist)
    own = plan_world.task(draft, "I.1", audience={"own": True})
    given = plan_world.task(draft, "II.1")
    plans.issue(draft, by=cast.office_head)
    page = text(sign_in(cast.focal).get(draft.get_absolute_url()))
    assert own.get_absolute_url() not in page
    assert "Nộp báo cáo I.1" in page
    assert plan_world.row_of(draft, cast.school, given.code).get_absolute_url() in page


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("01/01/0001", "Năm 0001 chắc là gõ nhầm; chỉ nhận từ năm 1900 đến 2100."),
        ("31/12/1999", "từ năm 2000 đến năm 2099"),
        ("01/01/2100", "từ năm 2000 đến năm 2099"),
    ],
)
def test_a_plan_of_another_age_is_refused(cast, sign_in, day, sentence):
    draft = plan_world.plan(cast.office, cast.specialist)
    answer = sign_in(cast.specialist).post(
        f"/ke-hoach/{draft.pk}/sua/",
        {"title": "x", "kind": draft.kind, "period": draft.period, "issued_on": day},
    )
    assert sentence in text(answer)
