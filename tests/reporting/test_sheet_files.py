"""Figures by Excel: the template, back again, every wrong cell named, nothing half stored."""

import base64
import io
import re
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from reporting import sheet_reading
from reporting.actions import requests, sheets
from reporting.arithmetic import Value
from tests import figure_world
from tests.assessments.browse import text
from tests.reporting.sheet_books import XLSX, fill, rows_of, template, upload


@pytest.fixture
def request_(cast):
    return figure_world.ask(cast)


@pytest.fixture
def sheet(cast, request_):
    return figure_world.sheet_of(request_, cast.school)


# Out


def test_the_template_is_protected_prefilled_and_checks_its_boxes(cast, sheet, sign_in):
    figure_world.enter(sheet, cast.focal, figure_world.numbers(100, 45, 50, wifi=1))
    book = template(sign_in(cast.focal), sheet.get_absolute_url())
    page, rows = book["Số liệu"], rows_of(book)
    assert page.protection.sheet
    pupils, share = rows[cast.school.code, "hs-tong"], rows[cast.school.code, "chu-ky-so"]
    assert page.cell(pupils, 6).value == 100
    assert (page.cell(share, 6).value, page.cell(share, 7).value) == (45, 50)
    assert page.cell(rows[cast.school.code, "wifi"], 6).value == "Có"
    assert not page.cell(pupils, 6).protection.locked
    assert page.cell(pupils, 7).protection.locked  # only a ratio has a second number
    assert page.cell(pupils, 5).protection.locked
    checks = page.data_validations.dataValidation
    assert {one.type for one in checks} == {"whole", "custom", "list"}
    by_box = {str(one.sqref): one for one in checks if one.type == "custom"}
    holds = f"OR(COUNT(F{share},G{share})<2,F{share}<=G{share})"
    assert holds in by_box[f"F{share}"].formula1
    assert holds in by_box[f"G{share}"].formula1
    girls = rows[cast.school.code, "hs-nu"]
    assert f"F{girls}<=F{pupils}" in by_box[f"F{girls}"].formula1
    assert by_box[f"F{girls}"].errorStyle == "stop"
    assert by_box[f"F{girls}"].error == "Học sinh nữ không được nhiều hơn tổng số."
    computers = rows[cast.school.code, "may-tinh"]
    assert by_box[f"F{computers}"].errorStyle == "warning"  # the form only warns there
    assert (cast.school.code, "thiet-bi|1|1") in rows
    assert "Số liệu đầu năm" in book["Hướng dẫn"]["A1"].value


def test_what_was_given_before_stands_beside_the_box(cast, request_, sign_in):
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    later = figure_world.ask(cast, request_.form, title="Sơ kết")
    book = template(
        sign_in(cast.focal), figure_world.sheet_of(later, cast.school).get_absolute_url()
    )
    number = rows_of(book)[cast.school.code, "chu-ky-so"]
    assert book["Số liệu"].cell(number, 9).value == "45 / 50 (90%)"


# Back


def test_a_filled_template_comes_back_into_the_draft(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_tong="1.234", hs_nu=600, chu_ky_so=(45, 50.0), wifi="không",
         mang="Viettel", y_kien="Thiếu máy", **{"thiet_bi--0--1": 3})  # fmt: skip
    page = text(client.post(f"{address}excel/", {"file": upload(book)}, follow=True))
    assert "Đã nhập 1 phiếu từ tệp" in page
    found = sheet_reading.draft_of(figure_world.sheet_of(sheet.request, cast.school))
    assert found["hs-tong"] == Value(Decimal(1234))
    assert found["chu-ky-so"] == Value(Decimal(45), Decimal(50))
    assert found["wifi"] == Value(Decimal(0))
    assert found["thiet-bi|0|1"] == Value(Decimal(3))
    assert sheet_reading.unconfirmed_of(figure_world.sheet_of(sheet.request, cast.school)) == set()


def test_a_number_of_a_cell_is_never_taken_for_a_thousand(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_tong=1.234)
    answer = client.post(f"{address}excel/", {"file": upload(book)})
    assert "Chỉ nhận số nguyên." in text(answer)


