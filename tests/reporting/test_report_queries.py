"""Pages of periodic reports cost the same number of queries for one office and for three."""

import pytest
from django.urls import reverse

from plans.actions import plans
from tests import make, plan_world, report_world
from tests.queries import REPORT_PAGES, queries


def furnished(cast, *, offices: int):
    """A round of so many offices that have all handed in, beside work of their schools."""
    for n in range(offices):
        office = make.office(cast.department, code=f"08{offices}{n}")
        make.school(office, code=f"{office.code}-1")
        make.person(office, "specialist")
        with_target(office, make.person(office, "office_head"))
    plan_world.issued(cast.department, cast.department_head, *(f"II.{n}" for n in range(offices)))
    round_ = report_world.ask(cast, title=f"Sơ kết {offices}")
    for one in round_.reports.exclude(assignment=None).select_related("unit"):
        writer = one.unit.memberships.filter(role="specialist").first()
        report_world.hand_in(round_, one.unit, writer.user)
    return round_


def with_target(issuer, by) -> None:
    """An issued plan of one target: the plans of those below are not the department's."""
    plan = plan_world.plan(issuer, by)
    plan_world.task(plan)
    plan_world.target(plan)
    plans.issue(plan, by=by)


@pytest.mark.django_db
@pytest.mark.parametrize("page", REPORT_PAGES)
def test_one_office_and_three_cost_the_same(cast, sign_in, page):
    client, counted = sign_in(cast.officer), []
    with_target(cast.department, cast.department_head)
    for offices in (1, 3):
        round_ = furnished(cast, offices=offices)
        counted.append(queries(client, reverse(page, args=REPORT_PAGES[page](round_))))
    assert counted[0][0] == counted[1][0], counted[1][1]
