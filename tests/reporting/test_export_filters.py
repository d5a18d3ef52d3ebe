"""What a file is asked with: a record a kind; rows of older versions; rows that say nonsense."""

import json
from dataclasses import asdict
from datetime import date, timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.management import call_command
from django.utils import timezone

from plans.boards.units import BoardFilter
from reporting import tasks
from reporting.actions import exports
from reporting.files.catalogue import BUILDERS
from reporting.forms import LetterForm
from reporting.models import DataRequest, Export, FileKind
from reporting.models.export_filters import (
    RECORDS,
    Across,
    ConsolidatedFilters,
    EvidenceFilters,
    FiguresFilters,
    LetterFilters,
    MonthFilters,
    PlanBoardFilters,
    PlanFilters,
    ReportFilters,
    RoadMapFilters,
    read,
)
from tests import figure_world, plan_world, report_world
from tests.assessments.browse import text

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def world(reported, django_db_blocker):
    """One of everything a file can be about; rolled back with the round of `reported`."""
    cast = reported.cast
    with django_db_blocker.unblock():
        plan = plan_world.issued(cast.department, cast.department_head, "II.1", days=-1)
        request = figure_world.ask(cast)
        figure_world.hand_in(request, cast.school, cast.focal, figure_world.numbers(100, 9, 10))
        report = report_world.hand_in(report_world.ask(cast), cast.office, cast.specialist)
        return SimpleNamespace(
            cast=cast, plan=plan.pk, task=plan.tasks.get().pk, request=request.pk, report=report.pk,
            assessment=reported.file(cast.school).pk, titles=(plan.title, request.title),
            years=request.period, reported=report.round.period,
        )  # fmt: skip


def queued(cast, kind: str, filters, format_: str = "xlsx") -> Export:
    """A row as it lies in the table, whoever wrote it."""
    return Export.objects.create(
        report=kind, filters=filters, format=format_, unit=cast.office, title="Tệp cũ",
        requested_by=cast.specialist,
    )  # fmt: skip


# Kinds


def test_every_kind_has_its_record_and_its_builder():
    assert set(RECORDS) == set(FileKind)
    assert set(BUILDERS) == set(FileKind)
    assert len(set(BUILDERS.values())) == len(FileKind)


def test_what_the_office_says_in_a_letter_is_what_the_row_keeps():
    kept = asdict(LetterFilters(task=1, until="ngay"))
    assert set(kept) == {"task", *LetterForm.base_fields}


# What is written now: the same words as ever, so that an older worker reads them too


CHOSEN = {"tim": "hoa", "loai": "TH", "loc": "tre"}
WORDS = {"number": "7", "authority": "KT.", "signer_post": "Phó", "signer_name": "Đặng Thị Hoa"}


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        (ConsolidatedFilters("thu-2026"), {"campaign": "thu-2026"}),
        (PlanBoardFilters(3, BoardFilter(**CHOSEN)), {"plan": 3, "chosen": CHOSEN}),
        (RoadMapFilters(3), {"plan": 3}),
        (PlanFilters(3), {"plan": 3}),
        (MonthFilters(date(2026, 9, 1)), {"month": "2026-09"}),
        (FiguresFilters(3, Across.OFFICES), {"request": 3, "across": "offices"}),
        (ReportFilters(3, 2), {"report": 3, "version": 2}),
        (ReportFilters(3, None), {"report": 3, "version": None}),
        (
            LetterFilters(3, "ngay", signed_on=date(2026, 9, 5), **WORDS),
            {"task": 3, "until": "ngay", "signed_on": "2026-09-05", **WORDS},
        ),
        (LetterFilters(3, "ngay", **WORDS), {"task": 3, "until": "ngay", "signed_on": "", **WORDS}),
        (EvidenceFilters(3), {"assessment": 3}),
    ],
    ids=lambda one: getattr(one, "kind", ""),
)
def test_a_record_is_kept_and_read_back(record, kept):
    written = json.loads(json.dumps(record.to_json()))
    assert written == kept
    assert read(record.kind.value, written) == record
    assert read(record.kind.value, written | {"later": [1]}) == record


