"""A round of reports: asked, joined, left, ended."""

import pytest

from edudx.lib.workflow import StepRefused
from plans.actions import assignments, newcomers
from reporting.actions import reports, rounds
from reporting.exchange import form_yaml
from reporting.management.commands.load_form import SHIPPED
from reporting.models import PeriodicReport, ReportRound
from schools import outbox
from schools.models import Message
from tests import figure_world, make, plan_world, report_world
from tests.assessments.browse import text
from tests.home import todos

pytestmark = pytest.mark.django_db


@pytest.fixture
def round_(cast):
    return report_world.ask(cast)


# Asking


@pytest.mark.at("2026-11-20")
def test_the_department_asks_on_the_outline_that_comes_with_the_portal(cast, sign_in):
    for path in sorted(SHIPPED.glob("*.yaml")):
        form_yaml.save(form_yaml.read(path.read_text(encoding="utf-8")), by=None)
    client = sign_in(cast.officer)
    for kind in ("half_year", "year"):
        page = client.get(f"/bao-cao/dinh-ky/yeu-cau/?loai={kind}")
        form = page.context["form"]
        answer = client.post(
            f"/bao-cao/dinh-ky/yeu-cau/?loai={kind}",
            {**form.initial, "since": "01/08/2026", "until": "15/01/2027", "who": "offices",
             "phrase": "Trước ngày 20/01/2027"},
        )  # fmt: skip
        assert answer.status_code == 302, answer.context["form"].errors
        made = ReportRound.objects.get(kind=kind)
        units = set(made.reports.exclude(assignment=None).values_list("unit__code", flat=True))
        assert units == {"0101", "0102"}
        assert made.task.due_at.strftime("%d/%m/%Y") == "19/01/2027"


@pytest.mark.at("2026-11-20")
@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Có {khong-co} máy.", "Dòng 2: không có số liệu hay ô nào mang mã «khong-co»."),
        ("[bang-la]", "Dòng 2: không có bảng «[bang-la]»"),
        ("Có {hs-tong máy.", "Dòng 2: dấu «{» và «}» không đi thành cặp."),
        ("#", "Dòng 2: đề mục chưa có tên."),
    ],
)
def test_a_fault_of_the_outline_names_its_line(cast, sign_in, line, sentence):
    figure_world.form(cast.officer)
    client = sign_in(cast.officer)
    answer = client.post(
        "/bao-cao/dinh-ky/yeu-cau/",
        {"title": "Sơ kết", "period": "2026-2027", "since": "01/08/2026", "until": "15/01/2027",
         "phrase": "Trước ngày 20/01/2027", "who": "offices",
         "outline": f"# I. Kết quả\n{line}\n"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not ReportRound.objects.exists()


def test_a_school_does_not_ask_for_reports(cast, sign_in):
    assert sign_in(cast.focal).get("/bao-cao/dinh-ky/yeu-cau/").status_code == 403


def test_everybody_asked_is_told_and_finds_it_on_the_home_page(cast, round_, sign_in):
    outbox.tell()
    told = Message.objects.filter(subject__contains="Sơ kết").values_list("recipient", flat=True)
    assert cast.specialist.pk in told
    assert cast.focal.pk not in told
    assert any("Viết báo cáo: Sơ kết" in one.text for one in todos(sign_in(cast.specialist)))


def test_an_office_asks_its_schools(cast):
    round_ = report_world.ask(cast, issuer=cast.office, by=cast.specialist, kinds=("school",),
                         title="Sơ kết của các trường")  # fmt: skip
    assert PeriodicReport.objects.filter(round=round_).count() == 4  # three schools, the office
    sent = report_world.hand_in(round_, cast.school, cast.focal)
    assert sent.assignment.state == "handed_in"


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


@pytest.mark.at("2026-11-20")
def test_a_day_that_has_passed_asks_nobody(cast, sign_in):
    report_world.data_form(cast)
    answer = sign_in(cast.officer).post(
        "/bao-cao/dinh-ky/yeu-cau/",
        {"title": "Sơ kết", "period": "2026-2027", "since": "01/08/2026", "until": "15/01/2027",
         "phrase": plan_world.in_days(-3), "who": "offices", "outline": "# I. Kết quả"},
    )  # fmt: skip
    assert "Hạn này đã qua" in text(answer)


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


# Later, less, ended


def test_a_unit_that_comes_later_gets_its_report(cast, round_):
    late = make.office(cast.department, code="0199")
    assignments.give(round_.task, [late], by=cast.officer)
    assert rounds.give_missing_reports() == 1
    assert report_world.report_of(round_, late)
    assert rounds.give_missing_reports() == 0


def test_an_ended_round_is_only_read(cast, round_):
    with pytest.raises(StepRefused, match="lý do"):
        rounds.end(round_, by=cast.officer, reason=" ")
    rounds.end(round_, by=cast.officer, reason="Đã đủ")
    report = report_world.report_of(round_, cast.office)
    with pytest.raises(StepRefused, match="đã kết thúc"):
        reports.save_text(report, 1, text="x", version=0, by=cast.specialist)


def test_a_unit_that_opens_later_can_join(cast, round_, sign_in):
    late = make.office(cast.department, code="0199")
    assert list(newcomers.of(round_.task)) == [late]
    newcomers.give(round_.task, by=cast.officer)
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


def test_who_is_missing_is_said_before_the_issuer_finishes(cast, round_, sign_in):
    report_world.hand_in(round_, cast.office, cast.specialist)
    own = rounds.own_of(round_)
    page = text(sign_in(cast.officer).get(own.get_absolute_url()))
    assert f"Chưa tiếp nhận báo cáo của: {cast.office}, {cast.neighbour}." in page


def test_what_came_before_the_end_is_still_received(cast, round_):
    sent = report_world.hand_in(round_, cast.office, cast.specialist)
    rounds.end(round_, by=cast.officer, reason="Đã đủ")
    sent = report_world.report_of(round_, cast.office)
    with pytest.raises(StepRefused, match="đã kết thúc"):
        reports.decide(sent, "give_back", by=cast.officer, reason="Thiếu")
    reports.decide(sent, "complete", by=cast.officer)
    assert report_world.report_of(round_, cast.office).assignment.state == "done"


def test_after_the_round_has_ended_the_issuer_finishes_its_own(cast, round_):
    rounds.end(round_, by=cast.officer, reason="Đã đủ")
    own = rounds.own_of(round_)
    reports.save_text(own, 1, text="Chung", version=0, by=cast.officer)
    report_world.sign(own, cast.officer)
    reports.save_text(own, 4, text="Không", version=0, by=cast.officer)
    assert reports.submit(rounds.own_of(round_), by=cast.officer).number == 1
