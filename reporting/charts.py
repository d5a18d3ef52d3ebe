"""Our own SVG, geometry only; words and figures stand in templates/components/_levels_chart.html.

Bars are told apart by lightness and figure, not by colour alone.
"""

from dataclasses import dataclass
from decimal import Decimal

WIDTH = 480
# Light, middle, dark: told apart in grey print too. Fills are attributes, since style sheets of a
# page do not reach into an SVG of a PDF.
FILLS = {1: "#fdf0dc", 2: "#8fa9dd", 3: "#1f5f38"}
STROKES = {1: "#8a4a05", 2: "#1d3f9e", 3: "#123b22"}


@dataclass(frozen=True)
class Part:
    """One level of one group: x and width in user units, share of the certified schools."""

    level: int
    count: int
    x: float
    width: float

    @property
    def fill(self) -> str:
        return FILLS[self.level]

    @property
    def stroke(self) -> str:
        return STROKES[self.level]

    @property
    def ink(self) -> str:
        return "#ffffff" if self.level == 3 else "#1c2530"

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def has_room(self) -> bool:
        return self.width >= 26


@dataclass(frozen=True)
class Bar:
    group: str
    total: int
    y: int
    parts: tuple[Part, ...]

    @property
    def text_y(self) -> int:
        return self.y + 23


@dataclass(frozen=True)
class Chart:
    title: str
    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH + 130


def levels_chart(summary) -> Chart:
    """One stacked bar per group; the title says the finding."""
    bars = []
    for place, group in enumerate(summary.groups):
        counts = [(level, summary.total.levels.get((group, level), 0)) for level in (1, 2, 3)]
        total = sum(count for _, count in counts)
        x, parts = 110.0, []
        for level, count in counts:
            width = WIDTH * count / total if total else 0
            parts.append(Part(level, count, x, width))
            x += width
        bars.append(Bar(group, total, 8 + place * 50, tuple(parts)))
    return Chart(_finding(summary), tuple(bars), height=8 + len(bars) * 50)


def _finding(summary) -> str:
    total = summary.total
    if not total.certified:
        return "Chưa có trường nào được công nhận mức độ"
    return (
        f"{total.level_3_both} trong {total.certified} trường đã công nhận đạt mức 3 ở cả hai nhóm"
    )


MOST_BARS = 40


@dataclass(frozen=True)
class PlainBar:
    """One unit of a comparison: its name, the figure as people read it, width in user units."""

    label: str
    shown: str
    y: int
    width: float

    @property
    def text_y(self) -> int:
        return self.y + 17

    @property
    def end(self) -> float:
        return 218 + self.width


@dataclass(frozen=True)
class Comparison:
    """Bars of one figure over several units, the largest first; the title says the finding."""

    title: str
    bars: tuple[PlainBar, ...]
    left_out: int

    @property
    def height(self) -> int:
        return len(self.bars) * 30 + 4


def comparison(rows: list[tuple[str, Decimal, str]]) -> Comparison | None:
    """(unit, value, as people read it); None when there are not two to compare."""
    if len(rows) < 2:
        return None
    found = sorted(rows, key=lambda row: (-row[1], row[0]))
    most = max(found[0][1], Decimal(1))
    bars = tuple(
        PlainBar(label, shown, 2 + place * 30, float(240 * value / most))
        for place, (label, value, shown) in enumerate(found[:MOST_BARS])
    )
    title = f"Cao nhất: {found[0][0]}, {found[0][2]}; thấp nhất: {found[-1][0]}, {found[-1][2]}"
    return Comparison(title, bars, len(found) - len(bars))
