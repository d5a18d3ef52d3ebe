"""The PDFs: Nghị định 30 as one can measure it, and the same figures as the Excel."""

import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from assessments.models import Campaign
from reporting.documents import pdf
from reporting.documents.paper import Grid
from reporting.files import decision_paper
from schools.models import OrgUnit
from tests.reporting.consolidated import TOTAL, build, rows_below
from tests.reporting.poppler import (
    LETTERS,
    fonts,
    page_number,
    pages_of,
    poppler,
    prose,
    text_of,
    words,
)

pytestmark = [pytest.mark.django_db, pytest.mark.alike]


def assert_official(path: Path) -> None:
    """A4, PDF/A with its structure, Tinos alone and embedded, the margins, no number on page 1."""
    about = poppler("pdfinfo", path)
    assert re.search(r"Page size: .*A4", about)
    assert re.search(r"Tagged:\s+yes", about)
    for name, *rest in fonts(path):
        assert re.fullmatch(r"[A-Z]{6}\+Tinos(-[A-Za-z-]+)?", name)
        assert rest[-5] == "yes", f"{name} is not embedded"
    first = words(path, 1)
    assert 30 <= min(left for left, *_ in first) + 0.2 <= 35.2
    assert 15 <= 210 - max(right for _, _, right, _, _ in first) + 0.2 <= 20.2
    assert 20 <= min(top for _, top, *_ in first) + 0.5 <= 25.5
    for page in range(1, pages_of(path) + 1):
        assert max(bottom for *_, bottom, _ in words(path, page)) <= 297 - 20 + 0.5
    assert page_number(path, 1) == ""


@pytest.fixture
def report(reported, tmp_path) -> Path:
    return build(reported, reported.cast.department, tmp_path, "pdf")


def document(reported, folder: Path, **changes) -> Path:
    """The PDF of the office's decision, with fields changed in memory."""
    for name, value in changes.items():
        setattr(reported.decision, name, value)
    path = folder / "decision.pdf"
    path.write_bytes(pdf.render(decision_paper.paper(reported.decision)))
    reported.decision.refresh_from_db()
    return path


# Báo cáo tổng hợp


def test_the_report_says_the_same_figures_as_the_excel(reported, report, tmp_path):
    book = openpyxl.load_workbook(build(reported, reported.cast.department, tmp_path))
    rows = rows_below(book["Tổng hợp"], "Đơn vị")
    excel = [tuple(row[2:]) for row in rows if row[1] in ("Tất cả", None)]
    numbers = re.findall(r"((?:\b\d+\s+){10}\d+)$", text_of(report, 0, "-layout"), re.MULTILINE)
    assert [tuple(int(one) for one in line.split()) for line in numbers] == excel
    assert excel[-1] == TOTAL
    said = prose(report)
    assert "phải tự đánh giá: 6. Đã nộp hồ sơ: 5 (83,33%), trong đó đúng hạn 4" in said
    assert "Đã công nhận 4 / 6 cơ sở giáo dục (66,67%); 1 cơ sở đạt mức 3 ở cả hai" in said
    assert "1 trong 4 trường đã công nhận đạt mức 3 ở cả hai nhóm" in said


def test_the_report_has_the_form_of_the_decree(report):
    assert_official(report)
    assert pages_of(report) >= 2
    assert page_number(report, 2) == "2"
    left, _, right, *_ = next(one for one in words(report, 2) if one[3] < 20)
    assert (left + right) / 2 == pytest.approx(30 + (210 - 30 - 15) / 2, abs=1)
    said = prose(report, 1)
    for words_ in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "BÁO CÁO",
                   "UBND THÀNH PHỐ HẢI PHÒNG", "/BC-SGDĐT"):  # fmt: skip
        assert words_ in said
    assert "Nơi nhận:" in text_of(report)
    assert "./." in text_of(report)


def test_the_report_says_version_time_filter_units_and_who_asked(reported, report):
    said = prose(report)
    for one in reported.round.sets.all():
        assert str(one) in said
    assert re.search(r"Lập lúc \d\d:\d\d \d\d/\d\d/\d{4}", said)
    assert "phạm vi: Sở Giáo dục và Đào tạo Hải Phòng; 6 trường" in said
    assert f"người lập: {reported.cast.officer.full_name}" in said
    assert "Bộ chỉ số chưa được đối chiếu với văn bản gốc" in said


