"""The verbs of exports: ask for a file, build it under a lease, give up with a sentence."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from assessments.models import Campaign
from edudx.lib.vietnamese import decimal_from, search_key
from plans.boards import BoardFilter
from plans.models import Plan
from reporting import docx, pdf, xlsx
from reporting.models import LEASE, MAX_ATTEMPTS, DataRequest, Export, PeriodicReport
from reporting.paper import Column as GridColumn
from reporting.paper import Paper, from_json
from reporting.reports import (
    consolidated,
    data_rollup,
    facts,
    maturity_report,
    periodic,
    plan_boards,
)
from reporting.table import Column, Table, TotalRow
from schools.models import OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission

CONSOLIDATED = "consolidated-maturity"


class LostLease(Exception):
    """Another worker has taken the job over; this one stops."""


@transaction.atomic
def request(
    report: str,
    *,
    unit: OrgUnit,
    format: str,
    filters: dict,
    title: str,
    by: User,
    notice: str = "",
    needs: Permission = Permission.EXPORT,
) -> Export:
    """The durable row of a job; the caller's transaction and the job live or die together."""
    if not by.can(needs, unit):
        raise PermissionDenied("Bạn không có quyền lập báo cáo của đơn vị này.")
    export = Export.objects.create(
        report=report, format=format, unit=unit, filters=filters, title=title[:250], notice=notice,
        requested_by=by,
    )  # fmt: skip
    label = f"Yêu cầu lập «{export}» ({export.get_format_display()})"
    record(export, "request", label[:200], by=by)
    return export


def request_consolidated(*, campaign: Campaign, unit: OrgUnit, format: str, by: User) -> Export:
    return request(
        CONSOLIDATED, unit=unit, format=format, filters={"campaign": campaign.code},
        title=f"Tổng hợp {campaign.title} – {unit}", notice=campaign.notice, by=by,
    )  # fmt: skip


def build_consolidated(
    campaign: Campaign,
    unit: OrgUnit,
    format: str,
    target: Path,
    *,
    asked_by: User | None,
    progress: consolidated.Progress = consolidated.silent,
) -> consolidated.Summary:
    """Write the file to `target`; the same for the worker and for the shell."""
    progress(0, 1, "Đếm kết quả")
    found = consolidated.summary(campaign, unit, asked_by=asked_by)
    if format == Export.Format.XLSX:
        sheets = consolidated.tables(found, progress)
        xlsx.write(sheets, target, title=campaign.title, author=found.asked_by)
    else:
        progress(0, 1, "Dựng văn bản")
        write_paper(maturity_report.paper(found), target, unit=unit)
    return found


def write_paper(paper: Paper, target: Path, *, unit: OrgUnit) -> None:
    """As PDF or as Word, by the name of the file."""
    if target.suffix == ".pdf":
        pdf.write(paper, target)
    else:
        docx.write(paper, target)


class Heartbeat:
    """Renews the lease and tells how far the job is, at most twice a second."""

    def __init__(self, export: Export) -> None:
        self.export, self.told_at = export, 0.0

    def __call__(self, done: int, total: int, doing: str) -> None:
        now = time.monotonic()
        if now - self.told_at < 0.5 and done < total:
            return
        self.told_at = now
        mine = Export.objects.filter(
            pk=self.export.pk, state=Export.State.RUNNING, attempts=self.export.attempts
        )
        if not mine.update(
            done_steps=done, total_steps=total, doing=doing, lease_until=timezone.now() + LEASE
        ):
            raise LostLease


