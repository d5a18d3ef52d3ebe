"""Reminders: who is due, one digest per person and day, never twice, never missed.

`claim` writes the ledger, `compose` makes the digests, `schools.outbox` sends them. Each may run
twice, at once, or after three days of silence: the ledger's unique rows decide.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import Min
from django.utils import timezone

from edudx.lib import deadlines
from edudx.lib.school_calendar import SchoolCalendar, is_working_day
from edudx.lib.vietnamese import number
from plans import reminder_ladder
from plans.models import Assignment, Beat, Holiday, Reminder, ReminderRule, Task, ladder_of
from plans.workflow import WAITING_FOR_UNIT
from schools import outbox
from schools.guard import Guard
from schools.models import JobFault, Membership, Message, OrgUnit, User
from schools.models.units import not_closed
from schools.permissions import Role

CHUNK = 2000
K, S = OrgUnit.Kind, Reminder.State
FIRST: dict[str, Role] = {
    K.SCHOOL: Role.FOCAL_POINT,
    K.OFFICE: Role.SPECIALIST,
    K.DEPARTMENT: Role.DEPARTMENT_OFFICER,
}
HEAD: dict[str, Role] = {
    K.SCHOOL: Role.HEAD,
    K.OFFICE: Role.OFFICE_HEAD,
    K.DEPARTMENT: Role.DEPARTMENT_HEAD,
}
REVIEWERS = {K.OFFICE: Role.SPECIALIST, K.DEPARTMENT: Role.DEPARTMENT_OFFICER}


def waiting():
    """Assignments whose unit is there and has something to do, of tasks that have not ended."""
    there = not_closed(timezone.localdate(), "unit__")
    return Assignment.objects.filter(
        there, state__in=WAITING_FOR_UNIT, task__state=Task.State.ISSUED
    )


@dataclass(frozen=True)
class Row:
    """What the sweep reads of one assignment."""

    pk: int
    unit: int
    unit_kind: str
    unit_parent: int | None
    department: str
    task_kind: str
    issuer: int
    issuer_kind: str
    due_at: datetime
    given_at: datetime


def _rows(now: datetime) -> Iterator[list[Row]]:
    """In chunks, so that memory stays flat however many are open."""
    horizon = now + timezone.timedelta(days=60)
    found = waiting().filter(due_at__lt=horizon).order_by("pk").values_list(
        "pk", "unit", "unit__kind", "unit__parent", "unit__path", "task__kind", "task__issuer",
        "task__issuer__kind", "due_at", "given_at",
    )  # fmt: skip
    chunk: list[Row] = []
    for pk, unit, kind, parent, path, *rest in found.iterator(chunk_size=CHUNK):
        chunk.append(Row(pk, unit, kind, parent, path.split("/", 1)[0], *rest))
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


class _Calendars:
    """Days off and days worked instead, of each department around this moment."""

    def __init__(self, now: datetime) -> None:
        self.year, self.known = str(timezone.localtime(now).year), {}

    def of(self, department: str) -> SchoolCalendar:
        if department not in self.known:
            national = Holiday.objects.filter(department=None)
            days = list(Holiday.objects.filter(department__code=department) | national)
            off = {one.on: one.name for one in days if not one.is_worked}
            worked = frozenset(one.on for one in days if one.is_worked)
            self.known[department] = SchoolCalendar(self.year, holidays=off, worked=worked)
        return self.known[department]


class _Sweep:
    """What one sweep knows: ladders, calendars, departments; people per chunk."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.ladders = ReminderRule.ladders()
        self.calendars = _Calendars(now)
        self.departments = dict(OrgUnit.objects.filter(kind=K.DEPARTMENT).values_list("code", "pk"))
        self.last = Beat.objects.filter(name=Beat.REMIND).values_list("at", flat=True).first()
        self.sounded = reminder_ladder.remembering(reminder_ladder.sounded)

    def due(self, row: Row) -> list[tuple[reminder_ladder.Rung, bool]]:
        """(rung, is it the one to tell): earlier ones missed since the last beat are merged."""
        ladder = ladder_of(self.ladders, row.department, row.task_kind)
        found = self.sounded(
            row.due_at, self.now, ladder, row.department, self.calendars.of(row.department)
        )
        found = [one for one in found if one.at >= row.given_at]
        if not found:
            return []
        last = max(found, key=lambda one: (one.at, one.days))
        missed = [one for one in found if self.last and one is not last and one.at > self.last]
        return [(last, True), *((one, False) for one in missed)]

    def recipients(self, row: Row, rung: reminder_ladder.Rung, people: dict) -> set[int]:
        """Who hears of this rung: the unit's own; overdue its head, the issuer, then the Sở."""
        own = people.get((row.unit, FIRST[row.unit_kind]), set())
        heads = people.get((row.unit, HEAD[row.unit_kind]), set())
        told = set(own or heads)
        if not rung.is_overdue:
            return told
        ladder = ladder_of(self.ladders, row.department, row.task_kind)
        told |= heads
        if rung.days >= ladder.office_after and row.issuer != row.unit:
            told |= people.get((row.issuer, REVIEWERS.get(row.issuer_kind)), set())
            told |= people.get((row.unit_parent, Role.SPECIALIST), set())  # the office between
        if rung.days >= ladder.department_after and row.unit_kind != K.DEPARTMENT:
            department = self.departments.get(row.department)
            told |= people.get((department, Role.DEPARTMENT_OFFICER), set())
        return told


