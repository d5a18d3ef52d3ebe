"""Two campaigns: last year's, certified and published; this year's, with schools in every state.

Campaigns are opened by the portal's own actions. Files are filled in bulk, but scored by `scoring`,
and certificates carry the same snapshot that `certificates.certify` writes.
"""

import hashlib
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from django.utils import timezone

from assessments import scoring
from assessments.actions import campaigns, certificates, files
from assessments.models import (
    Answer,
    Assessment,
    Campaign,
    Certificate,
    CertificateLine,
    CertifyingRule,
    Criterion,
    Decision,
    Evidence,
    IndicatorSet,
    Review,
)
from assessments.workflow import AssessmentState as S
from edudx.demo.cabinet import Cabinet
from edudx.demo.tree import Province
from edudx.lib import deadlines
from edudx.lib.school_calendar import first_year_of
from plans.models import Assignment
from plans.workflow import AssignmentState
from schools.models import Event, OrgUnit
from schools.permissions import Role

STATES = (
    S.SUBMITTED, S.DRAFT, S.CERTIFIED, S.SUBMITTED, S.REVIEWED, S.RETURNED, S.SUBMITTED,
    S.PREPARED, S.CERTIFIED, S.DRAFT,
)  # fmt: skip
AFTER_SUBMISSION = (S.SUBMITTED, S.RETURNED, S.REVIEWED, S.CERTIFIED)
BATCH = 300


def tell(random: Random, province: Province) -> Cabinet:
    """Both campaigns; returns the schools' cabinets."""
    cabinet = Cabinet(province)
    for school_type in ("THPT", "THCS_THPT", "TH_THCS_THPT", "GDTX", "GDNN_GDTX"):
        CertifyingRule.objects.create(
            department=province.department,
            school_type=school_type,
            certifier=CertifyingRule.Certifier.DEPARTMENT,
        )
    today = timezone.localdate()
    # The year before has its 28th in every month, and its period is never the running one.
    past = _open(province, today.replace(year=today.year - 1, day=min(today.day, 28)), "past")
    _fill(random, province, cabinet, past, past=True)
    running = _open(province, today, "running")
    _fill(random, province, cabinet, running, past=False)
    return cabinet


def _period(day) -> str:
    first = first_year_of(day)
    return f"{first}-{first + 1}"


def _open(province: Province, today, kind: str) -> Campaign:
    """A demo campaign around `today`: schools until in six days, offices two weeks later."""
    period = _period(today)
    opens, hand_in = today - timedelta(days=30), today + timedelta(days=7)
    decide, publish = today + timedelta(days=20), today + timedelta(days=40)
    by = province.people[province.department.pk, Role.DEPARTMENT_OFFICER]
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
    campaign.save()
    campaign.sets.set(IndicatorSet.objects.filter(code__in=("4725", "3276")))
    campaigns.open(campaign, by=by)
    campaign.refresh_from_db()
    return campaign


def _fill(random: Random, province: Province, cabinet: Cabinet, campaign: Campaign, *, past: bool):
    files = list(campaign.assessments.for_list().order_by("unit_id"))
    sets = {one.indicator_set_id: one.indicator_set for one in files}
    for one in files:
        one.campaign, one.indicator_set = campaign, sets[one.indicator_set_id]
    writer = _Writer(random, province, cabinet, campaign)
    for start in range(0, len(files), BATCH):
        writer.write(files[start : start + BATCH], start, past=past)
    if past:
        _close_offices(province, campaign)


def _close_offices(province: Province, campaign: Campaign) -> None:
    """Last year every office reported in time and the campaign was closed."""
    done = campaign.decision_due_at - timedelta(days=3)
    Assignment.objects.filter(task=campaign.office_task).update(
        state=AssignmentState.DONE, handed_in_at=done, last_handed_in_at=done, done_at=done
    )
    by = province.people[province.department.pk, Role.DEPARTMENT_OFFICER]
    campaigns.close(campaign, by=by, reason="Đã công bố kết quả.")


