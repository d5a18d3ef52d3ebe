"""Fetching what a person may see: 404 outside the tree, 403 inside without the right."""

from django.shortcuts import get_object_or_404

from reporting.models import DataForm, DataRequest, DataSheet, PeriodicReport, ReportRound
from schools.permissions import Permission


def the_form(request, pk: int) -> DataForm:
    found = get_object_or_404(DataForm.objects.visible_to(request.user), pk=pk)
    request.user.must(Permission.DATA_VIEW)
    return found


def the_request(request, pk: int) -> DataRequest:
    found = get_object_or_404(
        DataRequest.objects.visible_to(request.user).select_related(
            "form", "issuer", "school_task", "office_task"
        ),
        pk=pk,
    )
    request.user.must(Permission.DATA_VIEW)
    return found


def the_sheet(request, pk: int) -> DataSheet:
    found = get_object_or_404(DataSheet.objects.visible_to(request.user).for_list(), pk=pk)
    request.user.must(Permission.DATA_VIEW)
    return found


def the_round(request, pk: int) -> ReportRound:
    found = get_object_or_404(
        ReportRound.objects.visible_to(request.user).select_related("issuer", "task"), pk=pk
    )
    request.user.must(Permission.DATA_VIEW)
    return found


def the_report(request, pk: int) -> PeriodicReport:
    found = get_object_or_404(PeriodicReport.objects.visible_to(request.user).for_list(), pk=pk)
    request.user.must(Permission.DATA_VIEW)
    return found
