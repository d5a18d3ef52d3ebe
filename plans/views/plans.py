"""Plans: list, read, write, issue, amend, close, derive."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from edudx.lib.line_yaml import FileRefused
from edudx.lib.told import told
from edudx.lib.vietnamese import search_words
from plans import deadline_conflicts
from plans.actions import amendments, plans, plans_from_above
from plans.audience import units_of, words
from plans.exchange import plan_yaml
from plans.forms import AmendForm, PlanForm, YamlFileForm
from plans.models import Assignment, Plan, Task
from plans.views.access import the_plan
from plans.workflow import AssignmentState, PlanState
from schools.models import Event
from schools.permissions import Permission
from schools.views.changes import tell_changes
from schools.views.documents import send
from schools.views.lists import page_of

COLUMNS = {"ten": "search_text", "donvi": "issuer__sort_key", "ngay": "issued_on", "ky": "period"}


def plan_list(request):
    """The person's own plans, those from above and those below."""
    request.user.must(Permission.PLAN_VIEW)
    filters = {name: request.GET.get(name, "").strip() for name in ("tim", "ky", "loc")}
    found = Plan.objects.visible_to(request.user).select_related("issuer")
    found = found.order_by("-issued_on", "-pk")
    periods = sorted(set(found.values_list("period", flat=True).order_by()), reverse=True)
    found = _counted(_filtered(found, filters), request.user)
    return render(
        request,
        "plans/plans.html",
        {
            "page": page_of(found, request, COLUMNS),
            "filters": filters,
            "periods": periods,
            "states": PlanState.choices,
            "can_write": _may_write(request.user),
        },
    )


def _counted(found, user):
    """How many rows of the person's part of the tree, and how many were handed in."""
    seen = user.scope("tasks__assignments__unit_path")
    received = seen & Q(tasks__assignments__handed_in_at__isnull=False)
    return found.annotate(
        expected=Count("tasks__assignments", filter=seen, distinct=True),
        received=Count("tasks__assignments", filter=received, distinct=True),
    )


def _filtered(found, filters: dict):
    for word in search_words(filters["tim"]):
        found = found.filter(search_text__contains=word)
    if filters["ky"]:
        found = found.filter(period=filters["ky"])
    return found.filter(state=filters["loc"]) if filters["loc"] in PlanState.values else found


def _may_write(user) -> bool:
    return bool(user.hat) and user.can_in(Permission.PLAN_MANAGE, user.hat.unit)


def plan(request, pk: int):
    """One plan: heading, parts, tasks with their progress, targets, versions."""
    plan = the_plan(request, pk)
    user = request.user
    may_manage = user.can_in(Permission.PLAN_MANAGE, plan.issuer)
    return render(
        request,
        "plans/plan.html",
        {
            "plan": plan,
            "sections": _sections(plan, user, may_manage),
            "targets": plan.targets.select_related("section").order_by("position"),
            "texts": plan.legal_texts.all(),
            "editions": plan.editions.select_related("by").order_by("-number"),
            "has_road_map": plan.tasks.exclude(years=[]).exists(),
            "may_manage": may_manage,
            "may_issue": user.can_in(Permission.PLAN_ISSUE, plan.issuer),
            "may_derive": _may_derive(user, plan),
            "events": Event.objects.about(plan).readable_beside(user),
        },
    )


def _sections(plan: Plan, user, may_manage: bool) -> list[tuple]:
    """(section or None, its tasks); drafts of an amendment only for those who write it."""
    tasks = plan.tasks.select_related("section")
    if not may_manage and not plan.is_draft:
        tasks = tasks.issued()
    seen = user.scope("assignments__unit_path")
    withdrawn = Q(assignments__state=AssignmentState.WITHDRAWN)
    tasks = tasks.annotate(
        expected=Count("assignments", filter=seen & ~withdrawn),
        received=Count("assignments", filter=seen & Q(assignments__handed_in_at__isnull=False)),
    ).order_by("position", "pk")
    own = _own_rows(plan, user)
    seen_tasks = set(Task.objects.visible_to(user).filter(plan=plan).values_list("pk", flat=True))
    by_section: dict = {}
    for task in tasks:
        task.own, task.whom = own.get(task.pk), words(task.audience)
        task.opens = task.pk in seen_tasks
        by_section.setdefault(task.section, []).append(task)
    sections = list(plan.sections.order_by("position"))
    found = [(one, by_section.pop(one, [])) for one in sections]
    return [*found, *by_section.items()]


def _own_rows(plan: Plan, user) -> dict[int, Assignment]:
    if user.hat is None:
        return {}
    rows = Assignment.objects.filter(task__plan=plan, unit=user.hat.unit)
    return {one.task_id: one for one in rows.select_related("task")}


def _may_derive(user, plan: Plan) -> bool:
    """A unit below the issuer that was given tasks and has no plan of its own from it yet."""
    if plan.state != PlanState.ISSUED or not _may_write(user):
        return False
    unit = user.hat.unit
    given = Assignment.objects.filter(task__plan=plan, unit=unit).exists()
    return unit.pk != plan.issuer_id and given and not plan.inferiors.filter(issuer=unit).exists()


def plan_add(request):
    """A new draft of the hat's unit, by hand or from a YAML file."""
    unit = request.user.must_here(Permission.PLAN_MANAGE)
    draft = Plan(issuer=unit, created_by=request.user, symbol=_symbol(unit))
    if "from_file" in request.POST:
        return _from_file(request, unit, draft)
    return _edit(request, draft, YamlFileForm())


