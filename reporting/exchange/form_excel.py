"""Data forms as Excel: the same definition as the YAML, in three worksheets, out and back."""

from collections.abc import Iterator
from typing import BinaryIO

from edudx.lib import workbooks, yaml_schema
from edudx.lib.line_yaml import LINE, FileRefused
from edudx.lib.vietnamese import search_key
from edudx.lib.yaml_schema import Node
from reporting.documents.table import Column, Table
from reporting.exchange import form_yaml
from reporting.models import DataForm, DataItem

FORM_SHEET, FIELD_SHEET, RULE_SHEET = "Biểu mẫu", "Số liệu", "Quy tắc"
FORM = {"code": "Mã", "version": "Phiên bản", "title": "Tên biểu mẫu", "source": "Căn cứ"}
FIELD = {
    "section": "Mã mục", "section_title": "Tên mục", "item": "Mã số liệu", "title": "Tên số liệu",
    "kind": "Loại", "roll_up": "Tổng hợp", "measure": "Đơn vị tính", "part": "Số thứ nhất",
    "whole": "Số thứ hai", "choices": "Các lựa chọn", "rows": "Các dòng", "columns": "Các cột",
    "definition": "Cách hiểu", "criteria": "Tiêu chí liên quan", "required": "Bắt buộc",
    "help": "Hướng dẫn", "types": "Loại trường", "change_limit": "Cảnh báo khi khác (%)",
    "compared": "So trường tương tự",
}  # fmt: skip
RULE = {"kind": "Quy tắc", "codes": "Các mã", "says": "Câu báo", "effect": "Tác dụng"}
HEADINGS = {"form": FORM, "sections": {"code": FIELD["section"]}, "fields": FIELD, "rules": RULE}
LISTS = ("choices", "rows", "columns", "criteria", "types")
FLAGS = ("required", "compared")
RULE_KINDS = {"at_most": "không quá", "sum": "bằng tổng"}
EFFECTS = {"block": "chặn", "warn": "cảnh báo"}


def read(file: BinaryIO) -> Node:
    """The root that `form_yaml.save` takes; FileRefused for what is no such workbook."""
    try:
        heads = list(workbooks.rows(file, FORM_SHEET, FORM, {"code", "title"}))
        fields = list(workbooks.rows(file, FIELD_SHEET, FIELD, {"section", "item"}))
        rules = list(workbooks.rows(file, RULE_SHEET, RULE, set(RULE)))
    except workbooks.WorkbookRefused as refusal:
        raise FileRefused([str(refusal)]) from refusal
    if len(heads) != 1:
        raise FileRefused([f"Trang «{FORM_SHEET}» phải có đúng một dòng dưới tiêu đề."])
    tree = {
        LINE: f"Trang «{FIELD_SHEET}»",
        "form": _node(heads[0]),
        "sections": list(_sections(fields).values()),
        "rules": [_rule(one) for one in rules],
    }
    return yaml_schema.read(tree, form_yaml.FILE, HEADINGS)


def _node(row: workbooks.Row) -> dict:
    """Filled cells; its line is said with the worksheet."""
    return {key: value for key, value in row.cells.items() if value} | {LINE: row.where}


def _sections(rows: list[workbooks.Row]) -> dict[str, dict]:
    found: dict[str, dict] = {}
    for row in rows:
        node = _node(row)
        code, title = node.pop("section", ""), node.pop("section_title", "")
        part = found.setdefault(code, {LINE: node[LINE], "code": code, "title": "", "fields": []})
        if title and part["title"] and title != part["title"]:
            raise FileRefused(
                [f"{row.where}: mục «{code}» có hai tên: «{part['title']}» ở trên và «{title}»."]
            )
        part["title"] = part["title"] or title
        part["fields"].append(_field(node))
    return found


def _field(node: dict) -> dict:
    for key in LISTS:
        if key in node:
            node[key] = [one.strip() for one in node[key].split(";") if one.strip()]
    for key in FLAGS:
        if key in node:
            node[key] = _word(node[key], {"true": "có", "false": "không"})
    node["kind"] = _word(node.get("kind", ""), dict(DataItem.Kind.choices))
    node["roll_up"] = _word(node.get("roll_up", ""), dict(DataItem.RollUp.choices))
    return {key: value for key, value in node.items() if value}


def _word(text: str, labels: dict) -> str:
    """The code of a label that people read; another word stays, to be refused by its name."""
    wanted = search_key(text)
    return next((code for code, label in labels.items() if search_key(label) == wanted), text)


def _rule(row: workbooks.Row) -> dict:
    node = _node(row)
    kind = _word(node.pop("kind", ""), RULE_KINDS)
    codes = [one.strip() for one in node.pop("codes", "").split(";") if one.strip()]
    node["effect"] = _word(node.get("effect", ""), EFFECTS)
    return {key: value for key, value in {**node, kind: codes}.items() if value}


def tables(form: DataForm) -> list[Table]:
    """The three worksheets of a form, as `read` takes them."""
    head = [(form.code, str(form.version), form.title, form.source)]
    rules = [
        (RULE_KINDS[one.kind], "; ".join((one.left, *one.right)), one.says,
         EFFECTS["block" if one.is_blocking else "warn"])
        for one in form.typed_rules
    ]  # fmt: skip
    return [
        _table(FORM_SHEET, FORM, head),
        _table(FIELD_SHEET, FIELD, _lines(form)),
        _table(RULE_SHEET, RULE, rules),
    ]


def _table(name: str, headings: dict[str, str], rows) -> Table:
    return Table(name, [Column(title, 24) for title in headings.values()], rows)


def _lines(form: DataForm) -> Iterator[tuple]:
    for one in form.lines:
        code, _, title = one.section.partition(". ")
        values = {
            "section": code, "section_title": title, "item": one.item.code,
            "kind": one.item.get_kind_display(), "roll_up": one.item.get_roll_up_display(),
            "required": "Có" if one.is_required else "Không", "help": one.help,
            "types": "; ".join(one.types), "compared": "Có" if one.is_compared else "Không",
            "change_limit": str(one.change_limit or ""),
        }  # fmt: skip
        for key in FIELD:
            if key not in values:
                value = getattr(one.item, form_yaml.COLUMNS.get(key, key))
                values[key] = "; ".join(value) if isinstance(value, list) else value
        yield tuple(values[key] for key in FIELD)
