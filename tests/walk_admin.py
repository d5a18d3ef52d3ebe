"""Who may do what in the administration, kind by kind; its pages about a row of a kind."""

from dataclasses import dataclass

from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from schools.models import Event
from tests.world import World

BOTH = frozenset({"officer", "administrator"})
OFFICER = frozenset({"officer"})
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Rights:
    """Who looks, changes, adds, deletes."""

    view: frozenset = BOTH
    change: frozenset = NOBODY
    add: frozenset = NOBODY
    delete: frozenset = NOBODY


KINDS = {
    "schools.orgunit": Rights(change=BOTH, add=BOTH),
    "schools.user": Rights(change=BOTH),
    "schools.membership": Rights(),
    "schools.event": Rights(),
    "schools.importbatch": Rights(),
    "schools.document": Rights(view=OFFICER),
    "plans.schoolyear": Rights(change=BOTH, add=BOTH, delete=BOTH),
    "plans.holiday": Rights(change=BOTH, add=BOTH, delete=BOTH),
    "plans.legaltext": Rights(change=BOTH, add=BOTH),
    "plans.reminderrule": Rights(change=BOTH, add=BOTH, delete=BOTH),
    "plans.plan": Rights(view=OFFICER),
    "plans.extension": Rights(view=OFFICER),
    "plans.reminder": Rights(),
    "plans.task": Rights(),
    "plans.assignment": Rights(),
    "assessments.indicatorset": Rights(change=BOTH),
    "assessments.certifyingrule": Rights(change=BOTH, add=BOTH, delete=BOTH),
    "assessments.campaign": Rights(),
    "assessments.assessment": Rights(view=OFFICER),
    "assessments.decision": Rights(view=OFFICER),
    "assessments.certificate": Rights(view=OFFICER),
    "reporting.export": Rights(),
    "reporting.dataform": Rights(view=OFFICER, change=OFFICER),
    "reporting.dataitem": Rights(view=OFFICER, change=OFFICER),
    "reporting.datarequest": Rights(view=OFFICER),
}
MODELS = {model._meta.label_lower: model for model in admin.site._registry}
SITE_PAGES = ("index", "password_change", "password_change_done", "jsi18n")


def row_of(label: str, world: World):
    """A row of this kind that the department may see; of sets the draft."""
    if label == "assessments.indicatorset":
        return world.draft_set
    if label == "reporting.dataform":
        return world.draft_form
    if label == "schools.orgunit":
        return world.cast.school
    if label == "schools.user":
        return world.cast.focal
    if label == "schools.event":
        return (
            Event.objects.about(world.cast.office_head).first()
            or Event.objects.about(world.cast.school).first()
        )
    return MODELS[label]._default_manager.first()


def pages_of(label: str, row) -> dict[str, str]:
    """Every administration page about this kind of thing."""
    name = f"admin:{label.replace('.', '_')}"
    pages = {page: reverse(f"{name}_{page}") for page in ("changelist", "add")}
    for page in ("change", "history", "delete"):
        pages[page] = reverse(f"{name}_{page}", args=[row.pk if row else 1])
    try:
        version = row.history.latest().pk if row else 1
        pages["version"] = reverse(f"{name}_simple_history", args=[row.pk, version])
    except (NoReverseMatch, AttributeError):
        pass
    return pages
