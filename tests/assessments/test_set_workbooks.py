"""An officer takes a set as Excel, edits it in a spreadsheet and loads it again."""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from assessments.exchange import set_faults, set_yaml
from assessments.models import Criterion, Group, IndicatorSet
from tests import make

from .browse import said, text, url

SHIPPED = sorted(Path(set_yaml.__file__).parents[1].glob("indicator_sets/*.yaml"))
NOT_IN_A_FILE = {"id", "indicator_set", "group", "parent"}
SET_FIELDS = (
    "code", "version", "title", "legal_number", "legal_issued_on", "legal_issuer", "applies_to",
    "level_2_from", "level_3_above", "level_names", "missed_condition",
)  # fmt: skip


def facts(found: IndicatorSet) -> dict:
    """Every field of a set, its groups and criteria, as they stand in the database."""
    found = IndicatorSet.objects.get(pk=found.pk)
    names = [one.name for one in Criterion._meta.concrete_fields if one.name not in NOT_IN_A_FILE]
    parents = {one.pk: one.code for one in found.tree}
    return {
        "set": {name: getattr(found, name) for name in SET_FIELDS},
        "groups": list(found.groups.values_list("code", "title", "max_points", "position")),
        "criteria": [
            (one.group.code, parents.get(one.parent_id), *(getattr(one, name) for name in names))
            for one in found.tree
        ],
    }


def stepped() -> IndicatorSet:
    """A set with graded steps, a full count, thresholds and text of every awkward kind."""
    found = make.small_set("S1", missed_condition="no_effect", level_3_above="80.5")
    found.criteria.filter(code="2.3").update(
        steps=[{"label": "Chưa có", "points": "0"}, {"label": "x = y, đủ", "points": "12.5"},
               {"label": "Đầy đủ", "points": "50"}],
        guidance="=1+1", evidence="@Kế hoạch", unit="-", source="verified",
    )  # fmt: skip
    found.criteria.filter(code="1.2").update(level_2_from="20.5", level_3_above=40)
    found.criteria.filter(code="2.2").update(full_at="1234.5")
    return found


def shipped(stem: str) -> IndicatorSet:
    file = next(file for file in SHIPPED if file.stem == stem)
    return set_yaml.save(set_yaml.read_yaml(file.read_text(encoding="utf-8")), by=None)


def download(client, found: IndicatorSet) -> io.BytesIO:
    response = client.get(reverse("reporting:set_xlsx", args=[found.pk]))
    assert response.status_code == 200
    return io.BytesIO(response.content)


@pytest.mark.parametrize("make_set", [lambda: shipped("4725"), lambda: shipped("3276"), stepped])
def test_a_set_comes_back_from_excel_as_it_went(cast, sign_in, make_set):
    found = make_set()
    before = facts(found)
    file = download(sign_in(cast.officer), found)
    loaded = set_yaml.save(set_yaml.read_xlsx(file), by=cast.officer)
    assert loaded.pk != found.pk  # it took the place of the draft
    assert facts(loaded) == before


def upload(client, file: io.BytesIO, name: str = "bo.xlsx"):
    content = SimpleUploadedFile(name, file.getvalue())
    return client.post(url("set_load"), {"file": content}, follow=True)


def edited(file: io.BytesIO, **cells) -> io.BytesIO:
    """The workbook with cells changed: sheet «Tiêu chí» by place, «Bộ chỉ số» as `set_B2`."""
    book = load_workbook(file)
    for place, value in cells.items():
        sheet = "Bộ chỉ số" if place.startswith("set_") else "Tiêu chí"
        book[sheet][place.removeprefix("set_")] = value
    out = io.BytesIO()
    book.save(out)
    return out


def test_an_edited_workbook_is_loaded_as_a_new_version(cast, sign_in):
    found = make.publish(stepped())
    client = sign_in(cast.officer)
    file = edited(download(client, found), set_B2="2", E2="Tên mới của điều kiện")
    response = upload(client, file)
    newer = IndicatorSet.objects.get(code="S1", version="2")
    assert "Đã nhập dự thảo S1 (phiên bản 2)." in said(response)
    assert newer.criteria.get(code="1.1").title == "Tên mới của điều kiện"
    assert newer.is_draft
    assert found.criteria.get(code="1.1").title == "Tiêu chí 1.1"


def test_the_published_version_itself_is_not_replaced(cast, sign_in):
    found = make.publish(stepped())
    client = sign_in(cast.officer)
    assert "đã công bố nên không thể thay" in text(upload(client, download(client, found)))
    assert IndicatorSet.objects.get().state == "published"


