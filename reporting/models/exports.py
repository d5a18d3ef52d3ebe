"""Files that leave the portal: one durable row per file asked for, from queue to finished file."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from edudx.lib.locking import LockingQuerySet
from reporting.models import export_filters
from reporting.workflow import EXPORT_TRANSITIONS, ExportState
from schools.models import OrgUnit, User
from schools.permissions import Permission

LEASE = timedelta(seconds=settings.EXPORT_LEASE_SECONDS)
MAX_ATTEMPTS = 3


class ExportQuerySet(LockingQuerySet["Export"]):
    def visible_to(self, user: User) -> "ExportQuerySet":
        """Those about the person's part of the tree: a file shows no more than its unit may see.
        A private one, of a draft, only its own person.
        """
        mine = Q(is_private=False) | Q(requested_by=user.pk)
        return self.filter(user.scope("unit__path"), mine)

    def claimable(self) -> "ExportQuerySet":
        """Waiting, or running with a lease that nobody renewed."""
        now = timezone.now()
        return self.filter(
            Q(state=Export.State.QUEUED) | Q(state=Export.State.RUNNING, lease_until__lt=now)
        )

    def claim(self, pk: int) -> "Export | None":
        """Take the job in one atomic UPDATE; None when another worker has it or it is finished."""
        taken = (
            self.claimable()
            .filter(pk=pk, attempts__lt=MAX_ATTEMPTS)
            .take(
                "claim",
                lease_until=timezone.now() + LEASE,
                attempts=F("attempts") + 1,
                started_at=timezone.now(),
                done_steps=0,
            )
        )
        return self.get(pk=pk) if taken else None


class Export(models.Model):
    """A job and its file. The row is made in the request's transaction and never hangs for ever."""

    State = ExportState
    transitions = EXPORT_TRANSITIONS

    class Format(models.TextChoices):
        XLSX = "xlsx", "Excel"
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"

    report = models.CharField("loại tệp", max_length=40, choices=export_filters.FileKind)
    format = models.CharField("định dạng", max_length=4, choices=Format)
    unit = models.ForeignKey(
        OrgUnit, verbose_name="phạm vi", on_delete=models.PROTECT, related_name="exports"
    )
    filters = models.JSONField("bộ lọc", default=dict)
    title = models.CharField("tên", max_length=250)
    notice = models.CharField("lưu ý", max_length=200, blank=True)
    is_private = models.BooleanField("chỉ người yêu cầu xem", default=False)
    state = models.CharField("trạng thái", max_length=7, choices=State, default=State.QUEUED)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người yêu cầu",
        on_delete=models.PROTECT,
        related_name="exports",
    )
    requested_at = models.DateTimeField("yêu cầu lúc", auto_now_add=True)
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    finished_at = models.DateTimeField("xong lúc", null=True, blank=True)
    lease_until = models.DateTimeField("giữ việc đến", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0)
    done_steps = models.PositiveIntegerField("số bước đã xong", default=0)
    total_steps = models.PositiveIntegerField("tổng số bước", default=0)
    doing = models.CharField("đang làm", max_length=100, blank=True)
    unit_count = models.PositiveIntegerField("số đơn vị", default=0)
    fault = models.CharField("lỗi", max_length=300, blank=True)
    file = models.FileField("tệp", upload_to="exports/%Y/%m/", max_length=200, blank=True)
    file_name = models.CharField("tên tệp", max_length=200, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)

    objects = ExportQuerySet.as_manager()
    event_needs = Permission.EXPORT

    class Meta:
        verbose_name = "tệp xuất"
        verbose_name_plural = "tệp xuất"
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["state", "lease_until"], name="export_to_sweep")]
        constraints = [
            models.CheckConstraint(
                name="done_export_has_its_file",
                violation_error_message="Tệp đã lập xong phải có nội dung.",
                condition=~Q(state="done") | ~Q(file="") & Q(finished_at__isnull=False),
            ),
            models.CheckConstraint(
                name="failed_export_says_why",
                violation_error_message="Tệp không lập được phải ghi lý do.",
                condition=~Q(state="failed") | ~Q(fault=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reporting:export", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.unit.path

    @property
    def asked_for(self) -> export_filters.Filters:
        """`filters` as the record of its kind. FiltersUnreadable when they say something else."""
        return export_filters.read(self.report, self.filters)

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def is_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_finished(self) -> bool:
        return self.is_done or self.is_failed

    @property
    def percent(self) -> int:
        return self.done_steps * 100 // self.total_steps if self.total_steps else 0
