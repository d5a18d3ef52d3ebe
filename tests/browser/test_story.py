"""The main job, by clicking: a school assesses itself, the office certifies, the Sở downloads."""

from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import assert_accessible, download, follow
from tests.make import pdf_bytes

SCHOOL = "TH&THCS Tân Thành"


def test_the_whole_story(visit, tmp_path):
    proof = tmp_path / "Biên bản họp.pdf"
    proof.write_bytes(pdf_bytes())
    focal_point_fills_in(visit("dau-moi"), proof)
    head_submits(visit("hieu-truong"))
    specialist_returns_one(visit("chuyen-vien"))
    focal_point_completes(visit("dau-moi"))
    head_submits(visit("hieu-truong"))
    specialist_finishes(visit("chuyen-vien"))
    office_head_certifies(visit("truong-phong"), tmp_path)
    officer_publishes_and_downloads(visit("so"), tmp_path)
    anyone_finds_the_school(visit())


def focal_point_fills_in(page: Page, proof) -> None:
    """Takes over last year, looks at each, changes a score, proves it, passes it to the head."""
    assert_accessible(page)
    page.get_by_role("link", name="Làm tiếp").click()
    follow(page.get_by_role("button", name="Lấy lại kết quả năm trước"))
    assert_accessible(page)
    for code in codes_in_state(page, "Chưa rà soát lại"):
        open_criterion(page, code)
        page.locator(f"[id='c-{code}']").get_by_role("button", name="Vẫn đúng").click()
        expect(page.get_by_text(f"Đã rà soát tiêu chí {code}.")).to_be_visible()
    for code in codes_in_state(page, "Thiếu minh chứng"):
        open_criterion(page, code)
        page.locator(f"[id='c-{code}'] input[type=file]").set_input_files(proof)
        expect(page.get_by_text(f"Đã thêm minh chứng cho tiêu chí {code}.")).to_be_visible()
    open_criterion(page, "1.3.1")
    page.locator("[id='c-1.3.1']").get_by_label("Điểm tự chấm").fill("5,5")
    expect(page.locator("[id='c-1.3.1'] [data-saved]")).to_contain_text("Đã lưu")
    page.reload()
    open_criterion(page, "1.3.1")
    expect(page.locator("[id='c-1.3.1']").get_by_label("Điểm tự chấm")).to_have_value("5,5")
    page.locator("[id='c-1.3.1'] input[type=file]").set_input_files(proof)
    expect(page.get_by_text("Đã thêm minh chứng cho tiêu chí 1.3.1")).to_be_visible()
    page.get_by_role("link", name="Kiểm tra và trình").click()
    page.get_by_label("Tệp biên bản").set_input_files(proof)
    follow(page.get_by_role("button", name="Đính kèm"))
    assert_accessible(page)
    page.get_by_role("button", name="Chuyển lãnh đạo duyệt").click()
    expect(page.get_by_text("Chờ lãnh đạo trường duyệt").first).to_be_visible()


def codes_in_state(page: Page, state: str) -> list[str]:
    boxes = page.locator("details.criterion", has=page.get_by_text(state, exact=True))
    return [box.get_attribute("id").removeprefix("c-") for box in boxes.all()]


def open_criterion(page: Page, code: str) -> None:
    box = page.locator(f"[id='c-{code}']")
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()


def head_submits(page: Page) -> None:
    follow(page.get_by_role("link", name="Xem và duyệt"))
    assert_accessible(page)
    page.get_by_role("button", name="Duyệt và trình").click()
    expect(page.get_by_text("Đã trình").first).to_be_visible()


def to_the_review(page: Page) -> None:
    follow(page.get_by_role("link", name="Thẩm định").first)
    assert_accessible(page)
    page.get_by_label("Tên trường, mã, địa danh").fill("tan thanh")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_role("link", name=SCHOOL).click()
    expect(page.get_by_role("heading", name="Thẩm định:")).to_be_visible()


def decide(page: Page, code: str, choice: str, reason: str = "", points: str = "") -> None:
    open_criterion(page, code)
    box = page.locator(f"[id='c-{code}']")
    box.get_by_role("radio", name=choice).check()
    if points:
        box.get_by_label("Điểm thẩm định").fill(points)
    if reason:
        box.get_by_role("textbox", name="Lý do / nội dung cần bổ sung").fill(reason)
    box.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_text(f"Đã ghi ý kiến cho tiêu chí {code}")).to_be_visible()


