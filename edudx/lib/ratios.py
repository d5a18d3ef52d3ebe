"""A ratio as percent, of its two parts."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """With two places; None while a part is missing or the whole is nothing."""
    if part is None or not whole:
        return None
    return (part * 100 / whole).quantize(CENT, ROUND_HALF_UP)
