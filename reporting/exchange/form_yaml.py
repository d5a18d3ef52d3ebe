"""Data forms as YAML: read → faults with their lines → a draft; the catalogue grows with them."""

from dataclasses import dataclass, field

from django.db import transaction

from edudx.lib import line_yaml, yaml_schema
from edudx.lib.line_yaml import FileRefused
from edudx.lib.vietnamese import search_key
from edudx.lib.yaml_schema import Field, Kind, Node, Section, texts
from reporting.models import DataField, DataForm, DataItem
from schools.models import OrgUnit, User
from schools.models.events import record

FORM = Section("form", (
    Field("version", Kind.COUNT, most=9999, default=1), *texts("code", "title", "source"),
), required=True)  # fmt: skip
ITEM = (
    *texts("title", "kind", "roll_up", "measure", "part", "whole", "definition"),
    *(Field(name, Kind.NAMES) for name in ("choices", "rows", "columns", "criteria")),
)
FIELD = Section("fields", (
    Field("item", required=True), *ITEM, *texts("help"),
    Field("required", Kind.FLAG, default=True),
    Field("types", Kind.NAMES, choices=tuple(OrgUnit.SchoolType.values)),
    Field("change_limit", Kind.COUNT, most=1000),
    Field("compared", Kind.FLAG),
), many=True)  # fmt: skip
RULE = Section("rules", (
    Field("at_most", Kind.NAMES),
    Field("sum", Kind.NAMES),
    Field("says", required=True),
    Field("effect", choices=("block", "warn"), default="block"),
), many=True)  # fmt: skip
SECTION = Section("sections", (Field("code", required=True), *texts("title"), FIELD), many=True)
FILE = Section("", (FORM, SECTION, RULE))
COLUMNS = {"part": "part_label", "whole": "whole_label"}
USUAL = {"integer": "sum", "decimal": "sum", "ratio": "ratio", "yes_no": "yes", "choice": "spread",
         "text": "none", "table": "sum"}  # fmt: skip


@dataclass
class Loaded:
    """The draft, and what its writer should know: figures that are asked for elsewhere already.

    `kinds` of its figures, by code.
    """

    form: DataForm
    warnings: list[str] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)


def read(content: str | bytes) -> Node:
    """The root of a form's file; FileRefused when it is not YAML of this shape."""
    return yaml_schema.read(line_yaml.load(content), FILE)


@transaction.atomic
def save(root: Node, *, by: User | None, owner: OrgUnit | None = None) -> Loaded:
    """Store as a draft, in place of an earlier draft of that code and version. All or nothing."""
    form = _form(root["form"], owner, by)
    if form.pk is None:
        root.refuse_faults()
    loaded = Loaded(form)
    for node in root["sections"]:
        for line in node["fields"]:
            _field(line, loaded, f"{node['code']}. {node['title']}", owner)
    form.rules = [_rule(one, loaded.kinds) for one in root["rules"]]
    if not root.faults and not form.fields.exists():
        root.fault("biểu mẫu chưa có dòng nào.")
    root.refuse_faults()
    form.save(update_fields=["rules"])
    if by:
        record(form, "load", f"Nhập biểu mẫu «{form}»"[:200], by=by)
    return loaded


def _form(node: Node, owner: OrgUnit | None, by: User | None) -> DataForm:
    form = DataForm(**node.values, owner=owner)
    old = DataForm.objects.filter(code=form.code, version=form.version).first()
    if old and not old.is_draft:
        raise FileRefused([f"«{old}» đã ban hành nên không thể thay; hãy ghi phiên bản mới."])
    if by and not form.may_be_managed_by(by):
        raise FileRefused(["Bạn không có quyền nhập biểu mẫu này."])
    if old and old.owner != owner:
        raise FileRefused([f"«{old}» do đơn vị khác quản lý; hãy ghi mã hoặc phiên bản khác."])
    if old:
        _drop(old)
    node.saves(form)
    return form


