"""What is asked for → the file: one builder a report, the same for the worker and for the shell."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.utils import timezone

from assessments.models import Assessment, Campaign
from plans.boards.units import BoardFilter
from plans.models import Plan, Task
from reporting.documents import excel, paper_to_tables, pdf, word, word_frames
from reporting.documents.paper import Paper
from reporting.documents.table import Progress, silent
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
from reporting.models import CONSOLIDATED, Built, DataRequest, Export, PeriodicReport, ReportRound
from schools.models import OrgUnit, User


def header_of(export: Export) -> list[str]:
    """Time, scope and who asked: in every file that leaves."""
    return [
        export.title,
        f"Phạm vi: {export.unit.name} · Lập lúc {timezone.localtime():%H:%M %d/%m/%Y} · "
        f"Người yêu cầu: {export.requested_by.full_name}",
    ]


def write_paper(
    paper: Paper, target: Path, format: str, *, unit: OrgUnit, progress: Progress = silent
) -> None:
    """As PDF, or as Word in the frame of the unit's Sở."""
    if format == Export.Format.PDF:
        pdf.write(paper, target, progress)
    else:
        progress(0, 1, "Dựng văn bản Word")
        word.write(paper, target, word_frames.frame_of(unit, paper.form))


def write_tables(export: Export, sheets: list, target: Path) -> None:
    excel.write(sheets, target, title=export.title, author=export.requested_by.full_name)


def write_either(export: Export, paper: Paper, target: Path, progress: Progress) -> None:
    """The document, or its tables as Excel."""
    if export.format == Export.Format.XLSX:
        write_tables(export, paper_to_tables.tables(paper, header_of(export)), target)
    else:
        write_paper(paper, target, export.format, unit=export.unit, progress=progress)


def build_consolidated(
    campaign: Campaign,
    unit: OrgUnit,
    format: str,
    target: Path,
    *,
    asked_by: User | None,
    progress: Progress = silent,
) -> maturity_tables.Summary:
    """Write the file to `target`."""
    progress(0, 1, "Đếm kết quả")
    found = maturity_tables.summary(campaign, unit, asked_by=asked_by)
    if format == Export.Format.XLSX:
        sheets = maturity_tables.tables(found, progress)
        excel.write(sheets, target, title=campaign.title, author=found.asked_by)
    else:
        progress(0, 1, "Dựng văn bản")
        paper = maturity_paper.paper(found)
        write_paper(paper, target, format, unit=unit, progress=progress)
    return found


def _consolidated(export: Export, target: Path, progress) -> Built:
    campaign = Campaign.objects.prefetch_related("sets").get(code=export.filters["campaign"])
    found = build_consolidated(
        campaign, export.unit, export.format, target, asked_by=export.requested_by,
        progress=progress,
    )  # fmt: skip
    return Built(Stem.CONSOLIDATED.of(campaign=campaign), found.total.expected)


def _of_plan(tables: Callable, stem: Stem) -> Callable:
    """A builder of an Excel about one plan: `tables(plan, path, chosen, header, progress)`."""

    def build(export: Export, target: Path, progress) -> Built:
        plan = _plan(export)
        chosen = BoardFilter.of(export.filters.get("chosen", {}))
        sheets, units = tables(plan, export.unit.path, chosen, header_of(export), progress)
        write_tables(export, sheets, target)
        return Built(stem.of(plan=plan), units)

    return build


def _plan(export: Export) -> Plan:
    return Plan.objects.select_related("issuer", "superior__issuer").get(pk=export.filters["plan"])


def _board(export: Export, target: Path, progress) -> Built:
    """The board as Excel, or the progress of the plan as a document."""
    if export.format == Export.Format.XLSX:
        return _of_plan(plan_tables.board_tables, Stem.PLAN_BOARD)(export, target, progress)
    plan, chosen = _plan(export), BoardFilter.of(export.filters.get("chosen", {}))
    paper, units = progress_paper.paper(plan, export.unit, chosen)
    write_paper(paper, target, export.format, unit=export.unit, progress=progress)
    return Built(Stem.PLAN_PROGRESS.of(plan=plan), units)


def _plan_paper(export: Export, target: Path, progress) -> Built:
    plan = _plan(export)
    write_either(export, plan_paper.paper(plan), target, progress)
    return Built(Stem.PLAN.of(plan=plan), 1)


def _data(export: Export, target: Path, progress) -> Built:
    found = DataRequest.objects.select_related("form", "school_task").get(
        pk=export.filters["request"]
    )
    if export.format == Export.Format.XLSX:
        across = export.filters.get("across", figures_tables.BY_FIGURE)
        sheets, units = figures_tables.tables(
            found, export.unit, header_of(export), progress, across=across
        )
        write_tables(export, sheets, target)
        by_office = across == figures_tables.BY_OFFICE
        stem = Stem.FIGURES_BY_OFFICE if by_office else Stem.FIGURES
        return Built(stem.of(request=found), units)
    paper, units = figures_paper.paper(found, export.unit, progress)
    write_paper(paper, target, export.format, unit=export.unit, progress=progress)
    return Built(Stem.FIGURES.of(request=found), units)


def _report(export: Export, target: Path, progress) -> Built:
    found = PeriodicReport.objects.for_list().get(pk=export.filters["report"])
    paper = report_paper.kept(found, export.filters["version"])
    write_either(export, paper, target, progress)
    is_half = found.round.kind == ReportRound.Kind.HALF_YEAR
    stem = Stem.HALF_YEAR_REPORT if is_half else Stem.YEAR_REPORT
    return Built(stem.of(round=found.round), 1)


def _letter(export: Export, target: Path, progress) -> Built:
    words = dict(export.filters)
    task = Task.objects.select_related("issuer", "plan").get(pk=words.pop("task"))
    day = words.pop("signed_on")
    signed_on = date.fromisoformat(day) if day else None
    paper = call_letter.paper(task, export.unit, signed_on=signed_on, **words)
    write_either(export, paper, target, progress)
    return Built(Stem.LETTER.of(task=task), 1)


def _evidence(export: Export, target: Path, progress) -> Built:
    found = Assessment.objects.select_related(
        "unit", "office", "campaign", "indicator_set"
    ).get(pk=export.filters["assessment"])  # fmt: skip
    write_either(export, evidence_paper.paper(found), target, progress)
    return Built(Stem.EVIDENCE.of(campaign=found.campaign), 1)


def _month(export: Export, target: Path, progress) -> Built:
    first = date.fromisoformat(f"{export.filters['month']}-01")
    sheets = plan_tables.month_tables(first, export.unit.path, header_of(export))
    write_tables(export, sheets, target)
    return Built(Stem.MONTH.of(first=first), 1)


BUILDERS: dict[str, Callable[..., Built]] = {
    CONSOLIDATED: _consolidated,
    "plan-board": _board,
    "plan": _plan_paper,
    "road-map": _of_plan(plan_tables.road_map_tables, Stem.ROAD_MAP),
    "month": _month,
    "data-rollup": _data,
    "period-report": _report,
    "call-letter": _letter,
    "evidence-list": _evidence,
}
