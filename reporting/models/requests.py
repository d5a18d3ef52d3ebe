"""Yêu cầu số liệu: a form asked of the schools of a part of the tree."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from edudx.lib import clock
from edudx.lib.fields import SearchTextField
from edudx.lib.locking import LockingQuerySet
from plans.models import Task, validate_plan_period
from reporting.models.data_forms import DataForm
from reporting.workflow import REQUEST_TRANSITIONS, RequestState
from schools.models import OrgUnit, User
from schools.permissions import Permission


class DataRequestQuerySet(LockingQuerySet):
    def visible_to(self, user: User) -> "DataRequestQuerySet":
        """Issued in the person's part of the tree, or asked of a unit there."""
        asked = self.related("sheets").visible_to(user).values("request")
        return self.filter(user.scope("issuer__path") | Q(pk__in=asked))


class DataRequest(models.Model):
    """A form, a period, two deadlines: the schools' and the offices'. One assignment a unit."""

    State = RequestState
    transitions = REQUEST_TRANSITIONS

    form = models.ForeignKey(
        DataForm, verbose_name="biểu mẫu", on_delete=models.PROTECT, related_name="requests"
    )
    title = models.CharField("tên yêu cầu", max_length=200)
    number = models.CharField("số văn bản", max_length=60, blank=True)
    is_on_demand = models.BooleanField("đột xuất", default=False)
    issuer = models.ForeignKey(
        OrgUnit, verbose_name="đơn vị yêu cầu", on_delete=models.PROTECT,
        related_name="data_requests",
    )  # fmt: skip
    period = models.CharField("kỳ", max_length=9, validators=[validate_plan_period])
    state = models.CharField("trạng thái", max_length=6, choices=State, default=State.OPEN)
    locks_at = models.DateTimeField("khóa nhập từ", null=True, blank=True)
    school_task = models.OneToOneField(
        Task, on_delete=models.PROTECT, related_name="request_of_schools"
    )
    office_task = models.OneToOneField(
        Task, on_delete=models.PROTECT, null=True, blank=True, related_name="request_of_offices"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name="người yêu cầu", on_delete=models.PROTECT,
        related_name="data_requests",
    )  # fmt: skip
    created_at = clock.MomentField("yêu cầu lúc", auto_now_add=True)
    search_text = SearchTextField(of=("title", "number"), max_length=400)

    objects = DataRequestQuerySet.as_manager()
    event_needs = Permission.DATA_VIEW

    class Meta:
        verbose_name = "yêu cầu số liệu"
        verbose_name_plural = "yêu cầu số liệu"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("reporting:request", args=[self.pk])

    @property
    def event_path(self) -> str:
        return self.issuer.path

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def state_label(self) -> str:
        """«Đã khóa nhập» while it is open and schools can no longer enter."""
        return "Đã khóa nhập" if self.is_open and self.is_locked() else self.get_state_display()

    def is_locked(self, now: datetime | None = None) -> bool:
        return self.locks_at is not None and (now or clock.now()) >= self.locks_at
