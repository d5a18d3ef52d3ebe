"""Certificates of before they kept their school's names: they get those of their own day."""

import pytest
from django.core.management import call_command

from assessments.models import Certificate
from schools.models import OrgUnit
from tests import make
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def back():
    """As an installation of before was; whatever happens, the next test has today's tables."""
    yield lambda: call_command("migrate", "assessments", "0003_authorities", verbosity=0)
    call_command("migrate", "assessments", verbosity=0)


def test_an_old_certificate_gets_the_names_of_its_decision(back):
    cast = Cast()
    round_ = make.open_campaign(cast)
    file_ = make.submit(round_.assessments.get(unit=cast.school), cast.focal, cast.head)
    make.certify(make.review(file_, cast.specialist), round_, cast.office_head)
    school = OrgUnit.objects.get(pk=cast.school.pk)
    before = (school.name, school.short_name, school.place, school.school_type)
    school.name, school.short_name = "Trường THCS Tân Mới", "THCS Tân Mới"
    school.place, school.school_type = "Bến Mới", "THCS"
    school.save()
    back()
    call_command("migrate", "assessments", verbosity=0)
    one = Certificate.objects.get()
    assert (one.unit_name, one.unit_short_name, one.unit_place, one.unit_type) == before
    assert one.office_name == cast.office.name
    assert one.now_called == "Trường THCS Tân Mới"
    assert list(Certificate.objects.search("tan moi")) == [one]
    assert one.is_intact()
