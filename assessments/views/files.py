"""The school's file: its page, the check before it is submitted, its steps."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from assessments import checklist
from assessments.actions import answers, files
from assessments.forms import ReasonForm
from assessments.views import file_page
from assessments.views.access import the_assessment
from assessments.workflow import ASSESSMENT_TRANSITIONS
from edudx.lib.told import told
from schools.models import Event
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
            "events": Event.objects.about(assessment).readable_by(request.user),
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
def take_over(request, pk: int):
    """Last year's answers into the empty criteria."""
    assessment = the_assessment(request, pk)
    request.user.must_in(Permission.ASSESSMENT_EDIT, assessment.unit)
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
