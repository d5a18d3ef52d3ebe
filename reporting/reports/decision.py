"""Quyết định công nhận as a document of Nghị định 30/2020/NĐ-CP with the list of schools."""

from assessments.models import Certificate, Decision
from edudx.lib.vietnamese import day_in_words
from reporting import pdf


def context(decision: Decision) -> dict:
    """What templates/documents/decision.html says."""
    certificates = list(
        Certificate.objects.filter(decision=decision)
        .select_related("assessment__unit", "assessment__indicator_set")
        .prefetch_related("lines")
        .order_by("assessment__unit__sort_key")
    )
    sets = {one.assessment.indicator_set for one in certificates}
    return {
        "decision": decision,
        "certificates": certificates,
        "sets": sorted(sets, key=lambda one: one.code),
        "superior_line": decision.superior_line,
        "issuer_line": decision.issuer_line,
        "number": decision.full_number,
        "place": decision.issuer.place,
        "day": day_in_words(decision.signed_on),
        "notice": next((one.notice for one in sets if one.notice), ""),
        "campaign": decision.campaign,
    }


def build(decision: Decision) -> bytes:
    return pdf.render("documents/decision.html", context(decision))
