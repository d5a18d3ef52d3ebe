"""The office reads a file: keeps, changes, asks for completion; both scores stay in sight."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.actions import evidence, files, reviews
from assessments.models import Assessment, Review
from edudx.lib.workflow import StepRefused
from tests import make

from .browse import criterion, fresh, review, said, save, step, text, url


@pytest.fixture
def submitted(cast, file_):
    return make.submit(file_, cast.focal, cast.head)


def answer_of(file_, code: str):
    return file_.answers.get(criterion__code=code)


# The queue


def test_the_queue_shows_the_longest_waiting_first(cast, campaign, submitted, sign_in):
    waiting = campaign.assessments.exclude(pk=submitted.pk).filter(office=cast.office)
    for days, file_ in enumerate(waiting.order_by("pk"), start=1):
        Assessment.objects.filter(pk=file_.pk).update(
            state="submitted", submitted_at=timezone.now() - timedelta(days=days)
        )
    page = sign_in(cast.specialist).get(url("queue", campaign.pk)).context["page"]
    assert [one.unit for one in page] == [cast.preschool, cast.sibling, cast.school]


def test_those_not_handed_in_come_last(cast, campaign, submitted, sign_in):
    page = sign_in(cast.specialist).get(url("queue", campaign.pk)).context["page"]
    assert next(one.unit for one in page) == cast.school
    assert len(page.object_list) == 3


def test_the_queue_shows_lateness(cast, sign_in):
    campaign = make.open_campaign(cast, days=-3)
    make.submit(campaign.assessments.get(unit=cast.school), cast.focal, cast.head)
    response = sign_in(cast.specialist).get(url("queue", campaign.pk) + "?loc=tre")
    assert response.context["counts"]["late"] == 3
    assert "Trễ 3 ngày" in text(response)
    assert "Quá hạn 3 ngày" in text(response)


def test_the_queue_is_filtered_by_state_type_and_name(cast, campaign, submitted, sign_in):
    client = sign_in(cast.specialist)

    def units(query: str) -> list:
        return [one.unit for one in client.get(url("queue", campaign.pk) + query).context["page"]]

    assert units("?loc=submitted") == [cast.school]
    assert units("?loai=MN") == [cast.preschool]
    assert units("?tim=TRUONG 0101-002") == [cast.sibling]
    assert units("?tim=khong-co") == []
    assert len(units("?loc=khong&loai=khong&trang=999")) == 3


def test_an_office_sees_its_own_queue_the_department_everything(cast, campaign, sign_in):
    def count(person) -> int:
        return sign_in(person).get(url("queue", campaign.pk)).context["counts"]["total"]

    assert [count(one) for one in (cast.specialist, cast.stranger_specialist, cast.officer)] == [
        3, 1, 5,
    ]  # fmt: skip


# One criterion


def test_keeping_needs_no_reason(cast, submitted, sign_in):
    response = review(sign_in(cast.specialist), submitted, "1.2.1", "accept")
    assert response.url == f"{url('review', submitted.pk)}#c-1.2.2"
    found = Review.objects.get()
    assert (found.decision, found.points, found.by) == ("accept", None, cast.specialist)


def test_a_changed_score_stands_beside_the_schools(cast, submitted, sign_in):
    client = sign_in(cast.specialist)
    review(client, submitted, "1.2.1", "change", points="12,5", reason="Chưa đủ học liệu")
    file_ = fresh(submitted)
    assert answer_of(file_, "1.2.1").points == 30
    assert [one.points for one in file_.results()] == [86, 70]
    assert [one.points for one in file_.reviewed_results()] == [Decimal("68.5"), 70]
    page = text(client.get(url("review", file_.pk)))
    assert "30 → 12,5 / 40" in page
    assert "68,5" in page
    assert ">86<" in page


def test_a_condition_is_changed_by_yes_or_no(cast, submitted, sign_in):
    client = sign_in(cast.specialist)
    review(client, submitted, "1.1", "change", met="0", reason="Kế hoạch của năm trước")
    group = fresh(submitted).reviewed_results()[0]
    assert (group.points, group.level, group.is_capped) == (86, 1, True)
    assert "(thiếu điều kiện)" in text(client.get(url("review", submitted.pk)))
    assert fresh(submitted).results()[0].level == 3


@pytest.mark.parametrize(
    ("code", "decision", "typed", "sentence"),
    [
        ("1.2.1", "change", {"points": "5"}, "Ghi lý do khi sửa điểm hoặc yêu cầu bổ sung."),
        ("1.2.1", "change", {"points": "5", "reason": "  "}, "Ghi lý do"),
        ("1.2.1", "flag", {}, "Ghi lý do khi sửa điểm hoặc yêu cầu bổ sung."),
        ("1.2.1", "change", {"reason": "Thiếu"}, "Ghi điểm thẩm định."),
        ("1.1", "change", {"reason": "Thiếu"}, "Chọn đạt hoặc chưa đạt."),
        ("1.2.1", "change", {"points": "41", "reason": "x"}, "Số lớn nhất được nhận là 40."),
        ("1.2.1", "change", {"points": "-1", "reason": "x"}, "Số không được âm."),
        ("1.2.1", "change", {"points": "năm", "reason": "x"}, "không phải là một số"),
        ("1.2.1", "khac", {}, "khac"),
        ("1.2.1", "", {}, "bắt buộc"),
        ("1.2.1", "flag", {"reason": "a" * 1001}, "1000"),
    ],
)
def test_a_word_without_what_it_needs_is_refused(
    cast, submitted, sign_in, code, decision, typed, sentence
):
    response = review(sign_in(cast.specialist), submitted, code, decision, **typed)
    assert response.status_code == 422
    assert sentence in text(response)
    assert not Review.objects.exists()


def test_the_action_itself_asks_for_the_range(cast, submitted):
    one = criterion(submitted, "1.2.1")
    with pytest.raises(ValidationError, match="Điểm phải từ 0 đến 40"):
        reviews.review(submitted, one, decision="change", points=41, reason="x", by=cast.specialist)


def test_a_sum_and_a_foreign_criterion_are_not_reviewed(cast, submitted, sign_in):
    client = sign_in(cast.specialist)
    review(client, submitted, "1.2", "accept")
    foreign = make.small_set("T8").criteria.get(code="1.1")
    path = url("review_save", submitted.pk, foreign.pk)
    assert client.post(path, {f"r{foreign.pk}-decision": "accept"}).status_code == 404
    assert not Review.objects.exists()


def test_a_later_word_supersedes_the_one_before(cast, submitted, sign_in):
    client = sign_in(cast.specialist)
    review(client, submitted, "1.2.1", "flag", reason="Thiếu tệp")
    review(client, submitted, "1.2.1", "accept")
    old, new = Review.objects.order_by("pk")
    assert old.superseded_at is not None
    assert (old.decision, old.reason, new.superseded_at) == ("flag", "Thiếu tệp", None)


def test_a_word_once_written_never_changes(cast, submitted):
    one = criterion(submitted, "1.2.1")
    found = reviews.review(submitted, one, decision="accept", by=cast.specialist)
    for change in ({"decision": "flag", "reason": "x"}, {"points": 1}, {"by": cast.office_head}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Review.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(ValidationError, match="Không được xóa"):
        found.delete()


# Return, completion, resubmission


@pytest.fixture
def returned(cast, submitted):
    """1.2.1 flagged, everything else accepted, given back."""
    one = criterion(submitted, "1.2.1")
    reviews.review(submitted, one, decision="flag", reason="Thiếu tệp", by=cast.specialist)
    reviews.accept_rest(submitted, by=cast.specialist)
    files.move(submitted, "return", by=cast.specialist, reason="Bổ sung 1.2.1")
    return fresh(submitted)


def test_only_flagged_criteria_reopen(cast, returned, sign_in):
    client = sign_in(cast.focal)
    assert returned.state == "returned"
    assert returned.assignment.state == "returned"
    page = text(client.get(returned.get_absolute_url()))
    assert "Thiếu tệp" in page
    assert page.count("data-autosave") == 1
    assert save(client, returned, "1.2.1", entered_points="25", version=2).status_code == 302
    refused = save(client, returned, "1.2.2", met="0", version=2, as_json=True)
    assert refused.status_code == 409


def test_an_edit_resets_exactly_that_criterions_review(cast, returned, sign_in):
    save(sign_in(cast.focal), returned, "1.2.1", entered_points="25", version=2)
    reviews = Review.objects.filter(answer__assessment=returned)
    old = reviews.get(answer__criterion__code="1.2.1")
    assert (old.decision, old.superseded_at is None) == ("flag", False)
    assert reviews.filter(superseded_at=None).count() == 6
    assert fresh(returned).answers_by_code["1.2.1"].review is None


def test_new_evidence_resets_the_review_too(cast, returned):
    version = make.document(cast.school, cast.focal, "Bổ sung")
    evidence.add(returned, criterion(returned, "1.2.1"), version, by=cast.focal)
    assert fresh(returned).answers_by_code["1.2.1"].review is None


def test_an_untouched_flag_is_a_warning(cast, returned, sign_in):
    page = text(sign_in(cast.focal).get(url("check", returned.pk)))
    assert "1.2.1: phòng yêu cầu bổ sung, chưa sửa gì." in page


def test_the_file_comes_back_and_only_the_edit_is_open(cast, returned, sign_in):
    save(sign_in(cast.focal), returned, "1.2.1", entered_points="25", version=2)
    step(sign_in(cast.focal), returned, "prepare")
    step(sign_in(cast.head), returned, "submit")
    file_ = fresh(returned)
    assert (file_.state, file_.assignment.state) == ("submitted", "handed_in")
    assert not file_.answers.filter(is_reopened=True).exists()
    client = sign_in(cast.specialist)
    assert "Còn 1 tiêu chí chưa thẩm định: 1.2.1." in text(client.get(url("review", file_.pk)))
    review(client, file_, "1.2.1", "accept")
    step(client, file_, "finish_review")
    assert fresh(file_).state == "reviewed"


def test_a_return_needs_a_flag_and_a_reason(cast, submitted, sign_in):
    client = sign_in(cast.specialist)
    assert "ít nhất một tiêu chí" in said(step(client, submitted, "return", "Bổ sung"))
    review(client, submitted, "1.2.1", "flag", reason="Thiếu")
    assert "Cần ghi lý do" in said(step(client, submitted, "return"))
    assert fresh(submitted).state == "submitted"


# The end of the review


def test_the_review_ends_when_every_criterion_has_a_word(cast, submitted, sign_in):
    client = sign_in(cast.specialist)
    assert "Còn 7 tiêu chí chưa thẩm định: 1.1, 1.2.1" in said(
        step(client, submitted, "finish_review")
    )
    review(client, submitted, "1.1", "flag", reason="Thiếu")
    client.post(url("review_rest", submitted.pk))
    assert "Còn tiêu chí «Cần bổ sung»" in said(step(client, submitted, "finish_review"))
    review(client, submitted, "1.1", "accept")
    step(client, submitted, "finish_review")
    assert fresh(submitted).state == "reviewed"


def test_accepting_the_rest_keeps_the_words_already_said(cast, submitted, sign_in):
    client = sign_in(cast.specialist)
    review(client, submitted, "1.2.1", "change", points="5", reason="Thiếu")
    response = client.post(url("review_rest", submitted.pk), follow=True)
    assert "Đã giữ điểm 6 tiêu chí còn lại." in said(response)
    assert Review.objects.filter(decision="change").count() == 1
    assert Review.objects.filter(superseded_at=None).count() == 7


def test_a_reviewed_file_may_be_read_again_with_a_reason(cast, submitted, sign_in):
    file_ = make.review(submitted, cast.specialist)
    client = sign_in(cast.specialist)
    assert "Cần ghi lý do" in said(step(client, file_, "review_again"))
    step(client, file_, "review_again", "Sót minh chứng")
    assert fresh(file_).state == "submitted"
    with pytest.raises(StepRefused, match="không ở bước thẩm định"):
        reviews.review(
            make.review(fresh(file_), cast.specialist), criterion(file_, "1.1"),
            decision="accept", by=cast.specialist,
        )  # fmt: skip


def test_the_reason_of_a_flag_stays_in_sight_while_the_school_works(cast, returned, sign_in):
    client = sign_in(cast.focal)
    save(client, returned, "1.2.1", entered_points="25", version=2)
    assert "Thiếu tệp" in text(client.get(returned.get_absolute_url()))


def test_what_the_school_completed_is_looked_at_again(cast, returned, sign_in):
    """After the resubmission the old request stands beside it and «the rest» does not cover it."""
    save(sign_in(cast.focal), returned, "1.2.1", entered_points="25", version=2)
    files.move(returned, "prepare", by=cast.focal)
    files.move(returned, "submit", by=cast.head)
    client = sign_in(cast.specialist)
    page = text(client.get(url("review", returned.pk)))
    assert "Trường vừa bổ sung 1 tiêu chí" in page
    assert "Lần trước yêu cầu: Thiếu tệp" in page
    reviews.accept_rest(returned, by=cast.specialist)
    with pytest.raises(StepRefused, match=r"Còn 1 tiêu chí chưa thẩm định: 1\.2\.1"):
        files.move(returned, "finish_review", by=cast.specialist)


def test_a_returned_file_says_why_on_top(cast, returned, sign_in):
    page = text(sign_in(cast.focal).get(returned.get_absolute_url()))
    assert "trả lại để bổ sung:" in page
    assert "Bổ sung 1.2.1" in page


def test_both_totals_stand_side_by_side_on_the_file(cast, file_, sign_in):
    """What the school gave itself and what it has after the review, each with its reasons."""
    make.submit(file_, cast.focal, cast.head)
    client = sign_in(cast.specialist)
    review(client, file_, "1.2.1", "change", points="10", reason="Thiếu minh chứng")
    review(client, file_, "1.1", "change", met="0", reason="Chưa ban hành")
    page = text(client.get(file_.get_absolute_url()))
    assert "86 / 100 điểm" in page
    assert "Sau thẩm định: <strong>66 / 100 điểm</strong>" in page
    assert "điều kiện: đạt → chưa đạt" in page
