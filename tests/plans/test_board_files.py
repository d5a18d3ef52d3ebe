"""What leaves the boards: Excel files."""

import pytest
from django.utils import timezone

from plans.actions import assignments
from plans.boards import units
from plans.models import Assignment
from reporting.files import plan_tables
from reporting.models import Export
from tests import clock, plan_world
from tests.assessments.browse import text
from tests.plans.files import built, rows
from tests.units import many_schools


@pytest.fixture
def plan(cast):
    found = plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")
    plan_world.hand_in(plan_world.row_of(found, cast.school), cast.focal)
    return found


def test_the_board_as_excel(cast, plan, sign_in):
    book = built(sign_in(cast.specialist), f"/bao-cao/ke-hoach/{plan.pk}/plan-board/")
    assert book.sheetnames == ["Bảng theo dõi", "Nhiệm vụ"]
    found = {row[2]: row for row in rows(book["Bảng theo dõi"]) if row[2]}
    mine, sibling = found[cast.school.code], found[cast.sibling.code]
    assert mine[3:7] == (2, 1, 0, "Chờ xem")
    assert mine[8] == "Đúng hạn"
    assert sibling[3:6] == (2, 0, 0)
    assert cast.stranger_school.code not in found
    assert any("1 / 3 đã nộp" in row for row in rows(book["Bảng theo dõi"]))
    assert "Phạm vi" in str(rows(book["Bảng theo dõi"])[:4])


def test_a_school_exports_only_what_it_may_see(cast, plan, sign_in):
    answer = sign_in(cast.stranger_specialist).post(f"/bao-cao/ke-hoach/{plan.pk}/plan-board/")
    assert answer.status_code == 404
    assert not Export.objects.exists()


def test_the_month_as_excel_and_as_a_page(cast, plan, sign_in):
    due = timezone.localtime(plan.tasks.first().due_at)
    client = sign_in(cast.officer)
    assert "Nộp báo cáo II.1" in text(client.get(f"/nhiem-vu/lich/?thang={due:%Y-%m}"))
    book = built(client, "/bao-cao/lich/", thang=f"{due:%Y-%m}")
    found = [row for row in rows(book.active) if row[2] in ("II.1", "II.2")]
    assert [row[5:7] for row in found] == [(1, 3), (0, 3)]
    assert client.post("/bao-cao/lich/", {"thang": "2026-13"}).status_code == 404


def test_who_hands_in_while_the_file_is_written_is_in_it_once(cast):
    """The board puts the overdue first: who hands in between two pages goes to its end."""
    schools = many_schools(cast.neighbour, plan_tables.CHUNK + 20)
    plan = plan_world.issued(cast.neighbour, cast.stranger_head, "II.1", "II.2", days=1)
    first = plan.tasks.get(code="II.1").assignments.filter(unit__in=schools[:20])

    def hand_in(done: int, total: int, doing: str) -> None:
        if done < total:
            assignments.move_many(first, "hand_in", by=cast.stranger)

    with clock.at(clock.in_days(4).isoformat()):
        sheets, shown = plan_tables.board_tables(
            plan, cast.neighbour.path, units.EVERYTHING, [], hand_in
        )
        *found, total = list(sheets[0].rows)
    codes = {*(one.code for one in schools), cast.stranger_school.code}
    assert (len(found), shown) == (len(codes), len(codes))
    assert {row[2] for row in found} == codes
    assert [row[0] for row in found] == list(range(1, len(codes) + 1))
    sums = tuple(sum(row[column] for row in found) for column in (3, 4, 5))
    assert total[3:6] == sums
    assert Assignment.objects.handed_in().count() == 20
    for row in found:
        assert row[4] == sum(1 for state in (row[6], row[9]) if state == "Chờ xem")
