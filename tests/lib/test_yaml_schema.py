"""A file of any kind: what is declared is read, all else is said in a sentence with its line."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from edudx.lib import line_yaml, yaml_schema
from edudx.lib.line_yaml import LINE, FileRefused
from edudx.lib.yaml_schema import Field, Kind, Section

PART = Section("parts", (
    Field("code", required=True, most=5),
    Field("kind", choices=("new", "old"), default="new"),
    Field("weight", Kind.NUMBER, most=100),
    Field("years", Kind.COUNT, most=20),
    Field("on", Kind.DAY),
    Field("term", Kind.DAYS),
    Field("is_open", Kind.FLAG, default=True),
    Field("types", Kind.NAMES, choices=("A", "B")),
), many=True, inside="below")  # fmt: skip
FILE = Section("", (
    Section("head", (Field("title", required=True), Field("note")), required=True),
    Field("comment", Kind.UNREAD),
    Section("place", (Field("street"),)),
    PART,
))  # fmt: skip
HEAD = "head: {title: Tên}\n"


def read(text: str | bytes) -> yaml_schema.Node:
    return yaml_schema.read(line_yaml.load(text), FILE)


def faults(text: str | bytes) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read(text).refuse_faults()
    return refused.value.faults


def test_every_kind_is_read_and_what_is_not_written_is_empty():
    root = read(
        HEAD + "comment: {any: [thing]}\nparts:\n"
        '  - {code: "  a\\n b ", kind: old, weight: "12,5", years: 3, on: 05/09/2024,'
        " is_open: False, term: [2024-09-05, 2025-01-17], types: [B, A],"
        " below: [{code: c}]}\n  - {code: d}\n"
    )
    first, second = root["parts"]
    assert first.some("code", "kind", "weight", "years") == {
        "code": "a b", "kind": "old", "weight": Decimal("12.5"), "years": 3,
    }  # fmt: skip
    assert (first["on"], first["is_open"], first["types"]) == (date(2024, 9, 5), False, ["B", "A"])
    assert first["term"] == [date(2024, 9, 5), date(2025, 1, 17)]
    assert [one["code"] for one in first["below"]] == ["c"]
    assert second.values == {
        "code": "d", "kind": "new", "weight": None, "years": None, "on": None, "term": [],
        "is_open": True, "types": [], "below": [],
    }  # fmt: skip
    assert (root["place"]["street"], second.written, second.where) == ("", {"code": "d"}, "Dòng 5")
    root.refuse_faults()


WRONG = [
    ("kode: a", "không hiểu khóa «kode»."),
    ("kind: old", "thiếu «code»."),
    ("code: '  '", "thiếu «code»."),
    ("code: abcdef", "«code» dài quá 5 ký tự."),
    ("code: [a]", "«code» phải là chữ."),
    ("code: {a: b}", "«code» phải là chữ."),
    ("kind: other", "«kind» không nhận «other», chỉ nhận new, old."),
    ("weight: nặng", "«weight» là «nặng», không phải là số hợp lệ."),
    ("weight: 100", "«weight» là «100», không phải là số hợp lệ."),
    ("weight: 1.555", "«weight» là «1.555», không phải là số hợp lệ."),
    ("weight: NaN", "«weight» là «NaN», không phải là số hợp lệ."),
    ("weight: 1e999999999", "«weight» là «1e999999999», không phải là số hợp lệ."),
    ("weight: " + "9" * 5000, f"«weight» là «{'9' * 30}», không phải là số hợp lệ."),
    ("weight: [1]", "«weight» là «['1']», không phải là số hợp lệ."),
    ("years: 0", "«years» là «0»; ghi số nguyên từ 1 đến 20."),
    ("years: " + "9" * 5000, f"«years» là «{'9' * 30}»; ghi số nguyên từ 1 đến 20."),
    ("years: ²", "«years» là «²»; ghi số nguyên từ 1 đến 20."),
    ("on: 2024-02-30", "«on» là «2024-02-30», không phải là ngày; ghi như 2024-10-10."),
    ("on: 9999-12-31", "«on» là «9999-12-31», không phải là ngày; ghi như 2024-10-10."),
    ("on: [2024]", "«on» là «['2024']», không phải là ngày; ghi như 2024-10-10."),
    ("term: 2024-01-02", "«term» phải là một danh sách."),
    ("term: [nay]", "«term» là «nay», không phải là ngày; ghi như 2024-10-10."),
    ("is_open: có", "«is_open» phải là true hoặc false."),
    ("types: A", "«types» phải là một danh sách."),
    ("types: [[A]]", "«types» phải là chữ."),
    ("types: [A, C]", "«types» không nhận «C», chỉ nhận A, B."),
    ("types: [A, A]", "«types» ghi một từ hai lần."),
    ("below: {code: a}", "«below» phải là một danh sách."),
    ("below: [a]", "«below» phải gồm các khóa, ví dụ {code: 1, title: Tên}."),
]


@pytest.mark.parametrize(("line", "sentence"), WRONG, ids=[one[0][:30] for one in WRONG])
def test_what_is_wrong_is_said_with_its_line(line, sentence):
    code = "" if line.startswith(("code", "kind: old")) else "code: a, "
    (found,) = faults(HEAD + f"parts:\n  - {{{code}{line}}}\n")
    assert found.startswith(f"Dòng 3: {sentence}")


def test_every_fault_comes_at_once_in_the_order_of_the_file():
    found = faults("parts:\n" + "- {kind: x}\n" * 10 + "head: {note: [x]}\nla: 1\n")
    places = [one.partition(":")[0] for one in found]
    assert places == ["Dòng 1"] + [f"Dòng {at}" for at in range(2, 12) for _ in "ab"] + [
        "Dòng 12", "Dòng 12",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "[]", "7", "- head", "parts: [{code: a}]", "head: x"])
def test_a_file_without_its_part_is_refused(text):
    assert "«head»" in faults(text)[0]


HOSTILE = {
    "a: &a [x, x]\nhead: [*a, *a]": "Dòng 2: không nhận tham chiếu (*) trong tệp.",
    "head: {title: a, title: b}": "Dòng 1: khóa «title» ghi hai lần.",
    "? [a, b]\n: c": "Dòng 1: khóa phải là một từ.",
    "? {a: b}\n: c": "Dòng 1: khóa phải là một từ.",
    "\0": "tệp không phải là YAML hợp lệ.",
    'head: {title: "a\\0b"}': "Dòng 1: có ký tự không lưu được.",
    'head:\n  "\\ud800": b': "Dòng 2: có ký tự không lưu được.",
    "head: [": "tệp không phải là YAML hợp lệ.",
    "head: " + "[" * 5000: "Tệp lồng nhau quá sâu.",
    HEAD + "parts: [" + "{code: a, below: [" * 9 + "]}" * 9 + "]": "«below» lồng nhau quá sâu.",
    HEAD + "parts:\n" + "- {code: a}\n" * 1001: "Dòng 1: «parts» dài quá 1000 mục.",
    "x" * 10 * 1024**2: "Tệp lớn hơn 512 kB.",
    b"\xff\xfe\x00": "Tệp không phải là văn bản UTF-8.",
    "1: a\n" + HEAD: "Dòng 1: không hiểu khóa «1».",
    "~: a\n" + HEAD: "Dòng 1: không hiểu khóa «~».",
}


@pytest.mark.parametrize("text", HOSTILE, ids=[one[:40] for one in HOSTILE.values()])
def test_who_wishes_ill_gets_a_sentence(text):
    assert HOSTILE[text] in " ".join(faults(text))


def test_what_was_not_text_in_another_kind_of_file_is_a_fault():
    tree = {LINE: "Trang «A», dòng 2", "head": {LINE: "Trang «A», dòng 3", "title": datetime.now()}}
    root = yaml_schema.read(tree, FILE, {"head": {"title": "Tên gọi"}})
    assert root.faults == ["Trang «A», dòng 3: «Tên gọi» phải là chữ."]


def test_a_mark_of_utf_8_at_the_start_does_no_harm():
    assert read(b"\xef\xbb\xbf" + HEAD.encode())["head"]["title"] == "Tên"
