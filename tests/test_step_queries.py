"""A step over many units costs the same number of queries for 3 of them and for 30."""

from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.actions import campaigns, certificates, publication
from assessments.models import Assessment
from plans.actions import calls, newcomers, plans
from plans.actions.amendments import Change
from plans.models import Assignment, Reminder
from plans.workflow import AssignmentState
from reporting.actions import closings, requests, rounds
from reporting.models import Closing, DataRequest, DataSheet, PeriodicReport
from schools import outbox
from schools.actions import units
from schools.models import Delivery, Event, Membership, Message, OrgUnit
from tests import clock, figure_world, make, plan_world, report_world
from tests.units import many_schools

codes = count(20)


class There:
    """An office of the province with so many schools, each with a head and a focal point."""

    def __init__(self, cast, number: int) -> None:
        self.cast, self.number = cast, number
        self.office = make.office(cast.department, f"01{next(codes)}")
        self.office_head = make.person(self.office, "office_head", post="Trưởng phòng")
        self.specialist = make.person(self.office, "specialist")
        self.schools = many_schools(self.office, number)
        self.audience = {"kinds": ["school"], "areas": [self.office.code]}

    def open_only_the_first(self) -> None:
        self._rest().update(valid_to="2020-01-01")

    def open_all(self) -> None:
        self._rest().update(valid_to=None)

    def _rest(self):
        return OrgUnit.objects.filter(pk__in=[one.pk for one in self.schools[1:]])

    def person(self, school: OrgUnit, role: str):
        return Membership.objects.select_related("user").get(unit=school, role=role).user

    def plan(self, *codes_: str):
        return plan_world.issued(self.office, self.office_head, *(codes_ or ("II.1",)))

    def request(self) -> DataRequest:
        request = DataRequest(
            form=report_world.data_form(self.cast),
            issuer=self.cast.department, title=f"Số liệu {self.office.code}",
            period=clock.period(),
        )  # fmt: skip
        return requests.ask(
            request, audience=self.audience, school_phrase=plan_world.in_days(7),
            office_phrase=plan_world.in_days(11), by=self.cast.officer,
        )  # fmt: skip

    def round(self):
        round_ = report_world.ask(self.cast, issuer=self.office, by=self.office_head,
                                  kinds=["school"], title=f"Sơ kết {self.office.code}")  # fmt: skip
        return round_

    def campaign(self):
        campaign = make.campaign(
            self.cast.department, self.cast.officer,
            [make.small_set(f"B{self.office.code}", applies_to=["TH"])], scope=self.office,
        )  # fmt: skip
        campaigns.open(campaign, by=self.cast.officer)
        return type(campaign).objects.get(pk=campaign.pk)


def calling(there: There):
    task = there.plan().tasks.get()
    pks = {one.pk for one in there.schools}
    yield lambda: calls.call(task, pks, text="Nộp ngay", by=there.specialist)
    people = 2 * there.number
    assert Reminder.objects.filter(assignment__task=task, message__kind="call").count() == people
    told = Message.objects.filter(kind="call", reminders__assignment__task=task)
    assert Delivery.objects.filter(message__in=told, channel="email").count() == people
    assert len({one.recipient_id for one in told}) == people


def withdrawing(there: There):
    plan = there.plan("II.1", "II.2")
    task = plan.tasks.get(code="II.1")
    words = {"document_number": "9/KH", "signed_on": timezone.localdate(), "reason": "Trùng"}
    change = Change(task, is_withdrawn=True)
    yield lambda: plan_world.amendments.amend(plan, [change], by=there.office_head, **words)
    rows = list(task.assignments.all())
    assert {one.state for one in rows} == {AssignmentState.WITHDRAWN}
    steps = Event.objects.of_many(rows).filter(step="withdraw")
    assert {(one.from_state, one.to_state, one.reason) for one in steps} == {
        ("open", "withdrawn", "Trùng")
    }
    assert sorted(one.subject_id for one in steps) == sorted(one.pk for one in rows)
    assert {one.unit_path for one in steps} == {one.unit_path for one in rows}


def giving_to_newcomers(there: There):
    there.open_only_the_first()
    task = there.plan().tasks.get()
    there.open_all()
    yield lambda: newcomers.give(task, by=there.specialist)
    assert task.assignments.count() == there.number
    given = Event.objects.of_many(list(task.assignments.all())).filter(step="given")
    assert given.count() == there.number - 1


def issuing_a_plan(there: There):
    plan = plan_world.plan(there.office, there.specialist)
    plan_world.task(plan)
    yield lambda: plans.issue(plan, by=there.office_head)
    assert Assignment.objects.filter(task__plan=plan).count() == there.number


def telling_of_a_plan(there: There):
    plan = there.plan("II.1", "II.2")
    yield outbox.tell
    told = Message.objects.filter(kind="notice", subject__contains=plan.title)
    told = told.filter(recipient__memberships__unit__in=there.schools)
    assert told.count() == 2 * there.number
    assert {len(one.lines) for one in told} == {2}


