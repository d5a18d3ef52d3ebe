"""`make guide`: take the pictures of docs/huong-dan/ from a freshly seeded portal."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, free_port, wait_for

FOLDER = Path(__file__).parent / "huong-dan" / "hinh"
ROOT = Path(__file__).parents[1]


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        env = {**os.environ, "DATA_DIR": folder, "PORT": str(port)}
        env["DJANGO_SETTINGS_MODULE"] = "edudx.settings"
        log = Path(folder) / "log"
        with log.open("w") as out:
            portal = subprocess.Popen(
                [sys.executable, "-m", "edudx.launcher"], cwd=ROOT, env=env, stdout=out, stderr=out
            )
            try:
                wait_for(f"http://127.0.0.1:{port}", portal, log)
                take_all(f"http://127.0.0.1:{port}")
            finally:
                portal.send_signal(signal.SIGINT)
                portal.wait(30)


def take_all(address: str) -> None:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        def visit(who: str, width: int = 1100) -> Page:
            context = chromium.new_context(
                base_url=address, viewport={"width": width, "height": 720}
            )
            page = context.new_page()
            page.goto("/dang-nhap/")
            page.get_by_label("Thư điện tử").fill(f"{who}@edudx.example")
            page.get_by_label("Mật khẩu").fill("edudx-demo")
            page.get_by_role("button", name="Đăng nhập").click()
            page.get_by_role("heading", name="Việc cần làm").wait_for()
            return page

        of_school(visit("dau-moi"), visit("dau-moi", width=390))
        of_reviewer(visit("chuyen-vien"))
        of_office_head(visit("truong-phong"))
        of_department(visit("so"))
        of_work(visit("dau-moi"))
        of_plans(visit("chuyen-vien"))
        of_figures(visit("dau-moi"), visit("chuyen-vien"))
        of_reports(visit("chuyen-vien"), visit("so"))
        chromium.close()


def save(page: Page, name: str) -> None:
    page.screenshot(path=FOLDER / f"{name}.png")


def of_school(page: Page, phone: Page) -> None:
    save(page, "viec-can-lam")
    page.get_by_role("link", name="Làm tiếp").click()
    save(page, "ho-so")
    page.locator("details.criterion").nth(10).locator("summary").first.click()
    page.locator("details.criterion").nth(10).scroll_into_view_if_needed()
    save(page, "tieu-chi")
    page.get_by_role("link", name="Kiểm tra và trình").click()
    save(page, "kiem-tra")
    phone.get_by_role("link", name="Làm tiếp").click()
    save(phone, "dien-thoai")


def of_reviewer(page: Page) -> None:
    page.get_by_role("link", name="Thẩm định").first.click()
    save(page, "danh-sach")
    page.locator("table tbody a").first.click()
    page.locator("details.criterion summary").first.click()
    save(page, "tham-dinh")


def of_office_head(page: Page) -> None:
    page.get_by_role("link", name="Công nhận", exact=True).click()
    save(page, "cong-nhan")


def of_department(page: Page) -> None:
    page.get_by_role("link", name="Số liệu, báo cáo", exact=True).click()
    page.get_by_role("link", name="Báo cáo đánh giá, tệp đã xuất").click()
    page.get_by_role("link", name="Đánh giá mức độ chuyển đổi số năm học").last.click()
    save(page, "tong-hop")


def of_work(page: Page) -> None:
    page.goto("/nhiem-vu/")
    save(page, "nhiem-vu")
    page.get_by_role("row").filter(has_text="Chưa nộp").get_by_role("link").first.click()
    page.get_by_role("button", name="Nộp cho").scroll_into_view_if_needed()
    save(page, "nop")


def of_plans(page: Page) -> None:
    """The office's own plan with its board, and the road map."""
    for name, wanted in (("ke-hoach", ""), ("bang-theo-doi", "Bảng theo dõi")):
        open_plan(page, "năm học")
        if wanted:
            page.get_by_role("link", name=wanted).click()
        save(page, name)
    open_plan(page, "2025-2030")
    page.get_by_role("link", name="Lộ trình").click()
    save(page, "lo-trinh")
    open_plan(page, "2025-2030")
    page.get_by_role("link", name="Chỉ tiêu").click()
    save(page, "chi-tieu")


def of_reports(office: Page, department: Page) -> None:
    office.goto("/bao-cao/dinh-ky/")
    office.get_by_role("link", name="Viết báo cáo").first.click()
    office.get_by_label("Nội dung", exact=True).first.scroll_into_view_if_needed()
    save(office, "viet-bao-cao")
    department.goto("/bao-cao/dinh-ky/")
    department.get_by_role("link", name="Sơ kết").first.click()
    save(department, "dot-bao-cao")
    department.goto("/bao-cao/mau-word/")
    save(department, "mau-word")


def of_figures(school: Page, office: Page) -> None:
    """The school's sheet of this year, the office's roll-up of it."""
    school.goto("/bao-cao/so-lieu/")
    school.get_by_role("listitem").filter(has_text="đầu năm").get_by_role("link").click()
    save(school, "phieu-so-lieu")
    office.goto("/bao-cao/so-lieu/")
    office.get_by_role("link", name="Số liệu đầu năm").click()
    save(office, "tong-hop-so-lieu")


def open_plan(page: Page, words: str) -> None:
    """The first of the hat's own plans whose row has these words."""
    page.goto("/ke-hoach/")
    page.get_by_role("row").filter(has_text=words).get_by_role("link").first.click()


if __name__ == "__main__":
    main()
