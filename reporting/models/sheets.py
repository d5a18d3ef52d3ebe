"""A unit's sheet: drafts by section, versions for ever, values as rows."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from edudx.lib import clock
from edudx.lib.locking import LockingQuerySet
from plans.models import Assignment
from plans.workflow import AssignmentState
from reporting.arithmetic import Value
from reporting.models.data_forms import DataItem
from reporting.models.requests import DataRequest
from schools.models import OrgUnit, User
from schools.permissions import Permission


class DataSheetQuerySet(LockingQuerySet["DataSheet"]):
    def visible_to(self, user: User) -> "DataSheetQuerySet":
        """By the unit's place now and on the day it was asked."""
        return self.filter(user.scope("unit_path") | user.scope("unit__path"))

    def for_list(self) -> "DataSheetQuerySet":
        return self.select_related(
            "request__form", "request__issuer", "unit", "office", "assignment__task", "current"
        )


class DataSheet(models.Model):
    """One school's paper of a request: a draft per section, and what it has handed in."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="sheets")
    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="data_sheet"
    )
    unit = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="data_sheets"
    )
    unit_path = models.CharField("vị trí trong cây khi giao", max_length=250, db_index=True)
    office = models.ForeignKey(
        OrgUnit, verbose_name="nơi tổng hợp", on_delete=models.PROTECT, related_name="+"
    )
    school_type = models.CharField("loại trường khi giao", max_length=14)
    draft = models.JSONField("bản nháp", default=dict, blank=True)
    current = models.ForeignKey(
        "SheetVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = DataSheetQuerySet.as_manager()
    event_needs = Permission.DATA_VIEW

    class Meta:
        verbose_name = "phiếu số liệu"
        verbose_name_plural = "phiếu số liệu"
        ordering = ["request", "unit__sort_key"]
        indexes = [models.Index(fields=["request", "office"], name="sheet_of_office")]

    def __str__(self) -> str:
        return f"{self.request}: {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:sheet", args=[self.pk])

    @property
    def is_done(self) -> bool:
        """Taken into an approved closing."""
        return self.assignment.state == AssignmentState.DONE

    @property
    def event_path(self) -> str:
        return self.unit_path


class SheetVersion(models.Model):
    """What was handed in at one moment, for ever; a correction is the next version."""

    sheet = models.ForeignKey(DataSheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("lần")
    reason = models.TextField("lý do điều chỉnh", blank=True)
    notes = models.JSONField("giải thích", default=dict, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người nộp", on_delete=models.PROTECT,
        related_name="sheet_versions",
    )  # fmt: skip
    at = models.DateTimeField("nộp lúc")

    class Meta:
        verbose_name = "lần nộp số liệu"
        verbose_name_plural = "các lần nộp số liệu"
        ordering = ["sheet", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "number"],
                name="sheet_version_once",
                violation_error_message="Phiếu vừa được nộp; hãy mở lại trang.",
            ),
            models.CheckConstraint(
                name="correction_says_why",
                condition=Q(number=1) | ~Q(reason=""),
                violation_error_message="Điều chỉnh số liệu phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet} (lần {self.number})"


class DataValueQuerySet(LockingQuerySet["DataValue"]):
    def current(self) -> "DataValueQuerySet":
        """Of the newest version of each sheet."""
        return self.filter(version__sheet__current=F("version"))


class DataValue(models.Model):
    """One figure of one version: a number, the two parts of a ratio, or a word."""

    version = models.ForeignKey(SheetVersion, on_delete=models.PROTECT, related_name="values")
    item = models.ForeignKey(DataItem, on_delete=models.PROTECT, related_name="values")
    key = models.CharField("khóa", max_length=60)
    number = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    whole = models.DecimalField(max_digits=18, decimal_places=2, null=True, blank=True)
    text = models.CharField(max_length=500, blank=True)

    objects = DataValueQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu đã nộp"
        verbose_name_plural = "số liệu đã nộp"
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "key"],
                name="figure_once_a_version",
                violation_error_message="Số liệu này đã có trong lần nộp.",
            ),
            models.CheckConstraint(
                name="part_at_most_whole",
                condition=Q(whole=None) | Q(number__lte=F("whole")),
                violation_error_message="Số thứ nhất không được lớn hơn số thứ hai.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.number}"

    @property
    def value(self) -> Value:
        return Value(self.number, self.whole, self.text)


class EntryException(models.Model):
    """After the lock one unit may enter until a moment, with a reason."""

    sheet = models.ForeignKey(DataSheet, on_delete=models.PROTECT, related_name="exceptions")
    until = models.DateTimeField("được nhập đến")
    reason = models.CharField("lý do", max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người cho phép", on_delete=models.PROTECT,
        related_name="entry_exceptions",
    )  # fmt: skip
    at = clock.MomentField("lúc", auto_now_add=True)

    class Meta:
        verbose_name = "cho nhập sau khi khóa"
        verbose_name_plural = "cho nhập sau khi khóa"
        ordering = ["sheet", "-until"]
        constraints = [
            models.CheckConstraint(
                name="exception_says_why",
                condition=~Q(reason=""),
                violation_error_message="Cho nhập sau khi khóa phải ghi lý do.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sheet}: {timezone.localtime(self.until):%d/%m/%Y}"
