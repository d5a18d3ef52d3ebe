"""An officer changes a Word frame; a broken one is refused with the place of its fault."""

import io
import zipfile

import docx
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.oxml.ns import qn

from edudx.lib.workflow import StepRefused
from reporting.actions import word_frames
from reporting.documents import word
from reporting.documents.word_frames import faults_of
from reporting.files import catalogue, focal_points_paper
from reporting.models import WordFrame
from tests import make
from tests.assessments.browse import text

pytestmark = pytest.mark.django_db
URL = "/bao-cao/mau-word/"


def frame(change=None, form: str = "report") -> bytes:
    """The shipped frame, with something done to it in Word."""
    file = docx.Document(word.shipped(form))
    if change:
        change(file)
    target = io.BytesIO()
    file.save(target)
    return target.getvalue()


def slogan(file) -> None:
    file.add_paragraph("Khẩu hiệu của tỉnh", "VB Giữa đậm")


def send(client, content: bytes | None, form: str = "report", name: str = "mau.docx"):
    fields = {} if content is None else {"file": SimpleUploadedFile(name, content)}
    return client.post(f"{URL}{form}/", fields, follow=True)


def decision_text(cast, folder) -> str:
    path = folder / "a.docx"
    catalogue.write_paper(focal_points_paper.paper(cast.school), path, "docx", unit=cast.school)
    return "\n".join(one.text for one in docx.Document(path).paragraphs)


def test_a_changed_frame_is_used_by_every_unit_of_the_province(cast, sign_in, tmp_path):
    client = sign_in(cast.officer)
    file = docx.Document(io.BytesIO(client.get(f"{URL}decision.docx").content))
    slogan(file)
    target = io.BytesIO()
    file.save(target)
    assert "Đã thay mẫu Word." in text(send(client, target.getvalue(), "decision"))
    said = decision_text(cast, tmp_path)
    assert "Khẩu hiệu của tỉnh" in said
    assert "QUYẾT ĐỊNH:" in said
    answer = client.post(f"{URL}decision/", {"back": "1"}, follow=True)
    assert "Đã dùng mẫu của cổng." in text(answer)
    assert "Khẩu hiệu" not in decision_text(cast, tmp_path)
    assert list(WordFrame.objects.values_list("number", flat=True)) == [2, 1]


def test_another_province_keeps_its_own(cast, tmp_path):
    other = make.department(code="02")
    officer = make.person(other, "department_officer")
    word_frames.upload(other, "decision", frame(slogan, "decision"), by=officer)
    assert "Khẩu hiệu" not in decision_text(cast, tmp_path)
    with pytest.raises(PermissionDenied):
        word_frames.upload(cast.department, "decision", frame(slogan), by=officer)


def put(sentence: str):
    return lambda file: file.add_paragraph(sentence)


def without(field: str):
    def change(file) -> None:
        for one in file.element.body.iter(qn("w:t")):
            if field in (one.text or ""):
                one.text = ""

    return change


def in_header(sentence: str):
    return lambda file: file.sections[0].first_page_header.add_paragraph(sentence)


def in_properties(file) -> None:
    file.core_properties.comments = "{{ so_ky_hieu }}"


def body_in_a_condition(file) -> None:
    place = next(one for one in file.paragraphs if "noi_dung" in one.text)
    place.insert_paragraph_before("{%p if ghi_chu %}")
    file.add_paragraph("{%p endif %}")


def fetching(file) -> None:
    element = docx.oxml.OxmlElement("w:instrText")
    element.text = ' INCLUDEPICTURE "http://example.com/a.png" '
    file.add_paragraph().add_run()._r.append(element)


def without_margins(file) -> None:
    section = file.sections[0]._sectPr
    section.remove(section.find(qn("w:pgMar")))


def without_style(file) -> None:
    file.styles["VB Ô bảng"].element.getparent().remove(file.styles["VB Ô bảng"].element)


def twice(file) -> None:
    file.add_paragraph("{{ noi_dung }}")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (put("Số {{ so_ky_hieu }"), "«Số {{ so_ky_hieu }»: dấu {{ và }} không đi thành cặp."),
        (put("Gửi {{ khong_co }}"), "«Gửi {{ khong_co }}»: không có ô «khong_co»."),
        (put("{{ noi_dung.__class__ }}"), "không có ô «noi_dung.__class__»"),
        (put("{% for a in ten_loai %}{% endfor %}"), "chỉ được dùng ô {{ … }} và điều kiện"),
        (put("{% if khong_co %}a{% endif %}"), "không có ô «khong_co»"),
        (put("{% if ten_loai %}mở mà không đóng"), "chưa được đóng bằng {% endif %}"),
        (put("thừa {% endif %}"), "{% endif %} không có {% if %}."),
        (put("{% set a = 1 %}"), "chỉ được dùng ô {{ … }} và điều kiện"),
        (put("{{ so_ky_hieu|center(400000000) }}"), "không có ô «so_ky_hieu|center(400000000)»"),
        (put("Xem {{ noi_dung }} ở đây"), "ô «noi_dung» phải đứng riêng một đoạn"),
        (in_header("{% for a in ten_loai %}{% endfor %}"), "Đầu trang, đoạn"),
        (in_header("{{ ('a' * 1000)|length }}"), "Đầu trang, đoạn"),
        (in_properties, "chỉ được đặt trong thân văn bản, đầu trang, chân trang"),
        (body_in_a_condition, "ngoài mọi điều kiện"),
        (fetching, "Mẫu có trường lấy nội dung từ bên ngoài"),
        (without_margins, "Không lập thử được"),
        (twice, "Ô «noi_dung» chỉ được có một lần."),
        (without("noi_dung"), "Mẫu thiếu ô «noi_dung»"),
        (without("chuc_vu"), "Mẫu thiếu ô «chuc_vu» (TM., KT., chức vụ)."),
        (without_style, "Mẫu thiếu kiểu chữ (style) «VB Ô bảng»"),
    ],
)
def test_a_broken_frame_is_refused_with_the_place_of_its_fault(cast, sign_in, change, sentence):
    answer = send(sign_in(cast.officer), frame(change))
    assert sentence in text(answer)
    assert not WordFrame.objects.exists()


