"""The home page: at most five things to do, oldest first, for the hat that is on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Campaign
from assessments.workflow import AssessmentState as S
from edudx.lib.vietnamese import number
from plans.models import Assignment, Extension, Plan, Product, Task
from plans.workflow import REVIEWED_BY_ISSUER, WAITING_FOR_UNIT
from reporting import sheet_reading
from reporting.actions import closings
from reporting.models import DataRequest, DataSheet, PeriodicReport, ReportRound
from schools.permissions import Permission

MOST = 5


@dataclass(frozen=True)
class Todo:
    """One thing: a sentence, where to do it, since when it waits, until when it has time."""

    text: str
    url: str
    button: str
    due_at: datetime | None
    order: datetime
    notice: str = ""


def home(request):
    """The five that wait longest; `?tat-ca` shows all."""
    user = request.user
    todos = sorted(_todos(user), key=lambda one: one.order) if user.hat else []
    shown = todos if "tat-ca" in request.GET else todos[:MOST]
    return render(request, "home.html", {"todos": shown, "more": len(todos) - len(shown)})


def _todos(user) -> list[Todo]:
    return [
        *_of_school(user),
        *_of_work(user),
        *_of_drafts(user),
        *_of_reviewing_work(user),
        *_of_figures(user),
        *_of_closings(user),
        *_of_stale_figures(user),
        *_of_reports(user),
        *_of_reviewer(user),
        *_of_certifier(user),
        *_of_office(user),
        *_of_publisher(user),
    ]


def _of_school(user) -> list[Todo]:
    """The own unit's files that wait for this person."""
    words = {}
    if user.can_in(Permission.ASSESSMENT_EDIT, user.hat.unit):
        words |= {S.DRAFT: ("Tự đánh giá", "Làm tiếp"), S.RETURNED: ("Bổ sung", "Bổ sung")}
    if user.can_in(Permission.ASSESSMENT_SUBMIT, user.hat.unit):
        words |= {S.PREPARED: ("Duyệt và trình", "Xem và duyệt")}
    files = Assessment.objects.visible_to(user).for_list().filter(
        unit=user.hat.unit, state__in=words, campaign__state=Campaign.State.OPEN,
        campaign__opens_at__lte=timezone.now(),
    )  # fmt: skip
    todos = []
    for one in files:
        verb, button = words[one.state]
        view = "assessments:check" if one.state == S.PREPARED else "assessments:assessment"
        due_at = one.assignment.due_at
        todos.append(
            Todo(
                f"{verb}: {one.campaign}",
                reverse(view, args=[one.pk]),
                button,
                due_at,
                due_at,
                one.campaign.notice,
            )
        )
    return todos


def _of_work(user) -> list[Todo]:
    """What the own unit has still to hand in, of what is due within a month or overdue."""
    if not user.can_in(Permission.WORK_HAND_IN, user.hat.unit):
        return []
    soon = timezone.now() + timedelta(days=31)
    rows = Assignment.objects.for_list().annotate(returned_at=Max("products__decided_at"))
    rows = rows.filter(
        Q(due_at__lt=soon) | Q(state="returned"), unit=user.hat.unit, state__in=WAITING_FOR_UNIT,
        task__kind=Task.Kind.PRODUCT, task__state=Task.State.ISSUED,
    )  # fmt: skip
    return [
        Todo(
            f"{'Nộp lại' if one.is_returned else 'Nộp'}: {one.task}",
            one.get_absolute_url(),
            "Mở",
            None if one.is_returned else one.due_at,
            one.returned_at if one.is_returned else one.due_at,
            _asked_by(one),
        )
        for one in rows.order_by("due_at")[:50]
    ]


def _asked_by(one: Assignment) -> str:
    """Who waits for it: two tasks of one name may come from two offices."""
    if one.is_returned:
        return f"{one.task.issuer} trả lại, cần nộp lại ngay"
    is_own = one.task.issuer_id == one.unit_id
    return "Việc của chính đơn vị" if is_own else f"{one.task.issuer} giao"


def _of_drafts(user) -> list[Todo]:
    """Plans of the own unit that only wait to be issued by this person."""
    if not user.can_in(Permission.PLAN_ISSUE, user.hat.unit):
        return []
    drafts = Plan.objects.filter(issuer=user.hat.unit, state="draft").order_by("pk")[:20]
    return [
        Todo(
            f"Dự thảo chờ ban hành: {one}", one.get_absolute_url(), "Xem và ban hành", None,
            one.created_at,
        )
        for one in drafts
        if not one.missing_for_issue()
    ]  # fmt: skip


def _of_reviewing_work(user) -> list[Todo]:
    """Products that wait for the own unit, and requests for more time: a line each, which leads
    to the task that waits longest."""
    if not user.can_in(Permission.WORK_REVIEW, user.hat.unit):
        return []
    tasks = Task.objects.filter(
        issuer=user.hat.unit, kind=Task.Kind.PRODUCT, state=Task.State.ISSUED
    )
    waiting = Q(assignments__state__in=REVIEWED_BY_ISSUER) & ~Q(assignments__unit=user.hat.unit)
    pending = waiting & Q(assignments__products__decision=Product.Decision.PENDING)
    asked = Q(assignments__extensions__state=Extension.State.ASKED)
    to_see = tasks.annotate(
        waiting=Count("assignments", filter=waiting, distinct=True),
        since=Min("assignments__products__handed_in_at", filter=pending),
    )
    to_answer = tasks.annotate(
        waiting=Count("assignments", filter=asked, distinct=True),
        since=Min("assignments__extensions__asked_at", filter=asked),
    )
    return [
        *_one_line(to_see, "sản phẩm chờ xem", "cho-xem"),
        *_one_line(to_answer, "đề nghị gia hạn", "gia-han"),
    ]


