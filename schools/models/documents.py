"""A unit's filing cabinet: documents whose versions are never overwritten."""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from edudx.lib import clock
from edudx.lib.fields import SearchTextField, SortKeyField
from edudx.lib.locking import LockingQuerySet
from edudx.lib.text import one_line
from schools.permissions import ROLE_PERMISSIONS, Permission

from .people import User
from .units import OrgUnit


class DocumentQuerySet(LockingQuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Of the user's part of the tree, now or on the day a version was kept.

        Restricted ones only for roles that may read those.
        """
        then = DocumentVersion.objects.filter(user.scope("unit_path"))
        documents = self.filter(user.scope("unit__path") | Q(pk__in=then.values("document")))
        if any(Permission.DOCUMENT_VIEW in ROLE_PERMISSIONS[hat.role] for hat in user.hats):
            if user.can(Permission.DOCUMENT_RESTRICTED):
                return documents
            return documents.filter(is_restricted=False)
        return documents.none()

    def for_list(self) -> "DocumentQuerySet":
        newest = DocumentVersion.objects.filter(document=models.OuterRef("pk")).order_by("-number")
        return self.select_related("unit").annotate(
            newest_id=models.Subquery(newest.values("pk")[:1])
        )


class Document(models.Model):
    """One thing kept by a unit: a plan, a decision, a photo. Its content is in versions."""

    class Kind(models.TextChoices):
        PLAN = "plan", "Kế hoạch"
        DECISION = "decision", "Quyết định"
        REGULATION = "regulation", "Quy chế"
        MINUTES = "minutes", "Biên bản"
        REPORT = "report", "Báo cáo"
        LIST = "list", "Danh mục, danh sách"
        PICTURE = "picture", "Hình ảnh"
        OTHER = "other", "Khác"

    unit = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="documents"
    )
    title = models.CharField("tên tài liệu", max_length=200)
    kind = models.CharField("loại", max_length=12, choices=Kind, default=Kind.OTHER)
    is_restricted = models.BooleanField(
        "hạn chế",
        default=False,
        help_text="Có dữ liệu cá nhân: chỉ đơn vị và người thẩm định được xem.",
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người tạo",
        on_delete=models.PROTECT,
        related_name="documents",
    )
    created_at = clock.MomentField("tạo lúc", auto_now_add=True)
    search_text = SearchTextField(of=("title",), max_length=400)
    sort_key = SortKeyField(of=("title",), max_length=900)

    objects = DocumentQuerySet.as_manager()
    event_needs = Permission.DOCUMENT_VIEW

    class Meta:
        verbose_name = "tài liệu"
        verbose_name_plural = "tài liệu"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def save(self, *args, **kwargs) -> None:
        self.title = one_line(self.title)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("schools:document", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.unit.path

    @property
    def title_for_all(self) -> str:
        """For histories that more people read than the document: a restricted title is not said."""
        return "một tài liệu hạn chế" if self.is_restricted else f"«{self.title}»"

    @property
    def newest(self) -> "DocumentVersion":
        return self.versions.latest("number")


def storage_name(version: "DocumentVersion", filename: str) -> str:
    """Where the bytes lie: by unit and digest, so that no name from outside touches the disk."""
    return f"documents/{version.document.unit_id}/{version.sha256[:2]}/{version.sha256}"


class DocumentVersionQuerySet(LockingQuerySet["DocumentVersion"]):
    def with_digest(self, digests: Collection[str]) -> "DocumentVersionQuerySet":
        """Of a file with one of these SHA-256, as it came or as it is kept."""
        return self.filter(Q(sha256__in=digests) | Q(sent_sha256__in=digests))

    def visible_to(self, user: User) -> "DocumentVersionQuerySet":
        """An office that the unit has left keeps what was handed in to it, and sees no more."""
        here = user.scope("document__unit__path") | user.scope("unit_path")
        return self.filter(here, document__in=Document.objects.visible_to(user))


class DocumentVersion(models.Model):
    """One state of a document: a file or a link, with the number and date of the proof it is."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("phiên bản")
    unit_path = models.CharField("vị trí trong cây khi lưu", max_length=250, db_index=True)
    official_number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    proof_on = models.DateField("ngày của minh chứng", null=True, blank=True)
    file = models.FileField("tệp", upload_to=storage_name, max_length=200, blank=True)
    link = models.URLField("đường dẫn", max_length=500, blank=True)
    file_name = models.CharField("tên tệp", max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField("dung lượng", default=0)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, db_index=True)
    sent_sha256 = models.CharField(
        "SHA-256 của tệp gửi lên",
        max_length=64,
        blank=True,
        db_index=True,
        help_text="Chỉ ghi khi cổng đã đổi tệp trước khi lưu.",
    )
    changes = models.CharField("cổng đã đổi gì ở tệp", max_length=200, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="uploads"
    )
    uploaded_at = clock.MomentField("tải lên lúc", auto_now_add=True)

    objects = DocumentVersionQuerySet.as_manager()

    class Meta:
        verbose_name = "phiên bản tài liệu"
        verbose_name_plural = "phiên bản tài liệu"
        ordering = ["document", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="version_number_once",
                violation_error_message="Người khác vừa thêm phiên bản mới; hãy mở lại trang.",
            ),
            models.CheckConstraint(
                name="file_or_link",
                condition=Q(file="") & ~Q(link="") | ~Q(file="") & Q(link=""),
                violation_error_message="Chọn một tệp hoặc ghi một đường dẫn, không cả hai.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} (bản {self.number})"

    def get_absolute_url(self) -> str:
        return self.link or reverse("schools:document_file", args=[self.pk])

    @property
    def can_be_shown(self) -> bool:
        """Browsers show these in place."""
        return self.content_type in ("application/pdf", "image/png", "image/jpeg", "image/webp")
