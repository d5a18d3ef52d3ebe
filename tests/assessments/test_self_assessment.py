"""A focal point answers the criteria, as a form and by autosave; nothing typed is lost."""

import re
import unicodedata
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from assessments import scoring
from assessments.models import Answer
from tests import make

from .browse import criterion, fresh, save, text, url

KINDS = [  # code, what is typed, the points that count
    ("1.1", {"met": "1"}, None),
    ("1.1", {"met": "0"}, None),
    ("1.2.1", {"entered_points": "7,5"}, "7.5"),
    ("1.2.1", {"entered_points": "7.5"}, "7.5"),
    ("1.2.2", {"met": "1"}, "20"),
    ("1.2.2", {"met": "0"}, "0"),
    ("1.3", {"numerator": "9", "denominator": "10"}, "36"),
    ("1.3", {"numerator": "1.234", "denominator": "2.468"}, "20"),
    ("1.3", {"numerator": "9", "denominator": "10", "entered_points": "30,25"}, "30.25"),
    ("2.2", {"count": "80"}, "40"),
    ("2.2", {"count": "1.000"}, "50"),
    ("2.2", {"count": "80", "entered_points": "12"}, "12"),
    ("2.3", {"entered_points": "50"}, "50"),
    ("2.3", {"entered_points": ""}, None),
    ("1.3", {"is_not_applicable": "on", "not_applicable_reason": "Không có lớp"}, "0"),
]


@pytest.mark.parametrize(("code", "typed", "points"), KINDS)
@pytest.mark.parametrize("as_json", [False, True])
def test_each_kind_is_saved(cast, file_, sign_in, code, typed, points, as_json):
    response = save(sign_in(cast.focal), file_, code, as_json=as_json, note="Ghi chú", **typed)
    assert response.status_code == (200 if as_json else 302)
    answer = Answer.objects.get()
    assert answer.points == (None if points is None else Decimal(points))
    assert (answer.version, answer.updated_by, answer.note) == (1, cast.focal, "Ghi chú")


def test_a_graded_criterion_with_steps_offers_them(cast, sign_in):
    found = make.small_set()
    found.criteria.filter(code="2.3").update(
        steps=[{"label": "Chưa", "points": "0"}, {"label": "Một phần", "points": "12.5"},
               {"label": "Đủ", "points": "50"}],
    )  # fmt: skip
    file_ = make.open_campaign(cast, sets=[found]).assessments.get(unit=cast.school)
    client = sign_in(cast.focal)
    assert "Một phần (12,5 điểm)" in text(client.get(file_.get_absolute_url()))
    assert save(client, file_, "2.3", entered_points="12.50").status_code == 302
    assert Answer.objects.get().points == Decimal("12.5")
    assert save(client, file_, "2.3", entered_points="13", version=1).status_code == 422
    page = text(client.get(file_.get_absolute_url()))
    assert "checked" in next(iter(re.findall(r'<input[^>]*radio[^>]*value="12.50"[^>]*>', page)))


def test_autosave_brings_totals_and_what_is_missing(cast, file_, sign_in):
    client = sign_in(cast.focal)
    answer = save(client, file_, "1.2.1", entered_points="39,5", as_json=True).json()
    parts = answer["fragments"]
    one = criterion(file_, "1.2.1")
    assert answer["version"] == 1
    assert answer["saved"].startswith("Đã lưu ")
    assert set(parts) == {
        "totals",
        "missing",
        f"state-{one.code}",
        f"points-{one.code}",
        "points-1.2",
    }
    assert "39,5 / 100 điểm" in parts["totals"]
    assert "Cần thêm 10,5 điểm để lên mức 2." in parts["totals"]
    assert "đã làm 1 / 4" in parts["totals"]
    assert "Thiếu minh chứng" in parts[f"state-{one.code}"]
    assert "1.2.1: chưa có minh chứng." in parts["missing"]
    assert f"{file_.get_absolute_url()}?mo=1.1#c-1.1" in parts["missing"]


def test_the_same_values_again_change_nothing(cast, file_, sign_in):
    client = sign_in(cast.focal)
    save(client, file_, "1.2.1", entered_points="10", as_json=True)
    again = save(client, file_, "1.2.1", entered_points="10", version=1, as_json=True)
    assert again.json()["version"] == 1


# Two people on the same criterion


@pytest.fixture
def colleague(cast, sign_in):
    """The head of the school, who has just saved 10 points over version 0."""

    def save_first(file_, **typed):
        return save(sign_in(cast.head), file_, "1.2.1", **(typed or {"entered_points": "10"}))

    return save_first


def test_the_second_sees_both_values(cast, file_, sign_in, colleague):
    colleague(file_)
    response = save(sign_in(cast.focal), file_, "1.2.1", entered_points="12,5", note="Của tôi")
    page = text(response)
    assert response.status_code == 409
    assert f"{cast.head} vừa lưu tiêu chí 1.2.1" in page
    assert "<td>10</td><td>12,5</td>" in page
    assert "Của tôi" in page
    assert Answer.objects.get().points == 10


