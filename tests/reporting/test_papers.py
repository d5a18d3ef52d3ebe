"""Letters, plans, decisions and lists of proofs as documents; the sheets with charts."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone
from pypdf import PdfReader

from assessments.actions import evidence
from plans.actions import assignments, plans
from plans.models import Plan
from reporting import tasks
from reporting.files import call_letter, evidence_paper, plan_paper
from reporting.models import Export
from reporting.tasks import run_export
from schools.actions import focal_points
from tests import figure_world, make, plan_world
from tests.assessments.browse import text

pytestmark = pytest.mark.django_db


def words(paper) -> str:
    blocks = [*paper.blocks, *(one for part in paper.appendices for one in part.blocks)]
    return " ".join(str(one) for one in blocks)


@pytest.fixture
def late(cast):
    """A task of the department: one school has handed in, two are late, one has more time."""
    plan = plan_world.issued(cast.department, cast.department_head, "II.1", days=-3)
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal, explanation="Mất điện")
    row = plan_world.row_of(plan, cast.preschool)
    row.due_at = timezone.now() + timedelta(days=5)
    row.save(update_fields=["due_at"])
    return plan.tasks.get()


# Công văn đôn đốc


def test_the_letter_names_the_late_units_of_the_own_part_of_the_tree(cast, late):
    paper = call_letter.paper(late, cast.office, until="trước ngày 25/10/2026", number="7")
    assert paper.to == (cast.sibling.name,)
    assert paper.number.startswith("07/")
    assert "còn 1 / 3 đơn vị quá hạn chưa nộp" in words(paper)
    assert "nộp trên cổng trước ngày 25/10/2026" in words(paper)
    assert "'3 ngày'" in words(paper)
    whole = call_letter.paper(late, cast.department, until="ngay")
    assert len(whole.to) == 3
    assert cast.preschool.name not in words(whole)


def test_of_many_units_the_list_says_who(cast, late):
    for n in range(6):
        school = make.school(cast.office, code=f"0101-3{n}")
        late.assignments.create(
            unit=school, unit_path=school.path, due_at=late.due_at, original_due_at=late.due_at
        )
    paper = call_letter.paper(late, cast.office, until="ngay")
    assert paper.to == ("Các đơn vị có tên trong danh sách kèm theo",)
    assert len(paper.appendices[0].blocks[0].rows) == 7


def test_the_page_shows_whom_it_goes_to_and_makes_the_word_file(cast, late, sign_in):
    client, url = sign_in(cast.specialist), f"/bao-cao/nhiem-vu/{late.pk}/cong-van/"
    page = text(client.get(url))
    assert "1 đơn vị quá hạn chưa nộp" in page
    wrong = client.post(url, {"until": "ngay", "format": "docx", "authority": "KT.", "number": "x"})
    assert wrong.status_code == 422
    assert "Số văn bản chỉ gồm chữ số" in text(wrong)
    assert "Ký thay thì ghi chức vụ của người ký." in text(wrong)
    answer = client.post(
        url, {"until": "ngay", "format": "docx", "signed_on": f"{timezone.localdate():%d/%m/%Y}"}
    )
    export = Export.objects.get()
    assert answer.url == export.get_absolute_url()
    assert tasks.run_export(export.pk) == "done", export.fault
    assert sign_in(cast.focal).get(answer.url).status_code == 404


def test_nobody_late_is_said(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, days=7)
    url = f"/bao-cao/nhiem-vu/{plan.tasks.get().pk}/cong-van/"
    client = sign_in(cast.specialist)
    assert "Không có đơn vị nào quá hạn chưa nộp" in text(client.get(url))
    client.post(url, {"until": "ngay", "format": "docx"})
    assert not Export.objects.exists()


def test_who_handed_in_in_time_and_was_given_back_is_not_late(cast):
    plan = plan_world.issued(cast.office, cast.office_head, "II.1", days=-1)
    row = plan_world.row_of(plan, cast.school)
    assignments.move(row, "hand_in", by=cast.focal, at=row.due_at - timedelta(days=1))
    assignments.move(row, "give_back", by=cast.specialist, reason="Thiếu")
    late = [one.unit for one in call_letter.late_units(plan.tasks.get(), cast.office)]
    assert cast.sibling in late
    assert cast.school not in late


def test_a_letter_for_nobody_is_no_file(cast):
    plan = plan_world.issued(cast.office, cast.office_head, "II.1", days=7)
    export = Export.objects.create(
        report="call-letter", format="docx", unit=cast.office, title="Công văn",
        requested_by=cast.specialist,
        filters={"task": plan.tasks.get().pk, "until": "ngay", "signed_on": ""},
    )  # fmt: skip
    assert run_export(export.pk) == "failed"
    export.refresh_from_db()
    assert "không còn đơn vị nào quá hạn" in export.fault


# Kế hoạch


@pytest.mark.at("2026-11-20")
def test_a_plan_leaves_in_the_form_it_is_signed_in(cast):
    found = plan_world.plan(
        cast.office, cast.specialist, number="15", purpose="Nâng cao nhận thức."
    )
    plan_world.task(found, "II.1", phrase="Trước ngày 20/01/2027", content="- Nộp đủ hồ sơ.")
    plan_world.target(found, goal=80)
    draft = plan_paper.paper(found)
    assert draft.notice == "Dự thảo, chưa ban hành"
    plans.issue(found, by=cast.office_head)
    paper = plan_paper.paper(Plan.objects.get(pk=found.pk))
    assert (paper.kind, paper.number, paper.notice) == ("Kế hoạch", "15/KH-PGDĐT", "")
    assert paper.signature.name == "Cao Văn Rôi"
    assert "Thời hạn: Trước ngày 20/01/2027; thực hiện: các trường; sản phẩm: Báo cáo" in words(
        paper
    )
    assert "≥ 80%" in words(paper)
    assert "Nâng cao nhận thức." in words(paper)


def test_guidance_leaves_as_a_letter(cast):
    found = plan_world.plan(cast.office, cast.specialist, kind="CV", symbol="PGDĐT")
    plan_world.task(found)
    paper = plan_paper.paper(found)
    assert (paper.form, paper.kind) == ("letter", "")
    assert paper.to


def test_every_reader_takes_the_plan_as_word(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head)
    page = sign_in(cast.focal).post(f"/bao-cao/ke-hoach/{plan.pk}/van-ban/", {"format": "docx"})
    assert tasks.run_export(Export.objects.get().pk) == "done"
    file = sign_in(cast.focal).get(f"{page.url}tai/")
    assert b"".join(file.streaming_content).startswith(b"PK")
    assert sign_in(cast.specialist).get(page.url).status_code == 200  # it stands above


# Danh mục minh chứng


def test_the_list_of_proofs_by_criterion_hides_restricted_titles(cast, file_):
    make.answer(file_, "1.1", cast.focal, met=True)
    for title, hidden in (("Kế hoạch số 5", False), ("Danh sách học sinh", True)):
        version = make.document(cast.school, cast.focal)
        version.document.title, version.document.is_restricted = title, hidden
        version.document.save(update_fields=["title", "is_restricted"])
        criterion = file_.indicator_set.criteria.get(code="1.1")
        evidence.add(file_, criterion, version, by=cast.focal)
    paper = evidence_paper.paper(file_)
    assert "lập danh mục 2 minh chứng" in words(paper)
    assert "'1.1', 'Kế hoạch số 5'" in words(paper)
    assert "'1.1', 'Tài liệu hạn chế', '', '', ''" in words(paper)
    assert "Danh sách học sinh" not in words(paper)


# The consolidated workbook


@pytest.fixture
def book(cast, sign_in):
    """Its sheets, with a target that one office reaches and the other does not."""
    plan = plan_world.plan(cast.department, cast.department_head)
    plan_world.task(plan)
    plan_world.target(plan, goal=60, item="chu-ky-so")
    plans.issue(plan, by=cast.department_head)
    request = figure_world.ask(cast)
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 9, 10))
    figure_world.hand_in(
        request, cast.stranger_school, cast.stranger, figure_world.numbers(50, 2, 10)
    )

    def build(person, **post):
        sign_in(person).post(f"/bao-cao/so-lieu/{request.pk}/xuat/", post)
        export = Export.objects.order_by("pk").last()
        assert tasks.run_export(export.pk) == "done", export.fault
        export.refresh_from_db()
        with export.file.open("rb") as file:
            return openpyxl.load_workbook(io.BytesIO(file.read()))

    return build


def rows_of(sheet) -> list[tuple]:
    return [tuple(row) for row in sheet.iter_rows(values_only=True)]


def test_targets_are_reached_or_not_for_the_whole_and_each_office(cast, book):
    rows = rows_of(book(cast.officer)["Chỉ tiêu"])
    head = next(row for row in rows if row[0] == "Chỉ tiêu")
    (row,) = [row for row in rows if row[0] == "1 Giáo viên có chữ ký số"]
    assert row[2:6] == ("≥ 60 %", 55, "2/5", "Chưa đạt")
    assert head[6:10] == ("Đạt được", "Kết quả", "Đạt được", "Kết quả")
    assert row[6:10] == (90, "Đạt", 20, "Chưa đạt")


def test_offices_may_be_the_rows(cast, book):
    sheet = book(cast.officer, across="offices")["Tổng hợp"]
    rows = {row[0]: row for row in rows_of(sheet)}
    assert rows[cast.office.name][1:5] == (3, 1, 100, "1/3")
    assert rows[cast.neighbour.name][1:5] == (1, 1, 50, "1/1")
    assert rows["Tổng cộng"][1:5] == (5, 2, 150, "2/5")


def test_the_charts_stand_beside_their_numbers(cast, book):
    found = book(cast.officer)
    for name in ("Tiến độ nộp", "Chỉ tiêu"):
        assert len(found[name]._charts) == 1, name
    rows = {row[0]: row for row in rows_of(found["Tiến độ nộp"])}
    assert rows[str(cast.office)][1:5] == (3, 1, 0, 2)
    assert rows["Tổng cộng"][1:5] == (5, 2, 0, 3)


# Quyết định phân công đầu mối


def test_the_decision_names_who_is_in_office(cast, sign_in):
    facts = {"leader_name": "Lê Thị Hoa", "leader_post": "Phó Hiệu trưởng", "name": "Trần An"}
    focal_points.name(cast.school, "cntt", facts, by=cast.focal)
    focal_points.name(cast.school, "cntt", facts | {"name": "Đỗ Bình"}, by=cast.focal)
    client = sign_in(cast.head)
    answer = client.get(f"/bao-cao/dau-moi/{cast.school.pk}/quyet-dinh.pdf")
    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert "QUYẾT ĐỊNH" in said
    assert "Đỗ Bình" in said
    assert "Trần An" not in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    page = text(client.get(f"/don-vi/{cast.school.pk}/dau-moi/"))
    assert "Trần An" in page  # the register keeps the days of the one before
    assert sign_in(cast.stranger).get(
        f"/bao-cao/dau-moi/{cast.school.pk}/quyet-dinh.pdf"
    ).status_code == 404  # fmt: skip
