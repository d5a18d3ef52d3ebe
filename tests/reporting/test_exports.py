"""A file asked for on a page: its durable row, the one worker that builds it, how it ends."""

import hashlib
import threading
import uuid
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from edudx.celery import app
from reporting import tasks
from reporting.actions import exports
from reporting.files import catalogue
from reporting.models import LEASE, MAX_ATTEMPTS, Export


@pytest.fixture
def export(campaign, cast) -> Export:
    return exports.request_consolidated(
        campaign=campaign, unit=cast.department, format="xlsx", by=cast.officer
    )


def ask(browser: Client, campaign, **changes):
    return browser.post(
        reverse("reporting:export_add", args=[campaign.pk]), {"format": "xlsx"} | changes
    )


def page(name: str, export: Export) -> str:
    return reverse(f"reporting:{name}", args=[export.pk])


def make_stale(export: Export, **fields) -> None:
    """As a worker leaves the row that was killed a while ago."""
    long_ago = timezone.now() - timedelta(hours=1)
    Export.objects.filter(pk=export.pk).update(
        requested_at=long_ago, **({"state": "running", "lease_until": long_ago} | fields)
    )


@pytest.fixture
def queue(monkeypatch):
    """The job goes to a queue of this test's own; gives a function that empties and lists it."""
    name = f"test-{uuid.uuid4().hex}"
    monkeypatch.setattr(tasks.run_export, "queue", name, raising=False)
    monkeypatch.setattr(tasks.run_export, "_exec_options", None)  # Celery keeps a copy of it

    def messages() -> list[int]:
        found = []
        with (
            app.connection_for_read() as link,
            closing(link.SimpleQueue(name)) as waiting,
            suppress(waiting.Empty),
        ):
            while True:
                message = waiting.get_nowait()
                message.ack()
                found.append(message.payload[0][0])
        return found

    yield messages
    with app.connection_for_read() as link, closing(link.SimpleQueue(name)) as waiting:
        waiting.queue.delete()


# From the page to the file


def test_a_file_is_asked_for_built_and_taken(cast, campaign, sign_in):
    browser = sign_in(cast.officer)
    response = ask(browser, campaign)
    export = Export.objects.get()
    assert response.status_code == 302
    assert response.url == export.get_absolute_url()
    assert (export.state, export.requested_by) == ("queued", cast.officer)
    assert "Đang chờ đến lượt" in browser.get(response.url).content.decode()
    assert browser.get(page("export_file", export)).status_code == 404

    assert tasks.run_export(export.pk) == "done"
    export.refresh_from_db()
    assert (export.state, export.unit_count, export.attempts) == ("done", 5, 1)
    assert "Tải tệp" in browser.get(response.url).content.decode()
    taken = browser.get(page("export_file", export))
    content = b"".join(taken.streaming_content)
    assert content.startswith(b"PK")
    assert hashlib.sha256(content).hexdigest() == export.sha256
    assert len(content) == export.size
    assert taken["Content-Disposition"].startswith("attachment")
    assert export.file_name in taken["Content-Disposition"]
    assert f"{timezone.localtime():%Y%m%d}" in export.file_name


def test_a_pdf_likewise(cast, campaign, sign_in):
    browser = sign_in(cast.specialist)
    ask(browser, campaign, format="pdf")
    export = Export.objects.get()
    assert export.unit == cast.office
    assert tasks.run_export(export.pk) == "done"
    taken = browser.get(page("export_file", export))
    assert b"".join(taken.streaming_content).startswith(b"%PDF")


def test_the_page_is_told_how_far_it_is(cast, export, sign_in):
    browser = sign_in(cast.officer)
    assert browser.get(page("export_progress", export)).json()["finished"] is False
    taken = Export.objects.claim(export.pk)
    exports.Heartbeat(taken)(5, 20, "Ghi chi tiết từng trường")
    said = browser.get(page("export_progress", export)).json()
    assert said["finished"] is False
    assert "Ghi chi tiết từng trường: 5 / 20" in said["html"]
    assert 'value="25"' in said["html"]
    exports.fail(taken, "Hết chỗ trên đĩa.")
    said = browser.get(page("export_progress", export)).json()
    assert said["finished"] is True
    assert "Hết chỗ trên đĩa." in said["html"]


@pytest.mark.parametrize("name", ["export", "export_progress", "export_file"])
def test_a_stranger_sees_none_of_it(cast, export, sign_in, name):
    tasks.run_export(export.pk)
    assert sign_in(cast.stranger_specialist).get(page(name, export)).status_code == 404
    assert sign_in(cast.focal).get(page(name, export)).status_code == 404
    assert Client().get(page(name, export)).status_code == 302
    response = sign_in(cast.auditor).get(page(name, export))
    assert response.status_code == 200
    if response.streaming:
        b"".join(response.streaming_content)


def test_who_may_not_ask_is_refused(cast, campaign, sign_in):
    assert ask(sign_in(cast.focal), campaign).status_code == 403
    assert ask(sign_in(cast.administrator), campaign).status_code == 403
    foreign = {"don-vi": cast.neighbour.code}
    assert ask(sign_in(cast.specialist), campaign, **foreign).status_code == 404
    assert sign_in(cast.officer).get(
        reverse("reporting:export_add", args=[campaign.pk])
    ).status_code == 405  # fmt: skip
    with pytest.raises(PermissionDenied):
        exports.request_consolidated(
            campaign=campaign, unit=cast.neighbour, format="xlsx", by=cast.specialist
        )
    assert not Export.objects.exists()


