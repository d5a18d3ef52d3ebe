"""The consolidated report: golden figures in the Summary, the Excel, the shell and LibreOffice."""

import csv
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from assessments.actions import certificates
from reporting.files import maturity_tables
from tests.reporting.conftest import FORMULA
from tests.reporting.consolidated import TOTAL, build, rows_below

pytestmark = pytest.mark.django_db
OFFICES = {
    # Phải nộp, Đã nộp, Đúng hạn, Đã công nhận, nhóm 1 mức 1-3, nhóm 2 mức 1-3, mức 3 cả hai
    "Phòng Giáo dục và Đào tạo quận 0101": (3, 2, 2, 2, 0, 0, 2, 0, 1, 1, 1),
    "Phòng Giáo dục và Đào tạo quận 0102": (2, 2, 1, 1, 1, 0, 0, 0, 1, 0, 0),
    "Sở Giáo dục và Đào tạo Hải Phòng": (1, 1, 1, 1, 0, 0, 1, 0, 1, 0, 0),
}
SHEETS = ["Tổng hợp", "Chi tiết", "Chưa nộp", "Chỉ số chưa đối chiếu"]


@pytest.fixture
def workbook(reported, tmp_path):
    return openpyxl.load_workbook(build(reported, reported.cast.department, tmp_path))