def build(export: Export) -> None:
    """Build the claimed job's file and mark it done, unless another worker took it over."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"file.{export.format}"
        built = BUILDERS[export.report](export, target, Heartbeat(export))
        _keep(export, target, built)


@dataclass(frozen=True)
class Built:
    """What a builder says of its file: the beginning of its name, and how many units are in it."""

    stem: str
    units: int


def _consolidated(export: Export, target: Path, progress) -> Built:
    campaign = Campaign.objects.prefetch_related("sets").get(code=export.filters["campaign"])
    found = build_consolidated(
        campaign, export.unit, export.format, target, asked_by=export.requested_by,
        progress=progress,
    )  # fmt: skip
    return Built(f"tong-hop-{campaign.code}", found.total.expected)


def _of_plan(tables: Callable, stem: str) -> Callable:
    """A builder of an Excel about one plan: `tables(plan, path, chosen, header, progress)`."""

    def build(export: Export, target: Path, progress) -> Built:
        plan = Plan.objects.select_related("issuer").get(pk=export.filters["plan"])
        chosen = BoardFilter.of(export.filters.get("chosen", {}))
        sheets, units = tables(plan, export.unit.path, chosen, header_of(export), progress)
        _write(export, sheets, target)
        return Built(f"{stem}-{plan.pk}", units)

    return build


def _data(export: Export, target: Path, progress) -> Built:
    found = DataRequest.objects.select_related("form").get(pk=export.filters["request"])
    sheets, units = data_rollup.tables(found, export.unit, header_of(export), progress)
    _write(export, sheets, target)
    return Built(f"so-lieu-{found.form.code}-{found.period}", units)


def _report(export: Export, target: Path, progress) -> Built:
    """A periodic report as it was handed in, or as its draft is now."""
    found = PeriodicReport.objects.for_list().get(pk=export.filters["report"])
    number = export.filters["version"]
    if number:
        paper = from_json(found.versions.get(number=number).paper)
    else:
        paper = periodic.paper(found, facts.of(found))
    _write_either(export, paper, target)
    return Built(f"bao-cao-{found.round.kind.replace('_', '-')}-{found.round.period}", 1)


def _write_either(export: Export, paper: Paper, target: Path) -> None:
    """The document, or its tables as Excel."""
    if export.format == Export.Format.XLSX:
        _write(export, sheets_of(paper, header_of(export)), target)
    else:
        write_paper(paper, target, unit=export.unit)


def sheets_of(paper: Paper, header: list[str]) -> list[Table]:
    """Every table of a document as a sheet, its numbers as numbers."""
    found = []
    for place, grid in enumerate(paper.grids(), start=1):
        cells = [tuple(_typed(*one) for one in zip(row, grid.columns, strict=True))
                 for row in grid.rows]  # fmt: skip
        columns = [_column(one, [row[n] for row in cells]) for n, one in enumerate(grid.columns)]
        first = len(cells) - grid.totals
        rows = [*cells[:first], *(TotalRow(one) for one in cells[first:])]
        above = [*header, grid.title] if grid.title else header
        found.append(Table(f"Bảng {place}", columns, rows, above))
    return found or [Table("Văn bản", [Column(paper.title, 60)], [], header)]


def _typed(text: str, column: GridColumn) -> Decimal | str:
    """«1.234,5» of a column of numbers as a number; «45 / 50» stays as it is printed."""
    if column.is_number:
        with suppress(ValueError):
            return decimal_from(text)
    return text


def _column(one: GridColumn, cells: list) -> Column:
    numbers = [cell for cell in cells if isinstance(cell, Decimal)]
    whole = all(cell == cell.to_integral_value() for cell in numbers)
    kind = ("integer" if whole else "number") if numbers else "text"
    return Column(one.title, max(12, one.width // 2 or 30), kind, one.band)


def _month(export: Export, target: Path, progress) -> Built:
    first = date.fromisoformat(f"{export.filters['month']}-01")
    sheets = plan_boards.month(first, export.unit.path, header_of(export))
    _write(export, sheets, target)
    return Built(f"lich-{export.filters['month']}", 1)


def _write(export: Export, sheets: list, target: Path) -> None:
    xlsx.write(sheets, target, title=export.title, author=export.requested_by.full_name)


def header_of(export: Export) -> list[str]:
    """Time, scope and who asked: in every file that leaves."""
    return [
        export.title,
        f"Phạm vi: {export.unit.name} · Lập lúc {timezone.localtime():%H:%M %d/%m/%Y} · "
        f"Người yêu cầu: {export.requested_by.full_name}",
    ]


BUILDERS = {
    CONSOLIDATED: _consolidated,
    "plan-board": _of_plan(plan_boards.board, "bang-theo-doi"),
    "road-map": _of_plan(plan_boards.road_map, "lo-trinh"),
    "month": _month,
    "data-rollup": _data,
    "period-report": _report,
}


@transaction.atomic
def _keep(export: Export, target: Path, built: Built) -> None:
    export = Export.objects.select_for_update(of=("self",)).get(
        pk=export.pk, attempts=export.attempts, state=Export.State.RUNNING
    )
    export.file_name = file_name(export, built)
    export.size = target.stat().st_size
    export.sha256 = hashlib.sha256(target.read_bytes()).hexdigest()
    export.unit_count = built.units
    export.state, export.finished_at = Export.State.DONE, timezone.now()
    export.doing, export.lease_until = "", None
    with target.open("rb") as content:
        export.file.save(
            f"{export.pk}-{export.attempts}.{export.format}", File(content), save=False
        )
    export.save()


def file_name(export: Export, built: Built) -> str:
    """«tong-hop-hp-2025-2026-so-gddt-hai-phong-20260521-0930.xlsx»."""
    unit = slugify(search_key(export.unit.short_name))
    stamp = f"{timezone.localtime():%Y%m%d-%H%M}"
    return f"{built.stem}-{unit}-{stamp}.{export.format}"


def fail(export: Export, sentence: str) -> None:
    """A clear end: what went wrong and that it can be asked for again."""
    Export.objects.filter(pk=export.pk, attempts=export.attempts).exclude(
        state=Export.State.DONE
    ).update(
        state=Export.State.FAILED,
        fault=sentence[:300],
        finished_at=timezone.now(),
        lease_until=None,
        doing="",
    )


def give_up_exhausted() -> int:
    """Jobs whose worker died for the last time; returns how many."""
    return (
        Export.objects.claimable()
        .filter(attempts__gte=MAX_ATTEMPTS)
        .update(
            state=Export.State.FAILED,
            fault=f"Đã thử {MAX_ATTEMPTS} lần nhưng tiến trình lập tệp bị dừng giữa chừng. "
            "Hãy yêu cầu lại.",
            finished_at=timezone.now(),
            lease_until=None,
            doing="",
        )
    )
