"""What waits for a person in plans: the lines of plans on the home page."""

from datetime import timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from edudx.lib.todo import Todo
from edudx.lib.vietnamese import number
from plans.models import Assignment, Extension, Plan, Product, Task
from plans.workflow import REVIEWED_BY_ISSUER, WAITING_FOR_UNIT, AssignmentState, PlanState
from schools.permissions import Permission


def todos(user) -> list[Todo]:
    """Products to hand in, drafts to issue, what others have handed in."""
    return [
        *_of_work(user),
        *_of_drafts(user),
        *_of_reviewing_work(user),
    ]


def _of_work(user) -> list[Todo]:
    """What the own unit has still to hand in, of what is due within a month or overdue."""
    if not user.can_in(Permission.WORK_HAND_IN, user.hat.unit):
        return []
    soon = timezone.now() + timedelta(days=31)
    rows = Assignment.objects.for_list().annotate(returned_at=Max("products__decided_at"))
    rows = rows.filter(
        Q(due_at__lt=soon) | Q(state=AssignmentState.RETURNED),
        unit=user.hat.unit, state__in=WAITING_FOR_UNIT,
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
    drafts = Plan.objects.filter(issuer=user.hat.unit, state=PlanState.DRAFT).order_by("pk")[:20]
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
