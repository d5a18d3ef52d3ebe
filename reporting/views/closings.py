"""An office closes its roll-up, its head approves; closings as they were frozen."""

from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render

from edudx.lib.told import told
from reporting import rollup
from reporting.actions import closings
from reporting.forms import ReasonForm
from reporting.models import Closing, DataRequest
from schools.models import Event, OrgUnit
from schools.permissions import Permission

from .access import the_request


def close(request, pk: int, code: str):
    """The office's roll-up before it is closed, its closings, and the head's approval."""
    found = the_request(request, pk)
    office = get_object_or_404(OrgUnit.objects.visible_to(request.user), code=code)
    request.user.must(Permission.DATA_VIEW, office)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        told(request, lambda: _close_step(request, found, office, form.cleaned_data["reason"]))
        return redirect("reporting:close", pk, code)
    page = _close_page(request.user, found, office) | {"form": form}
    return render(request, "reporting/closing_edit.html", page)


def _close_page(user, found: DataRequest, office: OrgUnit) -> dict:
    last = closings.newest(found, office)
    sections = _sections(found, office)
    return {
            "request_": found, "office": office, "last": last,
            "again": bool(last) and closings.needs_again(last),
            "changed": closings.changed_since(last) if last else [],
            "missing": closings.missing_for_close(found, office),
            "sections": sections,
            "differs": _differs(found, office, last, sections),
            "closings": found.closings.filter(office=office).order_by("-number"),
            "may_close": user.can_in(Permission.DATA_CLOSE, office) and found.is_open,
            "may_approve": user.can_in(Permission.DATA_APPROVE, office),
        }  # fmt: skip


def _differs(found: DataRequest, office: OrgUnit, last: Closing | None, sections: list) -> list:
    """What is not as it was: the figures now against the last closing; where that one is still
    true, it against the one before.
    """
    if last is None:
        return []
    if closings.needs_again(last):
        kept = _as_before(last)
        now = [[replace(one, before=kept.get(one.key)) for one in lines] for _, lines in sections]
        return _changed([("", lines) for lines in now])
    earlier = found.closings.filter(office=office, number=last.number - 1).first()
    return _changed(rollup.lines_of(found, rollup.from_json(last.totals), _as_before(earlier)))


def _sections(found: DataRequest, office: OrgUnit) -> list:
    """The office's own totals, with those of a period ago."""
    here = Q(office=office)
    totals = rollup.totals_of(found, here).get(office.pk, {})
    return rollup.lines_of(found, totals, rollup.before_of(found, here))


def _close_step(request, found: DataRequest, office: OrgUnit, reason: str):
    if "approve" not in request.POST:
        closings.prepare(found, office, by=request.user, reason=reason)
        return Event.objects.about(closings.newest(found, office)).last()
    last = closings.newest(found, office)
    if last is None:
        raise PermissionDenied("Chưa có lần chốt nào để duyệt.")
    return closings.approve(last, by=request.user)


def closed(request, pk: int, code: str, number: int):
    """A closing as it was frozen, whatever has changed since."""
    found = the_request(request, pk)
    office = get_object_or_404(OrgUnit.objects.visible_to(request.user), code=code)
    one = get_object_or_404(
        found.closings.select_related("prepared_by", "approved_by"), office=office, number=number
    )
    earlier = found.closings.filter(office=office, number=number - 1).first()
    lines = rollup.lines_of(found, rollup.from_json(one.totals), _as_before(earlier))
    page = {"request_": found, "office": office, "closing": one, "sections": lines}
    if earlier:
        page |= {"before": f"Lần chốt {earlier.number}", "changed": _changed(lines)}
    return render(request, "reporting/closing.html", page)


def _as_before(earlier: Closing | None) -> dict[str, rollup.Before]:
    """The totals of the closing before this one, to stand beside it."""
    if earlier is None:
        return {}
    kept = rollup.from_json(earlier.totals)
    return {key: rollup.Before(f"lần {earlier.number}", total) for key, total in kept.items()}


def _changed(sections: list) -> list[str]:
    """«Tổng số học sinh: 100 → 110» of every figure that is not as it was."""
    return [
        f"{line.label}: {line.shown_before or 'chưa có'} → {line.shown or 'chưa có'}"
        for _, lines in sections
        for line in lines
        if line.before and line.shown_before != line.shown
    ]
