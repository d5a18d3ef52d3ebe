"""The five real plans: every date they print, the traps they hold, and back to YAML again."""

from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from edudx.lib.line_yaml import FileRefused
from plans import deadline_conflicts
from plans.actions import plans
from plans.exchange import plan_yaml
from plans.models import LegalText, Plan, RoadMapYear

LIBRARY = Path(plan_yaml.__file__).parents[1] / "library"
SEEDS = ("hai_phong_2024", "vinh_2025", "long_bien_2024", "quang_ngai_2024", "duong_kinh_2025")
DATES = {  # seed, code → opens (a day or nothing), due: domain.md §4 applied by hand
    ("hai_phong_2024", "I.1"): ("01/09/2024", "30/09/2024"),
    ("hai_phong_2024", "I.2"): ("", "15/10/2024"),
    ("hai_phong_2024", "I.3"): ("", "20/10/2024"),
    ("hai_phong_2024", "I.4"): ("", "19/01/2025"),
    ("hai_phong_2024", "I.5"): ("", "24/05/2025"),
    ("hai_phong_2024", "II.1"): ("01/09/2024", "30/09/2024"),
    ("hai_phong_2024", "II.2"): ("01/09/2024", "30/09/2024"),
    ("hai_phong_2024", "II.3"): ("", "16/10/2024"),
    ("hai_phong_2024", "II.4"): ("", "14/01/2025"),
    ("hai_phong_2024", "II.5"): ("", "19/05/2025"),
    ("long_bien_2024", "IV.2.2"): ("01/04/2025", "30/04/2025"),
    ("long_bien_2024", "IV.2.3"): ("", "07/05/2025"),
    ("quang_ngai_2024", "IV.2"): ("", "19/01/2025"),
    ("quang_ngai_2024", "IV.3"): ("", "09/06/2025"),
    ("vinh_2025", "4.1"): ("", "31/12/2025"),
    ("duong_kinh_2025", "1"): ("", "31/12/2030"),
    ("duong_kinh_2025", "12"): ("", "31/12/2030"),
}
NUMBERS = {  # tasks, targets, legal texts cited
    "hai_phong_2024": (10, 5, 7),
    "vinh_2025": (5, 4, 3),
    "long_bien_2024": (3, 8, 6),
    "quang_ngai_2024": (4, 2, 26),
    "duong_kinh_2025": (12, 13, 6),
}


@pytest.fixture
def texts(db) -> None:
    plan_yaml.save_legal_texts((LIBRARY / "legal_texts.yaml").read_text(encoding="utf-8"))


def load(seed: str, cast) -> Plan:
    text = (LIBRARY / f"{seed}.yaml").read_text(encoding="utf-8")
    return plan_yaml.save(plan_yaml.read(text), issuer=cast.office, by=cast.specialist)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_seed_loads_whole(cast, texts, seed):
    found = load(seed, cast)
    counts = (found.tasks.count(), found.targets.count(), found.legal_texts.count())
    assert counts == NUMBERS[seed]
    assert found.is_draft
    assert not found.tasks.filter(source="").exists()
    assert not found.targets.filter(source="").exists()


@pytest.mark.parametrize(("seed", "code"), DATES)
def test_a_printed_date_means_this_instant(cast, texts, seed, code):
    opens, due = DATES[seed, code]
    task = load(seed, cast).tasks.get(code=code)
    moment = timezone.localtime(task.due_at)
    assert f"{moment:%d/%m/%Y %H:%M:%S %z}" == f"{due} 23:59:59 +0700"
    if opens:
        assert f"{timezone.localtime(task.opens_at):%d/%m/%Y %H:%M}" == f"{opens} 00:00"


def test_the_register_holds_the_25_texts_of_the_appendix(texts):
    assert LegalText.objects.filter(source__contains="Quảng Ngãi, phụ lục").count() == 25
    old = LegalText.objects.get(number="19/2017/TT-BGDĐT")
    assert old.replaced_by.number == "03/2024/TT-BGDĐT"
    assert not old.is_in_force()
    again = plan_yaml.save_legal_texts((LIBRARY / "legal_texts.yaml").read_text(encoding="utf-8"))
    assert again == 0


def test_the_conflicts_of_hai_phong_are_shown_not_solved(cast, texts):
    found = load("hai_phong_2024", cast)
    said = [one.sentence for one in deadline_conflicts.conflicts_of(found)]
    assert "Nhiệm vụ I.3: hạn 20/10/2024 rơi vào Chủ nhật." in said
    assert "Nhiệm vụ I.1: hạn 30/09/2024 trước ngày ban hành 10/10/2024." in said
    assert "Nhiệm vụ I.5: hạn 24/05/2025 rơi vào thứ Bảy." in said
    assert any("II.4: báo cáo học kỳ 1 đến hạn 14/01/2025, trước khi" in one for one in said)
    two = [one for one in said if "hai thời hạn cho một việc" in one]
    assert [one.split(":")[0] for one in two] == [
        "Nhiệm vụ II.1", "Nhiệm vụ II.2", "Nhiệm vụ II.3",
    ]  # fmt: skip


