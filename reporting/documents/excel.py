"""The only place that writes Excel: constant memory, text that stays text, prints on A4."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import IO

import xlsxwriter
from django.utils import timezone

from edudx.lib.text import writable
from reporting.documents.charts import FILLS, INKS, STROKES
from reporting.documents.table import BarChart, Table, TotalRow

FONT = {"font_name": "Times New Roman", "font_size": 11, "valign": "top"}
WIDEST_PRINT = 24  # columns that still can be read on one A4 page
NUMBER_FORMATS = {
    "number": "#,##0.00",
    "integer": "#,##0",
    "moment": "hh:mm dd/mm/yyyy",
    "day": "dd/mm/yyyy",
}


class _Styles:
    """The formats of one workbook, made once each."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.title = book.add_format({**FONT, "bold": True, "font_size": 13})
        self.line = book.add_format(FONT)
        self.head = book.add_format(
            {**FONT, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter",
             "border": 1, "bg_color": "#E8EEF0"}
        )  # fmt: skip
        self.cells = {
            (kind, bold): book.add_format(self._cell(kind, bold))
            for kind in ("text", *NUMBER_FORMATS)
            for bold in (False, True)
        }

    @staticmethod
    def _cell(kind: str, bold: bool) -> dict:
        look = {**FONT, "border": 1, "bold": bold}
        if kind in NUMBER_FORMATS:
            look["num_format"] = NUMBER_FORMATS[kind]
        return look


def write(tables: Sequence[Table], target: Path, *, title: str, author: str) -> None:
    """The tables as worksheets, in order; rows are streamed. OSError when there is no place."""
    with target.open("wb") as file:
        _write_book(file, tables, title, author)


def _write_book(file: IO[bytes], tables: Sequence[Table], title: str, author: str) -> None:
    book = xlsxwriter.Workbook(
        file,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": NUMBER_FORMATS["day"],
        },
    )
    book.set_properties({"title": writable(title), "author": writable(author)})
    styles = _Styles(book)
    try:
        for table in tables:
            worksheet = book.add_worksheet(writable(table.name)[:31])
            first, last = _write_worksheet(worksheet, table, styles)
            if table.chart and last > first:
                _add_chart(book, worksheet, table, first, last)
    finally:
        book.close()


def _add_chart(book, worksheet, table: Table, first: int, last: int) -> None:
    """Of the rows first … last - 1, a total excepted; readable in grey print."""
    spec: BarChart = table.chart
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    name = worksheet.get_name()
    for place, column in enumerate(spec.values):
        shade = round(place * 2 / max(len(spec.values) - 1, 1)) if len(spec.values) > 1 else 1
        shade = 2 - shade if spec.is_falling else shade
        chart.add_series({
            "name": writable(table.columns[column].title),
            "categories": [name, first, 0, last - 1, 0],
            "values": [name, first, column, last - 1, column],
            "fill": {"color": FILLS[shade]}, "border": {"color": STROKES[shade]},
            "data_labels": {"value": True, "font": {"color": INKS[shade]}}, "gap": 60,
        })  # fmt: skip
    chart.set_title({"name": writable(spec.title), "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": max(300, 26 * (last - first) + 140)})
    worksheet.insert_chart(first, len(table.columns) + 1, chart)


def _write_worksheet(worksheet, table: Table, styles: _Styles) -> tuple[int, int]:
    """The first row of its content and the one after the last that is no total."""
    for place, column in enumerate(table.columns):
        worksheet.set_column(place, place, column.width)
    for number, line in enumerate(table.above):
        worksheet.write_string(
            number, 0, writable(line), styles.title if number == 0 else styles.line
        )
    first = len(table.above)
    head = _write_head(worksheet, table, first, styles)
    worksheet.freeze_panes(head + 1, table.frozen_columns)
    worksheet.repeat_rows(first, head)
    worksheet.set_landscape()
    worksheet.set_paper(9)  # A4
    if len(table.columns) <= WIDEST_PRINT:
        worksheet.fit_to_pages(1, 0)
    elif table.frozen_columns:
        worksheet.repeat_columns(0, table.frozen_columns - 1)
    worksheet.set_margins(left=0.5, right=0.5, top=0.7, bottom=0.7)
    worksheet.set_footer("&L&A&RTrang &P/&N")
    last, totals = _write_rows(worksheet, table, head + 1, styles)
    if last > head + 1:
        worksheet.autofilter(head, 0, last - 1, len(table.columns) - 1)
    return head + 1, last - totals


def _write_head(worksheet, table: Table, first: int, styles: _Styles) -> int:
    """One heading row, or two where columns stand under bands; returns the last one."""
    row = first
    if any(column.band for column in table.columns):
        _write_bands(worksheet, table, row, styles)
        row += 1
    worksheet.set_row(row, 48)
    for place, column in enumerate(table.columns):
        worksheet.write_string(row, place, writable(column.title), styles.head)
    return row


def _write_bands(worksheet, table: Table, row: int, styles: _Styles) -> None:
    """A heading over each run of columns of one band, merged over them."""
    for band, run in groupby(enumerate(table.columns), key=lambda one: one[1].band):
        band, places = writable(band), [place for place, _ in run]
        if band and len(places) > 1:
            worksheet.merge_range(row, places[0], row, places[-1], band, styles.head)
        else:
            for place in places:
                worksheet.write_string(row, place, band, styles.head)


def _write_rows(worksheet, table: Table, row: int, styles: _Styles) -> tuple[int, int]:
    """The row after the last, and how many of them are totals."""
    kinds = [column.kind for column in table.columns]
    plain = [styles.cells[kind, False] for kind in kinds]
    bold = [styles.cells[kind, True] for kind in kinds]
    whole = [styles.cells["integer", bold] for bold in (False, True)]
    totals = 0
    for cells in table.rows:
        looks = bold if isinstance(cells, TotalRow) else plain
        totals += isinstance(cells, TotalRow)
        for place, value in enumerate(cells):
            look = looks[place]
            if kinds[place] == "number" and isinstance(value, Decimal) and value % 1 == 0:
                look = whole[isinstance(cells, TotalRow)]  # 346 pupils are not 346,00
            _write_cell(worksheet, row, place, value, kinds[place], look)
        row += 1
    return row, totals


def _write_cell(worksheet, row: int, place: int, value, kind: str, look) -> None:
    """Numbers as numbers, text always as text, whatever it begins with."""
    if value is None or value == "":
        worksheet.write_blank(row, place, None, look)
    elif kind == "text" or isinstance(value, str):
        worksheet.write_string(row, place, writable(str(value))[:32000], look)
    elif isinstance(value, datetime):
        worksheet.write_datetime(row, place, timezone.localtime(value).replace(tzinfo=None), look)
    elif isinstance(value, date):
        worksheet.write_datetime(row, place, value, look)
    else:
        worksheet.write_number(row, place, value, look)
