"""Running tasks to units that opened or moved since they were issued."""

from django.db import transaction

from edudx.lib import clock
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.audience import units_of
from plans.models import Assignment, Task
from schools.models import OrgUnit, User
from schools.models.events import record_many, unsaved
from schools.permissions import Permission


def of(task: Task):
    """Units of the audience that opened or moved after the task was given; it is offered them
    while there is time.
    """
    alone = (Task.Kind.FIGURES, Task.Kind.REPORT)  # asked for without a plan
    is_given = task.plan_id is not None or task.kind in alone
    if not is_given or task.state != Task.State.ISSUED or task.due_at <= clock.now():
        return OrgUnit.objects.none()
    return units_of(task.audience, task.issuer).exclude(assignments__task=task)


@transaction.atomic
def give(task: Task, *, by: User) -> list[Assignment]:
    task = Task.objects.select_related("issuer").locked(task.pk)
    by.must_in(Permission.PLAN_MANAGE, task.issuer)
    units = list(of(task))
    if not units:
        raise StepRefused("Không có đơn vị mới nào thuộc đối tượng của nhiệm vụ.")
    given = assignments.give(task, units, by=by)
    record_many(unsaved(assignment, "given", f"Giao «{task}»", by=by) for assignment in given)
    return given
