"""A number opens the list it counts, a word means one thing, and what is missing is said."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import calls, extensions, hand_ins, plans, plans_from_above
from plans.boards import units
from plans.exchange import ical
from plans.models import LegalText, RoadMapYear
from reporting.models import Export
from schools.actions import focal_points
from schools.models import DocumentVersion
from tests import clock, make, plan_world
from tests.assessments.browse import text
from tests.home import todos
from tests.plan_world import fresh
from tests.plans.files import built, rows


@pytest.fixture
def plan(cast):
    return plan_world.issued(cast.office, cast.office_head)


def name_focal_point(cast, field: str) -> None:
    facts = {"leader_name": "Lê Hoa", "name": "Trần An", "post": "Giáo viên"}
    focal_points.name_focal_point(cast.school, field, facts, by=cast.focal)


# Lists and numbers


def test_each_number_of_a_task_opens_the_list_it_counts(cast, plan, sign_in):
    mine, sibling = plan_world.row_of(plan, cast.school), plan_world.row_of(plan, cast.sibling)
    for row, who in ((mine, cast.focal), (sibling, cast.sibling_focal)):
        plan_world.hand_in(row, who)
    hand_ins.review(fresh(mine), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    third = plan_world.row_of(plan, cast.preschool)
    extensions.ask_extension(third, phrase=plan_world.in_days(20), reason="Bão", by=make.person(
        cast.preschool, "focal_point"
    ))  # fmt: skip
    client, path = sign_in(cast.specialist), plan.tasks.get().get_absolute_url()
    lists = client.get(path).context["lists"]
    for key, name, count in lists:
        found = client.get(f"{path}?loc={key}").context["page"]
        assert len(found.object_list) == count, name
    assert {key: count for key, _, count in lists} == {
        "phai-nop": 3, "da-nop": 2, "chua-nop": 1, "cho-xem": 1, "tra-lai": 1, "hoan-thanh": 0,
        "tre": 0, "gia-han": 1, "da-rut": 0,
    }  # fmt: skip
    page = text(client.get(path))
    assert "Chờ xem" in page  # what a school has handed in is the issuer's turn
    called = calls.preview(plan.tasks.get(), by=cast.specialist)
    assert {one.assignment.unit for one in called} == {cast.school, cast.preschool}


def test_the_home_page_has_a_line_for_products_and_one_for_more_time(cast, plan, sign_in):
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal)
    row = plan_world.row_of(plan, cast.sibling)
    extensions.ask_extension(
        row, phrase=plan_world.in_days(20), reason="Bão", by=cast.sibling_focal
    )
    task = plan.tasks.get()
    found = [(one.text, one.url) for one in todos(sign_in(cast.specialist))]
    assert found == [
        (f"1 sản phẩm chờ xem: {task}", f"{task.get_absolute_url()}?loc=cho-xem"),
        (f"1 đề nghị gia hạn: {task}", f"{task.get_absolute_url()}?loc=gia-han"),
    ]
    page = sign_in(cast.specialist).get(found[1][1])
    assert [one.unit for one in page.context["page"]] == [cast.sibling]


def test_a_filtered_board_leaves_as_it_is_seen_and_says_so(cast, plan, sign_in):
    client, address = sign_in(cast.specialist), f"/ke-hoach/{plan.pk}/bang/?loai=MN"
    page = client.get(address)
    assert [one["expected"] for one in page.context["totals"]] == [1]
    assert "chỉ các đơn vị đang lọc" in text(page)
    book = built(client, f"/bao-cao/ke-hoach/{plan.pk}/plan-board/", loai="MN")
    found = rows(book["Bảng theo dõi"])
    assert [row[2] for row in found if row[2] and "-" in str(row[2])] == [cast.preschool.code]
    assert any("Chỉ gồm các đơn vị: Mầm non" in str(row[0]) for row in found)
    export = Export.objects.get()
    assert f"{export.file_name} · " in text(client.get(export.get_absolute_url()))
    assert "1 đơn vị" in text(client.get(export.get_absolute_url()))


def test_what_a_board_does_not_understand_narrows_nothing():
    assert units.BoardFilter.of({"loai": "XX", "loc": "khac", "tim": " "}) == units.EVERYTHING
    assert units.BoardFilter.of({"loc": "tre"}).words == "có việc trễ, quá hạn"


# Words


def test_a_returned_product_is_one_thing_everywhere(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, days=-5)
    row = plan_world.row_of(plan, cast.school)
    plan_world.hand_in(row, cast.focal, explanation="Bão")
    hand_ins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    client = sign_in(cast.focal)
    (todo,) = todos(client)
    assert todo.text.startswith("Nộp lại: ")
    assert (todo.due_at, todo.notice) == (None, f"{cast.office} trả lại, cần nộp lại ngay")
    assert "quá hạn" not in text(client.get("/")).lower()
    page = text(client.get(row.get_absolute_url()))
    assert "Bị trả lại, cần nộp lại ngay" in page
    assert "Lần đầu: Trễ 5 ngày" in page


def test_after_more_time_the_new_day_stands_first(cast, plan, sign_in):
    row = plan_world.row_of(plan, cast.school)
    asked = extensions.ask_extension(
        row, phrase=plan_world.in_days(20), reason="Bão", by=cast.focal
    )
    extensions.answer_extension(asked, is_granted=True, answer="", by=cast.specialist)
    until = timezone.localdate() + timedelta(days=20)
    page = text(sign_in(cast.focal).get(row.get_absolute_url()))
    assert f"Gia hạn đến 23:59:59 {until:%d/%m/%Y}" in page
    assert page.index("Gia hạn đến 23:59:59") < page.index("Hạn ban đầu: 23:59:59")


def test_no_school_gets_more_time_than_its_office_has(cast):
    above = plan_world.issued(
        cast.department, cast.department_head, days=20, audience={"kinds": ["office"]}
    )
    own = plans_from_above.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)
    own.number, own.issued_on, own.signer_name = "8", timezone.localdate(), "Cao Văn Rôi"
    plans.save_plan(own, by=cast.specialist)
    plans.issue_plan(own, by=cast.office_head)
    row = plan_world.row_of(own, cast.school)
    asked = extensions.ask_extension(
        row, phrase=plan_world.in_days(21), reason="Bão", by=cast.focal
    )
    with pytest.raises(StepRefused, match="hãy xin cấp trên gia hạn trước"):
        extensions.answer_extension(asked, is_granted=True, answer="", by=cast.specialist)
    assert fresh(row).due_at == row.due_at
    extensions.answer_extension(
        asked, is_granted=False, answer="Quá hạn của Sở", by=cast.specialist
    )


# Focal points


def test_a_list_of_focal_points_must_name_every_field_the_task_names(cast, sign_in):
    plan = plan_world.issued(
        cast.office, cast.office_head, product="focal_points", focal_fields=["cntt", "thongke"]
    )
    row = plan_world.row_of(plan, cast.school)
    name_focal_point(cast, "cntt")
    client = sign_in(cast.focal)
    page = text(client.get(row.get_absolute_url()))
    assert "Danh sách đầu mối (Công nghệ thông tin, Thống kê giáo dục)" in page
    page = text(client.post(f"{row.get_absolute_url()}nop/", {"note": ""}, follow=True))
    assert "Chưa có đầu mối: Thống kê giáo dục; hãy ghi ở trang đơn vị rồi nộp." in page
    assert fresh(row).handed_in_at is None
    name_focal_point(cast, "thongke")
    page = text(client.post(f"{row.get_absolute_url()}nop/", {"note": ""}, follow=True))
    assert "Thống kê giáo dục: Lê Hoa phụ trách, Trần An (Giáo viên) làm đầu mối" in page


def test_fields_are_asked_for_only_of_a_list_of_focal_points(cast):
    draft = plan_world.plan(cast.office, cast.specialist)
    task = plan_world.task(draft)
    task.focal_fields = ["cntt"]
    with pytest.raises(ValidationError, match="Chỉ ghi khi sản phẩm là danh sách đầu mối"):
        plans.save_task(task, by=cast.specialist)
    task.product, task.focal_fields = "focal_points", ["toan"]
    with pytest.raises(ValidationError, match="Lĩnh vực chỉ gồm cds, cntt, thongke"):
        plans.save_task(task, by=cast.specialist)


# Days of signing


def test_nothing_is_signed_in_the_future(cast, plan, sign_in):
    client, address = sign_in(cast.office_head), f"/ke-hoach/{plan.pk}/sua-doi/"
    task = plan.tasks.get()
    sent = {
        "document_number": "16/KH", "reason": "Bão", f"phrase-{task.pk}": plan_world.in_days(30),
        "signed_on": f"{timezone.localdate() + timedelta(days=1):%d/%m/%Y}",
    }  # fmt: skip
    assert "Ngày ký ở tương lai" in text(client.post(address, sent))
    sent["signed_on"] = f"{plan.issued_on - timedelta(days=1):%d/%m/%Y}"
    assert "Ngày ký không được trước ngày ký của lần trước" in text(client.post(address, sent))
    assert plan.editions.count() == 1
    sent["signed_on"] = f"{timezone.localdate():%d/%m/%Y}"
    client.post(address, sent)
    assert plan.editions.count() == 2
    later = timezone.localdate() + timedelta(days=1)
    draft = plan_world.plan(cast.office, cast.specialist, issued_on=later)
    plan_world.task(draft)
    with pytest.raises(StepRefused, match="ở tương lai"):
        plans.issue_plan(draft, by=cast.office_head)


# Road map


def test_a_year_that_is_done_says_on_what_it_rests(cast, sign_in):
    draft = plan_world.plan(cast.office, cast.specialist, period=clock.long_period())
    plan_world.task(draft, "1", years=[clock.year(), clock.year(1)])
    plans.issue_plan(draft, by=cast.office_head)
    row = RoadMapYear.objects.get(task__plan=draft, year=clock.year())
    client = sign_in(cast.specialist)

    def write(**fields) -> str:
        return text(client.post(f"/ke-hoach/lo-trinh/{row.pk}/", fields, follow=True))

    assert "phải ghi căn cứ" in write(state="done", note="")
    row.refresh_from_db()
    assert row.state == "planned"
    page = write(state="done", note="Báo cáo số 58/BC-PGDĐT")
    assert "Báo cáo số 58/BC-PGDĐT" in page
    assert "0 / 3" in page  # beside it: how many have handed in


# The calendar's address


def test_the_calendars_address_is_said_to_be_shown_once(cast, sign_in):
    client = sign_in(cast.focal)
    assert "Tạo địa chỉ lịch" in text(client.get("/tai-khoan/"))
    page = text(client.post("/lich/dia-chi/", {}, follow=True))
    assert "Chỉ hiện một lần này" in page
    assert "Tạo địa chỉ mới" in page
    ical.revoke(cast.focal)
    assert "Tạo địa chỉ lịch" in text(client.get("/tai-khoan/"))


# Legal texts


def test_the_full_text_is_attached_once_and_read_by_all(cast, sign_in):
    row = LegalText.objects.create(
        number="1/TT", issued_on="2025-01-01", issuer="Bộ GDĐT", summary="Thử"
    )
    client, address = sign_in(cast.officer), row.get_absolute_url()
    bad = SimpleUploadedFile("Toàn văn.exe", b"MZ")
    assert client.post(address, {"file": bad}).status_code == 422
    page = text(client.post(address, {"file": plan_world.pdf_file("Toàn văn.pdf")}, follow=True))
    assert "Toàn văn.pdf" in page
    assert DocumentVersion.objects.get().document.unit == cast.department
    for who in (cast.focal, cast.stranger, cast.specialist):
        answer = sign_in(who).get(f"{address}toan-van/")
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert sign_in(who).post(address, {"file": plan_world.pdf_file()}).status_code == 403


# The ladder


def test_a_ladder_is_typed_as_days(cast, sign_in):
    client = sign_in(cast.officer)
    sent = {
        "department": cast.department.pk, "kind": "product", "days_before": "14, 7 , 1",
        "days_after": "một, 3", "office_after": "3", "department_after": "7",
    }  # fmt: skip
    page = text(client.post("/quan-tri/plans/reminderrule/add/", sent))
    assert "«một» không phải là số ngày; ghi như 14, 7, 3, 1, 0." in page
    assert 'value="14, 7 , 1"' in page
    client.post("/quan-tri/plans/reminderrule/add/", sent | {"days_after": "[1, 3]"})
    (rule,) = cast.department.reminder_rules.all()
    assert (rule.days_before, rule.days_after) == ([14, 7, 1], [1, 3])
