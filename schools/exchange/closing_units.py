"""Units that a workbook closes, and what becomes of what they have still to do.

Nothing is applied before each of them has its answer: withdrawn, or given to its successor.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError

from schools.actions import open_work
from schools.models import OrgUnit, User

WITHDRAW = "withdraw"


@dataclass(frozen=True)
class Closing:
    """One unit that the file closes: its last day, and a sentence for each open piece of work."""

    unit: OrgUnit
    last_day: date
    sentences: list[str]

    @property
    def question(self) -> str:
        return (
            f"«{self.unit}» hoạt động đến hết ngày {self.last_day:%d/%m/%Y} và còn "
            f"{len(self.sentences)} việc chưa xong: chọn rút hay chuyển cho đơn vị kế thừa."
        )


def closings(rows: Iterable[dict]) -> list[Closing]:
    """Of the rows of units that change: those that get a last day while they have open work."""
    days = {one["code"]: one["valid_to"] for one in rows if one["valid_to"]}
    found = []
    for unit in OrgUnit.objects.filter(code__in=days):
        closed = copy(unit)
        closed.valid_to = days[unit.code]
        sentences = open_work.sentences(closed)
        if sentences and unit.valid_to != closed.valid_to:
            found.append(Closing(unit, closed.valid_to, sentences))
    return found


def refuse_unanswered(found: Iterable[Closing], answers: Mapping[str, str]) -> None:
    questions = [one.question for one in found if not answers.get(one.unit.code)]
    if questions:
        raise ValidationError(questions[:50])


def settle(found: Iterable[Closing], answers: Mapping[str, str], *, by: User | None) -> None:
    """After the rows are written: `answers` has WITHDRAW or the successor's code for each unit."""
    for one in found:
        unit, answer = OrgUnit.objects.get(pk=one.unit.pk), answers[one.unit.code]
        successor = None if answer == WITHDRAW else _successor(answer, unit)
        open_work.settle(unit, successor, by=by)


def _successor(code: str, unit: OrgUnit) -> OrgUnit:
    successor = OrgUnit.objects.filter(code=code).first()
    if successor is None:
        raise ValidationError(f"Không có đơn vị mã «{code}» để kế thừa «{unit}».")
    return successor
