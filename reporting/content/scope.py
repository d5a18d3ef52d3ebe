"""What belongs to a unit's report: its part of the tree, and what was asked from above."""

from django.db.models import Q

from schools.models import OrgUnit


def within(unit: OrgUnit, field: str = "unit_path") -> Q:
    """Rows of the unit's part of the tree, by the place they had: under every path the unit has had
    itself, so that one that has moved keeps what it did before.
    """
    paths = {unit.path, *unit.history.values_list("path", flat=True).distinct()}
    found = Q(pk__in=[])
    for path in sorted(path for path in paths if path):
        found |= Q(**{f"{field}__startswith": path})
    return found


def from_above(unit: OrgUnit, field: str) -> Q:
    """Issued by the unit or by one above it: what others ask of their own is not the unit's."""
    return Q(**{f"{field}__in": unit.paths_above})
