"""Every door that takes YAML, and those who wish it ill: a sentence, and nothing is kept."""

import pytest

from assessments.exchange import set_yaml
from assessments.models import IndicatorSet
from edudx.lib.line_yaml import FileRefused
from plans.exchange import calendar_yaml, plan_yaml
from plans.models import Holiday, LegalText, Plan, SchoolYear
from reporting.exchange import form_yaml
from reporting.models import DataForm, DataItem

DOORS = {
    "set": lambda text, cast: set_yaml.save(set_yaml.read_yaml(text), by=None),
    "plan": lambda text, cast: plan_yaml.save(
        plan_yaml.read(text), issuer=cast.office, by=cast.specialist
    ),
    "calendar": lambda text, cast: calendar_yaml.save(text, department=cast.department),
    "legal texts": lambda text, cast: plan_yaml.save_legal_texts(text),
    "form": lambda text, cast: form_yaml.save(form_yaml.read(text), by=None),
}
WHOLE = ("groups", "plan", "holidays", "school_years", "texts", "form", "sections", "tasks")
HOSTILE = [
    "",
    "[]",
    "\0",
    b"\xff\xfe\x00",
    "x" * 10 * 1024**2,
    "a: &a [x]\nb: [*a, *a]",
    "[a, b]: c",
    "1: a\n2: b",
    *(f"{key}: 7" for key in WHOLE),
    *(f"{key}: [7, [8], {{9: 9}}]" for key in WHOLE),
    *(f"{key}: {{code: {{a: b}}, {key}: [a]}}" for key in WHOLE),
    "holidays: [{from: 9999-12-31, name: x}]",
    "holidays: [{from: 2026-01-01, name: [x]}]",
    "texts: [{number: a, issued_on: 2024-10-10 00:00:00}]",
    'texts: [{number: "a\\0", issued_on: 2024-10-10, issuer: "\\ud800", summary: x}]',
    "form: {code: a, title: b, version: " + "9" * 5000 + "}",
    "plan: {title: X, period: '2025'}\ntargets: [{code: a, title: b, goal: 1e999999999}]",
    "plan: {title: X, period: '2025'}\ntasks: [{code: a, audience: [own], mentions: {a: b}}]",
]


@pytest.mark.parametrize("door", DOORS)
def test_who_wishes_ill_gets_sentences_and_leaves_nothing(cast, door):
    for text in HOSTILE:
        with pytest.raises(FileRefused) as refused:
            DOORS[door](text, cast)
        assert all(refused.value.faults)
    for model in (IndicatorSet, Plan, Holiday, SchoolYear, LegalText, DataForm, DataItem):
        assert not model.objects.exists(), model
