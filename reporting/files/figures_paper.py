"""A data request as a document: who has reported, every figure, targets, every school."""

from django.db.models import F, Q
from django.utils import timezone

from edudx.lib.vietnamese import number, percent
from plans.models import Assignment
from reporting import rollup
from reporting.content import blocks, facts, timeliness
from reporting.documents import letterhead
from reporting.documents.paper import Appendix, Block, Column, Grid, Paper, Text
from reporting.models import DataRequest
from schools.models import OrgUnit

MOST_LISTED = 5000  # schools; a longer list is read as Excel


def paper(request: DataRequest, unit: OrgUnit, progress) -> tuple[Paper, int]:
    """The document over one part of the tree, and how many schools are in it."""
    scope = Q(unit_path__startswith=unit.path) | Q(unit__path__startswith=unit.path)
    sheets = rollup.sheets_of(request, scope)
    rows = Assignment.objects.filter(data_sheet__in=sheets)
    work = timeliness.total(rows)
    progress(0, 1, "Cộng số liệu")
    figures = facts.figures_within(request, scope)
    head = letterhead.heading(unit, "BC")
    found = Paper(
        **head,
        form="report", kind="Báo cáo", about=request.title, notice=request.school_task.notice,
        blocks=(
            Text(f"{unit.name} tổng hợp số liệu kỳ {request.period} như sau:"),
            Text("1. Tình hình báo cáo", "heading"),
            Text(
                f"Số trường phải báo cáo: {number(work.expected)}. Đã báo cáo: "
                f"{number(work.received)} ({percent(work.received, work.expected)}), trong đó đúng "
                f"hạn {number(work.on_time)}, trễ hạn {number(work.late)}. Trường chưa báo cáo "
                "không được tính là 0 ở bất kỳ số nào; mỗi số ghi bao nhiêu trường đã báo cáo."
            ),
            *timeliness.timeliness(timeliness.by_office(rows, unit), work),
            Text("2. Số liệu", "heading"), *blocks.figures(figures),
            Text("3. Chỉ tiêu", "heading"), *_targets(unit, request),
            Text(f"Trên đây là số liệu kỳ {request.period} của {unit.name}./."),
        ),
        signature=letterhead.draft_signature(unit),
        receivers=letterhead.receivers(letterhead.superior_to_report(unit)),
        note=f"Nguồn: {figures.source}.",
        appendices=(_schools(sheets, work.expected, letterhead.attached("Báo cáo", head)),),
    )  # fmt: skip
    return found, work.expected


def _targets(unit: OrgUnit, request: DataRequest) -> tuple[Block, ...]:
    year = timezone.localtime(request.school_task.due_at).year
    found = facts.targets_of(unit, request.period, year)
    made = tuple(one for plan, rows in found for one in blocks.targets(plan, rows))
    return made or (Text("Không có chỉ tiêu nào được giao trong kỳ."),)


def _schools(sheets, count: int, attached: str) -> Appendix:
    """Every school, those that are missing first."""
    columns = (
        Column("TT", 13, True), Column("Trường"), Column("Nơi tổng hợp", 42),
        Column("Nộp lúc", 30, True), Column("Thời hạn", 30, True),
    )  # fmt: skip
    rows = sheets.select_related("unit", "office", "assignment").order_by(
        F("assignment__handed_in_at").asc(nulls_first=True), "office__sort_key", "unit__sort_key"
    )
    cells = tuple(
        (str(place), one.unit.name, str(one.office), _moment(one.assignment.handed_in_at),
         one.assignment.timeliness or "Còn hạn")
        for place, one in enumerate(rows.iterator(chunk_size=500), start=1)
    ) if count <= MOST_LISTED else ()  # fmt: skip
    return Appendix(
        "Tình hình báo cáo của từng trường", attached,
        (Grid(columns, cells, empty=f"{number(count)} trường: xem tệp Excel"),),
    )  # fmt: skip


def _moment(value) -> str:
    return f"{timezone.localtime(value):%H:%M %d/%m/%Y}" if value else "–"
