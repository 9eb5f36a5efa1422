"""Estimates as a column of pandas: ``dtype="estimate"``.

Alignment, ``+ − × ÷``, ``groupby``, ``unstack`` and ``concat`` are pandas' own. Values sort and
rank by their middle, since certain comparisons are no total order; what is missing is NaN and stays
missing, in sums too. A dict of estimates is taken as objects by pandas, so name the dtype:

>>> from tradelib.estimate import Estimate, Interval
>>> sold = {"Africa": Estimate(Interval(101, 102), "CNY", "a")}
>>> sold["ASEAN"] = Estimate(Interval(90, 99), "CNY", "b")
>>> pd.Series(sold, dtype="estimate").sum()
191 to 201 yuan = a + b
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.extensions import (  # type: ignore[attr-defined]
    ExtensionArray,
    ExtensionDtype,
    ExtensionScalarOpsMixin,
    register_extension_dtype,
    take,
)
from pandas.api.indexers import check_array_indexer

from tradelib.estimate import Estimate


@register_extension_dtype
class EstimateDtype(ExtensionDtype):
    """The dtype ``estimate``: each value an `Estimate`, or NaN where it is missing."""

    name = "estimate"
    type = Estimate
    na_value = np.nan

    @classmethod
    def construct_array_type(cls) -> builtins.type[EstimateArray]:
        """Give the class of arrays of this dtype."""
        return EstimateArray


class EstimateArray(ExtensionScalarOpsMixin, ExtensionArray):  # type: ignore[misc]
    """An array of estimates, as pandas wants it; what is neither estimate nor missing is refused.

    ``sum`` and ``mean`` are missing where a part is, whatever ``skipna`` says, and where there is
    none; ``min`` and ``max`` are the elements with the least and the largest middle.
    """

    dtype = EstimateDtype()

    def __init__(self, values: NDArray[np.object_]):
        self._items = values

    @classmethod
    def _from_sequence(
        cls, scalars: Iterable[Any], *, dtype: Any = None, copy: bool = False
    ) -> Self:
        values = np.array(list(scalars), dtype=object)
        for place, scalar in enumerate(values):
            if not isinstance(scalar, Estimate):
                if not (pd.api.types.is_scalar(scalar) and pd.isna(scalar)):
                    raise TypeError(f"a column of estimates cannot hold {scalar!r}")
                values[place] = np.nan
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
        if isinstance(value, Estimate) or pd.api.types.is_scalar(value):
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
        found = take(self._items, indices, allow_fill=allow_fill, fill_value=fill_value)
        return self._from_sequence(found)

    def copy(self) -> Self:
        """Give an array that can be changed without changing this one."""
        return type(self)(self._items.copy())

    def _values_for_argsort(self) -> NDArray[np.float64]:
        return self._items.astype(float)

    def _formatter(self, boxed: bool = False) -> Callable[[Any], str]:
        return str

    def __neg__(self) -> Self:
        return self._from_sequence(-self._items)

    def __abs__(self) -> Self:
        return self._from_sequence(abs(self._items))

    def _reduce(
        self, name: str, *, skipna: bool = True, keepdims: bool = False, **kwargs: Any
    ) -> Any:
        if name not in ("sum", "mean", "min", "max"):
            raise TypeError(f"cannot perform {name} with a column of estimates")
        items = self._items[~self.isna()]
        if len(items) == 0 or (len(items) < len(self) and (name in ("sum", "mean") or not skipna)):
            found = np.nan
        elif name in ("sum", "mean"):
            found = sum(items) / (len(items) if name == "mean" else 1)
        else:
            found = {"min": min, "max": max}[name](items, key=float)
        return self._from_sequence([found]) if keepdims else found


EstimateArray._add_arithmetic_ops()
EstimateArray._add_comparison_ops()
