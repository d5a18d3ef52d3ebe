"""What the portal writes down of what people do: enough to follow it, nothing about a person."""

import io
import logging
import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError
from django.test import Client
from django.urls import path, reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from edudx import celery_app, urls
from plans.exchange import ical
from reporting.tasks import run_export

LINE = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0700) (?P<level>[A-Z]+) request=(?P<request>\S+) "
    r"user=(?P<user>\S+) (?P<logger>[\w.]+): (?P<said>.*)"
)
handler404 = urls.handler404
handler500 = urls.handler500


DUPLICATE = (
    "duplicate key\nDETAIL: Key (email, name)=(lan@truong.example, Nguyễn Thị Lan) exists\n"
    "at https://cong.example/mat-khau/NA/token/ of minh@truong.example"
)


def broken(request):
    raise IntegrityError(DUPLICATE)


urlpatterns = [path("hong/", broken), *urls.urlpatterns]


class Written:
    """What the portal's own handler has written since."""

    def __init__(self) -> None:
        self.out = io.StringIO()

    def __str__(self) -> str:
        return self.out.getvalue()

    def lines(self, logger: str) -> list[dict]:
        found = [LINE.fullmatch(line) for line in str(self).splitlines()]
        return [one.groupdict() for one in found if one and one["logger"] == logger]

    def line(self, logger: str = "edudx.request") -> dict:
        (one,) = self.lines(logger)
        return one


@pytest.fixture
def written():
    """As with LOG_LEVEL=INFO, read here and not from stderr."""
    (handler,) = [one for one in logging.getLogger().handlers if one.name == "stderr"]
    here, level = Written(), handler.level
    handler.setLevel("INFO")
    stream = handler.setStream(here.out)
    yield here
    handler.setStream(stream)
    handler.setLevel(level)


def said(line: dict) -> str:
    """Without the milliseconds, which must be there."""
    assert re.search(r" \d+ ms$", line["said"])
    return line["said"].rpartition(" ms")[0].rpartition(" ")[0]


# One line a request


def test_a_page_leaves_one_line_with_who_asked_and_nothing_about_them(cast, sign_in, written):
    browser = sign_in(cast.officer)
    answer = browser.get(f"/don-vi/{cast.school.pk}/", {"q": "Nguyễn Văn An 0912345678"})
    assert answer.status_code == 200
    line = written.line()
    assert said(line) == f"GET /don-vi/{cast.school.pk}/ 200"
    assert (line["level"], line["user"]) == ("INFO", str(cast.officer.pk))
    assert line["request"] == answer["X-Request-ID"]
    for hidden in (cast.officer.email, cast.officer.full_name, "127.0.0.1", "0912345678", "q="):
        assert hidden not in str(written)


def test_a_stranger_leaves_a_line_too(cast, client, sign_in, written):
    sign_in(cast.stranger).get(f"/don-vi/{cast.school.pk}/")
    client.get("/ke-hoach/")
    client.get("/khong-co/nguyen-van-an@truong.example/")
    first, second, third = written.lines("edudx.request")
    assert said(first) == f"GET /don-vi/{cast.school.pk}/ 404"
    assert first["user"] == str(cast.stranger.pk)
    assert (said(second), second["user"]) == ("GET /ke-hoach/ 302", "-")
    assert (said(third), third["user"]) == ("GET - 404", "-")
    assert len({one["request"] for one in (first, second, third)}) == 3


def test_a_file_of_the_frame_leaves_a_line_without_its_name(client, written):
    answer = client.get("/static/css/app.css")
    assert b"{" in b"".join(answer.streaming_content)
    assert said(written.line()) == "GET /static/… 200"


