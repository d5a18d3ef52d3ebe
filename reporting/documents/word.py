"""The only place that writes Word: a frame that offices may change, filled with a Paper."""

from collections.abc import Iterator
from io import BytesIO
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import docx
from docx.enum.section import WD_SECTION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reporting.documents import pdf
from reporting.documents.paper import Block, Chart, Column, Grid, Paper, Text, addressed, legal

FRAMES = Path(__file__).parent / "frames"
HERE = "\ue000"  # stands where the blocks go, between filling in the fields and writing them
STYLES = {
    "body": "VB Nội dung", "item": "VB Nội dung", "heading": "VB Đề mục", "ground": "VB Căn cứ",
    "centre": "VB Giữa đậm", "notice": "VB Lưu ý", "note": "VB Ghi chú", "cell": "VB Ô bảng",
    "appendix": "VB Phụ lục",
}  # fmt: skip
FIELDS = {
    "co_quan_chu_quan": "dòng trên bên trái", "co_quan_ban_hanh": "dòng dưới bên trái, in đậm",
    "so_ky_hieu": "ví dụ 05/BC-PGDĐT", "dia_danh": "ví dụ Dương Kinh",
    "ngay": "ngày … tháng … năm …", "ten_loai": "BÁO CÁO, KẾ HOẠCH, QUYẾT ĐỊNH …",
    "trich_yeu": "trích yếu", "kinh_gui": "nơi nhận chính của công văn",
    "noi_dung": "toàn bộ nội dung, đứng riêng một đoạn", "chuc_vu": "TM., KT., chức vụ",
    "nguoi_ky": "họ tên người ký", "noi_nhan": "các dòng nơi nhận", "ghi_chu": "ghi chú cuối",
}  # fmt: skip


def environment() -> ImmutableSandboxedEnvironment:
    """Fields are words: nothing else of Python can be reached from a template."""
    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def shipped(form: str) -> Path:
    """The frame that comes with the portal: a letter's, or that of every other kind."""
    return FRAMES / ("cong-van.docx" if form == "letter" else "van-ban.docx")


def fields_of(paper: Paper) -> dict[str, str]:
    """What the fields of a frame say; a line break separates lines."""
    said = {
        "co_quan_chu_quan": paper.superior.upper(), "co_quan_ban_hanh": paper.issuer.upper(),
        "so_ky_hieu": paper.number, "dia_danh": paper.place, "ngay": paper.day,
        "ten_loai": paper.kind.upper(), "trich_yeu": paper.about,
        "kinh_gui": addressed(paper.to), "noi_dung": HERE,
        "chuc_vu": "\n".join(one.upper() for one in paper.signature.posts),
        "nguoi_ky": paper.signature.name, "noi_nhan": "\n".join(paper.receivers),
        "ghi_chu": paper.note,
    }  # fmt: skip
    return {name: legal(text) if text != HERE else text for name, text in said.items()}


def write(paper: Paper, target: Path, frame: Path | BytesIO | None = None) -> None:
    """The paper as an editable Word file. OSError when there is no place."""
    template = DocxTemplate(frame or shipped(paper.form))
    template.render(fields_of(paper), environment())
    file = template.docx  # get_docx() would read the frame again
    marker = next(one for one in _paragraphs(file) if one.text.strip() == HERE)
    for element in _elements(file, _lead(paper) + paper.blocks):
        marker._p.addprevious(element)
    _keep_with_signature(marker._p.getprevious())
    marker._p.getparent().remove(marker._p)
    for one in paper.appendices:
        _open_appendix(file)
        blocks = (
            Text(one.head, "appendix"),
            Text(one.title, "centre"),
            Text(one.attached, "note"),
        )
        end = file.element.body.sectPr
        for element in _elements(file, blocks + one.blocks):
            end.addprevious(element)
    file.core_properties.title, file.core_properties.language = legal(paper.title)[:250], "vi-VN"
    file.save(target)


def _keep_with_signature(element) -> None:
    """The last paragraph: nobody signs on a page that says nothing."""
    if element is not None and element.tag == qn("w:p"):
        docx.text.paragraph.Paragraph(element, None).paragraph_format.keep_with_next = True


def _lead(paper: Paper) -> tuple[Block, ...]:
    return (Text(paper.notice, "notice"),) if paper.notice else ()


def _paragraphs(file) -> Iterator:
    """Of the body, those in tables too."""
    for element in file.element.body.iter(qn("w:p")):
        yield docx.text.paragraph.Paragraph(element, file)


def _open_appendix(file) -> None:
    """A new page whose numbers begin again; a section begins as a copy of the one before."""
    section = file.add_section(WD_SECTION.NEW_PAGE)
    if section._sectPr.find(qn("w:pgNumType")) is not None:
        return
    numbers = OxmlElement("w:pgNumType")
    numbers.set(qn("w:start"), "1")
    section._sectPr.find(qn("w:pgMar")).addnext(numbers)


