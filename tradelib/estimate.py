"""What figures say of one quantity, and where they say it: to compute with and to write.

A format tells how an estimate is written in a sentence or a title: ``{x}`` as printed, or as its
interval allows; ``{x:range}`` by both ends; ``{x:over}`` "more than" its lower end, ``{x:under}``
"less than" its upper end; ``{x:size}`` without its sign (after "fell"), ``{x:signed}`` with one;
words combine: ``{x:size range}``.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tradelib.quantity import Interval
from tradelib.scale import Scale

FORMS: Final = frozenset({"range", "over", "under", "size", "signed"})
HEDGED: Final = {"exact": "", "over": "more than ", "under": "less than "}
"""What stands before a hedged number, where it is not the hedge itself."""
BINDS: Final = {"∩": 0, "+": 1, "−": 1, "÷": 2, "×": 3, "#": 4, "": 4}
"""How close the signs of formulas bind; ``#`` stands for what was counted and not computed."""
Operator: TypeAlias = Callable[["Estimate", "Estimate | float"], "Estimate"]


def _ways(sign: str, compute: Callable[[Any, Any], Interval]) -> tuple[Operator, Operator]:
    """The two methods of a sign: for the operand before it, and for the one behind it."""
    return lambda a, b: _computed(a, sign, compute, b), lambda b, a: _computed(a, sign, compute, b)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What figures say of one quantity: an interval, and what it rests on.

    Sums, differences, products and quotients of estimates are estimates; their name is the
    formula, and they keep the rows of both. Amounts over amounts are percentages; ``a & b`` is
    what both allow, or ``a`` where they share nothing. An estimate open on both sides is false,
    as nothing is known, and so is what is computed from it.

    Attributes
    ----------
    interval
        In single units of ``unit``; rates and shares are fractions.
    unit
        A currency code, ``percent``, ``points``, ``multiple`` or a counted noun.
    name
        The quantity in words, or the formula it was computed by.
    rows
        The rows of the ledger and of reference.csv that it rests on.
    sign
        The sign that put the formula together, empty where the name is none.

    Examples
    --------
    >>> exports = Estimate(Interval(25.35e12, 25.45e12), "CNY", "exports")
    >>> before = exports / (1 + Estimate(Interval(0.07, 0.08), "percent", "growth"))
    >>> print(before.name, before, f"{before:over}", sep="; ")
    exports ÷ (1 + growth); 23.47 to 23.79 trillion yuan; more than 23.47 trillion yuan
    """

    interval: Interval
    unit: str
    name: str
    rows: tuple[Mapping[Any, Any], ...] = ()
    sign: str = ""

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> Estimate:
        """Give the estimate that a row of `load_figures` or `load_reference` is."""
        unit = row["kind"] if row["kind"] in ("percent", "points", "multiple") else row["unit"]
        if unit == "1":
            raise ValueError("a row with unit 1 needs its kind: percent, points or multiple")
        name = f"{row['measure']} of {row['flow']}".removeprefix("level of ")
        name += f" with {row['partner']}" * (row["partner"] != "World")
        name += f" of {row['product']}" * (row["product"] != "All") + f" of {row['period']}"
        name += f" in {unit}" * (row["kind"] == "money" and unit != "CNY")
        return cls(Interval(row["lower"], row["upper"]), unit, name, (row,))

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
    def source(self) -> str:
        """Where it comes from: the words that were printed, or the formula and its inputs."""
        if self.sign:
            inputs = (Estimate.of(row) for row in self.rows)
            told = "; ".join(f"{given} ({given.source})" for given in inputs)
            return f"computed as {self.name}, from {told}"
        if not (row := self.row):
            return self.name
        place = row.get("publisher") or f"article {row['article']}, paragraph {row['paragraph']}"
        fixed = row.get("corrections", "").replace(";", ", ")
        return f"printed “{row['surface']}”, {place}" + f" (corrected: {fixed})" * bool(fixed)

    @property
    def note(self) -> str:
        """What stands behind the number: its source and its interval."""
        bounds = (self.interval.lower, self.interval.upper)
        return f"{self.source}: {Scale.of(self.unit, *bounds).write(*bounds, both=True)}"

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, form: str) -> str:
        if (words := set(form.split())) - FORMS:
            known = ", ".join(sorted(FORMS))
            raise ValueError(f"unknown form {form!r} of a number, expected some of {known}")
        lower, upper, value = self.interval.lower, self.interval.upper, self.value
        if "size" in words and value < 0:
            lower, upper, value = -upper, -lower, -value
        if words & {"over", "under"}:
            lower, upper = (lower, math.inf) if "over" in words else (-math.inf, upper)
            text = Scale.of(self.unit, lower, upper).write(lower, upper)
            return text.replace("at least", "more than").replace("at most", "less than")
        hedge = str(self.row.get("hedge", "between"))
        if hedge == "between" or words & {"range", "signed"}:
            scale = Scale.of(self.unit, lower, upper)
            return scale.write(lower, upper, signed="signed" in words, both="range" in words)
        # The place value of the last digit that was printed, back from hedge and bounds.
        below, above = value - lower, upper - value
        step = 2 * min(below, above) if hedge == "exact" else max(below, above)
        if hedge == "nearly" and math.isclose(step, value / 10):
            step = 0.0  # the contract's cap, which does not tell the step
        hedged = HEDGED.get(hedge, f"{hedge} ".replace("_", " "))
        return hedged + Scale.of(self.unit, value).exact(value, step)

    def __bool__(self) -> bool:
        return math.isfinite(self.interval.lower) or math.isfinite(self.interval.upper)

    __add__, __radd__ = _ways("+", operator.add)
    __sub__, __rsub__ = _ways("−", operator.sub)
    __mul__, __rmul__ = _ways("×", operator.mul)
    __truediv__, __rtruediv__ = _ways("÷", operator.truediv)

    def __and__(self, other: Estimate) -> Estimate:
        if not self:
            return other
        shared = other and self.interval.overlaps(other.interval)
        return _computed(self, "∩", operator.and_, other) if shared else self


UNKNOWN: Final = Estimate(Interval(-math.inf, math.inf), "", "not known")


def _computed(
    left: Estimate | float, sign: str, compute: Callable[[Any, Any], Interval],
    right: Estimate | float,
) -> Estimate:  # fmt: skip
    """The result of one sign, its formula written with the brackets it needs."""
    a, b = (
        part if isinstance(part, Estimate) else Estimate(Interval(part, part), "", f"{part:g}")
        for part in (left, right)
    )
    if not (a and b):
        return UNKNOWN
    names = [
        f"({part.name})" if BINDS[part.sign] < BINDS[sign] + (sign in closer) else part.name
        for part, closer in ((a, "÷"), (b, "−÷"))
    ]
    unit = "percent" if sign == "÷" and a.unit == b.unit else a.unit or b.unit
    rows = {str(row.get("figure", row.get("reference"))): row for row in (*a.rows, *b.rows)}
    interval = compute(a.interval, b.interval)
    return Estimate(interval, unit, f" {sign} ".join(names), tuple(rows.values()), sign)
