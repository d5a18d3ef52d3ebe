"""The arrows of a message on its way. The portal itself takes them, but for «send again»."""

from django.db.models import TextChoices

from edudx.lib.workflow import Transition
from schools.permissions import Permission as P


class DeliveryState(TextChoices):
    QUEUED = "queued", "Chờ gửi"
    SENDING = "sending", "Đang gửi"
    SENT = "sent", "Đã gửi"
    BOUNCED = "bounced", "Bị từ chối"
    FAILED = "failed", "Không gửi được"
    CANCELLED = "cancelled", "Không còn cần gửi"


S = DeliveryState
DELIVERY_TRANSITIONS: tuple[Transition[P], ...] = (
    Transition("claim", "Bắt đầu gửi", (S.QUEUED, S.SENDING), S.SENDING),
    Transition("send", "Gửi", (S.SENDING,), S.SENT),
    Transition("try_again", "Để gửi lại", (S.SENDING,), S.QUEUED),
    Transition("bounce", "Bị từ chối", (S.SENDING,), S.BOUNCED),
    Transition("fail", "Không gửi được", (S.SENDING,), S.FAILED),
    Transition("cancel", "Không còn cần gửi", (S.SENDING,), S.CANCELLED),
    Transition("send_again", "Gửi lại", (S.BOUNCED, S.FAILED), S.QUEUED, P.OPERATIONS),
)
