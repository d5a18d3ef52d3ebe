"""One line of the home page: what waits, where to do it. Each app says its own in `todo.py`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Todo:
    """One thing: a sentence, where to do it, since when it waits, until when it has time."""

    text: str
    url: str
    button: str
    due_at: datetime | None
    order: datetime
    notice: str = ""
