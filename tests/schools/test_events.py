"""What happened: whose it is, who may read it; whatever is not decided is nobody's to read."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import timezone

from assessments.actions import evidence
from plans.actions import plans, target_figures
from plans.models import Assignment, Beat, Holiday, TargetActual
from schools.admin import PortalAdmin
from schools.models import Event, Membership, User
from schools.models.events import is_subject, record
from schools.permissions import Role
from tests import make, plan_world
from tests.schools.browse import log_of

APPS = ("schools", "plans", "assessments", "reporting")
PEOPLE = {
    "focal": Role.FOCAL_POINT, "head": Role.HEAD, "specialist": Role.SPECIALIST,
    "office_head": Role.OFFICE_HEAD, "officer": Role.DEPARTMENT_OFFICER,
    "department_head": Role.DEPARTMENT_HEAD, "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}  # fmt: skip
ALL = set(PEOPLE)
READERS = ALL - {"administrator"}
KEEPERS = {"officer", "administrator"}
WRITERS = {"specialist", "office_head", "officer", "department_head", "auditor"}
TABLE = {
    "schools.orgunit": ALL,
    "schools.user": ALL,
    "schools.document": READERS,
    "schools.importbatch": KEEPERS,
    "plans.plan": READERS,
    "plans.task": READERS,
    "plans.assignment": READERS,
    "plans.targetactual": READERS,
    "plans.legaltext": KEEPERS,
    "assessments.campaign": ALL,
    "assessments.indicatorset": ALL,
    "assessments.assessment": READERS,
    "assessments.decision": READERS,
    "reporting.dataform": READERS,
    "reporting.datarequest": READERS,
    "reporting.datasheet": READERS,
    "reporting.closing": READERS,
    "reporting.reportround": READERS,
    "reporting.periodicreport": READERS,
    "reporting.export": WRITERS,
    "reporting.wordframe": KEEPERS,
}
# What `record` is given, by the name it has there.
NOUNS = {
    "unit": "schools.orgunit", "person": "schools.user", "user": "schools.user",
    "document": "schools.document", "locked": "schools.importbatch",
    "plan": "plans.plan", "task": "plans.task", "assignment": "plans.assignment",
    "row": "plans.targetactual", "text": "plans.legaltext",
    "campaign": "assessments.campaign", "indicator_set": "assessments.indicatorset",
    "assessment": "assessments.assessment", "decision": "assessments.decision",
    "form": "reporting.dataform", "request": "reporting.datarequest",
    "sheet": "reporting.datasheet", "closing": "reporting.closing",
    "round_": "reporting.reportround", "report": "reporting.periodicreport",
    "own": "reporting.periodicreport", "export": "reporting.export",
    "made": "reporting.wordframe",
}  # fmt: skip


def write(kind: ContentType, path: str) -> Event:
    return Event.objects.create(
        subject_type=kind, subject_id=1, unit_path=path, step="x", label="Việc"
    )


def kinds_in(events) -> set[str]:
    rows = events.values_list("subject_type__app_label", "subject_type__model")
    return {f"{app}.{model}" for app, model in rows}


@pytest.fixture
def everywhere(cast) -> dict[str, str]:
    """One event of every kind of row there is: at the school, at a neighbour's, nobody's."""
    places = {"here": cast.school.path, "there": cast.stranger_school.path, "nobody's": ""}
    for model in apps.get_models():
        kind = ContentType.objects.get_for_model(model)
        for path in places.values():
            write(kind, path)
    gone = ContentType.objects.create(app_label="plans", model="removed")
    write(gone, cast.school.path)
    return places


# Who reads what


@pytest.mark.parametrize("name", PEOPLE)
def test_each_role_reads_the_kinds_it_may_in_its_own_part(cast, everywhere, name):
    """Whatever stands not in the table is read by nobody: a kind without a right, one removed."""
    person = getattr(cast, name)
    assert person.memberships.get().role == PEOPLE[name]
    seen = Event.objects.visible_to(person)
    theirs = {kind for kind, readers in TABLE.items() if name in readers}
    is_of_the_department = person.memberships.get().unit == cast.department
    assert kinds_in(seen.filter(unit_path=everywhere["here"])) == theirs
    there = kinds_in(seen.filter(unit_path=everywhere["there"]))
    assert there == (theirs if is_of_the_department else set())
    assert kinds_in(Event.objects.all().readable_by(person)) == theirs
    assert not seen.filter(unit_path="").exists()


def test_a_stranger_reads_nothing_of_it(cast, everywhere):
    for stranger in (cast.stranger, cast.stranger_specialist, cast.stranger_head):
        seen = Event.objects.visible_to(stranger)
        assert not seen.filter(unit_path=everywhere["here"]).exists()


def test_without_a_post_nothing_is_read(cast, everywhere):
    cast.focal.memberships.all().delete()
    person = User.objects.get(pk=cast.focal.pk)
    assert not Event.objects.visible_to(person).exists()
    assert not Event.objects.all().readable_by(person).exists()
    assert not Event.objects.all().readable_beside(person).exists()


def test_the_systems_administrator_reads_as_one_everywhere(cast, everywhere):
    """Also what is nobody's, but no kind more than an administrator."""
    person = make.person(cast.department, Role.ADMINISTRATOR)
    person.memberships.all().delete()
    User.objects.filter(pk=person.pk).update(is_superuser=True)
    seen = Event.objects.visible_to(User.objects.get(pk=person.pk))
    for path in everywhere.values():
        kinds = kinds_in(seen.filter(unit_path=path))
        assert kinds == {kind for kind, readers in TABLE.items() if "administrator" in readers}


