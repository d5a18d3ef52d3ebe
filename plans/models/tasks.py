"""The spine: tasks.

Everything with a due date is an Assignment. What is handed in lives in the app that knows it (a
self-assessment in `assessments`, files in `Product`), tied to its assignment.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from edudx.lib import clock, deadlines
from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from plans.models.calendar import Calendars, read_deadline, validate_plan_period
from plans.models.plans import Plan, PlanSection
from plans.workflow import TASK_TRANSITIONS, TaskState
from schools.models import FocalPoint, OrgUnit, User
from schools.permissions import Permission


def validate_focal_fields(value) -> None:
    """A list of codes of `FocalPoint.Field`, each once."""
    known = set(FocalPoint.Field.values)
    if not isinstance(value, list) or not set(value) <= known or len(set(value)) != len(value):
        raise ValidationError(f"Lĩnh vực chỉ gồm {', '.join(sorted(known))}, mỗi lĩnh vực một lần.")


class TaskQuerySet(LockingQuerySet["Task"]):
    def visible_to(self, user: User) -> "TaskQuerySet":
        """Tasks issued inside the user's part of the tree, or given to a unit there."""
        given = self.related("assignments").visible_to(user).values("task")
        return self.filter(user.scope("issuer__path") | Q(pk__in=given))

    def issued(self) -> "TaskQuerySet":
        """Not those of a plan that is still being written."""
        return self.exclude(state=Task.State.DRAFT)


