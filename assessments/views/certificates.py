"""Decisions of recognition: issue one over many schools, read it, reopen a file."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.actions import certificates
from assessments.forms import DecisionForm
from assessments.models import Assessment, Certificate, CertifyingRule, Decision, load_answers
from assessments.views.access import the_assessment, the_campaign
from assessments.workflow import AssessmentState
from edudx.lib.told import told
from schools.models import Event
from schools.permissions import Permission


def certify(request, pk: int):
    """Choose the reviewed schools, write số, ngày, người ký, issue."""
    campaign = the_campaign(request, pk)
    request.user.must(Permission.ASSESSMENT_CERTIFY)
    ready = _ready(request.user, campaign)
    chosen = set(request.POST.getlist("school") or request.GET.getlist("school"))
    decision = Decision(campaign=campaign, created_by=request.user)
    files = [one for one in ready if str(one.pk) in chosen]
    form = DecisionForm(
        request.POST or None, instance=_headed(decision, request.user, files or ready),
        initial=_usual(request.user, decision),
    )  # fmt: skip
    if request.method == "POST" and _issued(request, form, files, len(chosen)):
        return redirect(form.instance)
    for one in load_answers(ready):
        one.certified = one.reviewed_results()
        one.is_chosen = str(one.pk) in chosen
    return render(
        request,
        "assessments/certify.html",
        {"campaign": campaign, "ready": ready, "form": form},
    )


def _ready(user, campaign) -> list[Assessment]:
    """Reviewed files of the campaign that this person may certify, waiting longest first."""
    reviewed = Assessment.objects.visible_to(user).filter(
        campaign=campaign, state=AssessmentState.REVIEWED
    )
    return list(reviewed.certifiable_by(user).for_list().oldest_first())


def _issued(request, form: DecisionForm, files: list[Assessment], chosen: int) -> bool:
    """All of the chosen schools or none: one may have gone back to review since the page opened."""
    if len(files) < chosen:
        messages.error(request, "Có trường đã chọn không còn chờ công nhận; hãy xem lại danh sách.")
        return False
    return form.is_valid() and told(
        request,
        lambda: certificates.certify(form.instance, files, by=request.user),
        done=f"Đã ban hành quyết định công nhận {len(files)} trường.",
    )


def _headed(decision: Decision, user, ready: list[Assessment]) -> Decision:
    """The lines of the heading: the hat's own unit, or its authority where that one certifies."""
    unit = user.hat.unit
    decision.issuer = unit
    decision.superior_line, decision.issuer_line = unit.superior_name, unit.name
    if ready and _by_authority(ready[0]):
        decision.superior_line, decision.issuer_line = "", unit.superior_name or unit.name
    return decision


def _by_authority(assessment: Assessment) -> bool:
    return certificates.certifier_of(assessment) == CertifyingRule.Certifier.AUTHORITY


def _usual(user, decision: Decision) -> dict:
    """What the person would write most often; all of it can be changed."""
    unit, hat = user.hat.unit, user.hat
    is_authority = not decision.superior_line and decision.issuer_line != unit.name
    post = "CHỦ TỊCH" if is_authority else hat.post.upper()
    return {
        "symbol": "QĐ-UBND" if is_authority else f"QĐ-{unit.abbreviation}",
        "signed_on": timezone.localdate(),
        "authority": "TM." if is_authority else "",
        "head_post": post,
        "signer_name": "" if is_authority else user.full_name,
    }


def decision(request, pk: int):
    """A decision and the schools on it."""
    decision = get_object_or_404(
        Decision.objects.visible_to(request.user).select_related("campaign", "issuer"), pk=pk
    )
    request.user.must(Permission.ASSESSMENT_VIEW)
    seen = Assessment.objects.visible_to(request.user)
    certificates = (
        Certificate.objects.filter(decision=decision, assessment__in=seen)
        .select_related("assessment__unit", "assessment__campaign")
        .prefetch_related("lines")
        .order_by("sort_key", "pk")
    )
    return render(
        request,
        "assessments/decision.html",
        {
            "decision": decision,
            "certificates": certificates,
            "events": Event.objects.about(decision).readable_by(request.user),
        },
    )


def certificate(request, pk: int):
    """The snapshot of one certificate: every answer it rests on, and whether it is intact."""
    certificate = get_object_or_404(
        Certificate.objects.select_related("decision", "assessment__unit"), pk=pk
    )
    assessment = the_assessment(request, certificate.assessment_id)
    return render(
        request,
        "assessments/certificate.html",
        {
            "certificate": certificate,
            "assessment": assessment,
            "facts": certificate.facts,
            "sees_restricted": request.user.can(Permission.DOCUMENT_RESTRICTED),
            "pairs": list(
                zip(certificate.facts["self"], certificate.facts["certified"], strict=True)
            ),
            "can_reopen": certificate.withdrawn_at is None
            and assessment.campaign.is_open
            and Assessment.objects.certifiable_by(request.user).filter(pk=assessment.pk).exists(),
        },
    )


@require_POST
def reopen(request, pk: int):
    """Withdraw the certificate and read the file again, with a reason."""
    assessment = the_assessment(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: certificates.reopen(assessment, by=request.user, reason=reason))
    return redirect(assessment)
