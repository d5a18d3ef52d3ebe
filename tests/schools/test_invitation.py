"""A person is invited, chooses a password, signs in, changes hats, leaves."""

import re
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools import outbox, tasks
from schools.actions import people
from schools.models import Delivery, Event, Membership, User
from schools.permissions import Role
from tests import make
from tests.postman import Mailbox

PASSWORD = "bang-lang-tim-2026"
LOGIN = {"username": "binh@truong.example", "password": PASSWORD}


def invite(cast, **fields) -> Event:
    values = {
        "email": "binh@truong.example",
        "full_name": "Lê Thị Bình",
        "unit": cast.school,
        "role": Role.FOCAL_POINT,
        "by": cast.head,
    }
    return people.invite(**values | fields)


def waiting() -> list[str]:
    return list(Delivery.objects.filter(state="queued").values_list("address", flat=True))


def link_in(letter) -> str:
    return re.search(r"http://\S+(/mat-khau/\S+)", letter.get_content()).group(1)


def choose(client, link: str, one: str = PASSWORD, two: str = ""):
    page = client.get(link, follow=True)
    if not page.redirect_chain:
        return page
    values = {"new_password1": one, "new_password2": two or one}
    return client.post(page.redirect_chain[-1][0], values, follow=True)


def signs_in(client) -> bool:
    return client.post(reverse("schools:login"), LOGIN).status_code == 302


# The letter


def test_an_invitation_goes_out_once_with_a_working_link(cast, mailbox, client):
    event = invite(cast)
    tasks.tell(), tasks.tell()
    (letter,) = mailbox.letters
    assert letter["To"] == "binh@truong.example"
    assert letter["Subject"] == "Lời mời sử dụng cổng edudx"
    text = letter.get_content()
    assert "Kính gửi Lê Thị Bình" in text
    assert f"{cast.head.full_name} mời bạn" in text
    assert f"Đầu mối CNTT tại {cast.school}." in text
    assert "&amp;" not in text
    event.refresh_from_db()
    assert event.announced_at is not None
    assert "Đăng nhập" in choose(client, link_in(letter)).content.decode()
    assert signs_in(client)


def test_a_mail_server_that_is_down_loses_nothing(cast, smtp):
    invite(cast)
    tasks.tell()
    assert waiting() == ["binh@truong.example"]
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=smtp.EMAIL_PORT)
    server.start()
    try:
        tasks.tell()
    finally:
        server.stop()
    assert len(box.letters) == 1
    assert waiting() == []


def test_one_refused_address_does_not_hold_up_the_others(cast, mailbox):
    invite(cast, email="sai@truong.example")
    invite(cast)
    mailbox.refused = {"sai@truong.example"}
    tasks.tell()
    assert [letter["To"] for letter in mailbox.letters] == ["binh@truong.example"]
    (bad,) = Delivery.objects.filter(state="bounced")
    assert (bad.address, bad.fault[:3]) == ("sai@truong.example", "550")
    mailbox.refused = set()
    outbox.try_again(bad)
    tasks.tell()
    assert mailbox.letters[-1]["To"] == "sai@truong.example"


def test_who_has_chosen_a_password_meanwhile_gets_no_letter(cast, mailbox):
    person = invite(cast).subject
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    tasks.tell()
    assert mailbox.letters == []
    assert not outbox.untold().exists()


def test_a_new_link_is_asked_for_when_the_old_one_is_lost(cast, mailbox, client):
    invite(cast)
    asked = client.post(reverse("schools:password_request"), {"email": "BINH@truong.example"})
    unknown = client.post(reverse("schools:password_request"), {"email": "la@truong.example"})
    assert asked.url == unknown.url == reverse("schools:password_sent")
    tasks.tell()
    _invitation, letter = mailbox.letters
    assert letter["Subject"] == "Đặt mật khẩu cổng edudx"
    choose(client, link_in(letter))
    assert signs_in(client)


# The password


@pytest.fixture
def link(cast, mailbox) -> str:
    invite(cast)
    tasks.tell()
    return link_in(mailbox.letters[0])


