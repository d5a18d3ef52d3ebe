"""The five plans of the library, moved to the running school year and lived through.

Hải Phòng's ten rows in every state, Long Biên's targets with figures, Dương Kinh's road map.
"""

from datetime import date, timedelta
from random import Random

from django.utils import timezone

from edudx.demo.cabinet import Cabinet
from edudx.demo.tree import Province
from edudx.lib import deadlines, line_yaml, yaml_schema
from edudx.lib.school_calendar import first_year_of
from plans.actions import plans, road_maps
from plans.audience import units_of
from plans.exchange import calendar_yaml, plan_yaml
from plans.management.commands.load_plan import LIBRARY
from plans.models import Assignment, Extension, Plan, Product, RoadMapYear, TargetActual, Task
from plans.workflow import AssignmentState as S
from schools.models import FocalPoint, OrgUnit
from schools.permissions import Role

STATES = (S.DONE, S.DONE, S.HANDED_IN, S.OPEN, S.DONE, S.RETURNED, S.DONE, S.OPEN)
LEADER, PERSON = "Phó Hiệu trưởng", "Giáo viên Tin học"
YEAR_STATES = (  # of the years before, of this one: (state, what it rests on)
    (
        ("done", "Phần việc của năm: Báo cáo tổng kết năm của Phòng"),
        ("postponed", "Chưa bố trí được kinh phí, chuyển năm sau"),
        ("running", "Các trường đang làm, chưa nộp sản phẩm"),
    ),
    (("running", ""), ("running", "Đang thí điểm ở ba trường"), ("planned", "")),
)


def tell(random: Random, province: Province, cabinet: Cabinet) -> None:
    """Load, issue and live through the plans; deterministic but for today's date."""
    plan_yaml.save_legal_texts((LIBRARY / "legal_texts.yaml").read_text(encoding="utf-8"))
    calendar_yaml.save((LIBRARY / "calendar.yaml").read_text(encoding="utf-8"), department=None)
    today = timezone.localdate()
    first = first_year_of(today)
    offices = province.offices
    long_bien, vinh = offices[1 % len(offices)], offices[2 % len(offices)]
    writer = _Writer(random, province, cabinet, first)
    writer.name_focal_points()
    writer.live(writer.issued("quang_ngai_2024", province.department, "2689"))
    writer.live(writer.issued("hai_phong_2024", offices[0], "15"))
    writer.report(writer.issued("long_bien_2024", long_bien, "27"))
    writer.issued("vinh_2025", vinh, "31", shift=today.year - 2025)
    writer.report(writer.road(writer.issued("duong_kinh_2025", offices[0], "8", shift=0)))


