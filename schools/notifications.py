"""Mails of schools: their words stand in templates/emails/schools/."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from schools.models import Event, User


def password_link(person: User) -> str:
    """A link with which this person, once and within seven days, chooses a password."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("schools:password_set", args=[key, default_token_generator.make_token(person)])
    return f"{settings.SITE_URL}{path}"


def send_password_link(person: User) -> None:
    text = render_to_string(
        "emails/schools/password.txt", {"person": person, "link": password_link(person)}
    )
    send_mail("Đặt mật khẩu cổng edudx", text, None, [person.email])


def send_invitation(event: Event) -> None:
    person = event.subject
    text = render_to_string(
        "emails/schools/invitation.txt",
        {"person": person, "event": event, "link": password_link(person)},
    )
    send_mail("Lời mời sử dụng cổng edudx", text, None, [person.email])
