"""Two people in the same instant, on a database that really lets them: PostgreSQL."""

import threading
from decimal import Decimal

import pytest
from django.db import connection

from edudx.lib.workflow import StepRefused
from reporting import rollup
from reporting.actions import closings, reports, rounds, sheets
from reporting.models import DataValue, PeriodicReport
from tests import figure_world, report_world
from tests.conftest import Cast

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
    ),
]
TIMES = 8


def together(*deeds) -> list:
    """Each in a thread of its own, begun at one sign; what each gave or raised."""
    sign, found = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(place: int, deed) -> None:
        try:
            sign.wait(10)
            found[place] = deed()
        except Exception as fault:
            found[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    return found


def test_a_closing_is_made_of_the_versions_it_names():
    """While a school corrects: its total is theirs, and a newer one makes it «cần chốt lại»."""
    cast = Cast()
    request = figure_world.ask(cast)
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    figure_world.hand_in(request, cast.sibling, cast.sibling_focal, figure_world.numbers(50, 5, 10))
    for turn in range(1, TIMES + 1):
        sheet = figure_world.enter(
            figure_world.sheet_of(request, cast.school),
            cast.focal,
            figure_world.numbers(100 + turn, 5, 10),
        )
        given, closed = together(
            lambda sheet=sheet, turn=turn: sheets.hand_in(
                sheet, by=cast.focal, reason=f"Lần {turn}"
            ),
            lambda: closings.prepare(request, cast.office, by=cast.specialist, reason="Còn thiếu"),
        )
        assert not isinstance(given, Exception), given
        if isinstance(closed, StepRefused):
            continue  # nothing had changed yet when it looked
        assert not isinstance(closed, Exception), closed
        values = DataValue.objects.filter(version__in=closed.versions, key="hs-tong")
        summed = sum((one.number for one in values), Decimal(0))
        assert rollup.from_json(closed.totals)["hs-tong"].number == summed
        assert closings.needs_again(closed) == (given.pk not in closed.versions)


def test_of_two_writers_of_one_part_one_is_told():
    cast = Cast()
    report = report_world.report_of(report_world.ask(cast), cast.office)
    for turn in range(TIMES):
        found = together(
            lambda turn=turn: reports.save_text(
                report, 1, text="Một", version=turn, by=cast.specialist
            ),
            lambda turn=turn: reports.save_text(
                report, 1, text="Hai", version=turn, by=cast.office_head
            ),
        )
        assert sorted(type(one).__name__ for one in found) == ["Conflict", "int"]
        assert PeriodicReport.objects.get(pk=report.pk).version_of(1) == turn + 1


def test_a_report_is_handed_in_once_and_never_after_the_end():
    cast = Cast()
    for turn in range(TIMES):
        round_ = report_world.ask(cast, title=f"Sơ kết {turn}")
        report = report_world.write(
            report_world.report_of(round_, cast.office), cast.specialist, p1="A", p4="B"
        )
        first, second, ended = together(
            lambda report=report: reports.submit(report, by=cast.specialist),
            lambda report=report: reports.submit(report, by=cast.office_head),
            lambda round_=round_: rounds.end(round_, by=cast.officer, reason="Đã đủ"),
        )
        versions = list(report.versions.all())
        assert len(versions) <= 1
        refused = [one for one in (first, second) if isinstance(one, StepRefused)]
        assert len(refused) == 2 - len(versions)
        assert not isinstance(ended, Exception)
