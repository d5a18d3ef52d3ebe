"""Đề cương báo cáo: the outline of a periodic report as an officer types it. Pure.

# I. Công tác chỉ đạo            a part of the report
? Nêu văn bản, phân công …       what the unit is asked to write there; such a part may not be empty
Tổng số học sinh: {hs-tong}.     a sentence the portal fills in
[chi-tieu]                       a table or a chart the portal makes
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

FACTS = {
    "don-vi": "tên đơn vị báo cáo", "ky": "kỳ báo cáo",
    "viec-giao": "số lượt nhiệm vụ phải hoàn thành trong kỳ", "viec-nop": "số lượt đã nộp",
    "viec-dung-han": "số lượt nộp đúng hạn", "viec-tre": "số lượt nộp trễ",
    "viec-chua-nop": "số lượt quá hạn chưa nộp", "viec-con-han": "số lượt chưa đến hạn",
    "ti-le-dung-han": "tỉ lệ đúng hạn trên số lượt được giao",
    "chi-tieu-tong": "số chỉ tiêu", "chi-tieu-dat": "số chỉ tiêu đạt",
    "chi-tieu-thieu": "số chỉ tiêu chưa có số liệu",
    "cong-nhan": "số trường đã công nhận mức độ",
}  # fmt: skip
BLOCKS = {
    "nhiem-vu": "bảng nhiệm vụ: phải nộp, đúng hạn, trễ, chưa nộp",
    "tien-do": "biểu đồ tiến độ", "muc-do": "mức độ chuyển đổi số so với lần trước",
    "chi-tieu": "bảng và biểu đồ chỉ tiêu", "so-lieu": "bảng số liệu của kỳ, so với kỳ trước",
}  # fmt: skip
FACT = re.compile(r"\{([^{}]*)\}")
BLOCK = re.compile(r"\[([a-z-]+)\]")
MOST_PARTS, MOST_LENGTH = 30, 20_000


@dataclass(frozen=True)
class Part:
    """One heading with what is asked for, and lines: sentences and «[block]»s in order."""

    title: str
    hint: str
    lines: tuple[str, ...]

    @property
    def must_be_written(self) -> bool:
        return bool(self.hint)


def parts_of(text: str) -> list[Part]:
    """The parts in order; what stands before the first heading is an introduction without one."""
    found: list[tuple[str, list[str], list[str]]] = []
    for line in _lines(text):
        if line.startswith("#"):
            found.append((line.lstrip("# "), [], []))
            continue
        if not found:
            found.append(("", [], []))
        _, hints, lines = found[-1]
        (hints if line.startswith("?") else lines).append(line.lstrip("? "))
    return [Part(title, " ".join(hints), tuple(lines)) for title, hints, lines in found]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def names_in(text: str) -> list[str]:
    """The facts and figures it asks for."""
    return FACT.findall(text)


def block_of(line: str) -> str:
    """«chi-tieu» of a line «[chi-tieu]», else nothing."""
    found = BLOCK.fullmatch(line)
    return found[1] if found else ""


def faults_of(text: str, known: Collection[str]) -> list[str]:
    """A sentence per fault with the number of its line; `known` are the codes of figures."""
    faults = []
    has_head = False
    for place, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        has_head |= line.startswith("#")
        faults += [f"Dòng {place}: {one}" for one in _faults_in(line, known, has_head)]
    parts = parts_of(text)
    if not any(part.title for part in parts):
        faults.append("Đề cương chưa có đề mục nào; viết đề mục sau dấu #, như «# I. Kết quả».")
    if len(parts) > MOST_PARTS:
        faults.append(f"Đề cương có hơn {MOST_PARTS} đề mục.")
    return faults


def _faults_in(line: str, known: Collection[str], has_head: bool) -> list[str]:
    faults = [
        f"không có số liệu hay ô nào mang mã «{name}»."
        for name in names_in(line)
        if name not in FACTS and name not in known
    ]
    if "{" in FACT.sub("", line) or "}" in FACT.sub("", line):
        faults.append("dấu «{» và «}» không đi thành cặp.")
    if line.startswith("[") and block_of(line) not in BLOCKS:
        faults.append(f"không có bảng «{line[:40]}»; có {', '.join(BLOCKS)}, mỗi bảng một dòng.")
    if line.startswith("#") and not line.lstrip("# "):
        faults.append("đề mục chưa có tên.")
    if line.startswith("?") and not has_head:
        faults.append("điều đơn vị phải viết (?) phải đứng dưới một đề mục.")
    return faults
