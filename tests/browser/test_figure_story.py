"""Figures by clicking: a form, a request, entry, the closing of the office, the workbook."""

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests import clock
from tests.browser.conftest import assert_accessible, download, follow
from tests.plan_world import in_days

TITLE, SCHOOL, OFFICE = "Rà soát máy tính", "TH&THCS Tân Thành", "Phòng GDĐT Dương Kinh"
FORM = """
form: {code: ra-soat, title: Biểu mẫu rà soát}
sections:
  - code: I
    title: Máy tính
    fields:
      - {item: may-dang-dung, title: Máy tính đang dùng, kind: integer, measure: máy}
      - {item: may-co-mang, title: Máy có kết nối mạng, kind: ratio, part: Số máy có mạng, whole: Tổng số máy}
      - {item: phong-may, title: Có phòng máy riêng, kind: yes_no}
"""  # noqa: E501


def test_figures_go_from_the_school_to_the_department(visit, tmp_path):
    form = tmp_path / "bieu-mau.yaml"
    form.write_text(FORM, encoding="utf-8")
    officer = visit("so")
    department_asks(officer, form)
    school = visit("dau-moi", width=360)
    two_windows_of_one_section(school, visit("dau-moi"))
    school_enters(school)
    office_closes(visit("chuyen-vien"))
    head_approves(visit("truong-phong"))
    department_downloads(officer, tmp_path)
    school_corrects(school)
    open_request(officer)
    expect(officer.get_by_text("Cần chốt lại")).to_be_visible()


def department_asks(page: Page, form) -> None:
    page.goto("/bao-cao/so-lieu/bieu-mau/")
    assert_accessible(page)
    page.get_by_text("Nhập biểu mẫu từ tệp").click()
    page.get_by_label("Tệp YAML hoặc Excel").set_input_files(form)
    follow(page.get_by_role("button", name="Nhập"))
    follow(page.get_by_role("button", name="Ban hành"))
    assert_accessible(page)
    page.goto("/bao-cao/so-lieu/")
    assert_accessible(page)
    follow(page.get_by_role("link", name="Yêu cầu số liệu"))
    assert_accessible(page)
    page.get_by_label("Biểu mẫu").select_option(label="Biểu mẫu rà soát (phiên bản 1)")
    page.get_by_label("Tên yêu cầu").fill(TITLE)
    page.get_by_role("textbox", name="Kỳ").fill(clock.period())
    page.get_by_label("Hạn của trường").fill(in_days(3))
    page.get_by_label("Giao cho").select_option(label="Danh sách trường chọn riêng")
    page.get_by_label("Các đơn vị chọn riêng").select_option(label=SCHOOL)
    follow(page.get_by_role("button", name="Gửi yêu cầu"))
    expect(page.get_by_text("Đã gửi yêu cầu số liệu")).to_be_visible()
    assert_accessible(page)


def two_windows_of_one_section(first: Page, second: Page) -> None:
    """Whoever comes second may take what the first has saved."""
    for page in (first, second):
        open_sheet(page)
    first.get_by_label("Máy tính đang dùng", exact=True).fill("27")
    expect(first.get_by_text("Đã lưu").first).to_be_visible()
    second.get_by_label("Máy tính đang dùng", exact=True).fill("26")
    follow(second.get_by_role("link", name="Lấy số đã lưu"))
    expect(second.get_by_text("Người khác vừa lưu mục này")).to_have_count(0)
    expect(second.get_by_label("Máy tính đang dùng", exact=True)).to_have_value("27")


def school_enters(page: Page) -> None:
    """Saved while typing; what is missing is said; then handed in."""
    open_sheet(page)
    page.get_by_label("Máy tính đang dùng", exact=True).fill("28")
    page.get_by_label("Số máy có mạng").fill("30")
    page.get_by_label("Tổng số máy").fill("28")
    expect(page.get_by_text("Không được lớn hơn «tổng số máy».")).to_be_visible()
    page.get_by_label("Số máy có mạng").fill("21")
    page.get_by_label("Có phòng máy riêng", exact=True).select_option(label="Có")
    expect(page.get_by_text("Đã đủ; có thể kiểm tra và nộp.")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Số máy có mạng")).to_have_value("21")
    follow(page.get_by_role("link", name="Kiểm tra và nộp"))
    expect(page.get_by_text("21 / 28 (75%)")).to_be_visible()
    assert_accessible(page)
    follow(page.get_by_role("button", name="Nộp cho"))
    expect(page.get_by_text("Đã nộp số liệu cho")).to_be_visible()


def open_sheet(page: Page) -> None:
    page.goto("/bao-cao/so-lieu/")
    assert_accessible(page)
    follow(page.get_by_role("listitem").filter(has_text=TITLE).get_by_role("link"))
    assert_accessible(page)


def open_request(page: Page) -> None:
    page.goto("/bao-cao/so-lieu/")
    follow(page.get_by_role("link", name=TITLE))


def office_closes(page: Page) -> None:
    open_request(page)
    assert_accessible(page)
    follow(page.get_by_role("link", name="75% (21 / 28)"))
    assert_accessible(page)
    page.go_back()
    follow(page.get_by_role("link", name=OFFICE).first)
    assert_accessible(page)
    follow(page.get_by_role("button", name="Chốt số liệu"))
    expect(page.get_by_text("Đang chờ lãnh đạo duyệt.")).to_be_visible()


def head_approves(page: Page) -> None:
    open_request(page)
    follow(page.get_by_role("link", name=OFFICE).first)
    follow(page.get_by_role("button", name="Duyệt và báo cáo"))
    expect(page.get_by_text("Đã duyệt").first).to_be_visible()
    follow(page.get_by_role("link", name="Lần 1"))
    expect(page.get_by_text("SHA-256")).to_be_visible()
    assert_accessible(page)


def department_downloads(page: Page, folder) -> None:
    open_request(page)
    book = load_workbook(download(page, "Excel", folder / "so-lieu.xlsx"))
    rows = [row for row in book["Tổng hợp"].values if row[1] == "Máy có kết nối mạng"]
    assert [row[4:7] for row in rows] == [(75, 1, 1)]


def school_corrects(page: Page) -> None:
    page.goto("/bao-cao/so-lieu/")
    follow(page.get_by_role("listitem").filter(has_text=TITLE).get_by_role("link"))
    page.get_by_label("Máy tính đang dùng", exact=True).fill("27")
    expect(page.get_by_text("Đã lưu").first).to_be_visible()
    follow(page.get_by_role("link", name="Kiểm tra và nộp"))
    page.get_by_label("Lý do điều chỉnh").fill("Một máy đã thanh lý")
    follow(page.get_by_role("button", name="Nộp số điều chỉnh"))
    expect(page.get_by_text("Lý do điều chỉnh: Một máy đã thanh lý")).to_be_visible()
