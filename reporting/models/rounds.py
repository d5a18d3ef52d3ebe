"""A report round: one outline, one window, one task."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from edudx.lib import clock
from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from plans.models import Task, validate_period
from reporting.outline import MOST_LENGTH, Part, parts_of
from reporting.workflow import ROUND_TRANSITIONS, RoundState
from schools.models import OrgUnit, User
from schools.permissions import Permission

WRONG_YEAR = "Ngày phải từ năm 2000 đến năm 2099."
IN_THIS_CENTURY = [
    MinValueValidator(date(2000, 1, 1), WRONG_YEAR),
    MaxValueValidator(date(2099, 12, 31), WRONG_YEAR),
]


class ReportRoundQuerySet(LockingQuerySet["ReportRound"]):
    def visible_to(self, user: User) -> "ReportRoundQuerySet":
        """Issued in the person's part of the tree, or asked of a unit there."""
        asked = self.related("reports").visible_to(user).values("round")
        return self.filter(user.scope("issuer__path") | Q(pk__in=asked))


class ReportRound(models.Model):
    """Sơ kết or tổng kết of one period: the outline, whom it is asked of, until when."""

    class Kind(models.TextChoices):
        HALF_YEAR = "half_year", "Sơ kết học kỳ I"
        YEAR = "year", "Tổng kết năm học"

    State = RoundState
    transitions = ROUND_TRANSITIONS

    issuer = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị yêu cầu", on_delete=models.PROTECT,
        related_name="report_rounds",
    )  # fmt: skip
    kind = models.CharField("loại báo cáo", max_length=9, choices=Kind)
    title = models.CharField("tên báo cáo", max_length=200)
    number = models.CharField("số văn bản yêu cầu", max_length=60, blank=True)
    period = models.CharField("kỳ", max_length=9, validators=[validate_period])
    since = models.DateField("tính từ ngày", validators=IN_THIS_CENTURY)
    until = models.DateField("đến hết ngày", validators=IN_THIS_CENTURY)
    outline = models.TextField("đề cương", max_length=MOST_LENGTH)
    state = models.CharField("trạng thái", max_length=6, choices=State, default=State.OPEN)
    task = models.OneToOneField(Task, on_delete=models.PROTECT, related_name="report_round")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người yêu cầu", on_delete=models.PROTECT,
        related_name="report_rounds",
    )  # fmt: skip
    created_at = clock.MomentField("yêu cầu lúc", auto_now_add=True)
    search_text = SearchTextField(of=("title", "number"), max_length=400)

    objects = ReportRoundQuerySet.as_manager()
    event_needs = Permission.DATA_VIEW

    class Meta:
        verbose_name = "đợt báo cáo định kỳ"
        verbose_name_plural = "các đợt báo cáo định kỳ"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="report_window_in_order",
                condition=Q(since__lte=F("until")),
                violation_error_message="«Đến hết ngày» phải sau «Tính từ ngày».",
            ),
            models.UniqueConstraint(
                fields=["issuer", "kind", "period", "title"],
                name="report_round_once",
                violation_error_message="Báo cáo này (cùng loại, kỳ, tên) đã được yêu cầu.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reporting:round", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.issuer.path

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def parts(self) -> list[Part]:
        return parts_of(self.outline)
