"""A school that closes in mid-round: its work is settled, nobody of it acts or is reminded."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment
from plans import reminders
from plans.models import Assignment, Reminder
from plans.workflow import AssignmentState as S
from reporting.actions import requests, rounds
from reporting.files import maturity_tables
from schools import outbox
from schools.actions import people
from schools.exchange import import_units_people
from schools.models import Event, ImportBatch, Message, OrgUnit
from schools.permissions import Permission, Role
from tests import figure_world, make, plan_world, report_world
from tests.assessments.browse import fresh, said, text
from tests.schools import files


def day(offset: int):
    return timezone.localdate() + timedelta(days=offset)


def workbook(unit, last_day):
    return files.units(files.row_of(unit, valid_to=f"{last_day:%d/%m/%Y}"))


def batch(cast, unit, last_day) -> ImportBatch:
    upload = files.upload("don-vi.xlsx", workbook(unit, last_day).getvalue())
    return ImportBatch.objects.create(
        kind="units", file_name="don-vi.xlsx", scope=cast.department, file=upload,
        uploaded_by=cast.officer,
    )  # fmt: skip


def apply(client, one: ImportBatch, unit, **answer):
    posted = {f"d{unit.pk}-{name}": value for name, value in answer.items()}
    return client.post(reverse("schools:import_apply", args=[one.pk]), posted, follow=True)


def closed(unit, last_day: int = -1):
    """The unit on a day after its last one."""
    OrgUnit.objects.filter(pk=unit.pk).update(valid_to=day(last_day))
    return unit


@pytest.fixture
def work(cast, file_):
    """A plan's task, figures, a report and a self-assessment for the school; all of them open."""
    plan = plan_world.issued(cast.office, cast.office_head)
    request = figure_world.ask(cast)
    round_ = report_world.ask(cast, kinds=("school",))
    rows = Assignment.objects.filter(unit=cast.school)
    assert rows.count() == 4
    return {"plan": plan, "request": request, "round": round_, "rows": rows, "file": file_}


def states(rows) -> set[str]:
    return set(rows.values_list("state", flat=True))


# The import asks


def test_nothing_is_applied_before_it_is_said_what_becomes_of_open_work(cast, work, sign_in):
    officer, one = sign_in(cast.officer), batch(cast, cast.school, day(-1))
    page = text(officer.get(reverse("schools:import_check", args=[one.pk])))
    assert "Còn 4 việc chưa xong" in page
    assert "Nộp báo cáo II.1" in page
    assert "checked" not in page
    answer = apply(officer, one, cast.school)
    assert "Chưa ghi gì" in said(answer)
    assert "Chọn rút hay chuyển cho đơn vị kế thừa." in text(answer)
    assert fresh(cast.school).valid_to is None
    assert fresh(one).applied_at is None
    assert states(work["rows"]) == {S.OPEN}


def test_open_work_is_withdrawn_each_with_its_event(cast, work, sign_in):
    apply(sign_in(cast.officer), batch(cast, cast.school, day(-1)), cast.school, answer="withdraw")
    assert fresh(cast.school).valid_to == day(-1)
    assert states(work["rows"]) == {S.WITHDRAWN}
    for row in work["rows"]:
        (event,) = Event.objects.about(row).filter(step="withdraw")
        assert (event.by, event.from_state) == (cast.officer, S.OPEN)
        assert "kết thúc hoạt động" in event.reason
    assert Event.objects.about(cast.school).get(step="close").label.endswith("rút 4 việc chưa xong")
    assert states(Assignment.objects.filter(unit=cast.sibling)) == {S.OPEN}


