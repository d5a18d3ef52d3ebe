"""The five plans of the library, moved to the running school year and lived through.

Hải Phòng's ten rows in every state, Long Biên's targets with figures, Dương Kinh's road map.
"""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from edudx.demo.cabinet import Cabinet
from edudx.demo.tree import Province
from edudx.lib import clock, deadlines, line_yaml, yaml_schema
from edudx.lib.school_calendar import first_year_of
from plans.actions import extensions, hand_ins, plans, road_maps, target_figures
from plans.audience import units_of
from plans.exchange import calendar_yaml, plan_yaml
from plans.management.commands.load_plan import LIBRARY
from plans.models import Assignment, Plan, RoadMapYear
from plans.workflow import AssignmentState as S
from schools.actions import focal_points
from schools.models import FocalPoint, OrgUnit

STATES = (S.DONE, S.DONE, S.HANDED_IN, S.OPEN, S.DONE, S.RETURNED, S.DONE, S.OPEN)
K = OrgUnit.Kind
LEADERS = {K.SCHOOL: "Phó Hiệu trưởng", K.OFFICE: "Trưởng phòng"}
PEOPLE = {K.SCHOOL: "Giáo viên Tin học", K.OFFICE: "Chuyên viên"}
REVIEWS = {  # a state → the issuer's word that leads to it
    S.DONE: ("complete", ""),
    S.RETURNED: ("give_back", "Thiếu số liệu của học kỳ 1."),
}
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
    """Puts plans into force; the units do what is asked of them, each at its moment."""

    def __init__(self, random: Random, province: Province, cabinet: Cabinet, first: int) -> None:
        self.random, self.province, self.cabinet = random, province, cabinet
        self.first, self.shift = first, first - 2024
        self.now = timezone.now().replace(microsecond=0)

    def name_focal_points(self) -> None:
        """At the beginning of the school year before this one."""
        with clock.at(deadlines.start_of_day(date(self.first - 1, 9, 5))):
            for unit in (*self.province.offices, *self.province.schools):
                head, by = self.province.head(unit), self.province.worker(unit)
                facts = {
                    "leader_name": head.full_name, "name": by.full_name,
                    "leader_post": LEADERS[unit.kind], "post": PEOPLE[unit.kind],
                }  # fmt: skip
                for field in FocalPoint.Field.values:
                    focal_points.name(unit, field, facts, by=head)

    def issued(self, name: str, issuer, number: str, shift: int | None = None) -> Plan:
        """The plan of the library, its years moved on, in force since the day it names."""
        tree = line_yaml.load((LIBRARY / f"{name}.yaml").read_bytes())
        tree = _moved(tree, self.shift if shift is None else shift)
        root = yaml_schema.read(tree, plan_yaml.FILE)
        head = self.province.head(issuer)
        latest = timezone.localdate() - timedelta(days=30)
        named = root["plan"]["issued_on"] or latest
        day = deadlines.start_of_day(min(named, latest))
        with clock.at(day - timedelta(days=2)):
            plan = plan_yaml.save(root, issuer=issuer, by=head)
            plan.number, plan.issued_on = number, timezone.localdate(day)
            plans.save(plan, by=head)
        with clock.at(day + timedelta(hours=9)):
            plans.issue(plan, by=head)
        plan.refresh_from_db()
        return plan

    def live(self, plan: Plan) -> None:
        """Rows whose deadline has passed or is near, in every state; the rest lie open."""
        soon = self.now + timedelta(days=10)
        rows = list(
            Assignment.objects.filter(task__plan=plan, due_at__lt=soon)
            .select_related("task__issuer", "unit").order_by("task__position", "unit_id")
        )  # fmt: skip
        for place, row in enumerate(rows):
            state = STATES[(place + 3 * row.task.position) % len(STATES)]
            if state != S.OPEN and not row.task.needs_approval:
                self._hand_in(row, state, place)
        self._ask_for_time(plan)

    def _hand_in(self, row: Assignment, state: str, place: int) -> None:
        """Mostly in time; every fifth late, with its explanation; never in the future."""
        wants_late = place % 5 == 4 and row.due_at + timedelta(days=2) < self.now
        days = 2 if wants_late else -1 - place % 4
        soonest, latest = row.given_at + timedelta(hours=2), self.now - timedelta(hours=2)
        moment = min(max(row.due_at + timedelta(days=days), soonest), latest)
        is_late = deadlines.is_late(moment, row.due_at)
        files = [] if row.task.is_for_focal_points else [self._file(row)]
        with clock.at(moment):
            hand_ins.hand_in(
                row, by=self.province.worker(row.unit), versions=files,
                explanation="Đơn vị bận thi học kỳ nên tổng hợp chậm." if is_late else "",
            )  # fmt: skip
        if state in REVIEWS and not hand_ins.is_own_work(row):
            step, reason = REVIEWS[state]
            with clock.at(moment + timedelta(hours=1)):
                hand_ins.review(row, step, by=self.province.worker(row.task.issuer), reason=reason)

    def _file(self, row: Assignment):
        return self.cabinet.version(row.unit_id, row.task.position)

    def _ask_for_time(self, plan: Plan) -> None:
        """One school asks for more time for what lies ahead."""
        latest = deadlines.start_of_day(plan.ends_on) - timedelta(days=8)
        row = (
            Assignment.objects.filter(
                task__plan=plan, state=S.OPEN, due_at__gt=self.now, due_at__lt=latest,
                unit__kind=OrgUnit.Kind.SCHOOL,
            )
            .select_related("unit").order_by("due_at", "unit_id").last()
        )  # fmt: skip
        if row:
            due = timezone.localtime(row.due_at + timedelta(days=7))
            extensions.ask(
                row, phrase=f"Chậm nhất ngày {due:%d/%m/%Y}", by=self.province.worker(row.unit),
                reason="Trường đang sửa phòng máy, chưa đủ số liệu.",
            )  # fmt: skip

    def report(self, plan: Plan) -> Plan:
        """Figures of four schools in five for every target that is theirs."""
        period = str(timezone.localdate().year) if plan.is_over_years else plan.period
        for target in plan.targets.select_related("plan__issuer").order_by("position"):
            units = units_of(target.audience, plan.issuer).order_by("pk")
            for place, unit in enumerate(units):
                if unit.is_school and place % 5 != 3:
                    self._actual(target, unit, period)
        return plan

    def _actual(self, target, unit, period: str) -> None:
        whole = self.random.randint(20, 60) if target.is_ratio else None
        part = round((whole or 3) * min(1.0, self.random.gauss(0.85, 0.15)))
        target_figures.save(
            target, unit=unit, period=period, numerator=Decimal(max(0, part)),
            denominator=None if whole is None else Decimal(whole), note="", version=0,
            by=self.province.worker(unit),
        )  # fmt: skip

    def road(self, plan: Plan) -> Plan:
        """What the issuer wrote of the years so far, each with what it rests on."""
        head = self.province.head(plan.issuer)
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
