"""Real files to upload and import, good and bad, made with the libraries that offices use."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfWriter

from schools.exchange.import_units_people import (
    PEOPLE_COLUMNS,
    PEOPLE_SHEET,
    UNIT_COLUMNS,
    UNIT_SHEET,
)

SCHOOL = {
    "code": "0101-050",
    "name": "Trường Tiểu học Hòa Nghĩa",
    "short_name": "TH Hòa Nghĩa",
    "kind": "Cơ sở giáo dục",
    "school_type": "Tiểu học",
    "ownership": "Công lập",
    "parent": "0101",
    "place": "Hòa Nghĩa",
}
TEACHER = {
    "email": "binh@truong.example",
    "full_name": "Lê Thị Bình",
    "unit": "0101-001",
    "role": "Đầu mối CNTT",
}
MAIN = {
    "word": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "ppt": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}


def workbook(sheet: str, columns: dict, rows, *, leave_out=(), change=None) -> io.BytesIO:
    """One sheet with the headings of `columns`; `change(worksheet)` may spoil it."""
    book, out = Workbook(), io.BytesIO()
    page = book.active
    page.title = sheet
    keys = [key for key in columns if key not in leave_out]
    page.append([columns[key] for key in keys])
    for row in rows:
        page.append([row.get(key) for key in keys])
    if change:
        change(page)
    book.save(out)
    out.seek(0)
    return out


def units(*rows, **options) -> io.BytesIO:
    return workbook(UNIT_SHEET, UNIT_COLUMNS, rows, **options)


def row_of(unit, **changes) -> dict:
    """The row that says of a unit what the portal already knows."""
    return {
        "code": unit.code,
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.get_kind_display(),
        "school_type": unit.get_school_type_display(),
        "ownership": unit.get_ownership_display(),
        "parent": unit.parent.code if unit.parent else None,
        "superior_name": unit.superior_name,
        "abbreviation": unit.abbreviation,
        "place": unit.place,
        "valid_from": f"{unit.valid_from:%d/%m/%Y}",
    } | changes


def people_workbook(*rows, **options) -> io.BytesIO:
    return workbook(PEOPLE_SHEET, PEOPLE_COLUMNS, rows, **options)


def with_part(file: io.BytesIO, name: str, content: bytes) -> io.BytesIO:
    """The same zip with one more part, or with that part replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(file) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    out.seek(0)
    return out


def bomb(file: io.BytesIO, megabytes: int) -> io.BytesIO:
    """A workbook with a part of zeros: small on the wire, huge when opened."""
    return with_part(file, "xl/media/image1.bin", bytes(megabytes * 1024**2))


def office(part: str, content_type: str = "", **more: str) -> bytes:
    """The smallest Word or PowerPoint package: content types, one main part, and `more` parts."""
    out, content_type = io.BytesIO(), content_type or MAIN[part.partition("/")[0]]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
            'content-types"><Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/{part}" ContentType="{content_type}"/></Types>',
        )
        archive.writestr(part, '<?xml version="1.0"?><main/>')
        for name, text in more.items():
            archive.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def picture(kind: str, width: int = 20, height: int = 20) -> bytes:
    out = io.BytesIO()
    Image.new("1" if kind == "PNG" else "L", (width, height)).save(out, kind)
    return out.getvalue()


def locked_pdf(password: str) -> bytes:
    """Needs `password` to be opened; none when it is empty, as with scans that forbid editing."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt(user_password=password, owner_password="chu-so-huu", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/octet-stream")
