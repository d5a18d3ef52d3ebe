"""The steps of a school's file: who may take one, what must be there, what follows."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments import checklist
from assessments.models import Assessment, load_answers
from edudx.lib import clock, workflow
from edudx.lib.workflow import StepRefused, Transition
from plans.actions import assignments
from schools.models import Event, User
from schools.models.events import record
from schools.permissions import Permission

LOCKED_WITH = ("campaign", "unit__parent", "office", "indicator_set", "assignment")


def lock(assessment: Assessment) -> Assessment:
    """The row as it is now, held until the end of the transaction."""
    return Assessment.objects.select_related(*LOCKED_WITH).locked(assessment.pk)


def lock_many(assessments: Iterable[Assessment]) -> list[Assessment]:
    """The same of many, with all their answers; a fixed number of queries."""
    held = Assessment.objects.select_related(*LOCKED_WITH).all_locked(assessments)
    return load_answers(held)


def refuse_stranger(assessment: Assessment, transition: Transition[Permission], by: User) -> None:
    """Own steps for the unit's people; all others for the reviewing unit, never for the authors."""
    if transition.is_own:
        by.must_in(transition.asked, assessment.unit)
        return
    by.must_in(transition.asked, assessment.office)
    if assessment.was_written_by(by):
        raise PermissionDenied("Không ai được thẩm định hồ sơ do mình hoặc đơn vị mình lập.")


@transaction.atomic
def move(assessment: Assessment, step: str, *, by: User, reason: str = "") -> Event:
    """Take one step of the workflow and write down who took it. Certifying: `certificates`."""
    assessment = lock(assessment)
    transition = workflow.named(assessment.transitions, step)
    if step in ("certify", "reopen"):
        raise StepRefused("Bước này được thực hiện bằng quyết định công nhận.")
    refuse_stranger(assessment, transition, by)
    workflow.check(transition, assessment, reason)
    if not assessment.campaign.is_open:
        raise StepRefused("Đợt đánh giá đã đóng.")
    if assessment.is_withdrawn:
        raise StepRefused("Hồ sơ đã rút với trường này.")
    CHECKS.get(step, lambda *_: None)(assessment, reason)
    event = take(assessment, transition, by=by, reason=reason)
    EFFECTS.get(step, lambda *_: None)(assessment, by, reason)
    return event


def take(
    assessment: Assessment, transition: Transition[Permission], *, by: User, reason: str
) -> Event:
    """Write the state and the event; everything was asked before."""
    source, assessment.state = assessment.state, transition.target
    if transition.name == "prepare":
        assessment.prepared_by = by
    if transition.name == "submit":
        assessment.submitted_by, assessment.submitted_at = by, clock.now()
        assessment.unit_path = assessment.unit.path
        assessment.office = assessment.unit.parent or assessment.office
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
    assignments.move(assessment.assignment, "hand_in", by=by)


def _returned(assessment: Assessment, by: User, reason: str) -> None:
    flagged = [answer.pk for answer in checklist.flagged(assessment)]
    assessment.answers.filter(pk__in=flagged).update(is_reopened=True)
    assignments.move(assessment.assignment, "give_back", by=by, reason=reason)


CHECKS = {
    "prepare": _check_ready,
    "submit": _check_ready,
    "return": _check_flags,
    "finish_review": _check_reviewed,
}
EFFECTS = {"submit": _submitted, "return": _returned}
