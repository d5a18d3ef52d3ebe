"""Notices of figures, into the inboxes of those concerned. The event is the outbox."""

from plans.actions import calls
from plans.notifications import people_of, reviewers_of
from plans.workflow import AssignmentState
from reporting.models import Closing, DataRequest, DataSheet, PeriodicReport, ReportRound
from schools import outbox
from schools.models import Event, OrgUnit


def fill() -> None:
    """Register what is told of figures and reports."""
    outbox.TELLING |= {
        DataRequest: (("ask", "end"), _of_request),
        DataSheet: (("correct", "allow"), _of_sheet),
        Closing: (("close", "approve"), _of_closing),
        ReportRound: (("ask", "end"), _of_round),
        PeriodicReport: (("submit", "complete", "give_back", "withdraw"), _of_report),
    }


def _of_request(event: Event, request: DataRequest) -> int:
    """Every school its sheet, every office the roll-up it will close."""
    sheets = request.sheets.exclude(assignment__state=AssignmentState.WITHDRAWN)
    found = list(sheets.select_related("unit", "office"))
    offices = {one.office_id: one.office for one in found if one.office_id != request.issuer_id}
    urls = {one.unit: one.get_absolute_url() for one in found}
    urls |= dict.fromkeys(offices.values(), request.get_absolute_url())
    return _tell_units(urls, event, f"{request.issuer}: {event.label}", request.title)


def _of_sheet(event: Event, sheet: DataSheet) -> int:
    """A correction travels upward as far as figures made of it have gone, a permission downward."""
    line = {"text": event.reason or sheet.request.title, "url": sheet.get_absolute_url()}
    if event.step == "allow":
        return _tell(people_of(sheet.unit), event, event.label, line)
    told = _tell(reviewers_of(sheet.office), event, f"{sheet.unit}: {event.label}", line)
    closed = sheet.request.closings.filter(office=sheet.office, approved_at__isnull=False)
    if closed.exists() and sheet.request.issuer_id != sheet.office_id:
        subject = f"{sheet.unit}: {event.label}; {sheet.office} cần chốt lại"
        told += _tell(reviewers_of(sheet.request.issuer), event, subject, line)
    return told


def _of_closing(event: Event, closing: Closing) -> int:
    """The head that it waits for approval; whoever asked that it is approved."""
    url = f"{closing.request.get_absolute_url()}chot/{closing.office.code}/"
    line = {"text": closing.request.title, "url": url}
    unit = closing.office if event.step == "close" else closing.request.issuer
    return _tell(people_of(unit), event, f"{closing.office}: {event.label}", line)


def _of_round(event: Event, round_: ReportRound) -> int:
    """Every unit its report to write."""
    asked = round_.reports.exclude(assignment=None).exclude(
        assignment__state=AssignmentState.WITHDRAWN
    )
    urls = {one.unit: one.get_absolute_url() for one in asked.select_related("unit")}
    return _tell_units(urls, event, f"{round_.issuer}: {event.label}", round_.title)


def _of_report(event: Event, report: PeriodicReport) -> int:
    """Handed in: whoever receives it; received or given back: whoever wrote it."""
    line = {"text": event.reason or report.round.title, "url": report.get_absolute_url()}
    if event.step == "submit":
        if report.is_consolidated:
            return 0
        people = reviewers_of(report.round.issuer)
        return _tell(people, event, f"{report.unit}: {event.label}", line)
    subject = f"{report.round.issuer}: {event.label}"
    return _tell(people_of(report.unit), event, subject, line)


def _tell(people, event: Event, subject: str, line: dict) -> int:
    others = [person for person in people if person.pk != event.by_id]
    return outbox.notify(others, subject=subject, lines=[line], sender=event.by)


def _tell_units(urls: dict[OrgUnit, str], event: Event, subject: str, text: str) -> int:
    """The people of each unit the way to what is theirs, all at once."""
    people = calls.people_of(urls)
    told = (
        outbox.Notice(
            tuple(one for one in people.get(unit.pk, ()) if one.pk != event.by_id),
            subject,
            [{"text": text, "url": url}],
        )
        for unit, url in urls.items()
    )
    return outbox.notify_many(told, sender=event.by)
