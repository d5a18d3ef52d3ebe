"""Asking for a file: its format, its scope, the export that will make it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect

from reporting import tasks
from reporting.actions import exports
from reporting.models import Export
from reporting.models.export_filters import Filters
from schools.models import OrgUnit


def scope_of(request) -> OrgUnit:
    """The part of the tree the figures are about: the hat's unit, or one below it (?don-vi=)."""
    hat = request.user.hat
    code = request.GET.get("don-vi") or request.POST.get("don-vi")
    if not code:
        if hat is None:
            raise PermissionDenied("Bạn chưa được phân công ở đơn vị nào.")
        return hat.unit
    return get_object_or_404(OrgUnit.objects.visible_to(request.user), code=code)


def the_format(request) -> str:
    """Of the form's button; Excel where there is no choice."""
    format_ = request.POST.get("format", Export.Format.XLSX)
    if format_ not in Export.Format.values:
        raise Http404
    return format_


def asked(
    request, filters: Filters, unit: OrgUnit, title: str, *,
    format: str = Export.Format.XLSX, **more,
):  # fmt: skip
    """The job and the way to its page; `more` as `actions.request` takes it."""
    with transaction.atomic():
        export = exports.request(
            filters, unit=unit, format=format, title=title, by=request.user, **more
        )
        tasks.enqueue(export)
    return redirect(export)


def own_unit(request) -> OrgUnit:
    if request.user.hat is None:
        raise PermissionDenied("Bạn chưa được phân công ở đơn vị nào.")
    return request.user.hat.unit