def _drop(old: DataForm) -> None:
    """The draft it replaces, and the figures of the catalogue that only this draft asked for."""
    items = list(old.fields.values_list("item", flat=True))
    old.delete()
    DataItem.objects.filter(pk__in=items, fields=None, values=None).delete()


def _field(node: Node, loaded: Loaded, section: str, owner: OrgUnit | None) -> None:
    item = _item(node, loaded, owner)
    loaded.kinds[node["item"]] = item.kind if item else node["kind"]
    if item is None:
        return
    row = DataField(
        form=loaded.form, item=item, section=section, position=loaded.form.fields.count(),
        is_required=node["required"], is_compared=node["compared"],
        **node.some("help", "types", "change_limit"),
    )  # fmt: skip
    node.saves(row)


def _item(node: Node, loaded: Loaded, owner: OrgUnit | None) -> DataItem | None:
    """The item of the catalogue, or a new one; one that says something else is refused."""
    code = node["item"]
    known = DataItem.objects.filter(code=code).first()
    values = {one.name: node[one.name] for one in ITEM if one.name in node.given - node.wrong}
    if known is None:
        return _new_item(node, loaded, values, owner)
    for key, value in values.items():
        column = COLUMNS.get(key, key)
        if value != getattr(known, column):
            label = yaml_schema.label_of(known, column)
            node.fault(
                f"số liệu «{code}» đã có trong danh mục với «{label}» khác; dùng lại thì để trống "
                f"«{label}», hỏi điều khác thì đặt mã mới."
            )
    return known


def _new_item(node: Node, loaded: Loaded, values: dict, owner) -> DataItem | None:
    columns = {COLUMNS.get(key, key): value for key, value in values.items()}
    columns.setdefault("roll_up", USUAL.get(values.get("kind", ""), "sum"))
    item = DataItem(code=node["item"], owner=owner, **columns)
    _warn_of_twin(node, item, loaded)
    return item if node.saves(item, COLUMNS | {"item": "code"}) else None


def _warn_of_twin(node: Node, item: DataItem, loaded: Loaded) -> None:
    """«Hỏi một lần»: the same words under another code are most likely the same figure."""
    twin = DataItem.objects.filter(search_text__endswith=search_key(item.title)).first()
    if twin is None or search_key(twin.title) != search_key(item.title):
        return
    forms = DataForm.objects.filter(fields__item=twin).exclude(pk=loaded.form.pk)
    where = ", ".join(f"«{one}»" for one in forms[:3]) or "danh mục"
    loaded.warnings.append(
        f"{node.where}: «{item.title}» đã được hỏi với mã «{twin.code}» ở {where}; "
        "dùng lại mã đó để trường không phải nhập hai lần."
    )


def _rule(node: Node, kinds: dict[str, str]) -> dict:
    """{kind, left, right, says, is_blocking}: keys of figures of this form."""
    kind = "sum" if node["sum"] and not node["at_most"] else "at_most"
    codes = node[kind]
    for name in codes:
        code, _, part = name.partition(":")
        is_number = kinds.get(code) in ("integer", "decimal") and not part
        is_part = kinds.get(code) == "ratio" and part in ("part", "whole")
        if code not in kinds:
            node.fault(f"quy tắc nói đến «{code}», không có trong biểu mẫu.")
        elif not is_number and not is_part:
            parts = f"của một tỉ lệ thì ghi «{code}:part» hoặc «{code}:whole»"
            node.fault(f"quy tắc chỉ so các số; «{name}» không phải là một số; {parts}.")
    if len(codes) < 2 and kind not in node.wrong:
        node.fault(f"«{kind}» phải có ít nhất hai mã.")
    return {
        "kind": kind, "left": codes[0] if codes else "", "right": codes[1:],
        "says": node["says"], "is_blocking": node["effect"] == "block",
    }  # fmt: skip
