"""The tree of units: a department, its offices, their schools; with dates and successors."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse
from simple_history.models import HistoricalRecords

from edudx.lib import clock
from edudx.lib.fields import SearchTextField, SortKeyField
from edudx.lib.locking import LockingQuerySet
from edudx.lib.text import one_line
from edudx.lib.vietnamese import search_words
from schools.permissions import Permission

if TYPE_CHECKING:
    from .people import User


DERIVED = ("path", "search_text", "sort_key", "place_key")


def not_closed(on: date, of: str = "") -> Q:
    """Units that still work on that day; `of` is the way to them, «unit__»."""
    return Q(**{f"{of}valid_to": None}) | Q(**{f"{of}valid_to__gte": on})


class OrgUnitQuerySet(LockingQuerySet["OrgUnit"]):
    def visible_to(self, user: "User") -> "OrgUnitQuerySet":
        """The units of the user's hat and everything below them."""
        return self.filter(user.scope("path"))

    def below(self, unit: "OrgUnit") -> "OrgUnitQuerySet":
        """The unit and everything below it."""
        return self.filter(path__startswith=unit.path)

    def active(self, on: date | None = None) -> "OrgUnitQuerySet":
        on = on or clock.today()
        return self.filter(not_closed(on), valid_from__lte=on)

    def schools(self) -> "OrgUnitQuerySet":
        return self.filter(kind=OrgUnit.Kind.SCHOOL)

    def search(self, text: str) -> "OrgUnitQuerySet":
        """Every word of the text, with or without marks, in name, code or place."""
        words = Q()
        for word in search_words(text):
            words &= Q(search_text__contains=word)
        return self.filter(words)


class OrgUnit(models.Model):
    """One unit. `path` is the codes from the top, each closed by a slash: «31/3105/3105-012/»."""

    class Kind(models.TextChoices):
        DEPARTMENT = "department", "Sở"
        OFFICE = "office", "Phòng"
        SCHOOL = "school", "Cơ sở giáo dục"

    class SchoolType(models.TextChoices):
        MN = "MN", "Mầm non"
        TH = "TH", "Tiểu học"
        THCS = "THCS", "Trung học cơ sở"
        TH_THCS = "TH_THCS", "Tiểu học và trung học cơ sở"
        THPT = "THPT", "Trung học phổ thông"
        THCS_THPT = "THCS_THPT", "Trung học cơ sở và trung học phổ thông"
        TH_THCS_THPT = "TH_THCS_THPT", "Phổ thông nhiều cấp học"
        GDTX = "GDTX", "Giáo dục thường xuyên"
        GDNN_GDTX = "GDNN_GDTX", "Giáo dục nghề nghiệp - GDTX"

    class Ownership(models.TextChoices):
        PUBLIC = "public", "Công lập"
        PRIVATE = "private", "Ngoài công lập"

    code = models.CharField(
        "mã đơn vị",
        max_length=30,
        unique=True,
        validators=[
            RegexValidator(r"^[0-9A-Za-z._-]+$", "Mã đơn vị chỉ gồm chữ không dấu, số và . _ -")
        ],
        help_text="Mã định danh trên cơ sở dữ liệu ngành.",
    )
    kind = models.CharField("cấp", max_length=12, choices=Kind)
    school_type = models.CharField("loại trường", max_length=14, choices=SchoolType, blank=True)
    ownership = models.CharField(
        "loại hình", max_length=8, choices=Ownership, default=Ownership.PUBLIC
    )
    name = models.CharField("tên đầy đủ", max_length=200)
    short_name = models.CharField("tên ngắn", max_length=100)
    superior_name = models.CharField(
        "cơ quan chủ quản",
        max_length=200,
        blank=True,
        help_text="Dòng trên của phần đầu văn bản, ví dụ: UBND phường Dương Kinh.",
    )
    abbreviation = models.CharField(
        "chữ viết tắt trong ký hiệu", max_length=30, blank=True, help_text="Ví dụ: PGDĐT"
    )
    place = models.CharField("địa danh", max_length=80, help_text="Ghi trước ngày của văn bản.")
    parent = models.ForeignKey(
        "self",
        verbose_name="đơn vị cấp trên",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
    )
    path = models.CharField("đường dẫn", max_length=250, unique=True, editable=False)
    valid_from = models.DateField("hoạt động từ", default=date(2000, 1, 1))
    valid_to = models.DateField("hoạt động đến", null=True, blank=True)
    successors = models.ManyToManyField(
        "self",
        verbose_name="đơn vị kế thừa",
        symmetrical=False,
        blank=True,
        related_name="predecessors",
    )
    search_text = SearchTextField(of=("name", "short_name", "code", "place"), max_length=500)
    sort_key = SortKeyField(of=("short_name",), max_length=700, db_index=True)
    place_key = SortKeyField(of=("place",), max_length=500)
    history = HistoricalRecords(excluded_fields=["search_text", "sort_key", "place_key"])

    objects = OrgUnitQuerySet.as_manager()
    event_needs = Permission.UNIT_VIEW

    class Meta:
        verbose_name = "đơn vị"
        verbose_name_plural = "đơn vị"
        ordering = ["sort_key", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("code"),
                name="code_once_in_any_case",
                violation_error_message="Mã đơn vị này đã có (chỉ khác chữ hoa, chữ thường).",
            ),
            models.CheckConstraint(
                name="school_has_a_type",
                condition=Q(kind="school") & ~Q(school_type="")
                | ~Q(kind="school") & Q(school_type=""),
                violation_error_message=(
                    "Cơ sở giáo dục phải có loại trường; Sở và phòng thì không."
                ),
            ),
            models.CheckConstraint(
                name="department_is_the_top",
                condition=Q(kind="department", parent=None)
                | ~Q(kind="department") & Q(parent__isnull=False),
                violation_error_message="Phòng và trường phải có đơn vị cấp trên; Sở thì không.",
            ),
            models.CheckConstraint(
                name="unit_closes_after_it_opens",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu hoạt động.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    def save(self, *args, **kwargs) -> None:
        self.derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], *DERIVED}
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("schools:unit", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.path

    def clean(self) -> None:
        """A unit hangs under a department or an office, never under itself or one below it."""
        if self.parent and self.path and self.parent.is_within(self.path):
            raise ValidationError(
                "Không thể chuyển đơn vị vào chính nó hoặc đơn vị cấp dưới của nó."
            )
        if self.parent and self.parent.is_school:
            raise ValidationError(f"Cấp trên «{self.parent}» là một trường.")

    def derive(self) -> None:
        """Tidy the names and bring the path in step with the parent."""
        self.name = one_line(self.name)
        self.short_name = one_line(self.short_name) or self.name
        self.path = f"{self.parent.path if self.parent else ''}{self.code}/"

    @property
    def is_school(self) -> bool:
        return self.kind == self.Kind.SCHOOL

    @property
    def is_closed(self) -> bool:
        """Its last day has passed: nobody of it acts or is reminded any more."""
        return self.valid_to is not None and self.valid_to < clock.today()

    @property
    def department_code(self) -> str:
        return self.path.split("/", 1)[0]

    @property
    def paths_above(self) -> list[str]:
        """The paths of the units above it, from the top, and its own."""
        steps = self.path.strip("/").split("/")
        return ["/".join(steps[: n + 1]) + "/" for n in range(len(steps))]

    def is_within(self, path: str) -> bool:
        return self.path.startswith(path)
