"""What is on my plate: at most five things, oldest first, for the hat that is on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assessments.models import Assessment, CertifyingRule
from tests import make, plan_world
from tests.assessments.browse import reviewed, text
from tests.home import todos


def test_at_most_five_oldest_first_and_the_rest_one_click_away(cast, sign_in):
    sets = [make.small_set(f"S{n}", applies_to=["TH_THCS"]) for n in range(7)]
    for days, one in zip((9, 3, 30, 21, 5, 14, 12), sets, strict=True):
        make.open_campaign(cast, sets=[one], days=days)
    client = sign_in(cast.focal)
    shown = todos(client)
    assert len(shown) == 5
    assert [one.due_at for one in shown] == sorted(one.due_at for one in shown)
    assert shown[0].due_at.date() == timezone.localdate() + timedelta(days=3)
    assert '<a href="?tat-ca">Còn 2 việc khác</a>' in text(client.get("/"))
    assert len(todos(client, "/?tat-ca")) == 7


def test_nothing_to_do_says_so(cast, sign_in):
    assert "Không có việc nào đang chờ bạn." in text(sign_in(cast.focal).get("/"))


@pytest.mark.parametrize("by_department", [False, True])
def test_certifying_waits_at_whoever_may_do_it(cast, campaign, file_, sign_in, by_department):
    """The office head, or the Sở where the province says so; the other one sees no dead end."""
    if by_department:
        CertifyingRule.objects.create(
            department=cast.department, school_type="TH_THCS", certifier="department"
        )
    reviewed(file_, cast)
    heads = (cast.office_head, cast.department_head)
    found = [any("chờ công nhận" in one.text for one in todos(sign_in(head))) for head in heads]
    assert found == [not by_department, by_department]
    for head, may in zip(heads, found, strict=True):
        listed = Assessment.objects.certifiable_by(head).filter(pk=file_.pk).exists()
        assert listed == may


def test_a_head_approves_an_officer_publishes(cast, campaign, file_, sign_in):
    make.certify(reviewed(file_, cast), campaign, cast.office_head)
    (waiting,) = todos(sign_in(cast.officer))
    assert waiting.text.startswith("1 kết quả chưa công bố")
    assert todos(sign_in(cast.auditor)) == []


def test_plan_work_stands_on_the_home_page_of_both_sides(cast, sign_in):
    """The school: what is due within a month. The office: one line that leads to the oldest."""
    plan = plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")
    plan_world.issued(cast.office, cast.office_head, "II.9", days=60)
    (first, second) = todos(sign_in(cast.focal))
    assert [first.text, second.text] == ["Nộp: Nộp báo cáo II.1", "Nộp: Nộp báo cáo II.2"]
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal)
    plan_world.hand_in(plan_world.row_of(plan, cast.sibling, "II.2"), cast.sibling_focal)
    assert [one.text for one in todos(sign_in(cast.focal))] == ["Nộp: Nộp báo cáo II.2"]
    client = sign_in(cast.specialist)
    (review,) = todos(client)
    assert review.text == "1 sản phẩm chờ xem: Nộp báo cáo II.1"
    assert review.notice == "còn 1 nhiệm vụ khác có sản phẩm chờ xem"
    page = text(client.get(review.url))
    assert plan_world.row_of(plan, cast.school).get_absolute_url() in page
    assert plan_world.row_of(plan, cast.sibling).get_absolute_url() not in page
    assert todos(sign_in(cast.stranger_specialist)) == []