def test_every_wrong_cell_is_named_and_the_file_comes_back_marked(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_tong="nhiều", hs_nu=50, chu_ky_so=(60, 50), mang="FPT")
    rows = rows_of(book)
    answer = client.post(f"{address}excel/", {"file": upload(book)})
    assert answer.status_code == 422
    page = text(answer)
    assert "Tệp còn 3 chỗ sai; chưa ô nào được ghi" in page
    number = rows[cast.school.code, "hs-tong"]
    assert f"Dòng {number}: «Tổng số học sinh»: «nhiều» không phải là một số" in page
    sheet.refresh_from_db()
    assert sheet.draft == {}
    kept = base64.b64decode(re.search(r"base64,([^\"]+)\"", page)[1])
    marked = openpyxl.load_workbook(io.BytesIO(kept))["Số liệu"]
    assert "không phải là một số" in marked.cell(number, 10).value
    assert marked.cell(number, 6).value == "nhiều"
    assert str(marked.cell(rows[cast.school.code, "hs-nu"], 6).value) == "50"


def test_an_empty_box_erases_nothing(cast, sheet, sign_in):
    """An older copy of the template does not take away what was typed since."""
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    figure_world.enter(sheet, cast.focal, figure_world.numbers(100, 45, 50, wifi=1))
    fill(book, cast.school.code, hs_nu=40)
    client.post(f"{address}excel/", {"file": upload(book)})
    found = sheet_reading.draft_of(figure_world.sheet_of(sheet.request, cast.school))
    assert found["hs-nu"] == Value(Decimal(40))
    assert found["hs-tong"] == Value(Decimal(100))
    assert found["wifi"] == Value(Decimal(1))


def test_a_formula_hides_no_other_fault(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_tong="=1+1", hs_nu="nhiều")
    page = text(client.post(f"{address}excel/", {"file": upload(book)}))
    assert "chứa công thức" in page
    assert "«nhiều» không phải là một số" in page


