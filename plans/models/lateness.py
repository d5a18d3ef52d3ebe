"""When an assignment is in time, late, overdue: said once for every count and list.

`of` is the way from the row to the assignment, «assignments__»; a due instant is a full second.
"""

from datetime import datetime

from django.db.models import F, Q
from django.utils import timezone


def in_time(of: str = "") -> Q:
    """Handed in by its due instant."""
    return Q(**{f"{of}handed_in_at__lte": F(f"{of}due_at")})


def late(of: str = "") -> Q:
    """Handed in after its due instant; for ever."""
    return Q(**{f"{of}handed_in_at__gt": F(f"{of}due_at")})


def overdue(of: str = "", now: datetime | None = None) -> Q:
    """Not handed in though its due instant has passed, now or at another moment."""
    now = (now or timezone.now()).replace(microsecond=0)
    return Q(**{f"{of}handed_in_at": None, f"{of}due_at__lt": now})
