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
from html import escape
from typing import Any, Final

from tradelib.quantity import Interval
from tradelib.scale import Scale

FORMS: Final = frozenset({"range", "over", "under", "size", "signed"})
HEDGED: Final = {"exact": "", "over": "more than ", "under": "less than "}
"""What stands before a hedged number, where it is not the hedge itself."""
SIGNS: Final[dict[str, tuple[int, Callable[[Any, Any], Interval]]]] = {
    "∩": (0, operator.and_),
    "+": (1, operator.add),
    "−": (1, operator.sub),
    "÷": (2, operator.truediv),
    "×": (3, operator.mul),
}
"""How close a sign binds, and what it does."""


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
        The sign that the formula was last put together with; empty where it is no formula.

    Examples
    --------
    >>> from tradelib import load_figures
    >>> ledger = load_figures().set_index("figure", drop=False)
    >>> exports, growth = (
    ...     Estimate.of(ledger.loc[slug]) for slug in ("exports-2025", "exports-growth-2025"))
    >>> before = exports / (1 + growth)
    >>> print(before, before.name, sep=" = ")
    25.42 to 25.46 trillion yuan = exports of 2025 ÷ (1 + growth of exports of 2025)
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
    def origin(self) -> str:
        """``printed`` in an article, ``reference`` by others alone, or ``computed``."""
        if all("figure" not in row for row in self.rows):
            return "reference"
        return "printed" if self._row else "computed"

    @property
    def value(self) -> float:
        """The number as written, or the middle of a computed interval."""
        return float(self._row["value"]) if self._row else self.interval.midpoint

    @property
    def figure(self) -> str:
        """The slug of the ledger's row that it is, empty for all others."""
        return str(self._row.get("figure", ""))

    @property
    def source(self) -> str:
        """Where it comes from: the words that were printed, or the formula and its inputs."""
        if self.sign:
            inputs = (Estimate.of(row) for row in self.rows)
            told = "; ".join(f"{given} ({given.source})" for given in inputs)
            return f"computed as {self.name}, from {told}"
        if not (row := self._row):
            return self.name
        place = row.get("publisher") or f"article {row['article']}, paragraph {row['paragraph']}"
        fixed = row.get("corrections", "").replace(";", ", ")
        return f"printed “{row['surface']}”, {place}" + f" (corrected: {fixed})" * bool(fixed)

    @property
    def note(self) -> str:
        """What stands behind the number: its source and its interval.

        >>> Estimate(Interval(0.07, 0.08), "percent", "customs").note
        'customs: 7% to 8%'
        """
        scale = Scale.of(self.unit, self.interval.lower, self.interval.upper)
        return f"{self.source}: {scale.write(self.interval.lower, self.interval.upper, both=True)}"

    def row(self) -> dict[str, Any]:
        """Give what a chart draws of it: ``value``, ``lower``, ``upper`` and ``origin``."""
        bounds = {"lower": self.interval.lower, "upper": self.interval.upper}
        return {"value": self.value, **bounds, "origin": self.origin}

    def html(self, form: str = "") -> str:
        """Give the live number as HTML, escaped: its note is shown on pointing, focus and touch."""
        text, note = escape(format(self, form)), escape(self.note)
        row = f' data-figure="{escape(self.figure)}"' if self.figure else ""
        return (
            f'<span class="tl-number" tabindex="0" role="note" aria-label="{text}: {note}"{row}>'
            f'<span title="{note}">{text}</span></span>'
        )

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
        hedge = str(self._row.get("hedge", "between"))
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

    def __add__(self, other: Estimate | float) -> Estimate:
        return _computed(self, "+", other)

    def __sub__(self, other: Estimate | float) -> Estimate:
        return _computed(self, "−", other)

    def __mul__(self, other: Estimate | float) -> Estimate:
        return _computed(self, "×", other)

    def __truediv__(self, other: Estimate | float) -> Estimate:
        return _computed(self, "÷", other)

    def __and__(self, other: Estimate) -> Estimate:
        if not (self and other):
            return self or other
        return _computed(self, "∩", other) if self.interval.overlaps(other.interval) else self

    def __radd__(self, other: float) -> Estimate:
        return _computed(other, "+", self)

    def __rsub__(self, other: float) -> Estimate:
        return _computed(other, "−", self)

    def __rtruediv__(self, other: float) -> Estimate:
        return _computed(other, "÷", self)

    @property
    def _row(self) -> Mapping[Any, Any]:
        """The one row that it is; empty where it was computed."""
        return {} if self.sign or not self.rows else self.rows[0]


UNKNOWN: Final = Estimate(Interval(-math.inf, math.inf), "", "not known")


def _computed(left: Estimate | float, sign: str, right: Estimate | float) -> Estimate:
    """The result of one sign, its formula written with the brackets it needs."""
    a, b = (
        given if isinstance(given, Estimate) else Estimate(Interval(given, given), "", f"{given:g}")
        for given in (left, right)
    )
    if not (a and b):
        return UNKNOWN
    binds, compute = SIGNS[sign]
    names = []
    for part, closer in ((a, "÷"), (b, "−÷")):
        loose = part.sign and SIGNS[part.sign][0] < binds + (sign in closer)
        names.append(f"({part.name})" if loose else part.name)
    unit = "percent" if sign == "÷" and a.unit == b.unit else a.unit or b.unit
    rows = {str(row.get("figure", row.get("reference"))): row for row in (*a.rows, *b.rows)}
    interval = compute(a.interval, b.interval)
    return Estimate(interval, unit, f" {sign} ".join(names), tuple(rows.values()), sign)
