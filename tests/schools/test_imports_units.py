"""An officer imports units from Excel: what is created, changed, left, and what is refused."""

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models.signals import pre_save
from django.urls import reverse

from schools.exchange import import_units_people
from schools.models import Event, ImportBatch, OrgUnit
from tests import make
from tests.schools import files
from tests.schools.files import SCHOOL, row_of

UNITS = ImportBatch.Kind.UNITS


def dry(cast, *rows, by=None, **options):
    return import_units_people.dry_run(UNITS, files.units(*rows, **options), by=by or cast.officer)


def applied(cast, *rows, by=None, **options):
    return import_units_people.apply(UNITS, files.units(*rows, **options), by=by or cast.officer)


def test_a_dry_run_tells_what_is_new_changed_and_left_and_writes_nothing(cast):
    before = list(OrgUnit.objects.values())
    run = dry(cast, SCHOOL, row_of(cast.school, place="Đa Phúc"), row_of(cast.sibling))
    assert run.problems == []
    assert [change.name for change in run.created] == ["TH Hòa Nghĩa"]
    assert run.changed[0].differences == (("Địa danh", "Tân Thành", "Đa Phúc"),)
    assert run.left == [cast.sibling.short_name]
    assert run.can_be_applied
    assert list(OrgUnit.objects.values()) == before


def test_applying_does_what_the_dry_run_showed(cast):
    applied(cast, SCHOOL, row_of(cast.school, place="Đa Phúc"), row_of(cast.sibling))
    created = OrgUnit.objects.get(code="0101-050")
    assert (created.path, created.school_type) == ("01/0101/0101-050/", "TH")
    cast.school.refresh_from_db()
    assert cast.school.place == "Đa Phúc"


def test_the_same_file_twice_leaves_everything(cast):
    applied(cast, SCHOOL)
    run = dry(cast, SCHOOL)
    assert (run.created, run.changed, run.left) == ([], [], ["TH Hòa Nghĩa"])
    assert not run.can_be_applied


def test_an_office_and_its_school_come_in_one_file(cast):
    office = row_of(cast.office, code="0109", name="Phòng Văn hóa - Xã hội", short_name=None)
    applied(cast, office, SCHOOL | {"parent": "0109"})
    assert OrgUnit.objects.get(code="0101-050").path == "01/0109/0101-050/"


def test_an_office_with_a_new_parent_takes_its_schools_along(cast):
    commune = make.office(cast.neighbour, "0102-01")
    school = make.school(commune, "0102-01-001")
    run = applied(cast, row_of(commune, parent="0101"))
    assert run.changed[0].differences == (("Mã đơn vị cấp trên", "0102", "0101"),)
    school.refresh_from_db()
    assert school.path == "01/0101/0102-01/0102-01-001/"


def test_a_column_that_is_missing_leaves_its_values(cast):
    rest = ("parent", "school_type", "short_name", "ownership", "valid_from", "valid_to")
    run = applied(cast, row_of(cast.preschool, name="Trường Mầm non Sao Mai"), leave_out=rest)
    assert [label for label, _, _ in run.changed[0].differences] == ["Tên đầy đủ"]
    cast.preschool.refresh_from_db()
    assert (cast.preschool.school_type, cast.preschool.parent) == ("MN", cast.office)


@pytest.mark.parametrize("written", ["MN", "mầm non", "MAM NON", "Mầm non"])
def test_types_are_read_by_code_or_label_without_marks(cast, written):
    run = dry(cast, SCHOOL | {"school_type": written})
    assert run.created[0].values["school_type"] == "MN"


def test_th_and_thcs_is_read_as_people_write_it(cast):
    run = dry(cast, SCHOOL | {"school_type": "TH&THCS"})
    assert run.created[0].values["school_type"] == "TH_THCS"


