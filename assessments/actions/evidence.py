"""The verbs of proofs: show one for a criterion, take it back, attach the minutes."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.actions import answers, files
from assessments.models import Assessment, Criterion, Evidence
from assessments.workflow import AssessmentState
from edudx.lib.workflow import StepRefused
from schools.actions import documents
from schools.models import Document, DocumentVersion, Event, User
from schools.models.events import record
from schools.permissions import Permission
from schools.uploads import FileFacts


@transaction.atomic
def add(
    assessment: Assessment, criterion: Criterion, version: DocumentVersion, *, by: User
) -> Evidence:
    """Tie a document of the school's own cabinet to a criterion."""
    assessment = files.lock(assessment)
    answer = answers.held(assessment, criterion, by)
    if version.document.unit_id != assessment.unit_id:
        raise PermissionDenied("Minh chứng phải lấy từ tủ tài liệu của trường.")
    evidence, created = Evidence.objects.get_or_create(
        answer=answer, version=version, defaults={"added_by": by}
    )
    if created:
        answers.touch(answer, by)
    return evidence


@transaction.atomic
def upload(assessment: Assessment, criterion: Criterion, *, by: User, **content):
    """A new document into the cabinet and onto the criterion: both or neither.

    Asked before the bytes are written, so that a refusal leaves nothing on the disk.
    """
    answers.held(files.lock(assessment), criterion, by)
    version = documents.same_file(assessment.unit, content.get("facts"))
    if version is None:
        version = documents.add(unit=assessment.unit, by=by, **content)
    return add(assessment, criterion, version, by=by)


def _refuse_minutes(assessment: Assessment, by: User) -> None:
    by.must_in(Permission.ASSESSMENT_EDIT, assessment.unit)
    is_prepared = assessment.state == AssessmentState.PREPARED and assessment.campaign.is_open
    if not (assessment.is_editable or is_prepared):
        raise StepRefused("Hồ sơ đang khóa, không thể đính kèm biên bản.")


@transaction.atomic
def remove(evidence: Evidence, *, by: User) -> None:
    """Untie it; the document stays in the cabinet and the event says so."""
    answer = evidence.answer
    assessment = files.lock(answer.assessment)
    answer = answers.held(assessment, answer.criterion, by)
    title = evidence.version.document.title_for_all
    label = f"Bỏ minh chứng {title} khỏi tiêu chí {answer.criterion.code}"
    evidence.delete()
    answers.touch(answer, by)
    record(assessment, "remove_evidence", label, by=by)


@transaction.atomic
def attach_minutes(assessment: Assessment, version: DocumentVersion, *, by: User) -> Event:
    """Minutes of the school's self-assessment council."""
    assessment = files.lock(assessment)
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
    _refuse_minutes(files.lock(assessment), by)
    version = documents.add(
        unit=assessment.unit,
        title=f"Biên bản Hội đồng tự đánh giá, {assessment.campaign.period}",
        kind=Document.Kind.MINUTES,
        file=file,
        facts=facts,
        by=by,
    )
    return attach_minutes(assessment, version, by=by)
