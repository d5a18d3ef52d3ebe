"""The demo province: the same seed, the same province; every state and every kind of school."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from assessments.models import Answer, Assessment, Certificate
from assessments.workflow import AssessmentState
from schools.models import OrgUnit, User

pytestmark = pytest.mark.django_db(transaction=False)


class _Undone(Exception):
    pass


def province(**options) -> dict:
    """What a seed makes, without its keys and moments; undone afterwards."""
    found = {}
    try:
        with transaction.atomic():
            call_command("seed_demo", **{"schools": 20, "stdout": StringIO(), **options})
            found["units"] = list(OrgUnit.objects.order_by("code").values_list("code", "name"))
            found["people"] = list(User.objects.order_by("email").values_list("email", "full_name"))
            found["states"] = list(
                Assessment.objects.order_by("campaign", "unit__code").values_list(
                    "state", flat=True
                )
            )
            found["points"] = [
                str(one) for one in Answer.objects.order_by("pk").values_list("points", flat=True)
            ]
            found["facts"] = (
                len(Certificate.objects.all()),
                Certificate.objects.first().facts["unit"],
            )
            raise _Undone
    except _Undone:
        return json.loads(json.dumps(found))


def test_one_seed_one_province():
    first = province(seed=7)
    assert first == province(seed=7)
    assert first["people"] != province(seed=8)["people"]


def test_it_has_every_state_and_every_kind_of_school(db):
    call_command("seed_demo", stdout=StringIO())
    assert set(Assessment.objects.values_list("state", flat=True)) == set(AssessmentState.values)
    types = OrgUnit.objects.schools().values_list("school_type", flat=True)
    assert set(types) == set(OrgUnit.SchoolType.values)
    assert OrgUnit.objects.filter(short_name="TH&THCS Tân Thành").exists()
    assert OrgUnit.objects.filter(kind="office", valid_from="2025-07-01").count() == 1
    assert OrgUnit.objects.schools().count() == 60


def test_its_size_is_asked_for():
    assert len(province(offices=2, schools=9)["units"]) == 1 + 2 + 9