def test_an_office_report_knows_no_other_office(reported, tmp_path):
    said = prose(build(reported, reported.cast.office, tmp_path, "pdf"))
    assert "PHÒNG GIÁO DỤC VÀ ĐÀO TẠO QUẬN 0101" in said
    assert "0102" not in said
    assert "phải tự đánh giá: 3." in said


# Quyết định công nhận


def test_the_decision_has_the_form_of_the_decree(reported, tmp_path):
    path = document(reported, tmp_path)
    assert_official(path)
    said = prose(path, 1)
    assert "Số: 05/QĐ-PGDĐT" in said  # written as 5
    assert re.search(r"Dương Kinh, ngày \d\d tháng \d{1,2} năm \d{4}", said)
    assert "QUYẾT ĐỊNH Về việc công nhận mức độ chuyển đổi số" in said
    assert "của 2 cơ sở giáo dục theo danh sách tại Phụ lục" in said
    assert "thi hành Quyết định này./." in said
    assert "KT. TRƯỞNG PHÒNG" in said
    assert "PHÓ TRƯỞNG PHÒNG" in said
    assert "Đặng Thị Ngọc Huyền" in said
    assert "TM." not in said


def test_the_decision_lists_the_schools_in_its_appendix(reported, tmp_path):
    said = prose(document(reported, tmp_path), 2)
    assert said.startswith("Phụ lục Danh sách cơ sở giáo dục được công nhận")
    assert "Kèm theo Quyết định số 05/QĐ-PGDĐT" in said
    assert "1/QĐ-THU 86 3 70 2" in said
    assert "1/QĐ-THU 100 3 100 3" in said
    assert "0102" not in said


def test_who_signs_for_the_body_says_so(reported, tmp_path):
    path = document(
        reported, tmp_path, authority="TM.", issuer_line="Ủy ban nhân dân phường Dương Kinh",
        head_post="Chủ tịch", signer_post="",
    )  # fmt: skip
    said = prose(path, 1)
    assert "TM. ỦY BAN NHÂN DÂN PHƯỜNG DƯƠNG KINH" in said
    assert "KT." not in said
    plain = prose(document(reported, tmp_path, authority="", signer_post=""), 1)
    assert "TM." not in plain
    assert "KT." not in plain
    assert "TRƯỞNG PHÒNG Đặng Thị Ngọc Huyền" in re.sub(r"- [^;]*[;.] ?", "", plain)


def test_the_appendix_has_page_numbers_of_its_own(reported, tmp_path):
    said = decision_paper.paper(reported.decision)
    blocks = tuple(
        replace(one, rows=one.rows * 40) if isinstance(one, Grid) else one
        for one in said.appendices[0].blocks
    )
    said = replace(said, appendices=(replace(said.appendices[0], blocks=blocks),))
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf.render(said))
    numbers = [page_number(path, page) for page in range(1, pages_of(path) + 1)]
    assert len(numbers) >= 4
    assert numbers == ["", "", *(str(one) for one in range(2, len(numbers)))]
    assert "Cơ sở giáo dục" in text_of(path, 3)  # the heading of the table on each page


def test_every_vietnamese_letter_is_printed_in_every_face(reported, tmp_path):
    changes = {"superior_line": LETTERS, "signer_name": LETTERS, "issuer_line": LETTERS}
    path = document(reported, tmp_path, **changes)
    printed = prose(path)
    assert LETTERS in printed  # bold: the signer
    assert printed.count(LETTERS.upper()) >= 2  # regular and bold: the heading
    assert f"của {LETTERS})" in printed  # italic: the appendix
    assert "\ufffd" not in printed


def test_a_document_fetches_nothing_from_outside(reported):
    with pytest.raises(ValueError, match="must not fetch"):
        pdf._refuse("https://example.com/a.png")


def test_a_decision_reads_the_same_after_a_name_has_changed(reported, tmp_path):
    before = prose(document(reported, tmp_path))
    for unit in OrgUnit.objects.all():
        unit.name = f"{unit.name} (tên mới)"
        unit.save(update_fields=["name"])
    Campaign.objects.update(title="Tên đợt đã đổi")
    assert prose(document(reported, tmp_path)) == before
