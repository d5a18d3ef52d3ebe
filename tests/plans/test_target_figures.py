"""Figures of targets: entered by who was asked, rolled up by sums."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.workflow import StepRefused
from plans import target_totals
from plans.actions import target_figures
from plans.boards import targets
from tests import plan_world
from tests.assessments.browse import text

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
        target_figures.save(
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


def test_a_share_in_the_place_of_its_two_numbers_is_told(cast, plan, sign_in):
    target = plan_world.target(plan)
    name = f"t{target.pk}"
    sent = {
        f"{name}-numerator": "0,95", f"{name}-denominator": "1", f"{name}-note": "",
        f"{name}-version": 0, "period": plan.period,
    }  # fmt: skip
    answer = sign_in(cast.focal).post(f"/ke-hoach/chi-tieu/{target.pk}/ket-qua/", sent)
    assert answer.status_code == 422
    assert "Ghi hai số đếm được, ví dụ 45 và 50, không ghi tỉ lệ như 0,9 và 1." in text(answer)
    assert not target.actuals.exists()


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
        target_figures.save(target, unit=cast.school, period="x", by=cast.focal, **facts)
    with pytest.raises(PermissionDenied, match="không có quyền"):
        target_figures.save(target, unit=cast.school, period="x", by=cast.stranger, **facts)
    draft = plan_world.target(plan_world.plan(cast.office, cast.specialist))
    with pytest.raises(StepRefused, match="chưa ban hành"):
        target_figures.save(draft, unit=cast.school, period="x", by=cast.focal, **facts)


def test_only_those_who_were_asked_are_summed(cast):
    plan = plan_world.issued(cast.office, cast.office_head)
    target = plan_world.target(plan)
    facts = {"numerator": Decimal(9), "denominator": Decimal(9), "note": "", "version": 0}
    for unit, person in ((cast.office, cast.specialist), (cast.department, cast.officer)):
        with pytest.raises(PermissionDenied):
            target_figures.save(target, unit=unit, period=plan.period, by=person, **facts)
    target_figures.save(target, unit=cast.school, period=plan.period, by=cast.focal, **facts)
    cast.school.valid_to = timezone.localdate() - timedelta(days=1)
    cast.school.save()
    (row,) = targets.targets_of(plan, cast.specialist, plan.period)
    assert (row.total.reported, row.total.of) == (0, 2)
