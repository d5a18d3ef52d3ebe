"""Mẫu Word that people have changed: what is wrong with one, where, and which is in force."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO

import docx
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError, nodes

from edudx.lib.workflow import StepRefused
from reporting.docx import FIELDS, STYLES, environment, fields_of, shipped, write
from reporting.models import WordTemplate
from reporting.paper import Appendix, Column, Grid, Paper, Signature, Text
from schools.models import OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 2 * 1024**2, 30 * 1024**2, 500
MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}")
ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not)
NEEDED = {
    "letter": ("so_ky_hieu", "trich_yeu", "noi_dung", "chuc_vu", "noi_nhan"),
    "": ("so_ky_hieu", "ten_loai", "trich_yeu", "noi_dung", "chuc_vu", "noi_nhan"),
}


def frame_of(unit: OrgUnit, form: str) -> BytesIO:
    """The frame in force for the unit's documents: its Sở's own or that of the portal."""
    found = WordTemplate.objects.newest_of(unit, form)
    if found is None:
        return BytesIO(shipped(form).read_bytes())
    with found.file.open("rb") as file:
        return BytesIO(file.read())


@transaction.atomic
def upload(department: OrgUnit, form: str, content: bytes | None, *, by: User) -> WordTemplate:
    """The next version of a frame, or, without content, back to the portal's own.

    StepRefused with every fault and its place; nothing is kept of a broken one.
    """
    if not by.can_in(Permission.TEMPLATE_MANAGE, department):
        raise PermissionDenied("Bạn không có quyền thay mẫu Word.")
    if content is not None and (faults := faults_of(content, form)):
        raise StepRefused(" ".join(faults[:8]))
    OrgUnit.objects.select_for_update(of=("self",)).get(pk=department.pk)
    kept = WordTemplate.objects.filter(department=department, form=form)
    last = kept.order_by("number").last()
    if content is None and (last is None or not last.file):
        raise StepRefused("Đang dùng mẫu của cổng; không có gì để bỏ.")
    made = WordTemplate(
        department=department, form=form, number=last.number + 1 if last else 1, by=by
    )
    if content is not None:
        made.sha256 = hashlib.sha256(content).hexdigest()
        made.file.save("mau.docx", ContentFile(content), save=False)
    made.save()
    what = f"Thay {made}" if content is not None else f"Trở lại mẫu của cổng: {made}"
    record(made, "upload", what[:200], by=by, unit=department)
    return made


def faults_of(content: bytes, form: str) -> list[str]:
    """Sentences that name the place; empty means that documents can be written with it."""
    if fault := _not_a_word_file(content):
        return [fault]
    file = docx.Document(BytesIO(content))
    found = [fault for place, text in _texts(file) for fault in _faults_in(place, text)]
    found += _missing(file, form)
    found += [
        f"Mẫu thiếu kiểu chữ (style) «{name}»; tải mẫu của cổng về để sửa từ đó."
        for name in dict.fromkeys(STYLES.values())
        if name not in {one.name for one in file.styles}
    ]
    return found or _tried(content, form)


def _not_a_word_file(content: bytes) -> str:
    """Rubbish, macros, things fetched from elsewhere, and archives that unpack without end."""
    if len(content) > MOST_BYTES:
        return "Tệp lớn hơn 2 MB."
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
                return "Tệp giải nén ra quá lớn."
            names = {one.filename for one in parts}
            if "word/document.xml" not in names:
                return "Đây không phải tệp Word .docx."
            if any(name.endswith(("vbaProject.bin", ".exe")) for name in names):
                return "Mẫu có macro; hãy lưu lại thành .docx không có macro."
            for name in names:
                if name.endswith(".rels") and b'TargetMode="External"' in _outside(archive, name):
                    return f"Mẫu lấy nội dung từ bên ngoài tệp ({name}); hãy bỏ liên kết đó."
            for name in names:
                if name.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(name)[:4096]:
                    return f"Phần «{name}» của tệp không đúng chuẩn Word."
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError):
        return "Tệp hỏng hoặc không phải tệp Word .docx."
    try:
        docx.Document(BytesIO(content))
    except Exception:  # whatever python-docx says of rubbish: it is for the person, not for the log
        return "Tệp không mở được bằng Word; hãy mở, lưu lại rồi tải lên."
    return ""


def _outside(archive: zipfile.ZipFile, name: str) -> bytes:
    """Relations but those of plain hyperlinks, which fetch nothing."""
    rows = archive.read(name).split(b"<Relationship ")
    return b"".join(one for one in rows if b"/hyperlink" not in one)


def _texts(file) -> Iterator[tuple[str, str]]:
    """(where, text) of every paragraph: the body with its tables, headers, footers."""
    for place, element in enumerate(file.element.body.iter(qn("w:p")), start=1):
        yield f"Đoạn {place}", _text(element)
    for number, section in enumerate(file.sections, start=1):
        for name, part in (("đầu trang", section.header), ("chân trang", section.footer)):
            for element in part._element.iter(qn("w:p")):
                yield f"Phần {name} của mục {number}", _text(element)


def _text(element) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def _faults_in(place: str, text: str) -> list[str]:
    shown = f"{place} «{text.strip()[:60]}»"
    if LOOSE.search(MARK.sub("", text)):
        return [f"{shown}: dấu {{{{ và }}}} không đi thành cặp."]
    faults = []
    for mark in MARK.findall(text):
        if mark.startswith("{{"):
            name = mark.strip("{} ")
            if name not in FIELDS:
                faults.append(f"{shown}: không có ô «{name}».")
            elif name == "noi_dung" and text.strip() != mark:
                faults.append(f"{shown}: ô «noi_dung» phải đứng riêng một đoạn.")
    return faults


def _missing(file, form: str) -> list[str]:
    """Fields without which the document is not one, and a body that is there twice."""
    said = " ".join(text for _, text in _texts(file))
    names = [mark.strip("{} ") for mark in MARK.findall(said) if mark.startswith("{{")]
    faults = [
        f"Mẫu thiếu ô «{name}» ({FIELDS[name]})."
        for name in NEEDED.get(form, NEEDED[""])
        if name not in names
    ]
    if names.count("noi_dung") > 1:
        faults.append("Ô «noi_dung» chỉ được có một lần.")
    return faults


def _tried(content: bytes, form: str) -> list[str]:
    """Conditions are of the plain kind, and a sample document can be written."""
    template = DocxTemplate(BytesIO(content))
    template.init_docx()
    try:
        tree = environment().parse(template.patch_xml(template.get_xml()))
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, ALLOWED):
                return ["Mẫu chỉ được dùng ô {{ … }} và điều kiện {% if ô %} … {% endif %}."]
            if isinstance(node, nodes.Name) and node.name not in fields_of(SAMPLE):
                return [f"Điều kiện nói đến ô «{node.name}», không có ô này."]
        write(SAMPLE, BytesIO(), BytesIO(content))
    except TemplateSyntaxError as fault:
        return [
            f"Mẫu viết sai cú pháp gần «{_near(fault)}»: thiếu hoặc thừa {{% if %}}, {{% endif %}}."
        ]
    except (TemplateError, StopIteration, KeyError, ValueError):
        return ["Không lập thử được văn bản theo mẫu này; hãy sửa từ mẫu của cổng."]
    return []


def _near(fault: TemplateSyntaxError) -> str:
    """The words around the line of the fault, without their tags."""
    lines = (fault.source or "").splitlines()
    line = lines[fault.lineno - 1] if 0 < fault.lineno <= len(lines) else ""
    return " ".join(re.sub(r"<[^>]+>", " ", line).split())[:80]


SAMPLE = Paper(
    form="report", kind="Báo cáo", superior="Ủy ban nhân dân", issuer="Đơn vị", number="01/BC",
    place="Địa danh", day="ngày 01 tháng 01 năm 2026", about="Trích yếu",
    signature=Signature(("Thủ trưởng",), "Họ tên"), receivers=("- Lưu: VT.",), note="Ghi chú",
    notice="Lưu ý", to=("Nơi nhận",),
    blocks=(
        *(Text("Nội dung", look) for look in ("body", "item", "heading", "ground", "centre",
                                               "note")),
        Grid((Column("Cột"),), (("Ô",),)),
    ),
    appendices=(Appendix("Phụ lục", "(Kèm theo)", (Text("Nội dung"),)),),
)  # fmt: skip
