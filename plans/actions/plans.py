"""The verbs of a plan: write, issue, close; `amendments` changes an issued one."""

from collections.abc import Iterable
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from edudx.lib import workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments, tasks
from plans.models import Plan, PlanEdition, PlanSection
from plans.workflow import PlanState
from schools.actions import documents
from schools.models import Document, Event, User
from schools.models.events import record
from schools.permissions import Permission

MOST_OCCURRENCES = 60  # of a recurring task, five years of months


def _lock(plan: Plan) -> Plan:
    return Plan.objects.select_related("issuer").locked(plan.pk)


@transaction.atomic
def save(
    plan: Plan, *, by: User, legal_texts: Iterable | None = None, original=None,
    sections: list[tuple[str, str]] | None = None,
) -> Event:  # fmt: skip
    """A new draft, or other words of one that is not issued yet; `original` is an upload,
    `sections` are (code, title) in their printed order.
    """
    by.must_in(Permission.PLAN_MANAGE, plan.issuer)
    verb = "Sửa" if plan.pk else "Soạn"
    if plan.pk and not _lock(plan).is_draft:
        raise StepRefused("Kế hoạch đã ban hành; hãy dùng «Sửa đổi, bổ sung».")
    if plan.pk is None:
        plan.created_by = by
    if original:
        plan.original = documents.add(
            unit=plan.issuer, title=plan.title[:200], kind=Document.Kind.PLAN, by=by, file=original,
            facts=original.facts,
        )  # fmt: skip
    plan.save()
    if legal_texts is not None:
        plan.legal_texts.set(legal_texts)
    if sections is not None:
        _write_sections(plan, sections)
    return record(plan, "edit", f"{verb} kế hoạch «{plan}»"[:200], by=by)


def _write_sections(plan: Plan, sections: list[tuple[str, str]]) -> None:
    """Those no longer named go, unless something stands in them."""
    gone = plan.sections.exclude(code__in=[code for code, _ in sections])
    held = gone.filter(Q(tasks__isnull=False) | Q(targets__isnull=False)).first()
    if held:
        raise ValidationError({"sections_text": f"Mục «{held}» còn nhiệm vụ hoặc chỉ tiêu."})
    gone.delete()
    for place, (code, title) in enumerate(sections):
        PlanSection.objects.update_or_create(
            plan=plan, code=code, defaults={"title": title, "position": place}
        )


@transaction.atomic
def issue(plan: Plan, *, by: User) -> Event:
    """Give every addressee its assignments; from now on the plan changes by amendment only."""
    plan = _lock(plan)
    transition = workflow.named(plan.transitions, "issue")
    by.must_in(transition.asked, plan.issuer)
    workflow.check(transition, plan)
    missing = plan.missing_for_issue()
    if missing or plan.issued_on is None:
        raise StepRefused(" ".join(missing))
    tasks.repeat_drafts(plan)
    given = tasks.issue_drafts(plan, by)
    plan.state = transition.target
    plan.save(update_fields=["state"])
    add_edition(plan, by=by, signed_on=plan.issued_on, document_number=plan.full_number)
    return record(
        plan, "issue", f"Ban hành «{plan}», {given} nhiệm vụ của các đơn vị"[:200], by=by,
        from_state=PlanState.DRAFT, to_state=plan.state,
    )  # fmt: skip


def add_edition(
    plan: Plan, *, by: User, signed_on: date, document_number: str, **words
) -> PlanEdition:
    last = plan.editions.order_by("-number").values_list("number", flat=True).first() or 0
    return PlanEdition.objects.create(
        plan=plan, number=last + 1, signed_on=signed_on, document_number=document_number, by=by,
        snapshot=snapshot_of(plan), **words,
    )  # fmt: skip


def snapshot_of(plan: Plan) -> dict:
    """Tasks and targets as they stand: what a later reader compares."""
    tasks = plan.tasks.order_by("position", "pk")
    return {
        "title": plan.title,
        "tasks": [
            {"code": one.code, "title": one.title, "phrase": one.phrase, "state": one.state,
             "due_at": one.due_at.isoformat(), "product": one.product, "audience": one.audience}
            for one in tasks
        ],
        "targets": [
            {"code": one.code, "title": one.title, "goal": str(one.goal), "measure": one.measure}
            for one in plan.targets.order_by("position")
        ],
    }  # fmt: skip


@transaction.atomic
def close(plan: Plan, *, by: User, reason: str) -> Event:
    """No more hand-ins are expected; what is late stays late."""
    plan = _lock(plan)
    return assignments.turn(
        plan, "close", unit=plan.issuer, tasks=plan.tasks.all(), by=by, reason=reason
    )