BAD_ROWS = [
    ({"kind": "Chi cục"}, "«Cấp» là «Chi cục»; chỉ nhận: Sở, Phòng, Cơ sở giáo dục."),
    ({"school_type": "Đại học"}, "«Loại trường» là «Đại học»; chỉ nhận: "),
    ({"ownership": "Bán công"}, "«Loại hình» là «Bán công»; chỉ nhận: Công lập, Ngoài công lập."),
    ({"school_type": None}, "thiếu «Loại trường»."),
    ({"parent": None}, "thiếu «Mã đơn vị cấp trên»."),
    ({"parent": "0999"}, "không có đơn vị cấp trên mã «0999» (phải có sẵn hoặc ở dòng trên)."),
    ({"parent": "0101-001"}, "cấp trên «0101-001» là một trường."),
    ({"parent": "0101-050"}, "đơn vị không thể là cấp trên của chính nó."),
    ({"code": "Trường số 1"}, "mã «Trường số 1» chỉ được gồm chữ không dấu, số và . _ - "),
    ({"code": None}, "thiếu «Mã đơn vị»."),
    ({"name": None}, "thiếu «Tên đầy đủ»."),
    ({"name": "Trường " * 40}, "«Tên đầy đủ» dài quá 200 ký tự."),
    ({"valid_from": "31/02/2025"}, "«Hoạt động từ» là «31/02/2025». Ngày này không có trong lịch"),
    ({"valid_from": "09/25/2020"}, "«Hoạt động từ» là «09/25/2020». Ngày này không có trong lịch"),
    ({"valid_from": "05/09/0020"}, "«Hoạt động từ» là «05/09/0020». Năm 0020 chắc là gõ nhầm;"),
    ({"valid_to": "31/12/9999"}, "«Hoạt động đến» là «31/12/9999». Năm 9999 chắc là gõ nhầm;"),
    ({"valid_to": "01/01/1999"}, "«Hoạt động đến» trước «Hoạt động từ»."),
]


@pytest.mark.parametrize(("fault", "sentence"), BAD_ROWS)
def test_a_bad_row_gets_a_sentence_with_sheet_and_row(cast, fault, sentence):
    run = dry(cast, SCHOOL | {"code": "0101-060"}, SCHOOL | fault)
    assert f"Trang «Đơn vị», dòng 3: {sentence}" in " ".join(run.problems)
    assert not run.can_be_applied


@pytest.mark.parametrize(
    "written",
    [
        "05/09/2020", "5/9/2020", "05-09-2020", "05.09.2020", "2020-09-05", "05/09/20",
        "ngày 5 tháng 9 năm 2020", "Ngày 05 tháng 09 năm 2020", "2020-09-05 00:00:00",
        date(2020, 9, 5), datetime(2020, 9, 5, 7, 30),
    ],
)  # fmt: skip
def test_a_day_is_read_alike_however_it_is_written(cast, written):
    run = dry(cast, SCHOOL | {"valid_from": written})
    assert run.problems == []
    assert run.created[0].values["valid_from"] == date(2020, 9, 5)


def test_a_code_twice_in_one_file_is_named(cast):
    assert dry(cast, SCHOOL, SCHOOL).problems == [
        "Trang «Đơn vị», dòng 3: mã «0101-050» đã có ở một dòng trên."
    ]


def test_one_bad_row_keeps_the_good_ones_out(cast):
    with pytest.raises(ValidationError, match="dòng 3"):
        applied(cast, SCHOOL, SCHOOL | {"code": "0101-051", "parent": "0999"})
    assert not OrgUnit.objects.filter(code__startswith="0101-05").exists()


def test_a_failure_in_the_middle_undoes_the_rows_before(cast):
    def fail(sender, instance, **kwargs):
        if instance.code == "0101-051":
            raise ValidationError("Đĩa đầy.")

    pre_save.connect(fail, sender=OrgUnit)
    try:
        with pytest.raises(ValidationError, match="Đĩa đầy"):
            applied(cast, SCHOOL, SCHOOL | {"code": "0101-051"})
    finally:
        pre_save.disconnect(fail, sender=OrgUnit)
    assert not OrgUnit.objects.filter(code="0101-050").exists()


def test_a_file_grown_stale_between_look_and_apply_is_told(cast, sign_in):
    client = sign_in(cast.officer)
    send(client, files.units(SCHOOL | {"parent": "0102"}))
    OrgUnit.objects.filter(pk=cast.neighbour.pk).update(kind="school", school_type="TH")
    batch = ImportBatch.objects.get()
    page = client.post(reverse("schools:import_apply", args=[batch.pk]), follow=True)
    assert "dòng 2: cấp trên «0102» là một trường." in page.content.decode()
    batch.refresh_from_db()
    assert batch.applied_at is None


def test_units_in_a_circle_are_refused(cast):
    commune = make.office(cast.neighbour, "0102-01")
    own_child = dry(cast, row_of(cast.neighbour, parent="0102-01"))
    assert "«0102-01» nằm dưới «0102», không thể làm cấp trên." in own_child.problems[0]
    crossed = dry(cast, row_of(cast.office, parent="0102"), row_of(cast.neighbour, parent="0101"))
    assert crossed.problems[0].startswith("Trang «Đơn vị», dòng 3: «0101» nằm dưới «0102»")
    assert dry(cast, row_of(commune, parent="0101")).problems == []


