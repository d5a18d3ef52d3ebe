"""The tables of a document as Excel sheets."""

import re
from contextlib import suppress
from decimal import Decimal

from edudx.lib.vietnamese import decimal_from
from reporting.documents import paper
from reporting.documents.table import Column, Table, TotalRow

NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\']")  # of a sheet


def tables(found: paper.Paper, header: list[str]) -> list[Table]:
    """A sheet each, their numbers as numbers."""
    made = []
    for place, grid in enumerate(found.grids(), start=1):
        rest = [""] * (len(grid.columns) - 1)  # behind the one cell of a heading
        cells = [
            tuple(_typed(text, column) for text, column in zip(row, grid.columns, strict=True))
            for row in ([*row, *rest][: len(grid.columns)] for row in grid.rows)
        ]
        columns = [_column(one, [row[n] for row in cells]) for n, one in enumerate(grid.columns)]
        first = len(cells) - grid.totals
        rows = [*cells[:first], *(TotalRow(one) for one in cells[first:])]
        above = [*header, grid.title] if grid.title else header
        name = NOT_IN_NAMES.sub(" ", f"{place}. {grid.title or 'Bảng'}")[:31]
        made.append(Table(name, columns, rows, above))
    return made or [Table("Văn bản", [Column(found.title, 60)], [], header)]


def _typed(text: str, column: paper.Column) -> Decimal | str:
    """«1.234,5» of a column of numbers as a number; «45 / 50» stays as it is printed."""
    if column.is_number and not column.is_code:
        with suppress(ValueError):
            return decimal_from(text)
    return text


def _column(one: paper.Column, cells: list) -> Column:
    numbers = [cell for cell in cells if isinstance(cell, Decimal)]
    whole = all(cell == cell.to_integral_value() for cell in numbers)
    kind = ("integer" if whole else "number") if numbers else "text"
    return Column(one.title, max(12, one.width // 2 or 70), kind, one.band)
