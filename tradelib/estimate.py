"""A number that knows its unit, what it leaves open, and the printed words it rests on.

A format tells how an estimate is written in a sentence or a title: ``{x}`` as printed, or as its
interval allows; ``{x:about}`` its middle, to the first digit that is open; ``{x:range}`` both
ends; ``{x:over}`` "more than" its lower end, ``{x:under}`` "less than" its upper end; ``{x:size}``
without its sign (after "fell"), ``{x:signed}`` with one; ``{x:points}`` a difference of rates in
percentage points, ``{x:times}`` a ratio as a multiple. Words combine: ``{x:size about}``.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from numbers import Real
from typing import Any, Final

import pandas as pd

from tradelib.ledger import subject
from tradelib.quantity import Interval
from tradelib.scale import Scale

FORMS: Final = frozenset(("about", "over", "points", "range", "signed", "size", "times", "under"))
HEDGED: Final = {"exact": "", "over": "more than ", "under": "less than "}
"""What stands before a hedged number, where it is not the hedge itself."""
PURE: Final = ("points", "percent", "multiple", "")
"""The units of numbers of nothing; "" is that of a plain number."""
COMPUTE: Final[dict[str, Callable[[Any, Any], Interval]]] = {
    "+": operator.add,
    "−": operator.sub,
    "×": operator.mul,
    "÷": operator.truediv,
}
BRACKETS: Final = {"+": ("", ""), "−": ("", "+−"), "×": ("+−÷", "+−÷"), "÷": ("+−", "+−×÷")}
"""Which formulas need brackets to the left and to the right of a sign, by their own last sign."""
MOST_DIGITS: Final = 1e6
"""A table's cell of more than six digits is not written as printed: nobody reads them."""
LONGEST_NOTE: Final = 400
"""Characters of a note that is still read; 160 of them may be the formula."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What figures say of one quantity: an interval, its unit, and what it rests on.

    Arithmetic gives estimates that hold every value their operands allow; they carry the formula
    and the rows of all operands. Operands are taken as independent, so write each figure once in
    a formula. Units are algebra: unlike units do not add, amount ÷ amount is a percentage, share ×
    amount the amount, ``CNY/USD`` × ``USD`` is ``CNY``; the difference of percentages is in points.

    ``a > b`` and ``a < b`` are true where they are certain, so both may be false. ``float(a)`` and
    ``round(a)`` give plain numbers: the value printed, or the middle. With NaN all is NaN.

    Parameters
    ----------
    interval
        In single units of ``unit``; rates and shares are fractions.
    unit
        A currency code, ``percent``, ``points``, ``multiple``, a counted noun, or one of these
        over another: ``CNY/USD`` is yuan per dollar.
    name
        The quantity in words, or the formula it was computed by.
    rows
        The rows of the ledger and of reference.csv that it rests on.
    formula
        How it was computed; empty where it was printed.
    sign
        The last sign of the name, where that is a formula.

    Raises
    ------
    ValueError
        Where unlike units are added or compared, or a product has no unit.
    ZeroDivisionError
        Where the divisor may be zero.

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
        name = subject(row)
        if row["kind"] == "money":
            name += f" ({Scale.of(unit).words})"
        return cls(Interval(row["lower"], row["upper"]), unit, name, (row,))

    def named(self, name: str) -> Estimate:
        """Give the same estimate under a name, which stands for its formula in later ones."""
        return replace(self, name=name, sign="")

    @property
    def row(self) -> Mapping[Any, Any]:
        """The one row that it is; empty where it was computed."""
        return {} if self.formula or len(self.rows) != 1 else self.rows[0]

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
        """What stands behind the number, in at most some 400 characters."""
        spread = format(self, "range")
        if not self.formula:
            return f"{_words_of(self.row)}: {spread}" if self.row else f"{self.name}: {spread}"
        text = f"computed as {_cut(self.formula, 160)}: {spread}"
        for place, row in enumerate(self.rows):
            told = ("; from " if place == 0 else "; ") + f"{subject(row)}, {_words_of(row)}"
            if len(text + told) > LONGEST_NOTE - len("; and 99 more"):
                rest = len(self.rows) - place
                return text + (f"; and {rest} more" if place else f"; from {rest} figures")
            text += told
        return text

    def __repr__(self) -> str:
        return f"{self} = {_cut(self.formula or self.name, 160)}"

    def _repr_html_(self) -> str:
        """The number, its formula and a small table of what it was computed from."""
        rows = [(subject(row), row["surface"], _place(row)) for row in self.rows]
        cells = ("".join(f"<td>{escape(str(cell))}</td>" for cell in row) for row in rows)
        body = "".join(f"<tr>{row}</tr>" for row in cells)
        head = "<tr><th>figure</th><th>printed</th><th>by</th></tr>" if rows else ""
        text = escape(_cut(self.formula or self.name, LONGEST_NOTE))
        return f"<p><b>{escape(str(self))}</b> = {text}</p><table>{head}{body}</table>"

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
        scale = Scale.of(unit, lower, upper)
        if words & {"over", "under"}:
            lower, upper = (lower, math.inf) if "over" in words else (-math.inf, upper)
            text = Scale.of(unit, lower, upper).write(lower, upper)
            return text.replace("at least", "more than").replace("at most", "less than")
        if "about" in words:
            return scale.about(lower, upper, signed="signed" in words)
        hedge = str(self.row.get("hedge", "between"))
        if hedge == "between" or words - {"size"}:
            return scale.write(lower, upper, signed="signed" in words, both="range" in words)
        return _as_printed(Scale.of(unit, value), value, lower, upper, hedge)

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
        bounds = Interval(0.0 if 0 in self.interval else low, high)
        name = f"|{self.name}|"
        return replace(self, interval=bounds, name=name, formula=name, sign="")

    def __gt__(self, other: Any) -> Any:
        if (bounds := _comparable(self, other)) is None:
            return NotImplemented
        return self.interval.lower > bounds.upper

    def __lt__(self, other: Any) -> Any:
        if (bounds := _comparable(self, other)) is None:
            return NotImplemented
        return self.interval.upper < bounds.lower

    def __float__(self) -> float:
        return self.value

    def __round__(self, digits: int | None = None) -> float:
        return round(self.value, digits)


def _computed(left: Any, sign: str, right: Any) -> Any:
    """The result of one sign; NaN with NaN, and what is no number is left to its own type."""
    for part, other in ((left, right), (right, left)):
        if part is pd.NA:
            return math.nan
        if isinstance(part, Real):
            if math.isnan(number := float(part)):
                return math.nan
            neutral = number == (0 if sign in "+−" else 1)
            if neutral and (part is right or sign in "+×"):
                return other
            if neutral and sign == "−":
                return -other
        elif not isinstance(part, Estimate):
            return NotImplemented
    a, b = _estimate(left), _estimate(right)
    unit = _sum_unit(a, sign, b) if sign in "+−" else _product_unit(a, sign, b)
    if sign == "÷" and 0 in b.interval:
        raise ZeroDivisionError(f"cannot divide by {b.name}: {b} may be zero")
    first, second = BRACKETS[sign]
    before = f"({a.name})" if a.sign and a.sign in first else a.name
    after = f"({b.name})" if b.sign and b.sign in second else b.name
    rows = {str(row.get("figure") or row.get("reference")): row for row in (*a.rows, *b.rows)}
    formula = f"{before} {sign} {after}"
    interval = COMPUTE[sign](a.interval, b.interval)
    return Estimate(interval, unit, formula, tuple(rows.values()), formula, sign)


def _estimate(part: Estimate | float) -> Estimate:
    if isinstance(part, Estimate):
        return part
    return Estimate(Interval(float(part), float(part)), "", f"{float(part):.12g}")


def _sum_unit(a: Estimate, sign: str, b: Estimate) -> str:
    """The unit of a sum or a difference; also what two estimates are compared in."""
    units = {a.unit, b.unit}
    if units <= {"percent", "points"}:
        return "points" if units == {"points"} or (units, sign) == ({"percent"}, "−") else "percent"
    if len(units) == 1:
        return a.unit
    if units in ({"", "percent"}, {"", "multiple"}):
        return a.unit or b.unit
    told = " and ".join(f"{part.name} ({_unit_words(part.unit)})" for part in (a, b))
    raise ValueError(f"unlike units do not go together by {sign}: {told}")


def _product_unit(a: Estimate, sign: str, b: Estimate) -> str:
    """The unit of a product or a quotient, what stands above and below the line cancelled."""
    if a.unit in PURE and b.unit in PURE:
        plain = "multiple" if "multiple" in (a.unit, b.unit) else ""
        both = {a.unit, b.unit} & {"percent", "points"}
        return ("points" if "points" in both and sign == "×" else "percent") if both else plain
    above, below = list[str](), list[str]()
    for part, turned in ((a, False), (b, sign == "÷")):
        top, _, bottom = ("" if part.unit in PURE else part.unit).partition("/")
        above.append(bottom if turned else top)
        below.append(top if turned else bottom)
    for unit in filter(None, tuple(above)):
        if unit in below:
            above[above.index(unit)] = below[below.index(unit)] = ""
    over, under = (list(filter(None, units)) for units in (above, below))
    if not over and not under:
        return "percent"
    if len(over) == 1 and len(under) <= 1:
        return "/".join(over + under)
    told = f" {sign} ".join(f"{part.name} ({_unit_words(part.unit)})" for part in (a, b))
    raise ValueError(f"there is no unit for {told}")


def _comparable(one: Estimate, other: Any) -> Interval | None:
    """The bounds to compare with: of an estimate of like unit, or a number in single units."""
    if isinstance(other, Estimate):
        _sum_unit(one, "< or >", other)
        return other.interval
    if other is pd.NA or (isinstance(other, Real) and math.isnan(other)):
        return Interval(-math.inf, math.inf)  # of what may be anything nothing is certain
    return Interval(float(other), float(other)) if isinstance(other, Real) else None


def _unit_words(unit: str) -> str:
    return Scale.of(unit).words if unit else "a plain number"


def _as_printed(scale: Scale, value: float, lower: float, upper: float, hedge: str) -> str:
    """A printed number with the digits and the hedge it was printed with."""
    below, above = value - lower, upper - value
    # The place value of the last digit that was printed, back from hedge and bounds.
    step = 2 * min(below, above) if hedge == "exact" else max(below, above)
    if hedge == "nearly" and math.isclose(step, value / 10):
        step = 0.0  # the contract's cap, which does not tell the step
    if 0 < step < abs(value) / MOST_DIGITS:
        return scale.write(lower, upper)
    return HEDGED.get(hedge, f"{hedge} ".replace("_", " ")) + scale.exact(value, step)


def _place(row: Mapping[Any, Any]) -> str:
    """Who printed a row, and where."""
    place = str(row.get("publisher") or f"article {row['article']}")
    return f"{place}, paragraph {row['paragraph']}" if "paragraph" in row else place


def _words_of(row: Mapping[Any, Any]) -> str:
    """What a row was printed as, and where."""
    fixed = str(row.get("corrections") or "").replace("_", " ").replace(";", ", ")
    return f"“{row['surface']}”, {_place(row)}" + f" (corrected: {fixed})" * bool(fixed)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 2].rstrip() + " …"
