"""The verbs of a campaign: save it, open it, close it, open it again."""

from collections.abc import Iterable

from django.db import transaction

from assessments.models import Assessment, Campaign, IndicatorSet
from edudx.lib import workflow
from edudx.lib.workflow import StepRefused
from plans.actions import assignments
from plans.models import Assignment, Task
from schools.models import Event, OrgUnit, User
from schools.models.events import record
from schools.permissions import Permission


@transaction.atomic
def save(campaign: Campaign, sets: Iterable[IndicatorSet], *, by: User) -> Event:
    """A new campaign, or other dates and sets for one that nobody has opened meanwhile."""
    by.must_in(Permission.CAMPAIGN_MANAGE, campaign.issuer)
    verb = "Sửa" if campaign.pk else "Tạo"
    if campaign.pk:
        kept = Campaign.objects.locked(campaign.pk)
        if kept.state != Campaign.State.DRAFT:
            raise StepRefused("Đợt đã mở nên không sửa được các ngày và bộ chỉ số.")
    campaign.save()
    campaign.sets.set(sets)
    return record(campaign, "edit", f"{verb} đợt «{campaign}»", by=by)


@transaction.atomic
def open(campaign: Campaign, *, by: User) -> Event:
    """Give the schools and the offices their tasks and every school its empty file."""
    campaign = Campaign.objects.locked(campaign.pk)
    transition = workflow.named(campaign.transitions, "open")
    by.must_in(transition.asked, campaign.issuer)
    workflow.check(transition, campaign)
    missing = campaign.missing_for_open()
    if missing:
        raise StepRefused(" ".join(missing))
    schools = list(campaign.schools())
    campaign.school_task = _task(campaign, Task.Kind.SELF_ASSESSMENT)
    given = assignments.issue(campaign.school_task, schools, by=by)
    _open_files(campaign, schools, given)
    offices = {one.parent for one in schools if one.parent.kind == OrgUnit.Kind.OFFICE}
    if offices:
        campaign.office_task = _task(campaign, Task.Kind.CERTIFY)
        assignments.issue(campaign.office_task, sorted(offices, key=lambda one: one.pk), by=by)
    campaign.is_uncompared = any(one.is_draft for one in campaign.sets.all())
    campaign.state = transition.target
    campaign.save(update_fields=["state", "is_uncompared", "school_task", "office_task"])
    return record(
        campaign, "open", f"Mở «{campaign}» cho {len(schools)} trường", by=by,
        from_state=Campaign.State.DRAFT, to_state=campaign.state,
    )  # fmt: skip


def _task(campaign: Campaign, kind: str) -> Task:
    is_school = kind == Task.Kind.SELF_ASSESSMENT
    return Task(
        issuer=campaign.issuer,
        kind=kind,
        title=f"{Task.Kind(kind).label} – {campaign.title}"[:250],
        notice=campaign.notice,
        period=campaign.period,
        phrase=campaign.submission_phrase if is_school else campaign.decision_phrase,
        opens_at=campaign.opens_at,
        due_at=campaign.submission_due_at if is_school else campaign.decision_due_at,
    )


def _open_files(
    campaign: Campaign, schools: list[OrgUnit], assignments: Iterable[Assignment]
) -> None:
    sets = campaign.set_by_type()
    Assessment.objects.bulk_create(
        (
            Assessment(
                campaign=campaign,
                assignment=assignment,
                unit=school,
                unit_path=school.path,
                office=school.parent,
                indicator_set=sets[school.school_type],
            )
            for school, assignment in zip(schools, assignments, strict=True)
        ),
        batch_size=1000,
    )


def may_follow(row: Assignment, successor: OrgUnit) -> bool:
    """The campaign goes on and has a set for the successor's type, and asks it nothing yet."""
    campaign = row.assessment.campaign
    knows = successor.school_type in campaign.set_by_type()
    return campaign.is_open and knows and not successor.assessments.filter(campaign=campaign)


def open_file(row: Assignment) -> None:
    """The empty file of a school that takes over the task of a closed one."""
    campaign = Campaign.objects.get(school_task=row.task_id)
    _open_files(campaign, [row.unit], [row])


@transaction.atomic
def reopen(campaign: Campaign, *, by: User, reason: str) -> Event:
    """Open a closed campaign again, for a file that must be read once more."""
    return _turn(campaign, "reopen", by=by, reason=reason)


@transaction.atomic
def close(campaign: Campaign, *, by: User, reason: str) -> Event:
    """No more entries, reviews or decisions; everything stays readable."""
    return _turn(campaign, "close", by=by, reason=reason)


def _turn(campaign: Campaign, step: str, *, by: User, reason: str) -> Event:
    campaign = Campaign.objects.locked(campaign.pk)
    tasks = [one for one in (campaign.school_task, campaign.office_task) if one]
    return assignments.turn(campaign, step, unit=campaign.issuer, tasks=tasks, by=by, reason=reason)


def refuse_closed(campaign: Campaign) -> None:
    if not campaign.is_open:
        raise StepRefused("Đợt đánh giá đã đóng; đơn vị tổ chức phải mở lại đợt trước.")
