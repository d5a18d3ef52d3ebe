"""The focal point prepares, the head approves and submits; what is missing is said."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments import checklist
from assessments.actions import evidence, files
from edudx.lib.workflow import StepRefused
from schools.models import Event
from tests import clock, make

from .browse import criterion, fresh, said, save, step, text, url


@pytest.fixture
def filled(cast, file_):
    make.fill(file_, cast.focal)
    return fresh(file_)


@pytest.fixture
def prepared(cast, filled):
    files.move(filled, "prepare", by=cast.focal)
    return fresh(filled)


def sentences(file_, *, blocks: bool) -> list[str]:
    return [one.sentence for one in checklist.missing_for_submit(file_) if one.blocks == blocks]


def test_an_empty_file_lists_every_criterion_and_its_link(cast, file_, sign_in):
    codes = ("1.1", "1.2.1", "1.2.2", "1.3", "2.1", "2.2", "2.3")
    assert sentences(file_, blocks=True) == [f"{code}: chưa có kết quả." for code in codes]
    assert sentences(file_, blocks=False) == ["Chưa đính kèm biên bản của Hội đồng tự đánh giá."]
    page = text(sign_in(cast.focal).get(url("check", file_.pk)))
    for code in ("1.1", "1.2.1", "2.3"):
        assert f'href="{file_.get_absolute_url()}?mo={code}#c-{code}"' in page
    assert "(nhắc, không chặn)" in page


def test_an_empty_file_is_not_prepared(cast, file_, sign_in):
    response = step(sign_in(cast.focal), file_, "prepare")
    assert said(response) == "Chưa thể trình: còn 7 việc. 1.1: chưa có kết quả."
    assert fresh(file_).state == "draft"


def test_a_met_condition_needs_its_proof_points_only_a_warning(cast, filled):
    for code in ("1.1", "1.2.1"):
        proof = filled.answers.get(criterion__code=code).evidence.get()
        evidence.remove(proof, by=cast.focal)
    file_ = fresh(filled)
    assert sentences(file_, blocks=True) == ["1.1: chưa có minh chứng."]
    assert "1.2.1: chưa có minh chứng." in sentences(file_, blocks=False)


def test_a_missed_condition_and_zero_points_need_no_proof(cast, file_, sign_in):
    client = sign_in(cast.focal)
    save(client, file_, "1.1", met="0")
    save(client, file_, "1.2.1", entered_points="0")
    found = sentences(fresh(file_), blocks=True) + sentences(fresh(file_), blocks=False)
    assert not [one for one in found if one.startswith(("1.1:", "1.2.1:"))]


def test_the_focal_point_prepares_and_the_head_submits(cast, filled, sign_in):
    step(sign_in(cast.focal), filled, "prepare")
    file_ = fresh(filled)
    assert (file_.state, file_.prepared_by) == ("prepared", cast.focal)
    response = step(sign_in(cast.head), file_, "submit")
    file_ = fresh(file_)
    assert (file_.state, file_.submitted_by) == ("submitted", cast.head)
    assert file_.assignment.state == "handed_in"
    assert [(one["points"], one["level"]) for one in file_.self_results] == [
        ("86.00", 3), ("70.00", 2),
    ]  # fmt: skip
    assert "Đã duyệt và trình." in said(response)


def test_every_step_leaves_who_from_to_and_as_whom(cast, prepared):
    files.move(prepared, "submit", by=cast.head)
    first, second = Event.objects.about(prepared)
    assert (first.step, first.from_state, first.to_state) == ("prepare", "draft", "prepared")
    assert (second.step, second.from_state, second.to_state) == ("submit", "prepared", "submitted")
    assert (first.by, second.by) == (cast.focal, cast.head)
    assert second.as_who == "TH&THCS 0101-001 · Lãnh đạo trường"


def test_the_focal_point_cannot_submit(cast, prepared, sign_in):
    response = step(sign_in(cast.focal), prepared, "submit")
    assert response.status_code == 403
    with pytest.raises(PermissionDenied, match="Bạn không có quyền duyệt và trình"):
        files.move(prepared, "submit", by=cast.focal)
    assert fresh(prepared).state == "prepared"


@pytest.mark.parametrize(
    ("who", "status"),
    [("specialist", 403), ("office_head", 403), ("officer", 403), ("auditor", 403),
     ("stranger", 404), ("sibling_focal", 404), ("stranger_head", 404)],
)  # fmt: skip
def test_nobody_else_submits(cast, prepared, sign_in, who, status):
    assert step(sign_in(getattr(cast, who)), prepared, "submit").status_code == status
    assert fresh(prepared).state == "prepared"


def test_nothing_is_submitted_before_it_is_prepared(cast, filled, sign_in):
    response = step(sign_in(cast.head), filled, "submit")
    assert "đang ở trạng thái «Đang tự đánh giá»" in said(response)
    assert fresh(filled).state == "draft"


def test_a_prepared_file_is_locked(cast, prepared, sign_in):
    client = sign_in(cast.focal)
    assert save(client, prepared, "1.2.1", entered_points="1", as_json=True).status_code == 409


def test_the_head_sends_back_with_a_reason(cast, prepared, sign_in):
    client = sign_in(cast.head)
    assert "Cần ghi lý do" in said(step(client, prepared, "send_back"))
    assert fresh(prepared).state == "prepared"
    step(client, prepared, "send_back", "Số học liệu chưa đúng")
    file_ = fresh(prepared)
    assert file_.state == "draft"
    event = Event.objects.about(file_).get(step="send_back")
    assert (event.reason, event.by) == ("Số học liệu chưa đúng", cast.head)
    page = text(sign_in(cast.focal).get(file_.get_absolute_url()))
    assert "Số học liệu chưa đúng" in page
    assert save(client, file_, "1.2.1", entered_points="1", version=2).status_code == 302


def test_the_focal_point_cannot_send_back(cast, prepared, sign_in):
    assert step(sign_in(cast.focal), prepared, "send_back", "x").status_code == 403


def test_minutes_are_attached_until_it_is_submitted(cast, prepared, sign_in, pdf):
    client = sign_in(cast.focal)
    response = client.post(url("minutes_upload", prepared.pk), {"file": pdf}, follow=True)
    file_ = fresh(prepared)
    assert "Đã đính kèm biên bản" in said(response)
    assert file_.minutes.document.title == f"Biên bản Hội đồng tự đánh giá, {clock.period()}"
    assert sentences(file_, blocks=False) == []
    files.move(file_, "submit", by=cast.head)
    version = make.document(cast.school, cast.focal)
    with pytest.raises(StepRefused, match="Hồ sơ đang khóa"):
        evidence.attach_minutes(file_, version, by=cast.focal)


def test_minutes_come_from_the_schools_own_cabinet(cast, prepared):
    foreign = make.document(cast.sibling, cast.sibling_focal)
    with pytest.raises(PermissionDenied):
        evidence.attach_minutes(prepared, foreign, by=cast.focal)


def test_a_broken_file_is_no_minutes(cast, prepared, sign_in):
    broken = SimpleUploadedFile("bien-ban.pdf", b"%PDF-1.7 do dang")
    response = sign_in(cast.focal).post(
        url("minutes_upload", prepared.pk), {"file": broken}, follow=True
    )
    assert "Không mở được «bien-ban.pdf»" in said(response)
    assert fresh(prepared).minutes is None


def test_the_check_page_is_for_the_school(cast, file_, sign_in):
    assert sign_in(cast.focal).get(url("check", file_.pk)).status_code == 200
    assert sign_in(cast.specialist).get(url("check", file_.pk)).status_code == 403
    assert sign_in(cast.stranger).get(url("check", file_.pk)).status_code == 404


def test_steps_of_certifying_are_not_taken_here(cast, filled, sign_in):
    client = sign_in(cast.office_head)
    assert "quyết định công nhận" in said(step(client, filled, "certify"))
    assert step(client, filled, "khong-co").status_code == 403


def test_a_reason_may_not_be_endless(cast, prepared, sign_in):
    response = step(sign_in(cast.head), prepared, "send_back", "a" * 1001)
    assert said(response) == "Lý do dài quá 1.000 ký tự."
    assert fresh(prepared).state == "prepared"


def test_a_sum_is_no_carried_over_answer(cast, file_, sign_in):
    path = url("carried_over_confirm", file_.pk, criterion(file_, "1.2").pk)
    response = sign_in(cast.focal).post(path, follow=True)
    assert said(response) == "Tiêu chí 1.2 đang khóa, không thể sửa."