class _Writer:
    """Puts plans into force and fills in what the units have done."""

    def __init__(self, random: Random, province: Province, cabinet: Cabinet, first: int) -> None:
        self.random, self.province, self.cabinet = random, province, cabinet
        self.shift = first - 2024
        self.now = timezone.now().replace(microsecond=0)

    def name_focal_points(self) -> None:
        people = self.province.people
        FocalPoint.objects.bulk_create(
            (
                FocalPoint(
                    unit=school, field=field, valid_from=date(2025, 9, 5),
                    leader_name=people[school.pk, Role.HEAD].full_name, leader_post=LEADER,
                    name=people[school.pk, Role.FOCAL_POINT].full_name, post=PERSON,
                )
                for school in self.province.schools
                for field in ("cntt", "cds")
            ),
            batch_size=500,
        )  # fmt: skip

    def issued(self, name: str, issuer, number: str, shift: int | None = None) -> Plan:
        """The plan of the library, its years moved on, in force since the day it names."""
        tree = line_yaml.load((LIBRARY / f"{name}.yaml").read_bytes())
        tree = _moved(tree, self.shift if shift is None else shift)
        root = yaml_schema.read(tree, plan_yaml.FILE)
        role = Role.OFFICE_HEAD if issuer.kind == OrgUnit.Kind.OFFICE else Role.DEPARTMENT_HEAD
        head = self.province.people[issuer.pk, role]
        plan = plan_yaml.save(root, issuer=issuer, by=head)
        latest = timezone.localdate() - timedelta(days=30)
        plan.number, plan.issued_on = number, min(plan.issued_on, latest)
        plan.save(update_fields=["number", "issued_on"])
        plans.issue(plan, by=head)
        plan.refresh_from_db()
        given = deadlines.start_of_day(plan.issued_on)
        Assignment.objects.filter(task__plan=plan).update(given_at=given)
        return plan

    def live(self, plan: Plan) -> None:
        """Rows whose deadline has passed or is near, in every state; the rest lie open."""
        soon = self.now + timedelta(days=10)
        rows = list(
            Assignment.objects.filter(task__plan=plan, due_at__lt=soon)
            .select_related("task", "unit").order_by("task__position", "unit_id")
        )  # fmt: skip
        products = []
        for place, row in enumerate(rows):
            state = STATES[(place + 3 * row.task.position) % len(STATES)]
            state = S.DONE if row.unit_id == plan.issuer_id else state
            if state != S.OPEN and self._person(row) and not row.task.needs_approval:
                products.append(self._hand_in(row, state, place))
        Assignment.objects.bulk_update(
            rows, ["state", "handed_in_at", "last_handed_in_at", "done_at", "explanation"], 300
        )
        products = Product.objects.bulk_create(products, batch_size=500)
        through = Product.versions.through
        through.objects.bulk_create(
            (
                through(product_id=one.pk, documentversion_id=version.pk)
                for one in products
                if (version := self._file(one.assignment))
            ),
            batch_size=1000,
        )
        self._ask_for_time(plan)

    def _person(self, row: Assignment):
        role = Role.FOCAL_POINT if row.unit.is_school else Role.SPECIALIST
        return self.province.people.get((row.unit_id, role))

    def _file(self, row: Assignment):
        return self.cabinet.version(row.unit_id, row.task.position) if row.unit.is_school else None

    def _hand_in(self, row: Assignment, state: str, place: int) -> Product:
        """Mostly in time; every fifth late, with its explanation; never in the future."""
        is_late = place % 5 == 4 and row.due_at + timedelta(days=2) < self.now
        days = 2 if is_late else -1 - place % 4
        moment = min(row.due_at + timedelta(days=days), self.now - timedelta(hours=2))
        row.state, row.handed_in_at, row.last_handed_in_at = state, moment, moment
        row.done_at = moment + timedelta(hours=1) if state == S.DONE else None
        row.explanation = "Đơn vị bận thi học kỳ nên tổng hợp chậm." if is_late else ""
        decided = {S.DONE: "accepted", S.RETURNED: "returned"}.get(state, "pending")
        is_decided = decided != "pending"
        return Product(
            assignment=row, number=1, handed_in_by=self._person(row), handed_in_at=moment,
            decision=decided, decided_by=self._reviewer(row.task) if is_decided else None,
            decided_at=moment + timedelta(hours=1) if is_decided else None,
            reason="Thiếu số liệu của học kỳ 1." if decided == "returned" else "",
        )  # fmt: skip

    def _reviewer(self, task: Task):
        role = (
            Role.SPECIALIST if task.issuer.kind == OrgUnit.Kind.OFFICE else Role.DEPARTMENT_OFFICER
        )
        return self.province.people[task.issuer_id, role]

    def _ask_for_time(self, plan: Plan) -> None:
        """One school asks for more time for what lies ahead."""
        row = (
            Assignment.objects.filter(
                task__plan=plan, state=S.OPEN, due_at__gt=self.now, unit__kind=OrgUnit.Kind.SCHOOL
            )
            .select_related("unit").order_by("due_at", "unit_id").last()
        )  # fmt: skip
        if row:
            due = row.due_at + timedelta(days=7)
            Extension.objects.create(
                assignment=row, phrase=f"Chậm nhất ngày {timezone.localtime(due):%d/%m/%Y}",
                due_before=row.due_at, due_at=due, asked_by=self._person(row),
                reason="Trường đang sửa phòng máy, chưa đủ số liệu.",
            )  # fmt: skip

    def report(self, plan: Plan) -> Plan:
        """Figures of four schools in five for every target that is theirs."""
        period = str(timezone.localdate().year) if plan.is_over_years else plan.period
        actuals = []
        for target in plan.targets.order_by("position"):
            units = units_of(target.audience, plan.issuer).order_by("pk")
            for place, unit in enumerate(units):
                person = self.province.people.get((unit.pk, Role.FOCAL_POINT))
                if person and place % 5 != 3:
                    actuals.append(self._actual(target, unit, period, person))
        TargetActual.objects.bulk_create(actuals, batch_size=500)
        return plan

    def _actual(self, target, unit, period: str, person) -> TargetActual:
        whole = self.random.randint(20, 60) if target.is_ratio else None
        part = round((whole or 3) * min(1.0, self.random.gauss(0.85, 0.15)))
        return TargetActual(
            target=target, unit=unit, unit_path=unit.path, period=period, numerator=max(0, part),
            denominator=whole, entered_by=person,
        )  # fmt: skip

    def road(self, plan: Plan) -> Plan:
        """What the issuer wrote of the years so far, each with what it rests on."""
        head = self.province.people[plan.issuer_id, Role.OFFICE_HEAD]
        this = timezone.localdate().year
        rows = RoadMapYear.objects.filter(task__plan=plan, year__lte=this).select_related("task")
        for place, row in enumerate(rows.order_by("year", "task__position")):
            said = YEAR_STATES[row.year == this]
            state, note = said[place % len(said)]
            road_maps.write(row, state=state, note=note, by=head)
        return plan


def _moved(node, years: int):
    """Every year that is a date's or a school year's, so many years on; numbers of texts stay."""
    if isinstance(node, dict):
        kept = ("legal_texts", "source", "years")
        return {key: value if key in kept else _moved(value, years) for key, value in node.items()}
    if isinstance(node, list):
        return [_moved(one, years) for one in node]
    if not isinstance(node, str) or "QĐ-" in node.split("/")[-1][:3]:
        return node
    for year in (2025, 2024) if years > 0 else (2024, 2025):
        for before in ("/", " ", "-"):
            node = node.replace(f"{before}{year}", f"{before}{year + years}")
        if node.startswith(str(year)):
            node = f"{year + years}{node[4:]}"
    return node
