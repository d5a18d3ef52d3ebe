"""Lists cost the same number of queries with one row and with three."""

from itertools import product

import pytest
from django.urls import reverse

from assessments.actions import campaigns, certificates, evidence, publication, reviews
from plans.models import Assignment
from reporting.actions import exports
from tests import make
from tests.queries import FIGURE_PAGES, PLAN_PAGES, REPORT_PAGES, queries
from tests.walk_expected import EXPECTED

STAGES = ("", "submitted", "reviewed", "certified", "published")


class Lists:
    """A round whose schools can be brought to a stage one after the other."""

    def __init__(self, cast) -> None:
        self.cast, self.numbers = cast, iter(range(100, 200))
        self.set = make.small_set("TT", applies_to=["TH"])
        self.round = make.campaign(cast.department, cast.officer, [self.set], code="mot-dot")
        self.schools = [self._school() for _ in range(4)]
        campaigns.open(self.round, by=cast.officer)
        self.round.refresh_from_db()
        self.decision = None

    def _school(self):
        school = make.school(self.cast.office, f"0101-{next(self.numbers)}", school_type="TH")
        school.focal, school.head = make.person(school, "focal_point"), make.person(school, "head")
        return school

    def file_of(self, place: int):
        return self.round.assessments.get(unit=self.schools[place])

    def bring(self, place: int, stage: str) -> None:
        """Take one school's file to the stage."""
        school, file = self.schools[place], self.file_of(place)
        steps = STAGES.index(stage)
        if steps >= 1:
            file = make.submit(file, school.focal, school.head)
        if steps >= 2:
            file = make.review(file, self.cast.specialist)
        if steps >= 3:
            make.certify(file, self.round, self.cast.office_head, number=str(place + 1))
        if steps >= 4:
            publication.publish(self.round, by=self.cast.officer)

    def several(self, first: int, last: int, stage: str) -> None:
        for place in range(first, last):
            self.bring(place, stage)


@pytest.fixture
def lists(cast) -> Lists:
    return Lists(cast)


def check(client, url: str, more) -> None:
    """The same number before and after `more` rows have come."""
    one, _ = queries(client, url)
    more()
    three, sql = queries(client, url)
    assert one == three, sql


STAGE_PAGES = {
    "assessments:queue": ("specialist", "submitted"),
    "assessments:queue?loc=submitted": ("specialist", "submitted"),
    "assessments:queue?loc=reviewed": ("office_head", "reviewed"),
    "assessments:queue?loc=tre": ("officer", "submitted"),
    "assessments:certify": ("office_head", "reviewed"),
    "assessments:campaign": ("officer", "certified"),
    "reporting:summary": ("officer", "certified"),
    "public:schools": (None, "published"),
    "public:csv": (None, "published"),
    "public:json": (None, "published"),
}


@pytest.mark.parametrize("page", STAGE_PAGES)
def test_lists_of_a_round(lists, client, sign_in, page):
    """One school at this stage, then three."""
    name, _, query = page.partition("?")
    person, stage = STAGE_PAGES[page]
    client = sign_in(getattr(lists.cast, person)) if person else client
    key = lists.round.code if name.startswith("public") else lists.round.pk
    lists.bring(0, stage)
    check(client, f"{reverse(name, args=[key])}?{query}", lambda: lists.several(1, 3, stage))


GROWING = ("home", "assessments:home", "plans:tasks", "schools:documents", "reporting:exports")
READERS = ("focal", "specialist", "office_head", "officer")


@pytest.mark.parametrize(
    ("person", "name"),
    [pair for pair in product(READERS, GROWING) if pair != ("focal", "reporting:exports")],
)
def test_lists_that_grow_with_the_rounds(lists, sign_in, person, name):
    """One round, document and export, then three."""
    cast, number = lists.cast, iter(range(10))

    def grow() -> None:
        campaign = make.open_campaign(cast, sets=[lists.set], code=f"dot-them-{next(number)}")
        file = campaign.assessments.get(unit=lists.schools[0])
        file = make.submit(file, lists.schools[0].focal, lists.schools[0].head)
        other = campaign.assessments.get(unit=lists.schools[1])
        make.review(
            make.submit(other, lists.schools[1].focal, lists.schools[1].head), cast.specialist
        )
        for by in (cast.specialist, cast.officer):
            unit = by.memberships.get().unit
            exports.request_consolidated(campaign=campaign, unit=unit, format="xlsx", by=by)
            make.document(unit, by)

    reader = lists.schools[2].focal if person == "focal" else getattr(cast, person)
    grow()
    check(sign_in(reader), reverse(name), lambda: [grow(), grow()])


def test_the_tree_of_units(cast, sign_in):
    """Schools and people of a unit."""
    numbers = iter(range(300, 400))

    def grow() -> None:
        make.school(cast.neighbour, f"0102-{next(numbers)}")
        make.person(cast.neighbour, "specialist")

    client = sign_in(cast.officer)
    for url in (reverse("schools:units"), cast.neighbour.get_absolute_url()):
        check(client, url, lambda: [grow(), grow()])


@pytest.mark.parametrize("which", ["school_task", "office_task"])
def test_the_board_of_a_task(lists, sign_in, which):
    """Units handed in, then more of them."""
    task = getattr(lists.round, which)
    school = make.school(lists.cast.neighbour, "0102-500", school_type="TH")

    def grow(unit) -> None:
        Assignment.objects.create(
            task=task, unit=unit, unit_path=unit.path, due_at=task.due_at,
            original_due_at=task.due_at,
        )  # fmt: skip

    lists.bring(0, "submitted")
    client = sign_in(lists.cast.officer)
    check(client, task.get_absolute_url(), lambda: [grow(school), grow(lists.cast.neighbour)])
    check(client, task.get_absolute_url() + "?loc=tre", lambda: lists.bring(1, "submitted"))


