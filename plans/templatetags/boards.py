"""How a board shows an assignment."""

from django import template

from plans.models import Assignment

register = template.Library()


@register.filter
def tone(assignment: Assignment) -> str:
    """The colour of its cell, as app.css names it."""
    if assignment.is_done:
        return "done"
    if assignment.is_overdue:
        return "late"
    if assignment.is_returned:
        return "warn"
    return "go" if assignment.handed_in_at else ""
