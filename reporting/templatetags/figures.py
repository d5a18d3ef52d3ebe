"""Criteria of an indicator set beside the figures the school has handed in."""

from dataclasses import dataclass

from django import template
from django.db.models import F
from django.utils import timezone

from reporting import sheet_reading
from reporting.arithmetic import Value
from reporting.models import DataItem, DataValue

register = template.Library()
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
        value, K = self.value, DataItem.Kind
        if kind == "ratio" and self.item.kind == K.RATIO and value.whole:
            return {"numerator": value.number, "denominator": value.whole, "entered_points": ""}
        if kind == "count" and self.item.kind in (K.INTEGER, K.DECIMAL):
            return {"count": value.number, "entered_points": ""}
        if kind in ("yes_no", "condition") and self.item.kind == K.YES_NO:
            return {"met": "1" if value.number else "0"}
        return {}


@register.simple_tag
def offers_of(held: list[Held], item) -> list[tuple[str, list[tuple[str, str]]]]:
    """(what is said, hidden fields that put it into the answer) of each figure of a criterion.

    The source goes into the note, so that the answer says where its figure comes from.
    """
    found = []
    for one in held or ():
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


@register.simple_tag
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
