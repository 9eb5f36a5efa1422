"""Estimates as a column of pandas: pandas' own tests for such columns, and what is ours."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tradelib.estimate import Estimate, EstimateDtype
from tradelib.quantity import Interval


def estimate(lower, upper=None, unit="multiple"):
    return Estimate(Interval(lower, lower if upper is None else upper), unit, f"n{lower}")


@pytest.mark.slow
def test_pandas_own_tests_of_columns_pass():
    """Hundreds of one form, so they run as one: it names those that fail."""
    suite = Path(__file__).with_name("pandas_suite.py")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, suite], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 500


def column(**values):
    return pd.Series(values, dtype=EstimateDtype())


def test_values_sort_by_their_middle_where_one_spans_others():
    sold = column(wide=estimate(0, 11), low=estimate(1, 2), high=estimate(8, 10))
    assert sold.sort_values().index.tolist() == ["low", "wide", "high"]
    assert sold.sort_values(ascending=False).index.tolist() == ["high", "wide", "low"]
    assert sold.rank().tolist() == [2, 1, 3]
    assert (sold.idxmax(), sold.idxmin()) == ("high", "low")
    assert sold.max() is sold["high"]
    assert (sold > sold["low"]).tolist() == [False, False, True]
    assert (sold < sold["low"]).tolist() == [False, False, False]


def test_a_column_turns_its_signs():
    changed = column(fell=estimate(-3, -2), rose=estimate(1, 4))
    assert [one.interval for one in -changed] == [Interval(2, 3), Interval(-4, -1)]
    assert [one.interval for one in abs(changed)] == [Interval(2, 3), Interval(1, 4)]


def test_a_sum_with_a_missing_part_is_missing():
    sold = column(a=estimate(1, 2), b=estimate(3, 4))
    more = column(b=estimate(1), c=estimate(2))
    added = sold + more
    assert added.isna().tolist() == [True, False, True]
    assert np.isnan(added.sum())
    assert np.isnan(added.mean())
    assert added.dropna().sum().interval == Interval(4, 5)
    assert added.max() is added["b"]
    assert np.isnan(added.max(skipna=False))
    for nothing in (added.dropna().iloc[:0], added[["a"]]):
        assert np.isnan([nothing.sum(), nothing.mean(), nothing.min(), nothing.max()]).all()
    assert sold.mean().interval == Interval(2, 3)
    assert pd.DataFrame({"sold": sold, "added": added}).sum(axis=1).isna().tolist() == [
        True,
        False,
        True,
    ]


def test_a_frame_keeps_estimates():
    index = pd.MultiIndex.from_product([["Africa", "ASEAN"], [2024, 2025]])
    sold = pd.Series([estimate(n, n + 1) for n in (1, 3, 5, 7)], index, dtype="estimate")
    table = sold.unstack()
    assert (table.dtypes == "estimate").all()
    assert (table[2025] - table[2024])["Africa"].interval == Interval(1, 3)
    assert sold.groupby(level=0).sum()["ASEAN"].interval == Interval(12, 14)
    assert sold.groupby(level=0).max()["ASEAN"] is sold["ASEAN", 2025]
    sold["others", 2025] = estimate(9)
    assert sold.dtype == "estimate"


def test_numbers_and_single_estimates_go_over_the_column():
    sold = column(a=estimate(1, 2, "CNY"), b=estimate(3, 4, "CNY"))
    rate = estimate(0.5, unit="USD/CNY")
    assert [one.unit for one in (sold * rate, rate * sold)[0]] == ["USD", "USD"]
    assert (rate * sold).equals(sold * rate) is False  # the formulas differ
    assert (np.float64(2) * sold)["a"].interval == Interval(2, 4)
    assert (sold * pd.Series({"a": 2.0, "b": None}, dtype="Float64")).isna().tolist() == [
        False,
        True,
    ]
    assert sold.astype(float).tolist() == [1.5, 3.5]
    assert (sold > 2.5).tolist() == [False, True]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (lambda: column(a=estimate(1), b=3), "a column of estimates cannot hold 3"),
        (lambda: column(a=estimate(1)).std(), "cannot perform std"),
        (lambda: column(a=estimate(1, unit="CNY")) + estimate(1, unit="USD"), "units do not fit"),
        (lambda: column(a=estimate(1, unit="CNY")) > estimate(1, unit="USD"), "units do not fit"),
        (lambda: column(a=estimate(1)) <= estimate(1), "not supported"),
    ],
)
def test_what_a_column_refuses(wrong, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        wrong()
