"""Every document as Word: it opens, says what the PDF says, and has the measures of the decree."""

import re
import shutil
import subprocess
import unicodedata
import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from plans.actions import plans
from plans.boards import units
from plans.models import Plan
from reporting.content import facts
from reporting.documents import excel, paper_to_tables, pdf, word
from reporting.documents.charts import FILLS
from reporting.documents.paper import (
    Appendix,
    Chart,
    Column,
    Grid,
    Paper,
    Signature,
    Text,
    as_json,
    from_json,
)
from reporting.documents.table import silent
from reporting.exchange import form_excel, sheet_excel
from reporting.files import (
    call_letter,
    decision_paper,
    evidence_paper,
    figures_paper,
    figures_tables,
    focal_points_paper,
    maturity_paper,
    plan_paper,
    plan_tables,
    progress_paper,
    report_paper,
)
from reporting.files.maturity_tables import summary
from reporting.models import DataRequest
from reporting.models.export_filters import Across
from tests import figure_world, plan_world, report_world
from tests.reporting.poppler import LETTERS, fonts, pages_of, poppler, words

pytestmark = [pytest.mark.django_db, pytest.mark.alike]
needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None, reason="LibreOffice is not installed"
)


@pytest.fixture(scope="module")
def papers(reported, django_db_blocker) -> dict[str, Paper]:
    """One document of every kind over the same province, made once for the module."""
    with django_db_blocker.unblock():
        return _papers(reported)


@pytest.fixture(scope="module")
def office(papers, tmp_path_factory) -> Path:
    """Each of them as PDF and Word without its charts, as Word with them, and what LibreOffice
    makes of the Word files.
    """
    folder = tmp_path_factory.mktemp("office")
    for name, paper in papers.items():
        plain = tuple(one for one in paper.blocks if not isinstance(one, Chart))
        pdf.write(replace(paper, blocks=plain), folder / f"{name}.pdf")
        word.write(replace(paper, blocks=plain), folder / f"{name}.docx")
        word.write(paper, folder / f"{name}-whole.docx")
    converted(folder)
    return folder


def _papers(reported) -> dict[str, Paper]:
    cast = reported.cast
    request = figure_world.ask(cast)
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(1234, 5, 10))
    written = plan_world.plan(
        cast.office, cast.specialist, purpose="- Nâng cao nhận thức;\nĐúng hạn."
    )
    plan_world.task(
        written, "II.1", phrase="Chậm nhất 15/10/2024", content="Nội dung & yêu cầu <a>."
    )
    plan_world.target(written)
    plans.issue(written, by=cast.office_head)
    plan = Plan.objects.get(pk=written.pk)
    sent = report_world.hand_in(report_world.ask(cast), cast.office, cast.specialist)
    file_ = reported.file(cast.school)
    rollup, _ = figures_paper.paper(request, cast.department, silent)
    progress, _ = progress_paper.paper(plan, cast.office)
    return {
        "bao-cao-dinh-ky": report_paper.paper(sent, facts.of(sent)),
        "bao-cao-muc-do": maturity_paper.paper(
            summary(reported.round, cast.department, asked_by=cast.officer)
        ),
        "cong-van": call_letter.paper(
            plan.tasks.get(code="II.1"), cast.office, until="trước ngày 25/10/2026", number="7",
            authority="KT.", signer_post="Phó Trưởng phòng", signer_name="Đặng Thị Ngọc Huyền",
        ),
        "danh-muc": evidence_paper.paper(file_),
        "ke-hoach": plan_paper.paper(plan),
        "quyet-dinh": decision_paper.paper(reported.decision),
        "quyet-dinh-dau-moi": focal_points_paper.paper(cast.school),
        "so-lieu": rollup,
        "tien-do": progress,
    }  # fmt: skip


def converted(folder: Path, to: str = "pdf:writer_pdf_Export") -> None:
    """Every Word and Excel file of the folder into a PDF beside it, by LibreOffice."""
    files = [*folder.glob("*.docx"), *folder.glob("*.xlsx")]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", to, "--outdir",
         folder / "office", *files],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip


def body(path: Path) -> Counter:
    """The words below the top margin, where only the page number stands. Without hyphens, which
    pdftotext takes for a broken word at the end of a line; a line may also end at a slash.
    """
    said = poppler("pdftotext", "-y", "54", "-x", "0", "-W", "596", "-H", "788", path, "-")
    return Counter(unicodedata.normalize("NFC", said).replace("-", "").replace("/", "/ ").split())


@needs_office
def test_word_and_pdf_say_the_same(papers, office):
    """Charts are pictures in Word: their words are compared in a test of their own."""
    for name in papers:
        ours, theirs = body(office / f"{name}.pdf"), body(office / f"office/{name}.pdf")
        assert ours == theirs, (name, ours - theirs, theirs - ours)
        assert sum(ours.values()) > 80


