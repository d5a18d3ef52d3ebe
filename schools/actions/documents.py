"""The verbs of the cabinet: add a document or a version, find the same file."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum

from edudx.lib.text import one_line
from schools.models import Document, DocumentVersion, OrgUnit, User
from schools.models.events import record
from schools.models.postings import hold
from schools.permissions import Permission
from schools.uploads import FileFacts


def used_bytes(unit: OrgUnit) -> int:
    versions = DocumentVersion.objects.filter(document__unit=unit)
    return versions.aggregate(total=Sum("size"))["total"] or 0


def same_file(unit: OrgUnit, facts: FileFacts | None) -> DocumentVersion | None:
    """The version the unit keeps already of this very file, as it came or as it is kept."""
    if facts is None:
        return None
    kept = DocumentVersion.objects.filter(document__unit=unit, file_name=facts.name)
    return kept.with_digest(facts.digests).order_by("pk").first()


def _posted_before(facts: FileFacts | None, **words: object) -> DocumentVersion | None:
    """The same words about the same file: a form that was sent twice."""
    if facts is None:
        return None
    kept = DocumentVersion.objects.filter(file_name=facts.name, **words)
    return kept.with_digest(facts.digests).order_by("pk").last()


@transaction.atomic
def add(
    *,
    unit: OrgUnit,
    title: str,
    kind: str,
    by: User,
    file=None,
    facts: FileFacts | None = None,
    link: str = "",
    official_number: str = "",
    proof_on=None,
    is_restricted: bool = False,
) -> DocumentVersion:
    """A new document with its first version; the same one sent twice is kept once."""
    hold()
    unit = OrgUnit.objects.locked(unit.pk)
    by.must_in(Permission.DOCUMENT_ADD, unit)
    title = one_line(title)
    if twin := _posted_before(
        facts, document__unit=unit, document__title=title, document__kind=kind,
        document__is_restricted=is_restricted, official_number=official_number, proof_on=proof_on,
    ):  # fmt: skip
        return twin
    document = Document.objects.create(
        unit=unit, title=title, kind=kind, is_restricted=is_restricted, created_by=by
    )
    return add_version(
        document,
        by=by,
        file=file,
        facts=facts,
        link=link,
        official_number=official_number,
        proof_on=proof_on,
    )


@transaction.atomic
def add_version(
    document: Document,
    *,
    by: User,
    file=None,
    facts: FileFacts | None = None,
    link: str = "",
    official_number: str = "",
    proof_on=None,
) -> DocumentVersion:
    """The next version; those before stay as they are. The newest one sent again is kept once."""
    unit = OrgUnit.objects.locked(document.unit_id)
    by.must_in(Permission.DOCUMENT_ADD, unit)
    twin = _posted_before(
        facts, document=document, official_number=official_number, proof_on=proof_on
    )
    if twin and twin == document.newest:
        return twin
    if facts and used_bytes(unit) + facts.size > settings.UNIT_QUOTA_BYTES:
        raise ValidationError("Đơn vị đã dùng hết dung lượng lưu trữ; hãy liên hệ quản trị viên.")
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion(
        document=document, number=last + 1, unit_path=unit.path, link=link,
        official_number=official_number, proof_on=proof_on, uploaded_by=by,
    )  # fmt: skip
    if facts:
        _fill(version, file, facts)
    try:
        version.save()
        label = f"Thêm bản {version.number} của {document.title_for_all}"
        record(document, "version", label, by=by)
    except Exception:
        if facts and version.file.name:
            version.file.storage.delete(version.file.name)  # no row, no bytes
        raise
    return version


def _fill(version: DocumentVersion, file, facts: FileFacts) -> None:
    version.file, version.file_name, version.size = file, facts.name, facts.size
    version.sha256, version.content_type = facts.sha256, facts.content_type
    version.sent_sha256, version.changes = facts.sent_sha256, facts.changes
