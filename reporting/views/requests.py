"""Requests: ask, read the roll-up with what is behind each total, lock, end."""

from django.contrib import messages
from django.db.models import Count, F, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from edudx.lib.school_calendar import first_year_of
from edudx.lib.told import told
from plans.models import Assignment
from plans.views.access import the_task
from plans.workflow import AssignmentState
from reporting import rollup, sheet_reading
from reporting.actions import closings, requests
from reporting.content import timeliness
from reporting.documents import charts
from reporting.forms import ChooseForm, LockForm, RequestForm
from reporting.models import DataField, DataForm, DataRequest, DataSheet, DataValue
from schools.models import Event, OrgUnit
from schools.permissions import Permission
from schools.views.lists import page_of

from .access import the_request


def request_list(request):
    """What the own unit was asked for; what its part of the tree is asked for."""
    request.user.must(Permission.DATA_VIEW)
    hat = request.user.hat
    own = DataSheet.objects.visible_to(request.user).for_list()
    own = own.filter(unit=hat.unit) if hat else own.none()
    seen = request.user.scope("sheets__unit_path") | request.user.scope("sheets__unit__path")
    live = seen & ~Q(sheets__assignment__state=AssignmentState.WITHDRAWN)
    found = DataRequest.objects.visible_to(request.user).select_related("form", "issuer")
    found = found.select_related("school_task").annotate(
        expected=Count("sheets", filter=live), received=Count("sheets__current", filter=live)
    )
    return render(
        request,
        "reporting/requests.html",
        {
            "own": own.order_by("assignment__due_at", "pk")[:100],
            "page": _page(request, found.order_by("-created_at", "-pk")),
            "may_export": request.user.can(Permission.EXPORT),
            "may_ask": bool(hat) and request.user.can_in(Permission.DATA_REQUEST, hat.unit),
            "is_school": bool(hat) and hat.unit.is_school,
        },
    )


def _page(request, found):
    """Each request with how many offices must close it again, for whoever stands above them."""
    page, hat = page_of(found, request, {}), request.user.hat
    stale = closings.stale_of([one for one in page if one.is_open])
    for one in page:
        is_mine = bool(hat) and one.issuer.is_within(hat.unit.path)
        one.stale = stale[one.pk][0] if is_mine and one.pk in stale else 0
    return page


def request_add(request):
    """Ask for figures; `?tu=` begins with an earlier request's form, audience and words."""
    unit = request.user.must_here(Permission.DATA_REQUEST)
    form = RequestForm(
        request.POST or None, issuer=unit, user=request.user, initial=_earlier(request)
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        made = DataRequest(
            issuer=unit,
            **{one: values[one] for one in ("form", "title", "number", "period", "is_on_demand")},
        )
        if told(request, lambda: _ask(made, values, request.user), form=form,
                done="Đã gửi yêu cầu số liệu."):  # fmt: skip
            return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "reporting/request_add.html", {"form": form}, status=status)


def _ask(made: DataRequest, values: dict, user):
    words = {one: values[one] for one in ("audience", "school_phrase", "office_phrase")}
    return requests.ask(made, by=user, **words)


def _earlier(request) -> dict:
    """The words of an earlier request; its days are asked anew."""
    pk = request.GET.get("tu", "")
    found = DataRequest.objects.visible_to(request.user).filter(pk=pk if pk.isdecimal() else 0)
    old = found.select_related("form").first()
    if old is None:
        first = first_year_of(timezone.localdate())
        return {"period": f"{first}-{first + 1}"}
    newest = DataForm.objects.filter(code=old.form.code, state=DataForm.State.PUBLISHED).first()
    return {"form": newest, "title": old.title, "period": old.period, "is_on_demand": True}


def request_by_task(request, pk: int):
    """A plan's task «Số liệu» on a form instead of files."""
    task = the_task(request, pk)
    request.user.must_in(Permission.DATA_REQUEST, task.issuer)
    form = ChooseForm(request.POST or None, user=request.user)
    made: list[DataRequest] = []
    if request.method == "POST" and form.is_valid() and told(
        request,
        lambda: made.append(
            requests.ask_by_task(task, form.cleaned_data["form"], by=request.user)
        ),
        done="Nhiệm vụ được thu bằng biểu mẫu; các trường nhập số liệu ngay trên cổng.",
    ):  # fmt: skip
        return redirect(made[0])
    page = {"task": task, "form": form, "refusal": requests.why_not_by_task(task)}
    return render(request, "reporting/request_by_task.html", page)


