"""What lies on the disk is what the rows name; what is checked is read in pieces."""

import io
import os
import time
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.urls import reverse

from edudx.lib import stored_files
from plans.models import Plan
from reporting.actions import exports
from reporting.models import Export
from reporting.tasks import run_export
from schools import uploads
from schools.actions import documents
from schools.models import Document, DocumentVersion
from schools.tasks import sweep_files
from tests import make, plan_world
from tests.schools import files, photos

MEGABYTE = 1024**2
TWO_DAYS = 2 * 24 * 3600


def stored() -> list[str]:
    root = Path(portal.MEDIA_ROOT)
    return sorted(str(one.relative_to(root)) for one in root.rglob("*") if one.is_file())


def put(name: str, age: float = TWO_DAYS) -> str:
    """A file without a row, as a killed process leaves it."""
    name = default_storage.save(name, ContentFile(b"x"))
    made_older(name, age)
    return name


def made_older(name: str, age: float = TWO_DAYS) -> None:
    moment = time.time() - age
    os.utime(default_storage.path(name), (moment, moment))


@pytest.fixture
def row(cast):
    plan = plan_world.issued(cast.office, cast.office_head)
    return plan_world.row_of(plan, cast.school)


# A transaction that failed


def test_a_hand_in_that_fails_at_its_second_file_leaves_none(cast, row, sign_in, settings):
    first, second = make.pdf_bytes(), files.picture("PNG", 300, 300)
    settings.UNIT_QUOTA_BYTES = len(first) + 10
    page = sign_in(cast.focal).post(
        reverse("plans:hand_in", args=[row.pk]),
        {"files": [files.upload("a.pdf", first), files.upload("b.png", second)], "note": ""},
    )
    assert "Đơn vị đã dùng hết dung lượng lưu trữ" in page.content.decode()
    assert stored() == []
    assert not DocumentVersion.objects.exists()


def test_a_plan_that_cannot_be_saved_leaves_no_file(cast, sign_in):
    plan = plan_world.task(plan_world.plan(cast.office, cast.specialist)).plan
    section = plan.sections.create(code="I", title="Mục tiêu", position=1)
    plan.tasks.update(section=section)
    fields = {
        name: getattr(plan, name) or "" for name in ("title", "kind", "period", "number", "symbol")
    }
    page = sign_in(cast.specialist).post(
        reverse("plans:plan_edit", args=[plan.pk]),
        fields | {"sections_text": "II. Khác", "signer_name": "", "signer_post": "", "purpose": "",
                  "original_file": files.upload("a.pdf", make.pdf_bytes())},
    )  # fmt: skip
    assert "còn nhiệm vụ hoặc chỉ tiêu" in page.content.decode()
    assert stored() == []
    assert not Plan.objects.get(pk=plan.pk).original


@pytest.mark.parametrize("noun", [DocumentVersion, Document])
def test_a_fault_while_a_row_is_written_leaves_no_file(cast, sign_in, noun):
    def fail(sender, instance, **kwargs):
        raise RuntimeError("the disk of the database is full")

    client = sign_in(cast.focal)
    client.raise_request_exception = False
    models.signals.post_save.connect(fail, sender=noun)
    try:
        upload = files.upload("a.pdf", make.pdf_bytes())
        page = client.post(
            reverse("schools:document_add"), {"title": "x", "kind": "plan", "file": upload}
        )
    finally:
        models.signals.post_save.disconnect(fail, sender=noun)
    assert page.status_code == 500
    assert stored() == []
    assert not DocumentVersion.objects.exists()


def test_what_was_kept_beside_a_failed_row_stays(cast):
    with stored_files.watched():
        kept = _add(cast, "a.pdf", make.pdf_bytes())
        with suppress(ZeroDivisionError), transaction.atomic():
            _add(cast, "b.png", files.picture("PNG"))
            raise ZeroDivisionError
    assert stored() == [kept.file.name]


def _add(cast, name: str, content: bytes) -> DocumentVersion:
    upload = files.upload(name, content)
    return documents.add(
        unit=cast.school, title=name, kind="plan", by=cast.focal, file=upload,
        facts=uploads.inspect(upload),
    )  # fmt: skip


