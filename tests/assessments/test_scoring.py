"""Points, levels, «vì sao mức này» and «còn thiếu gì»: golden figures first, then properties."""

from dataclasses import replace
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments import scoring
from assessments.scoring import CAP, Answer, Criterion, Group, Rules

CONDITION = Criterion("1.1", "Có kế hoạch", "condition", "1")
GRADED = Criterion("1.2", "Chấm điểm", "graded", "1", D(100))
ONE_GROUP = Rules((Group("1", "Dạy, học", D(100)),), (CONDITION, GRADED))


def result(points: str, *, met: bool | None = True, rules: Rules = ONE_GROUP):
    answers = {"1.1": Answer(met=met), "1.2": Answer(points=D(points))}
    return scoring.results(rules, answers)[0]


@pytest.mark.parametrize(
    ("points", "level"),
    [("0", 1), ("49.99", 1), ("50", 2), ("50.01", 2), ("75", 2), ("75.01", 3), ("100", 3)],
)
def test_levels_at_their_bounds(points, level):
    """4725/QĐ-BGDĐT: exactly 50 and exactly 75 are level 2."""
    found = result(points)
    assert (found.level, found.level_by_points, found.is_capped) == (level, level, False)
    assert found.points == D(points)


@pytest.mark.parametrize("met", [False, None])
@pytest.mark.parametrize(("points", "by_points"), [("49.99", 1), ("50", 2), ("75.01", 3)])
def test_a_missed_condition_holds_the_group_at_level_1(points, by_points, met):
    found = result(points, met=met)
    assert (found.level, found.level_by_points) == (1, by_points)
    assert found.missed_conditions == (CONDITION,)
    assert found.is_capped == (by_points > 1)


@pytest.mark.parametrize(("points", "level"), [("0", 1), ("75", 2), ("100", 3)])
def test_a_set_may_say_that_conditions_have_no_effect(points, level):
    found = result(points, met=False, rules=replace(ONE_GROUP, missed_condition="no_effect"))
    assert found.level == level
    assert "Điều kiện bắt buộc 1.1 chưa được xác nhận đạt: Có kế hoạch." in found.why


def test_an_empty_file_is_zero_points_and_level_1():
    (found,) = scoring.results(ONE_GROUP, {})
    assert (found.points, found.level, found.answered, found.total) == (0, 1, 0, 2)
    assert found.unanswered == (CONDITION, GRADED)


RATIO = Criterion("r", "Tỉ lệ", "ratio", "1", D(40))
COUNT = Criterion("c", "Số lượng", "count", "1", D(50), full_at=D(80))
YES_NO = Criterion("y", "Có không", "yes_no", "1", D(20))


@pytest.mark.parametrize(
    ("criterion", "answer", "points"),
    [
        (RATIO, Answer(numerator=D(9), denominator=D(10)), "36"),
        (RATIO, Answer(numerator=D(1), denominator=D(3)), "13.33"),
        (RATIO, Answer(numerator=D(2), denominator=D(3)), "26.67"),
        (RATIO, Answer(numerator=D(0), denominator=D(10)), "0"),
        (RATIO, Answer(numerator=D(11), denominator=D(10)), "40"),
        (RATIO, Answer(numerator=D(0), denominator=D(0)), None),
        (RATIO, Answer(numerator=D(3)), None),
        (COUNT, Answer(count=D(20)), "12.5"),
        (COUNT, Answer(count=D(800)), "50"),
        (replace(COUNT, full_at=None), Answer(count=D(20)), None),
        (YES_NO, Answer(met=True), "20"),
        (YES_NO, Answer(met=False), "0"),
        (YES_NO, Answer(), None),
        (GRADED, Answer(), None),
        (CONDITION, Answer(met=True), None),
    ],
)
def test_the_figures_propose_points(criterion, answer, points):
    expected = None if points is None else D(points)
    assert scoring.proposed(criterion, answer) == expected
    assert scoring.points(criterion, answer) == expected


def test_a_school_may_enter_less_than_the_figures_propose():
    answer = Answer(points=D("20"), numerator=D(9), denominator=D(10))
    assert (scoring.proposed(RATIO, answer), scoring.points(RATIO, answer)) == (D(36), D(20))


@pytest.mark.parametrize(("entered", "counted"), [("120", "40"), ("-3", "0"), ("7.555", "7.56")])
def test_points_stay_between_zero_and_the_maximum(entered, counted):
    assert scoring.points(RATIO, Answer(points=D(entered))) == D(counted)


def test_what_does_not_apply_is_done_and_earns_nothing():
    answer = Answer(is_not_applicable=True, points=D(30), numerator=D(9), denominator=D(10))
    assert scoring.points(RATIO, answer) == 0
    assert scoring.is_answered(RATIO, answer)


def test_a_condition_is_answered_by_yes_and_by_no():
    assert scoring.is_answered(CONDITION, Answer(met=False))
    assert not scoring.is_answered(CONDITION, Answer(points=D(5)))


