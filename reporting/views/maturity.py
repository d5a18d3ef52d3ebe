"""Báo cáo tổng hợp of a round: on the page, and as the files that are asked for there."""

from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from assessments.views.access import the_campaign
from reporting import tasks
from reporting.actions import exports
from reporting.documents import charts
from reporting.files import maturity_paper, maturity_tables
from reporting.models import Export
from reporting.views.asking import scope_of, the_format
from schools.permissions import Permission


def summary(request, pk: int):
    """Báo cáo tổng hợp of a round on the page: chart, table per office, the two files."""
    campaign = the_campaign(request, pk)
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    found = maturity_tables.summary(campaign, unit, asked_by=request.user)
    return render(
        request,
        "reporting/summary.html",
        {
            "campaign": campaign,
            "found": found,
            "unit": unit,
            "rows": [
                (one.name, [line.cells(found.groups)[1:] for line in one.lines],
                 one.total.cells(found.groups)[1:])
                for one in found.offices
            ],
            "total_cells": found.total.cells(found.groups)[2:],
            "levels": maturity_tables.LEVELS,
            "chart": charts.drawn(maturity_paper.levels_chart(found)),
            "formats": Export.Format.choices,
        },
    )  # fmt: skip


@require_POST
def export_add(request, pk: int):
    """Ask for the file; a worker builds it, the page shows how far it is."""
    campaign = the_campaign(request, pk)
    unit = scope_of(request)
    request.user.must(Permission.EXPORT, unit)
    if "format" not in request.POST:
        raise Http404
    with transaction.atomic():
        export = exports.request_consolidated(
            campaign=campaign, unit=unit, format=the_format(request), by=request.user
        )
        tasks.enqueue(export)
    return redirect(export)
