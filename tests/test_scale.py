"""Numbers as text: honest, readable, and alike everywhere."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradelib.quantity import Interval
from tradelib.scale import MINUS, Scale

INF = math.inf

WRITTEN = [  # unit, lower, upper, text
    ("CNY", 25.35e12, 25.45e12, "25.4 trillion yuan"),
    ("CNY", 45.465e12, 45.475e12, "45.47 trillion yuan"),
    ("CNY", 7.00e12, 7.09e12, "7.0 to 7.1 trillion yuan"),
    ("CNY", 7e12, 8e12, "7 to 8 trillion yuan"),
    ("CNY", 25.41e12, 25.46e12, "25.41 to 25.46 trillion yuan"),
    ("CNY", 25.4545e12, 25.4545e12, "25.45 trillion yuan"),
    ("CNY", 7.0475e12, INF, "at least 7.047 trillion yuan"),
    ("CNY", -INF, 7.0475e12, "at most 7.048 trillion yuan"),
    ("CNY", -0.3e12, 0.2e12, "−300 to 200 billion yuan"),
    ("CNY", 5e12, 15e12, "5 to 15 trillion yuan"),
    ("KRW", 9631.5e12, 9632.5e12, "9,632 trillion won"),
    ("USD", 0.9e12, 1e12, "0.9 to 1.0 trillion dollars"),
    ("EUR", 1e9, 2e9, "1 to 2 billion euros"),
    ("percent", 0.0605, 0.0615, "6.1%"),
    ("percent", 0.0608, 0.0613, "6.1%"),
    ("percent", 0.0705, 0.074, "7.05% to 7.40%"),
    ("percent", 0.07, 0.08, "7% to 8%"),
    ("percent", -0.205, -0.195, "−20%"),
    ("percent", -0.1, 0.05, "−10% to 5%"),
    ("points", 0.0035, 0.0045, "0.4 percentage points"),
    ("points", 0.01, 0.01, "1 percentage point"),
    ("multiple", 1.5, 2.5, "2 times"),
    ("country", 240, 240, "240 countries"),
    ("country", 1, 1, "1 country"),
    ("country", 0.875, 1.875, "1 to 2 countries"),
    ("USD", 1, 1, "1 dollar"),
    ("country", 190, 200, "190 to 200 countries"),
    ("vehicle", 6.405e6, 6.415e6, "6.41 million vehicles"),
    ("CNY", 4.715e12, 4.785e12, "4.71 to 4.79 trillion yuan"),
    ("CNY", 5.381e12, 5.791e12, "5.4 to 5.8 trillion yuan"),
    ("percent", 0.1377, 0.1452, "13.8% to 14.5%"),
    ("percent", -0.00014, -0.00009, "0.0%"),
    ("CNY/USD", 7.1092, 7.1192, "7.11 to 7.12 yuan per dollar"),
    ("USD/unit", 19460, 19460, "19,460 dollars per unit"),
    ("CNY", -INF, INF, "not known"),
    ("CNY", math.nan, math.nan, "not known"),
]


@pytest.mark.parametrize(("unit", "lower", "upper", "text"), WRITTEN)
def test_written(unit: str, lower: float, upper: float, text: str) -> None:
    assert Scale.of(unit, lower, upper).write(lower, upper) == text


def test_signs() -> None:
    percent = Scale.of("percent")
    assert percent.write(-0.01, 0.05) == "−1% to 5%"
    assert percent.write(0, 0) == "0%"
    assert percent.write(-0.00014, -0.00009) == "0.0%"


def test_both_ends_on_request() -> None:
    assert Scale.of("percent").write(0.0605, 0.0615, "range") == "6.05% to 6.15%"
    assert Scale.of("country", 240).write(240, 240, "range") == "240 countries"


PRINTED = [
    ("percent", 0.071, 0.0001, "7.10%"),
    ("percent", 0.0725, 0, "7.25%"),
    ("CNY", 955.9e9, 1e8, "955.9 billion yuan"),
    ("CNY", 1e12, 1e12, "1 trillion yuan"),
    ("country", 240, 0, "240 countries"),
    ("percent", -0.2, 0.01, "−20%"),
]


@pytest.mark.parametrize(("unit", "value", "step", "text"), PRINTED)
def test_printed_digits_are_kept(unit: str, value: float, step: float, text: str) -> None:
    ends = Interval(value - step / 2, value + step / 2)
    assert Scale.of(unit, value).printed("exact", value, ends) == text


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("unit", "units"),
        ("country", "countries"),
        ("day", "days"),
        ("box", "boxes"),
        ("brush", "brushes"),
        ("aircraft", "aircraft"),
        ("TV", "TVs"),
        ("GBP", "British pounds"),
        ("", ""),
    ],
)
def test_plurals(noun: str, many: str) -> None:
    assert Scale.of(noun).words == many


numbers = st.floats(-1e4, 1e4).map(lambda v: round(v, 4))


@given(numbers, numbers, st.sampled_from(["", "range"]))
def test_what_is_written_tells_the_interval_no_more_and_no_less(
    a: float, b: float, form: str
) -> None:
    """With half its last digit on either side, what is written holds the interval."""
    lower, upper = sorted((a, b))
    text = Scale("multiple", 1.0, "times").write(lower, upper, form)
    ends = text.removesuffix(" times").split(" to ")
    values = [float(end.replace(",", "").replace(MINUS, "-")) for end in ends]
    room = 10.0 ** -len(re.sub(r"^[^.]*\.?", "", ends[0])) / 2
    if max(abs(lower), abs(upper)) >= 1000:
        room *= 10 ** (len(str(int(max(abs(lower), abs(upper))))) - 3)
    assert values[0] - room <= lower + 1e-6
    assert values[-1] + room >= upper - 1e-6
    if len(ends) == 2:
        shift = max(abs(values[0] - lower), abs(values[-1] - upper))
        assert shift <= max((upper - lower) / 8, room) + 1e-6


ABOUT = [  # unit, lower, upper, to the first digit that is open
    ("USD", 103.5e9, 106.2e9, "about 105 billion dollars"),
    ("USD", 360.6e9, 361.2e9, "361 billion dollars"),
    ("USD", 1.1885e12, 1.1895e12, "1.19 trillion dollars"),
    ("CNY", 5.381e12, 5.791e12, "about 5.6 trillion yuan"),
    ("percent", 0.0605, 0.0615, "6.1%"),
    ("percent", 0.2, 0.214, "about 20.7%"),
    ("percent", -0.00014, -0.00009, "0.0%"),
    ("percent", -0.0005, 0.0005, "−0.05% to 0.05%"),
    ("percent", -0.0005, 0.001, "−0.05% to 0.10%"),
    ("percent", 0.00412, 0.00413, "0.41%"),
    ("multiple", 0.01495, 0.01505, "0.0150 times"),
    ("points", 0.011, 0.013, "about 1.2 percentage points"),
    ("multiple", 2.87, 2.89, "about 2.88 times"),
    ("CNY/USD", 7.1092, 7.1192, "about 7.11 yuan per dollar"),
    ("year", 9, 9, "9 years"),
    ("CNY", -0.3e12, 0.2e12, "−300 to 200 billion yuan"),
    ("CNY", 1e12, INF, "at least 1 trillion yuan"),
]


@pytest.mark.parametrize(("unit", "lower", "upper", "text"), ABOUT)
def test_about(unit: str, lower: float, upper: float, text: str) -> None:
    assert Scale.of(unit, lower, upper).write(lower, upper, "about") == text


def test_what_is_small_but_known_is_not_told_as_nothing():
    """Two rates that lie 0.04 points apart do lie apart; what is open around nothing is nothing."""
    points = Scale.of("points")
    assert points.write(0.0004, 0.0004) == "0.04 percentage points"
    assert points.write(0.0, 0.0) == "0 percentage points"
    assert Scale.of("percent").write(-0.00014, -0.00009) == "0.0%"