def claim(now: datetime | None = None) -> int:
    """Write the ledger rows that are due and not there yet; how many."""
    now = now or timezone.now()
    sweep, guard = _Sweep(now), Guard(JobFault.Job.CLAIM, Assignment)
    return sum(guard.together(chunk, partial(_claim_chunk, sweep)) for chunk in _rows(now))


def _claim_chunk(sweep: _Sweep, chunk: Sequence[Row]) -> int:
    due = [(row, one, tell) for row in chunk for one, tell in sweep.due(row)]
    if not due:
        return 0
    units = {unit for row, *_ in due for unit in (row.unit, row.issuer, row.unit_parent) if unit}
    people = _people(units | set(sweep.departments.values()))
    known = set(
        Reminder.objects.filter(assignment__in={row.pk for row, *_ in due}).values_list(
            "assignment", "rung", "recipient", "due_at"
        )
    )
    new = [
        Reminder(
            assignment_id=row.pk, rung=one.code, recipient_id=person, due_at=row.due_at,
            claimed_at=sweep.now, state=S.CLAIMED if tell else S.MERGED,
            reason="" if tell else "Máy gửi nhắc việc tạm dừng; gộp vào lần nhắc sau.",
        )
        for row, one, tell in due
        for person in sweep.recipients(row, one, people)
        if (row.pk, one.code, person, row.due_at) not in known
    ]  # fmt: skip
    Reminder.objects.bulk_create(new, batch_size=1000, ignore_conflicts=True)
    return len(new)


def _people(units: Iterable[int]) -> dict[tuple[int, str], set[int]]:
    """(unit, role) → active people."""
    found: dict[tuple[int, str], set[int]] = {}
    rows = Membership.objects.of_units(units)
    for unit, role, user in rows.values_list("unit", "role", "user"):
        found.setdefault((unit, role), set()).add(user)
    return found


def compose(now: datetime | None = None) -> int:
    """One digest for everybody with claimed rows and none yet today, on a working day from 07:30
    on: what was claimed after today's digest waits for the next one. How many.
    """
    now = now or timezone.now()
    local = timezone.localtime(now)
    day, calendars = local.date(), _Calendars(now)
    if local.time() < reminder_ladder.AT:
        return 0
    served = Message.objects.filter(kind=Message.Kind.DIGEST, day=day).values("recipient")
    people = Reminder.objects.filter(state=S.CLAIMED).exclude(recipient__in=served)
    paths = people.values("recipient").annotate(path=Min("assignment__unit_path"))
    path_of = dict(paths.order_by("recipient").values_list("recipient", "path"))

    def one(person: int) -> int:
        calendar = calendars.of(path_of[person].split("/", 1)[0])
        return is_working_day(day, calendar) and _compose_one(person, day, now)

    return Guard(JobFault.Job.COMPOSE, User).each(path_of, one)


def _compose_one(person: int, day, now: datetime) -> bool:
    """Two beats at once: the row of the person is held, the second finds nothing left."""
    recipient = User.objects.locked(person)
    if Message.objects.filter(recipient=recipient, kind=Message.Kind.DIGEST, day=day).exists():
        return False
    rows = list(_with_things(Reminder.objects.filter(state=S.CLAIMED, recipient=recipient)))
    good = _cancel_untrue(rows)
    if not good:
        return False
    message = Message.objects.create(
        recipient=recipient, kind=Message.Kind.DIGEST, day=day, subject=_subject(good, day),
        lines=_lines(good, recipient, now), created_at=now,
    )  # fmt: skip
    Reminder.objects.filter(pk__in=[one.pk for one in good]).take("list", message=message)
    outbox.put(message, now)
    return True


def _with_things(rows):
    return rows.select_related(
        "assignment__task__plan", "assignment__task__issuer", "assignment__unit"
    ).order_by("due_at", "assignment__unit__sort_key", "pk")


