"""How Vietnamese is searched, sorted and written."""

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.vietnamese import (
    day,
    day_in_words,
    decimal_from,
    document_number,
    name_sort_key,
    number,
    percent,
    post_of,
    search_key,
    sort_key,
    weekday,
)

LETTERS = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
)
written = st.text(alphabet=LETTERS + LETTERS.upper() + "0123456789 .-&()", max_size=60)
words = st.text(alphabet=LETTERS, min_size=1, max_size=8)
amounts = st.decimals(-(10**12), 10**12, places=2, allow_nan=False)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("NGUYỄN ĐỨC", "nguyen duc"),
        ("nguyen duc", "nguyen duc"),
        ("  Trường\n THCS   Hòa Nghĩa ", "truong thcs hoa nghia"),
        ("TH&THCS Tân Thành", "th&thcs tan thanh"),
        ("", ""),
        ("Ðinh Tiên Hoàng", "dinh tien hoang"),
        ("ngu\u200byễn\u00a0đ\u00adức", "nguyen duc"),
    ],
)
def test_search_takes_no_notice_of_marks_case_and_spaces(typed, key):
    assert search_key(typed) == key


def test_parts_are_joined_and_empty_ones_left_out():
    assert search_key("Sở", "", "Hải Phòng") == "so hai phong"


@given(written)
def test_a_search_key_is_its_own_key(text):
    assert search_key(search_key(text)) == search_key(text)


@given(written)
def test_all_ways_to_type_a_text_have_one_key(text):
    ways = {
        unicodedata.normalize("NFD", text),
        unicodedata.normalize("NFC", text),
        text.upper(),
        text.lower(),
    }
    assert {search_key(way) for way in ways} == {search_key(text)}
    assert {sort_key(way) for way in ways} == {sort_key(text)}


def test_the_alphabet_is_vietnamese():
    letters = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(set(letters), key=sort_key) == letters


def test_a_letter_that_looks_like_another_sorts_with_it():
    assert sort_key("Ðinh Tiên Hoàng") == sort_key("Đinh Tiên Hoàng")
    assert sort_key("Vǎn\u200b") == sort_key("Văn")


def test_tones_decide_only_between_equal_letters():
    assert sorted(["ma", "mạ", "má", "mã", "mả", "mà"], key=sort_key) == [
        "ma", "mà", "mả", "mã", "má", "mạ",
    ]  # fmt: skip
    assert sorted(["Hoà An", "Hoa Bình"], key=sort_key) == ["Hoà An", "Hoa Bình"]


def test_numbers_sort_by_value():
    names = ["THCS số 2", "THCS số 10", "THCS số 100"]
    assert sorted(set(names), key=sort_key) == names


def test_a_name_stands_before_the_longer_names_that_begin_with_it():
    names = ["An", "An Bình", "An Đồng", "An Đồng 2", "Anh Dũng"]
    assert sorted(set(names), key=sort_key) == names


@given(words, words, words)
def test_what_comes_after_an_equal_beginning_decides(beginning, one, other):
    shorter = sort_key(beginning)
    assert shorter < sort_key(f"{beginning} {one}")
    keys = sort_key(f"{beginning} {one}") < sort_key(f"{beginning} {other}")
    assert keys == (sort_key(one) < sort_key(other))


@given(written.filter(lambda text: not set(text) & set(".-&()")))
def test_a_key_of_letters_and_digits_is_digits_alone(text):
    """So that no collation of a database changes the order."""
    assert sort_key(text).isdigit()