def test_open_work_goes_to_the_successor_that_was_not_asked_itself(cast, work, sign_in):
    outbox.tell()
    follower = make.school(cast.office, code="0101-009")
    officer, one = sign_in(cast.officer), batch(cast, cast.school, day(-1))
    apply(officer, one, cast.school, answer="hand_over", successor=follower.code)
    assert states(work["rows"]) == {S.WITHDRAWN}
    given = Assignment.objects.filter(unit=follower)
    assert set(given.values_list("task", "due_at")) == set(
        work["rows"].values_list("task", "due_at")
    )
    assert list(fresh(cast.school).successors.all()) == [follower]
    new = Assessment.objects.get(unit=follower, campaign=work["file"].campaign)
    assert (new.office, new.indicator_set) == (cast.office, work["file"].indicator_set)
    requests.give_missing_sheets()
    rounds.give_missing_reports()
    assert work["request"].sheets.filter(unit=follower).exists()
    assert work["round"].reports.filter(unit=follower).exists()
    head = make.person(follower, Role.HEAD)
    outbox.tell()
    assert Message.objects.filter(recipient=head).count() == 4


def test_what_the_successor_was_asked_itself_is_not_asked_twice(cast, work, sign_in):
    before = Assignment.objects.filter(unit=cast.sibling).count()
    one = batch(cast, cast.school, day(-1))
    answer = {"answer": "hand_over", "successor": cast.sibling.code}
    apply(sign_in(cast.officer), one, cast.school, **answer)
    assert Assignment.objects.filter(unit=cast.sibling).count() == before
    assert states(work["rows"]) == {S.WITHDRAWN}


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "Ghi mã của đơn vị kế thừa."),
        ("khong-co", "Không có đơn vị mã «khong-co»"),
        ("0101", "không cùng cấp"),
        ("0101-001", "không thể kế thừa chính mình"),
        ("0101-003", "cũng kết thúc hoạt động"),
    ],
)
def test_a_wrong_successor_is_told_and_nothing_is_applied(cast, work, sign_in, code, sentence):
    closed(cast.preschool)
    one = batch(cast, cast.school, day(-1))
    answer = apply(sign_in(cast.officer), one, cast.school, answer="hand_over", successor=code)
    assert sentence in text(answer)
    assert fresh(cast.school).valid_to is None
    assert states(work["rows"]) == {S.OPEN}


def test_before_the_last_day_only_what_is_due_later_is_asked_about(cast, work):
    plan_world.issued(cast.office, cast.office_head, "II.9", days=2)
    run = import_units_people.dry_run("units", workbook(cast.school, day(3)), by=cast.officer)
    (closing,) = run.closings
    assert len(closing.sentences) == 4
    assert "II.9" not in " ".join(closing.sentences)


def test_a_unit_without_open_work_closes_without_a_question(cast):
    run = import_units_people.apply("units", workbook(cast.school, day(-1)), by=cast.officer)
    assert run.closings == []
    assert fresh(cast.school).is_closed


def test_what_was_handed_in_stays_with_its_issuer(cast, work):
    row = work["rows"].get(task__plan=work["plan"])
    plan_world.hand_in(row, cast.focal)
    answers = {cast.school.code: "withdraw"}
    file = workbook(cast.school, day(-1))
    import_units_people.apply("units", file, by=cast.officer, answers=answers)
    assert fresh(row).state == S.HANDED_IN


def test_the_shell_asks_the_same(cast, work, tmp_path):
    path = tmp_path / "don-vi.xlsx"
    path.write_bytes(workbook(cast.school, day(-1)).getvalue())
    with pytest.raises(CommandError, match="còn 4 việc chưa xong"):
        call_command("import_units", path, apply=True)
    assert fresh(cast.school).valid_to is None
    call_command("import_units", path, apply=True, open_work=["0101-001=withdraw"])
    assert states(work["rows"]) == {S.WITHDRAWN}


def test_a_stranger_closes_nothing(cast, work, sign_in):
    one = batch(cast, cast.school, day(-1))
    for person, status in ((cast.stranger, 403), (cast.office_head, 403)):
        answer = apply(sign_in(person), one, cast.school, answer="withdraw")
        assert answer.status_code == status
    assert states(work["rows"]) == {S.OPEN}


