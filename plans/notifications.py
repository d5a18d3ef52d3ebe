"""Notices of plans, into the inboxes of those concerned. The event is the outbox."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from plans.models import Assignment, Plan, Task
from plans.reminding import FIRST, HEAD, REVIEWERS
from schools import outbox
from schools.models import Event, Membership, OrgUnit, User

OF_PLAN = ("issue", "amend")
FOR_THE_UNIT = (
    "give_back", "complete", "approve", "refuse", "extend", "refuse_extension", "withdraw",
    "reopen", "given",
)  # fmt: skip
FOR_THE_ISSUER = ("hand_in", "propose", "ask_extension")


def announce(most: int = 200) -> int:
    """Tell of the events nobody has been told of yet; how many messages."""
    kinds = ContentType.objects.get_for_models(Plan, Assignment)
    due = Event.objects.filter(announced_at=None).filter(
        subject_type=kinds[Plan], step__in=OF_PLAN
    ) | Event.objects.filter(announced_at=None).filter(
        subject_type=kinds[Assignment], step__in=(*FOR_THE_UNIT, *FOR_THE_ISSUER)
    )
    told = 0
    for pk in due.order_by("pk").values_list("pk", flat=True)[:most]:
        told += _announce_one(pk)
    return told


@transaction.atomic
def _announce_one(pk: int) -> int:
    """The row is held, so that two workers never tell it twice."""
    event = Event.objects.select_for_update(of=("self",)).filter(pk=pk, announced_at=None).first()
    if event is None:
        return 0
    subject = event.subject
    told = _of_plan(event, subject) if isinstance(subject, Plan) else _of_work(event, subject)
    event.announced_at = timezone.now()
    event.save(update_fields=["announced_at"])
    return told


def _of_plan(event: Event, plan: Plan) -> int:
    """Each addressee what concerns it: its tasks when issued, the changes when amended."""
    edition = None
    if event.step == "amend":
        edition = plan.editions.filter(at__lte=event.at).order_by("number").last()
    changed = {one["task"]: one["text"] for one in edition.changes} if edition else {}
    rows = Assignment.objects.filter(task__plan=plan).exclude(unit=plan.issuer)
    if edition:
        rows = rows.filter(task__in=changed)
    by_unit: dict[OrgUnit, list[Assignment]] = {}
    for row in rows.select_related("unit", "task").order_by("task__position"):
        by_unit.setdefault(row.unit, []).append(row)
    told = 0
    verb = "sửa đổi" if edition else "ban hành"
    for unit, found in by_unit.items():
        lines = [
            {"text": changed.get(one.task_id, one.task.title), "url": one.get_absolute_url()}
            for one in found
        ]
        subject = f"{plan.issuer} {verb} «{plan.title}»"
        told += outbox.notify(_own(unit), subject=subject, lines=lines, sender=event.by)
    return told


def _of_work(event: Event, one: Assignment) -> int:
    task = one.task
    is_review = event.step in FOR_THE_ISSUER
    if task.issuer_id == one.unit_id or (is_review and task.kind != Task.Kind.PRODUCT):
        return 0
    people = _reviewers(task.issuer) if is_review else _own(one.unit)
    line = {"text": event.reason or task.title, "url": one.get_absolute_url()}
    subject = f"{one.unit}: {event.label}" if is_review else event.label
    others = [person for person in people if person.pk != event.by_id]
    return outbox.notify(others, subject=subject, lines=[line], sender=event.by)


def _own(unit: OrgUnit) -> Iterable[User]:
    return _with_roles(unit, FIRST[unit.kind], HEAD[unit.kind])


def _reviewers(unit: OrgUnit) -> Iterable[User]:
    return _with_roles(unit, REVIEWERS.get(unit.kind))


def _with_roles(unit: OrgUnit, *roles) -> Iterable[User]:
    posts = Membership.objects.of_units([unit]).filter(role__in=roles)
    return User.objects.filter(pk__in=posts.values("user"))
