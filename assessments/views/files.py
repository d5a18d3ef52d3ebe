"""The school's side of a file: task list, answers, evidence, check, steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import checklist
from assessments.actions import answers, evidence, files
from assessments.forms import AnswerForm, EvidencePickForm, QuickEvidenceForm, ReasonForm
from assessments.models import Evidence
from assessments.views import file_page
from assessments.views.access import the_assessment, the_criterion, told
from assessments.workflow import ASSESSMENT_TRANSITIONS
from edudx.lib import autosave
from edudx.lib.workflow import Conflict, StepRefused
from schools.forms import DocumentForm
from schools.models import Document, Event
from schools.permissions import Permission


def assessment(request, pk: int):
    """The file as its reader may see it: entry for the school, both scores for everyone else."""
    assessment = the_assessment(request, pk)
    page = file_page.FilePage(assessment, request.user, opened=request.GET.get("mo", ""))
    return render(
        request,
        "assessments/assessment.html",
        {
            "assessment": assessment,
            "page": page,
            "missing": checklist.missing_for_submit(assessment) if page.may_edit else [],
            "earlier": checklist.earlier_assessment(assessment) if page.may_edit else None,
            "events": Event.objects.about(assessment),
            "returned": _returned(assessment) if page.may_edit else None,
            "certificates": assessment.certificates.select_related("decision"),
            "steps": file_page.steps_for(assessment, request.user),
        },
    )


def _returned(assessment) -> Event | None:
    """Why the file is back on the focal point's desk: the office or the own head gave it back."""
    steps = ("return", "send_back", "prepare", "submit")
    last = Event.objects.about(assessment).filter(step__in=steps).last()
    return last if last and last.step in ("return", "send_back") else None


@require_POST
def answer_save(request, pk: int, criterion_pk: int):
    """Keep one criterion, as a form or as JSON for the autosave of static/js/app.js."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    wants_json = autosave.wants_json(request)
    form = AnswerForm(
        request.POST, criterion=criterion, answer=assessment.answers_by_code.get(criterion.code)
    )
    if not form.is_valid():
        return _refused(request, assessment, criterion, form)
    try:
        answer = answers.save_answer(assessment, criterion, **form.values(), by=request.user)
    except Conflict as conflict:
        return _conflict(request, assessment, criterion, conflict)
    except StepRefused as refusal:
        if wants_json:
            return JsonResponse({"error": str(refusal)}, status=409)
        messages.error(request, str(refusal))
    else:
        if wants_json:
            return JsonResponse(_saved(request, pk, criterion, answer))
        messages.success(request, f"Đã lưu tiêu chí {criterion.code}.")
    return redirect(_place(assessment, criterion))


def _place(assessment, criterion) -> str:
    return f"{assessment.get_absolute_url()}?mo={criterion.code}#c-{criterion.code}"


def _saved(request, pk: int, criterion, answer) -> dict:
    """The new version, the time, and the parts of the page that changed."""
    return {
        "version": answer.version,
        "saved": f"Đã lưu {timezone.localtime():%H:%M}",
        "fragments": _fragments(request, the_assessment(request, pk), criterion),
    }


def _fragments(request, assessment, criterion) -> dict[str, str]:
    """Totals, what is missing, the line's state, its score and the sums above it; by element id."""
    page = file_page.FilePage(assessment, request.user)
    item = page.item(criterion.code)

    def part(name: str, **context) -> str:
        return render_to_string(f"assessments/{name}.html", {"page": page, **context}, request)

    missing = checklist.missing_for_submit(assessment)
    lines = page.with_sums_above(item.criterion)
    return {
        "totals": part("_totals"),
        "missing": part("_missing", missing=missing, assessment=assessment),
        f"state-{criterion.code}": part("_item_state", item=item),
        **{f"points-{one.criterion.code}": part("_item_points", item=one) for one in lines},
    }


def _refused(request, assessment, criterion, form):
    page = {"assessment": assessment, "criterion": criterion}
    return autosave.refused(request, form, "assessments/answer_refused.html", page)


def _conflict(request, assessment, criterion, conflict):
    """Both values side by side; the person chooses, nothing is lost."""
    context = {
        "assessment": assessment,
        "criterion": criterion,
        "saved": conflict.saved,
        "rows": file_page.conflict_rows(criterion, conflict.saved, conflict.values),
        "hidden": file_page.hidden_fields(criterion, conflict.values, conflict.saved.version),
    }
    return autosave.conflict(
        request, "assessments/_conflict.html", "assessments/conflict.html", context
    )


@require_POST
def carried_over_confirm(request, pk: int, criterion_pk: int):
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    told(
        request,
        lambda: answers.confirm_carried_over(assessment, criterion, by=request.user),
        done=f"Đã rà soát tiêu chí {criterion.code}.",
    )
    return redirect(_place(assessment, criterion))


