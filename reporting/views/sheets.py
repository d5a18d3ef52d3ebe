"""The school's side: enter by section, take over what is known, check, hand in, correct."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from edudx.lib import autosave
from edudx.lib.told import told
from plans.workflow import AssignmentState
from reporting import sheet_reading
from reporting.actions import closings, sheets
from reporting.forms import AllowForm, HandInForm, ReasonForm, SectionForm
from reporting.models import DataSheet
from schools.hats import WORN
from schools.models import Event
from schools.permissions import Permission

from .access import the_sheet


def sheet(request, pk: int):
    """The sheet: entry for its school, what was handed in for everyone else."""
    found = the_sheet(request, pk)
    is_own = sheets.may_enter(found, request.user)
    closed = sheet_reading.why_closed(found) if is_own else ""
    may_enter = is_own and not closed
    return render(
        request,
        "reporting/sheet.html",
        {
            "sheet": found,
            "may_enter": may_enter,
            "is_settled": _is_settled(found),
            "closed": closed,
            "parts": _parts(found) if may_enter else [],
            "opened": request.GET.get("mo"),
            "handed_in": _handed_in(found),
            "faults": sheet_reading.faults_of(found) if may_enter else [],
            "versions": found.versions.select_related("by").order_by("-number"),
            "may_give_back": _may_give_back(found, request.user),
            "may_allow": _may_allow(found, request.user),
            "forms": (ReasonForm(), AllowForm()),
            "events": Event.objects.about(found).readable_by(request.user),
        },
    )  # fmt: skip


def _is_settled(found: DataSheet) -> bool:
    """Handed in and nothing to hand in again."""
    is_in = found.current_id is not None and not found.assignment.is_returned
    return is_in and not sheet_reading.has_unsent(found)


def _may_give_back(found: DataSheet, user) -> bool:
    return (
        found.assignment.state in (AssignmentState.HANDED_IN, AssignmentState.DONE)
        and user.can_in(Permission.DATA_CLOSE, found.office)
        and not user.belongs_to(found.unit)
    )


def _may_allow(found: DataSheet, user) -> bool:
    return found.request.is_locked() and user.can_in(Permission.DATA_CLOSE, found.office)


def _parts(found: DataSheet) -> list[dict]:
    """Each section: its form, the lines with what is known, how many are filled in."""
    known, taken = sheet_reading.known_of(found), sheet_reading.unconfirmed_of(found)
    parts = []
    for section in sheet_reading.sections_of(found):
        form = _form(found, section.place)
        rows = [
            (line, inputs, note, _known(line, known), bool(taken & set(line.item.keys)))
            for line, inputs, note in form.rows()
        ]
        code, _, name = section.title.partition(". ")
        parts.append(
            {"place": section.place, "code": code, "name": name, "form": form, "rows": rows,
             **_filled(found, section)}
        )  # fmt: skip
    return parts


def _filled(found: DataSheet, section: sheet_reading.Section) -> dict[str, int]:
    """How many of the section's figures are there."""
    kept = found.draft.get(str(section.place), sheets.EMPTY)["values"]
    filled = sum(any(key in kept for key in one.item.keys) for one in section.fields)
    return {"filled": filled, "of": len(section.fields)}


def _known(line, known: dict) -> str:
    """«45 / 50 (90%), Số liệu đầu năm, 12/10/2026»; of a table nothing: it is too long."""
    found = known.get(line.item.code)
    if found is None:
        return ""
    on = f"{timezone.localtime(found.at):%d/%m/%Y}"
    return f"{sheet_reading.shown(line.item, found.value)} – {found.source}, {on}"


def _form(found: DataSheet, place: int, data=None) -> SectionForm:
    section = _section(found, place)
    kept = found.draft.get(str(place), sheets.EMPTY)
    return SectionForm(
        data, place=place, fields=section.fields, version=kept["version"],
        values=sheet_reading.unpacked(kept["values"]), notes=kept["notes"],
    )  # fmt: skip


def _section(found: DataSheet, place: int) -> sheet_reading.Section:
    for one in sheet_reading.sections_of(found):
        if one.place == place:
            return one
    raise Http404


def _handed_in(found: DataSheet) -> list[tuple[str, list[tuple[str, str]]]]:
    """(section, [(label, value as read)]) of the newest version."""
    values = sheet_reading.handed_in_of(found)
    return [
        (
            section.title,
            [
                (one.item.label_of(key), sheet_reading.shown(one.item, values.get(key)))
                for one in section.fields
                for key in one.item.keys
            ],
        )
        for section in sheet_reading.sections_of(found)
        if values
    ]


@require_POST
def section_save(request, pk: int, place: int):
    """Keep one section, as a form or as JSON for the autosave of static/js/app.js."""
    found = the_sheet(request, pk)
    form = _form(found, place, request.POST)
    if not sheets.may_enter(found, request.user):
        raise PermissionDenied("Bạn không có quyền nhập số liệu của đơn vị này.")
    if not form.is_valid():
        return _refused(request, found, place, form)
    is_looked_at = not autosave.wants_json(request) or "confirm" in request.POST
    return autosave.keep(
        request,
        lambda: sheets.save_section(
            found, place, by=request.user, is_looked_at=is_looked_at, **form.content()
        ),
        saved=lambda version: _saved(request, pk, place, version),
        conflict=lambda met: _conflict(request, found, place, form, met),
        done="Đã lưu.",
        place=f"{found.get_absolute_url()}?mo={place}#muc-{place}",
    )


