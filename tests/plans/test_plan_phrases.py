"""A phrase of a plan is one day for everybody: who writes, who checks, who issues, who owes."""

from datetime import date

import pytest
from django.utils import timezone

from edudx.lib import deadlines
from plans.models import Plan, SchoolYear, Task
from tests import plan_world
from tests.assessments.browse import text

YEAR = "2026-2027"
PHRASES = {  # with the terms of the province; the default calendar says 17/01 and 30/5
    "hết học kỳ 1": date(2027, 1, 10),
    "học kỳ I": date(2027, 1, 10),
    "Trong HK1": date(2027, 1, 10),
    "cuối năm học": date(2027, 5, 25),
    "trong năm học": date(2027, 5, 25),
    "trong học kỳ 2": date(2027, 5, 25),
    "kết thúc năm học": date(2027, 5, 25),
    "hết học kỳ II năm học 2026-2027": date(2027, 5, 25),
    "hết năm học 2026-2027": date(2027, 5, 25),
    "trong tháng 12": date(2026, 12, 31),
}


@pytest.fixture
def plan(cast) -> Plan:
    SchoolYear.objects.create(
        department=cast.department, period=YEAR, term1_from="2026-09-05", term1_to="2027-01-10",
        term2_from="2027-01-12", term2_to="2027-05-25",
    )  # fmt: skip
    return plan_world.plan(cast.office, cast.specialist, period=YEAR)


def add_task(client, plan: Plan, phrase: str) -> Task:
    sent = {"code": "1", "title": "Nộp báo cáo", "phrase": phrase, "product": "report",
            "who": "schools"}  # fmt: skip
    client.post(f"/ke-hoach/{plan.pk}/nhiem-vu/them/", sent)
    return plan.tasks.get()


def day_of(moment) -> date:
    return timezone.localtime(moment).date()


@pytest.mark.at("2026-11-28")
@pytest.mark.parametrize("phrase", PHRASES)
def test_saved_checked_and_issued_with_the_same_day(cast, plan, sign_in, phrase):
    due = deadlines.end_of_day(PHRASES[phrase])
    task = add_task(sign_in(cast.specialist), plan, phrase)
    assert task.due_at == due
    task.mentions = [{"phrase": phrase, "source": "Phụ lục"}]  # the same words: no contradiction
    task.save(update_fields=["mentions"])
    client = sign_in(cast.office_head)
    page = text(client.get(f"/ke-hoach/{plan.pk}/ban-hanh/"))
    assert f"{PHRASES[phrase]:%d/%m/%Y}" in page
    assert "hai thời hạn cho một việc" not in page
    assert "không đọc được" not in page
    client.post(f"/ke-hoach/{plan.pk}/ban-hanh/")
    row = plan_world.row_of(Plan.objects.get(pk=plan.pk), cast.school, "1")
    assert (row.due_at, row.task.due_at) == (due, due)
    assert row.task.rule == task.rule


@pytest.mark.at("2026-11-28")
@pytest.mark.parametrize("phrase", PHRASES)
def test_a_target_has_the_day_of_a_task(cast, plan, sign_in, phrase):
    sent = {
        "code": "1", "title": "Chữ ký số", "measure": "%", "direction": "min", "goal": "100%",
        "numerator_label": "Có", "denominator_label": "Tổng số", "phrase": phrase,
        "who": "schools",
    }  # fmt: skip
    sign_in(cast.specialist).post(f"/ke-hoach/{plan.pk}/chi-tieu/them/", sent)
    target = plan.targets.get()
    assert target.due_at == deadlines.end_of_day(PHRASES[phrase])
    assert target.goal == 100


@pytest.mark.at("2026-11-28")
@pytest.mark.parametrize("phrase", ["hằng tháng", "trước ngày 10 hằng tháng", "hằng quý"])
def test_a_recurring_phrase_begins_with_the_day_that_was_saved(cast, plan, sign_in, phrase):
    task = add_task(sign_in(cast.specialist), plan, phrase)
    sign_in(cast.office_head).post(f"/ke-hoach/{plan.pk}/ban-hanh/")
    days = [day_of(one.due_at) for one in plan.tasks.order_by("due_at")]
    assert days[0] == day_of(task.due_at)
    assert days[-1] <= plan.ends_on
    assert len(days) > 2


@pytest.mark.at("2026-11-28")
def test_a_year_plan_says_that_it_knows_no_term(cast, sign_in):
    found = plan_world.plan(cast.office, cast.specialist, period="2026")
    sent = {"code": "1", "title": "Nộp", "phrase": "hết học kỳ 1", "product": "report",
            "who": "schools"}  # fmt: skip
    page = text(sign_in(cast.specialist).post(f"/ke-hoach/{found.pk}/nhiem-vu/them/", sent))
    assert "cần biết năm học, xin ghi thêm, ví dụ «năm học 2024-2025»" in page
