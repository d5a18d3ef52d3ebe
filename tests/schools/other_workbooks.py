"""What offices send where an Excel workbook is expected, and what each of them must be told."""

import io
import struct
import zipfile

from tests import make
from tests.schools import files

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main"
    ),
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships"
    ),
}
MACRO_FREE = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
WITH_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"


def changed(content: bytes, words: dict[bytes, bytes]) -> bytes:
    """The same archive, in which every part has these words instead of those."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            for before, after in words.items():
                part = part.replace(before, after)
            new.writestr(entry.filename, part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def ole(*streams: str) -> bytes:
    """A compound file as far as its names: a head, then the directory."""
    entries = b"".join(
        name.encode("utf-16-le").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + bytes(62)
        for name in ("Root Entry", *streams)
    )
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + bytes(70_000) + entries


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def sent(whole: bytes) -> dict[str, tuple[str, bytes, str]]:
    """Name, content and the words of the answer, made from a workbook that is right."""
    return {
        "with a password": ("a.xlsx", ole("EncryptedPackage", "DataSpaces"),
                            "Tệp Excel này có mật khẩu. Hãy mở bằng Excel"),
        "strict": ("a.xlsx", changed(whole, STRICT), "Tệp là loại «Strict Open XML Spreadsheet»"),
        "with macros": ("a.xlsx", changed(whole, {MACRO_FREE: WITH_MACROS}),
                        "Tệp Excel này có macro"),
        "csv": ("a.csv", "Mã;Tên\n01;Trường".encode(), "Đây là chữ thuần (như .csv, .txt)."),
        "csv as xlsx": ("a.xlsx", "\ufeffMã,Tên\n".encode(), "Đây là chữ thuần"),
        "Unicode text": ("a.xlsx", "Mã\tTên\n".encode("utf-16"), "Đây là chữ thuần"),
        "xls": ("a.xls", ole("Workbook"), "Đây là Excel đời cũ (.xls)."),
        "xls as xlsx": ("a.xlsx", ole("Book"), "Đây là Excel đời cũ (.xls)."),
        "old Word": ("a.xlsx", ole("WordDocument"), "Đây là tệp Word đời cũ."),
        "ods": ("a.ods",
                zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", content=b"x"),
                "Đây là bảng tính OpenDocument (.ods)."),
        "numbers": ("a.numbers", zipped(Index__Document=b"x"), "Đây là tệp Apple Numbers"),
        "a zip": ("a.xlsx", zipped(a=whole), "Đây là tệp nén (.zip). Hãy giải nén"),
        "Word": ("a.xlsx", files.office("word/document.xml"), "Đây là tệp Word."),
        "HTML as xls": ("a.xls", b"\r\n<HTML><table><tr><td>1</table>", "Đây là trang web (HTML)"),
        "XML of 2003": ("a.xls", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:'
                        b'office:spreadsheet"/>', "Đây là XML Spreadsheet 2003."),
        "PDF": ("a.xlsx", make.pdf_bytes(), "Đây là PDF, cổng không đọc số từ PDF."),
        "a photo": ("a.xlsx", files.picture("JPEG"), "Đây là ảnh, cổng không đọc số từ ảnh."),
        "half of it": ("a.xlsx", whole[: len(whole) // 2], "Tệp hỏng hoặc tải lên dở dang"),
    }  # fmt: skip
