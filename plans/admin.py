"""Administration of the calendar; tasks and assignments to look at."""

import re

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import JSONField, Q

from plans.models import (
    Assignment,
    Extension,
    Holiday,
    LegalText,
    Plan,
    Reminder,
    ReminderRule,
    SchoolYear,
    Task,
)
from schools.admin import HistoryAdmin, PortalAdmin, ReadOnlyAdmin
from schools.models import OrgUnit
from schools.permissions import Permission


class CalendarAdmin(HistoryAdmin, PortalAdmin):
    """A department keeps its own calendar; national days are for whoever keeps national things."""

    change_permission = Permission.UNIT_MANAGE
    may_be_national = False

    def seen_by(self, user):
        mine = Q(department__in=OrgUnit.objects.visible_to(user))
        if self._keeps_national(user):
            mine |= Q(department=None)
        return self.model.objects.filter(mine)

    def _keeps_national(self, user) -> bool:
        return self.may_be_national and user.may_manage_national(self.change_permission)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "department":
            units = OrgUnit.objects.visible_to(request.user)
            kwargs["queryset"] = units.filter(kind=OrgUnit.Kind.DEPARTMENT)
            kwargs["required"] = not self._keeps_national(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(SchoolYear)
class SchoolYearAdmin(CalendarAdmin):
    list_display = (
        "period", "department", "term1_from", "term1_to", "term2_from", "term2_to", "is_confirmed",
    )  # fmt: skip


@admin.register(Holiday)
class HolidayAdmin(CalendarAdmin):
    may_be_national = True
    list_display = ("on", "name", "is_worked", "department", "is_confirmed")
    list_filter = ("is_worked", "is_confirmed")
    date_hierarchy = "on"


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ("title", "issuer", "kind", "period", "phrase", "due_at")
    list_filter = ("kind", "period")
    search_fields = ("search_text", "issuer__search_text")
    list_select_related = ("issuer",)


@admin.register(Assignment)
class AssignmentAdmin(ReadOnlyAdmin):
    list_display = ("unit", "task", "state", "due_at", "handed_in_at", "in_time")
    list_filter = ("state",)
    search_fields = ("unit__search_text",)
    list_select_related = ("unit", "task")

    @admin.display(description="thời hạn")
    def in_time(self, assignment: Assignment) -> str:
        return assignment.timeliness


@admin.register(LegalText)
class LegalTextAdmin(HistoryAdmin, PortalAdmin):
    """The register: texts for all by whoever keeps national things, a province's by its Sở."""

    change_permission = Permission.LEGAL_MANAGE
    list_display = ("number", "issued_on", "issuer", "summary", "replaced_by", "owner")
    list_filter = ("issuer",)
    search_fields = ("search_text",)
    autocomplete_fields = ("replaced_by",)
    list_select_related = ("replaced_by", "owner")
    exclude = ("file",)
    date_hierarchy = "issued_on"

    def has_change_permission(self, request, obj=None) -> bool:
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or obj.may_be_changed_by(request.user)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "owner":
            units = OrgUnit.objects.visible_to(request.user)
            kwargs["queryset"] = units.filter(kind=OrgUnit.Kind.DEPARTMENT)
            kwargs["required"] = not request.user.may_manage_national(self.change_permission)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DaysField(forms.CharField):
    """«14, 7, 3, 1, 0» as a list of numbers."""

    widget = AdminTextInputWidget

    def __init__(self, *, encoder=None, decoder=None, **kwargs) -> None:
        super().__init__(**kwargs)  # a JSON column offers both; a list of numbers needs neither

    def prepare_value(self, value):
        return ", ".join(map(str, value)) if isinstance(value, list) else value

    def to_python(self, value) -> list[int]:
        found = [one for one in re.split(r"[\s,;\[\]]+", value or "") if one]
        wrong = [one for one in found if not one.isdecimal()]
        if wrong:
            raise ValidationError(f"«{wrong[0]}» không phải là số ngày; ghi như 14, 7, 3, 1, 0.")
        return [int(one) for one in found]


@admin.register(ReminderRule)
class ReminderRuleAdmin(CalendarAdmin):
    formfield_overrides = {JSONField: {"form_class": DaysField}}
    list_display = ("department", "kind", "before", "after", "office_after", "department_after")

    @admin.display(description="nhắc trước (ngày)")
    def before(self, rule: ReminderRule) -> str:
        return ", ".join(map(str, rule.days_before))

    @admin.display(description="nhắc khi quá hạn (ngày)")
    def after(self, rule: ReminderRule) -> str:
        return ", ".join(map(str, rule.days_after))


@admin.register(Plan)
class PlanAdmin(ReadOnlyAdmin):
    view_permission = Permission.PLAN_VIEW
    list_display = ("title", "issuer", "period", "number", "issued_on", "state")
    list_filter = ("state", "period")
    search_fields = ("search_text", "issuer__search_text")
    list_select_related = ("issuer",)


@admin.register(Extension)
class ExtensionAdmin(ReadOnlyAdmin):
    view_permission = Permission.PLAN_VIEW
    list_display = ("assignment", "due_before", "due_at", "state", "asked_by", "answered_by")
    list_filter = ("state",)
    search_fields = ("assignment__unit__search_text",)
    list_select_related = (
        "assignment__unit", "assignment__task", "asked_by", "answered_by",
    )  # fmt: skip

    def seen_by(self, user):
        return self.model.objects.filter(assignment__in=Assignment.objects.visible_to(user))


@admin.register(Reminder)
class ReminderAdmin(ReadOnlyAdmin):
    """The ledger: what was told to whom and when."""

    list_display = ("claimed_at", "assignment", "rung_words", "recipient", "state", "reason")
    list_filter = ("state",)
    search_fields = ("assignment__unit__search_text", "recipient__search_text")
    list_select_related = ("assignment__unit", "assignment__task", "recipient", "by")
    exclude = ("message",)

    @admin.display(description="bậc")
    def rung_words(self, row: Reminder) -> str:
        return row.rung_label

    def seen_by(self, user):
        return self.model.objects.filter(assignment__in=Assignment.objects.visible_to(user))
