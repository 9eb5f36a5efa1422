"""Estimates as a column of pandas: ``dtype="estimate"``.

Alignment, ``+ − × ÷``, ``groupby``, ``unstack`` and ``concat`` are pandas' own. Values sort and
rank by their middle, since certain comparisons are no total order. A dict of estimates is taken as
objects by pandas, so name the dtype:

>>> from tradelib.estimate import Estimate, Interval
>>> sold = {"Africa": Estimate(Interval(101, 102), "CNY", "a")}
>>> sold["ASEAN"] = Estimate(Interval(90, 99), "CNY", "b")
>>> pd.Series(sold, dtype="estimate").sum()
191 to 201 yuan = a + b
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import extensions
from pandas.api.indexers import check_array_indexer

from tradelib.estimate import Estimate


@extensions.register_extension_dtype
class EstimateDtype(extensions.ExtensionDtype):
    """The dtype ``estimate``: each value an `Estimate`, or NaN where it is missing."""

    name = "estimate"
    type = Estimate
    na_value = np.nan

    @classmethod
    def construct_array_type(cls) -> builtins.type[EstimateArray]:
        """Give the class of arrays of this dtype."""
        return EstimateArray


class EstimateArray(extensions.ExtensionScalarOpsMixin, extensions.ExtensionArray):  # type: ignore[misc,name-defined]
    """An array of estimates, as pandas wants it; what is neither estimate nor missing is refused.

    Where a part is missing, so are ``sum`` and ``mean``, whatever ``skipna`` says.
    """

    dtype = EstimateDtype()

    def __init__(self, values: NDArray[np.object_]):
        self._items = values

    @classmethod
    def _from_sequence(cls, scalars: Any, *, dtype: Any = None, copy: bool = False) -> Self:
        values = np.fromiter(scalars, dtype=object)
        missing = pd.isna(values)
        for value in values[~missing]:
            if not isinstance(value, Estimate):
                raise TypeError(f"a column of estimates cannot hold {value!r}")
        values[missing] = np.nan
        return cls(values)

    @classmethod
    def _from_factorized(cls, values: Any, original: Any) -> Self:
        return cls._from_sequence(values)

    @classmethod
    def _concat_same_type(cls, to_concat: Iterable[EstimateArray]) -> Self:
        return cls(np.concatenate([array._items for array in to_concat]))

    @property
    def nbytes(self) -> int:
        """Bytes of the references; the estimates themselves are shared."""
        return int(self._items.nbytes)

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, item: Any) -> Any:
        found = self._items[check_array_indexer(self, item)]
        return type(self)(found) if isinstance(found, np.ndarray) else found

    def __setitem__(self, key: Any, value: Any) -> None:
        key = check_array_indexer(self, key)
        if not pd.api.types.is_list_like(value):
            self._items[key] = self._from_sequence([value])[0]
        elif pd.api.types.is_integer(key):
            raise ValueError(f"one place of a column cannot hold {len(value)} values")
        else:
            self._items[key] = self._from_sequence(value)._items

    def isna(self) -> NDArray[np.bool_]:
        """Tell which values are missing."""
        return pd.isna(self._items)

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> Self:
        """Give the values at some places; −1 is a missing one, where filling is allowed."""
        found = extensions.take(self._items, indices, allow_fill=allow_fill, fill_value=fill_value)
        return self._from_sequence(found)

    def copy(self) -> Self:
        """Give an array that can be changed without changing this one."""
        return type(self)(self._items.copy())

    def _values_for_argsort(self) -> NDArray[np.float64]:
        return self._items.astype(float)

    def __neg__(self) -> Self:
        return self._from_sequence(-self._items)

    def __abs__(self) -> Self:
        return self._from_sequence(abs(self._items))

    def _reduce(self, name: str, *, skipna: bool = True, keepdims: bool = False, **_: Any) -> Any:
        if name not in ("sum", "mean", "min", "max"):
            raise TypeError(f"cannot perform {name} with a column of estimates")
        parts = self.dropna() if skipna and name in ("min", "max") else self
        if len(parts) == 0 or parts.isna().any():
            found = np.nan
        elif name in ("sum", "mean"):
            found = getattr(parts._items, name)()
        else:
            found = parts[parts.argmin() if name == "min" else parts.argmax()]
        return self._from_sequence([found]) if keepdims else found


EstimateArray._add_arithmetic_ops()
EstimateArray._add_comparison_ops()
