"""Forms as data: the three that ship, rubbish with its line, published for ever, asked once."""

import io
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from edudx.lib.line_yaml import FileRefused
from edudx.lib.workflow import StepRefused
from reporting.actions import data_forms, exports
from reporting.documents import excel
from reporting.exchange import form_excel, form_yaml
from reporting.models import DataField, DataForm, DataItem
from reporting.models.export_filters import PlanFilters
from schools.permissions import Permission
from tests import figure_world, make
from tests.assessments.browse import text
from tests.plan_world import in_days


def load(old: str, new: str) -> form_yaml.Loaded:
    assert old in figure_world.FORM
    return form_yaml.save(form_yaml.read(figure_world.FORM.replace(old, new)), by=None)


def test_the_three_shipped_forms_load_and_share_their_figures(db, capsys):
    call_command("load_form")
    assert capsys.readouterr().err == ""
    forms = {one.code: one for one in DataForm.objects.all()}
    assert set(forms) == {"dau-nam", "so-ket-hk1", "tong-ket"}
    asked = {code: {one.item.code for one in form.lines} for code, form in forms.items()}
    assert "hoc-ba-so" in asked["dau-nam"] & asked["so-ket-hk1"] & asked["tong-ket"]
    assert len(asked["dau-nam"]) == 34
    call_command("load_form")  # once more: the drafts are replaced, the catalogue is the same
    assert DataForm.objects.count() == 3


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kind: integer, measure: học sinh", "kind: chữ", "Dòng 7: "),
        ("change_limit: 20", "change_limit: nhiều", "«nhiều»; ghi số nguyên từ 1 đến 1000."),
        ("types: [TH, TH_THCS]", "types: [ABC]", "«types» không nhận «ABC», chỉ nhận MN,"),
        ("part: Có chữ ký số, ", "", "Tỉ lệ phải nói rõ hai số."),
        ("choices: [VNPT, Viettel]", "choices: [VNPT]", "Ghi ít nhất hai lựa chọn."),
        ("rows: [Để bàn, Xách tay], ", "", "Bảng phải có dòng và cột."),
        ("item: hs-nu", "item: Hs Nữ", "Mã chỉ gồm chữ thường không dấu"),
        ("[hs-nu, hs-tong]", "[hs-nu, khong-co]", "quy tắc nói đến «khong-co»"),
        ("says: Học sinh nữ không được nhiều hơn tổng số.", "effect: block", "thiếu «says»"),
        ("source: Kế hoạch thử", "nguon: x", "không hiểu khóa «nguon»"),
        ("item: hs-nu", "item: hs-tong", "đã có trong danh mục với"),
    ],
)
def test_every_fault_is_said_with_its_line_and_nothing_is_kept(db, old, new, sentence):
    with pytest.raises(FileRefused) as refusal:
        load(old, new)
    assert sentence in str(refusal.value)
    assert "Dòng " in str(refusal.value)
    assert not DataForm.objects.exists()
    assert not DataItem.objects.exists()


@pytest.mark.parametrize("rubbish", ["", "[]", "form: x", "a: b: c", "form: {code: x}", "\0"])
def test_rubbish_is_no_form(db, rubbish):
    with pytest.raises(FileRefused):
        form_yaml.save(form_yaml.read(rubbish), by=None)


def test_a_published_form_never_changes_and_its_next_version_retires_it(cast):
    first = figure_world.form(cast.officer)
    for change in ({"title": "Khác"}, {"state": "draft"}):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            DataForm.objects.filter(pk=first.pk).update(**change)


def test_what_belongs_to_a_published_form_is_frozen(cast):
    first = figure_world.form(cast.officer)
    with pytest.raises(FileRefused, match="đã ban hành nên không thể thay"):
        load("Số liệu thử", "Số liệu khác")
    with pytest.raises(ValidationError, match="Không được xóa"), transaction.atomic():
        first.delete()
    second = load("code: thu,", "code: thu, version: 2,").form
    data_forms.publish(second, by=cast.officer)
    assert DataForm.objects.get(pk=first.pk).state == "retired"
    with pytest.raises(StepRefused, match="chưa ban hành hoặc đã hết hiệu lực"):
        figure_world.ask(cast, DataForm.objects.get(pk=first.pk))
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        DataField.objects.filter(form=second).update(is_required=False)