def test_the_administration_site_sends_whoever_closes_a_busy_unit_to_the_import(
    cast, work, sign_in
):
    officer, address = sign_in(cast.officer), f"/quan-tri/schools/orgunit/{cast.school.pk}/change/"
    form = officer.get(address).context["adminform"].form
    posted = {name: value for name, value in form.initial.items() if value is not None}
    answer = officer.post(address, posted | {"valid_to": f"{day(-1):%d/%m/%Y}", "successors": []})
    assert "còn 4 việc chưa xong" in text(answer)
    assert fresh(cast.school).valid_to is None


def test_a_withdrawn_file_is_read_and_no_more_counted(cast, work, sign_in):
    before = maturity_tables.summary(work["file"].campaign, cast.office, asked_by=None)
    answers = {cast.school.code: "withdraw"}
    file = workbook(cast.school, day(30))
    Assignment.objects.update(due_at=timezone.now() + timedelta(days=60))
    import_units_people.apply("units", file, by=cast.officer, answers=answers)
    after = maturity_tables.summary(work["file"].campaign, cast.office, asked_by=None)
    assert after.total.expected == before.total.expected - 1
    own = text(sign_in(cast.focal).get(work["file"].get_absolute_url()))
    assert "Đã rút" in own
    assert "Kiểm tra và trình" not in own


# Nobody of a closed unit


def test_nobody_of_a_closed_unit_is_reminded(cast, work):
    due = work["rows"].first().due_at
    closed(cast.school)
    reminders.claim(due + timedelta(days=3))
    assert not Reminder.objects.filter(assignment__unit=cast.school).exists()
    told = set(Reminder.objects.values_list("recipient", flat=True))
    assert cast.sibling_focal.pk in told
    assert not told & {cast.focal.pk, cast.head.pk}


def test_a_reminder_on_its_way_is_not_sent_after_the_last_day(cast, work):
    due = work["rows"].first().due_at
    reminders.claim(due - timedelta(hours=12))
    (waiting, *_) = Reminder.objects.filter(recipient=cast.focal).select_related("assignment__unit")
    assert reminders.why_not(waiting) == ""
    closed(cast.school)
    waiting.assignment.unit.refresh_from_db()
    assert "đã kết thúc hoạt động" in reminders.why_not(waiting)


def test_nobody_of_a_closed_unit_is_told(cast, work):
    closed(cast.school)
    outbox.tell()
    told = set(Message.objects.values_list("recipient", flat=True))
    assert cast.sibling_focal.pk in told
    assert not told & {cast.focal.pk, cast.head.pk}


def test_nobody_of_a_closed_unit_acts(cast, work, sign_in):
    closed(cast.school)
    head = fresh(cast.head)
    assert not any(head.can(one, cast.school) for one in Permission)
    client, row = sign_in(cast.focal), work["rows"].get(task__plan=work["plan"])
    home = text(client.get("/"))
    assert f"{cast.school.name} đã kết thúc hoạt động ngày {day(-1):%d/%m/%Y}" in home
    assert client.get(row.get_absolute_url()).status_code == 404
    assert client.post(reverse("plans:hand_in", args=[row.pk])).status_code == 404
    assert fresh(row).state == S.OPEN


def test_on_its_last_day_the_unit_still_acts(cast, work):
    closed(cast.school, 0)
    assert fresh(cast.focal).can(Permission.WORK_HAND_IN, cast.school)


def test_who_has_another_post_goes_on_in_that_one(cast, work, sign_in):
    people.appoint(cast.focal, unit=cast.sibling, role=Role.FOCAL_POINT)
    client = sign_in(cast.focal)
    client.post(reverse("schools:hat_choose", args=[cast.focal.memberships.first().pk]))
    closed(cast.school)
    assert cast.sibling.name in text(client.get("/"))
    own = cast.focal.memberships.get(unit=cast.school)
    assert client.post(reverse("schools:hat_choose", args=[own.pk])).status_code == 404


def test_nobody_is_appointed_in_a_closed_unit(cast):
    with pytest.raises(ValidationError, match="đã kết thúc hoạt động"):
        people.appoint(cast.stranger, unit=fresh(closed(cast.school)), role=Role.FOCAL_POINT)
