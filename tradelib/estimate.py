"""A number that knows its unit, what it leaves open, and the printed words it rests on.

A format tells how it is written: ``{x}`` as printed, or as its interval allows; ``{x:about}`` its
middle, to the first digit that is open; ``{x:range}`` both ends; ``{x:over}`` "more than" its lower
end, ``{x:under}`` "less than" its upper end; ``{x:size}`` without its sign (after "fell"),
``{x:signed}`` with one; ``{x:points}`` in percentage points, ``{x:times}`` as a multiple. Words
combine: ``{x:size about}``.
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

from tradelib.ledger import subject
from tradelib.quantity import Interval
from tradelib.scale import Scale

FORMS: Final = {"about", "over", "points", "range", "signed", "size", "times", "under"}
HEDGED: Final = {"exact": "", "over": "more than ", "under": "less than "}
"""What stands before a hedged number, where it is not the hedge itself."""
PURE: Final = ("points", "percent", "multiple", "")
"""The units of numbers that are of nothing; the last is that of a plain number."""
COMPUTE: Final = {"+": operator.add, "−": operator.sub, "×": operator.mul, "÷": operator.truediv}
BRACKETS: Final = {"+": ("", ""), "−": ("", "+−"), "×": ("+−÷", "+−÷"), "÷": ("+−", "+−×÷")}
"""Which formulas need brackets to the left and to the right of a sign, by their own last sign."""
MOST_DIGITS: Final = 6
"""A cell of a table with more digits is not written as printed: nobody reads them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What figures say of one quantity: an interval, its unit, and what it rests on.

    Arithmetic gives estimates that hold every value their operands allow, with the formula and the
    rows of all. Operands count as independent: write each figure once in a formula. Units are
    algebra; unlike ones do not add. ``a > b`` and ``a < b`` are true where certain, so both may be
    false. ``float(a)`` and ``round(a)`` are plain numbers: the value printed, or the middle.

    Attributes
    ----------
    interval, unit
        The bounds in single units of ``unit``, rates and shares as fractions. A unit is a currency
        code, ``percent``, ``points``, ``multiple``, a counted noun, or one over another:
        ``CNY/USD`` is yuan per dollar.
    name, rows
        The quantity in words or the formula it was computed by; the rows of the ledger and of
        reference.csv that it rests on.
    formula, sign
        How it was computed, empty where it was printed; the last sign of a name that is a formula.

    Examples
    --------
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
    formula: str = ""
    sign: str = ""

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Estimate:
        """Give the estimate that a row of `load_figures` or `load_reference` is."""
        unit = row["kind"] if row["kind"] in PURE else row["unit"]
        if unit == "1":
            raise ValueError("a row with unit 1 needs its kind: percent, points or multiple")
        name = subject(row) + f" ({Scale.of(unit).words})" * (row["kind"] == "money")
        # A mark that is passed is exact by its meaning, however it is printed.
        ends = ("value", "value") if row["measure"] == "threshold" else ("lower", "upper")
        return cls(Interval(*(row[end] for end in ends)), unit, name, (row,))

    def named(self, name: str) -> Estimate:
        """Give the same estimate under a name, which stands for its formula in later ones."""
        return replace(self, name=name, sign="")

    @property
    def row(self) -> Mapping[Any, Any]:
        """The one row that it is; empty where it was computed."""
        return self.rows[0] if self.rows and not self.formula else {}

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
        told = [_cut(f"; {subject(row)}, {_source(row)}", 75) for row in self.rows[:3]]
        more = f"; and {len(self.rows) - 3} more" if len(self.rows) > 3 else ""
        return f"{_cut(self.formula or self.name, 150)}: {self:range}" + "".join(told) + more

    def __repr__(self) -> str:
        return f"{self} = {_cut(self.formula or self.name, 150)}"

    def _repr_html_(self) -> str:
        """The number, its formula and a small table of what it rests on."""
        cells = [(subject(row), _source(row)) for row in self.rows]
        rows = "".join(f"<tr><td>{escape(a)}</td><td>{escape(b)}</td></tr>" for a, b in cells)
        text = escape(_cut(self.formula or self.name, 300))
        return f"<p><b>{escape(str(self))}</b> = {text}</p><table>{rows}</table>"

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, form: str) -> str:
        if (words := set(form.split())) - FORMS:
            known = ", ".join(sorted(FORMS))
            raise ValueError(f"unknown form {form!r} of a number, expected some of {known}")
        unit = "points" if "points" in words else "multiple" if "times" in words else self.unit
        if unit != self.unit and self.unit not in PURE:
            raise ValueError(f"{form!r} is a form of rates and ratios, but {self.name} is {self}")
        lower, upper, value = self.interval.lower, self.interval.upper, self.value
        if "size" in words and value < 0:
            lower, upper, value = -upper, -lower, -value
        if words & {"over", "under"}:
            lower, upper = (lower, math.inf) if "over" in words else (-math.inf, upper)
            text = Scale.of(unit, lower, upper).write(lower, upper)
            return text.replace("at least", "more than").replace("at most", "less than")
        scale, signed = Scale.of(unit, lower, upper), "signed" in words
        if "about" in words:
            return scale.about(lower, upper, signed=signed)
        if self.row and self.row["hedge"] != "between" and words <= {"size"}:
            return _as_printed(self.row["hedge"], value, lower, upper, unit)
        return scale.write(lower, upper, signed=signed, both="range" in words)

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
        return replace(self, interval=-self.interval, name=name, formula=name, sign="−")

    def __abs__(self) -> Estimate:
        low, high = sorted((abs(self.interval.lower), abs(self.interval.upper)))
        bounds, name = Interval(0 if 0 in self.interval else low, high), f"|{self.name}|"
        return replace(self, interval=bounds, name=name, formula=name, sign="")

    def __gt__(self, other: Any) -> Any:
        bounds = _comparable(self, other)
        return self.interval.lower > bounds.upper if bounds else NotImplemented

    def __lt__(self, other: Any) -> Any:
        bounds = _comparable(self, other)
        return self.interval.upper < bounds.lower if bounds else NotImplemented

    def __float__(self) -> float:
        return self.value

    def __round__(self, digits: int | None = None) -> float:
        return round(self.value, digits)


