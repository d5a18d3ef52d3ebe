"""Data forms: list, load from a file, read, publish."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from edudx.lib.line_yaml import FileRefused
from edudx.lib.told import told
from reporting.actions import data_forms
from reporting.exchange import form_excel, form_yaml
from reporting.files.names import Stem
from reporting.forms import FormFileForm
from reporting.models import DataForm
from reporting.views import sending
from schools.models import Event
from schools.permissions import Permission

from .access import the_form


def forms(request):
    """The forms of the province, newest version first; a YAML file becomes a draft."""
    request.user.must(Permission.DATA_VIEW)
    may_load = request.user.can(Permission.DATA_FORM_MANAGE)
    form = FormFileForm(request.POST or None, request.FILES or None)
    faults: list[str] = []
    if request.method == "POST":
        if not may_load:
            raise PermissionDenied("Bạn không có quyền nhập biểu mẫu.")
        if form.is_valid():
            loaded = _load(request, form.cleaned_data["file"], faults)
            if loaded:
                for one in loaded.warnings:
                    messages.error(request, one)
                messages.success(request, f"Đã nhập «{loaded.form}» làm dự thảo.")
                return redirect(loaded.form)
    found = DataForm.objects.visible_to(request.user).annotate(lines_count=Count("fields"))
    page = {"forms": found.order_by("code", "-version")[:200], "form": form, "faults": faults}
    status = 422 if faults or form.errors else 200
    page |= {"may_load": may_load, "may_export": request.user.can(Permission.EXPORT)}
    return render(request, "reporting/data_forms.html", page, status=status)


def _load(request, file, faults: list[str]):
    owner = None
    if not request.user.may_manage_national(Permission.DATA_FORM_MANAGE):
        owner = request.user.hat.unit if request.user.hat else None
    try:
        if file.name.lower().endswith((".yaml", ".yml")):
            root = form_yaml.read(file.read())
        else:
            root = form_excel.read(file)
        return form_yaml.save(root, by=request.user, owner=owner)
    except FileRefused as refusal:
        faults += refusal.faults
    return None


def form_page(request, pk: int):
    """One form: every figure with how it is understood and how it adds up."""
    found = the_form(request, pk)
    may_publish = found.is_draft and found.may_be_managed_by(request.user)
    return render(
        request,
        "reporting/data_form.html",
        {
            "form_": found,
            "may_publish": may_publish,
            "events": Event.objects.about(found).readable_by(request.user),
        },
    )


@require_POST
def form_publish(request, pk: int):
    found = the_form(request, pk)
    told(request, lambda: data_forms.publish(found, by=request.user))
    return redirect(found)


def form_xlsx(request, pk: int):
    """A data form as the Excel that can be edited and loaded again as its next version."""
    found = the_form(request, pk)
    return sending.workbook(
        form_excel.tables(found), Stem.DATA_FORM.of(form=found),
        title=str(found), author=request.user.full_name,
    )  # fmt: skip
