"""Lines of the home page about work of plans."""

import pytest

from plans.actions import extensions, hand_ins
from tests import clock, plan_world
from tests.home import todos
from tests.plan_world import fresh


@pytest.fixture
def plan(cast):
    return plan_world.issued(cast.office, cast.office_head)


def test_the_home_page_has_a_line_for_products_and_one_for_more_time(cast, plan, sign_in):
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal)
    row = plan_world.row_of(plan, cast.sibling)
    extensions.ask(row, phrase=plan_world.in_days(20), reason="Bão", by=cast.sibling_focal)
    task = plan.tasks.get()
    found = [(one.text, one.url) for one in todos(sign_in(cast.specialist))]
    assert found == [
        (f"1 sản phẩm chờ xem: {task}", f"{task.get_absolute_url()}?loc=cho-xem"),
        (f"1 đề nghị gia hạn: {task}", f"{task.get_absolute_url()}?loc=gia-han"),
    ]
    page = sign_in(cast.specialist).get(found[1][1])
    assert [one.unit for one in page.context["page"]] == [cast.sibling]


def test_the_issuers_home_page_counts_what_waits_for_approval(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, needs_approval=True)
    hand_ins.propose(
        plan_world.row_of(plan, cast.school), by=cast.focal, uploads=[plan_world.pdf_file()]
    )
    (waiting,) = todos(sign_in(cast.specialist))
    assert waiting.text.startswith("1 sản phẩm chờ xem")


def test_a_returned_product_is_on_the_home_page_however_far_its_deadline(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, days=clock.AHEAD)
    row = plan_world.row_of(plan, cast.school)
    assert todos(sign_in(cast.focal)) == []
    plan_world.hand_in(row, cast.focal)
    hand_ins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    assert [one.url for one in todos(sign_in(cast.focal))] == [row.get_absolute_url()]
