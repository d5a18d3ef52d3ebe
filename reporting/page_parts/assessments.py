"""What pages of `assessments` show of files and figures."""

from dataclasses import dataclass

from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from assessments.models import Assessment, Campaign, Criterion, Decision, IndicatorSet
from assessments.views.file_page import FilePage, Item
from edudx.lib import slots
from reporting import sheet_reading
from reporting.arithmetic import Value
from reporting.models import DataItem, DataValue
from schools.permissions import Permission

PLAIN = {"is_not_applicable": False, "not_applicable_reason": ""}  # a figure says it applies
FIGURES = ("numerator", "denominator", "count", "met")


@dataclass(frozen=True)
class Held:
    """A figure the school has handed in: as people read it, with its source and date."""

    said: str
    item: DataItem
    value: Value
    source: str

    def answers(self, kind: str) -> dict:
        """The fields of an answer of this kind of criterion that it fills; empty when none."""
        value, K, C = self.value, DataItem.Kind, Criterion.Kind
        if kind == C.RATIO and self.item.kind == K.RATIO and value.whole:
            return {"numerator": value.number, "denominator": value.whole, "entered_points": ""}
        if kind == C.COUNT and self.item.kind in (K.INTEGER, K.DECIMAL):
            return {"count": value.number, "entered_points": ""}
        if kind in (C.YES_NO, C.CONDITION) and self.item.kind == K.YES_NO:
            return {"met": "1" if value.number else "0"}
        return {}


def evidence_list(request: HttpRequest, assessment: Assessment) -> slots.Part:
    """For everybody who may read the file."""
    return "reporting/_evidence_list.html", {"assessment": assessment}


def summary(request: HttpRequest, campaign: Campaign) -> slots.Part | None:
    if not request.user.can(Permission.EXPORT):
        return None
    return "reporting/_summary_link.html", {"campaign": campaign}


def decision_file(request: HttpRequest, decision: Decision) -> slots.Part | None:
    if not decision.may_be_read_whole_by(request.user):
        return None
    return "reporting/_decision_file.html", {"decision": decision}


def set_file(request: HttpRequest, indicator_set: IndicatorSet) -> slots.Part:
    """For everybody who may read the set."""
    return "reporting/_set_file.html", {"set": indicator_set}


def figures_beside(request: HttpRequest, item: Item) -> slots.Part | None:
    """What the school has handed in about a criterion; an open one offers to take it over."""
    held = _held(item.page).get(item.criterion.code)
    if not held:
        return None
    if item.form is None:
        return "reporting/_criterion_figures.html", {"held": held}
    takes = {"offers": offers_of(held, item), "item": item, "assessment": item.page.assessment}
    return "reporting/_criterion_offers.html", takes


def _held(page: FilePage) -> dict[str, list[Held]]:
    """Read once for all criteria of the page."""
    if "figures" not in page.kept:
        page.kept["figures"] = figures_for(page.assessment)
    return page.kept["figures"]


def offers_of(held: list[Held], item) -> list[tuple[str, list[tuple[str, str]]]]:
    """(what is said, hidden fields that put it into the answer) of each figure of a criterion.

    The source goes into the note, so that the answer says where its figure comes from.
    """
    found = []
    for one in held:
        new = one.answers(item.criterion.kind)
        form = item.form
        fields = []
        for name in form.fields if new else ():
            value = {**PLAIN, **new}.get(name, form[name].value())
            if name == "note" and one.source not in (value or ""):
                value = f"{value or ''}\nSố liệu: {one.source}".strip()
            if value not in (None, "", False):
                fields.append((form[name].html_name, str(value)))
        kept = {name: getattr(item.answer, name, None) for name in new if name in FIGURES}
        is_there = all(_same(kept[name], new[name]) for name in kept)
        found.append((one.said, [] if is_there else fields))
    return found


def _same(kept, offered) -> bool:
    if isinstance(kept, bool):
        return kept == (offered == "1")
    return kept == offered


def figures_for(assessment) -> dict[str, list[Held]]:
    """Criterion code → what the school has handed in about it."""
    code = f"{assessment.indicator_set.code}:"
    items = {
        one.pk: one for one in DataItem.objects.exclude(criteria=[])
        if any(name.startswith(code) for name in one.criteria)
    }  # fmt: skip
    rows = DataValue.objects.filter(
        version__sheet__unit=assessment.unit_id, version__sheet__current=F("version"),
        item__in=items,
    ).select_related("version__sheet__request").order_by("version__at", "pk")  # fmt: skip
    newest = {row.item_id: row for row in rows}
    found: dict[str, list[Held]] = {}
    for row in newest.values():
        item, version = items[row.item_id], row.version
        on = f"{timezone.localtime(version.at):%d/%m/%Y}"
        source = f"{version.sheet.request}, {on}"
        said = f"{item.title}: {sheet_reading.shown(item, row.value)} ({source})"
        held = Held(said, item, row.value, source)
        for name in item.criteria:
            if name.startswith(code):
                found.setdefault(name.removeprefix(code), []).append(held)
    return found


def fill() -> None:
    slots.fill("assessments.assessment.files", evidence_list)
    slots.fill("assessments.campaign.files", summary)
    slots.fill("assessments.decision.files", decision_file)
    slots.fill("assessments.set.files", set_file)
    slots.fill("assessments.criterion.figures", figures_beside)
