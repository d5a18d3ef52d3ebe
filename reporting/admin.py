"""Drafts of data forms and words of the catalogue to mend; exports and requests to look at."""

from django.contrib import admin

from reporting.models import DataField, DataForm, DataItem, DataRequest, Export
from reporting.models.data_forms import of_the_province
from schools.admin import DraftRows, HistoryAdmin, PortalAdmin, ReadOnlyAdmin
from schools.permissions import Permission


class OfAForm(DraftRows):
    view_permission = Permission.DATA_VIEW
    change_permission = Permission.DATA_FORM_MANAGE


class FieldInline(OfAForm, admin.TabularInline):
    model = DataField
    fields = ("item", "section", "position", "is_required", "help", "change_limit", "is_compared")
    readonly_fields = ("item",)


@admin.register(DataForm)
class DataFormAdmin(OfAForm, PortalAdmin):
    """Forms are loaded and published on their own pages; a draft may be mended here."""

    list_display = ("title", "code", "version", "state", "owner", "published_at")
    list_filter = ("state",)
    search_fields = ("search_text",)
    inlines = (FieldInline,)
    fields = ("code", "version", "state", "title", "source")
    readonly_fields = ("code", "version", "state")


@admin.register(DataItem)
class DataItemAdmin(HistoryAdmin, PortalAdmin):
    """Words only: what a figure is and how it adds up belongs to the forms that asked for it."""

    view_permission = Permission.DATA_VIEW
    change_permission = Permission.DATA_FORM_MANAGE
    list_display = ("code", "title", "kind", "roll_up", "owner")
    list_filter = ("kind", "roll_up")
    search_fields = ("search_text",)
    fields = ("code", "title", "kind", "roll_up", "measure", "part_label", "whole_label",
              "definition", "owner")  # fmt: skip
    readonly_fields = ("code", "kind", "roll_up", "part_label", "whole_label", "owner")

    def seen_by(self, user):
        return DataItem.objects.filter(of_the_province(user))

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        if obj is not None and not obj.may_be_managed_by(request.user):
            return False
        return super().has_change_permission(request, obj)


@admin.register(DataRequest)
class DataRequestAdmin(ReadOnlyAdmin):
    view_permission = Permission.DATA_VIEW
    list_display = ("title", "form", "issuer", "period", "state", "created_at")
    list_filter = ("state", "period")
    search_fields = ("search_text",)
    list_select_related = ("form", "issuer")


@admin.register(Export)
class ExportAdmin(ReadOnlyAdmin):
    list_display = ("title", "format", "unit", "state", "requested_by", "requested_at", "attempts")
    list_filter = ("state", "report", "format")
    list_select_related = ("unit", "requested_by")
    exclude = ("file", "filters")
