"""Sơ kết, tổng kết: ask for reports, receive them, and the issuer's own made of them."""

from pathlib import Path

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from edudx.lib.school_calendar import first_year_of
from edudx.lib.told import told
from plans.models import calendar_for
from plans.workflow import AssignmentState
from reporting import outline
from reporting.actions import rounds
from reporting.forms import RoundForm
from reporting.models import PeriodicReport, ReportRound
from reporting.views.access import the_round
from schools.models import Event
from schools.permissions import Permission
from schools.views.lists import page_of

OUTLINES = Path(__file__).parent.parent / "report_outlines"
SHIPPED = {ReportRound.Kind.HALF_YEAR: "so-ket.txt", ReportRound.Kind.YEAR: "tong-ket.txt"}


def round_list(request):
    """What the own unit has to write; what its part of the tree is asked for."""
    request.user.must(Permission.DATA_VIEW)
    hat = request.user.hat
    own = PeriodicReport.objects.visible_to(request.user).for_list().exclude(assignment=None)
    own = own.filter(unit=hat.unit) if hat else own.none()
    found = ReportRound.objects.visible_to(request.user).select_related("issuer", "task")
    return render(
        request,
        "reporting/rounds.html",
        {
            "own": own.exclude(assignment__state=AssignmentState.WITHDRAWN).order_by(
                "assignment__due_at"
            )[:100],
            "page": page_of(found.filter(request.user.scope("issuer__path")), request, {}),
            "may_export": request.user.can(Permission.EXPORT),
            "may_ask": bool(hat) and request.user.can_in(Permission.DATA_REQUEST, hat.unit),
        },
    )


def round_add(request):
    """Ask for a report; `?loai=year` begins with the outline of the year's end."""
    unit = request.user.must_here(Permission.DATA_REQUEST)
    K = ReportRound.Kind
    kind = K.YEAR if request.GET.get("loai") == K.YEAR else K.HALF_YEAR
    form = RoundForm(
        request.POST or None, issuer=unit, user=request.user, initial=_start(unit, kind)
    )
    if request.method == "POST" and form.is_valid():
        names = ("title", "number", "period", "since", "until", "outline")
        values = form.cleaned_data
        made = ReportRound(issuer=unit, kind=kind, **{one: values[one] for one in names})
        words = {"audience": values["audience"], "phrase": values["phrase"]}
        if told(request, lambda: rounds.ask(made, by=request.user, **words), form=form,
                done="Đã gửi yêu cầu báo cáo."):  # fmt: skip
            return redirect(made)
    page = {"form": form, "kind": kind, "kinds": ReportRound.Kind.choices,
            "label": ReportRound.Kind(kind).label, "facts": outline.FACTS,
            "blocks": outline.BLOCKS, "items": rounds.items_for(request.user)}  # fmt: skip
    return render(request, "reporting/round_add.html", page, status=422 if form.errors else 200)


def _start(unit, kind: str) -> dict:
    """The running school year, its terms, and the outline that comes with the portal."""
    first = first_year_of(timezone.localdate())
    period = f"{first}-{first + 1}"
    calendar = calendar_for(unit, period)
    term = calendar.term1 if kind == ReportRound.Kind.HALF_YEAR else calendar.term2
    label = "Sơ kết học kỳ I" if kind == ReportRound.Kind.HALF_YEAR else "Tổng kết"
    return {
        "period": period,
        "title": f"{label} ứng dụng công nghệ thông tin, chuyển đổi số năm học {period}",
        "since": calendar.starts_on,
        "until": term[1] if term else None,
        "outline": (OUTLINES / SHIPPED[kind]).read_text(encoding="utf-8"),
    }


def round_page(request, pk: int):
    """Who has handed in; whoever was only asked goes to the own report."""
    found = the_round(request, pk)
    rows = PeriodicReport.objects.visible_to(request.user).for_list().filter(round=found)
    is_above = any(found.issuer.is_within(hat.unit.path) for hat in request.user.hats)
    hat = request.user.hat
    if not is_above and hat and (own := rows.filter(unit=hat.unit).first()):
        return redirect(own)
    rows = rows.exclude(assignment=None).exclude(assignment__state=AssignmentState.WITHDRAWN)
    columns = {"donvi": "unit__sort_key", "luc": "assignment__last_handed_in_at"}
    return render(
        request,
        "reporting/round.html",
        {
            "round": found,
            "own": rounds.own_of(found) if is_above else None,
            "page": page_of(rows.order_by("assignment__state", "unit__sort_key"), request, columns),
            "expected": rows.count(),
            "received": rows.exclude(assignment__handed_in_at=None).count(),
            "missing": rows.filter(assignment__handed_in_at=None).count(),
            "done": rows.filter(assignment__state=AssignmentState.DONE).count(),
            "may_manage": request.user.can_in(Permission.DATA_REQUEST, found.issuer),
            "events": Event.objects.about(found).readable_beside(request.user),
        },
    )


@require_POST
def round_end(request, pk: int):
    found = the_round(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: rounds.end(found, by=request.user, reason=reason))
    return redirect(found)
