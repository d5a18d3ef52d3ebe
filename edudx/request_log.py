"""One line a request, and on every line whose request it is. Ids only: no person is in the log."""

import logging
import re
import secrets
import time

from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from edudx.lib.caller import Caller, current

log = logging.getLogger("edudx.request")
WELL_FORMED = re.compile(r"[A-Za-z0-9-]{8,64}")
NUMBER = re.compile(r"<int:(\w+)>")
HIDDEN = (  # what an exception's own words may hold
    (re.compile(r"[^\s@<>\"'(){}\[\]=,;/]+@[\w.-]+"), "(e-mail)"),
    (re.compile(r"(https?://[^/\s]+/)[^\s'\")]+"), r"\1…"),
    (re.compile(r"(DETAIL: ).*"), r"\1(hidden)"),  # PostgreSQL shows the row
)


class RequestLogMiddleware:
    """The outermost: a number for each request, given back in a header, and its line at the end."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        number = given if WELL_FORMED.fullmatch(given) else secrets.token_hex(6)
        token = current.set(Caller(number))
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = number
            spent = 1000 * (time.perf_counter() - began)
            said = request.method, address(request), response.status_code, spent
            log.info("%s %s %d %.0f ms", *said)
            return response
        finally:
            current.reset(token)


class WhoMiddleware:
    """Below the authentication: whose request it is, or has become by signing in."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request):
        caller = current.get()
        caller.user_id = request.user.pk or "-"
        response = self.get_response(request)
        caller.user_id = request.user.pk or caller.user_id  # signing out leaves nobody
        return response


def address(request: HttpRequest) -> str:
    """The route with its numbers filled in. Its texts stay names: they may be somebody's key."""
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:  # whatever was typed
        return f"{settings.STATIC_URL}…" if request.path.startswith(settings.STATIC_URL) else "-"
    return "/" + NUMBER.sub(lambda found: str(match.kwargs[found[1]]), match.route)


class CallerFilter(logging.Filter):
    """Puts the caller on every record; where Django wrote a path (always last), the route."""

    def filter(self, record: logging.LogRecord) -> bool:
        caller = current.get()
        record.request_id, record.user_id = caller.request_id, caller.user_id
        request = getattr(record, "request", None)
        if isinstance(request, HttpRequest) and record.args:
            record.args = (*record.args[:-1], address(request))
        return True


class LineFormatter(logging.Formatter):
    """Time, level, request, user, who says it, what; e-mails, links and rows of others left out."""

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)s request=%(request_id)s user=%(user_id)s %(name)s: "
            "%(message)s",
            "%Y-%m-%dT%H:%M:%S%z",
        )

    def format(self, record: logging.LogRecord) -> str:
        said = super().format(record)
        for pattern, instead in HIDDEN:
            said = pattern.sub(instead, said)
        return said
