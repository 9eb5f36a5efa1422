"""Estimates as a column of pandas: ``dtype="estimate"``.

Alignment, ``+ − × ÷``, ``groupby``, ``unstack`` and ``concat`` are pandas' own. Values sort and
rank by their middle, since certain comparisons are no total order; a comparison is true only where
it is certain; what is missing is NaN and stays missing, in sums too. A dict of estimates is taken
as objects by pandas, so name the dtype:

>>> import pandas as pd
>>> from tradelib.estimate import Estimate, Interval
>>> sold = {"Africa": Estimate(Interval(101, 102), "CNY", "a")}
>>> column = pd.Series(sold | {"ASEAN": Estimate(Interval(90, 99), "CNY", "b")}, dtype="estimate")
>>> column.sum()
191 to 201 yuan = a + b
>>> column.sort_values().index.tolist(), (column > 100).tolist()
(['ASEAN', 'Africa'], [True, False])
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
    def dtype(self) -> EstimateDtype:
        """The dtype ``estimate``."""
        return EstimateDtype()

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
        return np.array([not isinstance(value, Estimate) for value in self._items], dtype=bool)

    def take(self, indices: Any, *, allow_fill: bool = False, fill_value: Any = None) -> Self:
        """Give the values at some places; −1 is a missing one, where filling is allowed."""
        fill = np.nan if allow_fill and fill_value is None else fill_value
        return self._from_sequence(
            take(self._items, indices, allow_fill=allow_fill, fill_value=fill)
        )

    def copy(self) -> Self:
        """Give an array that can be changed without changing this one."""
        return type(self)(self._items.copy())

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """Give another dtype; as numbers, estimates are their middles without an interval."""
        if pd.api.types.is_float_dtype(dtype):
            return pd.array(self._values_for_argsort()).astype(dtype, copy=copy)
        return super().astype(dtype, copy)

    def _values_for_argsort(self) -> NDArray[np.float64]:
        return np.array([float(value) for value in self._items], dtype=float)

    def _formatter(self, boxed: bool = False) -> Callable[[Any], str]:
        return str

    def __neg__(self) -> Self:
        return self._from_sequence([-value for value in self._items])

    def __abs__(self) -> Self:
        return self._from_sequence([abs(value) for value in self._items])

    def _reduce(
        self, name: str, *, skipna: bool = True, keepdims: bool = False, **kwargs: Any
    ) -> Any:
        missing = self.isna()
        if name in ("sum", "mean"):
            known = len(self) and not missing.any()
            found = sum(self._items) / (len(self) if name == "mean" else 1) if known else np.nan
        elif name in ("min", "max"):
            known = not missing.all() and (skipna or not missing.any())
            place = np.nanargmin if name == "min" else np.nanargmax
            found = self._items[place(self._values_for_argsort())] if known else np.nan
        else:
            raise TypeError(f"cannot perform {name} with a column of estimates")
        return self._from_sequence([found]) if keepdims else found


EstimateArray._add_arithmetic_ops()
EstimateArray._add_comparison_ops()
