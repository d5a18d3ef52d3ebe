"""A grid as HTML on a page, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from reporting.documents import charts
from reporting.documents.paper import Block, Column, Grid, Text


@dataclass(frozen=True)
class ShownGrid:
    """A Grid as the template prints it: heads as (text, columns, rows), lines with their cells."""

    grid: Grid

    @property
    def columns(self) -> tuple[Column, ...]:
        return self.grid.columns

    @property
    def widths(self) -> list[int]:
        return [one.width for one in self.columns]

    @property
    def title(self) -> str:
        return self.grid.title

    @property
    def empty(self) -> str:
        return self.grid.empty

    @property
    def head(self) -> list[list[tuple[str, int, int]]]:
        if not any(one.band for one in self.columns):
            return [[(one.title, 1, 1) for one in self.columns]]
        upper: list[tuple[str, int, int]] = []
        for band, run in groupby(self.columns, key=lambda one: one.band):
            columns = list(run)
            upper += [(band, len(columns), 1)] if band else [(one.title, 1, 2) for one in columns]
        return [upper, [(one.title, 1, 1) for one in self.columns if one.band]]

    @property
    def lines(self) -> Iterator[tuple[bool, list[tuple[str, bool, int]]]]:
        """(is bold, its cells as (text, is a number, columns))."""
        first_total = len(self.grid.rows) - self.grid.totals
        for place, row in enumerate(self.grid.rows):
            if len(row) == 1 < len(self.columns):
                yield True, [(row[0], False, len(self.columns))]
                continue
            pairs = zip(row, self.columns, strict=True)
            yield place >= first_total, [(text, one.is_number, 1) for text, one in pairs]


def shown(blocks: tuple[Block, ...]) -> list[tuple[str, object]]:
    """The kind of each block beside what its template needs."""
    found: list[tuple[str, object]] = []
    for one in blocks:
        if isinstance(one, Text):
            found.append(("text", one))
        elif isinstance(one, Grid):
            found.append(("grid", ShownGrid(one)))
        else:
            found.append(("chart", charts.drawn(one)))
    return found
