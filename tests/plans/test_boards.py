"""A number opens the list it counts; a filtered board says what it leaves out."""

import pytest

from plans.actions import calls, extensions, hand_ins
from plans.boards import units
from reporting.models import Export
from tests import make, plan_world
from tests.assessments.browse import text
from tests.plan_world import fresh
from tests.plans.files import built, rows


@pytest.fixture
def plan(cast):
    return plan_world.issued(cast.office, cast.office_head)


def test_each_number_of_a_task_opens_the_list_it_counts(cast, plan, sign_in):
    mine, sibling = plan_world.row_of(plan, cast.school), plan_world.row_of(plan, cast.sibling)
    for row, who in ((mine, cast.focal), (sibling, cast.sibling_focal)):
        plan_world.hand_in(row, who)
    hand_ins.review(fresh(mine), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    third = plan_world.row_of(plan, cast.preschool)
    extensions.ask(third, phrase=plan_world.in_days(20), reason="Bão", by=make.person(
        cast.preschool, "focal_point"
    ))  # fmt: skip
    client, path = sign_in(cast.specialist), plan.tasks.get().get_absolute_url()
    lists = client.get(path).context["lists"]
    for key, name, count in lists:
        found = client.get(f"{path}?loc={key}").context["page"]
        assert len(found.object_list) == count, name
    assert {key: count for key, _, count in lists} == {
        "phai-nop": 3, "da-nop": 2, "chua-nop": 1, "cho-xem": 1, "tra-lai": 1, "hoan-thanh": 0,
        "tre": 0, "gia-han": 1, "da-rut": 0,
    }  # fmt: skip
    page = text(client.get(path))
    assert "Chờ xem" in page  # what a school has handed in is the issuer's turn
    called = calls.preview(plan.tasks.get(), by=cast.specialist)
    assert {one.assignment.unit for one in called} == {cast.school, cast.preschool}


def test_a_filtered_board_leaves_as_it_is_seen_and_says_so(cast, plan, sign_in):
    client, address = sign_in(cast.specialist), f"/ke-hoach/{plan.pk}/bang/?loai=MN"
    page = client.get(address)
    assert [one["expected"] for one in page.context["totals"]] == [1]
    assert "chỉ các đơn vị đang lọc" in text(page)
    book = built(client, f"/bao-cao/ke-hoach/{plan.pk}/plan-board/", loai="MN")
    found = rows(book["Bảng theo dõi"])
    assert [row[2] for row in found if row[2] and "-" in str(row[2])] == [cast.preschool.code]
    assert any("Chỉ gồm các đơn vị: Mầm non" in str(row[0]) for row in found)
    export = Export.objects.get()
    assert f"{export.file_name} · " in text(client.get(export.get_absolute_url()))
    assert "1 đơn vị" in text(client.get(export.get_absolute_url()))


def test_what_a_board_does_not_understand_narrows_nothing():
    assert units.BoardFilter.of({"loai": "XX", "loc": "khac", "tim": " "}) == units.EVERYTHING
    assert units.BoardFilter.of({"loc": "tre"}).words == "có việc trễ, quá hạn"
