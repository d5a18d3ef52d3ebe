"""The office's side: the queue, the review of one file, remarks."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from assessments import checklist
from assessments.actions import reviews
from assessments.forms import CommentForm, ReviewForm
from assessments.models import Assessment
from assessments.views import file_page
from assessments.views.access import the_assessment, the_campaign, the_criterion
from assessments.workflow import OFFICE_LABELS, AssessmentState
from edudx.lib.told import told
from edudx.lib.workflow import StepRefused
from schools.models import Event, OrgUnit
from schools.permissions import Permission
from schools.views.lists import page_of

COLUMNS = {
    "truong": "unit__sort_key",
    "trangthai": "state",
    "trinh": "submitted_at",
    "han": "assignment__handed_in_at",
    "phong": "office__sort_key",
}


def queue(request, pk: int):
    """The schools of a campaign that the person may see, waiting longest first."""
    campaign = the_campaign(request, pk)
    request.user.must(Permission.ASSESSMENT_VIEW)
    files = Assessment.objects.visible_to(request.user).counted().filter(campaign=campaign)
    counts = _counts(files)
    filters = {name: request.GET.get(name, "").strip() for name in ("tim", "loc", "loai", "cua")}
    if filters["cua"] and request.user.hat:
        files = files.filter(office=request.user.hat.unit)
    found = _filtered(files, filters).for_list().oldest_first()
    page = page_of(found, request, COLUMNS)
    ready = files.filter(state=AssessmentState.REVIEWED).certifiable_by(request.user)
    return render(
        request,
        "assessments/queue.html",
        {
            "campaign": campaign,
            "page": page,
            "counts": counts,
            "filters": filters,
            "states": [(state, OFFICE_LABELS[state], counts[state]) for state in AssessmentState],
            "types": OrgUnit.SchoolType.choices,
            "may_certify": ready.exists(),
        },
    )


def _counts(files) -> dict[str, int]:
    states = {state: Count("pk", filter=Q(state=state)) for state in AssessmentState.values}
    return files.aggregate(total=Count("pk"), **states) | {"late": files.late().count()}


def _filtered(files, filters: dict):
    if filters["loc"] == "tre":
        files = files.late()
    elif filters["loc"] == "datrinh":
        files = files.filter(submitted_at__isnull=False)
    elif filters["loc"] in AssessmentState.values:
        files = files.filter(state=filters["loc"])
    if filters["loai"] in OrgUnit.SchoolType.values:
        files = files.filter(unit__school_type=filters["loai"])
    if filters["tim"]:
        files = files.filter(unit__in=OrgUnit.objects.search(filters["tim"]))
    return files


def review(request, pk: int):
    """Left the school's answer and evidence, right the decision; both scores side by side."""
    assessment = the_assessment(request, pk)
    request.user.must_in(Permission.ASSESSMENT_REVIEW, assessment.office)
    if request.user.belongs_to(assessment.unit):
        raise PermissionDenied("Không ai được thẩm định hồ sơ do mình hoặc đơn vị mình lập.")
    missing, flagged = checklist.missing_for_review(assessment), checklist.flagged(assessment)
    return render(
        request,
        "assessments/review.html",
        {
            "assessment": assessment,
            "page": file_page.FilePage(assessment, request.user),
            "missing": missing,
            "flagged": flagged,
            "completed": checklist.completed(assessment),
            "steps": file_page.review_steps(
                assessment, request.user, is_flagged=bool(flagged), is_complete=not missing
            ),
            "events": Event.objects.about(assessment).readable_by(request.user),
            "next_file": _next_file(request, assessment),
        },
    )


def _next_file(request, assessment: Assessment) -> Assessment | None:
    """The file that has waited longest among the others of this campaign."""
    waiting = Assessment.objects.visible_to(request.user).filter(
        campaign=assessment.campaign_id,
        office=assessment.office_id,
        state=AssessmentState.SUBMITTED,
    )
    return waiting.exclude(pk=assessment.pk).select_related("unit").oldest_first().first()


@require_POST
def review_save(request, pk: int, criterion_pk: int):
    """One criterion's word: keep, change with a reason, or ask for completion."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    form = ReviewForm(request.POST, criterion=criterion, review=None)
    if form.is_valid():
        try:
            reviews.review(assessment, criterion, by=request.user, **form.cleaned_data)
        except ValidationError as fault:
            form.add_error(None, fault.messages[0])
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect(assessment)
        else:
            messages.success(request, f"Đã ghi ý kiến cho tiêu chí {criterion.code}.")
            return redirect(f"{_review_url(pk)}#c-{_after(assessment, criterion)}")
    return render(
        request,
        "assessments/review_refused.html",
        {"assessment": assessment, "criterion": criterion, "form": form},
        status=422,
    )


def _review_url(pk: int) -> str:
    return reverse("assessments:review", args=[pk])


def _after(assessment: Assessment, criterion) -> str:
    """The next criterion, so that the page opens where the work goes on."""
    codes = [one.code for one in assessment.leaves()]
    place = codes.index(criterion.code) + 1 if criterion.code in codes else 0
    return codes[place] if place < len(codes) else criterion.code


@require_POST
def review_rest(request, pk: int):
    assessment = the_assessment(request, pk)
    told(request, lambda: reviews.accept_rest(assessment, by=request.user))
    return redirect("assessments:review", pk)


def comments(request, pk: int, criterion_pk: int):
    """The thread of one criterion."""
    assessment = the_assessment(request, pk)
    criterion = the_criterion(assessment, criterion_pk)
    page = file_page.FilePage(assessment, request.user)
    form = CommentForm(request.POST or None, may_be_internal=page.reviews)
    if request.method == "POST" and form.is_valid():
        values = {"is_internal": False} | form.cleaned_data
        if told(
            request,
            lambda: reviews.comment(assessment, criterion, by=request.user, **values),
            done="Đã gửi trao đổi.",
        ):
            return redirect(request.path)
    return render(
        request,
        "assessments/comments.html",
        {
            "assessment": assessment,
            "criterion": criterion,
            "comments": page.comments.get(criterion.pk, []),
            "form": form if page.may_comment else None,
        },
    )
