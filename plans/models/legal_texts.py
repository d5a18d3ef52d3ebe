"""Văn bản căn cứ: the legal texts that plans cite."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from edudx.lib.vietnamese import search_words
from schools.models import DocumentVersion, OrgUnit, User
from schools.permissions import Permission


class LegalTextQuerySet(LockingQuerySet["LegalText"]):
    def visible_to(self, user: User) -> "LegalTextQuerySet":
        """Texts for all, and those of the person's own province."""
        codes = {hat.unit.department_code for hat in user.hats}
        return self.filter(Q(owner=None) | Q(owner__code__in=codes))

    def search(self, text: str) -> "LegalTextQuerySet":
        found = self
        for word in search_words(text):
            found = found.filter(search_text__contains=word)
        return found


class LegalText(models.Model):
    """One text: số/ký hiệu, ngày, cơ quan, trích yếu; in force until another replaces it."""

    number = models.CharField("số, ký hiệu", max_length=60)
    issued_on = models.DateField("ngày ban hành")
    issuer = models.CharField("cơ quan ban hành", max_length=150)
    summary = models.CharField("trích yếu", max_length=600)
    link = models.URLField("đường dẫn", max_length=500, blank=True)
    file = models.ForeignKey(
        DocumentVersion,
        verbose_name="bản đính kèm",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_texts",
    )
    replaced_by = models.ForeignKey(
        "self",
        verbose_name="được thay thế bởi",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaces",
    )
    ended_on = models.DateField("hết hiệu lực từ", null=True, blank=True)
    owner = models.ForeignKey(
        OrgUnit,
        verbose_name="Sở",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="legal_texts",
        help_text="Để trống với văn bản dùng chung; văn bản của một tỉnh ghi Sở của tỉnh đó.",
    )
    source = models.CharField("nơi dẫn", max_length=200, blank=True)
    search_text = SearchTextField(of=("number", "issuer", "summary"), max_length=900)
    history = HistoricalRecords(excluded_fields=["search_text", "file"])  # a file has its event

    objects = LegalTextQuerySet.as_manager()
    event_needs = Permission.LEGAL_MANAGE  # the administrator keeps them and reads no plans

    class Meta:
        verbose_name = "văn bản căn cứ"
        verbose_name_plural = "văn bản căn cứ"
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["number", "issued_on"],
                name="legal_text_once",
                violation_error_message="Văn bản này đã có trong danh mục.",
            ),
            models.CheckConstraint(
                name="legal_text_does_not_replace_itself",
                condition=Q(replaced_by=None) | ~Q(replaced_by=F("pk")),
                violation_error_message="Một văn bản không thể thay thế chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} ngày {self.issued_on:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("plans:legal_text", args=[self.pk])

    @property
    def event_path(self) -> str | None:
        return self.owner.path if self.owner else None

    def is_in_force(self, on: date | None = None) -> bool:
        ended = self.ended_on is not None and (on is None or self.ended_on <= on)
        return not ended and self.replaced_by_id is None

    def may_be_changed_by(self, user: User) -> bool:
        """A text for all by whoever keeps national things, a province's by its Sở."""
        return user.can_keep(Permission.LEGAL_MANAGE, self.owner)

    @property
    def citation(self) -> str:
        """As a plan cites it: «Thông tư số 42/2021/TT-BGDĐT ngày 30/12/2021 của Bộ …»."""
        return f"{self.number} ngày {self.issued_on:%d/%m/%Y} của {self.issuer}: {self.summary}"
