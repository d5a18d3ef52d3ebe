"""Jobs of plans. Running one twice is harmless: ledger and leases decide."""

from datetime import datetime

from celery import shared_task

from plans import reminders


@shared_task
def remind(at: str | None = None) -> str:
    """Reminders that are due, and every message still on its way; `at` is a moment of the past."""
    tally = reminders.remind(datetime.fromisoformat(at) if at else None)
    return f"sent {len(tally.sent)}, refused {tally.refused}, waiting {tally.waiting}"
