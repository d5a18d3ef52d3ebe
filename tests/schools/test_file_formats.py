"""What a file is counts, not its name: protected PDFs, parts of Word, macros, old formats."""

import hashlib
import io

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from edudx.lib import pdf_files
from schools.models import DocumentVersion
from tests import make
from tests.schools import files, locked_pdfs
from tests.schools.other_workbooks import changed, ole

pytestmark = pytest.mark.alike  # what a file or a text is, not what a database does

ADD = reverse("schools:document_add")
PDF = make.pdf_bytes()
OFFICE = "application/vnd.openxmlformats-officedocument."
WORD = files.office("word/document.xml")
MACROS = "application/vnd.ms-{}.macroEnabled.main+xml"


@pytest.fixture
def focal(cast, sign_in):
    return sign_in(cast.focal)


def add(client, name: str, content: bytes) -> str:
    fields = {"title": "Kế hoạch", "kind": "plan", "file": files.upload(name, content)}
    return client.post(ADD, fields, follow=True).content.decode()


def served(client) -> bytes:
    version = DocumentVersion.objects.get()
    answer = client.get(reverse("schools:document_file", args=[version.pk]))
    return b"".join(answer.streaming_content)


# PDF


@pytest.mark.parametrize("way", locked_pdfs.OWNER_ONLY)
def test_a_pdf_protected_against_change_alone_is_taken(focal, way):
    add(focal, "quet.pdf", locked_pdfs.OWNER_ONLY[way])
    assert served(focal) == locked_pdfs.OWNER_ONLY[way]


@pytest.mark.parametrize("way", locked_pdfs.WITH_PASSWORD)
def test_a_pdf_with_a_password_is_refused(focal, way):
    page = add(focal, "quet.pdf", locked_pdfs.WITH_PASSWORD[way])
    assert "«quet.pdf» có mật khẩu bảo vệ. Hãy bỏ mật khẩu rồi tải lên lại." in page
    assert not DocumentVersion.objects.exists()


@pytest.mark.parametrize(
    "before",
    [
        b"\r\n",
        b"\xef\xbb\xbf",
        b"\0" * 100,
        b"\x1b%-12345X@PJL ENTER LANGUAGE=PDF\r\n",
        b"x" * 1000,
    ],
    ids=["line break", "BOM", "zeros", "printer", "999 letters"],
)
def test_bytes_before_a_pdf_stay_as_they_came(focal, before):
    add(focal, "quet.pdf", before + PDF)
    assert served(focal) == before + PDF
    version = DocumentVersion.objects.get()
    assert version.sha256 == hashlib.sha256(before + PDF).hexdigest()
    assert version.content_type == "application/pdf"


@pytest.mark.parametrize(
    "content", [b"x" * 1025 + PDF, b"GIF89a" + PDF, b"MZ" + PDF, b"\n<html>" + PDF, b"\r\n"]
)
def test_what_readers_would_not_find_is_no_pdf(focal, content):
    page = add(focal, "quet.pdf", content)
    assert "Nội dung của «quet.pdf» không đúng với đuôi tệp .pdf." in page


def test_the_end_of_a_pdf_may_be_padded(focal):
    add(focal, "quet.pdf", PDF + b"\r\n" + bytes(5000))
    assert DocumentVersion.objects.exists()


@hypothesis(deadline=None, max_examples=50)
@given(part=st.floats(0.01, 0.98))
def test_wherever_a_pdf_is_cut_it_is_broken(part):
    cut = PDF[: int((len(PDF) - 6) * part)]
    with pytest.raises(pdf_files.PdfBroken):
        pdf_files.check(io.BytesIO(cut))


def test_half_a_pdf_for_the_web_is_broken():
    """It begins with an end of its own, before all its pages."""
    promised = b"%PDF-1.4\n1 0 obj\n<</Linearized 1/L 90000/O 3/E 900/N 1/T 80000>>\nendobj\n"
    with pytest.raises(pdf_files.PdfBroken):
        pdf_files.check(io.BytesIO(promised + PDF[9:]))


# Word, Excel, PowerPoint


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.docx", files.office("word/document2.xml")),
        ("a.docx", files.office("word/D.xml", f"{OFFICE}WordprocessingML.document.main+XML")),
        ("a.docx", changed(WORD, {b'Default Extension="xml"': b'Default Extension="rels"',
                                  b'Override PartName="/word/document.xml"':
                                      b'Default Extension="XML"'})),
        ("a.pptx", files.office("ppt/slides/show.xml")),
        ("a.pptx", files.office("ppt/presentation.xml",
                                f"{OFFICE}presentationml.slideshow.main+xml")),
        ("a.xlsx", files.office("xl/workbook22.xml", f"{OFFICE}spreadsheetml.sheet.main+xml")),
    ],
)  # fmt: skip
def test_the_main_part_is_found_through_its_content_type(focal, name, content):
    add(focal, name, content)
    assert served(focal) == content


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.docx", files.office("word/document.xml", MACROS.format("word.document")),
         "«a.docx» có macro. Hãy mở bằng Word, chọn «Lưu dưới dạng»"),
        ("a.xlsx", files.office("xl/workbook.xml", MACROS.format("excel.sheet")),
         "«a.xlsx» có macro. Hãy mở bằng Excel, chọn «Lưu dưới dạng»"),
        ("a.pptx", files.office("ppt/presentation.xml", MACROS.format("powerpoint.slideshow")),
         "«a.pptx» có macro. Hãy mở bằng PowerPoint, chọn «Lưu dưới dạng»"),
        ("a.docx", files.office("word/document.xml", word__vbaProject__bin="x").replace(
            b"vbaProject/bin", b"vbaProject.bin"), "«a.docx» có macro."),
        ("a.docm", WORD, "Không nhận loại tệp của «a.docm». Tệp có macro. Hãy mở bằng Word"),
        ("a.doc", ole("WordDocument"), "Không nhận loại tệp của «a.doc». Hãy mở bằng Word, chọn"),
        ("a.odt", WORD, "Không nhận loại tệp của «a.odt». Hãy mở bằng Word, chọn «Lưu dưới dạng»"),
        ("a.docx", ole("WordDocument"), "«a.docx» là tệp Word đời cũ. Hãy mở bằng Word, chọn"),
        ("a.pptx", ole("EncryptedPackage"),
         "«a.pptx» có mật khẩu bảo vệ. Hãy mở bằng PowerPoint, vào «Tệp»"),
        ("a.pages", WORD, "Hãy mở bằng Pages, chọn «Xuất sang» PDF"),
        ("a.docx", files.office("ppt/presentation.xml"), "hoặc là tệp PowerPoint chứ không phải"),
        ("a.docx", files.office("word/document.xml", "text/xml"), "Không mở được «a.docx»"),
    ],
)  # fmt: skip
def test_what_is_not_taken_is_told_how_to_become_so(focal, name, content, sentence):
    assert sentence in add(focal, name, content)
    assert not DocumentVersion.objects.exists()


def test_the_stranger_gets_none_of_it(cast, focal, sign_in):
    add(focal, "a.pdf", locked_pdfs.OWNER_ONLY["AES-256"])
    address = reverse("schools:document_file", args=[DocumentVersion.objects.get().pk])
    assert sign_in(cast.stranger).get(address).status_code == 404
