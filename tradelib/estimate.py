"""A number that knows its unit, what it leaves open, and the printed words it rests on."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partialmethod
from numbers import Real
from textwrap import shorten
from typing import Any, Final

import pandas as pd
from pandas.api.typing import NAType

from tradelib.ledger import subject
from tradelib.quantity import Interval
from tradelib.scale import PURE, Scale, product_unit, sum_unit, written

COMPUTE: Final = {"+": operator.add, "−": operator.sub, "×": operator.mul, "÷": operator.truediv}
BRACKETS: Final = {"+": ("", ""), "−": ("", "+−"), "×": ("+−÷", "+−÷"), "÷": ("+−", "+−×÷")}
"""Which formulas need brackets to the left and to the right of a sign, by their own last sign."""


def _computed(left: Any, sign: str, right: Any) -> Any:
    """The result of one sign; NaN with NaN; what is no number is left to its own type."""
    if not _are_numbers(left, right):
        return NotImplemented
    if pd.isna(left) or pd.isna(right):
        return math.nan
    # What changes nothing is not written: sums begin with zero.
    same = 0 if sign in "+−" else 1
    if right == same:
        return left
    if left == same and sign in "+×":
        return right
    a, b = _estimate(left), _estimate(right)
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


def _behind(right: Any, sign: str, left: Any) -> Any:
    return _computed(left, sign, right)


def _above(one: Any, other: Any) -> Any:
    """Whether one is certainly above the other; a plain number is in single units."""
    if not _are_numbers(one, other):
        return NotImplemented
    if pd.isna(one) or pd.isna(other):
        return False
    if isinstance(one, Estimate) and isinstance(other, Estimate):
        _unit(one, "compared with", other)
    return _estimate(one).interval.lower > _estimate(other).interval.upper


def _below(one: Any, other: Any) -> Any:
    return _above(other, one)


def _are_numbers(*values: Any) -> bool:
    return all(isinstance(value, Estimate | Real | NAType) for value in values)


def _estimate(number: Any) -> Estimate:
    """A plain number as an estimate that leaves nothing open."""
    if isinstance(number, Estimate):
        return number
    return Estimate(Interval(float(number), float(number)), "", f"{float(number):.12g}")


def _unit(a: Estimate, sign: str, b: Estimate) -> str:
    """The unit of a result; unlike ones neither add nor compare."""
    rule = product_unit if sign in "×÷" else sum_unit
    if (unit := rule(a.unit, sign, b.unit)) is None:
        told = [f"{part.name} ({Scale.of(part.unit).words or 'a number'})" for part in (a, b)]
        raise ValueError(f"units do not fit: {told[0]} {sign} {told[1]}")
    return unit


@dataclass(frozen=True, slots=True)
class Estimate:
    """What figures say of one quantity: an interval, its unit, and what it rests on.

    Arithmetic gives estimates that hold every value their operands allow, with the formula and the
    rows of all. Operands count as independent: write each figure once in a formula. Units are
    algebra; unlike ones do not add. ``a > b`` and ``a < b`` are true where certain, so both may be
    false. ``float(a)`` and ``round(a)`` are plain numbers: the value printed, or the middle. As
    text it is as printed, or as its interval allows; `tradelib.scale.written` has other forms.

    The interval is in single units of ``unit`` (see `tradelib.scale`), rates and shares are
    fractions. ``name`` is the quantity in words or its formula, ``sign`` the last sign of that
    (``=`` where a name stands for it, empty where it was printed), ``rows`` those it rests on.

    >>> exports = Estimate(Interval(25.35e12, 25.45e12), "CNY", "exports")
    >>> before = exports / (1 + Estimate(Interval(0.07, 0.08), "percent", "growth"))
    >>> before
    23.5 to 23.8 trillion yuan = exports ÷ (1 + growth)
    >>> f"{before:about}", exports > before
    ('about 23.6 trillion yuan', True)
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

    def named(self, name: str) -> Estimate:
        """Give the same estimate under a name, which stands for its formula in later ones."""
        return replace(self, name=name, sign="=" if self.sign else "")

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

    @property
    def value(self) -> float:
        """The number as written, or the middle of a computed interval."""
        return float(self.row.get("value", self.interval.midpoint))

    def __repr__(self) -> str:
        return f"{self} = {shorten(self.name, 150, placeholder='…')}"

    def _repr_html_(self) -> str:
        from tradelib.prose import say  # which builds on estimates

        return say("{number} = {formula}", number=self, formula=self.name).html

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, form: str) -> str:
        return written(form, self.unit, self.interval, self.value, self.row.get("hedge", ""))

    __add__, __radd__ = partialmethod(_computed, "+"), partialmethod(_behind, "+")
    __sub__, __rsub__ = partialmethod(_computed, "−"), partialmethod(_behind, "−")
    __mul__, __rmul__ = partialmethod(_computed, "×"), partialmethod(_behind, "×")
    __truediv__, __rtruediv__ = partialmethod(_computed, "÷"), partialmethod(_behind, "÷")
    __gt__, __lt__ = _above, _below

    def __neg__(self) -> Estimate:
        name = f"−({self.name})" if self.sign in ("+", "−") else f"−{self.name}"
        return replace(self, interval=-self.interval, name=name, sign="−")

    def __abs__(self) -> Estimate:
        low, high = sorted((abs(self.interval.lower), abs(self.interval.upper)))
        bounds = Interval(0 if 0 in self.interval else low, high)
        return replace(self, interval=bounds, name=f"|{self.name}|", sign="=")

    def __float__(self) -> float:
        return self.value

    def __round__(self, digits: int | None = None) -> float:
        return round(self.value, digits)