def test_numbers_typed_in_a_spreadsheet_are_numbers(cast, sign_in):
    client = sign_in(cast.officer)
    file = edited(download(client, make.small_set("N1")), F4=39.5, F5=20.5, F6=40)
    loaded = set_yaml.save(set_yaml.read_xlsx(file), by=cast.officer)
    assert [str(one.max_points) for one in loaded.tree[2:5]] == ["39.50", "20.50", "40.00"]


FAULTS = [
    ({"F4": "nhiều"}, "Trang «Tiêu chí», dòng 4: «Điểm tối đa» là «nhiều», không phải là số"),
    ({"D4": "khác"}, "Trang «Tiêu chí», dòng 4: «Loại» không nhận «khác», chỉ nhận condition,"),
    ({"C5": "1.2.1"}, "dòng 5: mã tiêu chí «1.2.1» đã có ở trang «tiêu chí», dòng 4."),
    ({"B4": "9.9"}, "dòng 4: tiêu chí cha «9.9» của 1.2.1 không có hoặc không phải loại sum."),
    ({"B4": "1.3"}, "dòng 4: tiêu chí cha «1.3» của 1.2.1 không có hoặc không phải loại sum."),
    ({"A4": "2"}, "dòng 4: tiêu chí cha «1.2» của 1.2.1 thuộc nhóm khác."),
    ({"A4": "7"}, "dòng 4: không có nhóm «7»."),
    ({"I4": "Có; 40"}, "dòng 4: bước chấm «Có» phải viết như «Đầy đủ = 6»."),
    ({"F4": "=20*2"}, "dòng 4: ô F4 chứa công thức."),
    ({"set_E2": "hôm qua"}, "dòng 2: «Ngày ban hành» là «hôm qua», không phải là ngày"),
    ({"set_A3": "X"}, "Trang «Bộ chỉ số» phải có đúng một dòng dưới tiêu đề."),
    ({"C1": "Ký hiệu"}, "Trang «Tiêu chí», dòng 1: thiếu cột «Mã tiêu chí»."),
]


@pytest.mark.parametrize(("cells", "sentence"), FAULTS, ids=[one[1][-40:] for one in FAULTS])
def test_faults_name_sheet_and_row(cast, sign_in, cells, sentence):
    client = sign_in(cast.officer)
    found = make.small_set("F1")
    page = text(upload(client, edited(download(client, found), **cells)))
    assert sentence in page
    assert IndicatorSet.objects.get().pk == found.pk


def test_a_child_above_its_parent_is_refused(cast, sign_in):
    client = sign_in(cast.officer)
    book = load_workbook(download(client, make.small_set("O1")))
    book["Tiêu chí"].move_range("A3:P3", rows=10)  # the sum 1.2 below its children
    out = io.BytesIO()
    book.save(out)
    assert "tiêu chí cha «1.2» phải đứng trước 1.2.1." in text(upload(client, out))


def test_too_many_criteria_are_refused(cast, sign_in):
    client = sign_in(cast.officer)
    book = load_workbook(download(client, make.small_set("M1")))
    for number in range(set_faults.MAX_CRITERIA):
        book["Tiêu chí"].append(["1", "", f"9.{number}", "condition", "Điều kiện"])
    out = io.BytesIO()
    book.save(out)
    assert "có hơn 500 tiêu chí" in text(upload(client, out))


def workbook(**sheets) -> io.BytesIO:
    book, out = Workbook(), io.BytesIO()
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out


def bomb() -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (201 * 1024**2))
    return out


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (lambda: io.BytesIO(b"khong phai excel"), "Tệp không phải là Excel .xlsx."),
        (lambda: io.BytesIO(b"PK\x03\x04 do dang"), "Tệp không phải là Excel .xlsx."),
        (lambda: workbook(Khac=[["a"]]), "Không có trang «Bộ chỉ số»."),
        (lambda: workbook(**{"Bộ chỉ số": [["Mã"]]}), "thiếu cột «Phiên bản», «Tên»."),
        (bomb, "Tệp chứa quá nhiều dữ liệu khi mở ra; không nhận tệp này."),
    ],
)
def test_other_workbooks_get_a_sentence(cast, sign_in, file, sentence):
    assert sentence in text(upload(sign_in(cast.officer), file()))


def test_the_command_reads_excel_too(cast, sign_in, tmp_path):
    found = stepped()
    before = facts(found)
    file = tmp_path / "bo.xlsx"
    file.write_bytes(download(sign_in(cast.officer), found).getvalue())
    call_command("load_indicator_set", str(file))
    assert facts(IndicatorSet.objects.get()) == before
    assert Group.objects.count() == 2


def test_every_reader_may_take_the_excel_but_no_stranger_to_the_portal(cast, sign_in, client):
    found = make.small_set("R1")
    assert download(sign_in(cast.focal), found)
    response = client.get(reverse("reporting:set_xlsx", args=[found.pk]))
    assert response.status_code == 302
