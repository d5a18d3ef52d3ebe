"""Indicator sets as data: versions, groups, criteria. A published version never changes again."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from assessments import scoring
from assessments.workflow import SET_TRANSITIONS, SetState
from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from schools.models import OrgUnit, User
from schools.permissions import Permission

UNCOMPARED = "Bộ chỉ số chưa được đối chiếu với văn bản gốc"


class IndicatorSetQuerySet(LockingQuerySet["IndicatorSet"]):
    def visible_to(self, user: User) -> "IndicatorSetQuerySet":
        """National sets, and local ones of the person's province."""
        departments = {hat.unit.department_code for hat in user.hats}
        return self.filter(Q(owner=None) | Q(owner__path__regex=_top_of(departments)))


def _top_of(departments: set[str]) -> str:
    codes = "|".join(code.replace(".", r"\.") for code in sorted(departments))
    return f"^({codes})/" if codes else "^$"


class IndicatorSet(models.Model):
    """One version of a set, such as 4725 of 2022. National without an owner, else local."""

    State = SetState
    transitions = SET_TRANSITIONS

    class MissedCondition(models.TextChoices):
        CAP = scoring.CAP, "Nhóm giữ ở mức 1"
        NONE = "no_effect", "Chỉ ghi chú, không đổi mức"

    code = models.CharField("mã", max_length=20)
    version = models.CharField("phiên bản", max_length=20)
    state = models.CharField("trạng thái", max_length=10, choices=State, default=State.DRAFT)
    title = models.CharField("tên", max_length=300)
    owner = models.ForeignKey(
        OrgUnit,
        verbose_name="đơn vị ban hành",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="indicator_sets",
        help_text="Để trống với bộ chỉ số của Bộ; bộ chỉ số địa phương ghi đơn vị ban hành.",
    )
    legal_number = models.CharField("số văn bản", max_length=60)
    legal_issued_on = models.DateField("ngày ban hành")
    legal_issuer = models.CharField("cơ quan ban hành", max_length=150)
    applies_to = models.JSONField("loại trường áp dụng", default=list)
    level_2_from = models.DecimalField("mức 2 từ", max_digits=5, decimal_places=2, default=50)
    level_3_above = models.DecimalField("mức 3 trên", max_digits=5, decimal_places=2, default=75)
    level_names = models.JSONField("tên các mức", default=list)
    missed_condition = models.CharField(
        "khi thiếu điều kiện bắt buộc",
        max_length=24,
        choices=MissedCondition,
        default=MissedCondition.CAP,
    )
    compared_with = models.CharField("đã đối chiếu với", max_length=300, blank=True)
    compared_by = models.CharField("người đối chiếu", max_length=150, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người công bố",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="published_sets",
    )
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    search_text = SearchTextField(of=("code", "title", "legal_number"), max_length=500)
    history = HistoricalRecords(excluded_fields=["search_text"])

    objects = IndicatorSetQuerySet.as_manager()
    event_needs = Permission.SET_VIEW

    class Meta:
        verbose_name = "bộ chỉ số"
        verbose_name_plural = "bộ chỉ số"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="set_version_once",
                violation_error_message="Phiên bản này của bộ chỉ số đã có.",
            ),
            models.CheckConstraint(
                name="thresholds_in_order",
                condition=Q(level_2_from__gt=0)
                & Q(level_2_from__lte=F("level_3_above"))
                & Q(level_3_above__lt=100),
                violation_error_message="Ngưỡng mức 2 phải lớn hơn 0 và không vượt ngưỡng mức 3.",
            ),
            models.CheckConstraint(
                name="published_set_says_who_compared_it",
                condition=Q(state="draft") | ~Q(compared_with="") & ~Q(compared_by=""),
                violation_error_message="Công bố bộ chỉ số phải ghi ai đối chiếu với văn bản nào.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} (phiên bản {self.version})"

    def get_absolute_url(self) -> str:
        return reverse("assessments:set", args=[self.pk])

    @property
    def event_path(self) -> str | None:
        return self.owner.path if self.owner else None

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @property
    def is_retired(self) -> bool:
        return self.state == self.State.RETIRED

    def may_be_managed_by(self, user: User) -> bool:
        return user.can_keep(Permission.SET_MANAGE, self.owner)

    @property
    def notice(self) -> str:
        """What every page and document must say of a draft; empty for a published set."""
        return UNCOMPARED if self.is_draft else ""

    @property
    def applies_to_labels(self) -> list[str]:
        return [OrgUnit.SchoolType(one).label for one in self.applies_to]

    @property
    def legal_title(self) -> str:
        return f"Quyết định số {self.legal_number} ngày {self.legal_issued_on:%d/%m/%Y}"

    @property
    def level_choices(self) -> list[tuple[int, str]]:
        return list(enumerate(self.level_names, start=1))

    @cached_property
    def tree(self) -> list["Criterion"]:
        """Every criterion in printed order."""
        return list(self.criteria.select_related("group", "parent").order_by("position"))

    @cached_property
    def rules(self) -> scoring.Rules:
        groups = self.groups.order_by("position")
        return scoring.Rules(
            groups=tuple(scoring.Group(one.code, one.title, one.max_points) for one in groups),
            criteria=tuple(one.rule for one in self.tree),
            level_2_from=self.level_2_from,
            level_3_above=self.level_3_above,
            missed_condition=self.missed_condition,
            level_names=tuple(self.level_names),
        )


class Group(models.Model):
    """One of the set's groups of 100 points."""

    indicator_set = models.ForeignKey(IndicatorSet, on_delete=models.CASCADE, related_name="groups")
    code = models.CharField("mã nhóm", max_length=10)
    title = models.CharField("tên nhóm", max_length=300)
    max_points = models.DecimalField("điểm tối đa", max_digits=6, decimal_places=2)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "nhóm tiêu chí"
        verbose_name_plural = "nhóm tiêu chí"
        ordering = ["indicator_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator_set", "code"],
                name="group_code_once",
                violation_error_message="Mã nhóm này đã có trong bộ chỉ số.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}. {self.title}"


class Criterion(models.Model):
    """One line of the set; sums have children, all others are answered."""

    class Kind(models.TextChoices):
        CONDITION = "condition", "Điều kiện bắt buộc"
        YES_NO = "yes_no", "Có / không"
        GRADED = "graded", "Chấm điểm"
        COUNT = "count", "Số lượng"
        RATIO = "ratio", "Tỉ lệ"
        SUM = "sum", "Tổng các tiêu chí con"

    indicator_set = models.ForeignKey(
        IndicatorSet, on_delete=models.CASCADE, related_name="criteria"
    )
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="criteria")
    parent = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="children"
    )
    code = models.CharField("mã tiêu chí", max_length=20)
    kind = models.CharField("loại", max_length=10, choices=Kind)
    title = models.CharField("tên tiêu chí", max_length=500)
    max_points = models.DecimalField("điểm tối đa", max_digits=6, decimal_places=2, default=0)
    unit = models.CharField("đơn vị tính", max_length=50, blank=True)
    full_at = models.DecimalField(
        "đủ điểm khi đạt số lượng", max_digits=12, decimal_places=2, null=True, blank=True
    )
    steps = models.JSONField("các bước chấm", default=list, blank=True)
    numerator = models.CharField("tử số", max_length=200, blank=True)
    denominator = models.CharField("mẫu số", max_length=200, blank=True)
    evidence = models.CharField("minh chứng cần có", max_length=500, blank=True)
    guidance = models.TextField("hướng dẫn", blank=True)
    level_2_from = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    level_3_above = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    source = models.CharField("nguồn", max_length=30, blank=True)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)

    class Meta:
        verbose_name = "tiêu chí"
        verbose_name_plural = "tiêu chí"
        ordering = ["indicator_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator_set", "code"],
                name="criterion_code_once",
                violation_error_message="Mã tiêu chí đã có trong bộ chỉ số.",
            ),
            models.CheckConstraint(
                name="conditions_carry_no_points",
                condition=Q(kind="condition", max_points=0)
                | ~Q(kind="condition") & Q(max_points__gt=0),
                violation_error_message=(
                    "Điều kiện không có điểm; tiêu chí khác phải có điểm tối đa."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def is_leaf(self) -> bool:
        return self.kind != self.Kind.SUM

    @property
    def is_condition(self) -> bool:
        return self.kind == self.Kind.CONDITION

    @property
    def depth(self) -> int:
        return self.code.count(".")

    @cached_property
    def rule(self) -> scoring.Criterion:
        """As arithmetic sees it; needs `group` and `parent` loaded."""
        return scoring.Criterion(
            code=self.code,
            title=self.title,
            kind=self.kind,
            group=self.group.code,
            max_points=Decimal(self.max_points),
            parent=self.parent.code if self.parent else "",
            full_at=self.full_at,
        )


def refuse_if_published(indicator_set: IndicatorSet) -> None:
    if not indicator_set.is_draft:
        raise ValidationError(f"Bộ chỉ số {indicator_set} đã công bố nên không thể sửa hay xóa.")
