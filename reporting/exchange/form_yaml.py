"""Data forms as YAML: read → faults with their lines → a draft; the catalogue grows with them."""

from dataclasses import dataclass, field

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction

from edudx.lib import line_yaml
from edudx.lib.line_yaml import Reader
from edudx.lib.vietnamese import search_key
from reporting.models import DataField, DataForm, DataItem
from schools.models import OrgUnit, User
from schools.models.events import record

FORM_KEYS = ("code", "version", "title", "source")
SECTION_KEYS = ("code", "title", "fields")
ITEM_KEYS = ("title", "kind", "roll_up", "measure", "part", "whole", "choices", "rows", "columns",
             "definition", "criteria")  # fmt: skip
FIELD_KEYS = ("item", *ITEM_KEYS, "required", "help", "types", "change_limit", "compared")
RULE_KEYS = ("at_most", "sum", "says", "effect")
USUAL = {"integer": "sum", "decimal": "sum", "ratio": "ratio", "yes_no": "yes", "choice": "spread",
         "text": "none", "table": "sum"}  # fmt: skip


class FormRefused(Exception):
    """A file that is no data form. `faults` are sentences, each with its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Loaded:
    """The draft, and what its writer should know: figures that are asked for elsewhere already."""

    form: DataForm
    warnings: list[str] = field(default_factory=list)


def read(text: str) -> dict:
    """The root of a form's file; FormRefused when it is not YAML of this shape."""
    try:
        root = line_yaml.load(text)
    except line_yaml.YamlRefused as refusal:
        raise FormRefused([str(refusal)]) from refusal
    if not isinstance(root, dict) or not isinstance(root.get("form"), dict):
        raise FormRefused(["Tệp không có mục «form»."])
    return root


@transaction.atomic
def save(root: dict, *, by: User | None, owner: OrgUnit | None = None) -> Loaded:
    """Store as a draft, in place of an earlier draft of that code and version. All or nothing."""
    reader = Reader()
    reader.known(root, ("form", "sections", "rules"))
    form = _form(reader, root["form"], owner, by)
    if reader.faults:
        raise FormRefused(reader.faults)
    loaded = Loaded(form)
    for node in reader.rows(root, "sections", SECTION_KEYS):
        title = f"{reader.text(node, 'code')}. {reader.text(node, 'title')}"
        for line in _nodes(reader, node, "fields"):
            _field(reader, line, loaded, title, owner)
    form.rules = [_rule(reader, one, form) for one in _nodes(reader, root, "rules")]
    if not reader.faults and not form.fields.exists():
        reader.fault(root, "biểu mẫu chưa có dòng nào.")
    if reader.faults:
        raise FormRefused(reader.faults)
    form.save(update_fields=["rules"])
    if by:
        record(form, "load", f"Nhập biểu mẫu «{form}»"[:200], by=by)
    return loaded


def _nodes(reader: Reader, node: dict, key: str) -> list[dict]:
    found = node.get(key) or []
    if isinstance(found, list) and all(isinstance(one, dict) for one in found):
        return found
    reader.fault(node, f"«{key}» phải là một danh sách.")
    return []


def _form(reader: Reader, node: dict, owner: OrgUnit | None, by: User | None) -> DataForm:
    reader.known(node, FORM_KEYS)
    code, version = reader.text(node, "code"), reader.text(node, "version") or "1"
    if not version.isdecimal() or len(version) > 4:
        reader.fault(node, "«version» phải là số nguyên.")
        version = "1"
    old = DataForm.objects.filter(code=code, version=int(version)).first()
    if old and not old.is_draft:
        raise FormRefused([f"«{old}» đã ban hành nên không thể thay; hãy ghi phiên bản mới."])
    form = DataForm(
        code=code, version=int(version), title=reader.text(node, "title"),
        source=reader.text(node, "source"), owner=owner,
    )  # fmt: skip
    if by and not form.may_be_managed_by(by):
        raise FormRefused(["Bạn không có quyền nhập biểu mẫu này."])
    if old and old.owner != owner:
        raise FormRefused([f"«{old}» do đơn vị khác quản lý; hãy ghi mã hoặc phiên bản khác."])
    if old:
        _drop(old)
    if _clean(reader, node, form):
        form.save()
    return form


def _drop(old: DataForm) -> None:
    """The draft it replaces, and the figures of the catalogue that only this draft asked for."""
    items = list(old.fields.values_list("item", flat=True))
    old.delete()
    DataItem.objects.filter(pk__in=items, fields=None, values=None).delete()


def _clean(reader: Reader, node: dict, row) -> bool:
    try:
        row.full_clean()
    except ValidationError as fault:
        for name, sentences in fault.message_dict.items():
            label = "" if name == NON_FIELD_ERRORS else f"«{_label(row, name)}»: "
            for sentence in sentences:
                reader.fault(node, f"{label}{sentence}")
        return False
    return True


