"""The verbs of a school's file: answer, prove, submit, review, comment."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments import checklist, scoring
from assessments.models import Answer, Assessment, Comment, Criterion, Evidence, Review
from assessments.workflow import TRANSITIONS, AssessmentState
from edudx.lib import workflow
from edudx.lib.vietnamese import number
from edudx.lib.workflow import StepRefused, Transition
from plans import actions as spine
from schools import actions as cabinet
from schools.models import Document, DocumentVersion, Event, User
from schools.models.events import record
from schools.permissions import Permission
from schools.uploads import FileFacts

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


@dataclass
class Conflict(Exception):
    """Somebody else saved this criterion in between: `saved` is theirs, `values` are ours."""

    saved: Answer
    values: Mapping


def lock(assessment: Assessment) -> Assessment:
    """The row as it is now, held until the end of the transaction."""
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("campaign", "unit__parent", "office", "indicator_set", "assignment")
        .get(pk=assessment.pk)
    )


def _open_answer(assessment: Assessment, criterion: Criterion, by: User) -> Answer:
    """The answer, made if it is the first touch, for a criterion the person may change now."""
    if not by.can_in(Permission.ASSESSMENT_EDIT, assessment.unit):
        raise PermissionDenied("Bạn không được sửa hồ sơ của đơn vị này.")
    if criterion.indicator_set_id != assessment.indicator_set_id:
        raise StepRefused("Tiêu chí không thuộc bộ chỉ số của hồ sơ.")
    if not assessment.is_open(criterion):
        raise StepRefused(f"Tiêu chí {criterion.code} đang khóa, không thể sửa.")
    answer, _ = Answer.objects.get_or_create(assessment=assessment, criterion=criterion)
    return answer


@transaction.atomic
def save_answer(
    assessment: Assessment, criterion: Criterion, *, values: Mapping, version: int, by: User
) -> Answer:
    """Keep one criterion's fields. Raises Conflict when `version` is not the saved one."""
    assessment = lock(assessment)
    answer = _open_answer(assessment, criterion, by)
    differs = any(getattr(answer, name) != values[name] for name in FIELDS)
    if answer.version != version and differs:
        raise Conflict(answer, values)
    if not differs and not answer.is_carried_over and answer.version:
        return answer
    for name in FIELDS:
        setattr(answer, name, values[name])
    answer.points = scoring.points(criterion.rule, answer.value)
    _touch(answer, by)
    return answer


def _touch(answer: Answer, by: User) -> None:
    """Count the change and reset exactly this criterion's review."""
    answer.version += 1
    answer.is_carried_over = False
    answer.updated_by = by
    answer.save(
        update_fields=[*FIELDS, "points", "version", "is_carried_over", "updated_by", "updated_at"]
    )
    reset = answer.reviews.filter(superseded_at=None).update(superseded_at=timezone.now())
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
    answer = _open_answer(lock(assessment), criterion, by)
    _touch(answer, by)
    return answer


@transaction.atomic
def add_evidence(
    assessment: Assessment, criterion: Criterion, version: DocumentVersion, *, by: User
) -> Evidence:
    """Tie a document of the school's own cabinet to a criterion."""
    assessment = lock(assessment)
    answer = _open_answer(assessment, criterion, by)
    if version.document.unit_id != assessment.unit_id:
        raise PermissionDenied("Minh chứng phải lấy từ tủ tài liệu của trường.")
    evidence, created = Evidence.objects.get_or_create(
        answer=answer, version=version, defaults={"added_by": by}
    )
    if created:
        _touch(answer, by)
    return evidence


@transaction.atomic
def upload_evidence(assessment: Assessment, criterion: Criterion, *, by: User, **content):
    """A new document into the cabinet and onto the criterion: both or neither.

    Asked before the bytes are written, so that a refusal leaves nothing on the disk.
    """
    _open_answer(lock(assessment), criterion, by)
    version = cabinet.same_file(assessment.unit, content.get("facts"))
    if version is None:
        version = cabinet.add_document(unit=assessment.unit, by=by, **content)
    return add_evidence(assessment, criterion, version, by=by)


