"""Sums of targets: ratios by their two parts, missing never zero. Pure arithmetic."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from edudx.lib.ratios import percent_of


@dataclass(frozen=True)
class Total:
    """`value` is None while nothing is reported or the whole is nothing; `of` units expected."""

    numerator: Decimal
    denominator: Decimal | None
    reported: int
    of: int
    value: Decimal | None

    @property
    def is_complete(self) -> bool:
        return self.reported == self.of


def value_of(numerator: Decimal, denominator: Decimal | None, *, is_ratio: bool) -> Decimal | None:
    """Percent of a ratio, else the number itself."""
    return percent_of(numerator, denominator) if is_ratio else numerator


def total(parts: Iterable[tuple[Decimal, Decimal | None]], *, of: int, is_ratio: bool) -> Total:
    """The roll-up of (numerator, denominator) of the units that have reported."""
    numerator, denominator, reported = Decimal(0), Decimal(0), 0
    for part, whole in parts:
        numerator += part
        denominator += whole or 0
        reported += 1
    whole = denominator if is_ratio else None
    value = value_of(numerator, whole, is_ratio=is_ratio) if reported else None
    return Total(numerator, whole, reported, of, value)


def is_reached(value: Decimal | None, direction: str, goal: Decimal) -> bool | None:
    """None while there is no figure; direction is min, max or eq."""
    if value is None:
        return None
    return {"min": value >= goal, "max": value <= goal, "eq": value == goal}[direction]
