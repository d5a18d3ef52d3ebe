"""What is handed in for an assignment, and more time that was asked for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from edudx.lib.locking import LockingQuerySet
from plans.models.tasks import Assignment
from plans.workflow import (
    EXTENSION_TRANSITIONS,
    PRODUCT_TRANSITIONS,
    ExtensionState,
    ProductDecision,
)
from schools.models import DocumentVersion, FocalPoint


class Product(models.Model):
    """One hand-in: its files and the review of them. The next hand-in is a new row."""

    Decision = ProductDecision
    transitions = PRODUCT_TRANSITIONS

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="products")
    number = models.PositiveSmallIntegerField("lần nộp")
    is_proposal = models.BooleanField("trình duyệt trước khi làm", default=False)
    note = models.TextField("ghi chú", blank=True)
    versions = models.ManyToManyField(
        DocumentVersion, verbose_name="tệp", blank=True, related_name="products"
    )
    people = models.JSONField("danh sách đầu mối", default=list, blank=True)
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người nộp",
        on_delete=models.PROTECT,
        related_name="products",
    )
    handed_in_at = models.DateTimeField("nộp lúc")
    decision = models.CharField(
        "kết quả xem", max_length=8, choices=Decision, default=Decision.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người xem",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_products",
    )
    decided_at = models.DateTimeField("xem lúc", null=True, blank=True)
    reason = models.TextField("lý do trả lại", blank=True)

    class Meta:
        verbose_name = "sản phẩm"
        verbose_name_plural = "sản phẩm"
        ordering = ["assignment", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="hand_in_number_once"),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(decision="pending"),
                name="one_product_waits_for_review",
            ),
            models.CheckConstraint(
                name="decided_product_says_when",
                condition=Q(decision="pending") | Q(decided_at__isnull=False),
                violation_error_message="Sản phẩm đã xem phải ghi xem lúc nào.",
            ),
            models.CheckConstraint(
                name="returned_product_says_why",
                condition=~Q(decision="returned") | ~Q(reason=""),
                violation_error_message="Trả lại sản phẩm phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} (lần {self.number})"

    @property
    def is_accepted(self) -> bool:
        return self.decision == self.Decision.ACCEPTED

    @property
    def is_returned(self) -> bool:
        return self.decision == self.Decision.RETURNED

    @property
    def focal_points(self) -> list[dict[str, str]]:
        """The list as it was handed in, each with the name of its field."""
        return [one | {"label": FocalPoint.Field(one["field"]).label} for one in self.people]


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
    asked_at = models.DateTimeField("xin lúc", auto_now_add=True)
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