@pytest.mark.parametrize(
    ("one", "two", "sentence"),
    [
        ("abc", "", "Mật khẩu quá ngắn, phải có ít nhất 8 ký tự."),
        ("password", "", "Mật khẩu này quá phổ biến."),
        ("9073512846", "", "Mật khẩu này hoàn toàn là số."),
        ("binh@truong", "", "Mật khẩu quá giống với thư điện tử."),
        (PASSWORD, "khac-han-2026", "Hai lần nhập mật khẩu không giống nhau."),
    ],
)
def test_a_weak_password_is_told_why(link, client, one, two, sentence):
    assert sentence in choose(client, link, one, two).content.decode()
    assert not User.objects.get(email="binh@truong.example").has_usable_password()


def test_the_link_works_once(link, client):
    choose(client, link)
    again = choose(Client(), link, "mat-khau-khac-2026")
    assert "Liên kết này đã dùng hoặc đã hết hạn." in again.content.decode()
    assert signs_in(client)


def test_a_link_older_than_seven_days_is_over(link, client, settings):
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert "đã hết hạn" in choose(client, link).content.decode()


def test_nobody_shares_a_password(cast):
    first = invite(cast).subject
    second = invite(cast, email="an@truong.example", full_name="Vũ An").subject
    assert first.password != second.password
    for person in (first, second):
        for guess in ("", "!", "123456", "edudx", person.email):
            assert not person.check_password(guess)


# Who may invite whom


def test_inviting_someone_with_an_account_adds_only_a_post(cast, mailbox):
    before = cast.focal.password
    invite(cast, email=cast.focal.email.upper(), unit=cast.sibling, by=cast.office_head)
    tasks.tell()
    cast.focal.refresh_from_db()
    assert cast.focal.password == before
    assert User.objects.filter(email=cast.focal.email).count() == 1
    assert cast.focal.memberships.filter(unit=cast.sibling, role=Role.FOCAL_POINT).exists()
    assert mailbox.letters == []


def test_a_decomposed_address_is_the_same_person(cast):
    invite(cast, email="binh@tr\u01b0\u1eddng.example")
    invite(cast, email="BINH@tru\u031bo\u031b\u0300ng.example ", role=Role.HEAD)
    assert User.objects.filter(full_name="Lê Thị Bình").count() == 1


def test_a_head_invites_to_the_own_school_only(cast, sign_in):
    client = sign_in(cast.head)
    values = {"full_name": "Lê Thị Bình", "email": "binh@truong.example", "role": "focal_point"}
    for there, status in (
        (cast.school, 302),
        (cast.sibling, 404),
        (cast.stranger_school, 404),
        (cast.office, 404),
    ):
        page = client.post(reverse("schools:invite", args=[there.pk]), values)
        assert page.status_code == status, there
    assert Membership.objects.filter(user__email="binh@truong.example").count() == 1
    with pytest.raises(PermissionDenied):
        invite(cast, unit=cast.sibling)


def test_a_head_grants_no_more_than_school_roles(cast, sign_in):
    page = sign_in(cast.head).post(
        reverse("schools:invite", args=[cast.school.pk]),
        {"full_name": "Lê Thị Bình", "email": "binh@truong.example", "role": "administrator"},
    )
    assert page.context["form"].errors["role"]
    assert 'value="Lê Thị Bình"' in page.content.decode()
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.OFFICE_HEAD):
        with pytest.raises(PermissionDenied):
            invite(cast, role=role)
    assert not User.objects.filter(email="binh@truong.example").exists()


def test_those_who_manage_nobody_do_not_invite(cast, sign_in):
    for person in (cast.focal, cast.specialist, cast.auditor):
        there = person.memberships.get().unit
        page = sign_in(person).get(reverse("schools:invite", args=[there.pk]))
        assert page.status_code == 403


# Signing in


@pytest.mark.parametrize("typed", ["binh@truong.example", " BINH@Truong.EXAMPLE "])
def test_the_address_is_read_in_its_normal_form(cast, client, typed):
    make.person(cast.school, Role.HEAD, email="Binh@truong.example")
    page = client.post(reverse("schools:login"), {"username": typed, "password": "mat-khau-dung"})
    assert page.url == reverse("home")


def test_eight_wrong_passwords_lock_the_door(cast, client):
    wrong = {"username": cast.focal.email, "password": "sai"}
    for number in range(7):
        # The same person however the address is typed.
        typed = wrong["username"].upper() if number % 2 else wrong["username"]
        page = client.post(reverse("schools:login"), wrong | {"username": typed})
        assert "Thư điện tử hoặc mật khẩu chưa đúng." in page.content.decode()
    right = wrong | {"password": "mat-khau-dung"}
    for values in (wrong, right):
        page = client.post(reverse("schools:login"), values)
        assert page.status_code == 429
        assert "Hãy thử lại sau 15 phút" in page.content.decode()
    other = {"username": cast.head.email, "password": "mat-khau-dung"}
    assert client.post(reverse("schools:login"), other).status_code == 302


