"""Biểu mẫu số liệu: the catalogue of figures, and the forms that ask for them."""

from typing import ClassVar, Protocol

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.functional import cached_property
from simple_history.models import HistoricalRecords

from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from reporting.arithmetic import Rule
from reporting.workflow import FORM_TRANSITIONS, FormState
from schools.models import OrgUnit, User
from schools.permissions import Permission

CODE = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", "Mã chỉ gồm chữ thường không dấu, số và gạch nối."
)


def of_the_province(user: User) -> Q:
    """National rows, and those of the person's own Sở."""
    codes = {hat.unit.department_code for hat in user.hats}
    return Q(owner=None) | Q(owner__code__in=codes)


class Owned(Protocol):
    @property
    def owner(self) -> OrgUnit | None: ...


class ByItsOwner:
    """A local row by its Sở; one for all by whoever keeps national things."""

    def may_be_managed_by(self: Owned, user: User) -> bool:
        return user.can_keep(Permission.DATA_FORM_MANAGE, self.owner)


class DataItem(ByItsOwner, models.Model):
    """One figure of the catalogue, asked for once: what it is and how units' figures add up."""

    class Kind(models.TextChoices):
        INTEGER = "integer", "Số nguyên"
        DECIMAL = "decimal", "Số thập phân"
        RATIO = "ratio", "Tỉ lệ (hai số)"
        YES_NO = "yes_no", "Có / không"
        CHOICE = "choice", "Chọn một"
        TEXT = "text", "Chữ"
        TABLE = "table", "Bảng có dòng cố định"

    class RollUp(models.TextChoices):
        SUM = "sum", "Cộng"
        RATIO = "ratio", "Tỉ lệ của hai tổng"
        YES = "yes", "Đếm số đơn vị có"
        SPREAD = "spread", "Phân bố theo lựa chọn"
        MIN = "min", "Nhỏ nhất"
        MAX = "max", "Lớn nhất"
        NONE = "none", "Không tổng hợp"

    FITS: ClassVar[dict[str, tuple[RollUp, ...]]] = {
        Kind.INTEGER: (RollUp.SUM, RollUp.MIN, RollUp.MAX, RollUp.NONE),
        Kind.DECIMAL: (RollUp.SUM, RollUp.MIN, RollUp.MAX, RollUp.NONE),
        Kind.RATIO: (RollUp.RATIO,),
        Kind.YES_NO: (RollUp.YES, RollUp.NONE),
        Kind.CHOICE: (RollUp.SPREAD, RollUp.NONE),
        Kind.TEXT: (RollUp.NONE,),
        Kind.TABLE: (RollUp.SUM,),
    }

    code = models.CharField("mã", max_length=40, unique=True, validators=[CODE])
    title = models.CharField("tên số liệu", max_length=300)
    kind = models.CharField("loại", max_length=8, choices=Kind)
    roll_up = models.CharField("cách tổng hợp", max_length=6, choices=RollUp)
    measure = models.CharField("đơn vị tính", max_length=40, blank=True)
    part_label = models.CharField("số thứ nhất (tử số)", max_length=200, blank=True)
    whole_label = models.CharField("số thứ hai (mẫu số)", max_length=200, blank=True)
    choices = models.JSONField("các lựa chọn", default=list, blank=True)
    rows = models.JSONField("các dòng của bảng", default=list, blank=True)
    columns = models.JSONField("các cột của bảng", default=list, blank=True)
    definition = models.CharField("cách hiểu, cách đếm", max_length=500, blank=True)
    criteria = models.JSONField("tiêu chí liên quan", default=list, blank=True)
    owner = models.ForeignKey(
        OrgUnit, verbose_name="Sở", on_delete=models.PROTECT, null=True, blank=True,
        related_name="data_items",
    )  # fmt: skip
    search_text = SearchTextField(of=("code", "title"), max_length=400)
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = "số liệu"
        verbose_name_plural = "danh mục số liệu"
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="ratio_names_its_two_parts",
                condition=~Q(kind="ratio") | ~Q(part_label="") & ~Q(whole_label=""),
                violation_error_message="Tỉ lệ phải nói rõ hai số.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.kind in self.FITS and self.roll_up not in self.FITS[self.kind]:
            raise ValidationError({"roll_up": "Cách tổng hợp này không hợp với loại số liệu."})
        if self.kind == self.Kind.CHOICE and len(self.choices) < 2:
            raise ValidationError({"choices": "Ghi ít nhất hai lựa chọn."})
        if self.kind == self.Kind.TABLE and not (self.rows and self.columns):
            raise ValidationError({"rows": "Bảng phải có dòng và cột."})

    @property
    def is_ratio(self) -> bool:
        return self.kind == self.Kind.RATIO

    @property
    def is_whole(self) -> bool:
        """Counted things; the parts of a ratio, too, unless a measure («giờ») is named."""
        if self.kind == self.Kind.RATIO:
            return not self.measure
        return self.kind in (self.Kind.INTEGER, self.Kind.TABLE)

    @cached_property
    def keys(self) -> list[str]:
        """One key per figure: the code, or `code|row|column` for each cell of a table."""
        if self.kind != self.Kind.TABLE:
            return [self.code]
        return [
            f"{self.code}|{row}|{column}"
            for row in range(len(self.rows))
            for column in range(len(self.columns))
        ]

    def label_of(self, key: str) -> str:
        """«Máy tính: Cấp tiểu học, Hỏng» for a cell of a table, else the title."""
        if "|" not in key:
            return self.title
        _, row, column = key.split("|")
        return f"{self.title}: {self.rows[int(row)]}, {self.columns[int(column)]}"


