"""The ladder: which rung sounds when, on working days only, over weekends and Tết."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.deadlines import TZ, end_of_day
from edudx.lib.school_calendar import SchoolCalendar, is_working_day
from plans import reminder_ladder
from plans.models import ReminderRule
from tests.assessments.browse import text

TET = SchoolCalendar(
    "2026", holidays={date(2026, 2, day): "Tết" for day in range(16, 21)}
)  # Monday to Friday


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=TZ)


@pytest.mark.parametrize(
    ("days", "due", "sounds"),
    [
        (-7, date(2025, 5, 19), "12/05/2025"),  # Monday
        (-1, date(2025, 5, 19), "16/05/2025"),  # Sunday goes to the Friday before
        (0, date(2024, 10, 20), "18/10/2024"),  # the day itself is a Sunday
        (1, date(2025, 5, 16), "19/05/2025"),  # overdue on Saturday: never back to the due day
        (3, date(2025, 5, 16), "19/05/2025"),
        (1, date(2025, 5, 19), "20/05/2025"),
        (-3, date(2026, 2, 20), "13/02/2026"),  # inside Tết: the last Friday before it
        (1, date(2026, 2, 13), "23/02/2026"),  # overdue in Tết: the first day after it
        (-1, date(2025, 9, 2), "29/08/2025"),  # 01/9 is off in 2025, and then a week-end
    ],
)
def test_a_rung_sounds_on_a_working_day(days, due, sounds):
    found = reminder_ladder.rung(days, due, TET)
    assert f"{found.at:%d/%m/%Y %H:%M}" == f"{sounds} 07:30"


def test_the_rungs_of_a_deadline_in_their_order():
    due = end_of_day(date(2025, 5, 21))
    codes = [one.code for one in reminder_ladder.sounded(due, at("30/06/2025 08:00"))]
    assert codes == ["-14", "-7", "-3", "-1", "0", "+1", "+3", "+7", "+14", "+21", "+28", "+35"]


@pytest.mark.parametrize(
    ("now", "code"),
    [
        ("01/05/2025 08:00", None),
        ("07/05/2025 07:29", None),
        ("07/05/2025 07:30", "-14"),
        ("15/05/2025 12:00", "-7"),
        ("16/05/2025 12:00", "-3"),
        ("20/05/2025 07:30", "-1"),
        ("21/05/2025 07:30", "0"),
        ("22/05/2025 07:30", "+1"),
        ("04/06/2025 07:30", "+14"),
    ],
)
def test_the_one_to_tell_now(now, code):
    found = reminder_ladder.current(end_of_day(date(2025, 5, 21)), at(now))
    assert (found.code if found else None) == code


DAYS = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(DAYS, st.integers(-14, 60))
def test_always_a_working_day_and_an_overdue_one_never_before_the_end(due, days):
    found = reminder_ladder.rung(days, due, TET)
    assert is_working_day(found.at.date(), TET)
    assert (found.at.hour, found.at.minute) == (7, 30)
    if days > 0:
        assert found.at.date() > due
    else:
        assert found.at.date() <= due + timedelta(days=days)


@given(DAYS, st.integers(0, 400))
def test_time_only_adds_rungs(due, later):
    moment = end_of_day(due) - timedelta(days=30)
    first = [one.code for one in reminder_ladder.sounded(end_of_day(due), moment)]
    more = [
        one.code for one in reminder_ladder.sounded(end_of_day(due), moment + timedelta(days=later))
    ]
    assert more[: len(first)] == first
    assert len(set(more)) == len(more)


# A ladder of one's own


def test_a_ladder_is_typed_as_days(cast, sign_in):
    client = sign_in(cast.officer)
    sent = {
        "department": cast.department.pk, "kind": "product", "days_before": "14, 7 , 1",
        "days_after": "một, 3", "office_after": "3", "department_after": "7",
    }  # fmt: skip
    page = text(client.post("/quan-tri/plans/reminderrule/add/", sent))
    assert "«một» không phải là số ngày; ghi như 14, 7, 3, 1, 0." in page
    assert 'value="14, 7 , 1"' in page
    client.post("/quan-tri/plans/reminderrule/add/", sent | {"days_after": "[1, 3]"})
    (rule,) = cast.department.reminder_rules.all()
    assert (rule.days_before, rule.days_after) == ([14, 7, 1], [1, 3])


@pytest.mark.parametrize("days", [[14, "7"], ["x"], 5, [10**9], [-1], [3, 3], [True]])
def test_a_mistyped_ladder_is_refused(cast, days):
    rule = ReminderRule(department=cast.department, kind="product", days_before=days)
    with pytest.raises(ValidationError, match="từ 0 đến 60"):
        rule.full_clean()
