"""Indicator sets from YAML and Excel: read → Definition → faults with their lines → a draft."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import BinaryIO, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction

from assessments.exchange.set_definition import (
    CRITERION_COLUMNS,
    CRITERION_SHEET,
    GROUP_COLUMNS,
    GROUP_SHEET,
    SET_COLUMNS,
    SET_SHEET,
    Definition,
    Item,
    SetRefused,
)
from assessments.exchange.set_faults import faults_of, typed
from assessments.models import Criterion, Group, IndicatorSet
from edudx.lib import line_yaml, workbooks
from edudx.lib.line_yaml import LINE
from schools.models import OrgUnit, User
from schools.models.events import record

CRITERION_KEYS = set(CRITERION_COLUMNS) - {"group", "parent"} | {"children", "levels"}


# YAML


def read_yaml(text: str) -> Definition:
    """The definition in a YAML text; SetRefused when it is not YAML of this shape."""
    try:
        root = line_yaml.load(text)
    except line_yaml.YamlRefused as refusal:
        raise SetRefused([str(refusal)]) from refusal
    if not isinstance(root, dict) or not isinstance(root.get("groups"), list):
        raise SetRefused(["Tệp không có danh sách «groups» của bộ chỉ số."])
    definition = Definition(Item(f"Dòng {root[LINE]}", _yaml_head(root)))
    faults: list[str] = []
    for group in root["groups"]:
        if not isinstance(group, dict):
            faults.append(f"Dòng {root[LINE]}: mỗi nhóm phải có code, title, max_points.")
            continue
        where = f"Dòng {group[LINE]}"
        definition.groups.append(Item(where, {key: group.get(key) for key in GROUP_COLUMNS}))
        top = Place(group.get("code"), "", where, 0)
        definition.criteria += _yaml_criteria(group.get("criteria"), top, faults)
    if faults:
        raise SetRefused(faults)
    return definition


def _yaml_head(root: dict) -> dict:
    legal = root.get("legal_basis") if isinstance(root.get("legal_basis"), dict) else {}
    levels = root.get("levels") if isinstance(root.get("levels"), list) else []
    values = {key: root.get(key) for key in ("code", "version", "title", "missed_condition")}
    values |= {
        "legal_number": legal.get("number"),
        "legal_issued_on": legal.get("issued_on"),
        "legal_issuer": legal.get("issuer"),
        "applies_to": root.get("applies_to"),
    }
    for place, level in enumerate(levels, start=1):
        if isinstance(level, dict):
            values[f"level_{place}_name"] = level.get("name")
            values |= _threshold(str(level.get("when", "")))
    return values


def _threshold(text: str) -> dict:
    """`score < 50` and `score > 75`; the middle one follows from them."""
    found = re.fullmatch(r"\s*score\s*([<>])\s*([\d.]+)\s*", text)
    if not found:
        return {}
    return {"level_2_from" if found[1] == "<" else "level_3_above": found[2]}


class Place(NamedTuple):
    """Where in the tree of a YAML file a list of criteria hangs."""

    group: str | None
    parent: str
    where: str
    depth: int


def _yaml_criteria(nodes, place: Place, faults: list[str]) -> Iterator[Item]:
    """The criteria of a list and below; what has not their shape becomes a fault."""
    if not isinstance(nodes, list) or place.depth > 5:
        faults.append(f"{place.where}: thiếu danh sách tiêu chí.")
        return
    for node in nodes:
        if not isinstance(node, dict):
            faults.append(f"{place.where}: mỗi tiêu chí phải có code, kind, title.")
            continue
        where = f"Dòng {node[LINE]}"
        values = {key: value for key, value in node.items() if key not in (LINE, "children")}
        unknown = sorted(map(str, set(values) - CRITERION_KEYS))
        faults += [f"{where}: không hiểu khóa «{key}»." for key in unknown]
        levels = values.pop("levels", None)
        if isinstance(levels, dict):
            values |= {key: levels.get(key) for key in ("level_2_from", "level_3_above")}
        yield Item(where, {**values, "group": place.group, "parent": place.parent})
        if "children" in node:
            below = Place(place.group, str(node.get("code", "")), where, place.depth + 1)
            yield from _yaml_criteria(node["children"], below, faults)


# Excel


def read_xlsx(file: BinaryIO) -> Definition:
    """The definition in the Excel form that the portal exports."""
    try:
        heads = list(workbooks.rows(file, SET_SHEET, SET_COLUMNS, {"code", "version", "title"}))
        groups = list(workbooks.rows(file, GROUP_SHEET, GROUP_COLUMNS, set(GROUP_COLUMNS)))
        required = {"group", "code", "kind", "title"}
        criteria = list(workbooks.rows(file, CRITERION_SHEET, CRITERION_COLUMNS, required))
    except workbooks.WorkbookRefused as refusal:
        raise SetRefused([str(refusal)]) from refusal
    if len(heads) != 1:
        raise SetRefused([f"Trang «{SET_SHEET}» phải có đúng một dòng dưới tiêu đề."])
    head = dict(heads[0].cells)
    head["applies_to"] = [
        one.strip() for one in head.get("applies_to", "").split(",") if one.strip()
    ]
    faults: list[str] = []
    definition = Definition(
        Item(heads[0].where, head),
        [Item(row.where, dict(row.cells)) for row in groups],
        [Item(row.where, {**row.cells, "steps": _steps(row, faults)}) for row in criteria],
    )
    if faults:
        raise SetRefused(faults)
    return definition


def _steps(row: workbooks.Row, faults: list[str]) -> list[dict]:
    """«Chưa có = 0; Một phần = 3; Đầy đủ = 6»."""
    text = row.cells.get("steps", "")
    steps = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        label, equals, points = part.rpartition("=")
        if not equals:
            faults.append(f"{row.where}: bước chấm «{part}» phải viết như «Đầy đủ = 6».")
            continue
        steps.append({"label": label.strip(), "points": points.strip()})
    return steps


def steps_text(steps: list[dict]) -> str:
    return "; ".join(f"{step['label']} = {step['points']}" for step in steps)


# Saving


@transaction.atomic
def save(definition: Definition, *, by: User | None, owner: OrgUnit | None = None) -> IndicatorSet:
    """Store as a draft, in place of an earlier draft of the same code and version.

    Raises SetRefused with every fault, also when that version is published already or a campaign
    has begun on the draft.
    """
    faults: list[str] = []
    found = typed(definition, faults)
    faults += faults_of(found)
    if faults:
        raise SetRefused(faults)
    head = found.head.values
    old = IndicatorSet.objects.filter(code=head["code"], version=head["version"]).first()
    if old is not None:
        _replace(old, by)
    indicator_set = IndicatorSet(owner=owner, **_set_fields(head))
    if by and not indicator_set.may_be_managed_by(by):
        whose = f"của {owner}" if owner else "dùng chung của Bộ"
        raise SetRefused([f"Bạn không có quyền nhập bộ chỉ số {whose}."])
    try:
        indicator_set.full_clean()
    except ValidationError as fault:
        raise SetRefused(
            [f"{found.head.where}: {message}" for message in fault.messages]
        ) from fault
    indicator_set.save()
    _save_lines(indicator_set, found)
    if by:
        record(indicator_set, "load", f"Nhập bộ chỉ số {indicator_set}", by=by)
    return indicator_set


def _replace(old: IndicatorSet, by: User | None) -> None:
    if by and not old.may_be_managed_by(by):
        raise SetRefused([f"{old} do đơn vị khác quản lý; hãy ghi mã hoặc phiên bản khác."])
    if not old.is_draft:
        raise SetRefused([f"{old} đã công bố nên không thể thay; hãy ghi phiên bản mới."])
    if old.assessments.exists() or old.campaigns.exists():
        raise SetRefused([f"{old} đang được dùng trong một đợt; hãy ghi phiên bản mới."])
    old.delete()


def _set_fields(head: dict) -> dict:
    names = [head[f"level_{place}_name"] for place in (1, 2, 3)]
    keys = [key for key in SET_COLUMNS if not key.endswith("_name")]
    return {key: head[key] for key in keys} | {"level_names": names}


def _save_lines(indicator_set: IndicatorSet, typed: Definition) -> None:
    groups = {}
    for place, item in enumerate(typed.groups):
        groups[item.values["code"]] = Group.objects.create(
            indicator_set=indicator_set, position=place, **item.values
        )
    saved: dict[str, Criterion] = {}
    for place, item in enumerate(typed.criteria):
        values = dict(item.values)
        values["group"] = groups[values["group"]]
        values["parent"] = saved.get(values["parent"])
        values["max_points"] = values["max_points"] or Decimal(0)
        saved[values["code"]] = Criterion.objects.create(
            indicator_set=indicator_set, position=place, **values
        )
