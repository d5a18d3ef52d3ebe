"""What a unit has still to do when it closes. The apps above say what there is, and settle it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from schools.models import OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@dataclass(frozen=True)
class Kind:
    """One kind of work: `sentences` of what is open, `settle` withdraws it or hands it over.

    `settle(unit, successor, reason=…, by=…)` tells how much was withdrawn and how much handed over.
    """

    sentences: Callable[[OrgUnit], list[str]]
    settle: Callable[..., tuple[int, int]]


KINDS: dict[str, Kind] = {}


def sentences(unit: OrgUnit) -> list[str]:
    """What the unit can no longer do once it has closed, a sentence each."""
    return [one for kind in KINDS.values() for one in kind.sentences(unit)]


@transaction.atomic
def settle(unit: OrgUnit, successor: OrgUnit | None, *, by: User | None) -> None:
    """Withdraw the open work of a closing unit, or give it to the unit that follows it.

    `by` None is the shell, which may do everything.
    """
    for one in filter(None, (unit, successor)):
        if by and not by.can(Permission.UNIT_MANAGE, one):
            raise PermissionDenied(Permission.UNIT_MANAGE.refusal)
    if successor and (refusal := why_not_follow(successor, unit)):
        raise ValidationError(refusal)
    reason = f"{unit} kết thúc hoạt động ngày {unit.valid_to:%d/%m/%Y}."
    if successor:
        unit.successors.add(successor)
        reason += f" Đơn vị kế thừa: {successor}."
    withdrawn = given = 0
    for kind in KINDS.values():
        out, over = kind.settle(unit, successor, reason=reason, by=by)
        withdrawn, given = withdrawn + out, given + over
    label = f"Đóng {unit}: rút {withdrawn} việc chưa xong"
    label += f", chuyển {given} việc cho {successor}" if successor else ""
    record(unit, "close", label, by=by, reason=reason)


def why_not_follow(successor: OrgUnit, unit: OrgUnit) -> str:
    """Why this unit cannot take over the work of the closing one; empty when it can."""
    if successor.pk == unit.pk:
        return f"«{unit}» không thể kế thừa chính mình."
    if successor.kind != unit.kind:
        return f"«{successor}» không cùng cấp với «{unit}» nên không nhận việc được."
    until, end = successor.valid_to, unit.valid_to
    if successor.is_closed or (until and end and until <= end):
        return f"«{successor}» cũng kết thúc hoạt động; hãy chọn đơn vị khác."
    return ""
