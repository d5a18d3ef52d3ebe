"""Báo cáo tổng hợp in the form of Nghị định 30/2020/NĐ-CP, from the same Summary as the Excel."""

from django.utils import timezone

from edudx.lib.vietnamese import day_in_words, percent
from reporting import charts, pdf
from reporting.reports.consolidated import LEVELS, Summary
from schools.models import OrgUnit
from schools.permissions import Role


def context(found: Summary) -> dict:
    """What templates/documents/consolidated.html says; every figure comes from the Summary."""
    total, unit = found.total, found.unit
    return {
        "found": found,
        "chart": charts.levels_chart(found),
        "rows": [(one.name, one.total.cells(found.groups)[2:]) for one in found.offices],
        "total_cells": total.cells(found.groups)[2:],
        "levels": LEVELS,
        "superior_line": unit.superior_name,
        "issuer_line": unit.name,
        "number": f"…/BC-{unit.abbreviation}",
        "place": unit.place,
        "day": day_in_words(timezone.localtime(found.made_at).date()),
        "campaign": found.campaign,
        "notice": found.notice,
        "head_post": head_post(unit),
        "submitted_share": percent(total.submitted, total.expected),
        "on_time_share": percent(total.on_time, total.expected),
        "certified_share": percent(total.certified, total.expected),
    }


def head_post(unit: OrgUnit) -> str:
    """The post over the signature: that of the unit's head, as the portal knows it."""
    heads = (Role.DEPARTMENT_HEAD, Role.OFFICE_HEAD, Role.HEAD)
    head = unit.memberships.active().filter(role__in=heads).exclude(post="").first()
    return head.post if head else "Thủ trưởng đơn vị"


def build(found: Summary) -> bytes:
    return pdf.render("documents/consolidated.html", context(found))
