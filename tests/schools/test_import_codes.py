"""What Excel does to codes: the zero in front, a tail, an exponent, another case; many faults."""

import io

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models.signals import pre_save
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from schools.exchange import import_units_people
from schools.exchange.excel_codes import CodeBook, why_no_code
from schools.models import ImportBatch, OrgUnit
from tests import make
from tests.assessments.browse import text
from tests.schools import files
from tests.schools.files import SCHOOL, TEACHER

UNITS, PEOPLE = ImportBatch.Kind.UNITS, ImportBatch.Kind.PEOPLE


def dry(cast, *rows, **options):
    return import_units_people.dry_run(UNITS, files.units(*rows, **options), by=cast.officer)


def dry_people(cast, *rows):
    return import_units_people.dry_run(PEOPLE, files.people_workbook(*rows), by=cast.officer)


@pytest.fixture
def zero(cast) -> OrgUnit:
    return make.school(cast.office, "03120001")


@pytest.mark.parametrize("code", ["31.001", "31.01.001", "TH.10.05", "3.120.001"])
def test_a_code_with_dots_is_no_number_with_a_tail(cast, zero, code):
    make.school(cast.office, "311")
    assert dry(cast, SCHOOL | {"code": code}).warnings == []


@pytest.mark.parametrize("written", [3120001, "3120001", 3120001.0, "3120001.0", "03120001.0"])
def test_a_code_without_its_zero_is_asked_about(cast, zero, written):
    run = dry(cast, SCHOOL | {"code": written})
    assert run.problems == []
    assert "Trang «Đơn vị», dòng 2: mã «" in run.warnings[0]
    assert run.warnings[0].endswith("là mã mới. Có thể là 03120001.")
    assert run.can_be_applied  # it may be a new unit


def test_neighbours_say_how_long_codes_are(cast, zero):
    run = dry(cast, SCHOOL | {"code": 3120077})
    assert "Có thể là 03120077." in run.warnings[0]
    run = dry(cast, SCHOOL | {"code": "04440001"}, SCHOOL | {"code": 4440002})
    (warning,) = run.warnings
    assert warning.endswith("«4440002» là mã mới. Có thể là 04440002.")


def test_a_code_shown_with_its_zeros_has_them(cast, zero):
    def pad(page):
        page["A2"].number_format = "00000000"

    run = dry(cast, SCHOOL | {"code": 3120001}, change=pad)
    assert run.warnings == []
    assert run.changed[0].values["code"] == "03120001"


def test_an_honest_new_code_is_not_asked_about(cast, zero):
    rows = [SCHOOL | {"code": code} for code in ("0101-050", "03120002", "MOI-1", "12345678901")]
    assert dry(cast, *rows).warnings == []


def test_the_unit_above_and_a_person_s_unit_are_hinted_at(cast):
    run = dry(cast, SCHOOL | {"parent": 101})
    assert run.problems == [
        "Trang «Đơn vị», dòng 2: không có đơn vị cấp trên mã «101» (phải có sẵn hoặc ở dòng trên). "
        "Có thể là 0101."
    ]
    assert dry_people(cast, TEACHER | {"unit": 101}).problems == [
        "Trang «Người dùng», dòng 2: không có đơn vị mã «101». Có thể là 0101."
    ]


def test_codes_of_another_province_are_not_proposed(cast):
    make.department("0777", name="Sở Giáo dục và Đào tạo Quảng Ninh")
    assert dry_people(cast, TEACHER | {"unit": 777}).problems == [
        "Trang «Người dùng», dòng 2: không có đơn vị mã «777»."
    ]


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("3.12E+09", "mã «3.12E+09» là số đã bị Excel rút gọn, mất các chữ số cuối. Hãy định dạng"),
        ("3,12e+9", "là số đã bị Excel rút gọn"),
        ("12/05/2026", "mã «12/05/2026» đã bị Excel đổi thành ngày."),
        (31200000010000012345, "ô A2 chứa số có hơn 15 chữ số, Excel đã làm tròn các số cuối."),
    ],
)
def test_a_code_that_nobody_can_tell_any_more_is_refused(cast, written, sentence):
    (problem,) = dry(cast, SCHOOL | {"code": written}).problems
    assert sentence in problem


