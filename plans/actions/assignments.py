"""The verbs of the spine: give a task to units, take a step. Callers ask for permission."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models.functions import Coalesce

from edudx.lib import clock, workflow
from plans.models import Assignment, Task
from plans.workflow import AssignmentState
from schools.models import Event, OrgUnit, User
from schools.models.events import Subject, record, record_many, unsaved


@transaction.atomic
def issue(task: Task, units: Iterable[OrgUnit], *, by: User) -> list[Assignment]:
    """Save the task and give it to each unit, with the unit's path of this day."""
    if task.pk is None:
        task.created_by = by
    task.state = Task.State.ISSUED
    task.full_clean(exclude=["created_by"])
    task.save()
    return give(task, units, by=by)


@transaction.atomic
def issue_drafts(drafts: Iterable[tuple[Task, list[OrgUnit]]], *, by: User) -> int:
    """Drafts as they are saved, each to its units: a statement a task, the steps all at once. How
    many units' rows there are.
    """
    events, given = [], 0
    for task, units in drafts:
        rows = _rows(task, units)
        given += len(rows)
        events.append(unsaved(task, "issue", _issued(task, rows), by=by))
    tasks = Task.objects.filter(pk__in=[one.subject_id for one in events])
    tasks.take("issue")
    record_many(events)
    return given


@transaction.atomic
def give(task: Task, units: Iterable[OrgUnit], *, by: User | None) -> list[Assignment]:
    """An issued task to more units: those it is issued to, or that opened or moved since."""
    rows = _rows(task, units)
    record(task, "issue", _issued(task, rows), by=by)
    return rows


def _rows(task: Task, units: Iterable[OrgUnit]) -> list[Assignment]:
    now = clock.now().replace(microsecond=0)
    return Assignment.objects.bulk_create(
        (
            Assignment(
                task=task,
                unit=unit,
                unit_path=unit.path,
                given_at=now,
                due_at=task.due_at,
                original_due_at=task.due_at,
            )
            for unit in units
        ),
        batch_size=1000,
    )


def _issued(task: Task, rows: list[Assignment]) -> str:
    return f"Giao «{task}» cho {len(rows)} đơn vị"


def close(tasks: Iterable[Task], *, is_closed: bool = True) -> None:
    """What they ask for has ended (or goes on again): nobody is reminded of a closed task."""
    step = "close" if is_closed else "reopen"
    Task.objects.filter(pk__in=[one.pk for one in tasks]).take(step)


def turn(
    noun: Subject, step: str, *, unit: OrgUnit, tasks: Iterable[Task], by: User, reason: str
) -> Event:
    """Close what has given tasks, or open it again: the people of `unit`, with a reason; its tasks
    follow. The caller holds the row.
    """
    if not isinstance(noun, workflow.HasState):
        raise TypeError(f"{noun!r} has no arrows")
    transition = workflow.named(noun.transitions, step)
    by.must_in(transition.asked, unit)
    workflow.check(transition, noun, reason)
    source, noun.state = noun.state, transition.target
    noun.save(update_fields=["state"])
    close(tasks, is_closed=step != "reopen")
    return record(
        noun, step, f"{transition.label} «{noun}»", by=by, reason=reason,
        from_state=source, to_state=noun.state,
    )  # fmt: skip


def lock(assignment: Assignment) -> Assignment:
    """The row as it is now, held until the end of the transaction."""
    return Assignment.objects.select_related("task__issuer", "task__plan", "unit").locked(
        assignment.pk
    )


@transaction.atomic
def move(
    assignment: Assignment,
    step: str,
    *,
    by: User | None,
    reason: str = "",
    at: datetime | None = None,
) -> Event:
    """Take one step. The first hand-in fixes lateness for ever; later ones never change it."""
    return move_many([assignment], step, by=by, reason=reason, at=at)[0]


@transaction.atomic
def move_many(
    found: Iterable[Assignment], step: str, *, by: User | None, reason: str = "",
    at: datetime | None = None,
) -> list[Event]:  # fmt: skip
    """The same step of many rows, all of them or none: held in one order, written at once."""
    transition = workflow.named(Assignment.transitions, step)
    rows = Assignment.objects.select_related("task").all_locked(found)
    for assignment in rows:
        workflow.check(transition, assignment, reason)
    now = (at or clock.now()).replace(microsecond=0)
    moments = _moments(transition, now)
    Assignment.objects.filter(pk__in=[one.pk for one in rows]).take(step, **moments)
    return record_many(
        unsaved(
            assignment, step, f"{transition.label}: {assignment.task}", by=by, reason=reason,
            from_state=assignment.state, to_state=transition.target,
        )
        for assignment in rows
    )  # fmt: skip


def _moments(transition: workflow.Transition, now: datetime) -> dict:
    """What a step writes of its own moment."""
    moments: dict = {"done_at": now if transition.target == AssignmentState.DONE else None}
    if transition.name == "hand_in":
        moments |= {"last_handed_in_at": now, "handed_in_at": Coalesce("handed_in_at", now)}
    if transition.name == "approve":
        moments["approved_at"] = now
    return moments
