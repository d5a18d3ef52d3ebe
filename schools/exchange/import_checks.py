"""What a workbook says twice of one key, and what it says in letters of an old font."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from edudx.lib.text import one_line
from edudx.lib.workbooks import Row

FEW = 20  # warnings that somebody reads


def lines(found: Iterable[Row]) -> list[Row]:
    """All rows; nothing in them has several lines."""
    return [
        replace(row, cells={key: one_line(text) for key, text in row.cells.items()})
        for row in found
    ]


@dataclass
class Told:
    """What the rows so far said of each key (a code, an address), by heading, and in which row."""

    first: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def otherwise(self, key: str, facts: dict[str, str], row: Row) -> Iterator[str]:
        """A sentence for each fact that an earlier row told otherwise; an empty cell tells none."""
        for heading, text in facts.items():
            if not (key and text):
                continue
            before, number = self.first.setdefault((key.casefold(), heading), (text, row.number))
            if before != text:
                yield (
                    f"«{key}» có hai «{heading}» trong tệp: "
                    f"«{before}» (dòng {number}) và «{text}» (dòng {row.number})."
                )


def doubts(rows: list[Row], columns: dict[str, str]) -> list[str]:
    """A warning for each cell in an old font or wrongly decoded, with what it may have said."""
    found = [
        f"{row.where}: «{columns[key]}» {said}." for row in rows for key, said in row.doubts.items()
    ]
    more = [f"Còn {len(found) - FEW} ô khác như vậy."] if len(found) > FEW else []
    return found[:FEW] + more
