"""A number opens the list it counts, a word means one thing, and what is missing is said."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans import boards, calling, cascade, feed, handins, planning
from plans.models import Assignment, LegalText, RoadMapYear
from reporting.models import Export
from schools import actions as people
from schools.models import DocumentVersion
from tests import factories as make
from tests import plan_world as plans
from tests.assessments.browse import text
from tests.plans.test_boards_and_files import built, rows
from tests.test_home import todos


@pytest.fixture
def plan(cast):
    return plans.issued(cast.office, cast.office_head)


def fresh(row) -> Assignment:
    return Assignment.objects.select_related("task__plan", "task__issuer", "unit").get(pk=row.pk)


def name_focal_point(cast, field: str) -> None:
    facts = {"leader_name": "Lê Hoa", "name": "Trần An", "post": "Giáo viên"}
    people.name_focal_point(cast.school, field, facts, by=cast.focal)


# Lists and numbers


def test_each_number_of_a_task_opens_the_list_it_counts(cast, plan, sign_in):
    mine, sibling = plans.row_of(plan, cast.school), plans.row_of(plan, cast.sibling)
    for row, who in ((mine, cast.focal), (sibling, cast.sibling_focal)):
        plans.hand_in(row, who)
    handins.review(fresh(mine), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    third = plans.row_of(plan, cast.preschool)
    handins.ask_extension(third, phrase=plans.in_days(20), reason="Bão", by=make.person(
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
    called = calling.preview(plan.tasks.get(), by=cast.specialist)
    assert {one.assignment.unit for one in called} == {cast.school, cast.preschool}


def test_the_home_page_has_a_line_for_products_and_one_for_more_time(cast, plan, sign_in):
    plans.hand_in(plans.row_of(plan, cast.school), cast.focal)
    row = plans.row_of(plan, cast.sibling)
    handins.ask_extension(row, phrase=plans.in_days(20), reason="Bão", by=cast.sibling_focal)
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
    assert boards.BoardFilter.of({"loai": "XX", "loc": "khac", "tim": " "}) == boards.EVERYTHING
    assert boards.BoardFilter.of({"loc": "tre"}).words == "có việc trễ, quá hạn"


# Words


def test_a_returned_product_is_one_thing_everywhere(cast, sign_in):
    plan = plans.issued(cast.office, cast.office_head, days=-5)
    row = plans.row_of(plan, cast.school)
    plans.hand_in(row, cast.focal, explanation="Bão")
    handins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    client = sign_in(cast.focal)
    (todo,) = todos(client)
    assert todo.text.startswith("Nộp lại: ")
    assert (todo.due_at, todo.notice) == (None, f"{cast.office} trả lại, cần nộp lại ngay")
    assert "quá hạn" not in text(client.get("/")).lower()
    page = text(client.get(row.get_absolute_url()))
    assert "Bị trả lại, cần nộp lại ngay" in page
    assert "Lần đầu: Trễ 5 ngày" in page


def test_after_more_time_the_new_day_stands_first(cast, plan, sign_in):
    row = plans.row_of(plan, cast.school)
    asked = handins.ask_extension(row, phrase=plans.in_days(20), reason="Bão", by=cast.focal)
    handins.answer_extension(asked, is_granted=True, answer="", by=cast.specialist)
    until = timezone.localdate() + timedelta(days=20)
    page = text(sign_in(cast.focal).get(row.get_absolute_url()))
    assert f"Gia hạn đến 23:59:59 {until:%d/%m/%Y}" in page
    assert page.index("Gia hạn đến 23:59:59") < page.index("Hạn ban đầu: 23:59:59")


def test_no_school_gets_more_time_than_its_office_has(cast):
    above = plans.issued(
        cast.department, cast.department_head, days=20, audience={"kinds": ["office"]}
    )
    own = cascade.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)
    own.number, own.issued_on, own.signer_name = "8", timezone.localdate(), "Cao Văn Rôi"
    planning.save_plan(own, by=cast.specialist)
    planning.issue_plan(own, by=cast.office_head)
    row = plans.row_of(own, cast.school)
    asked = handins.ask_extension(row, phrase=plans.in_days(21), reason="Bão", by=cast.focal)
    with pytest.raises(StepRefused, match="hãy xin cấp trên gia hạn trước"):
        handins.answer_extension(asked, is_granted=True, answer="", by=cast.specialist)
    assert fresh(row).due_at == row.due_at
    handins.answer_extension(asked, is_granted=False, answer="Quá hạn của Sở", by=cast.specialist)


# Focal points


def test_a_list_of_focal_points_must_name_every_field_the_task_names(cast, sign_in):
    plan = plans.issued(
        cast.office, cast.office_head, product="focal_points", focal_fields=["cntt", "thongke"]
    )
    row = plans.row_of(plan, cast.school)
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
    draft = plans.plan(cast.office, cast.specialist)
    task = plans.task(draft)
    task.focal_fields = ["cntt"]
    with pytest.raises(ValidationError, match="Chỉ ghi khi sản phẩm là danh sách đầu mối"):
        planning.save_task(task, by=cast.specialist)
    task.product, task.focal_fields = "focal_points", ["toan"]
    with pytest.raises(ValidationError, match="Lĩnh vực chỉ gồm cds, cntt, thongke"):
        planning.save_task(task, by=cast.specialist)


# Days of signing


def test_nothing_is_signed_in_the_future(cast, plan, sign_in):
    client, address = sign_in(cast.office_head), f"/ke-hoach/{plan.pk}/sua-doi/"
    task = plan.tasks.get()
    sent = {
        "document_number": "16/KH", "reason": "Bão", f"phrase-{task.pk}": plans.in_days(30),
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
    draft = plans.plan(cast.office, cast.specialist, issued_on=later)
    plans.task(draft)
    with pytest.raises(StepRefused, match="ở tương lai"):
        planning.issue_plan(draft, by=cast.office_head)


# Road map


def test_a_year_that_is_done_says_on_what_it_rests(cast, sign_in):
    draft = plans.plan(cast.office, cast.specialist, period="2025-2030")
    plans.task(draft, "1", years=[2026, 2027])
    planning.issue_plan(draft, by=cast.office_head)
    row = RoadMapYear.objects.get(task__plan=draft, year=2026)
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
    feed.revoke(cast.focal)
    assert "Tạo địa chỉ lịch" in text(client.get("/tai-khoan/"))


# Legal texts


def test_the_full_text_is_attached_once_and_read_by_all(cast, sign_in):
    row = LegalText.objects.create(
        number="1/TT", issued_on="2025-01-01", issuer="Bộ GDĐT", summary="Thử"
    )
    client, address = sign_in(cast.officer), row.get_absolute_url()
    bad = SimpleUploadedFile("Toàn văn.exe", b"MZ")
    assert client.post(address, {"file": bad}).status_code == 422
    page = text(client.post(address, {"file": plans.pdf_file("Toàn văn.pdf")}, follow=True))
    assert "Toàn văn.pdf" in page
    assert DocumentVersion.objects.get().document.unit == cast.department
    for who in (cast.focal, cast.stranger, cast.specialist):
        answer = sign_in(who).get(f"{address}toan-van/")
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
        assert sign_in(who).post(address, {"file": plans.pdf_file()}).status_code == 403


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


# What a newcomer tripped over


def test_a_returned_product_is_on_the_home_page_however_far_its_deadline(cast, sign_in):
    plan = plans.issued(cast.office, cast.office_head, days=200)
    row = plans.row_of(plan, cast.school)
    assert todos(sign_in(cast.focal)) == []
    plans.hand_in(row, cast.focal)
    handins.review(fresh(row), "give_back", by=cast.specialist, reason="Thiếu chữ ký")
    assert [one.url for one in todos(sign_in(cast.focal))] == [row.get_absolute_url()]


def test_a_refused_hand_in_keeps_what_was_typed(cast, sign_in):
    plan = plans.issued(
        cast.office, cast.office_head, product="focal_points", focal_fields=["cntt"]
    )
    row = plans.row_of(plan, cast.school)
    answer = sign_in(cast.focal).post(f"{row.get_absolute_url()}nop/", {"note": "Gửi kèm"})
    assert answer.status_code == 422
    assert "Gửi kèm" in text(answer)


def test_what_was_handed_in_already_is_not_derived_again(cast, sign_in):
    plan = plans.issued(cast.office, cast.office_head, "II.1", "II.2")
    plans.hand_in(plans.row_of(plan, cast.school), cast.focal)
    client, address = sign_in(cast.focal), f"/ke-hoach/{plan.pk}/lap-ke-hoach/"
    assert "«abc» không phải là số ngày" in text(
        client.post(address, {"buffer": "abc"}, follow=True)
    )
    client.post(address, {"buffer": "0"})
    own = plan.inferiors.get()
    assert [one.code for one in own.tasks.all()] == ["II.2"]
    assert todos(sign_in(cast.head))[-1].text.startswith("Nộp: ")
    own.number, own.issued_on, own.signer_name = "3", timezone.localdate(), "Lê Hoa"
    planning.save_plan(own, by=cast.focal)
    found = {one.text: one for one in todos(sign_in(cast.head))}
    assert f"Dự thảo chờ ban hành: {own}" in found
    assert found["Nộp: Nộp báo cáo II.2"].notice == f"{cast.office} giao"


def test_a_plan_links_only_to_what_its_reader_may_open(cast, sign_in):
    draft = plans.plan(cast.office, cast.specialist)
    own = plans.task(draft, "I.1", audience={"own": True})
    given = plans.task(draft, "II.1")
    planning.issue_plan(draft, by=cast.office_head)
    page = text(sign_in(cast.focal).get(draft.get_absolute_url()))
    assert own.get_absolute_url() not in page
    assert "Nộp báo cáo I.1" in page
    assert plans.row_of(draft, cast.school, given.code).get_absolute_url() in page


@pytest.mark.parametrize(
    ("state", "note", "year", "sentence"),
    [
        ("done", "   ", 2026, "phải ghi căn cứ"),
        ("done", "Báo cáo 5", 2030, "Năm 2030 chưa đến"),
        ("postponed", "Thiếu kinh phí", 2030, "là năm cuối của nhiệm vụ"),
    ],
)
def test_a_road_map_takes_no_empty_or_early_word(cast, sign_in, state, note, year, sentence):
    draft = plans.plan(cast.office, cast.specialist, period="2025-2030")
    plans.task(draft, "1", years=[2026, 2030])
    planning.issue_plan(draft, by=cast.office_head)
    row = RoadMapYear.objects.get(task__plan=draft, year=year)
    sent = {"state": state, "note": note}
    page = text(sign_in(cast.specialist).post(f"/ke-hoach/lo-trinh/{row.pk}/", sent, follow=True))
    assert sentence in page
    row.refresh_from_db()
    assert row.state == "planned"


def test_an_amendment_does_not_contradict_itself(cast, plan, sign_in):
    client, address = sign_in(cast.office_head), f"/ke-hoach/{plan.pk}/sua-doi/"
    task = plan.tasks.get()
    sent = {
        "document_number": plan.full_number, "reason": "Bão",
        "signed_on": f"{timezone.localdate():%d/%m/%Y}",
    }  # fmt: skip
    page = text(client.post(address, sent | {f"phrase-{task.pk}": plans.in_days(30)}))
    assert "Số này đã dùng cho lần ban hành trước." in page
    sent["document_number"] = "16/KH"
    page = text(client.post(address, sent | {f"phrase-{task.pk}": "bao giờ xong"}))
    assert "Nhiệm vụ II.1: " in page
    both = {f"phrase-{task.pk}": plans.in_days(30), f"withdraw-{task.pk}": "on"}
    assert "hãy chọn một" in text(client.post(address, sent | both))
    assert plan.editions.count() == 1


def test_a_call_says_who_was_called_and_when(cast, plan, sign_in):
    task = plan.tasks.get()
    make.person(cast.preschool, "focal_point")
    client, address = sign_in(cast.specialist), f"{task.get_absolute_url()}don-doc/"
    assert "đã nhắc" not in text(client.get(address))
    calling.call(task, {cast.school.pk}, text="Nhắc", by=cast.specialist)
    page = text(client.get(address))
    assert "3 chưa nộp" in page
    assert page.count("đã nhắc") == 1


def test_the_menu_offers_only_what_opens(cast, sign_in):
    for who in (cast.officer, cast.administrator):
        client = sign_in(who)
        offered = "/nhiem-vu/gui-tin/" in text(client.get("/"))
        assert offered == (client.get("/nhiem-vu/gui-tin/").status_code == 200)


def test_no_more_time_than_the_plan_has(cast, plan):
    row = plans.row_of(plan, cast.school)
    with pytest.raises(ValidationError, match="Kế hoạch chỉ đến 31/07/2027"):
        handins.ask_extension(row, phrase="Chậm nhất ngày 30/06/2097", reason="Bão", by=cast.focal)


def test_a_list_of_focal_points_is_not_written_without_its_fields(cast, sign_in):
    draft = plans.plan(cast.office, cast.specialist)
    sent = {
        "code": "1", "title": "Kiện toàn", "phrase": plans.in_days(9), "product": "focal_points",
        "who": "schools",
    }  # fmt: skip
    client, address = sign_in(cast.specialist), f"/ke-hoach/{draft.pk}/nhiem-vu/them/"
    assert "Chọn các lĩnh vực" in text(client.post(address, sent))
    client.post(address, sent | {"focal_fields": ["cntt", "cds"]})
    assert draft.tasks.get().focal_fields == ["cntt", "cds"]


def test_a_unit_takes_its_request_for_more_time_back_and_asks_anew(cast, plan, sign_in):
    row = plans.row_of(plan, cast.school)
    asked = handins.ask_extension(row, phrase=plans.in_days(90), reason="Bão", by=cast.focal)
    address = f"/nhiem-vu/gia-han/{asked.pk}/rut/"
    assert sign_in(cast.specialist).post(address).status_code == 403
    assert sign_in(cast.stranger).post(address).status_code == 404
    page = text(sign_in(cast.focal).post(address, follow=True))
    assert "Đã rút đề nghị gia hạn." in page
    assert "Gửi đề nghị" in page
    handins.ask_extension(row, phrase=plans.in_days(20), reason="Bão", by=cast.focal)
    with pytest.raises(StepRefused, match="đã được trả lời"):
        handins.recall_extension(asked, by=cast.focal)
