"""How long what failed waits before it is tried again, and when it is not tried any more."""

from datetime import timedelta

MOST_TRIES = 100  # four days: longer than a mail server that dies on a Friday evening
LONGEST_WAIT = timedelta(hours=1)


def wait(tries: int) -> timedelta:
    """After so many tries: 1, 2, 4 … minutes, never more than an hour."""
    return min(timedelta(minutes=2 ** min(max(tries, 1) - 1, 10)), LONGEST_WAIT)
