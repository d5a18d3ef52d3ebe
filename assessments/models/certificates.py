"""Decisions of recognition and the certificates they give, each over an immutable snapshot."""

import hashlib
import json

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from edudx.lib import clock
from edudx.lib.fields import SearchTextField, SortKeyField, once_a_year
from edudx.lib.locking import LockingQuerySet
from edudx.lib.vietnamese import document_number, search_words
from schools.models import OrgUnit, User
from schools.permissions import Permission

from .campaigns import Campaign
from .files import Assessment


class DecisionQuerySet(LockingQuerySet["Decision"]):
    def visible_to(self, user: User) -> "DecisionQuerySet":
        """Issued in the person's part of the tree, or certifying a school there."""
        schools = Certificate.objects.filter(
            user.scope("assessment__unit_path") | user.scope("assessment__unit__path")
        )
        return self.filter(user.scope("issuer__path") | Q(pk__in=schools.values("decision")))


class Decision(models.Model):
    """A Quyết định công nhận over one or many schools: số, ngày, người ký."""

    class Authority(models.TextChoices):
        NONE = "", "(không có)"
        TM = "TM.", "TM. (thay mặt)"
        KT = "KT.", "KT. (ký thay cấp trưởng)"
        TL = "TL.", "TL. (thừa lệnh)"
        TUQ = "TUQ.", "TUQ. (thừa ủy quyền)"

    campaign = models.ForeignKey(
        Campaign, verbose_name="đợt đánh giá", on_delete=models.PROTECT, related_name="decisions"
    )
    issuer = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị ban hành", on_delete=models.PROTECT, related_name="decisions"
    )
    superior_line = models.CharField("cơ quan chủ quản", max_length=200, blank=True)
    issuer_line = models.CharField("cơ quan ban hành", max_length=200)
    number = models.CharField("số", max_length=20)
    symbol = models.CharField("ký hiệu", max_length=40, help_text="Ví dụ: QĐ-PGDĐT")
    signed_on = models.DateField("ngày ký")
    authority = models.CharField("quyền hạn ký", max_length=4, choices=Authority, blank=True)
    head_post = models.CharField(
        "chức vụ người đứng đầu", max_length=80, help_text="Ví dụ: TRƯỞNG PHÒNG"
    )
    signer_post = models.CharField("chức vụ người ký", max_length=80, blank=True)
    signer_name = models.CharField("người ký", max_length=120)
    search_text = SearchTextField(of=("full_number", "signer_name"), max_length=250)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người lập",
        on_delete=models.PROTECT,
        related_name="decisions",
    )
    created_at = clock.MomentField("lập lúc", auto_now_add=True)

    objects = DecisionQuerySet.as_manager()
    event_needs = Permission.ASSESSMENT_VIEW

    class Meta:
        verbose_name = "quyết định công nhận"
        verbose_name_plural = "quyết định công nhận"
        ordering = ["-signed_on", "-pk"]
        constraints = [
            once_a_year(
                "issuer",
                "number",
                "symbol",
                on="signed_on",
                name="decision_number_once_a_year",
                sentence="Số quyết định này đã dùng trong năm.",
            )
        ]

    def __str__(self) -> str:
        return f"Quyết định số {self.full_number}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:decision", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.issuer.path

    def may_be_read_whole_by(self, user: User) -> bool:
        """The issuer's side reads it at once; a school when the results of all are published."""
        if Decision.objects.filter(user.scope("issuer__path"), pk=self.pk).exists():
            return True
        return not self.certificates.filter(published_at=None).exists()

    @property
    def full_number(self) -> str:
        return document_number(self.number, self.symbol)


class CertificateQuerySet(LockingQuerySet["Certificate"]):
    def public(self) -> "CertificateQuerySet":
        """What anyone may see: published certificates, withdrawn ones included and marked."""
        return self.exclude(published_at=None)

    def in_force(self) -> "CertificateQuerySet":
        return self.filter(withdrawn_at=None)

    def search(self, text: str) -> "CertificateQuerySet":
        """Every word of the text in the names of the decision or in those of today."""
        found = self
        for word in search_words(text):
            now = Q(assessment__unit__search_text__contains=word)
            found = found.filter(Q(search_text__contains=word) | now)
        return found


