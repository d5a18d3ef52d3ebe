"""The verbs of exports: ask for a file, build it under a lease, give up with a sentence."""

import hashlib
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from assessments.models import Campaign
from edudx.lib import clock, workflow
from edudx.lib.vietnamese import search_key
from reporting.files.orders import Built, Order
from reporting.models import LEASE, MAX_ATTEMPTS, Export
from reporting.models.export_filters import ConsolidatedFilters, Filters
from schools.models import OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


class LostLease(Exception):
    """Another worker has taken the job over; this one stops."""


@transaction.atomic
def request(
    asked: Filters,
    *,
    unit: OrgUnit,
    format: str,
    title: str,
    by: User,
    notice: str = "",
    needs: Permission = Permission.EXPORT,
    is_private: bool = False,
) -> Export:
    """The durable row of a job; the caller's transaction and the job live or die together."""
    by.must(needs, unit)
    export = Export.objects.create(
        report=asked.kind, filters=asked.to_json(), format=format, unit=unit, title=title[:250],
        notice=notice, requested_by=by, is_private=is_private,
    )  # fmt: skip
    label = f"Yêu cầu lập «{export}» ({export.get_format_display()})"
    record(export, "request", label[:200], by=by)
    return export


def request_consolidated(*, campaign: Campaign, unit: OrgUnit, format: str, by: User) -> Export:
    return request(
        ConsolidatedFilters(campaign.code), unit=unit, format=format,
        title=f"Tổng hợp {campaign.title} – {unit}", notice=campaign.notice, by=by,
    )  # fmt: skip


class Heartbeat:
    """Renews the lease and tells how far the job is, at most twice a second."""

    def __init__(self, export: Export) -> None:
        self.export, self.told_at = export, 0.0

    def __call__(self, done: int, total: int, doing: str) -> None:
        now = time.monotonic()
        if now - self.told_at < 0.5 and done < total:
            return
        self.told_at = now
        mine = Export.objects.filter(
            pk=self.export.pk, state=Export.State.RUNNING, attempts=self.export.attempts
        )
        if not mine.update(
            done_steps=done, total_steps=total, doing=doing, lease_until=clock.now() + LEASE
        ):
            raise LostLease


def build(export: Export, write: Callable[[Order], Built]) -> None:
    """Build the claimed job's file and mark it done, unless another worker took it over."""
    asked = export.asked_for
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"file.{export.format}"
        order = Order(
            asked, title=export.title, unit=export.unit, format=export.format, target=target,
            asked_by=export.requested_by, progress=Heartbeat(export),
        )  # fmt: skip
        _keep(export, target, write(order))


@transaction.atomic
def _keep(export: Export, target: Path, built: Built) -> None:
    export = Export.objects.locked(export.pk, attempts=export.attempts, state=Export.State.RUNNING)
    export.file_name = file_name(export, built)
    export.size = target.stat().st_size
    with target.open("rb") as content:
        export.sha256 = hashlib.file_digest(content, "sha256").hexdigest()
    export.unit_count = built.units
    export.state = workflow.named(export.transitions, "finish").target
    export.finished_at = clock.now()
    export.doing, export.lease_until = "", None
    with target.open("rb") as content:
        export.file.save(
            f"{export.pk}-{export.attempts}.{export.format}", File(content), save=False
        )
    export.save()


def file_name(export: Export, built: Built) -> str:
    """«tong-hop-hp-2025-2026-so-gddt-hai-phong-20260521-0930.xlsx»."""
    unit = slugify(search_key(export.unit.short_name))
    stamp = f"{timezone.localtime():%Y%m%d-%H%M}"
    return f"{built.stem}-{unit}-{stamp}.{export.format}"


def fail(export: Export, sentence: str) -> None:
    """A clear end: what went wrong and that it can be asked for again."""
    Export.objects.filter(pk=export.pk, attempts=export.attempts).take(
        "fail",
        fault=sentence[:300],
        finished_at=clock.now(),
        lease_until=None,
        doing="",
    )


def give_up_exhausted() -> int:
    """Jobs whose worker died for the last time; returns how many."""
    return (
        Export.objects.claimable()
        .filter(attempts__gte=MAX_ATTEMPTS)
        .take(
            "fail",
            fault=f"Đã thử {MAX_ATTEMPTS} lần nhưng tiến trình lập tệp bị dừng giữa chừng. "
            "Hãy yêu cầu lại.",
            finished_at=clock.now(),
            lease_until=None,
            doing="",
        )
    )
