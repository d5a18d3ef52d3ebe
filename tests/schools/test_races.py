"""The tree while several people move its units at the same instant: PostgreSQL."""

from django.core.exceptions import ValidationError

from edudx.lib.workflow import StepRefused
from schools.actions import documents, units
from schools.models import Document, OrgUnit, User
from tests import make
from tests.conftest import Cast
from tests.races import RACES, TIMES, together

pytestmark = RACES


def move(unit: OrgUnit, parent: OrgUnit, by: User):
    """As from a page of their own: nobody shares a row in memory."""
    mine, there = OrgUnit.objects.get(pk=unit.pk), OrgUnit.objects.get(pk=parent.pk)
    return units.move(mine, parent=there, by=User.objects.get(pk=by.pk), reason="Sắp xếp lại")


def crooked() -> list[str]:
    """Units whose path is not that of their parent and their own code."""
    return [
        one.path
        for one in OrgUnit.objects.select_related("parent")
        if one.path != f"{one.parent.path if one.parent else ''}{one.code}/"
    ]


def faults(found: list) -> list:
    """What was raised and is no answer for a person."""
    told = (ValidationError, StepRefused)
    return [one for one in found if isinstance(one, Exception) and not isinstance(one, told)]


def test_one_school_to_two_offices():
    cast = Cast()
    third = make.office(cast.department, "0103")
    places = [cast.neighbour, third, cast.office]
    for turn in range(TIMES):
        one, two = places[turn % 3], places[(turn + 1) % 3]
        found = together(
            lambda one=one: move(cast.school, one, cast.officer),
            lambda two=two: move(cast.school, two, cast.administrator),
        )
        assert faults(found) == []
        assert crooked() == []


def test_a_school_into_an_office_that_moves_itself():
    cast = Cast()
    commune = make.office(cast.office, "0101-01")
    inner = make.school(commune, "0101-01-001")
    for turn in range(TIMES):
        home, away = (cast.office, cast.neighbour)[:: 1 if turn % 2 else -1]
        found = together(
            lambda home=home: move(commune, home, cast.officer),
            lambda turn=turn: move(
                cast.school, commune if turn % 2 else cast.office, cast.administrator
            ),
            lambda away=away, turn=turn: move(
                inner, away if turn % 2 else commune, cast.administrator
            ),
        )
        assert faults(found) == []
        assert crooked() == []


def test_two_offices_into_each_other():
    """One moves, the other is told: no circle, no unit that hangs nowhere."""
    cast = Cast()
    for _ in range(TIMES):
        found = together(
            lambda: move(cast.office, cast.neighbour, cast.officer),
            lambda: move(cast.neighbour, cast.office, cast.administrator),
        )
        assert sorted(type(one).__name__ for one in found) == ["Event", "ValidationError"]
        assert crooked() == []
        for unit in (cast.office, cast.neighbour):
            if OrgUnit.objects.get(pk=unit.pk).parent_id != cast.department.pk:
                move(unit, cast.department, cast.officer)


def test_a_new_school_and_a_new_document_while_their_office_moves():
    """The school hangs where its office is now, and its papers are read by those who are above."""
    cast = Cast()
    commune = make.office(cast.office, "0101-01")
    school = make.school(commune, "0101-01-001")
    focal = make.person(school, "focal_point")
    for turn in range(TIMES):
        target = cast.office if turn % 2 else cast.neighbour
        above = cast.specialist if turn % 2 else cast.stranger_specialist
        new = OrgUnit(
            code=f"0101-01-1{turn}", kind="school", school_type="TH", name="Trường mới",
            place="Tân Thành", parent=OrgUnit.objects.get(pk=commune.pk),
        )  # fmt: skip
        moved, kept, saved = together(
            lambda target=target: move(commune, target, cast.officer),
            lambda turn=turn: documents.add(
                unit=OrgUnit.objects.get(pk=school.pk), title=f"Kế hoạch {turn}", kind="plan",
                by=User.objects.get(pk=focal.pk), link="https://truong.example/ke-hoach",
            ),
            lambda new=new: units.save(new, by=None),
        )  # fmt: skip
        assert faults([moved, kept, saved]) == []
        assert crooked() == []
        reader = User.objects.get(pk=above.pk)
        assert Document.objects.visible_to(reader).filter(pk=kept.document_id).exists()
        assert school in OrgUnit.objects.visible_to(reader)
