"""The one door for text: what a person types or pastes and what a file brings, before it is kept.

`typed` and `one_line` are the door, `from_cell` that of Excel, `readable` that of YAML; `writable`
is the last safety before a file is written, for what was kept before the door was there.
"""

import re
import unicodedata

CONTROLS = "\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f"  # without tab and all that breaks lines
NO_LETTERS = "\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff"  # half a letter, and never one
# Unicode's Default_Ignorable_Code_Point and its category Cf, the place of a picture, a null note.
INVISIBLE = (
    "\\xad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u115f\\u1160\\u17b4\\u17b5"
    "\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0"
    "\\ufff0-\\ufffc\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d159"
    "\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff"
)
DROPPED = re.compile(f"[{CONTROLS}{NO_LETTERS}{INVISIBLE}]")
UNWRITABLE = re.compile(f"[{CONTROLS}{NO_LETTERS}]")
BREAKS = re.compile("\\r\\n|[\\r\\x0b\\x0c\\x85\\u2028\\u2029]")
SPACES = re.compile("[\\xa0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u2800\\u3000]")

# Excel writes a control character as _x000D_; other programs copy these letters into the text.
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
ESCAPED_BREAK = re.compile("_x000[dD]_(?:\\n|_x000[aA]_)?|_x000[a-cA-C]_")
ESCAPED_CONTROL = re.compile("_x00[01][0-9A-Fa-f]_")
PAIRS = re.compile("[\\ud800-\\udbff][\\udc00-\\udfff]")

# Full width, ligatures of PDFs, letters of formulas, Roman numerals: one letter, or a few.
OTHER_FORMS = re.compile("[\\u2160-\\u217f\\ufb00-\\ufb06\\uff01-\\uff5e\\U0001d400-\\U0001d7ff]")
TWINS = str.maketrans("ÐðƉɖǍǎıȷɑɡ\u2010\u2011", "ĐđĐđĂăijag--")
BAR_OF_D = re.compile("([dD])[\\u0335\\u0336]")
CARON_OF_A = re.compile("([aA])\\u030c")
SHAPES = "\u0302\u0306"  # ^ of â and ˘ of ă: before the tone, or nothing composes
SHAPES_AND_TONES = re.compile("[\\u0300-\\u0303\\u0306\\u0309]{2,}")
MARKS = re.compile("[\\u0300-\\u0342]")

FOREIGN = re.compile("[\\u0370-\\u03ff\\u0400-\\u052f]")
LATIN = re.compile("[0-9A-Za-z\\u00c0-\\u024f\\u1e00-\\u1eff]")
FOREIGN_TWINS = dict(
    zip(
        map(ord, "АВЕЅІЈКМНОРСТУХԚԜаеѕіјорсухһԁԛԝΑΒΕΖΗΙΚΜΝΟΡΤΥΧοϲϳ"),
        "ABESIJKMHOPCTYXQWaesijopcyxhdqwABEZHIKMNOPTYXocj",
        strict=True,
    )
)


def typed(text: str) -> str:
    """NFC, lines ended by \\n, plain spaces, nothing invisible, Vietnamese letters; no ends.

    A text of invisible characters alone is empty. What was cleaned once stays as it is.
    """
    text = BREAKS.sub("\n", DROPPED.sub("", text))
    text = OTHER_FORMS.sub(lambda one: unicodedata.normalize("NFKC", one[0]), text)
    text = ESCAPED_CONTROL.sub("", ESCAPED_BREAK.sub("\n", text.replace("_x0009_", "\t")))
    return _vietnamese(SPACES.sub(" ", text)).strip()


def one_line(text: str) -> str:
    """`typed` with every run of spaces, tabs and line breaks made one space."""
    return re.sub(r"\s+", " ", typed(text)).strip()


def from_cell(text: str) -> str:
    """The text of a cell of Excel, whose _x000D_ and _x0041_ are characters."""
    text = ESCAPED.sub(lambda one: chr(int(one[1], 16)), text)
    return typed(PAIRS.sub(_whole_letter, text))


def readable(text: str) -> str:
    """A file of lines that somebody wrote, before it is parsed: nothing invisible, plain spaces.

    Its lines stay where they are.
    """
    return re.sub("[\x0b\x0c]", " ", SPACES.sub(" ", re.sub(f"[{INVISIBLE}]", "", text)))


def writable(text: str) -> str:
    """Without what breaks a file: control characters, half letters; \\n for every kind of line."""
    return UNWRITABLE.sub("", BREAKS.sub("\n", text))


def _whole_letter(pair: re.Match[str]) -> str:
    return pair[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _vietnamese(text: str) -> str:
    """Composed; letters that only look like Vietnamese ones are those."""
    text = _latin(unicodedata.normalize("NFC", text).translate(TWINS))
    if MARKS.search(text):  # what NFC could not compose
        text = BAR_OF_D.sub(lambda one: "đ" if one[1] == "d" else "Đ", text)
        text = CARON_OF_A.sub("\\1\u0306", unicodedata.normalize("NFD", text))
        text = unicodedata.normalize("NFC", SHAPES_AND_TONES.sub(_shapes_first, text))
    return text


def _shapes_first(marks: re.Match[str]) -> str:
    return "".join(sorted(marks[0], key=lambda one: one not in SHAPES))


def _latin(text: str) -> str:
    """Cyrillic and Greek twins of Latin letters, where nothing else of these alphabets stands.

    In a text that also says something in Russian or Greek only inside words that are Latin.
    """
    if not FOREIGN.search(text):
        return text
    if _only_looks_foreign(text):
        return text.translate(FOREIGN_TWINS)
    return re.sub(
        r"\S+",
        lambda word: word[0].translate(FOREIGN_TWINS) if _only_looks_foreign(word[0]) else word[0],
        text,
    )


def _only_looks_foreign(text: str) -> bool:
    letters = FOREIGN.findall(text)
    return bool(LATIN.search(text)) and all(ord(one) in FOREIGN_TWINS for one in letters)
