"""What a file may say, declared: its keys, what stands under each, how much of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from . import days
from .line_yaml import LINE, FileRefused
from .text import one_line
from .vietnamese import decimal_from, sort_key

DEEPEST = 7  # mappings inside each other
MOST_LINES = 1000  # of one list
Headings = Mapping[str, Mapping[str, str]]


class Kind(Enum):
    TEXT = "chữ"  # one line
    DAY = "ngày"  # 2024-10-10 or 10/10/2024
    NUMBER = "số"  # Decimal with two places, below `most`
    COUNT = "số nguyên"  # from 1 to `most`
    FLAG = "true hoặc false"
    NAMES = "danh sách chữ"
    DAYS = "danh sách ngày"
    UNREAD = "bất kỳ"  # allowed, of no use here


@dataclass(frozen=True)
class Field:
    """One key. `most` is the longest text, or the bound of a number."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    choices: tuple[str, ...] = ()
    most: int = 0
    default: Any = None

    @property
    def empty(self) -> Any:
        """The value of what is not written, or written wrongly."""
        if self.default is not None:
            return self.default
        empty = {Kind.TEXT: "", Kind.FLAG: False, Kind.NAMES: [], Kind.DAYS: []}
        return empty.get(self.kind)


def texts(*names: str) -> tuple[Field, ...]:
    """Keys under which a line of text may stand; how long, their model knows."""
    return tuple(Field(name) for name in names)


@dataclass(frozen=True)
class Section:
    """A mapping, or with `many` a list of such; under `inside` more of the same may hang."""

    name: str
    parts: tuple["Field | Section", ...]
    many: bool = False
    required: bool = False
    inside: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(part.name for part in self.parts)


@dataclass
class Node:
    """A mapping as it was read: a value for every key of its section, and where it stood.

    `given` are the keys that were written, `wrong` those (or columns) that have a fault; `faults`
    are the whole file's.
    """

    where: str
    faults: list[str]
    values: dict[str, Any] = field(default_factory=dict)
    given: set[str] = field(default_factory=set)
    wrong: set[str] = field(default_factory=set)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    @property
    def written(self) -> dict[str, Any]:
        return {key: value for key, value in self.values.items() if key in self.given}

    def some(self, *names: str) -> dict[str, Any]:
        return {name: self.values[name] for name in names}

    def fault(self, sentence: str, key: str = "") -> None:
        self.faults.append(f"{self.where}: {sentence}")
        self.wrong |= {key} - {""}

    def refuse_faults(self) -> None:
        """FileRefused with all that was found so far, if anything was, in the file's order."""
        if self.faults:
            raise FileRefused(sorted(self.faults, key=lambda one: sort_key(one.partition(": ")[0])))

    def saves(self, row: Any, columns: Mapping[str, str] | None = None) -> bool:
        """Save the row, unless the file or its model has something against it, said here once.

        `columns` are the model's names of keys that are called otherwise.
        """
        try:
            row.full_clean(exclude={(columns or {}).get(key, key) for key in self.wrong})
        except ValidationError as refusal:
            for name, sentences in refusal.message_dict.items():
                label = "" if name == NON_FIELD_ERRORS else f"«{label_of(row, name)}»: "
                for sentence in sentences:
                    self.fault(f"{label}{sentence}", name)
        if self.wrong:
            return False
        row.save()
        return True


def label_of(row: Any, column: str) -> str:
    """A column as people call it: «loại», «tên số liệu»."""
    return str(row._meta.get_field(column).verbose_name)


def read(tree: Any, file: Section, headings: Headings | None = None) -> Node:
    """The root, whose `faults` are all of the file's; FileRefused when a whole part is missing.

    `headings` say, by section, what its keys are called where they were not read from YAML.
    """
    needed = [one.name for one in file.parts if isinstance(one, Section) and one.required]
    if not isinstance(tree, dict):
        names = ", ".join(f"«{one}»" for one in needed or file.keys)
        raise FileRefused([f"Tệp phải có mục {names}."])
    root = _Reading([], headings or {}).node(tree, file)
    if not root.wrong.isdisjoint(needed):
        root.refuse_faults()
    return root


