"""A campaign of assessment for a part of the tree, and who certifies in it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from assessments.workflow import CAMPAIGN_TRANSITIONS, CampaignState
from edudx.lib import clock, school_calendar
from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from plans.models import Task, calendar_for, validate_period
from schools.models import OrgUnit, User
from schools.permissions import Permission

from .sets import UNCOMPARED, IndicatorSet

DEMO = "Đợt đánh giá dùng thử"


class CertifyingRule(models.Model):
    """Who certifies a type of school in a department's province; without a row: the office head."""

    class Certifier(models.TextChoices):
        OFFICE = "office", "Trưởng phòng quản lý trường"
        AUTHORITY = "authority", "UBND xã, phường (phòng trình ký)"
        DEPARTMENT = "department", "Sở Giáo dục và Đào tạo"

    department = models.ForeignKey(
        OrgUnit,
        verbose_name="Sở",
        on_delete=models.PROTECT,
        related_name="certifying_rules",
        limit_choices_to={"kind": "department"},
    )
    school_type = models.CharField("loại trường", max_length=14, choices=OrgUnit.SchoolType)
    certifier = models.CharField("người công nhận", max_length=10, choices=Certifier)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "thẩm quyền công nhận"
        verbose_name_plural = "thẩm quyền công nhận"
        ordering = ["department", "school_type"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "school_type"],
                name="one_certifier_per_type",
                violation_error_message="Loại trường này đã có thẩm quyền công nhận.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_school_type_display()}: {self.get_certifier_display()}"

    @classmethod
    def of(cls, unit: OrgUnit) -> dict[str, str]:
        """School type → certifier, of the unit's province."""
        rules = cls.objects.filter(department__code=unit.department_code)
        return dict(rules.values_list("school_type", "certifier"))

    @classmethod
    def types_of_the_department(cls, unit: OrgUnit) -> list[str]:
        """School types that the Sở of the unit's province certifies itself."""
        return [one for one, who in cls.of(unit).items() if who == cls.Certifier.DEPARTMENT]


class CampaignQuerySet(LockingQuerySet["Campaign"]):
    def visible_to(self, user: User) -> "CampaignQuerySet":
        """Issued in the person's part of the tree, or covering it from above once it is open."""
        above = Q(pk__in=[])
        for hat in user.hats:
            above |= Q(scope__path__in=hat.unit.paths_above)
        above &= ~Q(state=Campaign.State.DRAFT)
        return self.filter(user.scope("issuer__path") | above)


