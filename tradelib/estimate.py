"""A number that knows its unit, what it leaves open, and the printed words it rests on.

``{x}`` writes it as printed, or as its interval allows; `tradelib.scale.written` tells of the other
forms: ``{x:about}``, ``{x:range}``, ``{x:size about}``.
"""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from numbers import Real
from typing import Any, Final

import pandas as pd
from pandas.api.typing import NAType

from tradelib.ledger import subject
from tradelib.quantity import Interval
from tradelib.scale import PURE, Scale, written

COMPUTE: Final = {"+": operator.add, "−": operator.sub, "×": operator.mul, "÷": operator.truediv}
BRACKETS: Final = {"+": ("", ""), "−": ("", "+−"), "×": ("+−÷", "+−÷"), "÷": ("+−", "+−×÷")}
"""Which formulas need brackets to the left and to the right of a sign, by their own last sign."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What figures say of one quantity: an interval, its unit, and what it rests on.

    Arithmetic gives estimates that hold every value their operands allow, with the formula and the
    rows of all. Operands count as independent: write each figure once in a formula. Units are
    algebra; unlike ones do not add. ``a > b`` and ``a < b`` are true where certain, so both may be
    false. ``float(a)`` and ``round(a)`` are plain numbers: the value printed, or the middle.

    The interval's bounds are in single units of ``unit``, rates and shares as fractions. A unit is
    a currency code, ``percent``, ``points``, ``multiple``, a counted noun, or one over another:
    ``CNY/USD`` is yuan per dollar. ``name`` is the quantity in words or the formula it was computed
    by, ``sign`` the last sign of that (``=`` where a name stands for the formula, empty where it
    was printed), ``rows`` are those of the ledger and of reference.csv that it rests on.

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
        if unit == "1":
            raise ValueError("a row with unit 1 needs its kind: percent, points or multiple")
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

    @property
    def note(self) -> str:
        """What stands behind the number, in some 400 characters; `rows` hold all of it."""
        if self.row:
            return f"{_source(self.row)}: {self:range}"
        told = [_cut(f"{subject(row)}, {_source(row)}", 73) for row in self.rows[:3]]
        told += [f"and {len(self.rows) - 3} more"] if len(self.rows) > 3 else []
        return "; ".join([f"{_cut(self.name, 150)}: {self:range}", *told])

    def __repr__(self) -> str:
        return f"{self} = {_cut(self.name, 150)}"

    def _repr_html_(self) -> str:
        """The number, its formula and a small table of what it rests on."""
        cells = [(escape(subject(row)), escape(_source(row))) for row in self.rows]
        rows = "".join(f"<tr><td>{what}</td><td>{source}</td></tr>" for what, source in cells)
        text = escape(_cut(self.name, 300))
        return f"<p><b>{escape(str(self))}</b> = {text}</p><table>{rows}</table>"

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, form: str) -> str:
        bounds, hedge = self.interval, self.row.get("hedge", "")
        return written(form, self.unit, bounds.lower, bounds.upper, self.value, hedge)

    def __add__(self, other: Any) -> Any:
        return _computed(self, "+", other)

    def __radd__(self, other: Any) -> Any:
        return _computed(other, "+", self)

    def __sub__(self, other: Any) -> Any:
        return _computed(self, "−", other)

    def __rsub__(self, other: Any) -> Any:
        return _computed(other, "−", self)

    def __mul__(self, other: Any) -> Any:
        return _computed(self, "×", other)

    def __rmul__(self, other: Any) -> Any:
        return _computed(other, "×", self)

    def __truediv__(self, other: Any) -> Any:
        return _computed(self, "÷", other)

    def __rtruediv__(self, other: Any) -> Any:
        return _computed(other, "÷", self)

    def __neg__(self) -> Estimate:
        name = f"−({self.name})" if self.sign in ("+", "−") else f"−{self.name}"
        return replace(self, interval=-self.interval, name=name, sign="−")

    def __abs__(self) -> Estimate:
        low, high = sorted((abs(self.interval.lower), abs(self.interval.upper)))
        bounds = Interval(0 if 0 in self.interval else low, high)
        return replace(self, interval=bounds, name=f"|{self.name}|", sign="=")

    def __gt__(self, other: Any) -> Any:
        return _above(self, other)

    def __lt__(self, other: Any) -> Any:
        return _above(other, self)

    def __float__(self) -> float:
        return self.value

    def __round__(self, digits: int | None = None) -> float:
        return round(self.value, digits)


def _computed(left: Any, sign: str, right: Any) -> Any:
    """The result of one sign; NaN with NaN; what is no number is left to its own type."""
    if not (_is_number(left) and _is_number(right)):
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


def _above(one: Any, other: Any) -> Any:
    """Whether one is certainly above the other; a plain number is in single units."""
    if not (_is_number(one) and _is_number(other)):
        return NotImplemented
    if isinstance(one, Estimate) and isinstance(other, Estimate):
        _unit(one, "compared with", other)
    elif pd.isna(one) or pd.isna(other):
        return False
    return _estimate(one).interval.lower > _estimate(other).interval.upper


def _is_number(value: Any) -> bool:
    return isinstance(value, Estimate | Real | NAType)


def _estimate(number: Any) -> Estimate:
    """A plain number as an estimate that leaves nothing open."""
    if isinstance(number, Estimate):
        return number
    return Estimate(Interval(float(number), float(number)), "", f"{float(number):.12g}")


def _unit(a: Estimate, sign: str, b: Estimate) -> str:
    """The unit of a result; unlike ones neither add nor compare."""
    rule = _product_unit if sign in "×÷" else _sum_unit
    if (unit := rule(a.unit, sign, b.unit)) is None:
        told = [f"{part.name} ({Scale.of(part.unit).words or 'a number'})" for part in (a, b)]
        raise ValueError(f"units do not fit: {told[0]} {sign} {told[1]}")
    return unit


def _sum_unit(one: str, sign: str, other: str) -> str | None:
    if one == other:
        return "points" if (one, sign) == ("percent", "−") else one
    if {one, other} in ({"percent", "points"}, {"percent", ""}):
        return "percent"
    return "multiple" if {one, other} == {"multiple", ""} else None


def _product_unit(one: str, sign: str, other: str) -> str | None:
    """What stands above and below the line is cancelled; a ratio of like units is in percent."""
    if not other or (not one and sign == "×"):
        return one or other
    powers = _powers(one)
    for unit, power in _powers(other).items():
        powers[unit] += power if sign == "×" else -power
    above, below = list((+powers).elements()), list((-powers).elements())
    if not above and not below:
        return "percent"
    return "/".join(above + below) if len(above) == 1 and len(below) <= 1 else None


def _powers(unit: str) -> Counter[str]:
    """What stands above the line of a unit (1) and below (−1): CNY/USD is CNY¹ × USD⁻¹."""
    above, _, below = unit.partition("/")
    powers = {above: 1, below: -1}
    return Counter({part: power for part, power in powers.items() if part not in PURE})


def _source(row: Mapping[Any, Any]) -> str:
    """What a row was printed as, by whom, and where."""
    place = str(row.get("publisher") or f"article {row['article']}")
    place += f", paragraph {row['paragraph']}" if "paragraph" in row else ""
    fixed = str(row.get("corrections") or "").replace("_", " ").replace(";", ", ")
    return f"“{row['surface']}”, {place}" + f" (corrected: {fixed})" * bool(fixed)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
