"""A plan: what an office or a school has written, with its sections, tasks and targets."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from edudx.lib import clock
from edudx.lib.fields import SearchTextField, once_a_year
from edudx.lib.locking import LockingQuerySet
from edudx.lib.school_calendar import SchoolCalendar
from edudx.lib.vietnamese import document_number
from plans.models.calendar import is_over_years, validate_plan_period
from plans.models.legal_texts import LegalText
from plans.workflow import PLAN_TRANSITIONS, PlanState
from schools.models import DocumentVersion, OrgUnit, User
from schools.permissions import Permission


class PlanQuerySet(LockingQuerySet["Plan"]):
    def visible_to(self, user: User) -> "PlanQuerySet":
        """Written in the person's part of the tree; from above once issued to a unit there."""
        place = "tasks__assignments__unit"
        given = Plan.objects.filter(user.scope(f"{place}_path") | user.scope(f"{place}__path"))
        from_above = Q(pk__in=given.values("pk")) & ~Q(state=PlanState.DRAFT)
        return self.filter(user.scope("issuer__path") | from_above)


class Plan(models.Model):
    """One document of one unit for one period: draft, then issued, amended, closed."""

    class Kind(models.TextChoices):
        PLAN = "KH", "Kế hoạch"
        GUIDANCE = "CV", "Công văn hướng dẫn"

    State = PlanState
    transitions = PLAN_TRANSITIONS

    issuer = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị ban hành", on_delete=models.PROTECT, related_name="plans"
    )
    kind = models.CharField("loại văn bản", max_length=2, choices=Kind, default=Kind.PLAN)
    title = models.CharField("tên kế hoạch", max_length=300)
    period = models.CharField(
        "kỳ",
        max_length=9,
        validators=[validate_plan_period],
        help_text="Năm học «2024-2025», năm «2025» hoặc nhiều năm «2025-2030».",
    )
    number = models.CharField("số", max_length=20, blank=True)
    symbol = models.CharField("ký hiệu", max_length=40, blank=True, help_text="Ví dụ: KH-PGDĐT.")
    issued_on = models.DateField(
        "ngày ban hành", null=True, blank=True,
        validators=[
            MinValueValidator(date(2000, 1, 1), "Ngày ban hành phải từ năm 2000 đến năm 2099."),
            MaxValueValidator(date(2099, 12, 31), "Ngày ban hành phải từ năm 2000 đến năm 2099."),
        ],
    )  # fmt: skip
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=120, blank=True)
    purpose = models.TextField("mục đích, yêu cầu", blank=True)
    legal_texts = models.ManyToManyField(
        LegalText, verbose_name="căn cứ", blank=True, related_name="plans"
    )
    superior = models.ForeignKey(
        "self",
        verbose_name="kế hoạch cấp trên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="inferiors",
    )
    original = models.ForeignKey(
        DocumentVersion,
        verbose_name="bản gốc",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="plans",
    )
    state = models.CharField("trạng thái", max_length=6, choices=PlanState, default=PlanState.DRAFT)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người soạn",
        on_delete=models.PROTECT,
        related_name="created_plans",
    )
    created_at = clock.MomentField("soạn lúc", auto_now_add=True)
    search_text = SearchTextField(of=("title", "number", "symbol"), max_length=500)

    objects = PlanQuerySet.as_manager()
    event_needs = Permission.PLAN_VIEW

    class Meta:
        verbose_name = "kế hoạch"
        verbose_name_plural = "kế hoạch"
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="issued_plan_says_when_and_by_whom",
                condition=Q(state="draft") | Q(issued_on__isnull=False) & ~Q(signer_name=""),
                violation_error_message="Kế hoạch đã ban hành phải có ngày và người ký.",
            ),
            once_a_year(
                "issuer",
                "number",
                "symbol",
                on="issued_on",
                name="plan_number_once_a_year",
                condition=~Q(number="") & Q(issued_on__isnull=False),
                sentence="Số kế hoạch này đã dùng trong năm.",
            ),
            models.UniqueConstraint(
                fields=["issuer", "superior"],
                name="plan_once_from_the_one_above",
                violation_error_message="Đơn vị đã có kế hoạch lập từ kế hoạch này.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.issuer.path

    @property
    def full_number(self) -> str:
        return document_number(self.number, self.symbol) if self.number else f"…/{self.symbol}"

    @property
    def is_draft(self) -> bool:
        return self.state == PlanState.DRAFT

    @property
    def is_issued(self) -> bool:
        return self.state == PlanState.ISSUED

    @property
    def is_closed(self) -> bool:
        return self.state == PlanState.CLOSED

    @property
    def is_over_years(self) -> bool:
        return is_over_years(self.period)

    @property
    def ends_on(self) -> date:
        """The last day of the period: 31/7 of a school year, else 31/12."""
        if self.is_over_years:
            return date(int(self.period[-4:]), 12, 31)
        return SchoolCalendar(self.period).ends_on

    @property
    def years(self) -> list[int]:
        return list(range(int(self.period[:4]), int(self.period[-4:]) + 1))

    def missing_for_issue(self) -> list[str]:
        """Sentences that stop the issuing; empty means ready."""
        missing = []
        if not self.number or not self.symbol:
            missing.append("Chưa ghi số, ký hiệu.")
        if self.issued_on is None:
            missing.append("Chưa ghi ngày ban hành.")
        elif self.issued_on > clock.today():
            missing.append(f"Ngày ban hành {self.issued_on:%d/%m/%Y} ở tương lai; chờ văn bản ký.")
        if not self.signer_name:
            missing.append("Chưa ghi người ký.")
        if not self.tasks.exists() and not self.targets.exists():
            missing.append("Kế hoạch chưa có nhiệm vụ hay chỉ tiêu nào.")
        return missing


class PlanSection(models.Model):
    """A part or pillar of a plan, in its printed order."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="sections")
    code = models.CharField("mục", max_length=20)
    title = models.CharField("tên mục", max_length=400)
    text = models.TextField("nội dung", blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "mục của kế hoạch"
        verbose_name_plural = "các mục của kế hoạch"
        ordering = ["plan", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "code"],
                name="section_code_once",
                violation_error_message="Mã mục này đã có trong kế hoạch.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class PlanEdition(models.Model):
    """One numbered version of an issued plan: 1 as issued, then one per amendment.

    `changes` are sentences for those concerned, by the code of the task; `snapshot` is the whole.
    """

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField("lần")
    document_number = models.CharField("số văn bản", max_length=60, blank=True)
    signed_on = models.DateField("ngày ký")
    reason = models.TextField("lý do", blank=True)
    changes = models.JSONField("thay đổi", default=list)
    snapshot = models.JSONField("bản chụp", default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người ban hành",
        on_delete=models.PROTECT,
        related_name="plan_editions",
    )
    at = clock.MomentField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "phiên bản kế hoạch"
        verbose_name_plural = "phiên bản kế hoạch"
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "number"],
                name="edition_number_once",
                violation_error_message="Người khác vừa ban hành lần này; hãy mở lại trang.",
            ),
            models.CheckConstraint(
                name="amendment_says_why",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message="Sửa đổi kế hoạch phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} (lần {self.number})"
