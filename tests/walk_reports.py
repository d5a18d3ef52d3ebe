"""Who may open what of the periodic reports; see walk_table."""

from schools.permissions import Permission as P
from tests.walk_figures import ASKERS
from tests.walk_plans import PLAN_READERS
from tests.walk_table import (
    DEPARTMENT,
    EVERYBODY,
    EXPORTERS,
    MANAGERS,
    OF_DEPARTMENT,
    OF_OFFICE,
    READERS,
    REVIEWERS,
    Page,
    form,
    people,
    reason,
    step,
)

OF_NEIGHBOUR = EVERYBODY - DEPARTMENT - people("stranger_specialist stranger_head")
SCHOOL_PEOPLE = people("focal head sibling_focal stranger")  # offices were asked, not schools


def of_round(world) -> tuple:
    return (world.report_round.pk,)


def of_free(world) -> tuple:
    return (world.free_report.pk,)


def of_part(world) -> tuple:
    return (world.free_report.pk, 1)


def of_sent(world) -> tuple:
    return (world.sent_report.pk,)


def of_own(world) -> tuple:
    return (world.own_report.pk,)


REPORTS = {
    "reporting:rounds": Page(PLAN_READERS, permission=P.DATA_VIEW),
    "reporting:round_add": form(ASKERS, permission=P.DATA_REQUEST),
    "reporting:round": Page(EXPORTERS, SCHOOL_PEOPLE, of_round, P.DATA_VIEW),
    "reporting:round_end": step(MANAGERS, SCHOOL_PEOPLE, of_round, post=reason),
    "reporting:report": Page(READERS - OF_OFFICE, OF_OFFICE, of_free, P.DATA_VIEW),
    "reporting:report#sent": Page(
        EVERYBODY - OF_NEIGHBOUR - people("administrator"), OF_NEIGHBOUR, of_sent, P.DATA_VIEW
    ),
    "reporting:report#own": Page(
        DEPARTMENT - people("administrator"), OF_DEPARTMENT, of_own, P.DATA_VIEW
    ),
    "reporting:part_save": step(
        REVIEWERS, OF_OFFICE, of_part, post=lambda world: {"p1-version": "0", "p1-text": "A"}
    ),
    "reporting:report_signing": step(REVIEWERS, OF_OFFICE, of_free),
    "reporting:report_submit": step(REVIEWERS, OF_OFFICE, of_free),
    "reporting:report_collect": step(MANAGERS, OF_DEPARTMENT, of_own),
    "reporting:report_decide": step(
        MANAGERS, OF_NEIGHBOUR, lambda world: (world.sent_report.pk, "complete")
    ),
    "reporting:report_export": step(
        EVERYBODY - OF_NEIGHBOUR - people("administrator"), OF_NEIGHBOUR, of_sent, P.DATA_VIEW,
        lambda world: {"format": "docx"},
    ),
}  # fmt: skip
