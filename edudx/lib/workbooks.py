"""Reading an uploaded workbook: bounded, without formulas, every fault with worksheet and row."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook

from . import vietnamese
from .old_encodings import doubt
from .text import from_cell
from .vietnamese import search_key

Line = tuple[Any, ...]  # the cells of a line, as openpyxl has them

MAX_UNPACKED = 200 * 1024**2
MAX_RATIO = 100  # honest worksheets pack ten to thirty times
MAX_ROWS = 60_000
MAX_COLUMNS = 60


class WorkbookRefused(ValueError):
    """A file that cannot be read as asked. Its text is a sentence for the person who sent it."""


@dataclass(frozen=True)
class Row:
    """One row below the heading: `cells` by column key, all of them text; `faults` of its cells.

    `doubts` say, by column key, that a text seems to be in an old encoding.
    """

    worksheet: str
    number: int
    cells: dict[str, str]
    faults: tuple[str, ...] = ()
    doubts: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> str:
        return f"Trang «{self.worksheet}», dòng {self.number}"


def rows(
    file: BinaryIO, worksheet: str, columns: dict[str, str], required: set[str], *,
    has_comma: bool = False, keeps_faults: bool = False,
) -> Iterator[Row]:  # fmt: skip
    """Rows of one worksheet. `columns` maps keys to headings; those `required` must be there.

    With `has_comma` a number 1.234 of a cell is the text «1,234», so that nobody takes it for a
    thousand. With `keeps_faults` a cell that cannot be read empties itself and says so in its row;
    without, it ends the reading. Raises WorkbookRefused for what is no workbook, too large, or
    lacks the worksheet or a heading.
    """
    _weigh(file)
    try:
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as fault:  # openpyxl has a dozen kinds of complaint about rubbish
        raise WorkbookRefused(
            "Không mở được tệp: không phải là tệp Excel .xlsx còn tốt."
        ) from fault
    try:
        for row in _read(_worksheet(book, worksheet), columns, required, has_comma):
            if row.faults and not keeps_faults:
                raise WorkbookRefused(f"{row.where}: {row.faults[0]}")
            yield row
    except WorkbookRefused:
        raise
    except Exception as fault:  # worksheets are parsed while they are read: the same dozen
        raise WorkbookRefused(
            f"Không đọc được trang «{worksheet}»: tệp hỏng hoặc tải lên dở dang."
        ) from fault
    finally:
        book.close()


def _weigh(file: BinaryIO) -> None:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as fault:
        raise WorkbookRefused(
            "Tệp không phải là Excel .xlsx. Nếu là .xls, hãy mở và lưu lại thành .xlsx."
        ) from fault
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 2**20 and unpacked > packed * MAX_RATIO):
        raise WorkbookRefused("Tệp chứa quá nhiều dữ liệu khi mở ra; không nhận tệp này.")
    file.seek(0)


def _worksheet(book: Workbook, name: str) -> Any:
    wanted = search_key(name)
    for title in book.sheetnames:
        if search_key(title) == wanted:
            return book[title]
    raise WorkbookRefused(
        f"Không có trang «{name}». Tệp có các trang: {', '.join(book.sheetnames[:10])}."
    )


def _read(
    worksheet: Any, columns: dict[str, str], required: set[str], has_comma: bool
) -> Iterator[Row]:
    if not hasattr(worksheet, "iter_rows"):
        raise WorkbookRefused(f"Trang «{worksheet.title}» không phải là bảng tính.")
    lines = worksheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS)
    places = _headings(worksheet.title, next(lines, ()), columns, required)
    for number, line in enumerate(lines, start=2):
        if number > MAX_ROWS + 1:
            most = vietnamese.number(MAX_ROWS)
            raise WorkbookRefused(f"Trang «{worksheet.title}» có hơn {most} dòng.")
        yield from _row(worksheet.title, number, line, places, has_comma)


def _row(
    title: str, number: int, line: Line, places: dict[str, int], has_comma: bool
) -> Iterator[Row]:
    """The row, unless nothing stands in it."""
    cells, faults, doubts = {}, [], {}
    for key, place in places.items():
        cell = line[place] if place < len(line) else None
        cells[key] = "" if cell is None else _text(cell, has_comma)
        if cells[key] and (said := doubt(str(cell.value))):
            doubts[key] = said
        if cell is not None and cell.data_type == "f":
            faults.append(f"ô {cell.coordinate} chứa công thức. Hãy sao chép và dán thành giá trị.")
    if any(cells.values()) or faults:
        yield Row(title, number, cells, tuple(faults), doubts)


def _headings(
    title: str, line: Line, columns: dict[str, str], required: set[str]
) -> dict[str, int]:
    found = {
        search_key(str(cell.value)): place
        for place, cell in enumerate(line)
        if cell.value is not None
    }
    places = {
        key: found[search_key(heading)]
        for key, heading in columns.items()
        if search_key(heading) in found
    }
    missing = [columns[key] for key in columns if key in required and key not in places]
    if missing:
        raise WorkbookRefused(
            f"Trang «{title}», dòng 1: thiếu cột {', '.join(f'«{name}»' for name in missing)}."
        )
    return places


def _text(cell: Any, has_comma: bool) -> str:
    """What stands in the cell; nothing of a formula."""
    value = cell.value
    if value is None or cell.data_type == "f":
        return ""
    if isinstance(value, datetime | date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if has_comma and isinstance(value, float):
        return f"{value:.10f}".rstrip("0").replace(".", ",")
    return from_cell(str(value))
