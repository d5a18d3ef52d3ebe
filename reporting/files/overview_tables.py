"""Sheets with a chart beside their numbers: timeliness, targets reached or not, levels."""

from collections.abc import Iterator

from django.utils import timezone

from plans.boards import targets
from plans.models import Assignment, Plan
from reporting.content import facts, timeliness
from reporting.content.blocks import REACHED, SYMBOLS
from reporting.content.timeliness import TIMELINESS
from reporting.documents.table import BarChart, Column, Table, TotalRow
from reporting.models import DataRequest
from schools.models import OrgUnit


def tables(request: DataRequest, unit: OrgUnit, sheets, header: list[str]) -> list[Table]:
    year = timezone.localtime(request.school_task.due_at).year
    found = facts.targets_of(unit, request.period, year)
    return [
        _timeliness(Assignment.objects.filter(data_sheet__in=sheets), unit, header),
        _targets(found, unit, request.period, year, header),
        _levels(facts.levels_of(unit, request.period), header),
    ]


def _timeliness(rows, unit: OrgUnit, header: list[str]) -> Table:
    work = timeliness.total(rows)
    shown = timeliness.by_office(rows, unit) or [work]
    columns = [Column("Đơn vị", 36), Column("Phải nộp", 10, "integer")]
    columns += [Column(one, 12, "integer") for one in TIMELINESS]
    cells = [(one.name, one.expected, *one.counts) for one in shown]
    cells.append(TotalRow(("Tổng cộng", work.expected, *work.counts)))
    chart = BarChart("Tiến độ nộp số liệu", (2, 3, 4), is_falling=True)
    return Table("Tiến độ nộp", columns, cells, header, 1, chart)


def _targets(
    found: list[tuple[Plan, list[targets.TargetRow]]], unit: OrgUnit, period: str, year: int,
    header: list[str],
) -> Table:  # fmt: skip
    """A row per target: goal, what was reached, whether; the same for each office."""
    offices = list(unit.children.filter(kind=OrgUnit.Kind.OFFICE).order_by("sort_key", "pk"))
    columns = [
        Column("Chỉ tiêu", 60), Column("Kế hoạch", 40), Column("Mức cần đạt", 14),
        Column("Đạt được", 12, "number", "Toàn bộ"), Column("Báo cáo", 10, "text", "Toàn bộ"),
        Column("Kết quả", 16, "text", "Toàn bộ"),
    ]  # fmt: skip
    for one in offices:
        columns += [
            Column("Đạt được", 12, "number", str(one)), Column("Kết quả", 16, "text", str(one)),
        ]  # fmt: skip

    def rows() -> Iterator[tuple]:
        for plan, whole in found:
            at = facts.period_in(plan, period, year)
            by_office = _by_office(plan, unit, offices, at)
            for row in whole:
                target = row.target
                goal = f"{SYMBOLS[target.direction]} {target.goal.normalize():f} {target.measure}"
                cells = [row.total.value, f"{row.total.reported}/{row.total.of}"]
                cells.append(REACHED[row.is_reached])
                for one in offices:
                    cells += by_office.get((one.pk, target.pk), (None, ""))
                yield (f"{target.code} {target.title}", plan.title, goal, *cells)

    has_any = any(row.total.value is not None for _, whole in found for row in whole)
    chart = BarChart("Mức đạt các chỉ tiêu", (3,)) if has_any else None
    return Table("Chỉ tiêu", columns, rows(), header, 1, chart)


def _by_office(plan: Plan, unit: OrgUnit, offices: list[OrgUnit], at: str) -> dict:
    """(office, target) → what was reached there, and whether; in as many queries as audiences."""
    codes = {one.path.removeprefix(unit.path).split("/")[0]: one.pk for one in offices}

    def office_of(path: str) -> str:
        return path.removeprefix(unit.path).split("/")[0]

    groups = targets.targets_by(plan, targets.below(unit.path), at, office_of)
    return {
        (codes[code], row.target.pk): (row.total.value, REACHED[row.is_reached])
        for code, rows in groups.items()
        for row in rows
        if code in codes and row.units
    }


def _levels(found: list[facts.Levels], header: list[str]) -> Table:
    columns = [
        Column("Nhóm, kỳ", 26), Column("Mức 1", 10, "integer"), Column("Mức 2", 10, "integer"),
        Column("Mức 3", 10, "integer"), Column("Đã công nhận", 14, "integer"),
        Column("Phải đánh giá", 14, "integer"),
    ]  # fmt: skip
    groups = sorted({group for one in found for group, _ in one.levels})
    rows = [
        (f"Nhóm {group}, {one.period}",
         *(one.levels.get((group, level), 0) for level in (1, 2, 3)), one.certified, one.expected)
        for group in groups
        for one in reversed(found)
    ]  # fmt: skip
    chart = BarChart("Phân bố mức độ chuyển đổi số đã công nhận", (1, 2, 3))
    return Table("Mức độ", columns, rows, header, 1, chart)
