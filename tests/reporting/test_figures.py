"""Arithmetic of figures: parts and the whole, missing and nothing, what looks wrong."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edudx.lib.ratios import percent_of
from reporting.arithmetic import Rule, Total, Value, change, fences

NUMBER = st.integers(0, 10_000).map(Decimal)
VALUE = st.one_of(
    st.just(Value()),
    NUMBER.map(Value),
    st.tuples(NUMBER, NUMBER).map(lambda pair: Value(min(pair), max(pair))),
    st.sampled_from(["VNPT", "Viettel"]).map(lambda word: Value(text=word)),
)
VALUES = st.lists(VALUE, max_size=40)


def total_of(values: Iterable[Value], *, expected: int) -> Total:
    """The roll-up of what single units reported; empty values are units that did not."""
    found = Total(expected=expected)
    for one in values:
        if not one.is_empty:
            found += single(one)
    return found


def single(value: Value) -> Total:
    """One unit's value as a total of itself; who is expected is counted elsewhere."""
    return Total(
        reported=1,
        number=value.number or Decimal(0),
        whole=value.whole or Decimal(0),
        least=value.number,
        most=value.number,
        spread={value.text: 1} if value.text else {},
    )


@given(VALUES, VALUES)
def test_the_roll_up_of_a_part_plus_that_of_the_rest_is_that_of_the_whole(part, rest):
    together = total_of([*part, *rest], expected=len(part) + len(rest))
    assert total_of(part, expected=len(part)) + total_of(rest, expected=len(rest)) == together


@given(VALUES, VALUES, VALUES)
def test_the_order_of_offices_changes_nothing(one, two, three):
    a, b, c = (total_of(found, expected=len(found)) for found in (one, two, three))
    assert (a + b) + c == a + (b + c) == c + (b + a)
    assert sum([a, b, c]) == a + b + c


@given(st.lists(st.tuples(NUMBER, NUMBER).map(sorted), min_size=1, max_size=30))
def test_a_ratio_is_the_ratio_of_the_sums_and_never_above_a_hundred(pairs):
    found = total_of([Value(part, whole) for part, whole in pairs], expected=len(pairs))
    value = found.value("ratio")
    whole = sum(one for _, one in pairs)
    assert value == percent_of(sum(one for one, _ in pairs), whole)
    assert value is None if not whole else 0 <= value <= 100


def test_missing_is_not_zero_and_nothing_is_no_percentage():
    assert total_of([Value(), Value()], expected=2) == Total(expected=2)
    assert Total(expected=2).value("sum") is None
    assert total_of([Value(Decimal(0))], expected=2).value("sum") == 0
    assert total_of([Value(Decimal(0), Decimal(0))], expected=1).value("ratio") is None
    assert not total_of([Value(Decimal(5))], expected=2).is_complete


def test_each_way_of_rolling_up():
    found = total_of([Value(Decimal(one)) for one in (3, 9, 6)], expected=4)
    assert [found.value(one) for one in ("sum", "min", "max", "none")] == [18, 3, 9, None]
    words = total_of([Value(text="VNPT"), Value(text="FPT"), Value(text="VNPT")], expected=3)
    assert words.spread == {"FPT": 1, "VNPT": 2}


@pytest.mark.parametrize(
    ("rule", "values", "is_broken"),
    [
        (Rule("at_most", "a", ("b",)), {"a": 5, "b": 5}, False),
        (Rule("at_most", "a", ("b",)), {"a": 6, "b": 5}, True),
        (Rule("at_most", "a", ("b", "c")), {"a": 6, "b": 5, "c": 1}, False),
        (Rule("sum", "a", ("b", "c")), {"a": 6, "b": 5, "c": 1}, False),
        (Rule("sum", "a", ("b", "c")), {"a": 7, "b": 5, "c": 1}, True),
        (Rule("sum", "a", ("b", "c")), {"a": 7, "b": 5}, False),
    ],
)
def test_a_rule_is_broken_only_by_figures_that_are_there(rule, values, is_broken):
    given_ = {key: Value(Decimal(one)) for key, one in values.items()}
    assert rule.is_broken(given_) is is_broken


def test_how_far_a_figure_moved():
    assert change(Decimal(120), Decimal(100)) == 20
    assert change(Decimal(80), Decimal(100)) == 20
    assert change(Decimal(5), Decimal(0)) is None
    assert change(None, Decimal(5)) is None


def test_what_is_unusual_among_similar_schools():
    usual = [Decimal(one) for one in (20, 22, 21, 25, 23, 24, 22, 21)]
    low, high = fences(usual)
    assert low < 20
    assert high > 25
    assert not low <= 240 <= high
    assert fences(usual[:7]) is None


def test_a_rule_may_speak_of_the_parts_of_a_ratio():
    rule = Rule("sum", "phong-may-chieu:whole", ("phong-hoc",), "khác")
    wrong = {"phong-may-chieu": Value(Decimal(4), Decimal(40)), "phong-hoc": Value(Decimal(10))}
    assert rule.is_broken(wrong)
    assert rule.key == "phong-may-chieu"
    assert not rule.is_broken(wrong | {"phong-hoc": Value(Decimal(40))})
    assert not rule.is_broken({"phong-hoc": Value(Decimal(10))})  # a missing one breaks nothing
    part = Rule("at_most", "phong-may-chieu:part", ("phong-hoc",), "nhiều hơn")
    assert not part.is_broken(wrong)