def _refuse_minutes(assessment: Assessment, by: User) -> None:
    if not by.can_in(Permission.ASSESSMENT_EDIT, assessment.unit):
        raise PermissionDenied("Bạn không được sửa hồ sơ của đơn vị này.")
    is_prepared = assessment.state == AssessmentState.PREPARED and assessment.campaign.is_open
    if not (assessment.is_editable or is_prepared):
        raise StepRefused("Hồ sơ đang khóa, không thể đính kèm biên bản.")


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Untie it; the document stays in the cabinet and the event says so."""
    answer = evidence.answer
    assessment = lock(answer.assessment)
    answer = _open_answer(assessment, answer.criterion, by)
    title = evidence.version.document.title_for_all
    label = f"Bỏ minh chứng {title} khỏi tiêu chí {answer.criterion.code}"
    evidence.delete()
    _touch(answer, by)
    record(assessment, "remove_evidence", label, by=by)


@transaction.atomic
def attach_minutes(assessment: Assessment, version: DocumentVersion, *, by: User) -> Event:
    """Minutes of the school's self-assessment council."""
    assessment = lock(assessment)
    _refuse_minutes(assessment, by)
    if version.document.unit_id != assessment.unit_id:
        raise PermissionDenied("Biên bản phải lấy từ tủ tài liệu của trường.")
    assessment.minutes = version
    assessment.save(update_fields=["minutes"])
    label = f"Đính kèm biên bản {version.document.title_for_all}"
    return record(assessment, "minutes", label, by=by)


@transaction.atomic
def upload_minutes(assessment: Assessment, *, by: User, file, facts: FileFacts) -> Event:
    """New minutes into the cabinet and onto the file; both or neither."""
    _refuse_minutes(lock(assessment), by)
    version = cabinet.add_document(
        unit=assessment.unit,
        title=f"Biên bản Hội đồng tự đánh giá, {assessment.campaign.period}",
        kind=Document.Kind.MINUTES,
        file=file,
        facts=facts,
        by=by,
    )
    return attach_minutes(assessment, version, by=by)


@transaction.atomic
def take_over(assessment: Assessment, *, by: User) -> Event:
    """Copy last round's answers and evidence into the empty criteria, marked «chưa rà soát lại»."""
    assessment = lock(assessment)
    earlier = checklist.earlier_assessment(assessment)
    if earlier is None:
        raise StepRefused("Không có hồ sơ năm trước để lấy lại kết quả.")
    taken = 0
    for criterion in assessment.leaves():
        old = earlier.answers_by_code.get(criterion.code)
        if old is None or old.criterion.kind != criterion.kind or not assessment.is_open(criterion):
            continue
        answer = _open_answer(assessment, criterion, by)
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
        _touch(answer, by)
        answer.is_carried_over = True
        answer.save(update_fields=["is_carried_over"])
    return record(assessment, "take_over", f"Lấy lại {taken} kết quả từ «{earlier}»", by=by)


def refuse_stranger(assessment: Assessment, transition: Transition, by: User) -> None:
    """Own steps for the unit's people; all others for the reviewing unit, never for the authors."""
    if transition.is_own:
        if not by.can_in(transition.permission, assessment.unit):
            raise PermissionDenied(f"Bạn không có quyền «{transition.label}».")
        return
    if not by.can_in(transition.permission, assessment.office):
        raise PermissionDenied(f"Bạn không có quyền «{transition.label}».")
    if assessment.was_written_by(by):
        raise PermissionDenied("Không ai được thẩm định hồ sơ do mình hoặc đơn vị mình lập.")


@transaction.atomic
def move(assessment: Assessment, step: str, *, by: User, reason: str = "") -> Event:
    """Take one step of the workflow and write down who took it. Certifying is `rounds.certify`."""
    assessment = lock(assessment)
    transition = workflow.named(TRANSITIONS, step)
    if step in ("certify", "reopen"):
        raise StepRefused("Bước này được thực hiện bằng quyết định công nhận.")
    refuse_stranger(assessment, transition, by)
    check_state(assessment, transition, reason)
    if not assessment.campaign.is_open:
        raise StepRefused("Đợt đánh giá đã đóng.")
    CHECKS.get(step, lambda *_: None)(assessment, reason)
    event = take(assessment, transition, by=by, reason=reason)
    EFFECTS.get(step, lambda *_: None)(assessment, by, reason)
    return event