def request_page(request, pk: int):
    """The roll-up over the person's part of the tree: every total with how many stand behind it."""
    found = the_request(request, pk)
    if own := _own_sheet(found, request.user):
        return redirect(own)
    scope = _scope(request.user)
    offices = rollup.offices_of(found, scope)
    totals, states = rollup.totals_of(found, scope), _states(found, offices, request.user)
    return render(
        request,
        "reporting/request.html",
        {
            "request_": found,
            "offices": [(one, *states.get(one.pk, (None, False))) for one in offices],
            "sections": _lines(found, totals, scope),
            "chart": _timeliness(found, scope, request.user),
            "expected": sum(one.expected for one in offices),
            "received": sum(one.received for one in offices),
            "may_manage": request.user.can_in(Permission.DATA_REQUEST, found.issuer),
            "may_export": request.user.can(Permission.EXPORT),
            "may_fill": _may_fill(request.user, found, offices),
            "lock_form": LockForm(),
            "events": Event.objects.about(found).readable_beside(request.user),
        },
    )


def _timeliness(found: DataRequest, scope: Q, user) -> charts.Drawing | None:
    """Who has handed in, in time or late, by office; of an office all its schools as one bar."""
    rows = Assignment.objects.filter(data_sheet__in=rollup.sheets_of(found, scope))
    work = timeliness.total(rows)
    unit = user.hat.unit if user.hat else found.issuer
    shown = timeliness.by_office(rows, unit) or [work]
    return charts.drawn(timeliness.timeliness(shown, work)[0]) if work.expected else None


def _lines(found: DataRequest, totals: rollup.Totals, scope: Q) -> list:
    return rollup.lines_of(found, rollup.whole(totals), rollup.before_of(found, scope))


def _states(found: DataRequest, offices: list[OrgUnit], user) -> dict:
    """Closings of the offices that are the person's to see: a school may have come from another."""
    seen = [one for one in offices if any(one.is_within(hat.unit.path) for hat in user.hats)]
    return rollup.closings_of(found, seen)


def _may_fill(user, found: DataRequest, offices: list[OrgUnit]) -> bool:
    """An office fills in for the schools it rolls up."""
    own = user.hat.unit if user.hat else None
    return found.is_open and own in offices and user.can_in(Permission.DATA_CLOSE, own)


def _own_sheet(found: DataRequest, user) -> DataSheet | None:
    """A school has one sheet and no roll-up."""
    if user.hat is None or not user.hat.unit.is_school:
        return None
    return DataSheet.objects.filter(request=found, unit=user.hat.unit).first()


def _scope(user) -> Q:
    return user.scope("unit_path") | user.scope("unit__path")


def _asked(found: DataRequest, field: DataField, user):
    """The sheets of the person's part of the tree that this field is asked of."""
    units = rollup.sheets_of(found, _scope(user)).select_related("unit", "office", "assignment")
    return units.filter(school_type__in=field.types) if field.types else units


def figure(request, pk: int, key: str):
    """One total opened: every unit behind it, those that are missing first."""
    found = the_request(request, pk)
    field = next((one for one in found.form.lines if key in one.item.keys), None)
    if field is None:
        raise Http404
    units = _asked(found, field, request.user)
    missing_first = F("current").asc(nulls_first=True)
    columns = {"donvi": "unit__sort_key", "phong": "office__sort_key"}
    page = page_of(units.order_by(missing_first, "pk"), request, columns)
    totals = rollup.totals_of(found, _scope(request.user))
    total = rollup.whole(totals).get(key)
    return render(
        request,
        "reporting/figure.html",
        {
            "request_": found, "field": field, "label": field.item.label_of(key), "page": page,
            "rows": _values_of(page, field.item, key),
            "chart": _compared(totals, field.item, key), "total": total,
            "shown": rollup.shown(field.item, total) if total else "",
        },
    )  # fmt: skip


def _compared(totals: rollup.Totals, item, key: str) -> charts.Comparison | None:
    """The figure of each office beside the others; of words there is nothing to compare."""
    names = {one.pk: str(one) for one in OrgUnit.objects.filter(pk__in=totals)}
    rows = [
        (names[office], value, rollup.shown(item, keys[key]))
        for office, keys in totals.items()
        if key in keys and (value := keys[key].value(item.roll_up)) is not None
    ]
    return charts.comparison(rows)


def _values_of(page, item, key: str) -> list[tuple]:
    """(sheet, its value as people read it)."""
    found = DataValue.objects.filter(version__in=[one.current_id for one in page], key=key)
    values = {one.version_id: one.value for one in found}
    return [(one, sheet_reading.shown(item, values.get(one.current_id))) for one in page]


@require_POST
def request_lock(request, pk: int):
    found = the_request(request, pk)
    if "open" in request.POST:
        told(request, lambda: requests.lock(found, at=None, by=request.user))
        return redirect(found)
    form = LockForm(request.POST)
    if form.is_valid():
        told(request, lambda: requests.lock(found, by=request.user, **form.cleaned_data))
    else:
        messages.error(request, " ".join(form.errors["at"]))
    return redirect(found)


@require_POST
def request_end(request, pk: int):
    found = the_request(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: requests.end(found, by=request.user, reason=reason))
    return redirect(found)
