"""`make run` as a person starts it: accounts, a page that answers, an end to all of it."""

import http.cookiejar
import os
import re
import signal
import socket
import sys
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.services.portal import Portal, free_port, kill_group, wait_for

pytestmark = pytest.mark.xdist_group("launcher")


def children_of(pid: int) -> set[int]:
    """Every living descendant, from /proc."""
    parents = {}
    for one in Path("/proc").iterdir():
        if one.name.isdigit():
            try:
                parents[int(one.name)] = int(
                    (one / "stat").read_text().rsplit(")", 1)[1].split()[1]
                )
            except OSError:
                continue
    found, before = {pid}, set()
    while found != before:
        before = set(found)
        found |= {child for child, parent in parents.items() if parent in before}
    return found - {pid}


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


class Run:
    """One life of the launcher."""

    def __init__(self, portal: Portal, name: str) -> None:
        self.port = free_port()
        self.log = portal.folder / f"{name}.log"
        self.process = portal.start(
            sys.executable, "-m", "edudx.launcher", log=self.log, PORT=str(self.port)
        )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def wait_until_open(self) -> None:
        def is_open() -> bool:
            assert self.process.poll() is None, self.said()
            return f"Mở http://127.0.0.1:{self.port}" in self.said()

        wait_for(is_open, 180, "the launcher printed its address")

    def stop(self) -> None:
        """Ctrl-C reaches the launcher alone; everything it started ends with it."""
        started: set[int] = set()

        def all_parts_run() -> bool:  # gunicorn and its worker, Celery and its beat
            started.update(children_of(self.process.pid))
            return len(started) >= 4

        wait_for(all_parts_run, 60, "the web, the worker and the beat have started")
        os.kill(self.process.pid, signal.SIGINT)
        assert self.process.wait(30) == 0
        wait_for(lambda: not any(map(is_alive, started)), 15, "every process has ended")
        with socket.socket() as caller:
            assert caller.connect_ex(("127.0.0.1", self.port)) != 0


def sign_in(port: int, email: str, password: str) -> str:
    """Through the login page like a browser; the home page's text."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    address = f"http://127.0.0.1:{port}/dang-nhap/"
    page = browser.open(address, timeout=60).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    fields = {"username": email, "password": password, "csrfmiddlewaretoken": token}
    request = urllib.request.Request(
        address, urllib.parse.urlencode(fields).encode(), {"Referer": address}
    )
    with browser.open(request, timeout=60) as answer:
        assert not answer.url.startswith(address), "the printed account does not get in"
        return answer.read().decode()


@pytest.fixture
def portal(tmp_path):
    return Portal(tmp_path / "data")


@pytest.fixture
def launch(portal):
    portal.folder.mkdir()
    runs = []

    def _launch(name: str) -> Run:
        runs.append(Run(portal, name))
        runs[-1].wait_until_open()
        return runs[-1]

    yield _launch
    for one in runs:
        for pid in children_of(one.process.pid) if one.process.poll() is None else ():
            os.kill(pid, signal.SIGKILL)
        kill_group(one.process)


def test_one_command_opens_the_portal_and_keeps_its_data(portal, launch):
    first = launch("first")
    said = first.said()
    accounts = re.findall(r"^ +(\S+@\S+)  +\S", said, re.MULTILINE)
    password = re.search(r"mật khẩu: ([^)]+)\)", said)[1]
    assert len(accounts) == 6
    assert said.strip().splitlines()[-1] == (
        f"Mở http://127.0.0.1:{first.port} – bấm Ctrl-C để dừng."
    )
    for noise in ("Warning", "WARNING", "[INFO]", "Traceback"):
        assert noise not in said
    assert "Đăng xuất" in sign_in(first.port, accounts[0], password)
    first.stop()
    secret = (portal.folder / "secret-key").read_text()
    (units,) = portal.sql("SELECT count(*) FROM schools_orgunit")
    portal.sql("UPDATE schools_orgunit SET place = 'Chỗ đã sửa' WHERE kind = 'department'")

    second = launch("second")
    assert "Đã tạo" not in second.said()
    assert re.findall(r"^ +(\S+@\S+)  +\S", second.said(), re.MULTILINE) == accounts
    sign_in(second.port, accounts[4], password)
    second.stop()
    assert portal.sql("SELECT count(*) FROM schools_orgunit") == [units]
    assert portal.sql("SELECT place FROM schools_orgunit WHERE kind = 'department'") == [
        ("Chỗ đã sửa",)
    ]
    assert (portal.folder / "secret-key").read_text() == secret


def test_a_worker_that_falls_is_started_again(launch):
    """As over a half-written message of the queue of files; the portal goes on answering."""
    run = launch("falls")

    def worker() -> int:
        found = [pid for pid in children_of(run.process.pid) if is_worker(pid)]
        return min(found, default=0)

    wait_for(lambda: worker() != 0, 60, "the worker has started")
    first = worker()
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: worker() not in (0, first), 60, "another worker has started")
    assert "Tiến trình nền vừa dừng; đang chạy lại." in run.said()
    assert run.process.poll() is None
    run.stop()


def is_worker(pid: int) -> bool:
    """The worker's main process, a child of the launcher; its pool and beat have other parents."""
    try:
        return b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


def test_a_port_that_is_taken_is_said_in_a_sentence(portal):
    portal.folder.mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        log = portal.folder / "taken.log"
        command = (sys.executable, "-m", "edudx.launcher")
        assert portal.start(*command, log=log, PORT=str(port)).wait(60) == 1
    assert log.read_text() == (
        f"Cổng {port} đang được dùng; hãy chọn cổng khác: PORT=8001 make run\n"
    )
