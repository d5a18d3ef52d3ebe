"""Posts: nobody gives them to themselves, takes people from above, or ends the last one."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from schools.actions import people
from schools.models import Membership, User
from schools.permissions import Role


def test_nobody_gives_themselves_a_role(cast):
    for person, unit, role in (
        (cast.officer, cast.office, Role.OFFICE_HEAD),
        (cast.administrator, cast.department, Role.DEPARTMENT_HEAD),
    ):
        with pytest.raises(ValidationError, match="Không ai tự phân công cho mình"):
            people.invite(email=person.email, full_name="X", unit=unit, role=role, by=person)


def test_a_head_cannot_conscript_people_of_the_office(cast):
    with pytest.raises(ValidationError, match="hãy đề nghị cấp trên phân công"):
        people.invite(
            email=cast.specialist.email, full_name="X", unit=cast.school,
            role=Role.FOCAL_POINT, by=cast.head,
        )  # fmt: skip


def test_a_post_of_ones_own_can_be_ended_but_not_the_last(cast):
    second = Membership.objects.create(user=cast.focal, unit=cast.sibling, role=Role.FOCAL_POINT)
    people.end_membership(second, by=User.objects.get(pk=cast.focal.pk))
    last = cast.focal.memberships.get(unit=cast.school)
    with pytest.raises(ValidationError, match="phân công cuối cùng"):
        people.end_membership(last, by=User.objects.get(pk=cast.focal.pk))


def test_nobody_chooses_the_auditor_of_their_own_unit(cast):
    auditor = cast.auditor.memberships.get()
    with pytest.raises(PermissionDenied):
        people.end_membership(auditor, by=cast.officer)
    with pytest.raises(PermissionDenied):
        people.invite(
            email="moi@x.example", full_name="M", unit=cast.department, role=Role.AUDITOR,
            by=cast.officer,
        )  # fmt: skip
    assert not cast.officer.may_change(cast.auditor)
    people.end_membership(auditor, by=cast.administrator)


def test_an_unfit_role_is_a_sentence(cast):
    with pytest.raises(ValidationError, match="không dùng cho"):
        people.appoint(cast.focal, unit=cast.office, role=Role.HEAD)


def test_a_strange_next_is_no_fault(cast, sign_in):
    hat = cast.focal.memberships.get()
    answer = sign_in(cast.focal).post(reverse("schools:hat_choose", args=[hat.pk]), {"next": "abc"})
    assert answer.status_code == 302
