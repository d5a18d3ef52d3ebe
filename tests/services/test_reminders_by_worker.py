"""Reminders by a real worker over a real queue and a real mail server: one letter each, always.

With the embedded queue and SQLite always; with PostgreSQL and Redis where they are given.
"""

from collections import Counter
from datetime import date, timedelta
from itertools import count

import pytest

from tests.postman import free_port, open_mailbox
from tests.services.portal import kill_group, kinds, own_portal, wait_for

ISSUE = """
import sys
import django
django.setup()
from datetime import datetime, time, timedelta
from django.utils import timezone
from edudx.lib.deadlines import TZ
from edudx.lib.school_calendar import working_day_before
from plans.actions import plans
from plans.models import Assignment, calendar_for
from schools.models import OrgUnit
from schools.permissions import Role
from tests import plan_world
office = OrgUnit.objects.filter(kind="office").order_by("pk").first()
head = office.memberships.get(role=Role.OFFICE_HEAD).user
plan = plan_world.plan(office, head, number=sys.argv[1])
plan_world.task(plan, days=-2)
plans.issue(plan, by=head)
rows = Assignment.objects.filter(task__plan=plan)
rows.update(given_at=timezone.now() - timedelta(days=60))
calendar = calendar_for(office, str(timezone.localdate().year))
day = working_day_before(timezone.localdate() - timedelta(days=1), calendar)
print(rows.count(), datetime.combine(day, time(10), TZ).isoformat())
"""
REMIND = """
import sys
import django
django.setup()
from plans.tasks import remind
remind.delay(sys.argv[1])
"""
START = """
import sys
import django
django.setup()
from django.utils import timezone
from plans.actions import amendments, plans
from plans.models import Assignment, Holiday, Plan
from tests import plan_world
plan = Plan.objects.order_by("pk").last()
"""
HAND_IN = (
    START
    + """
for row in Assignment.objects.filter(task__plan=plan):
    focal = row.unit.memberships.get(role="focal_point").user
    plan_world.hand_in(row, focal, explanation="Bận thi")
"""
)
POSTPONE = (
    START
    + """
change = amendments.Change(plan.tasks.get(), plan_world.in_days(40))
amendments.amend(plan, [change], by=plan.created_by, document_number="2", reason="Bão",
               signed_on=timezone.localdate())
"""
)
TET = START + "Holiday.objects.create(on=sys.argv[1], name='Tết')"
AFTER_TET = START + "Holiday.objects.filter(on=sys.argv[1], name='Tết').delete()"
NEW_ROWS = (
    "SELECT a.id, r.state FROM plans_assignment a JOIN plans_task t ON t.id = a.task_id"
    " LEFT JOIN plans_reminder r ON r.assignment_id = a.id"
    " WHERE t.plan_id = (SELECT max(id) FROM plans_plan)"
)
OPEN = "SELECT count(*) FROM schools_delivery WHERE state IN ('queued', 'sending')"
CLAIMED = "SELECT count(*) FROM plans_reminder WHERE state = 'claimed'"
SENT_TODAY = (
    "SELECT count(*) FROM schools_delivery d JOIN schools_message m ON m.id = d.message_id"
    " WHERE d.state = 'sent' AND m.day > '2020-12-31'"
)
BEAT = "SELECT at FROM plans_beat WHERE name = 'remind'"
numbers = count(1)


@pytest.fixture(scope="module", params=kinds("reminders"))
def post(request, tmp_path_factory):
    """(portal, mail server)."""
    port = free_port()
    folder = tmp_path_factory.mktemp("portal")
    with (
        open_mailbox(port) as box,
        own_portal(request.param, folder, EMAIL_URL=f"smtp://127.0.0.1:{port}") as portal,
    ):
        portal.seed(12)
        portal.lift("frozen_message", "schools_message")  # its letters get another day, see `late`
        yield portal, box


@pytest.fixture
def late(post):
    """A plan two days overdue that nobody has been told of; whatever was sent is of another day.

    Gives (portal, mail server, the moment to remind at: a working day at 10:00).
    """
    portal, box = post
    number = next(numbers)
    other = date(2020, 1, 1) + timedelta(days=number)
    portal.sql("UPDATE schools_message SET day = %s WHERE day > '2020-12-31'", other.isoformat())
    box.letters.clear()
    box.answer = "250 OK"
    rows, moment = portal.run("-c", ISSUE, f"9{number}").split()[-2:]
    assert int(rows) > 0
    return portal, box, moment


def remind(portal, moment: str) -> None:
    portal.run("-c", REMIND, moment)


def wait_until_all_is_sent(portal) -> None:
    """Something of today was sent, and nothing is claimed or under way any more."""

    def is_over() -> bool:
        counts = (portal.sql(one)[0][0] for one in (CLAIMED, OPEN, SENT_TODAY))
        claimed, under_way, sent = counts
        return claimed == under_way == 0 < sent

    wait_for(is_over, 120, "every reminder was sent")


