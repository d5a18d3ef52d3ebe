"""Every fault of a set read from a file, each with its line; text becomes Decimals and dates."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from assessments.exchange.set_definition import (
    CRITERION_COLUMNS,
    GROUP_COLUMNS,
    SET_COLUMNS,
    Definition,
    Item,
)
from assessments.models import Criterion, IndicatorSet
from edudx.lib.vietnamese import decimal_from, one_line
from schools.models import OrgUnit

MAX_CRITERIA = 500


def _number(item: Item, key: str, faults: list[str]) -> Decimal | None:
    value = item.values.get(key)
    if value in (None, ""):
        return None
    try:
        number = decimal_from(str(value))
        if number.copy_abs() < 10**6 and number == round(number, 2):
            return number
    except (ValueError, InvalidOperation):
        pass
    faults.append(f"{item.where}: «{key}» là «{str(value)[:30]}», không phải là số hợp lệ.")
    return None


def _day(item: Item, key: str, faults: list[str]) -> date | None:
    value = item.values.get(key)
    if isinstance(value, date):
        return value
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(str(value), pattern).date()
        except ValueError:
            continue
    faults.append(f"{item.where}: ngày ban hành «{value}» không đọc được; viết như 30/12/2022.")
    return None


def typed(definition: Definition, faults: list[str]) -> Definition:
    """The same with Decimals, dates and tidy text; what cannot be typed becomes a fault."""
    head = definition.head
    values = {key: one_line(str(head.values.get(key) or "")) for key in SET_COLUMNS}
    values["applies_to"] = head.values.get("applies_to") or []
    values["legal_issued_on"] = _day(head, "legal_issued_on", faults)
    values["level_2_from"] = _number(head, "level_2_from", faults)
    values["level_3_above"] = _number(head, "level_3_above", faults)
    values["missed_condition"] = values["missed_condition"] or IndicatorSet.MissedCondition.CAP
    groups = [
        Item(
            item.where,
            {
                "code": one_line(str(item.values.get("code") or "")),
                "title": one_line(str(item.values.get("title") or "")),
                "max_points": _number(item, "max_points", faults),
            },
        )
        for item in definition.groups
    ]
    criteria = [_typed_criterion(item, faults) for item in definition.criteria]
    return Definition(Item(head.where, values), groups, criteria)


def _typed_criterion(item: Item, faults: list[str]) -> Item:
    values = {
        key: one_line(str(item.values.get(key) or ""))
        for key in CRITERION_COLUMNS
        if key != "steps"
    }
    for key in ("max_points", "full_at", "level_2_from", "level_3_above"):
        values[key] = _number(item, key, faults)
    values["steps"] = []
    steps = item.values.get("steps") or []
    for step in steps if isinstance(steps, list) else [steps]:
        if not isinstance(step, dict) or not step.get("label") or not step.get("points"):
            faults.append(f"{item.where}: mỗi bước chấm phải có label và points.")
            continue
        if ";" in str(step["label"]):
            faults.append(f"{item.where}: tên bước chấm không được chứa dấu «;».")
        points = _number(Item(item.where, step), "points", faults)
        if points is None:
            continue
        values["steps"].append({"label": one_line(str(step["label"])), "points": str(points)})
    return Item(item.where, values)


def faults_of(definition: Definition) -> list[str]:
    """Every fault of a typed definition, each with its line."""
    if len(definition.criteria) > MAX_CRITERIA:
        return [f"Bộ chỉ số có hơn {MAX_CRITERIA} tiêu chí; không nhận tệp này."]
    faults = _head_faults(definition.head)
    faults += _twice(definition.groups, "nhóm") + _twice(definition.criteria, "tiêu chí")
    groups = {item.values["code"] for item in definition.groups}
    by_code = {item.values["code"]: item for item in definition.criteria}
    for item in definition.groups:
        faults += _group_faults(item, definition)
    for item in definition.criteria:
        faults += _criterion_faults(item, groups, by_code, definition)
    return faults


def _twice(items: list[Item], noun: str) -> list[str]:
    seen: dict[str, str] = {}
    faults = []
    for item in items:
        code = item.values["code"]
        if not code:
            faults.append(f"{item.where}: thiếu mã {noun}.")
        elif code in seen:
            faults.append(f"{item.where}: mã {noun} «{code}» đã có ở {seen[code].lower()}.")
        seen.setdefault(code, item.where)
    return faults


def _head_faults(head: Item) -> list[str]:
    values, where = head.values, head.where
    names = {**SET_COLUMNS}
    required = ("code", "version", "title", "legal_number", "legal_issuer",
                "level_1_name", "level_2_name", "level_3_name")  # fmt: skip
    faults = [f"{where}: thiếu «{names[key]}»." for key in required if not values[key]]
    for key in ("code", "version"):
        if len(values[key]) > 20:
            faults.append(f"{where}: «{names[key]}» dài quá 20 ký tự.")
    if not isinstance(values["applies_to"], list) or not values["applies_to"]:
        faults.append(f"{where}: thiếu «Loại trường áp dụng».")
    else:
        unknown = [one for one in values["applies_to"] if one not in OrgUnit.SchoolType.values]
        faults += [f"{where}: không có loại trường «{str(one)[:30]}»." for one in unknown]
        if not unknown and len(set(values["applies_to"])) < len(values["applies_to"]):
            faults.append(f"{where}: một loại trường ghi hai lần.")
    if values["missed_condition"] not in IndicatorSet.MissedCondition.values:
        faults.append(f"{where}: «{names['missed_condition']}» không hợp lệ.")
    low, high = values["level_2_from"], values["level_3_above"]
    if low is None or high is None:
        faults.append(f"{where}: thiếu ngưỡng của các mức.")
    elif not 0 < low <= high < 100:
        faults.append(
            f"{where}: ngưỡng phải theo thứ tự: 0 < mức 2 từ {low} ≤ mức 3 trên {high} < 100."
        )
    return faults


def _group_faults(item: Item, definition: Definition) -> list[str]:
    values, where = item.values, item.where
    faults = [] if values["title"] else [f"{where}: thiếu tên nhóm."]
    for key, limit in (("code", 10), ("title", 300)):
        if len(values[key]) > limit:
            faults.append(f"{where}: «{GROUP_COLUMNS[key]}» dài quá {limit} ký tự.")
    if values["max_points"] != 100:
        faults.append(
            f"{where}: nhóm {values['code']} phải có 100 điểm, không phải {values['max_points']}."
        )
    tops = [
        one
        for one in definition.criteria
        if one.values["group"] == values["code"] and not one.values["parent"]
    ]
    total = sum((one.values["max_points"] or Decimal(0) for one in tops), Decimal(0))
    if total != (values["max_points"] or 0):
        faults.append(
            f"{where}: các tiêu chí của nhóm {values['code']} cộng lại {total} điểm, "
            f"không bằng {values['max_points']}."
        )
    return faults


def _criterion_faults(item: Item, groups: set, by_code: dict, definition: Definition) -> list[str]:
    values, where, code = item.values, item.where, item.values["code"]
    kind, most = values["kind"], values["max_points"]
    faults = [] if values["title"] else [f"{where}: tiêu chí {code} thiếu tên."]
    if kind not in Criterion.Kind.values:
        return [*faults, f"{where}: tiêu chí {code} có loại «{kind}» không hợp lệ."]
    if values["group"] not in groups:
        faults.append(f"{where}: không có nhóm «{values['group']}».")
    if kind == "condition" and most:
        faults.append(f"{where}: điều kiện {code} không được có điểm.")
    if kind != "condition" and not (most and most > 0):
        faults.append(f"{where}: tiêu chí {code} phải có điểm tối đa lớn hơn 0.")
    if kind == "ratio" and not (values["numerator"] and values["denominator"]):
        faults.append(f"{where}: tỉ lệ {code} phải có tên tử số và mẫu số.")
    if values["full_at"] is not None and values["full_at"] <= 0:
        faults.append(f"{where}: «Đủ điểm khi đạt» của {code} phải lớn hơn 0.")
    for key, limit in (("code", 20), ("title", 500), ("numerator", 200), ("denominator", 200),
                       ("evidence", 500), ("unit", 50), ("source", 30)):  # fmt: skip
        if len(values[key]) > limit:
            faults.append(
                f"{where}: «{CRITERION_COLUMNS[key]}» của {code[:20]} dài quá {limit} ký tự."
            )
    return faults + _tree_faults(item, by_code, definition) + _step_faults(item)


def _tree_faults(item: Item, by_code: dict, definition: Definition) -> list[str]:
    values, where, code = item.values, item.where, item.values["code"]
    faults = []
    parent = values["parent"]
    if parent and (parent not in by_code or by_code[parent].values["kind"] != "sum"):
        faults.append(
            f"{where}: tiêu chí cha «{parent}» của {code} không có hoặc không phải loại sum."
        )
    elif parent and by_code[parent].values["group"] != values["group"]:
        faults.append(f"{where}: tiêu chí cha «{parent}» của {code} thuộc nhóm khác.")
    elif parent and list(by_code).index(parent) > list(by_code).index(code):
        faults.append(f"{where}: tiêu chí cha «{parent}» phải đứng trước {code}.")
    children = [one for one in definition.criteria if one.values["parent"] == code]
    if values["kind"] == "sum":
        total = sum((one.values["max_points"] or Decimal(0) for one in children), Decimal(0))
        if total != values["max_points"]:
            faults.append(
                f"{where}: các tiêu chí con của {code} cộng lại {total} điểm, "
                f"không bằng {values['max_points']}."
            )
    low, high = values["level_2_from"], values["level_3_above"]
    if (low is None) != (high is None) or (low is not None and not 0 < low <= high < 1000):
        faults.append(f"{where}: ngưỡng mức của {code} phải theo thứ tự.")
    return faults


def _step_faults(item: Item) -> list[str]:
    values = item.values
    points = [Decimal(step["points"]) for step in values["steps"]]
    if not points:
        return []
    where, code = item.where, values["code"]
    if points != sorted(set(points)) or points[0] < 0:
        return [f"{where}: các bước chấm của {code} phải tăng dần."]
    if points[-1] != values["max_points"]:
        return [f"{where}: bước cao nhất của {code} phải bằng điểm tối đa {values['max_points']}."]
    return []
