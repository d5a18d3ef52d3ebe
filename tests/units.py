"""Many units at once, each with its people: what a step over a whole province meets."""

from schools.models import Membership, OrgUnit, User
from schools.permissions import Role
from tests import make


def many_schools(parent: OrgUnit, number: int) -> list[OrgUnit]:
    """So many primary schools below an office, each with a head and a focal point."""
    schools = [
        OrgUnit(
            code=f"{parent.code}-{place:04}", kind="school", school_type="TH", place="Tân Thành",
            name=f"Trường Tiểu học {parent.code} {place:04}", parent=parent,
        )
        for place in range(1000, 1000 + number)
    ]  # fmt: skip
    for one in schools:
        one.derive()
    schools = OrgUnit.objects.bulk_create(schools)
    for role in (Role.FOCAL_POINT, Role.HEAD):
        people = [
            User(email=f"n{next(make.numbers)}@truong.example", full_name="An") for _ in schools
        ]
        for one in people:
            one.derive()
        people = User.objects.bulk_create(people)
        Membership.objects.bulk_create(
            Membership(user=person, unit=unit, role=role)
            for person, unit in zip(people, schools, strict=True)
        )
    return schools
