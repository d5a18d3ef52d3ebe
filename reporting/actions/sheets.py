"""The verbs of a school: enter a section, take over what is known, hand in, correct."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from edudx.lib import clock, deadlines
from edudx.lib.workflow import Conflict, StepRefused
from plans.actions import assignments
from plans.workflow import WAITING_FOR_UNIT
from reporting import sheet_reading
from reporting.actions import target_figures
from reporting.arithmetic import Value
from reporting.models import DataSheet, DataValue, SheetVersion
from schools.models import User
from schools.models.events import record
from schools.permissions import Permission


def may_enter(sheet: DataSheet, user: User) -> bool:
    return user.can_in(Permission.WORK_HAND_IN, sheet.unit)


def _locked(sheet: DataSheet, by: User, *, is_office: bool = False) -> DataSheet:
    """The row as it is now, held; refused when it is closed to this person."""
    sheet = DataSheet.objects.select_related("request__form", "unit", "office").locked(sheet.pk)
    sheet.assignment = assignments.lock(sheet.assignment)  # as it is now, not as the join saw it
    if not is_office and not may_enter(sheet, by):
        raise PermissionDenied("Bạn không có quyền nhập số liệu của đơn vị này.")
    if reason := sheet_reading.why_closed(sheet):
        raise StepRefused(reason)
    return sheet


EMPTY = {"version": 0, "values": {}, "notes": {}, "taken": [], "explained": {}}


@transaction.atomic
def save_section(
    sheet: DataSheet, section: int, *, values: dict[str, Value], notes: dict[str, str],
    version: int, by: User, is_looked_at: bool = True,
) -> int:  # fmt: skip
    """Keep one section of the draft; the new version of it. `is_looked_at`: the person pressed
    save and so confirms what was taken over and what the notes explain; an autosave confirms only
    what was typed.
    """
    sheet = _locked(sheet, by)
    kept = EMPTY | sheet.draft.get(str(section), {})
    new, notes = sheet_reading.packed(values), {key: text for key, text in notes.items() if text}
    if kept["version"] != version and (kept["values"], kept["notes"]) != (new, notes):
        raise Conflict(sheet_reading.unpacked(kept["values"]), values, kept["version"])
    same = {key for key, one in new.items() if kept["values"].get(key) == one}
    old_notes = {key for key, text in notes.items() if kept["notes"].get(key) == text}
    explained = {
        key: kept["explained"].get(key) if key in old_notes and not is_looked_at else new.get(key)
        for key in notes
    }
    sheet.draft[str(section)] = {
        "version": kept["version"] + 1,
        "values": new,
        "notes": notes,
        "taken": [] if is_looked_at else sorted(same & set(kept["taken"])),
        "explained": explained,
    }
    sheet.save(update_fields=["draft"])
    return kept["version"] + 1


@transaction.atomic
def fill(
    sheet: DataSheet, *, values: dict[str, Value], notes: dict[str, str], by: User
) -> None:  # fmt: skip
    """Many sections at once, out of a file, over what the draft has for these keys. What the office
    fills in for a school the school looks at and confirms.
    """
    is_office = by.can_in(Permission.DATA_CLOSE, sheet.office) and not may_enter(sheet, by)
    sheet = _locked(sheet, by, is_office=is_office)
    for section in sheet_reading.sections_of(sheet):
        mine = {key for one in section.fields for key in one.item.keys} & set(values)
        if not mine:
            continue
        part = EMPTY | sheet.draft.get(str(section.place), {})
        kept = {key: one for key, one in part["values"].items() if key not in mine}
        new = sheet_reading.packed({key: values[key] for key in mine})
        said = {key: notes[key] for key in mine if notes.get(key)}
        sheet.draft[str(section.place)] = {
            "version": part["version"] + 1,
            "values": kept | new,
            "notes": part["notes"] | said,
            "taken": sorted(set(part["taken"]) - mine | (set(new) if is_office else set())),
            "explained": part["explained"] | {key: new.get(key) for key in said},
        }
    sheet.save(update_fields=["draft"])
    record(sheet, "fill", "Nhập số liệu từ tệp Excel", by=by)


@transaction.atomic
def take_known(sheet: DataSheet, *, by: User) -> int:
    """Figures the unit has given before into the empty places, marked as not confirmed yet."""
    sheet = _locked(sheet, by)
    known, taken = sheet_reading.known_of(sheet), 0
    for section in sheet_reading.sections_of(sheet):
        part = EMPTY | sheet.draft.get(str(section.place), {})
        keys = [key for one in section.fields for key in one.item.keys]
        new = {key: known[key].value for key in keys if key in known and key not in part["values"]}
        if not new:
            continue
        sheet.draft[str(section.place)] = part | {
            "version": part["version"] + 1,
            "values": part["values"] | sheet_reading.packed(new),
            "taken": sorted({*part["taken"], *new}),
        }
        taken += len(new)
    if not taken:
        raise StepRefused("Không có số liệu đã báo cáo nào để lấy vào ô trống.")
    sheet.save(update_fields=["draft"])
    return taken


@transaction.atomic
def hand_in(sheet: DataSheet, *, by: User, reason: str = "", explanation: str = "") -> SheetVersion:
    """The draft as the next version, for ever. A correction needs its reason."""
    sheet = _locked(sheet, by)
    if found := sheet_reading.faults_of(sheet):
        raise StepRefused(f"Chưa nộp được: còn {len(found)} chỗ phải sửa. {found[0].sentence}")
    assignment, is_first = sheet.assignment, sheet.current_id is None
    values = sheet_reading.draft_of(sheet)
    if not is_first and not reason.strip():
        raise StepRefused("Điều chỉnh số liệu đã nộp phải ghi lý do.")
    is_back = assignment.state in WAITING_FOR_UNIT  # given back: right figures may go in again
    if not is_first and not is_back and values == sheet_reading.handed_in_of(sheet):
        raise StepRefused("Chưa có số nào thay đổi so với lần đã nộp.")
    late = deadlines.is_late(clock.now(), assignment.due_at)
    if late and assignment.handed_in_at is None and not explanation.strip():
        raise StepRefused("Đã quá hạn: hãy ghi giải trình.")
    before = sheet_reading.handed_in_of(sheet)
    version = _write(sheet, values, by=by, reason=reason)
    if explanation.strip():
        assignment.explanation = explanation.strip()
        assignment.save(update_fields=["explanation"])
    if assignment.state in WAITING_FOR_UNIT:
        assignments.move(assignment, "hand_in", by=by, reason=explanation or reason)
    label = f"{'Nộp' if is_first else 'Điều chỉnh'} số liệu lần {version.number}"
    record(sheet, "hand_in" if is_first else "correct", label, by=by, reason=reason)
    target_figures.fill(sheet, values, before, by=by)
    return version


def _write(sheet: DataSheet, values: dict[str, Value], *, by: User, reason: str) -> SheetVersion:
    version = SheetVersion.objects.create(
        sheet=sheet, number=sheet.versions.count() + 1, reason=reason.strip(), by=by,
        notes=sheet_reading.notes_of(sheet), at=clock.now().replace(microsecond=0),
    )  # fmt: skip
    DataValue.objects.bulk_create(
        DataValue(
            version=version, item=field.item, key=key, number=values[key].number,
            whole=values[key].whole, text=values[key].text,
        )
        for field in sheet_reading.fields_of(sheet)
        for key in field.item.keys
        if key in values
    )  # fmt: skip
    sheet.current = version
    sheet.save(update_fields=["current"])
    return version
