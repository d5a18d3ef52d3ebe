"""The head of a document: who signs, which day, which number."""

import pytest

from reporting.documents import letterhead
from tests import make

pytestmark = pytest.mark.django_db


def test_a_deputy_is_not_the_head(cast):
    deputy = make.person(cast.office, "office_head", post="Phó Trưởng phòng")
    assert deputy
    assert letterhead.head_post(cast.office) == "Trưởng phòng"


def test_what_is_not_known_stays_dots(cast):
    head = letterhead.heading(cast.office, "BC")
    assert head["day"].startswith("ngày … tháng … năm 20")
    assert head["number"].startswith("…/BC")
    cast.office.abbreviation = ""
    assert letterhead.heading(cast.office, "")["number"] == "…"
