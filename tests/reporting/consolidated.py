"""The consolidated report of the round in `conftest`: built, and its sheets read."""

from pathlib import Path

from reporting.files import catalogue
from reporting.files.orders import Order
from reporting.models.export_filters import ConsolidatedFilters

TOTAL = (6, 5, 4, 4, 1, 0, 3, 0, 3, 1, 1)  # of the whole: see conftest


def build(reported, unit, folder: Path, format_: str = "xlsx") -> Path:
    target = folder / f"report.{format_}"
    catalogue.write(
        Order(
            ConsolidatedFilters(reported.round.code), title="Tổng hợp", unit=unit, format=format_,
            target=target, asked_by=reported.cast.officer,
        )
    )  # fmt: skip
    return target


def rows_below(sheet, heading: str) -> list[list]:
    """The values under the row whose first cell is `heading`."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == heading)
    return rows[start + 1 :]