def _one_line(tasks, noun: str, list_: str) -> list[Todo]:
    """The task that waits longest, with the number of the list it opens; others are counted."""
    found = list(tasks.filter(waiting__gt=0, since__isnull=False).order_by("since", "pk"))
    if not found:
        return []
    oldest = found[0]
    others = f"còn {number(len(found) - 1)} nhiệm vụ khác có {noun}" if len(found) > 1 else ""
    text = f"{number(oldest.waiting)} {noun}: {oldest}"
    url = f"{oldest.get_absolute_url()}?loc={list_}"
    return [Todo(text, url, "Xem", None, oldest.since, others)]


def _of_figures(user) -> list[Todo]:
    """Sheets of the own unit that were not handed in, or came back."""
    if not user.can_in(Permission.WORK_HAND_IN, user.hat.unit):
        return []
    own = DataSheet.objects.for_list().filter(unit=user.hat.unit, request__state="open")
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
    asked = DataRequest.objects.filter(issuer=user.hat.unit, state="open", closings__isnull=False)
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
    unit, found = user.hat.unit, PeriodicReport.objects.for_list().filter(round__state="open")
    todos = []
    if user.can_in(Permission.WORK_HAND_IN, unit):
        own = found.filter(unit=unit, assignment__state__in=WAITING_FOR_UNIT)
        for one in own.order_by("assignment__due_at")[:20]:
            verb = "Sửa và nộp lại" if one.assignment.is_returned else "Viết báo cáo"
            due_at = one.assignment.due_at
            text = f"{verb}: {one.round}"
            todos.append(Todo(text, one.get_absolute_url(), "Mở", due_at, due_at))
    if user.can_in(Permission.WORK_REVIEW, unit):
        waiting = Q(reports__assignment__state="handed_in")
        rounds = ReportRound.objects.filter(issuer=unit, state="open").annotate(
            waiting=Count("reports", filter=waiting),
            oldest=Min("reports__assignment__last_handed_in_at", filter=waiting),
        )
        for one in rounds.filter(waiting__gt=0):
            text = f"{number(one.waiting)} báo cáo chờ tiếp nhận: {one}"
            todos.append(Todo(text, one.get_absolute_url(), "Xem", None, one.oldest))
    return todos


def _of_reviewer(user) -> list[Todo]:
    if not user.can_in(Permission.ASSESSMENT_REVIEW, user.hat.unit):
        return []
    waiting = Assessment.objects.filter(state=S.SUBMITTED, office=user.hat.unit)
    query = f"?loc={S.SUBMITTED}&cua=toi"
    return _queues(waiting, "hồ sơ chờ thẩm định", "Thẩm định", "assessments:queue", query)


def _of_certifier(user) -> list[Todo]:
    if not user.can_in(Permission.ASSESSMENT_CERTIFY, user.hat.unit):
        return []
    ready = Assessment.objects.certifiable_by(user).filter(state=S.REVIEWED)
    return _queues(ready, "hồ sơ chờ công nhận", "Công nhận", "assessments:certify")


def _queues(files, noun: str, button: str, view: str, query: str = "") -> list[Todo]:
    """One line per open round with some of these files."""
    here = Q(assessments__in=files)
    rounds = (
        Campaign.objects.filter(state=Campaign.State.OPEN)
        .annotate(
            waiting=Count("assessments", filter=here),
            since=Min("assessments__submitted_at", filter=here),
        )
        .filter(waiting__gt=0)
    )
    return [
        Todo(
            f"{number(one.waiting)} {noun}: {one}",
            reverse(view, args=[one.pk]) + query,
            button,
            one.decision_due_at,
            one.since,
            one.notice,
        )
        for one in rounds
    ]


def _of_office(user) -> list[Todo]:
    """The office's own assignment: report the round to the department."""
    if not user.can_in(Permission.OFFICE_REPORT, user.hat.unit):
        return []
    assignments = Assignment.objects.for_list().filter(
        unit=user.hat.unit,
        handed_in_at=None,
        task__campaign_of_offices__state=Campaign.State.OPEN,
    )
    return [
        Todo(
            f"Báo cáo kết quả: {one.task.campaign_of_offices}",
            one.task.campaign_of_offices.get_absolute_url(),
            "Xem tiến độ",
            one.due_at,
            one.due_at,
            one.task.campaign_of_offices.notice,
        )
        for one in assignments.select_related("task__campaign_of_offices")
    ]


def _of_publisher(user) -> list[Todo]:
    """Certified results of the own part of the tree that nobody has published yet."""
    if not user.can_in(Permission.PUBLISH, user.hat.unit):
        return []
    here = Q(
        assessments__unit_path__startswith=user.hat.unit.path,
        assessments__certificates__withdrawn_at=None,
        assessments__certificates__published_at=None,
        assessments__certificates__isnull=False,
    )
    found = Campaign.objects.annotate(
        ready=Count("assessments", filter=here),
        since=Min("assessments__certificates__issued_at", filter=here),
    ).filter(ready__gt=0)
    return [
        Todo(
            f"{number(one.ready)} kết quả chưa công bố: {one}",
            one.get_absolute_url(),
            "Xem và công bố",
            one.publication_due_at,
            one.since,
            one.notice,
        )
        for one in found
    ]