def _saved(request, pk: int, place: int, version: int) -> dict:
    """The new version, the time, and the parts of the page that changed."""
    found = the_sheet(request, pk)
    wrong = sheet_reading.faults_of(found)
    faults = render_to_string("reporting/_faults.html", {"sheet": found, "faults": wrong}, request)
    filled = render_to_string("reporting/_filled.html", _filled(found, _section(found, place)))
    settled = render_to_string(
        "reporting/_settled.html", {"sheet": found, "is_settled": _is_settled(found)}, request
    )
    return {
        "version": version,
        "saved": f"Đã lưu {timezone.localtime():%H:%M}.{_first_wrong(wrong, place)}",
        "fragments": {"faults": faults, f"filled-{place}": filled, "settled": settled},
    }


def _first_wrong(faults: list[sheet_reading.Fault], place: int) -> str:
    """What contradicts itself in the section, said where the person is; what is only not there yet
    is said at the top.
    """
    mine = [one for one in faults if one.place == place and not one.is_missing]
    return f" Mục này cần xem lại: {mine[0].sentence}" if mine else ""


def _refused(request, found: DataSheet, place: int, form: SectionForm):
    title = _section(found, place).title
    page = {"sheet": found, "place": place, "title": title}
    return autosave.refused(request, form, "reporting/section_refused.html", page)


def _conflict(request, found, place: int, form: SectionForm, conflict):
    """Both values side by side; the person chooses, nothing is lost."""
    context = {
        "sheet": found,
        "place": place,
        "version": conflict.version,
        "rows": [
            (line.item.label_of(key), sheet_reading.shown(line.item, conflict.saved.get(key)),
             sheet_reading.shown(line.item, conflict.values.get(key)))
            for line in form.lines for key in line.item.keys
            if conflict.saved.get(key) != conflict.values.get(key)
        ],
        "hidden": [
            (name, conflict.version if name.endswith("-version") else value)
            for name, value in request.POST.items() if name not in ("csrfmiddlewaretoken", WORN)
        ],
    }  # fmt: skip
    return autosave.conflict(
        request, "reporting/_section_conflict.html", "reporting/section_conflict.html", context
    )


@require_POST
def sheet_take_known(request, pk: int):
    found = the_sheet(request, pk)
    taken: list[int] = []
    if told(
        request,
        lambda: taken.append(sheets.take_known(found, by=request.user)),
        done="Đã lấy số liệu lần trước vào ô trống.",
    ):
        messages.warning(request, f"{taken[0]} số cần xem lại: mở từng mục, sửa nếu cần rồi lưu.")
    return redirect(found)


def sheet_check(request, pk: int):
    """All figures on one page, what is wrong, who will get it, then the button."""
    found = the_sheet(request, pk)
    if not sheets.may_enter(found, request.user):
        raise PermissionDenied("Bạn không có quyền nộp số liệu của đơn vị này.")
    one = found.assignment
    form = HandInForm(
        request.POST if request.method == "POST" else None,
        is_late=one.is_late and one.handed_in_at is None,
        is_correction=found.current_id is not None,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and told(
        request,
        lambda: sheets.hand_in(found, by=request.user, **form.cleaned_data),
        done=f"Đã nộp số liệu cho {found.office}.",
    ):  # fmt: skip
        return redirect(found)
    return render(request, "reporting/sheet_check.html", _check_page(found, form))


def _check_page(found: DataSheet, form: HandInForm) -> dict:
    values, before = sheet_reading.draft_of(found), sheet_reading.handed_in_of(found)
    rows = [
        (section.title, [
            (line.item.label_of(key), sheet_reading.shown(line.item, values.get(key)),
             sheet_reading.shown(line.item, before.get(key))
             if before.get(key) != values.get(key) else "")
            for line in section.fields for key in line.item.keys
        ])
        for section in sheet_reading.sections_of(found)
    ]  # fmt: skip
    return {
        "sheet": found, "form": form, "rows": rows, "faults": sheet_reading.faults_of(found),
        "closed": sheet_reading.why_closed(found), "is_correction": found.current_id is not None,
    }  # fmt: skip


@require_POST
def sheet_give_back(request, pk: int):
    found = the_sheet(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: closings.give_back(found, by=request.user, reason=reason))
    return redirect(found)


@require_POST
def sheet_allow(request, pk: int):
    found = the_sheet(request, pk)
    form = AllowForm(request.POST)
    if form.is_valid():
        told(
            request,
            lambda: closings.allow_entry(found, by=request.user, **form.cleaned_data),
            done=f"Đã cho {found.unit} nhập thêm.",
        )
    else:
        messages.error(request, " ".join(one for found in form.errors.values() for one in found))
    return redirect(found)
