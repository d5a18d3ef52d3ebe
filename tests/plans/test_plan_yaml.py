"""A plan as a file: what it tells, what it may cite, what is odd in it."""

import pytest
import yaml

from edudx.lib.line_yaml import FileRefused
from plans.exchange.plan_yaml import dump, read, save
from plans.models import LegalText
from tests import clock, make, plan_world
from tests.assessments.browse import text


def dump_of(root: dict) -> str:
    return yaml.safe_dump(root, allow_unicode=True)


def test_the_file_of_a_plan_does_not_tell_what_is_still_being_written(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head)
    plan_world.task(plan, "II.9", title="Chưa ban hành")
    page = text(sign_in(cast.focal).get(f"/ke-hoach/{plan.pk}/yaml/"))
    assert "II.1" in page
    assert "Chưa ban hành" not in page


def test_the_plan_dumps_whole_while_it_is_a_draft(cast):
    draft = plan_world.plan(cast.office, cast.specialist)
    plan_world.task(draft, "II.9")
    assert "II.9" in dump(draft)


def test_a_file_cites_only_texts_its_writer_may_see(cast):
    other = make.department(code="02", name="Sở khác", short_name="Sở khác")
    LegalText.objects.create(
        number="9/QĐ", issued_on="2026-01-01", issuer="x", summary="y", owner=other
    )
    root = {"plan": {"title": "Kế hoạch", "period": clock.period(), "legal_texts": ["9/QĐ"]}}
    with pytest.raises(FileRefused) as refusal:
        save(read(dump_of(root)), issuer=cast.office, by=cast.specialist)
    assert "chưa có trong danh mục" in refusal.value.faults[0]


@pytest.mark.parametrize("years", [["²²²²"], ["2025", "2025"], ["25"]])
def test_odd_years_are_told(cast, years):
    root = {
        "plan": {"title": "Kế hoạch", "period": "2025-2030"},
        "tasks": [{"code": "1", "title": "A", "phrase": "Trong tháng 9/2026", "product": "report",
                   "audience": {"kinds": ["school"]}, "years": years}],
    }  # fmt: skip
    with pytest.raises(FileRefused) as refusal:
        save(read(dump_of(root)), issuer=cast.office, by=cast.specialist)
    assert "«years»" in refusal.value.faults[0]
