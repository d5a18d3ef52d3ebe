"""Two campaigns: last year's, certified and published; this year's, with schools in every state.

Every step is the portal's own, taken by its people at its moment; what schools type (`pen`) and the
steps of most offices' schools (`hands`) are written in bulk, as the verbs would leave them.
"""

from datetime import date, datetime, timedelta
from random import Random

from django.utils import timezone

from assessments.actions import campaigns, office_reports, publication
from assessments.models import Assessment, Campaign, CertifyingRule, Decision, IndicatorSet
from assessments.workflow import AssessmentState as S
from edudx.demo.cabinet import Cabinet
from edudx.demo.hands import Draft, Hands, InBulk, Lived
from edudx.demo.pen import Pen
from edudx.demo.tree import Province
from edudx.lib import clock, deadlines
from edudx.lib.school_calendar import first_year_of
from plans.models import Assignment
from schools.models import OrgUnit

STATES = (
    S.SUBMITTED, S.DRAFT, S.CERTIFIED, S.SUBMITTED, S.REVIEWED, S.RETURNED, S.SUBMITTED,
    S.PREPARED, S.CERTIFIED, S.DRAFT,
)  # fmt: skip
LIVED = 16  # so many schools live through the verbs, by whole offices; the others in bulk


def tell(random: Random, province: Province, lived: int = LIVED) -> Cabinet:
    """Both campaigns; returns the units' cabinets."""
    today = timezone.localdate()
    # The year before has its 28th in every month, and its period is never the running one.
    year_ago = today.replace(year=today.year - 1, day=min(today.day, 28))
    cabinet = Cabinet(province, deadlines.start_of_day(year_ago - timedelta(days=50)))
    for school_type in ("THPT", "THCS_THPT", "TH_THCS_THPT", "GDTX", "GDNN_GDTX"):
        CertifyingRule.objects.create(
            department=province.department,
            school_type=school_type,
            certifier=CertifyingRule.Certifier.DEPARTMENT,
        )
    past = _open(province, year_ago)
    _Story(random, province, cabinet, past, is_past=True, lived=lived).tell()
    _finish(province, past)
    running = _open(province, today)
    _Story(random, province, cabinet, running, is_past=False, lived=lived).tell()
    return cabinet


def _period(day: date) -> str:
    first = first_year_of(day)
    return f"{first}-{first + 1}"


def _open(province: Province, today: date) -> Campaign:
    """A demo campaign around `today`: schools until in six days, offices two weeks later."""
    period = _period(today)
    opens, hand_in = today - timedelta(days=30), today + timedelta(days=7)
    decide, publish = today + timedelta(days=20), today + timedelta(days=40)
    by = province.worker(province.department)
    campaign = Campaign(
        code=f"hp-{period}",
        title=f"Đánh giá mức độ chuyển đổi số năm học {period}",
        issuer=province.department,
        scope=province.department,
        period=period,
        is_demo=True,
        opening_phrase=f"Từ ngày {opens:%d/%m/%Y}",
        opens_at=deadlines.start_of_day(opens),
        submission_phrase=f"Trước ngày {hand_in:%d/%m/%Y}",
        decision_phrase=f"Chậm nhất ngày {decide:%d/%m/%Y}",
        publication_phrase=f"Trước ngày {publish:%d/%m/%Y}",
        created_by=by,
    )
    for name in ("submission", "decision", "publication"):
        found = deadlines.parse(getattr(campaign, f"{name}_phrase"), period=period)
        setattr(campaign, f"{name}_due_at", found.due_at)
    campaign.full_clean(exclude=["created_by"])
    with clock.at(campaign.opens_at - timedelta(days=3)):
        campaigns.save(campaign, IndicatorSet.objects.filter(code__in=("4725", "3276")), by=by)
        campaigns.open(campaign, by=by)
    campaign.refresh_from_db()
    return campaign


def _finish(province: Province, campaign: Campaign) -> None:
    """Last year every office reported in time, then all was published and the campaign closed."""
    officer, due = province.worker(province.department), campaign.decision_due_at
    with clock.at(due - timedelta(days=3)):
        for one in Assignment.objects.filter(task=campaign.office_task).select_related("unit"):
            office_reports.report(one, by=province.head(one.unit))
    with clock.at(due + timedelta(days=2)):
        publication.publish(campaign, by=province.head(province.department))
        campaigns.close(campaign, by=officer, reason="Đã công bố kết quả.")


class _Story:
    """What the schools and offices do in one campaign, an office at a time."""

    def __init__(
        self, random: Random, province: Province, cabinet: Cabinet, campaign: Campaign,
        *, is_past: bool, lived: int,
    ) -> None:  # fmt: skip
        self.province, self.campaign, self.is_past = province, campaign, is_past
        self.pen, self.left = Pen(random, province, cabinet), lived
        self.now = timezone.now()

    def tell(self) -> None:
        found = list(self.campaign.assessments.for_list().order_by("unit_id"))
        sets = {one.indicator_set_id: one.indicator_set for one in found}
        by_office: dict[OrgUnit, list[tuple[int, Assessment]]] = {}
        for place, one in enumerate(found):
            one.campaign, one.indicator_set = self.campaign, sets[one.indicator_set_id]
            one.assignment.task = self.campaign.school_task  # each is read once
            by_office.setdefault(one.office, []).append((place, one))
        for number, (office, files) in enumerate(by_office.items()):
            self._office(number, office, [self._draft(place, one) for place, one in files])

    def _draft(self, place: int, one: Assessment) -> Draft:
        state, submitted_at = self._state(place), self._submitted_at(place)
        read_at = min(submitted_at + timedelta(days=2), self.now - timedelta(hours=3))
        answers = self.pen.draw(one, state, place)
        return Draft(one, state, answers, submitted_at, read_at)

    def _office(self, number: int, office: OrgUnit, drafts: list[Draft]) -> None:
        """One office: all of its files, then one decision over those that are certified."""
        self.left -= len(drafts)
        hands: Hands = (Lived if self.left >= 0 else InBulk)(self.province, self.pen)
        hands.tell(drafts, self.campaign.opens_at + timedelta(days=5))
        certified = [one for one in drafts if one.state == S.CERTIFIED]
        if certified:
            signed = self.campaign.submission_due_at + timedelta(days=10)
            moment = min(signed, self.now - timedelta(hours=1))
            hands.certify(self._decision(office, number, moment), certified, moment)

    def _state(self, place: int) -> str:
        """Every state at every office; the first school is for the five printed accounts."""
        if self.is_past:
            return S.CERTIFIED
        row, office = divmod(place, len(self.province.offices))
        return S.DRAFT if place == 0 else STATES[(row + 3 * office) % len(STATES)]

    def _submitted_at(self, place: int) -> datetime:
        """Mostly in time; every ninth school late, where the deadline has passed already."""
        due = self.campaign.submission_due_at
        late = place % 9 == 4 and due < self.now
        moment = due + timedelta(days=2) if late else due - timedelta(days=8 + place % 12, hours=3)
        return moment.replace(microsecond=0)

    def _decision(self, office: OrgUnit, number: int, moment: datetime) -> Decision:
        return Decision(
            campaign=self.campaign,
            issuer=office,
            superior_line=office.superior_name,
            issuer_line=office.name,
            number=str(12 + number * 7 + (0 if self.is_past else 100)),
            symbol=f"QĐ-{office.abbreviation}",
            signed_on=timezone.localdate(moment),
            head_post="TRƯỞNG PHÒNG" if office.kind == OrgUnit.Kind.OFFICE else "GIÁM ĐỐC",
            signer_name=self.province.head(office).full_name,
        )
