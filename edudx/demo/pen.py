"""What people type into a file between its steps, of many files at once.

The rows are those that `answers.save`, `evidence.add`, `reviews.review` and `reviews.accept_rest`
leave, in a handful of statements; tests/test_demo.py holds them beside the verbs' own.
"""

from collections.abc import Iterable
from decimal import Decimal
from random import Random

from assessments import scoring
from assessments.models import Answer, Assessment, Criterion, Evidence, Review
from assessments.workflow import AssessmentState as S
from edudx.demo.cabinet import Cabinet
from edudx.demo.tree import Province
from schools.models import User

FLAG = "Minh chứng chưa rõ, đề nghị bổ sung."
CHANGE = "Minh chứng chưa thể hiện đủ nội dung tiêu chí."


class Pen:
    """Draws what a school answers and what its reader says, and writes it down."""

    def __init__(self, random: Random, province: Province, cabinet: Cabinet) -> None:
        self.random, self.province, self.cabinet = random, province, cabinet

    def draw(self, one: Assessment, state: str, place: int) -> list[Answer]:
        """The answers of a file that will come to `state`, with a proof of what is claimed."""
        level = self.random.choice((0.45, 0.6, 0.72, 0.85, 0.95))
        leaves = one.leaves()
        if state == S.DRAFT:
            untouched = place % 20 == 9
            leaves = [] if untouched else leaves[: max(1, len(leaves) * 2 // 3)]
        answers = [self._answer(one, criterion, level) for criterion in leaves]
        one.__dict__["answers_by_code"] = {answer.criterion.code: answer for answer in answers}
        return answers

    def _answer(self, one: Assessment, criterion: Criterion, level: float) -> Answer:
        by = self.province.worker(one.unit)
        answer = Answer(assessment=one, criterion=criterion, updated_by=by)
        self._value(answer, criterion, level)
        answer.points = scoring.points(criterion.rule, answer.value)
        is_claimed = answer.met or answer.points
        answer.version = 2 if is_claimed else 1  # saved, then proved
        version = self.cabinet.version(one.unit_id, criterion.position)
        proof = [Evidence(answer=answer, added_by=by, version=version)] if is_claimed else []
        answer._prefetched_objects_cache = {"evidence": proof}
        answer.known_reviews = []
        return answer

    def _value(self, answer: Answer, criterion: Criterion, level: float) -> None:
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

    def write(self, answers: list[Answer]) -> None:
        """The drawn answers and their proofs."""
        Answer.objects.bulk_create(answers, batch_size=500)
        proofs = []
        for answer in answers:
            for proof in answer._prefetched_objects_cache["evidence"]:
                proof.answer = answer  # it has its key now
                proofs.append(proof)
        Evidence.objects.bulk_create(proofs, batch_size=1000)

    def read(self, answers: Iterable[Answer], state: str, by: User) -> list[Review]:
        """Some words of the reader's own, and the school's score for the rest; not written yet."""
        found = [self._review(answer, state, by) for answer in answers]
        for review in found:
            review.answer.known_reviews = [review]
        return found

    def _review(self, answer: Answer, state: str, by: User) -> Review:
        review = Review(answer=answer, decision=Review.Decision.ACCEPT, by=by)
        if state == S.RETURNED and answer.criterion.position % 9 == 4:
            review.decision, review.reason = Review.Decision.FLAG, FLAG
        elif self.random.random() < 0.1 and answer.points and answer.points >= 2:
            review.decision, review.points = Review.Decision.CHANGE, answer.points - 1
            review.reason = CHANGE
        return review


def accepted(reviews: Iterable[Review]) -> str:
    """What the history says of them, as `reviews.accept_rest` does."""
    kept = sum(one.decision == Review.Decision.ACCEPT for one in reviews)
    return f"Giữ điểm {kept} tiêu chí còn lại"
