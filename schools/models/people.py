"""People and what they are in which unit."""

import re

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from edudx.lib.fields import NameSortKeyField, SearchTextField
from edudx.lib.locking import LockingQuerySet
from edudx.lib.text import one_line
from schools.permissions import GRANTABLE, ROLE_PERMISSIONS, Permission, Role

from .units import OrgUnit, not_closed


def normal_email(text: str) -> str:
    """The one form in which an address is kept and looked up: lower case, without any space."""
    return one_line(text).replace(" ", "").lower()


def normal_phone(text: str) -> str:
    """Digits alone, of a number in Vietnam from its 0 on, which Excel drops and +84 stands for;
    a foreign one with its +. ValueError: no number.
    """
    typed = re.sub(r"^(\+?\d{9,12})[.,]0+$", r"\1", one_line(text))  # Excel's tail of a number
    digits = re.sub(r"[^\w+]", "", typed)
    digits = re.sub(r"^\+?840?([1-9]\d{8,9})$", r"0\1", digits)
    if re.fullmatch(r"[1-9]\d{8}", digits):
        digits = f"0{digits}"
    if digits and not re.fullmatch(r"\+?[0-9]{9,12}", digits):
        raise ValueError(f"số điện thoại «{text}» không hợp lệ.")
    return digits


class UserQuerySet(LockingQuerySet["User"]):
    def visible_to(self, user: "User") -> "UserQuerySet":
        """Everyone with a post of today in the user's part of the tree, and the user."""
        posts = Membership.objects.visible_to(user).open()
        return self.filter(Q(pk=user.pk) | Q(pk__in=posts.values("user")))


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def locked(self, pk: int) -> "User":
        return self.get_queryset().locked(pk)

    def visible_to(self, user: "User") -> UserQuerySet:
        return self.get_queryset().visible_to(user)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=normal_email(username or ""))

    def create_user(
        self, email: str, full_name: str, password: str | None = None, **fields
    ) -> "User":
        user = self.model(email=email, full_name=full_name, **fields)
        user.set_password(password)
        user.save()
        return user

    def create_superuser(self, email: str, full_name: str, password: str, **fields) -> "User":
        return self.create_user(email, full_name, password, is_superuser=True, **fields)


