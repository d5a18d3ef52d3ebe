"""How Vietnamese is written, searched and sorted: words, numbers, days, ký hiệu."""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation

from .text import one_line

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {"\u0300": 2, "\u0309": 3, "\u0303": 4, "\u0301": 5, "\u0323": 6}  # huyền hỏi ngã sắc nặng
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
PLACES = {letter: f"{place:02d}" for place, letter in enumerate(ALPHABET, start=40)}
PLACES |= {digit: f"2{digit}" for digit in "0123456789"}
SPACE, END = "10", "00"  # digits too, so that no collation of a database thinks otherwise


def search_key(*parts: str) -> str:
    """Lower case without marks, for a search that finds «nguyen duc» and «NGUYỄN ĐỨC» alike."""
    text = one_line(" ".join(part for part in parts if part)).casefold().replace("đ", "d")
    text = unicodedata.normalize("NFD", text)
    return one_line("".join(letter for letter in text if not unicodedata.combining(letter)))


def search_words(text: str) -> list[str]:
    """The words to look for in a search column; of a very long text only the beginning."""
    return search_key(text[:200]).split()[:10]


def _letter(letter: str) -> tuple[str, int]:
    """Its place in the Vietnamese alphabet and its tone (1 to 6)."""
    tone = 1
    base = ""
    for mark in unicodedata.normalize("NFD", letter):
        if mark in TONES:
            tone = TONES[mark]
        else:
            base += mark
    base = unicodedata.normalize("NFC", base)
    return PLACES.get(base, base), tone


def sort_key(text: str) -> str:
    """A string that sorts by the Vietnamese alphabet, then by tone, on any database.

    Numbers inside sort by value: «THCS số 2» before «THCS số 10».
    """
    text = re.sub(r"\d+", lambda run: run.group().zfill(6), one_line(text).casefold())
    places, tones = [], []
    for word in text.split(" "):
        letters = [_letter(letter) for letter in word]
        places.append("".join(place for place, _ in letters))
        tones.append("".join(str(tone) for _, tone in letters))
    return f"{SPACE.join(places)}{END}{'0'.join(tones)}"


def name_sort_key(full_name: str) -> str:
    """People sort by given name, then by the rest."""
    words = one_line(full_name).split(" ")
    return f"{sort_key(words[-1])}{END}{sort_key(' '.join(words[:-1]))}"


def decimal_from(text: str) -> Decimal:
    """«1.234,5» or «7.5» as a Decimal; ValueError with a sentence when it is neither."""
    written = one_line(text).replace(" ", "").replace("\u2212", "-")
    if re.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", written):
        written = written.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"-?\d+,\d+", written):
        written = written.replace(",", ".")
    elif not re.fullmatch(r"-?\d+(\.\d+)?", written) or re.fullmatch(r".*\.0{3,}", written):
        # of «1.0000» nobody knows whether it is one or ten thousand
        raise ValueError(f"«{text[:40]}» không phải là một số. Viết như 7 hoặc 7,5.")
    try:
        return Decimal(written)
    except InvalidOperation:
        raise ValueError(f"«{text[:40]}» không phải là một số.") from None


def number(value: Decimal | int | None, places: int = 2) -> str:
    """1234.50 as «1.234,5»; None as an empty string."""
    if value is None:
        return ""
    text = f"{Decimal(value):,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,"))


def percent(part: Decimal | int, whole: Decimal | int) -> str:
    """«66,67%»; «–» when the whole is nothing."""
    return f"{number(Decimal(part) * 100 / Decimal(whole))}%" if whole else "–"


def day(value: date | None) -> str:
    """dd/mm/yyyy."""
    return f"{value:%d/%m/%Y}" if value else ""


def weekday(value: date) -> str:
    return WEEKDAYS[value.weekday()]


def day_in_words(value: date) -> str:
    """«ngày 05 tháng 02 năm 2025»: leading 0 for days under 10 and months 1 and 2 (NĐ 30/2020)."""
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def post_of(post: str, body: str) -> str:
    """«TRƯỞNG PHÒNG» of «Phòng Giáo dục …»: «TRƯỞNG PHÒNG Giáo dục …», the word once."""
    if search_key(body) in search_key(post):
        return post
    first, _, rest = body.partition(" ")
    doubled = post.casefold().endswith(f" {first.casefold()}") and rest  # trưởng is not trường
    return f"{post} {rest if doubled else body}"


def document_number(number: str, symbol: str) -> str:
    """«05/QĐ-PGDĐT»: numbers under 10 get a leading 0 (NĐ 30/2020)."""
    padded = number.zfill(2) if number.isdigit() else number
    return f"{padded}/{symbol}"
