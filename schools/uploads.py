"""What an upload really is: sniffed, opened and measured before anything is kept."""

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

import magic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from edudx.lib.text import typed
from edudx.lib.vietnamese import number

OFFICE = "application/vnd.openxmlformats-officedocument."
EXTENSIONS = {
    ".pdf": "application/pdf",
    ".docx": f"{OFFICE}wordprocessingml.document",
    ".xlsx": f"{OFFICE}spreadsheetml.sheet",
    ".pptx": f"{OFFICE}presentationml.presentation",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
OFFICE_PARTS = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".pptx": "ppt/presentation.xml",
}
ALLOWED = "PDF, Word (.docx), Excel (.xlsx), PowerPoint (.pptx), ảnh PNG, JPEG hoặc WebP"
MAX_UNPACKED = 300 * 1024**2
MAX_PIXELS = 60_000_000


@dataclass(frozen=True)
class FileFacts:
    """name: NFC, without folders; size in bytes; sha256 in hex; content_type: an allowed one."""

    name: str
    size: int
    sha256: str
    content_type: str


def file_name(name: str) -> str:
    """The name as the person sees it: NFC, no folders, no control characters, not too long."""
    name = PurePosixPath(typed(name).replace("\\", "/")).name
    name = "".join(letter for letter in name if letter.isprintable() and letter not in '"<>|:*?')
    stem, dot, extension = name.rpartition(".")
    return f"{(stem or 'tep')[:140]}{dot}{extension[:9]}" if dot else name[:150]


def inspect(file: UploadedFile) -> FileFacts:
    """Facts of an acceptable file; ValidationError with one sentence for any other."""
    name = file_name(file.name)
    if file.size == 0:
        raise ValidationError(f"Tệp «{name}» trống (0 byte).")
    if file.size > settings.UPLOAD_MAX_BYTES:
        limit = number(settings.UPLOAD_MAX_BYTES // 1024**2)
        raise ValidationError(f"Tệp «{name}» lớn hơn {limit} MB. Hãy nén hoặc chia nhỏ tệp.")
    extension = PurePosixPath(name).suffix.lower()
    if extension not in EXTENSIONS:
        raise ValidationError(f"Không nhận loại tệp của «{name}». Chỉ nhận {ALLOWED}.")
    content_type = EXTENSIONS[extension]
    _same_content(file, name, extension, content_type)
    _opens(file, name, extension)
    return FileFacts(name, file.size, digest(file), content_type)


def digest(file: UploadedFile) -> str:
    file.seek(0)
    sha256 = hashlib.sha256()
    for chunk in file.chunks():
        sha256.update(chunk)
    file.seek(0)
    return sha256.hexdigest()


def _same_content(file, name: str, extension: str, content_type: str) -> None:
    file.seek(0)
    head = file.read(4096)
    found = magic.from_buffer(head, mime=True)
    is_office = extension in OFFICE_PARTS and head.startswith(b"PK\x03\x04")
    is_pdf = extension == ".pdf" and head.startswith(b"%PDF-")
    if is_office or is_pdf or (content_type.startswith("image/") and found == content_type):
        return
    raise ValidationError(f"Nội dung của «{name}» không đúng với đuôi tệp {extension}.")


def _opens(file, name: str, extension: str) -> None:
    """Open it as what it says it is; a broken file is refused while the person is still there."""
    file.seek(0)
    try:
        if extension == ".pdf":
            if not PdfReader(file).pages:
                raise ValueError
        elif extension in OFFICE_PARTS:
            _check_office(file, OFFICE_PARTS[extension])
        else:
            with Image.open(file) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise ValidationError(f"Ảnh «{name}» quá lớn; tối đa 60 triệu điểm ảnh.")
                picture.verify()
    except ValidationError:
        raise
    except Image.DecompressionBombError as fault:
        raise ValidationError(f"Ảnh «{name}» quá lớn; tối đa 60 triệu điểm ảnh.") from fault
    except (DependencyError, FileNotDecryptedError) as fault:
        raise ValidationError(
            f"«{name}» có mật khẩu bảo vệ. Hãy bỏ mật khẩu rồi tải lên lại."
        ) from fault
    except Exception as fault:  # each library has its own kinds of complaint about rubbish
        raise ValidationError(f"Không mở được «{name}»: tệp hỏng hoặc tải lên dở dang.") from fault
    finally:
        file.seek(0)


def _check_office(file, part: str) -> None:
    with zipfile.ZipFile(file) as archive:
        entries = archive.infolist()
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED or len(entries) > 20_000:
            raise ValidationError("Tệp nén chứa quá nhiều dữ liệu khi mở ra; không nhận tệp này.")
        names = {entry.filename for entry in entries}
        if not {"[Content_Types].xml", part} <= names:
            raise ValueError
