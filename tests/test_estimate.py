"""Estimates: units are algebra, formulas read as they were computed, comparisons are certain."""

import math
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tradelib.estimate import Estimate
from tradelib.ledger import load_figures, load_reference
from tradelib.prose import note
from tradelib.quantity import Interval
from tradelib.scale import FORMS


def estimate(lower, upper=None, unit="CNY", name="a"):
    return Estimate(Interval(lower, lower if upper is None else upper), unit, name)


UNITS = [  # unit, sign, unit, unit of the result
    ("CNY", "+", "CNY", "CNY"),
    ("CNY", "÷", "CNY", "percent"),
    ("percent", "−", "percent", "points"),
    ("percent", "+", "percent", "percent"),
    ("percent", "+", "points", "percent"),
    ("points", "−", "points", "points"),
    ("percent", "×", "CNY", "CNY"),
    ("CNY", "×", "percent", "CNY"),
    ("CNY", "÷", "percent", "CNY"),
    ("percent", "×", "percent", "percent"),
    ("points", "÷", "percent", "percent"),
    ("CNY", "×", "USD/CNY", "USD"),
    ("USD/CNY", "×", "CNY", "USD"),
    ("USD", "÷", "USD/CNY", "CNY"),
    ("CNY", "÷", "USD", "CNY/USD"),
    ("KRW/USD", "×", "USD/CNY", "KRW/CNY"),
    ("CNY/USD", "÷", "CNY/USD", "percent"),
    ("CNY", "÷", "vehicle", "CNY/vehicle"),
    ("CNY/vehicle", "×", "vehicle", "CNY"),
    ("vehicle", "÷", "vehicle", "percent"),
    ("multiple", "×", "CNY", "CNY"),
    ("points", "÷", "", "points"),
]
COMPUTE = {
    "+": lambda a, b: a + b,
    "−": lambda a, b: a - b,
    "×": lambda a, b: a * b,
    "÷": lambda a, b: a / b,
}


@pytest.mark.parametrize(("one", "sign", "other", "unit"), UNITS)
def test_units_are_algebra(one, sign, other, unit):
    a, b = estimate(6, unit=one, name="a"), estimate(3, unit=other, name="b")
    result = COMPUTE[sign](a, b)
    assert result.unit == unit
    assert result.name == f"a {sign} b"
    assert result.interval == COMPUTE[sign](a.interval, b.interval)


@pytest.mark.parametrize(
    ("one", "sign", "other", "sentence"),
    [
        ("CNY", "+", "USD", r"units do not fit: a \(yuan\) \+ b \(dollars\)"),
        ("CNY", "−", "percent", r"a \(yuan\) − b \(percent\)"),
        ("vehicle", "+", "country", r"a \(vehicles\) \+ b \(countries\)"),
        ("CNY/USD", "−", "CNY", r"a \(yuan per dollar\) − b \(yuan\)"),
        ("multiple", "+", "percent", r"a \(times\) \+ b \(percent\)"),
        ("CNY", "×", "CNY", r"units do not fit: a \(yuan\) × b \(yuan\)"),
        ("CNY", "×", "CNY/USD", "units do not fit"),
        ("percent", "÷", "CNY", r"units do not fit: a \(percent\) ÷ b \(yuan\)"),
        ("", "÷", "CNY", r"units do not fit: a \(a number\) ÷ b \(yuan\)"),
    ],
)
def test_unlike_units_are_told_in_one_sentence(one, sign, other, sentence):
    a, b = estimate(6, unit=one, name="a"), estimate(3, unit=other, name="b")
    with pytest.raises(ValueError, match=sentence) as told:
        COMPUTE[sign](a, b)
    assert "\n" not in str(told.value)
    if sign in "+−":
        for compare in (lambda: a > b, lambda: a < b):
            with pytest.raises(ValueError, match=r"units do not fit: . \(.* compared with . \("):
                compare()


