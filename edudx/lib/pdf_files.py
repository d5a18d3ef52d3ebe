"""PDF files as readers open them: with bytes before the head, or protected without a password."""

import re
import threading
from typing import BinaryIO

import pypdfium2

PDFIUM = threading.RLock()  # the library serves one thread at a time
HEAD = b"%PDF-"
HEAD_WITHIN = 1024  # readers look no further (ISO 32000-1, appendix H.3.4.1)
END = b"%%EOF"
END_WITHIN = 1024  # readers look no further back (H.3.4.4)
PADDING = b"\0\t\n\r\x1a "
MOST_PADDING = 64 * 1024
LOCKED = (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY)
OTHER_HEADS = (b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"PK", b"MZ", b"RIFF", b"\x7fELF", b"Rar!",
               b"\xd0\xcf\x11\xe0", b"#!", b"<", b"{\\rtf")  # fmt: skip
FAST_WEB_VIEW = re.compile(rb"<<(?=[^>]*/Linearized)[^>]*/L\s+(\d+)")


class PdfLocked(ValueError):
    """Nobody opens it without a password, or without a certificate."""


class PdfBroken(ValueError):
    """No reader opens it, or its end is missing."""


def is_pdf(head: bytes) -> bool:
    """Whether the first bytes of a file are those of a PDF, and not of another format as well."""
    return head.find(HEAD, 0, HEAD_WITHIN) >= 0 and not head.lstrip(PADDING).startswith(OTHER_HEADS)


def check(file: BinaryIO) -> None:
    """Open it as a reader without any password; PdfLocked or PdfBroken when that fails.

    The file is read where the library asks for it, never as a whole.
    """
    if not _has_its_end(file):
        raise PdfBroken
    file.seek(0)
    try:
        with PDFIUM, pypdfium2.PdfDocument(file) as document:
            document.get_page_size(0)
    except pypdfium2.PdfiumError as fault:
        raise (PdfLocked if fault.err_code in LOCKED else PdfBroken) from fault


def _has_its_end(file: BinaryIO) -> bool:
    """Half of a file may well be read by programs that mend it; it is half a document."""
    file.seek(0)
    promised = FAST_WEB_VIEW.search(file.read(2 * HEAD_WITHIN))
    size = file.seek(0, 2)
    if promised and int(promised[1]) > size:
        return False
    file.seek(max(0, size - MOST_PADDING))
    return END in file.read(MOST_PADDING).rstrip(PADDING)[-END_WITHIN:]
