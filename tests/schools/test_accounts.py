"""Nobody takes over an account: not by its address, its hash, its mail or the proxy."""

from django.urls import reverse

from schools.models import Event, User
from schools.tasks import tell


def test_an_officer_cannot_take_over_an_account_by_its_address(cast, sign_in):
    client = sign_in(cast.officer)
    address = reverse("admin:schools_user_change", args=[cast.office_head.pk])
    assert 'name="email"' not in client.get(address).content.decode()
    form = {"full_name": cast.office_head.full_name, "email": "ke-xau@evil.example"}
    client.post(address, form | {"is_active": "on"})
    assert User.objects.get(pk=cast.office_head.pk).email == cast.office_head.email


def test_a_password_hash_cannot_be_guessed_letter_by_letter(cast, sign_in):
    address = reverse("admin:schools_user_changelist")
    answer = sign_in(cast.officer).get(f"{address}?password__startswith=md5")
    assert answer.status_code in (302, 400)


def test_the_link_of_a_password_mail_is_the_portals_own(cast, client, mailoutbox, settings):
    settings.ALLOWED_HOSTS = [".so.example"]
    form = {"email": cast.focal.email}
    for _ in range(3):
        client.post(reverse("schools:password_request"), form, headers={"host": "xau.so.example"})
    tell()
    assert len(mailoutbox) == 1
    assert settings.SITE_URL in mailoutbox[0].body
    assert "xau" not in mailoutbox[0].body


def test_behind_a_proxy_the_visitor_counts_not_the_proxy(settings, rf):
    from schools.backends import client_address

    request = rf.get("/", headers={"x-forwarded-for": "6.6.6.6, 203.0.113.9"})
    settings.PROXY_COUNT = 0
    assert client_address(request) == "127.0.0.1"
    settings.PROXY_COUNT = 1
    assert client_address(request) == "203.0.113.9"


def test_asking_for_a_link_sends_nothing_in_the_request(cast, client, mailoutbox):
    """So the time of the answer does not say whose address is known."""
    client.post(reverse("schools:password_request"), {"email": cast.focal.email})
    assert mailoutbox == []
    assert Event.objects.filter(step="password_link").count() == 1