def test_two_posts_are_not_mixed(cast, everywhere):
    """An administrator with a post in a school reads plans in the school, not elsewhere."""
    Membership.objects.create(user=cast.administrator, unit=cast.school, role=Role.HEAD)
    seen = Event.objects.visible_to(User.objects.get(pk=cast.administrator.pk))
    plans_of = seen.filter(subject_type__model="plan").values_list("unit_path", flat=True)
    assert list(plans_of) == [everywhere["here"]]
    assert "schools.orgunit" in kinds_in(seen.filter(unit_path=everywhere["there"]))


def test_the_list_is_one_query(cast, everywhere, django_assert_num_queries):
    list(Event.objects.visible_to(cast.officer))  # kinds and posts are now in memory
    with django_assert_num_queries(1):
        assert list(Event.objects.visible_to(cast.officer))


@pytest.fixture
def figures(cast) -> list[TargetActual]:
    """What three schools have reached of a target of the department."""
    written = plan_world.plan(cast.department, cast.department_head)
    plan_world.task(written)
    target = plan_world.target(written)
    plans.issue(written, by=cast.department_head)
    target.refresh_from_db()
    return [
        target_figures.save(
            target, unit=person.memberships.get().unit, period="2026-2027", numerator=3,
            denominator=4, note="", version=0, by=person,
        )
        for person in (cast.focal, cast.sibling_focal, cast.stranger)
    ]  # fmt: skip


def test_figures_of_targets_are_not_for_an_administrator(cast, sign_in, figures):
    """Neither in the list of what happened nor on the page of one event; search finds none."""
    url = reverse("admin:schools_event_changelist")
    pages = {
        name: sign_in(getattr(cast, name)).get(url, {"q": "chi tieu"}).context["cl"]
        for name in ("administrator", "officer")
    }
    assert list(pages["administrator"].result_list) == []
    assert {one.subject for one in pages["officer"].result_list} == set(figures)
    row = reverse("admin:schools_event_change", args=[Event.objects.about(figures[0]).get().pk])
    assert sign_in(cast.officer).get(row).status_code == 200
    assert sign_in(cast.administrator).get(row).status_code == 302  # back: no such row


def test_reasons_of_offices_are_for_those_who_read_assignments(cast, campaign, sign_in):
    row = Assignment.objects.get(task=campaign.office_task, unit=cast.office)
    Assignment.objects.filter(pk=row.pk).update(handed_in_at=timezone.now(), state="handed_in")
    record(row, "hand_in", "Báo cáo Sở", by=cast.office_head, reason="Hai trường chưa có mạng")
    for person, is_told in ((cast.officer, True), (cast.administrator, False)):
        page = sign_in(person).get(campaign.get_absolute_url()).content.decode()
        assert ("Hai trường chưa có mạng" in page) == is_told