@needs_office
def test_word_has_the_measures_of_the_decree(papers, office):
    """Read off the pages that LibreOffice makes: A4, margins, faces, page numbers."""
    for name in papers:
        path = office / f"office/{name}-whole.pdf"
        assert re.search(r"Page size: .*A4", poppler("pdfinfo", path))
        for face, *rest in fonts(path):
            assert re.fullmatch(r"[A-Z]{6}\+(Tinos|LiberationSerif|TimesNewRoman).*", face), (
                face
            )  # the metrics of Times New Roman
            assert rest[-5] == "yes", f"{face} is not embedded"
        first = words(path, 1)
        assert 30 <= min(left for left, *_ in first) + 0.6 <= 36
        assert 15 <= 210 - max(right for _, _, right, _, _ in first) + 0.6 <= 22
        assert 20 <= min(top for _, top, *_ in first) + 1 <= 26
        assert not [one for one in first if one[3] < 19]  # no number on page 1
        if pages_of(path) > 1:
            on_top = [one for one in words(path, 2) if one[3] < 19]
            assert len(on_top) <= 1
            assert all(abs((one[0] + one[2]) / 2 - 112.5) < 2 for one in on_top)


@needs_office
def test_libreoffice_opens_every_workbook(reported, papers, tmp_path):
    """The tables of documents, roll-ups with charts, boards, forms and templates to fill in."""
    cast = reported.cast
    request, plan = DataRequest.objects.get(), Plan.objects.get()
    sheets = {name: paper_to_tables.tables(one, [one.title]) for name, one in papers.items()}
    for across in Across:
        sheets[f"so-lieu-{across}"], _ = figures_tables.tables(
            request, cast.department, ["Số liệu"], silent, across=across
        )
    sheets["bang"], _ = plan_tables.board_tables(
        plan, cast.office.path, units.EVERYTHING, ["Bảng"], silent
    )
    sheets["bieu-mau"] = form_excel.tables(request.form)
    for name, tables in sheets.items():
        excel.write(tables, tmp_path / f"{name}.xlsx", title=name, author="edudx")
    sheet = figure_world.sheet_of(request, cast.school)
    sheet_excel.write_template([sheet], tmp_path / "mau.xlsx")
    converted(tmp_path, to="pdf:calc_pdf_Export")
    for name in (*sheets, "mau"):
        assert pages_of(tmp_path / f"office/{name}.pdf") >= 1, name
    said = poppler("pdftotext", tmp_path / "office/mau.pdf", "-")
    assert "Tổng số học sinh" in unicodedata.normalize("NFC", said)


SIZES = {  # domain.md §5: points, bold, italic
    "VB Cơ quan chủ quản": (12, False, False), "VB Cơ quan": (12, True, False),
    "VB Quốc hiệu": (12, True, False), "VB Tiêu ngữ": (13, True, False),
    "VB Số": (13, False, False), "VB Địa danh": (13, False, True),
    "VB Tên loại": (14, True, False), "VB Trích yếu": (14, True, False),
    "VB Nội dung": (13, False, False), "VB Căn cứ": (13, False, True),
    "VB Chức vụ": (13, True, False), "VB Người ký": (13, True, False),
    "VB Nơi nhận": (12, True, True), "VB Nơi nhận dòng": (11, False, False),
    "VB Số trang": (13, False, False), "VB Phụ lục": (14, True, False),
}  # fmt: skip


@pytest.mark.parametrize("form", ["report", "letter"])
def test_the_shipped_frames_have_the_sizes_of_the_decree(form):
    file = docx.Document(word.shipped(form))
    section = file.sections[0]
    assert [round(one / Mm(1)) for one in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one / Mm(1)) for one in margins] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    for name, (size, bold, italic) in SIZES.items():
        font = file.styles[name].font
        assert (font.size.pt, bool(font.bold), bool(font.italic)) == (size, bold, italic), name
        assert font.name == "Times New Roman"
    text = file.styles["VB Nội dung"].paragraph_format
    assert 10 <= text.first_line_indent / Mm(1) <= 12.8
    assert text.space_after.pt >= 6
    assert 1 <= text.line_spacing <= 1.5


ORDER = {  # ECMA-376: Word repairs a file whose properties stand in another order
    "pPr": "pStyle keepNext keepLines pageBreakBefore widowControl pBdr shd tabs spacing ind "
    "contextualSpacing jc outlineLvl rPr sectPr",
    "tblPr": "tblStyle tblpPr tblOverlap tblW jc tblCellSpacing tblInd tblBorders shd tblLayout "
    "tblCellMar tblLook",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar vAlign",
    "trPr": "cantSplit trHeight tblHeader",
    "sectPr": "headerReference footerReference type pgSz pgMar pgBorders lnNumType pgNumType cols "
    "titlePg docGrid",
}


