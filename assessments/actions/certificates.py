"""The verbs of a level: certify reviewed files by a decision, open a certified file again."""

import hashlib
import json
from collections.abc import Iterable, Iterator

from django.core.exceptions import PermissionDenied
from django.db import transaction

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
    written_by,
)
from edudx.lib import clock, workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from schools.models import Event, OrgUnit, User
from schools.models.events import record, record_many, unsaved

BATCH = 500


def certifier_of(assessment: Assessment) -> str:
    """Who certifies; a school directly below the department is certified there."""
    return _certifiers_of([assessment]).pop()


def _certifiers_of(assessments: Iterable[Assessment]) -> set[str]:
    rules: dict[str, dict[str, str]] = {}
    found = set()
    for one in assessments:
        code = one.office.department_code
        if one.office.kind == OrgUnit.Kind.DEPARTMENT:
            found.add(str(CertifyingRule.Certifier.DEPARTMENT))
            continue
        if code not in rules:
            rules[code] = CertifyingRule.of(one.office)
        found.add(rules[code].get(one.unit.school_type, str(CertifyingRule.Certifier.OFFICE)))
    return found


def _refuse_certifier(assessments: list[Assessment], by: User) -> None:
    mine = Assessment.objects.certifiable_by(by).filter(pk__in=[one.pk for one in assessments])
    may_certify, own = set(mine.values_list("pk", flat=True)), written_by(by, assessments)
    for one in assessments:
        if one.pk not in may_certify:
            raise PermissionDenied(f"Bạn không có thẩm quyền công nhận {one.unit}.")
        if one.pk in own:
            raise PermissionDenied("Không ai được công nhận hồ sơ do mình hoặc đơn vị mình lập.")


@transaction.atomic
def certify(decision: Decision, assessments: Iterable[Assessment], *, by: User) -> Decision:
    """Issue the decision over these schools, each with its snapshot. All of them or none."""
    locked = files.lock_many(assessments)
    if not locked:
        raise StepRefused("Chọn ít nhất một trường để công nhận.")
    if any(one.campaign_id != decision.campaign_id for one in locked):
        raise StepRefused("Các trường phải thuộc cùng một đợt đánh giá.")
    campaigns.refuse_closed(locked[0].campaign)
    _refuse_certifier(locked, by)
    transition = workflow.named(Assessment.transitions, "certify")
    for assessment in locked:
        workflow.check(transition, assessment)
    if len(_certifiers_of(locked)) > 1:
        raise StepRefused("Các trường thuộc thẩm quyền khác nhau; hãy lập quyết định riêng.")
    decision.created_by = by
    decision.full_clean(exclude=["created_by"])
    decision.save()
    _certificates(decision, locked)
    Assessment.objects.filter(pk__in=[one.pk for one in locked]).take("certify")
    record_many(
        unsaved(
            assessment, "certify", transition.label, by=by, reason=str(decision),
            from_state=assessment.state, to_state=transition.target,
        )
        for assessment in locked
    )  # fmt: skip
    assignments.move_many([one.assignment for one in locked], "complete", by=by)
    record(decision, "issue", f"Ban hành {decision} công nhận {len(locked)} trường", by=by)
    return decision


def names_of(assessment: Assessment) -> dict[str, str]:
    """What a certificate of this file calls the school and its office for ever."""
    unit = assessment.unit
    return {
        "unit_name": unit.name,
        "unit_short_name": unit.short_name,
        "unit_type": unit.school_type,
        "unit_place": unit.place,
        "office_name": assessment.office.name,
    }


def write(decision: Decision, assessments: list[Assessment]) -> None:
    """Of each file the certificate over its snapshot, with a line a group."""
    results = {one: one.reviewed_results() for one in assessments}
    certificates = Certificate.objects.bulk_create(
        (_certificate(decision, one, found) for one, found in results.items()), batch_size=BATCH
    )
    CertificateLine.objects.bulk_create(
        (
            CertificateLine(
                certificate=certificate, group_code=one.code, group_title=one.title,
                points=one.points, level=one.level,
            )
            for certificate in certificates
            for one in results[certificate.assessment]
        ),
        batch_size=BATCH,
    )  # fmt: skip


def _certificates(decision: Decision, assessments: list[Assessment]) -> None:
    """The certificates, and what each answer counts in them."""
    write(decision, assessments)
    answers = [answer for one in assessments for answer in _certified_answers(one)]
    Answer.objects.bulk_update(answers, ["certified_points", "certified_met"], batch_size=BATCH)


def _certificate(decision: Decision, assessment: Assessment, results) -> Certificate:
    snapshot = snapshot_of(decision, assessment, results)
    return Certificate(
        decision=decision, assessment=assessment, edition=assessment.edition, snapshot=snapshot,
        **names_of(assessment),
        sha256=hashlib.sha256(snapshot.encode()).hexdigest(),
    )  # fmt: skip


def _certified_answers(assessment: Assessment) -> Iterator[Answer]:
    """Its answers with what they count after the review."""
    rules = {one.code: one for one in assessment.indicator_set.rules.criteria}
    for code, answer in assessment.answers_by_code.items():
        answer.certified_points = scoring.points(rules[code], answer.reviewed_value)
        answer.certified_met = answer.reviewed_value.met
        yield answer


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
    _refuse_certifier([assessment], by)
    workflow.check(transition, assessment, reason)
    assessment.certificates.in_force().update(
        withdrawn_at=clock.now(), withdrawn_reason=reason.strip()
    )
    assessment.edition += 1
    assessment.save(update_fields=["edition"])
    assignments.move(assessment.assignment, "reopen", by=by, reason=reason)
    return files.take(assessment, transition, by=by, reason=reason)
