"""Letters of schools: an invitation, a link for a new password. Their words are written when they
are sent, so that the link, a key, stands nowhere else. The event is the outbox.
"""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from schools import outbox
from schools.channels import WORDS, Words
from schools.models import Event, Message, User

INVITE, LINK = "invite", "password_link"
LETTERS = {
    INVITE: ("Lời mời sử dụng cổng edudx", "emails/schools/invitation.txt"),
    LINK: ("Đặt mật khẩu cổng edudx", "emails/schools/password.txt"),
}


def fill() -> None:
    """Register what is told of people."""
    outbox.TELLING[User] = (tuple(LETTERS), _of_person)
    outbox.STILL_TRUE[Message.Kind.ACCESS] = still_true
    WORDS[Message.Kind.ACCESS] = words


def _of_person(event: Event, person: User) -> int:
    subject, _ = LETTERS[event.step]
    if why_not(event, person):
        return 0
    message = Message.objects.create(
        recipient=person, kind=Message.Kind.ACCESS, event=event, subject=subject, sender=event.by,
        day=timezone.localdate(event.at), read_at=event.at,
    )  # fmt: skip
    outbox.put_letter(message)
    return 1


def why_not(event: Event, person: User) -> str:
    """Why this letter is not needed any more; empty while it is."""
    if not person.is_active:
        return "Tài khoản đã ngừng hoạt động."
    if event.step == INVITE and person.has_usable_password():
        return "Người này đã chọn mật khẩu."
    return ""


def still_true(message: Message, now: datetime) -> str:
    return why_not(message.event, message.recipient)


def password_link(person: User) -> str:
    """A link with which this person, once and within seven days, chooses a password."""
    key = urlsafe_base64_encode(force_bytes(person.pk))
    path = reverse("schools:password_set", args=[key, default_token_generator.make_token(person)])
    return f"{settings.SITE_URL}{path}"


def words(message: Message) -> Words:
    person = message.recipient
    said = {"person": person, "event": message.event, "link": password_link(person)}
    return Words(render_to_string(LETTERS[message.event.step][1], said))
