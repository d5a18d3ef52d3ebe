"""Who takes the steps of an office's files: its people one by one, or all of them in bulk.

Both leave the same rows, events and all: tests/test_demo.py compares them. A province of hundreds
of schools would take minutes by the verbs alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from assessments import scoring
from assessments.actions import certificates, files
from assessments.models import (
    Answer,
    Assessment,
    Decision,
    Review,
)
from assessments.workflow import AssessmentState as S
from edudx.demo.pen import Pen, accepted
from edudx.demo.tree import Province
from edudx.lib import clock, workflow
from plans.models import Assignment
from schools.models import Event, User
from schools.models.events import Subject, record, unsaved

READ = (S.RETURNED, S.REVIEWED, S.CERTIFIED)
INCOMPLETE = "Bổ sung minh chứng còn thiếu."


@dataclass
class Draft:
    """A school's file, how far it comes, and when; `answers` are what is typed into it."""

    file: Assessment
    state: str
    answers: list[Answer]
    submitted_at: datetime
    read_at: datetime

    @property
    def prepared_at(self) -> datetime:
        return self.submitted_at - timedelta(hours=3)

    @property
    def is_submitted(self) -> bool:
        return self.state not in (S.DRAFT, S.PREPARED)


class Hands(Protocol):
    """Takes the files of one office to their states; the certified ones by one decision."""

    def tell(self, drafts: list[Draft], typed_at: datetime) -> None: ...

    def certify(self, decision: Decision, drafts: list[Draft], at: datetime) -> None: ...


class Lived:
    """Every step by its verb, by whose step it is."""

    def __init__(self, province: Province, pen: Pen) -> None:
        self.province, self.pen = province, pen

    def tell(self, drafts: list[Draft], typed_at: datetime) -> None:
        with clock.at(typed_at):
            self.pen.write([answer for one in drafts for answer in one.answers])
        for one in drafts:
            if one.state != S.DRAFT:
                self._prepare(one)
        for one in drafts:
            if one.state in READ:
                with clock.at(one.read_at):
                    self._read(one, self.province.worker(one.file.office))

    def _prepare(self, one: Draft) -> None:
        with clock.at(one.prepared_at):
            files.move(one.file, "prepare", by=self.province.worker(one.file.unit))
        if one.is_submitted:
            with clock.at(one.submitted_at):
                files.move(one.file, "submit", by=self.province.head(one.file.unit))

    def _read(self, one: Draft, by: User) -> None:
        found = Review.objects.bulk_create(self.pen.read(one.answers, one.state, by))
        record(one.file, "accept_rest", accepted(found), by=by)
        if one.state == S.RETURNED:
            files.move(one.file, "return", by=by, reason=INCOMPLETE)
        else:
            files.move(one.file, "finish_review", by=by)

    def certify(self, decision: Decision, drafts: list[Draft], at: datetime) -> None:
        with clock.at(at):
            schools = [one.file for one in drafts]
            certificates.certify(decision, schools, by=self.province.head(decision.issuer))


class InBulk:
    """The same rows in a handful of statements an office."""

    def __init__(self, province: Province, pen: Pen) -> None:
        self.province, self.pen = province, pen
        self.events: list[Event] = []
        self.reviews: list[tuple[datetime, list[Review]]] = []

    def tell(self, drafts: list[Draft], typed_at: datetime) -> None:
        for one in drafts:
            if one.state != S.DRAFT:
                self._prepare(one)
        for one in drafts:
            if one.state in READ:
                self._read(one, self.province.worker(one.file.office))
        with clock.at(typed_at):
            self.pen.write([answer for one in drafts for answer in one.answers])
        for moment, found in self.reviews:
            for review in found:
                review.answer = review.answer  # it has its key now
            with clock.at(moment):
                Review.objects.bulk_create(found)
        self._write([one.file for one in drafts])
        self.reviews = []

    def _step(
        self, subject: Subject, name: str, *, by: User, at: datetime, reason: str = ""
    ) -> None:
        """One arrow, written down as `files.take` and `assignments.move` do."""
        transition = workflow.named(subject.transitions, name)
        label = transition.label
        if isinstance(subject, Assignment):
            label = f"{label}: {subject.task}"
        source, subject.state = subject.state, transition.target
        with clock.at(at):
            self.events.append(
                unsaved(
                    subject, name, label, by=by, from_state=source, to_state=subject.state,
                    reason=reason,
                )
            )  # fmt: skip

    def _prepare(self, one: Draft) -> None:
        file, unit = one.file, one.file.unit
        file.prepared_by = self.province.worker(unit)
        self._step(file, "prepare", by=file.prepared_by, at=one.prepared_at)
        if one.is_submitted:
            by, at = self.province.head(unit), one.submitted_at
            file.submitted_by, file.submitted_at = by, at
            file.self_results = files.summary(file.results())
            self._step(file, "submit", by=by, at=at)
            self._step(file.assignment, "hand_in", by=by, at=at)
            file.assignment.handed_in_at = file.assignment.last_handed_in_at = at

    def _read(self, one: Draft, by: User) -> None:
        file, at = one.file, one.read_at
        found = self.pen.read(one.answers, one.state, by)
        self.reviews.append((at, found))
        with clock.at(at):
            self.events.append(unsaved(file, "accept_rest", accepted(found), by=by))
        if one.state != S.RETURNED:
            self._step(file, "finish_review", by=by, at=at)
            if one.state == S.CERTIFIED:
                _mark(one.answers)
            return
        for review in found:
            review.answer.is_reopened = review.decision == Review.Decision.FLAG
        self._step(file, "return", by=by, at=at, reason=INCOMPLETE)
        self._step(file.assignment, "give_back", by=by, at=at, reason=INCOMPLETE)

    def _write(self, found: list[Assessment]) -> None:
        Assessment.objects.bulk_update(
            found, ["state", "submitted_at", "submitted_by", "prepared_by", "self_results"], 200
        )
        Assignment.objects.bulk_update(
            [one.assignment for one in found],
            ["state", "handed_in_at", "last_handed_in_at", "done_at"], 200,
        )  # fmt: skip
        Event.objects.bulk_create(self.events, batch_size=500)
        self.events = []

    def certify(self, decision: Decision, drafts: list[Draft], at: datetime) -> None:
        by = decision.created_by = self.province.head(decision.issuer)
        with clock.at(at):
            decision.full_clean(exclude=["created_by"])
            decision.save()
            certificates.write(decision, [one.file for one in drafts])
        for one in drafts:
            self._step(one.file, "certify", by=by, at=at, reason=str(decision))
            self._step(one.file.assignment, "complete", by=by, at=at)
            one.file.assignment.done_at = at.replace(microsecond=0)
        with clock.at(at):
            label = f"Ban hành {decision} công nhận {len(drafts)} trường"
            self.events.append(unsaved(decision, "issue", label, by=by))
        self._write([one.file for one in drafts])


def _mark(answers: list[Answer]) -> None:
    """What counts of a certified file."""
    for answer in answers:
        value = answer.reviewed_value
        answer.certified_points = scoring.points(answer.criterion.rule, value)
        answer.certified_met = value.met
