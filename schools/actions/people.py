"""The verbs of people: invite, send a link for a password, appoint, end a post."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from edudx.lib import clock
from schools.models import Event, Membership, OrgUnit, User
from schools.models.events import record
from schools.models.people import normal_email
from schools.permissions import KIND_ROLES, Permission, Role


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
    if unit.is_closed:
        raise ValidationError(f"«{unit}» đã kết thúc hoạt động ngày {unit.valid_to:%d/%m/%Y}.")
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
    yesterday = clock.today() - timedelta(days=1)
    if membership.valid_from > yesterday:
        membership.valid_from = yesterday
    membership.valid_to = yesterday
    membership.save(update_fields=["valid_from", "valid_to"])
    label = f"Kết thúc phân công {membership}"
    return record(membership.user, "leave", label, by=by, unit=membership.unit)
