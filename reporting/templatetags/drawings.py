"""Charts on the pages of plans: how timely, how near the targets."""

from django import template

from reporting.content import blocks, timeliness
from reporting.documents import charts
from reporting.files import progress_paper

register = template.Library()


@register.simple_tag
def timeliness_of(plan, unit, chosen) -> charts.Drawing | None:
    """Over the unit's part of the tree as the board is filtered: of a department by office, else by
    task.
    """
    if unit is None or unit.is_school:
        return None
    rows = progress_paper.rows_of(plan, unit, chosen)
    work = timeliness.total(rows)
    if not work.expected:
        return None
    shown = timeliness.by_office(rows, unit) or timeliness.by_task(rows)
    return charts.drawn(timeliness.timeliness(shown, work)[0])


@register.simple_tag
def targets_drawn(rows) -> charts.Drawing | None:
    """Of the targets in percent that have a figure."""
    bars = [row for row in rows if row.target.is_ratio and row.total.value is not None]
    return charts.drawn(blocks.targets_chart(bars)) if bars else None
