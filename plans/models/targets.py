"""Chỉ tiêu: numbers a plan wants reached, and what each unit has reached."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from edudx.lib import clock
from edudx.lib.locking import LockingQuerySet
from plans import target_totals
from plans.models.calendar import read_deadline
from plans.models.plans import Plan, PlanSection
from schools.models import OrgUnit, User
from schools.permissions import Permission


class Target(models.Model):
    """One number to reach. A ratio keeps its two parts; a total sums them, never percentages."""

    class Direction(models.TextChoices):
        AT_LEAST = "min", "ít nhất"
        AT_MOST = "max", "nhiều nhất"
        EXACTLY = "eq", "đúng bằng"

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="targets")
    section = models.ForeignKey(
        PlanSection,
        verbose_name="mục",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="targets",
    )
    code = models.CharField("mã", max_length=20)
    title = models.CharField("chỉ tiêu", max_length=500)
    measure = models.CharField("đơn vị tính", max_length=40, default="%")
    direction = models.CharField(
        "hướng", max_length=3, choices=Direction, default=Direction.AT_LEAST
    )
    goal = models.DecimalField("mức cần đạt", max_digits=12, decimal_places=2)
    numerator_label = models.CharField("số đạt là", max_length=200, blank=True)
    denominator_label = models.CharField("tổng số là", max_length=200, blank=True)
    audience = models.JSONField("đối tượng", default=dict, blank=True)
    phrase = models.CharField("thời hạn như đã viết", max_length=200, blank=True)
    due_at = models.DateTimeField("hạn", null=True, blank=True)
    source = models.CharField("nơi ghi trong văn bản", max_length=200, blank=True)
    item = models.CharField(
        "lấy từ số liệu", max_length=40, blank=True,
        help_text="Mã trong danh mục số liệu: kết quả tự lấy từ số liệu các trường đã nộp.",
    )  # fmt: skip
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="target_code_once",
                violation_error_message="Mã chỉ tiêu này đã có trong kế hoạch.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def set_deadline(self, phrase: str) -> None:
        """Keep the phrase and its instant; DeadlineNotUnderstood with a sentence."""
        plan = self.plan
        found = read_deadline(
            phrase, issuer=plan.issuer, period=plan.period, issued_on=plan.issued_on
        )
        self.phrase, self.due_at = phrase, found.due_at

    @property
    def is_ratio(self) -> bool:
        return self.measure == "%"

    def is_reached(self, value: Decimal | None) -> bool | None:
        """None while there is no figure."""
        return target_totals.is_reached(value, self.direction, self.goal)


class TargetActualQuerySet(LockingQuerySet["TargetActual"]):
    def visible_to(self, user: User) -> "TargetActualQuerySet":
        return self.filter(user.scope("unit_path") | user.scope("unit__path"))


class TargetActual(models.Model):
    """What one unit has reached in one period: numerator and denominator, or a plain number."""

    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="actuals")
    unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="target_actuals")
    unit_path = models.CharField(max_length=250, db_index=True)
    period = models.CharField("kỳ", max_length=30)
    numerator = models.DecimalField("số đạt", max_digits=14, decimal_places=2)
    denominator = models.DecimalField(
        "tổng số", max_digits=14, decimal_places=2, null=True, blank=True
    )
    note = models.CharField("nguồn, ghi chú", max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="target_actuals"
    )
    entered_at = clock.MomentField("nhập lúc", auto_now=True)

    objects = TargetActualQuerySet.as_manager()
    event_needs = Permission.PLAN_VIEW

    class Meta:
        verbose_name = "kết quả chỉ tiêu"
        verbose_name_plural = "kết quả chỉ tiêu"
        ordering = ["target", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "unit", "period"],
                name="actual_once_a_period",
                violation_error_message="Người khác vừa ghi kết quả kỳ này; hãy mở lại trang.",
            ),
            models.CheckConstraint(
                name="actual_part_not_above_whole",
                condition=Q(numerator__gte=0)
                & (Q(denominator=None) | Q(numerator__lte=F("denominator"))),
                violation_error_message="Số đạt không được âm và không được lớn hơn tổng số.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.target}"

    @property
    def event_path(self) -> str:
        return self.unit_path
