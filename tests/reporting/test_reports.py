"""Sơ kết, tổng kết: an office writes, hands in, the department receives, returns, consolidates."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from edudx.lib.workflow import StepRefused
from plans.models import Assignment
from reporting import tasks
from reporting.actions import closings, reports, rounds, sheets
from reporting.documents.paper import from_json
from reporting.models import Export
from schools import outbox
from schools.models import Message
from tests import figure_world, plan_world, report_world
from tests.assessments.browse import text
from tests.home import todos

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    return report_world.ask(cast)


@pytest.fixture
def report(cast, round_):
    return report_world.report_of(round_, cast.office)


def url(report, what: str = "") -> str:
    return f"{report.get_absolute_url()}{what}"


def said(version) -> str:
    """Everything the frozen document says, on one line."""
    found = from_json(version.paper)
    blocks = [*found.blocks, *(one for part in found.appendices for one in part.blocks)]
    return " ".join(str(one) for one in blocks)


# Writing


def test_the_figures_are_filled_in_and_say_how_many_stand_behind_them(cast, report):
    request = figure_world.ask(cast, report_world.data_form(cast))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    figure_world.hand_in(request, cast.sibling, cast.sibling_focal, figure_world.numbers(40, 3, 6))
    plan_world.issued(cast.office, cast.office_head, "II.1", days=7)
    version = reports.submit(report_world.write(report, cast.specialist, p1="A", p4="B"),
                             by=cast.specialist)  # fmt: skip
    words = said(version)
    assert "Tổng số học sinh: 140 học sinh (2/3 trường)" in words
    assert "chữ ký số: 50% (8 / 16) (2/3 trường)" in words
    assert "Số liệu đầu năm: số đã nộp đến" in version.sources[0]
    assert "2/3 trường" in version.sources[0]


def test_an_approved_closing_speaks_for_the_office(cast, report):
    request = figure_world.ask(cast, report_world.data_form(cast))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    closed = closings.prepare(request, cast.office, by=cast.specialist, reason="Còn hai trường")
    closings.approve(closed, by=cast.office_head)
    sheet = figure_world.enter(figure_world.sheet_of(request, cast.school), cast.focal,
                          figure_world.numbers(110, 5, 10))  # fmt: skip
    sheets.hand_in(sheet, by=cast.focal, reason="Đếm sót")
    version = reports.submit(report_world.write(report, cast.specialist, p1="A", p4="B"),
                             by=cast.specialist)  # fmt: skip
    assert "Tổng số học sinh: 100 học sinh (1/3 trường)" in said(version)
    assert "chốt lần 1, duyệt ngày" in version.sources[0]


def test_work_in_time_late_and_missing_is_counted(cast, report):
    plan = plan_world.issued(cast.office, cast.office_head, "II.1", "II.2", days=3)
    for unit, late in ((cast.school, False), (cast.sibling, True)):
        row = plan_world.row_of(plan, unit)
        due = row.due_at + timedelta(hours=1 if late else -1)
        Assignment.objects.filter(pk=row.pk).update(
            state="handed_in", handed_in_at=due, last_handed_in_at=due
        )
    version = reports.submit(report_world.write(report, cast.specialist, p1="A", p4="B"),
                             by=cast.specialist)  # fmt: skip
    assert "Có 6 lượt nhiệm vụ đến hạn, đúng hạn 1 (16,67%)" in said(version)
    assert "('1', 'II.1 Nộp báo cáo II.1'" in said(version)
    assert "'3', '1', '1', '1')" in said(version)  # asked, in time, late, missing


def test_a_figure_nobody_has_given_says_so(cast, report):
    version = reports.submit(report_world.write(report, cast.specialist, p1="A", p4="B"),
                             by=cast.specialist)  # fmt: skip
    assert "Tổng số học sinh: (chưa có số liệu)" in said(version)


def test_every_key_stroke_is_kept_and_two_writers_do_not_overwrite_each_other(
    cast, report, sign_in
):
    client = sign_in(cast.specialist)
    accept = {"Accept": "application/json"}
    first = client.post(url(report, "muc/1/"), {"p1-version": 0, "p1-text": "Câu đầu"},
                        headers=accept).json()  # fmt: skip
    assert first["version"] == 1
    assert "Chưa viết «IV. Kiến nghị»" in first["fragments"]["missing"]
    other = sign_in(cast.office_head).post(
        url(report, "muc/1/"), {"p1-version": 0, "p1-text": "Câu khác"}, headers=accept
    )
    assert other.status_code == 409
    assert "Câu đầu" in other.json()["conflict"]
    assert "Câu khác" in other.json()["conflict"]
    assert report_world.report_of(report.round, cast.office).text_of(1) == "Câu đầu"


def test_without_javascript_a_part_is_saved_by_its_button(cast, report, sign_in):
    client = sign_in(cast.specialist)
    answer = client.post(url(report, "muc/1/"), {"p1-version": 0, "p1-text": "A"}, follow=True)
    assert "Đã lưu." in text(answer)
    stale = client.post(url(report, "muc/1/"), {"p1-version": 0, "p1-text": "B"})
    assert stale.status_code == 409
    assert "Bạn vừa viết" in text(stale)
    assert client.post(url(report, "muc/99/"), {}).status_code == 404


def test_what_is_missing_is_said_and_stops_the_hand_in(cast, report, sign_in):
    client = sign_in(cast.specialist)
    assert "Chưa viết «I. Chỉ đạo»" in text(client.get(url(report)))
    answer = client.post(url(report, "nop/"), follow=True)
    assert "Chưa nộp được. Chưa viết «I. Chỉ đạo»." in text(answer)
    assert "Chưa ghi người ký." in text(answer)
    assert report_world.report_of(report.round, cast.office).current is None


def test_after_the_deadline_it_is_explained_and_stays_late(cast):
    round_ = report_world.ask(cast, days=-2)
    with pytest.raises(StepRefused, match="Đã quá hạn"):
        report_world.hand_in(round_, cast.office, cast.specialist)
    written = report_world.report_of(round_, cast.office)
    reports.submit(written, by=cast.specialist, explanation="Mất điện")
    sent = report_world.report_of(round_, cast.office)
    assert sent.assignment.timeliness == "Trễ 2 ngày"
    assert sent.assignment.explanation == "Mất điện"


def test_who_signs_for_whom_stands_in_the_document(cast, report):
    report_world.write(report, cast.specialist, p1="A", p4="B")
    report_world.sign(
        report, cast.specialist, number="5", authority="KT.", signer_post="Phó Trưởng phòng",
        receivers="Sở GDĐT;\n- Lưu: VT, TH.",
    )  # fmt: skip
    version = reports.submit(report, by=cast.specialist)
    paper = from_json(version.paper)
    assert paper.signature.posts == ("KT. Trưởng phòng", "Phó Trưởng phòng")
    assert paper.signature.name == "Đặng Thị Ngọc Huyền"
    assert paper.receivers == ("- Sở GDĐT;", "- Lưu: VT, TH.")
    assert paper.number.startswith("05/BC-")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"number": "12a"}, "Số văn bản chỉ gồm chữ số"),
        ({"authority": "KT."}, "Ký thay thì ghi chức vụ của người ký."),
        ({"signed_on": "31/02/2026"}, "không có trong lịch"),
        ({"signed_on": "01/01/2090"}, "ở tương lai"),
    ],
)
def test_a_wrong_signature_says_what_is_wrong(cast, report, sign_in, fields, sentence):
    answer = sign_in(cast.specialist).post(url(report, "the-thuc/"), fields)
    assert answer.status_code == 422
    assert sentence in text(answer)


# Receiving


def test_a_report_is_received_or_given_back_with_a_reason(cast, round_, sign_in):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    officer = sign_in(cast.officer)
    assert any("1 báo cáo chờ tiếp nhận" in one.text for one in todos(officer))
    assert "Đã ban hành Kế hoạch." in text(officer.get(url(sent)))
    officer.post(url(sent, "give_back/"), {"reason": ""})
    assert report_world.report_of(round_, cast.office).assignment.state == "handed_in"
    officer.post(url(sent, "give_back/"), {"reason": "Thiếu số liệu xã A"})
    outbox.tell()
    assert Message.objects.filter(recipient=cast.specialist, subject__contains="Trả lại").exists()
    again = report_world.hand_in(round_, cast.office, cast.specialist)
    assert again.current.number == 2
    officer.post(url(again, "complete/"))
    assert report_world.report_of(round_, cast.office).assignment.state == "done"


def test_what_was_handed_in_never_changes(cast, round_):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    before = said(sent.current)
    request = figure_world.ask(cast, report_world.data_form(cast))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    assert said(report_world.report_of(round_, cast.office).current) == before
    with pytest.raises(Exception, match="không thể sửa"), transaction.atomic():
        type(sent.current).objects.filter(pk=sent.current.pk).update(sources=["khác"])
    with pytest.raises(StepRefused, match="Báo cáo đã nộp"):
        reports.save_text(sent, 1, text="khác", version=1, by=cast.specialist)


def test_the_department_collects_the_words_it_has_received_once(cast, round_, sign_in):
    report_world.hand_in(round_, cast.office, cast.specialist)
    other = report_world.hand_in(round_, cast.neighbour, cast.stranger_specialist)
    own = rounds.own_of(round_)
    with pytest.raises(StepRefused, match="Không có báo cáo nào mới"):
        reports.collect(own, by=cast.officer)
    for unit in (cast.office, cast.neighbour):
        reports.decide(report_world.report_of(round_, unit), "complete", by=cast.officer)
    assert reports.collect(own, by=cast.officer) == 2
    words = rounds.own_of(round_).text_of(1)
    assert f"{cast.office.name} ({cast.office.superior_name}):\nĐã ban hành Kế hoạch." in words
    assert f"{other.unit.name} (" in words
    with pytest.raises(StepRefused, match="Không có báo cáo nào mới"):
        reports.collect(own, by=cast.officer)
    report_world.sign(own, cast.officer)
    version = reports.submit(rounds.own_of(round_), by=cast.officer)
    assert cast.office.name in said(version)


def test_a_strangers_report_is_no_page_and_a_draft_is_nobody_elses(cast, round_, sign_in):
    report = report_world.write(
        report_world.report_of(round_, cast.office), cast.specialist, p1="BÍ MẬT"
    )
    assert sign_in(cast.stranger_specialist).get(url(report)).status_code == 404
    assert sign_in(cast.stranger).get(url(report)).status_code == 404
    assert "BÍ MẬT" not in text(sign_in(cast.officer).get(url(report)))
    own = rounds.own_of(round_)
    assert sign_in(cast.specialist).get(url(own)).status_code == 404
    assert sign_in(cast.specialist).get(round_.get_absolute_url()).url == url(report)
    with pytest.raises(PermissionDenied):
        reports.save_text(report, 1, text="x", version=1, by=cast.officer)
    with pytest.raises(PermissionDenied):
        reports.decide(report, "complete", by=cast.stranger_specialist)


# Leaving as a file


@pytest.mark.parametrize("format_", ["docx", "pdf", "xlsx"])
def test_it_leaves_as_word_pdf_and_excel(cast, round_, sign_in, format_):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    client = sign_in(cast.specialist)
    page = client.post(url(sent, "tep/"), {"format": format_})
    export = Export.objects.get()
    tasks.run_export(export.pk)
    export.refresh_from_db()
    assert export.state == "done", export.fault
    content = b"".join(client.get(f"{page.url}tai/").streaming_content)
    assert content[:4] in (b"%PDF", b"PK\x03\x04")
    assert export.file_name.endswith(f".{format_}")


def test_a_school_takes_its_own_file_and_nobody_elses(cast, sign_in):
    round_ = report_world.ask(cast, issuer=cast.office, by=cast.specialist, kinds=("school",))
    sent = report_world.hand_in(round_, cast.school, cast.focal)
    page = sign_in(cast.focal).post(url(sent, "tep/"), {"format": "docx"})
    assert sign_in(cast.focal).get(page.url).status_code == 200
    assert sign_in(cast.head).get(page.url).status_code == 403
    assert sign_in(cast.stranger).get(page.url).status_code == 404
    assert sign_in(cast.officer).post(url(sent, "tep/"), {"format": "odt"}).status_code == 404


def test_a_draft_leaves_only_for_its_writers(cast, round_, sign_in):
    report = report_world.report_of(round_, cast.office)
    assert sign_in(cast.officer).post(url(report, "tep/"), {"format": "docx"}).status_code == 404
    page = sign_in(cast.specialist).post(url(report, "tep/"), {"format": "docx", "draft": "1"})
    assert "Bản nháp, chưa nộp" in text(sign_in(cast.specialist).get(page.url))
    for other in (cast.officer, cast.office_head, cast.auditor):
        assert sign_in(other).get(page.url).status_code == 404


# Collecting


def test_offices_of_one_name_are_both_collected_and_newer_words_follow(cast, round_):
    for unit, ward in ((cast.office, "A"), (cast.neighbour, "B")):
        unit.name, unit.superior_name = "Phòng Văn hóa - Xã hội", f"UBND phường {ward}"
        unit.save(update_fields=["name", "superior_name"])
    for unit, by in ((cast.office, cast.specialist), (cast.neighbour, cast.stranger_specialist)):
        report_world.hand_in(round_, unit, by)
        reports.decide(report_world.report_of(round_, unit), "complete", by=cast.officer)
    own = rounds.own_of(round_)
    assert reports.collect(own, by=cast.officer) == 2
    words = rounds.own_of(round_).text_of(1)
    assert "Phòng Văn hóa - Xã hội (UBND phường A):" in words
    assert "Phòng Văn hóa - Xã hội (UBND phường B):" in words
    report = report_world.report_of(round_, cast.office)
    reports.decide(report, "give_back", by=cast.officer, reason="Thiếu")
    report_world.hand_in(round_, cast.office, cast.specialist)
    reports.decide(report_world.report_of(round_, cast.office), "complete", by=cast.officer)
    assert reports.collect(rounds.own_of(round_), by=cast.officer) == 1
    assert "(UBND phường A), nộp lại lần 2:" in rounds.own_of(round_).text_of(1)


def test_what_was_collected_can_be_edited_however_long_it_is(cast, round_, sign_in):
    own = rounds.own_of(round_)
    address = f"{own.get_absolute_url()}muc/1/"
    client, words = sign_in(cast.officer), "Dài. " * 20_000
    answer = client.post(address, {"p1-version": 0, "p1-text": words})
    assert answer.status_code == 302
    office = report_world.report_of(round_, cast.office)
    refused = sign_in(cast.specialist).post(
        f"{office.get_absolute_url()}muc/1/", {"p1-version": 0, "p1-text": words}
    )
    assert "Mục này dài quá 20.000 ký tự" in text(refused)


# Two at once


def test_nobody_receives_what_they_have_not_read(cast, round_, sign_in):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    reports.decide(sent, "give_back", by=cast.officer, reason="Thiếu")
    report_world.hand_in(round_, cast.office, cast.specialist)
    client = sign_in(cast.department_head)
    answer = client.post(f"{sent.get_absolute_url()}complete/", {"number": "1"}, follow=True)
    assert "Đơn vị vừa nộp lần mới hơn" in text(answer)
    assert report_world.report_of(round_, cast.office).assignment.state == "handed_in"


def test_who_signs_is_not_overwritten_unseen(cast, round_):
    report = report_world.report_of(round_, cast.office)
    old = report.signing_seal
    report_world.sign(report, cast.specialist, signer_name="Một")
    fields = dict.fromkeys(
        ("number", "authority", "head_post", "signer_post", "signer_name", "receivers"), ""
    )
    with pytest.raises(StepRefused, match="Người khác vừa sửa"):
        reports.save_signing(report, by=cast.office_head, seal=old, signed_on=None, **fields)


def test_a_number_is_used_once_a_year(cast, round_):
    report_world.sign(report_world.report_of(round_, cast.office), cast.specialist, number="5")
    other = report_world.ask(cast, title="Tổng kết", kind="year")
    with pytest.raises(StepRefused, match="Số 5 trong năm"):
        report_world.sign(report_world.report_of(other, cast.office), cast.specialist, number="5")


def test_why_it_came_back_stands_on_top(cast, round_, sign_in):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    reports.decide(sent, "give_back", by=cast.officer, reason="Thiếu số liệu phường A")
    page = text(sign_in(cast.specialist).get(sent.get_absolute_url()))
    assert page.index("Thiếu số liệu phường A") < page.index("Số và bảng do cổng điền")
