"""Pages of figures cost the same number of queries for one school and for many."""

import pytest
from django.urls import reverse

from reporting.actions import closings
from reporting.exchange import form_yaml
from tests import figure_world, make
from tests.queries import FIGURE_PAGES, queries


def furnished(cast, *, offices: int, form):
    """A request of so many offices of two schools each, all of it handed in and closed."""
    first = offices * 10
    places = [make.office(cast.department, code=f"07{first + n:02d}") for n in range(offices)]
    schools = [make.school(one, code=f"{one.code}-{n}") for one in places for n in (1, 2)]
    request = figure_world.ask(cast, form, title=f"Số liệu {offices}")
    for school in schools:
        figure_world.hand_in(
            request, school, figure_world.focal_of(school), figure_world.numbers(100, 5, 10)
        )
    for one in places:
        closings.prepare(request, one, by=make.person(one, "specialist"))
    return request, places[0]


@pytest.mark.parametrize("page", FIGURE_PAGES)
def test_one_office_and_three_cost_the_same(cast, sign_in, page):
    client, form = sign_in(cast.officer), figure_world.form(cast.officer)
    counted = []
    for offices in (1, 3):
        request, office = furnished(cast, offices=offices, form=form)
        form_yaml.save(
            form_yaml.read(figure_world.FORM.replace("code: thu", f"code: thu-{offices}")), by=None
        )
        counted.append(queries(client, reverse(page, args=FIGURE_PAGES[page](request, office))))
    assert counted[0][0] == counted[1][0], counted[1][1]
