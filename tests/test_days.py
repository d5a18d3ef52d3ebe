"""The days of `make days`: found from any day on, another one for every run."""

from datetime import UTC, date, timedelta

import pytest

from tests import clock, days

TODAY = [date(2026, 11, 28), date(2026, 12, 31), date(2027, 2, 28), date(2027, 8, 1),
         date(2028, 2, 28), date(2028, 2, 29), date(2095, 3, 1)]  # fmt: skip


@pytest.mark.parametrize("today", TODAY)
def test_every_kind_of_day_is_among_them(today):
    found = list(days.days(today))
    here = [(day.month, day.day) for day in found]
    assert {(12, 31), (1, 1), (2, 29), (7, 31), (8, 1)} <= set(here)
    assert {28, 29, 30, 31} <= {day for _, day in here}
    assert any(day.weekday() == 6 for day in found)
    assert any(day.astimezone(UTC).date() < day.date() for day in found)
    assert found[-1].year >= today.year + 2
    assert all(day.date() >= today for day in found)


def test_every_run_has_another_day():
    runs = {days.day_of_the_run(date(2026, 12, 1) + timedelta(days=more)) for more in range(25)}
    assert len(runs) > 15


@pytest.mark.at("2027-01-01T00:30")
def test_the_clock_of_a_test_is_its_own():
    assert (clock.today(), clock.period()) == (date(2027, 1, 1), "2026-2027")
    with clock.at("2027-07-20"):
        assert (clock.year(), clock.period(), clock.period(-1)) == (2027, "2027-2028", "2026-2027")
    assert clock.today() == date(2027, 1, 1)
