"""Rows of before the door for text: found, sorted and signed in to after the update."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from schools.models import OrgUnit, User
from tests import make
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def back():
    """As an installation of before was; whatever happens, the next test has today's tables."""
    yield lambda: call_command("migrate", "schools", "0001_initial", verbosity=0)
    call_command("migrate", verbosity=0)


def test_old_rows_are_found_sorted_and_let_in(back):
    cast = Cast()
    school = make.school(cast.office, "0101-777", short_name="Đinh Tiên Hoàng", name="Trường")
    right = OrgUnit.objects.get(pk=school.pk)
    OrgUnit.objects.filter(pk=school.pk).update(
        short_name="\u00d0inh Tiên Hoàng", search_text="truong ðinh tien hoang", sort_key="ð"
    )
    User.objects.filter(pk=cast.focal.pk).update(email=f"{cast.focal.email}\u200b")
    User.objects.filter(pk=cast.head.pk).update(email=f"{cast.sibling_focal.email}\u200b")
    back()
    call_command("migrate", "schools", verbosity=0)
    school.refresh_from_db()
    assert (school.search_text, school.sort_key) == (right.search_text, right.sort_key)
    assert User.objects.get(pk=cast.focal.pk).email == cast.focal.email
    assert User.objects.get(pk=cast.head.pk).email == f"{cast.sibling_focal.email}\u200b"
    sent = {"username": cast.focal.email, "password": "mat-khau-dung"}
    assert Client().post(reverse("schools:login"), sent).status_code == 302
