"""Tables and charts that more than one document shows: work, targets, levels, figures."""

from decimal import Decimal

from edudx.lib.vietnamese import number
from plans.boards.targets import TargetRow
from plans.models import Plan, Target
from reporting import rollup
from reporting.content.facts import Figures, Levels
from reporting.content.timeliness import MOST_BARS
from reporting.documents.paper import Block, Chart, Column, Grid, Text

SYMBOLS = {Target.Direction.AT_LEAST: "≥", Target.Direction.AT_MOST: "≤",
           Target.Direction.EXACTLY: "="}  # fmt: skip
REACHED = {True: "Đạt", False: "Chưa đạt", None: "Chưa có số liệu"}


def targets(plan: Plan, rows: list[TargetRow]) -> tuple[Block, ...]:
    """Each target with its goal, what was reached and whether; percentages also as bars."""
    columns = (
        Column("Mã", 13, True, is_code=True), Column("Chỉ tiêu"), Column("Mức cần đạt", 22, True),
        Column("Đạt được", 22, True), Column("Báo cáo", 20, True), Column("Kết quả", 22, True),
    )  # fmt: skip
    cells = tuple(
        (row.target.code, row.target.title, goal_of(row.target), value_of(row),
         f"{row.total.reported}/{row.total.of}", REACHED[row.is_reached])
        for row in rows
    )  # fmt: skip
    title = f"{plan.title} ({plan.full_number})" if plan.number else plan.title
    grid = Grid(columns, cells, title=title)
    bars = [row for row in rows if row.target.is_ratio and row.total.value is not None]
    return (targets_chart(bars), grid) if bars else (grid,)


def targets_chart(rows: list[TargetRow]) -> Chart:
    reached = sum(row.is_reached is True for row in rows)
    return Chart(
        f"{reached} trong {len(rows)} chỉ tiêu phần trăm đạt mức đề ra",
        ("Đạt được",),
        tuple(
            (f"{row.target.code} {row.target.title}", (float(row.total.value),))
            for row in rows[:MOST_BARS]
        ),
        tuple(float(row.target.goal) for row in rows[:MOST_BARS]),
    )


def goal_of(target: Target) -> str:
    said = _measured(target.goal, target.measure)
    if target.is_ratio and target.goal >= 100 and target.direction == Target.Direction.AT_LEAST:
        return said  # nothing is more than the whole
    return f"{SYMBOLS[target.direction]} {said}"


def value_of(row: TargetRow) -> str:
    value = row.total.value
    return "–" if value is None else _measured(value, row.target.measure)


def _measured(value: Decimal, measure: str) -> str:
    return f"{number(value)}%" if measure == "%" else f"{number(value)} {measure}".strip()


def levels(found: list[Levels]) -> tuple[Block, ...]:
    """This time's certified levels beside last time's."""
    if not found:
        return (Text("Chưa có trường nào được công nhận mức độ chuyển đổi số."),)
    groups = sorted({group for one in found for group, _ in one.levels})
    chart = Chart(
        f"Kỳ {found[0].period}: công nhận {found[0].certified} / {found[0].expected} trường",
        ("Mức 1", "Mức 2", "Mức 3"),
        tuple(
            (f"Nhóm {group}, {one.period}",
             tuple(one.levels.get((group, level), 0) for level in (1, 2, 3)))
            for group in groups for one in reversed(found)
        ),
    )  # fmt: skip
    columns = [Column("Kỳ", 24), Column("Đã công nhận", 26, True)]
    for group in groups:
        columns += [Column(f"Mức {level}", 0, True, f"Nhóm {group}") for level in (1, 2, 3)]
    cells = tuple(
        (one.period, f"{one.certified}/{one.expected}",
         *(number(one.levels.get((group, level), 0)) for group in groups for level in (1, 2, 3)))
        for one in found
    )  # fmt: skip
    return chart, Grid(tuple(columns), cells)


def figures(one: Figures) -> tuple[Block, ...]:
    """Every figure of a request with how many stand behind it and its total a period ago."""
    columns = (
        Column("Số liệu"), Column("Đơn vị tính", 18), Column("Kỳ này", 40, True),
        Column("Báo cáo", 17, True), Column("Kỳ trước", 40, True),
    )  # fmt: skip
    cells: list[tuple[str, ...]] = []
    for title, lines in rollup.lines_of(one.request, one.totals, one.before):
        cells.append((title,))
        cells += [
            (line.label, line.field.item.measure, line.shown or "–",
             f"{line.total.reported}/{line.total.expected}", line.shown_before)
            for line in lines
        ]  # fmt: skip
    return Text(one.source, "note"), Grid(columns, tuple(cells), title=one.request.title)
