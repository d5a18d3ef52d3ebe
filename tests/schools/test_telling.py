"""Whatever fails alone waits alone: letters, events, lines of the ledger, digests, sheets."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edudx.lib.waiting import MOST_TRIES
from plans import reminders
from plans.actions import hand_ins
from plans.models import Assignment, Reminder
from reporting.actions import requests
from schools import outbox, tasks
from schools.actions import people
from schools.guard import Guard
from schools.models import Delivery, Event, JobFault, Message, OrgUnit, User
from tests import figure_world, make, plan_world
from tests.assessments.browse import text

LINE = {"text": "Nộp kế hoạch", "url": "/nhiem-vu/", "tone": ""}


def letters(cast, number: int, odd: dict[int, str] | None = None) -> list[Delivery]:
    """So many letters on their way, each to somebody else; some to odd addresses."""
    readers = [make.person(cast.school, "focal_point") for _ in range(number)]
    for place, address in (odd or {}).items():
        User.objects.filter(pk=readers[place].pk).update(email=address)
    outbox.notify(readers, subject="Có việc mới", lines=[LINE])
    for one in Message.objects.filter(recipient__in=readers).order_by("pk"):
        outbox.put(one)
    return list(Delivery.objects.order_by("pk"))


def states(deliveries: list[Delivery]) -> list[str]:
    return [Delivery.objects.get(pk=one.pk).state for one in deliveries]


# Letters


def test_mailboxes_that_ask_for_patience_hold_up_nobody_else(cast, mailbox):
    sent = letters(cast, 120)
    mailbox.answers = {one.address: "452 try again later" for one in sent[:20]}
    outbox.deliver()
    assert len(mailbox.letters) == 100
    assert states(sent) == ["queued"] * 20 + ["sent"] * 100
    first = Delivery.objects.get(pk=sent[0].pk)
    assert first.fault == "452 try again later"
    mailbox.answers = {}
    outbox.deliver()  # at once: they wait their minute
    assert len(mailbox.letters) == 100
    outbox.deliver(timezone.now() + timedelta(minutes=2))
    assert states(sent) == ["sent"] * 120


@pytest.mark.parametrize("said", ["450 busy", "451 local error", "452 full"])
@pytest.mark.parametrize("place", [0, 2, 4])
def test_any_one_of_five_letters_may_fail_for_a_while(cast, mailbox, place, said):
    sent = letters(cast, 5)
    mailbox.answers = {sent[place].address: said}
    outbox.deliver()
    wanted = ["sent"] * 5
    wanted[place] = "queued"
    assert states(sent) == wanted


@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_letter_that_cannot_be_written_waits_alone_and_ends(cast, mailbox, place):
    """Two lines in an address are no header: it fails at every try, longer apart, and then ends."""
    sent = letters(cast, 5, odd={place: "hai\ndòng@truong.example"})
    now, tries = timezone.now(), []
    for _ in range(MOST_TRIES + 5):
        outbox.deliver(now)
        one = Delivery.objects.get(pk=sent[place].pk)
        tries.append(one.next_try_at - now)
        now += timedelta(hours=1)
    assert states(sent).count("sent") == 4
    assert (one.state, one.tries) == ("failed", MOST_TRIES)
    assert "newlines" in one.fault
    assert tries[:4] == [timedelta(minutes=2**n) for n in range(4)]
    outbox.try_again(one)
    outbox.deliver()
    one.refresh_from_db()
    assert (one.state, one.tries) == ("queued", 1)


def test_a_server_that_is_away_costs_no_letter_a_try(cast, smtp):
    sent = letters(cast, 3)
    for _ in range(MOST_TRIES + 1):
        outbox.deliver()
    assert set(Delivery.objects.values_list("state", "tries")) == {("queued", 0)}
    assert "refused" in Delivery.objects.get(pk=sent[0].pk).fault


def test_a_server_without_a_way_or_with_a_wrong_certificate_is_away(cast, mailbox, smtp):
    sent = letters(cast, 2)
    host = smtp.EMAIL_HOST
    smtp.EMAIL_HOST = "255.255.255.255"  # no route leads there
    outbox.deliver()
    smtp.EMAIL_HOST, smtp.EMAIL_USE_SSL = host, True
    outbox.deliver()
    assert "SSL" in Delivery.objects.get(pk=sent[0].pk).fault
    assert states(sent) == ["queued"] * 2
    smtp.EMAIL_USE_SSL = False
    outbox.deliver()
    assert states(sent) == ["sent"] * 2


def test_a_server_that_closes_gets_the_rest_later(cast, mailbox):
    sent = letters(cast, 4)
    mailbox.answers = {sent[1].address: "421 closing"}
    outbox.deliver()
    assert states(sent) == ["sent", "queued", "queued", "queued"]
    outbox.deliver()  # the one it closed at waits; those behind it do not
    assert states(sent) == ["sent", "queued", "sent", "sent"]


def test_a_sender_that_dies_over_a_letter_each_time_is_not_asked_for_ever(cast, mailbox):
    (one,) = letters(cast, 1)
    long_ago = timezone.now() - timedelta(days=1)
    Delivery.objects.update(state="sending", tries=MOST_TRIES, lease_until=long_ago)
    outbox.deliver()
    assert states([one]) == ["failed"]
    assert mailbox.letters == []


def test_no_link_for_a_password_is_kept_anywhere(cast, mailbox):
    people.invite(
        email="moi@truong.example", full_name="Lê An", unit=cast.school, role="focal_point",
        by=cast.head,
    )  # fmt: skip
    tasks.tell()
    (letter,) = mailbox.letters
    assert "/mat-khau/" in letter.get_content()
    message = Message.objects.get(kind="access")
    assert "/mat-khau/" not in f"{message.text}{message.lines}{message.subject}"
    assert not Message.objects.visible_to(message.recipient).filter(pk=message.pk).exists()


# Events


def orphans(cast, number: int) -> list[Event]:
    """Events that cannot be told: what they are about is not there."""
    kind = ContentType.objects.get_for_model(Assignment)
    return Event.objects.bulk_create(
        Event(
            subject_type=kind, subject_id=10_000 + n, unit_path=cast.school.path, step="complete",
            label="Hoàn thành", by=cast.specialist,
        )
        for n in range(number)
    )  # fmt: skip


def returned(cast) -> None:
    """Something that the focal point must hear of."""
    plan = plan_world.issued(cast.office, cast.office_head)
    row = plan_world.row_of(plan, cast.school)
    plan_world.hand_in(row, cast.focal)
    outbox.tell()
    hand_ins.review(plan_world.fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")


def is_told(cast) -> bool:
    return Message.objects.filter(recipient=cast.focal, subject__startswith="Trả lại").exists()


def test_events_that_cannot_be_told_hide_none_behind_them(cast):
    orphans(cast, 250)
    returned(cast)
    outbox.tell(), outbox.tell()
    assert is_told(cast)
    assert JobFault.objects.filter(job="tell", tries=1).count() == 250


def test_an_event_is_tried_longer_and_longer_apart_and_then_no_more(cast, caplog):
    (bad,) = orphans(cast, 1)
    waits = []
    for _ in range(MOST_TRIES):
        outbox.tell()
        fault = JobFault.objects.get()
        if fault.next_try_at:
            waits.append(round((fault.next_try_at - fault.last_at).total_seconds() / 60))
        JobFault.objects.exclude(next_try_at=None).update(next_try_at=timezone.now())
    assert waits[:7] == [1, 2, 4, 8, 16, 32, 60]
    assert (fault.tries, fault.is_given_up) == (MOST_TRIES, True)
    caplog.clear()
    outbox.tell()
    assert caplog.records == []
    assert Event.objects.get(pk=bad.pk).announced_at is None


def test_the_page_of_operations_names_it_and_tries_again(cast, sign_in):
    orphans(cast, 1)
    outbox.tell()
    JobFault.objects.update(next_try_at=None)
    client = sign_in(cast.administrator)
    page = text(client.get(reverse("plans:operations")))
    assert "nhiệm vụ của đơn vị số" not in page  # the event is what failed, not its subject
    for words in ("Hoàn thành", "Báo tin", "KeyError", "đã thôi thử"):
        assert words in page
    fault = JobFault.objects.get()
    address = reverse("plans:job_fault_retry", args=[fault.pk])
    assert sign_in(cast.specialist).post(address).status_code == 403
    assert "lượt chạy tới" in text(client.post(address, follow=True))
    outbox.tell()
    fault.refresh_from_db()
    assert (fault.tries, fault.is_given_up) == (1, False)


def test_of_very_many_faults_the_page_says_how_many_there_are(cast, sign_in):
    orphans(cast, 130)
    outbox.tell()
    page = text(sign_in(cast.administrator).get(reverse("plans:operations")))
    assert "Hiện 100 dòng mới nhất trong 130." in page


def test_a_fault_of_another_province_is_not_shown(cast, sign_in):
    far = make.department("99")
    school = make.school(make.office(far, code="9901"), code="9901-001")
    kind = ContentType.objects.get_for_model(OrgUnit)
    fault = JobFault.objects.create(
        job="claim", subject_type=kind, subject_id=school.pk, label="Trường nơi khác",
        unit_path=school.path, first_at=timezone.now(),
    )  # fmt: skip
    client = sign_in(cast.administrator)
    assert "Trường nơi khác" not in text(client.get(reverse("plans:operations")))
    assert client.post(reverse("plans:job_fault_retry", args=[fault.pk])).status_code == 404


# The ledger and its digests


@pytest.fixture
def overdue(cast):
    """A plan whose schools are a day late; from another kind of unit nobody is known."""
    plan = plan_world.issued(cast.office, cast.office_head, days=3)
    monday = timezone.localtime(plan.tasks.get().due_at)
    while monday.weekday():
        monday += timedelta(days=1)
    return plan, monday.replace(hour=10)


def reminded() -> set[str]:
    return set(Reminder.objects.values_list("recipient__email", flat=True))


def test_one_row_that_cannot_be_counted_stops_no_other(cast, overdue):
    plan, now = overdue
    OrgUnit.objects.filter(pk=cast.sibling.pk).update(kind="lạ", school_type="")
    reminders.claim(now)
    assert cast.focal.email in reminded()
    assert cast.sibling_focal.email not in reminded()
    fault = JobFault.objects.get()
    assert (fault.job, fault.subject_id) == (
        "claim", plan_world.row_of(plan, cast.sibling).pk,
    )  # fmt: skip
    OrgUnit.objects.filter(pk=cast.sibling.pk).update(
        kind="school", school_type=cast.sibling.school_type
    )
    fault.try_again()
    reminders.claim(now)
    assert cast.sibling_focal.email in reminded()
    assert not JobFault.objects.exists()


def test_one_person_whose_digest_cannot_be_written_stops_no_other(cast, overdue, mailoutbox):
    plan, now = overdue
    reminders.claim(now)
    bad = plan_world.row_of(plan, cast.school)
    end = datetime(9999, 12, 31, 23, tzinfo=UTC)  # tomorrow in Vietnam is no date any more
    Assignment.objects.filter(pk=bad.pk).update(due_at=end)
    Reminder.objects.create(
        assignment=bad, rung="+99", recipient=cast.focal, due_at=end, claimed_at=now
    )
    reminders.compose(now)
    outbox.deliver(now)
    told = {one.to[0] for one in mailoutbox}
    assert cast.sibling_focal.email in told
    assert cast.focal.email not in told
    assert JobFault.objects.get().label == str(cast.focal)


def test_one_unit_that_cannot_have_its_sheet_stops_no_other(cast):
    request = figure_world.ask(cast)
    late = make.school(cast.office, code="0101-077")
    for unit in (cast.department, late):  # a department has no office above it
        Assignment.objects.create(
            task=request.school_task, unit=unit, unit_path=unit.path,
            due_at=request.school_task.due_at, original_due_at=request.school_task.due_at,
        )  # fmt: skip
    requests.give_missing_sheets()
    assert request.sheets.filter(unit=late).exists()
    assert JobFault.objects.get().job == "sheets"
    assert requests.give_missing_sheets() == 0


# Proof of reminding


def test_what_never_left_is_no_reminding(cast, overdue, mailbox, sign_in):
    plan, now = overdue
    address = plan_world.row_of(plan, cast.school).get_absolute_url()
    mailbox.answer = "550 no such mailbox"
    reminders.claim(now), reminders.compose(now)
    outbox.deliver(now)
    assert "Chưa lời nhắc nào gửi được" in text(sign_in(cast.specialist).get(address))
    mailbox.answer = "250 OK"
    outbox.try_again(Delivery.objects.get(address=cast.focal.email))
    outbox.deliver()
    assert "Đã nhắc 1 lần" in text(sign_in(cast.specialist).get(address))


# Any rows of any job


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bad=st.sets(st.integers(1, 40), max_size=12), alone=st.booleans())
def test_whichever_rows_fail_all_others_are_done(db, bad, alone):
    JobFault.objects.all().delete()
    done: list[int] = []

    def do(rows) -> int:
        if failing := bad.intersection(rows):
            raise ValueError(f"hỏng {min(failing)}")
        done.extend(rows)
        return len(rows)

    guard = Guard("claim", OrgUnit)
    if alone:
        found = guard.each(range(1, 41), lambda pk: do([pk]))
    else:
        rows = [SimpleNamespace(pk=pk) for pk in range(1, 41)]
        found = guard.together(rows, lambda some: do([row.pk for row in some]))
    assert sorted(done) == sorted(set(range(1, 41)) - bad)
    assert found == len(done)
    explained = dict(JobFault.objects.values_list("subject_id", "fault"))
    assert explained == {pk: f"ValueError: hỏng {pk}" for pk in bad}