def test_a_figure_under_another_code_is_warned_of_with_its_place(cast):
    figure_world.form(cast.officer)
    text_ = figure_world.FORM.replace("code: thu", "code: khac").replace(
        "item: hs-tong", "item: hs-2"
    )
    text_ = text_.replace("hs-tong", "hs-2").replace("item: hs-2-2", "item: hs-2")
    (warning,) = form_yaml.save(form_yaml.read(text_), by=None).warnings
    assert (
        "«Tổng số học sinh» đã được hỏi với mã «hs-tong» ở «Số liệu thử (phiên bản 1)»" in warning
    )


def test_an_officer_loads_and_publishes_on_the_page(cast, sign_in):
    client, address = sign_in(cast.officer), "/bao-cao/so-lieu/bieu-mau/"

    def send(content: str, name: str = "mau.yaml"):
        file = SimpleUploadedFile(name, content.encode())
        return client.post(address, {"file": file}, follow=True)

    assert "Dòng 7" in text(
        send(figure_world.FORM.replace("kind: integer, measure", "kind: x, measure"))
    )
    assert "Chỉ nhận tệp .yaml, .yml hoặc .xlsx." in text(send("x", "mau.exe"))
    page = text(send(figure_world.FORM))
    assert "Đã nhập «Số liệu thử (phiên bản 1)» làm dự thảo." in page
    form = DataForm.objects.get()
    client.post(f"{form.get_absolute_url()}ban-hanh/")
    form.refresh_from_db()
    assert form.state == "published"
    for who in (cast.focal, cast.specialist, cast.office_head):
        file = SimpleUploadedFile("mau.yaml", figure_world.FORM.encode())
        assert sign_in(who).post(address, {"file": file}).status_code == 403


def test_a_request_is_made_in_a_minute_from_an_old_one(cast, sign_in):
    old = figure_world.ask(cast)
    client = sign_in(cast.officer)
    page = text(client.get(f"/bao-cao/so-lieu/yeu-cau/?tu={old.pk}"))
    assert 'value="Số liệu đầu năm"' in page
    sent = {
        "form": old.form.pk, "title": "Rà soát máy tính", "period": old.period, "who": "schools",
        "number": "125/SGDĐT", "is_on_demand": "on", "school_phrase": "chưa biết",
    }  # fmt: skip
    address = "/bao-cao/so-lieu/yeu-cau/"
    answer = client.post(address, sent)
    assert "chưa biết" in text(answer)
    assert cast.department.data_requests.count() == 1
    page = text(client.post(address, sent | {"school_phrase": in_days(3)}, follow=True))
    assert "Đột xuất" in page
    assert cast.department.data_requests.count() == 2
    assert sign_in(cast.focal).get(address).status_code == 403


def test_a_file_that_is_not_there_is_a_sentence(db):
    with pytest.raises(CommandError, match=r"khong-co\.yaml"):
        call_command("load_form", str(Path("khong-co.yaml")))


# Excel