def why_not(row: Reminder) -> str:
    """Why this reminder is no longer true; empty while it is."""
    one = row.assignment
    if one.state not in WAITING_FOR_UNIT:
        return f"Nhiệm vụ đã chuyển sang «{one.get_state_display()}»."
    if one.due_at != row.due_at:
        return "Thời hạn đã đổi."
    if one.task.state != Task.State.ISSUED:
        return f"Nhiệm vụ đã kết thúc hoặc đã rút ({one.task.get_state_display()})."
    if one.unit.is_closed:
        return f"{one.unit} đã kết thúc hoạt động."
    return ""


def _cancel_untrue(rows: list[Reminder]) -> list[Reminder]:
    """Those still true; the others are cancelled with the reason."""
    good = []
    for row in rows:
        reason = why_not(row)
        if not reason:
            good.append(row)
            continue
        Reminder.objects.filter(pk=row.pk).take("cancel", reason=reason)
    return good


def still_true(message: Message, now: datetime) -> str:
    """Asked at the moment of sending: what has become untrue is taken out of the digest."""
    person = message.recipient
    if not person.is_active or not person.active_memberships:
        return "Người nhận không còn làm việc ở đơn vị nào trên cổng."
    rows = list(_with_things(message.reminders.filter(state=S.LISTED)))
    good = _cancel_untrue(rows)
    if not good:
        return "Mọi việc trong thư đã xong hoặc đã đổi hạn trước khi gửi."
    if len(good) < len(rows):
        message.subject, message.lines = (
            _subject(good, message.day),
            _lines(good, message.recipient, now),
        )
        message.save(update_fields=["subject", "lines"])
    return ""


def call_still_true(message: Message, now: datetime) -> str:
    """A call says what one person wrote: it goes whole, or not at all."""
    rows = list(_with_things(message.reminders.filter(state=S.LISTED)))
    return "" if _cancel_untrue(rows) else "Đơn vị đã nộp hoặc đã đổi hạn trước khi gửi."


def _subject(rows: list[Reminder], day) -> str:
    tasks = len({one.assignment_id for one in rows})
    return f"Nhắc việc ngày {day:%d/%m/%Y}: {number(tasks)} nhiệm vụ"


def _lines(rows: list[Reminder], recipient: User, now: datetime) -> list[dict]:
    """Own work one line each; of those below one line per task with their names."""
    own_units = {one.unit_id for one in recipient.active_memberships}
    lines, below = [], {}
    for row in rows:
        if row.assignment.unit_id in own_units:
            lines.append(_own_line(row.assignment, now))
        else:
            below.setdefault(row.assignment.task, []).append(row.assignment)
    return lines + [_line_below(task, found) for task, found in below.items()]


def _own_line(one: Assignment, now: datetime) -> dict:
    late = deadlines.days_late(now, one.due_at)
    due = timezone.localtime(one.due_at)
    left = (due.date() - timezone.localtime(now).date()).days
    if one.handed_in_at:  # in time or not was settled by the first hand-in
        when = "bị trả lại, chờ nộp lại"
    elif late:
        when = f"quá hạn {late} ngày"
    else:
        when = "hết hạn hôm nay" if left == 0 else f"còn {left} ngày"
    return {
        "text": f"{one.task.title} ({one.task.issuer}): {when}, hạn {due:%d/%m/%Y}",
        "url": one.get_absolute_url(),
        "tone": "late" if late and not one.handed_in_at else "",
    }


def _line_below(task: Task, found: list[Assignment]) -> dict:
    names = ", ".join(str(one.unit) for one in found[:10])
    more = f" và {number(len(found) - 10)} đơn vị khác" if len(found) > 10 else ""
    return {
        "text": f"{number(len(found))} đơn vị chưa hoàn thành «{task.title}»: {names}{more}",
        "url": f"{task.get_absolute_url()}?loc=chua-nop",
        "tone": "late",
    }


def fill() -> None:
    """Register what is asked again when a digest or a call is sent."""
    outbox.STILL_TRUE[Message.Kind.DIGEST] = still_true
    outbox.STILL_TRUE[Message.Kind.CALL] = call_still_true


def remind(now: datetime | None = None) -> outbox.Tally:
    """One beat: the ledger, the digests, the sending; and a mark that it was done."""
    now = now or timezone.now()
    claimed, made = claim(now), compose(now)
    tally = outbox.deliver(now)
    said = f"{claimed} lần nhắc mới, {made} thư, gửi {len(tally.sent)}, chờ {tally.waiting}"
    Beat.objects.update_or_create(name=Beat.REMIND, defaults={"at": now, "said": said})
    return tally
