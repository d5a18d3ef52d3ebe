"""A department or an office makes a campaign, opens it for its schools, closes it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from assessments.actions import campaigns, certificates, evidence, files, publication, reviews
from assessments.models import Campaign
from edudx.lib.workflow import StepRefused
from plans.models import Assignment, Task
from schools.models import Event
from schools.permissions import Role
from tests import make

from .browse import campaign_form, criterion, fresh, said, save, text, url


@pytest.fixture
def sets(cast):
    return [make.small_set(), make.small_set("T2", applies_to=["MN"])]


def add(client, form: dict):
    return client.post(url("campaign_add"), form)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# Making


def test_an_officer_writes_dates_as_in_the_document(cast, sets, sign_in):
    response = add(sign_in(cast.officer), campaign_form(cast.department, sets))
    found = Campaign.objects.get()
    assert response.url == found.get_absolute_url()
    assert found.submission_phrase == "Trước ngày 20/5/2027"
    assert found.opens_at == utc(2026, 8, 31, 17)  # 00:00 on 01/9 in Việt Nam
    assert found.submission_due_at == utc(2027, 5, 19, 16, 59, 59)  # the day itself is late
    assert found.decision_due_at == utc(2027, 5, 25, 16, 59, 59)
    assert found.publication_due_at == utc(2027, 6, 19, 16, 59, 59)
    assert (found.issuer, found.created_by, found.state) == (cast.department, cast.officer, "draft")
    assert Event.objects.about(found).get().label == f"Tạo đợt «{found}»"


def test_the_page_shows_the_computed_instant(cast, sets, sign_in):
    client = sign_in(cast.officer)
    add(client, campaign_form(cast.department, sets))
    assert "23:59:59 19/05/2027" in text(client.get(Campaign.objects.get().get_absolute_url()))


def test_before_a_day_may_include_it(cast, sets, sign_in):
    add(sign_in(cast.officer), campaign_form(cast.department, sets, include_day="on"))
    found = Campaign.objects.get()
    assert found.submission_due_at == utc(2027, 5, 20, 16, 59, 59)
    assert found.decision_due_at == utc(2027, 5, 25, 16, 59, 59)


def test_an_office_makes_a_campaign_for_its_own_schools(cast, sets, sign_in):
    add(sign_in(cast.specialist), campaign_form(cast.office, sets))
    found = Campaign.objects.get()
    assert (found.issuer, found.scope) == (cast.office, cast.office)
    campaigns.open(found, by=cast.specialist)
    units = set(found.assessments.values_list("unit", flat=True))
    assert units == {cast.school.pk, cast.sibling.pk, cast.preschool.pk}


@pytest.mark.parametrize("field", ["opening_phrase", "submission_phrase", "decision_phrase"])
def test_an_unreadable_phrase_gets_a_sentence_on_its_field(cast, sets, sign_in, field):
    form = campaign_form(cast.department, sets, **{field: "khi nào xong thì nộp"})
    response = add(sign_in(cast.officer), form)
    sentence = response.context["form"].errors[field][0]
    assert "Chưa đọc được thời hạn «khi nào xong thì nộp»" in sentence
    assert 'value="khi nào xong thì nộp"' in text(response)
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"submission_phrase": "Trước ngày 20/8/2026"},
        {"submission_phrase": "Chậm nhất ngày 30/5/2027"},
        {"publication_phrase": "Trước ngày 20/5/2027"},
        {"opening_phrase": "Từ ngày 01/6/2027"},
        {"submission_phrase": "Chậm nhất 0 giờ ngày 01/9/2026"},
    ],
)
def test_dates_in_the_wrong_order_are_refused(cast, sets, sign_in, changed):
    response = add(sign_in(cast.officer), campaign_form(cast.department, sets, **changed))
    assert response.status_code == 200
    assert "Các ngày phải theo thứ tự" in text(response)
    assert not Campaign.objects.exists()


def test_two_sets_for_one_type_are_refused(cast, sets, sign_in):
    sets.append(make.small_set("T3", applies_to=["TH"]))
    response = add(sign_in(cast.officer), campaign_form(cast.department, sets))
    assert "cùng áp dụng cho «Tiểu học»" in response.context["form"].errors["sets"][0]


def test_a_scope_outside_the_issuer_is_refused(cast, sets, sign_in):
    for scope in (cast.neighbour, cast.department, cast.school):
        response = add(sign_in(cast.specialist), campaign_form(scope, sets))
        assert "scope" in response.context["form"].errors
    assert not Campaign.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "đợt một"}, "code"), ({"period": "2026"}, None), ({"period": "26-27"}, "period"),
        ({"period": "2026-2030"}, "period"), ({"sets": []}, "sets"), ({"sets": ["x"]}, "sets"),
        ({"title": ""}, "title"), ({"scope": "x"}, "scope"), ({"title": "x" * 201}, "title"),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence(cast, sets, sign_in, changed, field):
    response = add(sign_in(cast.officer), campaign_form(cast.department, sets, **changed))
    if field is None:  # a calendar year is a period too
        assert response.status_code == 302
    else:
        assert response.status_code == 200
        assert field in response.context["form"].errors


def test_a_code_is_used_once(cast, sets, sign_in):
    client = sign_in(cast.officer)
    add(client, campaign_form(cast.department, sets))
    response = add(client, campaign_form(cast.department, sets))
    assert response.context["form"].errors["code"] == ["Mã đợt này đã được dùng."]


@pytest.mark.parametrize("who", ["focal", "head", "auditor", "administrator"])
def test_others_make_no_campaigns(cast, sets, sign_in, who):
    response = add(sign_in(getattr(cast, who)), campaign_form(cast.department, sets))
    assert response.status_code == 403


def test_a_draft_is_mended_an_open_campaign_is_not(cast, sets, sign_in):
    client = sign_in(cast.officer)
    add(client, campaign_form(cast.department, sets))
    found = Campaign.objects.get()
    form = campaign_form(cast.department, sets, submission_phrase="Trước ngày 10/5/2027")
    client.post(url("campaign_edit", found.pk), form)
    assert fresh(found).submission_due_at == utc(2027, 5, 9, 16, 59, 59)
    campaigns.open(found, by=cast.officer)
    assert client.post(url("campaign_edit", found.pk), form).status_code == 403


def test_a_stranger_does_not_see_a_draft_campaign(cast, sets, sign_in):
    found = make.campaign(cast.office, cast.specialist, sets)
    assert sign_in(cast.stranger_specialist).get(found.get_absolute_url()).status_code == 404
    assert sign_in(cast.focal).get(found.get_absolute_url()).status_code == 404
    assert sign_in(cast.officer).get(found.get_absolute_url()).status_code == 200


# Opening


def test_opening_gives_schools_and_offices_their_tasks(cast, campaign):
    schools, offices = campaign.school_task, campaign.office_task
    assert (schools.kind, offices.kind) == (Task.Kind.SELF_ASSESSMENT, Task.Kind.CERTIFY)
    assert (schools.due_at, offices.due_at) == (
        campaign.submission_due_at,
        campaign.decision_due_at,
    )
    assert schools.phrase == campaign.submission_phrase
    assert {one.unit for one in schools.assignments.all()} == {
        cast.school, cast.sibling, cast.preschool, cast.stranger_school, cast.high_school,
    }  # fmt: skip
    assert {one.unit for one in offices.assignments.all()} == {cast.office, cast.neighbour}
    for one in Assignment.objects.all():
        assert (one.unit_path, one.original_due_at) == (one.unit.path, one.task.due_at)


def test_every_school_gets_a_file_on_the_set_of_its_type(cast, campaign):
    by_unit = {one.unit: one for one in campaign.assessments.all()}
    assert by_unit[cast.preschool].indicator_set.code == "T2"
    assert {by_unit[one].indicator_set.code for one in (cast.school, cast.high_school)} == {"T1"}
    assert by_unit[cast.school].office == cast.office
    assert by_unit[cast.high_school].office == cast.department
    assert {one.assignment.unit for one in by_unit.values()} == set(by_unit)


def test_opening_on_the_page_leaves_an_event(cast, sets, sign_in):
    found = make.campaign(cast.department, cast.officer, sets)
    response = sign_in(cast.officer).post(url("campaign_open", found.pk), follow=True)
    assert "cho 5 trường." in said(response)
    event = Event.objects.about(found).get()
    assert (event.from_state, event.to_state, event.by) == ("draft", "open", cast.officer)


def test_opening_twice_is_refused(cast, campaign, sign_in):
    response = sign_in(cast.officer).post(url("campaign_open", campaign.pk), follow=True)
    assert said(response) == "Không thể «Mở đợt» khi đang ở trạng thái «Đang mở»."
    assert (campaign.assessments.count(), Task.objects.count()) == (5, 2)


def test_only_people_of_the_issuer_open_it(cast, sets, sign_in):
    found = make.campaign(cast.department, cast.officer, sets)
    for person in (cast.specialist, cast.focal, cast.administrator):
        with pytest.raises(PermissionDenied):
            campaigns.open(found, by=person)
    assert sign_in(cast.stranger_specialist).post(url("campaign_open", found.pk)).status_code == 404


def test_closed_units_take_no_part(cast, sets):
    cast.sibling.valid_to = timezone.localdate() - timedelta(days=1)
    cast.sibling.save(update_fields=["valid_to"])
    cast.preschool.valid_from = timezone.localdate() + timedelta(days=1)
    cast.preschool.save(update_fields=["valid_from"])
    found = make.open_campaign(cast, sets=sets)
    assert not found.assessments.filter(unit__in=[cast.sibling, cast.preschool]).exists()
    assert found.assessments.count() == 3


def test_types_without_a_set_take_no_part(cast):
    found = make.open_campaign(cast, sets=[make.small_set("T2", applies_to=["MN"])])
    assert [one.unit for one in found.assessments.all()] == [cast.preschool]


def test_a_campaign_without_sets_or_schools_does_not_open(cast):
    empty = make.campaign(cast.department, cast.officer, [])
    with pytest.raises(StepRefused, match="Chưa chọn bộ chỉ số nào"):
        campaigns.open(empty, by=cast.officer)
    alone = make.campaign(cast.department, cast.officer, [make.small_set(applies_to=["GDTX"])])
    with pytest.raises(StepRefused, match="Không có trường nào trong phạm vi"):
        campaigns.open(alone, by=cast.officer)


def test_an_edit_cannot_undo_an_opening(cast):
    """The page was opened as a draft and sent after somebody opened the campaign."""
    stale = make.campaign(cast.department, cast.officer, [make.small_set()])
    sets = list(stale.sets.all())
    campaigns.open(stale, by=cast.officer)
    with pytest.raises(StepRefused, match="Đợt đã mở"):
        campaigns.save(stale, sets, by=cast.officer)


# Closing


def test_closing_needs_a_reason_and_blocks_entry(cast, campaign, file_, sign_in):
    client = sign_in(cast.officer)
    response = client.post(url("campaign_close", campaign.pk), follow=True)
    assert said(response) == "Cần ghi lý do khi «Đóng đợt»."
    client.post(url("campaign_close", campaign.pk), {"reason": "Hết hạn"})
    assert fresh(campaign).state == "closed"
    response = save(sign_in(cast.focal), file_, "1.1", met="1", as_json=True)
    assert (response.status_code, response.json()["error"]) == (
        409, "Tiêu chí 1.1 đang khóa, không thể sửa.",
    )  # fmt: skip
    assert not fresh(file_).answers.exists()


def test_closing_blocks_steps_and_reviews(cast, campaign, file_):
    file_ = make.submit(file_, cast.focal, cast.head)
    campaigns.close(campaign, by=cast.officer, reason="Hết hạn")
    with pytest.raises(StepRefused, match="Đợt đánh giá đã đóng"):
        files.move(file_, "finish_review", by=cast.specialist)
    one = criterion(file_, "1.1")
    with pytest.raises(StepRefused, match="Đợt đánh giá đã đóng"):
        reviews.review(file_, one, decision="accept", by=cast.specialist)
    with pytest.raises(StepRefused, match="Đợt đánh giá đã đóng"):
        reviews.accept_rest(file_, by=cast.specialist)


def test_minutes_are_not_attached_after_the_close(cast, campaign, file_):
    make.fill(file_, cast.focal)
    files.move(file_, "prepare", by=cast.focal)
    campaigns.close(campaign, by=cast.officer, reason="Hết hạn")
    with pytest.raises(StepRefused, match="Hồ sơ đang khóa"):
        evidence.attach_minutes(file_, make.document(cast.school, cast.focal), by=cast.focal)


def test_a_closed_campaign_is_still_read(cast, campaign, file_, sign_in):
    campaigns.close(campaign, by=cast.officer, reason="Hết hạn")
    assert sign_in(cast.focal).get(file_.get_absolute_url()).status_code == 200
    assert sign_in(cast.specialist).get(url("queue", campaign.pk)).status_code == 200
    with pytest.raises(StepRefused, match="đang ở trạng thái «Đã đóng»"):
        campaigns.close(campaign, by=cast.officer, reason="Lại")


def test_a_closed_campaign_opens_again_with_a_reason(cast, campaign, file_):
    """Reopening a certified file needs an open campaign; the organiser may open it again."""
    certified = make.submit(file_, cast.focal, cast.head)
    make.certify(make.review(certified, cast.specialist), campaign, cast.office_head)
    campaigns.close(campaign, by=cast.officer, reason="Hết hạn")
    with pytest.raises(StepRefused, match="Đợt đánh giá đã đóng"):
        certificates.reopen(file_, by=cast.office_head, reason="Sai số liệu")
    with pytest.raises(StepRefused, match="Cần ghi lý do"):
        campaigns.reopen(campaign, by=cast.officer, reason=" ")
    campaigns.reopen(campaign, by=cast.officer, reason="Có trường sai số liệu")
    assert certificates.reopen(file_, by=cast.office_head, reason="Sai số liệu").step == "reopen"


# What a school may do and read of it


def test_nobody_writes_before_the_campaign_begins(cast):
    later = make.open_campaign(
        cast,
        opens_at=timezone.now() + timezone.timedelta(days=1),
        opening_phrase="Từ ngày mai",
    )
    file_ = later.assessments.get(unit=cast.school)
    with pytest.raises(StepRefused, match="đang khóa"):
        make.answer(file_, "1.1", cast.focal, met=True)


def test_a_school_does_not_read_what_the_neighbouring_office_did(cast, campaign, sign_in):
    own, theirs = (
        campaign.assessments.get(unit=one) for one in (cast.school, cast.stranger_school)
    )
    cast.stranger_school_head = make.person(cast.stranger_school, Role.HEAD)
    ready = make.review(
        make.submit(theirs, cast.stranger, cast.stranger_school_head), cast.stranger_specialist
    )
    make.certify(ready, campaign, cast.stranger_head)
    publication.publish(campaign, by=cast.stranger_head)
    assert own.campaign_id == campaign.pk
    page = text(sign_in(cast.focal).get(campaign.get_absolute_url()))
    assert "Mở «" in page
    assert "Công bố kết quả" not in page
    assert "Công bố kết quả" in text(sign_in(cast.officer).get(campaign.get_absolute_url()))