def test_a_number_is_a_rate_and_no_amount():
    growth, exports = estimate(0.07, 0.08, "percent", "growth"), estimate(25, 26, name="exports")
    assert (1 + growth).unit == (1 - growth).unit == (growth - 1).unit == "percent"
    assert (exports / exports - 1).unit == "percent"
    assert (exports * 2).unit == (exports / 2).unit == "CNY"
    with pytest.raises(ValueError, match=r"exports \(yuan\) \+ 5 \(a number\)"):
        exports + 5
    assert exports > 20
    assert not exports > 25.5


FORMULAS = [
    (lambda a, b, c: a - b, "a − b"),
    (lambda a, b, c: (a - b) / b, "(a − b) ÷ b"),
    (lambda a, b, c: a / (1 + c), "a ÷ (1 + c)"),
    (lambda a, b, c: a * (1 - 1 / (1 + c)), "a × (1 − 1 ÷ (1 + c))"),
    (lambda a, b, c: a - (b - a), "a − (b − a)"),
    (lambda a, b, c: a + (b - a), "a + b − a"),
    (lambda a, b, c: a / (b / a), "a ÷ (b ÷ a)"),
    (lambda a, b, c: a / (c * c), "a ÷ (c × c)"),
    (lambda a, b, c: a / c * c, "(a ÷ c) × c"),
    (lambda a, b, c: a * c / c, "a × c ÷ c"),
    (lambda a, b, c: -a * c, "(−a) × c"),
    (lambda a, b, c: -(a + b), "−(a + b)"),
    (lambda a, b, c: a - -b, "a − (−b)"),
    (lambda a, b, c: abs(a - b) / b, "|a − b| ÷ b"),
    (lambda a, b, c: 2 * a - b, "2 × a − b"),
    (lambda a, b, c: sum([a, b]), "a + b"),
]


@pytest.mark.parametrize(("compute", "formula"), FORMULAS)
def test_formulas_read_as_they_are_computed(compute, formula):
    a, b = estimate(20, 21, name="a"), estimate(10, 11, name="b")
    assert compute(a, b, estimate(0.04, 0.05, "percent", "c")).name == formula


def test_what_changes_nothing_is_not_written():
    sold = estimate(20, 21)
    for same in (sold + 0, 0 + sold, sold - 0, sold * 1, 1 * sold, sold / 1, sold * np.float64(1)):
        assert same is sold


@pytest.mark.parametrize("missing", [math.nan, np.nan, pd.NA, np.float64("nan")])
def test_with_what_is_missing_all_is_missing(missing):
    sold = estimate(20, 21)
    for result in (sold + missing, missing - sold, sold * missing, missing / sold):
        assert pd.isna(result)
    assert not sold > missing
    assert not sold < missing


def test_what_is_no_number_is_left_to_its_own_type():
    sold = estimate(20, 21)
    for foreign in ("20", None, [1], {}):
        with pytest.raises(TypeError):
            sold + foreign
        with pytest.raises(TypeError):
            foreign > sold  # noqa: B015
    assert (sold * Fraction(1, 2)).interval == Interval(10, 10.5)


def test_comparisons_are_certain():
    low, high, wide = estimate(1, 2), estimate(3, 4), estimate(2, 5)
    assert high > low
    assert low < high
    assert not wide > low  # both may be 2
    assert not low > wide
    assert not high > wide
    assert not high < wide
    with pytest.raises(TypeError):
        low <= high  # noqa: B015


def test_numbers_of_an_estimate():
    wide = estimate(2, 5)
    assert float(wide) == round(wide, 1) == 3.5
    assert abs(estimate(-3, -2)).interval == Interval(2, 3)
    assert abs(estimate(-3, 2)).interval == Interval(0, 3)
    assert (-wide).interval == Interval(-5, -2)
    with pytest.raises(ZeroDivisionError, match="cannot divide by b: 0 to 1 yuan may be zero"):
        wide / estimate(0, 1, name="b")
    assert len({wide, estimate(2, 5), -wide}) == 2


def row(frame, key, name):
    return Estimate.of(frame.set_index(key, drop=False).loc[name].to_dict())


