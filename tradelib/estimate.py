"""A number that knows its unit, what it leaves open and the printed words it rests on; a column."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partialmethod
from numbers import Real
from textwrap import shorten
from typing import Any, Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import extensions
from pandas.api.indexers import check_array_indexer
from pandas.api.typing import NAType
from pandas.core.arrays._mixins import NDArrayBackedExtensionArray

from tradelib.ledger import subject
from tradelib.quantity import Interval, expect
from tradelib.scale import FORMS, PURE, Scale, product_unit, sum_unit

COMPUTE: Final = {"+": operator.add, "−": operator.sub, "×": operator.mul, "÷": operator.truediv}
BRACKETS: Final = {"+": ("", ""), "−": ("", "+−"), "×": ("+−÷", "+−÷"), "÷": ("+−", "+−×÷")}
"""Which formulas need brackets to the left and to the right of a sign, by their own last sign."""


def _apply(own: Estimate, sign: str, other: Any, behind: bool = False) -> Any:
    if not isinstance(other, Estimate | Real | NAType):
        return NotImplemented
    if isinstance(other, NAType) or math.isnan(other):
        return math.nan
    # What changes nothing is not written: sums begin with zero.
    if other == (0 if sign in "+−" else 1) and not (behind and sign in "−÷"):
        return own
    a, b = (_estimate(other), own) if behind else (own, _estimate(other))
    unit = _unit(a, sign, b)
    if sign == "÷" and 0 in b.interval:
        raise ZeroDivisionError(f"cannot divide by {b.name}: {b} may be zero")
    names = [
        f"({part.name})" if part.sign and part.sign in signs else part.name
        for part, signs in zip((a, b), BRACKETS[sign], strict=True)
    ]
    rows = {str(row.get("figure") or row.get("reference")): row for row in (*a.rows, *b.rows)}
    interval = COMPUTE[sign](a.interval, b.interval)
    return Estimate(interval, unit, f" {sign} ".join(names), tuple(rows.values()), sign)


def _is_above(own: Estimate, other: Any, is_below: bool = False) -> Any:
    """Whether one is certainly above the other; a plain number is in single units."""
    if not isinstance(other, Estimate | Real | NAType):
        return NotImplemented
    if isinstance(other, NAType) or math.isnan(other):
        return False
    if isinstance(other, Estimate):
        _unit(own, "compared with", other)
    low, high = (own, _estimate(other)) if is_below else (_estimate(other), own)
    return low.interval.upper < high.interval.lower


def _estimate(number: Any) -> Estimate:
    if isinstance(number, Estimate):
        return number
    return Estimate(Interval(float(number), float(number)), "", f"{float(number):.6g}")


def _unit(a: Estimate, sign: str, b: Estimate) -> str:
    rule = product_unit if sign in "×÷" else sum_unit
    if (unit := rule(a.unit, sign, b.unit)) is None:
        told = [f"{part.name} ({Scale.of(part.unit).words or 'a number'})" for part in (a, b)]
        raise ValueError(f"units do not fit: {told[0]} {sign} {told[1]}")
    return unit


@dataclass(frozen=True, slots=True)
class Estimate:
    """What figures say of one quantity: an interval, its unit, and what it rests on.

    Arithmetic gives estimates that hold every value their operands allow. Operands count as
    independent: write each figure once in a formula. Units are those of `tradelib.scale`, unlike
    ones do not add. ``a > b`` and ``a < b`` are true where certain, so both may be false.
    ``float(a)`` is the value printed, or the middle; as text it takes the forms of `written`.

    ``name`` is the quantity in words or its formula, ``sign`` the last sign of that (``=`` where a
    name stands for it, empty where it was printed), ``rows`` are those it rests on.

    >>> exports = Estimate(Interval(25.35e12, 25.45e12), "CNY", "exports")
    >>> exports / (1 + Estimate(Interval(0.07, 0.08), "percent", "growth"))
    23.5 to 23.8 trillion yuan = exports ÷ (1 + growth)
    """

    interval: Interval
    unit: str
    name: str
    rows: tuple[Mapping[Any, Any], ...] = field(default=(), hash=False)
    sign: str = ""

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Estimate:
        """Give the estimate that a row of `load_figures` or `load_reference` is."""
        unit = row["kind"] if row["kind"] in PURE else row["unit"]
        name = subject(row) + (f" ({Scale.of(unit).words})" if row["kind"] == "money" else "")
        # A mark that is passed is exact by its meaning, however it is printed.
        ends = ("value", "value") if row["measure"] == "threshold" else ("lower", "upper")
        return cls(Interval(*(row[end] for end in ends)), unit, name, (row,))

    @property
    def row(self) -> Mapping[Any, Any]:
        """The one row that it is; empty where it was computed."""
        return self.rows[0] if self.rows and not self.sign else {}

    @property
    def origin(self) -> str:
        """``printed`` in an article, ``reference`` by others alone, or ``computed``."""
        if not any("figure" in row for row in self.rows):
            return "reference"
        return "printed" if self.row else "computed"

    def __repr__(self) -> str:
        return f"{self} = {shorten(self.name, 150, placeholder='…')}"

    def _repr_html_(self) -> str:
        from tradelib.prose import say  # which builds on estimates

        return say("{number} = {formula}", number=self, formula=self.name).html

    def written(self, form: str = "", scale: Scale | None = None) -> str:
        """Write it in a form: ``about`` its middle, to the first digit that is open.

        ``range`` is both ends, ``least`` the lower one, ``size`` has no sign (after "fell"),
        ``times`` is a multiple, and so of ratios alone. Forms combine: ``size about``. Without one
        it is as printed if it has a ``hedge`` of the contract, else as `Scale.write` has it.

        >>> Estimate(Interval(-0.214, -0.2), "percent", "fall").written("size about")
        'about 20.7%'
        """
        words, hedge = form.split(), self.row.get("hedge", "")
        for word in words:
            expect("form", word, FORMS)
        if "times" in words and self.unit not in PURE:
            units = Scale.of(self.unit).words
            raise ValueError(f"{form!r} is a form of ratios, this number is in {units}")
        unit = "multiple" if "times" in words else self.unit
        ends, value = self.interval, float(self)
        if "size" in words and value < 0:
            ends, value = -ends, -value
        if {"size", "times"}.issuperset(words) and hedge not in ("", "between"):
            return (scale or Scale.of(unit, value)).printed(hedge, value, ends)
        scale = scale or Scale.of(unit, ends.lower, ends.upper)
        return scale.write(ends.lower, math.inf if "least" in words else ends.upper, form)

    __format__ = __str__ = written
    __add__, __radd__ = partialmethod(_apply, "+"), partialmethod(_apply, "+", behind=True)
    __sub__, __rsub__ = partialmethod(_apply, "−"), partialmethod(_apply, "−", behind=True)
    __mul__, __rmul__ = partialmethod(_apply, "×"), partialmethod(_apply, "×", behind=True)
    __truediv__, __rtruediv__ = partialmethod(_apply, "÷"), partialmethod(_apply, "÷", behind=True)
    __gt__, __lt__ = _is_above, partialmethod(_is_above, is_below=True)

    def __neg__(self) -> Estimate:
        name = f"−({self.name})" if self.sign in ("+", "−") else f"−{self.name}"
        return replace(self, interval=-self.interval, name=name, sign="−")

    def __abs__(self) -> Estimate:
        low, high = sorted((abs(self.interval.lower), abs(self.interval.upper)))
        bounds = Interval(0 if 0 in self.interval else low, high)
        return replace(self, interval=bounds, name=f"|{self.name}|", sign="=")

    def __float__(self) -> float:
        return float(self.row.get("value", self.interval.midpoint))

    def __round__(self, digits: int | None = None) -> float:
        return round(float(self), digits)


@extensions.register_extension_dtype
class EstimateDtype(extensions.ExtensionDtype):
    """The type of columns ``estimate``: each value an `Estimate`, or NaN where it is missing.

    Alignment, ``+ − × ÷``, ``groupby``, ``unstack`` and ``concat`` are pandas' own. Values sort and
    rank by their middle, since certain comparisons are no total order. Where a part is missing, so
    are ``sum`` and ``mean``. Pandas itself takes estimates as objects, so name the type:

    >>> sold = [Estimate(Interval(101, 102), "CNY", "a"), Estimate(Interval(90, 99), "CNY", "b")]
    >>> pd.Series(sold, dtype="estimate").sum()
    191 to 201 yuan = a + b
    """

    name = "estimate"
    type = Estimate

    @classmethod
    def construct_array_type(cls) -> Any:
        """Give the class of arrays of this type."""
        return EstimateArray


class EstimateArray(extensions.ExtensionScalarOpsMixin, NDArrayBackedExtensionArray):  # type: ignore[misc,name-defined]
    """Estimates as pandas wants them; what is neither estimate nor missing is refused."""

    dtype = EstimateDtype()
    _internal_fill_value = np.nan
    # A result of estimates is a column of them, as of any type that adds itself to pandas.
    _cast_pointwise_result = extensions.ExtensionArray._cast_pointwise_result  # type: ignore[attr-defined]

    @classmethod
    def _from_sequence(cls, scalars: Any, *, dtype: Any = None, copy: bool = False) -> Self:
        values = np.fromiter(scalars, dtype=object)
        missing = pd.isna(values)
        for value in values[~missing]:
            if not isinstance(value, Estimate):
                raise TypeError(f"a column of estimates cannot hold {value!r}")
        values[missing] = np.nan
        return cls(values, cls.dtype)

    def _validate_scalar(self, value: Any) -> Any:
        return self._from_sequence([value])[0]

    def _validate_setitem_value(self, value: Any) -> Any:
        return self._from_sequence(value if pd.api.types.is_list_like(value) else [value])._ndarray

    def __setitem__(self, key: Any, value: Any) -> None:
        places = np.arange(len(self))[check_array_indexer(self, key)]
        super().__setitem__(np.atleast_1d(places), value)

    def isna(self) -> NDArray[np.bool_]:
        """Tell which values are missing."""
        return pd.isna(self._ndarray)

    def __neg__(self) -> Self:
        return self._from_sequence(-self._ndarray)

    def __abs__(self) -> Self:
        return self._from_sequence(abs(self._ndarray))

    def _values_for_argsort(self) -> NDArray[np.float64]:
        return self._ndarray.astype(float)

    def _reduce(self, name: str, *, skipna: bool = True, keepdims: bool = False, **_: Any) -> Any:
        if name not in ("sum", "mean", "min", "max"):
            raise TypeError(f"cannot perform {name} with a column of estimates")
        parts = self.dropna() if skipna and name in ("min", "max") else self
        if len(parts) == 0 or parts.isna().any():
            found = np.nan
        elif name in ("sum", "mean"):
            found = getattr(parts._ndarray, name)()
        else:
            found = parts[parts.argmin() if name == "min" else parts.argmax()]
        return self._from_sequence([found]) if keepdims else found


EstimateArray._add_arithmetic_ops()
EstimateArray._add_comparison_ops()
