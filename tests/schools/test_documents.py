"""A school fills its cabinet: what is taken, what is refused, and that nothing is overwritten."""

import hashlib
import io
import os
import unicodedata
import zipfile
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from schools import uploads
from schools.actions import documents
from schools.models import Document, DocumentVersion, Event
from tests import make
from tests.schools import files

ADD = reverse("schools:document_add")
XLSX = files.units(files.SCHOOL).getvalue()
GOOD = {
    "Kế hoạch.pdf": make.pdf_bytes(),
    "Bản quét.pdf": files.locked_pdf(""),
    "Quy chế.docx": files.office("word/document.xml"),
    "Danh sách.xlsx": XLSX,
    "Tập huấn.pptx": files.office("ppt/presentation.xml"),
    "Phòng máy.png": files.picture("PNG"),
    "Phòng máy.jpg": files.picture("JPEG"),
    "Phòng máy.JPEG": files.picture("JPEG"),
    "Phòng máy.webp": files.picture("WEBP"),
}


def typed(**fields) -> dict:
    return {"title": "Kế hoạch chuyển đổi số", "kind": "plan"} | fields


def add(client, name: str, content: bytes, **fields):
    return client.post(ADD, typed(file=files.upload(name, content), **fields))


def stored() -> list[Path]:
    root = Path(portal.MEDIA_ROOT)
    return [path for path in root.rglob("*") if path.is_file()] if root.exists() else []


@pytest.fixture
def focal(cast, sign_in):
    return sign_in(cast.focal)


@pytest.fixture
def version(cast, focal) -> DocumentVersion:
    add(focal, "Kế hoạch số.pdf", make.pdf_bytes())
    return DocumentVersion.objects.get()


def file_url(version, show: bool = False) -> str:
    return reverse("schools:document_file", args=[version.pk]) + ("?xem" if show else "")


