"""What must never be false of reports, tried in the order in which a strict reader found it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import assignments, newcomers, plans, plans_from_above
from plans.models import Assignment
from reporting import outline
from reporting.actions import reports, rounds
from reporting.content import facts, timeliness
from reporting.documents import letterhead, paper
from reporting.exchange import form_yaml
from reporting.files import call_letter, report_paper
from reporting.models import Export, PeriodicReport
from reporting.tasks import run_export
from tests import figure_world, make, plan_world, report_world
from tests.assessments.browse import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    return report_world.ask(cast)


def known(round_, unit) -> facts.Facts:
    return facts.of(report_world.report_of(round_, unit))


def says(found: facts.Facts, code: str) -> str:
    return facts.words_of(found, [code])[code]


# Whose figures


def test_an_offices_own_request_never_speaks_for_the_department(cast, round_):
    request = figure_world.ask(cast, report_world.data_form(cast))
    for unit, focal, pupils in (
        (cast.school, cast.focal, 100), (cast.stranger_school, cast.stranger, 40)
    ):  # fmt: skip
        figure_world.hand_in(request, unit, focal, figure_world.numbers(pupils, 5, 10))
    own = figure_world.ask(
        cast, request.form, issuer=cast.office, by=cast.specialist, title="Đột xuất của phòng"
    )
    figure_world.hand_in(own, cast.school, cast.focal, figure_world.numbers(95, 5, 10))
    whole = known(round_, cast.department)
    assert says(whole, "hs-tong") == "140 học sinh (2/5 trường)"
    assert [one.request for one in whole.figures] == [request]


def test_a_request_to_a_few_never_speaks_for_all(cast, round_):
    request = figure_world.ask(cast, report_world.data_form(cast))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    few = figure_world.ask(cast, request.form, title="Đột xuất", issuer=cast.department)
    others = Assignment.objects.filter(data_sheet__request=few).exclude(unit=cast.school)
    others.update(state="withdrawn")
    figure_world.hand_in(few, cast.school, cast.focal, figure_world.numbers(95, 5, 10))
    assert says(known(round_, cast.department), "hs-tong") == "100 học sinh (1/5 trường)"


def test_a_unit_that_moved_keeps_what_it_did(cast):
    request = figure_world.ask(cast, report_world.data_form(cast))
    figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 5, 10))
    plan_world.issued(cast.department, cast.department_head, "II.1")
    cast.school.parent = cast.neighbour
    cast.school.save(update_fields=["parent"])
    round_ = report_world.ask(cast, kinds=("school",))
    found = known(round_, cast.school)
    assert says(found, "hs-tong") == "100 học sinh"
    assert found.work.expected == 2  # the sheet and the task


# Whose work


def test_what_a_unit_took_over_into_its_own_plan_counts_once(cast, round_):
    plan = plan_world.issued(cast.department, cast.department_head, "II.1")
    own = plans_from_above.derive(plan, unit=cast.school, by=cast.head, buffer_days=0)
    own.number, own.symbol, own.issued_on = "1", "KH", timezone.localdate()
    own.signer_name = "Hiệu trưởng"
    own.save(update_fields=["number", "symbol", "issued_on", "signer_name"])
    plans.issue_plan(own, by=cast.head)
    found = known(report_world.ask(cast, title="Của trường", kinds=("school",)), cast.school)
    assert [one.expected for one in found.tasks] == [1]


def test_what_an_office_asks_of_its_schools_is_not_the_departments_work(cast, round_):
    plan_world.issued(cast.office, cast.office_head, "II.1")
    plan_world.issued(cast.department, cast.department_head, "II.2")
    assert [one.name for one in known(round_, cast.department).tasks] == ["II.2 Nộp báo cáo II.2"]
    assert len(known(round_, cast.office).tasks) == 2


def test_offices_of_one_name_are_two_lines_and_the_department_is_itself(cast, round_):
    for n, ward in enumerate(("phường An Biên", "phường Gia Viên")):
        office = make.office(cast.department, code=f"019{n}", superior_name=f"UBND {ward}")
        office.short_name = "Phòng VH-XH"
        office.save(update_fields=["short_name"])
        make.school(office, code=f"019{n}-1")
    plan_world.issued(
        cast.department, cast.department_head, "II.1",
        audience={"kinds": ["school"], "with_own": True},
    )  # fmt: skip
    lines = {one.name: one.expected for one in known(round_, cast.department).offices}
    assert lines["Phòng VH-XH (UBND phường An Biên)"] == 1
    assert lines["Phòng VH-XH (UBND phường Gia Viên)"] == 1
    assert lines[f"Cơ quan {cast.department}"] == 1
    assert lines["Trường trực thuộc"] == 1
    assert sum(lines.values()) == 8


def test_of_many_offices_the_table_leaves_none_out():
    rows = [timeliness.Work(f"Phòng {n}", expected=2, on_time=1) for n in range(28)]
    total = timeliness.Work("Tổng cộng", expected=56, on_time=28)
    chart, grid = timeliness.timeliness(rows, total)
    assert len(grid.rows) == 29
    assert grid.rows[-1] == ("Tổng cộng", "28", "0", "28")
    assert len(chart.rows) == timeliness.MOST_BARS
    assert "20 dòng chậm nhất" in chart.title


# Targets


def test_a_target_is_counted_once_and_not_for_those_below(cast, round_):
    """The department's, the same in the office's plan, and a school's own."""
    for issuer, head in (
        (cast.department, cast.department_head), (cast.office, cast.office_head),
        (cast.school, cast.head),
    ):  # fmt: skip
        own = {"own": True} if issuer == cast.school else {"kinds": ["school"]}
        plan = plan_world.plan(issuer, head)
        plan_world.task(plan, audience=own)
        plan_world.target(plan, audience=own)
        plans.issue_plan(plan, by=head)
    assert len(known(round_, cast.department).targets) == 1
    office = known(round_, cast.office)
    assert len(office.targets) == 2
    assert says(office, "chi-tieu-tong") == "1"
    assert says(office, "chi-tieu-dat") == "0"
    assert says(office, "chi-tieu-thieu") == "1"


