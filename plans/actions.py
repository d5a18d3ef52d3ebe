"""The verbs of the spine. Callers ask for permission; the spine keeps time and history."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from edudx.lib import workflow
from plans.models import Assignment, Task
from plans.workflow import TRANSITIONS, AssignmentState
from schools.models import Event, OrgUnit, User
from schools.models.events import record


@transaction.atomic
def issue(task: Task, units: Iterable[OrgUnit], *, by: User) -> list[Assignment]:
    """Save the task and give it to each unit, with the unit's path of this day."""
    task.created_by = by
    task.full_clean(exclude=["created_by"])
    task.save()
    assignments = Assignment.objects.bulk_create(
        (
            Assignment(
                task=task,
                unit=unit,
                unit_path=unit.path,
                due_at=task.due_at,
                original_due_at=task.due_at,
            )
            for unit in units
        ),
        batch_size=1000,
    )
    record(task, "issue", f"Giao «{task}» cho {len(assignments)} đơn vị", by=by)
    return assignments


@transaction.atomic
def move(
    assignment: Assignment, step: str, *, by: User, reason: str = "", at: datetime | None = None
) -> Event:
    """Take one step. The first hand-in fixes lateness for ever; later ones never change it."""
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    transition = workflow.named(TRANSITIONS, step)
    workflow.check(
        transition,
        state=assignment.state,
        state_label=assignment.get_state_display(),
        reason=reason,
    )
    now = (at or timezone.now()).replace(microsecond=0)
    source, assignment.state = assignment.state, transition.target
    if step == "hand_in":
        assignment.last_handed_in_at = now
        assignment.handed_in_at = assignment.handed_in_at or now
    assignment.done_at = now if transition.target == AssignmentState.DONE else None
    assignment.save(update_fields=["state", "handed_in_at", "last_handed_in_at", "done_at"])
    return record(
        assignment,
        step,
        f"{transition.label}: {assignment.task}",
        by=by,
        from_state=source,
        to_state=assignment.state,
        reason=reason,
    )