def test_autosave_gets_the_same_panel(cast, file_, sign_in, colleague):
    colleague(file_)
    response = save(sign_in(cast.focal), file_, "1.2.1", entered_points="12,5", as_json=True)
    assert response.status_code == 409
    assert "Giữ giá trị của tôi" in response.json()["conflict"]


def test_keep_mine_keeps_every_field_of_mine(cast, file_, sign_in, colleague):
    colleague(file_)
    client = sign_in(cast.focal)
    page = save(client, file_, "1.2.1", entered_points="12,5", note="Dòng 1\r\nDòng <2>")
    chosen = _hidden_fields(page.content.decode())
    one = criterion(file_, "1.2.1")
    assert chosen[f"c{one.pk}-version"] == "1"
    client.post(url("answer_save", file_.pk, one.pk), chosen)
    answer = Answer.objects.get()
    assert (answer.points, answer.version, answer.updated_by) == (Decimal("12.5"), 2, cast.focal)
    assert answer.note.splitlines() == ["Dòng 1", "Dòng <2>"]


def _hidden_fields(page: str) -> dict[str, str]:
    """The fields of the form «Giữ giá trị của tôi», as a browser would send them."""
    fields: dict[str, str] = {}

    class Inputs(HTMLParser):
        def handle_starttag(self, tag, attrs):
            found = dict(attrs)
            if tag == "input" and found.get("type") == "hidden" and found["name"].startswith("c"):
                fields[found["name"]] = found["value"]

    Inputs(convert_charrefs=True).feed(page)
    fields.pop("csrfmiddlewaretoken", None)
    return fields


@pytest.mark.parametrize(
    ("code", "theirs", "mine", "kept"),
    [
        ("1.1", {"met": "1"}, {"met": "0"}, {"met": False}),
        ("1.3", {"numerator": "1", "denominator": "2"},
         {"numerator": "1.234", "denominator": "2.000"}, {"numerator": 1234, "denominator": 2000}),
        ("2.2", {"count": "1"}, {"is_not_applicable": "on", "not_applicable_reason": "Không"},
         {"is_not_applicable": True, "not_applicable_reason": "Không", "count": None}),
    ],
)  # fmt: skip
def test_keep_mine_works_for_every_kind(cast, file_, sign_in, code, theirs, mine, kept):
    save(sign_in(cast.head), file_, code, **theirs)
    client = sign_in(cast.focal)
    chosen = _hidden_fields(text(save(client, file_, code, **mine)))
    client.post(url("answer_save", file_.pk, criterion(file_, code).pk), chosen)
    answer = Answer.objects.get()
    assert {name: getattr(answer, name) for name in kept} == kept


def test_the_same_values_are_no_conflict(cast, file_, sign_in, colleague):
    colleague(file_, entered_points="10", note="")
    response = save(sign_in(cast.focal), file_, "1.2.1", entered_points="10,00", as_json=True)
    assert (response.status_code, response.json()["version"]) == (200, 1)


def test_two_people_on_two_criteria_do_not_meet(cast, file_, sign_in, colleague):
    colleague(file_)
    assert save(sign_in(cast.focal), file_, "1.2.2", met="1").status_code == 302
    assert Answer.objects.count() == 2


# What cannot be right


LONG = "Ghi chú dài quá 5.000 ký tự"
WRONG = [
    ("1.2.1", {"entered_points": "40,01"}, "Số lớn nhất được nhận là 40."),
    ("1.2.1", {"entered_points": "-1"}, "Số không được âm."),
    ("1.2.1", {"entered_points": "7,555"}, "Chỉ nhận tối đa 2 chữ số thập phân."),
    ("1.2.1", {"entered_points": "bảy"}, "«bảy» không phải là một số. Viết như 7 hoặc 7,5."),
    ("1.2.1", {"entered_points": "NaN"}, "«NaN» không phải là một số."),
    ("1.2.1", {"entered_points": "1e3"}, "«1e3» không phải là một số."),
    ("1.2.1", {"entered_points": "9" * 400}, "Số lớn nhất được nhận là 40."),
    ("1.2.2", {"met": "có"}, "có"),
    ("1.3", {"numerator": "11", "denominator": "10"}, "Tử số không được lớn hơn mẫu số."),
    ("1.3", {"numerator": "0,9", "denominator": "1"}, "Chỉ nhận số nguyên."),
    ("1.3", {"numerator": "90%", "denominator": "1"}, "«90%» là tỉ lệ phần trăm; ô này ghi một số"),
    ("1.3", {"numerator": "0", "denominator": "0"}, "Mẫu số bằng 0 thì không tính được tỉ lệ"),
    ("1.3", {"numerator": "9", "denominator": "10", "entered_points": "36,01"},
     "Không vượt quá điểm đề xuất theo số liệu: 36."),
    ("2.2", {"count": "20", "entered_points": "11"}, "Không vượt quá điểm đề xuất"),
    ("2.2", {"count": "7,5"}, "Chỉ nhận số nguyên."),
    ("1.1", {"note": "a" * 10_000}, LONG),
    ("1.3", {"is_not_applicable": "on", "not_applicable_reason": "a" * 501}, "500"),
    ("1.1", {"version": "abc"}, "Trang này đã cũ hoặc bị sửa"),
    ("1.1", {"version": "-1"}, "Trang này đã cũ hoặc bị sửa"),
    ("1.1", {"version": ""}, "Trang này đã cũ hoặc bị sửa"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "typed", "sentence"), WRONG, ids=range(len(WRONG)))
