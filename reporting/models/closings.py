"""The closed figures of an office: totals and the versions they are made of."""

from django.conf import settings
from django.db import models

from edudx.lib.locking import LockingQuerySet
from reporting.models.requests import DataRequest
from schools.models import OrgUnit
from schools.permissions import Permission


class Closing(models.Model):
    """Chốt số liệu: an office's roll-up, frozen with the versions it was made of."""

    request = models.ForeignKey(DataRequest, on_delete=models.PROTECT, related_name="closings")
    office = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="closings"
    )
    number = models.PositiveSmallIntegerField("lần chốt")
    versions = models.JSONField("các lần nộp đã gộp", default=list)
    totals = models.JSONField("số tổng hợp", default=dict)
    sha256 = models.CharField("SHA-256", max_length=64)
    reason = models.TextField("lý do chốt khi còn thiếu", blank=True)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người chốt", on_delete=models.PROTECT,
        related_name="prepared_closings",
    )  # fmt: skip
    prepared_at = models.DateTimeField("chốt lúc")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người duyệt", on_delete=models.PROTECT,
        null=True, blank=True, related_name="approved_closings",
    )  # fmt: skip
    approved_at = models.DateTimeField("duyệt lúc", null=True, blank=True)

    event_needs = Permission.DATA_VIEW

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = "lần chốt số liệu"
        verbose_name_plural = "các lần chốt số liệu"
        ordering = ["request", "office", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "office", "number"],
                name="closing_once",
                violation_error_message="Số liệu vừa được chốt; hãy mở lại trang.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.office} (lần {self.number})"

    @property
    def event_path(self) -> str:
        return self.office.path
