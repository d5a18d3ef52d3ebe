"""Tasks over several years: the years, what was done in each, the file."""

import pytest

from plans.actions import plans
from plans.models import RoadMapYear
from tests import clock, plan_world
from tests.assessments.browse import text
from tests.plans.files import built, rows


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
    plans.issue(draft, by=cast.office_head)
    assert "Học bạ số" in text(client.get(f"/ke-hoach/{draft.pk}/lo-trinh/"))


def test_a_year_that_is_done_says_on_what_it_rests(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist, period=clock.long_period())
    plan_world.task(draft, "1", years=[clock.year(), clock.year(1)])
    plans.issue(draft, by=cast.office_head)
    row = RoadMapYear.objects.get(task__plan=draft, year=clock.year())
    client = sign_in(cast.specialist)

    def write(**fields) -> str:
        return text(client.post(f"/ke-hoach/lo-trinh/{row.pk}/", fields, follow=True))

    assert "phải ghi căn cứ" in write(state="done", note="")
    row.refresh_from_db()
    assert row.state == "planned"
    page = write(state="done", note="Báo cáo số 58/BC-PGDĐT")
    assert "Báo cáo số 58/BC-PGDĐT" in page
    assert "0 / 3" in page  # beside it: how many have handed in


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
    plans.issue(draft, by=cast.office_head)
    row = RoadMapYear.objects.get(task__plan=draft, year=year)
    sent = {"state": state, "note": note}
    page = text(sign_in(cast.specialist).post(f"/ke-hoach/lo-trinh/{row.pk}/", sent, follow=True))
    assert sentence in page
    row.refresh_from_db()
    assert row.state == "planned"


def test_the_road_map_as_excel(cast, sign_in):
    found = plan_world.plan(cast.office, cast.specialist, period=clock.long_period())
    years, audience = [clock.year(), clock.year(1)], {"kinds": ["school"], "with_own": True}
    plan_world.task(found, "1", years=years, audience=audience)
    plans.issue(found, by=cast.office_head)
    client = sign_in(cast.office_head)
    year = RoadMapYear.objects.get(task__plan=found, year=clock.year())
    client.post(f"/ke-hoach/lo-trinh/{year.pk}/", {"state": "done", "note": "Đủ 12 trường"})
    book = built(client, f"/bao-cao/ke-hoach/{found.pk}/road-map/")
    (row,) = [row for row in rows(book["Lộ trình"]) if row[0] == "1"]
    assert row[3:9] == ("X", "X", 0, 4, None, "Hoàn thành: Đủ 12 trường")
