"""What a report says of itself: whose figures, whose work, whose targets."""

import pytest
from django.utils import timezone

from plans.actions import plans, plans_from_above
from plans.models import Assignment
from reporting.content import facts, timeliness
from tests import figure_world, make, plan_world, report_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    return report_world.ask(cast)


def known(round_, unit) -> facts.Facts:
    return facts.of(report_world.report_of(round_, unit))


def says(found: facts.Facts, code: str) -> str:
    return facts.words_of(found, [code])[code]


# Whose figures


def test_an_offices_own_request_never_speaks_for_the_department(cast, round_):
    request = figure_world.ask(cast, report_world.data_form(cast))
    for unit, focal, pupils in (
        (cast.school, cast.focal, 100), (cast.stranger_school, cast.stranger, 40)
    ):  # fmt: skip
        figure_world.hand_in(request, unit, focal, figure_world.numbers(pupils, 5, 10))
    own = figure_world.ask(
        cast, request.form, issuer=cast.office, by=cast.specialist, title="Đột xuất của phòng"
    )
    figure_world.hand_in(own, cast.school, cast.focal, figure_world.numbers(95, 5, 10))
    whole = known(round_, cast.department)
    assert says(whole, "hs-tong") == "140 học sinh (2/5 trường)"
    assert [one.request for one in whole.figures] == [request]


def test_a_request_to_a_few_never_speaks_for_all(cast, round_):
    request = figure_world.ask(cast, report_world.data_form(cast))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    few = figure_world.ask(cast, request.form, title="Đột xuất", issuer=cast.department)
    others = Assignment.objects.filter(data_sheet__request=few).exclude(unit=cast.school)
    others.update(state="withdrawn")
    figure_world.hand_in(few, cast.school, cast.focal, figure_world.numbers(95, 5, 10))
    assert says(known(round_, cast.department), "hs-tong") == "100 học sinh (1/5 trường)"


def test_a_unit_that_moved_keeps_what_it_did(cast):
    request = figure_world.ask(cast, report_world.data_form(cast))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    plan_world.issued(cast.department, cast.department_head, "II.1")
    cast.school.parent = cast.neighbour
    cast.school.save(update_fields=["parent"])
    round_ = report_world.ask(cast, kinds=("school",))
    found = known(round_, cast.school)
    assert says(found, "hs-tong") == "100 học sinh"
    assert found.work.expected == 2  # the sheet and the task


# Whose work


def test_what_a_unit_took_over_into_its_own_plan_counts_once(cast, round_):
    plan = plan_world.issued(cast.department, cast.department_head, "II.1")
    own = plans_from_above.derive(plan, unit=cast.school, by=cast.head, buffer_days=0)
    own.number, own.symbol, own.issued_on = "1", "KH", timezone.localdate()
    own.signer_name = "Hiệu trưởng"
    own.save(update_fields=["number", "symbol", "issued_on", "signer_name"])
    plans.issue(own, by=cast.head)
    found = known(report_world.ask(cast, title="Của trường", kinds=("school",)), cast.school)
    assert [one.expected for one in found.tasks] == [1]


def test_what_an_office_asks_of_its_schools_is_not_the_departments_work(cast, round_):
    plan_world.issued(cast.office, cast.office_head, "II.1")
    plan_world.issued(cast.department, cast.department_head, "II.2")
    assert [one.name for one in known(round_, cast.department).tasks] == ["II.2 Nộp báo cáo II.2"]
    assert len(known(round_, cast.office).tasks) == 2


def test_offices_of_one_name_are_two_lines_and_the_department_is_itself(cast, round_):
    for n, ward in enumerate(("phường An Biên", "phường Gia Viên")):
        office = make.office(cast.department, code=f"019{n}", superior_name=f"UBND {ward}")
        office.short_name = "Phòng VH-XH"
        office.save(update_fields=["short_name"])
        make.school(office, code=f"019{n}-1")
    plan_world.issued(
        cast.department, cast.department_head, "II.1",
        audience={"kinds": ["school"], "with_own": True},
    )  # fmt: skip
    lines = {one.name: one.expected for one in known(round_, cast.department).offices}
    assert lines["Phòng VH-XH (UBND phường An Biên)"] == 1
    assert lines["Phòng VH-XH (UBND phường Gia Viên)"] == 1
    assert lines[f"Cơ quan {cast.department}"] == 1
    assert lines["Trường trực thuộc"] == 1
    assert sum(lines.values()) == 8


def test_of_many_offices_the_table_leaves_none_out():
    rows = [timeliness.Work(f"Phòng {n}", expected=2, on_time=1) for n in range(28)]
    total = timeliness.Work("Tổng cộng", expected=56, on_time=28)
    chart, grid = timeliness.timeliness(rows, total)
    assert len(grid.rows) == 29
    assert grid.rows[-1] == ("Tổng cộng", "28", "0", "28")
    assert len(chart.rows) == timeliness.MOST_BARS
    assert "20 dòng chậm nhất" in chart.title


# Targets


def test_a_target_is_counted_once_and_not_for_those_below(cast, round_):
    """The department's, the same in the office's plan, and a school's own."""
    for issuer, head in (
        (cast.department, cast.department_head), (cast.office, cast.office_head),
        (cast.school, cast.head),
    ):  # fmt: skip
        own = {"own": True} if issuer == cast.school else {"kinds": ["school"]}
        plan = plan_world.plan(issuer, head)
        plan_world.task(plan, audience=own)
        plan_world.target(plan, audience=own)
        plans.issue(plan, by=head)
    assert len(known(round_, cast.department).targets) == 1
    office = known(round_, cast.office)
    assert len(office.targets) == 2
    assert says(office, "chi-tieu-tong") == "1"
    assert says(office, "chi-tieu-dat") == "0"
    assert says(office, "chi-tieu-thieu") == "1"


@pytest.mark.at("2026-11-20")
def test_a_half_year_reads_a_calendar_years_plan_in_its_first_year(cast):
    plan = plan_world.plan(cast.department, cast.department_head, period="2026")
    plan_world.task(plan, phrase="Chậm nhất 30/12/2026")
    plan_world.target(plan)
    plans.issue(plan, by=cast.department_head)
    assert len(known(report_world.ask(cast), cast.department).targets) == 1
    year = report_world.ask(cast, title="Tổng kết", kind="year")
    assert known(year, cast.department).targets == []
