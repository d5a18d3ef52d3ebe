"""The ways a message leaves the portal. A channel that is not configured is off.

Each channel says whether it is on, the address of a person, and sends one delivery. It raises Away
when its server cannot be reached (everything waits) and Refused when this message will never go.
"""

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from smtplib import (
    SMTPConnectError,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPServerDisconnected,
)
from socket import gaierror

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from schools.models import Delivery, Message, User

TIMEOUT = 10  # seconds
AWAY = (SMTPServerDisconnected, SMTPConnectError, ConnectionError, TimeoutError, gaierror)
PERMANENT = range(500, 600)


class Away(Exception):
    """The channel's server is not there now."""


class Refused(Exception):
    """The server will not take this message; its text is the server's."""


def content(message: Message) -> dict:
    """What the templates of a message say; links open the thing itself."""
    lines = [{**line, "url": f"{settings.SITE_URL}{line['url']}"} for line in message.links]
    inbox = f"{settings.SITE_URL}{message.get_absolute_url()}"
    return {"message": message, "person": message.recipient, "lines": lines, "inbox": inbox}


class Email:
    name, label = "email", "Thư điện tử"

    @staticmethod
    def address(person: User) -> str:
        return person.email if person.wants_email else ""

    @staticmethod
    def send(delivery: Delivery) -> None:
        """Text and HTML; the same Message-ID at every try, so that a mail server knows its twin."""
        said = content(delivery.message)
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(">")
        mail = EmailMultiAlternatives(
            delivery.message.subject,
            render_to_string("emails/schools/message.txt", said),
            to=[delivery.address],
            headers={"Message-ID": f"<edudx-{delivery.pk}@{domain}>"},
        )
        mail.attach_alternative(render_to_string("emails/schools/message.html", said), "text/html")
        try:
            mail.send()
        except SMTPRecipientsRefused as fault:
            code, text = next(iter(fault.recipients.values()))
            raise (Refused if code in PERMANENT else Away)(_words(code, text)) from fault
        except SMTPDataError as fault:
            kind = Refused if fault.smtp_code in PERMANENT else Away
            raise kind(_words(fault.smtp_code, fault.smtp_error)) from fault
        except (*AWAY, SMTPException) as fault:
            raise Away(str(fault)) from fault


def _words(code: int, text) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else str(text)
    return f"{code} {said}"


class _Posted:
    """A channel that posts JSON to one address of the installation's settings."""

    @classmethod
    def post(cls, url: str, body: dict, headers: dict[str, str]) -> None:
        request = urllib.request.Request(  # noqa: S310 the address is the installation's own
            url, json.dumps(body, ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8", **headers},
        )  # fmt: skip
        try:
            urllib.request.urlopen(request, timeout=TIMEOUT).close()  # noqa: S310
        except urllib.error.HTTPError as fault:
            kind = Refused if 400 <= fault.code < 500 and fault.code != 429 else Away
            raise kind(f"{fault.code} {fault.reason}") from fault
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
