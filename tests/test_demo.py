"""The demo province: the same seed, the same province; every state and every kind of school."""

import json
from io import StringIO
from random import Random

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from assessments.actions import answers, campaigns, evidence, files, reviews
from assessments.actions.answers import FIELDS
from assessments.exchange import set_yaml
from assessments.models import (
    Answer,
    Assessment,
    Campaign,
    Certificate,
    Decision,
    Evidence,
    Review,
)
from assessments.workflow import AssessmentState
from edudx.demo import hands, story, tree
from plans.models import Assignment, Extension, Plan, Product, RoadMapYear, Task
from reporting import sheet_reading
from reporting.actions import requests, sheets
from reporting.models import (
    Closing,
    DataForm,
    DataRequest,
    DataSheet,
    DataValue,
    PeriodicReport,
    ReportRound,
)
from schools.models import Event, OrgUnit, User
from schools.permissions import Role
from tests import clock

pytestmark = pytest.mark.django_db(transaction=False)


class _Undone(Exception):
    pass


def province(**options) -> dict:
    """What a seed makes, without its keys and moments; undone afterwards."""
    found = {}
    try:
        with transaction.atomic():
            call_command("seed_demo", **{"schools": 20, "stdout": StringIO(), **options})
            found["units"] = list(OrgUnit.objects.order_by("code").values_list("code", "name"))
            found["people"] = list(User.objects.order_by("email").values_list("email", "full_name"))
            found["states"] = list(
                Assessment.objects.order_by("campaign", "unit__code").values_list(
                    "state", flat=True
                )
            )
            found["points"] = [
                str(one) for one in Answer.objects.order_by("pk").values_list("points", flat=True)
            ]
            found["facts"] = (
                len(Certificate.objects.all()),
                Certificate.objects.first().facts["unit"],
            )
            raise _Undone
    except _Undone:
        return json.loads(json.dumps(found))


def test_one_seed_one_province():
    first = province(seed=7)
    assert first == province(seed=7)
    assert first["people"] != province(seed=8)["people"]


def test_it_has_every_state_and_every_kind_of_school(db):
    call_command("seed_demo", stdout=StringIO())
    assert set(Assessment.objects.values_list("state", flat=True)) == set(AssessmentState.values)
    types = OrgUnit.objects.schools().values_list("school_type", flat=True)
    assert set(types) == set(OrgUnit.SchoolType.values)
    assert OrgUnit.objects.filter(short_name="TH&THCS Tân Thành").exists()
    assert OrgUnit.objects.filter(kind="office", valid_from="2025-07-01").count() == 1
    assert OrgUnit.objects.schools().count() == 60


def test_its_size_is_asked_for():
    assert len(province(offices=2, schools=9)["units"]) == 1 + 2 + 9


# Every row has what led to it


@pytest.fixture
def demo(db):
    call_command("seed_demo", schools=20, stdout=StringIO())


def test_every_event_belongs_to_somebody(demo):
    """Only what is the whole country's (the shipped forms) has no unit; all have their people."""
    homeless = Event.objects.filter(unit_path="")
    assert {(one.subject_type.model, one.step) for one in homeless} == {("dataform", "publish")}
    assert not Event.objects.filter(by=None).exists()
    assert not Event.objects.filter(as_who="").exists()
    assert not Event.objects.filter(at__gt=timezone.now()).exists()


INITIAL = {Assessment: "draft", Assignment: "open", Campaign: "draft", Plan: "draft"}


@pytest.mark.parametrize("model", INITIAL)
def test_every_state_has_the_event_that_led_to_it(demo, model):
    rows = list(model.objects.all())
    assert any(one.state != INITIAL[model] for one in rows)
    for one in rows:
        last = Event.objects.about(one).exclude(to_state="").order_by("at", "pk").last()
        assert (last.to_state if last else INITIAL[model]) == one.state, one


