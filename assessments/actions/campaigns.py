"""The verbs of a round: open, certify, reopen, report, publish, withdraw; and of sets: publish."""

import hashlib
import json
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assessments import scoring
from assessments.actions import files
from assessments.models import (
    Answer,
    Assessment,
    Campaign,
    Certificate,
    CertificateLine,
    CertifyingRule,
    Decision,
    IndicatorSet,
)
from assessments.workflow import TRANSITIONS
from edudx.lib import workflow
from edudx.lib.workflow import StepRefused
from plans import actions as spine
from plans.models import Assignment, Task
from schools.models import Event, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def save_campaign(campaign: Campaign, sets: Iterable[IndicatorSet], *, by: User) -> Event:
    """A new round, or other dates and sets for one that nobody has opened meanwhile."""
    if not by.can_in(Permission.CAMPAIGN_MANAGE, campaign.issuer):
        raise PermissionDenied("Bạn không có quyền tạo hoặc sửa đợt đánh giá này.")
    verb = "Sửa" if campaign.pk else "Tạo"
    if campaign.pk:
        kept = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if kept.state != Campaign.State.DRAFT:
            raise StepRefused("Đợt đã mở nên không sửa được các ngày và bộ chỉ số.")
    campaign.save()
    campaign.sets.set(sets)
    return record(campaign, "edit", f"{verb} đợt «{campaign}»", by=by)


@transaction.atomic
def open_campaign(campaign: Campaign, *, by: User) -> Event:
    """Give the schools and the offices their tasks and every school its empty file."""
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not by.can_in(Permission.CAMPAIGN_MANAGE, campaign.issuer):
        raise PermissionDenied("Bạn không được mở đợt đánh giá này.")
    if campaign.state != Campaign.State.DRAFT:
        raise StepRefused("Đợt này đã được mở.")
    missing = campaign.missing_for_open()
    if missing:
        raise StepRefused(" ".join(missing))
    schools = list(campaign.schools())
    campaign.school_task = _task(campaign, Task.Kind.SELF_ASSESSMENT)
    assignments = spine.issue(campaign.school_task, schools, by=by)
    _open_files(campaign, schools, assignments)
    offices = {one.parent for one in schools if one.parent.kind == OrgUnit.Kind.OFFICE}
    if offices:
        campaign.office_task = _task(campaign, Task.Kind.CERTIFY)
        spine.issue(campaign.office_task, sorted(offices, key=lambda one: one.pk), by=by)
    campaign.is_uncompared = any(one.is_draft for one in campaign.sets.all())
    campaign.state = Campaign.State.OPEN
    campaign.save(update_fields=["state", "is_uncompared", "school_task", "office_task"])
    return record(
        campaign, "open", f"Mở «{campaign}» cho {len(schools)} trường", by=by,
        from_state=Campaign.State.DRAFT, to_state=campaign.state,
    )  # fmt: skip


def _task(campaign: Campaign, kind: str) -> Task:
    is_school = kind == Task.Kind.SELF_ASSESSMENT
    return Task(
        issuer=campaign.issuer,
        kind=kind,
        title=f"{Task.Kind(kind).label} – {campaign.title}"[:250],
        notice=campaign.notice,
        period=campaign.period,
        phrase=campaign.submission_phrase if is_school else campaign.decision_phrase,
        opens_at=campaign.opens_at,
        due_at=campaign.submission_due_at if is_school else campaign.decision_due_at,
    )


def _open_files(
    campaign: Campaign, schools: list[OrgUnit], assignments: Iterable[Assignment]
) -> None:
    sets = campaign.set_by_type()
    Assessment.objects.bulk_create(
        (
            Assessment(
                campaign=campaign,
                assignment=assignment,
                unit=school,
                unit_path=school.path,
                office=school.parent,
                indicator_set=sets[school.school_type],
            )
            for school, assignment in zip(schools, assignments, strict=True)
        ),
        batch_size=1000,
    )


@transaction.atomic
def reopen_campaign(campaign: Campaign, *, by: User, reason: str) -> Event:
    """Open a closed round again, for a file that must be read once more."""
    return _turn(campaign, "reopen", "Mở lại", "closed", "open", by=by, reason=reason)


@transaction.atomic
def close_campaign(campaign: Campaign, *, by: User, reason: str) -> Event:
    """No more entries, reviews or decisions; everything stays readable."""
    return _turn(campaign, "close", "Đóng", "open", "closed", by=by, reason=reason)


def _turn(campaign: Campaign, step: str, verb: str, source: str, target: str, *, by, reason: str):
    campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if not by.can_in(Permission.CAMPAIGN_MANAGE, campaign.issuer):
        raise PermissionDenied(f"Bạn không được {verb.lower()} đợt đánh giá này.")
    if campaign.state != source:
        raise StepRefused(f"Đợt đang ở trạng thái «{campaign.get_state_display()}».")
    if not reason.strip():
        raise StepRefused(f"Cần ghi lý do khi {verb.lower()} đợt.")
    campaign.state = target
    campaign.save(update_fields=["state"])
    tasks = [one for one in (campaign.school_task, campaign.office_task) if one]
    spine.close(tasks, is_closed=target == Campaign.State.CLOSED)
    return record(
        campaign, step, f"{verb} «{campaign}»", by=by, reason=reason,
        from_state=source, to_state=target,
    )  # fmt: skip


