"""The session ends while somebody writes, or another hat is put on: the text is not lost."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import (
    FOCAL,
    assert_accessible,
    box_of,
    follow,
    open_file,
    points_of,
)

OFFICER, HEAD = "chuyen-vien", "truong-phong"
TITLE = "Kế hoạch chuyển đổi số viết dở"


def end_session(page: Page) -> None:
    page.context.clear_cookies(name="sessionid")


def sign_in(page: Page, who: str) -> None:
    page.get_by_label("Thư điện tử").fill(f"{who}@edudx.example")
    page.get_by_label("Mật khẩu").fill("edudx-demo")
    follow(page.get_by_role("button", name="Đăng nhập"))


def written(visit) -> Page:
    """A plan half written, sent after the end of the session: the door says so."""
    page = visit(OFFICER)
    page.goto("/ke-hoach/soan/")
    page.get_by_label("Tên kế hoạch").fill(TITLE)
    page.get_by_label("Số", exact=True).fill("77")
    end_session(page)
    follow(page.get_by_role("button", name="Lưu và thêm nhiệm vụ"))
    expect(page.get_by_text("Phiên làm việc đã hết nên chưa gửi được")).to_be_visible()
    assert TITLE not in page.url + page.content()
    assert_accessible(page)
    return page


def test_a_plan_written_past_the_end_of_the_session_comes_back(visit):
    page = written(visit)
    sign_in(page, OFFICER)
    expect(page.get_by_label("Tên kế hoạch")).to_have_value(TITLE)
    expect(page.get_by_label("Số", exact=True)).to_have_value("77")
    expect(page.get_by_text("nội dung đã nhập hiện lại bên dưới")).to_be_focused()
    assert_accessible(page)
    follow(page.get_by_role("button", name="Lưu và thêm nhiệm vụ"))
    page.goto("/ke-hoach/soan/")
    expect(page.get_by_label("Tên kế hoạch")).not_to_have_value(TITLE)
    assert page.evaluate("sessionStorage.length") == 0


def test_another_person_who_signs_in_finds_nothing(visit):
    page = written(visit)
    sign_in(page, HEAD)
    expect(page.get_by_label("Tên kế hoạch")).not_to_have_value(TITLE)
    assert page.evaluate("sessionStorage.length") == 0


def test_a_page_of_an_earlier_signing_in_is_taken_with_the_new_token(visit):
    page = visit(OFFICER)
    page.goto("/ke-hoach/soan/")
    end_session(page)
    other = page.context.new_page()
    other.goto("/dang-nhap/")
    sign_in(other, OFFICER)
    page.get_by_label("Tên kế hoạch").fill(TITLE)
    follow(page.get_by_role("button", name="Lưu và thêm nhiệm vụ"))
    expect(page.get_by_text("Phiên làm việc đã hết hạn")).to_have_count(0)
    expect(page.get_by_label("Tên kế hoạch")).to_have_value(TITLE)  # refused by the form alone


def test_a_page_that_saves_itself_goes_on_after_signing_in_in_another_tab(visit):
    page = open_file(visit(FOCAL))
    end_session(page)
    points_of(page).fill("1,5")
    status = box_of(page).locator("[data-saved]")
    expect(status).to_contain_text("phiên làm việc đã hết")
    assert_accessible(page)
    with page.context.expect_page() as opened:
        status.get_by_role("link", name="đăng nhập lại ở thẻ mới").click()
    sign_in(opened.value, FOCAL)
    expect(status).to_contain_text("Đã lưu")
    page.reload()
    expect(points_of(page)).to_have_value("1,5")


def test_two_schools_in_two_tabs_are_saved_each_under_its_own_hat(visit):
    officer = visit("so")
    officer.goto("/don-vi/?tim=3101-0009")
    follow(officer.locator("th[scope=row] a").first)
    follow(officer.get_by_role("link", name="Mời người dùng"))
    officer.get_by_label("Thư điện tử").fill(f"{FOCAL}@edudx.example")
    officer.get_by_label("Họ và tên").fill("Đầu mối hai trường")
    officer.get_by_label("Vai trò").select_option("focal_point")
    follow(officer.locator("main form button.btn-primary"))

    first = open_file(visit(FOCAL))
    second = first.context.new_page()
    second.goto("/")
    second.locator("details.hat summary").click()
    follow(second.locator("details.hat form button:not(.on)").first)
    points_of(first).fill("2,5")
    expect(box_of(first).locator("[data-saved]")).to_contain_text("Đã lưu")
    second.reload()
    expect(second.locator("details.hat summary")).not_to_have_text(
        first.locator("details.hat summary").inner_text()
    )
