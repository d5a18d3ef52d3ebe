"""The verbs of one criterion: save its answer, confirm it, take over that of the last campaign."""

from collections.abc import Mapping

from django.db import transaction

from assessments import checklist, scoring
from assessments.actions import files
from assessments.models import Answer, Assessment, Criterion, Evidence
from edudx.lib import clock
from edudx.lib.workflow import Conflict, StepRefused
from schools.models import Event, User
from schools.models.events import record
from schools.permissions import Permission

FIELDS = (
    "entered_points",
    "met",
    "numerator",
    "denominator",
    "count",
    "is_not_applicable",
    "not_applicable_reason",
    "note",
)


def held(assessment: Assessment, criterion: Criterion, by: User) -> Answer:
    """The answer, made if it is the first touch, for a criterion the person may change now."""
    by.must_in(Permission.ASSESSMENT_EDIT, assessment.unit)
    if criterion.indicator_set_id != assessment.indicator_set_id:
        raise StepRefused("Tiêu chí không thuộc bộ chỉ số của hồ sơ.")
    if not assessment.is_open(criterion):
        raise StepRefused(f"Tiêu chí {criterion.code} đang khóa, không thể sửa.")
    answer, _ = Answer.objects.get_or_create(assessment=assessment, criterion=criterion)
    return answer


@transaction.atomic
def save(
    assessment: Assessment, criterion: Criterion, *, values: Mapping, version: int, by: User
) -> Answer:
    """Keep one criterion's fields. Raises Conflict when `version` is not the saved one."""
    assessment = files.lock(assessment)
    answer = held(assessment, criterion, by)
    differs = any(getattr(answer, name) != values[name] for name in FIELDS)
    if answer.version != version and differs:
        raise Conflict(answer, values, answer.version)
    if not differs and not answer.is_carried_over and answer.version:
        return answer
    for name in FIELDS:
        setattr(answer, name, values[name])
    answer.points = scoring.points(criterion.rule, answer.value)
    touch(answer, by)
    return answer


def touch(answer: Answer, by: User) -> None:
    """Count the change and reset exactly this criterion's review."""
    answer.version += 1
    answer.is_carried_over = False
    answer.updated_by = by
    answer.save(
        update_fields=[*FIELDS, "points", "version", "is_carried_over", "updated_by", "updated_at"]
    )
    reset = answer.reviews.filter(superseded_at=None).update(superseded_at=clock.now())
    if reset:
        record(
            answer.assessment,
            "edit",
            f"Sửa tiêu chí {answer.criterion.code} sau thẩm định; ý kiến thẩm định được đặt lại",
            by=by,
        )


@transaction.atomic
def confirm_carried_over(assessment: Assessment, criterion: Criterion, *, by: User) -> Answer:
    """«Đã rà soát»: last year's answer still holds."""
    answer = held(files.lock(assessment), criterion, by)
    touch(answer, by)
    return answer


@transaction.atomic
def take_over(assessment: Assessment, *, by: User) -> Event:
    """Last campaign's answers and evidence into the empty criteria, marked «chưa rà soát lại»."""
    assessment = files.lock(assessment)
    earlier = checklist.earlier_assessment(assessment)
    if earlier is None:
        raise StepRefused("Không có hồ sơ năm trước để lấy lại kết quả.")
    taken = 0
    for criterion in assessment.leaves():
        old = earlier.answers_by_code.get(criterion.code)
        if old is None or old.criterion.kind != criterion.kind or not assessment.is_open(criterion):
            continue
        answer = held(assessment, criterion, by)
        if answer.version:
            continue
        taken += 1
        for name in FIELDS:
            setattr(answer, name, getattr(old, name))
        if answer.entered_points is not None:
            answer.entered_points = min(answer.entered_points, criterion.max_points)
        answer.points = scoring.points(criterion.rule, answer.value)
        for evidence in old.evidence.all():
            Evidence.objects.create(answer=answer, version=evidence.version, added_by=by)
        touch(answer, by)
        answer.is_carried_over = True
        answer.save(update_fields=["is_carried_over"])
    return record(assessment, "take_over", f"Lấy lại {taken} kết quả từ «{earlier}»", by=by)
