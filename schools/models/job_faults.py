"""A row that a periodic job could not do: its reason, its count, its next try."""

import contextlib
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from edudx.lib.locking import LockingQuerySet
from edudx.lib.waiting import MOST_TRIES, wait

from .events import is_subject, path_of
from .people import User


class JobFaultQuerySet(LockingQuerySet["JobFault"]):
    def visible_to(self, user: User) -> "JobFaultQuerySet":
        """Of the own part of the tree, and what belongs to nobody."""
        return self.filter(user.scope("unit_path") | Q(unit_path=""))

    def of(self, job: str, model: type[models.Model]) -> "JobFaultQuerySet":
        return self.filter(job=job, subject_type=ContentType.objects.get_for_model(model))

    def resting(self, now: datetime) -> "JobFaultQuerySet":
        """Given up, or not to be tried before a later moment."""
        return self.filter(Q(next_try_at=None) | Q(next_try_at__gt=now))

    def remember(
        self, job: str, model: type[models.Model], pk: int, fault: Exception
    ) -> "JobFault":
        """One more try that failed; after the last there is no next one."""
        now, kind = timezone.now(), ContentType.objects.get_for_model(model)
        row, _ = self.get_or_create(
            job=job, subject_type=kind, subject_id=pk, defaults=_what(model, pk) | {"first_at": now}
        )
        row.tries += 1
        row.last_at, row.fault = now, f"{type(fault).__name__}: {fault}"[:300]
        row.next_try_at = None if row.tries >= MOST_TRIES else now + wait(row.tries)
        row.save(update_fields=["tries", "last_at", "fault", "next_try_at"])
        return row


def _what(model: type[models.Model], pk: int) -> dict[str, str]:
    """Words and place of the row as far as they can be had: it may be what is broken."""
    said = {"label": f"{model._meta.verbose_name} số {pk}"[:200], "unit_path": ""}
    with contextlib.suppress(Exception):
        subject: Any = model._default_manager.get(pk=pk)
        said["label"] = str(subject)[:200]
        said["unit_path"] = path_of(subject) if is_subject(model) else ""
    return said


class JobFault(models.Model):
    """A row of a job that failed alone; those beside it were done. It goes when it succeeds."""

    class Job(models.TextChoices):
        TELL = "tell", "Báo tin"
        CLAIM = "claim", "Tính lần nhắc"
        COMPOSE = "compose", "Soạn thư nhắc"
        SHEETS = "sheets", "Giao phiếu số liệu"
        REPORTS = "reports", "Giao báo cáo định kỳ"

    job = models.CharField("việc", max_length=10, choices=Job)
    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField("số của đối tượng")
    label = models.CharField("đối tượng", max_length=200)
    unit_path = models.CharField("đơn vị liên quan", max_length=250, blank=True)
    tries = models.PositiveSmallIntegerField("số lần thử", default=0)
    first_at = models.DateTimeField("lần đầu lúc")
    last_at = models.DateTimeField("lần cuối lúc", default=timezone.now)
    next_try_at = models.DateTimeField("thử lại lúc", null=True, blank=True)
    fault = models.CharField("lý do", max_length=300, blank=True)

    objects = JobFaultQuerySet.as_manager()

    class Meta:
        verbose_name = "trở ngại của việc nền"
        verbose_name_plural = "trở ngại của các việc nền"
        ordering = ["-last_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["job", "subject_type", "subject_id"],
                name="job_fault_once_a_row",
                violation_error_message="Trở ngại này đã được ghi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_job_display()}: {self.label}"

    @property
    def is_given_up(self) -> bool:
        return self.next_try_at is None

    def try_again(self) -> None:
        """By an administrator: at the next run, as if it had never been tried."""
        self.tries, self.next_try_at = 0, timezone.now() - timedelta(seconds=1)
        self.save(update_fields=["tries", "next_try_at"])
