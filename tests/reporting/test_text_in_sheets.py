"""A school pastes what it likes into boxes and cells: what is kept is what can be read."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django import forms
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edudx.lib.fields import NumberField
from reporting import sheet_reading
from reporting.arithmetic import Value
from reporting.exchange import sheet_excel
from reporting.forms import SectionForm
from tests import figure_world
from tests.assessments.browse import text
from tests.lib.odd_letters import BREAKS, INVISIBLE, SPACES, invisible_in_xml, strewn
from tests.reporting.browse import section
from tests.reporting.sheet_books import fill, template, upload

SAID = "Thiếu máy tính, mạng chậm"
PASTED = "Khó khăn thứ nhất\x0bKhó khăn thứ hai"


@pytest.fixture
def sheet(cast):
    return figure_world.sheet_of(figure_world.ask(cast), cast.school)


def kept(sheet, key: str) -> Value:
    return sheet_reading.draft_of(figure_world.sheet_of(sheet.request, sheet.unit))[key]


def in_both_templates(cast, sheet, sign_in) -> set[str]:
    """What the box «Ý kiến» says in the school's workbook and in its office's."""
    mine = template(sign_in(cast.focal), sheet.get_absolute_url())
    office = reverse("reporting:office_workbook", args=[sheet.request.pk])
    answer = sign_in(cast.specialist).get(office)
    assert answer.status_code == 200
    books = (mine, openpyxl.load_workbook(io.BytesIO(answer.content)))
    rows = [row for book in books for row in book["Số liệu"].iter_rows(values_only=True)]
    return {row[5] for row in rows if row[0] == sheet.unit.code and row[2] == "y-kien"}


def test_a_line_of_word_is_a_line_and_both_workbooks_open(cast, sheet, sign_in):
    """Word writes a vertical tab where Shift+Enter was pressed."""
    sent = section(sheet, 1, y_kien=PASTED, chu_ky_so__n="45", chu_ky_so__w="50")
    client = sign_in(cast.focal)
    answer = client.post(
        f"{sheet.get_absolute_url()}muc/1/", sent, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 200
    assert kept(sheet, "y-kien").text.split("\n") == PASTED.split("\x0b")
    assert in_both_templates(cast, sheet, sign_in) == {PASTED.replace("\x0b", "\n")}


def test_what_was_kept_before_breaks_no_workbook(cast, sheet, sign_in):
    """Straight into the draft, as an older portal did."""
    said = f"{PASTED}{''.join(INVISIBLE[1:])}"  # PostgreSQL takes no NUL
    figure_world.enter(sheet, cast.focal, {"y-kien": Value(text=said)})
    (found,) = in_both_templates(cast, sheet, sign_in)
    assert found.startswith(PASTED.replace("\x0b", "\n"))


@pytest.mark.parametrize("mark", ["_x000D_\n", "_x000D__x000A_", "_x000B_", "\r\n", "\u2028"])
def test_a_cell_of_two_lines_is_two_lines(cast, sheet, sign_in, mark):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, y_kien=f"Dòng 1{mark}Dòng 2")
    client.post(f"{address}excel/", {"file": upload(book)})
    assert kept(sheet, "y-kien").text == "Dòng 1\nDòng 2"


@pytest.mark.parametrize(
    ("pupils", "girls"), [("886\u200b", "4\u202f8"), ("\ufeff8\u00a086", "\u202d48\u202c")]
)
def test_a_number_is_read_whatever_cannot_be_seen_in_it(cast, sheet, sign_in, pupils, girls):
    """In a cell, and in the box of the page."""
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, hs_tong=pupils, hs_nu=girls)
    assert "Đã nhập 1 phiếu" in text(
        client.post(f"{address}excel/", {"file": upload(book)}, follow=True)
    )
    expected = (Value(Decimal(886)), Value(Decimal(48)))
    assert (kept(sheet, "hs-tong"), kept(sheet, "hs-nu")) == expected
    sheet.refresh_from_db()
    client.post(f"{address}muc/0/", section(sheet, hs_tong=f"1{pupils}", hs_nu=girls))
    assert (kept(sheet, "hs-tong"), kept(sheet, "hs-nu")) == (Value(Decimal(1886)), expected[1])


def test_letters_of_an_old_font_make_a_warning(cast, sheet, sign_in):
    client, address = sign_in(cast.focal), sheet.get_absolute_url()
    book = template(client, address)
    fill(book, cast.school.code, y_kien="ThiÕu m¸y tÝnh")
    page = text(client.post(f"{address}excel/", {"file": upload(book)}, follow=True))
    assert "TCVN3 (ABC), có lẽ là «Thiếu máy tính»" in page


# Properties: any such letter at any place


few = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
unseen = st.lists(st.sampled_from([*INVISIBLE[::7], *SPACES, *BREAKS]), max_size=2).map("".join)
digits = st.sampled_from(["0", "48", "1.234", "1234,5"]).flatmap(
    lambda number: st.tuples(st.just(number), st.tuples(*[unseen] * len(number), unseen)).map(
        lambda found: (number, "".join(map("".join, zip(found[1], f"{number} ", strict=True))))
    )
)


@few
@given(said=strewn(SAID), number=digits)
def test_no_such_letter_in_any_box_changes_what_is_kept(sheet, said, number):
    for place, one in enumerate(sheet_reading.sections_of(sheet)):
        sent, clean = {f"s{place}-version": "0"}, {f"s{place}-version": "0"}
        for name, field in SectionForm(place=place, fields=one.fields).fields.items():
            if isinstance(field, NumberField):
                clean[f"s{place}-{name}"], sent[f"s{place}-{name}"] = number
            elif type(field) is forms.CharField:
                clean[f"s{place}-{name}"], sent[f"s{place}-{name}"] = SAID, said
        found = [SectionForm(values, place=place, fields=one.fields) for values in (clean, sent)]
        assert found[0].errors == found[1].errors
        assert found[0].cleaned_data == found[1].cleaned_data
        assert SAID in found[1].cleaned_data.values()


@few
@given(said=strewn(SAID, invisible_in_xml))
def test_nor_in_any_cell(sheet, said):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Số liệu"
    page.append(["Mã đơn vị", "Mã", "Giá trị", "Tổng số", "Giải thích"])
    page.append([f"\u200b{sheet.unit.code}\ufeff", "y-kien\u2060", said, said, said])
    target = io.BytesIO()
    book.save(target)
    (cells,) = sheet_excel.read(target).cells[sheet.unit.code].values()
    assert (cells.value, cells.whole, cells.note) == (SAID, SAID, SAID)
