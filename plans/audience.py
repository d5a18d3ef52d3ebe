"""To whom a task is given: by kind, school type, ownership, area, or a named list.

Kept as JSON: {"own": true} for the issuer itself, else any of "kinds", "types", "ownership",
"areas" (codes of offices), "units" (codes of a named list, which then counts alone), and
"with_own" for the issuer besides.
"""

from django.db.models import Q

from edudx.lib.vietnamese import number
from schools.models import OrgUnit

K = OrgUnit.Kind


def units_of(audience: dict, issuer: OrgUnit):
    """The active units of the audience in the issuer's part of the tree."""
    if audience.get("with_own") and not audience.get("own"):
        others = units_of(audience | {"with_own": False}, issuer)
        return OrgUnit.objects.filter(Q(pk=issuer.pk) | Q(pk__in=others.values("pk")))
    below = OrgUnit.objects.below(issuer).active()
    if audience.get("own"):
        return below.filter(pk=issuer.pk)
    if audience.get("units"):
        return below.filter(code__in=audience["units"])
    found = below.exclude(pk=issuer.pk).filter(kind__in=audience.get("kinds") or [K.SCHOOL])
    if audience.get("types"):
        found = found.filter(Q(school_type__in=audience["types"]) | ~Q(kind=K.SCHOOL))
    if audience.get("ownership"):
        found = found.filter(Q(ownership=audience["ownership"]) | ~Q(kind=K.SCHOOL))
    if audience.get("areas"):
        areas = Q(pk__in=[])
        for path in OrgUnit.objects.filter(code__in=audience["areas"]).values_list(
            "path", flat=True
        ):
            areas |= Q(path__startswith=path)
        found = found.filter(areas)
    return found


def words(audience: dict) -> str:
    """«trường MN, TH; công lập; 2 khu vực» for lists and documents."""
    if audience.get("own"):
        return "chính đơn vị ban hành"
    if audience.get("units"):
        return f"{number(len(audience['units']))} đơn vị theo danh sách"
    kinds = audience.get("kinds") or [K.SCHOOL]
    parts = [" và ".join({"office": "các phòng", "school": "các trường"}[one] for one in kinds)]
    if audience.get("types"):
        labels = [str(OrgUnit.SchoolType(one).label) for one in audience["types"]]
        parts.append(", ".join(labels))
    if audience.get("ownership"):
        parts.append(str(OrgUnit.Ownership(audience["ownership"]).label).lower())
    if audience.get("areas"):
        parts.append(f"{len(audience['areas'])} khu vực")
    if audience.get("with_own"):
        parts.append("và đơn vị ban hành")
    return "; ".join(parts)
