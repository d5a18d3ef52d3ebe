"""Who may open what: one line per address, by hand, against which the whole portal is walked.

`may` are let in (200 or a redirect), `hidden` are outside the tree (404), all others get 403.
A key with a `#` is the same address about another thing.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from schools.permissions import Permission as P
from tests.world import PEOPLE, World, pdf_upload


def people(names: str) -> frozenset[str]:
    return frozenset(names.split())


EVERYBODY = frozenset(PEOPLE)
NEIGHBOURS = people("stranger stranger_specialist stranger_head")
DEPARTMENT = people("officer department_head auditor administrator")
NOBODY: frozenset[str] = frozenset()
# Outside the tree of a thing of …
OF_SCHOOL = NEIGHBOURS | people("sibling_focal")
OF_SIBLING = NEIGHBOURS | people("focal head")
OF_OFFICE = OF_SCHOOL | OF_SIBLING
OF_DEPARTMENT = EVERYBODY - DEPARTMENT

EDITORS = people("focal head")
REVIEWERS = people("specialist office_head")
MANAGERS = people("officer department_head")
HOUSE = EVERYBODY - OF_SCHOOL
READERS = HOUSE - people("administrator")
SIBLING_READERS = EVERYBODY - OF_SIBLING - people("administrator")
EXPORTERS = people(
    "specialist office_head stranger_specialist stranger_head officer department_head auditor"
)
APPOINTERS = people("head office_head officer administrator")
SET_MANAGERS = people("officer administrator")
SET_LOADERS = SET_MANAGERS | people("office_head stranger_head")  # an office's local sets


def nothing(world: World) -> tuple:
    return ()


@dataclass(frozen=True)
class Page:
    """One address: who may, from whom it is hidden, about what, and what is posted to it."""

    may: frozenset[str] = EVERYBODY
    hidden: frozenset[str] = NOBODY
    args: Callable[[World], tuple] = nothing
    permission: P | None = None
    query: str = ""
    is_read: bool = True
    is_public: bool = False
    post: Callable[[World], dict] | None = None
    post_may: frozenset[str] | None = field(default=None)

    def expected(self, person: str, *, posts: bool) -> set[int]:
        may = self.post_may if posts and self.post_may is not None else self.may
        if person in self.hidden:
            return {404}
        return {200, 302} if person in may else {403}


def form(may, hidden=NOBODY, args=nothing, permission=None, post=lambda world: {}, **more) -> Page:
    """A page with a form on it: read and posted to by the same people."""
    return Page(may, hidden, args, permission, post=post, **more)


def step(may, hidden=NOBODY, args=nothing, permission=None, post=lambda world: {}) -> Page:
    """An address that only takes a POST."""
    return Page(may, hidden, args, permission, is_read=False, post=post)


def public(args=nothing, **more) -> Page:
    return Page(args=args, is_public=True, **more)


def of_file(world: World) -> tuple:
    return (world.file.pk,)


def of_next_file(world: World) -> tuple:
    return (world.next_file.pk,)


def of_answer(world: World) -> tuple:
    return (world.next_file.pk, world.criterion.pk)


def of_review(world: World) -> tuple:
    return (world.file.pk, world.criterion.pk)


def of_round(world: World) -> tuple:
    return (world.round.pk,)


def of_draft_round(world: World) -> tuple:
    return (world.draft_round.pk,)


def of_export(world: World) -> tuple:
    return (world.export.pk,)


def of_decision(world: World) -> tuple:
    return (world.decision.pk,)


def of_public_round(world: World) -> tuple:
    return (world.round.code,)


def answer(world: World) -> dict:
    return {f"c{world.criterion.pk}-met": "0", f"c{world.criterion.pk}-version": "2"}


def upload(world: World) -> dict:
    return {"file": pdf_upload("Biên bản.pdf")}


def keep(world: World) -> dict:
    return {f"r{world.criterion.pk}-decision": "accept"}


def reason(world: World) -> dict:
    return {"reason": "Theo chỉ đạo của Sở"}


SCHOOLS = {
    "home": Page(),
    "schools:login": public(),
    "schools:password_request": public(),
    "schools:password_sent": public(),
    "schools:password_set": public(lambda world: ("MQ", "sai-ma")),
    "schools:account": form(EVERYBODY),
    "schools:hat_choose": step(
        people("focal"),
        EVERYBODY - people("focal"),
        lambda world: (world.own_hat.pk,),
    ),
    "schools:units": Page(permission=P.UNIT_VIEW),
    "schools:import_add": form(people("officer administrator"), permission=P.UNIT_MANAGE),
    "schools:import_check": Page(  # the own uploads only
        people("officer"), people("administrator"), lambda world: (world.batch.pk,)
    ),
    "schools:import_faults": Page(
        people("officer"), people("administrator"), lambda world: (world.batch.pk,)
    ),
    "schools:import_apply": step(
        people("officer"), people("administrator"), lambda world: (world.batch.pk,)
    ),
    "schools:unit": Page(HOUSE, OF_SCHOOL, lambda world: (world.cast.school.pk,), P.UNIT_VIEW),
    "schools:unit#office": Page(
        EVERYBODY - OF_OFFICE, OF_OFFICE, lambda world: (world.cast.office.pk,), P.UNIT_VIEW
    ),
    "schools:unit#department": Page(
        DEPARTMENT, OF_DEPARTMENT, lambda world: (world.cast.department.pk,), P.UNIT_VIEW
    ),
    "schools:invite": form(
        APPOINTERS, OF_SCHOOL, lambda world: (world.cast.school.pk,), P.PEOPLE_MANAGE
    ),
    "schools:membership_end": step(
        APPOINTERS, OF_SCHOOL, lambda world: (world.membership.pk,), P.PEOPLE_MANAGE
    ),
    "schools:documents": Page(EVERYBODY - people("administrator"), permission=P.DOCUMENT_VIEW),
    "schools:document_add": form(
        EVERYBODY - people("auditor administrator"), permission=P.DOCUMENT_ADD
    ),
    "schools:document": Page(
        READERS, OF_SCHOOL, lambda world: (world.version.document_id,), P.DOCUMENT_VIEW
    ),
    "schools:version_add": form(EDITORS, OF_SCHOOL, lambda world: (world.version.document_id,)),
    "schools:document_file": Page(
        READERS, OF_SCHOOL, lambda world: (world.version.pk,), P.DOCUMENT_VIEW
    ),
}

ROUNDS = {
    "assessments:home": Page(permission=P.CAMPAIGN_VIEW),
    "assessments:campaign_add": form(
        MANAGERS | REVIEWERS | people("stranger_specialist stranger_head"),
        permission=P.CAMPAIGN_MANAGE,
    ),
    "assessments:campaign": Page(args=of_round, permission=P.CAMPAIGN_VIEW),
    "assessments:campaign#draft": Page(
        DEPARTMENT, OF_DEPARTMENT, of_draft_round, P.CAMPAIGN_VIEW
    ),
    "assessments:campaign_edit": form(
        MANAGERS, OF_DEPARTMENT, of_draft_round, P.CAMPAIGN_MANAGE
    ),
    "assessments:campaign_open": step(
        MANAGERS, OF_DEPARTMENT, of_draft_round, P.CAMPAIGN_MANAGE
    ),
    "assessments:campaign_close": step(MANAGERS, args=of_round, post=reason),
    "assessments:campaign_reopen": step(MANAGERS, args=of_round, post=reason),
    "assessments:campaign_publish": step(
        MANAGERS | people("office_head stranger_head"), args=of_round, permission=P.PUBLISH
    ),
    "assessments:queue": Page(
        EVERYBODY - people("administrator"), args=of_round, permission=P.ASSESSMENT_VIEW
    ),
    "assessments:certify": form(
        people("office_head stranger_head department_head"),
        args=of_round,
        permission=P.ASSESSMENT_CERTIFY,
    ),
    "assessments:office_report": step(
        people("office_head"), OF_OFFICE, lambda world: (world.office_assignment.pk,),
        P.OFFICE_REPORT, reason,
    ),
    "assessments:decision": Page(SIBLING_READERS, OF_SIBLING, of_decision, P.ASSESSMENT_VIEW),
    "assessments:certificate": Page(
        SIBLING_READERS, OF_SIBLING, lambda world: (world.certificate.pk,), P.ASSESSMENT_VIEW
    ),
    "assessments:reopen": step(
        people("office_head"), OF_SIBLING, lambda world: (world.certified.pk,), post=reason
    ),
}  # fmt: skip

FILES = {
    "assessments:assessment": Page(READERS, OF_SCHOOL, of_file, P.ASSESSMENT_VIEW),
    "assessments:assessment#next": Page(READERS, OF_SCHOOL, of_next_file, P.ASSESSMENT_VIEW),
    "assessments:check": Page(EDITORS, OF_SCHOOL, of_next_file),
    "assessments:take_over": step(EDITORS, OF_SCHOOL, of_next_file, P.ASSESSMENT_EDIT),
    "assessments:minutes_upload": step(
        EDITORS, OF_SCHOOL, of_next_file, P.ASSESSMENT_EDIT, upload
    ),
    "assessments:move": step(
        REVIEWERS, OF_SCHOOL, lambda world: (world.file.pk, "finish_review")
    ),
    "assessments:move#prepare": step(
        EDITORS, OF_SCHOOL, lambda world: (world.next_file.pk, "prepare"), P.ASSESSMENT_EDIT
    ),
    "assessments:move#submit": step(
        people("head"), OF_SCHOOL, lambda world: (world.next_file.pk, "submit"),
        P.ASSESSMENT_SUBMIT,
    ),
    "assessments:review": Page(REVIEWERS, OF_SCHOOL, of_file),
    "assessments:review_rest": step(REVIEWERS, OF_SCHOOL, of_file),
    "assessments:review_save": step(REVIEWERS, OF_SCHOOL, of_review, post=keep),
    "assessments:answer_save": step(EDITORS, OF_SCHOOL, of_answer, P.ASSESSMENT_EDIT, answer),
    "assessments:carried_over_confirm": step(EDITORS, OF_SCHOOL, of_answer, P.ASSESSMENT_EDIT),
    "assessments:evidence_upload": step(
        EDITORS, OF_SCHOOL, of_answer, P.ASSESSMENT_EDIT, upload
    ),
    "assessments:evidence_add": form(EDITORS, OF_SCHOOL, of_answer, P.ASSESSMENT_EDIT),
    "assessments:evidence_remove": step(
        EDITORS, OF_SCHOOL, lambda world: (world.evidence.pk,), P.ASSESSMENT_EDIT
    ),
    "assessments:comments": form(
        READERS, OF_SCHOOL, of_review, P.ASSESSMENT_VIEW,
        lambda world: {"text": "Đã xem"}, post_may=EDITORS | REVIEWERS,
    ),
}  # fmt: skip

SETS_AND_REPORTS = {
    "assessments:sets": Page(permission=P.SET_VIEW),
    "assessments:set": Page(args=lambda world: (world.draft_set.pk,), permission=P.SET_VIEW),
    "assessments:set_load": form(SET_LOADERS, permission=P.SET_MANAGE),
    "assessments:set_publish": form(SET_MANAGERS, args=lambda world: (world.draft_set.pk,)),
    "assessments:set_publish#local": form(
        SET_MANAGERS | people("office_head"), args=lambda world: (world.local_set.pk,)
    ),
    "assessments:set_retire": step(
        SET_MANAGERS, args=lambda world: (world.published_set.pk,), post=reason
    ),
    "public:campaigns": public(),
    "public:schools": public(of_public_round),
    "public:csv": public(of_public_round),
    "public:json": public(of_public_round),
    "public:school": public(lambda world: (world.round.code, world.cast.sibling.code)),
    "reporting:exports": Page(EVERYBODY - people("administrator"), permission=P.DATA_VIEW),
    "reporting:summary": Page(EXPORTERS, args=of_round, permission=P.EXPORT),
    "reporting:summary#office": Page(
        EXPORTERS - OF_OFFICE, OF_OFFICE, of_round, P.EXPORT, query="?don-vi=0101"
    ),
    "reporting:export_add": step(
        EXPORTERS, args=of_round, permission=P.EXPORT, post=lambda world: {"format": "xlsx"}
    ),
    "reporting:export_add#office": step(
        EXPORTERS - OF_OFFICE, OF_OFFICE, of_round, P.EXPORT,
        lambda world: {"format": "pdf", "don-vi": "0101"},
    ),
    "reporting:export": Page(EXPORTERS - OF_OFFICE, OF_OFFICE, of_export, P.EXPORT),
    "reporting:export_progress": Page(EXPORTERS - OF_OFFICE, OF_OFFICE, of_export, P.EXPORT),
    "reporting:export_file": Page(EXPORTERS - OF_OFFICE, OF_OFFICE, of_export, P.EXPORT),
    "reporting:decision_pdf": Page(SIBLING_READERS, OF_SIBLING, of_decision, P.ASSESSMENT_VIEW),
    "reporting:set_xlsx": Page(args=lambda world: (world.draft_set.pk,), permission=P.SET_VIEW),
}  # fmt: skip

LAST = {"schools:logout": step(EVERYBODY)}  # after it the person is out

TABLE: dict[str, Page] = SCHOOLS | ROUNDS | FILES | SETS_AND_REPORTS


def url_of(key: str, page, world: World) -> str:
    return reverse(key.split("#")[0], args=page.args(world)) + page.query
