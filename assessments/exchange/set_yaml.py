"""Indicator sets from YAML and Excel: read → Definition → faults with their lines → a draft."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, BinaryIO

from django.db import transaction

from assessments.exchange import set_faults
from assessments.exchange.set_definition import (
    CRITERION_COLUMNS,
    CRITERION_SHEET,
    FILE,
    GROUP_COLUMNS,
    GROUP_SHEET,
    HEADINGS,
    SET_COLUMNS,
    SET_SHEET,
    Definition,
)
from assessments.models import Criterion, Group, IndicatorSet
from edudx.lib import line_yaml, workbooks, yaml_schema
from edudx.lib.line_yaml import LINE, FileRefused
from edudx.lib.yaml_schema import Node
from schools.models import OrgUnit, User
from schools.models.events import record

LEVELS = ("level_2_from", "level_3_above")


def read_yaml(content: str | bytes) -> Definition:
    """The definition in a YAML text; FileRefused when it is not YAML of this shape."""
    return _definition(yaml_schema.read(line_yaml.load(content), FILE))


def _definition(head: Node) -> Definition:
    for level in head["levels"]:
        head.values |= _threshold(level["when"])
    criteria = [
        one for group in head["groups"] for one in _in_a_row(group["criteria"], group["code"])
    ]
    return Definition(head, head["groups"], criteria)


def _threshold(text: str) -> dict[str, Decimal]:
    """`score < 50` and `score > 75`; the middle one follows from them."""
    found = re.fullmatch(r"score\s*([<>])\s*(\d{1,3}(\.\d{1,2})?)", text)
    if not found:
        return {}
    return {LEVELS[0] if found[1] == "<" else LEVELS[1]: Decimal(found[2])}


def _in_a_row(nodes: list[Node], group: str, parent: str = "") -> Iterator[Node]:
    for node in nodes:
        node.values |= {"group": group, "parent": node["parent"] or parent}
        node.values |= {key: node["levels"][key] for key in LEVELS if node[key] is None}
        yield node
        yield from _in_a_row(node["children"], group, node["code"])


# Excel


def read_xlsx(file: BinaryIO) -> Definition:
    """The definition in the Excel form that the portal exports."""
    try:
        heads = list(workbooks.rows(file, SET_SHEET, SET_COLUMNS, {"code", "version", "title"}))
        groups = list(workbooks.rows(file, GROUP_SHEET, GROUP_COLUMNS, set(GROUP_COLUMNS)))
        required = {"group", "code", "kind", "title"}
        criteria = list(workbooks.rows(file, CRITERION_SHEET, CRITERION_COLUMNS, required))
    except workbooks.WorkbookRefused as refusal:
        raise FileRefused([str(refusal)]) from refusal
    if len(heads) != 1:
        raise FileRefused([f"Trang «{SET_SHEET}» phải có đúng một dòng dưới tiêu đề."])
    faults: list[str] = []
    tree = _head(heads[0]) | {"groups": [_group(row, criteria, faults) for row in groups]}
    codes = {row.cells["code"] for row in groups}
    faults += [
        f"{row.where}: không có nhóm «{row.cells['group']}»."
        for row in criteria
        if row.cells["group"] not in codes
    ]
    root = yaml_schema.read(tree, FILE, HEADINGS)
    root.faults += faults
    return _definition(root)


def _head(row: workbooks.Row) -> dict[str, Any]:
    cells = {key: row.cells.get(key, "") for key in SET_COLUMNS} | {LINE: row.where}
    legal = {key: cells.pop(f"legal_{key}") for key in ("number", "issued_on", "issuer")}
    names = [cells.pop(f"level_{place}_name") for place in (1, 2, 3)]
    types = [one.strip() for one in cells["applies_to"].split(",") if one.strip()]
    return cells | {
        "legal_basis": legal | {LINE: row.where},
        "levels": [{LINE: row.where, "name": one} for one in names],
        "applies_to": types,
    }


def _group(row: workbooks.Row, criteria: list[workbooks.Row], faults: list[str]) -> dict[str, Any]:
    mine = [one for one in criteria if one.cells["group"] == row.cells["code"]]
    return row.cells | {LINE: row.where, "criteria": [_criterion(one, faults) for one in mine]}


def _criterion(row: workbooks.Row, faults: list[str]) -> dict[str, Any]:
    cells = {key: value for key, value in row.cells.items() if key != "group"}
    return cells | {LINE: row.where, "steps": _steps(row, faults)}


def _steps(row: workbooks.Row, faults: list[str]) -> list[dict]:
    """«Chưa có = 0; Một phần = 3; Đầy đủ = 6»."""
    text = row.cells.get("steps", "")
    steps = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        label, equals, points = part.rpartition("=")
        if not equals:
            faults.append(f"{row.where}: bước chấm «{part}» phải viết như «Đầy đủ = 6».")
            continue
        steps.append({LINE: row.where, "label": label.strip(), "points": points.strip()})
    return steps


def steps_text(steps: list[dict]) -> str:
    return "; ".join(f"{step['label']} = {step['points']}" for step in steps)


# Saving


@transaction.atomic
def save(definition: Definition, *, by: User | None, owner: OrgUnit | None = None) -> IndicatorSet:
    """Store as a draft, in place of an earlier draft of the same code and version.

    Raises FileRefused with every fault, also when that version is published already or a campaign
    has begun on the draft.
    """
    head = definition.head
    set_faults.find(definition)
    head.refuse_faults()
    _refuse_other_case(head["code"])
    old = IndicatorSet.objects.filter(code=head["code"], version=head["version"]).first()
    if old is not None:
        _replace(old, by)
    indicator_set = IndicatorSet(owner=owner, **_set_fields(head))
    if by and not indicator_set.may_be_managed_by(by):
        whose = f"của {owner}" if owner else "dùng chung của Bộ"
        raise FileRefused([f"Bạn không có quyền nhập bộ chỉ số {whose}."])
    if not head.saves(indicator_set):
        head.refuse_faults()
    _save_lines(indicator_set, definition)
    if by:
        record(indicator_set, "load", f"Nhập bộ chỉ số {indicator_set}", by=by)
    return indicator_set


def _refuse_other_case(code: str) -> None:
    """One set, one code: «TT-4725» is no other set than «tt-4725»."""
    taken = IndicatorSet.objects.order_by("code").values_list("code", flat=True).distinct()
    other = next((one for one in taken if one.casefold() == code.casefold() != ""), code)
    if other != code and code not in taken:
        said = f"Mã «{code}» chỉ khác «{other}» về chữ hoa, chữ thường; hãy ghi «{other}»."
        raise FileRefused([said])


def _replace(old: IndicatorSet, by: User | None) -> None:
    if by and not old.may_be_managed_by(by):
        raise FileRefused([f"{old} do đơn vị khác quản lý; hãy ghi mã hoặc phiên bản khác."])
    if not old.is_draft:
        raise FileRefused([f"{old} đã công bố nên không thể thay; hãy ghi phiên bản mới."])
    if old.assessments.exists() or old.campaigns.exists():
        raise FileRefused([f"{old} đang được dùng trong một đợt; hãy ghi phiên bản mới."])
    old.delete()


def _set_fields(head: Node) -> dict[str, Any]:
    legal = {f"legal_{key}": value for key, value in head["legal_basis"].values.items()}
    plain = head.some("code", "version", "title", "applies_to", "missed_condition", *LEVELS)
    return plain | legal | {"level_names": [one["name"] for one in head["levels"]]}


def _save_lines(indicator_set: IndicatorSet, definition: Definition) -> None:
    groups = {}
    for place, node in enumerate(definition.groups):
        groups[node["code"]] = Group.objects.create(
            indicator_set=indicator_set, position=place, **node.some(*GROUP_COLUMNS)
        )
    saved: dict[str, Criterion] = {}
    for place, node in enumerate(definition.criteria):
        values = node.some(*CRITERION_COLUMNS) | {
            "group": groups[node["group"]],
            "parent": saved.get(node["parent"]),
            "max_points": node["max_points"] or Decimal(0),
            "steps": [
                {"label": one["label"], "points": str(one["points"])} for one in node["steps"]
            ],
        }
        saved[node["code"]] = Criterion.objects.create(
            indicator_set=indicator_set, position=place, **values
        )