class Campaign(models.Model):
    """A campaign: period, part of the tree, sets, and four dates as phrase and instant."""

    State = CampaignState
    transitions = CAMPAIGN_TRANSITIONS

    code = models.SlugField(
        "mã đợt",
        max_length=40,
        unique=True,
        help_text="Chữ không dấu, số và gạch nối, ví dụ: hp-2025-2026.",
        error_messages={
            "invalid": "Mã đợt chỉ gồm chữ không dấu, số, gạch nối và gạch dưới.",
            "unique": "Mã đợt này đã được dùng.",
        },
    )
    title = models.CharField("tên đợt", max_length=200)
    issuer = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị tổ chức", on_delete=models.PROTECT, related_name="campaigns"
    )
    scope = models.ForeignKey(
        OrgUnit, verbose_name="phạm vi", on_delete=models.PROTECT, related_name="scoped_campaigns"
    )
    period = models.CharField(
        "kỳ", max_length=9, validators=[validate_period], help_text="Ví dụ: 2025-2026."
    )
    sets = models.ManyToManyField(
        IndicatorSet, verbose_name="bộ chỉ số", related_name="campaigns", blank=True
    )
    is_demo = models.BooleanField(
        "đợt dùng thử", default=False, help_text="Chỉ đợt dùng thử được mở với bộ chỉ số dự thảo."
    )
    is_uncompared = models.BooleanField(
        "mở khi bộ chỉ số còn là dự thảo", default=False, editable=False
    )
    state = models.CharField("trạng thái", max_length=8, choices=State, default=State.DRAFT)
    opening_phrase = models.CharField("ngày mở", max_length=200)
    opens_at = models.DateTimeField(editable=False)
    submission_phrase = models.CharField("hạn trường nộp", max_length=200)
    submission_due_at = models.DateTimeField(editable=False)
    decision_phrase = models.CharField("hạn phòng công nhận và báo cáo", max_length=200)
    decision_due_at = models.DateTimeField(editable=False)
    publication_phrase = models.CharField("hạn công bố", max_length=200)
    publication_due_at = models.DateTimeField(editable=False)
    include_day = models.BooleanField("«trước ngày» tính cả ngày đó", default=False)
    school_task = models.OneToOneField(
        Task,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="campaign_of_schools",
    )
    office_task = models.OneToOneField(
        Task,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="campaign_of_offices",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người tạo",
        on_delete=models.PROTECT,
        related_name="created_campaigns",
    )
    created_at = clock.MomentField("tạo lúc", auto_now_add=True)
    search_text = SearchTextField(of=("code", "title"), max_length=500)

    objects = CampaignQuerySet.as_manager()
    event_needs = Permission.CAMPAIGN_VIEW

    class Meta:
        verbose_name = "đợt đánh giá"
        verbose_name_plural = "đợt đánh giá"
        ordering = ["-submission_due_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="campaign_dates_in_order",
                condition=Q(opens_at__lt=F("submission_due_at"))
                & Q(submission_due_at__lte=F("decision_due_at"))
                & Q(decision_due_at__lte=F("publication_due_at")),
                violation_error_message=(
                    "Các ngày phải theo thứ tự: mở, trường nộp, công nhận, công bố."
                ),
            ),
            models.CheckConstraint(
                name="open_campaign_has_its_tasks",
                condition=Q(state="draft") | Q(school_task__isnull=False),
                violation_error_message="Đợt đã mở phải có nhiệm vụ giao cho các trường.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("assessments:campaign", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.issuer.path

    def clean(self) -> None:
        if self.issuer_id and self.scope_id and not self.scope.is_within(self.issuer.path):
            raise ValidationError({"scope": "Phạm vi phải nằm trong đơn vị tổ chức."})

    @property
    def notice(self) -> str:
        """Said on every page and document of a campaign on a draft set, also when the set is
        published later; a demo campaign is never taken for a real one.
        """
        begun = self.state != self.State.DRAFT
        if self.is_uncompared if begun else any(one.is_draft for one in self.sets.all()):
            return UNCOMPARED
        return DEMO if self.is_demo else ""

    @property
    def has_begun(self) -> bool:
        """Schools read an opened campaign before its first day, and write from then on."""
        return self.opens_at <= clock.now()

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        return self.state == self.State.CLOSED

    def days_off(self) -> dict[str, tuple[str, ...]]:
        """«rơi vào Chủ nhật»: said of each date, none is moved silently."""
        calendar = calendar_for(self.issuer, self.period)
        return {
            name: school_calendar.days_off(
                timezone.localtime(getattr(self, f"{name}_due_at")).date(), calendar
            )
            for name in ("submission", "decision", "publication")
        }

    def set_by_type(self) -> dict[str, IndicatorSet]:
        """School type → its set. ValidationError when two sets claim a type."""
        chosen: dict[str, IndicatorSet] = {}
        for one in self.sets.all():
            for school_type in one.applies_to:
                if school_type in chosen:
                    label = OrgUnit.SchoolType(school_type).label
                    raise ValidationError(
                        f"Hai bộ chỉ số {chosen[school_type]} và {one} cùng áp dụng cho «{label}»."
                    )
                chosen[school_type] = one
        return chosen

    def schools(self):
        """The schools that take part: active today, below the scope, of a type with a set."""
        types = list(self.set_by_type())
        found = OrgUnit.objects.below(self.scope).schools().active(clock.today())
        return found.filter(school_type__in=types).select_related("parent")

    def missing_for_open(self) -> list[str]:
        """Sentences that stop the opening; empty means ready."""
        sets = list(self.sets.all())
        missing = [] if sets else ["Chưa chọn bộ chỉ số nào."]
        if not self.is_demo:
            missing += [
                f"{UNCOMPARED}: {one} còn là dự thảo nên chỉ dùng được cho đợt dùng thử."
                for one in sets
                if one.is_draft
            ]
        missing += [f"Bộ chỉ số {one} đã hết hiệu lực." for one in sets if one.is_retired]
        try:
            if sets and not self.schools().exists():
                missing.append("Không có trường nào trong phạm vi thuộc loại của các bộ chỉ số.")
        except ValidationError as fault:
            missing += fault.messages
        return missing
