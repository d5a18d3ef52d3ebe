"""What a sheet asks of its unit, what is held already, what is missing or looks wrong."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from django.db.models import F
from django.utils import timezone

from edudx.lib import clock
from edudx.lib.vietnamese import number
from plans.workflow import AssignmentState
from reporting import arithmetic
from reporting.arithmetic import Value
from reporting.models import DataField, DataItem, DataSheet, DataValue

K = DataItem.Kind


@dataclass(frozen=True)
class Known:
    """A figure the unit has given before: its value, in which request, when."""

    value: Value
    source: str
    at: datetime


@dataclass(frozen=True)
class Fault:
    """What stops a hand-in: a missing or impossible figure, or one that wants an explanation."""

    key: str
    sentence: str
    wants_note: bool = False
    place: int = 0  # the section it stands in
    is_missing: bool = False  # not there yet, rather than wrong


@dataclass(frozen=True)
class Section:
    """A part of the form with the fields that apply to the unit; `place` is that in the form."""

    place: int
    title: str
    fields: list[DataField]


def sections_of(sheet: DataSheet) -> list[Section]:
    """By the school's type on the day it was asked; empty parts are left out."""
    found = [
        Section(place, title, [one for one in fields if one.applies_to(sheet.school_type)])
        for place, (title, fields) in enumerate(sheet.request.form.sections)
    ]
    return [one for one in found if one.fields]


def fields_of(sheet: DataSheet) -> list[DataField]:
    return [one for section in sections_of(sheet) for one in section.fields]


def packed(values: dict[str, Value]) -> dict:
    """Values as JSON keeps them: {key: [number, whole, text]}, empty ones left out."""
    return {
        key: [_text(one.number), _text(one.whole), one.text]
        for key, one in values.items()
        if not one.is_empty
    }


def _text(value) -> str:
    return "" if value is None else f"{value.normalize():f}"  # 100.00 and 100 are one value


def unpacked(kept: dict) -> dict[str, Value]:
    def decimal(text: str) -> Decimal | None:
        return Decimal(text) if text else None

    return {
        key: Value(decimal(part), decimal(whole), text) for key, (part, whole, text) in kept.items()
    }


def draft_of(sheet: DataSheet) -> dict[str, Value]:
    """Every value of the draft, of the figures that are asked of this unit."""
    asked = {key for one in fields_of(sheet) for key in one.item.keys}
    found: dict[str, Value] = {}
    for part in sheet.draft.values():
        found |= unpacked(part["values"])
    return {key: one for key, one in found.items() if key in asked}


def notes_of(sheet: DataSheet) -> dict[str, str]:
    return {
        key: text for part in sheet.draft.values() for key, text in part["notes"].items() if text
    }


def explained_of(sheet: DataSheet) -> set[str]:
    """Keys whose note was written about the very value that stands there now."""
    return {
        key
        for part in sheet.draft.values()
        for key, value in part.get("explained", {}).items()
        if part["notes"].get(key) and part["values"].get(key) == value
    }


def unconfirmed_of(sheet: DataSheet) -> set[str]:
    """Keys that were taken over from an earlier request and not looked at since."""
    return {key for part in sheet.draft.values() for key in part.get("taken", ())}


def handed_in_of(sheet: DataSheet) -> dict[str, Value]:
    if sheet.current_id is None:
        return {}
    return {one.key: one.value for one in DataValue.objects.filter(version=sheet.current_id)}


def has_unsent(sheet: DataSheet) -> bool:
    """The draft says something else than what was handed in."""
    return sheet.current_id is not None and draft_of(sheet) != handed_in_of(sheet)


def known_of(sheet: DataSheet) -> dict[str, Known]:
    """«Hỏi một lần»: the newest value of each of the form's figures from another request."""
    items = [one.item_id for one in fields_of(sheet)]
    rows = (
        DataValue.objects.filter(
            version__sheet__unit=sheet.unit_id, item__in=items,
            version__sheet__current=F("version"),
        )
        .exclude(version__sheet=sheet)
        .select_related("version__sheet__request")
        .order_by("version__at", "pk")
    )  # fmt: skip
    return {
        one.key: Known(one.value, one.version.sheet.request.title, one.version.at) for one in rows
    }


def faults_of(sheet: DataSheet) -> list[Fault]:
    """Everything that stops the draft from being handed in: what is wrong, then what is missing."""
    values, explained = draft_of(sheet), explained_of(sheet)
    found = [*_broken(sheet, values), *_changed(sheet, values), *_unusual(sheet, values)]
    found += [*_unconfirmed(sheet), *_missing(sheet, values)]
    places = {
        key: section.place
        for section in sections_of(sheet)
        for one in section.fields
        for key in one.item.keys
    }
    return [
        replace(one, place=places[one.key])
        for one in found
        if not (one.wants_note and one.key in explained) and one.key in places
    ]


