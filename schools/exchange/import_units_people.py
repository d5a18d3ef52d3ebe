"""Units and people from Excel: raw row → typed row → problems → dry run → apply, all or nothing.

Units are matched by official code, people by e-mail address. A dry run and its application read
the same file the same way, so what was shown is what is done.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from edudx.lib.workbooks import Row, WorkbookRefused, rows
from schools.actions import people, units
from schools.exchange import closing_units, import_cells, import_checks
from schools.exchange.excel_codes import CodeBook, why_no_code
from schools.exchange.import_run import (
    PEOPLE_COLUMNS,
    PEOPLE_SHEET,
    TOLD_OF_UNITS,
    UNIT_COLUMNS,
    UNIT_FIELDS,
    UNIT_SHEET,
    Change,
    DryRun,
)
from schools.models import ImportBatch, Membership, OrgUnit, User
from schools.models.people import normal_email
from schools.permissions import KIND_ROLES, Permission, Role


def dry_run(kind: str, file: BinaryIO, *, by: User | None) -> DryRun:
    """What would be created, changed and left. `by` None is the shell, which may do everything."""
    run = DryRun()
    try:
        (_units if kind == ImportBatch.Kind.UNITS else _people)(file, run, by)
    except WorkbookRefused as refusal:
        run.problems.append(str(refusal))
    if not (run.created or run.changed or run.left or run.problems):
        run.problems.append("Tệp không có dòng dữ liệu nào.")
    return run


@transaction.atomic
def apply(
    kind: str, file: BinaryIO, *, by: User | None, answers: Mapping[str, str] | None = None
) -> DryRun:
    """Do what the dry run shows, in one transaction; ValidationError when it has problems, or when
    a unit closes and `answers` (see `closing_units`) does not say what becomes of its work.
    """
    run, answers = dry_run(kind, file, by=by), answers or {}
    if run.problems:
        raise ValidationError(run.problems[:50])
    closing_units.refuse_unanswered(run.closings, answers)
    write = _apply_unit if kind == ImportBatch.Kind.UNITS else _apply_person
    for change in run.created + run.changed:
        try:
            with transaction.atomic():
                write(change.values, by)
        except (ValidationError, IntegrityError) as fault:
            said = getattr(fault, "messages", ["trái với những gì đang có trong cổng."])
            run.problems.append(f"{change.where}: {' '.join(said)}")
    if run.problems:
        raise ValidationError(run.problems[:50])
    closing_units.settle(run.closings, answers, by=by)
    return run


# Units


def _units(file: BinaryIO, run: DryRun, by: User | None) -> None:
    required = {"code", "name", "kind", "place"}
    raw = import_checks.lines(rows(file, UNIT_SHEET, UNIT_COLUMNS, required, keeps_faults=True))
    known = OrgUnit.objects.select_related("parent").in_bulk(
        {row.cells["code"] for row in raw} | {row.cells.get("parent", "") for row in raw},
        field_name="code",
    )
    known |= {unit.parent.code: unit.parent for unit in known.values() if unit.parent_id}
    above = dict(OrgUnit.objects.values_list("code", "parent__code"))
    run.warnings += import_checks.doubts(raw, UNIT_COLUMNS)
    book = CodeBook(_codes_seen(by), (row.cells["code"] for row in raw), taken=above)
    seen: dict[str, dict] = {}
    told = import_checks.Told()
    for row in raw:
        problems: list[str] = []
        values = _typed_unit(row, known.get(row.cells["code"]), problems)
        _check_code(values["code"], book, problems)
        _check_unit(values, seen, known, book, by, problems)
        _check_circle(values, above, problems)
        facts = {UNIT_COLUMNS[key]: row.cells.get(key, "") for key in TOLD_OF_UNITS}
        problems += told.otherwise(values["code"], facts, row)
        problems = list(row.faults) or problems  # an empty box is then no fault of its own
        run.problems += [f"{row.where}: {problem}" for problem in problems]
        seen[values["code"]] = values
        if not problems:
            _sort_unit(values, known.get(values["code"]), run, row.where)
            if meant := book.meant_by(code := values["code"]):
                said = f"mã «{code}» là mã mới. Có thể là {meant}."
                run.warnings.append(f"{row.where}: {said}")
    run.closings = closing_units.closings(change.values for change in run.changed)


def _typed_unit(row: Row, unit: OrgUnit | None, problems: list[str]) -> dict:
    """The row's values; a column the file does not have leaves the unit's value as it is."""
    cells = row.cells
    kind = import_cells.choice(cells["kind"], OrgUnit.Kind, "Cấp", problems) or ""
    values = {
        "code": cells["code"],
        "name": cells["name"],
        "short_name": cells.get("short_name") or cells["name"],
        "kind": kind,
        "parent": cells.get("parent", ""),
        "school_type": "",
        "ownership": OrgUnit.Ownership.PUBLIC.value,
        "superior_name": cells.get("superior_name", ""),
        "abbreviation": cells.get("abbreviation", ""),
        "place": cells["place"],
        "valid_from": import_cells.day(cells.get("valid_from", ""), "Hoạt động từ", problems)
        or date(2000, 1, 1),
        "valid_to": import_cells.day(cells.get("valid_to", ""), "Hoạt động đến", problems),
    }
    if cells.get("school_type"):
        found = import_cells.choice(
            cells["school_type"], OrgUnit.SchoolType, "Loại trường", problems
        )
        values["school_type"] = found or ""
    if cells.get("ownership"):
        values["ownership"] = (
            import_cells.choice(cells["ownership"], OrgUnit.Ownership, "Loại hình", problems) or ""
        )
    if unit:
        values |= {key: getattr(unit, key) for key in UNIT_FIELDS if key not in cells}
        values["parent"] = values["parent"] if "parent" in cells else _parent_code(unit)
    _check_texts(values, problems)
    return values


def _check_texts(values: dict, problems: list[str]) -> None:
    for key in ("code", "name", "place"):
        if not values[key]:
            problems.append(f"thiếu «{UNIT_COLUMNS[key]}».")
    for key in UNIT_COLUMNS:
        field_ = None if key == "parent" else OrgUnit._meta.get_field(key)
        limit = getattr(field_, "max_length", None)
        if limit and isinstance(values[key], str) and len(values[key]) > limit:
            problems.append(f"«{UNIT_COLUMNS[key]}» dài quá {limit} ký tự.")


def _codes_seen(by: User | None) -> list[str]:
    """The codes that may be proposed to this person."""
    seen = OrgUnit.objects.visible_to(by) if by else OrgUnit.objects.all()
    return list(seen.values_list("code", flat=True))


def _check_code(code: str, book: CodeBook, problems: list[str]) -> None:
    if changed := why_no_code(code):
        problems.append(changed)
    elif code and not re.fullmatch(r"[0-9A-Za-z._-]{1,30}", code):
        problems.append(f"mã «{code}» chỉ được gồm chữ không dấu, số và . _ - (tối đa 30 ký tự).")
    if other := book.other_case(code):
        problems.append(f"mã «{code}» đã có, chỉ khác «{other}» về chữ hoa, chữ thường.")


def _check_unit(
    values: dict, seen: dict, known: dict, book: CodeBook, by: User | None, problems: list[str]
) -> None:
    code, parent = values["code"], values["parent"]
    if code and code in seen:
        problems.append(f"mã «{code}» đã có ở một dòng trên.")
    if code in known and values["kind"] and known[code].kind != values["kind"]:
        problems.append(
            f"đơn vị mã «{code}» đang là {known[code].get_kind_display()}; không đổi cấp."
        )
    if values["kind"] == OrgUnit.Kind.SCHOOL and not values["school_type"]:
        problems.append("thiếu «Loại trường».")
    if values["kind"] == OrgUnit.Kind.DEPARTMENT and parent:
        problems.append("Sở không có đơn vị cấp trên.")
    if values["valid_to"] and values["valid_to"] < values["valid_from"]:
        problems.append("«Hoạt động đến» trước «Hoạt động từ».")
    if values["kind"] != OrgUnit.Kind.SCHOOL:
        values["school_type"] = ""
    if values["kind"] == OrgUnit.Kind.DEPARTMENT:
        if by and not by.is_superuser:
            problems.append("chỉ quản trị viên toàn hệ thống được tạo hoặc sửa một Sở.")
        return
    if not parent:
        problems.append("thiếu «Mã đơn vị cấp trên».")
    elif parent == code:
        problems.append("đơn vị không thể là cấp trên của chính nó.")
    elif parent not in known and parent not in seen:
        problems.append(
            f"không có đơn vị cấp trên mã «{parent}» (phải có sẵn hoặc ở dòng trên)."
            f"{book.hint(parent)}"
        )
    else:
        parent_kind = known[parent].kind if parent in known else seen[parent]["kind"]
        if parent_kind == OrgUnit.Kind.SCHOOL:
            problems.append(f"cấp trên «{parent}» là một trường.")
    for unit in (known.get(code), known.get(parent)):
        if unit and by and not by.can(Permission.UNIT_MANAGE, unit):
            problems.append(f"đơn vị mã «{unit.code}» nằm ngoài phạm vi quản lý của bạn.")


def _check_circle(values: dict, above: dict[str, str | None], problems: list[str]) -> None:
    """No unit may come to hang below itself. `above` is the tree as the rows so far leave it."""
    code = values["code"]
    parent = values["parent"] if values["parent"] != code else None
    while parent and parent != code:
        parent = above.get(parent)
    if parent:
        problems.append(f"«{values['parent']}» nằm dưới «{code}», không thể làm cấp trên.")
    else:
        above[code] = values["parent"] if values["parent"] != code else None


def _sort_unit(values: dict, unit: OrgUnit | None, run: DryRun, where: str) -> None:
    if unit is None:
        run.created.append(Change(values["short_name"], values, where=where))
        return
    pairs = [(key, getattr(unit, key), values[key]) for key in UNIT_FIELDS]
    pairs.append(("parent", _parent_code(unit), values["parent"]))
    differences = tuple(
        (UNIT_COLUMNS[key], import_cells.shown(before), import_cells.shown(after))
        for key, before, after in pairs
        if before != after
    )
    if differences:
        run.changed.append(Change(unit.short_name, values, differences, where))
    else:
        run.left.append(unit.short_name)


def _parent_code(unit: OrgUnit) -> str:
    return unit.parent.code if unit.parent_id else ""


def _apply_unit(values: dict, by: User | None) -> None:
    unit = OrgUnit.objects.filter(code=values["code"]).first() or OrgUnit(code=values["code"])
    for key in UNIT_FIELDS:
        setattr(unit, key, values[key])
    unit.parent = OrgUnit.objects.get(code=values["parent"]) if values["parent"] else None
    units.save(unit, by=by)


# People


def _people(file: BinaryIO, run: DryRun, by: User | None) -> None:
    required = {"email", "full_name", "unit", "role"}
    raw = import_checks.lines(rows(file, PEOPLE_SHEET, PEOPLE_COLUMNS, required, keeps_faults=True))
    run.warnings += import_checks.doubts(raw, PEOPLE_COLUMNS)
    book = CodeBook(_codes_seen(by))
    units = OrgUnit.objects.in_bulk({row.cells["unit"] for row in raw}, field_name="code")
    emails = {normal_email(row.cells["email"]) for row in raw}
    known = {
        user.email: user
        for user in User.objects.filter(email__in=emails).prefetch_related("memberships")
    }
    seen: set[tuple] = set()
    told = import_checks.Told()
    for row in raw:
        problems: list[str] = []
        values = _typed_person(row, units, book, by, problems)
        person = known.get(values["email"])
        _check_person(values, person, seen, by, problems)
        facts = {PEOPLE_COLUMNS[key]: values[key] for key in ("full_name", "phone")}
        problems += told.otherwise(values["email"], facts, row)
        problems = list(row.faults) or problems
        run.problems += [f"{row.where}: {problem}" for problem in problems]
        if not problems:
            _sort_person(values, person, run, row.where)


def _typed_person(
    row: Row, units: dict, book: CodeBook, by: User | None, problems: list[str]
) -> dict:
    cells = row.cells
    values = {key: cells.get(key, "") for key in PEOPLE_COLUMNS} | {
        "email": normal_email(cells["email"]),
        "phone": import_cells.phone(cells.get("phone", ""), problems),
        "unit": units.get(cells["unit"]),
        "role": import_cells.choice(cells["role"], Role, "Vai trò", problems),
    }
    try:
        User._meta.get_field("email").clean(values["email"], None)
    except ValidationError:
        problems.append(f"thư điện tử «{values['email'][:60]}» không hợp lệ.")
    if not values["full_name"] or len(values["full_name"]) > 120:
        problems.append("«Họ và tên» phải có từ 1 đến 120 ký tự.")
    if len(values["post"]) > 80:
        problems.append("«Chức vụ» dài quá 80 ký tự.")
    if values["unit"] is None:
        problems.append(f"không có đơn vị mã «{cells['unit']}».{book.hint(cells['unit'])}")
    elif by and not by.can(Permission.PEOPLE_MANAGE, values["unit"]):
        problems.append(f"đơn vị mã «{cells['unit']}» nằm ngoài phạm vi quản lý của bạn.")
    elif values["role"] and values["role"] not in KIND_ROLES[values["unit"].kind]:
        problems.append(f"vai trò «{cells['role']}» không dùng cho «{values['unit']}».")
    elif by and values["role"] and not by.may_grant(values["role"], values["unit"]):
        problems.append(f"bạn không được trao vai trò «{cells['role']}».")
    if values["unit"] and values["unit"].is_closed:
        problems.append(f"«{values['unit']}» đã kết thúc hoạt động.")
    return values


def _check_person(
    values: dict, person: User | None, seen: set[tuple], by: User | None, problems: list[str]
) -> None:
    """One row for each post; nobody renames a person beyond their reach."""
    post = (values["email"], values["unit"], values["role"])
    if post in seen:
        problems.append(f"«{values['email']}» đã có vai trò này ở một dòng trên.")
    seen.add(post)
    if person and by and (_new_facts(values, person) or _held(values, person) is None):
        refusal = by.why_not_appoint(person)
        problems += [refusal] if refusal else []


def _new_facts(values: dict, person: User) -> list[tuple[str, str, str]]:
    found = []
    if person.full_name != values["full_name"]:
        found.append(("Họ và tên", person.full_name, values["full_name"]))
    if values["phone"] and person.phone != values["phone"]:
        found.append(("Điện thoại", person.phone, values["phone"]))
    return found


def _held(values: dict, person: User) -> Membership | None:
    """The open membership that the row names, if the person has it."""
    key = (values["unit"].pk if values["unit"] else None, values["role"])
    open_ones = (one for one in person.memberships.all() if one.valid_to is None)
    return next((one for one in open_ones if (one.unit_id, one.role) == key), None)


def _sort_person(values: dict, person: User | None, run: DryRun, where: str) -> None:
    name = f"{values['full_name']} ({values['email']})"
    if person is None:
        run.created.append(Change(name, values, where=where))
        return
    membership = _held(values, person)
    differences = _new_facts(values, person)
    if membership is None:
        differences.append(("Phân công", "", f"{Role(values['role']).label}, {values['unit']}"))
    elif values["post"] and membership.post != values["post"]:
        differences.append(("Chức vụ", membership.post, values["post"]))
    if differences:
        run.changed.append(Change(name, values, tuple(differences), where))
    else:
        run.left.append(name)


def _apply_person(values: dict, by: User | None) -> None:
    person = User.objects.filter(email=values["email"]).first()
    if person is not None:
        person.full_name = values["full_name"]
        person.phone = values["phone"] or person.phone
        person.save(update_fields=["full_name", "phone", "search_text", "sort_key"])
    people.invite(by=by, **values)
