"""One expression of a line: the tokens it takes, and the parts that make its quantity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from tradelib.quantity import Hedge, Kind, Quantity

ONE: Final = Decimal(1)
_PLACES: Final = [ONE.scaleb(-n) for n in range(64)]


class Number(NamedTuple):
    """A number, the place of its last decimal (else one), of its last non-zero digit before it."""

    size: Decimal
    place: Decimal
    tail: Decimal


def whole_number(size: int) -> Number:
    """Give a number without decimals.

    >>> whole_number(1200).tail
    Decimal('1E+2')
    """
    return decimal_number(Decimal(size), 0)


def decimal_number(size: Decimal, decimals: int) -> Number:
    """Give a number that is written with so many decimals."""
    if decimals:
        return Number(size, _PLACES[decimals], ONE)
    digits = str(size)
    zeros = len(digits) - len(digits.rstrip("0")) if size else 0
    return Number(size, ONE, ONE.scaleb(zeros))


@dataclass(slots=True)
class Expr:
    """One expression in a line.

    ``number`` is the token of the number, ``first`` to ``last`` (behind) the tokens it takes,
    ``lent`` the unit that other words of the sentence lend, ``high`` the upper end of a range.
    """

    number: int
    first: int
    last: int
    parts: Number
    kind: Kind | None = None
    unit: str = "1"
    factor: Decimal = ONE
    scale: Decimal = ONE
    scaled: bool = False
    sign: int = 0
    hedge: Hedge = "exact"
    lent: str = ""
    high: Expr | None = None

    @property
    def size(self) -> Decimal:
        """The size written, in single units."""
        return self.parts.size * self.scale * self.factor

    @property
    def few(self) -> bool:
        """Whether it is small, and without a word of scale: a count of it is exact."""
        return not self.scaled and self.parts.size < 1000

    def lacks(self, b: Expr) -> bool:
        """Whether b's word of scale serves this number too: `2,100 and 2,300 trillion won`."""
        return b.scaled and not self.scaled and (self.few or self.parts.size <= 10 * b.parts.size)

    def quantity(self, unit: str, sign: int) -> Quantity:
        """Give what the words say, in a settled unit and with the sentence's sign."""
        assert self.kind, "a number without a unit is no quantity"
        parts, power, size = self.parts, self.scale * self.factor, self.size
        by_tail = self.kind in ("money", "count") and parts.place >= 1
        step = (parts.tail if by_tail else parts.place) * power
        exact = self.kind == "count" and self.few and parts.place >= 1
        if self.high is None:
            return Quantity.of(
                self.kind, size, step, self.hedge, unit, negative=sign < 0, exact_count=exact
            )
        high = self.high.size
        if self.sign < 0 <= self.high.sign and size:  # -1% to 4%
            ends = -float(size), float(high)
            return Quantity(self.kind, sum(ends) / 2, *ends, unit, "between", *ends)
        low, high = min(size, high), max(size, high)
        return Quantity.of(self.kind, low, step, "between", unit, negative=sign < 0, high=high)
