"""Forms that were opened earlier: under another hat, by another person, in a session that ended."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Answer
from schools.actions import people
from schools.models import Document
from schools.permissions import Role
from tests.assessments.browse import JSON, criterion, said, text, url
from tests.world import pdf_upload

UPLOAD = {"title": "Kế hoạch chuyển đổi số", "kind": "plan"}


@pytest.fixture
def two_schools(cast, sign_in):
    """One person, two schools; the page of the first is open when the second is put on."""
    people.appoint(cast.focal, unit=cast.sibling, role=Role.FOCAL_POINT)
    own, other = cast.focal.memberships.order_by("pk")
    client = sign_in(cast.focal)
    page = client.get(reverse("schools:document_add"))
    client.post(reverse("schools:hat_choose", args=[other.pk]))
    client.own, client.other, client.worn = own, other, worn_in(page)
    return client


def worn_in(page) -> str:
    (worn,) = set(re.findall(r'name="worn" value="([^"]+)"', page.content.decode()))
    return worn


def save(client, file_, **fields):
    """The form of one criterion, as the script posts it."""
    one = criterion(file_, "1.2.2")
    typed = {f"c{one.pk}-version": 0, f"c{one.pk}-met": "1"}
    return client.post(url("answer_save", file_.pk, one.pk), typed | fields, **JSON)


def add(client, **fields):
    posted = UPLOAD | {"file": pdf_upload()} | fields
    return client.post(reverse("schools:document_add"), posted, follow=True)


def test_every_form_says_under_which_hat_it_was_shown(cast, two_schools):
    client = two_schools
    assert client.worn == f"{cast.focal.pk}-{client.own.pk}"
    page = client.get(reverse("schools:document_add")).content.decode()
    assert worn_in(client.get("/")) == f"{cast.focal.pk}-{client.other.pk}"
    assert page.count('method="post"') == page.count('name="worn"')


def test_the_other_tab_saves_under_its_own_hat_and_says_so(cast, two_schools):
    answer = add(two_schools, worn=two_schools.worn)
    assert Document.objects.get().unit == cast.school
    assert f"Trang vừa gửi thuộc vai trò {two_schools.own}" in said(answer)
    assert answer.status_code == 200


def test_a_form_that_saves_itself_leaves_the_hat_of_the_other_tab_on(cast, file_, two_schools):
    client = two_schools
    answer = save(client, file_, worn=client.worn)
    assert answer.status_code == 200
    assert Answer.objects.get(assessment=file_, criterion__code="1.2.2").met is True
    assert worn_in(client.get("/")) == f"{cast.focal.pk}-{client.other.pk}"


def test_a_hat_that_is_no_longer_held_writes_nothing(cast, file_, two_schools):
    client = two_schools
    people.end_membership(client.own, by=cast.officer)
    answer = add(client, worn=client.worn)
    assert answer.status_code == 409
    assert "không còn hiệu lực nên chưa lưu gì" in text(answer)
    saved = save(client, file_, worn=client.worn)
    assert saved.status_code == 409
    assert saved.json()["kept"] is True
    assert not Document.objects.exists()
    assert not Answer.objects.filter(met=True).exists()


@pytest.mark.parametrize("worn", ["0", "x-y", "-", "999999-1", "../-1"])
def test_a_form_of_another_person_writes_nothing(cast, sign_in, worn):
    answer = add(sign_in(cast.focal), worn=worn)
    assert answer.status_code == 409
    assert "tài khoản khác" in text(answer)
    assert not Document.objects.exists()


def test_a_stranger_cannot_put_on_the_hat_of_another(cast, sign_in):
    post = cast.focal.memberships.get()
    answer = add(sign_in(cast.stranger), worn=f"{cast.stranger.pk}-{post.pk}")
    assert answer.status_code == 409
    assert not Document.objects.exists()


def test_a_hat_is_changed_and_one_signs_out_from_any_page(cast, two_schools):
    client = two_schools
    posted = {"worn": "1-999999"}
    client.post(reverse("schools:hat_choose", args=[client.own.pk]), posted)
    assert worn_in(client.get("/")).endswith(f"-{client.own.pk}")
    client.post(reverse("schools:logout"), posted)
    assert client.get("/").status_code == 302


# The session has ended


def test_a_form_after_the_end_of_the_session_leads_back_to_its_page(cast):
    page = f"http://testserver{reverse('plans:plans')}?tim=so"
    answer = Client().post(reverse("plans:plans"), {"title": "Bí mật"}, HTTP_REFERER=page)
    assert answer.status_code == 302
    assert answer["Location"] == "/dang-nhap/?next=%2Fke-hoach%2F%3Ftim%3Dso&het-phien=1"
    door = text(Client().get(answer["Location"]))
    assert "Phiên làm việc đã hết nên chưa gửi được" in door
    assert "Bí mật" not in door


@pytest.mark.parametrize("page", ["", "https://xau.example/ke-hoach/", "//xau.example/"])
@pytest.mark.django_db
def test_a_form_from_elsewhere_leads_home(page):
    answer = Client().post(reverse("plans:plans"), HTTP_REFERER=page)
    assert answer["Location"] == "/dang-nhap/?next=%2F&het-phien=1"


def test_a_form_that_saves_itself_is_told_that_the_session_has_ended(file_):
    answer = save(Client(), file_)
    assert answer.status_code == 401
    assert answer.json() == {"signed_out": True}


def test_an_old_token_leads_back_to_the_page_and_a_form_that_saves_itself_is_told(cast, file_):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.focal, backend="schools.backends.EmailBackend")
    page = f"http://testserver{file_.get_absolute_url()}"
    answer = strict.post(reverse("schools:document_add"), UPLOAD, HTTP_REFERER=page)
    assert answer.status_code == 403
    assert f'href="{file_.get_absolute_url()}"' in text(answer)
    saved = save(strict, file_)
    assert (saved.status_code, saved.json()) == (403, {"signed_out": True})


def test_a_page_in_json_says_why_it_is_not_allowed(cast, file_, sign_in):
    answer = save(sign_in(cast.auditor), file_)
    assert answer.status_code == 403
    assert answer.json()["error"].startswith("Bạn không có quyền")
