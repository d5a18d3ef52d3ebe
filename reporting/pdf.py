"""The only place that writes PDF: our own HTML through WeasyPrint, nothing fetched from outside."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string


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


def render(template: str, context: dict) -> bytes:
    """A tagged PDF/A-3 of a template of templates/documents/."""
    weasyprint = _weasyprint()
    style = Path(settings.BASE_DIR) / "static" / "css" / "document.css"
    page = weasyprint.HTML(
        string=render_to_string(template, context), url_fetcher=_refuse, base_url=None
    )
    return page.write_pdf(
        stylesheets=[weasyprint.CSS(string=style.read_text(encoding="utf-8"))],
        pdf_variant="pdf/a-3a",
        pdf_tags=True,
    )


def _refuse(url: str, *args, **kwargs):
    raise ValueError(f"A document must not fetch {url[:80]}")