class User(AbstractBaseUser):
    """A person. What they may do comes from memberships; `hat` narrows it to one of them."""

    email = models.EmailField("thư điện tử", unique=True)
    full_name = models.CharField("họ và tên", max_length=120)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    wants_email = models.BooleanField("nhận tin qua thư điện tử", default=True)
    zalo_id = models.CharField("mã người dùng Zalo OA", max_length=40, blank=True)
    feed_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)
    is_active = models.BooleanField("đang hoạt động", default=True)
    is_superuser = models.BooleanField("quản trị toàn hệ thống", default=False)
    created_at = models.DateTimeField("tạo lúc", auto_now_add=True)
    search_text = SearchTextField(of=("full_name", "email"), max_length=400)
    sort_key = NameSortKeyField(of=("full_name",), max_length=500, db_index=True)
    history = HistoricalRecords(
        excluded_fields=["password", "last_login", "search_text", "sort_key", "feed_key"]
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    objects = UserManager()
    event_needs = Permission.PEOPLE_VIEW

    class Meta:
        verbose_name = "người dùng"
        verbose_name_plural = "người dùng"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.CheckConstraint(
                name="email_is_lower_case",
                condition=Q(email=models.functions.Lower("email")),
                violation_error_message="Thư điện tử được lưu bằng chữ thường.",
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def event_path(self) -> None:
        """A person belongs to no unit: each step says of whose post it is."""
        return None

    def clean(self) -> None:
        self.email = normal_email(self.email)

    def save(self, *args, **kwargs) -> None:
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_text", "sort_key"}
        super().save(*args, **kwargs)

    def derive(self) -> None:
        """Bring the address and the name into their normal forms."""
        self.email, self.full_name = normal_email(self.email), one_line(self.full_name)

    @cached_property
    def active_memberships(self) -> list["Membership"]:
        return list(self.memberships.active().select_related("unit").order_by("pk"))

    hat: "Membership | None" = None  # set by HatMiddleware: what the person acts as now

    @property
    def hats(self) -> list["Membership"]:
        """What counts now: the hat that is on, else all of them."""
        return [self.hat] if self.hat else self.active_memberships

    def scope(self, field: str) -> Q:
        """A filter on a path column: the units of the hats and all below them."""
        if self.is_superuser and not self.hat:
            return Q()
        scope = Q(pk__in=[])
        for hat in self.hats:
            scope |= Q(**{f"{field}__startswith": hat.unit.path})
        return scope

    @property
    def grants(self) -> list[tuple[str, frozenset[Permission]]]:
        """(path, what is allowed there and below it) of each hat that counts."""
        if self.is_superuser and not self.hat:
            return [("", ROLE_PERMISSIONS[Role.ADMINISTRATOR])]
        return [(hat.unit.path, ROLE_PERMISSIONS[hat.role]) for hat in self.hats]

    @property
    def reach(self) -> str:
        """The path below which everything is seen with the hat that is on."""
        if self.hat:
            return self.hat.unit.path
        return "" if self.is_superuser else "-"  # no path begins with a hyphen and a slash

    def can(self, permission: Permission, unit: OrgUnit | None = None) -> bool:
        """May this person do it in the unit (or anywhere, without one)?"""
        if self.is_superuser and not self.hat:
            return permission in ROLE_PERMISSIONS[Role.ADMINISTRATOR]
        return any(
            permission in ROLE_PERMISSIONS[hat.role]
            and (unit is None or unit.is_within(hat.unit.path))
            for hat in self.hats
        )

    def can_in(self, permission: Permission, unit: OrgUnit) -> bool:
        """May this person do it as one of this very unit's people?"""
        return any(
            hat.unit_id == unit.pk and permission in ROLE_PERMISSIONS[hat.role] for hat in self.hats
        )

    def must(self, permission: Permission, unit: OrgUnit | None = None) -> None:
        """Refuse with a sentence (403) whoever may not `can`."""
        if not self.can(permission, unit):
            raise PermissionDenied(permission.refusal)

    def must_in(self, permission: Permission, unit: OrgUnit) -> None:
        """Refuse with a sentence (403) whoever may not `can_in`."""
        if not self.can_in(permission, unit):
            raise PermissionDenied(permission.refusal)

    def must_here(self, permission: Permission) -> OrgUnit:
        """The unit of the hat that is on; refuses (403) whoever may not do it there."""
        if self.hat is None or not self.can_in(permission, self.hat.unit):
            raise PermissionDenied(permission.refusal)
        return self.hat.unit

    def can_keep(self, permission: Permission, owner: OrgUnit | None) -> bool:
        """Of what a unit keeps: its people and those above; of what is national: without a unit."""
        return self.can(permission, owner) if owner else self.may_manage_national(permission)

    def must_keep(self, permission: Permission, owner: OrgUnit | None) -> None:
        """Refuse with a sentence (403) whoever may not `can_keep`."""
        if not self.can_keep(permission, owner):
            raise PermissionDenied(permission.refusal)

    def belongs_to(self, unit: OrgUnit) -> bool:
        """Has a post in this unit, whichever hat is on."""
        return any(membership.unit_id == unit.pk for membership in self.active_memberships)

    def grantable_roles(self) -> set[Role]:
        if self.is_superuser:
            return set(Role)
        return {role for hat in self.hats for role in GRANTABLE.get(hat.role, ())}

    def may_grant(self, role: str, unit: OrgUnit) -> bool:
        """Give or end a role in the unit; those who are audited do not choose their auditor."""
        if role not in self.grantable_roles():
            return False
        own = {hat.unit_id for hat in self.hats if hat.role != Role.ADMINISTRATOR}
        return self.is_superuser or role != Role.AUDITOR or unit.pk not in own

    def may_change(self, person: "User") -> bool:
        """Oneself and people all of whose posts of today lie within the own reach."""
        if person.pk == self.pk:
            return True
        return not person.is_superuser and all(
            self.may_grant(one.role, one.unit) and self.can(Permission.PEOPLE_MANAGE, one.unit)
            for one in person.active_memberships
        )

    def why_not_appoint(self, person: "User") -> str:
        """A sentence when this person may not be given a post by us; empty when they may."""
        if person.pk == self.pk:
            return "Không ai tự phân công cho mình; hãy đề nghị người khác."
        if not self.may_change(person):
            return f"«{person.email}» đang làm ở đơn vị khác; hãy đề nghị cấp trên phân công."
        return ""

    def may_manage_national(self, permission: Permission) -> bool:
        """What belongs to the whole country (sets, holidays): where the portal serves one Sở alone,
        that Sở's people; where it serves several, the administrator of the whole system.
        """
        if self.is_superuser:
            return True
        departments = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.DEPARTMENT)[:2])
        return len(departments) == 1 and self.can(permission, departments[0])

    @property
    def is_staff(self) -> bool:
        return self.can(Permission.ADMINISTER)

    def has_perm(self, perm: str, obj=None) -> bool:
        """The administration site asks this; each ModelAdmin answers from the access matrix."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_staff


class MembershipQuerySet(LockingQuerySet["Membership"]):
    def active(self) -> "MembershipQuerySet":
        """Posts of today; a unit that has closed has none any more."""
        today = timezone.localdate()
        return self.open().filter(not_closed(today, "unit__"), valid_from__lte=today)

    def open(self) -> "MembershipQuerySet":
        """Not ended: of today or of a day to come."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=timezone.localdate()))

    def of_units(self, units) -> "MembershipQuerySet":
        """Posts of today in these units, of people who can sign in."""
        return self.active().filter(unit__in=units, user__is_active=True)

    def visible_to(self, user: User) -> "MembershipQuerySet":
        return self.filter(user.scope("unit__path"))


class Membership(models.Model):
    """A person's role and post in a unit, from a day to a day."""

    user = models.ForeignKey(
        User, verbose_name="người dùng", on_delete=models.CASCADE, related_name="memberships"
    )
    unit = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField("vai trò", max_length=20, choices=Role)
    post = models.CharField("chức vụ", max_length=80, blank=True, help_text="Ví dụ: Trưởng phòng")
    valid_from = models.DateField("từ ngày", default=timezone.localdate)
    valid_to = models.DateField("đến ngày", null=True, blank=True)
    history = HistoricalRecords()

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "phân công"
        verbose_name_plural = "phân công"
        ordering = ["user__sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="one_open_membership_per_role",
                fields=["user", "unit", "role"],
                condition=Q(valid_to=None),
                violation_error_message="Người này đã có vai trò đó ở đơn vị.",
            ),
            models.CheckConstraint(
                name="membership_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_role_display()}"
