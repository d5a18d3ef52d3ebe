"""Text from before Unicode, or decoded wrongly: «NguyÔn V¨n §øc», «Tröôøng», «TrÆ°á»ng».

Whether a word is written so is seen by reading it: as it stands it is no Vietnamese syllable, read
in the old encoding it is one. Only a guess, so it makes a warning and never a change.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import lru_cache

from .text import one_line

ONSET = "ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx]"
NUCLEUS = (
    "uyê|iêu|yêu|ươi|ươu|uôi|oai|oay|oeo|uây|uya|uyu|iê|yê|ươ|uô|ua|ưa|ia|uâ|uê|uy|uơ|oa|oă|oe|oo"
    "|ai|ao|au|ay|âu|ây|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|[aăâeêioôơuưy]"
)
SYLLABLE = re.compile(f"(?:{ONSET})?(?:{NUCLEUS})(?:(?P<stop>ch|[cpt])|nh|ng|[mn])?")
TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
WORD = re.compile(r"[^\s,;:./()\"“”–-]+")

TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
VNI_LETTERS = dict(zip("ôöñæóòî", "ơưđỉĩịỵ", strict=True))
VNI_MARKS = dict(
    zip(
        "ùøûõïâáàåãäêéèúüë",
        ("\u0301", "\u0300", "\u0309", "\u0303", "\u0323", "\u0302", "\u0302\u0301", "\u0302\u0300",
         "\u0302\u0309", "\u0302\u0303", "\u0302\u0323", "\u0306", "\u0306\u0301", "\u0306\u0300",
         "\u0306\u0309", "\u0306\u0303", "\u0306\u0323"),
        strict=True,
    )
)  # fmt: skip
VNI = re.compile(f"([aeouyôö]?)([{''.join(VNI_MARKS)}])|[{''.join(VNI_LETTERS)}]", re.IGNORECASE)

# UTF-8 read as Western European, also when a byte got lost on the way.
MOJIBAKE = re.compile(
    "[ÄÅÆ][\x80-\xbf\u0192\u02c6\u02dc\u2010-\u2122]"
    "|Ã[¡¢£¨©ª\xad¬²³´µ¹º½€‚ƒˆ‰ŠŒ•™š]"
    "|[a-zÃÄÅ][ÃÄÅ]|[A-Z][ÄÅ][a-z]|áº|á»[\x80-\xbf\u0192\u02c6\u02dc\u2018-\u2122\\w]"
)
MODERN = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")  # no old encoding has these letters
LOST = re.compile(r"\ufffd|[^\W\d_]\?+[^\W\d_]")


def doubt(text: str) -> str:
    """What is wrong with the letters of a text, and what it may have been; empty when all is well.

    Takes the text as the file has it: of a letter of TCVN3 the door for text leaves nothing.
    """
    if text.isascii() and "?" not in text:
        return ""
    if MOJIBAKE.search(text):
        return _said("bị giải mã sai (UTF-8 đọc thành bảng mã khác)", _decoded(text))
    odd = {word for word in WORD.findall(text) if _is_odd(word)}
    counts = {name: sum(_read(word, name) != word for word in odd) for name in READERS}
    name = max(counts, key=lambda one: counts[one])
    if counts[name]:
        is_mixed = MODERN.search(text)  # only the odd words are old, else all are
        return _said(
            name, WORD.sub(lambda one: _guess(one[0], name, odd if is_mixed else ()), text)
        )
    return _said("đã mất chữ khi đổi bảng mã", "") if _has_lost_letters(text) else ""


def _said(what: str, guess: str) -> str:
    guess = one_line(guess)[:120]
    return f"có vẻ {what}{f', có lẽ là «{guess}»' if guess else ''}"


@lru_cache(4096)
def _is_odd(word: str) -> bool:
    """No syllable, also after the door for text, which knows Ð; a soft hyphen is one of TCVN3."""
    word = word.strip("«»'")
    if word.isascii() or not re.search("[A-Za-z]", word):
        return False
    return not _is_syllable(word if "\xad" in word else one_line(word))


def _guess(word: str, name: str, only: Collection[str]) -> str:
    return _read(word, name) if not only or word in only else word


def _read(word: str, name: str) -> str:
    """The word in an old encoding, if it is a syllable there; without the quotes around it, too."""
    for core in (word, word.strip("«»'")):
        guess = unicodedata.normalize("NFC", READERS[name](core))
        if not core.isascii() and _is_syllable(guess):
            return word.replace(core, guess)
    return word


def _is_syllable(word: str) -> bool:
    """Vietnamese: with one tone at most, before c, ch, p, t only sắc or nặng."""
    letters = unicodedata.normalize("NFD", word.lower())
    tones = TONE.findall(letters)
    found = SYLLABLE.fullmatch(unicodedata.normalize("NFC", TONE.sub("", letters)))
    if not found or len(tones) > 1:
        return False
    return not (found["stop"] and tones and tones[0] not in "\u0301\u0323")


def _from_tcvn3(word: str) -> str:
    return word.translate(TCVN3)


def _from_vni(word: str) -> str:
    return VNI.sub(_vni_letter, word)


def _vni_letter(found: re.Match[str]) -> str:
    """A letter that stands for another, a vowel with its marks, or what means nothing in VNI."""
    base, mark = found[1] or "", (found[2] or "").lower()
    if not mark:
        return _cased(VNI_LETTERS[found[0].lower()], like=found[0])
    if not base:
        return found[0]
    return _cased(VNI_LETTERS.get(base.lower(), base.lower()), like=base) + VNI_MARKS[mark]


def _cased(letter: str, *, like: str) -> str:
    return letter.upper() if like.isupper() else letter


def _from_1258(word: str) -> str:
    try:
        return word.encode("cp1252").decode("cp1258")
    except UnicodeError:
        return word


READERS: dict[str, Callable[[str], str]] = {
    "viết bằng phông TCVN3 (ABC)": _from_tcvn3,
    "viết bằng phông VNI": _from_vni,
    "viết bằng bảng mã Windows-1258": _from_1258,
}


def _decoded(text: str) -> str:
    """What the bytes say in UTF-8; nothing when some are lost."""
    try:
        return b"".join(_byte(letter) for letter in text).decode("utf-8")
    except UnicodeError:
        return ""


def _byte(letter: str) -> bytes:
    try:
        return letter.encode("cp1252")
    except UnicodeError:
        return letter.encode("latin-1")


def _has_lost_letters(text: str) -> bool:
    return "://" not in text and bool(LOST.search(text))
