"""Days off, days worked instead and school years from YAML; what is there already is left."""

from collections.abc import Iterator
from datetime import timedelta

from django.db import transaction

from edudx.lib import line_yaml, yaml_schema
from edudx.lib.yaml_schema import Field, Kind, Node, Section
from plans.models import Holiday, SchoolYear
from schools.models import OrgUnit

LONGEST = 31  # days of one entry
FILE = Section("", (
    Section("holidays", (
        Field("from", Kind.DAY, required=True),
        Field("to", Kind.DAY),
        Field("name"),
        Field("worked", Kind.FLAG),
        Field("confirmed", Kind.FLAG, default=True),
    ), many=True),
    Section("school_years", (
        Field("period", required=True),
        Field("term1", Kind.DAYS, required=True),
        Field("term2", Kind.DAYS, required=True),
        Field("confirmed", Kind.FLAG, default=True),
    ), many=True),
))  # fmt: skip


@transaction.atomic
def save(content: str, *, department: OrgUnit | None) -> tuple[int, int]:
    """(new days, new school years). Without a department the days are national, and every
    department gets the school years. FileRefused with every fault and its line.
    """
    root = yaml_schema.read(line_yaml.load(content), FILE)
    days = [one for node in root["holidays"] for one in _days(node)]
    new_days = sum(_save_day(node, row, department) for node, row in days)
    departments = (
        [department] if department else list(OrgUnit.objects.filter(kind=OrgUnit.Kind.DEPARTMENT))
    )
    new_years = sum(_save_year(node, one) for node in root["school_years"] for one in departments)
    root.refuse_faults()
    return new_days, new_years


def _days(node: Node) -> Iterator[tuple[Node, Holiday]]:
    first, last = node["from"], node["to"] or node["from"]
    if node.wrong & {"from", "to"}:
        return
    if not first <= last <= first + timedelta(days=LONGEST):
        node.fault(f"«from» và «to» phải theo thứ tự, cách nhau không quá {LONGEST} ngày.")
        return
    for more in range((last - first).days + 1):
        yield node, Holiday(
            on=first + timedelta(days=more), name=node["name"],
            is_worked=node["worked"], is_confirmed=node["confirmed"],
        )  # fmt: skip


def _save_day(node: Node, row: Holiday, department: OrgUnit | None) -> bool:
    row.department = department
    if Holiday.objects.filter(on=row.on, department=department).exists():
        return False
    return node.saves(row)


def _save_year(node: Node, department: OrgUnit) -> bool:
    if SchoolYear.objects.filter(period=node["period"], department=department).exists():
        return False
    for key in ("term1", "term2"):
        if key not in node.wrong and len(node[key]) != 2:
            node.fault(f"«{key}» phải là hai ngày, ví dụ [2024-09-05, 2025-01-17].", key)
    if node.wrong:
        return False
    (first_from, first_to), (second_from, second_to) = node["term1"], node["term2"]
    row = SchoolYear(
        department=department, period=node["period"], term1_from=first_from, term1_to=first_to,
        term2_from=second_from, term2_to=second_to, is_confirmed=node["confirmed"],
    )  # fmt: skip
    return node.saves(row)