def test_a_report_is_no_frame_of_a_letter():
    assert "Mẫu thiếu ô «kinh_gui»" in " ".join(faults_of(frame(), "letter"))


def test_the_paragraph_is_named_by_its_number(cast):
    number = len(
        list(docx.Document(word.shipped("report")).element.body.iter(docx.oxml.ns.qn("w:p")))
    )
    faults = faults_of(frame(put("{{ khong_co }}")), "report")
    assert faults == [f"Đoạn {number + 1} «{{{{ khong_co }}}}»: không có ô «khong_co»."]


def zipped(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    """The shipped frame with one more part, or another instead of its own."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(word.shipped("report")) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.infolist():
            if one.filename != name:
                new.writestr(one.filename, old.read(one.filename))
        new.writestr(name, content)
    return target.getvalue()


def torn_stream() -> bytes:
    """As from a USB stick that was pulled out too early: one part no longer unpacks."""
    content = bytearray(frame())
    start = content.find(b"word/document.xml") + 60
    content[start : start + 40] = b"\xff" * 40
    return bytes(content)


OUTSIDE = (
    b'<?xml version="1.0"?><Relationships '
    b'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    b'Target="http://example.com/a.dotm" TargetMode="External"/></Relationships>'
)
DOCTYPE = (
    b'<?xml version="1.0"?><!--'
    + b" " * 5000
    + b'--><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"khong phai word", "Tệp hỏng hoặc không phải tệp Word .docx."),
        (b"", "Tệp hỏng"),
        (zipped(a=b"1"), "Đây không phải tệp Word .docx."),
        (with_part("word/vbaProject.bin", b"1"), "Mẫu có macro"),
        (with_part("word/_rels/settings.xml.rels", OUTSIDE), "Mẫu lấy nội dung từ bên ngoài tệp"),
        (
            with_part(
                "word/_rels/settings.xml.rels",
                OUTSIDE.replace(b"com/a", b"com/hyperlink/a").replace(
                    b'TargetMode="External"', b"TargetMode = 'External'"
                ),
            ),
            "Mẫu lấy nội dung từ bên ngoài tệp",
        ),
        (with_part("word/embeddings/a.bin", b"1"), "tệp nhúng"),
        (with_part("word/document.xml", b'<a b="{{ so_ky_hieu }}"/>'), "ở chỗ không phải chữ"),
        (torn_stream(), "Tệp không mở được bằng Word"),
        (with_part("word/media/a.bin", b"0" * (31 * 1024**2)), "giải nén ra quá lớn"),
        (with_part("word/document.xml", DOCTYPE), "không đúng chuẩn Word"),
        (with_part("word/document.xml", b"<a>"), "Tệp không mở được bằng Word"),
    ],
    ids=(
        "rubbish",
        "empty",
        "no-document",
        "macro",
        "outside",
        "outside-hidden",
        "embedded",
        "attribute",
        "torn-stream",
        "bomb",
        "doctype",
        "torn",
    ),
)
def test_a_hostile_or_wrong_file_gets_a_sentence(cast, sign_in, content, sentence):
    answer = send(sign_in(cast.officer), content)
    assert sentence in text(answer)
    assert not WordFrame.objects.exists()


def test_no_file_and_too_large_a_file_get_a_sentence(cast, sign_in):
    client = sign_in(cast.officer)
    assert "Chọn tệp Word trước khi tải lên." in text(client.post(f"{URL}report/", follow=True))
    assert "Tệp lớn hơn 2 MB." in text(send(client, b"0" * (2 * 1024**2 + 1)))
    assert client.post(f"{URL}khong-co/").status_code == 404
    with pytest.raises(StepRefused, match="Đang dùng mẫu của cổng"):
        word_frames.upload(cast.department, "report", None, by=cast.officer)


@pytest.mark.parametrize("form", WordFrame.Form.values)
def test_the_shipped_frames_have_no_fault(form):
    assert faults_of(frame(form=form), form) == []


def test_word_may_split_a_field_into_runs(cast, tmp_path):
    """As it does when somebody corrects a letter inside of it."""

    def change(file) -> None:
        one = file.add_paragraph("", "VB Giữa đậm")
        for piece in ("Của {{ co_quan", "_ban_hanh", " }}"):
            one.add_run(piece).bold = piece == "_ban_hanh"

    word_frames.upload(cast.department, "decision", frame(change, "decision"), by=cast.officer)
    assert f"Của {cast.school.name.upper()}" in decision_text(cast, tmp_path)
