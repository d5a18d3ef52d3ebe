"""The verbs of a reviewer: judge a criterion, accept the rest, comment."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from assessments.actions import files
from assessments.models import Answer, Assessment, Comment, Criterion, Review
from assessments.workflow import AssessmentState
from edudx.lib import clock, workflow
from edudx.lib.vietnamese import number
from edudx.lib.workflow import StepRefused
from schools.models import Event, User
from schools.models.events import record
from schools.models.postings import hold
from schools.permissions import Permission


@transaction.atomic
def review(
    assessment: Assessment,
    criterion: Criterion,
    *,
    decision: str,
    by: User,
    points=None,
    met: bool | None = None,
    reason: str = "",
) -> Review:
    """The office's word on one criterion; the one before is superseded, not erased."""
    assessment = files.lock(assessment)
    _refuse_reviewer(assessment, by)
    if not criterion.is_leaf or criterion.indicator_set_id != assessment.indicator_set_id:
        raise StepRefused("Tiêu chí không thuộc hồ sơ này.")
    if decision != Review.Decision.ACCEPT and not reason.strip():
        raise ValidationError({"reason": "Ghi lý do khi sửa điểm hoặc yêu cầu bổ sung."})
    if decision == Review.Decision.CHANGE and criterion.rule.has_points and points is None:
        raise ValidationError({"points": "Ghi điểm thẩm định."})
    if decision == Review.Decision.CHANGE and not criterion.rule.has_points and met is None:
        raise ValidationError({"met": "Chọn đạt hoặc chưa đạt."})
    if points is not None and not 0 <= points <= criterion.max_points:
        raise ValidationError({"points": f"Điểm phải từ 0 đến {number(criterion.max_points)}."})
    hold()
    changed = decision == Review.Decision.CHANGE
    answer, _ = Answer.objects.get_or_create(assessment=assessment, criterion=criterion)
    answer.reviews.filter(superseded_at=None).update(superseded_at=clock.now())
    return Review.objects.create(
        answer=answer,
        decision=decision,
        points=points if changed and criterion.rule.has_points else None,
        met=met if changed and not criterion.rule.has_points else None,
        reason=reason.strip(),
        by=by,
    )


def _refuse_reviewer(assessment: Assessment, by: User) -> None:
    files.refuse_stranger(assessment, workflow.named(assessment.transitions, "finish_review"), by)
    if assessment.state != AssessmentState.SUBMITTED:
        raise StepRefused("Hồ sơ không ở bước thẩm định.")
    if not assessment.campaign.is_open:
        raise StepRefused("Đợt đánh giá đã đóng.")


@transaction.atomic
def accept_rest(assessment: Assessment, *, by: User) -> Event:
    """Keep the school's score where there is no word yet; what it completed is to be looked at."""
    assessment = files.lock(assessment)
    _refuse_reviewer(assessment, by)
    known = assessment.answers_by_code
    left = [one for one in assessment.leaves() if _waits(known.get(one.code))]
    new = Answer.objects.bulk_create(
        Answer(assessment=assessment, criterion=one) for one in left if one.code not in known
    )
    answers = [*new, *(known[one.code] for one in left if one.code in known)]
    Review.objects.bulk_create(
        Review(answer=one, decision=Review.Decision.ACCEPT, by=by) for one in answers
    )
    kept = len(answers)
    return record(assessment, "accept_rest", f"Giữ điểm {kept} tiêu chí còn lại", by=by)


def _waits(answer: Answer | None) -> bool:
    """No word of the office counts now, and nothing it had asked for."""
    return answer is None or (answer.review is None and answer.completed_flag is None)


@transaction.atomic
def comment(
    assessment: Assessment, criterion: Criterion, *, text: str, is_internal: bool, by: User
) -> Comment:
    """A remark; internal ones only from the reviewing side."""
    reviews = by.can_in(Permission.ASSESSMENT_REVIEW, assessment.office)
    if not reviews and not by.can_in(Permission.ASSESSMENT_EDIT, assessment.unit):
        raise PermissionDenied("Bạn không được trao đổi trong hồ sơ này.")
    if is_internal and not reviews:
        raise PermissionDenied("Chỉ người thẩm định được ghi ý kiến nội bộ.")
    if criterion.indicator_set_id != assessment.indicator_set_id:
        raise StepRefused("Tiêu chí không thuộc hồ sơ này.")
    hold()
    return Comment.objects.create(
        assessment=assessment, criterion=criterion, text=text, is_internal=is_internal, by=by
    )
