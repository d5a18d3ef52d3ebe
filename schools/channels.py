"""The ways a message leaves the portal. A channel that is not configured is off.

Each channel says whether it is on and the address of a person; `open` is the way to its server for
one run, which carries deliveries. It raises Away when the server cannot be reached (everything
waits), Deferred when this message must wait alone, Refused when this message will never go.
"""

import contextlib
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from smtplib import (
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string

from edudx.lib.text import one_line, writable
from schools.models import Delivery, Message, User

TIMEOUT = 10  # seconds
PERMANENT = range(500, 600)
CLOSING = 421  # «service not available, closing the channel»: the server, whoever it is said to
NO_AUTHENTICATION = (530, 534, 535, 538)


class Away(Exception):
    """The channel's server is not there now."""


class Deferred(Exception):
    """Not this message, not now; the others may go."""


class Refused(Exception):
    """The server will not take this message; its text is the server's."""


@dataclass(frozen=True)
class Words:
    """What a letter says; `html` may be empty."""

    text: str
    html: str = ""


def content(message: Message) -> dict:
    """What the templates of a message say; links open the thing itself."""
    lines = [{**line, "url": f"{settings.SITE_URL}{line['url']}"} for line in message.links]
    inbox = f"{settings.SITE_URL}{message.get_absolute_url()}"
    return {"message": message, "person": message.recipient, "lines": lines, "inbox": inbox}


def _words_of_lines(message: Message) -> Words:
    said = content(message)
    return Words(
        render_to_string("emails/schools/message.txt", said),
        render_to_string("emails/schools/message.html", said),
    )


# Kind of message → its words, written when it is sent, where they are not its lines.
WORDS: dict[str, Callable[[Message], Words]] = {}


class Email:
    name, label = "email", "Thư điện tử"

    @staticmethod
    def address(person: User) -> str:
        return person.email if person.wants_email else ""

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Callable[[Delivery], None]]:
        """One connection for all letters of a run."""
        connection = get_connection(timeout=TIMEOUT)
        try:
            connection.open()
        except Exception as fault:  # no route, no name, a bad certificate, a wrong password …
            raise Away(str(fault)) from fault
        try:
            yield lambda delivery: cls.send(delivery, connection)
        finally:
            with contextlib.suppress(Exception):  # the server may have closed it long ago
                connection.close()

    @classmethod
    def send(cls, delivery: Delivery, connection) -> None:
        letter = cls.letter(delivery, connection)
        try:
            letter.send()
        except SMTPRecipientsRefused as fault:
            raise _verdict(*next(iter(fault.recipients.values()))) from fault
        except SMTPSenderRefused as fault:
            raise _verdict_of_sender(fault.smtp_code, fault.smtp_error) from fault
        except SMTPDataError as fault:
            raise _verdict(fault.smtp_code, fault.smtp_error) from fault
        except (SMTPServerDisconnected, ConnectionError, TimeoutError) as fault:
            raise Away(str(fault)) from fault
        except (OSError, SMTPException) as fault:
            raise Deferred(str(fault)) from fault

    @staticmethod
    def letter(delivery: Delivery, connection) -> EmailMultiAlternatives:
        """The same Message-ID at every try, so that a mail server knows its twin."""
        message = delivery.message
        words = WORDS.get(message.kind, _words_of_lines)(message)
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
        letter = EmailMultiAlternatives(
            one_line(message.subject), writable(words.text), to=[delivery.address],
            connection=connection, headers={"Message-ID": f"<edudx-{delivery.pk}@{domain}>"},
        )  # fmt: skip
        if words.html:
            letter.attach_alternative(writable(words.html), "text/html")
        return letter


def _verdict(code: int, text) -> Exception:
    """What the server's answer to one letter means: RFC 5321, 4.2."""
    said = f"{code} {text.decode(errors='replace') if isinstance(text, bytes) else text}"
    if code == CLOSING:
        return Away(said)
    return Refused(said) if code in PERMANENT else Deferred(said)


def _verdict_of_sender(code: int, text) -> Exception:
    """It is our address that is refused: no letter is to blame, none is given up for it."""
    verdict = _verdict(code, text)
    if code in NO_AUTHENTICATION:
        return Away(str(verdict))
    return Deferred(str(verdict)) if isinstance(verdict, Refused) else verdict


OUR_FAULT = (401, 403)  # the token is not valid any more
LATER = (408, 425, 429, 502, 503, 504)  # the server is not there, or asks to come back


def _verdict_of_post(fault: urllib.error.HTTPError) -> Exception:
    said = f"{fault.code} {fault.reason}"
    if fault.code in (*OUR_FAULT, *LATER):
        return Away(said)
    return Refused(said) if fault.code < 500 else Deferred(said)


class _Posted:
    """A channel that posts JSON to one address of the installation's settings."""

    @classmethod
    @contextmanager
    def open(cls) -> Iterator[Callable[[Delivery], None]]:
        yield cls.send

    @classmethod
    def post(cls, url: str, body: dict, headers: dict[str, str]) -> None:
        request = urllib.request.Request(  # noqa: S310 the address is the installation's own
            url, json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8", **headers},
        )  # fmt: skip
        try:
            urllib.request.urlopen(request, timeout=TIMEOUT).close()  # noqa: S310
        except urllib.error.HTTPError as fault:
            raise _verdict_of_post(fault) from fault
        except (OSError, ValueError) as fault:
            raise Away(str(fault)) from fault


class Webhook(_Posted):
    """Every message as JSON to MESSAGE_WEBHOOK_URL, signed with MESSAGE_WEBHOOK_SECRET."""

    name, label = "webhook", "Webhook"

    @staticmethod
    def address(person: User) -> str:
        return person.email if settings.MESSAGE_WEBHOOK_URL else ""

    @classmethod
    def send(cls, delivery: Delivery) -> None:
        said = content(delivery.message)
        body = {
            "id": delivery.pk,
            "to": delivery.address,
            "subject": delivery.message.subject,
            "text": delivery.message.text,
            "lines": said["lines"],
        }
        text = json.dumps(body, ensure_ascii=False).encode()
        key = settings.MESSAGE_WEBHOOK_SECRET.encode()
        signature = hmac.new(key, text, hashlib.sha256).hexdigest()
        cls.post(settings.MESSAGE_WEBHOOK_URL, body, {"X-Edudx-Signature": f"sha256={signature}"})


class Zalo(_Posted):
    """A text of an official account (Zalo OA); off until ZALO_OA_TOKEN is given."""

    name, label = "zalo", "Zalo"

    @staticmethod
    def address(person: User) -> str:
        return person.zalo_id if settings.ZALO_OA_TOKEN else ""

    @classmethod
    def send(cls, delivery: Delivery) -> None:
        said = content(delivery.message)
        text = render_to_string("emails/schools/message.txt", said)
        body = {"recipient": {"user_id": delivery.address}, "message": {"text": text[:2000]}}
        cls.post(settings.ZALO_OA_URL, body, {"access_token": settings.ZALO_OA_TOKEN})


CHANNELS = {one.name: one for one in (Email, Webhook, Zalo)}
