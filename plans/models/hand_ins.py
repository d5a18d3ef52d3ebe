"""What is handed in for an assignment, and what was said of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from plans.models.assignments import Assignment
from plans.workflow import PRODUCT_TRANSITIONS, ProductDecision
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
            models.UniqueConstraint(
                fields=["assignment", "number"],
                name="hand_in_number_once",
                violation_error_message="Người khác của đơn vị vừa nộp; hãy mở lại trang.",
            ),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(decision="pending"),
                name="one_product_waits_for_review",
                violation_error_message="Đã có sản phẩm chờ xem; chưa nộp thêm được.",
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
