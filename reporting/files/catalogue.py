"""What is ordered → the file: one builder a kind, the same for the worker and for a shell."""

from collections.abc import Callable
from pathlib import Path

from assessments.models import Assessment, Campaign
from plans.models import Plan, Task
from reporting.documents import excel, paper_to_tables, pdf, word, word_frames
from reporting.documents.paper import Paper
from reporting.documents.table import Progress, Table, silent
from reporting.files import (
    call_letter,
    evidence_paper,
    figures_paper,
    figures_tables,
    maturity_paper,
    maturity_tables,
    plan_paper,
    plan_tables,
    progress_paper,
    report_paper,
)
from reporting.files.names import Stem
from reporting.files.orders import Built, Order, name_of
from reporting.models import DataRequest, Export, FileKind, PeriodicReport, ReportRound
from reporting.models.export_filters import (
    Across,
    ConsolidatedFilters,
    EvidenceFilters,
    FiguresFilters,
    LetterFilters,
    MonthFilters,
    PlanBoardFilters,
    PlanFilters,
    ReportFilters,
    RoadMapFilters,
)
from schools.models import OrgUnit

XLSX = Export.Format.XLSX


def write(order: Order) -> Built:
    """Build the file of the order at its target."""
    return BUILDERS[order.filters.kind](order.filters, order)


def write_paper(
    paper: Paper, target: Path, format: str, *, unit: OrgUnit, progress: Progress = silent
) -> None:
    """As PDF, or as Word in the frame of the unit's Sở."""
    if format == Export.Format.PDF:
        pdf.write(paper, target, progress)
    else:
        progress(0, 1, "Dựng văn bản Word")
        word.write(paper, target, word_frames.frame_of(unit, paper.form))


def _tables(order: Order, sheets: list[Table]) -> None:
    excel.write(sheets, order.target, title=order.title, author=name_of(order.asked_by))


def _paper(order: Order, paper: Paper) -> None:
    write_paper(paper, order.target, order.format, unit=order.unit, progress=order.progress)


def _either(order: Order, paper: Paper) -> None:
    """The document, or its tables as Excel."""
    if order.format == XLSX:
        _tables(order, paper_to_tables.tables(paper, order.header))
    else:
        _paper(order, paper)


def _consolidated(asked: ConsolidatedFilters, order: Order) -> Built:
    campaign = Campaign.objects.prefetch_related("sets").get(code=asked.campaign)
    order.progress(0, 1, "Đếm kết quả")
    found = maturity_tables.summary(campaign, order.unit, asked_by=order.asked_by)
    if order.format == XLSX:
        _tables(order, maturity_tables.tables(found, order.progress))
    else:
        order.progress(0, 1, "Dựng văn bản")
        _paper(order, maturity_paper.paper(found))
    return Built(Stem.CONSOLIDATED.of(campaign=campaign), found.total.expected)


def _the_plan(pk: int) -> Plan:
    return Plan.objects.select_related("issuer", "superior__issuer").get(pk=pk)


def _board(asked: PlanBoardFilters, order: Order) -> Built:
    """The board as Excel, or the progress of the plan as a document."""
    plan = _the_plan(asked.plan)
    if order.format == XLSX:
        sheets, units = plan_tables.board_tables(
            plan, order.unit.path, asked.chosen, order.header, order.progress
        )
        _tables(order, sheets)
        return Built(Stem.PLAN_BOARD.of(plan=plan), units)
    paper, units = progress_paper.paper(plan, order.unit, asked.chosen)
    _paper(order, paper)
    return Built(Stem.PLAN_PROGRESS.of(plan=plan), units)


def _road_map(asked: RoadMapFilters, order: Order) -> Built:
    plan = _the_plan(asked.plan)
    _tables(order, plan_tables.road_map_tables(plan, order.unit.path, order.header))
    return Built(Stem.ROAD_MAP.of(plan=plan), 1)


def _plan(asked: PlanFilters, order: Order) -> Built:
    plan = _the_plan(asked.plan)
    _either(order, plan_paper.paper(plan))
    return Built(Stem.PLAN.of(plan=plan), 1)


def _month(asked: MonthFilters, order: Order) -> Built:
    _tables(order, plan_tables.month_tables(asked.first, order.unit.path, order.header))
    return Built(Stem.MONTH.of(first=asked.first), 1)


def _figures(asked: FiguresFilters, order: Order) -> Built:
    found = DataRequest.objects.select_related("form", "school_task").get(pk=asked.request)
    if order.format == XLSX:
        sheets, units = figures_tables.tables(
            found, order.unit, order.header, order.progress, across=asked.across
        )
        _tables(order, sheets)
        by_office = asked.across == Across.OFFICES
        stem = Stem.FIGURES_BY_OFFICE if by_office else Stem.FIGURES
        return Built(stem.of(request=found), units)
    paper, units = figures_paper.paper(found, order.unit, order.progress)
    _paper(order, paper)
    return Built(Stem.FIGURES.of(request=found), units)


def _report(asked: ReportFilters, order: Order) -> Built:
    found = PeriodicReport.objects.for_list().get(pk=asked.report)
    _either(order, report_paper.kept(found, asked.version))
    is_half = found.round.kind == ReportRound.Kind.HALF_YEAR
    stem = Stem.HALF_YEAR_REPORT if is_half else Stem.YEAR_REPORT
    return Built(stem.of(round=found.round), 1)


def _letter(asked: LetterFilters, order: Order) -> Built:
    task = Task.objects.select_related("issuer", "plan").get(pk=asked.task)
    paper = call_letter.paper(
        task, order.unit, until=asked.until, number=asked.number, signed_on=asked.signed_on,
        authority=asked.authority, signer_post=asked.signer_post, signer_name=asked.signer_name,
    )  # fmt: skip
    _either(order, paper)
    return Built(Stem.LETTER.of(task=task), 1)


def _evidence(asked: EvidenceFilters, order: Order) -> Built:
    found = Assessment.objects.select_related(
        "unit", "office", "campaign", "indicator_set"
    ).get(pk=asked.assessment)  # fmt: skip
    _either(order, evidence_paper.paper(found))
    return Built(Stem.EVIDENCE.of(campaign=found.campaign), 1)


BUILDERS: dict[FileKind, Callable[..., Built]] = {
    FileKind.CONSOLIDATED: _consolidated,
    FileKind.PLAN_BOARD: _board,
    FileKind.ROAD_MAP: _road_map,
    FileKind.PLAN: _plan,
    FileKind.MONTH: _month,
    FileKind.FIGURES: _figures,
    FileKind.REPORT: _report,
    FileKind.LETTER: _letter,
    FileKind.EVIDENCE: _evidence,
}
