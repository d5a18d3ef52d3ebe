"""Everybody tries every address of the portal; the answers are those of `walk_table.EXPECTED`."""

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from django.urls import URLPattern, get_resolver
from django.utils import timezone

from assessments.models import Answer, Assessment, Campaign, Certificate, Comment, Evidence, Review
from reporting.models import Export
from schools.models import DocumentVersion, Event, Membership, OrgUnit
from schools.permissions import ROLE_PERMISSIONS
from tests.walk_expected import EXPECTED
from tests.walk_table import DEPARTMENT, OF_DEPARTMENT, OF_OFFICE, OF_SCHOOL, OF_SIBLING, url_of
from tests.world import PEOPLE, World

PUBLIC = {name for name, page in EXPECTED.items() if page.is_public}
WATCHED = (
    Answer, Assessment, Campaign, Comment, DocumentVersion, Event, Evidence, Export, OrgUnit, Review
)  # fmt: skip


def addresses(patterns=None, namespace: str = ""):
    """(name with namespace, view) of every address; the administration has a walk of its own."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLPattern):
            yield f"{namespace}{one.name}", one.callback
        elif one.namespace != "admin":
            prefix = f"{one.namespace}:" if one.namespace else ""
            yield from addresses(one.url_patterns, namespace + prefix)


@pytest.fixture
def world(cast) -> World:
    return World(cast)


def ask(client: Client, method: str, url: str, form: dict | None = None):
    """One request whose changes are undone: (response, what of the portal it changed)."""
    with transaction.atomic():
        before = traces()
        response = getattr(client, method)(url, form or {})
        response.status_code  # noqa: B018 the body of a file is closed below
        changed = traces() != before
        transaction.set_rollback(True)
    if response.streaming:
        b"".join(response.streaming_content)  # close() would end the test's own connection
    return response, changed


def traces() -> list:
    """What every step leaves behind."""
    counts = [model.objects.count() for model in WATCHED]
    withdrawn = Certificate.objects.exclude(withdrawn_at=None).count()
    versions = Answer.objects.aggregate(all=Sum("version"))["all"]
    posts = Membership.objects.filter(valid_to__lt=timezone.localdate()).count()
    return [*counts, withdrawn, posts, versions, *Campaign.objects.values_list("state", flat=True)]


def signed_in(world: World, person: str) -> Client:
    client = Client(raise_request_exception=True)
    client.force_login(getattr(world.cast, person), backend="schools.backends.EmailBackend")
    return client


def test_every_address_is_in_the_table():
    """A new page without a line in the table is a page nobody decided about."""
    found = {name for name, _ in addresses()}
    assert found == {key.split("#")[0] for key in EXPECTED}


def test_only_the_listed_pages_are_open_to_all():
    """Without a sign-in: the door, a new password, and what was published."""
    found = {name for name, view in addresses() if not getattr(view, "login_required", True)}
    assert found == PUBLIC
    assert found == {
        "schools:login", "schools:password_request", "schools:password_sent",
        "schools:password_set", "plans:calendar_feed", "public:campaigns", "public:schools",
        "public:csv", "public:json", "public:school",
    }  # fmt: skip


def test_the_table_hides_what_the_tree_hides(cast):
    """Outside the tree is whoever's unit is not above the thing's unit."""

    def outside(unit: OrgUnit) -> set[str]:
        return {
            one
            for one in PEOPLE
            if not unit.is_within(getattr(cast, one).memberships.get().unit.path)
        }

    assert outside(cast.school) == OF_SCHOOL
    assert outside(cast.sibling) == OF_SIBLING
    assert outside(cast.office) == OF_OFFICE
    assert outside(cast.department) == OF_DEPARTMENT == set(PEOPLE) - DEPARTMENT


@pytest.mark.parametrize("key", [key for key, page in EXPECTED.items() if page.permission])
def test_the_table_agrees_with_the_permissions(cast, key):
    """Who may, of those who see it, are those whose role has the page's permission."""
    page = EXPECTED[key]
    allowed = {
        one
        for one in PEOPLE
        if page.permission in ROLE_PERMISSIONS[getattr(cast, one).memberships.get().role]
    }
    above = page.may if key.startswith("assessments:office_report") else allowed - page.hidden
    assert page.may == above