# Rows of older versions: every shape that was ever kept


OLD = {
    "round": ("consolidated-maturity", lambda w: {"campaign": "thu-2026"}, "tong-hop-thu-2026-"),
    "whole board": ("plan-board", lambda w: {"plan": w.plan}, "bang-theo-doi-{plan}-"),
    "board": ("plan-board", lambda w: {"plan": w.plan, "chosen": CHOSEN}, "bang-theo-doi-{plan}-"),
    "road map": ("road-map", lambda w: {"plan": w.plan}, "lo-trinh-{plan}-"),
    "road map as filtered": (
        "road-map", lambda w: {"plan": w.plan, "chosen": CHOSEN}, "lo-trinh-{plan}-"
    ),
    "plan": ("plan", lambda w: {"plan": w.plan}, "ke-hoach-{plan}-"),
    "month": ("month", lambda w: {"month": "2026-11"}, "lich-2026-11-"),
    "figures": ("data-rollup", lambda w: {"request": w.request}, "so-lieu-thu-{years}-phong"),
    "figures by office": (
        "data-rollup", lambda w: {"request": w.request, "across": "offices"},
        "so-lieu-thu-{years}-theo-phong-",
    ),
    "report": (
        "period-report", lambda w: {"report": w.report, "version": 1}, "bao-cao-so-ket-{reported}-"
    ),
    "draft of a report": (
        "period-report", lambda w: {"report": w.report, "version": None},
        "bao-cao-so-ket-{reported}-",
    ),
    "letter": (
        "call-letter",
        lambda w: {
            "task": w.task, "until": "ngay", "number": "", "signed_on": "", "authority": "",
            "signer_post": "", "signer_name": "",
        },
        "don-doc-{task}-",
    ),
    "proofs": (
        "evidence-list", lambda w: {"assessment": w.assessment}, "danh-muc-minh-chung-thu-2026-"
    ),
}  # fmt: skip


@pytest.mark.parametrize("shape", OLD)
def test_a_row_queued_by_an_older_version_becomes_its_file(world, shape):
    kind, filters, stem = OLD[shape]
    export = queued(world.cast, kind, filters(world))
    assert tasks.run_export(export.pk) == "done", Export.objects.get(pk=export.pk).fault
    export.refresh_from_db()
    assert export.file_name.startswith(stem.format(**vars(world))), export.file_name


def test_every_kind_that_was_ever_kept_is_tried():
    assert {kind for kind, *_ in OLD.values()} == set(FileKind)


# Rows that say something else


@pytest.mark.parametrize(
    ("kind", "filters", "why"),
    [
        ("no-such-kind", {"plan": 1}, "không có loại tệp «no-such-kind»"),
        ("", {}, "không có loại tệp «»"),
        ("plan", {}, "thiếu «plan»"),
        ("plan", [], "sai bộ lọc"),
        ("plan", "plan", "sai bộ lọc"),
        ("plan", {"plan": "7"}, "sai «plan»"),
        ("plan", {"plan": True}, "sai «plan»"),
        ("plan", {"plan": -7}, "sai «plan»"),
        ("road-map", {"plan": {"pk": 7}}, "sai «plan»"),
        ("plan-board", {"plan": 7, "chosen": ["tre"]}, "sai «chosen»"),
        ("plan-board", {"plan": 7, "chosen": {"tim": 5}}, "sai «tim»"),
        ("consolidated-maturity", {"campaign": {"code": "x"}}, "sai «campaign»"),
        ("month", {"month": "2026-13"}, "sai «month»"),
        ("month", {"month": 202609}, "sai «month»"),
        ("data-rollup", {"request": 7, "across": "pupils"}, "sai «across»"),
        ("period-report", {"report": 7}, "thiếu «version»"),
        ("period-report", {"report": 7, "version": 0}, "sai «version»"),
        ("call-letter", {"task": 7}, "thiếu «until»"),
        ("call-letter", {"task": 7, "until": ["x"]}, "sai «until»"),
        ("call-letter", {"task": 7, "until": "ngay", "signed_on": "hôm nay"}, "sai «signed_on»"),
        ("evidence-list", {"assessment": None}, "sai «assessment»"),
    ],
)
def test_a_row_that_says_nonsense_ends_with_a_sentence(world, sign_in, kind, filters, why):
    export = queued(world.cast, kind, filters)
    assert tasks.run_export(export.pk) == "failed"
    export.refresh_from_db()
    assert export.fault == f"Yêu cầu lập tệp không đọc được ({why}). Hãy yêu cầu lại."
    Export.objects.update(requested_at=timezone.now() - timedelta(hours=1))
    assert tasks.sweep() == 0
    client = sign_in(world.cast.specialist)
    assert why in text(client.get(export.get_absolute_url()))
    assert "Tệp cũ" in text(client.get("/bao-cao/"))


