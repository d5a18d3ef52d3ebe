"""The real portal as `make run` starts it, on a folder of its own, and Debian's Chromium."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect, sync_playwright

expect.set_options(timeout=20_000)  # a condition is waited for, however slow the machine
CHROMIUM = "/usr/bin/chromium"
ROOT = Path(__file__).resolve().parents[2]
FOCAL = "dau-moi.3101-0005"  # a school of the demo whose file is a draft
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


def pytest_collection_modifyitems(items) -> None:
    """One worker for the whole story; without Chromium there is nothing to drive."""
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            if not Path(CHROMIUM).exists():
                item.add_marker(pytest.mark.skip(reason="Chromium is not installed"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="package")
def portal(tmp_path_factory):
    """The address of a running portal with the demo province."""
    port, folder = free_port(), tmp_path_factory.mktemp("portal")
    kept = ("PATH", "HOME", "LANG")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env |= {"PORT": str(port), "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "edudx.settings"}
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "edudx.launcher"], cwd=ROOT, env=env, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(address, process, folder / "log")
        yield address
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        log.close()


def wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    """Until the login page answers; at most two minutes."""
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/dang-nhap/", timeout=2).close()  # noqa: S310
        except (urllib.error.URLError, OSError):
            continue
        return
    raise AssertionError(f"The portal did not start:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="package")  # its event loop must be gone before other tests ask a database
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, portal):
    """`visit("so")` opens a window of its own in which that person is signed in."""
    contexts = []

    def _visit(who: str | None = None, width: int = 1280) -> Page:
        context = browser.new_context(
            base_url=portal, viewport={"width": width, "height": 900}, locale="vi-VN"
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if who:
            page.goto("/dang-nhap/")
            page.get_by_label("Thư điện tử").fill(f"{who}@edudx.example")
            page.get_by_label("Mật khẩu").fill("edudx-demo")
            page.get_by_role("button", name="Đăng nhập").click()
            page.get_by_role("heading", name="Việc cần làm").wait_for()
        return page

    yield _visit
    for context in contexts:
        context.close()


def follow(thing: Locator) -> None:
    """Click what leads to a page and wait until that page is there."""
    with thing.page.expect_navigation():
        thing.click()


def assert_accessible(page: Page) -> None:
    """axe finds nothing serious; the page does not scroll sideways."""
    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:120]})"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == [], f"{page.url}: {serious}"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url


def download(page: Page, kind: str, target):
    """Asks for the file, waits while the worker builds it, takes it."""
    page.get_by_role("button", name=f"Lập tệp {kind}").click()
    link = page.get_by_role("link", name=f"Tải tệp {kind}")
    link.wait_for(timeout=60_000)
    assert_accessible(page)
    with page.expect_download() as found:
        link.click()
    found.value.save_as(target)
    return target


def open_file(page: Page) -> Page:
    page.get_by_role("link", name="Làm tiếp").click()
    page.locator("details.criterion").first.wait_for()
    return page


def box_of(page: Page):
    """The first criterion with a free score, opened."""
    box = page.locator("details.criterion", has=page.get_by_label("Điểm tự chấm, tối đa")).first
    if box.get_attribute("open") is None:
        box.locator("summary").first.click()
    return box


def points_of(page: Page):
    return box_of(page).get_by_label("Điểm tự chấm, tối đa")
