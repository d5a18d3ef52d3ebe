"""What must never be false of a deadline or a figure, tried by those who would like it to be."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from edudx.lib import deadlines
from edudx.lib.workflow import StepRefused
from plans import notifications
from plans.actions import (
    calls,
    extensions,
    hand_ins,
    newcomers,
    plans,
    plans_from_above,
    target_figures,
)
from plans.boards import targets
from plans.exchange.plan_yaml import PlanRefused, dump, read, save
from plans.models import Assignment, LegalText, ReminderRule, Task
from schools import outbox
from schools.models import Delivery, Message
from tests import clock, make, plan_world
from tests.assessments.browse import reviewed, text
from tests.home import todos
from tests.plan_world import amend, fresh

# Lateness


def test_more_time_granted_after_a_late_hand_in_changes_nothing(cast):
    row = plan_world.row_of(plan_world.issued(cast.office, cast.office_head, days=-2), cast.school)
    asked = extensions.ask_extension(row, phrase=plan_world.in_days(9), reason="Bão", by=cast.focal)
    plan_world.hand_in(row, cast.focal, explanation="Bão")
    with pytest.raises(StepRefused, match="đã nộp nên không cần gia hạn"):
        extensions.answer_extension(asked, is_granted=True, answer="", by=cast.specialist)
    assert fresh(row).timeliness == "Trễ 2 ngày"
    extensions.answer_extension(asked, is_granted=False, answer="Đã nộp", by=cast.specialist)


def test_no_more_time_for_a_round_or_for_what_has_ended(cast, round_):
    own = Assignment.objects.get(task__kind="self_assessment", unit=cast.school)
    plan = plan_world.issued(cast.office, cast.office_head)
    plans.close_plan(plan, by=cast.office_head, reason="Xong")
    for row in (own, plan_world.row_of(plan, cast.school)):
        with pytest.raises(StepRefused, match="không gia hạn được"):
            extensions.ask_extension(row, phrase=plan_world.in_days(9), reason="x", by=cast.focal)


# Above and below


def test_nothing_below_is_due_after_ones_own_deadline_not_even_by_amendment(cast):
    above = plan_world.issued(
        cast.department, cast.department_head, days=20, audience={"kinds": ["office"]}
    )
    own = plans_from_above.derive(above, unit=cast.office, by=cast.specialist, buffer_days=4)
    own.number, own.issued_on, own.signer_name = "8", timezone.localdate(), "Cao Văn Rôi"
    plans.save_plan(own, by=cast.specialist)
    plans.issue_plan(own, by=cast.office_head)
    task = own.tasks.get()
    with pytest.raises(StepRefused, match="Hạn không được sau hạn của cấp trên"):
        amend(cast, own, plans.Change(task, plan_world.in_days(21)))
    amend(cast, own, plans.Change(task, plan_world.in_days(19)))
    assert Task.objects.get(pk=task.pk).due_at <= plan_world.row_of(above, cast.office).due_at


def recurring(cast):
    """A plan of 2026, issued in January, and a draft of it with a monthly task."""
    issued = plan_world.plan(
        cast.office, cast.specialist, period="2026", issued_on=date(2026, 1, 2)
    )
    plan_world.task(issued, "I.1")
    plans.issue_plan(issued, by=cast.office_head)
    issued.refresh_from_db()
    draft = plan_world.plan(cast.office, cast.specialist, period="2026", issued_on=date(2026, 1, 2))
    plan_world.task(draft, "R", phrase="Hằng tháng, trước ngày 28")
    return issued, draft


@pytest.mark.parametrize(
    "codes",
    [
        pytest.param(["R-1026", "R-1126", "R-1226"], marks=pytest.mark.at("2026-10-27T23:30")),
        pytest.param(["R-1126", "R-1226"], marks=pytest.mark.at("2026-10-28T00:00")),
        pytest.param(["R-1226"], marks=pytest.mark.at("2026-11-28")),
    ],
)
def test_a_recurring_task_added_later_asks_for_nothing_that_has_passed(cast, codes):
    plan, _ = recurring(cast)
    plan_world.task(plan, "R", phrase="Hằng tháng, trước ngày 28")
    edition = amend(cast, plan)
    added = plan.tasks.filter(code__startswith="R").order_by("due_at")
    assert [one.code for one in added] == codes
    assert not [one for one in added if one.opens_at < deadlines.start_of_day(clock.today())]
    assert len(edition.changes) == added.count()


@pytest.mark.at("2026-11-28")
def test_a_plan_entered_late_asks_for_nothing_that_has_passed(cast):
    _, draft = recurring(cast)
    plans.issue_plan(draft, by=cast.office_head)
    assert [f"{timezone.localtime(one.due_at):%d/%m/%Y}" for one in draft.tasks.all()] == [
        "27/12/2026"
    ]


@pytest.mark.at("2026-12-28")
def test_a_recurring_task_of_which_all_has_passed_is_refused(cast):
    issued, draft = recurring(cast)
    with pytest.raises(StepRefused, match="R: mọi hạn của «Hằng tháng, trước ngày 28» trong kỳ"):
        plans.issue_plan(draft, by=cast.office_head)
    plan_world.task(issued, "R", phrase="Hằng tháng, trước ngày 28")
    with pytest.raises(StepRefused, match="R: mọi hạn của"):
        amend(cast, issued)
    assert not Assignment.objects.filter(task__code__startswith="R").exists()


def test_a_new_school_is_offered_what_still_has_time_and_is_told(cast):
    late = plan_world.issued(cast.office, cast.office_head, "II.1", days=-2)
    open_ = plan_world.issued(cast.office, cast.office_head, "II.2")
    new = make.school(cast.office, code="0101-009")
    focal = make.person(new, "focal_point")
    notifications.announce()
    assert not newcomers.newcomers(late.tasks.get()).exists()
    newcomers.give_to_newcomers(open_.tasks.get(), by=cast.specialist)
    notifications.announce()
    assert Message.objects.get(recipient=focal).subject == "Giao «Nộp báo cáo II.2»"


# Notices and calls


def test_two_amendments_are_told_one_by_one(cast):
    plan = plan_world.issued(cast.office, cast.office_head, "II.1", "II.2")
    notifications.announce()
    Message.objects.all().update(read_at=timezone.now())
    first, second = plan.tasks.order_by("code")
    amend(cast, plan, plans.Change(first, plan_world.in_days(20)))
    amend(cast, plan, plans.Change(second, plan_world.in_days(30)))
    notifications.announce()
    told = Message.objects.filter(recipient=cast.focal, read_at=None).order_by("pk")
    assert [len(one.lines) for one in told] == [1, 1]
    assert ["II.1" in one.lines[0]["text"] for one in told] == [True, False]


def test_a_self_assessment_is_no_product_for_the_departments_inbox(cast, round_, file_):
    reviewed(file_, cast)
    notifications.announce()
    assert not Message.objects.filter(recipient=cast.officer, kind="notice").exists()


def test_a_call_that_has_become_untrue_is_not_sent(cast, mailoutbox):
    plan = plan_world.issued(cast.office, cast.office_head)
    calls.call(plan.tasks.get(), {cast.school.pk}, text="Nộp ngay", by=cast.specialist)
    assert Message.objects.filter(kind="call", day=timezone.localdate()).exists()
    plan_world.hand_in(plan_world.row_of(plan, cast.school), cast.focal)
    outbox.deliver()
    assert mailoutbox == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("days", [[14, "7"], ["x"], 5, [10**9], [-1], [3, 3], [True]])
def test_a_mistyped_ladder_is_refused(cast, days):
    rule = ReminderRule(department=cast.department, kind="product", days_before=days)
    with pytest.raises(ValidationError, match="từ 0 đến 60"):
        rule.full_clean()


# Approval first


def test_the_issuers_home_page_counts_what_waits_for_approval(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head, needs_approval=True)
    hand_ins.propose(
        plan_world.row_of(plan, cast.school), by=cast.focal, uploads=[plan_world.pdf_file()]
    )
    (waiting,) = todos(sign_in(cast.specialist))
    assert waiting.text.startswith("1 sản phẩm chờ xem")


def test_nobody_approves_ones_own_work_so_it_needs_none(cast):
    plan = plan_world.issued(
        cast.office, cast.office_head, needs_approval=True, audience={"own": True}
    )
    row = plan_world.row_of(plan, cast.office)
    plan_world.hand_in(row, cast.specialist)
    assert fresh(row).state == "done"


def test_a_list_of_people_has_no_draft_to_approve(cast):
    task = plan_world.task(plan_world.plan(cast.office, cast.specialist))
    task.needs_approval, task.product = True, "focal_points"
    with pytest.raises(ValidationError, match="không có bản trình"):
        plans.save_task(task, by=cast.specialist)


# Figures


def test_only_those_who_were_asked_are_summed(cast):
    plan = plan_world.issued(cast.office, cast.office_head)
    target = plan_world.target(plan)
    facts = {"numerator": Decimal(9), "denominator": Decimal(9), "note": "", "version": 0}
    for unit, person in ((cast.office, cast.specialist), (cast.department, cast.officer)):
        with pytest.raises(PermissionDenied):
            target_figures.save_actual(target, unit=unit, period=plan.period, by=person, **facts)
    target_figures.save_actual(target, unit=cast.school, period=plan.period, by=cast.focal, **facts)
    cast.school.valid_to = timezone.localdate() - timedelta(days=1)
    cast.school.save()
    (row,) = targets.targets_of(plan, cast.specialist, plan.period)
    assert (row.total.reported, row.total.of) == (0, 2)


# Files and odd input


def test_the_file_of_a_plan_does_not_tell_what_is_still_being_written(cast, sign_in):
    plan = plan_world.issued(cast.office, cast.office_head)
    plan_world.task(plan, "II.9", title="Chưa ban hành")
    page = text(sign_in(cast.focal).get(f"/ke-hoach/{plan.pk}/yaml/"))
    assert "II.1" in page
    assert "Chưa ban hành" not in page


def test_a_file_cites_only_texts_its_writer_may_see(cast):
    other = make.department(code="02", name="Sở khác", short_name="Sở khác")
    LegalText.objects.create(
        number="9/QĐ", issued_on="2026-01-01", issuer="x", summary="y", owner=other
    )
    root = {"plan": {"title": "Kế hoạch", "period": clock.period(), "legal_texts": ["9/QĐ"]}}
    with pytest.raises(PlanRefused) as refusal:
        save(read(dump_of(root)), issuer=cast.office, by=cast.specialist)
    assert "chưa có trong danh mục" in refusal.value.faults[0]


def dump_of(root: dict) -> str:
    return yaml.safe_dump(root, allow_unicode=True)


@pytest.mark.parametrize("years", [["²²²²"], ["2025", "2025"], ["25"]])
def test_odd_years_are_told(cast, years):
    root = {
        "plan": {"title": "Kế hoạch", "period": "2025-2030"},
        "tasks": [{"code": "1", "title": "A", "phrase": "Trong tháng 9/2026", "product": "report",
                   "audience": {"kinds": ["school"]}, "years": years}],
    }  # fmt: skip
    with pytest.raises(PlanRefused) as refusal:
        save(read(dump_of(root)), issuer=cast.office, by=cast.specialist)
    assert "«years»" in refusal.value.faults[0]


@pytest.mark.parametrize("day", ["01/01/0001", "31/12/1999", "01/01/2100"])
def test_a_plan_of_another_age_is_refused(cast, sign_in, day):
    draft = plan_world.plan(cast.office, cast.specialist)
    answer = sign_in(cast.specialist).post(
        f"/ke-hoach/{draft.pk}/sua/",
        {"title": "x", "kind": draft.kind, "period": draft.period, "issued_on": day},
    )
    assert "từ năm 2000 đến năm 2099" in text(answer)


@pytest.mark.parametrize("buffer", ["²", "9" * 5000, "-1", "a", ""])
def test_an_odd_number_of_days_is_no_crash(cast, sign_in, buffer):
    above = plan_world.issued(cast.department, cast.department_head, audience={"kinds": ["office"]})
    answer = sign_in(cast.specialist).post(
        f"/ke-hoach/{above.pk}/lap-ke-hoach/", {"buffer": buffer}
    )
    assert answer.status_code == 302


def test_a_stranger_to_the_unit_does_not_get_its_form(cast, sign_in):
    row = plan_world.row_of(plan_world.issued(cast.office, cast.office_head), cast.school)
    answer = sign_in(cast.specialist).post(f"{row.get_absolute_url()}nop/", {"note": "x" * 9000})
    assert answer.status_code == 403


def test_the_plan_dumps_whole_while_it_is_a_draft(cast):
    draft = plan_world.plan(cast.office, cast.specialist)
    plan_world.task(draft, "II.9")
    assert "II.9" in dump(draft)
