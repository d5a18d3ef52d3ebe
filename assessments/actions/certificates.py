"""The verbs of a level: certify reviewed files by a decision, open a certified file again."""

import hashlib
import json
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from assessments import scoring
from assessments.actions import campaigns, files
from assessments.models import (
    Answer,
    Assessment,
    Certificate,
    CertificateLine,
    CertifyingRule,
    Decision,
    IndicatorSet,
)
from edudx.lib import workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from schools.models import Event, OrgUnit, User
from schools.models.events import record


def certifier_of(assessment: Assessment) -> str:
    """Who certifies; a school directly below the department is certified there."""
    if assessment.office.kind == OrgUnit.Kind.DEPARTMENT:
        return CertifyingRule.Certifier.DEPARTMENT
    rules = CertifyingRule.of(assessment.office)
    return rules.get(assessment.unit.school_type, CertifyingRule.Certifier.OFFICE)


def _refuse_certifier(assessment: Assessment, by: User) -> None:
    if not Assessment.objects.certifiable_by(by).filter(pk=assessment.pk).exists():
        raise PermissionDenied(f"Bạn không có thẩm quyền công nhận {assessment.unit}.")
    if assessment.was_written_by(by):
        raise PermissionDenied("Không ai được công nhận hồ sơ do mình hoặc đơn vị mình lập.")


@transaction.atomic
def certify(decision: Decision, assessments: Iterable[Assessment], *, by: User) -> Decision:
    """Issue the decision over these schools, each with its snapshot. All of them or none."""
    locked = [files.lock(one) for one in sorted(assessments, key=lambda one: one.pk)]
    if not locked:
        raise StepRefused("Chọn ít nhất một trường để công nhận.")
    transition = workflow.named(Assessment.transitions, "certify")
    for assessment in locked:
        if assessment.campaign_id != decision.campaign_id:
            raise StepRefused("Các trường phải thuộc cùng một đợt đánh giá.")
        campaigns.refuse_closed(assessment.campaign)
        _refuse_certifier(assessment, by)
        workflow.check(transition, assessment)
    if len({certifier_of(one) for one in locked}) > 1:
        raise StepRefused("Các trường thuộc thẩm quyền khác nhau; hãy lập quyết định riêng.")
    decision.created_by = by
    decision.full_clean(exclude=["created_by"])
    decision.save()
    for assessment in locked:
        _certificate(decision, assessment)
        files.take(assessment, transition, by=by, reason=str(decision))
        assignments.move(assessment.assignment, "complete", by=by)
    record(decision, "issue", f"Ban hành {decision} công nhận {len(locked)} trường", by=by)
    return decision


def _certificate(decision: Decision, assessment: Assessment) -> Certificate:
    results = assessment.reviewed_results()
    snapshot = snapshot_of(decision, assessment, results)
    certificate = Certificate.objects.create(
        decision=decision,
        assessment=assessment,
        edition=assessment.edition,
        snapshot=snapshot,
        sha256=hashlib.sha256(snapshot.encode()).hexdigest(),
    )
    CertificateLine.objects.bulk_create(
        CertificateLine(
            certificate=certificate,
            group_code=one.code,
            group_title=one.title,
            points=one.points,
            level=one.level,
        )
        for one in results
    )
    answers = list(assessment.answers_by_code.values())
    for answer in answers:
        answer.certified_points = scoring.points(answer.criterion.rule, answer.reviewed_value)
        answer.certified_met = answer.reviewed_value.met
    Answer.objects.bulk_update(answers, ["certified_points", "certified_met"], batch_size=500)
    return certificate


def snapshot_of(decision: Decision, assessment: Assessment, results) -> str:
    """Canonical JSON (sorted keys, no spaces, UTF-8) of everything the levels rest on."""
    unit = assessment.unit
    facts = {
        "campaign": assessment.campaign.code,
        "campaign_title": assessment.campaign.title,
        "period": assessment.campaign.period,
        "notice": assessment.notice,
        "set": _set_facts(assessment.indicator_set),
        "unit": {"code": unit.code, "name": unit.name, "path": assessment.unit_path},
        "office": {"code": assessment.office.code, "name": assessment.office.name},
        "edition": assessment.edition,
        "decision": {
            "number": decision.full_number,
            "signed_on": decision.signed_on.isoformat(),
            "signer": decision.signer_name,
        },
        "self": files.summary(assessment.results()),
        "certified": files.summary(results),
        "answers": [_answer_facts(one) for one in assessment.answers_by_code.values()],
    }
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _set_facts(indicator_set: IndicatorSet) -> dict:
    return {
        "code": indicator_set.code,
        "version": indicator_set.version,
        "title": indicator_set.title,
        "number": indicator_set.legal_number,
        "legal_title": indicator_set.legal_title,
        "issuer": indicator_set.legal_issuer,
    }


def _answer_facts(answer: Answer) -> dict:
    review = answer.review
    return {
        "code": answer.criterion.code,
        "self": _text(answer.points),
        "met": answer.met,
        "numerator": _text(answer.numerator),
        "denominator": _text(answer.denominator),
        "count": _text(answer.count),
        "not_applicable": answer.is_not_applicable,
        "note": answer.note,
        "decision": review.decision if review else "",
        "reviewed": _text(review.points) if review else None,
        "reviewed_met": review.met if review else None,
        "reason": review.reason if review else "",
        "evidence": [
            {"title": str(one), "sha256": one.version.sha256, "link": one.version.link}
            for one in answer.evidence.all()
        ],
    }


def _text(value) -> str | None:
    return None if value is None else f"{value:.2f}"


@transaction.atomic
def reopen(assessment: Assessment, *, by: User, reason: str) -> Event:
    """Withdraw the certificate and read the file again as its next edition."""
    assessment = files.lock(assessment)
    transition = workflow.named(assessment.transitions, "reopen")
    campaigns.refuse_closed(assessment.campaign)
    _refuse_certifier(assessment, by)
    workflow.check(transition, assessment, reason)
    assessment.certificates.in_force().update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason.strip()
    )
    assessment.edition += 1
    assessment.save(update_fields=["edition"])
    assignments.move(assessment.assignment, "reopen", by=by, reason=reason)
    return files.take(assessment, transition, by=by, reason=reason)
