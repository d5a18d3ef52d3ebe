"""What an import file has, and what it would do: the columns, the changes, the faults."""

from dataclasses import dataclass, field

from schools.exchange import closing_units

UNIT_SHEET, PEOPLE_SHEET = "Đơn vị", "Người dùng"
UNIT_COLUMNS = {
    "code": "Mã đơn vị",
    "name": "Tên đầy đủ",
    "short_name": "Tên ngắn",
    "kind": "Cấp",
    "school_type": "Loại trường",
    "ownership": "Loại hình",
    "parent": "Mã đơn vị cấp trên",
    "superior_name": "Cơ quan chủ quản",
    "abbreviation": "Chữ viết tắt",
    "place": "Địa danh",
    "valid_from": "Hoạt động từ",
    "valid_to": "Hoạt động đến",
}
PEOPLE_COLUMNS = {
    "email": "Thư điện tử",
    "full_name": "Họ và tên",
    "phone": "Điện thoại",
    "unit": "Mã đơn vị",
    "role": "Vai trò",
    "post": "Chức vụ",
}
UNIT_FIELDS = [key for key in UNIT_COLUMNS if key not in ("code", "parent")]
TOLD_OF_UNITS = [key for key in UNIT_COLUMNS if key != "code"]


@dataclass(frozen=True)
class Change:
    """What the file would do to one unit or person: `differences` as (label, before, after)."""

    name: str
    values: dict
    differences: tuple[tuple[str, str, str], ...] = ()
    where: str = ""


@dataclass
class DryRun:
    created: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)  # to be looked at, they stop nothing
    closings: list[closing_units.Closing] = field(default_factory=list)

    @property
    def can_be_applied(self) -> bool:
        return not self.problems and bool(self.created or self.changed)
