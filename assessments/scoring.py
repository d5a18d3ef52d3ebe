"""Scores and levels: pure Decimal arithmetic, the one place where they are computed.

Levels are per group of 100 points: below `level_2_from` is 1, above `level_3_above` is 3, the rest
2 (Decision 4725/QĐ-BGDĐT: exactly 50 and exactly 75 are level 2). Templates never compute.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from edudx.lib.vietnamese import number

CENT = Decimal("0.01")
ZERO = Decimal(0)
CAP = "cap_group_at_level_1"


@dataclass(frozen=True)
class Criterion:
    """kind: condition, yes_no, graded, count, ratio or sum; `full_at`: the count that earns all."""

    code: str
    title: str
    kind: str
    group: str
    max_points: Decimal = ZERO
    parent: str = ""
    full_at: Decimal | None = None

    @property
    def is_leaf(self) -> bool:
        return self.kind != "sum"

    @property
    def has_points(self) -> bool:
        return self.kind not in ("condition", "sum")


@dataclass(frozen=True)
class Group:
    code: str
    title: str
    max_points: Decimal


@dataclass(frozen=True)
class Rules:
    """One indicator set as arithmetic sees it; criteria in their printed order."""

    groups: tuple[Group, ...]
    criteria: tuple[Criterion, ...]
    level_2_from: Decimal = Decimal(50)
    level_3_above: Decimal = Decimal(75)
    missed_condition: str = CAP
    level_names: tuple[str, str, str] = ("Mức 1", "Mức 2", "Mức 3")

    def level_of(self, points: Decimal) -> int:
        if points < self.level_2_from:
            return 1
        return 3 if points > self.level_3_above else 2

    def leaves(self, group: str) -> list[Criterion]:
        return [one for one in self.criteria if one.group == group and one.is_leaf]


@dataclass(frozen=True)
class Answer:
    """What was said of one criterion. `points`, when given, stands over what the parts propose."""

    points: Decimal | None = None
    met: bool | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    count: Decimal | None = None
    is_not_applicable: bool = False


NOTHING = Answer()


@dataclass(frozen=True)
class GroupResult:
    """Points, level and the sentences that say why and what the next level needs."""

    code: str
    title: str
    points: Decimal
    max_points: Decimal
    level: int
    level_name: str
    level_by_points: int
    missed_conditions: tuple[Criterion, ...]
    unanswered: tuple[Criterion, ...]
    answered: int
    total: int
    points_to_next: Decimal | None
    why: tuple[str, ...]
    to_next: tuple[str, ...]
    sums: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def is_capped(self) -> bool:
        return self.level < self.level_by_points


def cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def proposed(criterion: Criterion, answer: Answer) -> Decimal | None:
    """The points that the parts of the answer stand for; None when they say nothing yet."""
    if not criterion.has_points:
        return None
    if answer.is_not_applicable:
        return ZERO
    if criterion.kind == "yes_no" and answer.met is not None:
        return criterion.max_points if answer.met else ZERO
    if criterion.kind == "ratio" and answer.numerator is not None and answer.denominator:
        share = min(answer.numerator / answer.denominator, Decimal(1))
        return cents(share * criterion.max_points)
    if criterion.kind == "count" and answer.count is not None and criterion.full_at:
        return cents(min(answer.count / criterion.full_at, Decimal(1)) * criterion.max_points)
    return None


def points(criterion: Criterion, answer: Answer) -> Decimal | None:
    """The points that count: the given ones, else the proposed; none where it does not apply."""
    if not criterion.has_points:
        return None
    stands = answer.points is not None and not answer.is_not_applicable
    value = answer.points if stands else proposed(criterion, answer)
    return None if value is None else max(ZERO, min(cents(value), criterion.max_points))


def is_answered(criterion: Criterion, answer: Answer) -> bool:
    """The one definition of «đã làm» that every page, count and check uses."""
    if criterion.kind == "condition":
        return answer.met is not None
    return points(criterion, answer) is not None


def results(rules: Rules, answers: Mapping[str, Answer]) -> tuple[GroupResult, ...]:
    """One result per group; `answers` by criterion code, in any order, missing ones unanswered."""
    return tuple(_group(rules, group, answers) for group in rules.groups)


def _group(rules: Rules, group: Group, answers: Mapping[str, Answer]) -> GroupResult:
    leaves = rules.leaves(group.code)
    earned = {one.code: points(one, answers.get(one.code, NOTHING)) or ZERO for one in leaves}
    total = min(sum(earned.values(), ZERO), group.max_points)
    unanswered = tuple(
        one for one in leaves if not is_answered(one, answers.get(one.code, NOTHING))
    )
    missed = tuple(
        one for one in leaves if one.kind == "condition" and not answers.get(one.code, NOTHING).met
    )
    by_points = rules.level_of(total)
    level = 1 if missed and rules.missed_condition == CAP else by_points
    short = _points_to_next(rules, total)
    return GroupResult(
        code=group.code,
        title=group.title,
        points=total,
        max_points=group.max_points,
        level=level,
        level_name=rules.level_names[level - 1],
        level_by_points=by_points,
        missed_conditions=missed,
        unanswered=unanswered,
        answered=len(leaves) - len(unanswered),
        total=len(leaves),
        points_to_next=short,
        why=_why(rules, total, by_points, level, missed),
        to_next=_to_next(rules, by_points, level, missed, short, leaves, earned),
        sums=_sums(rules, group, earned),
    )


def _sums(rules: Rules, group: Group, earned: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Points of each sum, from the leaves up; a sum may hold sums."""
    totals: dict[str, Decimal] = {}
    for criterion in reversed([one for one in rules.criteria if one.group == group.code]):
        value = totals.get(criterion.code, ZERO) + earned.get(criterion.code, ZERO)
        if criterion.kind == "sum":
            value = min(value, criterion.max_points)
            totals[criterion.code] = value
        if criterion.parent:
            totals[criterion.parent] = totals.get(criterion.parent, ZERO) + value
    return totals


