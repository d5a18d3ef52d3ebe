"""An indicator set as read from a file, before it is saved: columns, lines, their places."""

from dataclasses import dataclass, field
from typing import Any

SET_SHEET, GROUP_SHEET, CRITERION_SHEET = "Bộ chỉ số", "Nhóm", "Tiêu chí"
SET_COLUMNS = {
    "code": "Mã",
    "version": "Phiên bản",
    "title": "Tên",
    "legal_number": "Số văn bản",
    "legal_issued_on": "Ngày ban hành",
    "legal_issuer": "Cơ quan ban hành",
    "applies_to": "Loại trường áp dụng",
    "level_2_from": "Mức 2 từ",
    "level_3_above": "Mức 3 trên",
    "level_1_name": "Tên mức 1",
    "level_2_name": "Tên mức 2",
    "level_3_name": "Tên mức 3",
    "missed_condition": "Khi thiếu điều kiện",
}
GROUP_COLUMNS = {"code": "Mã nhóm", "title": "Tên nhóm", "max_points": "Điểm tối đa"}
CRITERION_COLUMNS = {
    "group": "Mã nhóm",
    "parent": "Mã tiêu chí cha",
    "code": "Mã tiêu chí",
    "kind": "Loại",
    "title": "Tên tiêu chí",
    "max_points": "Điểm tối đa",
    "unit": "Đơn vị tính",
    "full_at": "Đủ điểm khi đạt",
    "steps": "Các bước chấm",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "evidence": "Minh chứng",
    "guidance": "Hướng dẫn",
    "level_2_from": "Mức 2 từ",
    "level_3_above": "Mức 3 trên",
    "source": "Nguồn",
}


class SetRefused(ValueError):
    """A file that is no valid set: `faults` are sentences, each with its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass
class Item:
    """A set, a group or a criterion as text from a file, and where it stood there."""

    where: str
    values: dict[str, Any]


@dataclass
class Definition:
    head: Item
    groups: list[Item] = field(default_factory=list)
    criteria: list[Item] = field(default_factory=list)
