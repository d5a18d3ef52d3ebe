"""The inbox, the search of the top bar, and channels other than mail against real servers."""

import hashlib
import hmac
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from schools import outbox
from schools.models import Delivery, Message
from tests import make, plan_world
from tests.assessments.browse import text

LINE = {"text": "Nộp kế hoạch", "url": "/nhiem-vu/", "tone": ""}


def letter(person, **fields) -> Message:
    outbox.notify([person], subject="Có việc mới", lines=[LINE])
    return Message.objects.filter(recipient=person).latest("pk")


# Inbox


def test_opening_is_reading_and_all_can_be_read_at_once(cast, sign_in):
    client = sign_in(cast.focal)
    first = letter(cast.focal)
    letter(cast.focal)
    assert '<span class="count">2</span>' in text(client.get("/"))
    assert "Nộp kế hoạch" in text(client.get(first.get_absolute_url()))
    assert text(client.get("/thu/?loc=chua-doc")).count("Có việc mới") == 1
    client.post("/thu/doc-het/")
    assert '<span class="count">' not in text(client.get("/"))


def test_nobody_reads_anothers_letters(cast, sign_in):
    mine = letter(cast.focal)
    for who in (cast.head, cast.specialist, cast.stranger, cast.administrator):
        assert sign_in(who).get(mine.get_absolute_url()).status_code == 404
    sign_in(cast.head).post("/thu/doc-het/")
    mine.refresh_from_db()
    assert mine.read_at is None


# Search


def test_the_search_finds_with_and_without_marks_and_stays_inside(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, "II.1")
    page = text(sign_in(cast.focal).get("/tim/?tim=nop bao cao"))
    assert plan.tasks.get().get_absolute_url() in page
    assert "Nộp báo cáo II.1" in text(sign_in(cast.focal).get("/tim/?tim=NỘP+BÁO+CÁO"))
    page = text(sign_in(cast.stranger).get("/tim/?tim=nop bao cao"))
    assert "Không tìm thấy" in page
    assert "II.1" not in page
    assert "Ghi tên đơn vị" in text(sign_in(cast.focal).get("/tim/"))


# Channels


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.headers, body))
        self.send_response(self.server.answer)
        self.end_headers()

    def log_message(self, *_) -> None:
        pass


@contextmanager
def receiver():
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.taken, server.answer = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hook(settings):
    with receiver() as server:
        settings.MESSAGE_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/"
        settings.MESSAGE_WEBHOOK_SECRET = "bi-mat"
        yield server


def sent_through(channel: str) -> Delivery:
    return Delivery.objects.get(channel=channel)


def test_a_webhook_gets_signed_json(cast, hook):
    outbox.put(letter(cast.focal))
    outbox.deliver()
    ((headers, body),) = hook.taken
    good = hmac.new(b"bi-mat", body, hashlib.sha256).hexdigest()
    assert headers["X-Edudx-Signature"] == f"sha256={good}"
    said = json.loads(body)
    assert (said["to"], said["subject"]) == (cast.focal.email, "Có việc mới")
    assert said["lines"][0]["url"].endswith("/nhiem-vu/?tu-thu=1")
    assert sent_through("webhook").state == "sent"


@pytest.mark.parametrize(
    ("answer", "state"), [(503, "queued"), (429, "queued"), (400, "bounced"), (404, "bounced")]
)
def test_a_webhook_that_refuses_waits_or_ends(cast, hook, answer, state):
    hook.answer = answer
    outbox.put(letter(cast.focal))
    outbox.deliver()
    assert sent_through("webhook").state == state
    assert str(answer) in sent_through("webhook").fault
    assert sent_through("email").state == "sent"  # the other way is not held up


def test_zalo_is_off_until_it_is_given_and_then_speaks_its_form(cast, settings):
    message = letter(cast.focal)
    outbox.put(message)
    assert not Delivery.objects.filter(channel="zalo").exists()
    with receiver() as server:
        settings.ZALO_OA_TOKEN, settings.ZALO_OA_URL = (
            "the-bai",
            f"http://127.0.0.1:{server.server_port}/",
        )
        cast.focal.zalo_id = "84912"
        cast.focal.save(update_fields=["zalo_id"])
        outbox.put(Message.objects.get(pk=message.pk))
        outbox.deliver()
        ((headers, body),) = server.taken
    assert headers["access_token"] == "the-bai"
    assert json.loads(body)["recipient"] == {"user_id": "84912"}
    assert "Nộp kế hoạch" in json.loads(body)["message"]["text"]


def test_a_letters_link_to_the_work_of_another_post_puts_that_hat_on_and_says_so(cast, sign_in):
    """A typed address opens under the hat that is on, or not at all; no post, no page."""
    person = make.person(cast.school, "focal_point")
    person.memberships.create(unit=cast.stranger_school, role="focal_point")
    plan = plan_world.issued(cast.neighbour, cast.stranger_head)
    other = plan_world.issued(cast.office, cast.office_head)
    row = plan_world.row_of(plan, cast.stranger_school)
    client = sign_in(person)
    assert client.get(row.get_absolute_url()).status_code == 404
    outbox.notify(
        [person], subject="Có việc", lines=[{"text": "Nộp", "url": row.get_absolute_url()}]
    )
    inside = text(client.get(Message.objects.get(recipient=person).get_absolute_url()))
    assert f'href="{row.get_absolute_url()}?tu-thu=1"' in inside
    page = client.get(f"{row.get_absolute_url()}?tu-thu=1", follow=True)
    assert page.redirect_chain == [(row.get_absolute_url(), 302)]
    assert "bạn đang dùng vai trò đó" in text(page)
    assert str(cast.stranger_school.name) in text(client.get("/"))
    hidden = plan_world.row_of(other, cast.sibling).get_absolute_url()
    assert client.get(f"{hidden}?tu-thu=1").status_code == 404
    assert str(cast.stranger_school.name) in text(client.get("/"))