def _points_to_next(rules: Rules, total: Decimal) -> Decimal | None:
    """Points to the next level by points; None at the top. Above 75 means 75,01."""
    if total < rules.level_2_from:
        return rules.level_2_from - total
    if total <= rules.level_3_above:
        return rules.level_3_above + CENT - total
    return None


def _why(
    rules: Rules, total: Decimal, by_points: int, level: int, missed: Iterable[Criterion]
) -> tuple[str, ...]:
    bounds = {
        1: f"dưới {number(rules.level_2_from)} điểm",
        2: f"từ {number(rules.level_2_from)} đến {number(rules.level_3_above)} điểm",
        3: f"trên {number(rules.level_3_above)} điểm",
    }
    sentences = [f"Đạt {number(total)} điểm; {bounds[by_points]} là mức {by_points}."]
    for condition in missed:
        effect = f" nên nhóm giữ ở mức {level}" if level < by_points else ""
        sentences.append(
            f"Điều kiện bắt buộc {condition.code} chưa được xác nhận đạt{effect}: "
            f"{condition.title}."
        )
    return tuple(sentences)


def _to_next(
    rules: Rules,
    by_points: int,
    level: int,
    missed: tuple[Criterion, ...],
    short: Decimal | None,
    leaves: Iterable[Criterion],
    earned: Mapping[str, Decimal],
) -> tuple[str, ...]:
    """What would lift the group: conditions first, then the criteria with the most left to gain."""
    if level == 3:
        return ()
    sentences = []
    if level < by_points:
        sentences.append(f"Đạt đủ điều kiện bắt buộc thì nhóm lên mức {by_points}.")
    sentences += [f"Đạt điều kiện {one.code}: {one.title}." for one in missed]
    if short is not None and level == by_points:
        sentences.append(f"Cần thêm {number(short)} điểm để lên mức {level + 1}.")
    if short is not None:
        gains = sorted(
            ((one.max_points - earned[one.code], one) for one in leaves if one.has_points),
            key=lambda gain: -gain[0],
        )
        sentences += [
            f"{one.code} {one.title}: còn có thể thêm {number(left)} điểm."
            for left, one in gains[:3]
            if left > 0
        ]
    return tuple(sentences)


def lower_of(levels: Iterable[int]) -> int | None:
    """The lower level of the groups: a column of convenience, not a level of the Decision."""
    return min(levels, default=None)
