"""Tasks of several years, a column a year."""

from dataclasses import dataclass

from django.db.models import Count, Q

from plans.boards.units import S
from plans.models import Plan, RoadMapYear, Task


@dataclass
class RoadRow:
    """One task of a road map: who is in it, and its years in order."""

    task: Task
    has_office: bool
    has_schools: bool
    years: list[RoadMapYear | None]
    expected: int
    received: int


def road_map(plan: Plan, path: str) -> list[RoadRow]:
    """The rows with how many units of that part of the tree have handed in."""
    tasks = plan.tasks.exclude(years=[]).exclude(state=Task.State.WITHDRAWN)
    here = ~Q(assignments__state=S.WITHDRAWN) & (
        Q(assignments__unit_path__startswith=path) | Q(assignments__unit__path__startswith=path)
    )
    tasks = tasks.annotate(
        expected=Count("assignments", filter=here),
        received=Count("assignments", filter=here & Q(assignments__handed_in_at__isnull=False)),
    )
    tasks = list(tasks.select_related("section").order_by("position", "pk"))
    states = {(one.task_id, one.year): one for one in RoadMapYear.objects.filter(task__in=tasks)}
    return [
        RoadRow(
            task,
            bool(task.audience.get("own") or task.audience.get("with_own")),
            not task.audience.get("own"),
            [
                states.get((task.pk, year), RoadMapYear(task=task, year=year))
                if year in task.years
                else None
                for year in plan.years
            ],
            task.expected,
            task.received,
        )
        for task in tasks
    ]
