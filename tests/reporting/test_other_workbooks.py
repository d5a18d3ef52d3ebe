"""Every page that takes Excel says what another file is and how to save it; nothing is kept."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from assessments.models import IndicatorSet
from reporting.models import DataForm
from schools.models import ImportBatch
from tests import figure_world
from tests.assessments.browse import text
from tests.schools import files, other_workbooks

pytestmark = pytest.mark.alike  # what a file or a text is, not what a database does

WHOLE = files.units(files.SCHOOL).getvalue()
SENT = other_workbooks.sent(WHOLE)


@pytest.fixture
def doors(cast, sign_in):
    """A function for each page: sends a file, gives what the person reads."""
    sheet = figure_world.sheet_of(figure_world.ask(cast), cast.school)
    request = sheet.request
    officer = sign_in(cast.officer)
    ways = {
        "units": (officer, reverse("schools:import_add"), {"kind": "units"}),
        "people": (officer, reverse("schools:import_add"), {"kind": "people"}),
        "set": (officer, reverse("assessments:set_load"), {}),
        "form": (officer, reverse("reporting:forms"), {}),
        "sheet": (sign_in(cast.focal), f"{sheet.get_absolute_url()}excel/", {}),
        "sheets": (sign_in(cast.specialist), f"{request.get_absolute_url()}excel/", {}),
    }

    def send(door: str, name: str, content: bytes) -> str:
        client, address, fields = ways[door]
        file = SimpleUploadedFile(name, content)
        return text(client.post(address, {"file": file} | fields, follow=True))

    return send, ways


@pytest.mark.parametrize("kind", SENT)
def test_what_is_no_workbook_is_told_what_it_is(doors, kind):
    send, ways = doors
    name, content, sentence = SENT[kind]
    made = DataForm.objects.count()
    for door in ways:
        assert sentence in send(door, name, content), door
    assert not ImportBatch.objects.exists()
    assert not IndicatorSet.objects.exists()
    assert DataForm.objects.count() == made


def test_a_workbook_by_another_name_is_read(cast, sign_in):
    batch = sign_in(cast.officer).post(
        reverse("schools:import_add"),
        {"kind": "units", "file": SimpleUploadedFile("DON VI.XLSX", WHOLE)},
        follow=True,
    )
    assert files.SCHOOL["short_name"] in text(batch)


def test_the_neighbour_is_told_nothing(cast, sign_in):
    sheet = figure_world.sheet_of(figure_world.ask(cast), cast.school)
    file = SimpleUploadedFile("a.xls", SENT["xls"][1])
    answer = sign_in(cast.stranger).post(f"{sheet.get_absolute_url()}excel/", {"file": file})
    assert answer.status_code == 404
