"""What a page of a file shows: its criteria as items, the steps open to the reader, whose turn."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.urls import reverse

from assessments import checklist, scoring
from assessments.forms import AnswerForm, ReviewForm
from assessments.models import Answer, Assessment, Comment, Criterion, Review
from assessments.workflow import AssessmentState
from edudx.lib.vietnamese import number
from edudx.lib.workflow import Transition
from plans.models import Product
from schools.models import DocumentVersion, User
from schools.permissions import Permission


@dataclass
class Item:
    """One criterion of the page: answer, form when it is open to the reader, review, remarks."""

    page: "FilePage"
    criterion: Criterion
    answer: Answer | None
    points: Decimal | None
    proposed: Decimal | None
    reviewed_points: Decimal | None
    state: str
    tone: str
    form: AnswerForm | None = None
    review_form: ReviewForm | None = None
    earlier: Answer | None = None
    comments: tuple[Comment, ...] = ()
    offers: tuple[DocumentVersion, ...] = ()
    sees_restricted: bool = False

    @property
    def review(self) -> Review | None:
        return self.answer.review if self.answer else None

    @property
    def evidence(self) -> list:
        return list(self.answer.evidence.all()) if self.answer else []

    @property
    def earlier_words(self) -> str:
        """Last campaign's answer in words; empty where there was none."""
        earlier = self.earlier
        if earlier is None:
            return ""
        if not self.criterion.max_points:
            return "đạt" if earlier.met else "chưa đạt"
        own, certified = earlier.points, earlier.certified_points
        words = f"tự đánh giá {'–' if own is None else number(own)} điểm"
        return words if certified is None else f"{words}, công nhận {number(certified)} điểm"

    @property
    def met_word(self) -> str:
        """What was answered with yes or no, in the words of its kind of criterion; else empty."""
        met = self.answer.met if self.answer else None
        yes, no = ("Đạt", "Chưa đạt") if self.criterion.is_condition else ("Có", "Không")
        return {True: yes, False: no}.get(met, "")


