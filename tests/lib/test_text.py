"""What a person types or pastes is kept as it reads, whatever cannot be seen in it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.text import from_cell, one_line, readable, typed, writable
from tests.lib.odd_letters import BREAKS, INVISIBLE, SPACES, invisible, invisible_in_xml, strewn

NAME = "Trường THCS Đinh Tiên Hoàng, số 12-A"
anything = st.text(max_size=40)


@given(strewn(NAME))
def test_no_invisible_letter_anywhere_changes_what_is_kept(text):
    assert typed(text) == one_line(text) == NAME


@given(strewn(NAME, invisible_in_xml))
def test_nor_in_a_cell_of_excel(text):
    assert from_cell(text) == NAME


@given(st.lists(invisible | st.sampled_from([*SPACES, *BREAKS, "\t"])).map("".join))
def test_a_text_of_invisible_letters_alone_is_empty(text):
    assert typed(text) == one_line(text) == ""


@pytest.mark.parametrize("space", SPACES, ids=lambda one: f"{ord(one):04X}")
def test_every_kind_of_space_is_a_space(space):
    assert typed(f"{space}a{space}b{space}") == "a b"


@pytest.mark.parametrize("mark", [*BREAKS, "\r\n"], ids=ascii)
def test_every_kind_of_line_ends_alike_and_one_line_is_one_line(mark):
    assert typed(f"Dòng 1{mark}Dòng 2{mark}") == "Dòng 1\nDòng 2"
    assert one_line(f"Dòng 1{mark}Dòng 2") == "Dòng 1 Dòng 2"


def test_lines_and_indents_of_a_long_text_stay():
    assert typed("1. Mục\r\n\r\n\t- Ý  một\r\n") == "1. Mục\n\n\t- Ý  một"


@given(anything)
def test_what_was_cleaned_once_stays_as_it_is(text):
    for clean in (typed, one_line, writable):
        assert clean(clean(text)) == clean(text)
    assert unicodedata.is_normalized("NFC", typed(text))


@given(anything)
def test_what_is_written_breaks_no_file(text):
    said = writable(text + "".join(INVISIBLE) + "\ud800\uffff")
    assert not {unicodedata.category(one) for one in said} & {"Cs"}
    assert not set(said) & {*map(chr, range(32))} - {"\n", "\t"}


@given(st.text(st.characters(categories=["L", "N", "P"], max_codepoint=0x24F), max_size=30))
def test_other_words_of_latin_letters_stay(text):
    """But for the twins of Vietnamese letters and for the way an accent is written."""
    kept = unicodedata.normalize("NFC", text).translate(str.maketrans("ÐðƉǍǎıȷ", "ĐđĐĂăij"))
    assert typed(text) == kept


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("\u00d0inh \u0110inh \u0189inh", "Đinh Đinh Đinh"),
        ("\u00f0i \u0256i d\u0335i d\u0336i", "đi đi đi đi"),
        ("V\u01cen Va\u030cn", "Văn Văn"),
        ("Tie\u0301\u0302ng Nguye\u0303\u0302n", "Tiếng Nguyễn"),
        ("ch\u0131\u0301nh", "chính"),
        ("\u0422rường \u041dà N\u1ed9i", "Trường Hà Nội"),
        ("\u0430n@truong.example", "an@truong.example"),
        ("\u03a4HCS", "THCS"),
        ("ＴＨＣＳ １２", "THCS 12"),
        ("\U0001d413\U0001d407", "TH"),
        ("ﬁle wiﬁ", "file wifi"),
        ("khối \u2162", "khối III"),
        ("31\u201101\u20100001", "31-01-0001"),
    ],
)
def test_letters_that_look_like_others_are_those(pasted, kept):
    assert typed(pasted) == kept


@pytest.mark.parametrize(
    "text",
    ["Москва", "Школа имени Пушкина", "Лицей: сор", "Ωμέγα", "α, β, Δt", "5 m² – 3 ½ «a» …", "№ 5"],
)
def test_russian_greek_and_signs_stay(text):
    assert typed(text) == text


def test_a_russian_word_beside_a_vietnamese_one_stays_and_a_mixed_one_is_mended():
    assert typed("Школа СССР, \u0422rường") == "Школа СССР, Trường"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("Dòng 1_x000D_\nDòng 2", "Dòng 1\nDòng 2"),
        ("Dòng 1_x000D__x000A_Dòng 2", "Dòng 1\nDòng 2"),
        ("Dòng 1_x000B_Dòng 2", "Dòng 1\nDòng 2"),
        ("A_x0009_B", "A\tB"),
        ("A_x0007_B_x200B_", "AB"),
        ("_x0110_inh", "Đinh"),
        ("a_x005F_b", "a_b"),
        ("_xD83D__xDE00_", "\U0001f600"),
        ("_xD83D_", ""),
        ("ma_x_1 _x00G0_", "ma_x_1 _x00G0_"),
    ],
)
def test_excels_own_escapes_are_characters(cell, kept):
    assert from_cell(cell) == kept


def test_escapes_that_were_copied_out_of_excel_are_line_breaks_too():
    assert typed("Dòng 1_x000D_\r\nDòng 2 _x0041_") == "Dòng 1\nDòng 2 _x0041_"


def test_a_file_of_lines_keeps_its_lines():
    assert readable("a:\u00a0\u200b1\n\ufeff  b: x\x0by\n") == "a: 1\n  b: x y\n"
