"""A ratio as percent, of its two parts."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
SHARE = "Ghi hai số đếm được, ví dụ 45 và 50, không ghi tỉ lệ như 0,9 và 1."


def is_share(part: Decimal | None, whole: Decimal | None) -> bool:
    """0,9 of 1: the ratio itself was written in the place of its two parts."""
    return part is not None and whole == 1 and 0 < part < 1


def percent_of(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """With two places; None while a part is missing or the whole is nothing."""
    if part is None or not whole:
        return None
    return (part * 100 / whole).quantize(CENT, ROUND_HALF_UP)
