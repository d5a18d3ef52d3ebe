"""`make run`: migrate, load the demo when empty, serve with worker and beat, end all on Ctrl-C."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress

QUIET = "ignore:You're running the worker with superuser privileges"


def main() -> int:
    """Run until Ctrl-C or until the web server ends; its exit code is ours."""
    from django.conf import settings

    for asked in (signal.SIGINT, signal.SIGTERM):  # also where a shell started us with SIGINT off
        signal.signal(asked, lambda *_: sys.exit(0))
    if not is_free(settings.PORT):
        print(f"Cổng {settings.PORT} đang được dùng; hãy chọn cổng khác: PORT=8001 make run")
        return 1
    python = sys.executable
    manage = [python, str(settings.BASE_DIR / "manage.py")]
    subprocess.run([*manage, "migrate", "--verbosity", "0"], check=True)
    if settings.EMBEDDED:  # its administrator's password is printed: never beside real data
        subprocess.run([*manage, "seed_demo", "--if-empty"], check=True)
    parts: list[subprocess.Popen] = []
    try:
        web, worker = commands(python, settings)
        parts += [start(web), start(worker)]
        if wait_until_it_answers(settings.PORT, parts[0]):
            print(f"Mở http://127.0.0.1:{settings.PORT} – bấm Ctrl-C để dừng.", flush=True)
        while parts[0].poll() is None:
            parts[1] = keep(parts[1], worker)
            time.sleep(0.3)
        return parts[0].returncode
    except SystemExit:
        print("\nĐang dừng…", flush=True)
        return 0
    finally:
        stop(parts)


def is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def commands(python: str, settings) -> list[list[str]]:
    """The web server and the worker with its beat; both speak up only when something is wrong."""
    worker = [python, "-W", QUIET, "-m", "celery", "--quiet", "-A", "edudx", "worker", "-B",
              "--concurrency", "1", "--scheduler", "celery.beat:Scheduler",
              "--without-mingle", "--without-gossip"]  # fmt: skip
    web = [python, "-m", "gunicorn", "edudx.wsgi", "--bind", f"127.0.0.1:{settings.PORT}",
           "--threads", "8", "--worker-tmp-dir", str(settings.DATA_DIR),
           "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    return [web, worker]


def start(command: list[str]) -> subprocess.Popen:
    """In a session of its own: Ctrl-C reaches the launcher alone, which then ends the parts."""
    return subprocess.Popen(command, start_new_session=True)


def keep(worker: subprocess.Popen, command: list[str]) -> subprocess.Popen:
    """The worker, or a new one in place of one that has died. Kombu's queue of files falls over a
    message that is half written (kombu issue 1551); what it had to do lies in the database.
    """
    if worker.poll() is None:
        return worker
    print("Tiến trình nền vừa dừng; đang chạy lại.", flush=True)
    with suppress(ProcessLookupError):
        os.killpg(worker.pid, signal.SIGKILL)  # its pool and its beat
    time.sleep(1)
    return start(command)


def wait_until_it_answers(port: int, web: subprocess.Popen) -> bool:
    """So that the address is the last thing said; False when the web server ended instead."""
    while web.poll() is None:
        with socket.socket() as caller:
            if caller.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.1)
    return False


def stop(parts: list[subprocess.Popen]) -> None:
    """Politely first; after ten seconds with the whole group."""
    for part in parts:
        if part.poll() is None:
            part.terminate()
    until = time.monotonic() + 10
    for part in parts:
        try:
            part.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(part.pid, signal.SIGKILL)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "edudx.settings")
    sys.exit(main())
