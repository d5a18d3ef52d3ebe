"""What a set read from a file says wrongly though each word of it is right."""

from collections.abc import Iterable
from decimal import Decimal

from assessments.exchange.set_definition import Definition
from edudx.lib.line_yaml import FileRefused
from edudx.lib.yaml_schema import Node

MAX_CRITERIA = 500


def find(definition: Definition) -> None:
    """Sums that do not add up, parents that are none, codes that stand twice: faults of the file's.

    FileRefused when it is too long to be looked through.
    """
    if len(definition.criteria) > MAX_CRITERIA:
        raise FileRefused([f"Bộ chỉ số có hơn {MAX_CRITERIA} tiêu chí; không nhận tệp này."])
    _in_head(definition.head)
    _twice(definition.groups, "nhóm")
    _twice(definition.criteria, "tiêu chí")
    for node in definition.groups:
        _in_group(node, definition)
    for node in definition.criteria:
        if "kind" not in node.wrong:
            _in_criterion(node)
            _in_tree(node, definition)
            _in_steps(node)


def _twice(nodes: list[Node], noun: str) -> None:
    seen: dict[str, str] = {}
    for node in nodes:
        code = node["code"] or ""
        key = code.casefold()  # «1.a» and «1.A» are one for whoever reads them
        if code and key in seen:
            node.fault(f"mã {noun} «{code}» đã có ở {seen[key].lower()}.")
        seen.setdefault(key, node.where)


def _in_head(head: Node) -> None:
    low, high = head["level_2_from"], head["level_3_above"]
    if len(head["levels"]) != 3:
        head.fault("bộ chỉ số phải có đúng ba mức.")
    if low is None or high is None:
        head.fault("thiếu ngưỡng của các mức.")
    elif not 0 < low <= high < 100:
        head.fault(f"ngưỡng phải theo thứ tự: 0 < mức 2 từ {low} ≤ mức 3 trên {high} < 100.")


def _in_group(node: Node, definition: Definition) -> None:
    if node.wrong & {"max_points", "criteria"}:
        return
    code, most = node["code"], node["max_points"]
    if most != 100:
        node.fault(f"nhóm {code} phải có 100 điểm, không phải {most}.")
    total = _total(one for one in definition.criteria if one["group"] == code and not one["parent"])
    if total != most:
        node.fault(f"các tiêu chí của nhóm {code} cộng lại {total} điểm, không bằng {most}.")


def _total(nodes: Iterable[Node]) -> Decimal:
    return sum((one["max_points"] or Decimal(0) for one in nodes), Decimal(0))


def _in_criterion(node: Node) -> None:
    code, kind, most, full_at = node["code"], node["kind"], node["max_points"], node["full_at"]
    if kind == "condition" and most:
        node.fault(f"điều kiện {code} không được có điểm.")
    if kind != "condition" and "max_points" not in node.wrong and not (most and most > 0):
        node.fault(f"tiêu chí {code} phải có điểm tối đa lớn hơn 0.")
    if kind == "ratio" and not (node["numerator"] and node["denominator"]):
        node.fault(f"tỉ lệ {code} phải có tên tử số và mẫu số.")
    if full_at is not None and full_at <= 0:
        node.fault(f"«Đủ điểm khi đạt» của {code} phải lớn hơn 0.")
    low, high = node["level_2_from"], node["level_3_above"]
    if (low is None) != (high is None) or (low is not None and not 0 < low <= high < 1000):
        node.fault(f"ngưỡng mức của {code} phải theo thứ tự.")


def _in_tree(node: Node, definition: Definition) -> None:
    code, parent = node["code"], node["parent"]
    by_code = {one["code"]: one for one in definition.criteria}
    if parent and (parent not in by_code or by_code[parent]["kind"] != "sum"):
        node.fault(f"tiêu chí cha «{parent}» của {code} không có hoặc không phải loại sum.")
    elif parent and by_code[parent]["group"] != node["group"]:
        node.fault(f"tiêu chí cha «{parent}» của {code} thuộc nhóm khác.")
    elif parent and list(by_code).index(parent) > list(by_code).index(code):
        node.fault(f"tiêu chí cha «{parent}» phải đứng trước {code}.")
    if node["kind"] == "sum" and "code" not in node.wrong:
        total = _total(one for one in definition.criteria if one["parent"] == code)
        if total != node["max_points"]:
            most = node["max_points"]
            node.fault(f"các tiêu chí con của {code} cộng lại {total} điểm, không bằng {most}.")


def _in_steps(node: Node) -> None:
    code, most = node["code"], node["max_points"]
    points = [one["points"] for one in node["steps"]]
    for one in node["steps"]:
        if ";" in one["label"]:
            one.fault("tên bước chấm không được chứa dấu «;».")
    if not points or None in points:
        return
    if points != sorted(set(points)) or points[0] < 0:
        node.fault(f"các bước chấm của {code} phải tăng dần.")
    elif points[-1] != most:
        node.fault(f"bước cao nhất của {code} phải bằng điểm tối đa {most}.")
