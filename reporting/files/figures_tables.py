"""Consolidated workbook of a data request: every office, figure and school, with completeness."""

from collections.abc import Iterator

from django.db.models import Q

from edudx.lib.vietnamese import number
from reporting import rollup
from reporting.arithmetic import Total
from reporting.documents.table import Column, Table, TotalRow
from reporting.files import overview_tables
from reporting.models import DataItem, DataRequest, DataSheet, DataValue
from reporting.models.export_filters import Across
from schools.models import OrgUnit

K, R = DataItem.Kind, DataItem.RollUp
CHUNK = 500


def tables(
    request: DataRequest, unit: OrgUnit, header: list[str], progress, *,
    across: Across = Across.FIGURES,
) -> tuple[list, int]:  # fmt: skip
    """(sheets, how many schools) over one part of the tree: the roll-up, its rows figures or
    offices; closings, charts, targets; each school's figures.
    """
    scope = Q(unit_path__startswith=unit.path) | Q(unit__path__startswith=unit.path)
    offices = rollup.offices_of(request, scope)
    totals = rollup.totals_of(request, scope)
    count = sum(one.expected for one in offices)
    received = sum(one.received for one in offices)
    header = [
        *header,
        f"Kỳ {request.period} · đã nộp {received} / {count} trường. Đây là số các trường đã nộp "
        "đến lúc lập tệp; phòng nào đã chốt, đã duyệt: xem trang «Tiến độ chốt».",
    ]
    lay_out = _by_figure if across == Across.FIGURES else _by_office
    sheets = [
        lay_out(request, offices, totals, rollup.before_of(request, scope), header),
        _closings(request, unit, offices, header),
        *overview_tables.tables(request, unit, rollup.sheets_of(request, scope), header),
        _by_school(request, scope, count, header, progress),
    ]
    return sheets, count


def _by_office(
    request, offices: list[OrgUnit], totals: rollup.Totals, before: dict, header
) -> Table:
    """A row per office, its total last; per figure its value and how many units stand behind it."""
    whole = rollup.whole(totals)
    lines = [line for _, lines in rollup.lines_of(request, whole, before) for line in lines]
    columns = [
        Column("Đơn vị tổng hợp", 36), Column("Phải nộp", 9, "integer"),
        Column("Đã nộp", 9, "integer"),
    ]  # fmt: skip
    for line in lines:
        columns += [
            Column(f"Tổng hợp ({unit_of(line.field.item)})".replace(" ()", ""), 14, "number",
                   line.label),
            Column("Báo cáo", 9, "text", line.label),
        ]  # fmt: skip

    def rows() -> Iterator[tuple]:
        for one in offices:
            mine = totals.get(one.pk, {})
            yield (one.name, one.expected, one.received, *_pairs(lines, mine))
        counts = (sum(one.expected for one in offices), sum(one.received for one in offices))
        yield TotalRow(("Tổng cộng", *counts, *_pairs(lines, whole)))
        old = {line.key: line.before.total for line in lines if line.before}
        if old:
            yield TotalRow(("Kỳ trước", None, None, *_pairs(lines, old)))

    return Table("Tổng hợp", columns, rows(), header, frozen_columns=1)


def _pairs(lines: list[rollup.Line], keys: dict[str, Total]) -> Iterator:
    """(value, «n/N») of each figure, one after the other."""
    for line in lines:
        total = keys.get(line.key, Total())
        yield cell(line.field.item, total)
        yield f"{total.reported}/{total.expected}" if total.expected else ""


def _by_figure(
    request, offices: list[OrgUnit], totals: rollup.Totals, before: dict, header
) -> Table:
    """A row per figure; per office its value and how many units stand behind it."""
    columns = [
        Column("Mục", 26), Column("Số liệu", 46), Column("Đơn vị tính", 11),
        Column("Cách tổng hợp", 13), Column("Tổng hợp", 14, "number", "Toàn bộ"),
        Column("Báo cáo", 8, "integer", "Toàn bộ"), Column("Phải báo cáo", 8, "integer", "Toàn bộ"),
        Column("Hai số của tỉ lệ", 18, "text", "Toàn bộ"),
        Column("Tổng hợp", 14, "number", "Kỳ trước"), Column("Báo cáo", 20, "text", "Kỳ trước"),
    ]  # fmt: skip
    for one in offices:
        columns += [
            Column("Tổng hợp", 14, "number", str(one)), Column("Báo cáo", 9, "text", str(one)),
        ]  # fmt: skip
    whole = rollup.whole(totals)

    def rows() -> Iterator[tuple]:
        for title, lines in rollup.lines_of(request, whole, before):
            for line in lines:
                item = line.field.item
                cells = [cell(item, line.total), line.total.reported, line.total.expected]
                cells += [_parts(item, line.total), *_before(line)]
                for one in offices:
                    total = totals.get(one.pk, {}).get(line.key, Total())
                    said = f"{total.reported}/{total.expected}" if total.expected else ""
                    cells += [cell(item, total), said]
                yield (title, line.label, unit_of(item), item.get_roll_up_display(), *cells)

    return Table("Tổng hợp", columns, rows(), header, frozen_columns=2)


