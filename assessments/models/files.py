"""A school's file in a campaign."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from assessments import scoring
from assessments.workflow import (
    ASSESSMENT_TRANSITIONS,
    EDITABLE,
    OFFICE_LABELS,
    OWN_STEPS,
    TURN,
    AssessmentState,
)
from edudx.lib.locking import LockingQuerySet
from plans.models import Assignment
from plans.workflow import AssignmentState
from schools.models import DocumentVersion, Event, OrgUnit, User
from schools.permissions import Permission

from .answers import Answer, with_proof
from .campaigns import Campaign, CertifyingRule
from .sets import Criterion, IndicatorSet


class AssessmentQuerySet(LockingQuerySet["Assessment"]):
    def visible_to(self, user: User) -> "AssessmentQuerySet":
        """By the school's place now and by its place on the day the campaign opened."""
        return self.filter(user.scope("unit_path") | user.scope("unit__path"))

    def certifiable_by(self, user: User) -> "AssessmentQuerySet":
        """Files whose certifier is the unit of one of the user's hats: its office, or the Sở where
        the province's CertifyingRule says so. Which of them are ready is another question.
        """
        found = Q(pk__in=[])
        for hat in user.hats:
            if not user.can_in(Permission.ASSESSMENT_CERTIFY, hat.unit):
                continue
            types = CertifyingRule.types_of_the_department(hat.unit)
            own, taken_up = Q(office=hat.unit), Q(unit__school_type__in=types)
            if hat.unit.kind == OrgUnit.Kind.DEPARTMENT:
                found |= own | taken_up & Q(office__path__startswith=hat.unit.path)
            else:
                found |= own & ~taken_up
        return self.filter(found)

    def counted(self) -> "AssessmentQuerySet":
        """What a round expects: everything but what was withdrawn from a school that closed."""
        return self.exclude(assignment__state=AssignmentState.WITHDRAWN)

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
    transitions = ASSESSMENT_TRANSITIONS

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
    event_needs = Permission.ASSESSMENT_VIEW

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
    def event_path(self) -> str:
        return self.unit_path

    @property
    def office_label(self) -> str:
        return OFFICE_LABELS[self.state]

    @property
    def turn(self) -> str:
        return "Không còn ai, đã rút" if self.is_withdrawn else TURN[self.state]

    @property
    def is_withdrawn(self) -> bool:
        """The school closed before it handed in: the file stays to read, nobody goes on with it."""
        return self.assignment.state == AssignmentState.WITHDRAWN

    @property
    def waits_for_head(self) -> bool:
        """Of the school itself: to approve and submit it."""
        return self.state == self.State.PREPARED

    @property
    def waits_for_review(self) -> bool:
        return self.state == self.State.SUBMITTED

    @property
    def is_returned(self) -> bool:
        return self.state == self.State.RETURNED

    @property
    def is_reviewed(self) -> bool:
        """Waits for the certificate."""
        return self.state == self.State.REVIEWED

    @property
    def is_certified(self) -> bool:
        return self.state == self.State.CERTIFIED

    @property
    def is_editable(self) -> bool:
        campaign = self.campaign
        is_running = campaign.is_open and campaign.has_begun
        return self.state in EDITABLE and is_running and not self.is_withdrawn

    @property
    def notice(self) -> str:
        return self.campaign.notice

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

    def was_written_by(self, user: User) -> bool:
        """The person, or their own unit, wrote it: they may not review or certify it."""
        return self.pk in written_by(user, [self])


def written_by(user: User, files: Collection[Assessment]) -> set[int]:
    """Which of these files the person, or their own unit, wrote; three queries for any number."""
    posts: dict[int, list[date]] = {}
    held = user.memberships.filter(unit__in=[one.unit_id for one in files])
    for unit, valid_to in held.values_list("unit", "valid_to"):
        posts.setdefault(unit, []).append(valid_to or date.max)
    answered = Answer.objects.filter(assessment__in=[one.pk for one in files], updated_by=user)
    steps = Event.objects.of_many(list(files)).filter(by=user, step__in=OWN_STEPS)
    found = set(answered.values_list("assessment", flat=True))
    found |= set(steps.values_list("subject_id", flat=True))
    for one in files:
        since = timezone.localtime(one.campaign.opens_at).date() - timedelta(days=1)
        is_theirs = any(valid_to >= since for valid_to in posts.get(one.unit_id, ()))
        if is_theirs or user.pk in (one.prepared_by_id, one.submitted_by_id):
            found.add(one.pk)
    return found


def load_answers(files: Iterable[Assessment]) -> list[Assessment]:
    """The files with all their answers, in the same number of queries for one and for many."""
    files = list(files)
    sets: dict[int, IndicatorSet] = {}
    for one in files:
        one.indicator_set = sets.setdefault(one.indicator_set_id, one.indicator_set)
    answers = models.Prefetch("answers", with_proof(Answer.objects.all()), to_attr="loaded_answers")
    models.prefetch_related_objects(files, answers)
    return files
