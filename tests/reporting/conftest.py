"""A round with known figures: three schools certified in two offices, one by the department.

    unit         school      type     handed in  self      certified  levels
    office 0101  0101-001    TH_THCS  on time    86  70    86  70     3  2
                 0101-002    TH_THCS  on time    100 100   100 100    3  3
                 0101-003    MN       no
    office 0102  0102-001    TH_THCS  on time    9   50    9   50     1  2
                 «=cmd»      THCS     late       86  70
    department   01-900      THPT     on time    86  70    76  70     3  2   (1.2.1: 30 → 20)
"""  # fmt: skip

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from assessments.actions import certificates, files, reviews
from assessments.models import Campaign
from schools.permissions import Role
from tests import make
from tests.conftest import Cast

FORMULA = "=cmd|' /C calc'!A0"
FULL = {
    "1.2.1": {"entered_points": Decimal(40)},
    "1.3": {"numerator": Decimal(10), "denominator": Decimal(10)},
    "2.2": {"count": Decimal(100)},
    "2.3": {"entered_points": Decimal(50)},
}
LOW = {
    "1.2.1": {"entered_points": Decimal(5)},
    "1.2.2": {"met": False},
    "1.3": {"numerator": Decimal(1), "denominator": Decimal(10)},
    "2.2": {"count": Decimal(100)},
    "2.3": {"entered_points": Decimal(0)},
}


class Reported:
    """The round above and who may ask for its report."""

    def __init__(self, cast) -> None:
        self.cast = cast
        self.formula_school = make.school(
            cast.neighbour, "0102-002", "THCS", name=f"Trường {FORMULA}", short_name=FORMULA
        )
        self.round = make.open_campaign(cast, code="thu-2026", days=-2)
        self._hand_in(cast.school, {})
        self._hand_in(cast.sibling, FULL)
        self._hand_in(cast.stranger_school, LOW)
        self._hand_in(cast.high_school, {})
        self._hand_in(self.formula_school, {}, late=True)
        self.decision = self._certify(
            cast.office, [cast.school, cast.sibling], cast.specialist, cast.office_head, "5"
        )
        self._certify(
            cast.neighbour, [cast.stranger_school], cast.stranger_specialist, cast.stranger_head
        )
        self._change_high_school()
        self._certify(
            cast.department, [cast.high_school], cast.officer, cast.department_head, "120"
        )
        self.round = Campaign.objects.prefetch_related("sets").get(pk=self.round.pk)

    def file(self, unit):
        return self.round.assessments.get(unit=unit)

    def _hand_in(self, unit, values: dict, *, late: bool = False) -> None:
        file_ = self.file(unit)
        if not late:  # an extension: the round's own date has passed for everybody
            file_.assignment.due_at = timezone.now() + timedelta(days=3)
            file_.assignment.save(update_fields=["due_at"])
        focal, head = make.person(unit, Role.FOCAL_POINT), make.person(unit, Role.HEAD)
        make.fill(file_, focal)
        for code, value in values.items():
            version = file_.answers.get(criterion__code=code).version
            make.answer(self.file(unit), code, focal, version=version, **value)
        files.move(self.file(unit), "prepare", by=focal)
        files.move(self.file(unit), "submit", by=head)

    def _change_high_school(self) -> None:
        file_ = self.file(self.cast.high_school)
        reviews.review(
            file_,
            file_.indicator_set.criteria.get(code="1.2.1"),
            decision="change",
            points=Decimal(20),
            reason="Minh chứng chỉ đủ một nửa",
            by=self.cast.officer,
        )

    def _certify(self, issuer, units, reviewer, head, number: str = "12"):
        files = [make.review(self.file(unit), reviewer) for unit in units]
        fresh = make.decision(self.round, issuer, number, **SIGNING.get(number, {}))
        return certificates.certify(fresh, files, by=head)


SIGNING = {
    "5": {
        "authority": "KT.",
        "signer_post": "Phó Trưởng phòng",
        "signer_name": "Đặng Thị Ngọc Huyền",
    }
}


@pytest.fixture(scope="module")
def reported(django_db_setup, django_db_blocker):
    """Made once for a module; whatever a test changes is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield Reported(Cast())
        transaction.set_rollback(True)
