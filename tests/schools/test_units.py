"""Units of the tree: what must hold, moving them, finding them, and what was written down."""

import pytest
from django.contrib.admin.sites import site
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from schools.actions import units
from schools.models import Event, OrgUnit
from schools.models.events import record
from tests import make


def unit(parent, **fields) -> OrgUnit:
    values = {"code": "0101-099", "kind": "school", "school_type": "TH", "name": "Trường A"}
    return OrgUnit(parent=parent, **values | {"short_name": "A", "place": "Hải Phòng"} | fields)


FAULTS = [
    ({"school_type": ""}, "Cơ sở giáo dục phải có loại trường; Sở và phòng thì không."),
    ({"kind": "office"}, "Cơ sở giáo dục phải có loại trường; Sở và phòng thì không."),
    ({"parent": None}, "Phòng và trường phải có đơn vị cấp trên; Sở thì không."),
    (
        {"kind": "department", "school_type": ""},
        "Phòng và trường phải có đơn vị cấp trên; Sở thì không.",
    ),
    (
        {"valid_from": "2025-07-01", "valid_to": "2025-06-30"},
        "Ngày kết thúc phải sau ngày bắt đầu hoạt động.",
    ),
    ({"code": "trường a"}, "Mã đơn vị chỉ gồm chữ không dấu, số và . _ -"),
]


@pytest.mark.parametrize(("fault", "sentence"), FAULTS)
def test_what_must_hold_is_said_in_vietnamese(cast, fault, sentence):
    with pytest.raises(ValidationError) as caught:
        unit(**{"parent": cast.office} | fault).full_clean(exclude=["path"])
    assert sentence in caught.value.messages


@pytest.mark.parametrize("fault", [fault for fault, _ in FAULTS[:5]])
def test_what_must_hold_is_held_by_the_database(cast, fault):
    with pytest.raises(IntegrityError), transaction.atomic():
        unit(**{"parent": cast.office} | fault).save()


def test_a_code_is_given_once(cast):
    with pytest.raises(ValidationError) as caught:
        unit(cast.neighbour, code=cast.school.code).full_clean(exclude=["path"])
    assert "đơn vị" in " ".join(caught.value.messages).lower()


def test_nothing_hangs_under_a_school(cast):
    with pytest.raises(ValidationError, match="là một trường"):
        unit(cast.school).full_clean(exclude=["path"])


def test_the_path_follows_the_codes(cast):
    assert cast.school.path == "01/0101/0101-001/"
    assert cast.high_school.path == "01/01-900/"
    assert cast.school.is_within(cast.office.path)
    assert not cast.school.is_within(cast.neighbour.path)


def test_a_code_that_begins_like_another_is_not_below_it(cast):
    twin = make.office(cast.department, "010")
    assert cast.office not in OrgUnit.objects.below(twin)


# Moving


def move(cast, what, to, by=None):
    return units.move(what, parent=to, by=by or cast.officer, reason="Sắp xếp lại phường")


def test_a_moved_office_takes_its_schools_along_and_is_written_down(cast):
    commune = make.office(cast.neighbour, "0102-01")
    school = make.school(commune, "0102-01-001")
    event = move(cast, commune, cast.office)
    school.refresh_from_db()
    assert school.path == "01/0101/0102-01/0102-01-001/"
    assert (event.from_state, event.to_state) == ("01/0102/0102-01/", "01/0101/0102-01/")
    assert (event.by, event.reason) == (cast.officer, "Sắp xếp lại phường")
    assert event.subject == commune


def test_files_handed_in_before_keep_the_path_of_their_day(cast, file_):
    before = file_.unit_path
    move(cast, cast.school, cast.neighbour)
    file_.refresh_from_db()
    assert file_.unit_path == before == "01/0101/0101-001/"
    assert file_.unit.path == "01/0102/0101-001/"
    assert file_.office == cast.office


def test_a_unit_does_not_move_into_itself_or_below(cast):
    commune = make.office(cast.office, "0101-01")
    for target in (cast.office, commune):
        with pytest.raises(ValidationError, match="vào chính nó hoặc đơn vị cấp dưới"):
            move(cast, OrgUnit.objects.get(pk=cast.office.pk), target)


def test_a_unit_does_not_move_into_a_school_and_a_department_not_at_all(cast):
    with pytest.raises(ValidationError, match="là một trường"):
        move(cast, cast.sibling, cast.school)
    other = make.department("02", name="Sở khác")
    root = make.User.objects.create_superuser("root@edudx.example", "Quản trị", "mat-khau-dung")
    with pytest.raises(ValidationError, match="Sở thì không"):
        move(cast, other, cast.department, by=root)


def test_only_those_who_manage_both_sides_move_a_unit(cast):
    other = make.department("02", name="Sở khác")
    for person, target in (
        (cast.office_head, cast.neighbour),
        (cast.head, cast.neighbour),
        (cast.officer, other),
    ):
        with pytest.raises(PermissionDenied):
            move(cast, cast.school, target, by=person)
    assert not Event.objects.about(cast.school).exists()


