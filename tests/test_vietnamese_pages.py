"""Nobody meets an English sentence: the portal's pages, the administration's, the errors'."""

import gettext
import json
import re

import pytest
from django.conf import settings
from django.core import signing
from django.test import Client, RequestFactory
from django.urls import reverse

from edudx import errors
from tests import english
from tests.walk_admin import KINDS, SITE_PAGES, pages_of, row_of
from tests.walk_expected import EXPECTED
from tests.walk_table import url_of
from tests.world import World

pytestmark = pytest.mark.alike

CATALOGUES = sorted((settings.BASE_DIR / "edudx" / "locale" / "vi" / "LC_MESSAGES").glob("*.po"))
FILES = (
    "reporting:decision_pdf", "reporting:set_xlsx", "reporting:export_file",
    "schools:document_file", "plans:plan_original", "plans:legal_text_file", "public:csv",
)  # fmt: skip


@pytest.fixture
def world(cast) -> World:
    world = World(cast)
    world.add_settings()
    return world


def test_the_reader_sees_english_where_it_is():
    """The other tests would prove nothing with a blind reader."""
    page = '<p class="the">Tên</p><script>the</script><input type="submit" value="Save">'
    assert english.english(page) == ["Save"]
    assert english.english('<a title="Add another">Thêm</a>') == ["Add another"]
    assert english.english("<p>Tệp Excel, CSV của edudx, thu@for.example</p>") == []
    assert english.english("<li>This field is required.</li>") == ["This field is required."]


@pytest.mark.parametrize(
    "person", ["focal", "head", "specialist", "office_head", "officer", "administrator", None]
)
def test_no_english_on_the_pages(world, sign_in, person):
    """Every page as this person sees it, the refusals included."""
    client = sign_in(getattr(world.cast, person)) if person else Client()
    left = {}
    for key, page in EXPECTED.items():
        if not page.is_read or key in FILES:
            continue
        response = client.get(url_of(key, page, world))
        found = english.english_in(response)
        if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
            assert b'lang="vi"' in response.content, key
        if found:
            left[key] = found
    assert left == {}


@pytest.mark.parametrize("person", ["officer", "administrator"])
def test_no_english_in_the_administration(world, sign_in, person):
    """Lists, forms, history, questions before deleting, empty searches, refusals."""
    client = sign_in(getattr(world.cast, person))
    urls = [reverse(f"admin:{name}") for name in SITE_PAGES if name != "jsi18n"]
    urls.append(reverse("admin:app_list", args=["assessments"]))
    for label in KINDS:
        pages = pages_of(label, row_of(label, world))
        urls += [
            *pages.values(),
            pages["changelist"] + "?q=khong+co",
            pages["change"] + "?_popup=1",
        ]
    left = {text for url in urls for text in english.english_in(client.get(url))}
    assert left == set()


def test_no_english_after_a_step_in_the_administration(world, sign_in):
    """What is said after adding, changing and deleting a row, and when a form is wrong."""
    client = sign_in(world.cast.officer)
    add = reverse("admin:plans_holiday_add")
    good = {"department": world.cast.department.pk, "on": "02/9/2020", "name": "Quốc khánh"}
    answers = [client.post(add, good, follow=True)]
    answers.append(client.post(add, good))
    answers.append(client.post(add, good | {"on": "31/02/2020"}))
    for label, kind in KINDS.items():
        pages = pages_of(label, row_of(label, world))
        answers += [client.post(pages["add"]) if kind.add else client.get(pages["add"])]
        answers += [client.post(pages["change"], follow=True)] if kind.change else []
    holiday = pages_of("plans.holiday", row_of("plans.holiday", world))
    answers.append(client.post(holiday["change"], good | {"on": "03/9/2020"}, follow=True))
    answers.append(client.get(holiday["history"]))
    answers.append(client.post(holiday["delete"], {"post": "yes"}, follow=True))
    left = [found for answer in answers if (found := english.english_in(answer))]
    assert left == []


def test_the_scripts_of_the_administration_speak_vietnamese(world, sign_in):
    """Calendars and pickers take their words from the catalogue."""
    script = sign_in(world.cast.officer).get(reverse("admin:jsi18n")).content.decode()
    for word in ("Chủ nhật", "Chọn mọi %s", "bấm để xóa", "Hôm nay"):
        assert json.dumps(word)[1:-1] in script


def test_no_english_when_something_goes_wrong(cast, client, settings):
    """The pages for 400, 403, 404, 405, 500, a stale form and a lock-out."""
    request = RequestFactory().get("/")
    pages = [errors.bad_request(request), errors.server_error(request)]
    pages += [client.get("/khong-co/"), client.get("/cong-khai/khong-co/")]
    stale = Client(enforce_csrf_checks=True)
    pages.append(stale.post("/dang-nhap/", {"username": "a", "password": "b"}))
    client.force_login(cast.focal, backend="schools.backends.EmailBackend")
    pages += [client.get("/bao-cao/so-lieu/yeu-cau/"), client.get("/vai-tro/1/")]
    client.logout()
    for _ in range(settings.AXES_FAILURE_LIMIT + 1):
        page = client.post("/dang-nhap/", {"username": cast.head.email, "password": "sai"})
    assert [one.status_code for one in pages] == [400, 500, 404, 404, 403, 403, 405]
    assert page.status_code == 429
    assert [found for one in [*pages, page] if (found := english.english_in(one))] == []


def test_an_old_link_and_a_used_link(cast, client):
    """The page of an invitation that no longer holds says what to do."""
    page = client.get(reverse("schools:password_set", args=["MQ", signing.dumps("x")[:20]]))
    assert page.status_code == 200
    assert english.english_in(page) == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda one: one.name)
def test_the_compiled_catalogue_is_in_step(catalogue):
    """The .mo is kept beside the .po, for machines without gettext."""
    with catalogue.with_suffix(".mo").open("rb") as compiled:
        found = gettext.GNUTranslations(compiled)
    written = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', catalogue.read_text("utf-8"), re.M)
    assert len(written) > 10
    for source, translation in written:
        source, translation = (text.replace('\\"', '"') for text in (source, translation))
        assert translation in (found.gettext(source), *found._catalog.values())
    assert len(found._catalog) >= len(written)
