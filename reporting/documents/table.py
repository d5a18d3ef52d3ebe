"""A table on its way to a file: columns with a kind, rows that are read once."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

Progress = Callable[[int, int, str], None]  # done, total, what is being done


def silent(done: int, total: int, doing: str) -> None:
    """For callers that show no progress."""


@dataclass(frozen=True)
class Column:
    """kind: text, number, integer, moment or day; `band` is a heading over several columns."""

    title: str
    width: int = 12
    kind: str = "text"
    band: str = ""


class TotalRow(tuple[Any, ...]):
    """A row written in bold: a subtotal or the total."""

    __slots__ = ()


@dataclass(frozen=True)
class BarChart:
    """Beside the table: a bar per row of its first column, stacked from these columns."""

    title: str
    values: tuple[int, ...]
    is_falling: bool = False


@dataclass(frozen=True)
class Table:
    """`rows` may be a generator; `above` are lines over the heading."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    above: Sequence[str] = ()
    frozen_columns: int = 0
    chart: BarChart | None = None