def _computed(left: Any, sign: str, right: Any) -> Any:
    """The result of one sign; NaN with NaN; what is no number is left to its own type."""
    for part, other in ((left, right), (right, left)):
        if part is pd.NA or (isinstance(part, Real) and math.isnan(part)):
            return math.nan
        if not isinstance(part, Estimate | Real):
            return NotImplemented
        # What changes nothing is not written: sums begin with zero.
        if not isinstance(part, Estimate) and part == (0 if sign in "+−" else 1):
            if part is right or sign in "+×":
                return other
            if sign == "−":
                return -other
    a, b = (
        Estimate(Interval(float(part), float(part)), "", f"{float(part):.12g}")
        if isinstance(part, Real)
        else part
        for part in (left, right)
    )
    unit = _sum_unit(a, sign, b) if sign in "+−" else _product_unit(a, sign, b)
    if sign == "÷" and 0 in b.interval:
        raise ZeroDivisionError(f"cannot divide by {b.name}: {b} may be zero")
    names = [
        f"({part.name})" if part.sign and part.sign in signs else part.name
        for part, signs in zip((a, b), BRACKETS[sign], strict=True)
    ]
    formula = f" {sign} ".join(names)
    rows = {str(row.get("figure") or row.get("reference")): row for row in (*a.rows, *b.rows)}
    interval = COMPUTE[sign](a.interval, b.interval)
    return Estimate(interval, unit, formula, tuple(rows.values()), formula, sign)


def _sum_unit(a: Estimate, sign: str, b: Estimate) -> str:
    """The unit of a sum or a difference; two estimates can be compared where they have one."""
    units = {a.unit, b.unit}
    if units == {"percent"}:
        return "points" if sign == "−" else "percent"
    if len(units) == 1:
        return a.unit
    if units in ({"percent", "points"}, {"percent", ""}, {"multiple", ""}):
        return "percent" if "percent" in units else "multiple"
    told = ", ".join(f"{part.name} is in {_words(part.unit)}" for part in (a, b))
    raise ValueError(f"unlike units neither add nor compare: {told}")


def _product_unit(a: Estimate, sign: str, b: Estimate) -> str:
    """The unit of a product or a quotient: what stands above and below the line is cancelled."""
    if not b.unit:
        return a.unit
    if a.unit in PURE and b.unit in PURE:
        if sign == "÷":
            return "multiple" if {a.unit, b.unit} <= {"multiple", ""} else "percent"
        return next(unit for unit in PURE if unit in (a.unit, b.unit))
    parts = [("" if part.unit in PURE else part.unit).partition("/") for part in (a, b)]
    (above, _, below), (over, _, under) = parts
    if sign == "÷":
        over, under = under, over
    tops, bottoms = (Counter(filter(None, pair)) for pair in ((above, over), (below, under)))
    tops, bottoms = tops - bottoms, bottoms - tops
    if not tops and not bottoms:
        return "percent"
    if tops.total() == 1 and bottoms.total() <= 1:
        return "/".join([*tops, *bottoms])
    told = f" {sign} ".join(f"{part.name} ({_words(part.unit)})" for part in (a, b))
    raise ValueError(f"there is no unit for {told}")


def _comparable(one: Estimate, other: Any) -> Interval | None:
    """The bounds to compare with: of an estimate of like unit, or a number in single units."""
    if isinstance(other, Estimate):
        _sum_unit(one, "−", other)
        return other.interval
    if other is pd.NA or (isinstance(other, Real) and math.isnan(other)):
        return Interval(-math.inf, math.inf)  # of what may be anything nothing is certain
    return Interval(float(other), float(other)) if isinstance(other, Real) else None


def _words(unit: str) -> str:
    return Scale.of(unit).words or "plain numbers"


def _as_printed(hedge: str, value: float, lower: float, upper: float, unit: str) -> str:
    """A printed number with the digits and the hedge it was printed with."""
    below, above = value - lower, upper - value
    # The place value of the last digit that was printed, back from hedge and bounds.
    step = 2 * min(below, above) if hedge == "exact" else max(below, above)
    if hedge == "nearly" and math.isclose(step, value / 10):
        step = 0.0  # the contract's cap, which does not tell the step
    if 0 < step * 10**MOST_DIGITS < abs(value):
        return Scale.of(unit, value).write(lower, upper)
    return HEDGED.get(hedge, f"{hedge} ".replace("_", " ")) + Scale.of(unit, value).exact(
        value, step
    )


def _source(row: Mapping[Any, Any]) -> str:
    """What a row was printed as, by whom, and where."""
    place = str(row.get("publisher") or f"article {row['article']}")
    place += f", paragraph {row['paragraph']}" if "paragraph" in row else ""
    fixed = str(row.get("corrections") or "").replace("_", " ").replace(";", ", ")
    return f"“{row['surface']}”, {place}" + f" (corrected: {fixed})" * bool(fixed)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