def test_an_export_that_loses_its_row_leaves_no_file(cast, campaign):
    export = exports.request_consolidated(
        campaign=campaign, unit=cast.department, format="xlsx", by=cast.officer
    )

    def fail(sender, instance, **kwargs):
        if instance.file:
            raise RuntimeError("the database is away")

    models.signals.pre_save.connect(fail, sender=Export)
    try:
        assert run_export(export.pk) == "failed"
    finally:
        models.signals.pre_save.disconnect(fail, sender=Export)
    assert stored() == []
    export.refresh_from_db()
    assert export.is_failed


# A process that was killed


def test_orphans_go_after_a_day_and_named_files_stay(cast):
    version = _add(cast, "a.pdf", make.pdf_bytes())
    made_older(version.file.name, 400 * TWO_DAYS)
    put("documents/1/ab/abcd")
    put("exports/2026/05/7-1.xlsx")
    put("imports/2026/05/don-vi.xlsx")
    young = put("exports/2026/05/8-1.xlsx", age=3600)
    assert sweep_files() == 3
    assert stored() == sorted([version.file.name, young])
    assert sweep_files() == 0


def test_the_files_of_every_noun_are_named(cast, campaign):
    """Whatever has a file: its name is found, so that the sweep leaves it alone."""
    export = exports.request_consolidated(
        campaign=campaign, unit=cast.department, format="xlsx", by=cast.officer
    )
    run_export(export.pk)
    _add(cast, "a.pdf", make.pdf_bytes())
    assert stored_files.named(stored()) == set(stored())
    for name in stored():
        made_older(name)
    assert sweep_files() == 0
    assert len(stored()) == 2


def test_the_wrong_database_costs_no_files(cast, caplog):
    names = [put(f"documents/9/ab/{number}") for number in range(101)]
    assert sweep_files() == 0
    assert stored() == sorted(names)
    assert "is this the right database?" in caplog.text


def test_an_empty_disk_is_swept(cast):
    assert sweep_files() == 0


# In pieces


class Watching(io.BytesIO):
    """Remembers the largest piece anybody asked for."""

    most = 0

    def read(self, size=-1):
        content = super().read(size)
        self.most = max(self.most, len(content))
        return content

    def readinto(self, target):
        self.most = max(self.most, len(target))
        return super().readinto(target)


def large_pdf() -> bytes:
    whole = make.pdf_bytes()
    return whole[:9] + b"%" + b"x" * 50 * MEGABYTE + b"\n" + whole[9:]  # readers mend its table


def large_jpeg() -> bytes:
    return photos.jpeg() + bytes(50 * MEGABYTE)  # a film behind the picture


def large_png() -> bytes:
    whole, body = files.picture("PNG"), b"tEXt" + b"x" * 50 * MEGABYTE
    chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
    return whole[:33] + chunk + whole[33:]


def large_webp() -> bytes:
    whole = photos.webp()
    body = b"XYZW" + (50 * MEGABYTE).to_bytes(4, "little") + bytes(50 * MEGABYTE)
    return whole[:4] + (len(whole) + len(body) - 8).to_bytes(4, "little") + whole[8:] + body


def large_word() -> bytes:
    out = io.BytesIO(files.office("word/document.xml"))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/media/phim.mp4", os.urandom(MEGABYTE) * 50)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", large_pdf),
        ("a.jpg", large_jpeg),
        ("a.png", large_png),
        ("a.webp", large_webp),
        ("a.docx", large_word),
    ],
)
def test_a_large_file_is_checked_in_pieces(settings, name, content):
    settings.UPLOAD_MAX_BYTES = 60 * MEGABYTE
    watching = Watching(content())
    size = len(watching.getbuffer())
    facts = uploads.inspect(UploadedFile(watching, name, "application/octet-stream", size))
    assert size > 50 * MEGABYTE
    assert 0 < watching.most <= MEGABYTE
    if name.endswith((".jpg", ".png", ".webp")):
        assert facts.size < MEGABYTE
