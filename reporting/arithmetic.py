"""Figures of data forms: what a value is, how values add up, when one looks wrong. Pure arithmetic.

A missing value is never zero: a Total counts who has reported beside who should have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import quantiles
from typing import Literal

from edudx.lib.ratios import percent_of

FEWEST_FOR_FENCES = 8  # schools of one type; of fewer nobody is called unusual
WIDE = 3  # times the middle half's width, either side: far out, not just large


@dataclass(frozen=True)
class Value:
    """What a unit reported: a number, the two parts of a ratio, or a word."""

    number: Decimal | None = None
    whole: Decimal | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self.number is None and self.whole is None and not self.text

    @property
    def percent(self) -> Decimal | None:
        return percent_of(self.number, self.whole)


@dataclass(frozen=True)
class Total:
    """What some units reported of one figure. `a + b` is the total of both lots of units."""

    expected: int = 0
    reported: int = 0
    number: Decimal = Decimal(0)
    whole: Decimal = Decimal(0)
    least: Decimal | None = None
    most: Decimal | None = None
    spread: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: "Total") -> "Total":
        words = sorted({*self.spread, *other.spread})
        return Total(
            expected=self.expected + other.expected,
            reported=self.reported + other.reported,
            number=self.number + other.number,
            whole=self.whole + other.whole,
            least=min((one for one in (self.least, other.least) if one is not None), default=None),
            most=max((one for one in (self.most, other.most) if one is not None), default=None),
            spread={one: self.spread.get(one, 0) + other.spread.get(one, 0) for one in words},
        )

    def __radd__(self, other: Literal[0]) -> "Total":
        """So that `sum(totals)` begins at 0."""
        return self

    @property
    def is_complete(self) -> bool:
        return self.reported >= self.expected

    def value(self, roll_up: str) -> Decimal | None:
        """By the item's rule; None while nobody has reported or the whole is nothing."""
        if not self.reported:
            return None
        if roll_up == "ratio":
            return percent_of(self.number, self.whole)
        if roll_up in ("min", "max"):
            return self.least if roll_up == "min" else self.most
        return self.number if roll_up in ("sum", "yes") else None


@dataclass(frozen=True)
class Rule:
    """`left` at most the sum of `right` («at_most») or equal to it («sum»), by keys of figures; of
    a ratio `code:part` and `code:whole`.
    """

    kind: str
    left: str
    right: tuple[str, ...]
    says: str = ""
    is_blocking: bool = False

    def is_broken(self, values: Mapping[str, Value]) -> bool:
        """Only when every figure is there: a missing one breaks nothing."""
        left = _operand(values, self.left)
        given = [_operand(values, one) for one in self.right]
        right = [one for one in given if one is not None]
        if left is None or len(right) < len(given):
            return False
        return left > sum(right) if self.kind == "at_most" else left != sum(right)

    @property
    def key(self) -> str:
        """The figure at which its fault is said."""
        return self.left.partition(":")[0]


def _operand(values: Mapping[str, Value], name: str) -> Decimal | None:
    key, _, part = name.partition(":")
    found = values.get(key, Value())
    return found.whole if part == "whole" else found.number


def change(new: Decimal | None, old: Decimal | None) -> Decimal | None:
    """By how many percent a figure moved since last time; None when it cannot be said."""
    if new is None or not old:
        return None
    return percent_of(abs(new - old), abs(old))


def fences(values: Iterable[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Outside of these a figure is unusual among similar units (Tukey's outer fences)."""
    found = sorted(values)
    if len(found) < FEWEST_FOR_FENCES:
        return None
    low, _, high = quantiles(found, n=4, method="inclusive")
    width = max(high - low, Decimal(1))
    return low - WIDE * width, high + WIDE * width
