"""Lateness is for ever; boards count what the reader may see; offices report their round."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assessments.actions import campaigns, files, office_reports, reviews
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.models import Assignment
from schools.models import Event
from tests import make

ONE_SECOND = timedelta(seconds=1)


@pytest.fixture
def assignment(file_):
    return file_.assignment


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def hand_in(assignment, cast, at):
    assignments.move(assignment, "hand_in", by=cast.head, at=at)
    return fresh(assignment)


def text(response) -> str:
    return response.content.decode()


# Lateness


def test_the_last_second_is_on_time(cast, assignment):
    last = assignment.due_at.replace(microsecond=0) + timedelta(microseconds=999_999)
    found = hand_in(assignment, cast, last)
    assert (found.is_late, found.days_late, found.timeliness) == (False, 0, "Đúng hạn")
    assert not Assignment.objects.late(found.due_at + timedelta(days=30)).filter(pk=found.pk)


def test_one_second_later_is_a_day_late(cast, assignment):
    found = hand_in(assignment, cast, assignment.due_at + ONE_SECOND)
    assert (found.is_late, found.days_late, found.timeliness) == (True, 1, "Trễ 1 ngày")
    assert Assignment.objects.late().filter(pk=found.pk).exists()


def test_late_stays_late_after_return_and_resubmission(cast, assignment):
    late = assignment.due_at + ONE_SECOND
    found = hand_in(assignment, cast, late)
    assignments.move(found, "give_back", by=cast.specialist, reason="Bổ sung")
    again = hand_in(found, cast, late + timedelta(days=5))
    assert again.timeliness == "Trễ 1 ngày"
    assert (again.handed_in_at, again.last_handed_in_at) == (late, late + timedelta(days=5))
    assignments.move(again, "complete", by=cast.office_head, at=late + timedelta(days=6))
    assignments.move(again, "reopen", by=cast.office_head, reason="Nhầm")
    assert fresh(again).timeliness == "Trễ 1 ngày"


def test_on_time_stays_on_time_when_the_completion_comes_late(cast, assignment):
    found = hand_in(assignment, cast, assignment.due_at)
    assignments.move(found, "give_back", by=cast.specialist, reason="Bổ sung")
    again = hand_in(found, cast, assignment.due_at + timedelta(days=9))
    assert again.timeliness == "Đúng hạn"


def test_a_school_that_submits_late_on_the_page_is_late(cast):
    campaign = make.open_campaign(cast, days=-2)
    file_ = make.submit(campaign.assessments.get(unit=cast.school), cast.focal, cast.head)
    assert file_.assignment.timeliness == "Trễ 2 ngày"
    one = file_.indicator_set.criteria.select_related("group").get(code="1.1")
    reviews.review(file_, one, decision="flag", reason="Thiếu", by=cast.specialist)
    files.move(file_, "return", by=cast.specialist, reason="Thiếu")
    assert fresh(file_).assignment.timeliness == "Trễ 2 ngày"


def test_what_is_not_handed_in_is_overdue_only_after_its_last_second(assignment):
    late = Assignment.objects.filter(pk=assignment.pk)
    assert not late.late(assignment.due_at + timedelta(microseconds=999_999)).exists()
    assert late.late(assignment.due_at + ONE_SECOND).exists()
    assert assignment.timeliness == ""


# What the database refuses


@pytest.mark.parametrize(
    "change",
    [{"original_due_at": timezone.now()}, {"unit_path": "x/"}],
    ids=["original_due_at", "unit_path"],
)
def test_the_original_due_date_and_place_never_change(assignment, change):
    with pytest.raises(DatabaseError), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(**change)


def test_the_first_hand_in_never_changes(cast, assignment):
    found = hand_in(assignment, cast, assignment.due_at + ONE_SECOND)
    for value in (None, found.due_at):
        with pytest.raises(DatabaseError), transaction.atomic():
            Assignment.objects.filter(pk=found.pk).update(handed_in_at=value)


def test_a_unit_or_task_is_not_swapped_under_it(cast, campaign, assignment):
    for change in ({"unit": cast.department}, {"task": campaign.office_task}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Assignment.objects.filter(pk=assignment.pk).update(**change)


def test_a_due_date_never_goes_before_the_original(assignment):
    earlier = assignment.original_due_at - ONE_SECOND
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(due_at=earlier)


def test_done_needs_a_hand_in_and_nothing_is_deleted(assignment):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(done_at=timezone.now())
    for row in (assignment, Assignment.objects.all()):
        with pytest.raises((ValidationError, DatabaseError)), transaction.atomic():
            row.delete()


def test_a_task_is_given_once_to_a_unit(cast, assignment):
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(
            task=assignment.task, unit=cast.school, unit_path="x/", due_at=assignment.due_at,
            original_due_at=assignment.due_at,
        )  # fmt: skip


def test_steps_in_the_wrong_order_are_refused_and_the_right_ones_written_down(cast, assignment):
    with pytest.raises(StepRefused, match="«Hoàn thành» khi đang ở trạng thái «Chưa nộp»"):
        assignments.move(assignment, "complete", by=cast.office_head)
    found = hand_in(assignment, cast, assignment.due_at)
    with pytest.raises(StepRefused, match="Cần ghi lý do khi «Trả lại»"):
        assignments.move(found, "give_back", by=cast.specialist, reason=" ")
    with pytest.raises(StepRefused, match="Không có bước xử lý này"):
        assignments.move(found, "khong-co", by=cast.head)
    event = Event.objects.about(found).get()
    assert (event.step, event.from_state, event.to_state) == ("hand_in", "open", "handed_in")


# The office's report


@pytest.fixture
def office_task(cast, campaign):
    return campaign.office_task.assignments.get(unit=cast.office)


def report(client, assignment, reason: str = ""):
    path = reverse("assessments:office_report", args=[assignment.pk])
    return client.post(path, {"reason": reason}, follow=True)


def said(response) -> str:
    return " ".join(str(one) for one in response.context["messages"])


def test_unfinished_schools_need_a_reason(cast, office_task, sign_in):
    client = sign_in(cast.office_head)
    refused = said(report(client, office_task))
    assert refused == "Còn 3 / 3 trường chưa được công nhận. Ghi lý do nếu vẫn báo cáo."
    report(client, office_task, "Các trường xin lùi hạn")
    found = fresh(office_task)
    assert (found.state, found.timeliness) == ("done", "Đúng hạn")
    first = Event.objects.about(found).first()
    assert (first.step, first.reason, first.by) == (
        "hand_in", "Các trường xin lùi hạn", cast.office_head,
    )  # fmt: skip


def test_a_finished_round_is_reported_without_a_reason(cast, sign_in):
    for unit in (cast.sibling, cast.preschool):
        unit.valid_to = timezone.localdate() - timedelta(days=1)
        unit.save(update_fields=["valid_to"])
    campaign = make.open_campaign(cast)
    file_ = make.submit(campaign.assessments.get(unit=cast.school), cast.focal, cast.head)
    make.certify(make.review(file_, cast.specialist), campaign, cast.office_head)
    office_task = campaign.office_task.assignments.get(unit=cast.office)
    report(sign_in(cast.office_head), office_task)
    assert fresh(office_task).state == "done"


def test_a_report_is_made_once_and_not_after_the_close(cast, campaign, office_task, sign_in):
    client = sign_in(cast.office_head)
    report(client, office_task, "Xong")
    assert "«Nộp» khi đang ở trạng thái «Hoàn thành»" in said(report(client, office_task, "Lại"))
    campaigns.close(campaign, by=cast.officer, reason="Hết hạn")
    other = campaign.office_task.assignments.get(unit=cast.neighbour)
    assert "Đợt đánh giá đã đóng." in said(report(sign_in(cast.stranger_head), other, "x"))


@pytest.mark.parametrize(
    ("who", "status"),
    [("specialist", 403), ("officer", 403), ("department_head", 403), ("focal", 404),
     ("stranger_head", 404)],
)  # fmt: skip
def test_only_the_offices_own_head_reports(cast, office_task, sign_in, who, status):
    assert report(sign_in(getattr(cast, who)), office_task, "x").status_code == status
    assert fresh(office_task).state == "open"
    with pytest.raises(PermissionDenied):
        office_reports.report(office_task, by=getattr(cast, who), reason="x")


# Boards


def test_a_board_counts_what_its_reader_may_see(cast, campaign, file_, sign_in):
    make.submit(file_, cast.focal, cast.head)
    path = campaign.school_task.get_absolute_url()

    def counts(person) -> tuple:
        lists = sign_in(person).get(path).context["lists"]
        found = {key: count for key, _, count in lists}
        return found["phai-nop"], found["da-nop"], found["tre"]

    assert counts(cast.officer) == (5, 1, 0)
    assert counts(cast.specialist) == (3, 1, 0)
    assert counts(cast.stranger_specialist) == (1, 0, 0)
    assert counts(cast.focal) == (1, 1, 0)


def test_the_list_of_tasks_counts_the_same(cast, campaign, file_, sign_in):
    make.submit(file_, cast.focal, cast.head)

    def counts(person) -> tuple:
        issued = sign_in(person).get(reverse("plans:tasks")).context["issued"]
        (found,) = [one for one in issued if one.pk == campaign.school_task_id]
        return found.expected, found.received

    assert counts(cast.officer) == (5, 1)
    assert counts(cast.specialist) == (3, 1)
    assert counts(cast.stranger_specialist) == (1, 0)


def test_a_board_is_filtered_by_state_and_lateness(cast, sign_in):
    campaign = make.open_campaign(cast, days=-2)
    file_ = make.submit(campaign.assessments.get(unit=cast.school), cast.focal, cast.head)
    client, path = sign_in(cast.specialist), campaign.school_task.get_absolute_url()

    def units(query: str) -> set:
        return {one.unit for one in client.get(path + query).context["page"]}

    assert units("?loc=da-nop") == units("?loc=cho-xem") == {cast.school}
    assert units("?loc=chua-nop") == {cast.sibling, cast.preschool}
    assert units("?loc=tre") == {cast.school, cast.sibling, cast.preschool}
    assert len(units("?loc=khong-co")) == 3
    page = text(client.get(path))
    assert file_.assignment.timeliness == "Trễ 2 ngày"
    assert "Trễ 2 ngày" in page
    assert "Quá hạn 2 ngày" in page


def test_a_task_outside_the_tree_is_not_found(cast, sign_in):
    sets = [make.small_set()]
    campaign = make.campaign(cast.office, cast.specialist, sets)
    campaigns.open(campaign, by=cast.specialist)
    path = fresh(campaign).school_task.get_absolute_url()
    assert sign_in(cast.focal).get(path).status_code == 200
    assert sign_in(cast.officer).get(path).status_code == 200
    assert sign_in(cast.stranger_specialist).get(path).status_code == 404
    assert sign_in(cast.stranger).get(path).status_code == 404


def test_a_school_that_moves_is_seen_from_both_places(cast, campaign, sign_in):
    cast.school.parent = cast.neighbour
    cast.school.save(update_fields=["parent"])
    path = campaign.school_task.get_absolute_url()

    def units(person) -> set:
        return {one.unit.code for one in sign_in(person).get(path).context["page"]}

    assert "0101-001" in units(cast.specialist)
    assert "0101-001" in units(cast.stranger_specialist)


@pytest.mark.parametrize("schools", [1, 3])
def test_a_board_asks_the_same_number_of_questions(
    cast, campaign, sign_in, django_assert_num_queries, schools
):
    for number in range(schools - 1):
        make.school(cast.neighbour, code=f"0102-10{number}")
    another = make.open_campaign(cast, sets=list(campaign.sets.all()))
    client = sign_in(cast.stranger_specialist)
    with django_assert_num_queries(11):
        page = client.get(another.school_task.get_absolute_url())
    assert len(page.context["page"].object_list) == schools
