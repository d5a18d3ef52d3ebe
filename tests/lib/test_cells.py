"""What stands in a cell is read as Excel shows it; what is no content is refused with its place."""

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from edudx.lib.vietnamese import decimal_from
from edudx.lib.workbooks import WorkbookRefused, rows


def page(*cells, number_format: str | None = None) -> io.BytesIO:
    """One column «Ô» with these cells below each other."""
    made, out = Workbook(), io.BytesIO()
    made.active.title = "Trang"
    made.active.append(["Ô"])
    for place, value in enumerate(cells, start=2):
        cell = made.active.cell(place, 1, value)
        if number_format:
            cell.number_format = number_format
    made.save(out)
    return out


def read(*cells, number_format: str | None = None, **options) -> list[str]:
    file = page(*cells, number_format=number_format)
    return [row.cells["o"] for row in rows(file, "Trang", {"o": "Ô"}, {"o"}, **options)]


def test_the_last_bits_of_a_number_are_not_there():
    found = read(879.00000000000011, 0.1 + 0.2, 1.1 * 3, 4.35 * 100, 1e-7, 123456789012345, -0.0)
    assert found == ["879", "0.3", "3.3", "435", "0.0000001", "123456789012345", "0"]


def test_a_figure_has_a_comma():
    assert read(0.1 + 0.2, 1.234, 1234, has_comma=True) == ["0,3", "1,234", "1234"]


@settings(max_examples=60, deadline=None)
@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 6), st.integers(-1, 1))
def test_any_number_is_what_was_typed_whatever_its_last_bits(digits, places, bits):
    """15 digits a person types come back, even a bit off, as sums of Excel are."""
    typed = Decimal(digits).scaleb(-places)
    off = float(typed) * (1 + bits * 2**-52)
    exact, noisy = read(float(typed), off, has_comma=True)
    assert decimal_from(exact) == decimal_from(noisy) == typed


@pytest.mark.parametrize(
    ("value", "number_format", "said"),
    [
        (0.5, "0%", "50%"),
        (0.785, "0.00%", "78.5%"),
        (0.1 + 0.2, "0%", "30%"),
        (0.5, '0"%"', "0.5"),  # a sign that is only painted there
        (0.5, "0.00", "0.5"),
        (3120001, "00000000", "03120001"),
        (912345678, "0000 000 000", "0912345678"),
        (12, "#,##0", "12"),
        (45, "0", "45"),
        (3120000001.0, "0.00E+00", "3120000001"),
        (time(17, 0), "hh:mm", "17:00"),
        (time(17, 0, 5), "hh:mm:ss", "17:00:05"),
        (timedelta(hours=26), "[h]:mm", "26:00"),
        (date(2020, 9, 5), "dd/mm/yyyy", "05/09/2020"),
        (datetime(2020, 9, 5, 17), "hh:mm dd/mm/yyyy", "17:00 05/09/2020"),
        (datetime(2020, 9, 5, 17), "dd/mm/yyyy", "05/09/2020"),  # an hour nobody sees
        (datetime(2020, 9, 5), "dd/mm/yyyy hh:mm", "05/09/2020"),
        (True, "General", "TRUE"),
        (False, "General", "FALSE"),
    ],
)
def test_a_cell_says_what_its_format_shows(value, number_format, said):
    assert read(value, number_format=number_format) == [said]


ERRORS = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!"]
NEWER = [
    "#SPILL!", "#CALC!", "#FIELD!", "#GETTING_DATA", "#BLOCKED!", "Err:502", "#n/a", " #REF! ",
    "\u200b#N/A", "#REF!\u2060", "_x000D_#N/A", "#DIV/0", "#ERROR!", "#CIRC!",
]  # fmt: skip


def test_an_error_for_a_heading_is_told():
    made, out = Workbook(), io.BytesIO()
    made.active.title = "Trang"
    made.active.append(["Ô", "#REF!"])
    made.save(out)
    with pytest.raises(WorkbookRefused, match="dòng 1: ô B1 chứa lỗi của Excel «#REF!»"):
        list(rows(out, "Trang", {"o": "Ô"}, {"o"}))


def test_every_faulty_cell_of_a_row_is_told_to_whoever_keeps_faults():
    made, out = Workbook(), io.BytesIO()
    made.active.title = "Trang"
    made.active.append(["Ô", "P"])
    made.active.append(["#N/A", "=1+1"])
    made.save(out)
    (row,) = rows(out, "Trang", {"o": "Ô", "p": "P"}, {"o"}, keeps_faults=True)
    assert [one[:6].strip() for one in row.faults] == ["ô A2 c", "ô B2 c"]
    assert row.cells == {"o": "", "p": ""}


@pytest.mark.parametrize("number", [10**15, 31200000010000001, 1e300, -(10**16)])
def test_a_code_longer_than_excel_keeps_is_refused(number):
    with pytest.raises(WorkbookRefused, match="ô A2 chứa số có hơn 15 chữ số"):
        read(number)
