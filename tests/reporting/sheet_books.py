"""The template of a sheet: fetched, filled in, sent back."""

import io

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def template(client, address: str) -> openpyxl.Workbook:
    answer = client.get(f"{address}mau.xlsx")
    assert answer["Content-Type"] == XLSX
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows_of(book) -> dict[tuple, int]:
    """(unit code, key) → its row."""
    page = book["Số liệu"]
    return {(page.cell(n, 1).value, page.cell(n, 3).value): n for n in range(2, page.max_row + 1)}


def fill(book, code: str, **cells) -> None:
    """value and, for a pair, the whole."""
    rows, page = rows_of(book), book["Số liệu"]
    for key, value in cells.items():
        number = rows[code, key.replace("_", "-").replace("--", "|")]
        pair = value if isinstance(value, tuple) else (value,)
        for place, one in enumerate(pair):
            page.cell(number, 6 + place).value = one


def upload(book) -> SimpleUploadedFile:
    target = io.BytesIO()
    book.save(target)
    return SimpleUploadedFile("so-lieu.xlsx", target.getvalue(), XLSX)
