"""Excel that is filled in and comes back: protected but for its boxes, which check their input."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from edudx.lib.text import writable
from reporting.arithmetic import Rule

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
    is_whole: bool = False
    choices: Sequence[str] = ()
    values: tuple[Decimal | str | None, Decimal | str | None] = (None, None)
    fault: str = ""
    key: tuple[str, str] = ("", "")  # unit and figure, by which rules find their boxes


def write(
    lines: Iterable[Line], guide: Sequence[str], target: Path, rules: Sequence[Rule] = ()
) -> None:
    """The worksheet to fill in, whose boxes know the rules between them, and a page of advice."""
    lines = list(lines)
    places = {line.key: number for number, line in enumerate(lines, start=2)}
    book = Workbook()
    worksheet = book.active
    worksheet.title = SHEET
    for place, (heading, width) in enumerate(COLUMNS.values(), start=1):
        cell = worksheet.cell(1, place, heading)
        cell.font, cell.fill = Font(name="Times New Roman", size=11, bold=True), HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        worksheet.column_dimensions[cell.column_letter].width = width
    checks: dict[tuple, DataValidation] = {}
    for number, line in enumerate(lines, start=2):
        _write_line(worksheet, number, line, checks, rules)
        for check in _between(line, number, rules, places):
            worksheet.add_data_validation(check)
    for check in checks.values():
        worksheet.add_data_validation(check)
    worksheet.freeze_panes = "F2"
    worksheet.protection.sheet = True
    worksheet.protection.autoFilter = worksheet.protection.formatColumns = False
    page = book.create_sheet(GUIDE)
    page.column_dimensions["A"].width = 100
    for number, text in enumerate(guide, start=1):
        page.cell(number, 1, writable(text)).font = FONT
    book.save(target)


def _write_line(worksheet, number: int, line: Line, checks: dict, rules: Sequence[Rule]) -> None:
    part, whole = line.values
    shown = {**line.texts, "value": part, "whole": whole, "fault": line.fault}
    for place, name in enumerate(COLUMNS, start=1):
        value = shown.get(name)
        cell = worksheet.cell(number, place)
        cell.font, cell.border = FONT, Border(THIN, THIN, THIN, THIN)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if isinstance(value, str) and value:
            cell.value, cell.data_type = (
                writable(value),
                "s",
            )  # text stays text, whatever it begins with
        elif value not in (None, ""):
            cell.value = value
        is_open = name == "note" or name == "value" or (name == "whole" and line.kind == "ratio")
        if name in INPUTS and is_open:
            cell.protection = Protection(locked=False)
            cell.fill = WRONG if line.fault else BOX
            if name == "note" or line.kind == "ratio" or _ruled(line, rules):
                continue  # a box takes one rule; those between boxes are written by `_between`
            if check := _check(line, checks):
                check.add(cell)


def _ruled(line: Line, rules: Sequence[Rule]) -> list[Rule]:
    """The rules that are checked in the boxes of this line."""
    return [one for one in rules if one.key == line.key[1]]


def _between(
    line: Line, number: int, rules: Sequence[Rule], places: dict[tuple[str, str], int]
) -> Iterator[DataValidation]:
    """What a box must be in view of others: part and whole of a ratio, the rules of the form."""
    part, whole = f"F{number}", f"G{number}"
    said: dict[str, tuple[list[str], list[str]]] = {}
    lenient: set[str] = set()  # boxes with a rule that only warns: Excel has one way for a box
    if line.kind == "ratio":
        holds = f"OR(COUNT({part},{whole})<2,{part}<={whole})"
        sentence = "Số thứ nhất không được lớn hơn số thứ hai."
        if line.is_whole:
            sentence = f"Cả hai là số nguyên. {sentence}"
        said = {part: ([holds], [sentence]), whole: ([holds], [sentence])}
    for rule in _ruled(line, rules):
        boxes = [_box(one, line.key[0], places) for one in (rule.left, *rule.right)]
        if all(boxes):
            left, *right = boxes
            sign = "<=" if rule.kind == "at_most" else "="
            formulas, sentences = said.setdefault(left, ([], []))
            formulas.append(
                f"OR(COUNT({','.join(boxes)})<{len(boxes)},{left}{sign}{'+'.join(right)})"
            )
            sentences.append(rule.says)
            if not rule.is_blocking:
                lenient.add(left)
    for box, (formulas, sentences) in said.items():
        whole_number = [f"{box}=INT({box})"] if line.is_whole else []
        number_first = [f"ISNUMBER({box})", f"{box}>=0", *whole_number]
        check = DataValidation(
            type="custom", formula1=f"AND({','.join(number_first + formulas)})", allow_blank=True
        )
        check.errorStyle = "warning" if box in lenient else "stop"
        check.errorTitle, check.error = "Chưa đúng", writable(" ".join(sentences))[:250]
        check.showErrorMessage = True
        check.add(box)
        yield check


def _box(name: str, unit: str, places: dict[tuple[str, str], int]) -> str:
    """«G12» of «phong-may-chieu:whole»; empty where the unit is not asked for it."""
    key, _, part = name.partition(":")
    number = places.get((unit, key))
    return f"{'G' if part == 'whole' else 'F'}{number}" if number else ""


def _check(line: Line, checks: dict) -> DataValidation | None:
    """The rule of a box, one object for all boxes of its kind."""
    if line.kind == "text":
        return None
    key = (line.kind, tuple(line.choices))
    if key not in checks:
        checks[key] = _validation(line)
    return checks[key]


def _validation(line: Line) -> DataValidation:
    words = writable(",".join(line.choices))
    if line.choices and len(words) < 250 and not any("," in one for one in line.choices):
        check = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
        check.error = "Chọn một giá trị trong danh sách."
    elif line.choices:
        check = DataValidation(type="textLength", operator="lessThan", formula1="501")
        check.error = "Chép đúng một trong các lựa chọn."
    else:
        kind = "whole" if line.is_whole else "decimal"
        check = DataValidation(
            type=kind, operator="between", formula1="0", formula2=str(LIMIT), allow_blank=True
        )
        check.error = "Chỉ nhận số không âm."
    check.errorTitle, check.showErrorMessage = "Chưa đúng", True
    return check
