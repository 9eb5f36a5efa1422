"""Estimates as a column of pandas: pandas' own tests for such columns, and what is ours."""

import numpy as np
import pandas as pd
import pytest
from pandas.conftest import sort  # noqa: F401
from pandas.tests.extension import base
from pandas.tests.extension.conftest import *  # noqa: F403

from tradelib.column import EstimateArray, EstimateDtype
from tradelib.estimate import Estimate
from tradelib.quantity import Interval

pytestmark = pytest.mark.filterwarnings("default")


def estimate(lower, upper=None, unit="multiple"):
    return Estimate(Interval(lower, lower if upper is None else upper), unit, f"n{lower}")


def array(*values):
    return EstimateArray._from_sequence([v if v != v else estimate(v) for v in values])


@pytest.fixture(params=[True, False])
def skipna(request):
    return request.param


@pytest.fixture
def dtype():
    return EstimateDtype()


@pytest.fixture
def data():
    return array(*range(1, 11))


@pytest.fixture
def data_for_twos():
    return array(*[2] * 10)


@pytest.fixture
def data_missing():
    return array(np.nan, 1)


@pytest.fixture
def data_for_sorting():
    return array(2, 3, 1)


@pytest.fixture
def data_missing_for_sorting():
    return array(2, np.nan, 1)


@pytest.fixture
def na_cmp():
    return lambda a, b: a != a and b != b


@pytest.fixture
def data_for_grouping():
    return array(2, 2, np.nan, np.nan, 1, 1, 2, 3)


class TestPandas(base.ExtensionTests):
    """Pandas' own tests; those that do not apply are named with their reason."""

    def _get_expected_exception(self, op_name, obj, other):
        known = ("add", "sub", "mul", "truediv")
        return None if op_name.strip("_").removeprefix("r") in known else TypeError

    def _supports_reduction(self, ser, op_name):
        return op_name in ("sum", "mean", "min", "max", "count")

    def check_reduce(self, ser, op_name, skipna):
        found = getattr(ser, op_name)(**({} if op_name == "count" else {"skipna": skipna}))
        assert float(found) == getattr(ser.astype(float), op_name)()

    # An estimate is not "at most" another: what is certain and what is possible differ.
    test_combine_le = None
    # Estimates keep their interval: they are drawn by tradelib.charts, not by DataFrame.plot.
    test_plot_on_y_axis = None
    # As text they do not hold their rows: neither JSON nor CSV gives them back.
    test_json_roundtrip = test_from_dtype = None
    # Arrays and their views are never locked: no array is shared between tables.
    test_readonly_property = test_readonly_propagates_to_numpy_array_method = None
    test_fillna_readonly = test_getitem_propagates_readonly_property = None
    # Sums by group are what they are for; pandas expects that only numbers have them.
    test_in_numeric_groupby = None

    def test_reduce_array(self, request, data, all_reductions, skipna):
        if all_reductions != "count":  # which Series has, and arrays have not
            super().test_reduce_array(request, data, all_reductions, skipna)


def column(**values):
    return pd.Series(values, dtype="estimate")


def test_values_sort_by_their_middle_where_one_spans_others():
    sold = column(wide=estimate(0, 11), low=estimate(1, 2), high=estimate(8, 10))
    assert sold.sort_values().index.tolist() == ["low", "wide", "high"]
    assert sold.sort_values(ascending=False).index.tolist() == ["high", "wide", "low"]
    assert sold.rank().tolist() == [2, 1, 3]
    assert (sold.idxmax(), sold.idxmin()) == ("high", "low")
    assert sold.max() is sold["high"]
    assert (sold > sold["low"]).tolist() == [False, False, True]
    assert (sold < sold["low"]).tolist() == [False, False, False]


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
