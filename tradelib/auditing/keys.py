"""What a figure is of, and what is said of that: keys and accounts.

A `Key` names one quantity; whoever looks for another replaces a column of it. An `Account` is what
is said of a quantity, by a printed figure or by what follows from several. A rate of growth is kept
as the factor it stands for (6.1% is 1.061), so that every identity is a sum or a product.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

from tradelib.auditing import periods
from tradelib.quantity import Interval
from tradelib.scale import MINUS, Scale

FLOWS: Final = ("exports", "imports", "trade", "balance")
"""The flows that identities tie; any other (production, gross domestic product) stands alone."""
WORLD: Final = "World"
ALL: Final = "All"
ADDITIVE: Final = ("level", "units")
"""Measures that add up: exports and imports to trade, parts to their whole."""
GROWTH: Final = {"growth": "level", "units growth": "units"}
"""Of what a rate of growth is."""
RATE: Final = "exchange rate"
REST: Final = "rest"
"""The measure of what is left of a whole besides its known parts."""
BINDS: Final = {"": 3, "×": 2, "÷": 2, "+": 1, MINUS: 1}
"""How closely a sign binds; a printed number needs no bracket."""
OVER_ONE: Final = f" {MINUS} 1"
"""Behind a quotient that is told as a rate of growth."""
TRANSLATION: Final = "translation"
"""The measure of an amount that an article only translates from one printed beside it."""


Row = Mapping[str, Any]
"""A figure: the columns of figures.csv or reference.csv and what its words say, its ``name``, its
``article`` (none of others'), when it was ``published``; its ``period`` as text."""


class Key(NamedTuple):
    """One quantity: whose, with whom, of what, when, as published when, in which unit.

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
        """Whether its unit is a currency."""
        return len(self.unit) == 3 and self.unit.isupper()

    @property
    def is_bare(self) -> bool:
        """Whether it is growth in a currency that nobody says."""
        return self.measure == "growth" and not self.unit

    @property
    def is_fraction(self) -> bool:
        """Whether it is told in percent."""
        return self.measure in GROWTH or self.measure == "share"

    @property
    def base_period(self) -> str:
        """Of growth the period compared with; of anything else nothing."""
        return self.basis if self.measure in GROWTH else ""

    @property
    def level(self) -> Key:
        """Of growth the amount that grew."""
        flow = "balance" if self.flow == "deficit" else self.flow
        return self._replace(flow=flow, measure=GROWTH[self.measure], basis="")

    @property
    def base(self) -> Key:
        """Of growth the amount that it is compared with."""
        return self.level._replace(period=self.basis)

    @property
    def whole(self) -> Key:
        """Of a share the amount it is a share of, of all partners or else of all products."""
        part = self.part
        if part.partner != WORLD:
            return part._replace(partner=WORLD, flow=self.basis)
        return part._replace(product=ALL, flow=self.basis)

    @property
    def part(self) -> Key:
        """Of a share the amount that is the part."""
        return self._replace(measure="level", basis="")

    def write(self, lower: float, upper: float) -> str:
        """Write an interval of it as text."""
        if self.measure == RATE:
            ends = dict.fromkeys(f"{end:.4g}" for end in (lower, upper))
            return f"{' to '.join(ends)} {self.unit}"
        unit = "percent" if self.is_fraction else self.unit
        off = 1 if self.measure in GROWTH else 0
        return Scale.of(unit, lower, upper).write(lower - off, upper - off)


@dataclass(frozen=True)
class Account:
    """What is said of a quantity: its interval under each reading, growth as a factor.

    A printed one has the words as printed (``surface``), its figure, and its ``article`` (empty for
    others'); a computed one the ``rule`` that gives it, its ``formula`` and all figures behind it,
    an article's among them if ``is_article``; an assumed one has no figures.
    """

    key: Key
    rounded: Interval
    printed: Interval
    surface: str = ""
    figures: tuple[str, ...] = ()
    article: str = ""
    is_article: bool = False
    rule: str = ""
    formula: Formula | None = None

    @cached_property
    def words(self) -> str:
        """The words as printed, or the formula with them."""
        if not self.formula:
            return self.surface
        is_quotient = self.key.measure in GROWTH and self.formula.minus
        return f"{self.formula}{OVER_ONE if is_quotient else ''}"

    @property
    def sign(self) -> str:
        """Of a formula the sign that binds it."""
        return self.formula.sign if self.formula else ""

    def inside(self, sign: str) -> str:
        """Its words beside a sign, with the brackets that they need there."""
        if self.key.measure in GROWTH:
            told = self.words if self.formula else f"1 + {self.words}".replace(f"+ {MINUS}", MINUS)
            return f"({told.removesuffix(OVER_ONE)})"
        if BINDS[self.sign] < BINDS[sign] or (sign in "÷−" and BINDS[self.sign] == BINDS[sign]):
            return f"({self.words})"
        return self.words

    def told(self) -> str:
        """The words, and behind a formula what it gives."""
        if not self.formula:
            return f"printed as {self.words}"
        return f"{self.words} = {self.key.write(self.printed.lower, self.printed.upper)}"


class Formula(NamedTuple):
    """The accounts that an account is the sum or the product of, those taken off, over a count."""

    plus: list[Account]
    minus: list[Account]
    times: bool
    over: int = 1

    @property
    def sign(self) -> str:
        """The sign that binds the formula from outside; a single account has its own."""
        if self.over > 1 or (self.times and self.minus):
            return "÷"
        if len(self.plus) + len(self.minus) == 1:
            return self.plus[0].sign
        return "×" if self.times else MINUS if self.minus else "+"

    def __str__(self) -> str:
        plus, minus = ("×", "÷") if self.times else ("+", MINUS)
        if len(self.plus) + len(self.minus) == 1:
            return self.plus[0].words.removesuffix(OVER_ONE)
        words = f" {plus} ".join(one.inside(plus) for one in self.plus)
        words += "".join(f" {minus} {one.inside(minus)}" for one in self.minus)
        return words if self.over == 1 else f"({words}) ÷ {self.over}"


def account_of(row: Row) -> Account:
    """Read a row of the ledger or of reference.csv as an account."""
    key, name = key_of(row), str(row["name"])
    rounded = Interval(row["lower"], row["upper"])
    printed = Interval(row["printed_lower"], row["printed_upper"])
    words = _words(row)
    if key.measure in GROWTH and row["kind"] != "multiple":
        rounded, printed = rounded + 1, printed + 1
    elif key.flow == "balance" and row["flow"] == "deficit":
        rounded, printed, words = -rounded, -printed, f"{MINUS}{words}"
    article = str(row["article"])
    return Account(key, rounded, printed, words, (name,), article, bool(article))


def key_of(row: Row) -> Key:
    """Say what a row is of; a deficit is a balance below zero, its growth that of a deficit."""
    measure, flow, basis = str(row["measure"]), str(row["flow"]), str(row["basis"])
    period = "" if row["period"] == "" else periods.named(*periods.months(str(row["period"])))
    unit = "" if row["unit"] == "1" else str(row["unit"])
    if measure in GROWTH:
        unit, basis = str(row["currency_basis"]), compared(period, basis)
    elif measure.endswith("streak"):
        basis = ""  # a streak up to a year has one length, whether its first year is printed or not
    elif flow == "deficit" and measure != "share":
        flow = "balance"
    reporter, partner, product = str(row["reporter"]), str(row["partner"]), str(row["product"])
    vintage = int(row["vintage"])
    return Key(reporter, partner, product, flow, measure, period, basis, vintage, unit)


def compared(period: str, basis: str) -> str:
    """Say what growth is compared with: the same period a year before, where no other is printed.

    >>> compared("2025-Q1", "2023"), compared("2025", "")
    ('2023-Q1', '2024')
    """
    if not period or (basis and not basis.isdigit()):
        return basis
    return periods.later(period, int(basis) - int(period[:4]) if basis else -1)


def _words(row: Row) -> str:
    """The printed words; with a minus where the sentence says so, in numbers in another script."""
    surface, lower, upper = str(row["surface"]), row["printed_lower"], row["printed_upper"]
    down = upper < 0 and not any(mark in surface for mark in ("-", MINUS, "↓", "("))
    words = f"{MINUS if down else ''}“{surface}”"
    if any("\u2e80" < letter < "\ua000" for letter in surface):
        unit = "percent" if row["kind"] == "percent" else str(row["unit"])
        words += f" ({Scale.of(unit, lower, upper).write(lower, upper)})"
    return words


def together(accounts: list[Account]) -> list[Account]:
    """Make one account of several that can all be true; else leave those that bound it most."""
    if len(accounts) < 2:
        return accounts
    by_width = sorted(accounts, key=lambda account: account.printed.width)
    low = max(by_width, key=lambda account: account.printed.lower)
    high = min(by_width, key=lambda account: account.printed.upper)
    both = list(dict.fromkeys([by_width[0], low, high]))
    rounded, printed = (Interval(-math.inf, math.inf),) * 2
    for one in both:
        if not (rounded.overlaps(one.rounded) and printed.overlaps(one.printed)):
            return both
        rounded, printed = rounded & one.rounded, printed & one.printed
    if printed == by_width[0].printed and rounded == by_width[0].rounded:
        return by_width[:1]
    figures = tuple(name for one in both for name in one.figures)
    surface = " and ".join(dict.fromkeys(one.words for one in both))
    return [replace(low, rounded=rounded, printed=printed, surface=surface, figures=figures)]


def mark_translations(accounts: Iterable[Account]) -> Iterable[Account]:
    """Set apart the amounts that an article only translates.

    An article only translates a reporter's amounts into a currency where it prints no growth in it,
    others print nothing, and each amount stands beside the same one in another currency, in which
    it prints more. Translated one by one, at rates of their own, they need not add up.
    """
    every = list(accounts)
    said: dict[tuple[str, str], dict[str, list[Key]]] = {}  # by article and reporter: by currency
    for one in every:
        if one.key.is_money:
            by_unit = said.setdefault((one.article, one.key.reporter), {})
            by_unit.setdefault(one.key.unit, []).append(one.key)
    translated = set()
    for (article, reporter), by_unit in said.items():
        others = said.get(("", reporter), {})
        most = max(map(len, by_unit.values()))
        for unit, keys in by_unit.items() if article else ():
            own = (key for other, some in by_unit.items() if other != unit for key in some)
            rest = {key._replace(unit="") for key in own}
            beside = all(k.measure in ADDITIVE and k._replace(unit="") in rest for k in keys)
            if unit not in others and beside and len(keys) < most:
                translated.add((article, reporter, unit))
    for one in every:
        if (one.article, one.key.reporter, one.key.unit) in translated:
            key = one.key._replace(measure=TRANSLATION, basis=one.article)
            yield replace(one, key=key)
        else:
            yield one
