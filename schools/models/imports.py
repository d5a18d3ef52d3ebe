"""An uploaded workbook of units or people, between its dry run and its application."""

from django.conf import settings
from django.db import models

from edudx.lib.locking import LockingQuerySet
from schools.permissions import Permission

from .units import OrgUnit


class ImportBatch(models.Model):
    """One uploaded file; `applied_at` says that its dry run was carried out."""

    class Kind(models.TextChoices):
        UNITS = "units", "Đơn vị"
        PEOPLE = "people", "Người dùng"

    kind = models.CharField("nội dung", max_length=8, choices=Kind)
    file = models.FileField("tệp Excel", upload_to="imports/%Y/%m/")
    file_name = models.CharField("tên tệp", max_length=200)
    scope = models.ForeignKey(
        OrgUnit, verbose_name="phạm vi", on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người tải lên",
        on_delete=models.PROTECT,
        related_name="import_batches",
    )
    uploaded_at = models.DateTimeField("tải lên lúc", auto_now_add=True)
    applied_at = models.DateTimeField("áp dụng lúc", null=True, blank=True)

    event_needs = Permission.UNIT_MANAGE

    objects = LockingQuerySet.as_manager()

    class Meta:
        verbose_name = "lần nhập Excel"
        verbose_name_plural = "các lần nhập Excel"
        ordering = ["-uploaded_at"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def event_path(self) -> str | None:
        return self.scope.path if self.scope else None