def test_a_printed_figure_is_written_as_printed_and_names_its_place():
    figures = load_figures()
    exports, growth = (row(figures, "figure", f"exports{g}-2024") for g in ("", "-growth"))
    assert (f"{exports}", f"{growth}") == ("25.4 trillion yuan", "more than 7%")
    assert f"{exports:range}" == "25.35 to 25.45 trillion yuan"
    assert note(exports).startswith("“25.4 trillion RMB”, article surplus-2024, paragraph 1: 25.35")
    assert exports.origin == "printed"
    assert len({exports, growth, exports}) == 2  # pandas wants values that it can hash
    before = exports / (1 + growth)
    assert before.origin == "computed"
    assert repr(before).endswith(" = exports in 2024 (yuan) ÷ (1 + growth of exports in 2024)")
    assert "“over 7%”" in note(before)
    assert f"</span> = {before.name}</p>" in before._repr_html_()
    assert f"{before}: {note(before)}</li>" in before._repr_html_()
    fall = row(figures, "figure", "us-exports-growth-2025")
    assert (f"{fall}", f"{fall:size}", f"fell {fall:size about}") == ("−20%", "20%", "fell 20%")
    mended = row(figures, "figure", "trade-2025")
    assert "(corrected: flow)" in note(mended)
    others = row(load_reference(), "reference", "ref-exports-to-africa-2024")
    assert f"{others}" == "1.272 trillion yuan"  # nine digits were printed
    assert others.origin == "reference"


def test_notes_stay_short():
    reference = load_reference().query("partner != 'World' and flow == 'exports'")
    parts = [Estimate.of(r) for r in reference.query("measure == 'level'").to_dict("records")]
    total = sum(part for part in parts if part.unit == "CNY")
    assert len(note(total)) < 420
    assert "\n" not in repr(total)
    assert len(repr(total)) < 200
    assert f"and {len(total.rows) - 3} more" in note(total)
    assert " more" not in note(sum([part for part in parts if part.unit == "CNY"][:3]))


FORMATS = [
    ("", 103.5e9, 106.2e9, "USD", "103.5 to 106.2 billion dollars"),
    ("about", 103.5e9, 106.2e9, "USD", "about 105 billion dollars"),
    ("size about", -106.2e9, -103.5e9, "USD", "about 105 billion dollars"),
    ("least", 0.051, 0.062, "percent", "at least 5.1%"),
    ("range", 0.2, 0.214, "percent", "20.0% to 21.4%"),
    ("", 0.011, 0.013, "points", "1.1 to 1.3 percentage points"),
    ("times about", 2.875, 2.885, "percent", "2.88 times"),
    ("about", -0.00014, -0.00009, "percent", "0.0%"),
]


@pytest.mark.parametrize(("form", "lower", "upper", "unit", "text"), FORMATS)
def test_formats(form, lower, upper, unit, text):
    assert format(estimate(lower, upper, unit), form) == text


def test_forms_that_do_not_fit_are_told():
    with pytest.raises(ValueError, match="unknown form 'rounded', expected one of about,"):
        format(estimate(1), "rounded")
    with pytest.raises(ValueError, match="a form of ratios, this number is in yuan"):
        format(estimate(1), "times")


ends = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
intervals = st.tuples(ends, ends).map(sorted)


@given(intervals, intervals, st.sampled_from("+−×÷"), st.floats(0, 1), st.floats(0, 1))
def test_results_hold_what_their_operands_allow(one, other, sign, here, there):
    a, b = estimate(*one, "percent"), estimate(*other, "percent")
    x, y = (low + (high - low) * at for (low, high), at in ((one, here), (other, there)))
    if sign == "÷" and other[0] <= 0 <= other[1]:
        return
    result, exact = COMPUTE[sign](a, b).interval, COMPUTE[sign](x, y)
    room = 1e-9 * max(1, abs(exact))
    assert result.lower - room <= exact <= result.upper + room


@given(intervals, st.sampled_from(["CNY", "percent", "points", "vehicle", "CNY/USD"]))
def test_every_form_writes_every_number(one, unit):
    for form in {*FORMS} - ({"times"} if unit not in ("percent", "points") else set()):
        assert format(estimate(*one, unit), form)
