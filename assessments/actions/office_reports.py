"""The verb of an office in a campaign: report its result to the department."""

from django.db import transaction

from assessments.models import Assessment
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.models import Assignment
from schools.models import Event, User
from schools.permissions import Permission


def missing_for_report(assignment: Assignment) -> list[str]:
    """What an office has not finished in its campaign; sentences, empty means ready."""
    campaign = assignment.task.campaign_of_offices
    files = Assessment.objects.counted().filter(campaign=campaign, office=assignment.unit)
    left = files.exclude(state=Assessment.State.CERTIFIED).count()
    if not left:
        return []
    return [f"Còn {left} / {files.count()} trường chưa được công nhận."]


@transaction.atomic
def report(assignment: Assignment, *, by: User, reason: str = "") -> Event:
    """The office head hands the campaign in to the department; unfinished schools need a reason."""
    by.must_in(Permission.OFFICE_REPORT, assignment.unit)
    if not assignment.task.campaign_of_offices.is_open:
        raise StepRefused("Đợt đánh giá đã đóng.")
    missing = missing_for_report(assignment)
    if missing and not reason.strip():
        raise StepRefused(f"{missing[0]} Ghi lý do nếu vẫn báo cáo.")
    event = assignments.move(assignment, "hand_in", by=by, reason=reason)
    assignments.move(assignment, "complete", by=by)
    return event
