"""Jobs of schools. Running one twice is harmless: told events and leases decide."""

from celery import shared_task

from schools import outbox


@shared_task
def tell() -> str:
    """Events become messages, and messages that are due go out."""
    told, tally = outbox.tell(), outbox.deliver()
    sent = f"sent {len(tally.sent)}, refused {tally.refused}, waiting {tally.waiting}"
    return f"told {told}, {sent}"
