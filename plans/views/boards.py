"""Boards over many units: the matrix of a plan, a month."""

from dataclasses import asdict
from datetime import date

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone

from plans.boards import month, units
from plans.views.access import the_plan
from plans.workflow import OFFICE_WORDS
from schools.models import OrgUnit
from schools.permissions import Permission
from schools.views.lists import page_of

COLUMNS = {"donvi": "sort_key", "nop": "received", "tre": "late"}


def board(request, pk: int):
    """Unit × task: words in colour with the date, the latest units first, totals in the foot."""
    plan = the_plan(request, pk)
    chosen = units.BoardFilter.of(request.GET)
    page = page_of(units.units_on(plan, request.user.reach, chosen), request, COLUMNS)
    tasks = units.tasks_on(plan)
    return render(
        request,
        "plans/board.html",
        {
            "plan": plan,
            "page": page,
            "rows": units.cells_of(page, tasks),
            "tasks": tasks,
            "totals": units.totals_of(plan, request.user.reach, tasks, chosen),
            "chosen": chosen,
            "filters": asdict(chosen),
            "types": OrgUnit.SchoolType.choices,
            "states": units.BoardFilter.STATES.items(),
            "words": OFFICE_WORDS,
        },
    )


def month_page(request):
    """The deadlines of a month (`?thang=2025-05`), each with how many have handed in."""
    request.user.must(Permission.PLAN_VIEW)
    asked = request.GET.get("thang", "")
    try:
        first = date.fromisoformat(f"{asked}-01") if asked else timezone.localdate().replace(day=1)
        if not 2000 <= first.year <= 2100:
            raise ValueError
    except ValueError as fault:
        raise Http404 from fault
    return render(
        request,
        "plans/month.html",
        {
            "first": first,
            "weeks": month.month_of(request.user.reach, first),
            "today": timezone.localdate(),
            "before": month.month_before(first),
            "after": month.next_month(first),
        },
    )
