"""What the cells of a filled template say: figures as Excel shows them, shares, errors."""

from decimal import Decimal

import openpyxl
import pytest

from reporting import sheet_reading
from reporting.arithmetic import Value
from tests import figure_world
from tests.assessments.browse import text
from tests.reporting.sheet_books import fill, rows_of, template, upload


@pytest.fixture
def sheet(cast):
    return figure_world.sheet_of(figure_world.ask(cast), cast.school)


def test_the_last_bits_of_a_number_are_not_read(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_tong=879.00000000000011, chu_ky_so=(45.00000000000001, 50))
    client.post(f"{address}excel/", {"file": upload(book)})
    found = sheet_reading.draft_of(figure_world.sheet_of(sheet.request, cast.school))
    assert found["hs-tong"] == Value(Decimal(879))
    assert found["chu-ky-so"] == Value(Decimal(45), Decimal(50))


def test_a_formatted_row_far_below_is_no_row(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_tong=912)
    book["Số liệu"].row_dimensions[1_048_576].height = 15
    book["Số liệu"].cell(1_048_576, 1).font = openpyxl.styles.Font(bold=True)
    page = text(client.post(f"{address}excel/", {"file": upload(book)}, follow=True))
    assert "Đã nhập 1 phiếu từ tệp" in page


@pytest.mark.parametrize(
    ("cells", "number_format", "sentence"),
    [
        ({"hs_tong": 0.5}, "0%", "«Tổng số học sinh»: «50%» là tỉ lệ phần trăm"),
        ({"hs_tong": "50%"}, None, "«Tổng số học sinh»: «50%» là tỉ lệ phần trăm"),
        ({"hs_tong": 0.5}, None, "«Tổng số học sinh»: Chỉ nhận số nguyên."),
        ({"thiet_bi--0--1": 0.5}, "0%", "«50%» là tỉ lệ phần trăm"),
        ({"chu_ky_so": (0.99, 1)}, None, "«Giáo viên có chữ ký số»: Chỉ nhận số nguyên."),
        ({"chu_ky_so": (0.99, 1)}, "0%", "«99%» là tỉ lệ phần trăm"),
        ({"chu_ky_so": (45, 50.5)}, None, "«Giáo viên có chữ ký số»: Chỉ nhận số nguyên."),
    ],
)  # fmt: skip
def test_a_share_is_no_count(cast, sheet, sign_in, cells, number_format, sentence):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, **cells)
    for line in book["Số liệu"].iter_rows(min_row=2, min_col=6, max_col=7):
        for cell in line:
            if number_format and cell.value is not None:
                cell.number_format = number_format
    answer = client.post(f"{address}excel/", {"file": upload(book)})
    assert answer.status_code == 422
    assert sentence in text(answer)
    sheet.refresh_from_db()
    assert sheet.draft == {}


def test_a_ratio_with_a_measure_is_measured_not_counted(cast, sign_in):
    form = figure_world.form(cast.officer, figure_world.FORM.replace(
        "{item: chu-ky-so, title: Giáo viên có chữ ký số, kind: ratio,",
        "{item: gio-day, title: Giờ dạy trực tuyến, kind: ratio, measure: giờ,",
    ))  # fmt: skip
    sheet = figure_world.sheet_of(figure_world.ask(cast, form), cast.school)
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, gio_day=(12.5, 40))
    client.post(f"{address}excel/", {"file": upload(book)})
    found = sheet_reading.draft_of(figure_world.sheet_of(sheet.request, cast.school))
    assert found["gio-day"] == Value(Decimal("12.5"), Decimal(40))
    book = template(client, address)
    fill(book, cast.school.code, gio_day=(0.9, 1))
    said = text(client.post(f"{address}excel/", {"file": upload(book)}))
    assert "Ghi hai số đếm được, ví dụ 45 và 50, không ghi tỉ lệ như 0,9 và 1." in said


def test_a_figure_in_percent_takes_the_sign(cast, sign_in):
    form = figure_world.form(cast.officer, figure_world.FORM.replace(
        "{item: hs-nu, title: Học sinh nữ, kind: integer,",
        '{item: hs-nu, title: Tỉ lệ chuyên cần, kind: decimal, measure: "%",',
    ))  # fmt: skip
    sheet = figure_world.sheet_of(figure_world.ask(cast, form), cast.school)
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_nu=0.985)
    number = rows_of(book)[cast.school.code, "hs-nu"]
    book["Số liệu"].cell(number, 6).number_format = "0.0%"
    client.post(f"{address}excel/", {"file": upload(book)})
    found = sheet_reading.draft_of(figure_world.sheet_of(sheet.request, cast.school))
    assert found["hs-nu"] == Value(Decimal("98.5"))


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#SPILL!"])
@pytest.mark.parametrize(("key", "place"), [("hs-tong", 6), ("y-kien", 6), ("hs-nu", 8)])
def test_an_error_of_excel_is_refused_with_its_cell(cast, sheet, sign_in, error, key, place):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    number = rows_of(book)[cast.school.code, key]
    cell = book["Số liệu"].cell(number, place)
    cell.value = error
    said = text(client.post(f"{address}excel/", {"file": upload(book)}))
    assert f"Dòng {number}: ô {cell.coordinate} chứa lỗi của Excel «{error}»" in said
    sheet.refresh_from_db()
    assert sheet.draft == {}
