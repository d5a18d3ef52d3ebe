"""Who may open what of the plans; see walk_table."""

from schools.permissions import Permission as P
from tests import clock
from tests.plan_world import in_days
from tests.walk_table import (
    EDITORS,
    EVERYBODY,
    HOUSE,
    NEIGHBOURS,
    OF_SCHOOL,
    READERS,
    REVIEWERS,
    Page,
    form,
    people,
    public,
    reason,
    step,
)
from tests.world import pdf_upload

PLAN_READERS = EVERYBODY - people("administrator")
WRITERS = EVERYBODY - people("auditor administrator")  # of a plan of their own unit
CALLERS = people("specialist office_head officer department_head")
OF_ISSUED = NEIGHBOURS  # the office's plan is read by every school below it
OF_DRAFT = NEIGHBOURS | people("focal head sibling_focal")


def of_draft(world) -> tuple:
    return (world.draft_plan.pk,)


def of_plan(world) -> tuple:
    return (world.plan.pk,)


def of_row(world) -> tuple:
    return (world.open_row.pk,)


def of_task(world) -> tuple:
    return (world.issued_task.pk,)


def file(world) -> dict:
    return {"files": pdf_upload("Báo cáo.pdf"), "note": ""}


PLANS = {
    "plans:plans": Page(PLAN_READERS, permission=P.PLAN_VIEW),
    "plans:plan_add": form(WRITERS, permission=P.PLAN_MANAGE),
    "plans:plan": Page(PLAN_READERS - OF_ISSUED, OF_ISSUED, of_plan, P.PLAN_VIEW),
    "plans:plan#draft": Page(PLAN_READERS - OF_DRAFT, OF_DRAFT, of_draft),
    "plans:plan#department": Page(
        PLAN_READERS - people("focal head sibling_focal stranger"),
        people("focal head sibling_focal stranger"),
        lambda world: (world.department_plan.pk,),
    ),
    "plans:plan_edit": form(REVIEWERS, OF_DRAFT, of_draft),
    "plans:task_add": form(REVIEWERS, OF_DRAFT, of_draft),
    "plans:task_edit": form(REVIEWERS, OF_DRAFT, lambda world: (world.draft_task.pk,)),
    "plans:task_remove": step(REVIEWERS, OF_DRAFT, lambda world: (world.draft_task.pk,)),
    "plans:target_add": form(REVIEWERS, OF_DRAFT, of_draft),
    "plans:target_edit": form(REVIEWERS, OF_DRAFT, lambda world: (world.draft_target.pk,)),
    "plans:plan_issue": form(people("office_head"), OF_DRAFT, of_draft),
    "plans:plan_amend": form(people("office_head"), OF_ISSUED, of_plan),
    "plans:plan_close": step(people("office_head"), OF_ISSUED, of_plan, post=reason),
    "plans:plan_derive": step(WRITERS - OF_ISSUED, OF_ISSUED, of_plan),
    "plans:plan_original": Page(PLAN_READERS - OF_ISSUED, OF_ISSUED, of_plan, P.PLAN_VIEW),
    "plans:plan_yaml": Page(PLAN_READERS - OF_ISSUED, OF_ISSUED, of_plan, P.PLAN_VIEW),
    "plans:board": Page(PLAN_READERS - OF_ISSUED, OF_ISSUED, of_plan, P.PLAN_VIEW),
    "plans:road_map": Page(PLAN_READERS - OF_ISSUED, OF_ISSUED, of_plan, P.PLAN_VIEW),
    "plans:road_map_set": step(
        REVIEWERS, OF_ISSUED, lambda world: (world.road_map_year.pk,),
        post=lambda world: {"state": "running", "note": "Bắt đầu"},
    ),
    "plans:targets": Page(PLAN_READERS - OF_ISSUED, OF_ISSUED, of_plan, P.PLAN_VIEW),
    "plans:actual_save": step(
        people("focal head sibling_focal"), OF_ISSUED, lambda world: (world.target.pk,),
        post=lambda world: {
            "period": world.plan.period, f"t{world.target.pk}-numerator": "8",
            f"t{world.target.pk}-denominator": "10", f"t{world.target.pk}-version": "0",
        },
    ),
    "plans:legal_texts": Page(PLAN_READERS, permission=P.PLAN_VIEW),
    "plans:legal_text": form(
        PLAN_READERS, frozenset(), lambda world: (world.text.pk,), P.PLAN_VIEW,
        lambda world: {"file": pdf_upload("Toàn văn.pdf")}, post_may=people("officer"),
    ),
    "plans:legal_text_file": Page(PLAN_READERS, args=lambda world: (world.text.pk,)),
}  # fmt: skip

