"""What an office file is, by what stands in it and not by its name; how to make of it one we read.

Word, Excel and PowerPoint files are zip archives whose main part is found through its content type
(ECMA-376 part 2); those of before 2007, and those with a password, are OLE files.
"""

import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from defusedxml import ElementTree

TYPES = "[content_types].xml"
MOST_TYPES = 2 * 1024**2
OFFICE = "application/vnd.openxmlformats-officedocument."
WORD, EXCEL, POWERPOINT = ".docx", ".xlsx", ".pptx"
MAIN = {  # as content types begin → what it is saved as
    f"{OFFICE}wordprocessingml.document.main+xml": WORD,
    f"{OFFICE}spreadsheetml.sheet.main+xml": EXCEL,
    f"{OFFICE}presentationml.presentation.main+xml": POWERPOINT,
    f"{OFFICE}wordprocessingml.template.main+xml": WORD,
    f"{OFFICE}spreadsheetml.template.main+xml": EXCEL,
    f"{OFFICE}presentationml.template.main+xml": POWERPOINT,
    f"{OFFICE}presentationml.slideshow.main+xml": POWERPOINT,
}
WITH_MACROS = {  # of documents, templates, shows and add-ins alike
    "application/vnd.ms-word.": WORD,
    "application/vnd.ms-excel.": EXCEL,
    "application/vnd.ms-powerpoint.": POWERPOINT,
}
MACROS = "vbaproject.bin"
STRICT = b"purl.oclc.org/ooxml"
PROGRAM = {WORD: "Word", EXCEL: "Excel", POWERPOINT: "PowerPoint"}
KIND = {
    WORD: "Word Document (.docx)",
    EXCEL: "Excel Workbook (.xlsx)",
    POWERPOINT: "PowerPoint Presentation (.pptx)",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
OLE_STREAMS = {  # as their names stand in the file → what it is
    "EncryptedPackage": "locked",
    "WordDocument": WORD,
    "PowerPoint Document": POWERPOINT,
    "Workbook": EXCEL,
}
PIECE = 64 * 1024
NO_XLSX = "Tệp không phải là Excel .xlsx."


class NoOfficeFile(ValueError):
    """A zip archive that no office program takes for its own, or half of one."""


def saved_as(extension: str) -> str:
    """What to do in the program that opens it."""
    return (
        f"Hãy mở bằng {PROGRAM[extension]}, chọn «Lưu dưới dạng», loại «{KIND[extension]}», "
        "rồi tải lên lại."
    )


def without_password(program: str) -> str:
    return (
        f"Hãy mở bằng {program}, vào «Tệp», «Thông tin», «Bảo vệ», «Mã hóa bằng mật khẩu», "
        "xóa mật khẩu, lưu rồi tải lên lại."
    )


def extension_of(archive: zipfile.ZipFile) -> tuple[str, bool]:
    """(.docx, .xlsx or .pptx, whether it has macros); NoOfficeFile for any other archive."""
    names = {_plain(one): one for one in archive.namelist()}
    for part, content_type in _typed(archive, names):
        if content_type in MAIN:
            return MAIN[content_type], any(name.endswith(MACROS) for name in names)
        for start, extension in WITH_MACROS.items():
            if content_type.startswith(start) and ".main" in content_type and part in names:
                return extension, True
    raise NoOfficeFile


def _typed(archive: zipfile.ZipFile, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """(part, its content type) of every part that is there: its own type, or that of its ending."""
    if TYPES not in names or archive.getinfo(names[TYPES]).file_size > MOST_TYPES:
        raise NoOfficeFile
    try:
        root = ElementTree.fromstring(archive.read(names[TYPES]))
    except Exception as fault:  # a damaged archive, no XML, or XML that wishes ill
        raise NoOfficeFile from fault
    own, by_ending = {}, {}
    for one in root:
        content_type = one.get("ContentType", "").strip().lower()
        own[_plain(one.get("PartName", ""))] = content_type
        by_ending[one.get("Extension", "").lower()] = content_type
    for name in names:
        yield name, own.get(name) or by_ending.get(name.rpartition(".")[2], "")


def _plain(name: str) -> str:
    """Names of parts do not differ by case; some programs begin them with a slash."""
    return name.replace("\\", "/").lstrip("/").lower()


def inside_ole(file: BinaryIO) -> str:
    """What an OLE file is: «locked», an extension of the programs of today, or «»."""
    found = set()
    for piece in _overlapping(file, overlap=64):
        found |= {name for name in OLE_STREAMS if name.encode("utf-16-le") in piece}
    return next((OLE_STREAMS[name] for name in OLE_STREAMS if name in found), "")


def _overlapping(file: BinaryIO, overlap: int) -> Iterator[bytes]:
    file.seek(0)
    rest = b""
    while piece := file.read(PIECE):
        yield rest + piece
        rest = piece[-overlap:]


# Where a workbook is expected


def not_a_workbook(file: BinaryIO) -> str:
    """What the file is and how to save it, when it is no .xlsx that we read; «» when it is one."""
    file.seek(0)
    head = file.read(4096)
    if head.startswith(b"PK"):
        return _zip_fault(file)
    if head.startswith(OLE):
        return _ole_fault(inside_ole(file))
    what, how = _other(head)
    return f"{NO_XLSX} {what}{how or saved_as(EXCEL)}"


def _ole_fault(kind: str) -> str:
    if kind == "locked":
        return f"Tệp Excel này có mật khẩu. {without_password('Excel')}"
    if kind in (WORD, POWERPOINT):
        return f"{NO_XLSX} Đây là tệp {PROGRAM[kind]} đời cũ. Hãy tải lên đúng tệp Excel."
    return f"{NO_XLSX} Đây là Excel đời cũ (.xls). {saved_as(EXCEL)}"


def _zip_fault(file: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(file) as archive:
            names = {_plain(one): one for one in archive.namelist()}
            if TYPES in names:
                return _office_fault(archive)
            return f"{NO_XLSX} {_other_zip(archive, names)}"
    except NoOfficeFile:
        return f"{NO_XLSX} Tệp hỏng hoặc không do Excel lưu. {saved_as(EXCEL)}"
    except Exception:  # zipfile has a dozen kinds of complaint about rubbish
        return f"{NO_XLSX} Tệp hỏng hoặc tải lên dở dang; hãy tải lên lại."


def _office_fault(archive: zipfile.ZipFile) -> str:
    extension, has_macros = extension_of(archive)
    if extension != EXCEL:
        return f"{NO_XLSX} Đây là tệp {PROGRAM[extension]}. Hãy tải lên đúng tệp Excel."
    if has_macros:
        return f"Tệp Excel này có macro (.xlsm) hoặc là .xlsb; cổng không nhận. {saved_as(EXCEL)}"
    if _is_strict(archive):
        return (
            "Tệp là loại «Strict Open XML Spreadsheet», cổng không đọc được. "
            f"{saved_as(EXCEL)} Không chọn loại có chữ «Strict»."
        )
    return ""


def _is_strict(archive: zipfile.ZipFile) -> bool:
    """Its worksheets speak of other namespaces than those of nearly every program."""
    for name in archive.namelist():
        if _plain(name) in ("_rels/.rels", "xl/workbook.xml"):
            with archive.open(name) as part:
                if STRICT in part.read(8192):
                    return True
    return False


def _other_zip(archive: zipfile.ZipFile, names: dict[str, str]) -> str:
    kind = b""
    if "mimetype" in names:
        with archive.open(names["mimetype"]) as part:
            kind = part.read(200)
    if b"opendocument.spreadsheet" in kind:
        return (
            "Đây là bảng tính OpenDocument (.ods). Hãy mở bằng LibreOffice hoặc Excel, chọn "
            "«Lưu dưới dạng», loại «Excel (.xlsx)», rồi tải lên lại."
        )
    if any(name.startswith("index/") or name == "index.zip" for name in names):
        return (
            "Đây là tệp Apple Numbers (.numbers). Hãy mở bằng Numbers, chọn «Tệp», «Xuất sang», "
            "«Excel», rồi tải tệp .xlsx lên."
        )
    return (
        "Đây là tệp nén (.zip). Hãy giải nén, mở bảng tính ở trong bằng Excel, chọn "
        "«Lưu dưới dạng», loại «Excel Workbook (.xlsx)», rồi tải lên lại."
    )


def _other(head: bytes) -> tuple[str, str]:
    """(what it is, how to go on if not by Excel)."""
    start = head.lstrip(b"\xef\xbb\xbf\0 \t\r\n").lower()
    if not head:
        return "Tệp trống (0 byte). ", "Hãy lưu lại bằng Excel rồi tải lên."
    if b"%pdf-" in head[:1024].lower():
        return "Đây là PDF, cổng không đọc số từ PDF. ", "Hãy tải lên tệp Excel."
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8")) or head[4:8] == b"ftyp":
        return "Đây là ảnh, cổng không đọc số từ ảnh. ", "Hãy tải lên tệp Excel."
    if start.startswith(b"mime-version:"):
        return "Đây là trang web (.mht) mang đuôi của Excel. ", ""
    if start.startswith(b"<") or b"<\0" in start[:4]:
        is_old_xml = b"schemas-microsoft-com:office:spreadsheet" in start
        what = "XML Spreadsheet 2003" if is_old_xml else "trang web (HTML) mang đuôi của Excel"
        return f"Đây là {what}. ", ""
    is_text = head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" not in head
    return ("Đây là chữ thuần (như .csv, .txt). " if is_text else ""), ""
