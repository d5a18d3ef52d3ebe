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
    frozen.Frozen(
        "frozen_message",
        "schools_message",
        ("recipient_id", "kind", "day", "text", "sender_id", "event_id", "created_at"),
        "Tin đã gửi không thể sửa",
    ),
    frozen.Frozen(
        "frozen_message_lines",
        "schools_message",
        ("subject", "lines"),
        "Tin đã gửi không thể sửa",
        when="OLD.kind <> 'digest'",  # a day's digest grows until it is read
    ),
    frozen.Frozen(
        "frozen_delivery",
        "schools_delivery",
        ("message_id", "channel", "address"),
        "Sổ gửi tin không thể sửa",
    ),
)  # fmt: skip


class SchoolsConfig(AppConfig):
    name = "schools"
    verbose_name = "Đơn vị và con người"

    def ready(self) -> None:
        from schools import models, notifications

        notifications.fill()
        frozen.install(self, FROZEN)
        frozen.never_deleted(self, frozen.histories_of(self))
        frozen.never_deleted(
            self, (models.Event, models.DocumentVersion, models.Message, models.Delivery)
        )
