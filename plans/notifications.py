"""Notices of plans, into the inboxes of those concerned. The event is the outbox."""

from collections.abc import Iterable

from plans.actions import calls
from plans.models import Assignment, Plan, Task
from plans.reminders import REVIEWERS
from schools import outbox
from schools.models import Event, Membership, OrgUnit, User

OF_PLAN = ("issue", "amend")
FOR_THE_UNIT = (
    "give_back", "complete", "approve", "refuse", "extend", "refuse_extension", "withdraw",
    "reopen", "given",
)  # fmt: skip
FOR_THE_ISSUER = ("hand_in", "propose", "ask_extension")


def fill() -> None:
    """Register what is told of plans and of the work given by them."""
    outbox.TELLING[Plan] = (OF_PLAN, _of_plan)
    outbox.TELLING[Assignment] = ((*FOR_THE_UNIT, *FOR_THE_ISSUER), _of_work)


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
    verb = "sửa đổi" if edition else "ban hành"
    subject = f"{plan.issuer} {verb} «{plan.title}»"
    people = calls.people_of(by_unit)
    told = (
        outbox.Notice(tuple(people.get(unit.pk, ())), subject, _lines(found, changed))
        for unit, found in by_unit.items()
    )
    return outbox.notify_many(told, sender=event.by)


def _lines(found: list[Assignment], changed: dict[int, str]) -> list[dict]:
    return [
        {"text": changed.get(one.task_id, one.task.title), "url": one.get_absolute_url()}
        for one in found
    ]


def _of_work(event: Event, one: Assignment) -> int:
    task = one.task
    is_review = event.step in FOR_THE_ISSUER
    if task.issuer_id == one.unit_id or (is_review and task.kind != Task.Kind.PRODUCT):
        return 0
    people = reviewers_of(task.issuer) if is_review else people_of(one.unit)
    text = f"{task.title}: {event.reason}" if event.reason else task.title
    line = {"text": text, "url": one.get_absolute_url()}
    subject = f"{one.unit}: {event.label}" if is_review else event.label
    others = [person for person in people if person.pk != event.by_id]
    return outbox.notify(others, subject=subject, lines=[line], sender=event.by)


def people_of(unit: OrgUnit) -> Iterable[User]:
    """Who does the unit's work, and its head."""
    return calls.people_of([unit]).get(unit.pk, [])


def reviewers_of(unit: OrgUnit) -> Iterable[User]:
    """Who reads there what is handed in."""
    posts = Membership.objects.of_units([unit]).filter(role=REVIEWERS.get(unit.kind))
    return User.objects.filter(pk__in=posts.values("user"))
