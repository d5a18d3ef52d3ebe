"""Every box for a day or a moment, on pages and in the administration, reads alike."""

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.test import RequestFactory
from django.utils.module_loading import import_string

from edudx.lib.fields import DayField, MomentField
from tests.assessments.browse import text

APPS = ("schools", "plans", "assessments", "reporting")


def below(kind: type) -> set[type]:
    return {kind} | {one for child in kind.__subclasses__() for one in below(child)}


def own_forms() -> list[type]:
    for name in APPS:
        import_string(f"{name}.urls.urlpatterns")  # every page, and so every form
    found = below(forms.BaseForm)
    return [one for one in found if one.__module__.split(".")[0] in APPS]


def admin_forms(user) -> list[type]:
    request = RequestFactory().get("/")
    request.user = user
    found = []
    for model, page in admin.site._registry.items():
        if model._meta.app_label in APPS and page.has_change_permission(request):
            found.append(page.get_form(request))
            found += [one.form for one in page.get_inline_instances(request)]
    return found


def wrong_boxes(kinds: list[type]) -> list[str]:
    boxes = [
        (f"{kind.__module__}.{kind.__name__}.{name}", box)
        for kind in kinds
        for name, box in getattr(kind, "base_fields", {}).items()
        if isinstance(box, forms.DateField | forms.DateTimeField)
    ]
    assert boxes
    return [name for name, box in boxes if not isinstance(box, DayField | MomentField)]


def test_every_form_reads_days_through_one_field():
    assert wrong_boxes(own_forms()) == []


def test_the_administration_does_so_too(cast):
    assert wrong_boxes(admin_forms(cast.administrator)) == []


@pytest.mark.parametrize("written", ["05/09/0026", "31/12/9999", "1/1/1899"])
def test_a_proof_of_a_year_that_was_mistyped_is_refused(cast, sign_in, written):
    sent = {"title": "Kế hoạch", "kind": "plan", "link": "https://a.example", "proof_on": written}
    page = text(sign_in(cast.focal).post("/tai-lieu/them/", sent))
    assert "chắc là gõ nhầm; chỉ nhận từ năm 1900 đến 2100." in page
    assert not apps.get_model("schools", "Document").objects.exists()


@pytest.mark.parametrize("written", ["05/09/2025", "5-9-2025", "ngày 5 tháng 9 năm 2025", "5.9.25"])
def test_a_proof_is_dated_as_people_write(cast, sign_in, written):
    sent = {"title": "Kế hoạch", "kind": "plan", "link": "https://a.example", "proof_on": written}
    sign_in(cast.focal).post("/tai-lieu/them/", sent)
    document = apps.get_model("schools", "Document").objects.get()
    assert f"{document.versions.get().proof_on:%d/%m/%Y}" == "05/09/2025"
