"""Handed in, looked at, returned, handed in again; late with an explanation; approved first."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import hand_ins
from plans.models import Assignment, Plan, Product
from tests import make, plan_world
from tests.assessments.browse import text
from tests.home import todos
from tests.plan_world import fresh


@pytest.fixture
def plan(cast) -> Plan:
    return plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")


@pytest.fixture
def row(cast, plan):
    return plan_world.row_of(plan, cast.school)


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


def test_a_stranger_to_the_unit_does_not_get_its_form(cast, sign_in):
    row = plan_world.row_of(plan_world.issued(cast.office, cast.office_head), cast.school)
    answer = sign_in(cast.specialist).post(f"{row.get_absolute_url()}nop/", {"note": "x" * 9000})
    assert answer.status_code == 403


def test_a_refused_hand_in_keeps_what_was_typed(cast, sign_in):
    plan = plan_world.issued(
        cast.office, cast.office_head, product="focal_points", focal_fields=["cntt"]
    )
    row = plan_world.row_of(plan, cast.school)
    answer = sign_in(cast.focal).post(f"{row.get_absolute_url()}nop/", {"note": "Gửi kèm"})
    assert answer.status_code == 422
    assert "Gửi kèm" in text(answer)


def test_a_returned_product_is_one_thing_everywhere(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, days=-5)
    row = plan_world.row_of(plan, cast.school)
    plan_world.hand_in(row, cast.focal, explanation="Bão")
    hand_ins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    client = sign_in(cast.focal)
    (todo,) = todos(client)
    assert todo.text.startswith("Nộp lại: ")
    assert (todo.due_at, todo.notice) == (None, f"{cast.office} trả lại, cần nộp lại ngay")
    assert "quá hạn" not in text(client.get("/")).lower()
    page = text(client.get(row.get_absolute_url()))
    assert "Bị trả lại, cần nộp lại ngay" in page
    assert "Lần đầu: Trễ 5 ngày" in page


# Approval first


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


def test_nobody_approves_ones_own_work_so_it_needs_none(cast):
    plan = plan_world.issued(
        cast.office, cast.office_head, needs_approval=True, audience={"own": True}
    )
    row = plan_world.row_of(plan, cast.office)
    plan_world.hand_in(row, cast.specialist)
    assert fresh(row).state == "done"