def test_the_administration_page_keeps_paths_in_step_and_refuses_circles(cast, sign_in):
    commune = make.office(cast.neighbour, "0102-01")
    client = sign_in(cast.officer)
    page = reverse("admin:schools_orgunit_change", args=[cast.neighbour.pk])
    fields = {
        name: getattr(cast.neighbour, name)
        for name in ("name", "short_name", "superior_name", "abbreviation", "place", "ownership")
    } | {"valid_from": "01/01/2000"}
    refused = client.post(page, fields | {"parent": commune.pk})
    assert "vào chính nó hoặc đơn vị cấp dưới" in refused.content.decode()
    assert client.post(page, fields | {"parent": cast.office.pk}).status_code == 302
    commune.refresh_from_db()
    assert commune.path == "01/0101/0102/0102-01/"


# What was written down


def test_what_happened_is_never_changed(cast):
    event = record(cast.school, "move", "Chuyển", by=cast.officer)
    for change in ({"label": "Khác"}, {"reason": "Bịa"}, {"by": cast.focal}, {"to_state": "x"}):
        with pytest.raises(IntegrityError, match="Sự kiện đã ghi"), transaction.atomic():
            Event.objects.filter(pk=event.pk).update(**change)
    with (
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE schools_event SET label = 'Khác' WHERE id = %s", [event.pk])
    event.label = "Khác"
    with pytest.raises(IntegrityError), transaction.atomic():
        event.save()


def test_what_happened_is_never_deleted(cast):
    event = record(cast.school, "move", "Chuyển", by=cast.officer)
    with pytest.raises(ValidationError, match="Không được xóa"), transaction.atomic():
        event.delete()
    with pytest.raises(ValidationError, match="Không được xóa"), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()
    assert Event.objects.filter(pk=event.pk).exists()


def test_the_longest_names_still_fit_in_the_log(cast):
    event = record(cast.school, "version", "Thêm bản 1 của «" + "Kế hoạch " * 30, by=cast.focal)
    assert len(event.label) == 200


def test_what_happened_to_a_kind_that_is_no_more_is_still_read(cast):
    gone = ContentType.objects.create(app_label="schools", model="telegram")
    kept = Event.objects.create(
        subject_type=gone, subject_id=1, step="send", label="Gửi điện", from_state="draft",
        to_state="sent", unit_path=cast.school.path, by=cast.head,
    )  # fmt: skip
    assert (kept.states, kept.sentence) == ("", "Đã gửi điện.")


# Finding


@pytest.mark.parametrize("typed", ["hoa nghia", "HÒA NGHĨA", "nghĩa hòa", "Ho\u0300a", "0101-077"])
def test_units_are_found_without_marks(cast, sign_in, typed):
    make.school(cast.office, "0101-077", name="Trường Hòa Nghĩa", short_name="TH Hòa Nghĩa")
    page = sign_in(cast.specialist).get(reverse("schools:units"), {"tim": typed})
    assert [one.code for one in page.context["page"]] == ["0101-077"]


def test_nobody_finds_units_beyond_their_own(cast, sign_in):
    client = sign_in(cast.specialist)
    assert not client.get(reverse("schools:units"), {"tim": "0102"}).context["page"].object_list
    for there in (cast.neighbour, cast.stranger_school, cast.department):
        assert client.get(reverse("schools:unit", args=[there.pk])).status_code == 404
    assert client.get(reverse("schools:unit", args=[cast.school.pk])).status_code == 200


def test_the_administration_page_finds_without_marks(cast, rf):
    make.school(cast.office, "0101-077", name="Trường Hòa Nghĩa", short_name="TH Hòa Nghĩa")
    request = rf.get("/")
    request.user = cast.officer
    admin = site.get_model_admin(OrgUnit)
    found, _ = admin.get_search_results(request, admin.get_queryset(request), "HOA nghĩa")
    assert [one.code for one in found] == ["0101-077"]


@pytest.mark.parametrize("schools", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(db, sign_in, schools, django_assert_num_queries):
    department = make.department()
    for number in range(schools):
        make.school(department, f"01-{number}")
    client = sign_in(make.person(department, make.Role.DEPARTMENT_OFFICER))
    with django_assert_num_queries(6):
        client.get(reverse("schools:units"))


def test_codes_that_differ_only_in_case_are_one_code(cast):
    twin = OrgUnit(
        code="TRUONG-A", kind="school", school_type="TH", parent=cast.office, name="A", place="A"
    )
    make.school(cast.office, code="truong-a")
    with pytest.raises(ValidationError, match="chỉ khác chữ hoa"):
        twin.full_clean(exclude=["path"])


def test_a_nul_character_gets_a_page_and_not_a_database_error(cast, sign_in):
    client = sign_in(cast.officer)
    assert client.get("/don-vi/?tim=%00").status_code == 200
    assert client.post("/dang-nhap/", {"username": "a\0b", "password": "x"}).status_code == 302
    assert client.get("/cong-khai/a/b%00/").status_code == 400
