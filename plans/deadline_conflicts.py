"""What is wrong with the deadlines of a plan: shown to the issuer, never resolved silently."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from edudx.lib import deadlines
from edudx.lib.school_calendar import SchoolCalendar, days_off
from edudx.lib.vietnamese import search_key
from plans.models import Calendars, Plan, Task, read_deadline

HALF_YEAR = ("hoc ky 1", "hoc ky i", "hk1", "so ket")


@dataclass(frozen=True)
class Conflict:
    """One sentence about one task."""

    task: Task
    sentence: str


def conflicts_of(plan: Plan) -> list[Conflict]:
    """Every conflict of the plan's tasks, in their printed order."""
    tasks = list(plan.tasks.select_related("superior").order_by("position", "pk"))
    read_on = plan.issued_on or timezone.localdate()
    calendars = Calendars(plan.issuer)
    calendar = calendars.of_reading(plan.period, read_on)
    found: list[Conflict] = []
    for task in tasks:
        for sentence in _of_task(task, plan, calendar, calendars):
            found.append(Conflict(task, f"{_name(task)}: {sentence}"))
    return found + list(_twice(tasks))


def _name(task: Task) -> str:
    return f"Nhiệm vụ {task.code}" if task.code else f"«{task.title[:60]}»"


def _day(moment) -> date:
    return timezone.localtime(moment).date()


def _of_task(
    task: Task, plan: Plan, calendar: SchoolCalendar, calendars: Calendars
) -> Iterator[str]:
    due = task.due_on
    for note in days_off(due, calendar):
        yield f"hạn {due:%d/%m/%Y} {note}."
    if plan.issued_on and due < plan.issued_on:
        yield f"hạn {due:%d/%m/%Y} trước ngày ban hành {plan.issued_on:%d/%m/%Y}."
    yield from _elsewhere(task, plan, calendars)
    term = calendar.term1 or deadlines.default_calendar(calendar.period).term1
    if term and due < term[1] and any(one in search_key(task.title) for one in HALF_YEAR):
        ends = f"{term[1]:%d/%m/%Y}"
        yield f"báo cáo học kỳ 1 đến hạn {due:%d/%m/%Y}, trước khi học kỳ kết thúc {ends}."
    if task.superior_id and task.due_at > task.superior.due_at:
        yield f"hạn muộn hơn hạn của cấp trên ({_day(task.superior.due_at):%d/%m/%Y})."


def _elsewhere(task: Task, plan: Plan, calendars: Calendars) -> Iterator[str]:
    """The same duty with another deadline in another place of the document."""
    for mention in task.mentions:
        try:
            other = read_deadline(
                mention["phrase"], issuer=plan.issuer, period=plan.period,
                issued_on=plan.issued_on, include_day=task.include_day, calendars=calendars,
            )  # fmt: skip
        except deadlines.DeadlineNotUnderstood:
            yield f"{mention['source']} ghi «{mention['phrase']}», không đọc được."
            continue
        if other.due_at != task.due_at:
            yield (
                f"hai thời hạn cho một việc: «{task.phrase}» ({task.source or 'nhiệm vụ'}) và "
                f"«{mention['phrase']}» ({mention['source']})."
            )


def _twice(tasks: list[Task]) -> Iterator[Conflict]:
    """Two tasks of one title for one audience with different deadlines."""
    seen: dict[tuple, Task] = {}
    for task in tasks:
        key = search_key(task.title), str(sorted(task.audience.items()))
        first = seen.setdefault(key, task)
        if first is not task and first.due_at != task.due_at:
            yield Conflict(
                task, f"{_name(task)}: trùng việc với {_name(first)} nhưng khác thời hạn."
            )
