from django.apps import AppConfig

from edudx.lib import frozen

FROZEN = (
    frozen.Frozen(
        "frozen_original_due",
        "plans_assignment",
        ("original_due_at", "task_id", "unit_id", "unit_path"),
        "Hạn ban đầu của nhiệm vụ không thể sửa",
    ),
    frozen.Frozen(
        "frozen_first_hand_in",
        "plans_assignment",
        ("handed_in_at",),
        "Thời điểm nộp lần đầu không thể sửa",
        when="OLD.handed_in_at IS NOT NULL",
    ),
    frozen.Frozen(
        "frozen_product",
        "plans_product",
        ("assignment_id", "number", "is_proposal", "note", "people", "handed_in_by_id",
         "handed_in_at"),
        "Sản phẩm đã nộp không thể sửa",
    ),
    frozen.Frozen(
        "frozen_product_decision",
        "plans_product",
        ("decision", "decided_by_id", "decided_at", "reason"),
        "Kết quả xem sản phẩm không thể sửa",
        when="OLD.decision <> 'pending'",
    ),
    frozen.Frozen(
        "frozen_edition",
        "plans_planedition",
        ("plan_id", "number", "document_number", "signed_on", "reason", "changes", "snapshot",
         "by_id", "at"),
        "Phiên bản đã ban hành không thể sửa",
    ),
    frozen.Frozen(
        "frozen_extension",
        "plans_extension",
        ("assignment_id", "phrase", "due_before", "due_at", "reason", "asked_by_id", "asked_at"),
        "Đề nghị gia hạn đã gửi không thể sửa",
    ),
    frozen.Frozen(
        "frozen_extension_answer",
        "plans_extension",
        ("state", "answer", "answered_by_id", "answered_at"),
        "Trả lời gia hạn không thể sửa",
        when="OLD.state <> 'asked'",
    ),
    frozen.Frozen(
        "frozen_actual",
        "plans_targetactual",
        ("target_id", "unit_id", "period", "numerator", "denominator"),
        "Sửa kết quả chỉ tiêu là một lần ghi mới",
        when="NEW.version <= OLD.version",
    ),
    frozen.Frozen(
        "frozen_reminder",
        "plans_reminder",
        ("assignment_id", "rung", "recipient_id", "due_at", "claimed_at"),
        "Sổ nhắc việc không thể sửa",
    ),
)  # fmt: skip


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "Nhiệm vụ và thời hạn"

    def ready(self) -> None:
        from plans import models, notifications, page_parts, reminders
        from plans.actions import closed_units
        from schools.actions import open_work

        notifications.fill()
        reminders.fill()
        open_work.KINDS["assignments"] = open_work.Kind(closed_units.sentences, closed_units.settle)
        page_parts.fill()
        frozen.install(self, FROZEN)
        frozen.never_deleted(self, frozen.histories_of(self))
        frozen.never_deleted(
            self,
            (
                models.Assignment,
                models.Product,
                models.Extension,
                models.Reminder,
                models.PlanEdition,
                models.TargetActual,
            ),
        )
        frozen.never_deleted(
            self,
            (models.Task, models.Plan),
            allowed=lambda one: one.is_draft,
            when="OLD.state <> 'draft'",
        )