class Task(models.Model):
    """One thing to be done by many units: `phrase` as written, `due_at` the computed instant."""

    class Kind(models.TextChoices):
        SELF_ASSESSMENT = "self_assessment", "Nộp hồ sơ tự đánh giá"
        CERTIFY = "certify", "Thẩm định, công nhận và báo cáo"
        PRODUCT = "product", "Nộp sản phẩm"
        FIGURES = "figures", "Nhập số liệu"
        CLOSING = "closing", "Chốt và báo cáo số liệu"
        REPORT = "report", "Báo cáo định kỳ"

    class ProductKind(models.TextChoices):
        PLAN = "plan", "Kế hoạch"
        REPORT = "report", "Báo cáo kết quả"
        DECISION = "decision", "Quyết định"
        FIGURES = "figures", "Số liệu"
        FOCAL_POINTS = "focal_points", "Danh sách đầu mối"
        EVIDENCE = "evidence", "Minh chứng hoạt động"

    State = TaskState
    transitions = TASK_TRANSITIONS

    issuer = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị giao", on_delete=models.PROTECT, related_name="issued_tasks"
    )
    kind = models.CharField("loại", max_length=20, choices=Kind)
    state = models.CharField(
        "trạng thái", max_length=9, choices=State, default=State.ISSUED, editable=False
    )
    plan = models.ForeignKey(
        Plan,
        verbose_name="kế hoạch",
        on_delete=models.PROTECT,
        null=True, blank=True,
        related_name="tasks",
    )  # fmt: skip
    section = models.ForeignKey(
        PlanSection,
        verbose_name="mục",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tasks",
    )
    superior = models.ForeignKey(
        "self",
        verbose_name="nhiệm vụ cấp trên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inferiors",
    )
    code = models.CharField("mã", max_length=20, blank=True, help_text="Ví dụ: II.3")
    title = models.CharField("nhiệm vụ", max_length=500)
    content = models.TextField("nội dung, yêu cầu", blank=True)
    period = models.CharField("kỳ", max_length=9, validators=[validate_plan_period])
    product = models.CharField(
        "sản phẩm",
        max_length=12,
        choices=ProductKind,
        blank=True,
        help_text="Chưa nộp sản phẩm này thì chưa hoàn thành.",
    )
    needs_approval = models.BooleanField("phải được phê duyệt trước khi thực hiện", default=False)
    focal_fields = models.JSONField(
        "lĩnh vực phải có đầu mối", default=list, blank=True, validators=[validate_focal_fields]
    )
    audience = models.JSONField("đối tượng", default=dict, blank=True)
    criteria = models.JSONField(
        "tiêu chí liên quan",
        default=list,
        blank=True,
        help_text="Sản phẩm được gợi ý làm minh chứng, ví dụ: 4725:2.1.",
    )
    years = models.JSONField("các năm của lộ trình", default=list, blank=True)
    mentions = models.JSONField("thời hạn ghi ở nơi khác", default=list, blank=True)
    source = models.CharField("nơi ghi trong văn bản", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    notice = models.CharField(
        "lưu ý", max_length=200, blank=True, help_text="Hiện ở mọi nơi nói về nhiệm vụ này."
    )
    phrase = models.CharField(
        "thời hạn", max_length=200, help_text="Viết như trong văn bản: «Trước ngày 20/01/2025»."
    )
    include_day = models.BooleanField("«trước ngày» tính cả ngày đó", default=False)
    rule = models.CharField("cách đọc thời hạn", max_length=30, blank=True, editable=False)
    opens_at = models.DateTimeField("bắt đầu")
    due_at = models.DateTimeField("hạn")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người giao",
        on_delete=models.PROTECT,
        related_name="created_tasks",
    )
    created_at = clock.MomentField("giao lúc", auto_now_add=True)
    search_text = SearchTextField(of=("code", "title"), max_length=600)

    objects = TaskQuerySet.as_manager()
    event_needs = Permission.PLAN_VIEW

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="task_opens_before_it_is_due",
                condition=Q(opens_at__lt=F("due_at")),
                violation_error_message="Nhiệm vụ phải bắt đầu trước khi hết hạn.",
            ),
            models.CheckConstraint(
                name="product_task_names_its_product",
                condition=~Q(kind="product") | ~Q(product=""),
                violation_error_message="Chọn sản phẩm phải nộp.",
            ),
            models.UniqueConstraint(
                fields=["plan", "code"],
                condition=~Q(code=""),
                name="task_code_once_a_plan",
                violation_error_message="Mã nhiệm vụ này đã có trong kế hoạch.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:task", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.issuer.path

    def clean(self) -> None:
        if self.focal_fields and not self.is_for_focal_points:
            raise ValidationError({"focal_fields": "Chỉ ghi khi sản phẩm là danh sách đầu mối."})
        if self.needs_approval and self.is_for_focal_points:
            raise ValidationError(
                {"needs_approval": "Danh sách đầu mối không có bản trình để phê duyệt trước."}
            )

    def latest_due(self) -> datetime | None:
        """The issuer's own deadline of the task above: nothing below it may be later."""
        if self.superior_id is None:
            return None
        own = Task(pk=self.superior_id).assignments.filter(unit=self.issuer_id).first()
        above = own or self.superior
        return above.due_at if above else None

    def set_deadline(self, phrase: str, calendars: Calendars | None = None) -> deadlines.Deadline:
        """Keep the phrase and the instant it means (domain.md §4).

        Raises DeadlineNotUnderstood with a sentence; nothing is guessed. `calendars` of the
        issuer are handed in by whoever reads many phrases.
        """
        plan = self.plan
        issued_on = (plan.issued_on if plan else None) or clock.today()
        found = read_deadline(
            phrase, issuer=self.issuer, period=plan.period if plan else self.period,
            issued_on=issued_on, include_day=self.include_day, calendars=calendars,
        )  # fmt: skip
        opens_at = found.opens_at or deadlines.start_of_day(issued_on)
        if opens_at >= found.due_at:  # a deadline before the plan's own date is shown, not moved
            opens_at = deadlines.start_of_day(timezone.localtime(found.due_at).date())
        self.phrase, self.rule = phrase, found.rule
        self.opens_at, self.due_at = opens_at, found.due_at
        return found

    def occurrences(self, calendars: Calendars | None = None) -> list[deadlines.Deadline]:
        """Every due date of a recurring phrase inside the plan's period, with when it opens."""
        if self.plan is None:
            return []
        found: list[deadlines.Deadline] = []
        since = self.plan.issued_on or clock.today()
        opens_at = deadlines.start_of_day(since)
        calendars = calendars or Calendars(self.issuer)
        while True:
            one = read_deadline(
                self.phrase, issuer=self.issuer, period=self.plan.period, issued_on=since,
                include_day=self.include_day, calendars=calendars,
            )  # fmt: skip
            due_on = timezone.localtime(one.due_at).date()
            if not one.is_recurring or due_on > self.plan.ends_on:
                return found
            found.append(replace(one, opens_at=max(one.opens_at or opens_at, opens_at)))
            since = due_on + timedelta(days=1)
            opens_at = deadlines.start_of_day(since)

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state == self.State.ISSUED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == self.State.WITHDRAWN

    @property
    def due_on(self) -> date:
        return timezone.localtime(self.due_at).date()

    @property
    def focal_field_names(self) -> list[str]:
        return [FocalPoint.Field(one).label for one in self.focal_fields]

    @property
    def is_for_focal_points(self) -> bool:
        return self.product == self.ProductKind.FOCAL_POINTS