def sent_back(client, change=None):
    """The Excel of the form, changed, loaded again."""
    form = DataForm.objects.order_by("pk").last()
    answer = client.get(f"/bao-cao/so-lieu/bieu-mau/{form.pk}.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    book["Biểu mẫu"]["B2"] = "2"
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    file = SimpleUploadedFile("mau.xlsx", target.getvalue())
    return client.post("/bao-cao/so-lieu/bieu-mau/", {"file": file}, follow=True)


def test_a_form_goes_out_as_excel_and_comes_back_the_same(cast, sign_in):
    first = figure_world.form(cast.officer)
    page = text(sent_back(sign_in(cast.officer)))
    assert "Đã nhập «Số liệu thử (phiên bản 2)» làm dự thảo." in page
    second = DataForm.objects.get(version=2)
    assert second.rules == first.rules
    facts = ("item", "section", "position", "is_required", "types", "change_limit", "is_compared")
    assert list(second.fields.values_list(*facts)) == list(first.fields.values_list(*facts))


def test_a_fault_in_the_excel_is_said_with_sheet_and_row(cast, sign_in):
    figure_world.form(cast.officer)

    def spoil(book) -> None:
        book["Số liệu"]["C3"], book["Số liệu"]["E3"] = "moi", "Số gì đó"
        book["Quy tắc"]["B2"] = "hs-nu; khong-co"

    page = text(sent_back(sign_in(cast.officer), spoil))
    assert "Trang «Số liệu», dòng 3: " in page
    assert "Trang «Quy tắc», dòng 2: quy tắc nói đến «khong-co»" in page
    assert DataForm.objects.count() == 1


def test_the_files_that_left_are_one_click_away_and_a_school_sees_its_own_alone(cast, sign_in):
    for who in (cast.officer, cast.specialist, cast.focal):
        for address in ("/bao-cao/so-lieu/", "/bao-cao/so-lieu/bieu-mau/"):
            assert 'href="/bao-cao/"' in text(sign_in(who).get(address))
    for who in (cast.focal, cast.head):
        exports.request(
            PlanFilters(1), unit=cast.school, format="docx", title=f"Của {who.email}", by=who,
            needs=Permission.PLAN_VIEW,
        )  # fmt: skip
    page = text(sign_in(cast.focal).get("/bao-cao/"))
    assert f"Của {cast.focal.email}" in page
    assert f"Của {cast.head.email}" not in page
    assert "Báo cáo tổng hợp theo đợt" not in page


# Whose form, which version


def test_no_department_retires_or_replaces_the_forms_of_another(cast):
    national = figure_world.form(cast.officer)
    other = make.department(code="02")
    officer = make.person(other, "department_officer")
    text_ = figure_world.FORM.replace("code: thu,", "code: thu, version: 9,")
    theirs = form_yaml.save(form_yaml.read(text_), by=officer, owner=other).form
    data_forms.publish(theirs, by=officer)
    assert DataForm.objects.get(pk=national.pk).state == "published"
    draft = figure_world.FORM.replace("code: thu,", "code: thu, version: 5,")
    form_yaml.save(form_yaml.read(draft), by=None)
    with pytest.raises(FileRefused, match="do đơn vị khác quản lý"):
        form_yaml.save(form_yaml.read(draft), by=officer, owner=other)


def test_an_older_version_is_not_published_after_a_newer_one(cast):
    old = form_yaml.save(form_yaml.read(figure_world.FORM), by=None).form
    figure_world.form(
        cast.officer, figure_world.FORM.replace("code: thu,", "code: thu, version: 2,")
    )
    with pytest.raises(StepRefused, match="Đã ban hành phiên bản mới hơn"):
        data_forms.publish(old, by=cast.officer)


def test_a_slip_in_a_draft_is_mended_by_loading_it_again(db):
    form_yaml.save(
        form_yaml.read(figure_world.FORM.replace("Tổng số học sinh", "Tổng sô HS")), by=None
    )
    form_yaml.save(form_yaml.read(figure_world.FORM), by=None)
    assert DataItem.objects.get(code="hs-tong").title == "Tổng số học sinh"


def test_a_rule_compares_numbers_alone(db):
    wrong = figure_world.FORM.replace("[hs-nu, hs-tong]", "[y-kien, hs-tong]")
    with pytest.raises(FileRefused, match="«y-kien» không phải là một số"):
        form_yaml.save(form_yaml.read(wrong), by=None)


def test_a_part_with_two_names_in_one_workbook_is_refused(cast, tmp_path):
    """The first name would win in silence."""
    found = figure_world.form(cast.officer)
    excel.write(form_excel.tables(found), tmp_path / "a.xlsx", title="x", author="x")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    book["Số liệu"]["B3"] = "Tên khác"
    book.save(tmp_path / "a.xlsx")
    with (tmp_path / "a.xlsx").open("rb") as file, pytest.raises(FileRefused) as refusal:
        form_excel.read(file)
    assert refusal.value.faults == [
        "Trang «Số liệu», dòng 3: mục «I» có hai tên: «Quy mô» ở trên và «Tên khác»."
    ]
