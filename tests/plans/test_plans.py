"""A plan in force: issued, handed in, returned, late with an explanation, more time, amended."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans import notifications
from plans.actions import extensions, hand_ins, newcomers, plans, plans_from_above
from plans.models import Assignment, Extension, Plan, Product, Task
from schools.actions import focal_points
from schools.models import Message
from tests import clock, make, plan_world
from tests.assessments.browse import text
from tests.plan_world import amend, fresh


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
        plans.issue_plan(found, by=cast.office_head)
    assert not Assignment.objects.filter(task__plan=found).exists()


def test_only_the_head_issues_and_never_the_neighbour(cast):
    found = plan_world.plan(cast.office, cast.specialist)
    plan_world.task(found)
    for who in (cast.specialist, cast.stranger_head, cast.officer, cast.focal):
        with pytest.raises(PermissionDenied):
            plans.issue_plan(found, by=who)


def test_handed_in_returned_and_handed_in_again(cast, row):
    plan_world.hand_in(row, cast.focal, note="Gửi phòng")
    assert fresh(row).state == "handed_in"
    hand_ins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu số liệu")
    assert fresh(row).state == "returned"
    first = fresh(row).handed_in_at
    plan_world.hand_in(fresh(row), cast.focal)
    hand_ins.review(fresh(row), "complete", by=cast.specialist)
    done = fresh(row)
    assert (done.state, done.handed_in_at) == ("done", first)
    assert list(done.products.values_list("number", "decision", "reason")) == [
        (1, "returned", "Thiếu số liệu"), (2, "accepted", ""),
    ]  # fmt: skip


def test_the_product_gates_the_hand_in(cast, row, sign_in):
    with pytest.raises(StepRefused, match="Chưa có sản phẩm «Báo cáo kết quả»"):
        hand_ins.hand_in(row, by=cast.focal)
    answer = sign_in(cast.focal).post(f"{row.get_absolute_url()}nop/", {"note": ""}, follow=True)
    assert "Chưa có sản phẩm" in text(answer)
    assert not Product.objects.exists()


@pytest.mark.parametrize("who", ["sibling_focal", "specialist", "stranger", "auditor"])
def test_nobody_else_hands_in(cast, row, who):
    with pytest.raises(PermissionDenied):
        plan_world.hand_in(row, getattr(cast, who))


def test_nobody_reviews_their_own_units_product(cast, row):
    plan_world.hand_in(row, cast.focal)
    both = make.person(cast.school, "focal_point")
    both.memberships.create(unit=cast.office, role="specialist")
    for who in (both, cast.head, cast.stranger_specialist, cast.officer):
        with pytest.raises(PermissionDenied):
            hand_ins.review(fresh(row), "complete", by=who)


def test_late_needs_an_explanation_and_stays_late(cast):
    found = plan_world.issued(cast.office, cast.office_head, days=-2)
    row = plan_world.row_of(found, cast.school)
    with pytest.raises(StepRefused, match="Đã quá hạn: hãy ghi giải trình"):
        plan_world.hand_in(row, cast.focal)
    plan_world.hand_in(row, cast.focal, explanation="Máy chủ hỏng")
    hand_ins.review(fresh(row), "complete", by=cast.specialist)
    hand_ins.review(fresh(row), "reopen", by=cast.specialist, reason="Xem lại")
    again = fresh(row)
    assert again.timeliness == "Trễ 2 ngày"
    assert again.explanation == "Máy chủ hỏng"
    with pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.filter(pk=row.pk).update(handed_in_at=timezone.now())


def test_what_was_handed_in_never_changes(cast, row):
    product = plan_world.hand_in(row, cast.focal)
    for change in ({"note": "khác"}, {"number": 9}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Product.objects.filter(pk=product.pk).update(**change)
    with pytest.raises(ValidationError):
        product.delete()


def test_more_time_once_with_the_first_date_kept(cast, row):
    asked = extensions.ask_extension(
        row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal
    )
    with pytest.raises(StepRefused, match="chờ trả lời"):
        extensions.ask_extension(row, phrase=plan_world.in_days(30), reason="Bão", by=cast.focal)
    with pytest.raises(PermissionDenied):
        extensions.answer_extension(asked, is_granted=True, answer="", by=cast.head)
    first = row.due_at
    extensions.answer_extension(asked, is_granted=True, answer="", by=cast.specialist)
    moved = fresh(row)
    assert moved.due_at == asked.due_at > moved.original_due_at == first
    with pytest.raises(StepRefused, match="chỉ được gia hạn 1 lần"):
        extensions.ask_extension(moved, phrase=plan_world.in_days(30), reason="Nữa", by=cast.focal)


def test_a_refusal_says_why_and_an_earlier_date_is_no_extension(cast, row):
    for phrase in (plan_world.in_days(3), plan_world.in_days(-1)):
        with pytest.raises(ValidationError, match="Hạn mới phải sau"):
            extensions.ask_extension(row, phrase=phrase, reason="x", by=cast.focal)
    asked = extensions.ask_extension(
        row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal
    )
    with pytest.raises(StepRefused, match="Cần ghi lý do khi không gia hạn"):
        extensions.answer_extension(asked, is_granted=False, answer=" ", by=cast.specialist)
    extensions.answer_extension(asked, is_granted=False, answer="Đã muộn", by=cast.specialist)
    assert fresh(row).due_at == row.due_at
    assert Extension.objects.get().state == "refused"


def test_approval_comes_before_execution(cast):
    found = plan_world.issued(cast.office, cast.office_head, needs_approval=True)
    row = plan_world.row_of(found, cast.school)
    with pytest.raises(StepRefused, match="phải được phê duyệt trước"):
        plan_world.hand_in(row, cast.focal)
    hand_ins.propose(row, by=cast.focal, uploads=[plan_world.pdf_file("Kế hoạch thi.pdf")])
    hand_ins.review(fresh(row), "refuse", by=cast.specialist, reason="Thiếu lịch thi")
    hand_ins.propose(fresh(row), by=cast.focal, uploads=[plan_world.pdf_file("Kế hoạch 2.pdf")])
    hand_ins.review(fresh(row), "approve", by=cast.specialist)
    assert fresh(row).state == "approved"
    plan_world.hand_in(fresh(row), cast.focal)
    assert fresh(row).state == "handed_in"


def test_focal_points_are_themselves_the_product(cast):
    found = plan_world.issued(cast.office, cast.office_head, product="focal_points")
    row = plan_world.row_of(found, cast.school)
    with pytest.raises(StepRefused, match="Chưa ghi đầu mối nào"):
        hand_ins.hand_in(row, by=cast.focal)
    facts = {"leader_name": "Lê Thị Hoa", "name": "Trần An"}
    focal_points.name_focal_point(cast.school, "cntt", facts, by=cast.focal)
    product = hand_ins.hand_in(row, by=cast.focal)
    assert product.people[0]["name"] == "Trần An"
    focal_points.name_focal_point(cast.school, "cntt", facts | {"name": "Vũ Bình"}, by=cast.focal)
    kept = cast.school.focal_points.order_by("valid_from").values_list("name", "valid_to")
    assert [name for name, _ in kept] == ["Trần An", "Vũ Bình"]
    assert Product.objects.get().people[0]["name"] == "Trần An"


def test_a_unit_that_opens_later_is_offered_the_running_task(cast, plan, sign_in):
    late = make.school(cast.office, "0101-777", short_name="TH Mới Mở")
    task = plan.tasks.get(code="II.1")
    assert "TH Mới Mở" in text(sign_in(cast.specialist).get(task.get_absolute_url()))
    newcomers.give_to_newcomers(task, by=cast.specialist)
    assert Assignment.objects.filter(task=task, unit=late).exists()
    with pytest.raises(StepRefused, match="Không có đơn vị mới"):
        newcomers.give_to_newcomers(task, by=cast.specialist)


# Cascade


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
        plans.save_task(task, by=cast.specialist)
    with pytest.raises(StepRefused, match="đã có kế hoạch lập từ kế hoạch này"):
        plans_from_above.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)


def test_a_school_takes_its_tasks_over_as_its_own_work(cast, plan):
    own = plans_from_above.derive(plan, unit=cast.school, by=cast.focal, buffer_days=0)
    own.number, own.issued_on, own.signer_name = "3", timezone.localdate(), "Lê Thị Hoa"
    plans.save_plan(own, by=cast.focal)
    plans.issue_plan(own, by=cast.head)
    row = plan_world.row_of(own, cast.school)
    plan_world.hand_in(row, cast.focal)
    assert fresh(row).state == "done"  # nobody above waits for it


def test_no_plan_is_derived_from_what_was_not_given(cast, plan):
    with pytest.raises(StepRefused, match="không còn nhiệm vụ nào đơn vị chưa nộp"):
        plans_from_above.derive(plan, unit=cast.neighbour, by=cast.stranger_head, buffer_days=0)


# Amending


def test_an_amendment_is_a_numbered_version_told_to_those_concerned(cast, plan):
    notifications.announce()
    Message.objects.all().update(read_at=timezone.now())
    first, second = plan.tasks.order_by("code")
    plan_world.task(plan, "II.3", audience={"units": [cast.school.code]})
    edition = amend(
        cast, plan, plans.Change(first, plan_world.in_days(30)),
        plans.Change(second, is_withdrawn=True),
    )  # fmt: skip
    assert edition.number == 2
    assert [one["text"].split(":")[0] for one in edition.changes] == [
        "Nhiệm vụ II.1", "Nhiệm vụ II.2", "Thêm nhiệm vụ II.3",
    ]  # fmt: skip
    moved = plan_world.row_of(plan, cast.school)
    assert moved.due_at > moved.original_due_at
    assert plan_world.row_of(plan, cast.school, "II.2").state == "withdrawn"
    notifications.announce()
    told = Message.objects.filter(recipient=cast.sibling_focal, read_at=None, kind="notice")
    lines = [line["text"] for one in told.filter(subject__contains="sửa đổi") for line in one.lines]
    assert len(lines) == 2
    assert not any("II.3" in one for one in lines)


def test_a_deadline_is_never_brought_forward(cast, plan):
    first = plan.tasks.get(code="II.1")
    with pytest.raises(StepRefused, match="sớm hơn hạn đã giao"):
        amend(cast, plan, plans.Change(first, plan_world.in_days(2)))
    assert plan.editions.count() == 1


@pytest.mark.parametrize("words", [{"reason": " "}, {}])
def test_an_amendment_needs_a_reason_and_a_change(cast, plan, words):
    with pytest.raises(StepRefused, match=r"Cần ghi lý do|Chưa có thay đổi"):
        amend(cast, plan, **words)


def test_a_closed_plan_takes_nothing_more(cast, plan, row):
    plans.close_plan(plan, by=cast.office_head, reason="Hết năm học")
    with pytest.raises(StepRefused, match="đã kết thúc"):
        plan_world.hand_in(fresh(row), cast.focal)
    with pytest.raises((ValidationError, ProtectedError)):
        Plan.objects.get(pk=plan.pk).delete()


def test_notices_reach_the_inbox_once(cast, row):
    plan_world.hand_in(row, cast.focal)
    hand_ins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    notifications.announce()
    assert notifications.announce() == 0
    lines = [one["text"] for row in cast.focal.messages_received.all() for one in row.lines]
    assert lines.count("Nộp báo cáo II.1: Thiếu chữ ký") == 1
    assert Message.objects.filter(recipient=cast.specialist, subject__contains="Nộp").count() == 1
    assert not Message.objects.filter(recipient=cast.stranger).exists()


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
def test_the_years_of_a_road_map_are_chosen_on_the_page(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist, period="2025-2030")
    sent = {
        "code": "1", "title": "Học bạ số", "phrase": "Trong năm 2027", "product": "report",
        "who": "schools", "years": ["2026", "2027"],
    }  # fmt: skip
    client = sign_in(cast.specialist)
    client.post(f"/ke-hoach/{draft.pk}/nhiem-vu/them/", sent)
    assert draft.tasks.get().years == [2026, 2027]
    plans.issue_plan(draft, by=cast.office_head)
    assert "Học bạ số" in text(client.get(f"/ke-hoach/{draft.pk}/lo-trinh/"))


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
    plans.issue_plan(draft, by=cast.office_head)
    answer = sign_in(cast.focal).get(original)  # a school below reads it too
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert sign_in(cast.stranger).get(original).status_code == 404
