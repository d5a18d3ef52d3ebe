"""Excel import of units and people: upload, look at the dry run, apply."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from schools.exchange import fault_table, import_units_people
from schools.forms import ClosingForm, ImportForm
from schools.models import ImportBatch, OrgUnit, User
from schools.models.events import record
from schools.models.postings import hold
from schools.permissions import Permission, Role

MOST_SHOWN = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _require_import(user) -> None:
    user.must(Permission.UNIT_MANAGE)
    user.must(Permission.PEOPLE_MANAGE)


@transaction.atomic
def _kept(user: User, *, kind: str, file) -> ImportBatch:
    hold()
    scope = user.hat.unit if user.hat else None
    return ImportBatch.objects.create(
        kind=kind, file_name=file.facts.name, file=file, scope=scope, uploaded_by=user
    )


def import_add(request):
    _require_import(request.user)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        batch = _kept(request.user, **form.cleaned_data)
        return redirect("schools:import_check", batch.pk)
    columns = (
        (import_units_people.UNIT_SHEET, import_units_people.UNIT_COLUMNS.values()),
        (import_units_people.PEOPLE_SHEET, import_units_people.PEOPLE_COLUMNS.values()),
    )
    allowed = [
        ("Cấp", OrgUnit.Kind.labels),
        ("Loại trường", OrgUnit.SchoolType.labels),
        ("Loại hình", OrgUnit.Ownership.labels),
        ("Vai trò", Role.labels),
    ]
    page = {"form": form, "columns": columns, "allowed": allowed}
    return render(request, "schools/import_add.html", page)


def import_check(request, pk: int):
    """The person's own upload, read anew each time."""
    _require_import(request.user)
    batch = get_object_or_404(ImportBatch, pk=pk, uploaded_by=request.user)
    return _check_page(request, batch, _dry_run(request, batch), None)


def _dry_run(request, batch: ImportBatch) -> import_units_people.DryRun:
    with batch.file.open("rb") as file:
        return import_units_people.dry_run(batch.kind, file, by=request.user)


def _check_page(request, batch: ImportBatch, run, asked: list[ClosingForm] | None):
    """What the file would create, change and leave; of very many faults the first ones."""
    asked = _asked(run, None) if asked is None else asked
    more = max(0, len(run.problems) - MOST_SHOWN)
    page = {
        "batch": batch, "run": run, "problems": run.problems[:MOST_SHOWN], "more": more,
        "closings": list(zip(run.closings, asked, strict=True)),
    }  # fmt: skip
    return render(request, "schools/import_check.html", page)


def _asked(run, posted) -> list[ClosingForm]:
    """A form for each unit that the file closes while it has open work."""
    followers = {one.unit: one.unit.successors.first() for one in run.closings}
    return [
        ClosingForm(posted, prefix=f"d{unit.pk}", initial={"successor": next_one and next_one.code})
        for unit, next_one in followers.items()
    ]


def import_faults(request, pk: int):
    """Every fault of the file as Excel."""
    _require_import(request.user)
    batch = get_object_or_404(ImportBatch, pk=pk, uploaded_by=request.user)
    run = _dry_run(request, batch)
    response = HttpResponse(fault_table.workbook(run.problems), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="loi-nhap-{pk:d}.xlsx"'
    return response


@require_POST
def import_apply(request, pk: int):
    _require_import(request.user)
    batch = get_object_or_404(ImportBatch, pk=pk, uploaded_by=request.user)
    if batch.applied_at:
        messages.error(request, "Tệp này đã được áp dụng.")
        return redirect("schools:units")
    run = _dry_run(request, batch)
    asked = _asked(run, request.POST)
    if [form for form in asked if not form.is_valid()]:  # each of them says what is wrong
        messages.error(request, "Chưa ghi gì: hãy chọn việc chưa xong của đơn vị đóng đi về đâu.")
        return _check_page(request, batch, run, asked)
    answers = {one.unit.code: form.said() for one, form in zip(run.closings, asked, strict=True)}
    try:
        run = _apply(batch, answers, by=request.user)
    except ImportBatch.DoesNotExist:
        messages.error(request, "Tệp này đã được áp dụng.")
    except ValidationError as fault:
        messages.error(request, f"Không ghi gì: {fault.messages[0]}")
        return _check_page(request, batch, run, asked)
    else:
        messages.success(request, f"Đã tạo {len(run.created)}, thay đổi {len(run.changed)} dòng.")
    return redirect("schools:units")


@transaction.atomic
def _apply(batch: ImportBatch, answers: dict[str, str], *, by: User):
    with batch.file.open("rb") as file:
        locked = ImportBatch.objects.locked(batch.pk, applied_at=None)
        run = import_units_people.apply(batch.kind, file, by=by, answers=answers)
        locked.applied_at = timezone.now()
        locked.save(update_fields=["applied_at"])
        record(locked, "apply", f"Nhập danh mục từ «{batch.file_name}»", by=by)
    return run
