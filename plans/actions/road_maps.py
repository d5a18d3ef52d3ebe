"""The verb of a road map: write down the state of a year."""

from django.db import transaction

from edudx.lib import clock, workflow
from edudx.lib.workflow import StepRefused
from plans.models import RoadMapYear
from schools.models import Event, User
from schools.models.events import record


@transaction.atomic
def write(row: RoadMapYear, *, state: str, note: str, by: User) -> Event:
    """The yearly state of a road map's task, written by whoever issued the plan."""
    row = RoadMapYear.objects.select_related("task__issuer").locked(row.pk)
    transition = workflow.named(row.transitions, state)
    by.must_in(transition.asked, row.task.issuer)
    if state == RoadMapYear.State.DONE and row.year > clock.today().year:
        raise StepRefused(f"Năm {row.year} chưa đến nên chưa thể ghi «Hoàn thành».")
    if state == RoadMapYear.State.POSTPONED and row.year == max(row.task.years):
        raise StepRefused(f"{row.year} là năm cuối của nhiệm vụ, không lùi được sang năm sau.")
    before, row.state, row.note = row.state, transition.target, note.strip()
    row.full_clean()
    row.save(update_fields=["state", "note"])
    label = f"Ghi lộ trình năm {row.year}: {row.get_state_display()}"
    return record(
        row.task, "road_map", label, by=by, from_state=before, to_state=state, reason=note
    )
