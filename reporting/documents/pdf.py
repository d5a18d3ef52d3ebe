"""The only place that writes PDF: a Paper through our own HTML and WeasyPrint, nothing fetched.

Laying out a table takes about 0.15 MB a row. So a long appendix is laid out by sections, each
written and let go, and merged at the end.
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
from django.conf import settings
from django.template.loader import render_to_string
from pypdf import PdfWriter

from edudx.lib.pdf_files import PDFIUM
from reporting.documents import charts
from reporting.documents.html import shown
from reporting.documents.paper import Appendix, Block, Chart, Grid, Paper, addressed, legal
from reporting.documents.table import Progress, silent

SECTION = 300  # rows laid out at once
CONTINUED = """@page :first {{ counter-reset: page {number}; @top-center {{ content: counter(page);
font: 13pt Tinos, "Liberation Serif", "Times New Roman", serif; }} }}"""
SHARPNESS = 3  # pixels a point, in a picture


class PdfUnavailable(RuntimeError):
    """The machine lacks a library. The text says which to install."""


def _weasyprint():
    """Imported when first needed: it takes a second and needs system libraries."""
    try:
        import weasyprint
    except OSError as fault:
        raise PdfUnavailable(
            "Máy chủ thiếu thư viện để lập PDF; cần cài libpango-1.0-0 libpangoft2-1.0-0."
        ) from fault
    return weasyprint


def render(paper: Paper) -> bytes:
    """A tagged PDF/A-3, in one go: for a page or a few."""
    return _document(paper).write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True)


def write(paper: Paper, target: Path, progress: Progress = silent) -> None:
    """Into a file, long appendices by sections; what was merged is a plain PDF, not PDF/A."""
    if not any(_is_long(one) for one in paper.appendices):
        progress(0, 1, "Dựng văn bản PDF")
        target.write_bytes(render(paper))
        return
    pieces = [(one, list(_pieces(one.blocks))) for one in paper.appendices]
    count = 1 + sum(len(blocks) for _, blocks in pieces)
    done = 1
    with PdfWriter() as merged:
        merged.append(BytesIO(render(replace(paper, appendices=()))))
        for one, blocks in pieces:
            for section in _sections(one, blocks):
                progress(done, count, "Dựng văn bản PDF")
                merged.append(BytesIO(section))
                done += 1
        merged.add_metadata({"/Title": paper.title})
        merged.write(target)


def picture(chart: Chart) -> bytes:
    """The chart alone as PNG, for a file that cannot hold SVG."""
    drawing = charts.drawn(chart)
    svg = render_to_string("components/_drawing.html", {"chart": drawing, "font": "Tinos"})
    style = f"@page {{ size: {drawing.width}px {drawing.height}px; margin: 0 }}"
    style += f" body {{ margin: 0 }} svg {{ display: block; width: {drawing.width}px }}"
    page = _weasyprint().HTML(string=legal(svg), url_fetcher=_refuse, base_url=None)
    content = page.write_pdf(stylesheets=[_weasyprint().CSS(string=style)])
    target = BytesIO()
    with PDFIUM, pypdfium2.PdfDocument(content) as file:
        file[0].render(scale=SHARPNESS).to_pil().save(target, "PNG")
    return target.getvalue()


def _is_long(one: Appendix) -> bool:
    return any(isinstance(block, Grid) and len(block.rows) > SECTION for block in one.blocks)


def _sections(one: Appendix, pieces: list[tuple[Block, ...]]) -> Iterator[bytes]:
    """The appendix in pieces whose page numbers go on."""
    number = 0
    for blocks in pieces:
        said = {"one": one, "parts": shown(blocks), "is_first": number == 0}
        html = render_to_string("documents/appendix.html", said)
        laid_out = _laid_out(html, CONTINUED.format(number=number + 1) if number else "")
        yield laid_out.write_pdf()
        number += len(laid_out.pages)


def _pieces(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    for one in blocks:
        if not isinstance(one, Grid):
            yield (one,)
            continue
        for start in range(0, len(one.rows), SECTION):
            is_last = start + SECTION >= len(one.rows)
            rows = one.rows[start : start + SECTION]
            yield (replace(one, rows=rows, totals=one.totals if is_last else 0),)


def _document(paper: Paper):
    appendices = [(one, shown(one.blocks)) for one in paper.appendices]
    said = {"paper": paper, "parts": shown(paper.blocks), "appendices": appendices,
            "to": addressed(paper.to)}  # fmt: skip
    return _laid_out(render_to_string("documents/paper.html", said))


def _laid_out(html: str, style: str = ""):
    weasyprint = _weasyprint()
    css = Path(settings.BASE_DIR) / "static" / "css" / "document.css"
    sheets = [weasyprint.CSS(string=css.read_text(encoding="utf-8"))]
    if style:
        sheets.append(weasyprint.CSS(string=style))
    page = weasyprint.HTML(string=legal(html), url_fetcher=_refuse, base_url=None)
    return page.render(stylesheets=sheets, pdf_variant="pdf/a-3a", pdf_tags=True)


def _refuse(url: str, *args, **kwargs):
    raise ValueError(f"A document must not fetch {url[:80]}")
