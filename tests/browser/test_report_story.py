"""Periodic reports by clicking: asked, written with autosave, handed in, received, made one, taken
as Word; a letter to late units; a Word frame changed and given back.
"""

import io

import docx
from playwright.sync_api import Page, expect

from reporting.documents.word import shipped
from tests import clock
from tests.browser.conftest import assert_accessible, download, follow
from tests.plan_world import in_days

TITLE = "Sơ kết thử bằng trình duyệt"


def test_a_report_goes_from_the_office_to_the_department(visit, tmp_path):
    officer = visit("so")
    department_asks(officer)
    two_tabs_of_one_part(officer, visit("so"))
    office_writes(visit("chuyen-vien", width=360))
    department_receives(officer)
    department_consolidates(officer, tmp_path)
    late_units_get_a_letter(officer, tmp_path)
    a_frame_is_changed(officer, tmp_path)


def department_asks(page: Page) -> None:
    page.goto("/bao-cao/dinh-ky/")
    assert_accessible(page)
    follow(page.get_by_role("link", name="Yêu cầu báo cáo"))
    assert_accessible(page)
    page.get_by_label("Tên báo cáo (trích yếu)").fill(TITLE)
    page.get_by_label("Hạn nộp báo cáo").fill(in_days(5))
    if not page.get_by_label("Đến hết ngày").input_value():
        page.get_by_label("Đến hết ngày").fill(clock.written(clock.in_days(30)))
    follow(page.get_by_role("button", name="Gửi yêu cầu"))
    expect(page.get_by_text("Đã gửi yêu cầu báo cáo.")).to_be_visible()
    assert_accessible(page)


def two_tabs_of_one_part(first: Page, second: Page) -> None:
    """Whoever comes second is shown both, keeps the own words, and goes on writing."""
    for page in (first, second):
        open_campaign(page)
        follow(page.get_by_role("link", name="Báo cáo tổng hợp của"))
    first.get_by_label("Nội dung", exact=True).first.fill("Một")
    expect(first.get_by_text("Đã lưu").first).to_be_visible()
    second.get_by_label("Nội dung", exact=True).first.fill("Hai")
    expect(second.get_by_text("Người khác vừa lưu mục này")).to_be_visible()
    assert_accessible(second)
    follow(second.get_by_role("button", name="Giữ nội dung của tôi"))
    box = second.locator("#muc-1")
    box.evaluate("one => { one.open = true }")
    expect(box.get_by_label("Nội dung")).to_have_value("Hai")
    expect(second.get_by_text("Người khác vừa lưu mục này")).to_have_count(0)
    box.get_by_label("Nội dung").fill("Ba")
    expect(box.get_by_text("Đã lưu")).to_be_visible()
    expect(second.get_by_text("Người khác vừa lưu mục này")).to_have_count(0)
    first.get_by_label("Nội dung", exact=True).first.fill("Bốn")
    follow(first.get_by_role("link", name="Lấy nội dung đã lưu"))
    expect(first.locator("#muc-1").get_by_label("Nội dung")).to_have_value("Ba")
    box.get_by_label("Nội dung").fill("")
    expect(box.get_by_text("Đã lưu")).to_be_visible()


def office_writes(page: Page) -> None:
    """On a phone: what is typed is kept, what is missing is said, then it is handed in."""
    page.goto("/bao-cao/dinh-ky/")
    follow(page.get_by_role("listitem").filter(has_text=TITLE).get_by_role("link"))
    assert_accessible(page)
    expect(page.get_by_text("Chưa viết «I. Công tác chỉ đạo, triển khai».")).to_be_visible()
    boxes = page.get_by_label("Nội dung", exact=True)
    for place in range(boxes.count()):
        boxes.nth(place).fill(f"Câu số {place}.\n- Ý một;\n- Ý hai.")
    expect(page.get_by_text("Chưa viết")).to_have_count(0)
    page.reload()
    expect(page.get_by_text("Còn 1 việc trước khi nộp")).to_be_visible()
    page.get_by_label("Người ký", exact=True).fill("Lê Văn Ẩn")
    follow(page.get_by_role("button", name="Lưu", exact=True))
    expect(page.get_by_text("Đã đủ; có thể nộp.")).to_be_visible()
    follow(page.get_by_role("button", name="Nộp báo cáo"))
    expect(page.get_by_text("Đã nộp báo cáo cho")).to_be_visible()
    expect(page.get_by_text("Câu số 0.").first).to_be_visible()
    assert_accessible(page)