def letters_each(box) -> Counter:
    return Counter(one["To"] for one in box.letters if "Nhắc việc" in one["Subject"])


def people_to_tell(portal) -> set[str]:
    """Who stands in today's ledger."""
    rows = portal.sql(
        "SELECT DISTINCT u.email FROM plans_reminder r JOIN schools_user u ON u.id = r.recipient_id"
        " JOIN schools_message m ON m.id = r.message_id WHERE m.day > '2020-12-31'"
    )
    return {row[0] for row in rows}


def assert_each_has_one(portal, box) -> None:
    told = letters_each(box)
    assert set(told) == people_to_tell(portal) != set()
    assert set(told.values()) == {1}


def test_after_three_days_without_a_worker_everybody_hears_once(late):
    portal, box, moment = late
    with portal.worker():
        remind(portal, moment)
        wait_until_all_is_sent(portal)
    portal.sql("UPDATE plans_beat SET at = %s", (date.today() - timedelta(days=3)).isoformat())
    long_ago = portal.sql(BEAT)
    with portal.worker():
        remind(portal, moment)
        wait_for(lambda: portal.sql(BEAT) != long_ago, 60, "the worker caught up")
        remind(portal, moment)
        wait_until_all_is_sent(portal)
    assert_each_has_one(portal, box)


def test_two_workers_and_four_beats_send_one_letter_each(late):
    portal, box, moment = late
    with portal.worker(), portal.worker():
        for _ in range(4):
            remind(portal, moment)
        wait_until_all_is_sent(portal)
    assert_each_has_one(portal, box)


def test_killed_between_claim_and_send_the_letter_still_comes_once(late):
    portal, box, moment = late
    box.gate.clear()
    sending = "SELECT count(*) FROM schools_delivery WHERE state = 'sending'"
    with portal.worker() as worker:
        remind(portal, moment)
        wait_for(lambda: portal.sql(sending)[0][0] == 1, 60, "a letter was claimed")
        kill_group(worker)
    box.gate.set()
    assert portal.sql(sending)[0][0] == 1
    assert not letters_each(box)
    portal.sql("UPDATE schools_delivery SET lease_until = '2020-01-01' WHERE state = 'sending'")
    with portal.worker():
        remind(portal, moment)
        wait_until_all_is_sent(portal)
    assert_each_has_one(portal, box)


def test_a_refusing_mail_server_gets_every_letter_later(late):
    portal, box, moment = late
    box.answer = "421 come back later"
    refused = "SELECT count(*) FROM schools_delivery WHERE state = 'queued' AND tries > 0"
    with portal.worker():
        remind(portal, moment)
        wait_for(lambda: portal.sql(refused)[0][0] > 0, 60, "a letter was refused for now")
        assert not letters_each(box)
        box.answer = "250 OK"
        portal.sql("UPDATE schools_delivery SET next_try_at = '2020-01-01' WHERE state = 'queued'")
        remind(portal, moment)
        wait_until_all_is_sent(portal)
    assert_each_has_one(portal, box)


@pytest.mark.parametrize("change", [HAND_IN, POSTPONE], ids=["handed-in", "postponed"])
def test_what_changed_between_queueing_and_sending_is_not_sent(late, change):
    portal, box, moment = late
    box.answer = "421 come back later"
    refused = "SELECT count(*) FROM schools_delivery WHERE state = 'queued' AND tries > 0"
    with portal.worker():
        remind(portal, moment)
        wait_for(lambda: portal.sql(refused)[0][0] > 0, 60, "a letter was refused for now")
    portal.run("-c", change)
    box.answer = "250 OK"
    portal.sql("UPDATE schools_delivery SET next_try_at = '2020-01-01' WHERE state = 'queued'")
    with portal.worker():
        remind(portal, moment)
        wait_for(lambda: portal.sql(OPEN)[0][0] == 0, 120, "nothing waits any more")
    rows = portal.sql(NEW_ROWS)
    assert {state for _, state in rows} == {"cancelled"}
    said = "".join(one.get_body().get_content() for one in box.letters)
    assert not [pk for pk, _ in rows if f"/nhiem-vu/viec/{pk}/" in said]


def test_over_tet_the_worker_is_silent_and_then_catches_up(late):
    portal, box, moment = late
    portal.run("-c", TET, moment[:10])
    portal.sql("UPDATE plans_beat SET at = '2020-01-01'")
    before = portal.sql(BEAT)
    with portal.worker():
        remind(portal, moment)
        wait_for(lambda: portal.sql(BEAT) != before, 60, "the worker has looked")
        assert not letters_each(box)
        portal.run("-c", AFTER_TET, moment[:10])
        remind(portal, moment)
        wait_until_all_is_sent(portal)
    assert_each_has_one(portal, box)
