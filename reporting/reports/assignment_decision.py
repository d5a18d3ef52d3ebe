"""Quyết định phân công lãnh đạo phụ trách và đầu mối, in the form of Nghị định 30/2020/NĐ-CP."""

from django.utils import timezone

from edudx.lib.vietnamese import day_in_words, post_of
from reporting import pdf
from reporting.reports.maturity_report import head_post
from schools.models import FocalPoint, OrgUnit


def context(unit: OrgUnit) -> dict:
    """A draft to be numbered and signed: what is not known yet is left as dots."""
    symbol = f"QĐ-{unit.abbreviation}" if unit.abbreviation else "QĐ"
    rows = list(FocalPoint.objects.filter(unit=unit).in_office().order_by("field"))
    return {
        "unit": unit,
        "rows": rows,
        "superior_line": unit.superior_name,
        "issuer_line": unit.name,
        "number": f"…/{symbol}",
        "place": unit.place,
        "day": day_in_words(timezone.localdate()),
        "head_post": head_post(unit),
        "authority": post_of(head_post(unit), unit.name),
    }


def build(unit: OrgUnit) -> bytes:
    return pdf.render("documents/focal_points.html", context(unit))
