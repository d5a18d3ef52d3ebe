"""The Word frames that documents of a Sở are written in: read, replace, take as a file."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from edudx.lib.told import told
from reporting.actions import word_frames
from reporting.documents import word
from reporting.documents.word_frames import MOST_BYTES, frame_of
from reporting.models import WordFrame
from reporting.views.asking import own_unit
from schools.models import OrgUnit
from schools.permissions import Permission

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _own_department(request) -> OrgUnit:
    unit = own_unit(request)
    department = OrgUnit.objects.get(code=unit.department_code)
    request.user.must_in(Permission.FRAME_MANAGE, department)
    return department


def word_frame_list(request):
    """The frames in force, and every version there was."""
    department = _own_department(request)
    kept = WordFrame.objects.filter(department=department).select_related("by")
    rows = [
        (form, label, WordFrame.objects.newest_of(department, form),
         [one for one in kept if one.form == form])
        for form, label in WordFrame.Form.choices
    ]  # fmt: skip
    page = {"rows": rows, "fields": word.FIELDS, "styles": dict.fromkeys(word.STYLES.values())}
    return render(request, "reporting/word_frames.html", page)


def word_frame_file(request, form: str):
    """The frame in force as Word, to be changed there."""
    department = _own_department(request)
    if form not in WordFrame.Form.values:
        raise Http404
    content = frame_of(department, form).getvalue()
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f'attachment; filename="mau-{form}.docx"'
    return response


@require_POST
def word_frame_upload(request, form: str):
    """A changed frame; without a file back to the portal's own."""
    department = _own_department(request)
    if form not in WordFrame.Form.values:
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
    return redirect("reporting:word_frames")