def test_the_kind_of_a_unit_never_changes(cast):
    row = row_of(cast.office, kind="Sở", parent=None)
    for by in (cast.officer, None):
        run = import_units_people.dry_run(UNITS, files.units(row), by=by)
        assert "đơn vị mã «0101» đang là Phòng; không đổi cấp." in " ".join(run.problems)


def test_nobody_imports_outside_their_department(cast):
    other = make.department("02", name="Sở Giáo dục và Đào tạo Quảng Ninh")
    theirs = make.school(make.office(other, "0201"), "0201-001")
    for row in (SCHOOL | {"parent": "0201"}, row_of(theirs, name="Trường bị đổi tên")):
        assert "nằm ngoài phạm vi quản lý của bạn." in dry(cast, row).problems[0]
    stolen = dry(cast, row_of(theirs, parent="0101"))
    assert "đơn vị mã «0201-001» nằm ngoài phạm vi" in stolen.problems[0]
    new_department = dry(cast, row_of(other, code="03"))
    assert "chỉ quản trị viên toàn hệ thống" in new_department.problems[0]


# On the web


def send(client, file, name="Đơn vị.xlsx", kind="units"):
    upload = files.upload(name, file.getvalue())
    return client.post(reverse("schools:import_add"), {"kind": kind, "file": upload}, follow=True)


def test_upload_look_apply_and_not_twice(cast, sign_in):
    client = sign_in(cast.officer)
    page = send(client, files.units(SCHOOL))
    assert "TH Hòa Nghĩa" in page.content.decode()
    assert not OrgUnit.objects.filter(code="0101-050").exists()
    batch = ImportBatch.objects.get()
    for answer in ("Đã tạo 1, thay đổi 0 dòng.", "Tệp này đã được áp dụng."):
        page = client.post(reverse("schools:import_apply", args=[batch.pk]), follow=True)
        assert answer in page.content.decode()
    assert OrgUnit.objects.filter(code="0101-050").count() == 1
    assert Event.objects.about(batch).get().label == "Nhập danh mục từ «Đơn vị.xlsx»"


def test_a_file_with_faults_cannot_be_applied(cast, sign_in):
    client = sign_in(cast.officer)
    page = send(client, files.units(SCHOOL | {"parent": "0999"})).content.decode()
    assert "không có đơn vị cấp trên mã «0999»" in page
    assert "Áp dụng</button>" not in page
    batch = ImportBatch.objects.get()
    page = client.post(reverse("schools:import_apply", args=[batch.pk]), follow=True)
    assert "Không ghi gì: " in page.content.decode()
    batch.refresh_from_db()
    assert batch.applied_at is None


def test_only_those_who_manage_units_import_and_only_their_own_file(cast, sign_in):
    for person in (cast.focal, cast.head, cast.specialist, cast.auditor, cast.department_head):
        assert sign_in(person).get(reverse("schools:import_add")).status_code == 403
    send(sign_in(cast.officer), files.units(SCHOOL))
    batch = ImportBatch.objects.get()
    other = sign_in(cast.administrator)
    assert other.get(reverse("schools:import_check", args=[batch.pk])).status_code == 404
    assert other.post(reverse("schools:import_apply", args=[batch.pk])).status_code == 404


# In the shell


def test_the_command_shows_and_applies(cast, tmp_path, capsys):
    path = tmp_path / "Đơn vị.xlsx"
    path.write_bytes(files.units(SCHOOL, row_of(cast.school, place="Đa Phúc")).getvalue())
    call_command("import_units", str(path))
    shown = capsys.readouterr().out
    assert "+ TH Hòa Nghĩa" in shown
    assert "Địa danh: «Tân Thành» → «Đa Phúc»" in shown
    assert "Tạo mới 1, thay đổi 1, giữ nguyên 0." in shown
    assert not OrgUnit.objects.filter(code="0101-050").exists()
    call_command("import_units", str(path), "--apply")
    assert "Đã ghi." in capsys.readouterr().out
    assert OrgUnit.objects.filter(code="0101-050").exists()


def test_the_command_says_what_is_wrong(cast, tmp_path):
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("import_units", str(tmp_path / "không có.xlsx"))
    path = tmp_path / "sai.xlsx"
    path.write_bytes(files.units(SCHOOL | {"parent": "0999"}).getvalue())
    with pytest.raises(CommandError, match="1 lỗi; không có gì được ghi"):
        call_command("import_units", str(path))
    with pytest.raises(CommandError, match="dòng 2: không có đơn vị cấp trên"):
        call_command("import_units", str(path), "--apply")