def _elements(file, blocks: tuple[Block, ...]) -> Iterator:
    """The XML of each block."""
    width = _text_width(file)
    for one in blocks:
        if isinstance(one, Text):
            yield _text(file, one)
        elif isinstance(one, Grid):
            if one.title:
                yield _text(file, Text(one.title, "centre"))
            yield _grid(file, one, width)
            yield _text(file, Text("", "note"))
        else:
            yield from _chart(file, one)


def _text_width(file) -> int:
    """Millimetres between the margins."""
    section = file.sections[0]
    return int((section.page_width - section.left_margin - section.right_margin) / Mm(1))


def _text(file, one: Text):
    found = _styled(file, STYLES[one.look])
    if one.lead:
        found.add_run(legal(f"{one.lead} ")).bold = True
    found.add_run(legal(f"- {one.text}" if one.look == "item" else one.text))
    return found._p


def _styled(file, style: str):
    found = docx.text.paragraph.Paragraph(OxmlElement("w:p"), file._body)
    found.style = file.styles[style]
    return found


def _chart(file, one: Chart) -> Iterator:
    """A picture with its words as description; the numbers stand in a table below it."""
    yield _text(file, Text(one.title, "centre"))
    holder = _styled(file, STYLES["note"])
    picture = holder.add_run().add_picture(BytesIO(pdf.picture(one)), width=Mm(150))
    picture._inline.docPr.set("descr", legal(one.title))
    yield holder._p


def _grid(file, grid: Grid, width: int):
    """Built as XML at once: python-docx counts the cells anew for each one it writes."""
    widths = _widths(grid.columns, width)
    style = file.styles[STYLES["cell"]].style_id
    rows = "".join(_head(grid, widths, style))
    first_total = len(grid.rows) - grid.totals
    for place, row in enumerate(grid.rows):
        rows += _row(grid, row, widths, style, is_bold=place >= first_total)
    if not grid.rows:
        rows += f"<w:tr>{_cell(grid.empty, sum(widths), style, span=len(widths))}</w:tr>"
    columns = "".join(f'<w:gridCol w:w="{_twips(one)}"/>' for one in widths)
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/>'
        f"</w:tblCellMar></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{rows}</w:tbl>"
    )


_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="6" w:space="0" w:color="000000"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)


def _twips(mm: float) -> int:
    return round(mm * 1440 / 25.4)


def _widths(columns: tuple[Column, ...], width: int) -> list[float]:
    """Millimetres of each column; those without a width share what is left."""
    free = [one for one in columns if not one.width]
    left = max(width - sum(one.width for one in columns), 10 * len(free))
    return [one.width or left / len(free) for one in columns]


def _head(grid: Grid, widths: list[float], style: str) -> Iterator[str]:
    """One heading row, or two where columns stand under bands; repeated on every page."""
    repeated = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    columns = list(zip(grid.columns, widths, strict=True))
    has_bands = any(one.band for one in grid.columns)
    if has_bands:
        cells = ""
        for band, run in groupby(columns, key=lambda one: one[0].band):
            run = list(run)
            if band:
                cells += _heading(band, sum(w for _, w in run), style, span=len(run))
            else:
                cells += "".join(_heading(one.title, w, style, merge="restart") for one, w in run)
        yield f"<w:tr>{repeated}{cells}</w:tr>"
    cells = "".join(
        _heading("" if has_bands and not one.band else one.title, w, style,
                 merge="continue" if has_bands and not one.band else "")
        for one, w in columns
    )  # fmt: skip
    yield f"<w:tr>{repeated}{cells}</w:tr>"


def _heading(text: str, width: float, style: str, *, span: int = 1, merge: str = "") -> str:
    return _cell(text, width, style, span=span, merge=merge, is_bold=True, align="center")


def _row(
    grid: Grid, row: tuple[str, ...], widths: list[float], style: str, *, is_bold: bool
) -> str:  # fmt: skip
    if len(row) == 1 < len(widths):
        head = _cell(row[0], sum(widths), style, span=len(widths), is_bold=True)
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{head}</w:tr>"
    cells = "".join(
        _cell(text, width, style, is_bold=is_bold, align="center" if column.is_number else "left")
        for text, width, column in zip(row, widths, grid.columns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>"


def _cell(
    text: str, width: float, style: str, *, span: int = 1, merge: str = "", is_bold: bool = False,
    align: str = "left",
) -> str:  # fmt: skip
    joined = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    joined += f'<w:vMerge w:val="{merge}"/>' if merge else ""
    bold = "<w:rPr><w:b/></w:rPr>" if is_bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width)}" w:type="dxa"/>{joined}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{escape(style)}"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r>{bold}<w:t xml:space="preserve">'
        f"{escape(legal(text))}</w:t></w:r></w:p></w:tc>"
    )
