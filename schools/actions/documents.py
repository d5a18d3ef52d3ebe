"""The verbs of the cabinet: add a document or a version, find the same file."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, Sum

from schools.models import Document, DocumentVersion, OrgUnit, User
from schools.models.events import record
from schools.models.postings import hold
from schools.permissions import Permission
from schools.uploads import FileFacts


def used_bytes(unit: OrgUnit) -> int:
    versions = DocumentVersion.objects.filter(document__unit=unit)
    return versions.aggregate(total=Sum("size"))["total"] or 0


def same_file(unit: OrgUnit, facts: FileFacts | None) -> DocumentVersion | None:
    """The version the unit keeps already with these very bytes and this name."""
    if facts is None:
        return None
    kept = DocumentVersion.objects.filter(document__unit=unit, sha256=facts.sha256)
    return kept.filter(file_name=facts.name).order_by("pk").first()


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
    """A new document with its first version."""
    hold()
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
    """The next version; the ones before stay as they are."""
    unit = OrgUnit.objects.locked(document.unit_id)
    by.must_in(Permission.DOCUMENT_ADD, unit)
    if facts and used_bytes(unit) + facts.size > settings.UNIT_QUOTA_BYTES:
        raise ValidationError("Đơn vị đã dùng hết dung lượng lưu trữ; hãy liên hệ quản trị viên.")
    last = document.versions.aggregate(last=Max("number"))["last"] or 0
    version = DocumentVersion(
        document=document,
        number=last + 1,
        unit_path=unit.path,
        link=link,
        official_number=official_number,
        proof_on=proof_on,
        uploaded_by=by,
    )
    if facts:
        version.file_name, version.size = facts.name, facts.size
        version.sha256, version.content_type = facts.sha256, facts.content_type
        version.file = file
    try:
        version.save()
        label = f"Thêm bản {version.number} của {document.title_for_all}"
        record(document, "version", label, by=by)
    except Exception:
        if facts and version.file.name:
            version.file.storage.delete(version.file.name)  # no row, no bytes
        raise
    return version
