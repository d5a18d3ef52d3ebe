"""What an upload really is: sniffed, opened and measured before anything is kept."""

import hashlib
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

import magic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from edudx.lib import office_files, pdf_files, pictures
from edudx.lib.text import typed
from edudx.lib.vietnamese import number

PDF, PNG, JPEG, WEBP = "application/pdf", "image/png", "image/jpeg", "image/webp"
HEIF = "image/heic"
OFFICE = {
    office_files.WORD: f"{office_files.OFFICE}wordprocessingml.document",
    office_files.EXCEL: f"{office_files.OFFICE}spreadsheetml.sheet",
    office_files.POWERPOINT: f"{office_files.OFFICE}presentationml.presentation",
}
PICTURES = {
    ".png": PNG,
    **dict.fromkeys((".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".jfi", ".pjpeg", ".pjp"), JPEG),
    ".webp": WEBP,
    **dict.fromkeys((".heic", ".heif", ".hif", ".heics", ".heifs"), HEIF),
}
SNIFFED = {  # as libmagic calls pictures
    **{one: one for one in (PNG, JPEG, WEBP)},
    **dict.fromkeys((HEIF, "image/heif", "image/heic-sequence", "image/heif-sequence"), HEIF),
}
USUAL_NAMES = {PNG: (".png",), JPEG: (".jpg", ".jpeg"), WEBP: (".webp",)}
OTHERS = {  # formats that their program saves as one of ours
    **dict.fromkeys((".doc", ".docm", ".dot", ".dotx", ".dotm", ".rtf", ".odt"), office_files.WORD),
    **dict.fromkeys((".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".ods", ".csv", ".tsv"),
                    office_files.EXCEL),
    **dict.fromkeys((".ppt", ".pptm", ".pps", ".ppsx", ".ppsm", ".pot", ".potx", ".potm", ".odp"),
                    office_files.POWERPOINT),
}  # fmt: skip
OTHER_PICTURES = (".tif", ".tiff", ".bmp", ".gif", ".avif", ".jp2", ".jxl", ".dng")
APPLE = {".pages": "Pages", ".numbers": "Numbers", ".key": "Keynote"}
ALLOWED = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), ảnh JPEG, PNG, WebP hoặc HEIC"
MAX_UNPACKED = 300 * 1024**2
MAX_ENTRIES = 20_000
PIECE = 64 * 1024
NOTES_REMOVED = "Đã bỏ khỏi ảnh thông tin ẩn: nơi chụp, thiết bị, người chụp."
HEIF_TURNED = "Ảnh HEIC đã được chuyển thành JPEG; thông tin ẩn (nơi chụp, thiết bị) đã bỏ."


@dataclass(frozen=True)
class FileFacts:
    """name: NFC, without folders; size in bytes; sha256 in hex; content_type: an allowed one.

    They are of the file as it is kept. `sent_sha256` is of what came, when that was not the same;
    `changes` says to the person what the portal did.
    """

    name: str
    size: int
    sha256: str
    content_type: str
    sent_sha256: str = ""
    changes: str = ""

    @property
    def digests(self) -> set[str]:
        """By any of them the same file is known again."""
        return {self.sha256, self.sent_sha256} - {""}


def file_name(name: str) -> str:
    """The name as the person sees it: NFC, no folders, no control characters, not too long."""
    name = PurePosixPath(typed(name).replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable() and letter not in '"<>|:*?')
    stem, dot, extension = name.rpartition(".")
    return f"{(stem or 'tep')[:140]}{dot}{extension[:9]}" if dot else name[:150]


def inspect(file: UploadedFile) -> FileFacts:
    """Facts of an acceptable file; ValidationError with one sentence for any other.

    From here on the upload is what will be kept: a picture upright and without hidden notes.
    """
    name = file_name(file.name)
    if file.size == 0:
        raise ValidationError(f"Tệp «{name}» trống (0 byte).")
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = number(settings.UPLOAD_MAX_BYTES // 1024**2)
        raise ValidationError(f"Tệp «{name}» lớn hơn {limit} MB. Hãy nén hoặc chia nhỏ tệp.")
    extension = PurePosixPath(name).suffix.lower()
    file.seek(0)
    head = file.read(4096)
    if extension == ".pdf":
        return _pdf(file, name, head)
    if extension in OFFICE:
        return _office(file, name, head, extension)
    if extension in PICTURES:
        return _picture(file, name, head, extension)
    raise ValidationError(_refusal(name, extension))


def digest(file) -> str:
    """SHA-256 in hex, read in pieces."""
    sha256 = hashlib.sha256()
    for piece in _pieces(file):
        sha256.update(piece)
    file.seek(0)
    return sha256.hexdigest()


def _pieces(file) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(PIECE):
        yield piece


def _refusal(name: str, extension: str) -> str:
    said = f"Không nhận loại tệp của «{name}»."
    if extension in OTHERS:
        macros = " Tệp có macro." if extension.endswith("m") else ""
        return f"{said}{macros} {office_files.saved_as(OTHERS[extension])}"
    if extension in OTHER_PICTURES:
        return f"{said} Hãy lưu ảnh thành JPEG hoặc PNG rồi tải lên lại."
    if extension in APPLE:
        return f"{said} Hãy mở bằng {APPLE[extension]}, chọn «Xuất sang» PDF rồi tải lên lại."
    return f"{said} Chỉ nhận {ALLOWED}."


def _other_content(name: str) -> ValidationError:
    extension = PurePosixPath(name).suffix.lower()
    return ValidationError(f"Nội dung của «{name}» không đúng với đuôi tệp {extension}.")


def _broken(name: str) -> ValidationError:
    return ValidationError(f"Không mở được «{name}»: tệp hỏng hoặc tải lên dở dang.")


# PDF


def _pdf(file, name: str, head: bytes) -> FileFacts:
    """Kept as it came, with bytes before its head as well: a signature counts from the first."""
    if not pdf_files.is_pdf(head):
        raise _other_content(name)
    try:
        pdf_files.check(file)
    except pdf_files.PdfLocked as fault:
        raise ValidationError(
            f"«{name}» có mật khẩu bảo vệ. Hãy bỏ mật khẩu rồi tải lên lại."
        ) from fault
    except pdf_files.PdfBroken as fault:
        raise _broken(name) from fault
    return FileFacts(name, file.size, digest(file), PDF)


# Word, Excel, PowerPoint


def _office(file, name: str, head: bytes, extension: str) -> FileFacts:
    program = office_files.PROGRAM[extension]
    if head.startswith(office_files.OLE):
        raise ValidationError(_old_office(file, name, extension))
    if not head.startswith(b"PK\x03\x04"):
        raise _other_content(name)
    try:
        found, has_macros = _open_office(file)
    except ValidationError:
        raise
    except Exception as fault:  # zipfile has a dozen kinds of complaint about rubbish
        raise _broken(name) from fault
    if found != extension:
        raise ValidationError(
            f"Không mở được «{name}»: tệp hỏng, hoặc là tệp {office_files.PROGRAM[found]} "
            f"chứ không phải {program}."
        )
    if has_macros:
        raise ValidationError(f"«{name}» có macro. {office_files.saved_as(extension)}")
    return FileFacts(name, file.size, digest(file), OFFICE[extension])


def _old_office(file, name: str, extension: str) -> str:
    kind, program = office_files.inside_ole(file), office_files.PROGRAM[extension]
    if kind == "locked":
        return f"«{name}» có mật khẩu bảo vệ. {office_files.without_password(program)}"
    if kind:
        return f"«{name}» là tệp {office_files.PROGRAM[kind]} đời cũ. {office_files.saved_as(kind)}"
    return f"Nội dung của «{name}» không đúng với đuôi tệp {extension}."


def _open_office(file) -> tuple[str, bool]:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if sum(one.file_size for one in entries) > MAX_UNPACKED or len(entries) > MAX_ENTRIES:
            raise ValidationError("Tệp nén chứa quá nhiều dữ liệu khi mở ra; không nhận tệp này.")
        return office_files.extension_of(archive)


# Pictures


def _picture(file, name: str, head: bytes, extension: str) -> FileFacts:
    found = SNIFFED.get(magic.from_buffer(head, mime=True))
    if found is None or (found != PICTURES[extension] and HEIF not in (found, PICTURES[extension])):
        raise _other_content(name)
    sent, changes = digest(file), ""
    try:
        kept = pictures.cleaned(file.file, found, _empty)
    except pictures.PictureTooLarge as fault:
        raise ValidationError(f"Ảnh «{name}» quá lớn; tối đa 60 triệu điểm ảnh.") from fault
    except pictures.PictureBroken as fault:
        raise _broken(name) from fault
    if kept is not file.file:
        changes = HEIF_TURNED if found == HEIF else NOTES_REMOVED
        file.file.close()
        file.file, file.size = kept, kept.seek(0, 2)
    content_type = JPEG if found == HEIF else found
    if extension not in USUAL_NAMES[content_type]:
        name = f"{PurePosixPath(name).stem}{USUAL_NAMES[content_type][0]}"
    sha256 = digest(file)
    return FileFacts(name, file.size, sha256, content_type, sent if sent != sha256 else "", changes)


def _empty() -> BinaryIO:
    """Named, as uploads are that do not fit into memory: the storage moves it into place."""
    return tempfile.NamedTemporaryFile(suffix=".upload", dir=settings.FILE_UPLOAD_TEMP_DIR)
