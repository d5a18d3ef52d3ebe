"""Whatever is typed wrongly, the answer is a Vietnamese sentence."""

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from tests import english, make
from tests.walk_expected import EXPECTED
from tests.walk_table import url_of
from tests.world import World

pytestmark = pytest.mark.alike

LONG = "đ" * 10_001


@pytest.fixture
def world(cast) -> World:
    return World(cast)


def upload(name: str, content: bytes, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def wrong_documents() -> list[dict]:
    return [
        {"title": LONG, "kind": "khong-co", "link": "khong phai", "proof_on": "31/02/2025"},
        {"title": "A", "kind": "plan", "link": "ftp://truong.example/a", "proof_on": "2025"},
        {"title": "A", "kind": "plan", "link": "https://a.example/" + "a" * 600},
        {"title": "A\x00", "kind": "plan", "official_number": "1" * 100},
        {"title": "A", "kind": "plan", "file": upload("rong.pdf", b"")},
        {"title": "A", "kind": "plan", "file": upload("a.pdf", b"%PDF-1.4 cut")},
        {"title": "A", "kind": "plan", "file": upload("a.zip", b"PK\x03\x04" + b"0" * 50)},
        {"title": "A", "kind": "plan", "file": upload("a" * 250 + ".pdf", b"%PDF-1.4")},
    ]


def wrong_campaigns(world: World) -> list[dict]:
    phrases = ("opening_phrase", "submission_phrase", "decision_phrase", "publication_phrase")
    right = {
        "title": "Đợt", "code": "moi", "period": "2026-2027", "scope": world.cast.department.pk,
        "sets": [world.sets[0].pk], "is_demo": "on", "opening_phrase": "Từ ngày 01/9/2026",
        "submission_phrase": "Trước ngày 20/5/2027", "decision_phrase": "Trước ngày 25/5/2027",
        "publication_phrase": "Trước ngày 20/6/2027",
    }  # fmt: skip
    return [
        right | dict.fromkeys(phrases, "khi nào xong thì nộp"),
        right | {"code": world.round.code},
        right | {"code": "đợt mới", "period": "2026", "scope": 9999, "sets": [9999, "a"]},
        right | {"submission_phrase": "Trước ngày 20/5/2020", "title": LONG},
        right | {"sets": [one.pk for one in world.sets] + [world.published_set.pk, "x"]},
    ]


def wrong_decisions() -> list[dict]:
    right = {
        "number": "13", "symbol": "QĐ-PGDĐT", "signed_on": "20/11/2026", "authority": "",
        "head_post": "TRƯỞNG PHÒNG", "signer_name": "Trần Thị Hoa",
    }  # fmt: skip
    return [
        right | {"number": "mười ba", "signed_on": "31/02/2026", "authority": "XX."},
        right | {"signed_on": "01/01/2090", "authority": "KT."},
        right | {"number": "1" * 30, "symbol": LONG, "head_post": "", "signed_on": "hôm nay"},
        right,  # no school chosen
    ]


def wrong_invitations() -> list[dict]:
    return [
        {"full_name": LONG, "email": "khong phai thu", "role": "vua", "phone": "0" * 50},
        {"full_name": "A", "email": "a" * 300 + "@a.example", "role": "administrator"},
    ]


def wrong_answers(world: World) -> list[dict]:
    prefix = f"c{world.criterion.pk}-"
    return [
        {prefix + "met": "co le", prefix + "version": "x", prefix + "note": LONG},
        {prefix + "met": "1"},
        {prefix + "met": "0", prefix + "version": "0"},  # somebody saved in between
    ]


def attempts(world: World) -> dict[str, tuple[str, list[dict]]]:
    """Address → who, and what is typed wrongly."""
    wrong_review = {f"r{world.criterion.pk}-{name}": LONG for name in ("decision", "reason")}
    files = [{"file": upload("a.xlsx", b"khong phai Excel")}, {"file": upload("a.txt", b"abc")}]
    return {
        "schools:document_add": ("focal", wrong_documents()),
        "schools:version_add": ("focal", wrong_documents()),
        "assessments:evidence_add": (
            "focal", [*wrong_documents(), {"pick": "1"}, {"pick": "1", "documents": ["9999", "a"]}]
        ),
        "assessments:evidence_upload": ("focal", [{}, *files]),
        "assessments:minutes_upload": ("focal", [{}, *files]),
        "assessments:answer_save": ("focal", wrong_answers(world)),
        "assessments:comments": ("specialist", [{"text": LONG}, {"text": " "}]),
        "assessments:review_save": ("specialist", [{}, wrong_review]),
        "assessments:move": ("specialist", [{}, {"reason": LONG}]),
        "assessments:reopen": ("office_head", [{}]),
        "assessments:office_report": ("office_head", [{}]),
        "assessments:campaign_add": ("officer", wrong_campaigns(world)),
        "assessments:campaign_edit": ("officer", wrong_campaigns(world)),
        "assessments:campaign_close": ("officer", [{}]),
        "assessments:set_publish": ("officer", [{"compared_with": LONG, "compared_by": LONG}]),
        "assessments:set_retire": ("officer", [{}]),
        "assessments:set_load": ("officer", [*files, {"file": upload("a.yaml", b"a: [")}]),
        "schools:invite": ("head", wrong_invitations()),
        "schools:import_add": ("officer", [{"kind": "khac"}, files[0] | {"kind": "units"}]),
    }  # fmt: skip


def is_answered(response) -> bool:
    """Something is said: beside a field or above the page."""
    said = b"alert" in response.content or b"invalid-feedback" in response.content
    return said or response.status_code == 400  # a NUL character gets a page of its own


def test_an_empty_form_says_what_is_missing(world, sign_in):
    """Nothing filled in, at every address that takes a POST, by the first person who may."""
    left = {}
    for key, page in EXPECTED.items():
        if page.post is None or key == "schools:logout":
            continue
        person = sorted(page.may)[0]
        client = sign_in(getattr(world.cast, person))
        response = client.post(url_of(key, page, world), follow=True)
        assert response.status_code < 500
        if found := english.english_in(response):
            left[key] = found
    assert left == {}


def test_wrong_input_is_answered_in_vietnamese(world, sign_in):
    """Wrong dates, unknown choices, too long texts, wrong files, a number already used."""
    left = {}
    for key, (person, forms) in attempts(world).items():
        client, url = sign_in(getattr(world.cast, person)), url_of(key, EXPECTED[key], world)
        for form in forms:
            response = client.post(url, form, follow=True)
            assert response.status_code < 500
            assert is_answered(response), key
            left |= {(key, text): form for text in english.english_in(response)}
    assert set(left) == set()


def test_the_autosave_answers_in_vietnamese(world, sign_in):
    """The same faults as JSON."""
    page = EXPECTED["assessments:answer_save"]
    client = sign_in(world.cast.focal)
    for form in wrong_answers(world):
        response = client.post(
            url_of("assessments:answer_save", page, world),
            form,
            headers={"Accept": "application/json"},
        )
        assert response.status_code in (409, 422)
        assert english.english_in(response) == []


def test_a_wrong_decision(world, sign_in):
    """Number, date, signer, and the unique constraint speak Vietnamese, too."""
    make.review(world.file, world.cast.specialist)
    client = sign_in(world.cast.office_head)
    url = reverse("assessments:certify", args=[world.round.pk])
    for form in wrong_decisions():
        response = client.post(url, form)
        assert is_answered(response)
        assert english.english_in(response) == []
    form = {
        "number": "12", "symbol": "QĐ-PGDĐT", "signed_on": f"{world.decision.signed_on:%d/%m/%Y}",
        "head_post": "TRƯỞNG PHÒNG", "signer_name": "Trần Thị Hoa", "school": [world.file.pk],
    }  # fmt: skip
    response = client.post(url, form, follow=True)
    assert "Số quyết định này đã dùng trong năm." in response.content.decode()
    assert english.english_in(response) == []


def test_wrong_login(cast, client):
    """Nothing, no address, an unknown one, a locked account."""
    cast.head.is_active = False
    cast.head.save(update_fields=["is_active"])
    for name in ("", "khong phai thu", "la@truong.example", cast.head.email, "a" * 400):
        page = client.post(reverse("schools:login"), {"username": name, "password": "sai"})
        assert page.status_code == 200
        assert english.english_in(page) == []
        page = client.post(reverse("schools:password_request"), {"email": name}, follow=True)
        assert english.english_in(page) == []


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("", "", "bắt buộc"),
        ("abc", "abc", "quá ngắn, phải có ít nhất 8 ký tự"),
        ("password", "password", "phổ biến"),
        ("19283746501", "19283746501", "chữ số"),
        ("nguyenvanphuong", "nguyenvanphuong", "giống"),
        ("mat-khau-moi-1", "mat-khau-moi-2", "không giống nhau"),
    ],
)
def test_a_weak_password(cast, client, first, second, sentence):
    """Every rule for passwords is explained on the page where one is chosen."""
    person = cast.focal
    person.full_name = person.email = "nguyenvanphuong@truong.example"
    person.save(update_fields=["full_name", "email"])
    uid = urlsafe_base64_encode(force_bytes(person.pk))
    link = reverse("schools:password_set", args=[uid, default_token_generator.make_token(person)])
    form_url = client.get(link).url
    page = client.post(form_url, {"new_password1": first, "new_password2": second})
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert english.english_in(page) == []


def test_a_stale_form_keeps_its_words(cast):
    """The CSRF page says that the session is over, in Vietnamese."""
    page = Client(enforce_csrf_checks=True).post(reverse("schools:login"), {})
    assert page.status_code == 403
    assert english.english_in(page) == []