def test_a_deleted_row_is_no_empty_one(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    rows = rows_of(book)
    book["Số liệu"].delete_rows(rows[cast.school.code, "hs-nu"])
    page = text(client.post(f"{address}excel/", {"file": upload(book)}))
    assert "tệp thiếu 1 dòng của mẫu («Học sinh nữ»); tải mẫu mới." in page


def test_a_row_nobody_asked_for_comes_back_marked(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    page = book["Số liệu"]
    number = page.max_row + 1
    page.cell(number, 1, cast.school.code)
    page.cell(number, 3, "ma-la")
    page.cell(number, 6, 5)
    said = text(client.post(f"{address}excel/", {"file": upload(book)}))
    assert "mã «ma-la» không có trong phiếu" in said
    kept = base64.b64decode(re.search(r"base64,([^\"]+)\"", said)[1])
    marked = openpyxl.load_workbook(io.BytesIO(kept))["Số liệu"]
    last = [cell.value for cell in marked[marked.max_row]]
    assert (last[2], str(last[5])) == ("ma-la", "5")
    assert "không có trong phiếu" in last[9]


def test_an_office_fills_in_for_its_schools_and_they_confirm(cast, request_, sign_in):
    client, address = sign_in(cast.specialist), request_.get_absolute_url()
    book = template(client, address)
    codes = {code for code, _ in rows_of(book)}
    assert codes == {cast.school.code, cast.sibling.code, cast.preschool.code}
    for code in (cast.school.code, cast.sibling.code):
        fill(book, code, hs_tong=100, chu_ky_so=(5, 10))
    page = text(client.post(f"{address}excel/", {"file": upload(book)}, follow=True))
    assert "Đã nhập 3 phiếu từ tệp" in page
    mine = figure_world.sheet_of(request_, cast.school)
    assert sheet_reading.draft_of(mine)["hs-tong"].number == 100
    assert mine.current is None
    assert "chưa xác nhận" in " ".join(one.sentence for one in sheet_reading.faults_of(mine))
    figure_world.enter(mine, cast.focal, {})
    sheets.hand_in(figure_world.sheet_of(request_, cast.school), by=cast.focal)


def test_nobody_uploads_for_the_neighbour(cast, request_, sheet, sign_in):
    own = template(sign_in(cast.specialist), request_.get_absolute_url())
    fill(own, cast.school.code, hs_tong=1)
    answer = sign_in(cast.stranger_specialist).post(
        f"{request_.get_absolute_url()}excel/", {"file": upload(own)}
    )
    assert f"đơn vị «{cast.school.code}» không có phiếu để bạn nhập" in text(answer)
    answer = sign_in(cast.sibling_focal).post(
        f"{figure_world.sheet_of(request_, cast.sibling).get_absolute_url()}excel/",
        {"file": upload(own)},
    )
    assert answer.status_code == 422
    sheet.refresh_from_db()
    assert sheet.draft == {}


def test_a_locked_request_takes_no_file(cast, request_, sheet, sign_in):
    book = template(sign_in(cast.focal), sheet.get_absolute_url())
    requests.lock(request_, at=timezone.now(), by=cast.officer)
    fill(book, cast.school.code, hs_tong=1)
    answer = sign_in(cast.focal).post(f"{sheet.get_absolute_url()}excel/", {"file": upload(book)})
    assert "Số liệu đã khóa từ" in text(answer)


# Hostile and wrong files: a sentence each


def formula() -> bytes:
    return _book({"F2": "=1+1"})


def _book(cells: dict, sheet: str = "Số liệu") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = sheet
    for place, heading in {"A1": "Mã đơn vị", "C1": "Mã", "F1": "Giá trị"}.items():
        book.active[place] = heading
    for place, value in ({"A2": "0101-001", "C2": "hs-tong", "F2": 1} | cells).items():
        book.active[place] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def merged() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(_book({"C3": "hs-nu", "A3": "0101-001"})))
    book.active.merge_cells("C2:C3")
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def long() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("Số liệu")
    page.append(["Mã đơn vị", "Đơn vị", "Mã", "Mục", "Số liệu", "Giá trị"])
    for _ in range(200_000):
        page.append(["0101-001", "", "hs-tong", "", "", 1])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 300_000_000)
    return target.getvalue()


HOSTILE = {
    "formula": (formula, "chứa công thức"),
    "wrong sheet": (lambda: _book({}, "Trang lạ"), "Không có trang «Số liệu»"),
    "merged": (merged, "mã «» không có trong phiếu"),
    "200,000 rows": (long, "có hơn 60.000 dòng"),
    "zip bomb": (bomb, "Tệp chứa quá nhiều dữ liệu"),
    "xls": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "không phải là Excel .xlsx"),
    "text": (lambda: b"hs-tong;5", "không phải là Excel .xlsx"),
    "text in a number": (lambda: _book({"F2": "năm"}), "«năm» không phải là một số"),
    "unknown key": (lambda: _book({"C2": "x" * 500}), "không có trong phiếu của đơn vị này"),
    "twice": (lambda: _book({"A3": "0101-001", "C3": "hs-tong", "F3": 2}), "đã có ở dòng trên"),
    "huge": (lambda: _book({"F2": 10**30}), "Số lớn nhất được nhận là"),
    "a day": (lambda: _book({"F2": date(2026, 1, 5)}), "không phải là một số"),
}


@pytest.mark.alike
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_wrong_workbook_gets_a_sentence(cast, sheet, sign_in, name):
    make, sentence = HOSTILE[name]
    file = SimpleUploadedFile("tep.xlsx", make(), XLSX)
    answer = sign_in(cast.focal).post(
        f"{sheet.get_absolute_url()}excel/", {"file": file}, follow=True
    )
    assert sentence in text(answer)
    sheet.refresh_from_db()
    assert sheet.draft == {}


def test_no_file_is_a_sentence(cast, sheet, sign_in):
    answer = sign_in(cast.focal).post(f"{sheet.get_absolute_url()}excel/", follow=True)
    assert "Chọn một tệp Excel" in text(answer)