def test_what_has_no_state_of_its_own_in_an_event_has_its_event(demo):
    expected = (
        (Task.objects.all(), ("issue",)),
        (Decision.objects.all(), ("issue",)),
        (DataForm.objects.all(), ("publish",)),
        (DataRequest.objects.all(), ("ask",)),
        (ReportRound.objects.all(), ("ask",)),
        (Closing.objects.all(), ("close", "approve")),
        (DataSheet.objects.exclude(current=None), ("hand_in",)),
        (PeriodicReport.objects.exclude(current=None), ("signing", "submit")),
        (Assignment.objects.filter(products__isnull=False).distinct(), ("hand_in",)),
        (Assignment.objects.filter(extensions__isnull=False), ("ask_extension",)),
    )
    for rows, steps in expected:
        assert rows.exists(), rows.model
        for one in rows:
            assert set(steps) <= set(Event.objects.about(one).values_list("step", flat=True)), one
    for row in RoadMapYear.objects.exclude(state=RoadMapYear.State.PLANNED):
        events = Event.objects.about(row.task)
        assert events.filter(step="road_map", to_state=row.state).exists()
    assert Product.objects.exclude(decision="pending").exists()
    assert Extension.objects.exists()


# In bulk as by the verbs


def rows_of(model, *columns: str, **filters) -> list[str]:
    return sorted(str(row) for row in model.objects.filter(**filters).values_list(*columns))


FILE = ("campaign__code", "unit__code")
ANSWER = tuple(f"answer__assessment__{name}" for name in FILE)


TOLD = {  # what a campaign leaves, by what it is told apart
    "files": (
        Assessment, *FILE, "state", "edition", "unit_path", "office__code",
        "self_results", "prepared_by__email", "submitted_by__email", "submitted_at",
    ),
    "assignments": (
        Assignment, "task__title", "unit__code", "state", "given_at", "handed_in_at",
        "last_handed_in_at", "done_at", "explanation",
    ),
    "answers": (
        Answer, *(f"assessment__{name}" for name in FILE), "criterion__code", *FIELDS,
        "points", "version", "is_reopened", "is_carried_over", "certified_points",
        "certified_met", "updated_by__email", "updated_at",
    ),
    "proofs": (
        Evidence, *ANSWER, "answer__criterion__code", "version__sha256",
        "added_by__email", "added_at",
    ),
    "reviews": (
        Review, *ANSWER, "answer__criterion__code", "decision", "points", "met",
        "reason", "by__email", "superseded_at",
    ),
    "decisions": (
        Decision, "issuer__code", "number", "symbol", "signed_on", "signer_name",
        "created_by__email",
    ),
    "certificates": (
        Certificate, "assessment__unit__code", "edition", "snapshot", "sha256",
        "published_at", "lines__group_code", "lines__points", "lines__level",
    ),
    "events": (
        Event, "subject_type__model", "unit_path", "step", "label", "from_state",
        "to_state", "reason", "search_text", "by__email", "as_who",
    ),
}  # fmt: skip


def campaigns_told(lived: int) -> dict[str, list[str]]:
    """What two campaigns leave in a province of two offices; undone afterwards."""
    found = {}
    try:
        with transaction.atomic():
            for file in (settings.BASE_DIR / "assessments/indicator_sets").glob("*.yaml"):
                set_yaml.save(set_yaml.read_yaml(file.read_text(encoding="utf-8")), by=None)
            random = Random(3)
            province = tree.plant(random, offices=2, schools=12)
            story.tell(random, province, lived=lived)
            found |= {what: rows_of(model, *columns) for what, (model, *columns) in TOLD.items()}
            raise _Undone
    except _Undone:
        return found


def test_schools_in_bulk_leave_what_the_verbs_leave(db):
    with time_machine.travel(clock.moment("2026-11-28T10:00"), tick=False):
        lived, in_bulk = campaigns_told(99), campaigns_told(0)
    assert lived.keys() == in_bulk.keys()
    for state in AssessmentState.values:
        assert any(f"'{state}'" in row for row in lived["files"]), state
    for what, rows in lived.items():
        assert rows, what
        assert rows == in_bulk[what], what


def person(unit: OrgUnit, role: Role) -> User:
    return User.objects.get(memberships__unit=unit, memberships__role=role)


