"""Quyết định công nhận as a document of Nghị định 30/2020/NĐ-CP with the list of schools.

Everything comes from rows that never change: the decision and the snapshots of its certificates.
"""

from decimal import Decimal

from assessments.models import Certificate, Decision
from edudx.lib.vietnamese import day_in_words, post_of
from reporting import pdf


def context(decision: Decision) -> dict:
    """What templates/documents/decision.html says."""
    certificates = list(
        Certificate.objects.filter(decision=decision).order_by("assessment__unit__sort_key")
    )
    facts = [one.facts for one in certificates]
    sets = {one["set"]["code"]: one["set"] for one in facts}
    groups = sorted({group["code"] for one in facts for group in one["certified"]})
    return {
        "decision": decision,
        "rows": [_row(one, groups) for one in facts],
        "groups": groups,
        "sets": [sets[code] for code in sorted(sets)],
        "authority": post_of(decision.head_post, decision.issuer_line),
        "superior_line": decision.superior_line,
        "issuer_line": decision.issuer_line,
        "number": decision.full_number,
        "place": decision.issuer.place,
        "day": day_in_words(decision.signed_on),
        "notice": facts[0]["notice"],
        "period": facts[0]["period"],
        "campaign_title": facts[0]["campaign_title"],
    }


def _row(
    facts: dict, groups: list[str]
) -> tuple[str, str, list[tuple[Decimal | None, int | None]]]:
    """(school, number of the set's Decision, (points, level) per group)."""
    certified = {one["code"]: (Decimal(one["points"]), one["level"]) for one in facts["certified"]}
    cells = [certified.get(group, (None, None)) for group in groups]
    return facts["unit"]["name"], facts["set"]["number"], cells


def build(decision: Decision) -> bytes:
    return pdf.render("documents/decision.html", context(decision))
