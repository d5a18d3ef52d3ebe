"""Báo cáo định kỳ: each unit's report, and what was handed in of it."""

import hashlib
from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from assessments.models import Decision
from edudx.lib.fields import once_a_year
from edudx.lib.locking import LockingQuerySet
from edudx.lib.vietnamese import document_number
from plans.models import Assignment
from plans.workflow import AssignmentState
from reporting.models.rounds import ReportRound
from reporting.workflow import REPORT_TRANSITIONS
from schools.models import OrgUnit, User
from schools.permissions import Permission

SIGNING = (
    "number", "signed_on", "authority", "head_post", "signer_post", "signer_name", "receivers"
)  # fmt: skip


class PeriodicReportQuerySet(LockingQuerySet["PeriodicReport"]):
    def visible_to(self, user: User) -> "PeriodicReportQuerySet":
        """By the unit's place now and on the day it was asked."""
        return self.filter(user.scope("unit_path") | user.scope("unit__path"))

    def for_list(self) -> "PeriodicReportQuerySet":
        return self.select_related(
            "round__issuer", "round__task", "unit", "assignment__task", "current__by"
        )


class PeriodicReport(models.Model):
    """One unit's report: its own words by part, who signs. Without an assignment it is the
    issuer's own, made of what it has received.
    """

    transitions = REPORT_TRANSITIONS

    round = models.ForeignKey(ReportRound, on_delete=models.PROTECT, related_name="reports")
    unit = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="periodic_reports"
    )
    unit_path = models.CharField("vị trí trong cây khi giao", max_length=250, db_index=True)
    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, null=True, blank=True,
        related_name="periodic_report",
    )  # fmt: skip
    texts = models.JSONField("nội dung tự viết", default=dict, blank=True)
    taken = models.JSONField("đã lấy nội dung của", default=dict, blank=True)
    number = models.CharField("số", max_length=20, blank=True)
    signed_on = models.DateField("ngày ký", null=True, blank=True)
    authority = models.CharField(
        "quyền hạn ký", max_length=4, choices=Decision.Authority, blank=True
    )
    head_post = models.CharField("chức vụ người đứng đầu", max_length=80, blank=True)
    signer_post = models.CharField("chức vụ người ký", max_length=80, blank=True)
    signer_name = models.CharField("người ký", max_length=120, blank=True)
    receivers = models.TextField("nơi nhận", max_length=1000, blank=True)
    current = models.ForeignKey(
        "ReportVersion", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = PeriodicReportQuerySet.as_manager()
    event_needs = Permission.DATA_VIEW

    class Meta:
        verbose_name = "báo cáo định kỳ"
        verbose_name_plural = "báo cáo định kỳ"
        ordering = ["round", "unit__sort_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "unit"],
                name="report_once_a_unit",
                violation_error_message="Đơn vị đã có báo cáo trong đợt này.",
            ),
            once_a_year(
                "unit",
                "number",
                on="signed_on",
                name="report_number_once_a_year",
                condition=~Q(number="") & Q(signed_on__isnull=False),
                sentence="Số báo cáo này đã dùng trong năm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("reporting:report", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.unit_path

    @property
    def is_consolidated(self) -> bool:
        """The issuer's own, made of those it has received."""
        return self.assignment_id is None

    @property
    def waits_for_unit(self) -> bool:
        """Asked of a unit that has not written it, or has to write it again."""
        row = self.assignment
        is_missing = row is not None and (self.current_id is None or row.is_returned)
        return is_missing and self.round.is_open

    @property
    def is_overdue(self) -> bool:
        row = self.assignment
        is_missing = row is not None and self.current_id is None
        return row is not None and is_missing and self.round.is_open and row.is_late

    @property
    def waits_for_receipt(self) -> bool:
        row = self.assignment
        return row is not None and row.state == AssignmentState.HANDED_IN

    @property
    def is_received(self) -> bool:
        row = self.assignment
        return row is not None and row.state == AssignmentState.DONE

    @property
    def signing_seal(self) -> str:
        """Changes when somebody changes who signs: what a form was filled in over."""
        kept = "|".join(str(getattr(self, name)) for name in SIGNING)
        return hashlib.sha256(kept.encode()).hexdigest()[:12]

    @property
    def full_number(self) -> str:
        symbol = f"BC-{self.unit.abbreviation}" if self.unit.abbreviation else "BC"
        return document_number(self.number, symbol) if self.number else f"…/{symbol}"

    def text_of(self, place: int) -> str:
        return self.texts.get(str(place), {}).get("text", "")

    def version_of(self, place: int) -> int:
        return self.texts.get(str(place), {}).get("version", 0)

    def missing_for_submit(self, today: date) -> list[tuple[str, str]]:
        """(place on the page, sentence) of what stops the submission; empty means ready."""
        missing = [
            (f"muc-{place}", f"Chưa viết «{part.title}».")
            for place, part in enumerate(self.round.parts)
            if part.must_be_written and not self.text_of(place).strip()
        ]
        if not self.signer_name:
            missing.append(("the-thuc", "Chưa ghi người ký."))
        if self.signed_on and self.signed_on > today:
            missing.append(("the-thuc", f"Ngày ký {self.signed_on:%d/%m/%Y} ở tương lai."))
        return missing


class ReportVersion(models.Model):
    """The report as it was handed in at one moment: every word and figure, for ever."""

    report = models.ForeignKey(PeriodicReport, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("lần")
    paper = models.JSONField("văn bản")
    sources = models.JSONField("nguồn số liệu", default=list)
    texts = models.JSONField("nội dung tự viết", default=dict)
    sha256 = models.CharField("SHA-256", max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người nộp", on_delete=models.PROTECT,
        related_name="report_versions",
    )  # fmt: skip
    at = models.DateTimeField("nộp lúc")

    class Meta:
        verbose_name = "lần nộp báo cáo"
        verbose_name_plural = "các lần nộp báo cáo"
        ordering = ["report", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"],
                name="report_version_once",
                violation_error_message="Báo cáo vừa được nộp; hãy mở lại trang.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report} (lần {self.number})"
