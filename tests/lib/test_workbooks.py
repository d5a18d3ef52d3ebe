"""Somebody uploads a workbook: read as text, and every kind of rubbish gets a sentence."""

import io
import tracemalloc
import zipfile
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from edudx.lib.workbooks import WorkbookRefused, rows
from tests.schools import files

COLUMNS = {"code": "Mã", "name": "Tên", "day": "Ngày"}


def book(*lines, title="Đơn vị", headings=("Mã", "Tên", "Ngày"), change=None) -> io.BytesIO:
    made, out = Workbook(), io.BytesIO()
    page = made.active
    page.title = title
    for line in (headings, *lines):
        page.append(line)
    if change:
        change(page)
    made.save(out)
    return out


def read(file) -> list:
    return list(rows(file, "Đơn vị", COLUMNS, {"code", "name"}))


def refusal(file) -> str:
    with pytest.raises(WorkbookRefused) as caught:
        read(file)
    return str(caught.value)


def test_every_cell_comes_as_text_as_people_would_write_it():
    (row,) = read(book([101, "  Ha\u0300 No\u0323\u0302i ", date(2025, 9, 5)]))
    assert row.cells == {"code": "101", "name": "Hà Nội", "day": "05/09/2025"}
    assert row.where == "Trang «Đơn vị», dòng 2"


def test_numbers_keep_no_tail_and_empty_lines_are_passed_over():
    lines = read(book([7.0, 7.5, None], [None, None, None], ["x", "y", None]))
    assert [row.cells["code"] for row in lines] == ["7", "x"]
    assert lines[0].cells["name"] == "7.5"
    assert lines[1].number == 4


def test_sheet_and_headings_are_found_without_marks_and_in_any_order():
    (row,) = read(book(["Sở", "01"], title="DON VI", headings=("ten", "MÃ")))
    assert row.cells == {"code": "01", "name": "Sở"}


@pytest.mark.parametrize(
    "content",
    [b"", b"khong phai excel", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(2000), b"%PDF-1.7\n"],
    ids=["empty", "text", "xls", "pdf"],
)
def test_what_is_no_xlsx_is_told_so(content):
    assert refusal(io.BytesIO(content)).startswith("Tệp không phải là Excel .xlsx.")


def test_a_truncated_workbook():
    whole = book(["01", "Sở", None]).getvalue()
    assert refusal(io.BytesIO(whole[: len(whole) // 2])).startswith("Tệp không phải là Excel")


def test_a_workbook_whose_sheet_is_broken():
    good = book(["01", "Sở", None])
    with zipfile.ZipFile(good) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    broken = files.with_part(good, "xl/worksheets/sheet1.xml", sheet[:-60])
    assert refusal(broken) == "Không đọc được trang «Đơn vị»: tệp hỏng hoặc tải lên dở dang."


def test_a_workbook_with_entities_that_blow_up():
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    bad = files.with_part(book(["01", "Sở", None]), "xl/worksheets/sheet1.xml", laughs)
    assert refusal(bad) == "Không mở được tệp: không phải là tệp Excel .xlsx còn tốt."


def test_a_missing_sheet_names_those_there_are():
    said = refusal(book(title="Trang tính1"))
    assert said == "Không có trang «Đơn vị». Tệp có các trang: Trang tính1."


def test_a_missing_column_is_named():
    assert refusal(book(headings=("Mã", "Ngày"))) == "Trang «Đơn vị», dòng 1: thiếu cột «Tên»."


def test_an_empty_workbook_lacks_its_columns():
    out = io.BytesIO()
    made = Workbook()
    made.active.title = "Đơn vị"
    made.save(out)
    assert refusal(out) == "Trang «Đơn vị», dòng 1: thiếu cột «Mã», «Tên»."


def test_a_formula_is_refused_with_its_cell():
    said = refusal(book(["01", "Sở", None], ["02", '=A2&"x"', None]))
    assert said.startswith("Trang «Đơn vị», dòng 3: ô B3 chứa công thức.")


def test_merged_cells_hold_their_value_once():
    def merge(page):
        page.merge_cells("B2:B3")

    lines = read(book(["01", "A", None], ["02", "B", None], change=merge))
    assert [row.cells["name"] for row in lines] == ["A", ""]


def test_too_many_rows():
    made, out = Workbook(write_only=True), io.BytesIO()
    page = made.create_sheet("Đơn vị")
    page.append(["Mã", "Tên"])
    for number in range(70_000):
        page.append([number, "x"])
    made.save(out)
    assert refusal(out) == "Trang «Đơn vị» có hơn 60.000 dòng."


def test_a_sheet_with_one_cell_in_the_last_corner():
    def far(page):
        page["XFD1048576"] = "x"

    (row,) = read(book(["01", "Sở", None], change=far))
    assert row.number == 2


def test_a_row_at_the_very_end_counts_as_one():
    def far(page):
        page["A1048576"] = "02"

    found = read(book(["01", "Sở", None], change=far))
    assert [(row.number, row.cells["code"]) for row in found] == [(2, "01"), (1_048_576, "02")]


def test_a_million_formatted_rows_are_passed_over_in_little_memory():
    heads = "".join(
        f'<c r="{column}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for column, name in (("A", "Mã"), ("B", "Tên"))
    )
    empty = "".join(f'<row r="{number}" ht="15" customHeight="1"/>' for number in range(2, 300_000))
    last = '<row r="300000"><c r="A300000"><v>7</v></c></row>'
    page = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="A1:XFD1048576"/><sheetData><row r="1">{heads}</row>{empty}{last}'
        "</sheetData></worksheet>"
    )
    file = files.with_part(book(), "xl/worksheets/sheet1.xml", page.encode())
    tracemalloc.start()
    (row,) = read(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (row.number, row.cells["code"]) == (300_000, "7")
    assert most < 80 * 1024**2


def test_a_row_beyond_all_worksheets_does_not_keep_anybody_waiting():
    page = (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Mã</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Tên</t></is></c></row>'
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row></sheetData></worksheet>'
    )
    file = files.with_part(book(), "xl/worksheets/sheet1.xml", page.encode())
    assert refusal(file) == "Trang «Đơn vị» có hơn 1.048.576 dòng."


def test_a_bomb_is_weighed_before_it_is_opened():
    file = files.bomb(book(["01", "Sở", None]), megabytes=201)
    assert len(file.getvalue()) < 1024**2
    assert refusal(file) == "Tệp chứa quá nhiều dữ liệu khi mở ra; không nhận tệp này."


WHOLE = book(["01", "Sở", date(2025, 1, 1)]).getvalue()


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.binary(min_size=1, max_size=12))
def test_damage_anywhere_is_read_or_refused_but_never_a_crash(place, noise):
    spoilt = WHOLE[:place] + noise + WHOLE[place + len(noise) :]
    try:
        read(io.BytesIO(spoilt))
        said = "Trang nguyên vẹn"
    except WorkbookRefused as refused:
        said = str(refused)
    assert said.startswith(("Tệp ", "Không ", "Trang "))
