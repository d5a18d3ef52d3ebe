"""Exports to look at: who asked for what, which failed."""

from django.contrib import admin

from reporting.models import Export
from schools.admin import ReadOnlyAdmin


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ("title", "format", "unit", "state", "requested_by", "requested_at", "attempts")
    list_filter = ("state", "format")
    list_select_related = ("unit", "requested_by")
    exclude = ("file", "report", "filters")
