"""What leaves the boards: Excel files, the decision on focal points, targets rolled up by sums."""

import io
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from edudx.lib.workflow import StepRefused
from plans import target_totals
from plans.actions import plans, target_figures
from plans.boards import targets
from plans.models import RoadMapYear
from reporting.models import Export
from schools.actions import focal_points
from tests import clock, plan_world
from tests.assessments.browse import text
from tests.plans.files import built, rows

PAIRS = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 500)).map(
        lambda pair: (Decimal(min(pair)), Decimal(max(pair)))
    )
)


@pytest.fixture
def plan(cast):
    found = plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")
    plan_world.hand_in(plan_world.row_of(found, cast.school), cast.focal)
    return found


# Excel


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


def test_the_road_map_as_excel(cast, sign_in):
    found = plan_world.plan(cast.office, cast.specialist, period=clock.long_period())
    years, audience = [clock.year(), clock.year(1)], {"kinds": ["school"], "with_own": True}
    plan_world.task(found, "1", years=years, audience=audience)
    plans.issue_plan(found, by=cast.office_head)
    client = sign_in(cast.office_head)
    year = RoadMapYear.objects.get(task__plan=found, year=clock.year())
    client.post(f"/ke-hoach/lo-trinh/{year.pk}/", {"state": "done", "note": "Đủ 12 trường"})
    book = built(client, f"/bao-cao/ke-hoach/{found.pk}/road-map/")
    (row,) = [row for row in rows(book["Lộ trình"]) if row[0] == "1"]
    assert row[3:9] == ("X", "X", 0, 4, None, "Hoàn thành: Đủ 12 trường")


def test_the_month_as_excel_and_as_a_page(cast, plan, sign_in):
    due = timezone.localtime(plan.tasks.first().due_at)
    client = sign_in(cast.officer)
    assert "Nộp báo cáo II.1" in text(client.get(f"/nhiem-vu/lich/?thang={due:%Y-%m}"))
    book = built(client, "/bao-cao/lich/", thang=f"{due:%Y-%m}")
    found = [row for row in rows(book.active) if row[2] in ("II.1", "II.2")]
    assert [row[5:7] for row in found] == [(1, 3), (0, 3)]
    assert client.post("/bao-cao/lich/", {"thang": "2026-13"}).status_code == 404


# Targets


@given(PAIRS)
def test_a_ratio_is_the_ratio_of_sums_never_a_mean(parts):
    found = target_totals.total(parts, of=len(parts) + 1, is_ratio=True)
    whole = sum(one for _, one in parts)
    assert (found.reported, found.is_complete) == (len(parts), False)
    if whole:
        exact = Decimal(100) * sum(one for one, _ in parts) / whole
        assert abs(found.value - exact) <= Decimal("0.005")
        assert Decimal(0) <= found.value <= Decimal(100)
    else:
        assert found.value is None


def test_two_schools_of_different_size_weigh_by_their_size(cast, plan, sign_in):
    target = plan_world.target(plan)
    for unit, person, part, whole in (
        (cast.school, cast.focal, 10, 10), (cast.sibling, cast.sibling_focal, 30, 90),
    ):  # fmt: skip
        target_figures.save_actual(
            target, unit=unit, period=plan.period, numerator=Decimal(part),
            denominator=Decimal(whole), note="", version=0, by=person,
        )  # fmt: skip
    (row,) = targets.targets_of(plan, cast.specialist, plan.period)
    assert row.total.value == Decimal("40.00")  # 40 of 100; the mean of 100 % and 33 % would be 67
    assert (row.total.reported, row.total.of, row.is_reached) == (2, 3, False)
    page = text(sign_in(cast.specialist).get(f"/ke-hoach/{plan.pk}/chi-tieu/"))
    assert "2 / 3" in page
    (own,) = targets.targets_of(plan, cast.focal, plan.period)
    assert own.total.value == Decimal("100.00")


def test_what_nobody_reported_is_not_zero(cast, plan):
    plan_world.target(plan)
    (row,) = targets.targets_of(plan, cast.specialist, plan.period)
    assert (row.total.value, row.total.reported, row.is_reached) == (None, 0, None)


def test_a_part_above_the_whole_and_a_stale_page_are_told(cast, plan, sign_in):
    target = plan_world.target(plan)
    client, address = sign_in(cast.focal), f"/ke-hoach/chi-tieu/{target.pk}/ket-qua/"

    def send(part: str, version: int = 0):
        name = f"t{target.pk}"
        sent = {
            f"{name}-numerator": part, f"{name}-denominator": "40", f"{name}-note": "",
            f"{name}-version": version, "period": plan.period,
        }  # fmt: skip
        return client.post(address, sent, follow=True)

    answer = send("41")
    assert answer.status_code == 422
    assert "không được lớn hơn tổng số" in text(answer)
    assert "Đã ghi chỉ tiêu" in text(send("38"))
    assert "Người khác vừa sửa số liệu này" in text(send("39"))
    assert target.actuals.get().numerator == 38


def test_a_stranger_enters_nothing(cast, plan):
    target = plan_world.target(plan)
    facts = {"numerator": Decimal(1), "denominator": None, "note": "", "version": 0}
    with pytest.raises(ValidationError, match="Ghi tổng số"):
        target_figures.save_actual(target, unit=cast.school, period="x", by=cast.focal, **facts)
    with pytest.raises(PermissionDenied, match="không có quyền"):
        target_figures.save_actual(target, unit=cast.school, period="x", by=cast.stranger, **facts)
    draft = plan_world.target(plan_world.plan(cast.office, cast.specialist))
    with pytest.raises(StepRefused, match="chưa ban hành"):
        target_figures.save_actual(draft, unit=cast.school, period="x", by=cast.focal, **facts)


# The decision on focal points


def test_the_decision_names_who_is_in_office(cast, sign_in):
    facts = {"leader_name": "Lê Thị Hoa", "leader_post": "Phó Hiệu trưởng", "name": "Trần An"}
    focal_points.name_focal_point(cast.school, "cntt", facts, by=cast.focal)
    focal_points.name_focal_point(cast.school, "cntt", facts | {"name": "Đỗ Bình"}, by=cast.focal)
    client = sign_in(cast.head)
    answer = client.get(f"/bao-cao/dau-moi/{cast.school.pk}/quyet-dinh.pdf")
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "QUYẾT ĐỊNH" in said
    assert "Đỗ Bình" in said
    assert "Trần An" not in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    page = text(client.get(f"/don-vi/{cast.school.pk}/dau-moi/"))
    assert "Trần An" in page  # the register keeps the days of the one before
    assert sign_in(cast.stranger).get(
        f"/bao-cao/dau-moi/{cast.school.pk}/quyet-dinh.pdf"
    ).status_code == 404  # fmt: skip
