"""A number as an article states it: a value, and the interval its words leave open.

This module knows nothing of text or trade. It holds the two classes everything else is made of,
and the rules that turn a written number, its last telling digit and its hedge into bounds
(the tables "Interval" and "Readings" of the contract in ``docs/contract.md``).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

Kind = Literal["money", "percent", "points", "count", "multiple"]
Hedge = Literal["exact", "about", "over", "nearly", "under", "at_least", "at_most", "between"]
Reading = Literal["rounded", "printed"]

KINDS: Final[tuple[Kind, ...]] = ("money", "percent", "points", "count", "multiple")
HEDGES: Final[tuple[Hedge, ...]] = (
    "exact",
    "about",
    "over",
    "nearly",
    "under",
    "at_least",
    "at_most",
    "between",
)
READINGS: Final[tuple[Reading, ...]] = ("rounded", "printed")
SIGNED_KINDS: Final[frozenset[Kind]] = frozenset({"percent", "points", "multiple"})
"""Kinds that carry a direction: "at most" leaves them open below, and a level at zero."""

Bounds = tuple[Decimal, Decimal]
_INF: Final = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of the extended real line, with the arithmetic of intervals.

    The operations treat their operands as independent, so a result always holds the truth
    and may be wider than it need be (R. E. Moore, *Interval Analysis*, 1966).

    Parameters
    ----------
    lower, upper
        The bounds, in any one unit; infinite where the words leave a side open.

    Raises
    ------
    ValueError
        If a bound is not a number or the lower one is above the upper one.

    Examples
    --------
    >>> exports, imports = Interval(26.75, 27.25), Interval(18.25, 18.75)
    >>> exports + imports
    Interval(lower=45.0, upper=46.0)
    >>> (exports + imports).overlaps(Interval(45.5, 47))
    True
    """

    lower: float
    upper: float

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(
                f"an interval needs lower <= upper, found lower {self.lower!r} "
                f"and upper {self.upper!r}"
            )

    @property
    def width(self) -> float:
        """Upper less lower bound.

        >>> Interval(7.0, 8.0).width
        1.0
        """
        return self.upper - self.lower

    @property
    def midpoint(self) -> float:
        """The middle; the finite bound where one side is open, 0 where both are.

        >>> Interval(7.0, 8.0).midpoint, Interval(7.0, math.inf).midpoint
        (7.5, 7.0)
        """
        if math.isinf(self.lower) and math.isinf(self.upper):
            return 0.0
        if math.isinf(self.upper):
            return self.lower
        if math.isinf(self.lower):
            return self.upper
        return self.lower + (self.upper - self.lower) / 2

    def __contains__(self, value: float) -> bool:
        return self.lower <= value <= self.upper

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a point.

        >>> Interval(1, 2).overlaps(Interval(2, 3))
        True
        """
        return self.lower <= other.upper and other.lower <= self.upper

    def __and__(self, other: Interval) -> Interval:
        if not self.overlaps(other):
            raise ValueError(f"{self} and {other} share no point")
        return Interval(max(self.lower, other.lower), min(self.upper, other.upper))

    def __or__(self, other: Interval) -> Interval:
        return Interval(min(self.lower, other.lower), max(self.upper, other.upper))

    def __neg__(self) -> Interval:
        return Interval(-self.upper, -self.lower)

    def __add__(self, other: Interval | float) -> Interval:
        other = _interval(other)
        return Interval(self.lower + other.lower, self.upper + other.upper)

    def __sub__(self, other: Interval | float) -> Interval:
        return self + -_interval(other)

    def __mul__(self, other: Interval | float) -> Interval:
        other = _interval(other)
        corners = [
            _product(a, b) for a in (self.lower, self.upper) for b in (other.lower, other.upper)
        ]
        return Interval(min(corners), max(corners))

    def __truediv__(self, other: Interval | float) -> Interval:
        other = _interval(other)
        if 0 in other:
            raise ZeroDivisionError(f"cannot divide by {other}: it holds zero")
        return self * Interval(1 / other.upper, 1 / other.lower)

    def __radd__(self, other: float) -> Interval:
        return self + other

    def __rsub__(self, other: float) -> Interval:
        return -self + other

    def __rmul__(self, other: float) -> Interval:
        return self * other

    def __rtruediv__(self, other: float) -> Interval:
        return _interval(other) / self


def _interval(value: Interval | float) -> Interval:
    return value if isinstance(value, Interval) else Interval(value, value)


def _product(a: float, b: float) -> float:
    """Zero times an open end is zero: the open end stands for arbitrarily large true values."""
    return 0.0 if a == 0 or b == 0 else a * b


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure: what was written as a number, and what the words let it be.

    Attributes
    ----------
    kind
        ``money``, ``percent``, ``points``, ``count`` or ``multiple``.
    value
        The number as written, in single units of ``unit`` and with its sign
        (5% is 0.05, a fall of 20% is -0.2); for a range its midpoint.
    lower, upper
        Bounds under the ``rounded`` reading: every true value that a writer who rounds could
        have reported with those words. Infinite where the words leave a side open.
    unit
        An ISO 4217 code for money, the counted noun in the singular for counts, else ``1``.
    hedge
        One of `HEDGES`; ``exact`` where there is none.
    printed_lower, printed_upper
        Bounds under the ``printed`` reading: rounded *or* cut off.

    Examples
    --------
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
        exact_count: bool = False,
        high: Decimal | None = None,
    ) -> Quantity:
        """Build a quantity from the size that was written.

        Parameters
        ----------
        kind, hedge, unit
            As the attributes.
        size
            The size written, without sign, in single units; for a range its lower end.
        step
            The place value of the last digit that carries information, in single units.
        negative
            Whether the sentence or a minus sign gives it a downward direction.
        exact_count
            Whether an unhedged number has no room at all: a count below 1,000 without a scale.
        high
            The upper end of a range; only with the hedge ``between``.

        Raises
        ------
        ValueError
            If an argument is out of range: a size below zero, an unknown kind or hedge,
            or a range without or with a wrong upper end.

        Examples
        --------
        >>> q = Quantity.of("money", Decimal("25.4e12"), Decimal("1e11"), unit="CNY")
        >>> q.lower, q.upper, q.printed_upper
        (25350000000000.0, 25450000000000.0, 25500000000000.0)
        """
        if kind not in KINDS:
            raise ValueError(f"unknown kind {kind!r}, expected one of {', '.join(KINDS)}")
        if size < 0 or step < 0:
            raise ValueError(f"size and step are without sign, found {size} and {step}")
        if (hedge == "between") != (high is not None):
            raise ValueError("a range, and only a range, has an upper end")
        if high is not None and high < size:
            raise ValueError(f"a range needs its lower end first, found {size} to {high}")
        signed = kind in SIGNED_KINDS
        rounded = _bounds(size, step, hedge, signed, exact_count, high)
        printed = rounded
        if hedge == "exact" and not exact_count:
            printed = (size - step / 2, size + step)
        value = size if high is None else (size + high) / 2
        if negative:
            value = -value
            rounded, printed = (-rounded[1], -rounded[0]), (-printed[1], -printed[0])
        return cls(
            kind=kind,
            value=_float(value),
            lower=_float(rounded[0]),
            upper=_float(rounded[1]),
            unit=unit,
            hedge=hedge,
            printed_lower=_float(printed[0]),
            printed_upper=_float(printed[1]),
        )

    def interval(self, reading: Reading = "rounded") -> Interval:
        """The interval under a reading.

        >>> q = Quantity.of("percent", Decimal("0.25"), Decimal("0.01"))
        >>> q.interval("printed")
        Interval(lower=0.245, upper=0.26)
        """
        if reading == "rounded":
            return Interval(self.lower, self.upper)
        if reading == "printed":
            return Interval(self.printed_lower, self.printed_upper)
        raise ValueError(f"unknown reading {reading!r}, expected one of {', '.join(READINGS)}")


def _bounds(
    size: Decimal,
    step: Decimal,
    hedge: Hedge,
    signed: bool,
    exact_count: bool,
    high: Decimal | None,
) -> Bounds:
    """Give the bounds of a size under the rounded reading (the contract's table of hedges)."""
    match hedge:
        case "exact":
            half = Decimal(0) if exact_count else step / 2
            return size - half, size + half
        case "about":
            return size - step, size + step
        case "over":
            return size, size + step
        case "nearly":
            return size - min(step, size / 10), size
        case "under":
            return size - step, size
        case "at_least":
            return size, _INF
        case "at_most":
            return (-_INF if signed else Decimal(0)), size
        case "between" if high is not None:
            return size, high
    raise ValueError(f"unknown hedge {hedge!r}, expected one of {', '.join(HEDGES)}")


def _float(number: Decimal) -> float:
    """The nearest float; never a negative zero, which would print as one."""
    return float(number) + 0.0
