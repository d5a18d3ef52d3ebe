"""Administration of the calendar; tasks and assignments to look at."""

from django.contrib import admin

from plans.models import Assignment, Holiday, SchoolYear, Task
from schools.admin import PortalAdmin, ReadOnlyAdmin
from schools.models import OrgUnit
from schools.permissions import Permission


class CalendarAdmin(PortalAdmin):
    """A department keeps its own calendar; national days come with the system."""

    change_permission = Permission.UNIT_MANAGE

    def get_queryset(self, request):
        units = OrgUnit.objects.visible_to(request.user)
        return super().get_queryset(request).filter(department__in=units)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "department":
            units = OrgUnit.objects.visible_to(request.user)
            kwargs["queryset"] = units.filter(kind=OrgUnit.Kind.DEPARTMENT)
            kwargs["required"] = True
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(SchoolYear)
class SchoolYearAdmin(CalendarAdmin):
    list_display = ("period", "department", "term1_from", "term1_to", "term2_from", "term2_to")


@admin.register(Holiday)
class HolidayAdmin(CalendarAdmin):
    list_display = ("on", "name", "department", "is_confirmed")
    list_filter = ("is_confirmed",)


@admin.register(Task)
class TaskAdmin(ReadOnlyAdmin):
    list_display = ("title", "issuer", "kind", "period", "phrase", "due_at")
    list_filter = ("kind", "period")
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
