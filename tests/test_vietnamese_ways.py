"""Dates, numbers, search and order as people in the offices write and expect them."""

from datetime import date
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.urls import reverse

from edudx.lib import vietnamese
from schools.forms import VersionForm
from schools.models import DocumentVersion, OrgUnit
from schools.permissions import Role
from tests import make

pytestmark = pytest.mark.alike


@pytest.mark.parametrize("typed", ["05/12/1990", "5/12/1990", "05-12-1990", "05.12.1990"])
def test_a_date_is_read_day_first(cast, sign_in, typed):
    """A focal point types the day of a proof; it is the fifth of December."""
    form = {"title": "Kế hoạch", "kind": "plan", "link": "https://a.example/", "proof_on": typed}
    response = sign_in(cast.focal).post(reverse("schools:document_add"), form, follow=True)
    assert DocumentVersion.objects.get().proof_on == date(1990, 12, 5)
    assert "05/12/1990" in response.content.decode()


def test_a_day_that_does_not_exist_is_refused():
    """12/31 is no day here, and nothing is guessed."""
    form = VersionForm({"link": "https://a.example/", "proof_on": "12/31/1990"})
    assert form.errors["proof_on"] == [
        "Ngày này không có trong lịch hoặc viết chưa đúng; viết như 05/09/2025."
    ]


def test_numbers_and_dates_are_written_the_vietnamese_way():
    """1.234,5 and dd/mm/yyyy, in templates and in texts."""
    written = Template("{{ number }} {{ points }} {{ day }} {{ at|date }}").render(
        Context({"number": 1234567, "points": Decimal("1234.5"), "day": date(1990, 12, 5),
                 "at": date(2026, 2, 1)})
    )  # fmt: skip
    assert written == "1.234.567 1.234,5 05/12/1990 01/02/2026"
    assert vietnamese.number(Decimal("1234.50")) == "1.234,5"


def test_points_are_written_with_a_comma_on_the_page(cast, file_, sign_in):
    """What was typed as 7,5 or 7.5 comes back as 7,5."""
    criterion = file_.indicator_set.criteria.get(code="2.3")
    url = reverse("assessments:answer_save", args=[file_.pk, criterion.pk])
    client, prefix = sign_in(cast.focal), f"c{criterion.pk}-"
    for version, typed in enumerate(("7,5", "12.25")):
        client.post(url, {f"{prefix}entered_points": typed, f"{prefix}version": version})
    page = client.get(file_.get_absolute_url()).content.decode()
    assert file_.answers.get().points == Decimal("12.25")
    assert 'value="12,25"' in page


def names(cast, *short_names: str) -> None:
    for place, name in enumerate(short_names):
        make.school(cast.office, f"0101-8{place}", short_name=name, name=name)


def test_units_sort_by_the_vietnamese_alphabet(cast, sign_in):
    """a ă â … d đ …, tones after letters, numbers by value."""
    names(cast, "Đạt", "Ấn", "Ánh", "An", "Dương", "Ăn", "Số 10", "Số 2")
    page = sign_in(cast.officer).get(reverse("schools:units")).context["page"]
    mine = [one.short_name for one in page if one.code.startswith("0101-8")]
    assert mine == ["An", "Ánh", "Ăn", "Ấn", "Dương", "Đạt", "Số 2", "Số 10"]
    assert list(OrgUnit.objects.filter(code__startswith="0101-8")) == [
        one for one in page if one.code.startswith("0101-8")
    ]


def test_people_sort_by_given_name(cast, sign_in):
    """Nguyễn Văn An before Lê Thị Bình before Trần Đạt."""
    for name in ("Trần Đạt", "Lê Thị Bình", "Nguyễn Văn An", "Đỗ Thị Ánh"):
        make.person(cast.sibling, Role.HEAD, name=name)
    page = sign_in(cast.officer).get(cast.sibling.get_absolute_url()).content.decode()
    order = ("Nguyễn Văn An", "Đỗ Thị Ánh", "Lê Thị Bình", "Trần Đạt")
    places = [page.index(name) for name in order]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "typed", ["nguyen duc", "NGUYỄN ĐỨC", "Nguye\u0302\u0303n Đu\u031b\u0301c", "  nguyễn   duc "]
)
def test_search_finds_with_and_without_marks(cast, campaign, sign_in, typed):
    """Units, the queue and documents: any way of typing finds «Nguyễn Đức Cảnh»."""
    cast.school.short_name = "THCS Nguyễn Đức Cảnh"
    cast.school.save(update_fields=["short_name"])
    kept = make.document(cast.school, cast.focal, title="Kế hoạch NGUYỄN ĐỨC")
    client = sign_in(cast.officer)
    found = client.get(reverse("schools:units"), {"tim": typed}).context["page"]
    assert list(found) == [cast.school]
    queue = client.get(reverse("assessments:queue", args=[campaign.pk]), {"tim": typed})
    assert [one.unit for one in queue.context["page"]] == [cast.school]
    documents = client.get(reverse("schools:documents"), {"tim": typed}).context["page"]
    assert list(documents) == [kept.document]
    page = client.get(reverse("admin:schools_user_changelist"), {"q": typed})
    assert not page.context["cl"].result_list


def test_search_for_what_is_not_there(cast, sign_in):
    """A page with a word of advice, not an empty table."""
    page = sign_in(cast.officer).get(reverse("schools:units"), {"tim": "khong he co"})
    assert list(page.context["page"]) == []
    assert "<tbody" not in page.content.decode()
