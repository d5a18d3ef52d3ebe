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
)


class PlansConfig(AppConfig):
    name = "plans"
    verbose_name = "Nhiệm vụ và thời hạn"

    def ready(self) -> None:
        from plans import models

        frozen.install(self, FROZEN)
        frozen.never_deleted((models.Assignment, models.Task))
