"""An indicator set as read from a file, before it is saved: columns, lines, their places."""

from dataclasses import dataclass

from assessments.models import Criterion, IndicatorSet
from edudx.lib.yaml_schema import Field, Kind, Node, Section
from schools.models import OrgUnit

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


def _threshold(name: str) -> Field:
    return Field(name, Kind.NUMBER, most=1000)


CRITERION = Section("criteria", (
    Field("parent"),  # Excel; in YAML a criterion stands below its parent
    Field("code", required=True, most=20),
    Field("kind", required=True, choices=tuple(Criterion.Kind.values)),
    Field("title", required=True, most=500),
    Field("max_points", Kind.NUMBER, most=10_000),
    Field("unit", most=50),
    Field("full_at", Kind.NUMBER),
    Section("steps", (
        Field("label", required=True),
        Field("points", Kind.NUMBER, required=True, most=10_000),
    ), many=True),
    Field("numerator", most=200),
    Field("denominator", most=200),
    Field("evidence", most=500),
    Field("guidance"),
    _threshold("level_2_from"),
    _threshold("level_3_above"),
    Section("levels", (_threshold("level_2_from"), _threshold("level_3_above"))),
    Field("source", most=30),
), many=True, required=True, inside="children")  # fmt: skip
GROUP = Section("groups", (
    Field("code", required=True, most=10),
    Field("title", required=True, most=300),
    Field("max_points", Kind.NUMBER, required=True, most=10_000),
    CRITERION,
), many=True, required=True)  # fmt: skip
FILE = Section("", (
    Field("code", required=True, most=20),
    Field("version", required=True, most=20),
    Field("status", Kind.UNREAD),  # what is loaded is a draft
    Field("title", required=True),
    Section("legal_basis", (
        Field("number", required=True),
        Field("issued_on", Kind.DAY, required=True),
        Field("issuer", required=True),
    ), required=True),
    Field("applies_to", Kind.NAMES, required=True, choices=tuple(OrgUnit.SchoolType.values)),
    Section("levels", (
        Field("level", Kind.UNREAD),
        Field("name", required=True),
        Field("when"),
    ), many=True, required=True),
    _threshold("level_2_from"),  # Excel; in YAML they follow from `when`
    _threshold("level_3_above"),
    Field("missed_condition", choices=tuple(IndicatorSet.MissedCondition.values),
          default=IndicatorSet.MissedCondition.CAP),
    Field("calendar", Kind.UNREAD),
    GROUP,
))  # fmt: skip
HEADINGS = {  # of the Excel form
    "": SET_COLUMNS,
    "legal_basis": {
        "number": SET_COLUMNS["legal_number"],
        "issued_on": SET_COLUMNS["legal_issued_on"],
        "issuer": SET_COLUMNS["legal_issuer"],
    },
    "levels": {"name": "Tên mức"},
    "groups": GROUP_COLUMNS,
    "criteria": CRITERION_COLUMNS,
}


@dataclass
class Definition:
    """The file's root, its groups, and its criteria in one row, each with `group` and `parent`."""

    head: Node
    groups: list[Node]
    criteria: list[Node]
