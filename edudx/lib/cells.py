"""What a cell of a workbook says, as Excel shows it, and why what stands there cannot be taken."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from .text import from_cell

DIGITS = 15  # as many as Excel keeps, and shows
ERRORS = re.compile(
    r"#(?:N/A|REF!|DIV/0!?|ERROR!|CIRC!|VALUE!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|"
    r"UNKNOWN!|EXTERNAL!|PYTHON!|TIMEOUT!|GETTING_DATA)|Err:\d{3}",  # the last one: LibreOffice
    re.IGNORECASE,
)
_QUOTED = re.compile(r'"[^"]*"|\[(?!h|m|s)[^\]]*\]|\\.|_.|\*.', re.IGNORECASE)
_ZEROS = re.compile(r"0[0 ]*0")
_HOURS = re.compile(r"[hs]", re.IGNORECASE)


def text_of(cell: Any, *, has_comma: bool = False) -> str:
    """What a person reads in the cell; nothing where `fault_of` finds a fault.

    With `has_comma` a number 1.234 is the text «1,234», so that nobody takes it for a thousand.
    """
    value = cell.value
    if value is None or fault_of(cell, has_comma=has_comma):
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "", has_comma)
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02d}"
    if isinstance(value, date | time):
        return _moment(value, cell.number_format or "")
    return from_cell(str(value))


def fault_of(cell: Any, *, has_comma: bool = False) -> str:
    """Why the cell cannot be taken, with its place; empty when it can.

    Of a long number Excel has dropped the end: a fault of a code, not of a figure (`has_comma`).
    """
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind == "f":
        return f"ô {cell.coordinate} chứa công thức. Hãy sao chép và dán thành giá trị."
    if kind == "e" or (isinstance(value, str) and ERRORS.fullmatch(from_cell(value).strip())):
        shown = str(value).strip()[:20]
        return f"ô {cell.coordinate} chứa lỗi của Excel «{shown}», không phải nội dung. Hãy sửa ô."
    if isinstance(value, int | float) and not has_comma and not abs(value) < 10**DIGITS:
        return (
            f"ô {cell.coordinate} chứa số có hơn {DIGITS} chữ số, Excel đã làm tròn các số cuối. "
            "Hãy định dạng ô là Văn bản rồi nhập lại."
        )
    return ""


def _number(value: float, number_format: str, has_comma: bool) -> str:
    """Without the last bits of a float; percent and leading zeros as the format shows them."""
    shown = Decimal(f"{value:.{DIGITS}g}")
    plain = _QUOTED.sub("", number_format).partition(";")[0]
    zeros = _ZEROS.fullmatch(number_format.replace("\\", "").strip())
    if zeros and shown == shown.to_integral_value() and shown >= 0:
        return f"{int(shown):0{zeros.group().count('0')}d}"
    sign = ""
    if "%" in plain:
        shown, sign = shown * 100, "%"
    text = f"{shown:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return (text.replace(".", ",") if has_comma else text) + sign


def _moment(value: date | time, number_format: str) -> str:
    """A day, an hour, or both when the format shows both; to the next second."""
    if isinstance(value, time):
        return f"{value:%H:%M}" if not value.second else f"{value:%H:%M:%S}"
    if isinstance(value, datetime):
        value = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        if value.time() != time() and _HOURS.search(_QUOTED.sub("", number_format)):
            return f"{value:%H:%M} {value:%d/%m/%Y}"
    return f"{value:%d/%m/%Y}"