def test_word_files_are_well_formed(papers, tmp_path):
    for name, paper in papers.items():
        path = tmp_path / f"{name}.docx"
        word.write(paper, path)
        assert zipfile.ZipFile(path).testzip() is None
        root = docx.Document(path).element
        for tag, order in ORDER.items():
            for element in root.iter(qn(f"w:{tag}")):
                places = [order.split().index(one.tag.split("}")[1]) for one in element]
                assert places == sorted(places), (name, tag, [one.tag for one in element])
                singles = [one for one in places if "Reference" not in order.split()[one]]
                assert len(singles) == len(set(singles)), (name, tag)
        assert "{{" not in "".join(one.text or "" for one in root.iter(qn("w:t")))


CHART = Chart("2 trong 3 trường đạt", ("Mức 1", "Mức 2"), (("Nhóm 1", (1, 2)),))


def sample(**changes) -> Paper:
    usual = Paper(
        form="report", kind="Báo cáo", superior="UBND", issuer="Phòng", number="01/BC", place="X",
        day="ngày 01", about="Thử", signature=Signature(("Trưởng phòng",), "Tên"),
        blocks=(Text("Câu"), CHART), receivers=("- Lưu: VT.",),
    )  # fmt: skip
    return replace(usual, **changes)


def test_a_chart_is_a_picture_with_words_in_word_and_drawn_text_in_pdf(tmp_path):
    word.write(sample(), tmp_path / "a.docx")
    file = docx.Document(tmp_path / "a.docx")
    (shape,) = file.inline_shapes
    assert shape._inline.docPr.get("descr") == CHART.title
    assert 140 <= shape.width / Mm(1) <= 165
    pdf.write(sample(), tmp_path / "a.pdf")
    said = poppler("pdftotext", tmp_path / "a.pdf", "-")
    for words_ in ("2 trong 3 trường đạt", "Mức 1", "Mức 2", "Nhóm 1"):
        assert words_ in unicodedata.normalize("NFC", said)


def test_a_chart_can_be_told_apart_in_grey_print():
    """Neighbouring shades differ by at least a fifth of the way from black to white."""

    def grey(colour: str) -> float:
        red, green, blue = (int(colour[n : n + 2], 16) for n in (1, 3, 5))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    light, middle, dark = (grey(one) for one in FILLS)
    assert light - middle > 0.2
    assert middle - dark > 0.2


def test_every_vietnamese_letter_and_every_odd_one_arrives(tmp_path):
    odd = f"{LETTERS} A & B < C > \"D\" 'E' {{{{ F }}}} \x0b\x00{{% G %}}"
    paper = sample(
        about=odd, issuer=odd, blocks=(Text(odd, lead=odd), Grid((Column(odd),), ((odd,),)))
    )
    word.write(paper, tmp_path / "a.docx")
    said = [one.text for one in docx.Document(tmp_path / "a.docx").paragraphs]
    clean = odd.replace("\x0b", "\n").replace("\x00", "")
    assert clean in said
    assert f"{clean} {clean}" in said


def test_a_document_kept_as_json_comes_back_as_it_was():
    grid = Grid((Column("A", 10, True, "Dải"), Column("B")), (("Mục",), ("1", "2")), "Bảng", 1)
    paper = sample(blocks=(Text("a", "item", "b"), grid, CHART), to=("c",),
                   appendices=(Appendix("P", "(Kèm)", (grid,), "Phụ lục I"),))  # fmt: skip
    assert from_json(as_json(paper)) == paper


# Long documents


def long_paper(rows: int) -> Paper:
    grid = Grid(
        (Column("TT", 15, True), Column("Đơn vị")),
        tuple((str(n), f"Trường số {n}") for n in range(1, rows + 1)),
    )
    return sample(blocks=(Text("Câu"),), appendices=(Appendix("Danh sách", "(Kèm)", (grid,)),))


def test_a_long_appendix_is_laid_out_by_sections_and_loses_nothing(tmp_path):
    """700 rows are three sections: each row once, in order, a head on each page, numbers go on."""
    pdf.write(long_paper(700), tmp_path / "a.pdf")
    said = poppler("pdftotext", "-layout", tmp_path / "a.pdf", "-")
    found = [int(one) for one in re.findall(r"Trường số (\d+)", said)]
    assert found == list(range(1, 701))
    pages = pages_of(tmp_path / "a.pdf")
    assert said.count("Đơn vị") >= pages - 1
    numbers = [
        " ".join(one[4] for one in words(tmp_path / "a.pdf", page) if one[3] < 20)
        for page in range(1, pages + 1)
    ]
    assert numbers == ["", "", *(str(n) for n in range(2, pages))]
    left = min(one[0] for one in words(tmp_path / "a.pdf", pages))
    assert 30 <= left + 0.5 <= 36
