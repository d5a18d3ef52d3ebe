"""What every document of a unit has in common: its heading, its day, who signs for whom."""

from datetime import date

from django.utils import timezone

from assessments.models import Decision
from edudx.lib.vietnamese import day_in_words, document_number
from reporting.documents.paper import Signature
from schools.models import OrgUnit
from schools.permissions import Role

Authority = Decision.Authority
HEADS = (Role.DEPARTMENT_HEAD, Role.OFFICE_HEAD, Role.HEAD)


def heading(unit: OrgUnit, sign: str, *, number: str = "", day: date | None = None) -> dict:
    """The fields of a Paper that say who writes; `sign` is BC, KH or QĐ, of a letter nothing.

    What is not known yet is left as dots.
    """
    symbol = "-".join(one for one in (sign, unit.abbreviation) if one)
    full = document_number(number, symbol) if number else f"…/{symbol}"
    return {
        "superior": unit.superior_name,
        "issuer": unit.name,
        "number": full if symbol else full.rstrip("/"),
        "place": unit.place,
        "day": day_in_words(day) if day else f"ngày … tháng … năm {timezone.localdate():%Y}",
    }


def attached(kind: str, head: dict) -> str:
    """«(Kèm theo Báo cáo số 05/BC-… ngày … của …)» under the title of an appendix."""
    return f"(Kèm theo {kind} số {head['number']} {head['day']} của {head['issuer']})"


def head_post(unit: OrgUnit) -> str:
    """The post over the signature: that of the unit's head, as the portal knows it; a deputy has
    the head's role, too, and is not the head.
    """
    posts = unit.memberships.active().filter(role__in=HEADS).exclude(post="")
    heads = [one.post for one in posts if not one.post.lower().startswith("phó")]
    return heads[0] if heads else "Thủ trưởng đơn vị"


def posts_of(authority: str, *, body: str, head: str, signer: str = "") -> tuple[str, ...]:
    """TM. the body, the head; KT., TL. or TUQ. the head, the signer; else the head alone."""
    if authority == Authority.TM:
        posts = (f"TM. {body}", head)
    else:
        posts = (f"{authority} {head}".strip(), signer)
    return tuple(one for one in posts if one)


def draft_signature(unit: OrgUnit) -> Signature:
    """The head's, to be signed; without a name."""
    return Signature((head_post(unit),))


def receivers(*to: str) -> tuple[str, ...]:
    """«- …;» lines, the last of them the archive."""
    return (*dict.fromkeys(f"- {one};" for one in to if one), "- Lưu: VT.")


def superior_to_report(unit: OrgUnit) -> str:
    return f"{unit.superior_name} (để b/c)" if unit.superior_name else ""