def _parts(item: DataItem, total: Total) -> str:
    """«1.178 / 1.466»: what a percentage was made of."""
    if item.roll_up != R.RATIO or not total.reported:
        return ""
    return f"{number(total.number)} / {number(total.whole)}"


def _before(line: rollup.Line) -> list:
    """Its total a period ago and, beside it, which period and how many stood behind it."""
    if line.before is None or not line.before.total.reported:
        return [None, ""]
    total = line.before.total
    said = f"{line.before.period}: {total.reported}/{total.expected}"
    return [cell(line.field.item, total), said]


def unit_of(item: DataItem) -> str:
    words = {R.RATIO: "%", R.YES: "đơn vị có"}
    return words.get(item.roll_up, item.measure)


def cell(item: DataItem, total: Total):
    """A number, the words of a spread, or nothing while nobody has reported."""
    if item.roll_up == R.SPREAD:
        return rollup.shown(item, total)
    return total.value(item.roll_up)


def _closings(request, unit: OrgUnit, offices: list[OrgUnit], header) -> Table:
    """How far each office is; of an office outside the part of the tree only its counts."""
    columns = [
        Column("Đơn vị tổng hợp", 40), Column("Phải nộp", 9, "integer"),
        Column("Đã nộp", 9, "integer"), Column("Tình trạng", 16), Column("Lần chốt", 9, "integer"),
        Column("Chốt lúc", 17, "moment"), Column("Duyệt lúc", 17, "moment"),
        Column("Lý do chốt khi còn thiếu", 50),
    ]  # fmt: skip
    states = rollup.closings_of(request, [one for one in offices if one.is_within(unit.path)])

    def rows() -> Iterator[tuple]:
        for office in offices:
            one, again = states.get(office.pk, (None, False))
            kept = ("Chưa chốt" if office.is_within(unit.path) else "", None, None, None, None)
            if one:
                said = "Cần chốt lại" if again else "Đã duyệt" if one.approved_at else "Chờ duyệt"
                kept = (said, one.number, one.prepared_at, one.approved_at, one.reason)
            yield (office.name, office.expected, office.received, *kept)
        yield TotalRow(
            ("Tổng cộng", sum(one.expected for one in offices),
             sum(one.received for one in offices), None, None, None, None, None)
        )  # fmt: skip

    return Table("Tiến độ chốt", columns, rows(), header, frozen_columns=1)


def _by_school(request, scope: Q, count: int, header, progress) -> Table:
    """A row per school, a column per figure (two of a ratio); an empty cell was not reported."""
    items = [(one.item, key) for one in request.form.lines for key in one.item.keys]
    keys = [(item.kind, key) for item, key in items]
    columns = [
        Column("STT", 6, "integer"), Column("Trường", 34), Column("Mã", 14),
        Column("Nơi tổng hợp", 26), Column("Nộp lúc", 17, "moment"),
        *(one for item, key in items for one in _columns(item, key)),
    ]  # fmt: skip
    found = rollup.sheets_of(request, scope)
    found = found.order_by("office__sort_key", "unit__sort_key", "pk")
    ids = list(found.values_list("pk", flat=True))

    def rows() -> Iterator[tuple]:
        for start in range(0, len(ids), CHUNK):
            yield from _rows_of(ids[start : start + CHUNK], keys, start)
            progress(min(start + CHUNK, count), count, "Ghi từng trường")

    return Table("Từng trường", columns, rows(), header, frozen_columns=2)


def _columns(item: DataItem, key: str) -> list[Column]:
    label = item.label_of(key)
    if item.kind == K.RATIO:
        return [
            Column(item.part_label, 12, "number", label),
            Column(item.whole_label, 12, "number", label),
        ]
    is_word = item.kind in (K.TEXT, K.CHOICE, K.YES_NO)
    return [Column(label, 14, "text" if is_word else "number")]


def _rows_of(ids: list[int], keys: list, start: int) -> Iterator[tuple]:
    related = DataSheet.objects.filter(pk__in=ids).select_related("unit", "office", "current")
    rows = {one.pk: one for one in related}
    values: dict[int, dict[str, tuple]] = {}
    kept = DataValue.objects.filter(version__in=[one.current_id for one in rows.values()])
    for version, key, *value in kept.values_list("version", "key", "number", "whole", "text"):
        values.setdefault(version, {})[key] = value
    for place, pk in enumerate(ids, start=start + 1):
        one = rows[pk]
        mine = values.get(one.current_id, {})
        cells = [cell for kind, key in keys for cell in _cells(kind, mine.get(key, NOTHING))]
        at = one.current.at if one.current else None
        yield (place, one.unit.short_name, one.unit.code, one.office.short_name, at, *cells)


NOTHING = (None, None, "")


def _cells(kind: str, value: tuple) -> tuple:
    """A ratio's two numbers, yes or no as a word, the number, or the text."""
    part, whole, text = value
    if kind == K.RATIO:
        return part, whole
    if kind == K.YES_NO:
        return (None if part is None else "Có" if part else "Không",)
    return (text or part,)
