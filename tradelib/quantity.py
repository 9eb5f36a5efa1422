"""A number as an article states it, and the interval its words leave by ``docs/contract.md``."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from itertools import product
from statistics import fmean
from typing import Any, Final, Literal, get_args

Kind = Literal["money", "percent", "points", "count", "multiple"]
Hedge = Literal["exact", "about", "over", "nearly", "under", "at_least", "at_most", "between"]
Reading = Literal["rounded", "printed"]

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
HEDGES: Final[tuple[Hedge, ...]] = get_args(Hedge)
READINGS: Final[tuple[Reading, ...]] = get_args(Reading)
SIGNED_KINDS: Final[frozenset[Kind]] = frozenset({"percent", "points", "multiple"})
"""Kinds that carry a direction: "at most" leaves them open below, and a level at zero."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of the extended real line, with the arithmetic of intervals.

    A bound is infinite where the words leave a side open; one that is not a number, or a lower one
    above the upper one, is a ValueError. Operands are treated as independent, so a result always
    holds the truth (R. E. Moore, *Interval Analysis*, 1966).

    >>> Interval(26.75, 27.25) + Interval(18.25, 18.75)
    Interval(lower=45.0, upper=46.0)
    """

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(f"an interval needs lower <= upper, found {self}")

    @property
    def width(self) -> float:
        """Upper less lower bound."""
        return self.upper - self.lower

    @property
    def midpoint(self) -> float:
        """The middle; the finite bound where one side is open, 0 where both are."""
        ends = [end for end in (self.lower, self.upper) if math.isfinite(end)]
        return fmean(ends) if ends else 0.0

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a point."""
        return self.lower <= other.upper and other.lower <= self.upper

    def __and__(self, other: Interval) -> Interval:
        return Interval(max(self.lower, other.lower), min(self.upper, other.upper))

    def __neg__(self) -> Interval:
        return Interval(-self.upper, -self.lower)

    def __add__(self, other: Interval | float) -> Interval:
        other = _interval(other)
        return Interval(self.lower + other.lower, self.upper + other.upper)

    def __sub__(self, other: Interval | float) -> Interval:
        return self + -other

    def __mul__(self, other: Interval | float) -> Interval:
        other = _interval(other)
        # Zero times an open end is zero: the open end stands for large, not for infinite, truths.
        pairs = product((self.lower, self.upper), (other.lower, other.upper))
        corners = [a * b if a and b else 0.0 for a, b in pairs]
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: Interval | float) -> Interval:
        other = _interval(other)
        if 0 in other:
            raise ZeroDivisionError(f"cannot divide by {other}: it holds zero")
        pairs = product((self.lower, self.upper), (other.lower, other.upper))
        corners = [a / b for a, b in pairs if math.isfinite(a) or math.isfinite(b)]
        return Interval(min(corners), max(corners))

    __radd__, __rmul__ = __add__, __mul__


def _interval(value: Interval | float) -> Interval:
    return value if isinstance(value, Interval) else Interval(value, value)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure: what was written as a number, and what the words let it be.

    ``value`` is the number as written, in single units of ``unit`` and with its sign (5% is 0.05, a
    fall of 20% is -0.2), for a range its midpoint. ``lower`` and ``upper`` bound every true value
    that a writer who rounds could have reported with those words, ``printed_lower`` and
    ``printed_upper`` those of one who rounds *or* cuts off. The ``kind`` is one of `KINDS`, the
    ``hedge`` one of `HEDGES` (``exact`` where there is none), the ``unit`` an ISO 4217 code for
    money, the counted noun in the singular for counts, else ``1``.

    >>> fall = Quantity.of("percent", Decimal("0.2"), Decimal("0.01"), "over", negative=True)
    >>> fall.value, fall.lower, fall.upper
    (-0.2, -0.21, -0.2)
    """

    kind: Kind
    value: float
    lower: float
    upper: float
    unit: str
    hedge: Hedge
    printed_lower: float
    printed_upper: float

    @classmethod
    def of(
        cls,
        kind: Kind,
        size: Decimal,
        step: Decimal,
        hedge: Hedge = "exact",
        unit: str = "1",
        *,
        negative: bool = False,
        high: Decimal | None = None,
    ) -> Quantity:
        """Build a quantity from the size that was written, without sign and in single units.

        ``step`` is the place value of its last telling digit, 0 where the number is exact. A range,
        with the hedge ``between``, has its upper end in ``high``. What is ``negative`` goes down.
        An argument out of range is a ValueError.

        >>> Quantity.of("percent", Decimal("0.25"), Decimal("0.01")).interval("printed")
        Interval(lower=0.245, upper=0.26)
        """
        expect("kind", kind, KINDS)
        expect("hedge", hedge, HEDGES)
        if size < 0 or step < 0:
            raise ValueError(f"size and step are without sign, found {size} and {step}")
        if (hedge == "between") != (high is not None):
            raise ValueError("a range, and only a range, has an upper end")
        lower, upper = {  # under the rounded reading: the contract's table of hedges
            "exact": (size - step / 2, size + step / 2),
            "about": (size - step, size + step),
            "over": (size, size + step),
            "nearly": (size - min(step, size / 10), size),
            "under": (size - step, size),
            "at_least": (size, Decimal("Infinity")),
            "at_most": (Decimal("-Infinity") if kind in SIGNED_KINDS else Decimal(0), size),
            "between": (size, high or size),
        }[hedge]
        value = size if high is None else (size + high) / 2
        begin, end = lower, size + step if hedge == "exact" else upper
        if negative:
            value, lower, upper, begin, end = -value, -upper, -lower, -end, -begin
        numbers = (float(number) + 0.0 for number in (value, lower, upper, begin, end))  # no -0.0
        worth, low, up, printed_low, printed_up = numbers
        return cls(kind, worth, low, up, unit, hedge, printed_low, printed_up)

    def interval(self, reading: Reading = "rounded") -> Interval:
        """Give the interval under a reading, one of `READINGS`."""
        expect("reading", reading, READINGS)
        if reading == "printed":
            return Interval(self.printed_lower, self.printed_upper)
        return Interval(self.lower, self.upper)


def expect(what: str, found: Any, known: Iterable[Any], called: Any = None) -> None:
    """Raise a ValueError for what is none of those known, with the nearest, by other names too."""
    if found not in (names := [*dict.fromkeys(known)]):
        called = called or {str(name).lower(): name for name in names}
        near = get_close_matches(str(found).lower(), called, 1)
        meant = f" (did you mean {called[near[0]]!r}?)" if near else ""
        told = ", ".join(map(str, names))
        raise ValueError(f"unknown {what} {found!r}{meant}, expected one of {told}")
