"""One unit's periodic report: write it by part, sign it, hand it in; read, receive, return it."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from edudx.lib import autosave
from edudx.lib.told import told
from plans.workflow import AssignmentState
from reporting import outline
from reporting.actions import reports
from reporting.content import facts
from reporting.documents import html
from reporting.documents.paper import Paper, from_json
from reporting.files import report_paper
from reporting.forms import PartForm, SigningForm, SubmitForm
from reporting.models import SIGNING, Export, PeriodicReport
from reporting.models.export_filters import ReportFilters
from reporting.views.asking import asked, the_format
from schools.models import Event
from schools.permissions import Permission

from .access import the_report


def report(request, pk: int):
    """Its parts to write for the unit; what it has handed in for everybody else."""
    found = the_report(request, pk)
    is_own = reports.may_write(found, request.user)
    closed = reports.why_closed(found) if is_own else ""
    page = {
        "report": found,
        "may_write": is_own and not closed,
        "closed": closed,
        "shown": _shown(from_json(found.current.paper)) if found.current else None,
        "may_decide": _may_decide(found, request.user),
        "formats": Export.Format.choices,
        "versions": found.versions.select_related("by").order_by("-number"),
        "events": Event.objects.about(found).readable_by(request.user),
    }
    if page["may_write"]:
        page |= _desk(found)
    elif closed:
        ended = Event.objects.about(found.round).filter(step="end").last()
        page["ended"] = ended.reason if ended else ""
    return render(request, "reporting/report.html", page)


def _desk(found: PeriodicReport) -> dict:
    """What its writer has before them."""
    known = facts.of(found)
    return {
        "parts": _parts(found, known),
        "missing": found.missing_for_submit(timezone.localdate()),
        "sources": known.sources,
        "signing": SigningForm(instance=found),
        "submit": _submit_form(found),
        "returned": _returned(found),
        "waiting": _not_received(found) if found.is_consolidated else [],
    }


def _returned(found: PeriodicReport) -> Event | None:
    """Why it came back, as long as it has not gone again."""
    if found.is_consolidated or not found.assignment.is_returned:
        return None
    return Event.objects.about(found).filter(step="give_back").last()


def _not_received(own: PeriodicReport) -> list[str]:
    """Whose words cannot be in the issuer's own report yet."""
    others = own.round.reports.exclude(assignment=None)
    over = (AssignmentState.DONE, AssignmentState.WITHDRAWN)
    waiting = others.exclude(assignment__state__in=over)
    return [str(one.unit) for one in waiting.select_related("unit").order_by("unit__sort_key")]


def _submit_form(found: PeriodicReport, data=None) -> SubmitForm:
    row = found.assignment
    return SubmitForm(data, is_late=bool(row) and row.is_late and row.handed_in_at is None)


def _may_decide(found: PeriodicReport, user) -> bool:
    return (
        found.assignment_id is not None
        and user.can_in(Permission.WORK_REVIEW, found.round.issuer)
        and not user.belongs_to(found.unit)
    )


def _parts(found: PeriodicReport, known: facts.Facts) -> list[dict]:
    """Each part: what is asked, the form with the own words, what the portal fills in."""
    said = facts.words_of(known, outline.names_in(found.round.outline))
    parts = []
    for place, part in enumerate(found.round.parts):
        lines = [_line(line, known, said) for line in part.lines]
        form = PartForm(
            report=found,
            prefix=f"p{place}",
            initial={"version": found.version_of(place), "text": found.text_of(place)},
        )
        code, _, name = part.title.partition(". ")
        is_written = bool(found.text_of(place))
        parts.append(
            {"place": place, "part": part, "form": form, "lines": lines, "code": name and code,
             "name": name or code, "is_written": is_written,
             "is_open": part.must_be_written and not is_written}
        )  # fmt: skip
    return parts


def _line(line: str, known: facts.Facts, said: dict[str, str]) -> tuple[str, object]:
    """("", a sentence filled in), or (what it is, the blocks the portal makes there)."""
    name = outline.block_of(line)
    if name:
        return outline.BLOCKS[name], html.shown(report_paper.made(name, known))
    return "", report_paper.filled(line, said)


def _shown(paper: Paper) -> dict:
    return {
        "paper": paper,
        "parts": html.shown(paper.blocks),
        "appendices": [(one, html.shown(one.blocks)) for one in paper.appendices],
    }


