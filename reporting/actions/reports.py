"""The verbs of periodic reports: write, hand in, receive, give back, collect the words."""

import hashlib
import json
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from edudx.lib import clock, deadlines, workflow
from edudx.lib.workflow import Conflict, StepRefused
from plans.actions import assignments
from plans.workflow import WAITING_FOR_UNIT, AssignmentState
from reporting.content import facts
from reporting.documents.paper import as_json
from reporting.files import report_paper
from reporting.models import SIGNING, PeriodicReport, ReportRound, ReportVersion
from schools.models import Event, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


def may_write(report: PeriodicReport, user: User) -> bool:
    return user.can_in(Permission.WORK_HAND_IN, report.unit)


def why_closed(report: PeriodicReport) -> str:
    """Why the unit cannot write now; empty when it can."""
    row = report.assignment
    if row is None:  # the issuer's own, made of what has come, also after the round has ended
        return ""
    if not report.round.is_open:
        return "Đợt báo cáo đã kết thúc."
    state = row.state
    if state == AssignmentState.WITHDRAWN:
        return "Yêu cầu này đã được rút với đơn vị."
    if state not in WAITING_FOR_UNIT:
        return f"Báo cáo đã nộp; cần sửa thì đề nghị {report.round.issuer} trả lại."
    return ""


def _locked(report: PeriodicReport, by: User) -> PeriodicReport:
    """The row as it is now, held; refused when it is closed to this person."""
    report = PeriodicReport.objects.select_related("round__issuer", "round__task", "unit").locked(
        report.pk
    )
    if report.assignment:
        report.assignment = assignments.lock(report.assignment)
    if not may_write(report, by):
        raise PermissionDenied("Bạn không có quyền viết báo cáo của đơn vị này.")
    if reason := why_closed(report):
        raise StepRefused(reason)
    return report


@transaction.atomic
def save_text(report: PeriodicReport, place: int, *, text: str, version: int, by: User) -> int:
    """Keep the words of one part; its new version."""
    report = _locked(report, by)
    kept = report.version_of(place)
    if kept != version and report.text_of(place) != text.strip():
        raise Conflict(report.text_of(place), text, kept)
    report.texts[str(place)] = {"text": text.strip(), "version": kept + 1}
    report.save(update_fields=["texts"])
    return kept + 1


@transaction.atomic
def save_signing(report: PeriodicReport, *, by: User, seal: str, **fields) -> Event:
    """Number, day, who signs for whom, to whom it goes; `seal` is that of what the person saw."""
    report = _locked(report, by)
    if seal != report.signing_seal:
        raise StepRefused("Người khác vừa sửa số, ngày, người ký; hãy xem lại rồi ghi lại.")
    day = fields["signed_on"]
    twins = PeriodicReport.objects.filter(unit=report.unit, number=fields["number"])
    if (
        fields["number"]
        and day
        and (twin := twins.exclude(pk=report.pk).filter(signed_on__year=day.year).first())
    ):
        raise StepRefused(f"Số {fields['number']} trong năm {day.year} đã dùng cho «{twin}».")
    for name in SIGNING:
        setattr(report, name, fields[name])
    report.save(update_fields=SIGNING)
    return record(report, "signing", "Ghi số, ngày, người ký, nơi nhận", by=by)


@transaction.atomic
def submit(
    report: PeriodicReport, *, by: User, explanation: str = "", now: datetime | None = None
) -> ReportVersion:
    """The report as it is now, with its figures, for ever; the issuer is to receive it."""
    ReportRound.objects.locked(report.round_id)  # against `end`
    report, now = _locked(report, by), now or clock.now()
    if missing := report.missing_for_submit(timezone.localdate(now)):
        said = " ".join(sentence for _, sentence in missing)
        raise StepRefused(f"Chưa nộp được. {said}")
    row = report.assignment
    is_first = row is not None and row.handed_in_at is None
    if row and is_first and deadlines.is_late(now, row.due_at) and not explanation.strip():
        raise StepRefused("Đã quá hạn: hãy ghi giải trình.")
    version = _freeze(report, by=by, now=now)
    if row is not None:
        if explanation.strip():
            row.explanation = explanation.strip()
            row.save(update_fields=["explanation"])
        assignments.move(row, "hand_in", by=by, reason=explanation, at=now)
    word = "Hoàn thành báo cáo" if report.is_consolidated else "Nộp báo cáo"
    record(report, "submit", f"{word} lần {version.number}", by=by, reason=explanation)
    return version


