"""An officer loads an indicator set from YAML; every fault is named with its line."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from assessments.exchange import set_yaml
from assessments.forms import CampaignForm
from assessments.models import Criterion, IndicatorSet
from edudx.lib.line_yaml import FileRefused
from tests import make

from .browse import said, text, url

SHIPPED = sorted(Path(set_yaml.__file__).parents[1].glob("indicator_sets/*.yaml"))
GOOD = """\
code: "T9"
version: "1"
title: Bộ thử
legal_basis: {number: 9/QĐ-THU, issued_on: 2024-01-02, issuer: Sở}
applies_to: [TH]
levels:
  - {level: 1, name: Thấp, when: "score < 50"}
  - {level: 2, name: Vừa, when: "50 <= score <= 75"}
  - {level: 3, name: Cao, when: "score > 75"}
groups:
  - code: "1"
    title: Dạy học
    max_points: 100
    criteria:
      - {code: "1.1", kind: condition, title: Kế hoạch}
      - code: "1.2"
        kind: sum
        title: Phần mềm
        max_points: 60
        children:
          - {code: "1.2.1", kind: graded, title: LMS, max_points: 60}
      - {code: "1.3", kind: ratio, title: Tỉ lệ, max_points: 40, numerator: Có, denominator: Tất cả}