def _symbol(unit) -> str:
    return f"KH-{unit.abbreviation}" if unit.abbreviation else "KH"


def _from_file(request, unit, draft):
    form = YamlFileForm(request.POST, request.FILES)
    faults: list[str] = []
    if form.is_valid():
        try:
            root = plan_yaml.read(form.cleaned_data["file"].read())
            loaded = plan_yaml.save(root, issuer=unit, by=request.user)
        except FileRefused as refusal:
            faults = refusal.faults
        else:
            messages.success(request, f"Đã nhập dự thảo «{loaded}».")
            return redirect(loaded)
    page = {"form": PlanForm(instance=draft, user=request.user), "plan": draft, "verb": "Soạn"}
    return render(
        request, "plans/plan_edit.html", page | {"file_form": form, "faults": faults}, status=422
    )


def plan_edit(request, pk: int):
    plan = the_plan(request, pk)
    request.user.must_in(Permission.PLAN_MANAGE, plan.issuer)
    if not plan.is_draft:
        raise PermissionDenied("Kế hoạch đã ban hành; hãy dùng «Sửa đổi, bổ sung».")
    return _edit(request, plan, None)


def _edit(request, plan: Plan, file_form):
    is_new = plan.pk is None
    form = PlanForm(request.POST or None, request.FILES or None, instance=plan, user=request.user)
    posted = request.method == "POST" and form.is_valid()
    if posted and told(
        request,
        lambda: plans.save(form.instance, by=request.user, **form.given()),
        form=form,
    ):
        tell_changes(request)
        return redirect("plans:task_add", plan.pk) if is_new else redirect(plan)
    verb = "Soạn" if is_new else "Sửa"
    page = {"form": form, "plan": plan, "verb": verb, "file_form": file_form}
    return render(request, "plans/plan_edit.html", page)


def plan_issue(request, pk: int):
    """Check before issuing: who gets what by when, and every conflict; then the button."""
    plan = the_plan(request, pk)
    request.user.must_in(Permission.PLAN_ISSUE, plan.issuer)
    if request.method == "POST":
        told(request, lambda: plans.issue(plan, by=request.user))
        return redirect(plan)
    tasks = list(plan.tasks.filter(state=Task.State.DRAFT).order_by("position", "pk"))
    counts: dict[str, int] = {}
    for task in tasks:
        key = str(task.audience)
        if key not in counts:
            counts[key] = units_of(task.audience, plan.issuer).count()
        task.units, task.whom = counts[key], words(task.audience)
    return render(
        request,
        "plans/plan_issue.html",
        {
            "plan": plan,
            "tasks": tasks,
            "conflicts": deadline_conflicts.conflicts_of(plan),
            "missing": plan.missing_for_issue(),
        },
    )


def plan_amend(request, pk: int):
    """The next version: other deadlines, tasks withdrawn, tasks added."""
    plan = the_plan(request, pk)
    request.user.must_in(Permission.PLAN_ISSUE, plan.issuer)
    issued = plan.tasks.filter(state=Task.State.ISSUED).order_by("position", "pk")
    form = AmendForm(request.POST or None, tasks=issued)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        changes = [
            amendments.Change(
                one, values[f"phrase-{one.pk:d}"].strip(), values[f"withdraw-{one.pk:d}"]
            )
            for one in form.tasks
        ]
        head = {name: values[name] for name in ("document_number", "signed_on", "reason")}
        if told(
            request,
            lambda: amendments.amend(plan, changes, by=request.user, **head),
            done="Đã ban hành sửa đổi; các đơn vị liên quan nhận được thông báo.",
            form=form,
        ):
            return redirect(plan)
    new = plan.tasks.filter(state=Task.State.DRAFT)
    return render(request, "plans/plan_amend.html", {"plan": plan, "form": form, "new": new})


@require_POST
def plan_close(request, pk: int):
    plan = the_plan(request, pk)
    reason = request.POST.get("reason", "")[:1000]
    told(request, lambda: plans.close(plan, by=request.user, reason=reason))
    return redirect(plan)


@require_POST
def plan_derive(request, pk: int):
    """«Lập kế hoạch từ kế hoạch cấp trên»."""
    superior = the_plan(request, pk)
    unit = request.user.must_here(Permission.PLAN_MANAGE)
    days = request.POST.get("buffer", "0").strip() or "0"
    if not days.isdecimal() or len(days) > 2 or int(days) > 60:
        messages.error(request, f"«{days[:20]}» không phải là số ngày từ 0 đến 60.")
        return redirect(superior)
    buffer = int(days)
    made = [superior]
    told(
        request,
        lambda: made.insert(
            0, plans_from_above.derive(superior, unit=unit, by=request.user, buffer_days=buffer)
        ),
        done="Đã lập dự thảo từ kế hoạch cấp trên; hãy xem lại từng nhiệm vụ rồi ban hành.",
    )
    return redirect(made[0])


def plan_original(request, pk: int):
    """The signed original, for everybody who may read the plan."""
    plan = the_plan(request, pk)
    if plan.original is None or not plan.original.file:
        raise Http404
    return send(plan.original, in_place="xem" in request.GET)


def plan_as_yaml(request, pk: int):
    """The plan as a file that can be edited and loaded again."""
    plan = the_plan(request, pk)
    response = HttpResponse(plan_yaml.dump(plan), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="ke-hoach-{plan.pk}.yaml"'
    return response