@pytest.mark.parametrize("person", PEOPLE)
def test_a_person_opens_every_page(world, person):
    """Own, neighbour's, below, above: pages, files, counts and partials."""
    client, wrong = signed_in(world, person), []
    for key, page in EXPECTED.items():
        response, changed = ask(client, "get", url_of(key, page, world))
        expected = page.expected(person, posts=False) if page.is_read else {405}
        if response.status_code not in expected or changed:
            wrong.append((key, response.status_code, expected, changed))
    assert wrong == []


@pytest.mark.parametrize("person", PEOPLE)
def test_a_person_posts_to_every_form(world, person):
    """Only those who may change something; a refusal changes nothing."""
    client, wrong = signed_in(world, person), []
    for key, page in EXPECTED.items():
        if page.post is None:
            continue
        response, changed = ask(client, "post", url_of(key, page, world), page.post(world))
        expected = page.expected(person, posts=True)
        refused = bool(expected & {403, 404})
        if response.status_code not in expected or (refused and changed):
            wrong.append((key, response.status_code, expected, changed))
    assert wrong == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_visitor_is_sent_to_the_door(world, method):
    """Without signing in: the public pages, and for everything else the login page."""
    client, wrong = Client(), []
    for key, page in EXPECTED.items():
        if method == "post" and page.post is None:
            continue
        url = url_of(key, page, world)
        response, changed = ask(client, method, url, page.post and page.post(world))
        to_login = response.status_code == 302 and response.url.startswith("/dang-nhap/?next=")
        if changed or to_login == page.is_public:
            wrong.append((key, response.status_code))
    assert wrong == []


def test_steps_taken_by_the_right_people_do_change_something(world):
    """The walk would prove nothing if its steps could never succeed."""
    steps = {
        "assessments:answer_save": "focal",
        "assessments:evidence_upload": "focal",
        "assessments:evidence_remove": "head",
        "assessments:review_save": "specialist",
        "assessments:review_rest": "office_head",
        "assessments:comments": "specialist",
        "assessments:reopen": "office_head",
        "assessments:office_report": "office_head",
        "assessments:campaign_open": "officer",
        "assessments:campaign_close": "officer",
        "assessments:set_retire": "administrator",
        "schools:membership_end": "head",
        "schools:import_apply": "officer",
        "reporting:export_add": "auditor",
    }
    for key, person in steps.items():
        page = EXPECTED[key]
        client = signed_in(world, person)
        _, changed = ask(client, "post", url_of(key, page, world), page.post(world))
        assert changed, key


def rows() -> dict[str, int]:
    """How many rows every table of ours has; when somebody signed in or was asked is no matter."""
    return {
        model.__name__: model.objects.count()
        for app in ("schools", "plans", "assessments", "reporting")
        for model in apps.get_app_config(app).get_models()
    }


@pytest.mark.parametrize("key", [key for key, page in EXPECTED.items() if page.post])
def test_no_form_makes_its_thing_twice(world, key):
    """The same page sent again, as by a finger that presses twice: nothing is added."""
    page = EXPECTED[key]
    may = page.may if page.post_may is None else page.post_may
    client = signed_in(world, min(may or page.may))
    url, typed = url_of(key, page, world), page.post(world)
    for name, one in typed.items():
        if hasattr(one, "seek"):
            typed[name] = SimpleUploadedFile(one.name, one.read())
    before, answers, found = rows(), [], []
    for _ in range(2):
        for one in typed.values():
            if hasattr(one, "seek"):
                one.seek(0)
        answers.append(client.post(url, typed | {"csrfmiddlewaretoken": "a" * 64}))
        found.append(rows())
    assert found[0] == found[1], key
    if found[0] != before and answers[0].has_header("Location"):
        assert answers[1].url == answers[0].url


@pytest.mark.parametrize("superuser", [False, True])
def test_a_person_without_a_post_never_breaks_a_page(world, superuser):
    """All posts have ended, or there never was one: refused politely, never a 500."""
    person = world.cast.focal
    person.memberships.all().delete()
    person.is_superuser = superuser
    person.save(update_fields=["is_superuser"])
    client = signed_in(world, "focal")
    for key, page in EXPECTED.items():
        method = "get" if page.is_read else "post"
        response, _ = ask(client, method, url_of(key, page, world), page.post and page.post(world))
        assert response.status_code in (200, 302, 403, 404), key