@dataclass(frozen=True)
class _Reading:
    faults: list[str]
    headings: Headings

    def node(self, raw: dict[str, Any], section: Section, depth: int = 1) -> Node:
        line = raw.get(LINE, 1)
        where = f"Dòng {line}" if isinstance(line, int) else str(line)
        node = Node(where, self.faults, given={str(key) for key in raw} - {LINE})
        parts = [*section.parts]
        if section.inside:
            parts.append(replace(section, name=section.inside, many=True, required=False))
        for key in sorted(node.given - {part.name for part in parts}):
            node.fault(f"không hiểu khóa «{key[:30]}».")
        for part in parts:
            label = self.headings.get(section.name, {}).get(part.name, part.name)
            found = raw.get(part.name)
            node.values[part.name] = self.empty(part)
            try:
                if not _is_nothing(found):
                    node.values[part.name] = self.value(found, part, depth)
                elif part.required:
                    node.fault(f"thiếu «{label}».", part.name)
            except ValueError as refusal:
                node.fault(f"«{label}» {refusal}.", part.name)
        return node

    def empty(self, part: Field | Section) -> Any:
        if isinstance(part, Field):
            return part.empty
        return [] if part.many else Node("", [], {one.name: self.empty(one) for one in part.parts})

    def value(self, found: Any, part: Field | Section, depth: int) -> Any:
        """ValueError with what is wrong, without the name."""
        if isinstance(part, Field):
            return READERS[part.kind](part, found)
        if depth > DEEPEST:
            raise ValueError("lồng nhau quá sâu")
        if not part.many:
            return self.node(_mapping(found), part, depth + 1)
        return [self.node(_mapping(one), part, depth + 1) for one in _list(found)]


def _is_nothing(found: Any) -> bool:
    return found in (None, []) or (isinstance(found, str) and not found.strip())


def _mapping(found: Any) -> dict[str, Any]:
    if isinstance(found, dict):
        return found
    raise ValueError("phải gồm các khóa, ví dụ {code: 1, title: Tên}")


def _list(found: Any) -> list[Any]:
    if not isinstance(found, list):
        raise ValueError("phải là một danh sách")
    if len(found) > MOST_LINES:
        raise ValueError(f"dài quá {MOST_LINES} mục")
    return found


def _text(rule: Field, found: Any) -> str:
    if not isinstance(found, str):
        raise ValueError("phải là chữ")
    text = one_line(found)
    if rule.most and len(text) > rule.most:
        raise ValueError(f"dài quá {rule.most} ký tự")
    if rule.choices and text not in rule.choices:
        raise ValueError(f"không nhận «{text[:30]}», chỉ nhận {', '.join(rule.choices)}")
    return text


def _day(rule: Field, found: Any) -> date:
    try:
        return days.day_from(str(found))
    except ValueError as fault:
        wrong = f"là «{str(found)[:30]}», không phải là ngày; ghi như 2024-10-10"
        raise ValueError(wrong) from fault


def _number(rule: Field, found: Any) -> Decimal:
    try:
        number = decimal_from(str(found))
        if number.copy_abs() < (rule.most or 10**6) and number == round(number, 2):
            return number
    except ValueError:
        pass
    raise ValueError(f"là «{str(found)[:30]}», không phải là số hợp lệ")


def _count(rule: Field, found: Any) -> int:
    text = str(found).strip()
    if text.isdecimal() and len(text) < 10 and 1 <= int(text) <= rule.most:
        return int(text)
    raise ValueError(f"là «{text[:30]}»; ghi số nguyên từ 1 đến {rule.most}")


def _flag(rule: Field, found: Any) -> bool:
    text = str(found).strip().lower()
    if text not in ("true", "false"):
        raise ValueError("phải là true hoặc false")
    return text == "true"


def _names(rule: Field, found: Any) -> list[str]:
    names = [_text(rule, one) for one in _list(found)]
    if rule.choices and len(set(names)) < len(names):
        raise ValueError("ghi một từ hai lần")
    return names


def _days(rule: Field, found: Any) -> list[date]:
    return [_day(rule, one) for one in _list(found)]


def _unread(rule: Field, found: Any) -> Any:
    return found


READERS: dict[Kind, Callable[[Field, Any], Any]] = {
    Kind.TEXT: _text, Kind.DAY: _day, Kind.NUMBER: _number, Kind.COUNT: _count,
    Kind.FLAG: _flag, Kind.NAMES: _names, Kind.DAYS: _days, Kind.UNREAD: _unread,
}  # fmt: skip