@pytest.mark.parametrize("format_", ["odt", "", "../../etc/passwd"])
def test_a_tampered_format_is_no_page(cast, campaign, sign_in, format_):
    assert ask(sign_in(cast.officer), campaign, format=format_).status_code == 404
    assert not Export.objects.exists()


def test_a_file_lost_from_the_disk_is_no_page(cast, export, sign_in):
    tasks.run_export(export.pk)
    export.refresh_from_db()
    Path(export.file.path).unlink()
    assert sign_in(cast.officer).get(page("export_file", export)).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_needs_the_same_queries_for_any_number(
    cast, campaign, sign_in, django_assert_num_queries, count
):
    browser = sign_in(cast.officer)
    for _ in range(count):
        ask(browser, campaign)
    with django_assert_num_queries(7):
        assert browser.get(reverse("reporting:exports")).status_code == 200


# One worker at a time


def test_a_job_is_claimed_once(export):
    first = Export.objects.claim(export.pk)
    assert first.state == Export.State.RUNNING
    assert first.attempts == 1
    assert Export.objects.claim(export.pk) is None
    assert tasks.run_export(export.pk) == "taken"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_the_same_moment_one_wins(export):
    start, won = threading.Barrier(4), []

    def worker() -> None:
        start.wait(10)
        try:
            won.append(Export.objects.claim(export.pk))
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for one in workers:
        one.start()
    for one in workers:
        one.join(30)
    assert len(won) == 4
    assert sum(one is not None for one in won) == 1


def test_running_a_finished_job_again_is_harmless(export):
    assert tasks.run_export(export.pk) == "done"
    before = Export.objects.get(pk=export.pk)
    assert tasks.run_export(export.pk) == "taken"
    after = Export.objects.get(pk=export.pk)
    assert (after.file.name, after.finished_at) == (before.file.name, before.finished_at)


def test_an_unknown_job_is_nothing(db):
    assert tasks.run_export(123456) == "taken"


# When it fails


def test_a_builder_that_fails_ends_with_a_sentence(cast, export, sign_in, caplog):
    Export.objects.filter(pk=export.pk).update(filters={"campaign": "da-xoa"})
    assert tasks.run_export(export.pk) == "failed"
    export.refresh_from_db()
    assert export.state == Export.State.FAILED
    assert export.fault.startswith("Có lỗi khi lập tệp")
    assert export.finished_at is not None
    assert f"Export {export.pk} failed" in caplog.text
    said = sign_in(cast.officer).get(page("export", export)).content.decode()
    assert export.fault in said
    assert "DoesNotExist" not in said


def test_a_disk_that_cannot_be_written_ends_with_a_sentence(export, settings, tmp_path, caplog):
    (tmp_path / "file").write_text("not a folder")
    settings.MEDIA_ROOT = tmp_path / "file"
    assert tasks.run_export(export.pk) == "failed"
    assert Export.objects.get(pk=export.pk).state == Export.State.FAILED


# The broker


def test_the_job_is_sent_when_the_request_is_committed(
    cast, campaign, sign_in, queue, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        ask(sign_in(cast.officer), campaign)
        assert queue() == []
    assert queue() == [Export.objects.get().pk]


# The lease


def test_the_sweep_sends_again_what_nobody_works_on(export, queue):
    assert tasks.sweep() == 0  # young: its own message is still under way
    make_stale(export, attempts=1)
    assert tasks.sweep() == 1
    assert queue() == [export.pk]
    assert tasks.run_export(export.pk) == "done"
    export.refresh_from_db()
    assert (export.state, export.attempts) == ("done", 2)


def test_the_sweep_leaves_a_living_worker_alone(export, queue):
    make_stale(export, attempts=1, lease_until=timezone.now() + LEASE)
    assert tasks.sweep() == 0
    assert queue() == []


def test_a_job_whose_worker_died_too_often_is_ended(export, queue):
    make_stale(export, attempts=MAX_ATTEMPTS)
    assert tasks.sweep() == 0
    export.refresh_from_db()
    assert export.state == Export.State.FAILED
    assert export.fault == (
        "Đã thử 3 lần nhưng tiến trình lập tệp bị dừng giữa chừng. Hãy yêu cầu lại."
    )


def test_a_heartbeat_renews_the_lease(export):
    mine = Export.objects.claim(export.pk)
    Export.objects.filter(pk=export.pk).update(lease_until=timezone.now())
    exports.Heartbeat(mine)(1, 2, "Ghi")
    export.refresh_from_db()
    assert export.lease_until > timezone.now() + LEASE / 2


def test_who_lost_the_lease_stops_and_overwrites_nothing(export):
    slow = Export.objects.claim(export.pk)
    make_stale(export)
    assert tasks.run_export(export.pk) == "done"
    kept = Export.objects.get(pk=export.pk)
    with pytest.raises(exports.LostLease):
        exports.Heartbeat(slow)(1, 2, "Ghi")
    with pytest.raises(exports.LostLease):
        exports.build(slow, catalogue.write)
    exports.fail(slow, "Chậm mất rồi.")
    after = Export.objects.get(pk=export.pk)
    assert (after.state, after.sha256, after.fault, after.attempts) == ("done", kept.sha256, "", 2)
    with after.file.open("rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == kept.sha256


def test_an_export_never_claims_to_be_done_without_its_file(export):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(state="done", finished_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(state="failed", fault="")
    assert Export.objects.get(pk=export.pk).state == Export.State.QUEUED
