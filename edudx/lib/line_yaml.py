"""YAML that a person writes: every scalar is text, every mapping knows its line."""

from collections.abc import Hashable
from typing import Any

import yaml

from .text import readable, typed

LINE = "__line__"
MOST_CHARACTERS = 512 * 1024
UNSTORABLE = frozenset({"\0", *map(chr, range(0xD800, 0xE000))})  # written as "\0", "\ud800"


class FileRefused(ValueError):
    """A file that is not what was asked for: `faults` are sentences, each with its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class LineLoader(yaml.BaseLoader):
    """YAML whose every scalar is text, whose every mapping knows its line, and without aliases."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """An alias of an alias of an alias would unfold into gigabytes."""
        line = self.peek_event().start_mark.line + 1
        if self.check_event(yaml.AliasEvent):
            raise FileRefused([f"Dòng {line}: không nhận tham chiếu (*) trong tệp."])
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.ScalarNode) and not UNSTORABLE.isdisjoint(node.value):
            raise FileRefused([f"Dòng {line}: có ký tự không lưu được."])
        if isinstance(node, yaml.ScalarNode):
            node.value = typed(node.value)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        values: dict[Hashable, Any] = {LINE: node.start_mark.line + 1}
        for key, value in node.value:
            name, line = key.value, key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise FileRefused([f"Dòng {line}: khóa phải là một từ."])
            if name in values:
                raise FileRefused([f"Dòng {line}: khóa «{name[:30]}» ghi hai lần."])
            values[name] = self.construct_object(value, deep=True)
        return values


def load(content: str | bytes) -> Any:
    """The tree of texts, lists and mappings; FileRefused with the line where it cannot be read."""
    if len(content) > MOST_CHARACTERS:
        raise FileRefused(["Tệp lớn hơn 512 kB."])
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return yaml.load(readable(text), LineLoader)  # noqa: S506 LineLoader makes nothing but text
    except UnicodeDecodeError as fault:
        raise FileRefused(["Tệp không phải là văn bản UTF-8."]) from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"Dòng {mark.line + 1}: " if mark else ""
        raise FileRefused([f"{where}tệp không phải là YAML hợp lệ."]) from fault
    except RecursionError as fault:
        raise FileRefused(["Tệp lồng nhau quá sâu."]) from fault
