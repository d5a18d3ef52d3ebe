"""Rows of before the key, when only a note said where a figure came from: there and back."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from plans.actions import plans, target_figures
from plans.models import Target, TargetActual
from reporting.models import FigureSource
from tests import figure_world, plan_world
from tests.conftest import Cast

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "0004_documents", "0005_figure_sources"


def migrate(to: str) -> None:
    call_command("migrate", "reporting", to, verbosity=0)


@pytest.fixture
def back():
    """As an installation of before was; whatever happens, the next test has today's tables."""
    yield lambda: migrate(BEFORE)
    call_command("migrate", "reporting", verbosity=0)


@pytest.fixture
def version():
    """What the school has handed in: 45 of 50."""
    cast = Cast()
    version = figure_world.hand_in(
        figure_world.ask(cast), cast.school, cast.focal, figure_world.numbers(100, 45, 50)
    )
    version.cast = cast
    return version


def written(cast: Cast, *notes: tuple[str, int]) -> list[TargetActual]:
    """An actual of the school for each note and number of a half hundred."""
    plan = plan_world.plan(cast.office, cast.specialist)
    targets = [
        plan_world.target(plan, str(place), item="chu-ky-so") for place, _ in enumerate(notes)
    ]
    plan_world.task(plan)
    plans.issue(plan, by=cast.office_head)
    return [
        target_figures.save(
            Target.objects.select_related("plan__issuer").get(pk=target.pk), unit=cast.school,
            period=plan.period, numerator=Decimal(part), denominator=Decimal(50), note=note,
            version=0, by=cast.focal,
        )
        for target, (note, part) in zip(targets, notes, strict=True)
    ]  # fmt: skip


def notes() -> list[str]:
    return list(TargetActual.objects.order_by("pk").values_list("note", flat=True))


def test_a_note_of_the_program_with_its_value_becomes_a_key(version, back):
    ours = f"Từ «Số liệu đầu năm», nộp {timezone.localdate():%d/%m/%Y}"
    typed = [("Theo danh sách", 45), ("Từ «sổ theo dõi»", 45), (ours, 44), ("", 45)]
    rows = written(version.cast, (ours, 45), *typed)
    back()
    migrate(AFTER)
    (source,) = FigureSource.objects.of_now()
    assert (source.actual, source.sheet_version) == (rows[0], version)
    assert notes() == ["", *(note for note, _ in typed)]
    back()
    assert notes() == [ours, *(note for note, _ in typed)]
