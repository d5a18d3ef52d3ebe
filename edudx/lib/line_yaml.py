"""YAML that a person writes: every scalar is text, every mapping knows its line."""

import yaml

LINE = "__line__"


class YamlRefused(ValueError):
    """A text that is no such YAML. Its words are a sentence for the person who wrote it."""


class LineLoader(yaml.BaseLoader):
    """YAML whose every scalar is text, whose every mapping knows its line, and without aliases."""

    def compose_node(self, parent, index):
        """An alias of an alias of an alias would unfold into gigabytes."""
        if self.check_event(yaml.AliasEvent):
            line = self.peek_event().start_mark.line + 1
            raise YamlRefused(f"Dòng {line}: không nhận tham chiếu (*) trong tệp.")
        return super().compose_node(parent, index)

    def construct_mapping(self, node, deep=False) -> dict:
        values = {LINE: node.start_mark.line + 1}
        for key, value in node.value:
            name, line = key.value, key.start_mark.line + 1
            if not isinstance(key, yaml.ScalarNode):
                raise YamlRefused(f"Dòng {line}: khóa phải là một từ.")
            if name in values:
                raise YamlRefused(f"Dòng {line}: khóa «{name[:30]}» ghi hai lần.")
            values[name] = self.construct_object(value, deep=True)
        return values


def load(text: str):
    """The root of the text; YamlRefused with the line where it cannot be read."""
    try:
        return yaml.load(text, LineLoader)  # noqa: S506 LineLoader makes nothing but text
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        where = f"Dòng {mark.line + 1}: " if mark else ""
        raise YamlRefused(f"{where}tệp không phải là YAML hợp lệ.") from fault
    except RecursionError as fault:
        raise YamlRefused("Tệp lồng nhau quá sâu.") from fault
