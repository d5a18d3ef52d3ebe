"""Days off, school years, recurring tasks, and the private calendar of a person."""

from datetime import date

import pytest
import vobject
from django.core.management import CommandError, call_command
from django.utils import timezone
from icalendar import Calendar

from edudx.lib import deadlines
from edudx.lib.line_yaml import FileRefused
from edudx.lib.school_calendar import is_working_day
from edudx.lib.workflow import StepRefused
from plans.actions import plans
from plans.exchange import calendar_yaml, ical
from plans.models import Assignment, Holiday, SchoolYear
from plans.models.calendar import calendar_for
from tests import clock, plan_world
from tests.assessments.browse import text
from tests.plan_world import amend

# Days off


def test_the_shipped_calendar_knows_tet_and_the_swapped_days(cast):
    call_command("load_calendar")
    calendar = calendar_for(cast.office, "2025-2026")
    assert not is_working_day(date(2025, 1, 28), calendar)  # Tết
    assert not is_working_day(date(2025, 5, 2), calendar)  # a Friday off …
    assert is_working_day(date(2025, 4, 26), calendar)  # … for this Saturday
    assert not is_working_day(date(2026, 4, 26), calendar)
    assert calendar.term1 == (date(2025, 9, 5), date(2026, 1, 17))
    assert Holiday.objects.filter(on__year=2027, is_confirmed=False).exists()
    years = {one.on.year for one in Holiday.objects.all()}
    assert years == {2024, 2025, 2026, 2027}


def test_loading_again_adds_nothing_and_overwrites_nothing(cast, capsys):
    call_command("load_calendar")
    SchoolYear.objects.filter(period="2025-2026").update(term1_to="2026-01-10")
    capsys.readouterr()
    call_command("load_calendar")
    assert capsys.readouterr().out == "Đã thêm 0 ngày và 0 khung năm học.\n"
    assert calendar_for(cast.office, "2025-2026").term1[1] == date(2026, 1, 10)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("holidays: [{from: 2026-02-30, name: x}]", "Dòng 1: «from» là «2026-02-30»"),
        ("holidays: [{from: 2026-02-10, to: 2026-02-01, name: x}]", "phải theo thứ tự"),
        ("holidays: 5", "«holidays» phải là một danh sách"),
        ("holidays: [{from: 2026-02-10, name: x, color: red}]", "color"),
        ("- a", "phải có mục «holidays», «school_years»"),
        ("holidays: [", "Dòng"),
        ("school_years: [{period: 2025-2027, term1: [2025-09-05, 2026-01-17],"
         " term2: [2026-01-18, 2026-05-30]}]", "Dòng 1"),
        ("school_years: [{period: 2025-2026, term1: [2026-09-05]}]", "Dòng 1"),
    ],
)  # fmt: skip
def test_a_bad_calendar_is_told_with_its_line_and_nothing_is_kept(cast, text, sentence):
    good = "holidays:\n  - {from: 2026-03-02, name: nghỉ}\n"
    calendar_yaml.save(good, department=cast.department)
    with pytest.raises(FileRefused) as refusal:
        calendar_yaml.save(text, department=cast.department)
    assert any(sentence in one for one in refusal.value.faults)
    assert Holiday.objects.count() == 1


def test_the_command_says_what_it_does_not_know(cast, tmp_path):
    with pytest.raises(CommandError, match="Không có Sở mã «99»"):
        call_command("load_calendar", department="99")
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("load_calendar", str(tmp_path / "khong-co.yaml"))


@pytest.mark.parametrize(
    "lacks",
    [
        pytest.param([], marks=pytest.mark.at("2026-11-20")),
        pytest.param(["khung năm học 2027-2028"], marks=pytest.mark.at("2027-08-20")),
        pytest.param(
            ["ngày nghỉ năm 2028", "khung năm học 2027-2028"], marks=pytest.mark.at("2027-11-20")
        ),
    ],
)
def test_who_runs_the_portal_is_told_what_the_calendar_lacks(cast, sign_in, lacks):
    call_command("load_calendar")
    page = text(sign_in(cast.administrator).get("/nhiem-vu/gui-tin/"))
    assert page.count("Chưa nạp") == len(lacks)
    assert all(f"Chưa nạp {one}" in page for one in lacks)


# Recurring tasks


@pytest.mark.at("2026-09-01")
@pytest.mark.parametrize(
    ("phrase", "count", "first"),
    [
        ("Hằng tháng, trước ngày 25", 11, "24/09/2026"),
        ("Hằng năm trước 31/5", 1, "30/05/2027"),
    ],
)
def test_a_recurring_phrase_becomes_one_task_an_occurrence(cast, phrase, count, first):
    found = plan_world.plan(cast.office, cast.specialist, issued_on=date(2026, 9, 1))
    plan_world.task(found, "II.1", phrase=phrase)
    plans.issue(found, by=cast.office_head)
    dues = [
        f"{timezone.localtime(one):%d/%m/%Y}"
        for one in found.tasks.order_by("due_at").values_list("due_at", flat=True)
    ]
    assert (len(dues), dues[0]) == (count, first)
    assert len(set(dues)) == count
    assert found.tasks.filter(assignments__unit=cast.school).count() == count


