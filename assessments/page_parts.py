"""What pages of `plans` show of self-assessments and campaigns; see edudx/lib/slots.py."""

from django.http import HttpRequest

from edudx.lib import slots
from plans.models import Assignment, Task


def work(request: HttpRequest, assignment: Assignment) -> slots.Part | None:
    """The way to the file or the campaign in which the assignment is done."""
    task, kind = assignment.task, assignment.task.kind
    if kind == Task.Kind.SELF_ASSESSMENT:
        found, label = getattr(assignment, "assessment", None), "Mở hồ sơ đánh giá"
    elif kind == Task.Kind.CERTIFY:
        found, label = getattr(task, "campaign_of_offices", None), "Mở đợt đánh giá"
    else:
        return None
    return found and ("components/_open.html", {"url": found.get_absolute_url(), "label": label})


def fill() -> None:
    slots.fill("plans.assignment.work", work)