def test_a_switched_off_account_is_out_at_once(cast, sign_in):
    client = sign_in(cast.focal)
    assert client.get(reverse("home")).status_code == 200
    User.objects.filter(pk=cast.focal.pk).update(is_active=False)
    assert client.get(reverse("home")).status_code == 302


# Posts


def test_who_leaves_a_post_loses_its_access_at_once(cast, sign_in, file_):
    client = sign_in(cast.focal)
    page = reverse("assessments:assessment", args=[file_.pk])
    assert client.get(page).status_code == 200
    post = cast.focal.memberships.get()
    ended = sign_in(cast.head).post(reverse("schools:membership_end", args=[post.pk]), follow=True)
    assert "Đã kết thúc phân công" in ended.content.decode()
    assert client.get(page).status_code == 404
    assert client.get(reverse("schools:documents")).status_code == 403
    assert client.get(reverse("home")).status_code == 200


def test_nobody_ends_posts_of_others_or_the_own(cast, sign_in):
    own, other = cast.head.memberships.get(), cast.sibling_focal.memberships.get()
    client = sign_in(cast.head)
    assert client.post(reverse("schools:membership_end", args=[other.pk])).status_code == 404
    page = client.post(reverse("schools:membership_end", args=[own.pk]), follow=True)
    assert "không thể tự kết thúc" in page.content.decode()
    assert Membership.objects.active().filter(pk__in=[own.pk, other.pk]).count() == 2


def test_a_post_that_begins_tomorrow_does_not_count_today(cast, sign_in):
    tomorrow = timezone.localdate() + timedelta(days=1)
    cast.focal.memberships.update(valid_from=tomorrow)
    assert sign_in(cast.focal).get(reverse("schools:documents")).status_code == 403


# Hats


@pytest.fixture
def two_hats(cast):
    """The school's focal point is also the sibling's head."""
    return Membership.objects.create(user=cast.focal, unit=cast.sibling, role=Role.HEAD)


def hat_on(page) -> str:
    shown = re.search(r"<summary>(.*?)</summary>", page.content.decode(), re.DOTALL)
    return shown.group(1).strip()


def test_the_page_shows_the_hat_and_changes_it(cast, sign_in, two_hats):
    client = sign_in(cast.focal)
    assert hat_on(client.get(reverse("home"))) == "TH&amp;THCS 0101-001 · Đầu mối CNTT"
    page = client.post(reverse("schools:hat_choose", args=[two_hats.pk]), follow=True)
    assert hat_on(page) == "TH&amp;THCS 0101-002 · Lãnh đạo trường"
    assert "Lãnh đạo trường (đang dùng)" in page.content.decode()


def test_only_the_hat_that_is_on_counts(cast, sign_in, two_hats):
    client = sign_in(cast.focal)
    there = reverse("schools:unit", args=[cast.sibling.pk])
    assert client.get(there).status_code == 404
    client.post(reverse("schools:hat_choose", args=[two_hats.pk]))
    assert client.get(there).status_code == 200
    assert client.get(reverse("schools:unit", args=[cast.school.pk])).status_code == 404


def test_nobody_puts_on_the_hat_of_another(cast, sign_in, two_hats):
    client = sign_in(cast.focal)
    others = cast.office_head.memberships.get()
    assert client.post(reverse("schools:hat_choose", args=[others.pk])).status_code == 404
    assert client.get(reverse("schools:hat_choose", args=[two_hats.pk])).status_code == 405
    Membership.objects.filter(pk=two_hats.pk).update(
        valid_from=timezone.localdate() - timedelta(days=9),
        valid_to=timezone.localdate() - timedelta(days=1),
    )
    assert client.post(reverse("schools:hat_choose", args=[two_hats.pk])).status_code == 404


def test_changing_hats_leads_to_no_other_site(cast, sign_in, two_hats):
    client = sign_in(cast.focal)
    choice = reverse("schools:hat_choose", args=[two_hats.pk])
    assert client.post(choice, {"next": "https://la.example/"}).url == reverse("home")
    assert client.post(choice, {"next": "/tai-lieu/"}).url == "/tai-lieu/"