def _refuse_closed(campaign: Campaign) -> None:
    if not campaign.is_open:
        raise StepRefused("Đợt đánh giá đã đóng; đơn vị tổ chức phải mở lại đợt trước.")


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
    transition = workflow.named(TRANSITIONS, "certify")
    for assessment in locked:
        if assessment.campaign_id != decision.campaign_id:
            raise StepRefused("Các trường phải thuộc cùng một đợt đánh giá.")
        _refuse_closed(assessment.campaign)
        _refuse_certifier(assessment, by)
        files.check_state(assessment, transition, "")
    if len({certifier_of(one) for one in locked}) > 1:
        raise StepRefused("Các trường thuộc thẩm quyền khác nhau; hãy lập quyết định riêng.")
    decision.created_by = by
    decision.full_clean(exclude=["created_by"])
    decision.save()
    for assessment in locked:
        _certificate(decision, assessment)
        files.take(assessment, transition, by=by, reason=str(decision))
        spine.move(assessment.assignment, "complete", by=by)
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
    transition = workflow.named(TRANSITIONS, "reopen")
    _refuse_closed(assessment.campaign)
    _refuse_certifier(assessment, by)
    files.check_state(assessment, transition, reason)
    assessment.certificates.in_force().update(
        withdrawn_at=timezone.now(), withdrawn_reason=reason.strip()
    )
    assessment.edition += 1
    assessment.save(update_fields=["edition"])
    spine.move(assessment.assignment, "reopen", by=by, reason=reason)
    return files.take(assessment, transition, by=by, reason=reason)


def missing_for_report(assignment: Assignment) -> list[str]:
    """What an office has not finished in its round; sentences, empty means ready."""
    campaign = assignment.task.campaign_of_offices
    files = Assessment.objects.filter(campaign=campaign, office=assignment.unit)
    left = files.exclude(state=Assessment.State.CERTIFIED).count()
    if not left:
        return []
    return [f"Còn {left} / {files.count()} trường chưa được công nhận."]


@transaction.atomic
def report(assignment: Assignment, *, by: User, reason: str = "") -> Event:
    """The office head hands the round in to the department; unfinished schools need a reason."""
    if not by.can_in(Permission.OFFICE_REPORT, assignment.unit):
        raise PermissionDenied("Chỉ lãnh đạo phòng được báo cáo kết quả.")
    if not assignment.task.campaign_of_offices.is_open:
        raise StepRefused("Đợt đánh giá đã đóng.")
    missing = missing_for_report(assignment)
    if missing and not reason.strip():
        raise StepRefused(f"{missing[0]} Ghi lý do nếu vẫn báo cáo.")
    event = spine.move(assignment, "hand_in", by=by, reason=reason)
    spine.move(assignment, "complete", by=by)
    return event


@transaction.atomic
def publish(campaign: Campaign, *, by: User) -> Event:
    """Put the valid certificates of the person's part of the tree on the public page."""
    if not by.can(Permission.PUBLISH):
        raise PermissionDenied("Bạn không có quyền công bố.")
    units = [hat.unit for hat in by.hats if by.can_in(Permission.PUBLISH, hat.unit)]
    published = 0
    for unit in units:
        published += (
            Certificate.objects.in_force()
            .filter(
                assessment__campaign=campaign,
                assessment__unit_path__startswith=unit.path,
                published_at=None,
            )
            .update(published_at=timezone.now())
        )
    if not published:
        raise StepRefused("Không có kết quả mới nào để công bố.")
    label = f"Công bố kết quả của {published} trường"
    return record(campaign, "publish", label, by=by, unit=by.hats[0].unit)


@transaction.atomic
def publish_set(indicator_set: IndicatorSet, *, compared_with: str, compared_by: str, by: User):
    """A person who holds the Decision has compared the set with it; from now on it is immutable."""
    indicator_set = IndicatorSet.objects.select_for_update(of=("self",)).get(pk=indicator_set.pk)
    _refuse_set_manager(indicator_set, by)
    if not indicator_set.is_draft:
        raise StepRefused("Bộ chỉ số này đã được công bố.")
    if not compared_with.strip() or not compared_by.strip():
        raise ValidationError("Ghi ai đã đối chiếu với văn bản nào.")
    indicator_set.compared_with, indicator_set.compared_by = compared_with, compared_by
    indicator_set.published_by, indicator_set.published_at = by, timezone.now()
    indicator_set.state = IndicatorSet.State.PUBLISHED
    indicator_set.full_clean()
    indicator_set.save()
    return record(
        indicator_set, "publish", f"Công bố bộ chỉ số {indicator_set}", by=by,
        reason=f"{compared_by} đối chiếu với {compared_with}",
        from_state="draft", to_state="published",
    )  # fmt: skip


@transaction.atomic
def retire_set(indicator_set: IndicatorSet, *, by: User, reason: str) -> Event:
    indicator_set = IndicatorSet.objects.select_for_update(of=("self",)).get(pk=indicator_set.pk)
    _refuse_set_manager(indicator_set, by)
    if indicator_set.state != IndicatorSet.State.PUBLISHED:
        raise StepRefused("Chỉ bộ chỉ số đã công bố mới có thể hết hiệu lực.")
    if not reason.strip():
        raise StepRefused("Cần ghi lý do.")
    indicator_set.state = IndicatorSet.State.RETIRED
    indicator_set.save(update_fields=["state"])
    return record(
        indicator_set, "retire", f"Cho {indicator_set} hết hiệu lực", by=by, reason=reason,
        from_state="published", to_state="retired",
    )  # fmt: skip


def _refuse_set_manager(indicator_set: IndicatorSet, by: User) -> None:
    if not indicator_set.may_be_managed_by(by):
        raise PermissionDenied("Bạn không có quyền quản lý bộ chỉ số này.")
