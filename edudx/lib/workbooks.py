"""Reading an uploaded workbook: bounded, without formulas, every fault with worksheet and row."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from openpyxl import Workbook, load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.worksheet._reader import ROW_TAG, WorkSheetParser
from openpyxl.xml.functions import iterparse

from . import cells, vietnamese
from .office_files import not_a_workbook
from .old_encodings import doubt
from .vietnamese import search_key

Line = dict[int, Any]  # the filled cells of a line by column, as openpyxl has them

MAX_UNPACKED = 200 * 1024**2
MAX_RATIO = 100  # honest worksheets pack ten to thirty times
MAX_ROWS = 60_000  # that say something; empty ones are passed over, formatted or not
MAX_COLUMNS = 60
LAST_ROW = 1_048_576  # of any worksheet of Excel


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
    check(file)
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


def check(file: BinaryIO) -> None:
    """WorkbookRefused for what would be too much when opened, and for what is no .xlsx."""
    entries = _entries(file)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > 2**20 and unpacked > packed * MAX_RATIO):
        raise WorkbookRefused("Tệp chứa quá nhiều dữ liệu khi mở ra; không nhận tệp này.")
    if fault := not_a_workbook(file):
        raise WorkbookRefused(fault)
    file.seek(0)


def _entries(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """None of what is no zip archive: `not_a_workbook` says what it is."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return []


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
    """Every row that says something, MAX_ROWS of them at most, wherever it stands."""
    if not hasattr(worksheet, "iter_rows"):
        raise WorkbookRefused(f"Trang «{worksheet.title}» không phải là bảng tính.")
    lines = _lines(worksheet)
    number, heading = next(lines, (1, {}))
    if number > 1:
        heading = {}
    places = _headings(worksheet.title, heading, columns, required)
    left = MAX_ROWS
    for number, line in lines:
        row = _row(worksheet.title, number, line, places, has_comma)
        if row is None:
            continue
        if not left or number > LAST_ROW:
            most = vietnamese.number(LAST_ROW if left else MAX_ROWS)
            raise WorkbookRefused(f"Trang «{worksheet.title}» có hơn {most} dòng.")
        left -= 1
        yield row


def _lines(worksheet: Any) -> Iterator[tuple[int, Line]]:
    """Number and cells of each row that has any: a million formatted ones are passed over.

    `iter_rows` would make every cell of those and keep what each row looks like.
    """
    book = worksheet.parent
    with worksheet._get_source() as source:
        parser = WorkSheetParser(
            source, worksheet._shared_strings, epoch=book.epoch,
            date_formats=book._date_formats, timedelta_formats=book._timedelta_formats,
        )  # fmt: skip
        for _, element in iterparse(source):
            if element.tag != ROW_TAG:
                continue
            if any(len(cell) for cell in element) or not element.get("r"):
                number, row = parser.parse_row(element)
                parser.row_dimensions.clear()
                yield (
                    number,
                    {
                        cell["column"]: ReadOnlyCell(worksheet, **cell)
                        for cell in row
                        if cell["column"] <= MAX_COLUMNS
                    },
                )
            element.clear()


def _row(
    title: str, number: int, line: Line, places: dict[str, int], has_comma: bool
) -> Row | None:
    """The row, unless nothing stands in it."""
    filled = {
        key: line[place]
        for key, place in places.items()
        if place in line and line[place].value is not None
    }
    found = (cells.fault_of(cell, has_comma=has_comma) for cell in filled.values())
    faults = tuple(filter(None, found))
    texts = {key: cells.text_of(cell, has_comma=has_comma) for key, cell in filled.items()}
    if not faults and not any(texts.values()):
        return None
    doubts = {key: said for key, cell in filled.items() if (said := doubt(str(cell.value)))}
    return Row(title, number, dict.fromkeys(places, "") | texts, faults, doubts)


def _headings(
    title: str, line: Line, columns: dict[str, str], required: set[str]
) -> dict[str, int]:
    found = {
        search_key(str(cell.value)): place for place, cell in line.items() if cell.value is not None
    }
    for cell in line.values():
        if fault := cells.fault_of(cell):
            raise WorkbookRefused(f"Trang «{title}», dòng 1: {fault}")
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
