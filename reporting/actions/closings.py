"""Chốt số liệu: the verbs of an office. Frozen figures that say what they were made of."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from edudx.lib import clock
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.models import Assignment
from plans.workflow import WAITING_FOR_UNIT, AssignmentState
from reporting import rollup, sheet_reading
from reporting.actions import target_figures
from reporting.models import Closing, DataRequest, DataSheet, EntryException, SheetVersion
from reporting.workflow import RequestState
from schools.models import Event, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


def _of_office(request: DataRequest, office: OrgUnit):
    return rollup.sheets_of(request, Q(office=office))


def newest(request: DataRequest, office: OrgUnit) -> Closing | None:
    return request.closings.filter(office=office).order_by("number").last()


def versions_now(request: DataRequest, office: OrgUnit) -> list[int]:
    found = _of_office(request, office).exclude(current=None)
    return sorted(found.values_list("current", flat=True))


def needs_again(closing: Closing) -> bool:
    """«Cần chốt lại»: a school has handed in or corrected since."""
    return sorted(closing.versions) != versions_now(closing.request, closing.office)


def changed_since(last: Closing) -> list[SheetVersion]:
    """What schools of the office have handed in or corrected after it."""
    current = versions_now(last.request, last.office)
    found = SheetVersion.objects.filter(pk__in=set(current) - set(last.versions))
    return list(found.select_related("sheet__unit", "by").order_by("sheet__unit__sort_key"))


def missing_for_close(request: DataRequest, office: OrgUnit) -> str:
    """What the closing would leave out, or take although it is known to be wrong; empty when
    every school has handed in and none was given back.
    """
    found = _of_office(request, office).select_related("unit").order_by("unit__sort_key")
    waiting = found.filter(current=None)
    returned = found.filter(assignment__state=AssignmentState.RETURNED).exclude(current=None)
    said = [_names(waiting, "chưa nộp"), _names(returned, "bị trả lại, chưa nộp lại")]
    return " ".join(one for one in said if one)


def to_do(office: OrgUnit) -> list[tuple[DataRequest, Closing | None, bool]]:
    """Open requests the office has something to do about: not closed and everything in or a week
    left, to be closed again, or to be approved. Two queries, however many requests.
    """
    mine = Q(sheets__office=office) & ~Q(sheets__assignment__state=AssignmentState.WITHDRAWN)
    requests = (
        DataRequest.objects.filter(state=RequestState.OPEN, sheets__office=office)
        .select_related("office_task", "school_task")
        .annotate(expected=Count("sheets", filter=mine), received=Count("sheets__current", mine))
        .prefetch_related(
            Prefetch("closings", Closing.objects.filter(office=office).order_by("number")),
            Prefetch("sheets", DataSheet.objects.filter(office=office).only("current", "request")),
        )
    )  # fmt: skip
    soon = clock.now() + timedelta(days=7)
    found: list[tuple[DataRequest, Closing | None, bool]] = []
    for one in requests.order_by("pk"):
        last = max(one.closings.all(), key=lambda row: row.number, default=None)
        current = sorted(row.current_id for row in one.sheets.all() if row.current_id)
        again = last is not None and sorted(last.versions) != current
        due_at = (one.office_task or one.school_task).due_at
        is_time = one.received and (one.received == one.expected or due_at <= soon)
        if again or (last and not last.approved_at) or (not last and is_time):
            found.append((one, last, again))
    return found


def stale_of(requests: Iterable[DataRequest]) -> dict[int, tuple[int, datetime]]:
    """Request → how many offices have closed it and need to do it again, and since when; two
    queries for all.
    """
    newest_of: dict[tuple[int, int], Closing] = {}
    for one in Closing.objects.filter(request__in=requests).order_by("number"):
        newest_of[one.request_id, one.office_id] = one
    current: dict[tuple[int, int], dict[int, datetime]] = {}
    live = DataSheet.objects.filter(request__in={one for one, _ in newest_of})
    live = live.exclude(assignment__state=AssignmentState.WITHDRAWN).exclude(current=None)
    for request, office, version, at in live.values_list(
        "request", "office", "current", "current__at"
    ):
        current.setdefault((request, office), {})[version] = at
    found: dict[int, tuple[int, datetime]] = {}
    for (request, office), one in newest_of.items():
        now = current.get((request, office), {})
        if set(one.versions) != set(now):
            new = [at for version, at in now.items() if version not in one.versions]
            since = min(new, default=one.prepared_at)
            count, before = found.get(request, (0, since))
            found[request] = (count + 1, min(before, since))
    return found


def _names(found, what: str) -> str:
    names = [str(one.unit) for one in found[:10]]
    if not names:
        return ""
    count = found.count()
    more = f" và {count - 10} đơn vị khác" if count > 10 else ""
    return f"Còn {count} đơn vị {what}: {', '.join(names)}{more}."


def _hold(request: DataRequest, office: OrgUnit) -> None:
    """No school of the office hands in until the figures and their versions are read together."""
    list(_of_office(request, office).select_for_update(of=("self",)).order_by("pk").values("pk"))


@transaction.atomic
def prepare(request: DataRequest, office: OrgUnit, *, by: User, reason: str = "") -> Closing:
    """The specialist closes the roll-up: figures and the versions they are made of."""
    request = DataRequest.objects.locked(request.pk)
    by.must_in(Permission.DATA_CLOSE, office)
    if not request.is_open:
        raise StepRefused("Yêu cầu số liệu đã kết thúc.")
    _hold(request, office)
    if not _of_office(request, office).exclude(current=None).exists():
        raise StepRefused("Chưa có trường nào nộp số liệu qua đơn vị này.")
    if (missing := missing_for_close(request, office)) and not reason.strip():
        raise StepRefused(f"{missing} Ghi lý do nếu vẫn chốt.")
    last = newest(request, office)
    if last and not needs_again(last):
        raise StepRefused("Số liệu không thay đổi từ lần chốt trước.")
    totals = rollup.totals_of(request, Q(office=office)).get(office.pk, {})
    kept = rollup.as_json(totals)
    versions = versions_now(request, office)
    sealed = json.dumps([versions, kept], sort_keys=True, ensure_ascii=False)
    closing = Closing.objects.create(
        request=request, office=office, number=(last.number if last else 0) + 1,
        versions=versions, totals=kept, sha256=hashlib.sha256(sealed.encode()).hexdigest(),
        reason=reason.strip(), prepared_by=by, prepared_at=clock.now(),
    )  # fmt: skip
    label = f"Chốt số liệu lần {closing.number}: {len(versions)} đơn vị"
    record(closing, "close", label, by=by, reason=reason)
    return closing


@transaction.atomic
def approve(closing: Closing, *, by: User) -> Event:
    """The head approves: the office's assignment is handed in, its schools' are done."""
    closing = Closing.objects.select_related("request", "office").locked(closing.pk)
    office, request = closing.office, closing.request
    by.must_in(Permission.DATA_APPROVE, office)
    if not request.is_open:
        raise StepRefused("Yêu cầu số liệu đã kết thúc.")
    _hold(request, office)
    if closing.approved_at:
        raise StepRefused("Lần chốt này đã được duyệt.")
    if closing != newest(request, office):
        raise StepRefused("Đã có lần chốt mới hơn.")
    if needs_again(closing):
        raise StepRefused("Có đơn vị vừa nộp hoặc điều chỉnh: cần chốt lại trước khi duyệt.")
    closing.approved_by, closing.approved_at = by, clock.now()
    closing.save(update_fields=["approved_by", "approved_at"])
    rows = Assignment.objects.filter(
        data_sheet__current__in=closing.versions, state=AssignmentState.HANDED_IN
    )
    assignments.move_many(rows, "complete", by=by)
    own = Assignment.objects.filter(task=request.office_task, unit=office).first()
    if own and own.state in WAITING_FOR_UNIT:
        assignments.move(own, "hand_in", by=by, reason=closing.reason)
        assignments.move(own, "complete", by=by)
    target_figures.fill_of_office(closing, by=by)
    label = f"Duyệt và báo cáo số liệu chốt lần {closing.number}"
    return record(closing, "approve", label, by=by)


@transaction.atomic
def give_back(sheet: DataSheet, *, by: User, reason: str) -> Event:
    """A sheet with a wrong figure goes back to its school; what was handed in stays."""
    if not by.can_in(Permission.DATA_CLOSE, sheet.office) or by.belongs_to(sheet.unit):
        raise PermissionDenied("Bạn không có quyền trả lại phiếu này.")
    sheet = _locked(sheet)
    if not sheet.request.is_open:
        raise StepRefused("Yêu cầu số liệu đã kết thúc.")
    if sheet_reading.why_closed(sheet):
        raise StepRefused("Số liệu đã khóa: cho đơn vị nhập thêm trước khi trả lại.")
    return assignments.move(sheet.assignment, "give_back", by=by, reason=reason)


def _locked(sheet: DataSheet) -> DataSheet:
    return DataSheet.objects.select_related("request", "unit", "office", "assignment").locked(
        sheet.pk
    )


@transaction.atomic
def allow_entry(sheet: DataSheet, *, until: datetime, reason: str, by: User) -> EntryException:
    """After the lock: one unit may enter until a moment."""
    if not by.can_in(Permission.DATA_CLOSE, sheet.office) or by.belongs_to(sheet.unit):
        raise PermissionDenied("Bạn không có quyền cho đơn vị này nhập thêm.")
    if not sheet.request.is_locked():
        raise StepRefused("Số liệu chưa khóa; đơn vị vẫn nhập được.")
    if until <= clock.now():
        raise StepRefused("Thời điểm cho nhập phải ở sau lúc này.")
    if not reason.strip():
        raise StepRefused("Cần ghi lý do cho nhập thêm.")
    found = EntryException.objects.create(sheet=sheet, until=until, reason=reason.strip(), by=by)
    label = f"Cho nhập số liệu đến {timezone.localtime(until):%H:%M %d/%m/%Y}"
    record(sheet, "allow", label, by=by, reason=reason)
    return found
