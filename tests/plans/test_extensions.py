"""What newcomers tripped over in plans: returned work, lost words, dead links, nonsense taken."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import calls, extensions, hand_ins, plans
from plans.models import RoadMapYear
from tests import clock, make, plan_world
from tests.assessments.browse import text
from tests.home import todos
from tests.plan_world import fresh


@pytest.fixture
def plan(cast):
    return plan_world.issued(cast.office, cast.office_head)


def test_a_returned_product_is_on_the_home_page_however_far_its_deadline(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, days=200)
    row = plan_world.row_of(plan, cast.school)
    assert todos(sign_in(cast.focal)) == []
    plan_world.hand_in(row, cast.focal)
    hand_ins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    assert [one.url for one in todos(sign_in(cast.focal))] == [row.get_absolute_url()]


def test_a_refused_hand_in_keeps_what_was_typed(cast, sign_in):
    plan = plan_world.issued(
        cast.office, cast.office_head, product="focal_points", focal_fields=["cntt"]
    )
    row = plan_world.row_of(plan, cast.school)
    answer = sign_in(cast.focal).post(f"{row.get_absolute_url()}nop/", {"note": "Gửi kèm"})
    assert answer.status_code == 422
    assert "Gửi kèm" in text(answer)


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
    plans.save_plan(own, by=cast.focal)
    found = {one.text: one for one in todos(sign_in(cast.head))}
    assert f"Dự thảo chờ ban hành: {own}" in found
    assert found["Nộp: Nộp báo cáo II.2"].notice == f"{cast.office} giao"


def test_a_plan_links_only_to_what_its_reader_may_open(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist)
    own = plan_world.task(draft, "I.1", audience={"own": True})
    given = plan_world.task(draft, "II.1")
    plans.issue_plan(draft, by=cast.office_head)
    page = text(sign_in(cast.focal).get(draft.get_absolute_url()))
    assert own.get_absolute_url() not in page
    assert "Nộp báo cáo I.1" in page
    assert plan_world.row_of(draft, cast.school, given.code).get_absolute_url() in page


@pytest.mark.at("2026-11-20")
@pytest.mark.parametrize(
    ("state", "note", "year", "sentence"),
    [
        ("done", "   ", 2026, "phải ghi căn cứ"),
        ("done", "Báo cáo 5", 2030, "Năm 2030 chưa đến"),
        ("postponed", "Thiếu kinh phí", 2030, "là năm cuối của nhiệm vụ"),
    ],
)
def test_a_road_map_takes_no_empty_or_early_word(cast, sign_in, state, note, year, sentence):
    draft = plan_world.plan(cast.office, cast.specialist, period="2025-2030")
    plan_world.task(draft, "1", years=[2026, 2030])
    plans.issue_plan(draft, by=cast.office_head)
    row = RoadMapYear.objects.get(task__plan=draft, year=year)
    sent = {"state": state, "note": note}
    page = text(sign_in(cast.specialist).post(f"/ke-hoach/lo-trinh/{row.pk}/", sent, follow=True))
    assert sentence in page
    row.refresh_from_db()
    assert row.state == "planned"


def test_an_amendment_does_not_contradict_itself(cast, plan, sign_in):
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


def test_a_call_says_who_was_called_and_when(cast, plan, sign_in):
    task = plan.tasks.get()
    make.person(cast.preschool, "focal_point")
    client, address = sign_in(cast.specialist), f"{task.get_absolute_url()}don-doc/"
    assert "đã nhắc" not in text(client.get(address))
    calls.call(task, {cast.school.pk}, text="Nhắc", by=cast.specialist)
    page = text(client.get(address))
    assert "3 chưa nộp" in page
    assert page.count("đã nhắc") == 1


def test_the_menu_offers_only_what_opens(cast, sign_in):
    for who in (cast.officer, cast.administrator):
        client = sign_in(who)
        offered = "/nhiem-vu/gui-tin/" in text(client.get("/"))
        assert offered == (client.get("/nhiem-vu/gui-tin/").status_code == 200)


def test_no_more_time_than_the_plan_has(cast, plan):
    row = plan_world.row_of(plan, cast.school)
    last = clock.written(clock.period_end())
    with pytest.raises(ValidationError, match=f"Kế hoạch chỉ đến {last}"):
        extensions.ask_extension(
            row, phrase="Chậm nhất ngày 30/06/2097", reason="Bão", by=cast.focal
        )


def test_a_list_of_focal_points_is_not_written_without_its_fields(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist)
    sent = {
        "code": "1", "title": "Kiện toàn", "phrase": plan_world.in_days(9),
        "product": "focal_points", "who": "schools",
    }  # fmt: skip
    client, address = sign_in(cast.specialist), f"/ke-hoach/{draft.pk}/nhiem-vu/them/"
    assert "Chọn các lĩnh vực" in text(client.post(address, sent))
    client.post(address, sent | {"focal_fields": ["cntt", "cds"]})
    assert draft.tasks.get().focal_fields == ["cntt", "cds"]


def test_a_unit_takes_its_request_for_more_time_back_and_asks_anew(cast, plan, sign_in):
    row = plan_world.row_of(plan, cast.school)
    asked = extensions.ask_extension(
        row, phrase=plan_world.in_days(90), reason="Bão", by=cast.focal
    )
    address = f"/nhiem-vu/gia-han/{asked.pk}/rut/"
    assert sign_in(cast.specialist).post(address).status_code == 403
    assert sign_in(cast.stranger).post(address).status_code == 404
    page = text(sign_in(cast.focal).post(address, follow=True))
    assert "Đã rút đề nghị gia hạn." in page
    assert "Gửi đề nghị" in page
    extensions.ask_extension(row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal)
    with pytest.raises(StepRefused, match="đã được trả lời"):
        extensions.recall_extension(asked, by=cast.focal)