def _missing(sheet: DataSheet, values: dict[str, Value]) -> Iterator[Fault]:
    for field in fields_of(sheet):
        item = field.item
        if field.is_required and all(values.get(key, Value()).is_empty for key in item.keys):
            yield Fault(item.keys[0], f"Chưa nhập «{item.title}».", is_missing=True)
        elif item.kind == K.RATIO and item.code in values:
            one = values[item.code]
            if one.number is None or one.whole is None:
                sentence = f"«{item.title}» phải nhập đủ hai số."
                yield Fault(item.code, sentence, is_missing=True)


def _unconfirmed(sheet: DataSheet) -> Iterator[Fault]:
    taken = unconfirmed_of(sheet)
    for field in fields_of(sheet):
        if taken & set(field.item.keys):
            yield Fault(
                field.item.keys[0],
                f"«{field.item.title}» lấy từ lần trước, chưa xác nhận: xem lại rồi lưu mục đó.",
            )


def _broken(sheet: DataSheet, values: dict[str, Value]) -> Iterator[Fault]:
    for rule in sheet.request.form.typed_rules:
        if rule.is_broken(values):
            says = rule.says if rule.is_blocking else f"{rule.says} Hãy ghi giải thích."
            yield Fault(rule.key, says, wants_note=not rule.is_blocking)


def _changed(sheet: DataSheet, values: dict[str, Value]) -> Iterator[Fault]:
    """Against what the unit gave last time."""
    limits = {one.item.code: one for one in fields_of(sheet) if one.change_limit}
    known = known_of(sheet) if limits else {}
    for code, field in limits.items():
        if code not in known or code not in values:
            continue
        moved = arithmetic.change(_size(values[code]), _size(known[code].value))
        if moved is not None and moved > field.change_limit:
            yield Fault(
                code,
                f"«{field.item.title}» khác lần trước {number(moved)}% "
                f"({shown(field.item, known[code].value)}); kiểm tra lại hoặc ghi giải thích.",
                wants_note=True,
            )


def _size(value: Value):
    return value.percent if value.whole is not None else value.number


def _unusual(sheet: DataSheet, values: dict[str, Value]) -> Iterator[Fault]:
    """Against the schools of the same type that have handed in."""
    compared = {one.item.code: one.item for one in fields_of(sheet) if one.is_compared}
    rows = DataValue.objects.current().filter(
        version__sheet__request=sheet.request_id, key__in=compared, number__isnull=False,
        version__sheet__school_type=sheet.school_type,
    )  # fmt: skip
    others: dict[str, list] = {}
    for key, found in rows.exclude(version__sheet=sheet).values_list("key", "number"):
        others.setdefault(key, []).append(found)
    for code, item in compared.items():
        value = values.get(code, Value()).number
        fences = arithmetic.fences(others.get(code, ()))
        if value is not None and fences and not fences[0] <= value <= fences[1]:
            yield Fault(
                code,
                f"«{item.title}» là {number(value)}, khác xa các trường cùng loại "
                f"(thường từ {number(max(fences[0], 0))} đến {number(fences[1])}); "
                "kiểm tra lại hoặc ghi giải thích.",
                wants_note=True,
            )


def shown(item: DataItem, value: Value | None) -> str:
    """As people read it: «1.234», «45 / 50 (90%)», «Có», the chosen word."""
    if value is None or value.is_empty:
        return ""
    if item.kind == K.RATIO:
        share = f" ({number(value.percent)}%)" if value.percent is not None else ""
        return f"{number(value.number) or '…'} / {number(value.whole) or '…'}{share}"
    if item.kind == K.YES_NO:
        return "Có" if value.number else "Không"
    return value.text or number(value.number)


def why_closed(sheet: DataSheet, now: datetime | None = None) -> str:
    """Why the unit cannot enter now; empty when it can."""
    now = now or clock.now()
    request = sheet.request
    if not request.is_open:
        return "Yêu cầu số liệu đã kết thúc."
    if sheet.assignment.state == AssignmentState.WITHDRAWN:
        return "Yêu cầu này đã được rút với đơn vị."
    second = now.replace(microsecond=0)  # 23:59:59 holds to its end
    if request.is_locked(now) and not sheet.exceptions.filter(until__gte=second).exists():
        since = f"{timezone.localtime(request.locks_at):%H:%M %d/%m/%Y}"
        return f"Số liệu đã khóa từ {since}; cần sửa thì đề nghị {sheet.office} cho nhập thêm."
    return ""
