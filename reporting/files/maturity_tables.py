"""Báo cáo tổng hợp mức độ chuyển đổi số: one round, one part of the tree, as Excel and as PDF.

Both come from the same `Summary`, so their figures cannot differ. Nothing certified, nothing
counted: self scores stand beside certified ones in the detail and never in the level counts.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from assessments import scoring
from assessments.models import (
    Answer,
    Assessment,
    Campaign,
    Certificate,
    CertificateLine,
    Criterion,
)
from assessments.workflow import OFFICE_LABELS, SetState
from edudx.lib import deadlines
from plans.models import Assignment, lateness
from reporting.documents.table import Column, Progress, Table, TotalRow, silent
from reporting.files.orders import name_of
from schools.models import OrgUnit, User

CHUNK = 500
LEVELS = (1, 2, 3)
SOURCES = {
    "verified": "Đã đọc ở hai bản công khai độc lập",
    "transcribed": "Chép từ một bản công khai, chưa đối chiếu",
    "inferred": "Suy ra để tổng điểm của nhóm đủ 100, chưa đối chiếu",
    "working_draft": "Bản nháp thay thế, chưa có bảng điểm chính thức",
}


@dataclass
class Line:
    """Counts of one office and type; `levels` by (group, level); `on_time` of those submitted."""

    office: str
    school_type: str
    expected: int = 0
    submitted: int = 0
    on_time: int = 0
    certified: int = 0
    level_3_both: int = 0
    levels: dict[tuple[str, int], int] = field(default_factory=dict)

    def add(self, other: "Line") -> None:
        self.expected += other.expected
        self.submitted += other.submitted
        self.on_time += other.on_time
        self.certified += other.certified
        self.level_3_both += other.level_3_both
        for key, count in other.levels.items():
            self.levels[key] = self.levels.get(key, 0) + count

    def cells(self, groups: list[str]) -> tuple:
        counts = [self.levels.get((group, level), 0) for group in groups for level in LEVELS]
        return (
            self.office, self.school_type, self.expected, self.submitted, self.on_time,
            self.certified, *counts, self.level_3_both,
        )  # fmt: skip


@dataclass
class Office:
    """The lines of one office and their total."""

    name: str
    lines: list[Line]
    total: Line


@dataclass
class Summary:
    """Everything both files say; `made_at` and `asked_by` stand in each of them."""

    campaign: Campaign
    unit: OrgUnit
    groups: list[str]
    offices: list[Office]
    total: Line
    made_at: datetime
    asked_by: str
    notice: str

    @property
    def header(self) -> list[str]:
        """Version, time, filter, number of units, who asked: in every file that leaves."""
        lines = [
            f"TỔNG HỢP KẾT QUẢ ĐÁNH GIÁ MỨC ĐỘ CHUYỂN ĐỔI SỐ – {self.campaign.title}",
            f"Kỳ {self.campaign.period} · Phạm vi: {self.unit.name} · "
            f"{self.total.certified} / {self.total.expected} trường đã được công nhận",
            f"Bộ chỉ số: {', '.join(str(one) for one in self.campaign.sets.all())} · "
            f"Lập lúc {timezone.localtime(self.made_at):%H:%M %d/%m/%Y} · "
            f"Người yêu cầu: {self.asked_by}",
        ]
        return [*lines, self.notice] if self.notice else lines

    @property
    def is_complete(self) -> bool:
        return self.total.certified == self.total.expected


def files_of(campaign: Campaign, unit: OrgUnit):
    """The files of the round in that part of the tree, by their place on the day it opened."""
    of_round = Assessment.objects.filter(campaign=campaign, unit_path__startswith=unit.path)
    return of_round.counted()


def summary(campaign: Campaign, unit: OrgUnit, *, asked_by: User | None) -> Summary:
    """Counts per office and type in three queries, whatever the number of schools."""
    files = files_of(campaign, unit)
    lines = _counted(files)
    _add_levels(lines, files)
    offices: dict[int, Office] = {}
    types = list(OrgUnit.SchoolType.values)
    total = Line("Tổng cộng", "")
    for (office, school_type), line in sorted(
        lines.items(), key=lambda one: (one[1].sort_key, types.index(one[0][1]))
    ):
        line.counts.school_type = OrgUnit.SchoolType(school_type).label
        here = offices.setdefault(office, Office(line.name, [], Line(line.name, "Tất cả")))
        here.lines.append(line.counts)
        here.total.add(line.counts)
        total.add(line.counts)
    groups = sorted({group for group, _ in total.levels} | {"1", "2"})
    return Summary(
        campaign=campaign,
        unit=unit,
        groups=groups,
        offices=list(offices.values()),
        total=total,
        made_at=timezone.now(),
        asked_by=name_of(asked_by),
        notice=campaign.notice,
    )


@dataclass
class _Counted:
    name: str
    sort_key: str
    counts: Line


def _counted(files) -> dict[tuple[int, str], _Counted]:
    rows = files.values(
        "office", "office__name", "office__sort_key", "unit__school_type"
    ).annotate(
        expected=Count("pk"),
        submitted=Count("pk", filter=Q(assignment__handed_in_at__isnull=False)),
        on_time=Count("pk", filter=lateness.in_time("assignment__")),
        certified=Count("pk", filter=Q(state=Assessment.State.CERTIFIED)),
    ).order_by()  # fmt: skip
    return {
        (row["office"], row["unit__school_type"]): _Counted(
            row["office__name"],
            row["office__sort_key"],
            Line(
                row["office__name"], "", row["expected"], row["submitted"], row["on_time"],
                row["certified"],
            ),
        )
        for row in rows
    }  # fmt: skip


def _add_levels(lines: dict, files) -> None:
    in_force = CertificateLine.objects.filter(
        certificate__withdrawn_at=None, certificate__assessment__in=files
    )
    place = ("certificate__assessment__office", "certificate__assessment__unit__school_type")
    counted = in_force.values(*place, "group_code", "level").annotate(n=Count("pk")).order_by()
    for row in counted:
        line = lines[row[place[0]], row[place[1]]].counts
        line.levels[row["group_code"], row["level"]] = row["n"]
    both = (
        in_force.filter(level=3)
        .values(*place, "certificate")
        .annotate(n=Count("pk"))
        .filter(n__gte=2)
        .order_by()
        .values_list(*place)
    )
    for office, school_type in both:
        lines[office, school_type].counts.level_3_both += 1


# Excel


def tables(found: Summary, progress: Progress = silent) -> list[Table]:
    """Tổng hợp, Chi tiết, Chưa nộp, and the notes on criteria that nobody has compared yet."""
    sheets = [_summary_table(found), _detail_table(found, progress), _missing_table(found)]
    if found.notice:
        sheets.append(_notes_table(found))
    return sheets


def _summary_table(found: Summary) -> Table:
    columns = [Column("Đơn vị", 42), Column("Loại trường", 26)]
    for title in ("Phải nộp", "Đã nộp", "Đúng hạn", "Đã công nhận"):
        columns.append(Column(title, 10, "integer", "Số trường"))
    for group in found.groups:
        columns += [Column(f"Mức {one}", 8, "integer", f"Nhóm {group}") for one in LEVELS]
    columns.append(Column("Mức 3 ở cả hai nhóm", 12, "integer"))

    def rows() -> Iterator[tuple]:
        for office in found.offices:
            for line in office.lines:
                yield line.cells(found.groups)
            yield TotalRow(office.total.cells(found.groups))
        yield TotalRow(found.total.cells(found.groups))

    return Table("Tổng hợp", columns, rows(), found.header, frozen_columns=1)


def _detail_table(found: Summary, progress: Progress) -> Table:
    criteria = _criteria(found.campaign)
    columns = [
        Column("STT", 6, "integer"),
        Column("Trường", 34),
        Column("Mã trường", 14),
        Column("Loại trường", 20),
        Column("Đơn vị quản lý", 30),
        Column("Trạng thái", 18),
        Column("Nộp lúc", 17, "moment"),
        Column("Thời hạn", 13),
    ]
    for group in found.groups:
        columns += [
            Column("Tự đánh giá", 10, "number", f"Nhóm {group}"),
            Column("Công nhận", 10, "number", f"Nhóm {group}"),
            Column("Mức công nhận", 9, "integer", f"Nhóm {group}"),
        ]
    columns.append(Column("Mức thấp hơn của các nhóm (chỉ để tham khảo)", 12, "integer"))
    for criterion in criteria:
        band = f"{criterion.indicator_set.code} · {criterion.code} {criterion.title}"
        columns += [
            Column(f"{criterion.code} tự đánh giá", 9, "number", band),
            Column(f"{criterion.code} công nhận", 9, "number", band),
        ]
    rows = _detail_rows(found, criteria, progress)
    above = [found.notice] if found.notice else []
    return Table("Chi tiết", columns, rows, above, frozen_columns=2)


def _criteria(campaign: Campaign) -> list[Criterion]:
    return list(
        Criterion.objects.filter(indicator_set__campaigns=campaign)
        .exclude(kind=Criterion.Kind.SUM)
        .select_related("indicator_set")
        .order_by("indicator_set__code", "position")
    )


def _detail_rows(found: Summary, criteria: list[Criterion], progress: Progress) -> Iterator[tuple]:
    """A row per school, read in chunks; conditions are 1 and 0. Which and in what order: once."""
    files = files_of(found.campaign, found.unit).order_by(
        "office__sort_key", "unit__sort_key", "pk"
    )
    ids = list(files.values_list("pk", flat=True))
    places = {criterion.pk: place * 2 for place, criterion in enumerate(criteria)}
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        lines, names = _line_cells(chunk), _certified_names(chunk)
        cells = _answer_cells(chunk, places, certified=lines.keys())
        rows = Assessment.objects.filter(pk__in=chunk).values_list(
            "pk", "unit__short_name", "unit__code", "unit__school_type", "office__name", "state",
            "assignment__handed_in_at", "assignment__due_at", "self_results",
        )  # fmt: skip
        by_file = {row[0]: row for row in rows}
        for number, pk in enumerate(chunk, start=start + 1):
            row = pk, *names.get(pk, by_file[pk][1:5]), *by_file[pk][5:]
            yield _detail_row(number, row, cells[pk], lines.get(pk, {}), found.groups)
        progress(min(start + CHUNK, len(ids)), len(ids), "Ghi chi tiết từng trường")


def _answer_cells(chunk: list[int], places: dict[int, int], certified: Collection) -> dict:
    """Self and certified by file; what a school has not handed in yet is nobody's to read.

    A reopened file keeps its old points, but they hold no more.
    """
    cells = {pk: [None] * (len(places) * 2) for pk in chunk}
    submitted = Answer.objects.filter(assessment__in=chunk, assessment__submitted_at__isnull=False)
    answers = submitted.values_list(
        "assessment", "criterion", "points", "met", "certified_points", "certified_met"
    )
    for pk, criterion, points, met, given, given_met in answers.iterator(chunk_size=5000):
        place, row = places[criterion], cells[pk]
        row[place] = points if points is not None else met
        if pk in certified:
            row[place + 1] = given if given is not None else given_met
    return cells


def _line_cells(chunk: list[int]) -> dict[int, dict]:
    found: dict[int, dict] = {}
    lines = CertificateLine.objects.filter(
        certificate__withdrawn_at=None, certificate__assessment__in=chunk
    ).values_list("certificate__assessment", "group_code", "points", "level")
    for pk, group, points, level in lines:
        found.setdefault(pk, {})[group] = (points, level)
    return found


def _certified_names(chunk: list[int]) -> dict[int, tuple[str, str, str, str]]:
    """Name, code, type and office of certified files, as the decision has them."""
    found = Certificate.objects.in_force().filter(assessment__in=chunk).values_list(
        "assessment", "unit_short_name", "assessment__unit__short_name", "assessment__unit__code",
        "unit_type", "office_name",
    )  # fmt: skip
    return {
        pk: (name if name == now else f"{name} (nay là {now})", *rest)
        for pk, name, now, *rest in found
    }


def _detail_row(number: int, row: tuple, cells: list, lines: dict, groups: list[str]) -> tuple:
    _, name, code, school_type, office, state, handed_in, due_at, self_results = row
    own = {one["code"]: float(one["points"]) for one in self_results}
    blocks: list = []
    for group in groups:
        points, level = lines.get(group, (None, None))
        blocks += [own.get(group), points, level]
    return (
        number, name, code, OrgUnit.SchoolType(school_type).label, office, OFFICE_LABELS[state],
        handed_in, timeliness(handed_in, due_at), *blocks,
        scoring.lower_of(level for _, level in lines.values()), *cells,
    )  # fmt: skip


def timeliness(handed_in: datetime | None, due_at: datetime) -> str:
    if handed_in is None:
        return "Chưa nộp"
    late = deadlines.days_late(handed_in, due_at)
    return f"Trễ {late} ngày" if late else "Đúng hạn"


def _missing_table(found: Summary) -> Table:
    columns = [
        Column("STT", 6, "integer"),
        Column("Trường", 40),
        Column("Mã trường", 14),
        Column("Loại trường", 26),
        Column("Đơn vị quản lý", 40),
        Column("Hạn nộp", 17, "moment"),
        Column("Số ngày quá hạn", 12, "integer"),
    ]
    missing = (
        Assignment.objects.filter(
            assessment__in=files_of(found.campaign, found.unit), handed_in_at=None
        )
        .select_related("unit", "assessment__office")
        .order_by("assessment__office__sort_key", "unit__sort_key", "pk")
    )

    def rows() -> Iterator[tuple]:
        for number, one in enumerate(missing.iterator(chunk_size=CHUNK), start=1):
            late = deadlines.days_late(found.made_at, one.due_at)
            yield (
                number, one.unit.short_name, one.unit.code, one.unit.get_school_type_display(),
                one.assessment.office.name, one.due_at, late or None,
            )  # fmt: skip

    above = [found.notice] if found.notice else []
    return Table("Chưa nộp", columns, rows(), above, frozen_columns=2)


def _notes_table(found: Summary) -> Table:
    columns = [
        Column("Bộ chỉ số", 12),
        Column("Mã", 10),
        Column("Tiêu chí", 80),
        Column("Điểm tối đa", 10, "number"),
        Column("Nguồn của điểm", 50),
    ]
    drafts = Criterion.objects.filter(
        indicator_set__campaigns=found.campaign, indicator_set__state=SetState.DRAFT
    ).exclude(source="verified")
    rows = (
        (
            one.indicator_set.code, one.code, one.title, one.max_points or None,
            SOURCES.get(one.source, one.source),
        )
        for one in drafts.select_related("indicator_set").order_by("indicator_set", "position")
    )  # fmt: skip
    return Table("Chỉ số chưa đối chiếu", columns, rows, [found.notice], frozen_columns=2)
