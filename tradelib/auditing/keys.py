"""What a figure is of, and what is said of that: keys and accounts.

A rate of growth is kept as the factor it stands for (6.1% is 1.061), so that every identity is a
sum or a product.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from tradelib import periods
from tradelib.quantity import Interval
from tradelib.scale import MINUS, Scale

FLOWS: Final = ("exports", "imports", "trade", "balance")  # any other (production) stands alone
WORLD: Final = "World"
ALL: Final = "All"
ADDITIVE: Final = ("level", "units")  # measures that add up: parts to their whole
GROWTH: Final = {"growth": "level", "units growth": "units"}  # of what a rate of growth is
RATE: Final = "exchange rate"
REST: Final = "rest"  # what is left of a whole besides its known parts
TRANSLATION: Final = "translation"  # an amount only translated from one that is printed beside it
OPEN: Final = Interval(-math.inf, math.inf)
OVER_ONE: Final = f" {MINUS} 1"  # behind a quotient that is told as a rate of growth

Row = Mapping[str, Any]
"""A figure: the columns of figures.csv or reference.csv and what its words say, its ``name``, its
``article`` (none of others'), when it was ``published``; its ``period`` as text."""


class Key(NamedTuple):
    """One quantity; whoever looks for another replaces a column of it.

    ``basis`` is of growth the period compared with, of a share its whole, of a record the year
    whose prices it is in; ``unit`` of growth the currency, empty where nobody says.
    """

    reporter: str
    partner: str
    product: str
    flow: str
    measure: str
    period: str
    basis: str
    vintage: int
    unit: str

    @property
    def is_amount(self) -> bool:
        """Whether it is an amount that identities tie."""
        return self.measure in ADDITIVE and self.flow in FLOWS and bool(self.period)

    @property
    def is_money(self) -> bool:
        """Whether it is in a currency."""
        return len(self.unit) == 3 and self.unit.isupper()

    @property
    def is_growth(self) -> bool:
        """Whether it is a rate of growth, kept as a factor."""
        return self.measure in GROWTH

    @property
    def is_fraction(self) -> bool:
        """Whether it is told in percent."""
        return self.is_growth or self.measure == "share"

    @property
    def level(self) -> Key:
        """Of growth the amount that grew, of a share the part."""
        flow = "balance" if self.flow == "deficit" else self.flow
        return self._replace(flow=flow, measure=GROWTH.get(self.measure, "level"), basis="")

    def but(self, column: str, value: str) -> Key:
        """The same quantity with another value in a column that is named."""
        return Key(**{**self._asdict(), column: value})

    def write(self, interval: Interval) -> str:
        """Write an interval of it as text."""
        if self.measure == RATE:
            ends = dict.fromkeys(f"{end:.4g}" for end in (interval.lower, interval.upper))
            return f"{' to '.join(ends)} {self.unit}"
        told = interval - 1 if self.is_growth else interval
        scale = Scale.of("percent" if self.is_fraction else self.unit, told.lower, told.upper)
        return scale.write(told.lower, told.upper)


@dataclass(frozen=True, eq=False)
class Account:
    """What is said of a quantity: its interval under each reading, growth as a factor.

    ``words`` are as printed or, of a computed one, its formula with them; ``figures`` all that it
    rests on (none of an assumed one), ``article`` one that prints some of them (empty for others'),
    ``rule`` what gives a computed one, ``row`` that of a printed one.
    """

    key: Key
    rounded: Interval
    printed: Interval
    words: str
    figures: tuple[str, ...] = ()
    article: str = ""
    rule: str = ""
    row: Row = field(default_factory=dict)

    def inside(self) -> str:
        """Its words inside of a formula: growth as a factor, another formula in brackets."""
        words = self.words
        if self.key.is_growth:
            words = words.removesuffix(OVER_ONE) if self.rule else f"1 + {words}"
            return f"({words})".replace(f"+ {MINUS}", f"{MINUS} ")
        return f"({words})" if self.rule else words

    def told(self) -> str:
        """Its words, and behind a formula what it gives."""
        return f"{self.words} = {self.key.write(self.printed)}" if self.rule else self.words


def account_of(row: Row) -> Account:
    """Read a row of the ledger or of reference.csv as an account."""
    key, surface = key_of(row), str(row["surface"])
    rounded = Interval(row["lower"], row["upper"])
    printed = Interval(row["printed_lower"], row["printed_upper"])
    is_down = printed.upper < 0 and not any(mark in surface for mark in ("-", MINUS, "↓", "("))
    words = f"{MINUS if is_down else ''}“{surface}”"
    if any("\u2e80" < letter < "\ua000" for letter in surface):  # another script
        unit = row["kind"] if row["unit"] == "1" else row["unit"]
        ends = printed.lower, printed.upper
        words += f" ({Scale.of(unit, *ends).write(*ends)})"
    if key.is_growth and row["kind"] != "multiple":
        rounded, printed = rounded + 1, printed + 1
    elif key.flow == "balance" and row["flow"] == "deficit":
        rounded, printed, words = -rounded, -printed, f"{MINUS}{words}"
    return Account(key, rounded, printed, words, (row["name"],), row["article"], row=row)


def key_of(row: Row) -> Key:
    """Say what a row is of; a deficit is a balance below zero, its growth that of a deficit."""
    cells = {column: str(row[column]) for column in Key._fields}
    measure, period, basis = cells["measure"], cells["period"], cells["basis"]
    period = cells["period"] = period and periods.named(*periods.months(period))
    cells["unit"] = "" if cells["unit"] == "1" else cells["unit"]
    if measure in GROWTH:
        cells["unit"] = str(row["currency_basis"])
        if period and (basis.isdigit() or not basis):  # the same time of that year, or the last
            back = int(basis) - int(period[:4]) if basis else -1
            cells["basis"] = periods.later(period, back)
    elif measure.endswith("streak"):
        cells["basis"] = ""  # one length, whether its first year is printed or not
    elif cells["flow"] == "deficit" and measure != "share":
        cells["flow"] = "balance"
    return Key(**{**cells, "vintage": int(row["vintage"])})  # type: ignore[arg-type]