def open_campaign(page: Page) -> None:
    page.goto("/bao-cao/dinh-ky/")
    follow(page.get_by_role("link", name=TITLE))


def department_receives(page: Page) -> None:
    open_campaign(page)
    assert_accessible(page)
    follow(page.get_by_role("link", name="Phòng GDĐT Dương Kinh"))
    assert_accessible(page)
    follow(page.get_by_role("button", name="Tiếp nhận"))
    expect(page.get_by_text("Đã tiếp nhận").first).to_be_visible()


def department_consolidates(page: Page, folder) -> None:
    open_campaign(page)
    follow(page.get_by_role("link", name="Báo cáo tổng hợp của"))
    follow(page.get_by_role("button", name="Lấy nội dung các báo cáo đã tiếp nhận"))
    expect(page.get_by_text("Đã lấy nội dung")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Người ký", exact=True).fill("Nguyễn Thị Ánh")
    follow(page.get_by_role("button", name="Lưu", exact=True))
    follow(page.get_by_role("button", name="Hoàn thành báo cáo"))
    expect(page.get_by_text("Đã hoàn thành báo cáo tổng hợp.")).to_be_visible()
    assert_accessible(page)
    file = docx.Document(download(page, "Word", folder / "bao-cao.docx"))
    said = [one.text for one in file.paragraphs]
    head = "Phòng Giáo dục và Đào tạo quận Dương Kinh ("
    assert any(one.startswith(head) and one.endswith("):") for one in said)
    assert "- Ý hai." in said


def late_units_get_a_letter(page: Page, folder) -> None:
    """Of the first task of a plan that somebody is late with."""
    page.goto("/ke-hoach/2/")
    links = page.get_by_role("rowheader").get_by_role("link")
    for place in range(links.count()):
        follow(links.nth(place))
        number = page.url.rstrip("/").rsplit("/", 1)[1]
        page.goto(f"/bao-cao/nhiem-vu/{number}/cong-van/")
        if page.get_by_role("button", name="Lập tệp Word").count():
            break
        page.goto("/ke-hoach/2/")
    assert_accessible(page)
    file = docx.Document(download(page, "Word", folder / "cong-van.docx"))
    said = "\n".join(one.text for one in file.paragraphs)
    assert "quá hạn chưa nộp (danh sách kèm theo)" in said


def a_frame_is_changed(page: Page, folder) -> None:
    page.goto("/bao-cao/mau-word/")
    assert_accessible(page)
    box = page.get_by_label("Mẫu đã sửa (.docx, tối đa 2 MB)").first
    broken = docx.Document(shipped("report"))
    broken.add_paragraph("Kính gửi {{ khong_co }}")
    broken.save(folder / "hong.docx")
    box.set_input_files(folder / "hong.docx")
    follow(page.get_by_role("button", name="Tải lên").first)
    expect(page.get_by_text("không có ô «khong_co»")).to_be_visible()
    good = io.BytesIO(shipped("report").read_bytes())
    changed = docx.Document(good)
    changed.add_paragraph("Dòng của tỉnh", "VB Ghi chú")
    changed.save(folder / "tot.docx")
    page.get_by_label("Mẫu đã sửa (.docx, tối đa 2 MB)").first.set_input_files(folder / "tot.docx")
    follow(page.get_by_role("button", name="Tải lên").first)
    expect(page.get_by_text("Đã thay mẫu Word.")).to_be_visible()
    assert_accessible(page)
    follow(page.get_by_role("button", name="Dùng lại mẫu của cổng"))
    expect(page.get_by_text("Đã dùng mẫu của cổng.")).to_be_visible()