def typed(file: Assessment) -> dict[str, list[str]]:
    """What was typed into a file and said of it."""
    return {
        "answers": rows_of(
            Answer, "criterion__code", *FIELDS, "points", "version", "is_reopened",
            "is_carried_over", "updated_by__email", assessment=file,
        ),
        "proofs": rows_of(
            Evidence, "answer__criterion__code", "version", "added_by__email",
            answer__assessment=file,
        ),
        "reviews": rows_of(
            Review, "answer__criterion__code", "decision", "points", "met", "reason", "by__email",
            "superseded_at", answer__assessment=file,
        ),
        "events": rows_of(
            Event, "step", "label", "reason", "by__email",
            pk__in=Event.objects.about(file).values("pk"),
        ),
    }  # fmt: skip


@pytest.fixture
def again(demo):
    """Another campaign in the demo, as the running one."""
    running = Campaign.objects.get(state=Campaign.State.OPEN)
    sets, officer = list(running.sets.all()), running.created_by
    other = Campaign.objects.get(pk=running.pk)
    other.pk, other.code, other.state = None, "lai", Campaign.State.DRAFT
    other._state.adding, other.school_task, other.office_task = True, None, None
    campaigns.save(other, sets, by=officer)
    campaigns.open(other, by=officer)
    return other


@pytest.mark.parametrize("state", ["submitted", "returned", "reviewed"])
def test_what_is_typed_in_bulk_is_what_the_verbs_write(again, state):
    told = Assessment.objects.exclude(campaign=again).filter(state=state).first()
    focal, head = (person(told.unit, one) for one in (Role.FOCAL_POINT, Role.HEAD))
    mine = again.assessments.get(unit=told.unit)
    for answer in told.answers.order_by("criterion__position"):
        values = {name: getattr(answer, name) for name in FIELDS}
        answers.save(mine, answer.criterion, values=values, version=0, by=focal)
        for proof in answer.evidence.all():
            evidence.add(mine, answer.criterion, proof.version, by=focal)
    files.move(mine, "prepare", by=focal)
    files.move(mine, "submit", by=head)
    if state != "submitted":
        read(told, mine)
    assert typed(mine) == typed(told)


def read(told: Assessment, mine: Assessment) -> None:
    """As its reader has read the other."""
    said = Review.objects.filter(answer__assessment=told).select_related("answer__criterion")
    by = said[0].by
    for one in said.exclude(decision=Review.Decision.ACCEPT):
        reviews.review(
            mine, one.answer.criterion, decision=one.decision, points=one.points,
            reason=one.reason, by=by,
        )  # fmt: skip
    reviews.accept_rest(mine, by=by)
    if told.state == "returned":
        files.move(mine, "return", by=by, reason=hands.INCOMPLETE)
    else:
        files.move(mine, "finish_review", by=by)


def sheet_rows(sheet: DataSheet) -> dict:
    sheet.refresh_from_db()
    row = sheet.assignment
    events = Event.objects.about(sheet) | Event.objects.about(row)
    return {
        "draft": sheet.draft,
        "version": [(one.number, one.by, one.reason, one.notes) for one in sheet.versions.all()],
        "values": rows_of(
            DataValue, "key", "item", "number", "whole", "text", version__sheet=sheet
        ),
        "row": (row.state, bool(row.handed_in_at), row.done_at, row.explanation),
        "events": [
            (one.subject_type, one.step, one.from_state, one.to_state, one.by, one.unit_path)
            for one in events.order_by("pk")
        ],
    }


def test_figures_in_bulk_are_what_the_verbs_write(demo):
    told = DataSheet.objects.filter(assignment__state="handed_in").order_by("pk").last()
    old = told.request
    other = DataRequest(
        form=old.form, title="Hỏi lại", period=old.period, issuer=old.issuer, number="9/SGDĐT"
    )
    phrases = {f"{one}_phrase": getattr(old, f"{one}_task").phrase for one in ("school", "office")}
    requests.ask(other, audience={"kinds": ["school"]}, by=old.created_by, **phrases)
    mine = DataSheet.objects.get(request=other, unit=told.unit)
    focal = person(told.unit, Role.FOCAL_POINT)
    for section in sheet_reading.sections_of(mine):
        values = sheet_reading.unpacked(told.draft[str(section.place)]["values"])
        sheets.save_section(mine, section.place, values=values, notes={}, version=0, by=focal)
    sheets.hand_in(mine, by=focal)
    assert sheet_rows(mine) == sheet_rows(told)
