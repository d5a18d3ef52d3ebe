"""Schools → offices → department: sums with known answers, closings, late corrections, moves."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.db.utils import InternalError
from django.utils.html import escape

from edudx.lib.workflow import StepRefused
from plans.models import Assignment
from reporting import rollup, tasks
from reporting.actions import closings
from reporting.arithmetic import Value
from reporting.models import Closing, Export
from schools import outbox
from schools.actions import units
from schools.models import Message
from tests import clock, figure_world, make, plan_world
from tests.assessments.browse import text
from tests.home import todos


class Golden:
    """3 offices × 20 schools of 100 + n pupils; every 5th is missing, every 7th has no teachers."""

    def __init__(self, cast) -> None:
        self.offices = [make.office(cast.department, code=f"03{n:02d}") for n in range(3)]
        self.heads = [make.person(one, "office_head") for one in self.offices]
        self.schools = {
            office.pk: [make.school(office, code=f"{office.code}-{n:03d}") for n in range(20)]
            for office in self.offices
        }
        self.request = figure_world.ask(cast)
        for office in self.offices:
            for n, school in enumerate(self.schools[office.pk]):
                if n % 5 != 4:
                    whole = 0 if n % 7 == 6 else 10 + n
                    values = figure_world.numbers(
                        100 + n, min(n, whole), whole, wifi=n % 2,
                        mang=Value(text="VNPT" if n % 2 else "Viettel"),
                    )  # fmt: skip
                    figure_world.hand_in(
                        self.request, school, figure_world.focal_of(school), values
                    )


@pytest.fixture
def golden(cast):
    return Golden(cast)


GIVEN = [n for n in range(20) if n % 5 != 4]
PUPILS = sum(100 + n for n in GIVEN)
WHOLE = sum(0 if n % 7 == 6 else 10 + n for n in GIVEN)
PART = sum(min(n, 0 if n % 7 == 6 else 10 + n) for n in GIVEN)


def test_the_golden_roll_up(golden):
    totals = rollup.totals_of(golden.request)
    for office in golden.offices:
        found = totals[office.pk]
        assert (found["hs-tong"].number, found["hs-tong"].reported, found["hs-tong"].expected) == (
            PUPILS, 16, 20,
        )  # fmt: skip
        assert (found["chu-ky-so"].number, found["chu-ky-so"].whole) == (PART, WHOLE)
        ratio = (Decimal(PART) * 100 / WHOLE).quantize(Decimal("0.01"))
        assert found["chu-ky-so"].value("ratio") == ratio
        assert found["wifi"].number == sum(n % 2 for n in GIVEN)
        assert found["mang"].spread == {
            "VNPT": sum(n % 2 for n in GIVEN), "Viettel": sum(1 - n % 2 for n in GIVEN),
        }  # fmt: skip
        assert found["hs-nu"].value("sum") is None
    whole = rollup.whole(totals)
    assert whole["hs-tong"].number == 3 * PUPILS
    assert (whole["hs-tong"].reported, whole["hs-tong"].expected) == (48, 65)  # 5 of the cast


def test_the_page_says_how_many_stand_behind_each_total_and_opens_them(cast, golden, sign_in):
    client, address = sign_in(golden.heads[0]), golden.request.get_absolute_url()
    page = text(client.get(address))
    assert "16 / 20" in page
    assert "48 / 65" not in page  # an office sees its own schools alone
    found = client.get(f"{address}so/hs-tong/")
    assert [one.current_id is None for one, _ in found.context["rows"]][:4] == [True] * 4
    assert "chưa nộp" in text(found)
    officer = sign_in(cast.officer)
    assert "48 / 65" in text(officer.get(address))
    chart = officer.get(f"{address}so/chu-ky-so/").context["chart"]
    assert [bar.label for bar in chart.bars] == [str(one) for one in golden.offices]
    assert chart.title.startswith(f"Cao nhất: {golden.offices[0]}")
    assert found.context["chart"] is None  # an office alone has nobody to compare with
    assert client.get(f"{address}so/khong-co/").status_code == 404
    assert sign_in(cast.stranger).get(f"{address}so/hs-tong/").status_code == 200
    rows = sign_in(cast.stranger).get(f"{address}so/hs-tong/").context["rows"]
    assert [one.unit for one, _ in rows] == [cast.stranger_school]


def test_a_field_for_some_types_expects_only_those(cast):
    request = figure_world.ask(cast)
    keys = rollup.whole(rollup.totals_of(request))
    types = [one.unit.school_type for one in request.sheets.select_related("unit")]
    assert keys["hoc-ba-so"].expected == sum(one in ("TH", "TH_THCS") for one in types)
    assert keys["hs-tong"].expected == len(types) == 5


def test_a_school_that_moves_in_mid_year_stays_with_the_office_of_that_day(cast, golden):
    moved = golden.schools[golden.offices[0].pk][0]
    before = rollup.totals_of(golden.request)[golden.offices[0].pk]["hs-tong"]
    units.move(moved, parent=golden.offices[1], by=cast.administrator, reason="Sắp xếp lại")
    totals = rollup.totals_of(golden.request)
    assert totals[golden.offices[0].pk]["hs-tong"] == before
    later = figure_world.ask(cast, golden.request.form, title="Sơ kết")
    assert figure_world.sheet_of(later, moved).office == golden.offices[1]


# Closing


@pytest.fixture
def request_(cast):
    found = figure_world.ask(cast)
    figure_world.hand_in(found, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    figure_world.hand_in(found, cast.sibling, cast.sibling_focal, figure_world.numbers(200, 10, 50))
    return found


def test_closing_with_a_missing_school_needs_a_reason_and_says_who(cast, request_):
    missing = closings.missing_for_close(request_, cast.office)
    assert missing == f"Còn 1 đơn vị chưa nộp: {cast.preschool}."
    with pytest.raises(StepRefused, match="Ghi lý do nếu vẫn chốt"):
        closings.prepare(request_, cast.office, by=cast.specialist)


def test_an_office_closes_its_head_approves_and_the_department_sees_it(cast, request_, sign_in):
    specialist, head = sign_in(cast.specialist), sign_in(cast.office_head)
    address = f"{request_.get_absolute_url()}chot/{cast.office.code}/"
    assert escape(f"Còn 1 đơn vị chưa nộp: {cast.preschool}.") in text(specialist.get(address))
    page = text(specialist.post(address, {"reason": "Trường đang sửa máy"}, follow=True))
    assert "Chờ duyệt" in page
    assert "Duyệt và báo cáo" not in page
    assert [one.text for one in todos(head)] == ["Duyệt số liệu: Số liệu đầu năm"]
    page = text(head.post(address, {"approve": "1"}, follow=True))
    assert "Đã duyệt" in page
    own = Assignment.objects.get(task=request_.office_task, unit=cast.office)
    assert own.state == "done"
    assert figure_world.sheet_of(request_, cast.school).assignment.state == "done"
    assert figure_world.sheet_of(request_, cast.preschool).assignment.state == "open"
    outbox.tell()
    told = Message.objects.filter(recipient=cast.officer, subject__contains="Duyệt và báo cáo")
    assert told.count() == 1
    assert "Đã duyệt" in text(sign_in(cast.officer).get(request_.get_absolute_url()))


def test_nobody_closes_or_approves_for_another_office(cast, request_, sign_in):
    address = f"{request_.get_absolute_url()}chot/{cast.office.code}/"
    for who in (cast.stranger_specialist, cast.stranger_head):
        assert sign_in(who).post(address, {"reason": "x"}).status_code == 404
    for who in (cast.officer, cast.focal):
        assert sign_in(who).post(address, {"reason": "x"}).status_code in (403, 404)
    assert not Closing.objects.exists()
    found = closings.prepare(request_, cast.office, by=cast.specialist, reason="Thiếu")
    with pytest.raises(PermissionDenied):
        closings.approve(found, by=cast.specialist)


def test_a_late_correction_asks_for_a_new_closing_and_the_old_one_stays(cast, request_, sign_in):
    first = closings.prepare(request_, cast.office, by=cast.specialist, reason="Thiếu một trường")
    closings.approve(first, by=cast.office_head)
    with pytest.raises(StepRefused, match="không thay đổi từ lần chốt trước"):
        closings.prepare(request_, cast.office, by=cast.specialist, reason="x")
    figure_world.hand_in(
        request_, cast.school, cast.focal, figure_world.numbers(110, 45, 50), reason="Sót"
    )
    assert closings.needs_again(first)
    page = text(sign_in(cast.officer).get(request_.get_absolute_url()))
    assert "Cần chốt lại" in page
    outbox.tell()
    for who in (cast.specialist, cast.officer):
        assert Message.objects.filter(recipient=who, subject__contains="Điều chỉnh").exists()
    again = closings.prepare(request_, cast.office, by=cast.specialist, reason="Vẫn thiếu")
    assert (again.number, again.totals["hs-tong"]["number"]) == (2, "310.00")
    old = rollup.from_json(Closing.objects.get(pk=first.pk).totals)
    assert old["hs-tong"].number == 300
    page = text(sign_in(cast.specialist).get(
        f"{request_.get_absolute_url()}chot/{cast.office.code}/1/"
    ))  # fmt: skip
    assert "300" in page
    assert first.sha256 in page


def test_what_was_closed_never_changes_and_what_changed_meanwhile_is_not_approved(cast, request_):
    found = closings.prepare(request_, cast.office, by=cast.specialist, reason="Thiếu")
    figure_world.hand_in(
        request_, cast.school, cast.focal, figure_world.numbers(110, 45, 50), reason="Sót"
    )
    with pytest.raises(StepRefused, match="cần chốt lại trước khi duyệt"):
        closings.approve(found, by=cast.office_head)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Closing.objects.filter(pk=found.pk).update(totals={})


def test_a_frozen_total_reads_back_as_it_was(cast, request_):
    totals = rollup.totals_of(request_, Q(office=cast.office))[cast.office.pk]
    assert rollup.from_json(rollup.as_json(totals)) == totals


# The workbook


def test_the_department_downloads_the_workbook(cast, request_, sign_in):
    closings.prepare(request_, cast.office, by=cast.specialist, reason="Thiếu")
    client = sign_in(cast.officer)
    assert client.post(f"/bao-cao/so-lieu/{request_.pk}/xuat/").status_code == 302
    export = Export.objects.get()
    assert tasks.run_export(export.pk) == "done"
    answer = client.get(f"/bao-cao/tep/{export.pk}/tai/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == [
        "Tổng hợp", "Tiến độ chốt", "Tiến độ nộp", "Chỉ tiêu", "Mức độ", "Từng trường"
    ]  # fmt: skip
    rows = [tuple(row) for row in book["Tổng hợp"].iter_rows(values_only=True)]
    (pupils,) = [row for row in rows if row[1] == "Tổng số học sinh"]
    assert pupils[4:7] == (300, 2, 5)
    (share,) = [row for row in rows if row[1] == "Giáo viên có chữ ký số"]
    assert share[2:7] == ("%", "Tỉ lệ của hai tổng", 55, 2, 5)
    rows = {row[2]: row for row in book["Từng trường"].iter_rows(values_only=True)}
    assert rows[cast.school.code][5] == 100
    assert rows[cast.preschool.code][4:8] == (None, None, None, None)
    assert any("đã nộp 2 / 5 trường" in str(row[0]) for row in book["Tổng hợp"].values)


def test_an_office_downloads_its_own_schools_alone(cast, request_, sign_in):
    client = sign_in(cast.stranger_specialist)
    client.post(f"/bao-cao/so-lieu/{request_.pk}/xuat/")
    export = Export.objects.get()
    tasks.run_export(export.pk)
    answer = client.get(f"/bao-cao/tep/{export.pk}/tai/")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    said = str([*book["Từng trường"].iter_rows(values_only=True)])
    assert cast.stranger_school.code in said
    assert cast.school.code not in said


def test_the_same_workbook_from_a_shell(cast, request_, tmp_path, capsys):
    out = tmp_path / "so-lieu.xlsx"
    options = {"unit": "0101", "format": "xlsx", "out": out}
    call_command("build_report", "data-rollup", **options)
    assert "3 đơn vị" in capsys.readouterr().out
    rows = [row for row in openpyxl.load_workbook(out)["Tổng hợp"].values if row[1]]
    assert [row[4:7] for row in rows if row[1] == "Tổng số học sinh"] == [(300, 2, 3)]
    with pytest.raises(CommandError, match="Chưa có số liệu nào đã nộp trong kỳ 2020-2021"):
        call_command("build_report", "data-rollup", period="2020-2021", **options)
    for format_, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        call_command("build_report", "data-rollup", **(options | {"format": format_}))
        assert out.read_bytes().startswith(begins)
    with pytest.raises(CommandError, match="Không có đơn vị mã «9999»"):
        call_command("build_report", "data-rollup", **(options | {"unit": "9999"}))


def test_the_progress_of_a_plan_from_a_shell(cast, tmp_path, capsys):
    out = tmp_path / "tien-do.xlsx"
    options = {"unit": "0101", "format": "xlsx", "out": out}
    with pytest.raises(CommandError, match="Chưa có kế hoạch nào"):
        call_command("build_report", "plan-progress", **options)
    plan_world.issued(cast.office, cast.office_head)
    call_command("build_report", "plan-progress", **options)
    assert "3 đơn vị" in capsys.readouterr().out
    assert openpyxl.load_workbook(out).sheetnames == ["Bảng theo dõi", "Nhiệm vụ"]


def test_last_periods_total_stands_beside_this_ones(cast, sign_in):
    form = figure_world.form(cast.officer)
    old = figure_world.ask(cast, form, title="Năm trước", period=clock.period(-1))
    figure_world.hand_in(old, cast.school, cast.focal, figure_world.numbers(90, 40, 50))
    figure_world.hand_in(old, cast.stranger_school, cast.stranger, figure_world.numbers(500, 1, 50))
    new = figure_world.ask(cast, form, title="Năm nay")
    figure_world.hand_in(new, cast.school, cast.focal, figure_world.numbers(100, 45, 50))
    lines = {
        line.key: line
        for _, found in sign_in(cast.specialist).get(new.get_absolute_url()).context["sections"]
        for line in found
    }
    pupils = lines["hs-tong"]
    assert (pupils.total.number, pupils.before.total.number) == (100, 90)  # the own schools alone
    assert (pupils.before.period, pupils.before.total.expected) == (clock.period(-1), 3)
    assert lines["hs-nu"].shown_before == ""  # nobody gave it then: missing, not zero
    page = text(sign_in(cast.officer).get(new.get_absolute_url()))
    assert "590" in page
    assert f"{clock.period(-1)} · 2 / 5" in page
    whole = rollup.before_of(old)
    assert whole == {}