def test_people_sort_by_given_name_then_by_the_rest():
    people = ["Trần Văn An", "Lê Thị Bình", "Nguyễn Thị Bình", "Đỗ Đức", "Nguyễn Duy Đức"]
    assert sorted(set(people), key=name_sort_key) == people
    assert name_sort_key("An") < name_sort_key("Trần Văn An") < name_sort_key("Anh")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("7", "7"),
        ("7,5", "7.5"),
        ("7.5", "7.5"),
        ("7.50", "7.50"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("12.345.678,90", "12345678.90"),
        (" 1 234 ", "1234"),
        ("1\u00a0234,5", "1234.5"),
        ("886\u200b", "886"),
        ("4\u202f8", "48"),
        ("\u22123,25", "-3.25"),
        ("-3,25", "-3.25"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1234.567", "1234.567"),
        ("1.000", "1000"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, value):
    assert decimal_from(typed) == Decimal(value)


@pytest.mark.parametrize(
    "typed",
    ["", "bảy", "7,5,1", "1,234.5", "1.23.456", "7.", ",5", "1e5", "NaN", "Infinity", "--1"],
)
def test_what_is_no_number_gets_a_sentence(typed):
    with pytest.raises(ValueError, match=r"không phải là một số. Viết như 7 hoặc 7,5\."):
        decimal_from(typed)


@given(amounts)
def test_what_is_written_is_read_back(amount):
    assert decimal_from(number(amount)) == amount


@given(st.text(max_size=40))
def test_any_text_is_a_finite_number_or_a_sentence(text):
    try:
        assert decimal_from(text).is_finite()
    except ValueError as fault:
        said = str(fault)
        assert "không phải là một số" in said


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (None, 2, ""),
        (0, 2, "0"),
        (Decimal("1234.50"), 2, "1.234,5"),
        (Decimal("1234567.891"), 2, "1.234.567,89"),
        (Decimal("0.125"), 3, "0,125"),
        (1500, 0, "1.500"),
        (Decimal(-20), 2, "-20"),
    ],
)
def test_numbers_are_written_with_a_decimal_comma(value, places, text):
    assert number(value, places) == text


def test_a_share_of_nothing_is_a_dash():
    assert percent(2, 3) == "66,67%"
    assert percent(0, 3) == "0%"
    assert percent(0, 0) == "–"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2025, 2, 5), "ngày 05 tháng 02 năm 2025"),
        (date(2025, 1, 10), "ngày 10 tháng 01 năm 2025"),
        (date(2025, 3, 9), "ngày 09 tháng 3 năm 2025"),
        (date(2025, 12, 31), "ngày 31 tháng 12 năm 2025"),
    ],
)
def test_days_in_documents_have_the_zeros_of_nghi_dinh_30(value, text):
    assert day_in_words(value) == text


def test_days_on_pages():
    assert day(date(2025, 2, 5)) == "05/02/2025"
    assert day(None) == ""
    assert weekday(date(2025, 2, 2)) == "Chủ nhật"
    assert weekday(date(2025, 2, 3)) == "thứ Hai"


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("5", "05/QĐ-PGDĐT"),
        ("05", "05/QĐ-PGDĐT"),
        ("12", "12/QĐ-PGDĐT"),
        ("123", "123/QĐ-PGDĐT"),
        ("12a", "12a/QĐ-PGDĐT"),
    ],
)
def test_numbers_of_documents_under_ten_have_a_zero(typed, text):
    assert document_number(typed, "QĐ-PGDĐT") == text


@pytest.mark.parametrize(
    ("post", "body", "said"),
    [
        ("TRƯỞNG PHÒNG", "Phòng Giáo dục và Đào tạo", "TRƯỞNG PHÒNG Giáo dục và Đào tạo"),
        ("HIỆU TRƯỞNG", "Trường Tiểu học Tân Thành", "HIỆU TRƯỞNG Trường Tiểu học Tân Thành"),
        ("GIÁM ĐỐC", "Sở Giáo dục và Đào tạo", "GIÁM ĐỐC Sở Giáo dục và Đào tạo"),
        ("CHỦ TỊCH UBND QUẬN 1", "UBND quận 1", "CHỦ TỊCH UBND QUẬN 1"),
    ],
)
def test_the_authority_names_post_and_body_with_no_word_twice(post, body, said):
    assert post_of(post, body) == said
