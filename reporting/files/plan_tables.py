"""The boards of a plan as Excel: unit × task, road map, the deadlines of a month."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from edudx.lib.vietnamese import weekday
from plans.boards import month, road_map, units
from plans.models import Plan, RoadMapYear
from plans.workflow import OFFICE_WORDS
from reporting.documents.table import Column, Table, TotalRow

CHUNK = 500


def board_tables(
    plan: Plan, path: str, chosen: units.BoardFilter, header: list[str], progress
) -> tuple[list[Table], int]:
    """A row per unit of the board as it was filtered, three columns per task: state, when, in
    time; and a list of the tasks. Which units and in what order is asked once: who hands in while
    the file is being written changes a place on the board and no place in the file.
    """
    tasks = units.tasks_on(plan)
    shown = list(units.units_on(plan, path, chosen).values_list("pk", flat=True))
    if chosen.words:
        header = [*header, f"Chỉ gồm các đơn vị: {chosen.words}"]
    total = len(shown)

    def rows() -> Iterator[tuple]:
        totals, whole = [units.Counts() for _ in tasks], units.Counts()
        for start in range(0, total, CHUNK):
            page = shown[start : start + CHUNK]
            found = units.counted_rows(plan, path, tasks, page, totals)
            for place, row in enumerate(found, start=start + 1):
                whole += row.counts
                yield _board_row(place, row)
            progress(min(start + CHUNK, total), total, "Ghi từng đơn vị")
        yield _total_row(totals, whole)

    sheets = [
        Table("Bảng theo dõi", _board_columns(tasks), rows(), header, frozen_columns=2),
        _tasks(tasks),
    ]
    return sheets, total


def _board_columns(tasks: list) -> list[Column]:
    columns = [
        Column("STT", 6, "integer"),
        Column("Đơn vị", 36),
        Column("Mã", 14),
        Column("Phải nộp", 9, "integer"),
        Column("Đã nộp", 9, "integer"),
        Column("Trễ, quá hạn", 9, "integer"),
    ]
    for task in tasks:
        band = f"{task.code} {task.title}"[:120]
        columns += [
            Column("Trạng thái", 14, band=band),
            Column("Nộp lúc", 16, "moment", band),
            Column("Thời hạn", 14, band=band),
        ]
    return columns


def _board_row(place: int, row: units.CountedRow) -> tuple:
    unit, counts = row.unit, row.counts
    cells: list = []
    for one in row.cells:
        if one is None:
            cells += [None, None, None]
        else:
            cells += [OFFICE_WORDS[one.state], one.handed_in_at, one.timeliness]
    counted = (counts.expected, counts.received, counts.late)
    return (place, unit.short_name, unit.code, *counted, *cells)


def _total_row(totals: list[units.Counts], whole: units.Counts) -> TotalRow:
    cells: list = []
    for one in totals:
        cells += [f"{one.received} / {one.expected} đã nộp", None, f"{one.late} trễ"]
    sums = (whole.expected, whole.received, whole.late)
    return TotalRow((None, "Tổng cộng", None, *sums, *cells))


def _tasks(tasks: list) -> Table:
    columns = [
        Column("Mã", 10),
        Column("Nhiệm vụ", 80),
        Column("Thời hạn", 28),
        Column("Hết hạn", 17, "moment"),
        Column("Sản phẩm", 20),
        Column("Nơi ghi", 40),
    ]
    rows = (
        (one.code, one.title, one.phrase, one.due_at, one.get_product_display(), one.source)
        for one in tasks
    )
    return Table("Nhiệm vụ", columns, rows)


def road_map_tables(plan: Plan, path: str, header: list[str]) -> list[Table]:
    """Tasks × years with the state of each year and its note."""
    columns = [
        Column("TT", 6), Column("Nhiệm vụ", 60), Column("Nội dung", 60), Column("Phòng", 8),
        Column("Trường", 8), Column("Đã nộp", 9, "integer"), Column("Phải nộp", 9, "integer"),
        *(Column(str(year), 18) for year in plan.years),
    ]  # fmt: skip
    rows = (
        (
            row.task.code, row.task.title, row.task.content, "X" if row.has_office else "",
            "X" if row.has_schools else "", row.received, row.expected,
            *(_year(one) for one in row.years),
        )
        for row in road_map.road_map(plan, path)
    )  # fmt: skip
    return [Table("Lộ trình", columns, rows, header, frozen_columns=2)]


def _year(one: RoadMapYear | None) -> str | None:
    if one is None:
        return None
    return f"{one.get_state_display()}: {one.note}" if one.note else one.get_state_display()


def month_tables(first: date, path: str, header: list[str]) -> list[Table]:
    """Every deadline of the month with how many have handed in."""
    columns = [
        Column("Hết hạn", 17, "moment"),
        Column("Thứ", 12),
        Column("Mã", 10),
        Column("Nhiệm vụ", 80),
        Column("Đơn vị giao", 30),
        Column("Đã nộp", 9, "integer"),
        Column("Phải nộp", 9, "integer"),
    ]
    last = month.next_month(first) - timezone.timedelta(days=1)
    rows = (
        (
            one["due_at"], weekday(timezone.localtime(one["due_at"]).date()), one["task__code"],
            one["task__title"], one["task__issuer__short_name"], one["received"], one["expected"],
        )
        for one in month.deadlines_of(path, first, last)
    )  # fmt: skip
    return [Table(f"Tháng {first:%m-%Y}", columns, rows, header)]
