"""Plans for tests: written, issued, handed in, with real actions."""

from datetime import timedelta

from django.utils import timezone

from plans.actions import amendments, calls, extensions, hand_ins, legal_texts, plans
from plans.models import Assignment, LegalText, Plan, PlanEdition, RoadMapYear, Target, Task
from schools import uploads
from schools.actions import focal_points
from schools.models import OrgUnit, User
from tests import clock, make


def plan(issuer: OrgUnit, by: User, **fields) -> Plan:
    """A draft with everything that issuing needs."""
    values = {
        "title": f"Triển khai nhiệm vụ chuyển đổi số năm học {clock.period()}",
        "period": clock.period(),
        "number": str(next(make.numbers)),
        "symbol": "KH-PGDĐT",
        "issued_on": timezone.localdate() - timedelta(days=3),
        "signer_name": "Cao Văn Rôi",
        "created_by": by,
    } | fields
    return Plan.objects.create(issuer=issuer, **values)


def in_days(days: int) -> str:
    assert days <= clock.AHEAD, "the plan of the tests may end before that day"
    return f"Chậm nhất ngày {clock.written(clock.in_days(days))}"


def task(plan_: Plan, code: str = "II.1", *, days: int = 7, phrase: str = "", **fields) -> Task:
    """A draft task for the schools below, due in so many days."""
    values = {
        "title": f"Nộp báo cáo {code}",
        "product": Task.ProductKind.REPORT,
        "audience": {"kinds": ["school"]},
    } | fields
    row = Task(
        plan=plan_, issuer=plan_.issuer, period=plan_.period, kind=Task.Kind.PRODUCT, code=code,
        state=Task.State.DRAFT, created_by=plan_.created_by, position=plan_.tasks.count(),
        **values,
    )  # fmt: skip
    row.set_deadline(phrase or in_days(days))
    row.save()
    return row


def issued(issuer: OrgUnit, by: User, *codes: str, days: int = 7, **fields) -> Plan:
    """A plan with such tasks, in force."""
    found = plan(issuer, by)
    for code in codes or ("II.1",):
        task(found, code, days=days, **fields)
    plans.issue(found, by=by)
    return Plan.objects.get(pk=found.pk)


def row_of(plan_: Plan, unit: OrgUnit, code: str = "II.1"):
    """The unit's assignment of that task, fresh."""
    found = plan_.tasks.get(code=code).assignments.select_related(
        "task__plan", "task__issuer", "unit"
    )
    return found.get(unit=unit)


def fresh(row) -> Assignment:
    return Assignment.objects.select_related("task__plan", "task__issuer", "unit").get(pk=row.pk)


def amend(cast, plan_: Plan, *changes, **words) -> PlanEdition:
    """By the head of the office, today, for a reason."""
    head = {
        "document_number": f"{next(make.numbers)}/KH", "signed_on": timezone.localdate(),
        "reason": "Do bão",
    }  # fmt: skip
    return amendments.amend(plan_, changes, by=cast.office_head, **(head | words))


def pdf_file(name: str = "Báo cáo.pdf"):
    from tests.world import pdf_upload

    upload = pdf_upload(name)
    upload.facts = uploads.inspect(upload)
    return upload


def hand_in(row, by: User, **words):
    """One PDF, as from the page."""
    return hand_ins.hand_in(row, by=by, uploads=[pdf_file()], **words)


def target(plan_: Plan, code: str = "1", **fields) -> Target:
    values = {
        "title": "Giáo viên có chữ ký số", "goal": 100, "numerator_label": "Có chữ ký số",
        "denominator_label": "Tổng số", "audience": {"kinds": ["school"]},
    } | fields  # fmt: skip
    return Target.objects.create(plan=plan_, code=code, **values)


def furnish(world) -> None:
    """One thing of every kind, for the walk over all pages."""
    cast = world.cast
    world.text = LegalText.objects.create(
        number="42/2021/TT-BGDĐT", issued_on="2021-12-30", issuer="Bộ GDĐT", summary="CSDL giáo dục"
    )
    legal_texts.attach(world.text, pdf_file("Toàn văn.pdf"), by=cast.officer)
    world.draft_plan = plan(cast.office, cast.specialist, title="Dự thảo của phòng")
    world.draft_task = task(world.draft_plan)
    world.draft_target = target(world.draft_plan)
    written = plan(cast.office, cast.specialist)
    task(written, "II.1")
    task(written, "II.2")
    world.target = target(written)
    task(written, "II.3", years=written.years, audience={"kinds": ["school"], "with_own": True})
    plans.save(written, by=cast.specialist, original=pdf_file("Bản gốc.pdf"))
    plans.issue(written, by=cast.office_head)
    world.plan = Plan.objects.get(pk=written.pk)
    world.issued_task = world.plan.tasks.get(code="II.1")
    world.road_map_year = RoadMapYear.objects.filter(task__plan=world.plan).first()
    world.handed_in = row_of(world.plan, cast.school)
    hand_in(world.handed_in, cast.focal)
    world.open_row = row_of(world.plan, cast.school, "II.2")
    world.extension = extensions.ask(
        world.open_row, phrase=in_days(14), reason="Chờ số liệu", by=cast.focal
    )
    world.department_plan = issued(
        cast.department, cast.department_head, audience={"kinds": ["office"]}
    )
    second = world.plan.tasks.get(code="II.2")
    calls.call(second, {cast.school.pk}, text="Nhắc", by=cast.specialist)
    world.free_row = row_of(world.plan, cast.school, "II.3")
    world.message = cast.focal.messages_received.first()
    focal_points.name(
        cast.school, "cntt", {"leader_name": "Lê Thị Hoa", "name": "Trần An"}, by=cast.focal
    )
