"""Figures: last year's review, complete and closed; this year's first request, half of it in."""

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from edudx.demo.tree import Province
from edudx.lib import clock, workflow
from edudx.lib.school_calendar import first_year_of
from plans.models import Assignment, Target
from plans.workflow import AssignmentState, PlanState
from reporting import sheet_reading
from reporting.actions import closings, data_forms, requests, sheets, target_figures
from reporting.exchange import form_yaml
from reporting.management.commands.load_form import SHIPPED
from reporting.models import DataForm, DataItem, DataRequest, DataSheet, DataValue, SheetVersion
from schools.models import Event, User
from schools.models.events import unsaved
from schools.permissions import Role

K = DataItem.Kind
TYPICAL = {"hs-tong": 620, "hs-nu": 300, "gv-tong": 34, "gv-tin-hoc": 2, "phong-hoc": 22,
           "phong-tin-hoc": 1, "may-tinh-tin-hoc": 28, "lop-tong": 18, "kinh-phi": 85,
           "toc-do": 150, "su-co-attt": 0}  # fmt: skip
TEACHERS, PUPILS = ("gv-tong",), ("hs-tong",)
WHOLES = {  # a ratio → what its whole is the sum of
    "phong-may-chieu": ("phong-hoc",), "chu-ky-so": ("cbql-tong", "gv-tong"),
    "tai-khoan-gv": TEACHERS, "gv-lms": TEACHERS, "gv-boi-duong": TEACHERS,
    "tai-khoan-hs": PUPILS, "dinh-danh": PUPILS, "hoc-ba-so": PUPILS, "hs-nen-tang": PUPILS,
}  # fmt: skip


def tell(random: Random, province: Province) -> None:
    """Load and publish the shipped forms, ask twice, fill in; dates follow today's."""
    officer = province.people[province.department.pk, Role.DEPARTMENT_OFFICER]
    with clock.at(timezone.now() - timedelta(days=200)):
        for path in sorted(SHIPPED.glob("*.yaml")):
            loaded = form_yaml.save(form_yaml.read(path.read_text(encoding="utf-8")), by=None)
            data_forms.publish(loaded.form, by=officer)
    today = timezone.localdate()
    first = first_year_of(today)
    writer = Writer(random, province, officer)
    past = writer.ask("tong-ket", f"{first - 1}-{first}", timezone.now() - timedelta(days=160),
                      f"Số liệu tổng kết năm học {first - 1}-{first}")  # fmt: skip
    writer.fill(past, lambda place: True)
    for office in province.offices:
        writer.close(past, office)
    running = writer.ask("dau-nam", f"{first}-{first + 1}", timezone.now() + timedelta(days=9),
                         f"Số liệu đầu năm học {first}-{first + 1}")  # fmt: skip
    writer.fill(running, lambda place: place % 5 not in (1, 3))
    writer.close(running, province.offices[-1])


