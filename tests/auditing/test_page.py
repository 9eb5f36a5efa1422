"""The numbers that the page on the audit works out by hand."""

import re
from pathlib import Path

import pytest
from samples import mean_rate

import tradelib
from tradelib.quantity import Interval

PAGE = re.sub(r"\s+", " ", (Path(__file__).parents[2] / "docs/audit.md").read_text("utf-8"))
PRINTED = {
    surface: tradelib.parse(surface).interval("printed")
    for surface in ("26.99 trillion yuan", "18.48 trillion yuan", "45.47 trillion yuan")
}


def tn(interval):
    return [round(end / 1e12, 3) for end in (interval.lower, interval.upper)]


def test_the_intervals_of_the_example():
    exports, imports, trade = PRINTED.values()
    assert (tn(exports), tn(imports), tn(trade)) == (
        [26.985, 27.0],
        [18.475, 18.49],
        [45.465, 45.48],
    )
    assert tn(exports + imports) == [45.46, 45.49]
    for number in ("26.985", "18.475", "45.465", "45.48", "45.46 at least", "45.49 at most"):
        assert number in PAGE
    assert round((trade.lower - exports.upper) / 1e12, 2) == pytest.approx(18.46, abs=0.011)


def test_as_a_balance_it_would_ask_for_a_rate_there_never_was():
    surplus = tradelib.parse("$1.189 trillion").interval("printed")
    rate = PRINTED["45.47 trillion yuan"] / surplus
    assert round(rate.midpoint) == 38
    assert "38 yuan a dollar" in PAGE


def test_exports_of_the_year_before():
    growth = tradelib.parse("6.1%", "up").interval("printed")
    base = PRINTED["26.99 trillion yuan"] / (1 + growth)
    assert [round(end / 1e12, 2) for end in (base.lower, base.upper)] == [25.41, 25.46]
    assert "divided by 1.0605 to 1.062, is 25.41 to 25.46" in PAGE


def test_rates():
    implied = Interval(7.0623e12, 7.0623e12) / tradelib.parse("992 billion USD").interval()
    assert f"({implied.midpoint:.2f} yuan a dollar" in PAGE
    assert f"the mean of the year ({mean_rate('CNY', 'USD', 2024):.2f})" in PAGE
