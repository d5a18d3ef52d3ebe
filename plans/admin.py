"""Administration of the calendar; tasks and assignments to look at."""

from django.contrib import admin
from django.db.models import Q

from plans.models import Assignment, Holiday, SchoolYear, Task
from schools.admin import HistoryAdmin, PortalAdmin, ReadOnlyAdmin
from schools.models import OrgUnit
from schools.permissions import Permission


class CalendarAdmin(HistoryAdmin, PortalAdmin):
    """A department keeps its own calendar; national days are for whoever keeps national things."""

    change_permission = Permission.UNIT_MANAGE
    may_be_national = False

    def get_queryset(self, request):
        mine = Q(department__in=OrgUnit.objects.visible_to(request.user))
        if self._keeps_national(request):
            mine |= Q(department=None)
        return super().get_queryset(request).filter(mine)

    def _keeps_national(self, request) -> bool:
        return self.may_be_national and request.user.may_manage_national(self.change_permission)

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "department":
            units = OrgUnit.objects.visible_to(request.user)
            kwargs["queryset"] = units.filter(kind=OrgUnit.Kind.DEPARTMENT)
            kwargs["required"] = not self._keeps_national(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(SchoolYear)
class SchoolYearAdmin(CalendarAdmin):
    list_display = ("period", "department", "term1_from", "term1_to", "term2_from", "term2_to")


@admin.register(Holiday)
class HolidayAdmin(CalendarAdmin):
    may_be_national = True
    list_display = ("on", "name", "department", "is_confirmed")
    list_filter = ("is_confirmed",)


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
