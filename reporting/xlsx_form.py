"""Excel that is filled in and comes back: protected but for its boxes, which check their input."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

SHEET, GUIDE = "Số liệu", "Hướng dẫn"
COLUMNS = {  # key → (heading, width)
    "unit": ("Mã đơn vị", 13), "name": ("Đơn vị", 26), "key": ("Mã", 22), "section": ("Mục", 24),
    "title": ("Số liệu", 48), "value": ("Giá trị", 16), "whole": ("Tổng số", 14),
    "note": ("Giải thích", 36), "before": ("Lần trước", 34), "fault": ("Lỗi", 50),
}  # fmt: skip
INPUTS = ("value", "whole", "note")
FONT = Font(name="Times New Roman", size=11)
HEAD = PatternFill("solid", fgColor="E8EEF0")
BOX = PatternFill("solid", fgColor="FFFDF0")
WRONG = PatternFill("solid", fgColor="FBD5D5")
THIN = Side(style="thin", color="C4CAD0")
LIMIT = 9_999_999_999


@dataclass
class Line:
    """One row: texts by column; which boxes are open and what they take; what is wrong with them.

    kind: integer, decimal, ratio, choice or text.
    """

    texts: dict[str, str]
    kind: str
    choices: Sequence[str] = ()
    values: tuple[Decimal | str | None, Decimal | str | None] = (None, None)
    fault: str = ""


def write(lines: Iterable[Line], guide: Sequence[str], target: Path) -> None:
    """The sheet to fill in and a page that says how."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    for place, (heading, width) in enumerate(COLUMNS.values(), start=1):
        cell = sheet.cell(1, place, heading)
        cell.font, cell.fill = Font(name="Times New Roman", size=11, bold=True), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        sheet.column_dimensions[cell.column_letter].width = width
    checks: dict[tuple, DataValidation] = {}
    for number, line in enumerate(lines, start=2):
        _write_line(sheet, number, line, checks)
    for check in checks.values():
        sheet.add_data_validation(check)
    sheet.freeze_panes = "F2"
    sheet.protection.sheet = True
    sheet.protection.autoFilter = sheet.protection.formatColumns = False
    page = book.create_sheet(GUIDE)
    page.column_dimensions["A"].width = 100
    for number, text in enumerate(guide, start=1):
        page.cell(number, 1, text).font = FONT
    book.save(target)


def _write_line(sheet, number: int, line: Line, checks: dict) -> None:
    part, whole = line.values
    shown = {**line.texts, "value": part, "whole": whole, "fault": line.fault}
    for place, name in enumerate(COLUMNS, start=1):
        value = shown.get(name)
        cell = sheet.cell(number, place)
        cell.font, cell.border = FONT, Border(THIN, THIN, THIN, THIN)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(value, str) and value:
            cell.value, cell.data_type = value, "s"  # text stays text, whatever it begins with
        elif value not in (None, ""):
            cell.value = value
        is_open = name == "note" or name == "value" or (name == "whole" and line.kind == "ratio")
        if name in INPUTS and is_open:
            cell.protection = Protection(locked=False)
            cell.fill = WRONG if line.fault else BOX
            if name != "note" and (check := _check(line, checks)):
                check.add(cell)


def _check(line: Line, checks: dict) -> DataValidation | None:
    """The rule of a box, one object for all boxes of its kind."""
    if line.kind == "text":
        return None
    key = (line.kind, tuple(line.choices))
    if key not in checks:
        checks[key] = _validation(line)
    return checks[key]


def _validation(line: Line) -> DataValidation:
    words = ",".join(line.choices)
    if line.choices and len(words) < 250 and not any("," in one for one in line.choices):
        check = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
        check.error = "Chọn một giá trị trong danh sách."
    elif line.choices:
        check = DataValidation(type="textLength", operator="lessThan", formula1="501")
        check.error = "Chép đúng một trong các lựa chọn."
    else:
        kind = "whole" if line.kind == "integer" else "decimal"
        check = DataValidation(
            type=kind, operator="between", formula1="0", formula2=str(LIMIT), allow_blank=True
        )
        check.error = "Chỉ nhận số không âm."
    check.errorTitle, check.showErrorMessage = "Chưa đúng", True
    return check