def asking_for_figures(there: There):
    report_world.data_form(there.cast)
    yield there.request
    assert DataSheet.objects.filter(unit__in=there.schools).count() == there.number


def telling_of_figures(there: There):
    request = there.request()
    yield outbox.tell
    told = Message.objects.filter(kind="notice", recipient__memberships__unit__in=there.schools)
    assert told.count() == 2 * there.number
    assert {tuple(line["url"] for line in one.lines) for one in told} == {
        (one.get_absolute_url(),) for one in request.sheets.all()
    }
    above = Message.objects.filter(recipient__in=[there.specialist, there.office_head])
    assert {one.lines[0]["url"] for one in above} == {request.get_absolute_url()}


def approving_figures(there: There):
    request = there.request()
    for one in there.schools:
        by = there.person(one, "focal_point")
        figure_world.hand_in(request, one, by, figure_world.numbers(100, 5, 10))
    closing = closings.prepare(request, there.office, by=there.specialist)
    yield lambda: closings.approve(Closing.objects.get(pk=closing.pk), by=there.office_head)
    rows = request.school_task.assignments.all()
    assert {(one.state, one.done_at is None) for one in rows} == {("done", False)}


def asking_for_reports(there: There):
    report_world.data_form(there.cast)
    yield there.round
    assert PeriodicReport.objects.filter(unit__in=there.schools).count() == there.number


def telling_of_reports(there: There):
    round_ = there.round()
    yield outbox.tell
    told = Message.objects.filter(kind="notice", recipient__memberships__unit__in=there.schools)
    assert told.count() == 2 * there.number
    assert {one.lines[0]["text"] for one in told} == {round_.title}


def giving_missing_reports(there: There):
    there.open_only_the_first()
    round_ = there.round()
    there.open_all()
    newcomers.give(round_.task, by=there.specialist)
    yield rounds.give_missing_reports
    assert PeriodicReport.objects.filter(round=round_).count() == there.number + 1


def opening_a_campaign(there: There):
    yield there.campaign
    assert Assessment.objects.filter(unit__in=there.schools).count() == there.number


def reviewed_files(there: There) -> list[Assessment]:
    campaign = there.campaign()
    for one in there.schools:
        people = [there.person(one, role) for role in ("focal_point", "head")]
        file_ = campaign.assessments.get(unit=one)
        make.review(make.submit(file_, *people), there.specialist)
    return list(campaign.assessments.all())


def certifying(there: There):
    files = reviewed_files(there)
    decision = make.decision(files[0].campaign, there.office)
    yield lambda: certificates.certify(decision, files, by=there.office_head)
    issued = list(decision.certificates.prefetch_related("lines"))
    assert len(issued) == there.number
    assert all(one.is_intact() for one in issued)
    assert {one.facts["unit"]["code"] for one in issued} == {one.code for one in there.schools}
    assert {tuple((line.points, line.level) for line in one.lines.all()) for one in issued} == {
        ((86, 3), (70, 2))
    }
    fresh = Assessment.objects.filter(pk__in=[one.pk for one in files])
    assert {one.state for one in fresh.select_related("assignment")} == {"certified"}
    assert {one.assignment.state for one in fresh} == {"done"}
    steps = Event.objects.of_many(files).filter(step="certify")
    assert [one.from_state for one in steps] == ["reviewed"] * there.number


def publishing(there: There):
    files = reviewed_files(there)
    campaign = files[0].campaign
    decision = make.decision(campaign, there.office)
    certificates.certify(decision, files, by=there.office_head)
    yield lambda: publication.publish(campaign, by=there.cast.officer)
    assert not decision.certificates.filter(published_at=None).exists()


def moving_an_office(there: There):
    yield lambda: units.move(
        there.office, parent=there.cast.office, by=there.cast.officer, reason="Sắp xếp lại"
    )
    paths = OrgUnit.objects.filter(parent=there.office).values_list("path", "code")
    above = f"{there.cast.office.path}{there.office.code}/"
    assert {path for path, _ in paths} == {f"{above}{code}/" for _, code in paths}


STEPS = (
    calling, withdrawing, giving_to_newcomers, issuing_a_plan, telling_of_a_plan,
    asking_for_figures, telling_of_figures, approving_figures, asking_for_reports,
    telling_of_reports, giving_missing_reports, opening_a_campaign, certifying, publishing,
    moving_an_office,
)  # fmt: skip


def measured(step, there: There) -> tuple[int, str]:
    """What comes before it is not counted, what must be true after it is asked."""
    story = step(there)
    take = next(story)
    with CaptureQueriesContext(connection) as captured:
        take()
    assert next(story, "over") == "over"
    return len(captured), "\n".join(one["sql"][:200] for one in captured)


@pytest.mark.parametrize("step", STEPS, ids=lambda one: one.__name__)
def test_three_and_thirty(cast, step):
    measured(step, There(cast, 2))  # fills what is kept in memory
    few, _ = measured(step, There(cast, 3))
    many, sql = measured(step, There(cast, 30))
    assert few == many, sql
