"""Two people in the same instant, on a database that really lets them: PostgreSQL."""

from decimal import Decimal

from edudx.lib.workflow import StepRefused
from plans.actions import plans, target_figures
from plans.models import Target
from reporting import rollup
from reporting.actions import closings, reports, rounds, sheets
from reporting.models import DataValue, PeriodicReport
from tests import figure_world, plan_world, report_world
from tests.conftest import Cast
from tests.races import RACES, TIMES, together

pytestmark = RACES


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


def a_target(cast) -> Target:
    """Of a plan in force, that follows a figure."""
    plan = plan_world.plan(cast.office, cast.specialist)
    plan_world.target(plan, item="chu-ky-so")
    plan_world.task(plan)
    plans.issue(plan, by=cast.office_head)
    return Target.objects.select_related("plan__issuer").get(plan=plan)


def typed(target: Target, cast, part: int):
    """As from a page that was opened before anything stood there."""
    return target_figures.save(
        target, unit=cast.school, period=target.plan.period, numerator=Decimal(part),
        denominator=Decimal(10), note="", version=0, by=cast.focal,
    )  # fmt: skip


def test_who_types_while_the_school_hands_in_is_told_or_stays():
    """The hand-in always succeeds; one of both stands, and says truly where it comes from."""
    cast = Cast()
    request = figure_world.ask(cast)
    for turn in range(TIMES):
        target = a_target(cast)
        sheet = figure_world.enter(
            figure_world.sheet_of(request, cast.school), cast.focal,
            figure_world.numbers(100, turn, 10),
        )  # fmt: skip
        given, written = together(
            lambda sheet=sheet: sheets.hand_in(sheet, by=cast.focal, reason="Sửa"),
            lambda target=target: typed(target, cast, 9),
        )
        assert not isinstance(given, Exception), given
        actual, told = target.actuals.get(), isinstance(written, StepRefused)
        assert told or written == actual, written
        assert actual.numerator == (turn if told else 9)
        assert actual.sources.of_now().exists() == told


def test_two_hand_ins_of_one_unit_leave_one_figure_and_its_source():
    cast = Cast()
    requests = [figure_world.ask(cast)]
    requests.append(figure_world.ask(cast, requests[0].form, title="Số liệu học kỳ 1"))
    for turn in range(TIMES):
        target = a_target(cast)
        entered = [
            figure_world.enter(
                figure_world.sheet_of(one, cast.school), cast.focal,
                figure_world.numbers(100, (turn + place) % 8, 10),
            )
            for place, one in enumerate(requests)
        ]  # fmt: skip
        given = together(
            *[lambda one=one: sheets.hand_in(one, by=cast.focal, reason="Sửa") for one in entered]
        )
        assert not [one for one in given if isinstance(one, Exception)], given
        actual = target.actuals.get()
        assert actual.version == 2
        source = actual.sources.of_now().get().sheet_version
        assert source in given
        assert source.values.get(key="chu-ky-so").number == actual.numerator
