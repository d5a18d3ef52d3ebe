"""The verbs of schools: invite, appoint, keep a document, move a unit."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone

from schools.models import (
    Document,
    DocumentVersion,
    Event,
    FocalPoint,
    Membership,
    OrgUnit,
    User,
)
from schools.models.events import record
from schools.models.people import normal_email
from schools.permissions import KIND_ROLES, Permission, Role
from schools.uploads import FileFacts


@transaction.atomic
def invite(
    *,
    email: str,
    full_name: str,
    unit: OrgUnit,
    role: Role,
    post: str = "",
    phone: str = "",
    by: User | None,
) -> Event:
    """Give a person a role in a unit; a new person gets a link to choose a password, by mail.

    `by` None is the shell, which may do everything.
    """
    if by and not by.can(Permission.PEOPLE_MANAGE, unit):
        raise PermissionDenied("Bạn không được mời người dùng của đơn vị này.")
    if by and not by.may_grant(role, unit):
        raise PermissionDenied("Bạn không được trao vai trò này.")
    person = User.objects.filter(email=normal_email(email)).first()
    refusal = by.why_not_appoint(person) if by and person else ""
    if refusal:
        raise ValidationError(refusal)
    if person is None:
        person = User.objects.create_user(email, full_name, phone=phone)
    appoint(person, unit=unit, role=role, post=post)
    step, label = (
        ("invite", "Mời") if not person.has_usable_password() else ("appoint", "Phân công")
    )
    return record(
        person,
        step,
        f"{label} {person.full_name} làm {Role(role).label} tại {unit}",
        by=by,
        unit=unit,
    )


def ask_password_link(email: str) -> Event | None:
    """Somebody at the door asks for a link; the mail goes out with the outbox, if they are known.

    An invited person has no password yet and may ask too.
    """
    person = User.objects.filter(email=normal_email(email), is_active=True).first()
    if person is None:
        return None
    return record(person, "password_link", "Yêu cầu liên kết đặt mật khẩu", by=None)


def appoint(person: User, *, unit: OrgUnit, role: Role, post: str = "") -> Membership:
    """The open membership of this role, made or given the new post."""
    if role not in KIND_ROLES[unit.kind]:
        raise ValidationError(f"Vai trò «{Role(role).label}» không dùng cho «{unit}».")
    membership, created = Membership.objects.get_or_create(
        user=person, unit=unit, role=role, valid_to=None, defaults={"post": post}
    )
    if not created and post and membership.post != post:
        membership.post = post
        membership.save(update_fields=["post"])
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, by: User) -> Event:
    """The person no longer has this post, as of yesterday evening; what they did stays theirs."""
    if membership.user_id == by.pk:
        if len(by.active_memberships) < 2:
            raise ValidationError("Bạn không thể tự kết thúc phân công cuối cùng của mình.")
    elif not by.can(Permission.PEOPLE_MANAGE, membership.unit) or (
        not by.may_grant(membership.role, membership.unit)
    ):
        raise PermissionDenied("Bạn không được thay đổi phân công này.")
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    if membership.valid_from > yesterday:
        membership.valid_from = yesterday
    membership.valid_to = yesterday
    membership.save(update_fields=["valid_from", "valid_to"])
    label = f"Kết thúc phân công {membership}"
    return record(membership.user, "leave", label, by=by, unit=membership.unit)


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
def add_document(
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
    unit = OrgUnit.objects.select_for_update(of=("self",)).get(pk=document.unit_id)
    if not by.can_in(Permission.DOCUMENT_ADD, unit):
        raise PermissionDenied("Chỉ người của đơn vị được thêm tài liệu.")
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
        if facts and version.file:
            version.file.storage.delete(version.file.name)  # no row, no bytes
        raise
    return version


@transaction.atomic
def name_focal_point(unit: OrgUnit, field: str, facts: dict, *, by: User) -> Event:
    """Who looks after a field from today; the one before keeps their days in the register."""
    if not by.can_in(Permission.WORK_HAND_IN, unit):
        raise PermissionDenied("Chỉ người của đơn vị được ghi đầu mối.")
    today = timezone.localdate()
    before = FocalPoint.objects.select_for_update(of=("self",)).filter(unit=unit, field=field)
    before = before.in_office().first()
    if before and all(getattr(before, name) == value for name, value in facts.items()):
        raise ValidationError("Chưa có gì thay đổi.")
    if before:
        yesterday = today - timezone.timedelta(days=1)
        before.valid_from = min(before.valid_from, yesterday)
        before.valid_to = yesterday
        before.save(update_fields=["valid_from", "valid_to"])
    row = FocalPoint.objects.create(unit=unit, field=field, valid_from=today, **facts)
    return record(
        unit, "focal_point", f"Phân công đầu mối {row.get_field_display()}: {row.name}"[:200],
        by=by, reason=f"Trước đó: {before.name}" if before else "",
    )  # fmt: skip


@transaction.atomic
def move_unit(unit: OrgUnit, *, parent: OrgUnit, by: User, reason: str) -> Event:
    """Hang a unit under another parent; the paths below follow, old files keep theirs."""
    if not (by.can(Permission.UNIT_MANAGE, unit) and by.can(Permission.UNIT_MANAGE, parent)):
        raise PermissionDenied("Bạn không được chuyển đơn vị này.")
    old = unit.path
    unit.parent = parent
    unit.full_clean(exclude=["path"])
    unit.save(update_fields=["parent"])
    return follow(unit, old, by=by, reason=reason)


def follow(unit: OrgUnit, old_path: str, *, by: User | None, reason: str = "") -> Event:
    """After a unit has moved: bring the paths below in step and write the move down."""
    for below in OrgUnit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk):
        new = unit.path + below.path.removeprefix(old_path)
        OrgUnit.objects.filter(pk=below.pk).update(path=new)
    return record(
        unit,
        "move",
        f"Chuyển {unit} về {unit.parent}",
        by=by,
        reason=reason,
        from_state=old_path[-40:],
        to_state=unit.path[-40:],
    )
