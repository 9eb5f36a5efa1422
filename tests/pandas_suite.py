"""Pandas' own tests for types of columns, as they apply to estimates: run by test_column.py."""

import numpy as np
import pytest
from pandas.conftest import sort  # noqa: F401
from pandas.tests.extension import base
from pandas.tests.extension.conftest import *  # noqa: F403

from tradelib.estimate import Estimate, EstimateArray, EstimateDtype
from tradelib.quantity import Interval

pytestmark = pytest.mark.filterwarnings("default")


def estimate(lower):
    return Estimate(Interval(lower, lower), "multiple", f"n{lower}")


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
    # NumPy's array of a column is a copy, so one of a locked column need not be locked.
    test_readonly_propagates_to_numpy_array_method = None
    # Sums by group are what they are for; pandas expects that only numbers have them.
    test_in_numeric_groupby = None

    def test_reduce_array(self, request, data, all_reductions, skipna):
        if all_reductions != "count":  # which Series has, and arrays have not
            super().test_reduce_array(request, data, all_reductions, skipna)
