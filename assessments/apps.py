from django.apps import AppConfig

from edudx.lib import frozen

PUBLISHED = "Bộ chỉ số đã công bố nên không thể sửa"
OF_A_PUBLISHED_SET = (
    "EXISTS (SELECT 1 FROM assessments_indicatorset s "
    "WHERE s.id = {row}.indicator_set_id AND s.state <> 'draft')"
)
FROZEN = (
    frozen.Frozen(
        "frozen_set",
        "assessments_indicatorset",
        ("code", "version", "title", "owner_id", "legal_number", "legal_issued_on", "legal_issuer",
         "applies_to", "level_2_from", "level_3_above", "level_names", "missed_condition",
         "compared_with", "compared_by", "published_by_id", "published_at"),
        PUBLISHED,
        when="OLD.state <> 'draft'",
    ),
    frozen.Frozen(
        "frozen_set_state",
        "assessments_indicatorset",
        ("state",),
        PUBLISHED,
        when="OLD.state = 'retired' OR OLD.state = 'published' AND NEW.state = 'draft'",
    ),
    frozen.Frozen(
        "frozen_group", "assessments_group",
        ("indicator_set_id", "code", "title", "max_points", "position"),
        PUBLISHED, when=OF_A_PUBLISHED_SET.format(row="OLD"),
    ),
    frozen.Frozen(
        "frozen_group_new", "assessments_group", (), PUBLISHED,
        when=OF_A_PUBLISHED_SET.format(row="NEW"),
    ),
    frozen.Frozen(
        "frozen_criterion", "assessments_criterion",
        ("indicator_set_id", "group_id", "parent_id", "code", "kind", "title", "max_points", "unit",
         "full_at", "numerator", "denominator", "evidence", "guidance", "source", "position",
         "level_2_from", "level_3_above", "steps"),
        PUBLISHED, when=OF_A_PUBLISHED_SET.format(row="OLD"),
    ),
    frozen.Frozen(
        "frozen_criterion_new", "assessments_criterion", (), PUBLISHED,
        when=OF_A_PUBLISHED_SET.format(row="NEW"),
    ),
    frozen.Frozen(
        "frozen_campaign", "assessments_campaign", ("is_uncompared", "is_demo", "code", "period"),
        "Đợt đã mở không thể đổi mã, kỳ hay dấu hiệu dùng thử",
        when="OLD.state <> 'draft'",
    ),
    frozen.Frozen(
        "frozen_certificate", "assessments_certificate",
        ("decision_id", "assessment_id", "edition", "unit_name", "unit_short_name", "unit_type",
         "unit_place", "office_name", "snapshot", "sha256", "issued_at"),
        "Công nhận đã cấp không thể sửa",
    ),
    frozen.Frozen(
        "frozen_certificate_line", "assessments_certificateline",
        ("certificate_id", "group_code", "group_title", "points", "level"),
        "Công nhận đã cấp không thể sửa",
    ),
    frozen.Frozen(
        "frozen_decision", "assessments_decision",
        ("campaign_id", "issuer_id", "superior_line", "issuer_line", "number", "symbol",
         "signed_on", "authority", "head_post", "signer_post", "signer_name",
         "created_by_id", "created_at"),
        "Quyết định đã ban hành không thể sửa",
    ),
    frozen.Frozen(
        "frozen_review", "assessments_review",
        ("answer_id", "decision", "points", "met", "reason", "by_id", "at"),
        "Ý kiến thẩm định đã ghi không thể sửa",
    ),
    frozen.Frozen(
        "frozen_comment", "assessments_comment",
        ("assessment_id", "criterion_id", "text", "is_internal", "by_id", "at"),
        "Trao đổi đã gửi không thể sửa",
    ),
)  # fmt: skip


class AssessmentsConfig(AppConfig):
    name = "assessments"
    verbose_name = "Đánh giá mức độ chuyển đổi số"

    def ready(self) -> None:
        from assessments import models, page_parts
        from assessments.actions import campaigns
        from plans.actions import closed_units
        from plans.models import Task

        closed_units.MAY_FOLLOW[Task.Kind.SELF_ASSESSMENT] = campaigns.may_follow
        closed_units.BESIDE[Task.Kind.SELF_ASSESSMENT] = campaigns.open_file
        page_parts.fill()
        frozen.install(self, FROZEN)
        frozen.never_deleted(self, frozen.histories_of(self))
        frozen.never_deleted(
            self,
            (
                models.Certificate,
                models.CertificateLine,
                models.Decision,
                models.Review,
                models.Comment,
                models.Answer,
                models.Assessment,
            ),
        )
        frozen.never_deleted(
            self,
            (models.IndicatorSet,),
            allowed=lambda one: one.is_draft,
            when="OLD.state <> 'draft'",
        )
        frozen.never_deleted(
            self,
            (models.Group, models.Criterion),
            allowed=lambda one: one.indicator_set.is_draft,
            when=OF_A_PUBLISHED_SET.format(row="OLD"),
        )
