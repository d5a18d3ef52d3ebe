"""Mẫu Word: the frames of a Sở's documents, as its people have changed them in Word."""

from django.conf import settings
from django.db import models

from edudx.lib.locking import LockingQuerySet
from schools.models import OrgUnit, User
from schools.permissions import Permission


class WordFrameQuerySet(LockingQuerySet["WordFrame"]):
    def visible_to(self, user: User) -> "WordFrameQuerySet":
        """Of the person's own province."""
        return self.filter(department__code__in={hat.unit.department_code for hat in user.hats})

    def newest_of(self, unit: OrgUnit, form: str) -> "WordFrame | None":
        """In force for the unit's documents of this form; None: the frame of the portal."""
        found = self.filter(department__code=unit.department_code, form=form)
        last = found.order_by("number").last()
        return last if last and last.file else None


def storage_name(one: "WordFrame", filename: str) -> str:
    """By digest: no name from outside touches the disk."""
    return f"word-templates/{one.department_id}/{one.sha256}.docx"


class WordFrame(models.Model):
    """One version of one frame; without a file it says that the portal's own holds again."""

    class Form(models.TextChoices):
        REPORT = "report", "Báo cáo"
        PLAN = "plan", "Kế hoạch"
        DECISION = "decision", "Quyết định"
        LETTER = "letter", "Công văn"
        LIST = "list", "Danh mục"

    department = models.ForeignKey(
        OrgUnit, verbose_name="Sở", on_delete=models.PROTECT, related_name="word_frames"
    )
    form = models.CharField("loại văn bản", max_length=8, choices=Form)
    number = models.PositiveSmallIntegerField("phiên bản")
    file = models.FileField("tệp", upload_to=storage_name, max_length=200, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người tải lên", on_delete=models.PROTECT,
        related_name="word_frames",
    )  # fmt: skip
    at = models.DateTimeField("tải lên lúc", auto_now_add=True)

    objects = WordFrameQuerySet.as_manager()
    event_needs = Permission.FRAME_MANAGE

    class Meta:
        db_table = "reporting_wordtemplate"  # as it was called when its first rows were written
        verbose_name = "mẫu Word"
        verbose_name_plural = "mẫu Word"
        ordering = ["form", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "form", "number"],
                name="word_template_version_once",
                violation_error_message="Người khác vừa tải lên phiên bản này; hãy tải lại.",
            ),
        ]

    def __str__(self) -> str:
        return f"Mẫu {self.get_form_display()} (phiên bản {self.number})"

    @property
    def event_path(self) -> str:
        return self.department.path
