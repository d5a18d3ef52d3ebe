"""Jobs of schools. The event row is the outbox: what it has to tell is told once."""

import logging
from datetime import timedelta
from smtplib import SMTPConnectError, SMTPServerDisconnected
from socket import gaierror

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from schools import notifications
from schools.models import Event

log = logging.getLogger(__name__)


WAIT = timedelta(hours=1)  # before a message that was refused is tried once more
AWAY = (SMTPServerDisconnected, SMTPConnectError, ConnectionError, TimeoutError, gaierror)


@shared_task
def announce() -> int:
    """Send invitations and links still due; a mailer that is down leaves them for the next run."""
    sent = 0
    for pk in Event.objects.to_announce().values_list("pk", flat=True)[:200]:
        try:
            sent += announce_one(pk)
        except AWAY as fault:
            log.warning("The mail server is away; event %s waits: %s", pk, fault)
            break
        except (OSError, ValueError) as fault:  # this message alone; the others go on
            log.warning("The mail of event %s is refused: %s", pk, fault)
            Event.objects.filter(pk=pk).update(try_again_at=timezone.now() + WAIT)
    return sent


@transaction.atomic
def announce_one(pk: int) -> bool:
    """Hold the row while its mail goes out, so that two workers never send it twice."""
    event = Event.objects.select_for_update(of=("self",)).to_announce().filter(pk=pk).first()
    if event is None:
        return False
    person = event.subject
    if event.step == "password_link" and person.is_active:
        notifications.send_password_link(person)
    elif person.is_active and not person.has_usable_password():
        notifications.send_invitation(event)
    event.announced_at = timezone.now()
    event.save(update_fields=["announced_at"])
    return True
