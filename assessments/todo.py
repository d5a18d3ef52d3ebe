"""What waits for a person in campaigns: the lines of assessments on the home page."""

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Campaign
from assessments.workflow import AssessmentState as S
from edudx.lib.todo import Todo
from edudx.lib.vietnamese import number
from plans.models import Assignment
from schools.permissions import Permission


def todos(user) -> list[Todo]:
    """Files to work on, to review, to certify; results to report, to publish."""
    return [
        *_of_school(user),
        *_of_reviewer(user),
        *_of_certifier(user),
        *_of_office(user),
        *_of_publisher(user),
    ]


def _of_school(user) -> list[Todo]:
    """The own unit's files that wait for this person."""
    words = {}
    if user.can_in(Permission.ASSESSMENT_EDIT, user.hat.unit):
        words |= {S.DRAFT: ("Tự đánh giá", "Làm tiếp"), S.RETURNED: ("Bổ sung", "Bổ sung")}
    if user.can_in(Permission.ASSESSMENT_SUBMIT, user.hat.unit):
        words |= {S.PREPARED: ("Duyệt và trình", "Xem và duyệt")}
    files = Assessment.objects.visible_to(user).for_list().filter(
        unit=user.hat.unit, state__in=words, campaign__state=Campaign.State.OPEN,
        campaign__opens_at__lte=timezone.now(),
    )  # fmt: skip
    todos = []
    for one in files:
        verb, button = words[one.state]
        view = "assessments:check" if one.state == S.PREPARED else "assessments:assessment"
        due_at = one.assignment.due_at
        todos.append(
            Todo(
                f"{verb}: {one.campaign}",
                reverse(view, args=[one.pk]),
                button,
                due_at,
                due_at,
                one.campaign.notice,
            )
        )
    return todos


def _of_reviewer(user) -> list[Todo]:
    if not user.can_in(Permission.ASSESSMENT_REVIEW, user.hat.unit):
        return []
    waiting = Assessment.objects.filter(state=S.SUBMITTED, office=user.hat.unit)
    query = f"?loc={S.SUBMITTED}&cua=toi"
    return _queues(waiting, "hồ sơ chờ thẩm định", "Thẩm định", "assessments:queue", query)


def _of_certifier(user) -> list[Todo]:
    if not user.can_in(Permission.ASSESSMENT_CERTIFY, user.hat.unit):
        return []
    ready = Assessment.objects.certifiable_by(user).filter(state=S.REVIEWED)
    return _queues(ready, "hồ sơ chờ công nhận", "Công nhận", "assessments:certify")


def _queues(files, noun: str, button: str, view: str, query: str = "") -> list[Todo]:
    """One line per open campaign with some of these files."""
    here = Q(assessments__in=files)
    campaigns = (
        Campaign.objects.filter(state=Campaign.State.OPEN)
        .annotate(
            waiting=Count("assessments", filter=here),
            since=Min("assessments__submitted_at", filter=here),
        )
        .filter(waiting__gt=0)
    )
    return [
        Todo(
            f"{number(one.waiting)} {noun}: {one}",
            reverse(view, args=[one.pk]) + query,
            button,
            one.decision_due_at,
            one.since,
            one.notice,
        )
        for one in campaigns
    ]


def _of_office(user) -> list[Todo]:
    """The office's own assignment: report the campaign to the department."""
    if not user.can_in(Permission.OFFICE_REPORT, user.hat.unit):
        return []
    assignments = Assignment.objects.for_list().filter(
        unit=user.hat.unit,
        handed_in_at=None,
        task__campaign_of_offices__state=Campaign.State.OPEN,
    )
    return [
        Todo(
            f"Báo cáo kết quả: {one.task.campaign_of_offices}",
            one.task.campaign_of_offices.get_absolute_url(),
            "Xem tiến độ",
            one.due_at,
            one.due_at,
            one.task.campaign_of_offices.notice,
        )
        for one in assignments.select_related("task__campaign_of_offices")
    ]


def _of_publisher(user) -> list[Todo]:
    """Certified results of the own part of the tree that nobody has published yet."""
    if not user.can_in(Permission.PUBLISH, user.hat.unit):
        return []
    here = Q(
        assessments__unit_path__startswith=user.hat.unit.path,
        assessments__certificates__withdrawn_at=None,
        assessments__certificates__published_at=None,
        assessments__certificates__isnull=False,
    )
    found = Campaign.objects.annotate(
        ready=Count("assessments", filter=here),
        since=Min("assessments__certificates__issued_at", filter=here),
    ).filter(ready__gt=0)
    return [
        Todo(
            f"{number(one.ready)} kết quả chưa công bố: {one}",
            one.get_absolute_url(),
            "Xem và công bố",
            one.publication_due_at,
            one.since,
            one.notice,
        )
        for one in found
    ]
