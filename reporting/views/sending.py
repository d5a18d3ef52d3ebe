"""A file that is made inside the request and sent at once."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from reporting.documents import excel, pdf
from reporting.documents.paper import Paper
from reporting.documents.table import Table

PDF = "application/pdf"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sent(content: bytes, type: str, name: str, *, is_kept: bool = True) -> HttpResponse:
    """`is_kept`: it goes to the folder of downloads, else the browser shows it."""
    response = HttpResponse(content, content_type=type)
    response["Content-Disposition"] = content_disposition_header(is_kept, name)
    return response


def written(write: Callable[[Path], object]) -> bytes:
    """The bytes of what only writes into a file."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "file"
        write(target)
        return target.read_bytes()


def workbook(tables: list[Table], stem: str, *, title: str, author: str) -> HttpResponse:
    content = written(lambda target: excel.write(tables, target, title=title, author=author))
    return sent(content, XLSX, f"{stem}.xlsx")


def document(paper: Paper, stem: str) -> HttpResponse:
    """A page or two as PDF."""
    return sent(pdf.render(paper), PDF, f"{stem}.pdf", is_kept=False)
