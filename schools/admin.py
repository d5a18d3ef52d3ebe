"""Administration of units, people and imports. Every permission comes from the access matrix."""

from copy import copy

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import display_for_field, unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect
from simple_history.admin import SimpleHistoryAdmin
from simple_history.template_utils import HistoricalRecordContextHelper

from edudx.lib.fields import DayField
from edudx.lib.vietnamese import search_words
from schools.actions import open_work, units
from schools.models import Document, Event, ImportBatch, Membership, OrgUnit, User
from schools.permissions import Permission


class PortalAdmin(admin.ModelAdmin):
    """Scoped to the person's part of the tree; rights from `schools.permissions`."""

    view_permission = Permission.ADMINISTER
    change_permission: Permission | None = None
    list_per_page = 50
    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.DateField: {"form_class": DayField},
    }
    view_on_site = False

    def has_module_permission(self, request) -> bool:
        return request.user.can(self.view_permission)

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.is_staff and request.user.can(self.view_permission)

    def has_change_permission(self, request, obj=None) -> bool:
        return self.change_permission is not None and request.user.can(self.change_permission)

    def has_add_permission(self, request, obj=None) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def get_queryset(self, request):
        return super().get_queryset(request).filter(pk__in=self.seen_by(request.user).values("pk"))

    def seen_by(self, user) -> models.QuerySet:
        """The person's rows; where the kind has no `visible_to` its administration says which."""
        return self.model.objects.visible_to(user)

    def get_search_results(self, request, queryset, search_term):
        """Every word, with or without marks, in one of the search columns."""
        for word in search_words(search_term):
            found = Q()
            for column in self.search_fields:
                found |= Q(**{f"{column}__contains": word})
            queryset = queryset.filter(found)
        return queryset, False


class DraftRows:
    """Rows of a thing that is loaded as a draft: to be changed until it is published, never after.
    The thing says `is_draft` and `may_be_managed_by(user)`.
    """

    extra = 0
    view_permission = change_permission = Permission.ADMINISTER

    def has_view_permission(self, request, obj=None) -> bool:
        return request.user.can(self.view_permission)

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_delete_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        may = request.user.can(self.change_permission) and (obj is None or obj.is_draft)
        return may and (obj is None or obj.may_be_managed_by(request.user))


class ReadOnlyAdmin(PortalAdmin):
    """To look at, never to change: a workflow or a law stands behind these rows."""

    def has_add_permission(self, request, obj=None) -> bool:
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        return False


class WordsOfChange(HistoricalRecordContextHelper):
    """A change as the forms say it: labels of choices, dd/mm/yyyy, «(trống)» for nothing."""

    def prepare_delta_change_value(self, change, value):
        if isinstance(value, bool):
            return "Có" if value else "Không"
        field = self.model._meta.get_field(change.field)
        if field.many_to_many:
            return super().prepare_delta_change_value(change, value)
        return display_for_field(value, field, "(trống)")