def check_state(assessment: Assessment, transition: Transition, reason: str) -> None:
    workflow.check(
        transition,
        state=assessment.state,
        state_label=assessment.get_state_display(),
        reason=reason,
    )


def take(assessment: Assessment, transition: Transition, *, by: User, reason: str) -> Event:
    """Write the state and the event; everything was asked before."""
    source, assessment.state = assessment.state, transition.target
    if transition.name == "prepare":
        assessment.prepared_by = by
    if transition.name == "submit":
        assessment.submitted_by, assessment.submitted_at = by, timezone.now()
        assessment.unit_path, assessment.office = assessment.unit.path, assessment.unit.parent
        assessment.self_results = summary(assessment.results())
    assessment.save(
        update_fields=[
            "state", "prepared_by", "submitted_by", "submitted_at", "unit_path", "office",
            "self_results",
        ]
    )  # fmt: skip
    return record(
        assessment,
        transition.name,
        transition.label,
        by=by,
        from_state=source,
        to_state=assessment.state,
        reason=reason,
    )


def summary(results) -> list[dict]:
    """Points as text and level of each group, for lists and snapshots."""
    return [
        {"code": one.code, "title": one.title, "points": str(one.points), "level": one.level}
        for one in results
    ]


def _check_ready(assessment: Assessment, reason: str) -> None:
    blocking = [one for one in checklist.missing_for_submit(assessment) if one.blocks]
    if blocking:
        raise StepRefused(f"Chưa thể trình: còn {len(blocking)} việc. {blocking[0].sentence}")


def _check_flags(assessment: Assessment, reason: str) -> None:
    if not checklist.flagged(assessment):
        raise StepRefused("Hãy đánh dấu «Cần bổ sung» ít nhất một tiêu chí trước khi trả lại.")


def _check_reviewed(assessment: Assessment, reason: str) -> None:
    left = checklist.missing_for_review(assessment)
    if left:
        raise StepRefused(left[0])


def _submitted(assessment: Assessment, by: User, reason: str) -> None:
    assessment.answers.update(is_reopened=False)
    spine.move(assessment.assignment, "hand_in", by=by)


def _returned(assessment: Assessment, by: User, reason: str) -> None:
    flagged = [answer.pk for answer in checklist.flagged(assessment)]
    assessment.answers.filter(pk__in=flagged).update(is_reopened=True)
    spine.move(assessment.assignment, "give_back", by=by, reason=reason)


CHECKS = {
    "prepare": _check_ready,
    "submit": _check_ready,
    "return": _check_flags,
    "finish_review": _check_reviewed,
}
EFFECTS = {"submit": _submitted, "return": _returned}


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
    assessment = lock(assessment)
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
    changed = decision == Review.Decision.CHANGE
    answer, _ = Answer.objects.get_or_create(assessment=assessment, criterion=criterion)
    answer.reviews.filter(superseded_at=None).update(superseded_at=timezone.now())
    return Review.objects.create(
        answer=answer,
        decision=decision,
        points=points if changed and criterion.rule.has_points else None,
        met=met if changed and not criterion.rule.has_points else None,
        reason=reason.strip(),
        by=by,
    )


def _refuse_reviewer(assessment: Assessment, by: User) -> None:
    refuse_stranger(assessment, workflow.named(TRANSITIONS, "finish_review"), by)
    if assessment.state != AssessmentState.SUBMITTED:
        raise StepRefused("Hồ sơ không ở bước thẩm định.")
    if not assessment.campaign.is_open:
        raise StepRefused("Đợt đánh giá đã đóng.")


@transaction.atomic
def accept_rest(assessment: Assessment, *, by: User) -> Event:
    """Keep the school's score where there is no word yet; what it completed is to be looked at."""
    assessment = lock(assessment)
    _refuse_reviewer(assessment, by)
    kept = 0
    for criterion in assessment.leaves():
        answer = assessment.answers_by_code.get(criterion.code)
        if answer is None or (answer.review is None and answer.completed_flag is None):
            review(assessment, criterion, decision=Review.Decision.ACCEPT, by=by)
            kept += 1
    return record(assessment, "accept_rest", f"Giữ điểm {kept} tiêu chí còn lại", by=by)


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
    return Comment.objects.create(
        assessment=assessment, criterion=criterion, text=text, is_internal=is_internal, by=by
    )
