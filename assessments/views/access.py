"""Fetching what the person may see: 404 outside the tree, 403 inside it without the right."""

from django.shortcuts import get_object_or_404

from assessments.models import Assessment, Campaign, Criterion
from schools.permissions import Permission


def the_assessment(request, pk: int) -> Assessment:
    """404 outside the tree, 403 inside it without the right to read files."""
    assessment = get_object_or_404(
        Assessment.objects.visible_to(request.user).for_list().select_related("minutes__document"),
        pk=pk,
    )
    request.user.must(Permission.ASSESSMENT_VIEW)
    return assessment


def the_criterion(assessment: Assessment, pk: int) -> Criterion:
    return get_object_or_404(
        Criterion.objects.select_related("group", "parent", "indicator_set"),
        pk=pk,
        indicator_set=assessment.indicator_set_id,
    )


def the_campaign(request, pk: int) -> Campaign:
    campaign = get_object_or_404(
        Campaign.objects.visible_to(request.user)
        .select_related("issuer", "scope", "school_task", "office_task")
        .prefetch_related("sets"),
        pk=pk,
    )
    request.user.must(Permission.CAMPAIGN_VIEW)
    return campaign
