"""Figures: so many schools × 60 fields rolled up into Excel, against plain SQL. One JSON line."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import django

django.setup()

import xlsxwriter
from django.db import connection, transaction
from django.utils import timezone
from openpyxl import load_workbook

from edudx.demo import figure_story, tree
from reporting.actions import data_forms
from reporting.documents import excel
from reporting.documents.excel import FONT, NUMBER_FORMATS
from reporting.documents.table import silent
from reporting.exchange import form_yaml
from reporting.files import figures_tables
from reporting.models import DataRequest
from schools.models import OrgUnit
from schools.permissions import Role

HEAD = "form: {code: do, title: Đo}\nsections:\n  - code: I\n    title: Đo\n    fields:\n"
SUMS = """
SELECT s.office_id, v.key, COUNT(*), SUM(v.number), SUM(v.whole), MIN(v.number), MAX(v.number)
FROM reporting_datavalue v JOIN reporting_sheetversion n ON n.id = v.version_id
JOIN reporting_datasheet s ON s.current_id = n.id WHERE s.request_id = %s
GROUP BY s.office_id, v.key
"""
SHEETS = """
SELECT s.id, u.short_name, u.code, o.short_name, n.at
FROM reporting_datasheet s JOIN schools_orgunit u ON u.id = s.unit_id
JOIN schools_orgunit o ON o.id = s.office_id
LEFT JOIN reporting_sheetversion n ON n.id = s.current_id
WHERE s.request_id = %s ORDER BY o.sort_key, u.sort_key, s.id
"""
VALUES = """
SELECT s.id, v.key, v.number, v.whole
FROM reporting_datasheet s JOIN schools_orgunit u ON u.id = s.unit_id
JOIN schools_orgunit o ON o.id = s.office_id
JOIN reporting_datavalue v ON v.version_id = s.current_id
WHERE s.request_id = %s ORDER BY o.sort_key, u.sort_key, s.id
"""


def form_text() -> str:
    """30 numbers, 20 ratios, 10 yes or no."""
    lines = [f"      - {{item: so-{n}, title: Số {n}, kind: integer}}" for n in range(30)]
    lines += [
        f"      - {{item: ti-le-{n}, title: Tỉ lệ {n}, kind: ratio, part: Đạt, whole: Tổng}}"
        for n in range(20)
    ]
    lines += [f"      - {{item: co-{n}, title: Có {n}, kind: yes_no}}" for n in range(10)]
    return HEAD + "\n".join(lines)


@transaction.atomic
def seed(schools: int) -> None:
    random = Random(1)  # noqa: S311 the same seed must give the same province
    province = tree.plant(random, offices=max(4, schools // 50), schools=schools)
    officer = province.people[province.department.pk, Role.DEPARTMENT_OFFICER]
    form = form_yaml.save(form_yaml.read(form_text()), by=None).form
    data_forms.publish(form, by=officer)
    writer = figure_story.Writer(random, province, officer)
    request = writer.ask("do", "2026-2027", timezone.now() + timedelta(days=9), "Đo")
    writer.fill(request, lambda place: place % 10 != 9)


def main(schools: int) -> dict:
    run = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(run, check=True, stdout=subprocess.DEVNULL)
    began = time.perf_counter()
    command = [sys.executable, "-m", "benchmarks.figures", str(schools), "seed"]
    subprocess.run(command, check=True)
    found = {"schools": schools, "seed": time.perf_counter() - began}
    request = DataRequest.objects.select_related("form").get()
    unit = OrgUnit.objects.get(kind="department")
    with tempfile.TemporaryDirectory() as folder:
        ours, plain = Path(folder) / "ours.xlsx", Path(folder) / "floor.xlsx"
        began = time.perf_counter()
        sheets, _ = figures_tables.tables(request, unit, ["Đo"], silent)
        excel.write(sheets, ours, title="Đo", author="")
        found["export"] = time.perf_counter() - began
        found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        began = time.perf_counter()
        floor(request, plain)
        found["floor"] = time.perf_counter() - began
        found["rows"] = compare(ours, plain)
    found["values"] = request.form.fields.count() * found["rows"]
    return found


def floor(request: DataRequest, target: Path) -> None:
    """The sums in one statement, every school's row out of two ordered cursors."""
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    looks = {
        kind: book.add_format({**FONT, "border": 1, "num_format": NUMBER_FORMATS.get(kind, "@")})
        for kind in ("text", "number")
    }
    places, place = {}, 5
    for line in request.form.lines:
        places[line.item.code] = place
        place += 2 if line.item.kind == "ratio" else 1
    totals, page = book.add_worksheet("Tổng hợp"), book.add_worksheet("Từng trường")
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [request.pk])
        for row, cells in enumerate(cursor.fetchall()):
            for column, value in enumerate(cells):
                totals.write(row, column, value)
        cursor.execute(SHEETS, [request.pk])
        schools = cursor.fetchall()
        cursor.execute(VALUES, [request.pk])
        value = cursor.fetchone()
        for row, (pk, *texts) in enumerate(schools):
            page.write_number(row, 0, row + 1, looks["number"])
            for column, one in enumerate(texts[:3], start=1):
                page.write_string(row, column, one, looks["text"])
            while value and value[0] == pk:
                write(page, row, places[value[1]], value, looks)
                value = cursor.fetchone()
    book.close()


def write(page, row: int, column: int, value, looks) -> None:
    _, key, number, whole = value
    if key.startswith("co-"):
        page.write_string(row, column, "Có" if number else "Không", looks["text"])
        return
    page.write_number(row, column, number, looks["number"])
    if whole is not None:
        page.write_number(row, column + 1, whole, looks["number"])


def compare(ours: Path, plain: Path) -> int:
    """The floor must write the same figures, or the ratio would mean nothing."""
    books = [load_workbook(path, read_only=True)["Từng trường"] for path in (ours, plain)]
    mine = (row for row in books[0].iter_rows(values_only=True) if isinstance(row[0], int | float))
    count = 0
    for one, other in zip(mine, books[1].iter_rows(values_only=True), strict=True):
        wanted = [*one[:4], *one[5:]]
        theirs = [*other[:4], *other[5:]] + [None] * (len(one) - len(other))
        assert wanted == theirs, (count, wanted[:12], theirs[:12])
        count += 1
    return count


if __name__ == "__main__":
    if len(sys.argv) > 2:
        seed(int(sys.argv[1]))
    else:
        print(json.dumps(main(int(sys.argv[1]))))