TREE = Rules(
    (Group("1", "Dạy, học", D(100)),),
    (
        Criterion("1.1", "Cả nhóm", "sum", "1", D(60)),
        Criterion("1.1.1", "Phần mềm", "sum", "1", D(40), "1.1"),
        Criterion("1.1.1.1", "LMS", "graded", "1", D(25), "1.1.1"),
        Criterion("1.1.1.2", "Họp", "graded", "1", D(15), "1.1.1"),
        Criterion("1.1.2", "Học liệu", "graded", "1", D(20), "1.1"),
        Criterion("1.2", "Hạ tầng", "graded", "1", D(40)),
    ),
)


def test_sums_add_up_from_the_leaves():
    answers = {
        "1.1.1.1": Answer(points=D("20.5")),
        "1.1.1.2": Answer(points=D(10)),
        "1.1.2": Answer(points=D("4.25")),
        "1.1": Answer(points=D(60)),  # a sum says nothing itself
    }
    (found,) = scoring.results(TREE, answers)
    assert found.sums == {"1.1": D("34.75"), "1.1.1": D("30.5")}
    assert (found.points, found.answered, found.total) == (D("34.75"), 3, 4)


def test_why_names_the_points_the_bounds_and_the_condition():
    assert result("49.99").why == ("Đạt 49,99 điểm; dưới 50 điểm là mức 1.",)
    assert result("75").why == ("Đạt 75 điểm; từ 50 đến 75 điểm là mức 2.",)
    assert result("75.01", met=False).why == (
        "Đạt 75,01 điểm; trên 75 điểm là mức 3.",
        "Điều kiện bắt buộc 1.1 chưa được xác nhận đạt nên nhóm giữ ở mức 1: Có kế hoạch.",
    )


def test_what_is_missing_for_the_next_level():
    assert result("49.99").to_next == (
        "Cần thêm 0,01 điểm để lên mức 2.",
        "1.2 Chấm điểm: còn có thể thêm 50,01 điểm.",
    )
    assert result("75").to_next[0] == "Cần thêm 0,01 điểm để lên mức 3."
    assert result("100").to_next == ()
    assert result("60", met=False).to_next[:2] == (
        "Đạt đủ điều kiện bắt buộc thì nhóm lên mức 2.",
        "Đạt điều kiện 1.1: Có kế hoạch.",
    )


def test_the_criteria_with_most_to_gain_come_first():
    (found,) = scoring.results(TREE, {"1.2": Answer(points=D(39)), "1.1.2": Answer(points=D(0))})
    assert [one.split(" ")[0] for one in found.to_next[1:]] == ["1.1.1.1", "1.1.2", "1.1.1.2"]


def test_the_lower_level_of_the_groups():
    assert scoring.lower_of([3, 1, 2]) == 1
    assert scoring.lower_of([]) is None


# Properties

POINTS = st.decimals(min_value=0, max_value=100, places=2)
ANSWERS = st.fixed_dictionaries({one.code: POINTS for one in TREE.criteria if one.is_leaf})
RULES = st.builds(
    lambda low, more, missed: Rules(
        ONE_GROUP.groups, ONE_GROUP.criteria, low, min(low + more, D("99.99")), missed
    ),
    st.decimals(min_value=1, max_value=60, places=2),
    st.decimals(min_value=0, max_value=39, places=2),
    st.sampled_from([CAP, "no_effect"]),
)


@given(RULES, POINTS, POINTS, st.sampled_from([True, False, None]))
def test_more_points_never_lower_a_level(rules, first, second, met):
    less, more = sorted([first, second])
    before, after = (result(str(points), met=met, rules=rules) for points in (less, more))
    assert before.level <= after.level
    assert before.level_by_points <= after.level_by_points


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000))
def test_one_criterion_never_exceeds_its_maximum(points):
    assert 0 <= scoring.points(GRADED, Answer(points=points)) <= GRADED.max_points


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.decimals(min_value=0, max_value=10**9, places=2),
)
def test_figures_never_propose_more_than_the_maximum(part, whole):
    for one, answer in (
        (RATIO, Answer(numerator=part, denominator=whole)),
        (COUNT, Answer(count=part)),
    ):
        points = scoring.points(one, answer)
        assert points is None or 0 <= points <= one.max_points


@given(ANSWERS)
def test_totals_never_exceed_their_maxima(points):
    (found,) = scoring.results(TREE, {code: Answer(points=value) for code, value in points.items()})
    maxima = {one.code: one.max_points for one in TREE.criteria}
    assert 0 <= found.points <= found.max_points
    assert all(0 <= value <= maxima[code] for code, value in found.sums.items())
    tops = found.sums["1.1"] + min(points["1.2"], D(40))
    assert found.points == tops


@given(ANSWERS, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(points, random):
    answers = [(code, Answer(points=value)) for code, value in points.items()]
    shuffled = answers[:]
    random.shuffle(shuffled)
    assert scoring.results(TREE, dict(answers)) == scoring.results(TREE, dict(shuffled))


@given(RULES, POINTS)
def test_the_points_to_the_next_level_really_lift_it(rules, points):
    found = result(str(points), rules=rules)
    if found.points_to_next is None:
        assert found.level_by_points == 3
        return
    lifted = result(str(points + found.points_to_next), rules=rules)
    assert lifted.level_by_points > found.level_by_points
    almost = result(str(points + found.points_to_next - scoring.CENT), rules=rules)
    assert almost.level_by_points == found.level_by_points
