"""Documents made of what the portal holds: a plan, a letter to late units, a list of proofs; and
the Word frames they are written in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from assessments.models import Assessment
from plans.models import Task
from plans.views.access import the_plan, the_task, told
from reporting.documents import word, word_frames
from reporting.files import call_letter
from reporting.forms import LetterForm
from reporting.models import WordTemplate
from reporting.views.exports import asked, the_format
from schools.models import OrgUnit
from schools.permissions import Permission
from schools.views.units import require

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MOST_BYTES = word_frames.MOST_BYTES


def _own_unit(request) -> OrgUnit:
    if request.user.hat is None:
        raise PermissionDenied("Bạn chưa được phân công ở đơn vị nào.")
    return request.user.hat.unit


@require_POST
def plan_paper(request, pk: int):
    """The plan as Word or PDF, for everybody who may read it."""
    plan = the_plan(request, pk)
    return asked(
        request, "plan", _own_unit(request), {"plan": plan.pk}, f"Kế hoạch: {plan.title}",
        format=the_format(request), needs=Permission.PLAN_VIEW,
    )  # fmt: skip


@require_POST
def evidence_paper(request, pk: int):
    """Danh mục minh chứng of a self-assessment."""
    found = get_object_or_404(
        Assessment.objects.visible_to(request.user).select_related("unit", "campaign"), pk=pk
    )
    require(request.user, Permission.ASSESSMENT_VIEW)
    return asked(
        request, "evidence-list", found.unit, {"assessment": found.pk},
        f"Danh mục minh chứng: {found.unit} – {found.campaign}", format=the_format(request),
        needs=Permission.ASSESSMENT_VIEW, notice=found.notice,
    )  # fmt: skip


def letter(request, pk: int):
    """Công văn đôn đốc to the units of the own part of the tree that are late with a task."""
    task, unit = the_task(request, pk), _own_unit(request)
    if not request.user.can_in(Permission.REMIND, unit):
        raise PermissionDenied("Bạn không có quyền đôn đốc các đơn vị.")
    late = call_letter.late_units(task, unit)
    form = LetterForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and late and task.state == Task.State.ISSUED:
        day = form.cleaned_data["signed_on"]
        words = form.cleaned_data | {"signed_on": day.isoformat() if day else ""}
        return asked(
            request, "call-letter", unit, {"task": task.pk, **words},
            f"Công văn đôn đốc: {task}", format=the_format(request), needs=Permission.REMIND,
        )  # fmt: skip
    page = {"task": task, "late": late, "form": form}
    return render(request, "reporting/letter.html", page, status=422 if form.errors else 200)


def _own_department(request) -> OrgUnit:
    unit = _own_unit(request)
    department = OrgUnit.objects.get(code=unit.department_code)
    if not request.user.can_in(Permission.TEMPLATE_MANAGE, department):
        raise PermissionDenied("Bạn không có quyền thay mẫu Word.")
    return department


def templates(request):
    """The frames in force, and every version there was."""
    department = _own_department(request)
    kept = WordTemplate.objects.filter(department=department).select_related("by")
    rows = [
        (form, label, WordTemplate.objects.newest_of(department, form),
         [one for one in kept if one.form == form])
        for form, label in WordTemplate.Form.choices
    ]  # fmt: skip
    page = {"rows": rows, "fields": word.FIELDS, "styles": dict.fromkeys(word.STYLES.values())}
    return render(request, "reporting/templates.html", page)


def template_file(request, form: str):
    """The frame in force as Word, to be changed there."""
    department = _own_department(request)
    if form not in WordTemplate.Form.values:
        raise Http404
    content = word_frames.frame_of(department, form).getvalue()
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="mau-{form}.docx"'
    return response


@require_POST
def template_upload(request, form: str):
    """A changed frame; without a file back to the portal's own."""
    department = _own_department(request)
    if form not in WordTemplate.Form.values:
        raise Http404
    file, is_back = request.FILES.get("file"), "back" in request.POST
    if file is None and not is_back:
        messages.error(request, "Chọn tệp Word trước khi tải lên.")
    elif file is not None and file.size > MOST_BYTES:
        messages.error(request, "Tệp lớn hơn 2 MB.")
    else:
        content = None if is_back else file.read()
        told(
            request,
            lambda: word_frames.upload(department, form, content, by=request.user),
            done="Đã dùng mẫu của cổng." if is_back else "Đã thay mẫu Word.",
        )
    return redirect("reporting:templates")
