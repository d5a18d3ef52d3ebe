"""Campaigns: list, make, open, close, report, publish."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.actions import campaigns, office_reports, publication
from assessments.forms import CampaignForm
from assessments.models import Assessment, Campaign
from assessments.workflow import AssessmentState
from edudx.lib.told import told
from plans.models import Assignment
from schools.models import Event
from schools.permissions import Permission

from .access import the_campaign


def home(request):
    """Campaigns that concern the person; for a school also its own files."""
    request.user.must(Permission.CAMPAIGN_VIEW)
    hat = request.user.hat
    files = Assessment.objects.visible_to(request.user).for_list()
    campaigns = Campaign.objects.visible_to(request.user).select_related("issuer", "scope")
    return render(
        request,
        "assessments/home.html",
        {
            "campaigns": campaigns.prefetch_related("sets"),
            "files": files.filter(unit=hat.unit).order_by("-campaign__submission_due_at")
            if hat and hat.unit.is_school
            else files.none(),
            "can_create": _may_create(request.user),
        },
    )


def _may_create(user) -> bool:
    return bool(user.hat) and user.can_in(Permission.CAMPAIGN_MANAGE, user.hat.unit)


def campaign(request, pk: int):
    """One campaign: dates, progress per state, the offices, what each may do next."""
    campaign = the_campaign(request, pk)
    files = Assessment.objects.visible_to(request.user).counted().filter(campaign=campaign)
    offices = Assignment.objects.visible_to(request.user).for_list()
    offices = offices.filter(task__campaign_of_offices=campaign)
    return render(
        request,
        "assessments/campaign.html",
        {
            **_rights(request.user, campaign),
            **_own(request.user, files, offices),
            **_publication(files),
            "campaign": campaign,
            "day_notes": campaign.days_off(),
            "counts": _counts(files),
            "late": files.late().count(),
            "offices": _with_reasons(offices.order_by("unit__sort_key"), request.user),
            "events": Event.objects.about(campaign).readable_beside(request.user),
            **(_opening(campaign) if campaign.state == Campaign.State.DRAFT else {}),
        },
    )


def _opening(campaign: Campaign) -> dict:
    """What stops the opening; without it, to how many schools the campaign would be given."""
    missing = campaign.missing_for_open()
    return {"missing": missing, "school_count": 0 if missing else campaign.schools().count()}


def _rights(user, campaign: Campaign) -> dict[str, bool]:
    return {
        "can_manage": user.can_in(Permission.CAMPAIGN_MANAGE, campaign.issuer),
        "can_publish": bool(user.hat) and user.can_in(Permission.PUBLISH, user.hat.unit),
        "can_read": user.can(Permission.ASSESSMENT_VIEW),
    }


def _publication(files) -> dict:
    """Names of the first schools a publication would show, and whether any is shown already."""
    ready = files.filter(
        certificates__isnull=False, certificates__withdrawn_at=None, certificates__published_at=None
    )
    names = ready.order_by("unit__sort_key").values_list("unit__short_name", flat=True)
    shown = files.filter(certificates__published_at__isnull=False)
    return {"publishable": names[:20], "published": shown.exists()}


def _with_reasons(offices, user) -> list[Assignment]:
    """Each office's row with the reason it gave when it reported unfinished schools."""
    offices = list(offices)
    reasons = Event.objects.of_many(offices).readable_by(user).filter(step="hand_in")
    by_row = dict(reasons.values_list("subject_id", "reason"))
    for one in offices:
        one.reason = by_row.get(one.pk, "")
    return offices


def _own(user, files, offices) -> dict:
    """The own unit's file, and the office's task for whoever may report it."""
    if user.hat is None:
        return {}
    reports = user.can_in(Permission.OFFICE_REPORT, user.hat.unit)
    return {
        "mine": files.for_list().filter(unit=user.hat.unit).first(),
        "my_office_task": offices.filter(unit=user.hat.unit).first() if reports else None,
    }


def _counts(files) -> dict[str, int]:
    """Each file once, however many certificates it has had."""

    def count(**filters) -> Count:
        return Count("pk", filter=Q(**filters), distinct=True)

    return files.aggregate(
        total=Count("pk", distinct=True),
        waiting=count(state=AssessmentState.SUBMITTED),
        reviewed=count(state=AssessmentState.REVIEWED),
        certified=count(state=AssessmentState.CERTIFIED),
        submitted=count(submitted_at__isnull=False),
        publishable=count(
            certificates__isnull=False,
            certificates__withdrawn_at=None,
            certificates__published_at=None,
        ),
    )


def campaign_add(request):
    unit = request.user.must_here(Permission.CAMPAIGN_MANAGE)
    return _edit(request, Campaign(created_by=request.user), unit, "Tạo")


def campaign_edit(request, pk: int):
    campaign = the_campaign(request, pk)
    request.user.must_in(Permission.CAMPAIGN_MANAGE, campaign.issuer)
    if campaign.state != Campaign.State.DRAFT:
        raise PermissionDenied("Đợt đã mở nên không sửa được các ngày và bộ chỉ số.")
    return _edit(request, campaign, campaign.issuer, "Sửa")


def _edit(request, campaign: Campaign, issuer, verb: str):
    form = CampaignForm(request.POST or None, instance=campaign, user=request.user, issuer=issuer)
    if request.method == "POST" and form.is_valid():
        sets = form.cleaned_data["sets"]
        if told(request, lambda: campaigns.save(form.instance, sets, by=request.user)):
            return redirect(form.instance)
    return render(
        request,
        "assessments/campaign_edit.html",
        {"form": form, "verb": verb, "campaign": campaign},
    )


@require_POST
def campaign_open(request, pk: int):
    campaign = the_campaign(request, pk)
    told(request, lambda: campaigns.open(campaign, by=request.user))
    return redirect(campaign)


@require_POST
def campaign_close(request, pk: int):
    campaign = the_campaign(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: campaigns.close(campaign, by=request.user, reason=reason))
    return redirect(campaign)


@require_POST
def campaign_reopen(request, pk: int):
    campaign = the_campaign(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: campaigns.reopen(campaign, by=request.user, reason=reason))
    return redirect(campaign)


@require_POST
def campaign_publish(request, pk: int):
    campaign = the_campaign(request, pk)
    told(request, lambda: publication.publish(campaign, by=request.user))
    return redirect(campaign)


@require_POST
def office_report(request, pk: int):
    """The office head reports the campaign to the department."""
    assignment = get_object_or_404(
        Assignment.objects.visible_to(request.user)
        .for_list()
        .filter(task__campaign_of_offices__isnull=False),
        pk=pk,
    )
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: office_reports.report(assignment, by=request.user, reason=reason))
    return redirect(assignment.task.campaign_of_offices)
