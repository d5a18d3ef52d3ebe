"""Letters nobody sees, and the many spaces, for property tests."""

import sys
import unicodedata

from hypothesis import strategies as st

BREAKS = "\n\r\x0b\x0c\x85\u2028\u2029"
CONTROLS = [
    chr(code)
    for code in range(sys.maxunicode + 1)
    if unicodedata.category(chr(code)) == "Cc" and chr(code) not in f"{BREAKS}\t"
]
FORMATS = [
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"
]
# Marks and fillers without a picture of their own that Unicode does not count as formats.
FILLERS = [
    *"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0\ufe00\ufe0f\ufffc",
    *map(chr, (0x2065, 0xFFF0, 0xE0000, 0xE0100, 0xE01EF, 0xE0FFF)),
]
INVISIBLE = [*CONTROLS, *FORMATS, *FILLERS]
# XML cannot hold control characters, so no workbook brings them.
INVISIBLE_IN_XML = [*FORMATS, *FILLERS, *(f"_x{ord(one):04X}_" for one in CONTROLS if one < "\x20")]
SPACES = [
    *(chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Zs"),
    "\u2800",
]

invisible = st.sampled_from(INVISIBLE)
invisible_in_xml = st.sampled_from(INVISIBLE_IN_XML)


def strewn(text: str, letters: st.SearchStrategy[str] = invisible) -> st.SearchStrategy[str]:
    """The text with such letters at any place, also between a letter and its marks."""
    decomposed = unicodedata.normalize("NFD", text)
    between = st.lists(letters, max_size=2).map("".join)
    gaps = st.lists(between, min_size=len(decomposed) + 1, max_size=len(decomposed) + 1)
    return gaps.map(
        lambda found: (
            found[0]
            + "".join(letter + gap for letter, gap in zip(decomposed, found[1:], strict=True))
        )
    )
