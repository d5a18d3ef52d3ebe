"""No box of the portal lets an invisible letter in: a walk over every form of every app."""

import importlib
import pkgutil

import pytest
from django import forms
from django.contrib import admin
from django.forms.widgets import ChoiceWidget
from django.test import RequestFactory
from django.urls import reverse

from edudx.lib import line_yaml
from edudx.lib.typed_forms import TypedField
from plans.models import Plan
from schools.models import Document, Event, OrgUnit
from tests import make, plan_world
from tests.assessments.browse import text
from tests.lib.odd_letters import BREAKS, INVISIBLE, SPACES

pytestmark = pytest.mark.alike  # what a file or a text is, not what a database does

APPS = ("edudx", "schools", "plans", "assessments", "reporting")
DIRTY = f"\u200bĐoàn{INVISIBLE[3]} \u00ad12{SPACES[1]}a\ufeff"
CLEAN = "Đoàn 12 a"


def forms_of_the_project() -> list[type[forms.BaseForm]]:
    for app in APPS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in module.name and ".management.commands" not in module.name:
                importlib.import_module(module.name)
    found, asked = set(), [forms.BaseForm]
    while asked:
        kind = asked.pop()
        asked += kind.__subclasses__()
        is_ours = kind.__module__.split(".")[0] in APPS
        if is_ours and (not issubclass(kind, forms.ModelForm) or kind._meta.model):
            found.add(kind)  # a form of the admin gets its model later
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


FORMS = forms_of_the_project()


def bare(kind: type[forms.BaseForm], sent: dict) -> forms.BaseForm:
    """The form with what its class declares, without the page that it needs."""
    form = kind.__new__(kind)
    base = forms.ModelForm if issubclass(kind, forms.ModelForm) else forms.Form
    base.__init__(form, sent)
    return form


def is_typed(field: forms.Field) -> bool:
    return not isinstance(
        field.widget, forms.PasswordInput | ChoiceWidget | forms.CheckboxInput | forms.FileInput
    )


def leaks(form_of, names) -> list[str]:
    """Boxes that give something else than the clean text to their field."""
    sent = {f"{name}{part}": DIRTY for name in names for part in ("", "_0", "_1")}
    form = form_of(sent)
    return [
        name
        for name in names
        if is_typed(form.fields[name])
        and not (isinstance(form[name], TypedField) and form[name].data in (CLEAN, [CLEAN, CLEAN]))
    ]


def test_there_are_forms_to_walk():
    assert len(FORMS) > 40


@pytest.mark.parametrize("kind", FORMS, ids=lambda one: f"{one.__module__}.{one.__name__}")
def test_every_box_of_every_form_passes_the_door(kind):
    assert leaks(lambda sent: bare(kind, sent), list(kind.base_fields)) == []


def test_every_box_of_the_administration_passes_the_door(cast):
    request = RequestFactory().get("/")
    request.user = cast.administrator
    for model, page in admin.site._registry.items():
        if model._meta.app_label in APPS:
            kind = page.get_form(request)
            assert leaks(lambda sent, kind=kind: bare(kind, sent), list(kind.base_fields)) == []


def test_no_box_has_a_door_of_its_own():
    """A field or a form that names its own bound field would pass by."""
    for kind in FORMS:
        assert kind.bound_field_class is None, kind
        for field in kind.base_fields.values():
            assert field.bound_field_class is None
            assert type(field).get_bound_field is forms.Field.get_bound_field


class Typed(forms.Form):
    line = forms.CharField(required=False)
    text = forms.CharField(widget=forms.Textarea, required=False)
    password = forms.CharField(widget=forms.PasswordInput, strip=False)
    chosen = forms.ChoiceField(choices=[("a\u200b", "A")])


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_lines_are_kept_where_lines_are_allowed(mark):
    form = Typed({"line": f"a{mark}b", "text": f"a{mark}b", "password": "x", "chosen": "a\u200b"})
    assert form.is_valid()
    assert form.cleaned_data["line"] == "a b"
    assert form.cleaned_data["text"] == "a\nb"


def test_each_character_of_a_password_counts_and_a_choice_was_not_typed():
    form = Typed({"password": " \u200bx ", "chosen": "a\u200b"})
    assert form.is_valid()
    assert form.cleaned_data["password"] == " \u200bx "
    assert form.cleaned_data["chosen"] == "a\u200b"
    assert form.cleaned_data["line"] == ""


# What a person does


def test_a_search_word_finds_whatever_cannot_be_seen_in_it(cast, sign_in):
    school = make.school(cast.office, "0101-777", short_name="THCS Nguyễn Đức Cảnh", name="Trường")
    client = sign_in(cast.officer)
    for typed in (
        "nguyễn\u00a0đức",
        "\u200bNguy\u00adễn \u00d0ức",
        "nguye\u0303\u034f\u0302n\x0b duc",
    ):
        for page in (reverse("schools:units"), reverse("search")):
            assert str(school) in text(client.get(page, {"tim": typed})), (page, ascii(typed))
        found = client.get(reverse("admin:schools_orgunit_changelist"), {"q": typed})
        assert school in found.context["cl"].result_list


@pytest.mark.parametrize(
    "title", ["\u200b", "\u3164\u00a0\ufe0f", "".join(INVISIBLE[:40]), "\u2028"]
)
def test_a_title_of_nothing_one_can_see_is_empty(cast, sign_in, title):
    sent = {"title": title, "kind": "plan", "link": "https://a.example/x"}
    page = sign_in(cast.focal).post(reverse("schools:document_add"), sent)
    assert page.context["form"].errors["title"] == ["Mục này bắt buộc phải nhập."]
    assert not Document.objects.exists()


def test_a_reason_that_no_form_reads_is_clean_too(cast, sign_in):
    """And one of invisible letters alone is none."""
    plan = plan_world.issued(cast.office, cast.office_head, "II.1")
    client, address = sign_in(cast.office_head), reverse("plans:plan_close", args=[plan.pk])
    client.post(address, {"reason": "\u200b\u3164"})
    plan.refresh_from_db()
    assert plan.state == Plan.State.ISSUED
    client.post(address, {"reason": "Th\u00adôi\x0brồi\u200b"})
    assert Event.objects.latest("pk").reason == "Thôi\nrồi"


def test_a_key_of_the_administration_has_no_invisible_letter(cast, sign_in):
    sent = {
        "code": "\ufeff0101\u2011055\u200b", "kind": "school", "school_type": "TH",
        "ownership": "public", "name": "\u00d0oàn\u00a0Kết\u2028", "short_name": "Đoàn Kết\ufe0f",
        "place": "Tân\u2009Thành", "valid_from": "\u202d01/09/2020\u202c", "parent": cast.office.pk,
    }  # fmt: skip
    answer = sign_in(cast.administrator).post(reverse("admin:schools_orgunit_add"), sent)
    assert answer.status_code == 302, answer.context["errors"]
    unit = OrgUnit.objects.get(code="0101-055")
    assert (unit.name, unit.short_name, unit.place) == ("Đoàn Kết", "Đoàn Kết", "Tân Thành")


def test_yaml_is_read_whatever_cannot_be_seen_in_it():
    typed = 'head:\n\u00a0 title: Ho\u0301a\u200b \u00d0ức\n  note: "a\\u200Bb\\u2028c"\n'
    assert line_yaml.load(typed)["head"] == {"__line__": 2, "title": "Hóa Đức", "note": "ab\nc"}