"""
LMS = "kind: graded, title: LMS, max_points: 60"
STEPS = LMS + ", steps: [{label: Có, points: 60}, {label: Không, points: 0}]"


def faults(yaml_text: str) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        set_yaml.save(set_yaml.read_yaml(yaml_text), by=None)
    assert not IndicatorSet.objects.exists()
    return refused.value.faults


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_shipped_sets_load_and_are_drafts(db, file):
    found = set_yaml.save(set_yaml.read_yaml(file.read_text(encoding="utf-8")), by=None)
    assert (found.state, found.code) == ("draft", file.stem)
    assert found.notice == "Bộ chỉ số chưa được đối chiếu với văn bản gốc"
    assert [group.max_points for group in found.groups.all()] == [100, 100]
    assert (found.level_2_from, found.level_3_above) == (50, 75)
    for group in found.groups.all():
        assert sum(one.max_points for one in group.criteria.exclude(kind="sum")) == 100
    assert all(one.source for one in found.tree)


def test_both_shipped_sets_share_no_school_type(db):
    texts = [file.read_text(encoding="utf-8") for file in SHIPPED]
    sets = [set_yaml.save(set_yaml.read_yaml(one), by=None) for one in texts]
    types = [school_type for one in sets for school_type in one.applies_to]
    assert len(sets) == 2
    assert len(types) == len(set(types)) == 9


def test_a_good_file_becomes_a_tree(db):
    found = set_yaml.save(set_yaml.read_yaml(GOOD), by=None)
    lms = Criterion.objects.get(indicator_set=found, code="1.2.1")
    assert (lms.parent.code, lms.group.code, lms.max_points) == ("1.2", "1", Decimal(60))
    assert [one.code for one in found.tree] == ["1.1", "1.2", "1.2.1", "1.3"]
    assert found.level_names == ["Thấp", "Vừa", "Cao"]


# (what stood there, what stands there instead, the whole fault or how it begins)
WRONG = [
    ('code: "1.3"', 'code: "1.1"', "Dòng 22: mã tiêu chí «1.1» đã có ở dòng 15."),
    ('code: "1.3"', 'code: ""', "Dòng 22: thiếu «code»."),
    ("max_points: 40", "max_points: 30", "Dòng 11: các tiêu chí của nhóm 1 cộng lại 90 điểm"),
    (LMS, LMS.replace("60", "50"), "Dòng 16: các tiêu chí con của 1.2 cộng lại 50 điểm"),
    ("max_points: 100", "max_points: 90", "Dòng 11: nhóm 1 phải có 100 điểm, không phải 90."),
    ("score > 75", "score > 45", "Dòng 1: ngưỡng phải theo thứ tự: 0 < mức 2 từ 50"),
    ("score > 75", "score > 100", "Dòng 1: ngưỡng phải theo thứ tự"),
    ("score > 75", "cao", "Dòng 1: thiếu ngưỡng của các mức."),
    ("kind: ratio", "kind: percent", "Dòng 22: «kind» không nhận «percent», chỉ nhận condition,"),
    ("[TH]", "[TH, UNI]", "Dòng 1: «applies_to» không nhận «UNI», chỉ nhận MN, TH,"),
    ("[TH]", "[TH, TH]", "Dòng 1: «applies_to» ghi một từ hai lần."),
    ("[TH]", "TH", "Dòng 1: «applies_to» phải là một danh sách."),
    ("[TH]", "[[TH]]", "Dòng 1: «applies_to» phải là chữ."),
    (", denominator: Tất cả", "", "Dòng 22: tỉ lệ 1.3 phải có tên tử số và mẫu số."),
    ("title: Kế hoạch", "title: K, max_points: 5", "Dòng 15: điều kiện 1.1 không được có điểm."),
    ("title: Kế hoạch", 'title: ""', "Dòng 15: thiếu «title»."),
    ("title: LMS, max_points: 60", "title: LMS", "Dòng 21: tiêu chí 1.2.1 phải có điểm tối đa"),
    ("max_points: 40", "max_points: .nan", "Dòng 22: «max_points» là «.nan», không phải là số"),
    ("max_points: 40", "max_points: NaN", "Dòng 22: «max_points» là «NaN», không phải là số"),
    ("max_points: 40", "max_points: " + "9" * 5000, "Dòng 22: «max_points» là «99999"),
    ("max_points: 40", "max_points: 0x" + "f" * 5000, "Dòng 22: «max_points» là «0xff"),
    ("max_points: 40", "max_points: 1e400", "Dòng 22: «max_points» là «1e400»"),
    ("max_points: 40", "max_points: -40", "Dòng 22: tiêu chí 1.3 phải có điểm tối đa lớn hơn 0."),
    ("max_points: 40", "max_points: 39.9999", "Dòng 22: «max_points» là «39.9999»"),
    ("2024-01-02", "2024-13-45", "Dòng 4: «issued_on» là «2024-13-45», không phải là ngày"),
    (LMS, STEPS, "Dòng 21: các bước chấm của 1.2.1 phải tăng dần."),
    (LMS, LMS + ", steps: [{label: Có, points: 50}]", "Dòng 21: bước cao nhất của 1.2.1"),
    (LMS, LMS + ", steps: [{label: Có, points: }]", "Dòng 21: thiếu «points»."),
    (LMS, LMS + ", steps: 7", "Dòng 21: «steps» phải là một danh sách."),
    (LMS, LMS + ", steps: [60]", "Dòng 21: «steps» phải gồm các khóa"),
    (LMS, LMS + ", full_at: 0", "Dòng 21: «Đủ điểm khi đạt» của 1.2.1 phải lớn hơn 0."),
    (LMS, LMS + ", levels: {level_2_from: 5, level_3_above: 3}", "Dòng 21: ngưỡng mức của 1.2.1"),
    (LMS, LMS + ", levels: {level_2_from: 5, level_3_above: 99999}", "Dòng 21: ngưỡng mức"),
    (LMS, LMS + ", unit: " + "x" * 51, "Dòng 21: «unit» dài quá 50 ký tự."),
    ("title: Dạy học", "title: " + "x" * 301, "Dòng 11: «title» dài quá 300 ký tự."),
    ('version: "1"', f'version: "{"1" * 21}"', "Dòng 1: «version» dài quá 20 ký tự."),
    ("9/QĐ-THU", "x" * 61, "Dòng 1: «số văn bản»: "),
    (
        "levels:",
        "missed_condition: maybe\nlevels:",
        "Dòng 1: «missed_condition» không nhận «maybe»",
    ),
]


@pytest.mark.parametrize(("was", "now", "fault"), WRONG, ids=[one[2][:50] for one in WRONG])
def test_every_fault_is_named_with_its_line(db, was, now, fault):
    assert GOOD.count(was) >= 1
    found = faults(GOOD.replace(was, now))
    assert any(one.startswith(fault) for one in found), found


def test_faults_of_shape_and_of_type_come_at_once(db):
    """Keys nobody knows in two places; a number that is none beside a sum that does not add up."""
    shape = GOOD.replace("title: LMS", "la: 1, title: LMS").replace(
        "title: Kế", "ten: x, title: Kế"
    )
    assert [one.partition(": ")[2] for one in faults(shape)] == [
        "không hiểu khóa «ten».", "không hiểu khóa «la».",
    ]  # fmt: skip
    mixed = GOOD.replace("max_points: 40", "max_points: bốn mươi").replace(
        "title: Phần mềm\n        max_points: 60", "title: Phần mềm\n        max_points: 50"
    )
    found = " ".join(faults(mixed))
    assert "không phải là số hợp lệ" in found
    assert "cộng lại 60 điểm, không bằng 50" in found


def test_all_faults_come_at_once(db):
    broken = GOOD.replace("score > 75", "score > 45").replace("kind: ratio", "kind: percent")
    assert len(faults(broken)) == 2


BROKEN = [
    ("code: [1, 2", "không phải là YAML hợp lệ."),
    ("\x00", "không phải là YAML hợp lệ."),
    ("", "Tệp phải có mục «legal_basis», «levels», «groups»."),
    ("groups: 7", "Dòng 1: «groups» phải là một danh sách."),
    ("- 1", "Tệp phải có mục «legal_basis», «levels», «groups»."),
    ("mau: x\ngroups: []", "Dòng 1: không hiểu khóa «mau»."),
    ("code: a\ncode: b\ngroups: []", "Dòng 2: khóa «code» ghi hai lần."),
    ("? [a, b]\n: c\ngroups: []", "Dòng 1: khóa phải là một từ."),
    ("groups: [7]", "Dòng 1: «groups» phải gồm các khóa"),
    ("groups: [{code: 1}]", "Dòng 1: thiếu «criteria»."),
    ("groups: [{criteria: [7]}]", "Dòng 1: «criteria» phải gồm các khóa"),
    ("groups: [{criteria: [{weight: 7}]}]", "Dòng 1: không hiểu khóa «weight»."),
    ("groups: " + "[" * 5000 + "]" * 5000, "Tệp lồng nhau quá sâu."),
    ("a: &a [x, x]\ngroups: [*a, *a]", "Dòng 2: không nhận tham chiếu (*) trong tệp."),
    ("!x\ncode: a\ngroups: [{code: 1}]", "Dòng 3: thiếu «criteria»."),
]


@pytest.mark.parametrize(("broken", "sentence"), BROKEN, ids=[one[1] for one in BROKEN])
def test_what_is_no_set_is_refused_in_a_sentence(db, broken, sentence):
    assert any(sentence in one for one in faults(broken))


def test_sums_inside_sums_have_an_end(db):
    deep = "children: [{code: x, kind: sum, title: x, max_points: 1, "
    one = "groups: [{criteria: [{code: y, kind: sum, title: y, " + deep * 8 + "}]" * 8 + "}]}]"
    assert "Dòng 1: «children» lồng nhau quá sâu." in faults(one)


@pytest.mark.parametrize("tag", ["!!int", "!!timestamp", "!!python/object/apply:os.getcwd"])
def test_tags_make_nothing_but_text(db, tag):
    found = faults(GOOD.replace("max_points: 40", f"max_points: {tag} x"))
    assert "Dòng 22: «max_points» là «x», không phải là số hợp lệ." in found


# Loading over an earlier version


def test_a_draft_takes_the_place_of_an_earlier_draft(db):
    set_yaml.save(set_yaml.read_yaml(GOOD), by=None)
    set_yaml.save(set_yaml.read_yaml(GOOD.replace("title: LMS", "title: LCMS")), by=None)
    found = IndicatorSet.objects.get()
    assert found.criteria.get(code="1.2.1").title == "LCMS"


def test_nothing_is_loaded_over_a_published_version(db):
    make.publish(set_yaml.save(set_yaml.read_yaml(GOOD), by=None))
    with pytest.raises(FileRefused, match="đã công bố nên không thể thay"):
        set_yaml.save(set_yaml.read_yaml(GOOD), by=None)
    assert IndicatorSet.objects.get().criteria.count() == 4


def test_nothing_is_loaded_over_a_draft_in_use(cast):
    found = set_yaml.save(set_yaml.read_yaml(GOOD), by=None)
    make.campaign(cast.department, cast.officer, [found])
    with pytest.raises(FileRefused, match="đang được dùng trong một đợt"):
        set_yaml.save(set_yaml.read_yaml(GOOD), by=None)
    assert IndicatorSet.objects.get().criteria.count() == 4


# The page and the command


def upload(client, content: bytes, name: str = "bo.yaml", **fields):
    file = SimpleUploadedFile(name, content)
    return client.post(url("set_load"), {"file": file, **fields}, follow=True)


def test_an_officer_loads_a_file_on_the_page(cast, sign_in):
    response = upload(sign_in(cast.officer), GOOD.encode("utf-8-sig"))
    assert response.redirect_chain[0][0] == IndicatorSet.objects.get().get_absolute_url()
    assert "Đã nhập dự thảo T9 (phiên bản 1)." in said(response)


def test_the_page_shows_every_fault_and_keeps_nothing(cast, sign_in):
    page = text(upload(sign_in(cast.officer), GOOD.replace("kind: ratio", "kind: x").encode()))
    assert "Tệp có 1 lỗi, chưa lưu gì" in page
    assert "Dòng 22: «kind» không nhận «x», chỉ nhận condition, yes_no" in page
    assert not IndicatorSet.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"\xff\xfe\x00", "bo.yaml", "Tệp không phải là văn bản UTF-8."),
        (b"x", "bo.txt", "Chỉ nhận tệp .yaml, .yml hoặc .xlsx."),
        (b" " * (5 * 1024**2 + 1), "bo.yaml", "Tệp lớn hơn 512 kB."),
    ],
)
def test_other_files_are_refused_on_the_page(cast, sign_in, content, name, sentence):
    assert sentence in text(upload(sign_in(cast.officer), content, name))


def test_an_office_keeps_its_local_sets_apart(cast, sign_in):
    """Long Biên has a set of its own: loaded and published there, used there, nowhere else."""
    page = sign_in(cast.office_head)
    assert "Bộ Giáo dục và Đào tạo (dùng chung)" not in text(page.get(url("set_load")))
    upload(page, GOOD.encode(), owner=cast.office.pk)
    local = IndicatorSet.objects.get(code="T9")
    assert local.owner == cast.office
    assert local.may_be_managed_by(cast.office_head)
    assert not local.may_be_managed_by(cast.stranger_head)
    offered = {
        office.code: CampaignForm(user=head, issuer=office).fields["sets"].queryset
        for office, head in ((cast.office, cast.office_head), (cast.neighbour, cast.stranger_head))
    }
    assert local in offered[cast.office.code]
    assert local not in offered[cast.neighbour.code]


def test_an_office_does_not_load_a_set_of_the_ministry(cast, sign_in):
    upload(sign_in(cast.office_head), GOOD.encode())
    assert not IndicatorSet.objects.filter(code="T9").exists()


@pytest.mark.parametrize("who", ["focal", "specialist", "auditor"])
def test_only_those_who_manage_sets_load_them(cast, sign_in, who):
    assert upload(sign_in(getattr(cast, who)), GOOD.encode()).status_code == 403


def test_the_command_loads_a_file_and_says_so(db, tmp_path):
    file, out = tmp_path / "bo.yaml", io.StringIO()
    file.write_text(GOOD, encoding="utf-8")
    call_command("load_indicator_set", str(file), stdout=out)
    assert "Đã nhập dự thảo T9 (phiên bản 1): 4 tiêu chí." in out.getvalue()


def test_the_command_prints_every_fault_and_fails(db, tmp_path):
    file = tmp_path / "bo.yaml"
    file.write_text(GOOD.replace("kind: ratio", "kind: x"), encoding="utf-8")
    with pytest.raises(CommandError, match="Dòng 22: «kind» không nhận «x»"):
        call_command("load_indicator_set", str(file))
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("load_indicator_set", str(tmp_path / "khong-co.yaml"))
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="Không đọc được tệp"):
        call_command("load_indicator_set", str(file))
