"""Mẫu Word that people have changed: what is wrong with one, where, and which is in force."""

import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import docx
from docx.oxml.ns import qn
from lxml import etree

from reporting.documents.paper import Appendix, Column, Grid, Paper, Signature, Text
from reporting.documents.word import FIELDS, STYLES, shipped, write
from reporting.models import WordFrame
from schools.models import OrgUnit

log = logging.getLogger(__name__)
MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 2 * 1024**2, 30 * 1024**2, 500
MOST_TEXT, MOST_MARKS = 1024**2, 200  # of a part that holds fields
WRITTEN = re.compile(r"word/(document|header\d*|footer\d*)\.xml")  # where fields may stand
OPENED = re.compile(r"\{[{%#]|[}%#]\}")
MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
FIELD = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}")
STEP = re.compile(r"\{%p?\s*(?:(if)\s+(?:not\s+)?([a-z_]+)|(else)|(endif))\s*%\}")
ASKING = re.compile(r"\s*(INCLUDE|DDE|LINK|IMPORT|DATABASE)", re.IGNORECASE)  # fields that fetch
CARRIED = ("vbaProject.bin", ".exe", ".ole")
CARRIERS = ("word/embeddings/", "word/activeX/", "word/afchunk")
NEEDED = {
    "letter": ("so_ky_hieu", "trich_yeu", "kinh_gui", "noi_dung", "chuc_vu", "noi_nhan"),
    "": ("so_ky_hieu", "ten_loai", "trich_yeu", "noi_dung", "chuc_vu", "noi_nhan"),
}
BROKEN = "Tệp không mở được bằng Word; hãy mở, lưu lại rồi tải lên."


def frame_of(unit: OrgUnit, form: str) -> BytesIO:
    """The frame in force for the unit's documents: its Sở's own or that of the portal."""
    found = WordFrame.objects.newest_of(unit, form)
    if found is None:
        return BytesIO(shipped(form).read_bytes())
    with found.file.open("rb") as file:
        return BytesIO(file.read())


def faults_of(content: bytes, form: str) -> list[str]:
    """Sentences that name the place; empty means that documents can be written with it."""
    try:
        if fault := _not_a_word_file(content):
            return [fault]
        file = docx.Document(BytesIO(content))
        found = [fault for name, part in _written(content) for fault in _faults_in(name, part)]
        found += _missing(content, form)
        found += [
            f"Mẫu thiếu kiểu chữ (style) «{name}»; tải mẫu của cổng về để sửa từ đó."
            for name in dict.fromkeys(STYLES.values())
            if name not in {one.name for one in file.styles}
        ]
    except Exception:  # whatever the libraries say of rubbish: it is the person's to know
        log.info("A Word frame cannot be read", exc_info=True)
        return [BROKEN]
    return found or _tried(content)


def _not_a_word_file(content: bytes) -> str:
    """Rubbish, macros, things fetched from elsewhere, and archives that unpack without end."""
    if len(content) > MOST_BYTES:
        return "Tệp lớn hơn 2 MB."
    if not zipfile.is_zipfile(BytesIO(content)):
        return "Tệp hỏng hoặc không phải tệp Word .docx."
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
            return "Tệp giải nén ra quá lớn."
        names = [one.filename for one in parts]
        if "word/document.xml" not in names:
            return "Đây không phải tệp Word .docx."
        if any(name.endswith(CARRIED) or name.startswith(CARRIERS) for name in names):
            return "Mẫu có macro hoặc tệp nhúng; hãy bỏ đi rồi lưu lại thành .docx."
        trees = ((name, archive.read(name)) for name in names if name.endswith((".xml", ".rels")))
        return next((fault for name, raw in trees if (fault := _fault_of_part(name, raw))), "")


