"""Sheets as Excel: a template with what is known, and back again, all of it or nothing."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from django.core.exceptions import PermissionDenied
from django.db import transaction

from edudx.lib import workbooks
from edudx.lib.workbooks import WorkbookRefused
from edudx.lib.workflow import StepRefused
from plans.workflow import AssignmentState
from reporting import sheet_reading
from reporting.actions import sheets
from reporting.arithmetic import Value
from reporting.exchange import sheet_layout
from reporting.forms import SectionForm
from reporting.models import DataItem, DataRequest, DataSheet
from schools.exchange.excel_codes import CodeBook
from schools.models import User

K = DataItem.Kind
YES_NO = ("Có", "Không")
HEADINGS = {key: heading for key, (heading, _) in sheet_layout.COLUMNS.items()}
NEEDED = {"unit", "key", "value"}


@dataclass
class Cell:
    """What one row of an upload says of one figure."""

    number: int
    value: str = ""
    whole: str = ""
    note: str = ""


@dataclass
class Upload:
    """An upload that was read: sheets with their cells, and every fault with its row.

    `doubts` are of texts that seem to be in an old encoding.
    """

    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)  # unit code → key → cell
    faults: list[str] = field(default_factory=list)
    by_row: dict[int, str] = field(default_factory=dict)
    doubts: list[str] = field(default_factory=list)

    def fault(self, number: int, sentence: str) -> None:
        self.faults.append(f"Dòng {number}: {sentence}")
        self.by_row[number] = f"{self.by_row.get(number, '')} {sentence}".strip()


# Out


def write_template(found: Iterable[DataSheet], target: Path, upload: Upload | None = None) -> None:
    """Drafts and what was given before; with an upload: its values, the wrong places marked."""
    found = list(found)
    request = found[0].request
    lines = [line for one in found for line in _lines(one, upload)]
    lines += _strays(found, upload) if upload else ()
    guide = [
        request.title, f"Biểu mẫu: {request.form}",
        "Chỉ nhập vào các ô màu vàng nhạt ở trang «Số liệu»; không thêm, bớt dòng hay cột.",
        "Số viết như 1234 hoặc 1234,5. Tỉ lệ: «Giá trị» là số thứ nhất, «Tổng số» là số thứ hai.",
        "Ô để trống thì giữ nguyên số đang có trên phiếu; muốn xóa một số thì xóa trên trang.",
        "Số bắt buộc phải có trước khi nộp. Không dùng công thức.",
        "Tải lại tệp này lên trang của phiếu; có một ô sai thì chưa ô nào được ghi.",
    ]  # fmt: skip
    sheet_layout.write(lines, guide, target, request.form.typed_rules)


def _lines(sheet: DataSheet, upload: Upload | None) -> Iterable[sheet_layout.Line]:
    draft, notes, known = (
        sheet_reading.draft_of(sheet),
        sheet_reading.notes_of(sheet),
        sheet_reading.known_of(sheet),
    )
    typed = upload.cells.get(sheet.unit.code, {}) if upload else {}
    for section in sheet_reading.sections_of(sheet):
        for one in section.fields:
            for key in one.item.keys:
                cell, before = typed.get(key), known.get(key)
                value = draft.get(key, Value())
                yield sheet_layout.Line(
                    texts={
                        "unit": sheet.unit.code, "name": str(sheet.unit), "key": key,
                        "section": section.title, "title": _title(one.item, key),
                        "note": cell.note if cell else notes.get(key, ""),
                        "before": sheet_reading.shown(one.item, before.value) if before else "",
                    },
                    kind=_kind(one.item), is_whole=one.item.is_whole, choices=_choices(one.item),
                    values=(cell.value, cell.whole) if cell else _boxes(one.item, value),
                    fault=upload.by_row.get(cell.number, "") if upload and cell else "",
                    key=(sheet.unit.code, key),
                )  # fmt: skip


def _strays(found: list[DataSheet], upload: Upload) -> Iterable[sheet_layout.Line]:
    """Rows of an upload that belong to no sheet, with what is wrong with them."""
    asked = {
        (one.unit.code, key)
        for one in found
        for field_ in sheet_reading.fields_of(one)
        for key in field_.item.keys
    }
    for code, cells in upload.cells.items():
        for key, cell in cells.items():
            if (code, key) not in asked:
                yield sheet_layout.Line(
                    texts={"unit": code, "key": key, "note": cell.note}, kind="text",
                    values=(cell.value, cell.whole), fault=upload.by_row.get(cell.number, ""),
                )  # fmt: skip


def _title(item: DataItem, key: str) -> str:
    if item.kind == K.RATIO:
        return f"{item.title} ({item.part_label} / {item.whole_label})"
    return f"{item.label_of(key)} ({item.measure})" if item.measure else item.label_of(key)


def _kind(item: DataItem) -> str:
    plain = {K.TABLE: "integer", K.YES_NO: "choice"}
    return plain.get(item.kind, item.kind)


def _choices(item: DataItem) -> tuple[str, ...]:
    return YES_NO if item.kind == K.YES_NO else tuple(item.choices)


def _boxes(item: DataItem, value: Value) -> tuple:
    if item.kind == K.YES_NO:
        return ("" if value.number is None else YES_NO[0 if value.number else 1], None)
    return (value.text or value.number, value.whole)


# In


def read(file: BinaryIO) -> Upload:
    """The cells of an upload; WorkbookRefused for what is no such workbook."""
    upload = Upload()
    for row in workbooks.rows(
        file, sheet_layout.SHEET, HEADINGS, NEEDED, has_comma=True, keeps_faults=True
    ):
        cells = row.cells
        for sentence in row.faults:
            upload.fault(row.number, sentence)
        upload.doubts += [
            f"Dòng {row.number}: «{HEADINGS[key]}» {said}."
            for key, said in row.doubts.items()
            if key in sheet_layout.INPUTS
        ]
        mine = upload.cells.setdefault(cells["unit"], {})
        if cells["key"] in mine:
            upload.fault(row.number, f"mã «{cells['key']}» của đơn vị này đã có ở dòng trên.")
        mine[cells["key"]] = Cell(
            row.number, cells["value"], cells.get("whole", ""), cells.get("note", "")
        )
    if not upload.cells:
        raise WorkbookRefused(f"Trang «{sheet_layout.SHEET}» chưa có dòng nào.")
    return upload


@transaction.atomic
def save(upload: Upload, found: Iterable[DataSheet], *, by: User) -> int:
    """Into the drafts of these sheets; how many sheets. Any fault and nothing is kept."""
    by_code = {one.unit.code: one for one in found}
    for code, cells in upload.cells.items():
        first = min(one.number for one in cells.values())
        if code not in by_code:
            hint = CodeBook(by_code).hint(code)
            said = f"đơn vị «{code[:40]}» không có phiếu để bạn nhập ở yêu cầu này.{hint}"
            upload.fault(first, said)
            continue
        try:
            _save_one(upload, by_code[code], cells, by)
        except (StepRefused, PermissionDenied) as refusal:
            upload.fault(first, f"{code}: {refusal}")
    if upload.faults:
        transaction.set_rollback(True)
        return 0
    return len(upload.cells)


def _save_one(upload: Upload, sheet: DataSheet, cells: dict[str, Cell], by: User) -> None:
    known: set[str] = set()
    values: dict[str, Value] = {}
    notes: dict[str, str] = {}
    for section in sheet_reading.sections_of(sheet):
        place, fields = section.place, section.fields
        mine = {key: cells[key] for one in fields for key in one.item.keys if key in cells}
        known |= set(mine)
        form = SectionForm(_typed(place, fields, mine), place=place, fields=fields)
        if form.is_valid():
            content = form.content()
            values |= {
                key: content["values"][key]
                for key in mine
                if not content["values"][key].is_empty  # an empty box changes nothing
            }
            notes |= {key: text for key, text in content["notes"].items() if key in mine}
            continue
        labels = {key: one.item.label_of(key) for one in fields for key in one.item.keys}
        for key, sentence in form.faults_by_key():
            upload.fault(mine[key].number, f"«{labels[key]}»: {sentence}")
    for key in set(cells) - known:
        upload.fault(cells[key].number, f"mã «{key[:40]}» không có trong phiếu của đơn vị này.")
    _say_what_is_gone(upload, sheet, cells)
    if not upload.faults:
        sheets.fill(sheet, values=values, notes=notes, by=by)


def _say_what_is_gone(upload: Upload, sheet: DataSheet, cells: dict[str, Cell]) -> None:
    """Rows that were deleted from the template: nobody is to think that they were emptied."""
    asked = [
        (key, one.item.label_of(key))
        for one in sheet_reading.fields_of(sheet)
        for key in one.item.keys
    ]
    gone = [label for key, label in asked if key not in cells]
    if gone:
        first = min(one.number for one in cells.values())
        more = f" và {len(gone) - 3} dòng khác" if len(gone) > 3 else ""
        names = ", ".join(f"«{label}»" for label in gone[:3])
        upload.fault(
            first, f"{sheet.unit}: tệp thiếu {len(gone)} dòng của mẫu ({names}{more}); tải mẫu mới."
        )


def _typed(place: int, fields, cells: dict[str, Cell]) -> dict[str, str]:
    """The cells as the page's form would send them."""
    sent = {f"s{place}-version": "0"}
    words = {"có": "1", "không": "0", "true": "1", "false": "0"}
    for one in fields:
        for key, name in SectionForm.names_of(one):
            cell = cells.get(key, Cell(0))
            if one.item.kind == K.RATIO:
                sent[f"s{place}-{name}-n"], sent[f"s{place}-{name}-w"] = cell.value, cell.whole
            elif one.item.kind == K.YES_NO:
                sent[f"s{place}-{name}"] = words.get(cell.value.casefold(), cell.value)
            else:
                sent[f"s{place}-{name}"] = cell.value
        sent[f"s{place}-{one.pk}-note"] = cells.get(one.item.keys[0], Cell(0)).note
    return sent


def of_office(request: DataRequest, user: User):
    """The sheets an office may fill in for its schools: it rolls them up."""
    units = [hat.unit_id for hat in user.hats]
    found = DataSheet.objects.visible_to(user).for_list().filter(request=request, office__in=units)
    return found.exclude(assignment__state=AssignmentState.WITHDRAWN).order_by(
        "unit__sort_key", "pk"
    )
