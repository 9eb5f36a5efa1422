"""Numbers as text: honest, readable, and alike everywhere."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradelib.scale import MINUS, Scale, plural

INF = math.inf

WRITTEN = [  # unit, lower, upper, in a sentence, in a chart
    ("CNY", 25.35e12, 25.45e12, "25.4 trillion yuan", "25.4"),
    ("CNY", 45.465e12, 45.475e12, "45.47 trillion yuan", "45.47"),
    ("CNY", 7.00e12, 7.09e12, "7.0 to 7.1 trillion yuan", "7.0–7.1"),
    ("CNY", 7e12, 8e12, "7 to 8 trillion yuan", "7–8"),
    ("CNY", 25.41e12, 25.46e12, "25.41 to 25.46 trillion yuan", "25.41–25.46"),
    ("CNY", 25.4545e12, 25.4545e12, "25.45 trillion yuan", "25.45"),
    ("CNY", 7.0475e12, INF, "at least 7.047 trillion yuan", "≥ 7.047"),
    ("CNY", -INF, 7.0475e12, "at most 7.048 trillion yuan", "≤ 7.048"),
    ("CNY", -0.3e12, 0.2e12, "−300 to 200 billion yuan", "−300 to 200"),
    ("CNY", 5e12, 15e12, "5 to 15 trillion yuan", "5–15"),
    ("KRW", 9631.5e12, 9632.5e12, "9,632 trillion won", "9,632"),
    ("USD", 0.9e12, 1e12, "0.9 to 1.0 trillion dollars", "0.9–1.0"),
    ("USD 2024", 130e9, 130e9, "130 billion dollars at 2024 prices", "130"),
    ("EUR", 1e9, 2e9, "1 to 2 billion euros", "1–2"),
    ("percent", 0.0605, 0.0615, "6.1%", "6.1%"),
    ("percent", 0.07, 0.08, "7% to 8%", "7–8%"),
    ("percent", -0.205, -0.195, "−20%", "−20%"),
    ("percent", -0.1, 0.05, "−10% to 5%", "−10% to 5%"),
    ("points", 0.0035, 0.0045, "0.4 percentage points", "0.4"),
    ("points", 0.01, 0.01, "1 percentage point", "1"),
    ("multiple", 1.5, 2.5, "2 times", "2"),
    ("country", 240, 240, "240 countries", "240"),
    ("country", 1, 1, "1 country", "1"),
    ("country", 190, 200, "190 to 200 countries", "190–200"),
    ("vehicle", 6.405e6, 6.415e6, "6.41 million vehicles", "6.41"),
    ("CNY", -INF, INF, "not known", "not known"),
    ("CNY", math.nan, math.nan, "not known", "not known"),
]


@pytest.mark.parametrize(("unit", "lower", "upper", "sentence", "chart"), WRITTEN)
def test_written(unit: str, lower: float, upper: float, sentence: str, chart: str) -> None:
    scale = Scale.of(unit, lower, upper)
    assert scale.write(lower, upper) == sentence
    assert scale.write(lower, upper, short=True) == chart


def test_signs() -> None:
    percent = Scale.of("percent")
    assert percent.write(0.0605, 0.0615, signed=True) == "+6.1%"
    assert percent.write(-0.01, 0.05, signed=True, short=True) == "−1% to +5%"
    assert percent.write(0, 0, signed=True) == "0%"
    assert percent.write(-0.00001, -0.00001) == "−0.001%"


def test_both_ends_on_request() -> None:
    assert Scale.of("percent").write(0.0605, 0.0615, both=True) == "6.05% to 6.15%"
    assert Scale.of("country", 240).write(240, 240, both=True) == "240 countries"


PRINTED = [
    ("percent", 0.071, 0.0001, "7.10%"),
    ("CNY", 955.9e9, 1e8, "955.9 billion yuan"),
    ("CNY", 1e12, 1e12, "1 trillion yuan"),
    ("country", 240, 0, "240 countries"),
    ("percent", -0.2, 0.01, "−20%"),
]


@pytest.mark.parametrize(("unit", "value", "step", "text"), PRINTED)
def test_printed_digits_are_kept(unit: str, value: float, step: float, text: str) -> None:
    assert Scale.of(unit, value).exact(value, step) == text


@pytest.mark.parametrize(
    ("noun", "many"),
    [("unit", "units"), ("country", "countries"), ("day", "days"), ("box", "boxes")],
)
def test_plurals(noun: str, many: str) -> None:
    assert plural(noun) == many


numbers = st.floats(-1e4, 1e4).map(lambda v: round(v, 4))


@given(numbers, numbers, st.booleans())
def test_what_is_written_never_claims_more_than_the_interval(
    a: float, b: float, both: bool
) -> None:
    """A range holds the interval; a number, by half its last digit either side, does too."""
    lower, upper = sorted((a, b))
    ends = Scale("multiple", 1.0, "times").digits(lower, upper, both=both)
    values = [float(end.replace(",", "").replace(MINUS, "-")) for end in ends]
    steps = [10.0 ** -len(re.sub(r"^[^.]*\.?", "", end)) for end in ends]
    room = 0.0 if len(ends) == 2 else steps[0] / 2
    if upper - lower >= steps[0] / 3 or len(ends) == 2:
        assert values[0] - room <= lower + 1e-6
        assert values[-1] + room >= upper - 1e-6
    else:  # narrower than a reader can use: rounded as any known number is
        assert abs(values[0] - (lower + upper) / 2) <= max(room, 1e-3 * abs(lower)) + 1e-9
