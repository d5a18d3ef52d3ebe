"""The nouns of plans: legal texts, plans, targets, tasks, assignments, products, reminders."""

from .calendar import (
    Holiday,
    SchoolYear,
    calendar_for,
    missing_in_calendar,
    validate_period,
    validate_plan_period,
)
from .legal import LegalText
from .plan import Plan, PlanEdition, PlanSection
from .reminders import Beat, Reminder, ReminderRule, ladder_of
from .road_maps import RoadMapYear
from .targets import Target, TargetActual
from .tasks import Assignment, Task
from .work import Extension, Product

__all__ = [
    "Assignment",
    "Beat",
    "Extension",
    "Holiday",
    "LegalText",
    "Plan",
    "PlanEdition",
    "PlanSection",
    "Product",
    "Reminder",
    "ReminderRule",
    "RoadMapYear",
    "SchoolYear",
    "Target",
    "TargetActual",
    "Task",
    "calendar_for",
    "ladder_of",
    "missing_in_calendar",
    "validate_period",
    "validate_plan_period",
]
