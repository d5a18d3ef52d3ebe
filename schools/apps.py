from django.apps import AppConfig

from edudx.lib import frozen

FROZEN = (
    frozen.Frozen(
        "frozen_event",
        "schools_event",
        ("subject_type_id", "subject_id", "unit_path", "step", "label", "from_state", "to_state",
         "reason", "by_id", "as_who", "at"),
        "Sự kiện đã ghi không thể sửa",
    ),
    frozen.Frozen(
        "frozen_document_version",
        "schools_documentversion",
        ("document_id", "number", "unit_path", "file", "link", "file_name", "content_type", "size",
         "sha256", "sent_sha256", "changes", "official_number", "proof_on", "uploaded_by_id",
         "uploaded_at"),
        "Phiên bản tài liệu không thể ghi đè",
    ),
)  # fmt: skip


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Đơn vị và con người"

    def ready(self) -> None:
        from schools import models, notifications

        notifications.fill()
        frozen.install(self, FROZEN)
        frozen.never_deleted((models.Event, models.DocumentVersion))
