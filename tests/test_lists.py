"""A head of a table sorts by its column; a search is answered, whatever is typed."""

import re

import pytest
from django.urls import reverse

from assessments.actions import publication
from tests import make


@pytest.fixture
def named(cast):
    """Three schools whose names tell an ASCII order from the Vietnamese one."""
    for unit, name in (
        (cast.school, "TH Đạt"),
        (cast.sibling, "TH Ánh"),
        (cast.preschool, "TH Sen"),
    ):
        unit.short_name = name
        unit.save(update_fields=["short_name"])


def order(page) -> list[str]:
    found = re.findall(r"TH (?:Đạt|Ánh|Sen)", page.content.decode())
    return list(dict.fromkeys(name[3:] for name in found))


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("ten", ["Ánh", "Đạt", "Sen"]),
        ("-ten", ["Sen", "Đạt", "Ánh"]),
        ("khong-co", ["Ánh", "Đạt", "Sen"]),
    ],
)
def test_units_sort_both_ways(cast, named, sign_in, asked, names):
    page = sign_in(cast.specialist).get(reverse("schools:units"), {"xep": asked, "tim": "th"})
    assert order(page) == names


def test_the_queue_sorts_and_keeps_its_filters(cast, named, campaign, sign_in):
    address = reverse("assessments:queue", args=[campaign.pk])
    page = sign_in(cast.specialist).get(address, {"xep": "-truong", "loc": "draft"})
    assert order(page) == ["Sen", "Đạt", "Ánh"]
    assert "loc=draft&amp;xep=truong" in page.content.decode()


def test_a_search_of_a_thousand_words_is_answered(cast, campaign, file_, sign_in):
    words = "a " * 1000
    make.certify(
        make.review(make.submit(file_, cast.focal, cast.head), cast.specialist),
        campaign, cast.office_head,
    )  # fmt: skip
    publication.publish(campaign, by=cast.officer)
    client = sign_in(cast.officer)
    for address in (
        f"/cong-khai/{campaign.code}/",
        "/don-vi/",
        "/tai-lieu/",
        "/quan-tri/plans/assignment/",
    ):
        key = "q" if "quan-tri" in address else "tim"
        assert client.get(address, {key: words}).status_code == 200, address
