"""What must be done by when: tasks, one assignment per unit, the calendar they run on.

This is the spine: everything with a due date is an Assignment. What is handed in lives in the app
that knows it (a self-assessment in `assessments`), tied to its assignment one to one.
"""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from edudx.lib import deadlines
from edudx.lib.fields import SearchTextField
from plans.workflow import AssignmentState
from schools.models import OrgUnit


def validate_period(value: str) -> None:
    """A school year «2024-2025» or a calendar year «2025»."""
    try:
        deadlines.check_period(value)
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault


class SchoolYear(models.Model):
    """The terms of one period in one department's province."""

    department = models.ForeignKey(
        OrgUnit, verbose_name="Sở", on_delete=models.PROTECT, related_name="school_years"
    )
    period = models.CharField("năm học", max_length=9)
    term1_from = models.DateField("học kỳ 1 từ")
    term1_to = models.DateField("học kỳ 1 đến")
    term2_from = models.DateField("học kỳ 2 từ")
    term2_to = models.DateField("học kỳ 2 đến")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "khung thời gian năm học"
        verbose_name_plural = "khung thời gian năm học"
        ordering = ["-period"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "period"],
                name="school_year_once",
                violation_error_message="Năm học này đã có khung thời gian.",
            ),
            models.CheckConstraint(
                name="terms_in_order",
                condition=Q(term1_from__lt=F("term1_to"))
                & Q(term1_to__lt=F("term2_from"))
                & Q(term2_from__lt=F("term2_to")),
                violation_error_message="Các ngày của hai học kỳ phải theo thứ tự.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department} · {self.period}"


class Holiday(models.Model):
    """A day off: national (no department) or of one province."""

    department = models.ForeignKey(
        OrgUnit,
        verbose_name="Sở",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="holidays",
        help_text="Để trống nếu áp dụng cả nước.",
    )
    on = models.DateField("ngày")
    name = models.CharField("tên", max_length=100)
    is_confirmed = models.BooleanField("đã có thông báo chính thức", default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "ngày nghỉ"
        verbose_name_plural = "ngày nghỉ"
        ordering = ["on"]
        constraints = [
            models.UniqueConstraint(fields=["department", "on"], name="holiday_once"),
            models.UniqueConstraint(
                fields=["on"], condition=Q(department=None), name="national_holiday_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.on:%d/%m/%Y})"


def calendar_for(unit: OrgUnit, period: str) -> deadlines.SchoolCalendar:
    """The calendar of a unit's province: its terms where they are known, and every holiday."""
    usual = deadlines.default_calendar(period)
    year = SchoolYear.objects.filter(department__code=unit.department_code, period=period).first()
    days = Holiday.objects.filter(
        Q(department=None) | Q(department__code=unit.department_code)
    ).values_list("on", "name")
    holidays = {**usual.holidays, **dict(days)}
    if year is None:
        return deadlines.SchoolCalendar(period, None, None, holidays)
    return deadlines.SchoolCalendar(
        period,
        (year.term1_from, year.term1_to),
        (year.term2_from, year.term2_to),
        holidays,
    )


class TaskQuerySet(models.QuerySet):
    def visible_to(self, user) -> "TaskQuerySet":
        """Tasks issued inside the user's part of the tree, or given to a unit there."""
        given = Assignment.objects.visible_to(user).values("task")
        return self.filter(user.scope("issuer__path") | Q(pk__in=given))


class Task(models.Model):
    """One thing to be done by many units: `phrase` as written, `due_at` the computed instant."""

    class Kind(models.TextChoices):
        SELF_ASSESSMENT = "self_assessment", "Nộp hồ sơ tự đánh giá"
        CERTIFY = "certify", "Thẩm định, công nhận và báo cáo"

    issuer = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị giao", on_delete=models.PROTECT, related_name="issued_tasks"
    )
    kind = models.CharField("loại", max_length=20, choices=Kind)
    title = models.CharField("nhiệm vụ", max_length=250)
    period = models.CharField("kỳ", max_length=9, validators=[validate_period])
    notice = models.CharField(
        "lưu ý", max_length=200, blank=True, help_text="Hiện ở mọi nơi nói về nhiệm vụ này."
    )
    phrase = models.CharField("thời hạn như đã viết", max_length=200)
    opens_at = models.DateTimeField("bắt đầu")
    due_at = models.DateTimeField("hạn")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người giao",
        on_delete=models.PROTECT,
        related_name="created_tasks",
    )
    created_at = models.DateTimeField("giao lúc", auto_now_add=True)
    search_text = SearchTextField(of=("title",), max_length=400)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="task_opens_before_it_is_due",
                condition=Q(opens_at__lt=F("due_at")),
                violation_error_message="Nhiệm vụ phải bắt đầu trước khi hết hạn.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:task", args=[self.pk])


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AssignmentQuerySet":
        """By the unit's place now and by its place on the day the task was given."""
        return self.filter(user.scope("unit_path") | user.scope("unit__path"))

    def handed_in(self) -> "AssignmentQuerySet":
        return self.exclude(handed_in_at=None)

    def late(self, now: datetime | None = None) -> "AssignmentQuerySet":
        """Handed in after the due instant, or still not handed in after it. For ever."""
        now = (now or timezone.now()).replace(microsecond=0)
        return self.filter(Q(handed_in_at__gt=F("due_at")) | Q(handed_in_at=None, due_at__lt=now))

    def for_list(self) -> "AssignmentQuerySet":
        return self.select_related("task", "task__issuer", "unit")


class Assignment(models.Model):
    """One unit's row of a task: own state, own due instant, own lateness, for ever."""

    task = models.ForeignKey(
        Task, verbose_name="nhiệm vụ", on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="assignments"
    )
    unit_path = models.CharField("vị trí trong cây khi giao", max_length=250, db_index=True)
    state = models.CharField(
        "trạng thái", max_length=10, choices=AssignmentState, default=AssignmentState.OPEN
    )
    due_at = models.DateTimeField("hạn")
    original_due_at = models.DateTimeField("hạn ban đầu")
    handed_in_at = models.DateTimeField("nộp lần đầu lúc", null=True, blank=True)
    last_handed_in_at = models.DateTimeField("nộp lần cuối lúc", null=True, blank=True)
    done_at = models.DateTimeField("hoàn thành lúc", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ của đơn vị"
        verbose_name_plural = "nhiệm vụ của các đơn vị"
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["unit", "state"], name="assignment_of_unit")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit"],
                name="assignment_once_per_unit",
                violation_error_message="Đơn vị đã được giao nhiệm vụ này.",
            ),
            models.CheckConstraint(
                name="done_only_after_hand_in",
                condition=Q(done_at=None) | Q(handed_in_at__isnull=False),
                violation_error_message="Chưa nộp thì chưa thể hoàn thành.",
            ),
            models.CheckConstraint(
                name="never_due_before_the_original_date",
                condition=Q(due_at__gte=F("original_due_at")),
                violation_error_message="Gia hạn không được sớm hơn hạn ban đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.task}"

    @property
    def is_late(self) -> bool:
        return deadlines.is_late(self.handed_in_at or timezone.now(), self.due_at)

    @property
    def days_late(self) -> int:
        return deadlines.days_late(self.handed_in_at or timezone.now(), self.due_at)

    @property
    def timeliness(self) -> str:
        """«Đúng hạn», «Trễ 2 ngày», «Quá hạn 5 ngày» or nothing while there is still time."""
        if self.handed_in_at:
            return f"Trễ {self.days_late} ngày" if self.is_late else "Đúng hạn"
        return f"Quá hạn {self.days_late} ngày" if self.is_late else ""