def _label(row, name: str) -> str:
    """A field as people call it: «loại», «tên số liệu»."""
    return str(row._meta.get_field(name).verbose_name)


def _field(reader: Reader, node: dict, loaded: Loaded, section: str, owner) -> None:
    reader.known(node, FIELD_KEYS)
    item = _item(reader, node, loaded, owner)
    if item is None:
        return
    types = reader.names(node, "types")
    if wrong := sorted(set(types) - set(OrgUnit.SchoolType.values)):
        reader.fault(node, f"không có loại trường {', '.join(wrong)}.")
    limit = reader.text(node, "change_limit")
    if limit and not (limit.isdecimal() and 0 < int(limit) <= 1000):
        reader.fault(node, "«change_limit» phải là số phần trăm từ 1 đến 1000.")
        limit = ""
    row = DataField(
        form=loaded.form, item=item, section=section, position=loaded.form.fields.count(),
        is_required=reader.text(node, "required") != "false", help=reader.text(node, "help"),
        types=types, change_limit=int(limit) if limit else None,
        is_compared=reader.flag(node, "compared"),
    )  # fmt: skip
    if _clean(reader, node, row):
        row.save()


def _item(reader: Reader, node: dict, loaded: Loaded, owner) -> DataItem | None:
    """The item of the catalogue, or a new one; one that says something else is refused."""
    code = reader.text(node, "item")
    known = DataItem.objects.filter(code=code).first()
    if known is None:
        return _new_item(reader, node, loaded, code, owner)
    for key in ITEM_KEYS:
        column = COLUMNS.get(key, key)
        if key in node and _wanted(reader, node, key) != getattr(known, column):
            label = _label(known, column)
            reader.fault(
                node,
                f"số liệu «{code}» đã có trong danh mục với «{label}» khác; dùng lại thì để trống "
                f"«{label}», hỏi điều khác thì đặt mã mới.",
            )
    return known


COLUMNS = {"part": "part_label", "whole": "whole_label"}


def _wanted(reader: Reader, node: dict, key: str):
    lists = ("choices", "rows", "columns", "criteria")
    return reader.names(node, key) if key in lists else reader.text(node, key)


def _new_item(reader: Reader, node: dict, loaded: Loaded, code: str, owner) -> DataItem | None:
    values = {COLUMNS.get(key, key): _wanted(reader, node, key) for key in ITEM_KEYS if key in node}
    values.setdefault("roll_up", USUAL.get(values.get("kind", ""), "sum"))
    item = DataItem(code=code, owner=owner, **values)
    _warn_of_twin(node, item, loaded)
    if not _clean(reader, node, item):
        return None
    item.save()
    return item


def _warn_of_twin(node: dict, item: DataItem, loaded: Loaded) -> None:
    """«Hỏi một lần»: the same words under another code are most likely the same figure."""
    twin = DataItem.objects.filter(search_text__endswith=search_key(item.title)).first()
    if twin is None or search_key(twin.title) != search_key(item.title):
        return
    forms = DataForm.objects.filter(fields__item=twin).exclude(pk=loaded.form.pk)
    where = ", ".join(f"«{one}»" for one in forms[:3]) or "danh mục"
    loaded.warnings.append(
        f"Dòng {node[line_yaml.LINE]}: «{item.title}» đã được hỏi với mã «{twin.code}» ở {where}; "
        "dùng lại mã đó để trường không phải nhập hai lần."
    )


def _rule(reader: Reader, node: dict, form: DataForm) -> dict:
    """{kind, left, right, says, is_blocking}: keys of figures of this form."""
    reader.known(node, RULE_KEYS)
    kind = next((one for one in ("at_most", "sum") if one in node), "at_most")
    codes = reader.names(node, kind)
    kinds = dict(form.fields.values_list("item__code", "item__kind"))
    for name in codes:
        code, _, part = name.partition(":")
        is_number = kinds.get(code) in ("integer", "decimal") and not part
        is_part = kinds.get(code) == "ratio" and part in ("part", "whole")
        if code not in kinds:
            reader.fault(node, f"quy tắc nói đến «{code}», không có trong biểu mẫu.")
        elif not is_number and not is_part:
            parts = f"của một tỉ lệ thì ghi «{code}:part» hoặc «{code}:whole»"
            reader.fault(node, f"quy tắc chỉ so các số; «{name}» không phải là một số; {parts}.")
    if len(codes) < 2:
        reader.fault(node, f"«{kind}» phải có ít nhất hai mã.")
    effect = reader.text(node, "effect") or "block"
    if effect not in ("block", "warn"):
        reader.fault(node, "«effect» phải là block hoặc warn.")
    if not reader.text(node, "says"):
        reader.fault(node, "quy tắc phải có câu «says» cho người nhập.")
    return {
        "kind": kind, "left": codes[0] if codes else "", "right": codes[1:],
        "says": reader.text(node, "says"), "is_blocking": effect == "block",
    }  # fmt: skip
