"""The request or the job that the lines of this thread belong to: the number people can quote."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Caller:
    """Whose lines these are; «-» where nobody asked."""

    request_id: str = "-"
    user_id: int | str = "-"
    worn: str = ""  # person and hat of the pages shown now, see schools.hats


current: ContextVar[Caller] = ContextVar("caller", default=Caller())  # noqa: B039 never written to


def number() -> str:
    """What stands in the log beside a fault, to be said to the person it happened to."""
    return current.get().request_id
