"""A PDF as poppler reads it: text, places in millimetres, fonts."""

import re
import subprocess
import unicodedata
from pathlib import Path

MM = 72 / 25.4
LETTERS = (
    "aàảãáạ ăằẳẵắặ âầẩẫấậ bcdđ eèẻẽéẹ êềểễếệ ghklm iìỉĩíị npq oòỏõóọ ôồổỗốộ ơờởỡớợ rst uùủũúụ "
    "ưừửữứự vxyỳỷỹýỵ"
)


def poppler(tool: str, *options: str | Path) -> str:
    done = subprocess.run([tool, *options], check=True, capture_output=True, text=True)
    return done.stdout


def text_of(path: Path, page: int = 0, *options: str) -> str:
    one = ("-f", str(page), "-l", str(page)) if page else ()
    return unicodedata.normalize("NFC", poppler("pdftotext", *options, *one, path, "-"))


def prose(path: Path, page: int = 0) -> str:
    """The text in reading order, on one line."""
    return " ".join(text_of(path, page).split())


def pages_of(path: Path) -> int:
    return int(re.search(r"Pages:\s+(\d+)", poppler("pdfinfo", path))[1])


def words(path: Path, page: int) -> list[tuple[float, float, float, float, str]]:
    """(left, top, right, bottom) in millimetres, and the word."""
    said = poppler("pdftotext", "-bbox", "-f", str(page), "-l", str(page), path, "-")
    found = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', said
    )
    return [(*(float(side) / MM for side in sides), word) for *sides, word in found]


def page_number(path: Path, page: int) -> str:
    """What stands in the top margin."""
    return " ".join(word for _, _, _, bottom, word in words(path, page) if bottom < 20)


def fonts(path: Path) -> list[list[str]]:
    return [line.split() for line in poppler("pdffonts", path).splitlines()[2:]]
