"""A school's file in a round: answers, evidence, review, comments."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from assessments import scoring
from assessments.workflow import EDITABLE, OFFICE_LABELS, OWN_STEPS, TURN, AssessmentState
from plans.models import Assignment
from schools.models import DocumentVersion, Event, OrgUnit

from .campaigns import Campaign
from .sets import Criterion, IndicatorSet


class AssessmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "AssessmentQuerySet":
        """By the school's place now and by its place on the day the round opened."""
        return self.filter(user.scope("unit_path") | user.scope("unit__path"))

    def for_list(self) -> "AssessmentQuerySet":
        return self.select_related("unit", "office", "assignment", "indicator_set", "campaign")

    def late(self) -> "AssessmentQuerySet":
        return self.filter(assignment__in=Assignment.objects.late())

    def oldest_first(self) -> "AssessmentQuerySet":
        """Waiting longest first; those not handed in last, by name."""
        return self.order_by(F("submitted_at").asc(nulls_last=True), "unit__sort_key", "pk")


class Assessment(models.Model):
    """One school's file in one campaign, tied one to one to its assignment."""

    State = AssessmentState

    campaign = models.ForeignKey(
        Campaign, verbose_name="đợt đánh giá", on_delete=models.PROTECT, related_name="assessments"
    )
    assignment = models.OneToOneField(
        Assignment,
        verbose_name="nhiệm vụ của đơn vị",
        on_delete=models.PROTECT,
        related_name="assessment",
    )
    unit = models.ForeignKey(
        OrgUnit, verbose_name="trường", on_delete=models.PROTECT, related_name="assessments"
    )
    unit_path = models.CharField("vị trí trong cây", max_length=250, db_index=True)
    office = models.ForeignKey(
        OrgUnit,
        verbose_name="đơn vị thẩm định",
        on_delete=models.PROTECT,
        related_name="assessments_to_review",
    )
    indicator_set = models.ForeignKey(
        IndicatorSet, verbose_name="bộ chỉ số", on_delete=models.PROTECT, related_name="assessments"
    )
    state = models.CharField(
        "trạng thái", max_length=10, choices=AssessmentState, default=AssessmentState.DRAFT
    )
    edition = models.PositiveSmallIntegerField("lần", default=1)
    self_results = models.JSONField("kết quả tự đánh giá khi trình", default=list)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người lập",
        on_delete=models.PROTECT,
        null=True,
        related_name="prepared_files",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name="người trình",
        on_delete=models.PROTECT,
        null=True,
        related_name="submitted_files",
    )
    submitted_at = models.DateTimeField("trình lúc", null=True, blank=True)
    minutes = models.ForeignKey(
        DocumentVersion,
        verbose_name="biên bản hội đồng tự đánh giá",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="minutes_of",
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "hồ sơ đánh giá"
        verbose_name_plural = "hồ sơ đánh giá"
        ordering = ["pk"]
        indexes = [models.Index(fields=["campaign", "state"], name="assessment_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "unit"],
                name="assessment_once_a_round",
                violation_error_message="Trường đã có hồ sơ trong đợt này.",
            ),
            models.CheckConstraint(
                name="reviewed_only_after_submission",
                condition=Q(state__in=["draft", "prepared"]) | Q(submitted_at__isnull=False),
                violation_error_message="Hồ sơ chưa trình thì chưa thể thẩm định.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.campaign}"

    def get_absolute_url(self) -> str:
        return reverse("assessments:assessment", args=[self.pk])

    @property
    def office_label(self) -> str:
        return OFFICE_LABELS[self.state]

    @property
    def turn(self) -> str:
        return TURN[self.state]

    @property
    def is_editable(self) -> bool:
        has_begun = self.campaign.opens_at <= timezone.now()
        return self.state in EDITABLE and self.campaign.is_open and has_begun

    @property
    def notice(self) -> str:
        return self.indicator_set.notice

    @cached_property
    def answers_by_code(self) -> dict[str, "Answer"]:
        """Answers with evidence and current review, by criterion code."""
        loaded = getattr(self, "loaded_answers", None)
        answers = with_proof(self.answers.all()) if loaded is None else loaded
        return {answer.criterion.code: answer for answer in answers}

    def self_answers(self) -> dict[str, scoring.Answer]:
        return {code: answer.value for code, answer in self.answers_by_code.items()}

    def reviewed_answers(self) -> dict[str, scoring.Answer]:
        """What counts after review: the reviewer's score where it was changed."""
        return {code: answer.reviewed_value for code, answer in self.answers_by_code.items()}

    def results(self) -> tuple[scoring.GroupResult, ...]:
        """The school's own groups, points and levels."""
        return scoring.results(self.indicator_set.rules, self.self_answers())

    def reviewed_results(self) -> tuple[scoring.GroupResult, ...]:
        return scoring.results(self.indicator_set.rules, self.reviewed_answers())

    def leaves(self) -> list[Criterion]:
        return [one for one in self.indicator_set.tree if one.is_leaf]

    def is_open(self, criterion: Criterion) -> bool:
        """May the school change this criterion now? After a return only what was flagged."""
        if not self.is_editable or not criterion.is_leaf:
            return False
        answer = self.answers_by_code.get(criterion.code)
        return self.submitted_at is None or bool(answer and answer.is_reopened)

    def was_written_by(self, user) -> bool:
        """The person, or their own unit, wrote it: they may not review or certify it."""
        since = timezone.localtime(self.campaign.opens_at).date()
        during = Q(valid_to=None) | Q(valid_to__gte=since)
        return (
            user.pk in (self.prepared_by_id, self.submitted_by_id)
            or user.memberships.filter(during, unit=self.unit_id).exists()
            or self.answers.filter(updated_by=user).exists()
            or Event.objects.about(self).filter(by=user, step__in=OWN_STEPS).exists()
        )


class Answer(models.Model):
    """What the school says of one criterion. `points` is the effective score, kept for reports."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
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
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "kết quả tự đánh giá"
        verbose_name_plural = "kết quả tự đánh giá"
        ordering = ["assessment", "criterion__position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="answer_once"),
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
    added_at = models.DateTimeField(auto_now_add=True)

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
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "thẩm định tiêu chí"
        verbose_name_plural = "thẩm định tiêu chí"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"], condition=Q(superseded_at=None), name="one_current_review"
            ),
            models.CheckConstraint(
                name="change_and_flag_say_why",
                condition=Q(decision="accept") | ~Q(reason=""),
                violation_error_message="Sửa điểm hoặc yêu cầu bổ sung phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_decision_display()


class Comment(models.Model):
    """A remark on a criterion: among the reviewers, or open to the school. Never deleted."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="comments")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField("nội dung", max_length=2000)
    is_internal = models.BooleanField("nội bộ cơ quan thẩm định", default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments"
    )
    at = models.DateTimeField(auto_now_add=True)

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


def load_answers(files: Iterable[Assessment]) -> list[Assessment]:
    """The files with all their answers, in the same number of queries for one and for many."""
    files, sets = list(files), {}
    for one in files:
        one.indicator_set = sets.setdefault(one.indicator_set_id, one.indicator_set)
    answers = models.Prefetch("answers", with_proof(Answer.objects.all()), to_attr="loaded_answers")
    models.prefetch_related_objects(files, answers)
    return files
