"""Administrators and department officers in the administration pages; everybody else outside."""

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Criterion, IndicatorSet
from plans.models import Holiday
from schools.models import Event, OrgUnit, User
from schools.permissions import Role
from tests import make
from tests.walk_admin import KINDS, MODELS, NOBODY, SITE_PAGES, Rights, pages_of, row_of
from tests.world import World

IMMUTABLE = ("event", "certificate", "decision", "assessment", "campaign", "document", "export")


@pytest.fixture
def world(cast) -> World:
    world = World(cast)
    world.add_settings()
    return world


def right_for(page: str, rights: Rights) -> frozenset:
    return {"add": rights.add, "delete": rights.delete}.get(page, rights.view)


def test_every_kind_of_row_is_in_the_table():
    """A new administration page needs a line above; the libraries' own are closed to all."""
    others = set(MODELS) - set(KINDS)
    assert set(KINDS) <= set(MODELS)
    assert others == {
        "auth.group", "axes.accessattempt", "axes.accesslog", "axes.accessfailurelog"
    }  # fmt: skip


@pytest.mark.parametrize("person", ["officer", "administrator"])
def test_staff_open_every_page(world, sign_in, person):
    """200 where the table says so, refused elsewhere, never a 500."""
    client, wrong = sign_in(getattr(world.cast, person)), []
    for label in MODELS:
        rights = KINDS.get(label, Rights(view=NOBODY))
        row = row_of(label, world)
        assert row or label not in KINDS, f"The world has no {label}"
        for page, url in pages_of(label, row).items():
            allowed = person in right_for(page, rights)
            expected = {200} if allowed else {302, 403}  # 302: back to the start, «no such row»
            if row is None and page in ("change", "delete", "history"):
                continue
            response = client.get(url)
            if response.status_code not in expected:
                wrong.append((label, page, response.status_code, expected))
    assert wrong == []
    assert [client.get(reverse(f"admin:{name}")).status_code for name in SITE_PAGES] == [200] * 4
    assert client.get(reverse("admin:app_list", args=["schools"])).status_code == 200


@pytest.mark.parametrize("person", ["specialist", "head", "auditor", "department_head", None])
def test_others_are_sent_away(world, sign_in, person):
    """Not even the names of the lists."""
    client = sign_in(getattr(world.cast, person)) if person else Client()
    urls = [reverse(f"admin:{name}") for name in SITE_PAGES]
    urls += [reverse("admin:autocomplete"), reverse("admin:app_list", args=["schools"])]
    for label in MODELS:
        urls += pages_of(label, row_of(label, world)).values()
    assert {client.get(url).status_code for url in urls} == {302}
    assert {client.post(url, {"post": "yes"}).status_code for url in urls} == {302}


def test_a_visitor_signs_in_and_gets_to_the_page_asked_for(cast, client):
    """One door: the portal's login, which leads back to the administration."""
    page = reverse("admin:schools_orgunit_changelist")
    response = client.get(page, follow=True)
    assert response.redirect_chain[-1][0] == f"/dang-nhap/?next={page}"
    sent = {"username": cast.administrator.email, "password": "mat-khau-dung", "next": page}
    assert client.post("/dang-nhap/", sent).url == page


def test_what_a_workflow_stands_behind_has_no_form(world, sign_in):
    """To look at: no field, no button, and a POST is refused."""
    client = sign_in(world.cast.officer)
    for label in (one for one in KINDS if one.split(".")[1] in IMMUTABLE):
        row = row_of(label, world)
        pages, kept = pages_of(label, row), type(row)._default_manager.filter(pk=row.pk).values()
        before = kept.get()
        assert 'name="_save"' not in client.get(pages["change"]).content.decode(), label
        for page in ("change", "add", "delete"):
            sent = {"post": "yes", "title": "Khác"}
            assert client.post(pages[page], sent).status_code == 403, (label, page)
        assert kept.all().get() == before


