"""Administration of certifying rules; sets, campaigns, files and certificates to look at."""

from django.contrib import admin

from assessments.models import (
    Assessment,
    Campaign,
    Certificate,
    CertifyingRule,
    Criterion,
    Decision,
    Group,
    IndicatorSet,
)
from schools.admin import DraftRows, HistoryAdmin, PortalAdmin, ReadOnlyAdmin
from schools.models import OrgUnit
from schools.permissions import Permission


class OfASet(DraftRows):
    view_permission = Permission.SET_VIEW
    change_permission = Permission.SET_MANAGE


class GroupInline(OfASet, admin.TabularInline):
    model = Group
    fields = ("code", "title")
    readonly_fields = ("code",)


class CriterionInline(OfASet, admin.TabularInline):
    """Words only: points belong to the loaded file, whose sums are checked."""

    model = Criterion
    fields = ("code", "kind", "title", "max_points", "evidence", "guidance", "source")
    readonly_fields = ("code", "kind", "max_points")


@admin.register(IndicatorSet)
class IndicatorSetAdmin(OfASet, HistoryAdmin, PortalAdmin):
    """Sets are loaded and published on their own pages; a draft's words may be mended here."""

    list_display = ("code", "version", "state", "title", "owner", "published_at")
    search_fields = ("search_text",)
    list_filter = ("state",)
    inlines = (GroupInline, CriterionInline)
    fields = ("code", "version", "state", "title", "legal_number", "legal_issued_on",
              "legal_issuer", "missed_condition", "compared_with", "compared_by")  # fmt: skip
    readonly_fields = ("code", "version", "state", "missed_condition", "compared_with",
                       "compared_by")  # fmt: skip


@admin.register(CertifyingRule)
class CertifyingRuleAdmin(HistoryAdmin, PortalAdmin):
    change_permission = Permission.UNIT_MANAGE
    list_display = ("department", "school_type", "certifier")
    list_filter = ("certifier",)

    def seen_by(self, user):
        return CertifyingRule.objects.filter(department__in=OrgUnit.objects.visible_to(user))

    def has_delete_permission(self, request, obj=None) -> bool:
        return self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "department":
            units = OrgUnit.objects.visible_to(request.user)
            kwargs["queryset"] = units.filter(kind=OrgUnit.Kind.DEPARTMENT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyAdmin):
    view_permission = Permission.CAMPAIGN_VIEW
    list_display = ("title", "code", "issuer", "period", "state", "is_demo")
    search_fields = ("search_text", "issuer__search_text")
    list_filter = ("state", "period")
    list_select_related = ("issuer",)


@admin.register(Assessment)
class AssessmentAdmin(ReadOnlyAdmin):
    exclude = ("self_results",)
    view_permission = Permission.ASSESSMENT_VIEW
    list_display = ("unit", "campaign", "state", "edition", "submitted_at")
    list_filter = ("state",)
    search_fields = ("unit__search_text",)
    list_select_related = ("unit", "campaign")


@admin.register(Decision)
class DecisionAdmin(ReadOnlyAdmin):
    view_permission = Permission.ASSESSMENT_VIEW
    list_display = ("numbered", "issuer", "signed_on", "signer_name", "campaign")
    search_fields = ("search_text", "issuer__search_text")
    list_select_related = ("issuer", "campaign")

    @admin.display(description="số, ký hiệu", ordering="number")
    def numbered(self, decision: Decision) -> str:
        return decision.full_number


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    exclude = ("snapshot",)  # read on the certificate's own page
    view_permission = Permission.ASSESSMENT_VIEW
    list_display = ("assessment", "edition", "decision", "published_at", "withdrawn_at")
    search_fields = ("assessment__unit__search_text", "decision__search_text")
    list_select_related = ("assessment__unit", "assessment__campaign", "decision")

    def seen_by(self, user):
        return Certificate.objects.filter(assessment__in=Assessment.objects.visible_to(user))