# Whose it is


def test_only_a_noun_that_says_whose_it_is_is_written_about(cast):
    day = Holiday.objects.create(department=cast.department, on="2026-09-02", name="Quốc khánh")
    for unit in (None, cast.department):
        with pytest.raises(TypeError, match="Holiday không khai"):
            record(day, "edit", "Sửa", by=cast.officer, unit=unit)
    with pytest.raises(ValueError, match="chưa có chỗ"):
        record(TargetActual(), "edit", "Sửa", by=cast.officer)
    assert not Event.objects.exists()


def test_what_belongs_to_nobody_says_so(cast):
    """A national set, a person; a person's post is told by the step."""
    national, local = make.small_set("T1"), make.small_set("L1", owner=cast.office)
    assert record(national, "load", "Nhập", by=cast.officer).unit_path == ""
    assert record(local, "load", "Nhập", by=cast.officer).unit_path == cast.office.path
    assert record(cast.focal, "password", "Mật khẩu", by=cast.focal).unit_path == ""
    told = record(cast.focal, "leave", "Thôi", by=cast.head, unit=cast.school)
    assert told.unit_path == cast.school.path


def test_every_kind_that_is_written_about_is_in_the_table():
    """A new noun says whose it is and who reads of it: both, or it is never written about."""
    own = [one for one in apps.get_models() if one._meta.app_label in APPS]
    assert {one._meta.label_lower for one in own if is_subject(one)} == set(TABLE)
    halves = [
        one for one in own if hasattr(one, "event_needs") != hasattr(one, "event_path")
    ]  # fmt: skip
    assert halves == []


def sources(pattern: str):
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).glob(pattern)):
            yield ast.parse(path.read_text(encoding="utf-8"))


def test_every_call_of_record_gives_it_such_a_noun():
    calls = [
        one
        for tree in sources("**/*.py")
        for one in ast.walk(tree)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)
        if one.func.id in ("record", "unsaved")
    ]
    names = {ast.unparse(one.args[0]).rsplit(".", 1)[-1] for one in calls}
    # `assignments.turn` records what has given tasks, `record` whatever it is handed
    assert names == {*NOUNS, "noun", "subject"}
    assert set(NOUNS.values()) == set(TABLE)


def test_every_history_on_a_page_is_asked_of_its_reader():
    shown = [
        value
        for tree in sources("views/*.py")
        for one in ast.walk(tree)
        if isinstance(one, ast.Dict)
        for key, value in zip(one.keys, one.values, strict=True)
        if isinstance(key, ast.Constant) and key.value == "events"
    ]
    assert len(shown) >= 14
    asked = [ast.unparse(one) for one in shown]
    assert [
        one for one in asked if ".readable_by(" not in one and ".readable_beside(" not in one
    ] == []


def test_an_administration_page_that_does_not_say_whose_shows_nothing(cast, rf):
    """Rows of a kind without `visible_to` are an error, not a list of everything."""
    request = rf.get("/")
    request.user = cast.officer
    with pytest.raises(AttributeError, match="visible_to"):
        PortalAdmin(Beat, admin.site).get_queryset(request)


# The log in the administration


def test_the_log_tells_nobody_more_than_the_pages_do(cast, sign_in):
    make.document(cast.school, cast.focal, title="Kế hoạch công khai")
    assert "Kế hoạch công khai" in log_of(sign_in, cast.officer)
    assert "Kế hoạch công khai" not in log_of(sign_in, cast.administrator)


def test_a_restricted_title_stands_in_no_history(cast, file_):
    version = make.document(cast.school, cast.focal, title="CCCD của em An", is_restricted=True)
    criterion = file_.indicator_set.criteria.get(code="1.2.2")
    proof = evidence.add(file_, criterion, version, by=cast.focal)
    evidence.remove(proof, by=cast.focal)
    assert not Event.objects.filter(label__contains="CCCD").exists()
    assert Event.objects.filter(label__contains="một tài liệu hạn chế").count() == 2
