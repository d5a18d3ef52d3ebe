"""Criteria of an indicator set beside the figures the school has handed in."""

from django import template
from django.db.models import F
from django.utils import timezone

from reporting import sheets
from reporting.models import DataItem, DataValue

register = template.Library()


@register.simple_tag
def figures_for(assessment) -> dict[str, list[str]]:
    """Criterion code → what the school has handed in about it, each with its source and date."""
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
    found: dict[str, list[str]] = {}
    for row in newest.values():
        item, version = items[row.item_id], row.version
        on = f"{timezone.localtime(version.at):%d/%m/%Y}"
        said = f"{item.title}: {sheets.shown(item, row.value)} ({version.sheet.request}, {on})"
        for name in item.criteria:
            if name.startswith(code):
                found.setdefault(name.removeprefix(code), []).append(said)
    return found
