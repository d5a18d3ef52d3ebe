"""More time that was asked for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from edudx.lib import clock
from edudx.lib.locking import LockingQuerySet
from plans.models.assignments import Assignment
from plans.workflow import EXTENSION_TRANSITIONS, ExtensionState


class Extension(models.Model):
    """More time: asked with a reason, granted or refused by the issuer. The first date is kept."""

    State = ExtensionState
    transitions = EXTENSION_TRANSITIONS

    assignment = models.ForeignKey(
        Assignment, verbose_name="nhiệm vụ của đơn vị", on_delete=models.PROTECT,
        related_name="extensions",
    )  # fmt: skip
    phrase = models.CharField("xin gia hạn đến", max_length=200)
    due_before = models.DateTimeField("hạn trước đó")
    due_at = models.DateTimeField("hạn mới")
    reason = models.TextField("lý do", max_length=1000)
    state = models.CharField("trạng thái", max_length=8, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người xin", on_delete=models.PROTECT,
        related_name="asked_extensions",
    )  # fmt: skip
    asked_at = clock.MomentField("xin lúc", auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người trả lời", on_delete=models.PROTECT,
        null=True, blank=True, related_name="answered_extensions",
    )  # fmt: skip
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answer = models.TextField("trả lời", blank=True)

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = "xin gia hạn"
        verbose_name_plural = "xin gia hạn"
        ordering = ["assignment", "asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state="asked"),
                name="one_open_extension",
                violation_error_message="Đơn vị đang có một đề nghị gia hạn chờ trả lời.",
            ),
            models.CheckConstraint(
                name="extension_is_later",
                condition=Q(due_at__gt=F("due_before")),
                violation_error_message="Hạn mới phải sau hạn hiện nay.",
            ),
            models.CheckConstraint(
                name="extension_says_why",
                condition=~Q(reason=""),
                violation_error_message="Xin gia hạn phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.phrase}"

    @property
    def is_asked(self) -> bool:
        """Nobody has answered it yet, nor was it recalled."""
        return self.state == self.State.ASKED

    @property
    def is_granted(self) -> bool:
        return self.state == self.State.GRANTED

    @property
    def is_refused(self) -> bool:
        return self.state == self.State.REFUSED
