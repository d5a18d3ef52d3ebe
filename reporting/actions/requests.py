"""The verbs of whoever asks for figures: ask, lock, end."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.audience import units_of
from plans.models import Assignment, Task
from plans.workflow import AssignmentState
from reporting.models import DataForm, DataRequest, DataSheet
from reporting.workflow import RequestState
from schools.guard import Guard
from schools.models import Event, JobFault, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


def _refuse_twin(request: DataRequest) -> None:
    """A button pressed twice, or two officers at once, ask the province once."""
    OrgUnit.objects.locked(request.issuer_id)
    twin = request.issuer.data_requests.filter(
        form__code=request.form.code,
        period=request.period,
        title=request.title,
        state=RequestState.OPEN,
    )
    if twin.exists():
        raise StepRefused("Yêu cầu này (cùng biểu mẫu, kỳ, tên) đang được thu; hãy mở yêu cầu đó.")


@transaction.atomic
def ask(
    request: DataRequest, *, audience: dict, school_phrase: str, office_phrase: str, by: User
) -> DataRequest:
    """Give every school of the audience its sheet and every office its closing to do."""
    issuer = request.issuer
    by.must_in(Permission.DATA_REQUEST, issuer)
    if request.form.state != DataForm.State.PUBLISHED:
        raise StepRefused("Biểu mẫu chưa ban hành hoặc đã hết hiệu lực.")
    _refuse_twin(request)
    schools = [one for one in units_of(audience, issuer).select_related("parent") if one.is_school]
    if not schools:
        raise StepRefused("Không có trường nào thuộc đối tượng.")
    request.created_by = by
    task = _task(request, Task.Kind.FIGURES, school_phrase, audience, by)
    given = assignments.issue(task, schools, by=by)
    request.school_task = task
    offices = {one.parent for one in schools if one.parent.kind == OrgUnit.Kind.OFFICE}
    offices.discard(issuer)
    if offices:
        closing = _task(request, Task.Kind.CLOSING, office_phrase, {}, by)
        if closing.due_at < task.due_at:
            raise StepRefused("Hạn của phòng không được trước hạn của trường.")
        assignments.issue(closing, sorted(offices, key=lambda one: one.pk), by=by)
        request.office_task = closing
    request.full_clean(exclude=["created_by"])
    request.save()
    _give_sheets(request, given)
    record(request, "ask", f"Yêu cầu «{request}» tới {len(schools)} trường"[:200], by=by)
    return request


def _give_sheets(request: DataRequest, given: Iterable[Assignment]) -> None:
    DataSheet.objects.bulk_create(
        (
            DataSheet(
                request=request, assignment=one, unit=one.unit, unit_path=one.unit_path,
                office=one.unit.parent, school_type=one.unit.school_type,
            )
            for one in given
        ),
        batch_size=1000,
    )  # fmt: skip


@transaction.atomic
def ask_by_task(task: Task, form: DataForm, *, by: User) -> DataRequest:
    """A plan's task whose product is figures is handed in on this form: its units, its deadline."""
    task = Task.objects.select_related("plan", "issuer").locked(task.pk)
    by.must_in(Permission.DATA_REQUEST, task.issuer)
    if refusal := why_not_by_task(task):
        raise StepRefused(refusal)
    if form.state != DataForm.State.PUBLISHED:
        raise StepRefused("Biểu mẫu chưa ban hành hoặc đã hết hiệu lực.")
    task.kind = Task.Kind.FIGURES
    task.save(update_fields=["kind"])
    request = DataRequest(
        form=form, title=task.title[:200], number=task.plan.full_number if task.plan else "",
        issuer=task.issuer, period=task.period, school_task=task, created_by=by,
    )  # fmt: skip
    request.full_clean(exclude=["created_by"])
    request.save()
    given = task.assignments.exclude(state=AssignmentState.WITHDRAWN).select_related("unit__parent")
    _give_sheets(request, given)
    record(request, "ask", f"Thu «{request}» bằng biểu mẫu"[:200], by=by)
    return request


def why_not_by_task(task: Task) -> str:
    """Why this task cannot be handed in on a form; empty when it can."""
    if task.kind != Task.Kind.PRODUCT or task.product != Task.ProductKind.FIGURES:
        return "Chỉ nhiệm vụ có sản phẩm «Số liệu» mới thu bằng biểu mẫu."
    if task.state != Task.State.ISSUED:
        return "Nhiệm vụ chưa giao hoặc đã kết thúc."
    rows = task.assignments.exclude(state=AssignmentState.WITHDRAWN)
    if rows.exclude(handed_in_at=None).exists():
        return "Đã có đơn vị nộp bằng tệp; không đổi sang biểu mẫu được nữa."
    if not rows.exists() or rows.exclude(unit__kind=OrgUnit.Kind.SCHOOL).exists():
        return "Biểu mẫu chỉ dành cho nhiệm vụ giao các trường."
    return ""


def give_missing_sheets() -> int:
    """Units that were given the task later (opened or moved since) get their sheet, too."""
    guard = Guard(JobFault.Job.SHEETS, Assignment)
    late = Assignment.objects.filter(
        task__request_of_schools__state=RequestState.OPEN, data_sheet=None
    ).exclude(Q(state=AssignmentState.WITHDRAWN) | Q(pk__in=guard.resting))
    rows = late.select_related("unit__parent", "task__request_of_schools").order_by("pk")
    return guard.together(list(rows[:1000]), _give_missing)


def _give_missing(rows: Sequence[Assignment]) -> int:
    by_request: dict[DataRequest, list[Assignment]] = {}
    for one in rows:
        by_request.setdefault(one.task.request_of_schools, []).append(one)
    for request, given in by_request.items():
        _give_sheets(request, given)
    return len(rows)


def _task(request: DataRequest, kind: str, phrase: str, audience: dict, by: User) -> Task:
    task = Task(
        issuer=request.issuer, kind=kind, period=request.period, audience=audience, created_by=by,
        title=f"{Task.Kind(kind).label}: {request.title}"[:500], source=request.number,
    )  # fmt: skip
    task.set_deadline(phrase)
    return task


@transaction.atomic
def lock(request: DataRequest, *, at: datetime | None, by: User) -> Event:
    """From that moment schools no longer enter or correct; None opens it again."""
    request = DataRequest.objects.locked(request.pk)
    by.must_in(Permission.DATA_REQUEST, request.issuer)
    request.locks_at = at
    request.save(update_fields=["locks_at"])
    said = f"từ {timezone.localtime(at):%H:%M %d/%m/%Y}" if at else "mở lại"
    return record(request, "lock", f"Khóa nhập số liệu: {said}", by=by)


@transaction.atomic
def end(request: DataRequest, *, by: User, reason: str) -> Event:
    """No more entries or closings; everything stays readable."""
    request = DataRequest.objects.select_related("school_task", "office_task", "issuer").locked(
        request.pk
    )
    tasks = [one for one in (request.school_task, request.office_task) if one]
    return assignments.turn(request, "end", unit=request.issuer, tasks=tasks, by=by, reason=reason)