def set_form(indicator_set: IndicatorSet) -> dict:
    """Everything the form of a set sends, with other words in it."""
    form = {
        "title": "Tên khác", "legal_number": "2/QĐ-KHAC", "legal_issued_on": "02/03/2024",
        "legal_issuer": "Bộ khác", "missed_condition": "no_effect", "state": "draft",
        "code": "KHAC", "compared_by": "Không ai",
    }  # fmt: skip
    for prefix in ("groups", "criteria"):
        rows = list(getattr(indicator_set, prefix).all())
        form |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": len(rows)}
        for place, row in enumerate(rows):
            start = f"{prefix}-{place}-"
            form |= {f"{start}id": row.pk, f"{start}indicator_set": indicator_set.pk}
            form |= {f"{start}title": "Tiêu đề khác", f"{start}max_points": "1"}
            form |= {f"{start}evidence": "", f"{start}guidance": "", f"{start}source": ""}
    return form


def change_url(indicator_set: IndicatorSet) -> str:
    return reverse("admin:assessments_indicatorset_change", args=[indicator_set.pk])


@pytest.mark.parametrize("person", ["officer", "administrator"])
def test_a_published_set_stays_as_it_is(world, sign_in, person):
    """Neither by its form nor by going back in its history."""
    client, published = sign_in(getattr(world.cast, person)), world.published_set
    before = IndicatorSet.objects.filter(pk=published.pk).values().get()
    titles = list(published.criteria.values_list("title", "max_points"))
    version = reverse(
        "admin:assessments_indicatorset_simple_history",
        args=[published.pk, published.history.earliest().pk],
    )
    assert 'name="_save"' not in client.get(change_url(published)).content.decode()
    assert client.post(change_url(published), set_form(published)).status_code == 403
    assert client.post(version, set_form(published)).status_code == 403
    assert IndicatorSet.objects.filter(pk=published.pk).values().get() == before
    assert list(published.criteria.values_list("title", "max_points")) == titles


def test_the_words_of_a_draft_can_be_mended_but_not_its_points(world, sign_in):
    """Code, state and points come from the loaded file, whose sums were checked."""
    draft = world.draft_set
    points = list(draft.criteria.values_list("max_points", flat=True))
    response = sign_in(world.cast.officer).post(change_url(draft), set_form(draft))
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.code, draft.state) == ("Tên khác", "T1", "draft")
    assert set(draft.criteria.values_list("title", flat=True)) == {"Tiêu đề khác"}
    assert list(draft.criteria.values_list("max_points", flat=True)) == points
    assert Criterion.objects.filter(indicator_set=draft).count() == 8


def test_history_is_to_look_at(world, sign_in):
    """A membership cannot be given again by posting its old version."""
    membership = world.membership
    old = membership.history.latest().pk
    membership.role = Role.HEAD
    membership.save(update_fields=["role"])
    url = reverse("admin:schools_membership_simple_history", args=[membership.pk, old])
    client = sign_in(world.cast.administrator)
    assert client.get(url).status_code == 200
    assert "_save" not in client.get(url).content.decode()
    sent = {"user": membership.user_id, "unit": membership.unit_id, "role": "focal_point"}
    assert client.post(url, sent | {"valid_from": "01/01/2020"}).status_code == 403
    membership.refresh_from_db()
    assert membership.role == Role.HEAD


NAME = "Nguyễn Đức"


