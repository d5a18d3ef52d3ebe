"""Nothing is lost: a dropped line, a refresh, two people at one criterion, no JavaScript."""

from playwright.sync_api import expect

from tests.browser.conftest import FOCAL, assert_accessible, box_of, open_file, points_of


def test_a_dropped_line_keeps_the_text_and_sends_it_later(visit):
    page = open_file(visit(FOCAL))
    points = points_of(page)
    page.context.set_offline(True)
    points.fill("1,5")
    expect(box_of(page).locator("[data-saved]")).to_contain_text("Chưa lưu được, đang thử lại")
    page.context.set_offline(False)
    expect(box_of(page).locator("[data-saved]")).to_contain_text("Đã lưu", timeout=15_000)
    page.reload()
    expect(points_of(page)).to_have_value("1,5")


def test_a_wrong_number_is_told_beside_its_field(visit):
    page = open_file(visit(FOCAL))
    points_of(page).fill("1000")
    expect(box_of(page).locator(".js-error")).to_contain_text("Số lớn nhất được nhận là")
    assert_accessible(page)
    points_of(page).fill("2")
    expect(box_of(page).locator("[data-saved]")).to_contain_text("Đã lưu")
    expect(box_of(page).locator(".js-error")).to_have_count(0)


def test_two_people_at_one_criterion_choose(visit):
    first, second = open_file(visit(FOCAL)), open_file(visit(FOCAL))
    points_of(second)
    points_of(first).fill("3,75")
    expect(box_of(first).locator("[data-saved]")).to_contain_text("Đã lưu")
    points_of(second).fill("2,75")
    panel = box_of(second).locator("[data-conflict]")
    expect(panel).to_contain_text("Chọn giá trị nào được giữ")
    expect(panel).to_contain_text("2,75")
    assert_accessible(second)
    panel.get_by_role("button", name="Giữ giá trị của tôi").click()
    first.reload()
    expect(points_of(first)).to_have_value("2,75")


def test_two_people_at_one_criterion_take_what_the_other_saved(visit):
    first, second = open_file(visit(FOCAL)), open_file(visit(FOCAL))
    for theirs, mine in (("1,25", "1,75"), ("2,25", "3,25")):  # and once more, from the same page
        points_of(second)
        points_of(first).fill(theirs)
        expect(box_of(first).locator("[data-saved]")).to_contain_text("Đã lưu")
        points_of(second).fill(mine)
        second.get_by_role("link", name="Lấy giá trị đã lưu").click()
        expect(second.locator("[data-conflict] .alert")).to_have_count(0)
        expect(points_of(second)).to_have_value(theirs)
        first.reload()


def test_without_javascript_the_form_saves(browser, portal):
    context = browser.new_context(base_url=portal, java_script_enabled=False)
    page = context.new_page()
    page.goto("/dang-nhap/")
    page.get_by_label("Thư điện tử").fill(f"{FOCAL}@edudx.example")
    page.get_by_label("Mật khẩu").fill("edudx-demo")
    page.get_by_role("button", name="Đăng nhập").click()
    box = box_of(open_file(page))
    box.get_by_label("Điểm tự chấm, tối đa").fill("3,25")
    box.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu tiêu chí")).to_be_visible()
    expect(points_of(page)).to_have_value("3,25")
    context.close()


def test_a_phone_shows_every_main_page_without_sideways_scrolling(visit):
    page = visit("so", width=360)
    for address in (
        "/",
        "/danh-gia/",
        "/bao-cao/",
        "/tai-lieu/",
        "/don-vi/",
        "/danh-gia/bo-chi-so/",
    ):
        page.goto(address)
        assert_accessible(page)


def test_a_page_is_light(visit):
    """First load at most 150 kB compressed and ten requests, all from the portal itself."""
    page = visit()
    seen = []
    page.on("requestfinished", lambda one: seen.append(one))
    page.goto("/dang-nhap/", wait_until="networkidle")
    sizes = [one.sizes()["responseBodySize"] for one in seen]
    assert sum(sizes) <= 150_000, sizes
    assert len(seen) <= 10
    assert all(one.url.startswith(page.url.split("/dang")[0]) for one in seen)