def test_a_request_is_called_as_the_proxy_calls_it(client, db, written):
    answer = client.get("/dang-nhap/", headers={"X-Request-ID": "Proxy-0123456789"})
    assert answer["X-Request-ID"] == written.line()["request"] == "Proxy-0123456789"


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f", "an@truong.example", "ế" * 9]
)
def test_a_number_that_is_not_well_formed_is_replaced(client, db, written, given):
    answer = client.get("/dang-nhap/", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{12}", answer["X-Request-ID"])
    assert written.line()["request"] == answer["X-Request-ID"]
    assert not given or given not in str(written)


# Secrets and people


def test_the_address_typed_at_the_door_appears_nowhere(cast, client, settings, written):
    typed = {"username": cast.head.email, "password": "sai-mat-khau"}
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        client.post("/dang-nhap/", typed)
    assert [one["user"] for one in written.lines("edudx.request")] == ["-"] * 9
    assert said(written.lines("edudx.request")[-1]) == "POST /dang-nhap/ 429"
    for hidden in (cast.head.email, cast.head.email.split("@")[0], "sai-mat", "127.0.0.1"):
        assert hidden not in str(written)


def test_who_signs_in_or_out_is_a_number(cast, client, written):
    cast.head.set_password("Mat-khau-dai-2026")
    cast.head.save(update_fields=["password"])
    client.post("/dang-nhap/", {"username": cast.head.email, "password": "Mat-khau-dai-2026"})
    client.post("/dang-xuat/")
    assert [said(one) for one in written.lines("edudx.request")] == [
        "POST /dang-nhap/ 302", "POST /dang-xuat/ 302",
    ]  # fmt: skip
    assert [one["user"] for one in written.lines("edudx.request")] == [str(cast.head.pk)] * 2
    assert cast.head.email not in str(written)


def test_a_link_that_sets_a_password_is_not_written_whole(cast, client, written):
    uid = urlsafe_base64_encode(force_bytes(cast.head.pk))
    token = default_token_generator.make_token(cast.head)
    link = reverse("schools:password_set", args=[uid, token])
    client.get(link)
    assert said(written.line()) == "GET /mat-khau/<uidb64>/<token>/ 302"
    Client(enforce_csrf_checks=True).post(link)  # Django writes a line of its own
    refused = written.line("django.security.csrf")["said"]
    assert refused == "Forbidden (CSRF cookie not set.): /mat-khau/<uidb64>/<token>/"
    assert token not in str(written)


def test_a_private_calendar_is_not_written_whole(cast, client, written):
    key = ical.new_key(cast.head)
    client.get(f"/lich/{key}.ics")
    client.get(f"/lich/{key}x.ics")
    client.get(f"/lich/{key}")
    assert [said(one) for one in written.lines("edudx.request")] == [
        "GET /lich/<str:key>.ics 200", "GET /lich/<str:key>.ics 404", "GET - 404",
    ]  # fmt: skip
    assert key not in str(written)


# What went wrong


def test_an_error_is_written_with_its_number_and_the_page_says_it(cast, settings, written):
    settings.ROOT_URLCONF = __name__
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.head, backend="schools.backends.EmailBackend")
    answer = browser.get("/hong/?q=bi-mat")
    assert answer.status_code == 500
    number = answer["X-Request-ID"]
    assert f"mã số <code>{number}</code>; báo mã này khi cần hỗ trợ" in answer.content.decode()
    fault = written.line("django.request")
    assert (fault["level"], fault["request"], fault["user"]) == ("ERROR", number, str(cast.head.pk))
    assert fault["said"] == "Internal Server Error: /hong/"
    assert said(written.line()) == "GET /hong/ 500"
    assert "Traceback" in str(written)
    assert "in broken" in str(written)
    for hidden in ("q=", "bi-mat", cast.head.email, "@truong", "Nguyễn Thị Lan", "/NA/token/"):
        assert hidden not in str(written)


def test_whoever_may_not_reads_the_number_of_the_refusal(cast, sign_in, written):
    answer = sign_in(cast.focal).get(reverse("plans:operations"))
    assert answer.status_code == 403
    page = answer.content.decode()
    assert f"Mã số <code>{written.line()['request']}</code>; báo mã này" in page


# Jobs


def test_a_job_leaves_one_line_with_its_name_number_and_end(db, written):
    done = run_export.apply(args=[0])
    line = written.line("edudx.job")
    assert said(line) == f"reporting.tasks.run_export {done.id} SUCCESS"
    assert line["request"] == done.id


def test_a_job_that_fails_says_so_with_the_traceback(written):
    @celery_app.task(name="tests.broken")
    def fall() -> None:
        broken(None)

    fall.apply()
    celery_app.tasks.pop("tests.broken")
    assert " FAILURE " in written.line("edudx.job")["said"]
    assert written.line("celery.app.trace")["level"] == "ERROR"
    assert "in broken" in str(written)
    for hidden in ("@truong", "Nguyễn Thị Lan", "/NA/token/"):
        assert hidden not in str(written)
