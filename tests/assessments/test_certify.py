"""An office head issues a decision over many schools; what it rests on is kept for good."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from assessments.actions import certificates, files, reviews
from assessments.models import Certificate, CertificateLine, Decision
from edudx.lib.workflow import StepRefused
from schools.models import Event
from schools.permissions import Role
from tests import make

from .browse import criterion, decision_form, fresh, reviewed, said, text, url


@pytest.fixture
def ready(cast, campaign, file_):
    """Two reviewed files of the office: the school's and its sibling's."""
    head = make.person(cast.sibling, Role.HEAD)
    sibling = campaign.assessments.get(unit=cast.sibling)
    return [
        reviewed(file_, cast),
        reviewed(sibling, cast, focal=cast.sibling_focal, head=head),
    ]


def issue(client, campaign, files, **changed):
    return client.post(url("certify", campaign.pk), decision_form(files, **changed), follow=True)


def test_one_decision_over_many_schools(cast, campaign, ready, sign_in):
    response = issue(sign_in(cast.office_head), campaign, ready)
    decision = Decision.objects.get()
    assert "Đã ban hành quyết định công nhận 2 trường." in said(response)
    assert (str(decision), decision.issuer) == ("Quyết định số 12/QĐ-PGDĐT", cast.office)
    assert (decision.superior_line, decision.issuer_line) == (
        "UBND quận 0101", "Phòng Giáo dục và Đào tạo quận 0101",
    )  # fmt: skip
    assert [fresh(one).state for one in ready] == ["certified", "certified"]
    assert {fresh(one).assignment.state for one in ready} == {"done"}
    lines = CertificateLine.objects.values_list("group_code", "points", "level")
    assert sorted(lines) == [("1", 86, 3), ("1", 86, 3), ("2", 70, 2), ("2", 70, 2)]


def test_the_reviewers_score_is_what_is_certified(cast, campaign, ready):
    file_ = ready[0]
    files.move(file_, "review_again", by=cast.specialist, reason="Xem lại")
    one = criterion(file_, "1.2.1")
    reviews.review(
        file_, one, decision="change", points=2, reason="Thiếu minh chứng", by=cast.specialist
    )
    files.move(file_, "finish_review", by=cast.specialist)
    make.certify(fresh(file_), campaign, cast.office_head)
    certificate = Certificate.objects.get()
    assert [(one.points, one.level) for one in certificate.lines.all()] == [(58, 2), (70, 2)]
    answer = file_.answers.get(criterion=one)
    assert (answer.points, answer.certified_points) == (30, 2)


def test_all_or_none(cast, campaign, ready, sign_in):
    files.move(ready[1], "review_again", by=cast.specialist, reason="Sót")
    response = issue(sign_in(cast.office_head), campaign, ready)
    assert "Có trường đã chọn không còn chờ công nhận" in said(response)
    with pytest.raises(StepRefused, match="«Công nhận» khi đang ở trạng thái «Đã trình»"):
        certificates.certify(make.decision(campaign, cast.office), ready, by=cast.office_head)
    assert not Decision.objects.exists()
    assert not Certificate.objects.exists()
    assert fresh(ready[0]).state == "reviewed"


def test_no_school_no_decision(cast, campaign, ready, sign_in):
    response = issue(sign_in(cast.office_head), campaign, [])
    assert said(response) == "Chọn ít nhất một trường để công nhận."
    assert not Decision.objects.exists()


def test_schools_of_another_campaign_are_refused(cast, campaign, ready):
    other = make.campaign(cast.department, cast.officer, list(campaign.sets.all()))
    with pytest.raises(StepRefused, match="cùng một đợt đánh giá"):
        certificates.certify(make.decision(other, cast.office), ready, by=cast.office_head)


# The snapshot


@pytest.fixture
def certificate(cast, campaign, ready):
    make.certify(ready[0], campaign, cast.office_head)
    return Certificate.objects.get()


def test_the_snapshot_is_canonical_and_its_digest_holds(cast, certificate):
    facts = json.loads(certificate.snapshot)
    again = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert again == certificate.snapshot
    assert hashlib.sha256(certificate.snapshot.encode()).hexdigest() == certificate.sha256
    assert certificate.is_intact()
    assert facts["unit"] == {
        "code": "0101-001", "name": cast.school.name, "path": "01/0101/0101-001/",
    }  # fmt: skip
    assert (facts["set"]["code"], facts["set"]["version"]) == ("T1", "1")
    assert facts["decision"]["number"] == "12/QĐ-PGDĐT"
    assert [one["points"] for one in facts["certified"]] == ["86.00", "70.00"]
    assert [one["code"] for one in facts["answers"]] == [
        "1.1", "1.2.1", "1.2.2", "1.3", "2.1", "2.2", "2.3",
    ]  # fmt: skip
    assert facts["answers"][3]["numerator"] == "9.00"
    assert facts["answers"][0]["evidence"][0]["link"] == "https://truong.example/ke-hoach"


@pytest.mark.parametrize(
    "change",
    [{"snapshot": "{}"}, {"sha256": "0"}, {"edition": 2}, {"issued_at": timezone.now()}],
)
def test_a_certificate_never_changes(certificate, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.update(**change)
    for name, value in change.items():
        setattr(certificate, name, value)
    with pytest.raises(DatabaseError), transaction.atomic():
        certificate.save()


@pytest.mark.parametrize("change", [{"points": 1}, {"level": 1}, {"group_title": "x"}])
def test_its_lines_never_change(certificate, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        CertificateLine.objects.update(**change)


@pytest.mark.parametrize(
    "change", [{"number": "13"}, {"signer_name": "x"}, {"signed_on": "2020-01-01"}, {"symbol": "x"}]
)
def test_a_decision_never_changes(certificate, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Decision.objects.update(**change)


def test_nothing_of_it_is_deleted(certificate):
    for row in (certificate.lines.first(), certificate, certificate.decision):
        with pytest.raises((ValidationError, ProtectedError)), transaction.atomic():
            row.delete()


def test_the_page_says_whether_it_is_intact(cast, certificate, sign_in):
    page = text(sign_in(cast.focal).get(url("certificate", certificate.pk)))
    assert certificate.sha256 in page
    assert "nguyên vẹn" in page
    assert sign_in(cast.stranger).get(url("certificate", certificate.pk)).status_code == 404


# Số, ngày, người ký


def test_a_number_is_used_once_a_year_by_an_issuer(cast, campaign, ready, sign_in):
    client = sign_in(cast.office_head)
    issue(client, campaign, ready[:1], number="7")
    assert Decision.objects.get().full_number == "07/QĐ-PGDĐT"
    response = issue(client, campaign, ready[1:], number="007")
    assert said(response).endswith("Số quyết định này đã dùng trong năm.")
    assert fresh(ready[1]).state == "reviewed"
    issue(client, campaign, ready[1:], number="8")
    assert fresh(ready[1]).state == "certified"


def test_the_numbers_begin_again_each_year_and_per_issuer(cast, campaign, ready):
    last_year = timezone.localdate() - timedelta(days=366)
    first = make.decision(campaign, cast.office, "1", signed_on=last_year)
    certificates.certify(first, ready[:1], by=cast.office_head)
    certificates.certify(make.decision(campaign, cast.office, "1"), ready[1:], by=cast.office_head)
    other = make.decision(campaign, cast.neighbour, "1")
    other.created_by = cast.stranger_head
    other.full_clean()


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"number": "mười"}, "number", "Số quyết định chỉ gồm chữ số, ví dụ 12."),
        ({"number": "0"}, "number", "Số quyết định chỉ gồm chữ số, ví dụ 12."),
        (
            {"signed_on": "2026/11/01x"},
            "signed_on",
            "Ngày này không có trong lịch hoặc viết chưa đúng; viết như 05/09/2025.",
        ),
        (
            {"signed_on": "31/02/2026"},
            "signed_on",
            "Ngày này không có trong lịch hoặc viết chưa đúng; viết như 05/09/2025.",
        ),
        ({"signed_on": "01/01/2099"}, "signed_on", "Ngày ký không được ở tương lai."),
        ({"authority": "KT."}, "signer_post", "Ký thay (KT.) phải ghi chức vụ của người ký."),
    ],
)
def test_a_wrong_decision_gets_a_sentence(cast, campaign, ready, sign_in, changed, field, sentence):
    response = issue(sign_in(cast.office_head), campaign, ready, **changed)
    assert response.context["form"].errors[field] == [sentence]
    assert not Decision.objects.exists()
    assert text(response).count(" checked") >= 2  # the chosen schools stay chosen


def test_signing_for_the_head_names_the_post(cast, campaign, ready, sign_in):
    post = {"authority": "KT.", "signer_post": "PHÓ TRƯỞNG PHÒNG"}
    issue(sign_in(cast.office_head), campaign, ready, **post)
    decision = Decision.objects.get()
    assert (decision.authority, decision.signer_post) == ("KT.", "PHÓ TRƯỞNG PHÒNG")


# Reopening


def test_reopening_needs_a_reason(cast, certificate, sign_in):
    path = url("reopen", certificate.assessment_id)
    response = sign_in(cast.office_head).post(path, follow=True)
    assert "Cần ghi lý do" in said(response)
    assert fresh(certificate).withdrawn_at is None


def test_reopening_withdraws_and_the_next_certificate_is_a_new_edition(
    cast, campaign, certificate, sign_in
):
    client = sign_in(cast.office_head)
    client.post(url("reopen", certificate.assessment_id), {"reason": "Nhầm số học liệu"})
    old, file_ = fresh(certificate), fresh(certificate.assessment)
    assert (old.withdrawn_reason, file_.state, file_.edition) == (
        "Nhầm số học liệu", "submitted", 2,
    )  # fmt: skip
    assert file_.assignment.state == "handed_in"
    one = criterion(file_, "2.3")
    reviews.review(file_, one, decision="change", points=10, reason="Sửa", by=cast.specialist)
    files.move(file_, "finish_review", by=cast.specialist)
    make.certify(fresh(file_), campaign, cast.office_head, "13")
    new = Certificate.objects.in_force().get()
    assert (new.edition, new.facts["edition"]) == (2, 2)
    assert [one.points for one in new.lines.all()] == [86, 50]
    assert [one.points for one in old.lines.all()] == [86, 70]
    assert old.is_intact()


def test_every_step_leaves_an_event(cast, campaign, certificate):
    file_ = certificate.assessment
    certificates.reopen(file_, by=cast.office_head, reason="Nhầm")
    steps = list(Event.objects.about(file_).values_list("step", "from_state", "to_state"))
    assert steps == [
        ("prepare", "draft", "prepared"),
        ("submit", "prepared", "submitted"),
        ("accept_rest", "", ""),
        ("finish_review", "submitted", "reviewed"),
        ("certify", "reviewed", "certified"),
        ("reopen", "certified", "submitted"),
    ]
    events = Event.objects.about(file_)
    assert [one.by for one in events] == [
        cast.focal, cast.head, cast.specialist, cast.specialist, cast.office_head, cast.office_head,
    ]  # fmt: skip
    assert [one.reason for one in events][-2:] == ["Quyết định số 12/QĐ-PGDĐT", "Nhầm"]
    (issued,) = Event.objects.about(certificate.decision)
    assert issued.label == "Ban hành Quyết định số 12/QĐ-PGDĐT công nhận 1 trường"