@pytest.mark.parametrize("pk", [10**9, 10**40])
def test_a_row_about_what_is_gone_ends_with_a_sentence(world, pk):
    export = queued(world.cast, "plan", {"plan": pk})
    assert tasks.run_export(export.pk) == "failed"
    export.refresh_from_db()
    assert export.fault.startswith("Có lỗi khi lập tệp")


def test_a_report_that_does_not_say_which_never_shows_the_draft(world):
    export = queued(world.cast, "period-report", {"report": world.report}, "docx")
    assert tasks.run_export(export.pk) == "failed"


# From a shell the same


def cells(path) -> dict[str, list[tuple]]:
    """All but the line of who asked and when."""
    return {
        sheet.title: [row for row in sheet.values if "Lập lúc" not in str(row)]
        for sheet in openpyxl.load_workbook(path)
    }


@pytest.mark.parametrize("report", ["plan-progress", "data-rollup"])
def test_a_shell_makes_the_file_the_worker_makes(world, tmp_path, report):
    cast, out = world.cast, tmp_path / "shell.xlsx"
    is_plan = report == "plan-progress"
    record = PlanBoardFilters(world.plan) if is_plan else FiguresFilters(world.request)
    export = exports.request(
        record, unit=cast.office, format="xlsx", title=world.titles[not is_plan], by=cast.specialist
    )
    assert tasks.run_export(export.pk) == "done"
    export.refresh_from_db()
    call_command("build_report", report, unit=cast.office.code, format="xlsx", out=out)
    assert cells(out) == cells(export.file.path)


def test_a_shell_writes_the_report_that_was_handed_in(world, tmp_path, capsys):
    out = tmp_path / "bao-cao.xlsx"
    call_command("build_report", "period-report", unit="0101", format="xlsx", out=out)
    assert "lần nộp 1." in capsys.readouterr().out
    first = next(iter(openpyxl.load_workbook(out)))
    assert "Người yêu cầu: dòng lệnh" in str([*first.values])


# Made at once


def test_what_is_made_at_once_is_called_by_what_it_is(world, sign_in):
    cast, form = world.cast, DataRequest.objects.get(pk=world.request).form
    said = {
        f"/bao-cao/dau-moi/{cast.office.pk}/quyet-dinh.pdf": "inline; "
        'filename="quyet-dinh-phan-cong-dau-moi.pdf"',
        f"/bao-cao/so-lieu/bieu-mau/{form.pk}.xlsx": "attachment; "
        f'filename="bieu-mau-{form.code}-{form.version}.xlsx"',
    }
    for address, name in said.items():
        answer = sign_in(cast.officer).get(address)
        assert answer["Content-Disposition"] == name
        assert answer.content[:4] in (b"%PDF", b"PK\x03\x04")
