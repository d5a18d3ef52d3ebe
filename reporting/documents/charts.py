"""Our own SVG, geometry only; words and figures stand in templates/components/_chart.html.

Bars are told apart by lightness and figure, not by colour alone: they can be read in grey print.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from edudx.lib.vietnamese import number
from reporting.documents.paper import Chart

LEFT, WIDTH, STEP, HEAD = 300, 300, 44, 30
# Light, middle, dark. Fills are attributes: a page's style does not reach into an SVG of a PDF.
FILLS = ("#fdf0dc", "#8fa9dd", "#1f5f38")
STROKES = ("#8a4a05", "#1d3f9e", "#123b22")
INKS = ("#1c2530", "#1c2530", "#ffffff")
ROOM = 30  # user units that a figure needs inside its part


@dataclass(frozen=True)
class Part:
    """One piece of a bar, or of the legend: x and width in user units."""

    label: str
    x: float
    width: float
    fill: str
    stroke: str
    ink: str

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def has_room(self) -> bool:
        return self.width >= ROOM


@dataclass(frozen=True)
class Bar:
    """`mark` is where the goal stands, `said` what is written behind the bar."""

    label: str
    y: int
    parts: tuple[Part, ...]
    said: str = ""
    mark: float | None = None

    @property
    def text_y(self) -> int:
        return self.y + 21

    @property
    def end(self) -> float:
        last = self.parts[-1] if self.parts else None
        return max(last.x + last.width if last else LEFT, self.mark or 0) + 8


@dataclass(frozen=True)
class Drawing:
    """A Chart with every place computed."""

    is_chart: ClassVar[bool] = True  # what a template asks of a block
    title: str
    legend: tuple[Part, ...]
    bars: tuple[Bar, ...]
    has_goals: bool
    width: int = LEFT + WIDTH + 70

    @property
    def height(self) -> int:
        return HEAD + len(self.bars) * STEP


def drawn(chart: Chart) -> Drawing:
    """Stacked bars of counts, or percentages with the mark of their goal."""
    draw = _progress if chart.goals else _stacked
    bars = tuple(
        draw(chart, place, label, values) for place, (label, values) in enumerate(chart.rows)
    )
    legend = tuple(
        _part(chart, place, name, LEFT + place * 110, 18) for place, name in enumerate(chart.series)
    )
    return Drawing(chart.title, legend, bars, bool(chart.goals))


def _shade(chart: Chart, place: int) -> int:
    """Of one series the middle one; of more, light to dark."""
    if len(chart.series) == 1:
        return 1
    shade = round(place * 2 / (len(chart.series) - 1))
    return 2 - shade if chart.is_falling else shade


def _part(chart: Chart, place: int, label: str, x: float, width: float) -> Part:
    shade = _shade(chart, place)
    return Part(label, x, width, FILLS[shade], STROKES[shade], INKS[shade])


def _stacked(chart: Chart, place: int, label: str, values: tuple[float, ...]) -> Bar:
    total, x, parts = sum(values), float(LEFT), []
    for series, value in enumerate(values):
        if value:
            width = WIDTH * value / total
            parts.append(_part(chart, series, number(Decimal(str(value))), x, width))
            x += width
    said = "" if total else "chưa có số liệu"
    return Bar(label, HEAD + place * STEP, tuple(parts), said)


def _progress(chart: Chart, place: int, label: str, values: tuple[float, ...]) -> Bar:
    value, goal = values[0], chart.goals[place]
    part = _part(chart, 0, "", LEFT, WIDTH * min(value, 100) / 100)
    mark = LEFT + WIDTH * min(goal, 100) / 100
    said = f"{number(Decimal(str(value)))}%"
    return Bar(label, HEAD + place * STEP, (part,), said, mark)


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