class FilePage:
    """A file as one person sees it."""

    def __init__(self, assessment: Assessment, user: User, *, opened: str = "") -> None:
        self.assessment, self.user = assessment, user
        self.opened = opened  # the code of the criterion that is shown open
        self.kept: dict[str, object] = {}  # what a part of an app above reads once for all items
        self.may_edit = assessment.is_editable and user.can_in(
            Permission.ASSESSMENT_EDIT, assessment.unit
        )
        self.reviews = user.can_in(Permission.ASSESSMENT_REVIEW, assessment.office)
        self.may_comment = self.reviews or user.can_in(Permission.ASSESSMENT_EDIT, assessment.unit)
        self.sees_internal = not user.belongs_to(assessment.unit)
        self.sees_restricted = user.can(Permission.DOCUMENT_RESTRICTED)

    @cached_property
    def may_review(self) -> bool:
        return (
            self.reviews
            and self.assessment.state == AssessmentState.SUBMITTED
            and self.assessment.campaign.is_open
            and not self.assessment.was_written_by(self.user)
        )

    @cached_property
    def shows_review(self) -> bool:
        """The school reads the review once it is given back or certified."""
        seen = (AssessmentState.RETURNED, AssessmentState.CERTIFIED, AssessmentState.DRAFT)
        return not self.user.belongs_to(self.assessment.unit) or self.assessment.state in seen

    @cached_property
    def results(self) -> tuple[scoring.GroupResult, ...]:
        return self.assessment.results()

    @cached_property
    def reviewed_results(self) -> tuple[scoring.GroupResult, ...]:
        return self.assessment.reviewed_results() if self.shows_review else ()

    @cached_property
    def is_reviewed(self) -> bool:
        """There is a word of the office for this reader to see beside the school's own."""
        answers = self.assessment.answers_by_code.values()
        return self.shows_review and any(one.review for one in answers)

    @property
    def answered(self) -> int:
        return sum(group.answered for group in self.results)

    @property
    def total(self) -> int:
        return sum(group.total for group in self.results)

    @cached_property
    def comments(self) -> dict[int, list[Comment]]:
        found = self.assessment.comments.select_related("by")
        if not self.sees_internal:
            found = found.filter(is_internal=False)
        by_criterion: dict[int, list[Comment]] = {}
        for comment in found:
            by_criterion.setdefault(comment.criterion_id, []).append(comment)
        return by_criterion

    @cached_property
    def earlier(self) -> Mapping[str, Answer]:
        """Last campaign's answers, shown beside an open criterion."""
        found = checklist.earlier_assessment(self.assessment) if self.may_edit else None
        return found.answers_by_code if found else {}

    @cached_property
    def offers(self) -> Mapping[str, list[DocumentVersion]]:
        """Finished products of the school's tasks, by the criterion they were tied to."""
        if not self.may_edit:
            return {}
        rows = Product.objects.filter(
            assignment__unit=self.assessment.unit_id, decision=Product.Decision.ACCEPTED
        ).exclude(assignment__task__criteria=[])
        prefix = f"{self.assessment.indicator_set.code}:"
        found: dict[str, list[DocumentVersion]] = {}
        for row in rows.select_related("assignment__task").prefetch_related("versions__document"):
            for tied in row.assignment.task.criteria:
                if tied.startswith(prefix):
                    found.setdefault(tied.removeprefix(prefix), []).extend(row.versions.all())
        return found

    @cached_property
    def groups(self) -> list[tuple]:
        """(result, reviewed result or None, items) per group."""
        reviewed = {one.code: one for one in self.reviewed_results}
        return [
            (
                result,
                reviewed.get(result.code),
                [one for one in self.items if one.criterion.group.code == result.code],
            )
            for result in self.results
        ]

    @cached_property
    def items(self) -> list[Item]:
        return [self._item(one) for one in self.assessment.indicator_set.tree]

    @cached_property
    def sums(self) -> dict[str, Decimal]:
        return {code: value for group in self.results for code, value in group.sums.items()}

    @cached_property
    def reviewed_sums(self) -> dict[str, Decimal]:
        if not self.is_reviewed:
            return {}
        return {code: value for one in self.reviewed_results for code, value in one.sums.items()}

    def item(self, code: str) -> Item:
        return next(one for one in self.items if one.criterion.code == code)

    def with_sums_above(self, criterion: Criterion) -> list[Item]:
        """The line and the sums it belongs to: what a change of it changes."""
        codes = [criterion.code]
        while criterion.parent is not None:
            criterion = criterion.parent
            codes.append(criterion.code)
        return [self.item(code) for code in codes]

    def _reviewed_points(self, criterion: Criterion, answer: Answer | None) -> Decimal | None:
        if not criterion.is_leaf:
            return self.reviewed_sums.get(criterion.code)
        review = answer.review if answer and self.shows_review else None
        return review.points if review else None

    def _item(self, criterion: Criterion) -> Item:
        answer = self.assessment.answers_by_code.get(criterion.code)
        value = answer.value if answer else scoring.NOTHING
        state, tone = self._state(criterion, answer, value)
        item = Item(
            page=self,
            criterion=criterion,
            answer=answer,
            points=self.sums.get(criterion.code)
            if not criterion.is_leaf
            else scoring.points(criterion.rule, value),
            proposed=scoring.proposed(criterion.rule, value),
            reviewed_points=self._reviewed_points(criterion, answer),
            state=state,
            tone=tone,
            comments=tuple(self.comments.get(criterion.pk, ())),
            sees_restricted=self.sees_restricted,
        )
        if self.may_edit and self.assessment.is_open(criterion):
            item.form = AnswerForm(criterion=criterion, answer=answer)
            item.earlier = self.earlier.get(criterion.code)
            used = {one.version.document_id for one in item.evidence}
            item.offers = tuple(
                one for one in self.offers.get(criterion.code, ()) if one.document_id not in used
            )
        if self.may_review and criterion.is_leaf:
            item.review_form = ReviewForm(criterion=criterion, review=item.review)
        return item

    def _state(self, criterion, answer, value) -> tuple[str, str]:
        """One word and its tone (done, todo, warn, lock) for the list."""
        if not criterion.is_leaf:
            return "", ""
        review = answer.review if answer and self.shows_review else None
        if review and review.is_flag:
            return "Cần bổ sung", "warn"
        if answer and answer.is_not_applicable and not answer.not_applicable_reason:
            return "Thiếu lý do", "warn"
        if not scoring.is_answered(criterion.rule, value):
            return "Chưa làm", "todo"
        if answer.is_carried_over:
            return "Chưa rà soát lại", "warn"
        if review:
            return review.get_decision_display(), "go" if review.is_change else "done"
        if answer.is_not_applicable:
            return "Không áp dụng", "done"
        claims = answer.met if criterion.is_condition else answer.points
        if claims and not list(answer.evidence.all()):
            return "Thiếu minh chứng", "warn"
        return "Đã làm", "done"