def recurring(cast):
    """A plan of 2026, issued in January, and a draft of it with a monthly task."""
    issued = plan_world.plan(
        cast.office, cast.specialist, period="2026", issued_on=date(2026, 1, 2)
    )
    plan_world.task(issued, "I.1")
    plans.issue(issued, by=cast.office_head)
    issued.refresh_from_db()
    draft = plan_world.plan(cast.office, cast.specialist, period="2026", issued_on=date(2026, 1, 2))
    plan_world.task(draft, "R", phrase="Hằng tháng, trước ngày 28")
    return issued, draft


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(["R-1026", "R-1126", "R-1226"], marks=pytest.mark.at("2026-10-27T23:30")),
        pytest.param(["R-1126", "R-1226"], marks=pytest.mark.at("2026-10-28T00:00")),
        pytest.param(["R-1226"], marks=pytest.mark.at("2026-11-28")),
    ],
)
def test_a_recurring_task_added_later_asks_for_nothing_that_has_passed(cast, codes):
    plan, _ = recurring(cast)
    plan_world.task(plan, "R", phrase="Hằng tháng, trước ngày 28")
    edition = amend(cast, plan)
    added = plan.tasks.filter(code__startswith="R").order_by("due_at")
    assert [one.code for one in added] == codes
    assert not [one for one in added if one.opens_at < deadlines.start_of_day(clock.today())]
    assert len(edition.changes) == added.count()


@pytest.mark.at("2026-11-28")
def test_a_plan_entered_late_asks_for_nothing_that_has_passed(cast):
    _, draft = recurring(cast)
    plans.issue(draft, by=cast.office_head)
    assert [f"{timezone.localtime(one.due_at):%d/%m/%Y}" for one in draft.tasks.all()] == [
        "27/12/2026"
    ]


@pytest.mark.at("2026-12-28")
def test_a_recurring_task_of_which_all_has_passed_is_refused(cast):
    issued, draft = recurring(cast)
    with pytest.raises(StepRefused, match="R: mọi hạn của «Hằng tháng, trước ngày 28» trong kỳ"):
        plans.issue(draft, by=cast.office_head)
    plan_world.task(issued, "R", phrase="Hằng tháng, trước ngày 28")
    with pytest.raises(StepRefused, match="R: mọi hạn của"):
        amend(cast, issued)
    assert not Assignment.objects.filter(task__code__startswith="R").exists()


# The private calendar


@pytest.fixture
def feed(cast, sign_in, client):
    plan_world.issued(
        cast.office, cast.office_head, "II.1", "II.2",
        title="Báo cáo; gồm: a, b\\c và dấu «ngoặc»\nrất dài " + "ữ" * 200,
    )  # fmt: skip
    browser = sign_in(cast.focal)
    answer = browser.post("/lich/dia-chi/", follow=True)
    (said,) = [str(one) for one in answer.context["messages"]]
    return browser, "/lich/" + said.rsplit("/lich/", 1)[1]


def test_two_readers_of_calendars_agree_on_it(cast, feed, client):
    answer = client.get(feed[1])  # nobody is signed in: the address alone opens it
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    book = Calendar.from_ical(answer.content)
    events = book.walk("VEVENT")
    assert not [one.errors for one in book.walk() if one.errors]
    strict = vobject.readOne(answer.content.decode())
    assert strict.validate(raiseException=True)
    assert [one.uid.value for one in strict.vevent_list] == [str(one["UID"]) for one in events]
    row = plan_world.row_of(cast.office.plans.get(), cast.school)
    assert events[0].decoded("DTEND") == row.due_at
    assert strict.vevent_list[0].dtend.value == row.due_at
    assert events[0]["SUMMARY"].endswith("ữ" * 50)
    assert len(events) == 2
    lines = answer.content.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line for line in lines)


def test_the_address_is_a_secret_that_can_be_taken_back(cast, feed, client):
    browser, address = feed
    cast.focal.refresh_from_db()
    assert cast.focal.feed_key not in address
    assert client.get("/lich/doan-bua.ics").status_code == 404
    browser.post("/lich/dia-chi/", {"revoke": "1"})
    assert client.get(address).status_code == 404
    assert "doan-bua" not in text(browser.get("/tai-khoan/"))


def test_what_was_handed_in_leaves_the_calendar(cast, feed, client):
    plan_world.hand_in(plan_world.row_of(cast.office.plans.get(), cast.school), cast.focal)
    assert len(Calendar.from_ical(client.get(feed[1]).content).walk("VEVENT")) == 1


def test_the_calendars_address_is_said_to_be_shown_once(cast, sign_in):
    client = sign_in(cast.focal)
    assert "Tạo địa chỉ lịch" in text(client.get("/tai-khoan/"))
    page = text(client.post("/lich/dia-chi/", {}, follow=True))
    assert "Chỉ hiện một lần này" in page
    assert "Tạo địa chỉ mới" in page
    ical.revoke(cast.focal)
    assert "Tạo địa chỉ lịch" in text(client.get("/tai-khoan/"))
