"""What waits for a person in figures and reports: the lines of reporting on the home page."""

from django.db.models import Count, Min, Q
from django.urls import reverse

from edudx.lib.todo import Todo
from edudx.lib.vietnamese import number
from plans.workflow import WAITING_FOR_UNIT, AssignmentState
from reporting import sheet_reading
from reporting.actions import closings
from reporting.models import DataRequest, DataSheet, PeriodicReport, ReportRound
from reporting.workflow import RequestState, RoundState
from schools.permissions import Permission


def todos(user) -> list[Todo]:
    """Sheets to enter, figures to close and approve, reports to write and receive."""
    return [
        *_of_figures(user),
        *_of_closings(user),
        *_of_stale_figures(user),
        *_of_reports(user),
    ]


def _of_figures(user) -> list[Todo]:
    """Sheets of the own unit that were not handed in, or came back."""
    if not user.can_in(Permission.WORK_HAND_IN, user.hat.unit):
        return []
    own = DataSheet.objects.for_list().filter(unit=user.hat.unit, request__state=RequestState.OPEN)
    found = own.filter(assignment__state__in=WAITING_FOR_UNIT)
    unsent = own.exclude(assignment__state__in=WAITING_FOR_UNIT).exclude(current=None)[:10]
    return [
        Todo(
            f"Số điều chỉnh chưa nộp: {one.request}",
            one.get_absolute_url(),
            "Xem và nộp",
            None,
            one.current.at,
        )
        for one in unsent
        if sheet_reading.has_unsent(one)
    ] + [
        Todo(
            f"{'Xem lại' if one.assignment.is_returned else 'Nhập'} số liệu: {one.request}",
            one.get_absolute_url(),
            "Nhập số liệu",
            one.assignment.due_at,
            one.assignment.due_at,
        )
        for one in found.order_by("assignment__due_at")[:50]
    ]


def _of_closings(user) -> list[Todo]:
    """Roll-ups of the own unit: to be closed, or closed again, by the specialist; to be approved
    by the head. Once every school has handed in, or a week before the end.
    """
    unit = user.hat.unit
    may_close = user.can_in(Permission.DATA_CLOSE, unit)
    may_approve = user.can_in(Permission.DATA_APPROVE, unit)
    if not may_close and not may_approve:
        return []
    todos = []
    for found, last, again in closings.to_do(unit):
        is_closed = bool(last) and not again
        if may_approve if is_closed else may_close:
            again_word = "Chốt lại số liệu" if last else "Chốt số liệu"
            url = reverse("reporting:close", args=[found.pk, unit.code])
            due_at = (found.office_task or found.school_task).due_at
            text = f"{'Duyệt số liệu' if is_closed else again_word}: {found}"
            order = min(last.prepared_at, due_at) if is_closed else due_at
            todos.append(Todo(text, url, "Mở", due_at, order))
    return todos


def _of_stale_figures(user) -> list[Todo]:
    """What the own unit has asked for and offices have closed, where a school has corrected since:
    the totals are not those that were approved.
    """
    if not user.can_in(Permission.DATA_REQUEST, user.hat.unit):
        return []
    asked = DataRequest.objects.filter(
        issuer=user.hat.unit, state=RequestState.OPEN, closings__isnull=False
    )
    requests = {one.pk: one for one in asked.distinct()}
    return [
        Todo(
            f"{number(count)} phòng cần chốt lại: {requests[pk]}",
            requests[pk].get_absolute_url(),
            "Xem",
            None,
            since,
        )
        for pk, (count, since) in closings.stale_of(requests.values()).items()
    ]


def _of_reports(user) -> list[Todo]:
    """Periodic reports of the own unit to be written; those it has asked for, to be received."""
    unit, found = (
        user.hat.unit,
        PeriodicReport.objects.for_list().filter(round__state=RoundState.OPEN),
    )
    todos = []
    if user.can_in(Permission.WORK_HAND_IN, unit):
        own = found.filter(unit=unit, assignment__state__in=WAITING_FOR_UNIT)
        for one in own.order_by("assignment__due_at")[:20]:
            verb = "Sửa và nộp lại" if one.assignment.is_returned else "Viết báo cáo"
            due_at = one.assignment.due_at
            text = f"{verb}: {one.round}"
            todos.append(Todo(text, one.get_absolute_url(), "Mở", due_at, due_at))
    if user.can_in(Permission.WORK_REVIEW, unit):
        waiting = Q(reports__assignment__state=AssignmentState.HANDED_IN)
        rounds = ReportRound.objects.filter(issuer=unit, state=RoundState.OPEN).annotate(
            waiting=Count("reports", filter=waiting),
            oldest=Min("reports__assignment__last_handed_in_at", filter=waiting),
        )
        for one in rounds.filter(waiting__gt=0):
            text = f"{number(one.waiting)} báo cáo chờ tiếp nhận: {one}"
            todos.append(Todo(text, one.get_absolute_url(), "Xem", None, one.oldest))
    return todos
