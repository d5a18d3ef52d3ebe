"""The floor of the consolidated Excel: plain SQL, the same cells, the same library."""

import json
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from django.db import connection
from django.utils import timezone

from assessments.workflow import OFFICE_LABELS
from reporting.documents.excel import FONT, NUMBER_FORMATS
from reporting.files import maturity_tables
from schools.models import OrgUnit

FILES = """
SELECT a.id, u.short_name, u.code, u.school_type, o.name, a.state, s.handed_in_at, s.due_at,
       a.self_results
FROM assessments_assessment a
JOIN schools_orgunit u ON u.id = a.unit_id
JOIN schools_orgunit o ON o.id = a.office_id
JOIN plans_assignment s ON s.id = a.assignment_id
WHERE a.campaign_id = %s ORDER BY o.sort_key, u.sort_key, a.id
"""
ANSWERS = """
SELECT n.assessment_id, n.criterion_id, n.points, n.met, n.certified_points, n.certified_met
FROM assessments_answer n JOIN assessments_assessment a ON a.id = n.assessment_id
JOIN schools_orgunit u ON u.id = a.unit_id JOIN schools_orgunit o ON o.id = a.office_id
WHERE a.campaign_id = %s ORDER BY o.sort_key, u.sort_key, a.id
"""
LINES = """
SELECT c.assessment_id, l.group_code, l.points, l.level
FROM assessments_certificateline l JOIN assessments_certificate c ON c.id = l.certificate_id
JOIN assessments_assessment a ON a.id = c.assessment_id
WHERE a.campaign_id = %s AND c.withdrawn_at IS NULL
"""


def write(campaign, unit, target: Path) -> None:
    """The small sheets by the product's own tables, «Chi tiết» by plain SQL."""
    found = maturity_tables.summary(campaign, unit, asked_by=None)
    sheets = maturity_tables.tables(found)
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    formats = {
        kind: book.add_format({**FONT, "border": 1, "num_format": NUMBER_FORMATS.get(kind, "@")})
        for kind in ("text", *NUMBER_FORMATS)
    }
    for table in sheets:
        if table.name == "Chi tiết":
            detail(book.add_worksheet(table.name), table, campaign, found.groups, formats)
        else:
            plain(book.add_worksheet(table.name), table)
    book.close()


def plain(sheet, table) -> None:
    for row, cells in enumerate(table.rows):
        for place, value in enumerate(cells):
            sheet.write(row, place, timezone.localtime(value).replace(tzinfo=None)
                        if isinstance(value, datetime) else value)  # fmt: skip


def head(sheet, table) -> int:
    row = 0
    for line in table.above:
        sheet.write_string(row, 0, line)
        row += 1
    before = None
    for place, column in enumerate(table.columns):
        if not column.band or column.band != before:  # the rest of a band is merged with its first
            sheet.write_string(row, place, column.band)
        before = column.band
    for place, column in enumerate(table.columns):
        sheet.write_string(row + 1, place, column.title)
    return row + 2


def detail(sheet, table, campaign, groups, formats) -> None:
    """Merge the ordered cursors of files and answers; write each cell as what it is."""
    row = head(sheet, table)
    criteria = maturity_tables._criteria(campaign)
    places = {one.pk: place for place, one in enumerate(criteria)}
    kinds = [column.kind for column in table.columns]
    labels = dict(OrgUnit.SchoolType.choices)
    with connection.cursor() as cursor:
        cursor.execute(LINES, [campaign.pk])
        lines = {(pk, group): (points, level) for pk, group, points, level in cursor.fetchall()}
    files, answers = connection.connection.cursor(), connection.connection.cursor()
    files.execute(FILES.replace("%s", str(int(campaign.pk))))
    answers.execute(ANSWERS.replace("%s", str(int(campaign.pk))))
    pending = answers.fetchone()
    for number, one in enumerate(files, start=1):
        cells = [None] * (len(places) * 2)
        while pending is not None and pending[0] == one[0]:
            _, criterion, points, met, certified, certified_met = pending
            place = places[criterion] * 2
            cells[place] = points if points is not None else met
            cells[place + 1] = certified if certified is not None else certified_met
            pending = answers.fetchone()
        values = file_cells(number, one, lines, groups, labels) + cells
        for place, value in enumerate(values):
            put(sheet, row, place, value, kinds[place], formats)
        row += 1


def file_cells(number, one, lines, groups, labels) -> list:
    pk, name, code, school_type, office, state, handed_in, due_at, self_results = one
    results = json.loads(self_results) if isinstance(self_results, str) else self_results
    own = {result["code"]: float(result["points"]) for result in results}
    handed_in, due_at = moment(handed_in), moment(due_at)
    cells = [number, name, code, labels[school_type], office, OFFICE_LABELS[state], handed_in,
             maturity_tables.timeliness(handed_in, due_at)]  # fmt: skip
    levels = []
    for group in groups:
        points, level = lines.get((pk, group), (None, None))
        cells += [own.get(group), points, level]
        levels += [level] if level else []
    return [*cells, min(levels, default=None)]


def moment(value):
    """SQLite keeps moments in UTC, as text or as a datetime without a zone."""
    if value is None:
        return None
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found.replace(tzinfo=UTC)


def put(sheet, row, place, value, kind, formats) -> None:
    look = formats[kind]
    if value is None or value == "":
        sheet.write_blank(row, place, None, look)
    elif kind == "text":
        sheet.write_string(row, place, value, look)
    elif kind == "moment":
        sheet.write_datetime(row, place, timezone.localtime(value).replace(tzinfo=None), look)
    else:
        sheet.write_number(row, place, value, look)
