"""Is it ready? Sentences for the submission and for the review, one source for all."""

from dataclasses import dataclass

from assessments import scoring
from assessments.models import Answer, Assessment, Criterion, Review


@dataclass(frozen=True)
class Missing:
    """One thing still to do; `blocks` says whether it stops the step; linked to its criterion."""

    sentence: str
    criterion: Criterion | None
    blocks: bool


def missing_for_submit(assessment: Assessment) -> list[Missing]:
    """What stands between the file and its submission, in the order of the set."""
    missing: list[Missing] = []
    for criterion in assessment.leaves():
        missing += _of_criterion(assessment, criterion)
    if assessment.minutes_id is None:
        missing.append(
            Missing("Chưa đính kèm biên bản của Hội đồng tự đánh giá.", None, blocks=False)
        )
    return missing


def _of_criterion(assessment: Assessment, criterion: Criterion) -> list[Missing]:
    answer = assessment.answers_by_code.get(criterion.code)
    if answer is None or not scoring.is_answered(criterion.rule, answer.value):
        if answer and answer.is_not_applicable:
            sentence = f"{criterion.code}: ghi lý do không áp dụng."
        else:
            sentence = f"{criterion.code}: chưa có kết quả."
        return [Missing(sentence, criterion, blocks=True)]
    missing = []
    if answer.is_carried_over:
        missing.append(
            Missing(f"{criterion.code}: kết quả năm trước chưa rà soát lại.", criterion, True)
        )
    if answer.is_reopened and answer.review and answer.review.decision == Review.Decision.FLAG:
        missing.append(
            Missing(f"{criterion.code}: phòng yêu cầu bổ sung, chưa sửa gì.", criterion, False)
        )
    claims = answer.met if criterion.kind == Criterion.Kind.CONDITION else answer.points
    if claims and not list(answer.evidence.all()):
        is_condition = criterion.kind == Criterion.Kind.CONDITION
        missing.append(Missing(f"{criterion.code}: chưa có minh chứng.", criterion, is_condition))
    return missing


def flagged(assessment: Assessment) -> list[Answer]:
    """Answers that the reviewer wants completed."""
    return [
        answer
        for answer in assessment.answers_by_code.values()
        if answer.review and answer.review.decision == Review.Decision.FLAG
    ]


def completed(assessment: Assessment) -> list[Answer]:
    """What the school completed after a return and nobody has looked at yet."""
    return [one for one in assessment.answers_by_code.values() if one.completed_flag]


def missing_for_review(assessment: Assessment) -> list[str]:
    """Sentences that stop the end of the review; empty means ready."""
    if flagged(assessment):
        return ["Còn tiêu chí «Cần bổ sung»: hãy trả lại cho trường hoặc đổi quyết định."]
    words = assessment.answers_by_code
    left = [
        one.code
        for one in assessment.leaves()
        if one.code not in words or not words[one.code].review
    ]
    if left:
        more = ", …" if len(left) > 8 else ""
        return [f"Còn {len(left)} tiêu chí chưa thẩm định: {', '.join(left[:8])}{more}."]
    return []


def earlier_assessment(assessment: Assessment) -> Assessment | None:
    """The school's last handed-in file under the same set code, before this campaign."""
    return (
        Assessment.objects.filter(
            unit_id=assessment.unit_id,
            indicator_set__code=assessment.indicator_set.code,
            campaign__opens_at__lt=assessment.campaign.opens_at,
            submitted_at__isnull=False,
        )
        .exclude(pk=assessment.pk)
        .select_related("campaign", "indicator_set", "unit")
        .order_by("-campaign__opens_at")
        .first()
    )