@pytest.mark.parametrize(("first", "second"), [("THU-01", "thu-01"), ("thu-01", "Thu-01")])
def test_codes_that_differ_in_case_only_are_one(cast, first, second):
    run = dry(cast, SCHOOL | {"code": first}, SCHOOL | {"code": second, "name": "Trường Khác"})
    assert run.problems[0] == (
        f"Trang «Đơn vị», dòng 3: mã «{second}» đã có, chỉ khác «{first}» về chữ hoa, chữ thường."
    )
    make.school(cast.office, first)
    (problem,) = dry(cast, SCHOOL | {"code": second}).problems
    assert f"chỉ khác «{first}» về chữ hoa, chữ thường" in problem
    (problem,) = dry_people(cast, TEACHER | {"unit": second}).problems
    assert problem.endswith(f"Có thể là {first}.")


def test_addresses_that_differ_in_case_only_are_one_person(cast):
    run = dry_people(cast, TEACHER, TEACHER | {"email": "BINH@Truong.Example"})
    assert run.problems == [
        "Trang «Người dùng», dòng 3: «binh@truong.example» đã có vai trò này ở một dòng trên."
    ]


@given(st.integers(1, 10**8 - 1), st.integers(9, 12), st.sampled_from(["{}", "{}.0", "{}.00"]))
def test_any_code_that_lost_its_zeros_is_found_again(number, length, written):
    code = str(number).zfill(length)
    book = CodeBook({code, "01", "0101-001"})
    assert book.meant_by(code) == ""
    assert book.meant_by(written.format(number)) == code
    assert not why_no_code(code)


# Faults


def test_faults_of_cells_hide_no_other_and_no_row_above_them(cast):
    rows = (SCHOOL | {"name": "#N/A"}, SCHOOL | {"code": "0101-051", "name": "=A1"},
            SCHOOL | {"code": "0101-052", "parent": "0999"})  # fmt: skip
    problems = dry(cast, *rows).problems
    assert [one.partition(": ")[0][-6:] for one in problems] == ["dòng 2", "dòng 3", "dòng 4"]
    assert "ô B2 chứa lỗi của Excel «#N/A»" in problems[0]
    assert "ô B3 chứa công thức" in problems[1]
    assert "không có đơn vị cấp trên mã «0999»" in problems[2]


def test_one_poisoned_row_in_each_thousand_is_explained_and_the_file_has_all(cast, sign_in):
    rows = [SCHOOL | {"code": f"X{number:05d}"} for number in range(2_000)]
    for number in range(0, 2_000, 10):
        rows[number]["place"] = None
    upload = files.upload("Đơn vị.xlsx", files.units(*rows).getvalue())
    client = sign_in(cast.officer)
    address = reverse("schools:import_add")
    page = text(client.post(address, {"kind": "units", "file": upload}, follow=True))
    assert "… và 100 lỗi khác, xem trong tệp lỗi." in page
    assert page.count("thiếu «Địa danh».") == 100
    batch = ImportBatch.objects.get()
    answer = client.get(reverse("schools:import_faults", args=[batch.pk]))
    told = openpyxl.load_workbook(io.BytesIO(answer.content))["Lỗi"]
    assert told.max_row == 201
    assert [cell.value for cell in told[201]] == ["Trang «Đơn vị», dòng 1992", "thiếu «Địa danh»."]
    run = dry(cast, *rows)
    assert (len(run.created), len(run.problems)) == (1_800, 200)


@pytest.mark.parametrize("fault", [ValidationError("Đĩa đầy."), IntegrityError("x")])
def test_rows_that_fail_while_they_are_written_are_all_named(cast, fault):
    """All or nothing; and whoever mends the file learns of every row at once."""

    def fail(sender, instance, **kwargs):
        if instance.code in ("0101-051", "0101-053"):
            raise fault

    pre_save.connect(fail, sender=OrgUnit)
    rows = [SCHOOL | {"code": f"0101-05{number}"} for number in range(5)]
    try:
        with pytest.raises(ValidationError) as refused:
            import_units_people.apply(UNITS, files.units(*rows), by=cast.officer)
    finally:
        pre_save.disconnect(fail, sender=OrgUnit)
    places = [one.partition(": ")[0] for one in refused.value.messages]
    assert places == ["Trang «Đơn vị», dòng 3", "Trang «Đơn vị», dòng 5"]
    assert not OrgUnit.objects.filter(code__startswith="0101-05").exists()
