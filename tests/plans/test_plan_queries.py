"""Boards and lists of plans cost the same number of queries for one unit and for many."""

from itertools import count

import pytest
from django.urls import reverse

from plans.actions import calls, hand_ins, newcomers, plans, target_figures
from plans.models import LegalText
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
