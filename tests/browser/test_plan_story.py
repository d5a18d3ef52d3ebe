"""A plan by clicking: issued, handed in late with why, returned, handed in again, on the board."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import assert_accessible, follow
from tests.make import pdf_bytes

TITLE = "Kế hoạch thử việc nộp báo cáo"
TASK = "Nộp báo cáo thử"
SCHOOL = "TH&THCS Tân Thành"
YESTERDAY = date.today() - timedelta(days=1)


def test_the_story_of_a_plan(visit, tmp_path):
    report = tmp_path / "Báo cáo.pdf"
    report.write_bytes(pdf_bytes())
    office_issues(visit("truong-phong"))
    school = visit("dau-moi", width=360)
    school_hands_in_late(school, report)
    office_returns(visit("chuyen-vien"))
    school_hands_in_again(school, report)
    board_shows_it(visit("chuyen-vien"))


def office_issues(page: Page) -> None:
    page.goto("/ke-hoach/")
    assert_accessible(page)
    follow(page.get_by_role("link", name="Soạn kế hoạch"))
    assert_accessible(page)
    page.get_by_label("Tên kế hoạch").fill(TITLE)
    page.get_by_label("Kỳ").fill(f"{YESTERDAY.year}")
    page.get_by_label("Số", exact=True).fill("99")
    page.get_by_label("Ngày ban hành").fill(f"{YESTERDAY - timedelta(days=9):%d/%m/%Y}")
    page.get_by_label("Người ký", exact=True).fill("Cao Văn Rôi")
    follow(page.get_by_role("button", name="Lưu và thêm nhiệm vụ"))
    add_task(page)
    follow(page.get_by_role("link", name="Kiểm tra và ban hành"))
    assert_accessible(page)
    follow(page.get_by_role("button", name="Ban hành và giao nhiệm vụ"))
    expect(page.get_by_text("Đã ban hành").first).to_be_visible()
    assert_accessible(page)


def add_task(page: Page) -> None:
    """What cannot be read is asked for; nothing typed is lost."""
    page.get_by_label("Nhiệm vụ*").fill(TASK)
    page.get_by_label("Mã").fill("I.1")
    page.get_by_label("Sản phẩm").select_option(label="Báo cáo kết quả")
    page.get_by_label("Thời hạn*").fill("sớm nhất có thể")
    follow(page.get_by_role("button", name="Lưu"))
    assert_accessible(page)
    expect(page.get_by_label("Nhiệm vụ*")).to_have_value(TASK)
    page.get_by_label("Thời hạn*").fill(f"Chậm nhất ngày {YESTERDAY:%d/%m/%Y}")
    follow(page.get_by_role("button", name="Lưu"))


def open_work(page: Page) -> None:
    page.goto("/nhiem-vu/")
    assert_accessible(page)
    follow(page.get_by_role("link", name=TASK))
    assert_accessible(page)


def school_hands_in_late(page: Page, report) -> None:
    """Without an explanation it is not taken, and says so."""
    open_work(page)
    page.get_by_label("Tải tệp lên").set_input_files(report)
    follow(page.get_by_role("button", name="Nộp cho"))
    expect(page.get_by_text("Đã quá hạn: hãy ghi giải trình").first).to_be_visible()
    page.get_by_label("Tải tệp lên").set_input_files(report)
    page.get_by_label("Giải trình vì sao nộp muộn").fill("Máy chủ của trường hỏng.")
    follow(page.get_by_role("button", name="Nộp cho"))
    expect(page.get_by_text("Trễ 1 ngày").first).to_be_visible()


def office_returns(page: Page) -> None:
    open_plan(page)
    follow(page.get_by_role("link", name=TASK))
    assert_accessible(page)
    follow(page.get_by_role("link", name=SCHOOL))
    page.get_by_text("Trả lại", exact=False).first.click()
    page.get_by_label("Lý do", exact=True).fill("Thiếu số liệu khối 1.")
    follow(page.get_by_role("button", name="Trả lại"))
    expect(page.get_by_text("Thiếu số liệu khối 1.").first).to_be_visible()


def school_hands_in_again(page: Page, report) -> None:
    open_work(page)
    expect(page.get_by_text("Thiếu số liệu khối 1.").first).to_be_visible()
    page.get_by_label("Tải tệp lên").set_input_files(report)
    follow(page.get_by_role("button", name="Nộp cho"))
    expect(page.get_by_text("Nộp lần 2")).to_be_visible()
    expect(page.get_by_text("Máy chủ của trường hỏng.").first).to_be_visible()


def open_plan(page: Page) -> None:
    page.goto("/ke-hoach/")
    follow(page.get_by_role("link", name=TITLE))


def board_shows_it(page: Page) -> None:
    open_plan(page)
    follow(page.get_by_role("link", name="Bảng theo dõi"))
    assert_accessible(page)
    row = page.get_by_role("row").filter(has_text=SCHOOL)
    expect(row).to_contain_text("1 / 1")
    expect(row).to_contain_text("Trễ 1 ngày")
    page.get_by_label("Tình trạng").select_option(label="Còn việc quá hạn chưa nộp")
    follow(page.get_by_role("button", name="Lọc"))
    assert "loc=chua-nop" in page.url
    expect(page.get_by_role("row").filter(has_text=SCHOOL)).to_have_count(0)


@pytest.mark.parametrize("width", [360, 1440])
def test_every_board_fits_its_window_and_axe_is_content(visit, width):
    page = visit("truong-phong", width)
    for address in (
        "/nhiem-vu/",
        "/nhiem-vu/lich/",
        "/ke-hoach/van-ban/",
        "/thu/",
        "/tim/?tim=bao",
    ):
        page.goto(address)
        assert_accessible(page)
    for words, names in (
        ("Triển khai nhiệm vụ ứng dụng", ["Bảng theo dõi", "Chỉ tiêu", "Sửa đổi, bổ sung"]),
        ("định hướng đến năm 2030", ["Lộ trình", "Chỉ tiêu"]),
    ):
        for name in names:
            page.goto("/ke-hoach/")
            follow(page.get_by_role("link", name=words).first)
            follow(page.get_by_role("link", name=name).first)
            assert_accessible(page)


def test_a_teacher_reads_letters_and_names_a_focal_point_on_a_phone(visit):
    page = visit("dau-moi", width=360)
    for address in ("/nhiem-vu/", "/thu/", "/tai-khoan/"):
        page.goto(address)
        assert_accessible(page)
    page.goto("/don-vi/")
    follow(page.get_by_role("link", name=SCHOOL).first)
    follow(page.get_by_role("link", name="Đầu mối"))
    assert_accessible(page)