class Writer:
    """Asks as the Sở does; fills in what the schools have given, in bulk."""

    def __init__(self, random: Random, province: Province, officer) -> None:
        self.random, self.province, self.officer = random, province, officer

    def ask(self, code: str, period: str, due: datetime, title: str) -> DataRequest:
        form = DataForm.objects.get(code=code, state=DataForm.State.PUBLISHED)
        on = timezone.localtime(due).date()
        request = DataRequest(
            form=form, title=title, period=period, issuer=self.province.department,
            number=f"{on.month + 100}/SGDĐT",
        )  # fmt: skip
        with clock.at(min(due, timezone.now()) - timedelta(days=20)):
            return requests.ask(
                request, audience={"kinds": ["school"]}, by=self.officer,
                school_phrase=f"Chậm nhất ngày {on:%d/%m/%Y}",
                office_phrase=f"Chậm nhất ngày {on + timedelta(days=4):%d/%m/%Y}",
            )  # fmt: skip

    def fill(self, request: DataRequest, has_given) -> None:
        """Versions and values of the schools that have given theirs, a few days before the end."""
        asked = DataSheet.objects.filter(request=request).select_related("unit", "assignment__task")
        given = [one for place, one in enumerate(asked.order_by("pk")) if has_given(place)]
        moment = min(request.school_task.due_at, timezone.now()) - timedelta(days=3)
        with clock.at(moment.replace(microsecond=0)):
            for start in range(0, len(given), 500):
                self._hand_in(request, given[start : start + 500])
            asked = [one.item.code for one in request.form.lines]
            if Target.objects.filter(item__in=asked, plan__state=PlanState.ISSUED).exists():
                for one in given:
                    by = self.province.worker(one.unit)
                    target_figures.fill(one, sheet_reading.handed_in_of(one), {}, by=by)

    def _hand_in(self, request: DataRequest, given: list[DataSheet]) -> None:
        """The rows that `sheets.save_section` and `hand_in` leave, of many sheets at once."""
        moment, events = clock.now(), []
        versions = SheetVersion.objects.bulk_create(
            SheetVersion(sheet=one, number=1, at=moment, by=self.province.worker(one.unit))
            for one in given
        )
        kept = {one.pk: list(self._values(request.form, one)) for one in versions}
        DataValue.objects.bulk_create(
            (row for found in kept.values() for row in found), batch_size=2000
        )
        for one, version in zip(given, versions, strict=True):
            one.request, one.current, row = request, version, one.assignment
            one.draft = _draft(one, kept[version.pk])
            row.state, row.handed_in_at, row.last_handed_in_at = (
                AssignmentState.HANDED_IN, moment, moment,
            )  # fmt: skip
            events += _events(one, version.by)
        DataSheet.objects.bulk_update(given, ["current", "draft"], 100)
        Assignment.objects.bulk_update(
            [one.assignment for one in given], ["state", "handed_in_at", "last_handed_in_at"], 500
        )
        Event.objects.bulk_create(events, batch_size=500)

    def _values(self, form: DataForm, version: SheetVersion):
        size = max(0.2, self.random.gauss(1.0, 0.3))
        known: dict[str, Decimal] = {}
        for field in form.lines:
            if field.applies_to(version.sheet.school_type):
                for key in field.item.keys:
                    row = self._value(field.item, key, version, size)
                    self._agree(row, known, size)
                    yield row

    def _agree(self, row: DataValue, known: dict[str, Decimal], size: float) -> None:
        """One school has one number of pupils, teachers and classrooms, wherever it is asked."""
        if row.whole is None:
            known[row.key] = row.number
            return
        bases = WHOLES.get(row.key, ())
        if not bases:
            return
        share = row.number / row.whole
        row.whole = sum(
            (known.get(one, Decimal(round(TYPICAL.get(one, 3) * size))) for one in bases),
            Decimal(0),
        )
        row.number = (row.whole * share).to_integral_value()

    def _value(self, item: DataItem, key: str, version: SheetVersion, size: float) -> DataValue:
        row = DataValue(version=version, item=item, key=key)
        if item.kind == K.RATIO:
            row.whole = Decimal(max(1, round(self.random.randint(20, 60) * size)))
            share = min(1.0, max(0.0, self.random.gauss(0.8, 0.15)))
            row.number = Decimal(round(float(row.whole) * share))
        elif item.kind == K.YES_NO:
            row.number = Decimal(self.random.random() < 0.6)
        elif item.kind == K.CHOICE:
            row.text = self.random.choice(item.choices)
        elif item.kind == K.TEXT:
            row.text = "Thiếu máy tính dạy Tin học"
        else:
            row.number = Decimal(round(TYPICAL.get(item.code, 6) * size))
        return row

    def close(self, request: DataRequest, office) -> None:
        """By the specialist, approved by the head."""
        if not closings.versions_now(request, office):
            return  # a small demo: nobody there has given anything
        moment = min(request.school_task.due_at + timedelta(days=2), timezone.now())
        with clock.at(moment - timedelta(hours=2)):
            found = closings.prepare(
                request, office, by=self.province.worker(office),
                reason=closings.missing_for_close(request, office),
            )  # fmt: skip
        with clock.at(moment - timedelta(hours=1)):
            closings.approve(found, by=self.province.head(office))


def _events(sheet: DataSheet, by: User) -> list[Event]:
    row, step = sheet.assignment, workflow.named(Assignment.transitions, "hand_in")
    label = f"{step.label}: {row.task}"
    return [
        unsaved(row, step.name, label, by=by, from_state=AssignmentState.OPEN, to_state=row.state),
        unsaved(sheet, "hand_in", "Nộp số liệu lần 1", by=by),
    ]


def _draft(sheet: DataSheet, rows: list[DataValue]) -> dict:
    """What the school had typed when it handed this in."""
    values = {one.key: one.value for one in rows}
    return {
        str(section.place): sheets.EMPTY
        | {
            "version": 1,
            "values": sheet_reading.packed(
                {key: values[key] for one in section.fields for key in one.item.keys}
            ),
        }
        for section in sheet_reading.sections_of(sheet)
    }
