"""Boards and lists of plans cost the same number of queries for one unit and for many."""

from datetime import date
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.actions import calls, hand_ins, newcomers, plans, plans_from_above, target_figures
from plans.models import Assignment, LegalText, Plan
from schools.models import OrgUnit
from tests import make, plan_world
from tests.queries import PLAN_PAGES, queries

numbers = count(600)


@pytest.fixture
def office(cast):
    """An office of its own with one school, and a plan of its own."""
    cast.lone = make.office(cast.department, code="0190")
    cast.head_there = make.person(cast.lone, "office_head")
    cast.specialist_there = make.person(cast.lone, "specialist")
    return cast


def school_of(cast) -> OrgUnit:
    school = make.school(cast.lone, f"0190-{next(numbers)}")
    make.person(school, "focal_point")
    return school


def furnished(cast, *, schools: int, tasks: int, is_issued: bool):
    """A plan whose schools have handed in, been returned and reported figures."""
    units = [school_of(cast) for _ in range(schools)]
    plan = plan_world.plan(cast.lone, cast.specialist_there)
    for place in range(tasks):
        plan_world.task(
            plan, f"II.{place + 1}", years=plan.years, phrase=plan_world.in_days(place + 2)
        )
        plan_world.target(plan, str(place + 1))
    plan.legal_texts.add(
        *(
            LegalText.objects.create(
                number=f"{next(numbers)}/TT", issued_on="2024-01-01", issuer="Bộ", summary="x"
            )
            for _ in range(tasks)
        )
    )
    if is_issued:
        plans.issue(plan, by=cast.head_there)
        plan.refresh_from_db()
        for unit in units:
            person = unit.memberships.get().user
            row = plan_world.row_of(plan, unit)
            plan_world.hand_in(row, person)
            hand_ins.review(row, "give_back", by=cast.specialist_there, reason="Thiếu số")
            target = plan.targets.first()
            target_figures.save(
                target, unit=unit, period=plan.period, numerator=1, denominator=2, note="",
                version=0, by=person,
            )  # fmt: skip
    return plan


@pytest.mark.parametrize("page", PLAN_PAGES)
def test_one_and_many(office, sign_in, page):
    cast = office
    reader = cast.focal if PLAN_PAGES[page] == "focal" else cast.head_there
    client = sign_in(reader)

    def url(plan) -> str:
        about = page not in ("plans:plans", "plans:tasks", "plans:month", "plans:legal_texts")
        return reverse(page, args=[plan.pk] if about else [])

    is_issued = page != "plans:plan_issue"
    small = furnished(cast, schools=1, tasks=1, is_issued=is_issued)
    one, _ = queries(client, url(small))
    large = furnished(cast, schools=3, tasks=3, is_issued=is_issued)
    many, sql = queries(client, url(large))
    assert one == many, sql


def test_the_board_of_a_task_and_its_call(office, sign_in):
    cast = office
    plan = furnished(cast, schools=1, tasks=1, is_issued=True)
    client = sign_in(cast.specialist_there)
    task = plan.tasks.get()
    pages = [task.get_absolute_url(), reverse("plans:call", args=[task.pk])]
    before = [queries(client, one)[0] for one in pages]
    for _ in range(3):
        school_of(cast)
    newcomers.give(task, by=cast.specialist_there)
    assert [queries(client, one)[0] for one in pages] == before


def test_inbox_operations_search_and_focal_points(office, sign_in):
    cast = office
    plan = furnished(cast, schools=1, tasks=2, is_issued=True)
    school = OrgUnit.objects.filter(parent=cast.lone).first()
    person = school.memberships.get().user
    pages = {
        "schools:inbox": (person, []),
        "plans:operations": (cast.administrator, []),
        "search": (cast.head_there, []),
        "schools:focal_points": (person, [school.pk]),
    }

    def measure() -> list[int]:
        return [
            queries(sign_in(who), f"{reverse(name, args=args)}?tim=nop")[0]
            for name, (who, args) in pages.items()
        ]

    first, second = plan.tasks.order_by("code")
    calls.call(first, {school.pk}, text="Nhắc", by=cast.specialist_there)
    before = measure()
    calls.call(second, {school.pk}, text="Nhắc", by=cast.specialist_there)
    furnished(cast, schools=2, tasks=2, is_issued=True)
    assert measure() == before


MONTHLY = "Trước ngày 10 hằng tháng"


def counted(deed) -> tuple[int, object]:
    with CaptureQueriesContext(connection) as captured:
        found = deed()
    return len(captured), found


def a_monthly_plan(cast, period: str, issued_on: date) -> Plan:
    plan = plan_world.plan(cast.office, cast.specialist, period=period, issued_on=issued_on)
    plan_world.task(plan, phrase=MONTHLY)
    return Plan.objects.select_related("issuer").get(pk=plan.pk)


@pytest.mark.at("2026-09-20")
def test_three_dates_and_forty_nine_read_the_calendar_once(cast):
    few = a_monthly_plan(cast, "2026", date(2026, 9, 15)).tasks.get()
    many = a_monthly_plan(cast, "2026-2030", date(2026, 9, 15)).tasks.get()
    for task in (few, many):
        assert task.issuer.department_code
    one, three = counted(few.occurrences)
    other, all_of_them = counted(many.occurrences)
    assert (len(three), len(all_of_them)) == (3, 51)
    assert one == other == 2


@pytest.mark.at("2026-09-20")
def test_a_task_of_many_dates_is_issued_with_an_insert_a_date(cast):
    """What follows a date is its rows of units, and nothing else."""
    plan_few = a_monthly_plan(cast, "2026", date(2026, 9, 15))
    plan_many = a_monthly_plan(cast, "2026-2030", date(2026, 9, 15))
    plans.issue(a_monthly_plan(cast, "2026", date(2026, 9, 15)), by=cast.office_head)
    few, _ = counted(lambda: plans.issue(plan_few, by=cast.office_head))
    many, _ = counted(lambda: plans.issue(plan_many, by=cast.office_head))
    assert (plan_few.tasks.count(), plan_many.tasks.count()) == (3, 51)
    assert Assignment.objects.filter(task__plan=plan_many).count() == 51 * 3
    assert many - few <= 51 - 3 + 4  # a long INSERT comes in several parts on SQLite


def test_three_tasks_of_the_plan_above_and_thirty(cast):
    def derived(number: int) -> int:
        above = plan_world.issued(
            cast.department, cast.department_head, *(f"I.{one}" for one in range(number)),
            days=30, audience={"kinds": ["office"]},
        )  # fmt: skip
        above = Plan.objects.select_related("issuer").get(pk=above.pk)
        needed, own = counted(
            lambda: plans_from_above.derive(
                above, unit=cast.office, by=cast.specialist, buffer_days=2
            )
        )
        assert own.tasks.count() == number
        return needed

    assert derived(1) > 0  # fills what is kept in memory
    assert derived(3) == derived(30)