def specialist_returns_one(page: Page) -> None:
    to_the_review(page)
    decide(page, "1.3.1", "Cần bổ sung", "Bổ sung ảnh chụp màn hình phần mềm.")
    assert_accessible(page)
    page.get_by_text("Trả lại để bổ sung", exact=True).first.click()
    page.get_by_label("Lý do", exact=True).fill("Bổ sung minh chứng 1.3.1.")
    page.get_by_role("button", name="Trả lại để bổ sung").click()
    expect(page.get_by_text("Đã trả lại để bổ sung.")).to_be_visible()


def focal_point_completes(page: Page) -> None:
    """Only the flagged criterion is open."""
    page.get_by_role("link", name="Bổ sung").click()
    expect(page.locator("form[data-autosave]")).to_have_count(1)
    open_criterion(page, "1.3.1")
    page.locator("[id='c-1.3.1']").get_by_label("Ghi chú").fill("Đã bổ sung ảnh.")
    expect(page.locator("[id='c-1.3.1'] [data-saved]")).to_contain_text("Đã lưu")
    page.get_by_role("link", name="Kiểm tra và trình").click()
    page.get_by_role("button", name="Chuyển lãnh đạo duyệt").click()


def specialist_finishes(page: Page) -> None:
    to_the_review(page)
    decide(page, "1.3.1", "Sửa điểm", "Phần mềm chưa dùng ở khối 1.", points="4,5")
    page.get_by_role("button", name="Giữ điểm mọi tiêu chí").click()
    expect(page.get_by_text("5,5 → 4,5 / 6")).to_be_visible()
    page.get_by_role("button", name="Kết thúc thẩm định").click()
    expect(page.get_by_text("Đã kết thúc thẩm định.")).to_be_visible()


def office_head_certifies(page: Page, folder) -> None:
    follow(page.get_by_role("link", name="Công nhận", exact=True))
    assert_accessible(page)
    page.get_by_label(SCHOOL).check()
    page.get_by_role("textbox", name="Số", exact=True).fill("7")
    page.get_by_role("button", name="Ban hành quyết định").click()
    expect(page.get_by_role("heading", name="Quyết định số 07/QĐ-PGDĐT")).to_be_visible()
    assert_accessible(page)
    address = page.get_by_role("link", name="Mở văn bản PDF").get_attribute("href")
    document = folder / "quyet-dinh.pdf"
    document.write_bytes(page.request.get(address).body())
    text = "\n".join(one.extract_text() for one in PdfReader(document).pages)
    assert "07/QĐ-PGDĐT" in text
    assert "Tân Thành" in text


def officer_publishes_and_downloads(page: Page, folder) -> None:
    page.get_by_role("link", name="Đánh giá", exact=True).click()
    follow(page.get_by_role("link", name="Đánh giá mức độ chuyển đổi số năm học").first)
    assert_accessible(page)
    page.get_by_text("Công bố kết quả của").click()
    page.get_by_role("button", name="Công bố").click()
    expect(page.get_by_text("Đã công bố kết quả của")).to_be_visible()
    follow(page.get_by_role("link", name="Báo cáo tổng hợp").first)
    assert_accessible(page)
    summary = page.url
    sheet = load_workbook(download(page, "Excel", folder / "tong-hop.xlsx"))["Chi tiết"]
    rows = [row for row in sheet.iter_rows(values_only=True) if SCHOOL in row]
    assert len(rows) == 1
    assert "Đã công nhận" in rows[0]
    page.goto(summary)
    text = PdfReader(download(page, "PDF", folder / "tong-hop.pdf")).pages[0].extract_text()
    assert "Đã công nhận" in text


def anyone_finds_the_school(page: Page) -> None:
    page.goto("/cong-khai/")
    page.get_by_role("link", name="Đánh giá mức độ chuyển đổi số năm học").first.click()
    page.get_by_label("Tên trường hoặc địa danh").fill("tan thanh")
    follow(page.get_by_role("button", name="Lọc"))
    assert_accessible(page)
    page.get_by_role("link", name="Tân Thành").first.click()
    expect(page.get_by_text("07/QĐ-PGDĐT")).to_be_visible()
    assert_accessible(page)
