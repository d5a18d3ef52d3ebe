"""The verbs of the tree: move a unit, follow it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from schools.models import Event, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def move(unit: OrgUnit, *, parent: OrgUnit, by: User, reason: str) -> Event:
    """Hang a unit under another parent; the paths below follow, old files keep theirs."""
    if not (by.can(Permission.UNIT_MANAGE, unit) and by.can(Permission.UNIT_MANAGE, parent)):
        raise PermissionDenied("Bạn không được chuyển đơn vị này.")
    old = unit.path
    unit.parent = parent
    unit.full_clean(exclude=["path"])
    unit.save(update_fields=["parent"])
    return follow(unit, old, by=by, reason=reason)


def follow(unit: OrgUnit, old_path: str, *, by: User | None, reason: str = "") -> Event:
    """After a unit has moved: bring the paths below in step and write the move down."""
    for below in OrgUnit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk):
        new = unit.path + below.path.removeprefix(old_path)
        OrgUnit.objects.filter(pk=below.pk).update(path=new)
    return record(
        unit,
        "move",
        f"Chuyển {unit} về {unit.parent}",
        by=by,
        reason=reason,
        from_state=old_path[-40:],
        to_state=unit.path[-40:],
    )