class HistoryAdmin(SimpleHistoryAdmin):
    """Who changed what, to look at within the own reach; going back is a change in the form."""

    def history_view(self, request, object_id, extra_context=None):
        self._require_visible(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """The library saves a POST even for those who may only look, so none is taken."""
        if request.method == "POST":
            raise PermissionDenied("Bản cũ chỉ để xem.")
        self._require_visible(request, object_id)
        return super().history_form_view(request, object_id, version_id, extra_context)

    def _require_visible(self, request, object_id) -> None:
        if self.get_object(request, unquote(object_id)) is None:
            raise Http404

    def set_history_delta_changes(self, request, historical_records, **options) -> None:
        for record in historical_records:
            record.history_change_reason = record.history_change_reason or ""
        super().set_history_delta_changes(request, historical_records, **options)

    def get_historical_record_context_helper(self, request, historical_record):
        return WordsOfChange(self.model, historical_record)

    def revert_disabled(self, request, obj=None) -> bool:
        return True


class OrgUnitForm(forms.ModelForm):
    """A unit with open work is closed by the import, which asks what becomes of that work."""

    def clean_valid_to(self):
        last_day = self.cleaned_data["valid_to"]
        if last_day and last_day != self.initial.get("valid_to") and self.instance.pk:
            closed = copy(self.instance)
            closed.valid_to = last_day
            if left := len(open_work.sentences(closed)):
                raise forms.ValidationError(
                    f"Đơn vị còn {left} việc chưa xong; hãy ghi ngày này bằng «Nhập từ Excel» để "
                    "chọn rút hay chuyển cho đơn vị kế thừa."
                )
        return last_day


@admin.register(OrgUnit)
class OrgUnitAdmin(HistoryAdmin, PortalAdmin):
    change_permission = Permission.UNIT_MANAGE
    form = OrgUnitForm
    list_display = ("short_name", "code", "kind", "school_type", "parent", "valid_from", "valid_to")
    list_filter = ("kind", "school_type", "ownership")
    search_fields = ("search_text",)
    list_select_related = ("parent",)
    autocomplete_fields = ("parent", "successors")
    readonly_fields = ("path",)

    def save_model(self, request, obj, form, change) -> None:
        units.save(obj, by=request.user)

    def changeform_view(self, request, *args, **kwargs):
        """Somebody has moved a unit since the form was checked: nothing is saved, and told."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except ValidationError as fault:
            self.message_user(request, " ".join(fault.messages), messages.ERROR)
            return redirect(request.path)

    def get_readonly_fields(self, request, obj=None):
        """The kind and the code of a unit in use are what files and imports know it by."""
        return (*self.readonly_fields, "kind", "code") if obj else self.readonly_fields

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        """A second Sở is for the whole system's administrator alone."""
        if db_field.name == "kind" and not request.user.is_superuser:
            kwargs["choices"] = [
                one for one in OrgUnit.Kind.choices if one[0] != OrgUnit.Kind.DEPARTMENT
            ]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "parent":
            kwargs["queryset"] = OrgUnit.objects.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        kwargs["queryset"] = OrgUnit.objects.visible_to(request.user)  # successors
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(HistoryAdmin, PortalAdmin):
    change_permission = Permission.PEOPLE_MANAGE
    list_display = ("full_name", "email", "phone", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("search_text",)
    fields = ("full_name", "email", "phone", "is_active", "last_login", "created_at")
    readonly_fields = ("last_login", "created_at")

    def get_readonly_fields(self, request, obj=None):
        """Whoever changes an address takes the account: a wrong one is ended and invited anew."""
        own = self.readonly_fields
        return own if request.user.is_superuser else (*own, "email")

    def lookup_allowed(self, lookup, value, request=None) -> bool:
        """No question about a password, not even one letter of its hash."""
        return not lookup.startswith("password") and super().lookup_allowed(lookup, value, request)

    def has_add_permission(self, request, obj=None) -> bool:
        """People come by invitation, from the page of their unit or from Excel."""
        return False

    def has_change_permission(self, request, obj=None) -> bool:
        """Only people all of whose posts lie within the person's own reach; never a superuser."""
        if not super().has_change_permission(request, obj):
            return False
        return obj is None or request.user.may_change(obj)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin, HistoryAdmin):
    """Given by invitation and ended on the unit's page, where the rules are asked."""

    list_display = ("user", "unit", "role", "post", "valid_from", "valid_to")
    list_filter = ("role",)
    search_fields = ("user__search_text", "unit__search_text")
    list_select_related = ("user", "unit")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "label", "by", "as_who", "reason")
    search_fields = ("search_text", "by__search_text")
    date_hierarchy = "at"
    list_select_related = ("by",)
    fields = ("at", "label", "by", "as_who", "subject_type", "before", "after", "reason")
    readonly_fields = ("before", "after")

    @admin.display(description="từ trạng thái")
    def before(self, event: Event) -> str:
        return event.state_label(event.from_state)

    @admin.display(description="sang trạng thái")
    def after(self, event: Event) -> str:
        return event.state_label(event.to_state)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    list_display = ("file_name", "kind", "uploaded_by", "uploaded_at", "applied_at")
    exclude = ("file",)
    list_select_related = ("uploaded_by",)

    def seen_by(self, user):
        return ImportBatch.objects.filter(user.scope("scope__path"))


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    view_permission = Permission.DOCUMENT_VIEW
    list_display = ("title", "unit", "kind", "is_restricted", "created_at")
    list_filter = ("kind", "is_restricted")
    search_fields = ("search_text",)
    list_select_related = ("unit",)