def _fault_of_part(name: str, raw: bytes) -> str:
    """What no part may hold: a document type, outside content, fields where they are not shown."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(raw, parser)
    if root.getroottree().docinfo.doctype:
        return f"Phần «{name}» của tệp không đúng chuẩn Word."
    for one in root.iter(etree.Element):
        if one.get("TargetMode") == "External" and not one.get("Type", "").endswith("/hyperlink"):
            return f"Mẫu lấy nội dung từ bên ngoài tệp ({name}); hãy bỏ liên kết đó."
        said = one.text if one.tag == qn("w:instrText") else one.get(qn("w:instr"))
        if said and ASKING.match(said):
            return f"Mẫu có trường lấy nội dung từ bên ngoài («{said.strip()[:40]}»); hãy bỏ đi."
        if any(OPENED.search(value) for value in one.attrib.values()):
            return f"Phần «{name}» có dấu {{{{ hoặc {{% ở chỗ không phải chữ."
    if WRITTEN.fullmatch(name):
        return f"Phần «{name}» quá dài." if len(raw) > MOST_TEXT else ""
    if OPENED.search("".join(root.itertext())) and not name.endswith(".rels"):
        return f"Ô {{{{ … }}}} chỉ được đặt trong thân văn bản, đầu trang, chân trang ({name})."
    return ""


def _written(content: bytes) -> Iterator[tuple[str, list[str]]]:
    """(what it is called, its paragraphs) of each part that may hold fields."""
    words = {"document": "Đoạn", "header": "Đầu trang, đoạn", "footer": "Chân trang, đoạn"}
    with zipfile.ZipFile(BytesIO(content)) as archive:
        for name in sorted(archive.namelist()):
            if found := WRITTEN.fullmatch(name):
                root = etree.fromstring(archive.read(name))
                kind = found[1].rstrip("0123456789")
                yield words[kind], [_text(one) for one in root.iter(qn("w:p"))]


def _text(element) -> str:
    return "".join(one.text or "" for one in element.iter(qn("w:t")))


def _faults_in(name: str, paragraphs: list[str]) -> list[str]:
    """Every mark that is not a known field or a plain condition, with its paragraph."""
    faults: list[str] = []
    depth = marks = 0
    for number, text in enumerate(paragraphs, start=1):
        shown = f"{name} {number} «{text.strip()[:60]}»"
        if OPENED.search(MARK.sub("", text)):
            faults.append(f"{shown}: dấu {{{{ và }}}} không đi thành cặp.")
            continue
        for mark in MARK.findall(text):
            marks += 1
            step = STEP.fullmatch(mark)
            depth += bool(step and step[1]) - bool(step and step[4])
            if fault := _fault_of_mark(mark, text, depth):
                faults.append(f"{shown}: {fault}")
            if depth < 0:
                return [*faults, f"{shown}: {{% endif %}} không có {{% if %}}."]
    if depth:
        faults.append(f"{name}: có {{% if %}} chưa được đóng bằng {{% endif %}}.")
    if marks > MOST_MARKS:
        faults.append(f"{name}: có hơn {MOST_MARKS} ô.")
    return faults


def _fault_of_mark(mark: str, text: str, depth: int) -> str:
    step, field = STEP.fullmatch(mark), FIELD.fullmatch(mark)
    if step:
        return f"không có ô «{step[2]}»." if step[2] and step[2] not in FIELDS else ""
    if not mark.startswith("{{"):
        return "chỉ được dùng ô {{ … }} và điều kiện {% if ô %} … {% endif %}."
    if field is None or field[1] not in FIELDS:
        return f"không có ô «{mark.strip('{} ')}»."
    if field[1] == "noi_dung" and (text.strip() != mark or depth):
        return "ô «noi_dung» phải đứng riêng một đoạn, ngoài mọi điều kiện."
    return ""


def _missing(content: bytes, form: str) -> list[str]:
    """Fields without which the document is not one, and a body that is there twice."""
    said = " ".join(text for _, paragraphs in _written(content) for text in paragraphs)
    names = FIELD.findall(said)
    faults = [
        f"Mẫu thiếu ô «{name}» ({FIELDS[name]})."
        for name in NEEDED.get(form, NEEDED[""])
        if name not in names
    ]
    if names.count("noi_dung") > 1:
        faults.append("Ô «noi_dung» chỉ được có một lần.")
    return faults


def _tried(content: bytes) -> list[str]:
    """Two samples can be written: one with every field, one with none that may be empty."""
    try:
        for sample in (SAMPLE, replace(SAMPLE, superior="", note="", notice="", receivers=())):
            write(sample, BytesIO(), BytesIO(content))
    except Exception:  # whatever Word's parts lack
        log.info("A Word frame cannot be filled", exc_info=True)
        return ["Không lập thử được văn bản theo mẫu này; hãy sửa từ mẫu của cổng."]
    return []


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
