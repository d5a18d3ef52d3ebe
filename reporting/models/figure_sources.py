"""Where the actual of a target comes from, when nobody typed it."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from plans.models import TargetActual
from reporting.models.closings import Closing
from reporting.models.sheets import SheetVersion


class FigureSourceQuerySet(models.QuerySet):
    def of_now(self) -> "FigureSourceQuerySet":
        """Those of actuals as they stand: whatever was written over one has no source here."""
        return self.filter(figure_version=F("actual__version"))


class FigureSource(models.Model):
    """One version of a target's actual, taken from a hand-in or from an approved closing.

    A version of an actual without such a row was typed by hand, and nothing writes over it.
    """

    actual = models.ForeignKey(TargetActual, on_delete=models.PROTECT, related_name="sources")
    figure_version = models.PositiveIntegerField("lần ghi")
    sheet_version = models.ForeignKey(
        SheetVersion, verbose_name="lần nộp", on_delete=models.PROTECT, null=True, blank=True,
        related_name="figure_sources",
    )  # fmt: skip
    closing = models.ForeignKey(
        Closing, verbose_name="lần chốt", on_delete=models.PROTECT, null=True, blank=True,
        related_name="figure_sources",
    )  # fmt: skip

    objects = FigureSourceQuerySet.as_manager()

    class Meta:
        verbose_name = "nguồn của kết quả chỉ tiêu"
        verbose_name_plural = "nguồn của kết quả chỉ tiêu"
        ordering = ["actual", "figure_version"]
        constraints = [
            models.UniqueConstraint(
                fields=["actual", "figure_version"],
                name="figure_source_once_a_version",
                violation_error_message="Nguồn của số này đã được ghi.",
            ),
            models.CheckConstraint(
                name="figure_source_is_one",
                condition=Q(sheet_version=None) ^ Q(closing=None),
                violation_error_message="Một số lấy từ một lần nộp hoặc một lần chốt.",
            ),
        ]

    def __str__(self) -> str:
        """«Số liệu đầu năm, nộp lần 2 ngày 05/09/2026»."""
        if one := self.sheet_version:
            on = timezone.localtime(one.at)
            return f"{one.sheet.request}, nộp lần {one.number} ngày {on:%d/%m/%Y}"
        if last := self.closing:
            on = timezone.localtime(last.approved_at)
            return f"{last.request}, chốt lần {last.number}, duyệt ngày {on:%d/%m/%Y}"
        return "chưa rõ nguồn"
