"""Who may open what of the figures; see walk_table."""

from django.core.files.uploadedfile import SimpleUploadedFile

from schools.permissions import Permission as P
from tests import clock
from tests.figure_world import FORM
from tests.walk_plans import OF_ISSUED, PLAN_READERS, of_task
from tests.walk_table import (
    EDITORS,
    EXPORTERS,
    MANAGERS,
    OF_OFFICE,
    OF_SCHOOL,
    READERS,
    REVIEWERS,
    Page,
    form,
    people,
    reason,
    step,
)

ASKERS = EXPORTERS - people("auditor")
FILLERS = people(
    "specialist office_head stranger_specialist stranger_head officer department_head"
)  # each for the schools of its own roll-up


def of_request(world) -> tuple:
    return (world.request.pk,)


def of_sheet(world) -> tuple:
    return (world.free_sheet.pk,)


def of_sent(world) -> tuple:
    return (world.sent_sheet.pk,)


def of_closing(world) -> tuple:
    return (world.second_request.pk, world.cast.office.code)


def yaml(world) -> dict:
    return {"file": SimpleUploadedFile("mau.yaml", FORM.replace("code: thu", "code: moi").encode())}


def moment(world) -> dict:
    at, until = clock.written(clock.in_days(30)), clock.written(clock.in_days(400))
    return {"at": f"{at} 17:00", "until": f"{until} 17:00", "reason": "Máy hỏng"}


FIGURES = {
    "reporting:requests": Page(PLAN_READERS, permission=P.DATA_VIEW),
    "reporting:request_add": form(ASKERS, permission=P.DATA_REQUEST),
    "reporting:request_by_task": Page(REVIEWERS, OF_ISSUED, of_task),
    "reporting:forms": form(
        PLAN_READERS, permission=P.DATA_VIEW, post=yaml, post_may=people("officer")
    ),
    "reporting:form": Page(
        PLAN_READERS, args=lambda world: (world.data_form.pk,), permission=P.DATA_VIEW
    ),
    "reporting:form_xlsx": Page(
        PLAN_READERS, args=lambda world: (world.data_form.pk,), permission=P.DATA_VIEW
    ),
    "reporting:form_publish": step(
        people("officer"), args=lambda world: (world.draft_form.pk,),
        permission=P.DATA_FORM_MANAGE,
    ),
    "reporting:request": Page(PLAN_READERS, args=of_request, permission=P.DATA_VIEW),
    "reporting:figure": Page(
        PLAN_READERS, args=lambda world: (world.request.pk, "hs-tong"), permission=P.DATA_VIEW
    ),
    "reporting:data_export": step(EXPORTERS, args=of_request, permission=P.EXPORT),
    "reporting:request_lock": step(MANAGERS, args=of_request, post=moment),
    "reporting:request_end": step(MANAGERS, args=of_request, post=reason),
    "reporting:close": form(
        READERS - OF_OFFICE, OF_OFFICE, of_closing, P.DATA_VIEW, reason, post_may=REVIEWERS
    ),
    "reporting:closed": Page(
        READERS - OF_OFFICE, OF_OFFICE, lambda world: (*of_closing(world), 1), P.DATA_VIEW
    ),
    "reporting:sheet": Page(READERS, OF_SCHOOL, of_sheet, P.DATA_VIEW),
    "reporting:section_save": step(
        EDITORS, OF_SCHOOL, lambda world: (world.free_sheet.pk, 0),
        post=lambda world: {"s0-version": "0"},
    ),
    "reporting:sheet_take_known": step(EDITORS, OF_SCHOOL, of_sheet),
    "reporting:sheet_workbook": Page(EDITORS, OF_SCHOOL, of_sheet),
    "reporting:sheet_upload": step(EDITORS, OF_SCHOOL, of_sheet),
    "reporting:office_workbook": Page(FILLERS, args=of_request),
    "reporting:office_upload": step(FILLERS, args=of_request),
    "reporting:sheet_check": form(EDITORS, OF_SCHOOL, of_sheet),
    "reporting:sheet_give_back": step(REVIEWERS, OF_SCHOOL, of_sent, post=reason),
    "reporting:sheet_allow": step(REVIEWERS, OF_SCHOOL, of_sheet, post=moment),
}  # fmt: skip
