"""A name in an old font is seen, and what it may have said; a right one is left in peace."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.old_encodings import TCVN3, VNI_LETTERS, VNI_MARKS, doubt

SEEN_BY_THE_DOOR = ("THCS \u00d0inh Tiên Hoàng", "Va\u0306n\u200b V\u01cen", "To\u0302\u0309 Đường")
NAMES = (
    "Trường Tiểu học và THCS Nguyễn Văn Đức", "Phòng Giáo dục và Đào tạo huyện Thủy Nguyên",
    "Trường Mầm non Hoa Sữa", "TRƯỜNG THPT CHUYÊN TRẦN PHÚ", "Sở GDĐT Hà Nội",
    "Trường PTDTBT TH&THCS Krông Pắc", "Trường «Bá», XÃ» Ngã Ba", "Hoà Bình – Ê-đê (khối 5)",
    "Trường Quốc tế Français", "Café Noël, São Paulo, München, Ångström", "5 m² · ½ § 1 ®",
)  # fmt: skip


@pytest.mark.parametrize("name", [*NAMES, *SEEN_BY_THE_DOOR])
def test_a_right_name_is_left_in_peace(name):
    assert doubt(name) == ""


def in_tcvn3(text: str) -> str:
    return text.translate({new: chr(old) for old, new in TCVN3.items()})


def in_vni(text: str) -> str:
    letters = {new: old for old, new in VNI_LETTERS.items()}
    marks = {unicodedata.normalize("NFC", f"{base}{mark}"): f"{letters.get(base, base)}{sign}"
             for base in "aeouyơư" for sign, mark in VNI_MARKS.items()}  # fmt: skip
    letters |= marks
    letters |= {new.upper(): old.upper() for new, old in letters.items() if new.upper() != new}
    return "".join(letters.get(one, one) for one in text)


written = st.sampled_from(NAMES[:3]).flatmap(
    lambda name: st.lists(st.sampled_from(name.split()), min_size=1, max_size=5).map(" ".join)
)


@pytest.mark.parametrize("name", [NAMES[0], NAMES[1], NAMES[2]])
def test_tcvn3_and_vni_are_seen_and_read(name):
    assert doubt(in_tcvn3(name)) == f"có vẻ viết bằng phông TCVN3 (ABC), có lẽ là «{name}»"
    assert doubt(in_vni(name)) == f"có vẻ viết bằng phông VNI, có lẽ là «{name}»"


def test_capitals_of_vni_are_seen():
    assert "«TRƯỜNG THPT TRẦN PHÚ»" in doubt(in_vni("TRƯỜNG THPT TRẦN PHÚ"))


@pytest.mark.parametrize("codec", ["cp1252", "latin-1"])
@given(written)
def test_utf_8_read_as_something_else_is_seen_also_with_a_letter_lost(codec, name):
    broken = "".join(
        bytes([one]).decode(codec, "ignore") or bytes([one]).decode("latin-1")
        for one in name.encode()
    )
    if name.isascii():
        assert doubt(broken) == ""
        return
    assert f"có lẽ là «{name}»" in doubt(broken)
    lost = "".join(one for one in broken if not "\x7f" <= one <= "\x9f")
    assert "bị giải mã sai" in doubt(lost)


@pytest.mark.parametrize("name", ["Tr??ng Tiểu học", "Tr?ng", "Tr\ufffdờng"])
def test_lost_letters_are_seen(name):
    assert doubt(name) == "có vẻ đã mất chữ khi đổi bảng mã"


@pytest.mark.parametrize("text", ["Đúng không?", "https://a.example/x?y=é", "Ai? Ở đâu?", ""])
def test_a_question_is_no_lost_letter(text):
    assert doubt(text) == ""


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fault(text):
    assert isinstance(doubt(text), str)
