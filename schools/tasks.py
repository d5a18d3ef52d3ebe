"""Jobs of schools. Running one twice is harmless: told events and leases decide."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from edudx.lib import stored_files
from schools import outbox
from schools.models import Posting

FORM_AGE = timedelta(days=7)
ORPHAN_AGE = timedelta(days=1)  # no request and no job takes so long


@shared_task
def tell() -> str:
    """Events become messages, and messages that are due go out."""
    told, tally = outbox.tell(), outbox.deliver()
    sent = f"sent {len(tally.sent)}, refused {tally.refused}, waiting {tally.waiting}"
    return f"told {told}, {sent}"


@shared_task
def forget_forms() -> int:
    """Forms posted long ago, whose pages nobody has open any more; how many."""
    forgotten, _ = Posting.objects.filter(at__lt=timezone.now() - FORM_AGE).delete()
    return forgotten


@shared_task
def sweep_files() -> int:
    """Remove what a killed process wrote before its row was committed; how many files."""
    return stored_files.sweep(timezone.now() - ORPHAN_AGE)
