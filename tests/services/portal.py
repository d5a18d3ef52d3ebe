"""A portal of its own beside the suite: other processes, another folder, another database."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg2
import pytest
from redis import Redis

from edudx import launcher

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = (
    "SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "CELERY_BROKER_URL", "REDIS_URL",
    "DATA_DIR", "MEDIA_ROOT", "STATIC_ROOT", "EMAIL_URL", "PORT", "HTTPS", "PYTEST_XDIST_WORKER",
)  # fmt: skip
SERVICES = "DATABASE_URL" in os.environ and "REDIS_URL" in os.environ
ASK = """
import django
django.setup()
from django.test import Client
from django.urls import reverse
from assessments.models import Campaign
from reporting.models import Export
from schools.models import User
browser = Client(headers={"host": "127.0.0.1"})
officer = User.objects.get(email="so@edudx.example")
browser.force_login(officer, backend="schools.backends.EmailBackend")
campaign = Campaign.objects.filter(state="open").order_by("pk").last()
address = reverse("reporting:export_add", args=[campaign.pk])
response = browser.post(address, {"format": "xlsx"})
print(response.status_code, Export.objects.latest("pk").pk)
"""


def wait_for(question, seconds: float, what: str):
    """Ask again and again until the answer is true; the test fails when the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        answer = question()
        if answer:
            return answer
        time.sleep(0.005)
    pytest.fail(f"After {seconds} s still not so: {what}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Portal:
    """Its environment, its database, and the processes a test starts in it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        clean = {name: value for name, value in os.environ.items() if name not in OURS}
        self.environment = clean | {
            "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "edudx.settings", **environment,
        }  # fmt: skip

    def start(self, *command: str, log: Path, **environment: str) -> subprocess.Popen:
        """In a process group of its own, which can be killed whole."""
        with log.open("ab") as out:
            return subprocess.Popen(
                command, cwd=ROOT, env=self.environment | environment, stdout=out,
                stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def run(self, *command: str, **environment: str) -> str:
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.environment | environment,
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout

    def seed(self, schools: int) -> None:
        self.run("manage.py", "migrate", "--verbosity", "0")
        self.run("manage.py", "seed_demo", "--schools", str(schools))

    def ask_for_export(self, **environment: str) -> int:
        """The department officer asks on the page; the number of the job."""
        status, pk = self.run("-c", ASK, **environment).split()[-2:]
        assert status == "302"
        return int(pk)

    @contextmanager
    def worker(self):
        """The worker with its beat that `make run` starts."""
        settings = SimpleNamespace(PORT=0, DATA_DIR=self.folder)
        _, command = launcher.commands(sys.executable, settings)
        process = self.start(*command, log=self.folder / "worker.log")
        try:
            yield process
        finally:
            kill_group(process)

    def log(self) -> str:
        return (self.folder / "worker.log").read_text()

    def sql(self, statement: str, *values) -> list[tuple]:
        """Straight into the portal's database, past Django and past the worker."""
        address = self.environment.get("DATABASE_URL")
        if address:
            return on_postgres(address, statement, *values)
        file = self.folder / "edudx.sqlite3"
        with closing(sqlite3.connect(file, timeout=20)) as link, link:
            return link.execute(statement.replace("%s", "?"), values).fetchall()

    def lift(self, trigger: str, table: str) -> None:
        """What the portal itself never does: a test puts letters into the past."""
        on = f' ON "{table}"' if "DATABASE_URL" in self.environment else ""
        self.sql(f"DROP TRIGGER {trigger}{on}")

    def export(self, pk: int) -> SimpleNamespace:
        names = ("state", "attempts", "done_steps", "fault", "file", "size", "sha256")
        (row,) = self.sql(
            f"SELECT {', '.join(names)} FROM reporting_export WHERE id = %s",  # noqa: S608
            pk,
        )
        return SimpleNamespace(**dict(zip(names, row, strict=True)))


def on_postgres(address: str, statement: str, *values) -> list[tuple]:
    with closing(psycopg2.connect(address)) as link:
        link.autocommit = True
        with link.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


@contextmanager
def own_services(database_url: str, redis_url: str):
    """A fresh database on that server, and another number of that Redis, for one portal."""
    name = f"edudx_portal_{os.getpid()}"
    on_postgres(database_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    on_postgres(database_url, f"CREATE DATABASE {name}")
    redis = urlsplit(redis_url)
    runner = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    number = (int(redis.path.strip("/") or 0) + 7 + runner) % 16
    with closing(Redis.from_url(redis._replace(path=f"/{number}").geturl())) as link:
        link.flushdb()  # messages that a killed worker of an earlier run left behind
    try:
        yield {
            "DATABASE_URL": urlsplit(database_url)._replace(path=f"/{name}").geturl(),
            "REDIS_URL": redis._replace(path=f"/{number}").geturl(),
        }
    finally:
        on_postgres(database_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def kinds(group: str) -> list:
    """A test runs with the embedded queue and SQLite; and, where given, on PostgreSQL and Redis."""
    services = (
        pytest.mark.services,
        pytest.mark.xdist_group(f"{group}-services"),
        pytest.mark.skipif(not SERVICES, reason="no DATABASE_URL and REDIS_URL"),
    )
    return [
        pytest.param("embedded", marks=pytest.mark.xdist_group(f"{group}-embedded")),
        pytest.param("services", marks=services),
    ]


@contextmanager
def own_portal(kind: str, folder: Path, **environment: str):
    """A portal of one of these kinds, its database and queue fresh."""
    if kind == "embedded":
        yield Portal(folder, **environment)
        return
    with own_services(os.environ["DATABASE_URL"], os.environ["REDIS_URL"]) as addresses:
        yield Portal(folder, **environment, **addresses)


def kill_group(process: subprocess.Popen) -> None:
    """`kill -9` of the process and of everything it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait(30)