def detail(sheet) -> dict[str, dict]:
    """School code → «band heading» → value; the band is a group or the set of the criterion."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == "STT")
    band, keys = "", []
    for above, head in zip(rows[start - 1], rows[start], strict=True):
        band = (above or band).split(" · ")[0]
        keys.append(head if head.startswith("Mức thấp") else f"{band} {head}".strip())
    return {row[2]: dict(zip(keys, row, strict=True)) for row in rows[start + 1 :]}


POINTS = ("Tự đánh giá", "Công nhận", "Mức công nhận")


# The figures


def test_the_summary_counts_what_is_known(reported):
    found = maturity_tables.summary(reported.round, reported.cast.department, asked_by=None)
    assert {one.name: one.total.cells(found.groups)[2:] for one in found.offices} == OFFICES
    assert found.total.cells(found.groups)[2:] == TOTAL
    assert not found.is_complete


def test_types_stand_apart_inside_an_office(reported):
    found = maturity_tables.summary(reported.round, reported.cast.office, asked_by=None)
    lines = {line.school_type: line.cells(found.groups)[2:6] for line in found.offices[0].lines}
    assert lines == {
        "Mầm non": (1, 0, 0, 0),
        "Tiểu học và trung học cơ sở": (2, 2, 2, 2),
    }


def test_the_number_of_queries_does_not_grow_with_the_schools(reported, django_assert_num_queries):
    for unit in (reported.cast.neighbour, reported.cast.department):
        reported.round.sets.all()
        with django_assert_num_queries(3):
            maturity_tables.summary(reported.round, unit, asked_by=None)


def test_a_reopened_school_counts_no_more(reported, tmp_path):
    file_ = reported.file(reported.cast.sibling)
    certificates.reopen(file_, by=reported.cast.office_head, reason="Khiếu nại về minh chứng")
    found = maturity_tables.summary(reported.round, reported.cast.office, asked_by=None)
    assert found.total.cells(found.groups)[2:] == (3, 2, 2, 1, 0, 0, 1, 0, 1, 0, 0)
    book = openpyxl.load_workbook(build(reported, reported.cast.office, tmp_path))
    row = detail(book["Chi tiết"])["0101-002"]
    assert row["T1 1.2.1 tự đánh giá"] == 40
    assert row["T1 1.2.1 công nhận"] is None
    assert row["Nhóm 1 Mức công nhận"] is None


# The sheets


def test_the_summary_sheet_has_the_same_figures(workbook):
    assert workbook.sheetnames == SHEETS
    rows = rows_below(workbook["Tổng hợp"], "Đơn vị")
    totals = {row[0]: tuple(row[2:]) for row in rows if row[1] in ("Tất cả", None)}
    assert totals == OFFICES | {"Tổng cộng": TOTAL}


def test_the_header_says_version_time_filter_units_and_who_asked(workbook, reported):
    said = "\n".join(str(workbook["Tổng hợp"].cell(row, 1).value) for row in range(1, 5))
    for one in reported.round.sets.all():
        assert str(one) in said
        assert one.version in str(one)
    assert f"{timezone.localtime():%d/%m/%Y}" in said
    assert "Phạm vi: Sở Giáo dục và Đào tạo Hải Phòng" in said
    assert "4 / 6 trường" in said
    assert f"Người yêu cầu: {reported.cast.officer.full_name}" in said
    assert "Bộ chỉ số chưa được đối chiếu với văn bản gốc" in said


def test_the_detail_has_self_and_certified_of_every_criterion(workbook):
    schools = detail(workbook["Chi tiết"])
    assert list(schools) == ["0101-001", "0101-002", "0101-003", "0102-001", "0102-002", "01-900"]
    high = schools["01-900"]
    assert [high[f"Nhóm 1 {one}"] for one in POINTS] == [86, 76, 3]
    assert [high[f"Nhóm 2 {one}"] for one in POINTS] == [70, 70, 2]
    assert (high["T1 1.2.1 tự đánh giá"], high["T1 1.2.1 công nhận"]) == (30, 20)
    assert (high["T1 1.1 tự đánh giá"], high["T1 1.1 công nhận"]) == (1, 1)
    assert (high["T1 1.3 tự đánh giá"], high["T1 1.3 công nhận"]) == (36, 36)
    late = schools["0102-002"]
    assert (late["Nhóm 1 Tự đánh giá"], late["Nhóm 1 Công nhận"]) == (86, None)
    assert (late["T1 1.2.1 tự đánh giá"], late["T1 1.2.1 công nhận"]) == (30, None)
    assert late["Thời hạn"] == "Trễ 2 ngày"
    assert high["Thời hạn"] == "Đúng hạn"
    assert schools["0101-003"]["Nộp lúc"] is None


def test_a_certified_school_keeps_the_name_of_its_decision(reported, tmp_path):
    school = reported.cast.sibling
    before, school.short_name, school.school_type = school.short_name, "THCS Tân Mới", "THCS"
    school.save()
    book = openpyxl.load_workbook(build(reported, reported.cast.office, tmp_path))
    row = detail(book["Chi tiết"])["0101-002"]
    assert row["Trường"] == f"{before} (nay là THCS Tân Mới)"
    assert row["Loại trường"] == "Tiểu học và trung học cơ sở"


def test_numbers_are_numbers_and_moments_are_moments(workbook):
    row = next(row for row in workbook["Chi tiết"].iter_rows() if row[2].value == "01-900")
    assert isinstance(row[6].value, datetime)
    assert row[6].number_format == "hh:mm dd/mm/yyyy"
    numbers = [cell for cell in row[8:] if cell.value is not None]
    assert all(cell.data_type == "n" for cell in numbers)
    assert {cell.number_format for cell in numbers} == {"#,##0", "#,##0.00"}


def test_text_that_looks_like_a_formula_stays_text(workbook):
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    named = [cell for cell in cells if cell.value == FORMULA]
    assert [cell.data_type for cell in named] == ["s"]


def test_missing_schools_are_listed_with_their_delay(workbook, reported):
    rows = rows_below(workbook["Chưa nộp"], "STT")
    assert [row[2] for row in rows] == ["0101-003"]
    due = timezone.localtime(reported.round.submission_due_at).replace(tzinfo=None)
    assert abs((rows[0][5] - due).total_seconds()) < 1
    assert rows[0][6] == 2


def test_criteria_nobody_compared_are_listed_with_their_source(workbook, reported):
    rows = rows_below(workbook["Chỉ số chưa đối chiếu"], "Bộ chỉ số")
    expected = sum(one.criteria.exclude(source="verified").count() for one in
                   reported.round.sets.all())  # fmt: skip
    assert len(rows) == expected > 0
    assert {row[0] for row in rows} == {"T1", "T2"}


@pytest.mark.parametrize("name", SHEETS)
def test_every_sheet_prints_and_scrolls_well(workbook, name):
    sheet = workbook[name]
    assert sheet.freeze_panes is not None
    assert sheet.print_title_rows
    assert sheet.page_setup.orientation == "landscape"
    assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
    if sheet.max_column <= 24:  # wider ones go on to further pages with their first columns again
        assert sheet.page_setup.fitToHeight in (0, "0")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    else:
        assert sheet.print_title_cols == "$A:$B"
    assert all(one.width for one in sheet.column_dimensions.values())


def test_the_heading_stays_when_scrolling_and_on_every_page(workbook):
    sheet = workbook["Chi tiết"]
    head = next(row[0].row for row in sheet.iter_rows() if row[0].value == "STT")
    assert sheet.freeze_panes == f"C{head + 1}"
    assert sheet.print_title_rows == f"${head - 1}:${head}"


def test_an_office_gets_its_own_schools_only(reported, tmp_path):
    path = build(reported, reported.cast.office, tmp_path)
    book = openpyxl.load_workbook(path)
    assert set(detail(book["Chi tiết"])) == {"0101-001", "0101-002", "0101-003"}
    with zipfile.ZipFile(path) as parts:
        content = "".join(parts.read(name).decode() for name in parts.namelist())
    for foreign in ("0102", "01-900", FORMULA):
        assert foreign not in content


# LibreOffice opens it without repair

FILTERS = {"pdf": "pdf", "csv": "csv:Text - txt - csv (StarCalc):44,34,76,1"}  # comma, ", UTF-8


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_libreoffice_opens_it(reported, tmp_path, kind):
    path = build(reported, reported.cast.department, tmp_path)
    own_profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = ["--headless", "--convert-to", FILTERS[kind], "--outdir", tmp_path]
    subprocess.run(
        ["soffice", own_profile, *convert, path], check=True, capture_output=True, timeout=120
    )
    made = path.with_suffix(f".{kind}")
    if kind == "pdf":
        assert made.read_bytes().startswith(b"%PDF")
        return
    rows = list(csv.reader(made.read_text(encoding="utf-8").splitlines()))
    total = next(row for row in rows if row[0] == "Tổng cộng")
    assert tuple(int(cell) for cell in total[2:]) == TOTAL


# From a shell


def test_the_shell_writes_the_same_file(reported, tmp_path, capsys):
    for format_, start in (("xlsx", b"PK"), ("pdf", b"%PDF")):
        out = tmp_path / f"out.{format_}"
        call_command(
            "build_report", "consolidated-maturity", campaign="thu-2026", unit="01",
            format=format_, out=out,
        )  # fmt: skip
        assert out.read_bytes().startswith(start)
        assert "6 trường" in capsys.readouterr().out
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert tuple(rows_below(book["Tổng hợp"], "Đơn vị")[-1][2:]) == TOTAL
    assert "Người yêu cầu: dòng lệnh" in book["Tổng hợp"]["A3"].value


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"campaign": "khong-co"}, "Không có đợt đánh giá mã «khong-co»"),
        ({"unit": "99"}, "Không có đơn vị mã «99»"),
        ({"out": "/khong/co/thu-muc/a.xlsx"}, "Không ghi được tệp"),
        ({"out": "/khong/co/thu-muc/a.pdf", "format": "pdf"}, "Không ghi được tệp"),
    ],
)
def test_the_shell_says_what_is_wrong(reported, tmp_path, wrong, sentence):
    right = {"campaign": "thu-2026", "unit": "01", "format": "xlsx", "out": tmp_path / "a.xlsx"}
    options = right | wrong
    options["out"] = Path(options["out"])
    with pytest.raises(CommandError, match=sentence):
        call_command("build_report", "consolidated-maturity", **options)


def test_the_shell_knows_only_its_reports_and_formats(reported, tmp_path):
    options = ["--campaign", "thu-2026", "--unit", "01", "--out", str(tmp_path / "a.odt")]
    with pytest.raises(CommandError):
        call_command("build_report", "consolidated-maturity", *options, "--format", "odt")
    with pytest.raises(CommandError):
        call_command("build_report", "khong-co", *options, "--format", "xlsx")
