"""Figures by Excel: a template to fill in, and back, for one school or for an office's schools."""

import base64

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.views.decorators.http import require_POST

from edudx.lib.vietnamese import search_key
from edudx.lib.workbooks import WorkbookRefused
from reporting.actions import sheets
from reporting.exchange import sheet_excel
from reporting.files.names import Stem
from reporting.views import sending
from reporting.views.access import the_request, the_sheet
from schools.permissions import Permission

MOST = 10 * 1024**2


def sheet_workbook(request, pk: int):
    """The school's own sheet as Excel, with its draft and what it gave before."""
    found = _own(request, pk)
    return _template(found, Stem.SHEET.of(sheet=found[0]))


@require_POST
def sheet_upload(request, pk: int):
    found = _own(request, pk)
    return _upload(request, found, back=found[0])


def _own(request, pk: int) -> list:
    found = the_sheet(request, pk)
    if not sheets.may_enter(found, request.user):
        raise PermissionDenied("Bạn không có quyền nhập số liệu của đơn vị này.")
    return [found]


def office_workbook(request, pk: int):
    """All sheets the office rolls up, one under the other."""
    found, sheets = _of_office(request, pk)
    return _template(sheets, Stem.SHEETS.of(title=slugify(search_key(found.title))[:60]))


@require_POST
def office_upload(request, pk: int):
    found, sheets = _of_office(request, pk)
    return _upload(request, sheets, back=found)


def _of_office(request, pk: int) -> tuple:
    found = the_request(request, pk)
    request.user.must_here(Permission.DATA_CLOSE)
    sheets = list(sheet_excel.of_office(found, request.user))
    if not sheets:
        raise PermissionDenied("Không có trường nào báo cáo qua đơn vị của bạn.")
    return found, sheets


def _template(sheets: list, stem: str) -> HttpResponse:
    return sending.sent(_bytes(sheets), sending.XLSX, f"{stem}.xlsx")


def _bytes(sheets: list, upload: sheet_excel.Upload | None = None) -> bytes:
    return sending.written(lambda target: sheet_excel.write_template(sheets, target, upload))


def _upload(request, sheets: list, *, back):
    """All of it, or a page with every fault and the same file with the places marked."""
    file, upload = request.FILES.get("file"), sheet_excel.Upload()
    try:
        if file is None or file.size > MOST:
            raise WorkbookRefused("Chọn một tệp Excel không quá 10 MB.")
        upload = sheet_excel.read(file)
        if saved := sheet_excel.save(upload, sheets, by=request.user):
            messages.success(request, f"Đã nhập {saved} phiếu từ tệp; hãy kiểm tra rồi nộp.")
            if upload.doubts:
                messages.warning(request, f"Hãy xem lại chữ. {' '.join(upload.doubts[:5])}")
            return redirect(back)
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    marked = base64.b64encode(_bytes(sheets, upload)).decode()
    page = {"back": back, "faults": upload.faults, "marked": marked, "type": sending.XLSX}
    return render(request, "reporting/upload_refused.html", page, status=422)
