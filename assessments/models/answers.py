"""What a file holds for each criterion: answer, evidence, review, comments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments import scoring
from edudx.lib import clock
from edudx.lib.vietnamese import number
from schools.models import DocumentVersion

from .sets import Criterion


class Answer(models.Model):
    """What the school says of one criterion. `points` is the effective score, kept for reports."""

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.PROTECT, related_name="answers"
    )
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="answers")
    entered_points = models.DecimalField(
        "điểm nhập", max_digits=6, decimal_places=2, null=True, blank=True
    )
    met = models.BooleanField("có / đạt", null=True, blank=True)
    numerator = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    denominator = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    count = models.DecimalField("số lượng", max_digits=12, decimal_places=2, null=True, blank=True)
    is_not_applicable = models.BooleanField("không áp dụng", default=False)
    not_applicable_reason = models.CharField("lý do không áp dụng", max_length=500, blank=True)
    note = models.TextField("ghi chú", blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True, editable=False)
    certified_points = models.DecimalField(
        max_digits=6, decimal_places=2, null=True, editable=False
    )
    certified_met = models.BooleanField(null=True, editable=False)
    is_carried_over = models.BooleanField("chưa rà soát lại", default=False)
    is_reopened = models.BooleanField("được mở lại", default=False)
    version = models.PositiveIntegerField(default=0)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="answers"
    )
    updated_at = clock.MomentField(auto_now=True)
    known_reviews: list["Review"]  # given by `with_proof`

    class Meta:
        verbose_name = "kết quả tự đánh giá"
        verbose_name_plural = "kết quả tự đánh giá"
        ordering = ["assessment", "criterion__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "criterion"],
                name="answer_once",
                violation_error_message="Người khác vừa ghi tiêu chí này; hãy mở lại trang.",
            ),
            models.CheckConstraint(
                name="part_not_above_whole",
                condition=Q(numerator=None)
                | Q(denominator=None)
                | Q(numerator__lte=F("denominator")),
                violation_error_message="Tử số không được lớn hơn mẫu số.",
            ),
            models.CheckConstraint(
                name="answer_numbers_not_negative",
                condition=(Q(entered_points=None) | Q(entered_points__gte=0))
                & (Q(numerator=None) | Q(numerator__gte=0))
                & (Q(denominator=None) | Q(denominator__gte=0))
                & (Q(count=None) | Q(count__gte=0)),
                violation_error_message="Số liệu không được âm.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion.code}: {self.points}"

    @property
    def value(self) -> scoring.Answer:
        """As arithmetic sees it; «không áp dụng» without its reason says nothing yet."""
        if self.is_not_applicable and not self.not_applicable_reason:
            return scoring.NOTHING
        return scoring.Answer(
            points=self.entered_points,
            met=self.met,
            numerator=self.numerator,
            denominator=self.denominator,
            count=self.count,
            is_not_applicable=self.is_not_applicable,
        )

    @property
    def review(self) -> "Review | None":
        """The office's word that counts now."""
        if not hasattr(self, "known_reviews"):
            return self.reviews.filter(superseded_at=None).first()
        return next((one for one in self.known_reviews if one.superseded_at is None), None)

    @property
    def flag(self) -> "Review | None":
        """Why a criterion was opened again: in sight until the file is resubmitted."""
        return self._last_flag if self.is_reopened else None

    @property
    def completed_flag(self) -> "Review | None":
        """What the office had asked for and the school has answered; not yet looked at again."""
        return self._last_flag if not self.is_reopened and self.review is None else None

    @property
    def _last_flag(self) -> "Review | None":
        flags = [one for one in self.known_reviews if one.decision == Review.Decision.FLAG]
        return flags[-1] if flags else None

    @property
    def reviewed_value(self) -> scoring.Answer:
        review = self.review
        if review and review.decision == Review.Decision.CHANGE:
            return scoring.Answer(points=review.points, met=review.met)
        return self.value


class Evidence(models.Model):
    """A document's version, as proof of one criterion."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="evidence")
    version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="evidence")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    added_at = clock.MomentField(auto_now_add=True)

    class Meta:
        verbose_name = "minh chứng"
        verbose_name_plural = "minh chứng"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "version"],
                name="evidence_once",
                violation_error_message="Tài liệu này đã là minh chứng của tiêu chí.",
            )
        ]

    def __str__(self) -> str:
        return str(self.version.document)


class Review(models.Model):
    """The office's word on one criterion. A later word supersedes it; none is deleted."""

    class Decision(models.TextChoices):
        ACCEPT = "accept", "Giữ điểm"
        CHANGE = "change", "Sửa điểm"
        FLAG = "flag", "Cần bổ sung"

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="reviews")
    decision = models.CharField("quyết định", max_length=6, choices=Decision)
    points = models.DecimalField("điểm thẩm định", max_digits=6, decimal_places=2, null=True)
    met = models.BooleanField("đạt", null=True)
    reason = models.TextField("lý do", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )
    at = clock.MomentField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "thẩm định tiêu chí"
        verbose_name_plural = "thẩm định tiêu chí"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"],
                condition=Q(superseded_at=None),
                name="one_current_review",
                violation_error_message="Người khác vừa thẩm định tiêu chí này; hãy mở lại trang.",
            ),
            models.CheckConstraint(
                name="change_and_flag_say_why",
                condition=Q(decision="accept") | ~Q(reason=""),
                violation_error_message="Sửa điểm hoặc yêu cầu bổ sung phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()

    @property
    def outcome(self) -> str:
        """What a change made of it: «7,5 điểm» or, of a condition, «đạt»."""
        if self.points is not None:
            return f"{number(self.points)} điểm"
        return {True: "đạt", False: "chưa đạt", None: ""}[self.met]

    @property
    def is_flag(self) -> bool:
        return self.decision == self.Decision.FLAG

    @property
    def is_change(self) -> bool:
        return self.decision == self.Decision.CHANGE


class Comment(models.Model):
    """A remark on a criterion: among the reviewers, or open to the school. Never deleted."""

    assessment = models.ForeignKey(
        "assessments.Assessment", on_delete=models.PROTECT, related_name="comments"
    )
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField("nội dung", max_length=2000)
    is_internal = models.BooleanField("nội bộ cơ quan thẩm định", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    at = clock.MomentField(auto_now_add=True)

    class Meta:
        verbose_name = "trao đổi"
        verbose_name_plural = "trao đổi"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


def with_proof(answers: models.QuerySet) -> models.QuerySet:
    """Answers with their criterion, evidence and current review, in three queries."""
    return answers.select_related("criterion", "updated_by").prefetch_related(
        models.Prefetch(
            "evidence", Evidence.objects.select_related("version", "version__document")
        ),
        models.Prefetch(
            "reviews",
            Review.objects.filter(
                Q(superseded_at=None) | Q(decision=Review.Decision.FLAG)
            ).select_related("by"),
            to_attr="known_reviews",
        ),
    )