@pytest.mark.at("2026-11-20")
def test_a_half_year_reads_a_calendar_years_plan_in_its_first_year(cast):
    plan = plan_world.plan(cast.department, cast.department_head, period="2026")
    plan_world.task(plan, phrase="Chậm nhất 30/12/2026")
    plan_world.target(plan)
    plans.issue_plan(plan, by=cast.department_head)
    assert len(known(report_world.ask(cast), cast.department).targets) == 1
    year = report_world.ask(cast, title="Tổng kết", kind="year")
    assert known(year, cast.department).targets == []


# Words and outlines


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("? Nêu chung\n# I. A", "Dòng 1: điều đơn vị phải viết (?) phải đứng dưới một đề mục."),
        ("# I. A\n[Chi-Tieu]", "Dòng 2: không có bảng «[Chi-Tieu]»"),
        ("# I. A\nSố }{ sai", "Dòng 2: dấu «{» và «}» không đi thành cặp."),
        ("# I. A {la}", "Dòng 1: không có số liệu hay ô nào mang mã «la»."),
    ],
)
def test_an_outline_that_nobody_could_fulfil_is_refused(text, sentence):
    assert any(one.startswith(sentence) for one in outline.faults_of(text, ()))


def test_figures_stand_in_headings_and_signs_stay(cast, round_):
    assert report_paper.filled("I. Kết quả {ky}", {"ky": "năm học 2026-2027"}).endswith("2026-2027")
    words = paper.own_words("+5% so với năm trước\n-3 trường\n- Ý một\n-\n• Ý hai")
    assert [(one.look, one.text) for one in words] == [
        ("body", "+5% so với năm trước"), ("body", "-3 trường"), ("item", "Ý một"),
        ("item", "Ý hai"),
    ]  # fmt: skip


