"""The nouns of plans: legal texts, plans, targets, tasks, assignments, products, reminders."""

from plans.models.assignments import Assignment
from plans.models.extensions import Extension
from plans.models.hand_ins import Product
from plans.models.legal_texts import LegalText
from plans.models.plans import Plan, PlanEdition, PlanSection
from plans.models.tasks import Task

from .calendar import (
    Calendars,
    Holiday,
    SchoolYear,
    calendar_for,
    missing_in_calendar,
    read_deadline,
    validate_period,
    validate_plan_period,
)
from .reminders import Beat, Reminder, ReminderRule, ladder_of
from .road_maps import RoadMapYear
from .targets import Target, TargetActual

__all__ = [
    "Assignment",
    "Beat",
    "Calendars",
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
    "read_deadline",
    "validate_period",
    "validate_plan_period",
]