@pytest.mark.parametrize("typed", ["nguyen duc", "NGUYỄN ĐỨC", "Nguyễn  đức"])
def test_search_without_marks(cast, sign_in, typed):
    """«nguyen duc» finds the school and the person called Nguyễn Đức."""
    school = make.school(cast.office, "0101-777", short_name="THCS Nguyễn Đức Cảnh", name="Trường")
    person = make.person(cast.school, Role.FOCAL_POINT, name="NGUYỄN ĐỨC Anh")
    client = sign_in(cast.officer)
    event = Event.objects.create(
        subject=school, step="x", label=f"Sửa {NAME}", unit_path=school.path
    )
    campaign = make.campaign(cast.department, cast.officer, [], title=f"Đợt {NAME}")
    found = {
        "schools_orgunit": school,
        "schools_user": person,
        "schools_membership": person.memberships.get(),
        "schools_event": event,
        "assessments_campaign": campaign,
        "assessments_indicatorset": make.small_set("ND", title=f"Bộ {NAME}"),
    }
    for name, row in found.items():
        page = client.get(reverse(f"admin:{name}_changelist"), {"q": typed})
        assert row in page.context["cl"].result_list, name
    offered = client.get(
        reverse("admin:autocomplete"),
        {"term": typed, "app_label": "schools", "model_name": "orgunit", "field_name": "parent"},
    ).json()["results"]
    assert [one["id"] for one in offered] == [str(school.pk)]


@pytest.fixture
def far_officer(world) -> User:
    """An officer of another province."""
    far = make.department("31", name="Sở Giáo dục và Đào tạo Nam Định", short_name="Sở Nam Định")
    return make.person(far, Role.DEPARTMENT_OFFICER)


def test_an_officer_of_another_department_sees_nothing(world, far_officer, sign_in):
    """Not in the list, not by the number in the address, not in the history."""
    client, post = sign_in(far_officer), far_officer.memberships.get()
    national = (
        "assessments.indicatorset", "plans.legaltext", "reporting.dataform", "reporting.dataitem",
    )  # fmt: skip
    for label in (one for one in KINDS if one not in national):
        pages = pages_of(label, row_of(label, world))
        shown = client.get(pages["changelist"]).context["cl"].result_list
        assert set(shown) <= {far_officer, post, post.unit}, label
        assert client.get(pages["change"]).status_code in (302, 403), label
        assert client.get(pages["history"]).status_code in (302, 403, 404), label
        assert client.get(pages["delete"]).status_code in (302, 403), label
        if "version" in pages:
            assert client.get(pages["version"]).status_code == 404, label


def test_a_calendar_of_another_province_cannot_be_touched(world, far_officer, sign_in):
    """Only the own department is offered, and a forged one is refused in words."""
    client, url = sign_in(far_officer), reverse("admin:plans_holiday_add")
    sent = {"department": world.cast.department.pk, "on": "30/04/2020", "name": "Nghỉ"}
    page = client.post(url, sent)
    assert page.status_code == 200
    assert "department" in page.context["adminform"].form.errors
    assert not Holiday.objects.filter(name="Nghỉ").exists()


def test_a_unit_cannot_be_hung_into_another_province(world, far_officer, sign_in):
    """The parents offered end at the own tree."""
    url = reverse("admin:schools_orgunit_add")
    sent = {
        "code": "31-1", "kind": "school", "school_type": "TH", "ownership": "public",
        "name": "Trường lạ", "short_name": "Lạ", "place": "Nam Định", "valid_from": "01/09/2020",
        "parent": world.cast.office.pk,
    }  # fmt: skip
    page = sign_in(far_officer).post(url, sent)
    assert "parent" in page.context["adminform"].form.errors
    assert not OrgUnit.objects.filter(code="31-1").exists()


def test_a_date_is_read_day_first(world, sign_in):
    """05/12 is the fifth of December here, too."""
    sent = {"department": world.cast.department.pk, "on": "05/12/2020", "name": "Nghỉ bù"}
    response = sign_in(world.cast.officer).post(reverse("admin:plans_holiday_add"), sent)
    assert response.status_code == 302
    assert f"{Holiday.objects.get(name='Nghỉ bù').on:%Y-%m-%d}" == "2020-12-05"


def test_the_administration_shows_no_object_of_others_by_its_number(cast, sign_in):
    version = make.document(cast.school, cast.focal)
    for key in (1, version.document_id):
        assert sign_in(cast.officer).get(f"/quan-tri/r/{key}/{version.pk}/").status_code == 404
