"""«Nhắc các đơn vị chưa nộp»: one click from a board, with preview, and the proof of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from edudx.lib import clock
from edudx.lib.workflow import StepRefused
from plans.models import Assignment, Reminder, Task
from plans.reminders import FIRST, HEAD
from plans.workflow import WAITING_FOR_UNIT
from schools import outbox
from schools.models import Membership, Message, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission

TEXT = (
    "Đề nghị đơn vị khẩn trương hoàn thành và nộp sản phẩm trên cổng. "
    "Nếu có vướng mắc, hãy liên hệ đơn vị giao nhiệm vụ."
)


@dataclass(frozen=True)
class Called:
    """One unit that would be called, and who would read it there."""

    assignment: Assignment
    people: tuple[User, ...]
    called_at: datetime | None = None  # the last call that has left
    asked_at: datetime | None = None  # the last one written, on its way or bounced


def preview(task: Task, *, by: User) -> list[Called]:
    """The units that have not handed in, late ones first, each with its people."""
    rows = list(
        Assignment.objects.visible_to(by)
        .filter(task=task, state__in=WAITING_FOR_UNIT)
        .select_related("unit", "task__issuer")
        .order_by("due_at", "unit__sort_key")
    )
    people = people_of(one.unit for one in rows)
    calls = Reminder.objects.filter(assignment__in=rows, rung__startswith="c")
    sent, asked = _last(calls.sent()), _last(calls)
    return [
        Called(one, tuple(people.get(one.unit_id, ())), sent.get(one.pk), asked.get(one.pk))
        for one in rows
    ]


def _last(calls) -> dict[int, datetime]:
    return dict(calls.values_list("assignment").annotate(at=Max("claimed_at")).order_by())


def people_of(units: Iterable[OrgUnit]) -> dict[int, list[User]]:
    """Who does the work of each unit, and its head; one query for all."""
    kinds = {one.pk: one.kind for one in units}
    found: dict[int, list[User]] = {}
    rows = Membership.objects.of_units(list(kinds))
    for row in rows.select_related("user").order_by("user__sort_key", "user"):
        wanted = (FIRST[kinds[row.unit_id]], HEAD[kinds[row.unit_id]])
        if row.role in wanted and row.user not in found.setdefault(row.unit_id, []):
            found[row.unit_id].append(row.user)
    return found


@transaction.atomic
def call(task: Task, units: set[int], *, text: str, by: User, now: datetime | None = None) -> int:
    """Tell the chosen units' people now; each at most once a day. How many messages."""
    by.must_in(Permission.REMIND, by.hat.unit if by.hat else task.issuer)
    if not text.strip():
        raise StepRefused("Cần ghi lời nhắn.")
    now = now or clock.now()
    rung = f"c{timezone.localtime(now):%y%m%d}"
    chosen = [one for one in preview(task, by=by) if one.assignment.unit_id in units]
    told = set(
        Reminder.objects.filter(assignment__task=task, rung=rung).values_list(
            "assignment", "recipient"
        )
    )
    new = [
        (one.assignment, person)
        for one in chosen
        for person in one.people
        if (one.assignment.pk, person.pk) not in told
    ]
    if not new:
        raise StepRefused("Không có ai để nhắc, hoặc hôm nay đã nhắc các đơn vị này rồi.")
    _tell(new, rung, text=text, by=by, now=now)
    label = f"Đôn đốc {len(chosen)} đơn vị chưa nộp: {len(new)} tin"
    record(task, "call", label, by=by, reason=text, unit=by.hat.unit if by.hat else None)
    return len(new)


def _tell(
    new: list[tuple[Assignment, User]], rung: str, *, text: str, by: User, now: datetime
) -> None:
    """The messages, their lines in the ledger and the ways they go out: three statements."""
    messages = Message.objects.bulk_create(
        _message(one, person, text=text, by=by, now=now) for one, person in new
    )
    Reminder.objects.bulk_create(
        Reminder(
            assignment=one, rung=rung, recipient=person, due_at=one.due_at, message=message, by=by,
            state=Reminder.State.LISTED, claimed_at=now,
        )
        for (one, person), message in zip(new, messages, strict=True)
    )  # fmt: skip
    outbox.put_many(messages, now)


def _message(one: Assignment, person: User, *, text: str, by: User, now: datetime) -> Message:
    due = timezone.localtime(one.due_at)
    line = {
        "text": f"{one.task.title}: hạn {due:%d/%m/%Y}",
        "url": one.get_absolute_url(),
        "tone": "late" if one.is_late else "",
    }
    return Message(
        recipient=person, kind=Message.Kind.CALL, day=timezone.localdate(now), sender=by,
        created_at=now, subject=f"Đôn đốc: {one.task.title}"[:200], text=text.strip(), lines=[line],
    )  # fmt: skip
