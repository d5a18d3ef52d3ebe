"""The proofs of a criterion and the minutes of a file."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.actions import evidence
from assessments.forms import EvidencePickForm, QuickEvidenceForm
from assessments.models import Evidence
from assessments.views.access import the_assessment, the_criterion
from assessments.views.answers import place_of
from edudx.lib.told import told
from schools.forms import DocumentForm
from schools.models import Document
from schools.permissions import Permission
from schools.views.changes import tell_changes


@require_POST
def evidence_upload(request, pk: int, criterion_pk: int):
    """A file dropped on a criterion: into the cabinet and onto the criterion, both or neither."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    form = QuickEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["file"]))
        return redirect(place_of(assessment, criterion))
    file = form.cleaned_data["file"]

    title = file.facts.name.rpartition(".")[0] or file.facts.name
    content = {"title": title, "kind": Document.Kind.OTHER, "file": file, "facts": file.facts}
    _add_new(request, assessment, criterion, content)
    return redirect(place_of(assessment, criterion))


def evidence_add(request, pk: int, criterion_pk: int):
    """From the filing cabinet, or a new document with number, date or a link."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    request.user.must_in(Permission.ASSESSMENT_EDIT, assessment.unit)
    answer = assessment.answers_by_code.get(criterion.code)
    pick = EvidencePickForm(request.POST or None, unit=assessment.unit, answer=answer)
    form = DocumentForm()
    if request.method == "POST" and "pick" in request.POST:
        if pick.is_valid() and told(
            request,
            lambda: _pick(assessment, criterion, pick.cleaned_data["documents"], request.user),
            done=f"Đã thêm minh chứng cho tiêu chí {criterion.code}.",
        ):
            return redirect(place_of(assessment, criterion))
    elif request.method == "POST":
        pick = EvidencePickForm(unit=assessment.unit, answer=answer)
        form = DocumentForm(request.POST, request.FILES)
        if form.is_valid() and _add_new(request, assessment, criterion, form.content()):
            return redirect(place_of(assessment, criterion))
    return render(
        request,
        "assessments/evidence_add.html",
        {"assessment": assessment, "criterion": criterion, "pick": pick, "form": form},
    )


@transaction.atomic
def _pick(assessment, criterion, documents, user):
    for document in documents:
        evidence.add(assessment, criterion, document.newest, by=user)


def _add_new(request, assessment, criterion, content: dict) -> bool:
    is_done = told(
        request,
        lambda: evidence.upload(assessment, criterion, by=request.user, **content),
        done=f"Đã thêm minh chứng cho tiêu chí {criterion.code}.",
    )
    if is_done:
        tell_changes(request)
    return is_done


@require_POST
def evidence_remove(request, pk: int):
    proof = get_object_or_404(
        Evidence.objects.select_related("answer__criterion", "version__document"), pk=pk
    )
    assessment = the_assessment(request, proof.answer.assessment_id)
    criterion = proof.answer.criterion
    told(
        request,
        lambda: evidence.remove(proof, by=request.user),
        done="Đã bỏ minh chứng; tài liệu vẫn còn trong tủ tài liệu.",
    )
    return redirect(place_of(assessment, criterion))


@require_POST
def minutes_upload(request, pk: int):
    """Minutes of the school's council, into the cabinet and onto the file."""
    assessment = the_assessment(request, pk)
    request.user.must_in(Permission.ASSESSMENT_EDIT, assessment.unit)
    form = QuickEvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["file"]))
        return redirect("assessments:check", pk)
    file = form.cleaned_data["file"]

    content = {"file": file, "facts": file.facts}
    if told(request, lambda: evidence.upload_minutes(assessment, by=request.user, **content)):
        tell_changes(request)
    return redirect("assessments:check", pk)