def test_the_road_map_of_duong_kinh(cast, texts, sign_in):
    found = load("duong_kinh_2025", cast)
    found.number = "20"
    found.save(update_fields=["number"])
    plans.issue(found, by=cast.office_head)
    assert RoadMapYear.objects.filter(task__plan=found).count() == 12 * 6
    preschool = found.tasks.get(code="4").assignments.values_list("unit__code", flat=True)
    assert set(preschool) == {cast.office.code, cast.preschool.code}
    page = sign_in(cast.focal).get(f"/ke-hoach/{found.pk}/lo-trinh/").content.decode()
    assert "2030" in page
    assert page.count("Theo kế hoạch") >= 72


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_goes_out_as_yaml_and_comes_back_the_same(cast, texts, seed):
    first = load(seed, cast)
    text = plan_yaml.dump(first)
    again = plan_yaml.save(plan_yaml.read(text), issuer=cast.neighbour, by=cast.stranger_head)
    assert plan_yaml.dump(again) == text
    assert list(again.tasks.values_list("code", "due_at")) == list(
        first.tasks.values_list("code", "due_at")
    )


BROKEN = {
    "plan:\n  title: X\n": "Tệp",
    "x: 1": "Dòng 1: thiếu «plan».",
    "plan: {title: X, period: 2024-2026x, symbol: KH}": "Dòng 1: «kỳ»: Kỳ «2024-2026x» chưa đúng",
    "plan: {title: X, period: '2025', la: 1}": "Dòng 1: không hiểu khóa «la».",
    "plan: {title: X, period: '2025', legal_texts: [9/XX]}": "«9/XX» chưa có trong danh mục",
}


@pytest.mark.parametrize("text", list(BROKEN)[1:])
def test_a_wrong_file_gets_sentences_and_leaves_nothing(cast, text):
    with pytest.raises(FileRefused) as refused:
        plan_yaml.save(plan_yaml.read(text), issuer=cast.office, by=cast.specialist)
    assert BROKEN[text] in " ".join(refused.value.faults)
    assert not Plan.objects.exists()


def test_every_fault_of_a_file_comes_with_its_line(cast, sign_in):
    text = (
        "plan: {title: X, period: 2024-2025, symbol: KH}\n"
        "tasks:\n"
        "  - {code: '1', title: A, phrase: khi nào xong thì nộp, product: report}\n"
        "  - {code: '2', title: B, phrase: trước ngày 20/01/2025, product: tranh}\n"
        "  - {code: '3', title: C, phrase: Tháng 4/2025, product: report, "
        "audience: {types: [XX]}}\n"
    )
    with pytest.raises(FileRefused) as refused:
        plan_yaml.save(plan_yaml.read(text), issuer=cast.office, by=cast.specialist)
    lines = [one.split(":")[0] for one in refused.value.faults]
    assert lines == ["Dòng 3", "Dòng 4", "Dòng 5"]
    assert not Plan.objects.exists()


def test_the_command_loads_and_writes_back(cast, texts, capsys, tmp_path):
    call_command("load_plan", str(LIBRARY / "long_bien_2024.yaml"), unit=cast.office.code)
    assert "3 nhiệm vụ, 8 chỉ tiêu" in capsys.readouterr().out
    call_command("load_plan", export=Plan.objects.get().pk)
    written = tmp_path / "plan.yaml"
    written.write_text(capsys.readouterr().out, encoding="utf-8")
    call_command("load_plan", str(written), unit=cast.neighbour.code)
    call_command("load_plan", str(written))
    assert f"của {cast.department}:" in capsys.readouterr().out
    assert Plan.objects.count() == 3
    with pytest.raises(CommandError, match="Không có đơn vị mã"):
        call_command("load_plan", str(written), unit="khong-co")


def test_the_command_reads_one_deadline(capsys):
    call_command("parse_deadline", "Chậm nhất 20/10/2024", period="2024-2025", issued="2024-10-01")
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "due_at=2024-10-20T23:59:59+07:00", "rule=latest_day", "note=rơi vào Chủ nhật",
    ]  # fmt: skip
    call_command("parse_deadline", "Trong tháng 9/2024")
    first, due, *_ = capsys.readouterr().out.splitlines()
    assert datetime.fromisoformat(first.partition("=")[2]).day == 1
    assert due == "due_at=2024-09-30T23:59:59+07:00"
    with pytest.raises(CommandError, match="Chưa đọc được thời hạn"):
        call_command("parse_deadline", "khi rảnh")
