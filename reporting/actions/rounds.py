"""The verbs of a report round: ask, end, give the reports that are missing."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q

from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.audience import units_of
from plans.models import Assignment, Task
from plans.workflow import AssignmentState
from reporting import outline
from reporting.models import DataItem, PeriodicReport, ReportRound
from reporting.models.data_forms import of_the_province
from reporting.workflow import RoundState
from schools.guard import Guard
from schools.models import Event, JobFault, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def ask(round_: ReportRound, *, audience: dict, phrase: str, by: User) -> ReportRound:
    """Give every unit of the audience its report to write, and the issuer its own."""
    issuer = round_.issuer
    by.must_in(Permission.DATA_REQUEST, issuer)
    if faults := outline.faults_of(round_.outline, codes(by)):
        raise StepRefused(" ".join(faults[:5]))
    units = list(units_of(audience, issuer).exclude(pk=issuer.pk))
    if not units:
        raise StepRefused("Không có đơn vị nào thuộc đối tượng.")
    round_.created_by = by
    task = Task(
        issuer=issuer, kind=Task.Kind.REPORT, period=round_.period, audience=audience,
        created_by=by, title=round_.title, source=round_.number,
    )  # fmt: skip
    task.set_deadline(phrase)
    given = assignments.issue(task, units, by=by)
    round_.task = task
    round_.full_clean(exclude=["created_by"])
    round_.save()
    own = PeriodicReport(round=round_, unit=issuer, unit_path=issuer.path)
    PeriodicReport.objects.bulk_create(
        [own]
        + [
            PeriodicReport(round=round_, unit=one.unit, unit_path=one.unit_path, assignment=one)
            for one in given
        ],
        batch_size=1000,
    )
    record(round_, "ask", f"Yêu cầu «{round_}» tới {len(units)} đơn vị"[:200], by=by)
    return round_


def items_for(user: User):
    """Figures of the person's province that a sentence may hold: tables and words do not fit."""
    kinds = (DataItem.Kind.TABLE, DataItem.Kind.TEXT)
    return DataItem.objects.filter(of_the_province(user)).exclude(kind__in=kinds).order_by("code")


def codes(user: User) -> frozenset[str]:
    return frozenset(items_for(user).values_list("code", flat=True))


@transaction.atomic
def end(round_: ReportRound, *, by: User, reason: str) -> Event:
    """No more writing; everything stays readable."""
    round_ = ReportRound.objects.select_related("task").locked(round_.pk)
    return assignments.turn(
        round_, "end", unit=round_.issuer, tasks=[round_.task], by=by, reason=reason
    )


def give_missing_reports() -> int:
    """Units that were given the task later (opened or moved since) get their report, too."""
    guard = Guard(JobFault.Job.REPORTS, Assignment)
    late = Assignment.objects.filter(
        task__report_round__state=RoundState.OPEN, periodic_report=None
    ).exclude(
        Q(state=AssignmentState.WITHDRAWN)
        | Q(unit=F("task__report_round__issuer"))
        | Q(pk__in=guard.resting)
    )
    rows = late.select_related("unit", "task__report_round").order_by("pk")
    return guard.together(list(rows[:1000]), _give_missing)


def _give_missing(rows: Sequence[Assignment]) -> int:
    PeriodicReport.objects.bulk_create(
        (
            PeriodicReport(
                round=one.task.report_round, unit=one.unit, unit_path=one.unit_path, assignment=one
            )
            for one in rows
        ),
        ignore_conflicts=True,  # another worker was a moment earlier
    )
    return len(rows)


def own_of(round_: ReportRound) -> PeriodicReport:
    return PeriodicReport.objects.for_list().get(round=round_, unit=round_.issuer)
