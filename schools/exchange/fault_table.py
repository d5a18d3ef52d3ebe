"""Every fault of an import as a workbook: the page shows the first ones only."""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell


def workbook(problems: Iterable[str]) -> bytes:
    """A row a fault: where it is, what it is. Text stays text, whatever it begins with."""
    book, out = Workbook(write_only=True), io.BytesIO()
    page = book.create_sheet("Lỗi")
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 30, 110
    page.append(["Chỗ sai", "Lỗi"])
    for problem in problems:
        where, _, sentence = problem.partition(": ")
        page.append([_text(page, where if sentence else ""), _text(page, sentence or where)])
    book.save(out)
    return out.getvalue()


def _text(page, content: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(page, content)
    cell.data_type = "s"
    return cell
