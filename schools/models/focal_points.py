"""Đầu mối: who leads and who looks after a field in a unit, from a day to a day."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from edudx.lib.locking import LockingQuerySet
from edudx.lib.text import one_line

from .people import User
from .units import OrgUnit


class FocalPointQuerySet(LockingQuerySet["FocalPoint"]):
    def visible_to(self, user: User) -> "FocalPointQuerySet":
        return self.filter(user.scope("unit__path"))

    def in_office(self) -> "FocalPointQuerySet":
        return self.filter(valid_to=None)


class FocalPoint(models.Model):
    """The leader in charge and the person who does the work, for one field of one unit."""

    class Field(models.TextChoices):
        IT = "cntt", "Công nghệ thông tin"
        DX = "cds", "Chuyển đổi số"
        STATISTICS = "thongke", "Thống kê giáo dục"

    unit = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị", on_delete=models.PROTECT, related_name="focal_points"
    )
    field = models.CharField("lĩnh vực", max_length=8, choices=Field)
    leader_name = models.CharField("lãnh đạo phụ trách", max_length=120)
    leader_post = models.CharField("chức vụ của lãnh đạo", max_length=80, blank=True)
    name = models.CharField("đầu mối", max_length=120)
    post = models.CharField("chức vụ của đầu mối", max_length=80, blank=True)
    email = models.EmailField("thư điện tử", blank=True)
    phone = models.CharField("điện thoại", max_length=20, blank=True)
    valid_from = models.DateField("từ ngày", default=timezone.localdate)
    valid_to = models.DateField("đến ngày", null=True, blank=True)

    objects = FocalPointQuerySet.as_manager()

    class Meta:
        verbose_name = "đầu mối"
        verbose_name_plural = "danh sách đầu mối"
        ordering = ["unit", "field", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "field"],
                condition=Q(valid_to=None),
                name="one_focal_point_per_field",
                violation_error_message="Lĩnh vực này đã có đầu mối.",
            ),
            models.CheckConstraint(
                name="focal_point_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message="Ngày kết thúc phải sau ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.name}"

    def save(self, *args, **kwargs) -> None:
        self.leader_name, self.name = one_line(self.leader_name), one_line(self.name)
        super().save(*args, **kwargs)

    def facts(self) -> dict[str, str]:
        """What a hand-in keeps of it for ever."""
        names = ("field", "leader_name", "leader_post", "name", "post", "email", "phone")
        return {name: getattr(self, name) for name in names}
