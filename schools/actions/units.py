"""The verbs of the tree: save a unit, move it; what hangs below follows in the same breath."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from edudx.lib.workflow import StepRefused
from schools.models import Event, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def move(unit: OrgUnit, *, parent: OrgUnit, by: User, reason: str) -> Event:
    """Hang a unit under another parent; the paths below follow, old files keep theirs."""
    _hold_the_tree()
    for one in (unit, parent):
        one.refresh_from_db()
    if not (by.can(Permission.UNIT_MANAGE, unit) and by.can(Permission.UNIT_MANAGE, parent)):
        raise PermissionDenied("Bạn không được chuyển đơn vị này.")
    unit.parent = parent
    event = save(unit, by=by, reason=reason)
    if event is None:
        raise StepRefused(f"«{unit}» đã trực thuộc «{parent}».")
    return event


@transaction.atomic
def save(unit: OrgUnit, *, by: User | None, reason: str = "") -> Event | None:
    """A new unit or other facts of one. Under another parent than before it has moved: then the
    units below follow and the move is written down. Callers ask for permission.
    """
    _hold_the_tree()
    old_path = _path_now(unit)
    unit.path = old_path  # what the circle is judged by
    if unit.parent_id:
        unit.parent = OrgUnit.objects.get(pk=unit.parent_id)
    unit.full_clean(exclude=["path"])
    unit.save()
    if old_path in ("", unit.path):
        return None
    _follow(unit, old_path)
    return record(
        unit,
        "move",
        f"Chuyển {unit} về {unit.parent}",
        by=by,
        reason=reason,
        from_state=old_path[-40:],
        to_state=unit.path[-40:],
    )


def _hold_the_tree() -> None:
    """Whoever changes the tree waits for whoever changes it now: a path is made of all above it, so
    holding the unit and its parent alone would not do. Who only reads or works in it goes on.
    """
    tops = OrgUnit.objects.filter(kind=OrgUnit.Kind.DEPARTMENT).order_by("pk")
    list(tops.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _path_now(unit: OrgUnit) -> str:
    found = OrgUnit.objects.filter(pk=unit.pk).values_list("path", flat=True)
    return found.first() or ""


def _follow(unit: OrgUnit, old_path: str) -> None:
    """The paths below, in one statement; held before, from the lowest number on."""
    below = OrgUnit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
    list(below.select_for_update(of=("self",)).order_by("pk").values_list("pk"))
    below.update(path=Concat(Value(unit.path), Substr("path", len(old_path) + 1)))