class DataFormQuerySet(LockingQuerySet["DataForm"]):
    def visible_to(self, user: User) -> "DataFormQuerySet":
        return self.filter(of_the_province(user))


class DataForm(ByItsOwner, models.Model):
    """One version of a form. Published it never changes again; the next version is a new row."""

    State = FormState
    transitions = FORM_TRANSITIONS

    code = models.CharField("mã", max_length=40, validators=[CODE])
    version = models.PositiveSmallIntegerField("phiên bản", default=1)
    title = models.CharField("tên biểu mẫu", max_length=300)
    source = models.CharField("căn cứ", max_length=300, blank=True)
    state = models.CharField("trạng thái", max_length=9, choices=State, default=State.DRAFT)
    rules = models.JSONField("quy tắc giữa các số", default=list, blank=True)
    owner = models.ForeignKey(
        OrgUnit, verbose_name="Sở", on_delete=models.PROTECT, null=True, blank=True,
        related_name="data_forms",
    )  # fmt: skip
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người ban hành", on_delete=models.PROTECT,
        null=True, blank=True, related_name="published_forms",
    )  # fmt: skip
    published_at = models.DateTimeField("ban hành lúc", null=True, blank=True)
    search_text = SearchTextField(of=("code", "title"), max_length=400)

    objects = DataFormQuerySet.as_manager()
    event_needs = Permission.DATA_VIEW

    class Meta:
        verbose_name = "biểu mẫu số liệu"
        verbose_name_plural = "biểu mẫu số liệu"
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="form_version_once",
                violation_error_message="Phiên bản này của biểu mẫu đã có.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (phiên bản {self.version})"

    def get_absolute_url(self) -> str:
        return reverse("reporting:form", args=[self.pk])

    @property
    def event_path(self) -> str | None:
        return self.owner.path if self.owner else None

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @cached_property
    def lines(self) -> list["DataField"]:
        """Every field in printed order, with its item."""
        return list(self.fields.select_related("item").order_by("position"))

    @cached_property
    def sections(self) -> list[tuple[str, list["DataField"]]]:
        found: dict[str, list[DataField]] = {}
        for one in self.lines:
            found.setdefault(one.section, []).append(one)
        return list(found.items())

    @cached_property
    def typed_rules(self) -> list[Rule]:
        return [
            Rule(one["kind"], one["left"], tuple(one["right"]), one["says"], one["is_blocking"])
            for one in self.rules
        ]


class DataField(models.Model):
    """One item as a form asks for it: where it stands, of whom, and what makes it look wrong."""

    form = models.ForeignKey(DataForm, on_delete=models.CASCADE, related_name="fields")
    item = models.ForeignKey(
        DataItem, verbose_name="số liệu", on_delete=models.PROTECT, related_name="fields"
    )
    section = models.CharField("mục", max_length=200)
    position = models.PositiveSmallIntegerField("thứ tự", default=0)
    is_required = models.BooleanField("bắt buộc", default=True)
    help = models.CharField("hướng dẫn", max_length=300, blank=True)
    types = models.JSONField("loại trường áp dụng", default=list, blank=True)
    change_limit = models.PositiveSmallIntegerField(
        "cảnh báo khi khác kỳ trước quá (%)", null=True, blank=True
    )
    is_compared = models.BooleanField("so với các trường tương tự", default=False)

    class Meta:
        verbose_name = "dòng của biểu mẫu"
        verbose_name_plural = "các dòng của biểu mẫu"
        ordering = ["form", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["form", "item"],
                name="item_once_a_form",
                violation_error_message="Số liệu này đã có trong biểu mẫu.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.form}: {self.item}"

    def applies_to(self, school_type: str) -> bool:
        return not self.types or school_type in self.types

    @property
    def type_labels(self) -> list[str]:
        return [str(OrgUnit.SchoolType(one).label) for one in self.types]
