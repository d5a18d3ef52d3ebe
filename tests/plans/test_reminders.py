"""Reminded once, never twice, never forgotten; the clock is given, nothing waits."""

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from edudx.lib.deadlines import TZ
from plans import reminders
from plans.actions import amendments, extensions, plans
from plans.models import Assignment, Beat, Holiday, Reminder, ReminderRule
from schools import outbox
from schools.models import Delivery, Message
from tests import plan_world
from tests.assessments.browse import text

DUE = date(2027, 5, 19)  # a Wednesday
pytestmark = pytest.mark.at("2026-11-20")


def morning(days: int, *, hour: int = 7, minute: int = 30) -> datetime:
    """So many days after the due day."""
    on = DUE + timedelta(days=days)
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=TZ)


@pytest.fixture
def plan(cast):
    found = plan_world.plan(cast.office, cast.specialist)
    plan_world.task(
        found, "II.1", phrase=f"Chậm nhất ngày {DUE:%d/%m/%Y}",
        audience={"units": [cast.school.code]},
    )  # fmt: skip
    plans.issue(found, by=cast.office_head)
    Assignment.objects.update(given_at=morning(-60))
    return found


@pytest.fixture
def row(cast, plan):
    return plan_world.row_of(plan, cast.school)


def told(person) -> list[str]:
    return list(
        Reminder.objects.filter(recipient=person, state="listed")
        .order_by("pk").values_list("rung", flat=True)
    )  # fmt: skip


def test_one_digest_at_half_past_seven_and_no_second(cast, row, mailoutbox):
    reminders.remind(morning(-14))
    reminders.remind(morning(-7, minute=29))
    assert told(cast.focal) == ["-14"]
    reminders.remind(morning(-7))
    reminders.remind(morning(-7, minute=31))
    assert told(cast.focal) == ["-14", "-7"]
    assert [one.to for one in mailoutbox] == [[cast.focal.email]] * 2
    assert mailoutbox[1].subject == "Nhắc việc ngày 12/05/2027: 1 nhiệm vụ"
    body, html = mailoutbox[1].body, mailoutbox[1].alternatives[0][0]
    assert row.get_absolute_url() in body
    assert "còn 7 ngày" in body
    assert row.get_absolute_url() in html


def test_the_whole_ladder_with_escalation(cast, row, mailoutbox):
    """The focal point before; the head after; the office and the Sở when it lasts."""
    for days in range(-20, 30):
        for hour in (7, 8, 14):
            reminders.remind(morning(days, hour=hour))
    assert told(cast.focal) == ["-14", "-7", "-3", "-1", "0", "+1", "+3", "+7", "+14", "+21", "+28"]
    assert told(cast.head) == ["+1", "+3", "+7", "+14", "+21", "+28"]
    assert told(cast.specialist) == ["+3", "+7", "+14", "+21", "+28"]
    assert told(cast.officer) == ["+7", "+14", "+21", "+28"]
    for stranger in (cast.stranger, cast.sibling_focal, cast.stranger_specialist, cast.auditor):
        assert told(stranger) == []
    keys = [(one.to[0], one.subject) for one in mailoutbox]
    assert len(keys) == len(set(keys))


def test_three_days_of_silence_are_caught_up_in_one_line(cast, row):
    reminders.remind(morning(-8))
    reminders.remind(morning(1, hour=10))
    assert told(cast.focal) == ["-14", "+1"]
    merged = Reminder.objects.filter(recipient=cast.focal, state="merged")
    assert sorted(merged.values_list("rung", flat=True)) == ["-1", "-3", "-7", "0"]
    assert Message.objects.filter(recipient=cast.focal).count() == 2


def test_what_was_handed_in_meanwhile_is_not_sent(cast, row, mailoutbox):
    """Queued, then handed in before the sender came: cancelled with the reason."""
    reminders.claim(morning(-5))
    reminders.compose(morning(-5))
    plan_world.hand_in(row, cast.focal)
    outbox.deliver(morning(-5))
    assert mailoutbox == []
    assert Delivery.objects.get().state == "cancelled"
    assert "Đã nộp" in Reminder.objects.get(rung="-3").reason


def test_a_digest_loses_only_the_line_that_became_untrue(cast, plan, row, mailoutbox):
    plan_world.task(plan, "II.2", phrase=f"Chậm nhất ngày {DUE:%d/%m/%Y}",
               audience={"units": [cast.school.code]})  # fmt: skip
    amendments.amend(
        plan,
        [],
        by=cast.office_head,
        document_number="2/KH",
        signed_on=timezone.localdate(),
        reason="Bổ sung",
    )
    Assignment.objects.update(given_at=morning(-60))
    reminders.claim(morning(-5))
    reminders.compose(morning(-5))
    plan_world.hand_in(row, cast.focal)
    outbox.deliver(morning(-5))
    (mail,) = mailoutbox
    assert "II.2" in mail.body
    assert "II.1" not in mail.body
    assert "1 nhiệm vụ" in mail.subject


def test_a_moved_deadline_is_reminded_of_anew(cast, row, mailoutbox):
    reminders.remind(morning(-5))
    asked = extensions.ask(
        row,
        phrase=f"Chậm nhất ngày {DUE + timedelta(days=14):%d/%m/%Y}",
        reason="Bão",
        by=cast.focal,
    )
    reminders.claim(morning(-1))
    extensions.answer(asked, is_granted=True, answer="", by=cast.specialist)
    reminders.remind(morning(-1))
    assert Reminder.objects.get(rung="-1").state == "cancelled"
    reminders.remind(morning(9))
    assert told(cast.focal) == ["-3", "-3"]
    assert "hạn 02/06/2027" in mailoutbox[-1].body