class _Writer:
    """Writes files in batches: answers, evidence, reviews, decisions, certificates."""

    def __init__(self, random: Random, province: Province, cabinet: Cabinet, campaign: Campaign):
        self.random, self.province, self.cabinet = random, province, cabinet
        self.campaign = campaign
        self.decisions: dict[int, Decision] = {}

    def write(self, files: list[Assessment], start: int, *, past: bool) -> None:
        answers: list[Answer] = []
        for place, one in enumerate(files, start=start):
            one.state = S.CERTIFIED if past else self._state(place)
            one.submitted_at = self._submitted_at(place) if one.state in AFTER_SUBMISSION else None
            answers += self._answers(one, place, past)
        Answer.objects.bulk_create(answers, batch_size=500)
        self._prove(answers)
        self._finish(files, past)

    def _state(self, place: int) -> str:
        """Every state at every office; the first school is for the five printed accounts."""
        row, office = divmod(place, len(self.province.offices))
        return S.DRAFT if place == 0 else STATES[(row + 3 * office) % len(STATES)]

    def _submitted_at(self, place: int) -> datetime:
        """Mostly in time; every ninth school late, where the deadline has passed already."""
        due = self.campaign.submission_due_at
        late = place % 9 == 4 and due < timezone.now()
        moment = due + timedelta(days=2) if late else due - timedelta(days=8 + place % 12, hours=3)
        return moment.replace(microsecond=0)

    def _answers(self, one: Assessment, place: int, past: bool) -> list[Answer]:
        level = self.random.choice((0.45, 0.6, 0.72, 0.85, 0.95))
        focal = self.province.people[one.unit_id, Role.FOCAL_POINT]
        leaves = one.leaves()
        if one.state == S.DRAFT:
            untouched = place % 20 == 9
            leaves = [] if untouched else leaves[: max(1, len(leaves) * 2 // 3)]
        answers = []
        for criterion in leaves:
            answer = Answer(assessment=one, criterion=criterion, version=1, updated_by=focal)
            self._value(answer, criterion, level)
            answer.points = scoring.points(criterion.rule, answer.value)
            self._review(answer)
            answers.append(answer)
        one.__dict__["answers_by_code"] = {answer.criterion.code: answer for answer in answers}
        return answers

    def _value(self, answer: Answer, criterion, level: float) -> None:
        drawn = min(1.0, max(0.0, self.random.gauss(level, 0.15)))
        if criterion.kind == Criterion.Kind.CONDITION:
            answer.met = self.random.random() < 0.96
        elif criterion.kind == Criterion.Kind.YES_NO:
            answer.met = self.random.random() < level
        elif criterion.kind == Criterion.Kind.RATIO:
            answer.denominator = Decimal(self.random.randint(12, 60))
            answer.numerator = Decimal(round(float(answer.denominator) * drawn))
        else:
            if criterion.kind == Criterion.Kind.COUNT:
                answer.count = Decimal(round(drawn * 200))
            answer.entered_points = Decimal(round(float(criterion.max_points) * drawn * 2)) / 2

    def _prove(self, answers: list[Answer]) -> None:
        """Evidence of what was claimed, and the reviews drawn before: answers have keys now."""
        proofs, reviews = [], []
        for answer in answers:
            proof = []
            if answer.met or answer.points:
                unit_id, position = answer.assessment.unit_id, answer.criterion.position
                version = self.cabinet.version(unit_id, position)
                proof = [Evidence(answer=answer, version=version, added_by=answer.updated_by)]
            answer._prefetched_objects_cache = {"evidence": proof}
            proofs += proof
            for review in answer.known_reviews:
                review.answer = answer
            reviews += answer.known_reviews
        Evidence.objects.bulk_create(proofs, batch_size=1000)
        Review.objects.bulk_create(reviews, batch_size=1000)

    def _review(self, answer: Answer) -> None:
        """All of a reviewed file, a few flags of a returned one, nothing of a waiting one."""
        one, answer.known_reviews = answer.assessment, []
        if one.state not in (S.REVIEWED, S.CERTIFIED, S.RETURNED):
            return
        review = Review(decision=Review.Decision.ACCEPT, by=self._reviewer(one))
        if one.state == S.RETURNED and answer.criterion.position % 9 == 4:
            answer.is_reopened = True
            review.decision = Review.Decision.FLAG
            review.reason = "Minh chứng chưa rõ, đề nghị bổ sung."
        elif self.random.random() < 0.1 and answer.points and answer.points >= 2:
            review.decision, review.points = Review.Decision.CHANGE, answer.points - 1
            review.reason = "Minh chứng chưa thể hiện đủ nội dung tiêu chí."
        answer.known_reviews = [review]
        if one.state == S.CERTIFIED:
            value = answer.reviewed_value
            answer.certified_points = scoring.points(answer.criterion.rule, value)
            answer.certified_met = value.met

    def _reviewer(self, one: Assessment):
        role = (
            Role.SPECIALIST if one.office.kind == OrgUnit.Kind.OFFICE else Role.DEPARTMENT_OFFICER
        )
        return self.province.people[one.office_id, role]

    def _finish(self, files: list[Assessment], past: bool) -> None:
        """States, hand-ins, events, certificates, as the workflow would have left them."""
        assignments, certificates, events = [], [], []
        for one in files:
            if one.state not in AFTER_SUBMISSION:
                if one.state == S.PREPARED:
                    one.prepared_by = self.province.people[one.unit_id, Role.FOCAL_POINT]
                continue
            self._hand_in(one)
            assignments.append(one.assignment)
            events.append((one, one.submitted_by, one.submitted_at))
            if one.state == S.CERTIFIED:
                certificates.append(self._certificate(one, past))
        Assessment.objects.bulk_update(
            files, ["state", "submitted_at", "submitted_by", "prepared_by", "self_results"], 300
        )
        Assignment.objects.bulk_update(
            assignments, ["state", "handed_in_at", "last_handed_in_at", "done_at"], 300
        )
        self._certify(certificates)
        Event.objects.bulk_create(
            (
                Event(
                    subject=one, unit_path=one.event_path, step="submit", label="Duyệt và trình",
                    by=by, at=at, from_state=S.PREPARED, to_state=S.SUBMITTED, as_who=str(one.unit),
                )
                for one, by, at in events
            ),
            batch_size=500,
        )  # fmt: skip

    def _hand_in(self, one: Assessment) -> None:
        one.prepared_by = self.province.people[one.unit_id, Role.FOCAL_POINT]
        one.submitted_by = self.province.people[one.unit_id, Role.HEAD]
        one.self_results = files.summary(one.results())
        assignment = one.assignment
        assignment.handed_in_at = assignment.last_handed_in_at = one.submitted_at
        assignment.state = {
            S.RETURNED: AssignmentState.RETURNED,
            S.CERTIFIED: AssignmentState.DONE,
        }.get(one.state, AssignmentState.HANDED_IN)
        if one.state == S.CERTIFIED:
            assignment.done_at = one.submitted_at + timedelta(days=5)

    def _certificate(self, one: Assessment, past: bool):
        decision = self._decision(one, past)
        results = one.reviewed_results()
        snapshot = certificates.snapshot_of(decision, one, results)
        certificate = Certificate(
            decision=decision,
            assessment=one,
            snapshot=snapshot,
            sha256=hashlib.sha256(snapshot.encode()).hexdigest(),
            published_at=decision.created_at if past else None,
        )
        return certificate, results, one

    def _decision(self, one: Assessment, past: bool) -> Decision:
        """One decision per office and campaign."""
        if one.office_id not in self.decisions:
            office = one.office
            role = Role.OFFICE_HEAD if office.kind == OrgUnit.Kind.OFFICE else Role.DEPARTMENT_HEAD
            signer = self.province.people[office.pk, role]
            signed = self.campaign.submission_due_at + timedelta(days=10 if past else -7)
            self.decisions[one.office_id] = Decision.objects.create(
                campaign=self.campaign,
                issuer=office,
                superior_line=office.superior_name,
                issuer_line=office.name,
                number=str(12 + len(self.decisions) * 7 + (0 if past else 100)),
                symbol=f"QĐ-{office.abbreviation}",
                signed_on=timezone.localtime(min(signed, timezone.now())).date(),
                head_post="TRƯỞNG PHÒNG" if office.kind == OrgUnit.Kind.OFFICE else "GIÁM ĐỐC",
                signer_name=signer.full_name,
                created_by=signer,
            )
        return self.decisions[one.office_id]

    def _certify(self, made: list) -> None:
        if not made:
            return
        Certificate.objects.bulk_create([one for one, _, _ in made], batch_size=200)
        CertificateLine.objects.bulk_create(
            (
                CertificateLine(
                    certificate=certificate,
                    group_code=result.code,
                    group_title=result.title,
                    points=result.points,
                    level=result.level,
                )
                for certificate, results, _ in made
                for result in results
            ),
            batch_size=1000,
        )
