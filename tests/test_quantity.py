"""Quantities and intervals: the contract's tables, and the laws of interval arithmetic."""

import dataclasses
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradelib.quantity import HEDGES, KINDS, Interval, Quantity

INF = math.inf


@pytest.mark.parametrize(
    ("hedge", "rounded", "printed"),
    [
        ("exact", (6.5, 7.5), (6.5, 8)),
        ("about", (6, 8), (6, 8)),
        ("over", (7, 8), (7, 8)),
        ("nearly", (6.3, 7), (6.3, 7)),
        ("under", (6, 7), (6, 7)),
        ("at_least", (7, INF), (7, INF)),
        ("at_most", (0, 7), (0, 7)),
    ],
)
def test_the_table_of_hedges(hedge, rounded, printed):
    quantity = Quantity.of("money", Decimal(7), Decimal(1), hedge, "CNY")
    assert (quantity.lower, quantity.upper) == rounded
    assert (quantity.printed_lower, quantity.printed_upper) == printed
    assert quantity.value == 7


def test_at_most_is_open_below_for_signed_kinds_and_stops_at_zero_for_levels():
    assert Quantity.of("percent", Decimal("0.3"), Decimal("0.01"), "at_most").lower == -INF
    assert Quantity.of("count", Decimal(30), Decimal(1), "at_most", "year").lower == 0


def test_nearly_is_bounded_by_a_tenth_of_the_value():
    assert Quantity.of("money", Decimal(900), Decimal(100), "nearly", "USD").lower == 810
    assert Quantity.of("money", Decimal(990), Decimal(10), "nearly", "USD").lower == 980


def test_an_exact_count_has_no_room_under_either_reading():
    quantity = Quantity.of("count", Decimal(240), Decimal(0), unit="country")
    assert quantity.lower == quantity.upper == 240
    assert quantity.printed_lower == quantity.printed_upper == 240


def test_a_range_has_its_midpoint():
    quantity = Quantity.of(
        "percent", Decimal("0.03"), Decimal("0.01"), "between", high=Decimal("0.04")
    )
    assert (quantity.lower, quantity.value, quantity.upper) == (0.03, 0.035, 0.04)
    quantity = Quantity.of("money", Decimal(3), Decimal(1), "between", "CNY", high=Decimal(3))
    assert (quantity.lower, quantity.value, quantity.upper) == (3, 3, 3)


@given(
    kind=st.sampled_from(KINDS),
    hedge=st.sampled_from(HEDGES),
    size=st.decimals(0, 10**6, places=2),
    step=st.sampled_from([Decimal(10) ** power for power in range(-2, 4)]),
)
def test_a_negative_quantity_is_the_mirror_image(kind, hedge, size, step):
    high = size + step if hedge == "between" else None
    up = Quantity.of(kind, size, step, hedge, high=high)
    down = Quantity.of(kind, size, step, hedge, high=high, negative=True)
    assert down.interval() == -up.interval()
    assert down.interval("printed") == -up.interval("printed")
    assert down.value == -up.value
    assert up.lower <= up.value <= up.upper
    assert up.printed_lower <= up.lower <= up.upper <= up.printed_upper


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"kind": "sum"}, "unknown kind 'sum', expected one of money, percent"),
        ({"hedge": "maybe"}, "unknown hedge 'maybe', expected one of exact, about"),
        ({"size": Decimal(-1)}, "size and step are without sign, found -1 and 1"),
        ({"hedge": "between"}, "a range, and only a range, has an upper end"),
        ({"high": Decimal(9)}, "a range, and only a range, has an upper end"),
    ],
)
def test_wrong_arguments_are_told(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Quantity.of(**{"kind": "money", "size": Decimal(7), "step": Decimal(1), **arguments})


def test_an_unknown_reading_is_told():
    quantity = Quantity.of("money", Decimal(7), Decimal(1))
    with pytest.raises(ValueError, match="unknown reading 'cut', expected one of rounded, printed"):
        quantity.interval("cut")


@pytest.mark.parametrize("bounds", [(2, 1), (math.nan, 1), (1, math.nan)])
def test_an_interval_needs_its_bounds_in_order(bounds):
    with pytest.raises(ValueError, match="an interval needs lower <= upper"):
        Interval(*bounds)


bounds = st.floats(-1e9, 1e9)
intervals = st.tuples(bounds, bounds).map(lambda ends: Interval(min(ends), max(ends)))
within = st.floats(0, 1)


@given(a=intervals, b=intervals, s=within, t=within)
def test_results_hold_the_result_of_any_two_numbers(a, b, s, t):
    x, y = (min(max(i.lower + u * i.width, i.lower), i.upper) for i, u in ((a, s), (b, t)))

    def holds(interval, number):
        ends = (interval.lower, interval.upper)
        return number in interval or any(math.isclose(number, end, abs_tol=1e-9) for end in ends)

    assert holds(a + b, x + y)
    assert holds(a - b, x - y)
    assert holds(a * b, x * y)
    if 0 not in b:
        assert holds(a / b, x / y)
    assert a.overlaps(b) == b.overlaps(a)
    if a.overlaps(b):
        both = a & b
        assert both.lower in a
        assert both.upper in b


def test_open_ends_stay_open():
    open_end = Interval(7, INF)
    assert open_end + 1 == Interval(8, INF)
    assert 2 * open_end == Interval(14, INF)
    assert Interval(10, 10) - open_end == Interval(-INF, 3)
    assert Interval(14, 14) / open_end == Interval(0, 2)
    assert Interval(0, 1) * open_end == Interval(0, INF)
    assert Interval(-INF, INF) * 0 == Interval(0, 0)
    assert (open_end.midpoint, (-open_end).midpoint, Interval(-INF, INF).midpoint) == (7, -7, 0)


def test_what_cannot_be_computed_is_told():
    with pytest.raises(ZeroDivisionError, match="it holds zero"):
        Interval(1, 2) / Interval(-1, 1)
    with pytest.raises(ValueError, match=r"found Interval\(lower=3, upper=2\)"):
        Interval(1, 2) & Interval(3, 4)


@pytest.mark.parametrize("thing", [Interval(1, 2), Quantity.of("money", Decimal(7), Decimal(1))])
def test_what_is_made_is_not_changed(thing):
    with pytest.raises(dataclasses.FrozenInstanceError):
        thing.lower = 0
