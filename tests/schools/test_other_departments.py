"""Another Sở in the same portal: nothing of it is seen, named or mended from here."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assessments.actions import sets
from assessments.exchange import set_yaml
from assessments.models import IndicatorSet
from edudx.lib.line_yaml import FileRefused
from schools.exchange import import_units_people
from schools.models import Membership, User
from schools.permissions import Role
from tests import make
from tests.assessments.browse import text
from tests.schools.browse import log_of
from tests.schools.files import TEACHER, people_workbook


@pytest.fixture
def elsewhere(cast):
    """Another Sở with a school; the focal point has left our school to work there."""
    cast.other = make.department(code="77", short_name="Sở khác", name="Sở khác")
    cast.foreign = make.school(cast.other, code="77-001", name="Trường Xa Lạ", short_name="Xa Lạ")
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    cast.focal.memberships.update(valid_to=yesterday)
    Membership.objects.create(user=cast.focal, unit=cast.foreign, role=Role.FOCAL_POINT)
    cast.focal = User.objects.get(pk=cast.focal.pk)
    return cast


def test_a_person_who_left_takes_nothing_of_the_new_place_along(elsewhere, sign_in):
    cast = elsewhere
    make.document(cast.foreign, cast.focal, title="Danh sách mật")
    assert "Danh sách mật" not in log_of(sign_in, cast.officer)
    shown = text(sign_in(cast.officer).get(reverse("admin:schools_user_changelist")))
    assert cast.focal.email not in shown


def test_a_foreign_unit_is_no_successor(elsewhere, sign_in):
    cast = elsewhere
    address = reverse("admin:schools_orgunit_change", args=[cast.school.pk])
    form = {
        "ownership": "public", "name": cast.school.name, "short_name": "X", "place": "Y",
        "school_type": "TH_THCS", "parent": cast.office.pk, "valid_from": "01/01/2000",
        "successors": [cast.foreign.pk],
    }  # fmt: skip
    sign_in(cast.officer).post(address, form)
    assert not cast.school.successors.exists()


def test_a_national_set_is_not_mended_by_one_of_several_departments(elsewhere, sign_in):
    found = make.small_set("QG")
    address = reverse("admin:assessments_indicatorset_change", args=[found.pk])
    sign_in(elsewhere.officer).post(address, {"title": "Đổi", "missed_condition": "no_effect"})
    assert IndicatorSet.objects.get(pk=found.pk).title == found.title


def test_an_import_of_people_names_no_foreign_unit(elsewhere):
    file = people_workbook(TEACHER | {"unit": "77-001", "role": "Lãnh đạo phòng"})
    run = import_units_people.dry_run("people", file, by=elsewhere.officer)
    assert "ngoài phạm vi" in run.problems[0]
    assert "Xa Lạ" not in run.problems[0]


def test_a_national_set_is_for_all_where_there_are_several_departments(cast):
    shared = make.publish(make.small_set("QG"))
    make.department(code="99", name="Sở khác", short_name="Sở khác")
    with pytest.raises(PermissionDenied):
        sets.retire(shared, by=cast.officer, reason="x")
    draft = make.small_set("DP", owner=make.department(code="98"))
    text = "code: DP\nversion: '1'\ngroups: []\n"
    with pytest.raises(FileRefused):
        set_yaml.save(set_yaml.read_yaml(text), by=cast.officer)
    assert type(draft).objects.filter(pk=draft.pk).exists()
