"""Jobs of plans. Running one twice is harmless: ledger, leases and announced events decide."""

from celery import shared_task

from plans import notifications, reminding


@shared_task
def remind() -> str:
    """Reminders that are due, and every message still on its way."""
    tally = reminding.remind()
    return f"sent {len(tally.sent)}, refused {tally.refused}, waiting {tally.waiting}"


@shared_task
def announce() -> int:
    """Notices into the inboxes."""
    return notifications.announce()
