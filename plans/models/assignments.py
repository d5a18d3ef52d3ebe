"""The spine: one assignment per unit and task, with its own state, due instant and lateness."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from edudx.lib import deadlines
from edudx.lib.locking import LockingQuerySet
from plans.models import lateness
from plans.models.tasks import Task
from plans.workflow import ASSIGNMENT_TRANSITIONS, REVIEWED_BY_ISSUER, UNFINISHED, AssignmentState
from schools.models import OrgUnit, User
from schools.permissions import Permission


class AssignmentQuerySet(LockingQuerySet["Assignment"]):
    def visible_to(self, user: User) -> "AssignmentQuerySet":
        """By the unit's place now and by its place on the day the task was given."""
        return self.filter(user.scope("unit_path") | user.scope("unit__path"))

    def below(self, path: str) -> "AssignmentQuerySet":
        """Of one part of the tree, by the unit's place now and when the task was given."""
        return self.filter(Q(unit_path__startswith=path) | Q(unit__path__startswith=path))

    def handed_in(self) -> "AssignmentQuerySet":
        return self.exclude(handed_in_at=None)

    def late(self, now: datetime | None = None) -> "AssignmentQuerySet":
        """Handed in after the due instant, or still not handed in after it. For ever."""
        still = lateness.overdue(now=now) & ~Q(state=AssignmentState.WITHDRAWN)
        return self.filter(lateness.late() | still)

    def counted(self) -> "AssignmentQuerySet":
        """What a board expects: everything but what was withdrawn."""
        return self.exclude(state=AssignmentState.WITHDRAWN)

    def not_handed_in(self) -> "AssignmentQuerySet":
        return self.counted().filter(handed_in_at=None)

    def for_list(self) -> "AssignmentQuerySet":
        return self.select_related("task", "task__issuer", "task__plan", "unit")


class Assignment(models.Model):
    """One unit's row of a task: own state, own due instant, own lateness, for ever."""

    State = AssignmentState
    transitions = ASSIGNMENT_TRANSITIONS

    task = models.ForeignKey(
        Task, verbose_name="nhiệm vụ", on_delete=models.PROTECT, related_name="assignments"
    )
    unit = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="assignments"
    )
    unit_path = models.CharField("vị trí trong cây khi giao", max_length=250, db_index=True)
    given_at = models.DateTimeField("giao lúc", default=timezone.now)
    state = models.CharField(
        "trạng thái", max_length=10, choices=AssignmentState, default=AssignmentState.OPEN
    )
    due_at = models.DateTimeField("hạn")
    original_due_at = models.DateTimeField("hạn ban đầu")
    handed_in_at = models.DateTimeField("nộp lần đầu lúc", null=True, blank=True)
    last_handed_in_at = models.DateTimeField("nộp lần cuối lúc", null=True, blank=True)
    done_at = models.DateTimeField("hoàn thành lúc", null=True, blank=True)
    approved_at = models.DateTimeField("được duyệt lúc", null=True, blank=True)
    explanation = models.TextField("giải trình khi trễ hạn", blank=True)

    objects = AssignmentQuerySet.as_manager()
    event_needs = Permission.PLAN_VIEW

    class Meta:
        verbose_name = "nhiệm vụ của đơn vị"
        verbose_name_plural = "nhiệm vụ của các đơn vị"
        ordering = ["due_at", "pk"]
        indexes = [
            models.Index(fields=["unit", "state"], name="assignment_of_unit"),
            models.Index(fields=["state", "due_at"], name="assignment_to_remind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "unit"],
                name="assignment_once_per_unit",
                violation_error_message="Đơn vị đã được giao nhiệm vụ này.",
            ),
            models.CheckConstraint(
                name="done_only_after_hand_in",
                condition=Q(done_at=None) | Q(handed_in_at__isnull=False),
                violation_error_message="Chưa nộp thì chưa thể hoàn thành.",
            ),
            models.CheckConstraint(
                name="never_due_before_the_original_date",
                condition=Q(due_at__gte=F("original_due_at")),
                violation_error_message="Gia hạn không được sớm hơn hạn ban đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit}: {self.task}"

    def get_absolute_url(self) -> str:
        return reverse("plans:assignment", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.unit_path

    @property
    def must_be_approved_first(self) -> bool:
        """The issuer approves before the unit begins; nobody approves a unit's own work."""
        is_own = self.task.issuer_id == self.unit_id
        return self.task.needs_approval and not is_own and self.approved_at is None

    @property
    def is_extended(self) -> bool:
        return self.due_at != self.original_due_at

    @property
    def is_late(self) -> bool:
        return deadlines.is_late(self.handed_in_at or timezone.now(), self.due_at)

    @property
    def is_overdue(self) -> bool:
        """Late and still not handed in."""
        return self.is_late and not self.handed_in_at

    @property
    def days_late(self) -> int:
        return deadlines.days_late(self.handed_in_at or timezone.now(), self.due_at)

    @property
    def is_returned(self) -> bool:
        return self.state == AssignmentState.RETURNED

    @property
    def is_done(self) -> bool:
        return self.state == AssignmentState.DONE

    @property
    def is_under_review(self) -> bool:
        return self.state == AssignmentState.HANDED_IN

    @property
    def waits_for_issuer(self) -> bool:
        """It is the issuer's turn: to review, or to approve what was proposed."""
        return self.state in REVIEWED_BY_ISSUER

    @property
    def is_settled(self) -> bool:
        """It is nobody's turn any more."""
        return self.state not in UNFINISHED

    @property
    def timeliness(self) -> str:
        """«Đúng hạn», «Trễ 2 ngày», «Quá hạn 5 ngày» or nothing while there is still time."""
        if self.state == AssignmentState.WITHDRAWN:
            return ""
        if self.handed_in_at:
            return f"Trễ {self.days_late} ngày" if self.is_late else "Đúng hạn"
        return f"Quá hạn {self.days_late} ngày" if self.is_late else ""