@pytest.mark.at("2026-11-20")
@pytest.mark.parametrize("since", ["01/01/0001", "05/09/0026", "01/01/2020"])
def test_a_mistyped_year_asks_nobody(cast, sign_in, since):
    report_world.data_form(cast)
    answer = sign_in(cast.officer).post(
        "/bao-cao/dinh-ky/yeu-cau/",
        {"title": "Sơ kết", "period": "2026-2027", "since": since, "until": "15/01/2027",
         "phrase": "Trước ngày 20/01/2027", "who": "offices", "outline": "# I. Kết quả"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert not PeriodicReport.objects.exists()


def test_the_figures_of_another_province_are_not_shown(cast, sign_in):
    other = make.department(code="02")
    form = form_yaml.save(
        form_yaml.read(
            figure_world.FORM.replace("code: thu", "code: tinh-02").replace("hs-tong", "bi-mat-02")
        ),
        by=None, owner=other,
    )  # fmt: skip
    assert form.form.owner == other
    assert "bi-mat-02" not in text(sign_in(cast.officer).get("/bao-cao/dinh-ky/yeu-cau/"))
    assert "bi-mat-02" not in rounds.codes(cast.officer)


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


def test_after_the_round_has_ended_the_issuer_finishes_its_own(cast, round_):
    rounds.end(round_, by=cast.officer, reason="Đã đủ")
    own = rounds.own_of(round_)
    reports.save_text(own, 1, text="Chung", version=0, by=cast.officer)
    report_world.sign(own, cast.officer)
    reports.save_text(own, 4, text="Không", version=0, by=cast.officer)
    assert reports.submit(rounds.own_of(round_), by=cast.officer).number == 1


def test_what_came_before_the_end_is_still_received(cast, round_):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    rounds.end(round_, by=cast.officer, reason="Đã đủ")
    sent = report_world.report_of(round_, cast.office)
    with pytest.raises(StepRefused, match="đã kết thúc"):
        reports.decide(sent, "give_back", by=cast.officer, reason="Thiếu")
    reports.decide(sent, "complete", by=cast.officer)
    assert report_world.report_of(round_, cast.office).assignment.state == "done"


@pytest.mark.at("2026-11-20")
def test_a_day_that_has_passed_asks_nobody(cast, sign_in):
    report_world.data_form(cast)
    answer = sign_in(cast.officer).post(
        "/bao-cao/dinh-ky/yeu-cau/",
        {"title": "Sơ kết", "period": "2026-2027", "since": "01/08/2026", "until": "15/01/2027",
         "phrase": plan_world.in_days(-3), "who": "offices", "outline": "# I. Kết quả"},
    )  # fmt: skip
    assert "Hạn này đã qua" in text(answer)


def test_why_it_came_back_stands_on_top(cast, round_, sign_in):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    reports.decide(sent, "give_back", by=cast.officer, reason="Thiếu số liệu phường A")
    page = text(sign_in(cast.specialist).get(sent.get_absolute_url()))
    assert page.index("Thiếu số liệu phường A") < page.index("Số và bảng do cổng điền")


def test_who_is_missing_is_said_before_the_issuer_finishes(cast, round_, sign_in):
    report_world.hand_in(round_, cast.office, cast.specialist)
    own = rounds.own_of(round_)
    page = text(sign_in(cast.officer).get(own.get_absolute_url()))
    assert f"Chưa tiếp nhận báo cáo của: {cast.office}, {cast.neighbour}." in page


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


def test_a_unit_that_opens_later_can_join(cast, round_, sign_in):
    late = make.office(cast.department, code="0199")
    assert list(newcomers.newcomers(round_.task)) == [late]
    newcomers.give_to_newcomers(round_.task, by=cast.officer)
    rounds.give_missing_reports()
    assert report_world.report_of(round_, late)


def test_a_unit_that_is_no_more_leaves_the_round(cast, round_, sign_in):
    report = report_world.report_of(round_, cast.neighbour)
    client = sign_in(cast.officer)
    client.post(f"{report.get_absolute_url()}withdraw/", {"reason": ""})
    assert report_world.report_of(round_, cast.neighbour).assignment.state == "open"
    client.post(f"{report.get_absolute_url()}withdraw/", {"reason": "Đã sáp nhập"})
    assert report_world.report_of(round_, cast.neighbour).assignment.state == "withdrawn"
    assert "<strong>0 / 1</strong>" in text(client.get(round_.get_absolute_url()))
    with pytest.raises(StepRefused, match="đã được rút"):
        reports.save_text(report, 1, text="A", version=0, by=cast.stranger_specialist)


# Letters and heads


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


def test_a_deputy_is_not_the_head(cast):
    deputy = make.person(cast.office, "office_head", post="Phó Trưởng phòng")
    assert deputy
    assert letterhead.head_post(cast.office) == "Trưởng phòng"


def test_what_is_not_known_stays_dots(cast):
    head = letterhead.heading(cast.office, "BC")
    assert head["day"].startswith("ngày … tháng … năm 20")
    assert head["number"].startswith("…/BC")
    cast.office.abbreviation = ""
    assert letterhead.heading(cast.office, "")["number"] == "…"
