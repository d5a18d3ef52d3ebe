"""Who may open what of the periodic reports; see walk_table."""

from schools.permissions import Permission as P
from tests.walk_figures import ASKERS
from tests.walk_plans import CALLERS, OF_ISSUED, PLAN_READERS, of_task
from tests.walk_table import (
    DEPARTMENT,
    EVERYBODY,
    EXPORTERS,
    MANAGERS,
    OF_DEPARTMENT,
    OF_OFFICE,
    OF_SCHOOL,
    READERS,
    REVIEWERS,
    Page,
    form,
    of_file,
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


def docx(world) -> dict:
    return {"format": "docx"}


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
    "reporting:report_signing": step(
        REVIEWERS, OF_OFFICE, of_free,
        post=lambda world: {"seal": world.free_report.signing_seal},
    ),
    "reporting:report_submit": step(REVIEWERS, OF_OFFICE, of_free),
    "reporting:report_collect": step(MANAGERS, OF_DEPARTMENT, of_own),
    "reporting:report_decide": step(
        MANAGERS, OF_NEIGHBOUR, lambda world: (world.sent_report.pk, "complete")
    ),
    "reporting:report_export": step(
        EVERYBODY - OF_NEIGHBOUR - people("administrator"), OF_NEIGHBOUR, of_sent, P.DATA_VIEW,
        docx,
    ),
    "reporting:plan_paper": step(
        PLAN_READERS - OF_ISSUED, OF_ISSUED, lambda world: (world.plan.pk,), P.PLAN_VIEW,
        docx,
    ),
    "reporting:evidence_paper": step(READERS, OF_SCHOOL, of_file, P.ASSESSMENT_VIEW, docx),
    "reporting:letter": form(CALLERS, OF_ISSUED, of_task, P.REMIND),
    "reporting:word_frames": Page(people("officer administrator"), permission=P.FRAME_MANAGE),
    "reporting:word_frame_file": Page(
        people("officer administrator"), args=lambda world: ("report",),
        permission=P.FRAME_MANAGE,
    ),
    "reporting:word_frame_upload": step(
        people("officer administrator"), args=lambda world: ("report",),
        permission=P.FRAME_MANAGE,
    ),
}  # fmt: skip
