"""An officer imports people from Excel: they get an invitation, never a password."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.urls import reverse

from schools import outbox
from schools.actions import people
from schools.exchange import import_units_people
from schools.models import ImportBatch, Membership, User
from schools.permissions import Role
from tests import make
from tests.schools import files
from tests.schools.files import TEACHER

PEOPLE = ImportBatch.Kind.PEOPLE


def dry(cast, *rows, by=None, **options):
    return import_units_people.dry_run(
        PEOPLE, files.people_workbook(*rows, **options), by=by or cast.officer
    )


def applied(cast, *rows, by=None, **options):
    return import_units_people.apply(
        PEOPLE, files.people_workbook(*rows, **options), by=by or cast.officer
    )


def row_of(person, **changes) -> dict:
    post = person.memberships.get()
    return {
        "email": person.email,
        "full_name": person.full_name,
        "unit": post.unit.code,
        "role": post.get_role_display(),
        "post": post.post,
    } | changes


def test_a_dry_run_tells_what_is_new_changed_and_left_and_writes_nothing(cast):
    run = dry(cast, TEACHER, row_of(cast.focal, full_name="Trần Văn Bách"), row_of(cast.head))
    assert run.problems == []
    assert [change.name for change in run.created] == ["Lê Thị Bình (binh@truong.example)"]
    assert run.changed[0].differences == (("Họ và tên", cast.focal.full_name, "Trần Văn Bách"),)
    assert len(run.left) == 1
    assert not User.objects.filter(email="binh@truong.example").exists()


def test_a_new_person_is_invited_and_has_no_password(cast):
    applied(cast, TEACHER | {"email": " BINH@Truong.example ", "phone": "0912 345 678"})
    person = User.objects.get(email="binh@truong.example")
    assert not person.has_usable_password()
    assert person.phone == "0912345678"
    post = person.memberships.get()
    assert (post.unit, post.role) == (cast.school, Role.FOCAL_POINT)
    event = outbox.untold().get()
    assert (event.subject, event.by) == (person, cast.officer)


def test_someone_with_an_account_gets_only_another_post(cast):
    password = cast.focal.password
    run = applied(cast, row_of(cast.focal, unit="0101-002"))
    assert run.changed[0].differences[0][0] == "Phân công"
    assert {post.unit for post in cast.focal.memberships.all()} == {cast.school, cast.sibling}
    assert not outbox.untold().exists()
    cast.focal.refresh_from_db()
    assert cast.focal.password == password


def test_a_new_post_and_telephone_are_taken_over(cast):
    applied(cast, row_of(cast.head, post="Hiệu trưởng", phone="+84912345678"))
    cast.head.refresh_from_db()
    assert cast.head.phone == "0912345678"
    assert cast.head.memberships.get().post == "Hiệu trưởng"


def test_the_same_file_twice_leaves_everything(cast):
    applied(cast, TEACHER | {"full_name": "Lê  Thị   Bình", "phone": "0912345678"})
    run = dry(cast, TEACHER | {"phone": "0912345678"})
    assert (run.created, run.changed, len(run.left)) == ([], [], 1)


def test_two_posts_of_a_new_person_in_one_file(cast):
    applied(cast, TEACHER, TEACHER | {"unit": "0101-002"})
    assert User.objects.get(email="binh@truong.example").memberships.count() == 2


@pytest.mark.parametrize("typed", [912345678, "912345678", 912345678.0, "0912.345.678"])
def test_the_zero_that_excel_drops_comes_back(cast, typed):
    run = dry(cast, TEACHER | {"phone": typed})
    assert run.created[0].values["phone"] == "0912345678"


BAD_ROWS = [
    ({"email": "binh"}, "thư điện tử «binh» không hợp lệ."),
    ({"email": None}, "thư điện tử «» không hợp lệ."),
    ({"email": f"{'b' * 60}@{'truong.' * 40}example"}, "không hợp lệ."),
    ({"full_name": None}, "«Họ và tên» phải có từ 1 đến 120 ký tự."),
    ({"full_name": "Bình " * 40}, "«Họ và tên» phải có từ 1 đến 120 ký tự."),
    ({"post": "Phó " * 40}, "«Chức vụ» dài quá 80 ký tự."),
    ({"phone": "không có"}, "số điện thoại «không có» không hợp lệ."),
    ({"unit": "0999"}, "không có đơn vị mã «0999»."),
    ({"role": "Thủ quỹ"}, "«Vai trò» là «Thủ quỹ»; chỉ nhận: Đầu mối CNTT, Lãnh đạo trường, "),
    ({"role": "Lãnh đạo phòng"}, "vai trò «Lãnh đạo phòng» không dùng cho «"),
]


@pytest.mark.parametrize(("fault", "sentence"), BAD_ROWS)
def test_a_bad_row_gets_a_sentence_with_sheet_and_row(cast, fault, sentence):
    run = dry(cast, row_of(cast.focal), TEACHER | fault)
    said = " ".join(run.problems)
    assert "Trang «Người dùng», dòng 3: " in said
    assert sentence in said


def test_the_same_post_twice_in_one_file_is_named(cast):
    again = TEACHER | {"email": "BINH@truong.example"}
    assert dry(cast, TEACHER, again).problems == [
        "Trang «Người dùng», dòng 3: «binh@truong.example» đã có vai trò này ở một dòng trên."
    ]


def test_one_bad_row_keeps_the_good_ones_out(cast):
    with pytest.raises(ValidationError, match="dòng 3"):
        applied(cast, TEACHER, TEACHER | {"email": "an@truong.example", "unit": "0999"})
    assert not User.objects.filter(email__in=["binh@truong.example", "an@truong.example"]).exists()
    assert not outbox.untold().exists()


def test_nobody_grants_more_than_their_own_tier(cast):
    above = TEACHER | {"unit": "01", "role": "Lãnh đạo Sở"}
    assert "bạn không được trao vai trò «Lãnh đạo Sở»." in dry(cast, above).problems[0]
    assert dry(cast, above, by=cast.administrator).problems == []
    assert "không được trao vai trò" in " ".join(
        dry(cast, TEACHER | {"unit": "01", "role": "administrator"}).problems
    )


def test_nobody_imports_people_outside_their_department(cast):
    other = make.department("02", name="Sở Giáo dục và Đào tạo Quảng Ninh")
    make.school(make.office(other, "0201"), "0201-001")
    problems = dry(cast, TEACHER | {"unit": "0201-001"}).problems
    assert "đơn vị mã «0201-001» nằm ngoài phạm vi quản lý của bạn." in problems[0]


def test_nobody_renames_people_beyond_their_reach(cast):
    """An address is not enough: neither to change who a person is nor to draw them in."""
    other = make.department("02", name="Sở Giáo dục và Đào tạo Quảng Ninh")
    theirs = make.person(make.school(make.office(other, "0201"), "0201-001"), Role.HEAD)
    root = User.objects.create_superuser("root@edudx.example", "Quản trị gốc", "mat-khau-dung")
    for person in (theirs, root, cast.department_head):
        row = TEACHER | {"email": person.email}
        assert "hãy đề nghị cấp trên phân công." in dry(cast, row).problems[0]
        assert dry(cast, row | {"full_name": person.full_name}).problems != []


def test_a_person_whose_post_has_ended_gets_a_new_one(cast):
    people.end_membership(cast.focal.memberships.get(), by=cast.head)
    row = TEACHER | {"email": cast.focal.email, "full_name": cast.focal.full_name}
    assert dry(cast, row).changed[0].differences[0][0] == "Phân công"
    applied(cast, row)
    assert Membership.objects.active().filter(user=cast.focal, unit=cast.school).count() == 1


# On the web and in the shell


def test_upload_look_and_apply(cast, sign_in):
    client = sign_in(cast.officer)
    upload = files.upload("Người dùng.xlsx", files.people_workbook(TEACHER).getvalue())
    page = client.post(
        reverse("schools:import_add"), {"kind": "people", "file": upload}, follow=True
    )
    assert "Lê Thị Bình (binh@truong.example)" in page.content.decode()
    batch = ImportBatch.objects.get()
    page = client.post(reverse("schools:import_apply", args=[batch.pk]), follow=True)
    assert "Đã tạo 1, thay đổi 0 dòng." in page.content.decode()
    assert User.objects.filter(email="binh@truong.example").exists()


def test_the_wrong_kind_of_file_is_told_by_its_sheet(cast, sign_in):
    upload = files.upload("Đơn vị.xlsx", files.units(files.SCHOOL).getvalue())
    page = sign_in(cast.officer).post(
        reverse("schools:import_add"), {"kind": "people", "file": upload}, follow=True
    )
    assert "Không có trang «Người dùng». Tệp có các trang: Đơn vị." in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("cũ.xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "Đây là Excel đời cũ (.xls)."),
        ("cũ.xlsx", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "Đây là Excel đời cũ (.xls)."),
        ("trống.xlsx", b"", "Tập tin được gửi là rỗng."),
        (
            "bom.xlsx",
            lambda: files.bomb(files.people_workbook(TEACHER), 301).getvalue(),
            "quá nhiều dữ liệu",
        ),
        ("kế hoạch.pdf", make.pdf_bytes(), "Tệp không phải là Excel .xlsx."),
    ],
)
def test_a_file_that_is_no_workbook_gets_a_sentence(cast, sign_in, name, content, sentence):
    content = content() if callable(content) else content
    page = sign_in(cast.officer).post(
        reverse("schools:import_add"),
        {"kind": "people", "file": files.upload(name, content)},
        follow=True,
    )
    assert sentence in page.content.decode()
    assert page.status_code == 200


def test_people_from_the_shell_are_invited_too(cast, tmp_path):
    path = tmp_path / "Người dùng.xlsx"
    path.write_bytes(files.people_workbook(TEACHER | {"phone": "0912345678"}).getvalue())
    call_command("import_units", str(path), "--people", "--apply")
    person = User.objects.get(email="binh@truong.example")
    assert person.phone == "0912345678"
    assert not person.has_usable_password()
    assert outbox.untold().get().subject == person