class Certificate(models.Model):
    """A school's recognised levels: canonical JSON of everything they rest on, and its SHA-256.

    What the school and its office were called on the day of the decision stays so for ever.
    """

    decision = models.ForeignKey(
        Decision, verbose_name="quyết định", on_delete=models.PROTECT, related_name="certificates"
    )
    assessment = models.ForeignKey(
        Assessment, verbose_name="hồ sơ", on_delete=models.PROTECT, related_name="certificates"
    )
    edition = models.PositiveSmallIntegerField("lần", default=1)
    unit_name = models.CharField("tên trường trong quyết định", max_length=200)
    unit_short_name = models.CharField("tên ngắn khi công nhận", max_length=100)
    unit_type = models.CharField("loại trường khi công nhận", max_length=14)
    unit_place = models.CharField("địa danh khi công nhận", max_length=80)
    office_name = models.CharField("đơn vị quản lý khi công nhận", max_length=200)
    search_text = SearchTextField(of=("unit_name", "unit_short_name", "unit_place"), max_length=500)
    sort_key = SortKeyField(of=("unit_short_name",), max_length=700)
    place_key = SortKeyField(of=("unit_place",), max_length=500)
    snapshot = models.TextField("bản chụp")
    sha256 = models.CharField("SHA-256", max_length=64)
    issued_at = clock.MomentField("cấp lúc", auto_now_add=True)
    published_at = models.DateTimeField("công bố lúc", null=True, blank=True)
    withdrawn_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    withdrawn_reason = models.TextField("lý do thu hồi", blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = "công nhận"
        verbose_name_plural = "công nhận"
        ordering = ["assessment", "edition"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "edition"],
                name="certificate_edition_once",
                violation_error_message="Hồ sơ này vừa được công nhận; hãy mở lại trang.",
            ),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=Q(withdrawn_at=None),
                name="one_certificate_in_force",
                violation_error_message="Đơn vị đã có mức độ còn hiệu lực trong đợt này.",
            ),
            models.CheckConstraint(
                name="withdrawal_says_why",
                violation_error_message="Thu hồi công nhận phải ghi lý do.",
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} (lần {self.edition})"

    def is_intact(self) -> bool:
        return hashlib.sha256(self.snapshot.encode()).hexdigest() == self.sha256

    @property
    def facts(self) -> dict:
        return json.loads(self.snapshot)

    @property
    def now_called(self) -> str:
        """What the school is called today, where that is no longer the name of the decision."""
        name = self.assessment.unit.name
        return name if name != self.unit_name else ""

    @property
    def type_label(self) -> str:
        return OrgUnit.SchoolType(self.unit_type).label

    def public_url(self) -> str:
        unit, campaign = self.assessment.unit, self.assessment.campaign
        return reverse("public:school", args=[campaign.code, unit.code])


class CertificateLine(models.Model):
    """The recognised points and level of one group."""

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="lines")
    group_code = models.CharField("mã nhóm", max_length=10)
    group_title = models.CharField("nhóm", max_length=300)
    points = models.DecimalField("điểm", max_digits=6, decimal_places=2)
    level = models.PositiveSmallIntegerField("mức")

    class Meta:
        ordering = ["certificate", "group_code"]
        indexes = [models.Index(fields=["group_code", "level"], name="certificate_level")]
        constraints = [
            models.UniqueConstraint(
                fields=["certificate", "group_code"],
                name="line_once",
                violation_error_message="Nhóm tiêu chí này đã có trong kết quả công nhận.",
            ),
            models.CheckConstraint(
                name="level_1_to_3",
                violation_error_message="Mức độ chỉ từ 1 đến 3.",
                condition=Q(level__in=[1, 2, 3]),
            ),
        ]

    def __str__(self) -> str:
        return f"Nhóm {self.group_code}: mức {self.level}"
