"""A real worker, killed with `kill -9` in the middle of an export: a file or a clear failure.

With the embedded queue and SQLite always; with PostgreSQL and Redis where they are given.
"""

import hashlib
import signal
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from tests.services.portal import Portal, kill_group, kinds, own_portal, wait_for

SCHOOLS = 600  # enough that the file takes a second or two, so that a kill hits its middle
LEASE = {"EXPORT_LEASE_SECONDS": "3"}


@pytest.fixture(scope="module", params=kinds("killed"))
def portal(request, tmp_path_factory):
    with own_portal(request.param, tmp_path_factory.mktemp("portal"), **LEASE) as one:
        one.seed(SCHOOLS)
        yield one


def kill_in_the_middle(portal: Portal, pk: int) -> None:
    """A worker takes the job and dies with all its processes while it is at it."""
    with portal.worker() as worker:
        wait_for(lambda: portal.export(pk).state == "running", 240, "a worker took the job")
        kill_group(worker)
    assert portal.export(pk).state == "running", "the kill came too late to be in the middle"
    assert portal.export(pk).file == ""


def finished(portal: Portal, pk: int):
    wait_for(lambda: portal.export(pk).state in ("done", "failed"), 120, "the job came to an end")
    return portal.export(pk)


def test_the_file_is_finished_after_the_restart(portal):
    pk = portal.ask_for_export()
    kill_in_the_middle(portal, pk)
    with portal.worker():
        export = finished(portal, pk)
    assert (export.state, export.attempts, export.fault) == ("done", 2, "")
    path = portal.folder / "media" / export.file
    assert hashlib.sha256(path.read_bytes()).hexdigest() == export.sha256
    assert [str(one.name) for one in path.parent.iterdir()] == [path.name]  # and no half file
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        rows = book["Chi tiết"].iter_rows(values_only=True)
        assert sum(isinstance(row[0], (int, float)) for row in rows) == SCHOOLS


def test_the_third_death_is_a_clear_failure(portal):
    pk = portal.ask_for_export()
    portal.sql("UPDATE reporting_export SET attempts = 2 WHERE id = %s", pk)
    kill_in_the_middle(portal, pk)
    with portal.worker():
        export = finished(portal, pk)
    assert (export.state, export.attempts, export.file) == ("failed", 3, "")
    assert export.fault.startswith("Đã thử 3 lần")


def test_a_worker_asked_to_stop_finishes_its_file(portal):
    pk = portal.ask_for_export()
    with portal.worker() as worker:
        wait_for(lambda: portal.export(pk).state == "running", 240, "a worker took the job")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(60) == 0
    assert portal.export(pk).state == "done"


def test_a_request_survives_a_broker_that_is_down(portal):
    pk = portal.ask_for_export(CELERY_BROKER_URL="redis://127.0.0.1:1/0")
    assert portal.export(pk).state == "queued"
    portal.sql("UPDATE reporting_export SET requested_at = '2026-01-01 00:00' WHERE id = %s", pk)
    with portal.worker():
        export = finished(portal, pk)
    assert (export.state, export.attempts) == ("done", 1)
    assert Path(portal.folder / "media" / export.file).stat().st_size == export.size


def test_the_worker_had_nothing_to_complain_about(portal):
    """Last in the file: its log over all the lives above."""
    said = [line for line in portal.log().splitlines() if "ERROR" in line or "Traceback" in line]
    assert not said