def test_each_fault_gets_a_sentence_and_what_was_typed_stays(
    cast, file_, sign_in, code, typed, sentence
):
    client = sign_in(cast.focal)
    typed = {"note": "Đã gõ dở"} | typed
    page = save(client, file_, code, **typed)
    assert page.status_code == 422
    assert sentence in text(page)
    assert typed["note"] in text(page)
    answer = save(client, file_, code, as_json=True, **typed)
    assert answer.status_code == 422
    assert any(sentence in one for faults in answer.json()["errors"].values() for one in faults)
    assert not Answer.objects.exists()


def test_zero_over_zero_with_a_reason_does_not_apply(cast, file_, sign_in):
    typed = {"numerator": "0", "denominator": "0", "is_not_applicable": "on",
             "not_applicable_reason": "Không có lớp 9"}  # fmt: skip
    assert save(sign_in(cast.focal), file_, "1.3", **typed).status_code == 302
    assert Answer.objects.get().points == 0


def test_not_applicable_without_a_reason_is_not_done(cast, file_, sign_in):
    typed = {"is_not_applicable": "on", "numerator": "9", "denominator": "10"}
    answer = save(sign_in(cast.focal), file_, "1.3", as_json=True, **typed).json()
    assert "đã làm 0 / 4" in answer["fragments"]["totals"]
    assert "1.3: ghi lý do không áp dụng." in answer["fragments"]["missing"]
    found = Answer.objects.get()
    assert found.points is None
    assert not scoring.is_answered(found.criterion.rule, found.value)


def test_not_applicable_earns_nothing_whatever_was_entered(cast, file_, sign_in):
    typed = {"is_not_applicable": "on", "not_applicable_reason": "Không có", "entered_points": "30"}
    save(sign_in(cast.focal), file_, "1.2.1", **typed)
    assert Answer.objects.get().points == 0
    assert fresh(file_).results()[0].points == 0


# Hidden fields that were tampered with


def test_a_criterion_of_another_set_is_not_found(cast, file_, sign_in):
    foreign = make.small_set("T7").criteria.get(code="1.1")
    path = url("answer_save", file_.pk, foreign.pk)
    assert sign_in(cast.focal).post(path, {f"c{foreign.pk}-version": "0"}).status_code == 404


def test_a_sum_takes_no_answer(cast, file_, sign_in):
    client = sign_in(cast.focal)
    response = save(client, file_, "1.2", entered_points="60", as_json=True)
    assert response.status_code == 409
    assert response.json() == {"error": "Tiêu chí 1.2 đang khóa, không thể sửa."}
    assert save(client, file_, "1.2").status_code == 302
    assert not Answer.objects.exists()


def test_a_locked_criterion_keeps_its_answer(cast, file_, sign_in):
    file_ = make.submit(file_, cast.focal, cast.head)
    client = sign_in(cast.focal)
    page = client.post(
        url("answer_save", file_.pk, criterion(file_, "1.2.1").pk),
        {f"c{criterion(file_, '1.2.1').pk}-version": "1"}, follow=True,
    )  # fmt: skip
    assert "Tiêu chí 1.2.1 đang khóa, không thể sửa." in text(page)
    assert file_.answers.get(criterion__code="1.2.1").points == 30


def test_a_version_from_the_future_is_a_conflict(cast, file_, sign_in):
    response = save(sign_in(cast.focal), file_, "1.2.1", entered_points="1", version="9" * 30)
    assert response.status_code == 409


def test_getting_the_address_of_a_save_is_refused(cast, file_, sign_in):
    path = url("answer_save", file_.pk, criterion(file_, "1.1").pk)
    assert sign_in(cast.focal).get(path).status_code == 405


# Who may


@pytest.mark.parametrize(
    ("who", "status"),
    [("focal", 302), ("head", 302), ("specialist", 403), ("office_head", 403), ("officer", 403),
     ("auditor", 403), ("administrator", 403), ("stranger", 404), ("sibling_focal", 404),
     ("stranger_specialist", 404), ("stranger_head", 404)],
)  # fmt: skip
def test_only_the_school_answers(cast, file_, sign_in, who, status):
    assert save(sign_in(getattr(cast, who)), file_, "1.1", met="1").status_code == status
    assert Answer.objects.count() == (1 if status == 302 else 0)


def test_text_typed_in_parts_is_kept_whole(cast, file_, sign_in):
    """macOS sends «ế» as three characters; notes, reasons and titles are kept as one letter."""
    apart = unicodedata.normalize("NFD", "Đã triển khai đầy đủ")
    save(sign_in(cast.focal), file_, "1.2.1", entered_points="3", note=apart)
    answer = file_.answers.get()
    assert answer.note == unicodedata.normalize("NFC", apart) != apart
