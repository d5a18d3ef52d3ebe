"""Rows of before the door: a control character in the database breaks no file and no letter."""

import csv
import io

import docx
import openpyxl
import pytest
from django.core import mail
from icalendar import Calendar

from assessments.views.public import safe_cell
from plans.exchange import ical
from plans.models import Task
from reporting.documents import excel, pdf, word
from reporting.documents.paper import Column as PaperColumn
from reporting.documents.paper import Grid, Paper, Signature, Text
from reporting.documents.table import Column, Table
from schools import outbox
from schools.channels import Email
from schools.models import Message
from tests import plan_world
from tests.reporting.poppler import poppler

ODD = "Dòng 1\x0bDòng 2\x00\x07\x1f\u2028Dòng 3\ufffe"
KEPT = ODD.replace("\x00", "")  # PostgreSQL takes no NUL
LINES = "Dòng 1\nDòng 2\nDòng 3"
pytestmark = pytest.mark.django_db


def test_excel(tmp_path):
    table = Table(
        f"A{ODD[6]}",
        [Column(ODD, band=ODD), Column("B", kind="integer", band=ODD)],
        [[ODD, 1]],
        [ODD],
    )
    excel.write([table], tmp_path / "a.xlsx", title=ODD, author=ODD)
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    said = [cell for row in page.iter_rows(values_only=True) for cell in row if cell]
    assert said == [LINES, LINES, LINES, "B", LINES, 1]


def paper() -> Paper:
    return Paper(
        form="report", kind="Báo cáo", superior=ODD, issuer=ODD, number="01/BC", place=ODD,
        day="ngày 01", about=ODD, signature=Signature((ODD,), ODD), receivers=(ODD,), note=ODD,
        blocks=(Text(ODD, lead=ODD), Grid((PaperColumn(ODD),), ((ODD,),), title=ODD)),
    )  # fmt: skip


def test_word(tmp_path):
    word.write(paper(), tmp_path / "a.docx")
    assert f"{LINES} {LINES}" in [one.text for one in docx.Document(tmp_path / "a.docx").paragraphs]


def test_pdf(tmp_path):
    pdf.write(paper(), tmp_path / "a.pdf")
    said = poppler("pdftotext", tmp_path / "a.pdf", "-")
    assert "Dòng 2" in said
    assert "\x07" not in said


def test_csv():
    target = io.StringIO()
    csv.writer(target).writerow([safe_cell(ODD), safe_cell("\x00=1+1")])
    assert next(csv.reader(io.StringIO(target.getvalue()))) == [LINES, "'=1+1"]


def test_a_calendar(cast):
    plan_world.issued(cast.office, cast.office_head, "II.1")
    Task.objects.update(title=f"Báo cáo {KEPT}", phrase="a\x0bb")
    content = ical.build(cast.focal)
    assert not set(content) & {*range(32)} - {10, 13}
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["SUMMARY"] == "Hạn: Báo cáo Dòng 1 Dòng 2 Dòng 3"


def test_a_letter(cast):
    """A line break in a heading of a letter would be another heading."""
    outbox.notify([cast.focal], subject="x", lines=[{"text": KEPT, "url": "/", "tone": ""}])
    message = Message.objects.get(recipient=cast.focal)
    message.subject = f"{ODD}\r\nBcc: a@b.example"
    (delivery,) = outbox.put(message)
    with Email.open() as way:
        way(delivery)
    (letter,) = mail.outbox
    assert letter.subject == "Dòng 1 Dòng 2 Dòng 3 Bcc: a@b.example"
    assert "Dòng 1\nDòng 2" in letter.body
    assert not set(letter.body) & {*map(chr, range(32))} - {"\n", "\r", "\t"}
