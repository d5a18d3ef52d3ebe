"""YAML that a person writes: every scalar is text, every mapping knows its line."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import yaml

from .vietnamese import one_line

LINE = "__line__"
Node = dict[str, Any]  # a mapping of the file, with its line


class YamlRefused(ValueError):
    """A text that is no such YAML. Its words are a sentence for the person who wrote it."""


class LineLoader(yaml.BaseLoader):
    """YAML whose every scalar is text, whose every mapping knows its line, and without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """An alias of an alias of an alias would unfold into gigabytes."""
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1
            raise YamlRefused(f"Dòng {line}: không nhận tham chiếu (*) trong tệp.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        values: dict[Hashable, Any] = {LINE: node.start_mark.line + 1}
        for key, value in node.value:
            name, line = key.value, key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise YamlRefused(f"Dòng {line}: khóa phải là một từ.")
            if name in values:
                raise YamlRefused(f"Dòng {line}: khóa «{name[:30]}» ghi hai lần.")
            values[name] = self.construct_object(value, deep=True)
        return values


def load(text: str) -> Any:
    """The root of the text; YamlRefused with the line where it cannot be read."""
    try:
        return yaml.load(text, LineLoader)  # noqa: S506 LineLoader makes nothing but text
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"Dòng {mark.line + 1}: " if mark else ""
        raise YamlRefused(f"{where}tệp không phải là YAML hợp lệ.") from fault
    except RecursionError as fault:
        raise YamlRefused("Tệp lồng nhau quá sâu.") from fault


@dataclass
class Reader:
    """One pass over the file; every fault is kept with its line."""

    faults: list[str] = field(default_factory=list)

    def fault(self, node: Node, sentence: str) -> None:
        self.faults.append(f"Dòng {node.get(LINE, 1)}: {sentence}")

    def rows(self, root: Node, key: str, allowed: tuple[str, ...]) -> list[Node]:
        found = root.get(key) or []
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            self.fault(root, f"«{key}» phải là một danh sách.")
            return []
        for node in found:
            self.known(node, allowed)
            if not str(node.get("code") or "").strip():
                self.fault(node, f"mỗi dòng của «{key}» phải có code.")
        return found

    def known(self, node: Node, allowed: tuple[str, ...]) -> None:
        for key in sorted(set(node) - {LINE, *allowed}):
            self.fault(node, f"không hiểu khóa «{key}».")

    def text(self, node: Node, key: str) -> str:
        value = node.get(key) or ""
        if isinstance(value, str):
            return one_line(value)
        self.fault(node, f"«{key}» phải là chữ.")
        return ""

    def day(self, node: Node, key: str) -> date | None:
        value = self.text(node, key)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.fault(node, f"«{key}» là «{value}»; ghi ngày như 2024-10-10.")
            return None

    def number(self, node: Node, key: str) -> Decimal | None:
        try:
            return Decimal(str(node.get(key)))
        except InvalidOperation:
            self.fault(node, f"«{key}» là «{node.get(key)}», không phải là số.")
            return None

    def flag(self, node: Node, key: str) -> bool:
        value = str(node.get(key, "false")).lower()
        if value not in ("true", "false"):
            self.fault(node, f"«{key}» phải là true hoặc false.")
        return value == "true"

    def names(self, node: Node, key: str) -> list[str]:
        value = node.get(key) or []
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            return value
        self.fault(node, f"«{key}» phải là một danh sách.")
        return []