def _to_write(request, pk: int) -> PeriodicReport:
    found = the_report(request, pk)
    if not reports.may_write(found, request.user):
        raise PermissionDenied("Bạn không có quyền viết báo cáo của đơn vị này.")
    return found


@require_POST
def part_save(request, pk: int, place: int):
    """Keep the words of one part, as a form or as JSON for the autosave of static/js/app.js."""
    found = _to_write(request, pk)
    if place >= len(found.round.parts):
        raise Http404
    form = PartForm(request.POST, report=found, prefix=f"p{place}")
    if not form.is_valid():
        return _refused(request, found, place, form)
    return autosave.keep(
        request,
        lambda: reports.save_text(found, place, by=request.user, **form.cleaned_data),
        saved=lambda version: _saved(request, pk, version),
        conflict=lambda met: _conflict(request, found, place, form, met),
        done="Đã lưu.",
        place=f"{found.get_absolute_url()}#muc-{place}",
    )


def _saved(request, pk: int, version: int) -> dict:
    found = the_report(request, pk)
    missing = {"missing": found.missing_for_submit(timezone.localdate())}
    fragment = render_to_string("reporting/_report_missing.html", missing, request)
    said = f"Đã lưu {timezone.localtime():%H:%M}"
    return {"version": version, "saved": said, "fragments": {"missing": fragment}}


def _refused(request, found, place: int, form: PartForm):
    page = {"report": found, "place": place, "part": found.round.parts[place]}
    return autosave.refused(request, form, "reporting/part_refused.html", page)


def _conflict(request, found, place: int, form: PartForm, conflict):
    """Both texts side by side; the person chooses, nothing is lost."""
    page = {
        "report": found, "place": place, "saved": conflict.saved, "version": conflict.version,
        "text": form.cleaned_data["text"], "prefix": form.prefix,
    }  # fmt: skip
    return autosave.conflict(
        request, "reporting/_part_conflict.html", "reporting/part_conflict.html", page
    )


@require_POST
def report_signing(request, pk: int):
    found = _to_write(request, pk)
    form = SigningForm(request.POST, instance=found)
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in ("seal", *SIGNING)}
        if told(request, lambda: reports.save_signing(found, by=request.user, **values),
                done="Đã lưu số, ngày, người ký."):  # fmt: skip
            return redirect(f"{found.get_absolute_url()}#the-thuc")
        form = SigningForm(instance=found, initial={"seal": the_report(request, pk).signing_seal})
    page = {"report": the_report(request, pk), "form": form}
    return render(request, "reporting/report_signing.html", page, status=422)


@require_POST
def report_submit(request, pk: int):
    found = _to_write(request, pk)
    form = _submit_form(found, request.POST)
    explanation = form.cleaned_data.get("explanation", "") if form.is_valid() else ""
    to = f"Đã nộp báo cáo cho {found.round.issuer}."
    told(
        request, lambda: reports.submit(found, by=request.user, explanation=explanation),
        done="Đã hoàn thành báo cáo tổng hợp." if found.is_consolidated else to,
    )  # fmt: skip
    return redirect(found)


@require_POST
def report_decide(request, pk: int, step: str):
    found = the_report(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    read = request.POST.get("number", "")
    number = int(read) if read.isdecimal() and len(read) < 6 else None
    told(
        request, lambda: reports.decide(found, step, by=request.user, reason=reason, number=number)
    )
    return redirect(found)


@require_POST
def report_collect(request, pk: int):
    found = _to_write(request, pk)
    told(request, lambda: reports.collect(found, by=request.user),
         done="Đã lấy nội dung các báo cáo đã tiếp nhận; hãy đọc và biên tập lại.")  # fmt: skip
    return redirect(found)


@require_POST
def report_export(request, pk: int):
    """Word, PDF or the tables as Excel: of what was handed in, for its writers of the draft."""
    found = the_report(request, pk)
    is_draft = found.current is None or bool(request.POST.get("draft"))
    if is_draft and not reports.may_write(found, request.user):
        raise Http404
    version = None if is_draft else found.current.number
    return asked(
        request, ReportFilters(found.pk, version), found.unit, str(found),
        format=the_format(request), needs=Permission.DATA_VIEW,
        notice="Bản nháp, chưa nộp" if is_draft else "", is_private=is_draft,
    )  # fmt: skip
