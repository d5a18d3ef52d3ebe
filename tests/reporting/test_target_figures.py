"""A target takes its actual from what was handed in or closed, and knows from where."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from edudx.lib.school_calendar import first_year_of
from plans.actions import assignments, plans, target_figures
from plans.models import Target, TargetActual
from reporting.actions import closings, requests
from reporting.models import FigureSource
from tests import clock, figure_world, plan_world
from tests.assessments.browse import text

PAST = "Từ «Số liệu đầu năm», nộp 05/09/2026"  # what the program itself once wrote into notes


@pytest.fixture
def request_(cast):
    return figure_world.ask(cast)


def issued(cast, *targets: dict) -> list[Target]:
    """A plan of the office in force with such targets."""
    plan = plan_world.plan(cast.office, cast.specialist)
    for place, fields in enumerate(targets, start=1):
        plan_world.target(plan, str(place), **fields)
    plan_world.task(plan)
    plans.issue(plan, by=cast.office_head)
    return list(Target.objects.filter(plan=plan).select_related("plan__issuer").order_by("pk"))


@pytest.fixture
def target(cast) -> Target:
    """The share of teachers with a signature, out of what schools hand in."""
    return issued(cast, {"item": "chu-ky-so"})[0]


def hand_in(cast, request, part: int, whole: int, reason: str = "", hs: int = 100):
    return figure_world.hand_in(
        request, cast.school, cast.focal, figure_world.numbers(hs, part, whole), reason=reason
    )


def type_over(cast, target: Target, part: int, whole: int, note: str = "") -> TargetActual:
    kept = target.actuals.filter(unit=cast.school).first()
    return target_figures.save(
        target, unit=cast.school, period=target.plan.period, numerator=Decimal(part),
        denominator=Decimal(whole), note=note, version=kept.version if kept else 0, by=cast.focal,
    )  # fmt: skip


def stands(target: Target) -> tuple:
    """What the school has reached: its two numbers, and from which hand-in or closing."""
    actual = target.actuals.get()
    source = actual.sources.of_now().first()
    from_where = source and (source.sheet_version or source.closing)
    return actual.numerator, actual.denominator, from_where


def page(sign_in, person, target: Target) -> str:
    return text(sign_in(person).get(f"/ke-hoach/{target.plan_id}/chi-tieu/"))


# Handed in


def test_a_target_takes_its_actual_from_the_figure_and_says_so(cast, request_, target, sign_in):
    version = hand_in(cast, request_, 45, 50)
    assert stands(target) == (45, 50, version)
    assert target.actuals.get().note == ""
    day = clock.written(timezone.localdate(version.at))
    said = f"Từ Số liệu đầu năm, nộp lần 1 ngày {day}"
    assert said in page(sign_in, cast.focal, target)


def test_a_second_version_replaces_the_first(cast, request_, target, sign_in):
    first = hand_in(cast, request_, 45, 50)
    second = hand_in(cast, request_, 50, 50, reason="Đếm sót")
    assert stands(target) == (50, 50, second)
    assert [one.sheet_version for one in target.actuals.get().sources.all()] == [first, second]
    said = page(sign_in, cast.focal, target)
    assert "nộp lần 2" in said
    assert "nộp lần 1" not in said


def test_a_correction_of_something_else_leaves_it_where_it_came_from(cast, request_, target):
    first = hand_in(cast, request_, 45, 50)
    hand_in(cast, request_, 45, 50, reason="Thêm học sinh", hs=110)
    assert stands(target) == (45, 50, first)


@pytest.mark.parametrize("note", ["", "Theo danh sách", PAST])
def test_what_was_typed_stays_whatever_its_note(cast, request_, target, sign_in, note):
    type_over(cast, target, 40, 50, note)
    hand_in(cast, request_, 45, 50)
    assert stands(target) == (40, 50, None)
    assert target.actuals.get().note == note
    assert "Nhập tay" in page(sign_in, cast.focal, target)


@pytest.mark.parametrize("note", ["", PAST])
def test_who_types_over_a_filled_figure_makes_it_theirs(cast, request_, target, sign_in, note):
    hand_in(cast, request_, 45, 50)
    name, address = f"t{target.pk}", f"/ke-hoach/chi-tieu/{target.pk}/ket-qua/"
    sent = {
        f"{name}-numerator": "45", f"{name}-denominator": "50", f"{name}-note": note,
        f"{name}-version": "1", "period": target.plan.period,
    }  # fmt: skip
    sign_in(cast.focal).post(address, sent)
    assert stands(target) == (45, 50, None)
    assert "Nhập tay" in page(sign_in, cast.focal, target)
    hand_in(cast, request_, 50, 50, reason="Đếm sót")
    assert stands(target) == (45, 50, None)


def test_a_target_without_a_figure_says_nothing_of_sources(cast, request_, sign_in):
    (target,) = issued(cast, {})
    type_over(cast, target, 40, 50)
    said = page(sign_in, cast.focal, target)
    assert "Số liệu của đơn vị: 40" in said
    assert "Nhập tay" not in said


def test_the_stranger_reads_no_source_and_types_over_nothing(cast, request_, target, sign_in):
    version = hand_in(cast, request_, 45, 50)
    address = f"/ke-hoach/{target.plan_id}/chi-tieu/"
    assert sign_in(cast.stranger).get(address).status_code == 404
    name = f"t{target.pk}"
    sent = {f"{name}-numerator": "1", f"{name}-denominator": "2", f"{name}-version": "1"}
    answer = sign_in(cast.stranger).post(
        f"/ke-hoach/chi-tieu/{target.pk}/ket-qua/", sent | {"period": target.plan.period}
    )
    assert answer.status_code == 404
    figure_world.hand_in(
        request_, cast.stranger_school, cast.stranger, figure_world.numbers(100, 1, 2)
    )
    assert stands(target) == (45, 50, version)
    assert "Từ Số liệu" not in page(sign_in, cast.sibling_focal, target)


def test_what_was_handed_in_stays_when_it_is_no_longer_asked(cast, request_, target):
    version = hand_in(cast, request_, 45, 50)
    row = figure_world.sheet_of(request_, cast.school).assignment
    assignments.move(row, "withdraw", by=cast.department_head, reason="Trường sáp nhập")
    requests.end(request_, by=cast.officer, reason="Đủ số liệu")
    assert stands(target) == (45, 50, version)


def test_a_plan_that_has_ended_takes_nothing(cast, request_, target):
    plans.close(target.plan, by=cast.office_head, reason="Hết năm học")
    hand_in(cast, request_, 45, 50)
    assert not target.actuals.exists()


def test_three_sources_cost_the_page_what_one_costs(cast, request_, sign_in):
    client, counted = sign_in(cast.focal), []
    for number in (1, 3):
        targets = issued(cast, *[{"item": "chu-ky-so"}] * number)
        hand_in(cast, request_, number, 50, reason="Đếm lại")
        address = f"/ke-hoach/{targets[0].plan_id}/chi-tieu/"
        with CaptureQueriesContext(connection) as captured:
            assert text(client.get(address)).count("Từ Số liệu đầu năm") == number
        counted.append(len(captured))
    assert counted[0] == counted[1]


def test_a_target_never_stops_a_hand_in_nor_overwrites_what_was_typed(cast, request_):
    plan = plan_world.plan(cast.office, cast.specialist)
    plan_world.target(plan, "1", item="hs-tong")  # a ratio that names a plain number
    share = plan_world.target(plan, "2", item="chu-ky-so")
    plan_world.task(plan)
    plans.issue(plan, by=cast.office_head)
    figure_world.hand_in(request_, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    assert [one.target for one in cast.school.target_actuals.all()] == [share]
    share = Target.objects.select_related("plan__issuer").get(pk=share.pk)
    target_figures.save(
        share, unit=cast.school, period=plan.period, numerator=Decimal(50),
        denominator=Decimal(50), note="Theo danh sách", version=1, by=cast.focal,
    )  # fmt: skip
    figure_world.hand_in(
        request_, cast.school, cast.focal, figure_world.numbers(110, 46, 50), reason="Sót"
    )
    assert share.actuals.get().numerator == 50


def test_a_plan_by_calendar_years_takes_the_figure_of_the_year(cast, request_):
    """A road map 2025-2030 asks by year; the school year's figure counts in the year of its day."""
    year = timezone.localdate().year
    for period in (str(year), f"{year - 1}-{year + 3}"):
        plan = plan_world.plan(cast.office, cast.specialist, period=period)
        plan_world.target(plan, item="chu-ky-so")
        plan_world.task(plan, phrase=f"Chậm nhất 30/12/{year}")
        plans.issue(plan, by=cast.office_head)
    first = first_year_of(timezone.localdate())
    asked = figure_world.ask(cast, request_.form, title="Năm nay", period=f"{first}-{first + 1}")
    figure_world.hand_in(asked, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    assert {one.period for one in cast.school.target_actuals.all()} == {str(year)}
    assert cast.school.target_actuals.count() == 2
    old = figure_world.ask(cast, request_.form, title="Năm xưa", period="2019-2020")
    figure_world.hand_in(old, cast.sibling, cast.sibling_focal, figure_world.numbers(100, 45, 50))
    assert not cast.sibling.target_actuals.exists()


# Closed


OFFICES = {"audience": {"kinds": ["office"]}}
OF_OFFICES = {"item": "chu-ky-so"} | OFFICES


def close(cast, request, reason: str = "Còn thiếu"):
    found = closings.prepare(request, cast.office, by=cast.specialist, reason=reason)
    closings.approve(found, by=cast.office_head)
    return found


def asked_of_offices(cast, *targets: dict) -> list[Target]:
    """The same by the department, of its offices."""
    plan = plan_world.plan(cast.department, cast.officer)
    for place, fields in enumerate(targets, start=1):
        plan_world.target(plan, str(place), **fields)
    plan_world.task(plan, audience={"kinds": ["office"]})
    plans.issue(plan, by=cast.department_head)
    return list(Target.objects.filter(plan=plan).select_related("plan__issuer").order_by("pk"))


def test_a_target_of_an_office_takes_what_its_head_approved(cast, request_, sign_in):
    (target,) = asked_of_offices(cast, OF_OFFICES)
    hand_in(cast, request_, 45, 50)
    figure_world.hand_in(
        request_, cast.sibling, cast.sibling_focal, figure_world.numbers(100, 5, 50)
    )
    assert not target.actuals.exists()
    first = close(cast, request_)
    assert stands(target) == (50, 100, first)
    assert "Từ Số liệu đầu năm, chốt lần 1, duyệt ngày" in page(sign_in, cast.specialist, target)
    hand_in(cast, request_, 50, 50, reason="Đếm sót")
    assert stands(target) == (50, 100, first)
    second = close(cast, request_)
    assert stands(target) == (55, 100, second)


def test_what_an_office_typed_stays_when_it_closes(cast, request_):
    (target,) = asked_of_offices(cast, OF_OFFICES)
    target_figures.save(
        target, unit=cast.office, period=target.plan.period, numerator=Decimal(1),
        denominator=Decimal(2), note=PAST, version=0, by=cast.specialist,
    )  # fmt: skip
    hand_in(cast, request_, 45, 50)
    close(cast, request_)
    assert stands(target) == (1, 2, None)


def test_a_closing_never_counts_a_school_twice_nor_fails_by_a_target(cast, request_):
    both, words, plain, none = asked_of_offices(
        cast,
        OF_OFFICES | {"audience": {"kinds": ["office", "school"]}},
        {"item": "y-kien", "measure": "ý kiến"} | OFFICES,
        {"item": "wifi", "measure": "trường"} | OFFICES,
        {"item": "hs-tong"} | OFFICES,  # a ratio that names a plain number
    )
    values = figure_world.numbers(100, 45, 50, wifi=1, y_kien=figure_world.Value(text="Thiếu máy"))
    figure_world.hand_in(request_, cast.school, cast.focal, values)
    closing = close(cast, request_)
    assert [one.unit for one in both.actuals.all()] == [cast.school]
    assert stands(plain) == (1, None, closing)
    assert not words.actuals.exists()
    assert not none.actuals.exists()


# What must never be false


def refused():
    return pytest.raises((IntegrityError, InternalError))


def test_no_source_says_of_a_figure_what_its_version_does_not_hold(cast, request_, target):
    first = hand_in(cast, request_, 45, 50)
    actual = type_over(cast, target, 40, 50)
    for facts in (
        {"sheet_version": first},  # 45
        {"sheet_version": first, "figure_version": 7},
        {"closing": None},
    ):
        with refused(), transaction.atomic():
            FigureSource.objects.create(
                **{"actual": actual, "figure_version": actual.version} | facts
            )


def test_a_figure_changes_only_by_a_new_version_and_a_source_never(cast, request_, target):
    first = hand_in(cast, request_, 45, 50)
    hand_in(cast, request_, 50, 50, reason="Đếm sót")
    with refused(), transaction.atomic():
        target.actuals.update(numerator=7)
    kept = FigureSource.objects.of_now()
    with refused(), transaction.atomic():
        kept.update(sheet_version=first)
    with pytest.raises(ValidationError, match="Không được xóa"):
        kept.get().delete()