def _freeze(report: PeriodicReport, *, by: User, now: datetime) -> ReportVersion:
    found = facts.of(report)
    kept = as_json(report_paper.paper(report, found))
    sealed = json.dumps(kept, sort_keys=True, ensure_ascii=False)
    report.current = ReportVersion.objects.create(
        report=report, number=report.versions.count() + 1, paper=kept, sources=found.sources,
        texts={place: one["text"] for place, one in report.texts.items()},
        sha256=hashlib.sha256(sealed.encode()).hexdigest(), by=by,
        at=now.replace(microsecond=0),
    )  # fmt: skip
    report.save(update_fields=["current"])
    return report.current


@transaction.atomic
def decide(
    report: PeriodicReport, step: str, *, by: User, reason: str = "", number: int | None = None
) -> Event:
    """«complete» receives it, «give_back» returns it and «withdraw» no longer asks for it, both
    with a reason; by the issuer's people. `number` is the version the person has read.
    """
    issuer = report.round.issuer
    row = report.assignment
    transition = workflow.named(report.transitions, step)
    if row is None:
        raise StepRefused("Không có bước xử lý này.")
    if not by.can_in(transition.asked, issuer) or by.belongs_to(report.unit):
        raise PermissionDenied("Bạn không có quyền nhận hoặc trả lại báo cáo này.")
    if not report.round.is_open and step != "complete":  # what came in time may be received
        raise StepRefused("Đợt báo cáo đã kết thúc.")
    report = _fresh(report)
    if number is not None and report.current and report.current.number != number:
        raise StepRefused("Đơn vị vừa nộp lần mới hơn; hãy đọc lại rồi quyết định.")
    event = assignments.move(row, step, by=by, reason=reason)
    record(report, step, transition.label, by=by, reason=reason)
    return event


def _fresh(report: PeriodicReport) -> PeriodicReport:
    """The row as it is now, held."""
    held = PeriodicReport.objects.select_for_update(of=("self",))
    return held.select_related("assignment", "current", "unit").get(pk=report.pk)


@transaction.atomic
def collect(own: PeriodicReport, *, by: User) -> int:
    """Below what the issuer has written: the words of every report it has received, by unit. A
    version is taken once; of one that was returned and came again the newer words follow.
    """
    own = _locked(own, by)
    received = own.round.reports.exclude(assignment=None).filter(
        assignment__state=AssignmentState.DONE
    )
    taken = 0
    for one in received.select_related("unit", "current").order_by("unit__sort_key", "pk"):
        known, version = own.taken.get(str(one.pk)), one.current
        if version is None or known == version.number:
            continue
        again = f", nộp lại lần {version.number}" if known else ""
        _take(own, version, f"{_named(one.unit)}{again}:")
        own.taken[str(one.pk)] = version.number
        taken += 1
    if not taken:
        raise StepRefused("Không có báo cáo nào mới tiếp nhận để lấy nội dung.")
    own.save(update_fields=["texts", "taken"])
    record(own, "collect", f"Lấy nội dung {taken} báo cáo đã tiếp nhận", by=by)
    return taken


def _take(own: PeriodicReport, version: ReportVersion, head: str) -> None:
    for place, text in sorted(version.texts.items()):
        if text:
            kept = own.text_of(int(place))
            own.texts[place] = {
                "text": "\n".join(part for part in (kept, head, text) if part),
                "version": own.version_of(int(place)) + 1,
            }


def _named(unit: OrgUnit) -> str:
    """Offices of one name are told apart by whom they belong to."""
    return f"{unit.name} ({unit.superior_name})" if unit.superior_name else unit.name
