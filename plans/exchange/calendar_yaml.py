"""Days off, days worked instead and school years from YAML; what is there already is left."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction

from edudx.lib import line_yaml
from edudx.lib.line_yaml import LINE
from plans.exchange.plan_yaml import PlanRefused, Reader
from plans.models import Holiday, SchoolYear
from schools.models import OrgUnit

HOLIDAY_KEYS = ("from", "to", "name", "worked", "confirmed")
YEAR_KEYS = ("period", "term1", "term2", "confirmed")
LONGEST = 31  # days of one entry


@transaction.atomic
def save(text: str, *, department: OrgUnit | None) -> tuple[int, int]:
    """(new days, new school years). Without a department the days are national, and every
    department gets the school years. PlanRefused with every fault and its line.
    """
    try:
        root = line_yaml.load(text)
    except line_yaml.YamlRefused as refusal:
        raise PlanRefused([str(refusal)]) from refusal
    if not isinstance(root, dict):
        raise PlanRefused(["Tệp không có «holidays» hay «school_years»."])
    reader = Reader()
    reader.known(root, ("holidays", "school_years"))
    days = [one for node in _nodes(reader, root, "holidays") for one in _days(reader, node)]
    new_days = sum(_save_day(reader, one, department) for one in days)
    departments = (
        [department] if department else list(OrgUnit.objects.filter(kind=OrgUnit.Kind.DEPARTMENT))
    )
    new_years = sum(
        _save_year(reader, node, one)
        for node in _nodes(reader, root, "school_years") for one in departments
    )  # fmt: skip
    if reader.faults:
        raise PlanRefused(reader.faults)
    return new_days, new_years


def _nodes(reader: Reader, root: dict, key: str) -> list[dict]:
    found = root.get(key) or []
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    reader.fault(root, f"«{key}» phải là một danh sách.")
    return []


def _days(reader: Reader, node: dict) -> Iterator[tuple[dict, Holiday]]:
    reader.known(node, HOLIDAY_KEYS)
    first = reader.day(node, "from")
    last = reader.day(node, "to") or first
    if first is None or not first <= last <= first + timedelta(days=LONGEST):
        reader.fault(
            node, "«from» và «to» phải là hai ngày theo thứ tự, cách nhau không quá 31 ngày."
        )
        return
    is_confirmed = "confirmed" not in node or reader.flag(node, "confirmed")
    for more in range((last - first).days + 1):
        yield node, Holiday(
            on=first + timedelta(days=more), name=reader.text(node, "name"),
            is_worked=reader.flag(node, "worked"), is_confirmed=is_confirmed,
        )  # fmt: skip


def _save_day(reader: Reader, found: tuple[dict, Holiday], department: OrgUnit | None) -> bool:
    node, row = found
    row.department = department
    if Holiday.objects.filter(on=row.on, department=department).exists():
        return False
    return _saved(reader, node, row)


def _save_year(reader: Reader, node: dict, department: OrgUnit) -> bool:
    reader.known(node, YEAR_KEYS)
    period = reader.text(node, "period")
    if SchoolYear.objects.filter(period=period, department=department).exists():
        return False
    terms = [_term(reader, node, key) for key in ("term1", "term2")]
    if None in terms:
        return False
    (first_from, first_to), (second_from, second_to) = terms
    row = SchoolYear(
        department=department, period=period, term1_from=first_from, term1_to=first_to,
        term2_from=second_from, term2_to=second_to,
        is_confirmed="confirmed" not in node or reader.flag(node, "confirmed"),
    )  # fmt: skip
    return _saved(reader, node, row)


def _term(reader: Reader, node: dict, key: str) -> tuple[date, date] | None:
    try:
        first, last = (date.fromisoformat(one) for one in node.get(key) or ())
    except (TypeError, ValueError):
        reader.fault(node, f"«{key}» phải là hai ngày, ví dụ [2024-09-05, 2025-01-17].")
        return None
    return first, last


def _saved(reader: Reader, node: dict, row) -> bool:
    try:
        row.full_clean()
    except ValidationError as fault:
        for sentence in fault.messages:
            reader.fault({LINE: node.get(LINE, 1)}, sentence)
        return False
    row.save()
    return True
