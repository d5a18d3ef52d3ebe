"""What pages of `plans` and `schools` show of files, figures and reports."""

from dataclasses import asdict
from datetime import date

from django.http import HttpRequest

from edudx.lib import slots
from plans.boards.targets import TargetRow
from plans.boards.units import BoardFilter
from plans.models import Assignment, Plan, Task
from reporting.content import blocks, timeliness
from reporting.documents import charts
from reporting.files import progress_paper
from reporting.models import FigureSource
from schools.models import OrgUnit
from schools.permissions import Permission


def work(request: HttpRequest, assignment: Assignment) -> slots.Part | None:
    """The way to the sheet, the figures or the report in which the assignment is done."""
    task, kind = assignment.task, assignment.task.kind
    if kind == Task.Kind.FIGURES:
        found, label = getattr(assignment, "data_sheet", None), "Mở phiếu số liệu"
    elif kind == Task.Kind.CLOSING:
        found, label = getattr(task, "request_of_offices", None), "Mở số liệu"
    elif kind == Task.Kind.REPORT:
        found, label = getattr(assignment, "periodic_report", None), "Mở báo cáo"
    else:
        return None
    return found and ("components/_open.html", {"url": found.get_absolute_url(), "label": label})


def form_for_figures(request: HttpRequest, task: Task) -> slots.Part | None:
    """Figures that are still handed in as files can be asked for on a form."""
    is_by_file = task.kind == Task.Kind.PRODUCT and task.product == Task.ProductKind.FIGURES
    if not is_by_file or not request.user.can_in(Permission.DATA_REQUEST, task.issuer):
        return None
    return "reporting/_form_for_figures.html", {"task": task}


def figures_handed_in(request: HttpRequest, task: Task) -> slots.Part | None:
    if task.kind != Task.Kind.FIGURES or not hasattr(task, "request_of_schools"):
        return None
    return "reporting/_figures_handed_in.html", {"asked": task.request_of_schools}


def plan_files(request: HttpRequest, plan: Plan) -> slots.Part:
    """For everybody who may read the plan."""
    return "reporting/_plan_files.html", {"plan": plan}


def board_files(request: HttpRequest, plan: Plan) -> slots.Part | None:
    """The board as it is filtered now."""
    if not request.user.can(Permission.EXPORT):
        return None
    chosen = asdict(BoardFilter.of(request.GET))
    return "reporting/_board_files.html", {"plan": plan, "filters": chosen}


def road_map_files(request: HttpRequest, plan: Plan) -> slots.Part | None:
    if not request.user.can(Permission.EXPORT):
        return None
    return "reporting/_road_map_files.html", {"plan": plan}


def month_files(request: HttpRequest, first: date) -> slots.Part | None:
    """The month that begins on `first`."""
    if not request.user.can(Permission.EXPORT):
        return None
    return "reporting/_month_files.html", {"first": first}


def letter(request: HttpRequest, task: Task) -> slots.Part:
    """For everybody who may press units: the page asks."""
    return "reporting/_letter_link.html", {"task": task}


def focal_point_files(request: HttpRequest, unit: OrgUnit) -> slots.Part:
    """For everybody who may read the list: the page asks."""
    return "reporting/_focal_point_files.html", {"unit": unit}


def board_chart(request: HttpRequest, plan: Plan) -> slots.Part | None:
    """How timely, over the unit's part of the tree as the board is filtered: of a department by
    office, else by task.
    """
    hat = request.user.hat
    if hat is None or hat.unit.is_school:
        return None
    rows = progress_paper.rows_of(plan, hat.unit, BoardFilter.of(request.GET))
    total = timeliness.total(rows)
    if not total.expected:
        return None
    shown = timeliness.by_office(rows, hat.unit) or timeliness.by_task(rows)
    chart = charts.drawn(timeliness.timeliness(shown, total)[0])
    return "reporting/_board_chart.html", {"chart": chart}


def targets_chart(request: HttpRequest, rows: list[TargetRow]) -> slots.Part | None:
    """Of the targets in percent that have a figure: how near."""
    bars = [row for row in rows if row.target.is_ratio and row.total.value is not None]
    if not bars:
        return None
    return "reporting/_targets_chart.html", {"chart": charts.drawn(blocks.targets_chart(bars))}


def target_source(request: HttpRequest, row: TargetRow) -> slots.Part | None:
    """Where the own unit's actual of a target that follows a figure comes from."""
    if row.own is None or not row.target.item:
        return None
    return "reporting/_figure_source.html", {"source": _sources(row).get(row.own.pk)}


def _sources(row: TargetRow) -> dict[int, FigureSource]:
    """Of all actuals of the page, read once."""
    if "sources" not in row.kept:
        found = FigureSource.objects.of_now().filter(
            actual__target__plan=row.target.plan_id, actual__unit=row.own.unit_id,
            actual__period=row.own.period,
        ).select_related("sheet_version__sheet__request", "closing__request")  # fmt: skip
        row.kept["sources"] = {one.actual_id: one for one in found}
    return row.kept["sources"]


def fill() -> None:
    slots.fill("plans.assignment.work", work)
    slots.fill("plans.task.figures", form_for_figures)
    slots.fill("plans.task.figures", figures_handed_in)
    slots.fill("plans.plan.files", plan_files)
    slots.fill("plans.board.files", board_files)
    slots.fill("plans.board.chart", board_chart)
    slots.fill("plans.road_map.files", road_map_files)
    slots.fill("plans.month.files", month_files)
    slots.fill("plans.targets.chart", targets_chart)
    slots.fill("plans.targets.source", target_source)
    slots.fill("plans.call.letter", letter)
    slots.fill("schools.focal_points.files", focal_point_files)
