"""Who may review, who may not, and what is said between office and school."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from assessments.actions import files, reviews
from assessments.models import Assessment, Comment, Review
from schools.actions import people
from schools.models import Membership, User
from schools.permissions import Role
from tests import make

from .browse import criterion, fresh, review, save, step, text, url


@pytest.fixture
def submitted(cast, file_):
    return make.submit(file_, cast.focal, cast.head)


@pytest.mark.parametrize(
    ("who", "status"),
    [("specialist", 302), ("office_head", 302), ("officer", 403), ("department_head", 403),
     ("auditor", 403), ("focal", 403), ("head", 403), ("stranger", 404), ("sibling_focal", 404),
     ("stranger_specialist", 404), ("stranger_head", 404), ("administrator", 403)],
)  # fmt: skip
def test_only_the_reviewing_unit_reviews(cast, submitted, sign_in, who, status):
    client = sign_in(getattr(cast, who))
    assert review(client, submitted, "1.1", "accept").status_code == status
    page = 200 if status == 302 else status
    assert client.get(url("review", submitted.pk)).status_code == page
    assert client.post(url("review_rest", submitted.pk)).status_code == status
    assert Review.objects.exists() == (status == 302)


def test_a_high_school_is_reviewed_by_the_department(cast, campaign, sign_in):
    focal = make.person(cast.high_school, Role.FOCAL_POINT)
    head = make.person(cast.high_school, Role.HEAD)
    file_ = make.submit(campaign.assessments.get(unit=cast.high_school), focal, head)
    assert review(sign_in(cast.specialist), file_, "1.1", "accept").status_code == 404
    assert review(sign_in(cast.officer), file_, "1.1", "accept").status_code == 302


def add_post(person, unit, role) -> None:
    Membership.objects.create(user=person, unit=unit, role=role, valid_from="2020-01-01")


def test_nobody_reviews_their_own_unit_whichever_hat_is_on(cast, submitted, sign_in):
    both = make.person(cast.office, Role.SPECIALIST)
    add_post(both, cast.school, Role.FOCAL_POINT)
    client = sign_in(both)
    assert review(client, submitted, "1.1", "accept").status_code == 403
    response = client.get(url("review", submitted.pk))
    assert response.status_code == 403
    assert "Không ai được thẩm định hồ sơ do mình hoặc đơn vị mình lập." in text(response)
    assert step(client, submitted, "finish_review").status_code == 403
    assert client.post(url("review_rest", submitted.pk)).status_code == 403
    assert not Review.objects.exists()


def test_nobody_reviews_what_they_wrote_in_an_earlier_post(cast, submitted, sign_in):
    cast.focal.memberships.update(valid_to="2020-12-31", valid_from="2020-01-01")
    add_post(cast.focal, cast.office, Role.SPECIALIST)
    assert review(sign_in(cast.focal), submitted, "1.1", "accept").status_code == 403
    with pytest.raises(PermissionDenied, match="Không ai được thẩm định hồ sơ do mình"):
        files.move(submitted, "finish_review", by=fresh(cast.focal))
    page = text(sign_in(cast.focal).get(url("review", submitted.pk)))
    assert "Bạn hoặc đơn vị của bạn đã lập hồ sơ này nên không thể thẩm định" in page


def test_a_person_of_two_posts_still_reviews_other_schools(cast, campaign, sign_in):
    both = make.person(cast.office, Role.SPECIALIST)
    add_post(both, cast.school, Role.FOCAL_POINT)
    head = make.person(cast.sibling, Role.HEAD)
    file_ = make.submit(campaign.assessments.get(unit=cast.sibling), cast.sibling_focal, head)
    assert review(sign_in(both), file_, "1.1", "accept").status_code == 302


def test_the_school_reads_the_review_once_it_is_given_back(cast, submitted, sign_in):
    one = criterion(submitted, "1.2.1")
    reviews.review(submitted, one, decision="flag", reason="Thiếu tệp", by=cast.specialist)
    page = text(sign_in(cast.focal).get(submitted.get_absolute_url()))
    assert "Thiếu tệp" not in page
    files.move(submitted, "return", by=cast.specialist, reason="Bổ sung")
    assert "Thiếu tệp" in text(sign_in(cast.focal).get(submitted.get_absolute_url()))


# Remarks


def send(client, file_, words: str, code="1.2.1", **more):
    path = url("comments", file_.pk, criterion(file_, code).pk)
    return client.post(path, {"text": words, **more}, follow=True)


def test_a_remark_is_read_by_both_sides(cast, submitted, sign_in):
    send(sign_in(cast.specialist), submitted, "Tệp nào là kế hoạch?")
    page = send(sign_in(cast.focal), submitted, "Tệp thứ hai")
    assert "Tệp nào là kế hoạch?" in text(page)
    assert "Tệp thứ hai" in text(page)
    assert Comment.objects.count() == 2


def test_internal_remarks_are_hidden_from_the_school(cast, submitted, sign_in):
    send(sign_in(cast.specialist), submitted, "Cần kiểm tra tận nơi", is_internal="on")
    path = url("comments", submitted.pk, criterion(submitted, "1.2.1").pk)
    for person, is_seen in (
        (cast.office_head, True), (cast.officer, True), (cast.focal, False), (cast.head, False),
    ):  # fmt: skip
        client = sign_in(person)
        assert ("Cần kiểm tra tận nơi" in text(client.get(path))) == is_seen
        assert "Cần kiểm tra" not in text(client.get(submitted.get_absolute_url()))


def test_a_school_writes_no_internal_remark(cast, submitted, sign_in):
    send(sign_in(cast.focal), submitted, "Của trường", is_internal="on")
    assert not Comment.objects.get().is_internal
    one = criterion(submitted, "1.2.1")
    with pytest.raises(PermissionDenied, match="Chỉ người thẩm định được ghi ý kiến nội bộ"):
        reviews.comment(submitted, one, text="x", is_internal=True, by=cast.focal)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [("", "Hãy ghi nội dung trao đổi."), ("a" * 2001, "Trao đổi dài quá 2.000 ký tự.")],
)
def test_a_bad_remark_gets_a_sentence(cast, submitted, sign_in, words, sentence):
    assert sentence in text(send(sign_in(cast.focal), submitted, words))
    assert not Comment.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("officer", 403), ("auditor", 403), ("stranger", 404)])
def test_others_write_no_remarks(cast, submitted, sign_in, who, status):
    assert send(sign_in(getattr(cast, who)), submitted, "x").status_code == status
    assert not Comment.objects.exists()


def test_remarks_are_never_changed_or_deleted(cast, submitted):
    one = criterion(submitted, "1.2.1")
    found = reviews.comment(submitted, one, text="Hỏi", is_internal=True, by=cast.specialist)
    for change in ({"text": "Khác"}, {"is_internal": False}, {"by": cast.focal}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Comment.objects.filter(pk=found.pk).update(**change)
    for rows in (found, Comment.objects.all()):
        with pytest.raises(ValidationError, match="Không được xóa"), transaction.atomic():
            rows.delete()
    assert fresh(found).text == "Hỏi"


def test_an_edit_after_the_return_is_written_down(cast, submitted, sign_in):
    one = criterion(submitted, "1.2.1")
    reviews.review(submitted, one, decision="flag", reason="Thiếu", by=cast.specialist)
    files.move(submitted, "return", by=cast.specialist, reason="Bổ sung")
    save(sign_in(cast.focal), submitted, "1.2.1", entered_points="9", version=2)
    page = text(sign_in(cast.focal).get(submitted.get_absolute_url()))
    assert "Sửa tiêu chí 1.2.1 sau thẩm định; ý kiến thẩm định được đặt lại" in page


# Who was an author once


def test_an_author_who_changes_sides_stays_an_author(cast, file_):
    make.fill(file_, cast.focal)
    files.move(file_, "prepare", by=cast.focal)
    files.move(file_, "submit", by=cast.head)
    cast.focal.memberships.update(valid_to=timezone.localdate() - timezone.timedelta(days=1))
    Membership.objects.create(user=cast.focal, unit=cast.office, role=Role.SPECIALIST)
    turned = User.objects.get(pk=cast.focal.pk)
    Assessment.objects.filter(pk=file_.pk).update(prepared_by=None)
    file_.answers.update(updated_by=cast.head)
    with pytest.raises(PermissionDenied, match="do mình hoặc đơn vị mình lập"):
        reviews.accept_rest(file_, by=turned)


def test_a_post_ended_on_the_opening_day_still_counts(cast, file_):
    file_.campaign.opens_at = timezone.now()
    file_.campaign.save(update_fields=["opens_at"])
    people.end_membership(cast.focal.memberships.get(), by=cast.head)
    Membership.objects.create(user=cast.focal, unit=cast.office, role=Role.SPECIALIST)
    turned = User.objects.get(pk=cast.focal.pk)
    assert Assessment.objects.get(pk=file_.pk).was_written_by(turned)