def content_of(answer) -> bytes:
    """Reads a served file to its end, which also closes it."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# What is taken


@pytest.mark.parametrize("name", GOOD)
def test_documents_and_pictures_are_taken_with_their_facts(cast, focal, name):
    page = add(focal, name, GOOD[name], official_number="12/KH-THCS", proof_on="05/12/2025")
    version = DocumentVersion.objects.get()
    assert page.url == version.document.get_absolute_url()
    assert version.file_name == name
    assert version.size == len(GOOD[name])
    assert version.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert version.file.read() == GOOD[name]
    version.file.close()
    assert f"{version.proof_on:%Y-%m-%d}" == "2025-12-05"
    assert version.document.unit == cast.school
    assert Event.objects.about(version.document).get().by == cast.focal


def test_a_link_is_a_document_too(focal):
    focal.post(ADD, typed(link="https://truong.example/kế-hoạch"))
    version = DocumentVersion.objects.get()
    assert (version.file.name, version.file_name) == ("", "")
    assert version.get_absolute_url().startswith("https://truong.example/")


# What is refused


def zipped(**parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


PDF = make.pdf_bytes()
BAD = {
    "a zip": ("hồ sơ.zip", zipped(a="x"), "Không nhận loại tệp của «hồ sơ.zip». Chỉ nhận PDF"),
    "no extension": ("hồ sơ", PDF, "Không nhận loại tệp của «hồ sơ»."),
    "a page": ("trang.html", b"<script>1</script>", "Không nhận loại tệp của «trang.html»."),
    "old Word": ("cũ.doc", bytes.fromhex("d0cf11e0a1b11ae1"), "Không nhận loại tệp của «cũ.doc»."),
    "a drawing": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Không nhận loại tệp"),
    "a program as PDF": (
        "a.pdf",
        b"MZ\x90\0" + bytes(900),
        "«a.pdf» không đúng với đuôi tệp .pdf.",
    ),
    "a page as PNG": (
        "a.png",
        b"<html><script>1</script>",
        "«a.png» không đúng với đuôi tệp .png.",
    ),
    "a JPEG as PNG": ("a.png", files.picture("JPEG"), "«a.png» không đúng với đuôi tệp .png."),
    "bytes before %PDF": ("a.pdf", b"GIF89a" + PDF, "«a.pdf» không đúng với đuôi tệp .pdf."),
    "a zip as Word": ("a.docx", zipped(a="x"), "Không mở được «a.docx»: tệp hỏng hoặc tải lên dở"),
    "Excel as Word": ("a.docx", XLSX, "Không mở được «a.docx»: tệp hỏng"),
    "half a PDF": (
        "a.pdf",
        PDF[: len(PDF) // 2],
        "Không mở được «a.pdf»: tệp hỏng hoặc tải lên dở",
    ),
    "only %PDF": ("a.pdf", b"%PDF-1.7\n", "Không mở được «a.pdf»: tệp hỏng"),
    "half an Excel": ("a.xlsx", XLSX[: len(XLSX) // 2], "Không mở được «a.xlsx»: tệp hỏng"),
    "half a picture": ("a.png", files.picture("PNG", 200, 200)[:60], "Không mở được «a.png»"),
    "a locked PDF": ("a.pdf", files.locked_pdf("bi-mat"), "«a.pdf» có mật khẩu bảo vệ. Hãy bỏ"),
    "nothing": ("a.pdf", b"", "Tập tin được gửi là rỗng."),
    "a bomb": (
        "a.xlsx",
        lambda: files.bomb(io.BytesIO(XLSX), 301).getvalue(),
        "quá nhiều dữ liệu khi mở",
    ),
    "a wide picture": (
        "a.png",
        lambda: files.picture("PNG", 9000, 9000),
        "Ảnh «a.png» quá lớn; tối đa 60",
    ),
    "a vast picture": (
        "a.png",
        lambda: files.picture("PNG", 20000, 10000),
        "Ảnh «a.png» quá lớn; tối đa",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_a_sentence_and_nothing_is_kept_but_the_words(focal, case):
    name, content, sentence = BAD[case]
    content = content() if callable(content) else content
    page = add(focal, name, content, official_number="12/KH-THCS")
    text = page.content.decode()
    assert sentence in text
    assert 'value="Kế hoạch chuyển đổi số"' in text
    assert 'value="12/KH-THCS"' in text
    assert not Document.objects.exists()
    assert not Event.objects.exists()
    assert stored() == []


def test_a_file_over_the_limit_is_refused(focal, settings):
    settings.UPLOAD_MAX_BYTES = 1024**2
    page = add(focal, "Ảnh.png", GOOD["Phòng máy.png"] + bytes(1024**2))
    assert "Tệp «Ảnh.png» lớn hơn 1 MB. Hãy nén hoặc chia nhỏ tệp." in page.content.decode()
    assert stored() == []


def test_a_unit_over_its_quota_is_told_and_nothing_is_kept(focal, settings):
    settings.UNIT_QUOTA_BYTES = len(PDF) + 10
    assert add(focal, "Một.pdf", PDF).status_code == 302
    page = add(focal, "Hai.pdf", PDF)
    assert "Đơn vị đã dùng hết dung lượng lưu trữ" in page.content.decode()
    assert 'value="Kế hoạch chuyển đổi số"' in page.content.decode()
    assert Document.objects.count() == 1
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"link": "javascript:alert(1)"}, "Nhập một URL hợp lệ."),
        ({"link": "data:text/html,x"}, "Nhập một URL hợp lệ."),
        ({"link": "ftp://truong.example/a"}, "Đường dẫn phải bắt đầu bằng http:// hoặc https://."),
        ({}, "Chọn một tệp hoặc ghi một đường dẫn, không cả hai."),
        (
            {"link": "https://a.example", "proof_on": "31/02/2025"},
            "Ngày này không có trong lịch hoặc viết chưa đúng; viết như 05/09/2025.",
        ),
        ({"link": "https://a.example", "title": "x" * 201}, "chỉ có tối đa 200 kí tự"),
        ({"link": "https://a.example", "kind": "virus"}, "Hãy chọn một lựa chọn hợp lệ."),
    ],
)
def test_a_bad_form_gets_a_sentence(focal, fields, sentence):
    assert sentence in focal.post(ADD, typed(**fields)).content.decode()
    assert not Document.objects.exists()


def test_a_file_and_a_link_together_are_refused(focal):
    page = add(focal, "a.pdf", PDF, link="https://a.example")
    assert "Chọn một tệp hoặc ghi một đường dẫn, không cả hai." in page.content.decode()
    assert stored() == []


def test_the_longest_title_fits(focal):
    page = focal.post(ADD, typed(title="Kế hoạch " * 22, link="https://a.example"))
    assert page.status_code == 302


# Names


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (unicodedata.normalize("NFD", "Kế hoạch số 5.pdf"), "Kế hoạch số 5.pdf"),
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\Bình\\Kế hoạch.pdf", "Kế hoạch.pdf"),
        ("..\\..\\web.pdf", "web.pdf"),
        ('a"; filename="b.pdf', "a; filename=b.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ("ảnh\u202efdp.pdf", "ảnhfdp.pdf"),
        (".pdf", "tep.pdf"),
        ("Kế hoạch " * 30 + ".pdf", ("Kế hoạch " * 30)[:140] + ".pdf"),
    ],
)
def test_names_keep_their_letters_and_lose_their_tricks(sent, kept):
    assert uploads.file_name(sent) == kept


def test_an_uploaded_name_is_composed_and_never_reaches_the_disk(focal):
    add(focal, unicodedata.normalize("NFD", "../Kế hoạch số.pdf"), PDF)
    version = DocumentVersion.objects.get()
    assert version.file_name == "Kế hoạch số.pdf"
    (path,) = stored()
    assert path.name == version.sha256
    assert path.is_relative_to(
        Path(portal.MEDIA_ROOT) / "documents" / str(version.document.unit_id)
    )


def test_files_lie_outside_of_everything_the_web_server_shows(version):
    path = Path(version.file.path).resolve()
    assert path.is_relative_to(Path(portal.MEDIA_ROOT).resolve())
    for folder in (portal.STATIC_ROOT, portal.BASE_DIR / "static", *portal.STATICFILES_DIRS):
        assert not path.is_relative_to(Path(folder).resolve())
    assert os.stat(path).st_mode & 0o077 == 0


# Serving


def test_a_file_is_served_to_be_kept_with_its_vietnamese_name(focal, version):
    answer = focal.get(file_url(version))
    assert content_of(answer) == PDF
    assert answer["Content-Disposition"] == (
        "attachment; filename*=utf-8''K%E1%BA%BF%20ho%E1%BA%A1ch%20s%E1%BB%91.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Type"] == "application/pdf"


@pytest.mark.parametrize(
    ("name", "way"),
    [("Kế hoạch.pdf", "inline"), ("Phòng máy.png", "inline"), ("Quy chế.docx", "attachment")],
)
def test_only_pdf_and_pictures_are_shown_in_place(focal, name, way):
    add(focal, name, GOOD[name])
    answer = focal.get(file_url(DocumentVersion.objects.get(), show=True))
    assert answer["Content-Disposition"].startswith(way)
    assert answer["X-Content-Type-Options"] == "nosniff"
    content_of(answer)


def test_only_those_above_and_of_the_school_get_the_file(cast, sign_in, client, version):
    pages = (file_url(version), version.document.get_absolute_url())
    for page in pages:
        for person in (cast.head, cast.specialist, cast.officer, cast.auditor):
            answer = sign_in(person).get(page)
            assert answer.status_code == 200, person.memberships.get()
            content_of(answer)
        for person in (cast.sibling_focal, cast.stranger, cast.stranger_specialist):
            assert sign_in(person).get(page).status_code == 404
        assert client.get(page).url == f"{reverse('schools:login')}?next={page}"
    lists = {person: sign_in(person).get(reverse("schools:documents")) for person in
             (cast.specialist, cast.sibling_focal)}  # fmt: skip
    assert [len(page.context["page"].object_list) for page in lists.values()] == [1, 0]


def test_a_restricted_document_is_hidden_from_the_auditor(cast, sign_in, focal):
    add(focal, "Danh sách học sinh.pdf", PDF, is_restricted="on")
    version = DocumentVersion.objects.get()
    pages = (file_url(version), version.document.get_absolute_url())
    auditor, specialist = sign_in(cast.auditor), sign_in(cast.specialist)
    for page in pages:
        assert auditor.get(page).status_code == 404
        answer = specialist.get(page)
        assert answer.status_code == 200
        content_of(answer)
    assert not auditor.get(reverse("schools:documents")).context["page"].object_list


def test_a_link_has_no_file_and_a_lost_file_is_not_found(cast, focal, version):
    link = make.document(cast.school, cast.focal)
    assert focal.get(file_url(link)).status_code == 404
    os.remove(version.file.path)
    assert focal.get(file_url(version)).status_code == 404


# Versions


def test_a_second_version_keeps_the_first(focal, version):
    page = reverse("schools:version_add", args=[version.document_id])
    picture = GOOD["Phòng máy.png"]
    answer = focal.post(page, {"file": files.upload("Ảnh.png", picture)}, follow=True)
    assert "Đã lưu bản 2." in answer.content.decode()
    first, second = version.document.versions.order_by("number")
    assert (first.number, second.number) == (1, 2)
    for one, content in ((first, PDF), (second, picture)):
        served = focal.get(file_url(one))
        assert content_of(served) == content
    assert version.document.newest == second


def test_only_people_of_the_unit_add_to_its_cabinet(cast, sign_in, version):
    page = reverse("schools:version_add", args=[version.document_id])
    assert sign_in(cast.specialist).get(page).status_code == 403
    assert sign_in(cast.auditor).get(page).status_code == 403
    assert sign_in(cast.stranger).get(page).status_code == 404
    assert sign_in(cast.administrator).get(ADD).status_code == 403
    with pytest.raises(PermissionDenied):
        documents.add_version(version.document, by=cast.officer, link="https://a.example")


def test_a_bad_second_version_leaves_the_first_alone(focal, version):
    page = reverse("schools:version_add", args=[version.document_id])
    answer = focal.post(page, {"file": files.upload("a.pdf", b"MZ"), "official_number": "7/KH"})
    assert "không đúng với đuôi tệp .pdf." in answer.content.decode()
    assert 'value="7/KH"' in answer.content.decode()
    assert DocumentVersion.objects.count() == len(stored()) == 1


CHANGES = (
    ("sha256", "0" * 64),
    ("file", "documents/khac"),
    ("file_name", "khác.pdf"),
    ("size", 1),
    ("link", "https://a.example"),
    ("number", 9),
    ("proof_on", "2020-01-01"),
)


@pytest.mark.parametrize(("column", "value"), CHANGES)
def test_the_database_refuses_to_overwrite_a_version(version, column, value):
    rows = DocumentVersion.objects.filter(pk=version.pk)
    before = rows.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(**{column: value})
    query = f"UPDATE schools_documentversion SET {column} = %s WHERE id = %s"  # noqa: S608
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(query, [value, version.pk])
    assert rows.values().get() == before


def test_a_version_is_never_deleted(version):
    for row in (version, DocumentVersion.objects.all()):
        with pytest.raises(ValidationError, match="Không được xóa"), transaction.atomic():
            row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        version.document.delete()
    assert DocumentVersion.objects.count() == len(stored()) == 1


# Finding


@pytest.mark.parametrize("words", ["ke hoach so", "KẾ HOẠCH", "hoach ke"])
def test_documents_are_found_without_marks(cast, focal, words):
    make.document(cast.school, cast.focal, "Kế hoạch chuyển đổi số")
    make.document(cast.school, cast.focal, "Biên bản họp")
    page = focal.get(reverse("schools:documents"), {"tim": words})
    assert [one.title for one in page.context["page"]] == ["Kế hoạch chuyển đổi số"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(cast, focal, count, django_assert_num_queries):
    for number in range(count):
        make.document(cast.school, cast.focal, f"Kế hoạch {number}")
    with django_assert_num_queries(7):
        focal.get(reverse("schools:documents"))
