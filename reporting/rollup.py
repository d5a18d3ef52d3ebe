"""Rolling up: schools → office → department, by sums in the database. Missing is never zero."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min, Q, Sum

from edudx.lib.vietnamese import number
from plans.workflow import AssignmentState
from reporting.arithmetic import Total
from reporting.models import Closing, DataField, DataItem, DataRequest, DataSheet, DataValue
from schools.models import OrgUnit

R = DataItem.RollUp
Totals = dict[int, dict[str, Total]]  # office → key of a figure → its total


def sheets_of(request: DataRequest, scope: Q | None = None):
    """The sheets that count: not those that were withdrawn; of a part of the tree with a scope."""
    found = DataSheet.objects.filter(request=request).exclude(
        assignment__state=AssignmentState.WITHDRAWN
    )
    return found if scope is None else found.filter(scope)


def totals_of(request: DataRequest, scope: Q | None = None) -> Totals:
    """Per office and figure, in three queries whatever the number of schools."""
    counted = sheets_of(request, scope)
    fields = request.form.lines
    expected = _expected(counted, fields)
    rows = DataValue.objects.current().filter(version__sheet__in=counted)
    sums = rows.values("version__sheet__office", "key").annotate(
        n=Count("pk"), part=Sum("number"), total=Sum("whole"), least=Min("number"),
        most=Max("number"),
    )  # fmt: skip
    found: Totals = {office: dict(keys) for office, keys in expected.items()}
    spread = _spread(rows, fields)
    for row in sums.order_by():
        office, key = row["version__sheet__office"], row["key"]
        if key not in found.get(office, {}):
            continue  # a field that no longer applies to anybody there
        found[office][key] = Total(
            expected=found[office][key].expected, reported=row["n"],
            number=row["part"] or Decimal(0), whole=row["total"] or Decimal(0),
            least=row["least"], most=row["most"], spread=spread.get((office, key), {}),
        )  # fmt: skip
    return found


def _expected(counted, fields: list[DataField]) -> Totals:
    """How many units of each office each figure is asked of; nothing reported yet."""
    types = counted.values_list("office", "school_type").annotate(n=Count("pk")).order_by()
    found: dict[int, Counter] = {}
    for office, school_type, n in types:
        found.setdefault(office, Counter())[school_type] += n
    return {
        office: {
            key: Total(expected=_asked(field, counts))
            for field in fields
            for key in field.item.keys
        }
        for office, counts in found.items()
    }


def _asked(field: DataField, counts: Mapping[str, int]) -> int:
    return sum(
        n for school_type, n in counts.items() if not field.types or school_type in field.types
    )


def _spread(rows, fields: list[DataField]) -> dict[tuple[int, str], dict[str, int]]:
    words = [one.item_id for one in fields if one.item.roll_up == R.SPREAD]
    found: dict[tuple[int, str], dict[str, int]] = {}
    counted = rows.filter(item__in=words).values_list("version__sheet__office", "key", "text")
    for office, key, text, n in counted.annotate(n=Count("pk")).order_by("text"):
        found.setdefault((office, key), {})[text] = n
    return found


def closings_of(
    request: DataRequest, offices: Iterable[OrgUnit]
) -> dict[int, tuple[Closing, bool]]:
    """Office → its newest closing and whether it needs to be done again; two queries for all."""
    newest_of = {one.office_id: one for one in request.closings.order_by("number")}
    current: dict[int, list[int]] = {}
    found = sheets_of(request, Q(office__in=offices)).exclude(current=None)
    for office, version in found.values_list("office", "current"):
        current.setdefault(office, []).append(version)
    return {
        one.pk: (found, sorted(found.versions) != sorted(current.get(one.pk, ())))
        for one in offices
        if (found := newest_of.get(one.pk))
    }


def whole(totals: Totals) -> dict[str, Total]:
    """All offices together."""
    found: dict[str, Total] = {}
    for keys in totals.values():
        for key, one in keys.items():
            found[key] = found.get(key, Total()) + one
    return found


def shown(item: DataItem, total: Total) -> str:
    """A total as people read it; empty while nobody has reported."""
    if not total.reported:
        return ""
    if item.roll_up == R.RATIO:
        value = total.value(R.RATIO)
        share = f"{number(value)}%" if value is not None else "không tính được"
        return f"{share} ({number(total.number)} / {number(total.whole)})"
    if item.roll_up == R.YES:
        return f"{number(total.number)} có"
    if item.roll_up == R.NONE:
        return "xem từng đơn vị"
    if item.roll_up == R.SPREAD:
        return ", ".join(f"{word}: {number(n)}" for word, n in total.spread.items())
    return number(total.value(item.roll_up))


def as_json(keys: Mapping[str, Total]) -> dict:
    """As a closing keeps it for ever."""

    def plain(value):
        return f"{value:.2f}" if isinstance(value, Decimal) else value  # alike on every database

    return {
        key: {name: plain(value) for name, value in asdict(one).items()}
        for key, one in sorted(keys.items())
    }


def from_json(kept: Mapping) -> dict[str, Total]:
    decimals = ("number", "whole", "least", "most")

    def typed(name: str, value):
        return Decimal(value) if name in decimals and value is not None else value

    return {
        key: Total(**{name: typed(name, value) for name, value in one.items()})
        for key, one in kept.items()
    }


@dataclass(frozen=True)
class Before:
    """The same figure a period ago."""

    period: str
    total: Total


def before_of(request: DataRequest, scope: Q | None = None) -> dict[str, Before]:
    """Figure → its total in the newest earlier request of another period by the same issuer."""
    items = [one.item_id for one in request.form.lines]
    earlier = (
        DataRequest.objects.filter(
            issuer=request.issuer_id, created_at__lt=request.created_at, period__lt=request.period,
            form__fields__item__in=items,
        )
        .order_by("-period", "-created_at").values_list("pk", "form__fields__item__code")
    )  # fmt: skip
    newest: dict[str, int] = {}
    for pk, code in earlier:
        newest.setdefault(code, pk)
    found: dict[str, Before] = {}
    for one in DataRequest.objects.filter(pk__in=set(newest.values())).select_related("form"):
        for key, total in whole(totals_of(one, scope)).items():
            if newest.get(key.partition("|")[0]) == one.pk:
                found[key] = Before(one.period, total)
    return found


@dataclass(frozen=True)
class Line:
    """One figure of a roll-up: what it is, its total, and the same a period before."""

    field: DataField
    key: str
    total: Total
    before: Before | None = None

    @property
    def label(self) -> str:
        return self.field.item.label_of(self.key)

    @property
    def shown(self) -> str:
        return shown(self.field.item, self.total)

    @property
    def shown_before(self) -> str:
        return shown(self.field.item, self.before.total) if self.before else ""


def lines_of(
    request: DataRequest, keys: Mapping[str, Total], before: Mapping[str, Before] | None = None
) -> list[tuple[str, list[Line]]]:
    """The form's sections with their figures, those that are asked of anybody here."""
    found = []
    for title, fields in request.form.sections:
        lines = [
            Line(field, key, keys[key], (before or {}).get(key))
            for field in fields
            for key in field.item.keys
            if key in keys and keys[key].expected
        ]
        if lines:
            found.append((title, lines))
    return found


def offices_of(request: DataRequest, scope: Q | None = None) -> list[OrgUnit]:
    """Where the figures are rolled up, with how many sheets are expected and handed in."""
    counts = sheets_of(request, scope).values("office").annotate(
        expected=Count("pk"), received=Count("current")
    )  # fmt: skip
    by_office = {row["office"]: row for row in counts.order_by()}
    offices = list(OrgUnit.objects.filter(pk__in=by_office).order_by("sort_key", "pk"))
    for one in offices:
        one.expected, one.received = (
            by_office[one.pk]["expected"], by_office[one.pk]["received"],
        )  # fmt: skip
    return offices