def test_the_sets(lists, sign_in):
    """The list of indicator sets."""
    check(
        sign_in(lists.cast.officer),
        reverse("assessments:sets"),
        lambda: [make.small_set("X1"), make.small_set("X2", applies_to=["MN"])],
    )


@pytest.mark.parametrize(
    "page", ["assessments:assessment", "assessments:check", "assessments:review"]
)
def test_a_file_costs_the_same_empty_and_full(lists, sign_in, page):
    """One answer with its proof, then all of them with two."""
    school, file = lists.schools[0], lists.file_of(0)
    if page == "assessments:review":
        file = make.submit(file, school.focal, school.head)
        client = sign_in(lists.cast.specialist)
        reviews.review(file, file.leaves()[0], decision="accept", by=lists.cast.specialist)
        check(
            client, reverse(page, args=[file.pk]),
            lambda: reviews.accept_rest(file, by=lists.cast.specialist),
        )  # fmt: skip
        return
    make.answer(file, "1.2.2", school.focal, met=True)
    version = make.document(school, school.focal)
    criterion = file.indicator_set.criteria.get(code="1.2.2")
    evidence.add(file, criterion, version, by=school.focal)

    def grow() -> None:
        for code in ("1.1", "2.1"):
            make.answer(file, code, school.focal, met=True)
            for _ in range(2):
                proof = make.document(school, school.focal)
                one = file.indicator_set.criteria.get(code=code)
                evidence.add(file, one, proof, by=school.focal)

    check(sign_in(school.focal), reverse(page, args=[file.pk]), grow)


def test_a_decision_over_one_and_over_three_schools(lists, sign_in):
    """The page of the decision, with every school on it."""
    lists.several(0, 4, "reviewed")
    cast = lists.cast
    files = [lists.file_of(place) for place in range(4)]
    one = certificates.certify(
        make.decision(lists.round, cast.office, "1"), files[:1], by=cast.office_head
    )
    three = certificates.certify(
        make.decision(lists.round, cast.office, "2"), files[1:], by=cast.office_head
    )
    client = sign_in(cast.office_head)
    count, _ = queries(client, one.get_absolute_url())
    assert count == queries(client, three.get_absolute_url())[0]


def test_the_published_rounds(lists, client):
    """The front page of what was published."""
    lists.bring(0, "published")
    cast, school = lists.cast, lists.schools[0]

    def grow() -> None:
        for code in ("cu-1", "cu-2"):
            campaign = make.open_campaign(cast, sets=[lists.set], code=code)
            file = make.submit(campaign.assessments.get(unit=school), school.focal, school.head)
            file = make.review(file, cast.specialist)
            make.certify(file, campaign, cast.office_head, number=code[-1] + "0")
            publication.publish(campaign, by=cast.officer)

    check(client, reverse("public:campaigns"), grow)


NO_ROWS = {
    "schools:login", "schools:password_request", "schools:password_sent", "schools:password_set",
    "schools:account", "schools:import_add", "schools:import_check", "schools:invite",
    "schools:import_faults",
    "schools:document_add", "schools:version_add", "schools:document_file",
    "assessments:campaign_add", "assessments:campaign_edit", "assessments:set_load",
    "assessments:set_publish", "assessments:set", "assessments:evidence_add",
    "assessments:comments", "assessments:certificate", "reporting:export",
    "reporting:export_progress", "reporting:export_file", "reporting:decision_pdf",
    "reporting:set_xlsx", "public:school", "schools:document", "schools:message",
    "plans:plan_add", "plans:plan_edit", "plans:task_add", "plans:task_edit", "plans:target_add",
    "plans:target_edit", "plans:plan_yaml", "plans:plan_original", "plans:legal_text",
    "plans:legal_text_file", "plans:calendar_feed",
    "plans:assignment", "reporting:focal_points_pdf", "reporting:request_add", "reporting:form",
    "reporting:sheet", "reporting:sheet_check", "reporting:closed", "reporting:sheet_workbook",
    "reporting:office_workbook", "reporting:form_xlsx",
    "reporting:request_by_task", "reporting:round_add",
    "reporting:letter", "reporting:word_frames", "reporting:word_frame_file",
}  # fmt: skip  # forms, files, and things whose rows come in one query by their nature


def test_every_page_is_counted_or_has_no_list():
    """A new page is either counted above or named here by somebody who thought about it."""
    counted = {page.partition("?")[0] for page in STAGE_PAGES} | {
        "home", "assessments:home", "plans:tasks", "plans:task", "reporting:exports",
        "schools:documents", "schools:units", "schools:unit", "assessments:sets",
        "assessments:assessment", "assessments:check", "assessments:review",
        "assessments:decision", "public:campaigns",
        *PLAN_PAGES, *FIGURE_PAGES, *REPORT_PAGES, "plans:call", "plans:operations",
        "schools:inbox", "search",
        "schools:focal_points",
    }  # fmt: skip
    read = {key.split("#")[0] for key, page in EXPECTED.items() if page.is_read}
    assert read - counted == NO_ROWS


def test_a_school_certified_twice_is_counted_once(lists, sign_in):
    """Reopened and certified again it has two certificates and is still one school of the round."""
    cast, page = lists.cast, reverse("assessments:campaign", args=[lists.round.pk])
    lists.bring(0, "certified")
    certificates.reopen(lists.file_of(0), by=cast.office_head, reason="Số liệu chưa đúng")
    file = make.review(lists.file_of(0), cast.specialist)
    make.certify(file, lists.round, cast.office_head, number="99")
    counts = sign_in(cast.officer).get(page).context["counts"]
    assert (counts["total"], counts["certified"], counts["publishable"]) == (4, 1, 1)