WORK = {
    "plans:tasks": Page(PLAN_READERS, permission=P.PLAN_VIEW),
    "plans:task": Page(PLAN_READERS, args=lambda world: (world.round.school_task_id,)),
    "plans:task#office": Page(
        PLAN_READERS - people("focal head sibling_focal stranger"),
        people("focal head sibling_focal stranger"),
        lambda world: (world.round.office_task_id,),
    ),
    "plans:task#plan": Page(PLAN_READERS - OF_ISSUED, OF_ISSUED, of_task),
    "plans:month": Page(PLAN_READERS, permission=P.PLAN_VIEW),
    "plans:call": form(CALLERS, OF_ISSUED, of_task),
    "plans:task_give": step(REVIEWERS, OF_ISSUED, of_task),
    "plans:assignment": Page(READERS, OF_SCHOOL, of_row, P.PLAN_VIEW),
    "plans:hand_in": step(EDITORS, OF_SCHOOL, of_row, post=file),
    "plans:review": step(
        REVIEWERS, OF_SCHOOL, lambda world: (world.handed_in.pk, "complete"), post=reason
    ),
    "plans:extension_ask": step(
        EDITORS, OF_SCHOOL, lambda world: (world.free_row.pk,),
        post=lambda world: {"phrase": in_days(20), "reason": "Chờ số liệu"},
    ),
    "plans:extension_recall": step(EDITORS, OF_SCHOOL, lambda world: (world.extension.pk,)),
    "plans:extension_answer": step(
        REVIEWERS, OF_SCHOOL, lambda world: (world.extension.pk,),
        post=lambda world: {"granted": "1", "answer": ""},
    ),
    "plans:operations": Page(people("administrator"), permission=P.OPERATIONS),
    "plans:delivery_retry": step(
        people("administrator"), args=lambda world: (world.delivery.pk,), permission=P.OPERATIONS
    ),
    "plans:job_fault_retry": step(
        people("administrator"), args=lambda world: (world.job_fault.pk,), permission=P.OPERATIONS
    ),
    "plans:calendar_feed": public(lambda world: (world.feed_key,)),
    "plans:feed_change": step(EVERYBODY),
}  # fmt: skip

TOLD = {
    "search": Page(),
    "schools:inbox": Page(),
    "schools:inbox_read": step(EVERYBODY),
    "schools:message": Page(
        people("focal"), EVERYBODY - people("focal"), lambda world: (world.message.pk,)
    ),
    "schools:focal_points": form(
        HOUSE, OF_SCHOOL, lambda world: (world.cast.school.pk,), P.PEOPLE_VIEW,
        lambda world: {"field": "cds", "cds-leader_name": "Lê Hoa", "cds-name": "Trần An"},
        post_may=EDITORS,
    ),
    "reporting:focal_points_pdf": Page(
        HOUSE, OF_SCHOOL, lambda world: (world.cast.school.pk,), P.PEOPLE_VIEW
    ),
    "reporting:plan_export": step(
        CALLERS | people("auditor"), OF_ISSUED, lambda world: (world.plan.pk, "plan-board")
    ),
    "reporting:month_export": step(
        CALLERS | people("auditor stranger_specialist stranger_head"),
        post=lambda world: {"thang": f"{clock.today():%Y-%m}"},
    ),
}  # fmt: skip

ALL = PLANS | WORK | TOLD