@pytest.mark.parametrize("how", ["close", "withdraw"])
def test_what_has_ended_is_not_reminded_of(cast, plan, row, how):
    if how == "close":
        plans.close(plan, by=cast.office_head, reason="Xong")
    else:
        change = amendments.Change(plan.tasks.get(), is_withdrawn=True)
        amendments.amend(
            plan,
            [change],
            by=cast.office_head,
            document_number="2",
            signed_on=timezone.localdate(),
            reason="Rút",
        )
    reminders.remind(morning(3))
    assert not Reminder.objects.exists()


def test_over_tet_nothing_sounds(cast, row):
    for day in range(-3, 4):
        Holiday.objects.create(on=DUE + timedelta(days=day), name="Tết")
    for days in range(-10, 8):
        reminders.remind(morning(days))
    days = Message.objects.filter(recipient=cast.focal).values_list("day", flat=True)
    assert not any(DUE - timedelta(days=3) <= one <= DUE + timedelta(days=3) for one in days)
    # -3, -1 and 0 fall on the last working day before; +1 and +3 on the first after
    assert DUE - timedelta(days=5) in days  # Friday
    assert DUE + timedelta(days=5) in days  # Monday


def test_a_refusing_server_is_tried_again_until_it_takes_it(cast, row, mailbox):
    """An hour of «421 try later» from a real SMTP server."""
    mailbox.answer = "421 try later"
    start = morning(-5)
    for minute in range(60):
        reminders.remind(start + timedelta(minutes=minute))
    delivery = Delivery.objects.get()
    assert delivery.state == "queued"
    assert 5 <= delivery.tries <= 8  # 1, 2, 4, 8 … minutes apart
    assert mailbox.letters == []
    mailbox.answer = "250 OK"
    reminders.remind(start + timedelta(hours=2))
    assert len(mailbox.letters) == 1
    assert Delivery.objects.get().state == "sent"


def test_an_address_that_does_not_exist_bounces_and_an_administrator_tries_again(
    cast, row, mailbox, sign_in
):
    mailbox.answer = "550 no such user"
    reminders.remind(morning(-5))
    page = sign_in(cast.administrator).get("/nhiem-vu/gui-tin/").content.decode()
    assert "550 no such user" in page
    proof = sign_in(cast.specialist).get(row.get_absolute_url()).content.decode()
    assert "Bị từ chối" in proof
    mailbox.answer = "250 OK"
    delivery = Delivery.objects.get()
    sign_in(cast.administrator).post(f"/nhiem-vu/gui-tin/{delivery.pk}/")
    outbox.deliver(timezone.now() + timedelta(minutes=1))
    assert Delivery.objects.get().state == "sent"


def test_a_sender_that_died_is_followed_by_another_once(cast, row, mailoutbox):
    """Killed between claim and send: the lease runs out, then one of two senders has it."""
    now = morning(-5)
    reminders.claim(now)
    reminders.compose(now)
    pk = Delivery.objects.get().pk
    assert Delivery.objects.claim(pk, now)
    outbox.deliver(now + timedelta(seconds=30))
    assert mailoutbox == []
    late = now + timedelta(minutes=5)
    assert Delivery.objects.claim(pk, late)
    assert Delivery.objects.claim(pk, late) is None
    outbox.deliver(late + timedelta(minutes=5))
    assert len(mailoutbox) == 1
    assert mailoutbox[0].extra_headers["Message-ID"] == f"<edudx-{pk}@edudx.example>"


def test_a_ladder_of_ones_own(cast, row):
    ReminderRule.objects.create(
        department=cast.department, kind="product", days_before=[5], days_after=[2],
        is_weekly_after=False, office_after=99, department_after=99,
    )  # fmt: skip
    for days in range(-20, 20):
        reminders.remind(morning(days))
    assert told(cast.focal) == ["-5", "+2"]
    assert told(cast.specialist) == []


def test_who_wants_no_mail_still_has_the_inbox(cast, row, mailoutbox, sign_in):
    cast.focal.wants_email = False
    cast.focal.save(update_fields=["wants_email"])
    reminders.remind(morning(-5))
    assert mailoutbox == []
    client = sign_in(cast.focal)
    assert '<span class="count">1</span>' in client.get("/").content.decode()
    message = Message.objects.get(recipient=cast.focal)
    assert row.get_absolute_url() in client.get(message.get_absolute_url()).content.decode()
    assert '<span class="count">' not in client.get("/").content.decode()


def test_the_command_says_sent_then_already(cast, row, capsys, mailoutbox):
    call_command("send_reminders", at="2027-05-12T07:30", dry_run=True)
    assert capsys.readouterr().out.startswith("due email")
    assert not Reminder.objects.exists()
    call_command("send_reminders", at="2027-05-12T07:30")
    line = f"email {cast.focal.email} Nhắc việc ngày 12/05/2027: 1 nhiệm vụ\n"
    assert capsys.readouterr().out == f"sent {line}"
    call_command("send_reminders", at="2027-05-12T07:30")
    assert capsys.readouterr().out == f"already {line}"
    assert len(mailoutbox) == 1


def test_the_beat_is_remembered(cast, row):
    reminders.remind(morning(-5))
    beat = Beat.objects.get(name="remind")
    assert beat.at == morning(-5)
    assert "gửi 1" in beat.said


# Who runs the portal


def test_the_menu_offers_only_what_opens(cast, sign_in):
    for who in (cast.officer, cast.administrator):
        client = sign_in(who)
        offered = "/nhiem-vu/gui-tin/" in text(client.get("/"))
        assert offered == (client.get("/nhiem-vu/gui-tin/").status_code == 200)