@require_POST
def evidence_upload(request, pk: int, criterion_pk: int):
    """A file dropped on a criterion: into the cabinet and onto the criterion, both or neither."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    form = QuickEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["file"]))
        return redirect(_place(assessment, criterion))
    file = form.cleaned_data["file"]

    title = file.facts.name.rpartition(".")[0] or file.facts.name
    content = {"title": title, "kind": Document.Kind.OTHER, "file": file, "facts": file.facts}
    _add_new(request, assessment, criterion, content)
    return redirect(_place(assessment, criterion))


def evidence_add(request, pk: int, criterion_pk: int):
    """From the filing cabinet, or a new document with number, date or a link."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    _refuse_non_editor(request, assessment)
    answer = assessment.answers_by_code.get(criterion.code)
    pick = EvidencePickForm(request.POST or None, unit=assessment.unit, answer=answer)
    form = DocumentForm()
    if request.method == "POST" and "pick" in request.POST:
        if pick.is_valid() and told(
            request,
            lambda: _pick(assessment, criterion, pick.cleaned_data["documents"], request.user),
            done=f"Đã thêm minh chứng cho tiêu chí {criterion.code}.",
        ):
            return redirect(_place(assessment, criterion))
    elif request.method == "POST":
        pick = EvidencePickForm(unit=assessment.unit, answer=answer)
        form = DocumentForm(request.POST, request.FILES)
        if form.is_valid() and _add_new(request, assessment, criterion, form.content()):
            return redirect(_place(assessment, criterion))
    return render(
        request,
        "assessments/evidence_add.html",
        {"assessment": assessment, "criterion": criterion, "pick": pick, "form": form},
    )


def _refuse_non_editor(request, assessment) -> None:
    if not request.user.can_in(Permission.ASSESSMENT_EDIT, assessment.unit):
        raise PermissionDenied("Bạn không được sửa hồ sơ của đơn vị này.")


@transaction.atomic
def _pick(assessment, criterion, documents, user):
    for document in documents:
        evidence.add_evidence(assessment, criterion, document.newest, by=user)


def _add_new(request, assessment, criterion, content: dict) -> bool:
    return told(
        request,
        lambda: evidence.upload_evidence(assessment, criterion, by=request.user, **content),
        done=f"Đã thêm minh chứng cho tiêu chí {criterion.code}.",
    )


@require_POST
def evidence_remove(request, pk: int):
    proof = get_object_or_404(
        Evidence.objects.select_related("answer__criterion", "version__document"), pk=pk
    )
    assessment = the_assessment(request, proof.answer.assessment_id)
    criterion = proof.answer.criterion
    told(
        request,
        lambda: evidence.remove_evidence(proof, by=request.user),
        done="Đã bỏ minh chứng; tài liệu vẫn còn trong tủ tài liệu.",
    )
    return redirect(_place(assessment, criterion))


@require_POST
def minutes_upload(request, pk: int):
    """Minutes of the school's council, into the cabinet and onto the file."""
    assessment = the_assessment(request, pk)
    _refuse_non_editor(request, assessment)
    form = QuickEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["file"]))
        return redirect("assessments:check", pk)
    file = form.cleaned_data["file"]

    content = {"file": file, "facts": file.facts}
    told(request, lambda: evidence.upload_minutes(assessment, by=request.user, **content))
    return redirect("assessments:check", pk)


@require_POST
def take_over(request, pk: int):
    """Last year's answers into the empty criteria."""
    assessment = the_assessment(request, pk)
    _refuse_non_editor(request, assessment)
    told(request, lambda: answers.take_over(assessment, by=request.user))
    return redirect(assessment)


def check(request, pk: int):
    """Check before submit: one page, every answer, faults, who will get it, then the button."""
    assessment = the_assessment(request, pk)
    if not request.user.belongs_to(assessment.unit):
        raise PermissionDenied("Trang này dành cho người của trường.")
    missing = checklist.missing_for_submit(assessment)
    return render(
        request,
        "assessments/check.html",
        {
            "assessment": assessment,
            "page": file_page.FilePage(assessment, request.user),
            "missing": missing,
            "blocked": sum(one.blocks for one in missing),
            "steps": file_page.steps_for(assessment, request.user),
        },
    )


@require_POST
def move(request, pk: int, step: str):
    """One step of the workflow, with its reason."""
    assessment = the_assessment(request, pk)
    if step not in {transition.name for transition in ASSESSMENT_TRANSITIONS}:
        raise PermissionDenied("Không có bước xử lý này.")
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
        return redirect(assessment)
    told(
        request,
        lambda: files.move(assessment, step, by=request.user, reason=form.cleaned_data["reason"]),
    )
    return redirect(file_page.after_step(assessment, step))
