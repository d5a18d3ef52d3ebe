"""Fetching what the person may see: 404 outside the tree, 403 inside it without the right."""

from django.shortcuts import get_object_or_404

from plans.models import Assignment, Plan, Task
from schools.permissions import Permission


def the_plan(request, pk: int) -> Plan:
    """404 outside the tree, 403 inside it without the right to read plans."""
    plan = get_object_or_404(
        Plan.objects.visible_to(request.user).select_related(
            "issuer", "superior__issuer", "original", "created_by"
        ),
        pk=pk,
    )
    request.user.must(Permission.PLAN_VIEW)
    return plan


def the_task(request, pk: int) -> Task:
    task = get_object_or_404(
        Task.objects.visible_to(request.user).select_related("issuer", "plan__issuer", "section"),
        pk=pk,
    )
    request.user.must(Permission.PLAN_VIEW)
    return task


def the_assignment(request, pk: int) -> Assignment:
    assignment = get_object_or_404(Assignment.objects.visible_to(request.user).for_list(), pk=pk)
    request.user.must(Permission.PLAN_VIEW)
    return assignment