def steps_for(assessment: Assessment, user: User) -> list[Transition]:
    """The steps open to this person now, as buttons; certifying has a page of its own."""
    if not assessment.campaign.is_open:
        return []
    unit_of = {True: assessment.unit, False: assessment.office}
    return [
        one
        for one in assessment.transitions
        if one.name not in ("certify", "reopen")
        and assessment.state in one.sources
        and user.can_in(one.asked, unit_of[one.is_own])
        and (one.is_own or not assessment.was_written_by(user))
    ]


def review_steps(
    assessment: Assessment, user: User, *, is_flagged: bool, is_complete: bool
) -> list[Transition]:
    """Of the reviewer's steps those that make sense now: a flagged file goes back to the school."""
    offered = {"return": is_flagged, "finish_review": is_complete, "review_again": True}
    return [one for one in steps_for(assessment, user) if offered.get(one.name)]


def after_step(assessment: Assessment, step: str) -> str:
    """The queue goes on with the next school; own steps stay with the file."""
    if step in ("return", "finish_review"):
        return reverse("assessments:queue", args=[assessment.campaign_id])
    return assessment.get_absolute_url()


LABELS = {
    "met": "Kết quả",
    "numerator": "Tử số",
    "denominator": "Mẫu số",
    "count": "Số lượng",
    "entered_points": "Điểm",
    "is_not_applicable": "Không áp dụng",
    "not_applicable_reason": "Lý do",
    "note": "Ghi chú",
}


def conflict_rows(criterion: Criterion, saved: Answer, ours: Mapping) -> list[tuple[str, str, str]]:
    """(label, saved by the other, typed by us) for every field that differs."""
    return [
        (LABELS[name], _shown(getattr(saved, name)), _shown(ours[name]))
        for name in LABELS
        if getattr(saved, name) != ours[name]
    ]


def hidden_fields(criterion: Criterion, ours: Mapping, version: int) -> list[tuple[str, str]]:
    """Our values as form fields over the saved version: «giữ giá trị của tôi»."""
    prefix = f"c{criterion.pk}-"
    fields = [(f"{prefix}version", str(version))]
    for name, value in ours.items():
        if value is True or value is False:
            if name == "met":
                fields.append((prefix + name, "1" if value else "0"))
            elif value:
                fields.append((prefix + name, "on"))
        elif value not in (None, ""):
            is_number = isinstance(value, Decimal)
            written = f"{value:.2f}" if is_number and criterion.steps else _shown(value)
            fields.append((prefix + name, written))
    return fields


def _shown(value) -> str:
    if value is None:
        return "(trống)"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    return number(value) if isinstance(value, Decimal) else str(value) or "(trống)"
