"""The rules: each identity of trade statistics once, as relations between keys.

A relation says that the sum, or the product, of the quantities on its left is that of those on its
right. Checks, computed accounts and bounds all ask it the same: what do the others leave of this
one? No rule names an article, a figure or a product.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Final

from tradelib.auditing import periods
from tradelib.auditing.keys import ALL, FLOWS, GROWTH, RATE, REST, TRANSLATION, WORLD, Key
from tradelib.quantity import Interval
from tradelib.reference import daily_rates

if TYPE_CHECKING:
    from tradelib.auditing.network import Network

OPEN: Final = Interval(-math.inf, math.inf)
SPREAD: Final = 0.1
"""How far the rate at which the customs translated one product or partner in a period may lie from
that of all goods, as a share of the range of its daily rates: they translate month by month, and
trade has seasons. In reference.csv it is less than a thousandth; this leaves room for crops."""
SOME_OF: Final = {"number of growing partners": "number of partners"}
"""Counts of some, and the counts of all that they are some of."""


@dataclass(frozen=True)
class Relation:
    """The sum, or the product, of the left is that of the right; a member may stand there twice.

    The right may be off by ``room``, a share: a revision between two releases, or what rates differ
    by. The first on the left is the quantity that a check tells of.
    """

    rule: str
    left: tuple[Key, ...]
    right: tuple[Key, ...]
    times: bool = False
    room: float = 0.0

    @cached_property
    def members(self) -> tuple[Key, ...]:
        """All quantities in it, each once."""
        return tuple(dict.fromkeys(self.left + self.right))

    def sides(self, key: Key) -> tuple[list[Key], list[Key], int]:
        """Give what makes up a member, what comes off again, and how many times it stands there."""
        own, other = (self.left, self.right) if key in self.left else (self.right, self.left)
        return list(other), [k for k in own if k != key], own.count(key)

    def solve(self, key: Key, known: Callable[[Key], Interval]) -> Interval:
        """Give the interval that the other members leave of one."""
        others, rest, count = self.sides(key)
        value, *more = map(known, others)
        for other in more:
            value = value * other if self.times else value + other
        if self.room:
            factor = Interval(1 - self.room, 1 + self.room)
            value = value * factor if key in self.left else value / factor
        for off in map(known, rest):
            value = divided(value, off) if self.times else value - off
        return value if count == 1 else value * (1 / count)


def divided(value: Interval, divisor: Interval) -> Interval:
    """A quotient; open on both sides where the divisor may be zero."""
    return OPEN if 0 in divisor else value / divisor


def balance(known: Network, new: list[Key]) -> Iterator[Relation]:
    """Trade = exports + imports; balance + imports = exports.

    Also exports + exports = trade + balance, imports + imports + balance = trade: that says nothing
    new, but bounds carried through one relation at a time would miss it.
    """
    for key in filter(lambda key: key.is_amount, new):
        exports, imports, trade, balance = flows = [key._replace(flow=flow) for flow in FLOWS]
        if sum(flow in known.keys for flow in flows) >= 2:
            yield Relation("balance", (trade,), (exports, imports))
            yield Relation("balance", (balance, imports), (exports,))
            yield Relation("balance", (exports, exports), (trade, balance))
            yield Relation("balance", (imports, imports, balance), (trade,))


def growth(known: Network, _: list[Key]) -> Iterator[Relation]:
    """Before × (1 + growth) = level, of one release; growth of a deficit ties balances below zero.

    How a growth of balances is reckoned where they are below zero is not settled: it is left alone.
    """
    for key in known.rates:
        level, base = key.level, key.base
        if not level.is_amount or (key.flow == "balance" and not known.is_surplus(level, base)):
            continue
        if key.unit:
            if level in known.keys or base in known.keys:
                yield Relation("growth", (base, key), (level,), times=True)
            continue
        is_money = key.measure == "growth"
        for unit in known.currencies(key.reporter) if is_money else known.nouns(level):
            now, then = level._replace(unit=unit), base._replace(unit=unit)
            rate = key._replace(unit=unit if is_money else "")
            # A rate in a currency nobody prints may be that in any in which both are known.
            if (now in known.keys) + (then in known.keys) >= 1 + is_money:
                yield Relation("growth", (then, rate), (now,), times=True)


def share(known: Network, _: list[Key]) -> Iterator[Relation]:
    """Share × whole = part: of all partners or, for all partners, of all products.

    In one currency only, that in which most is printed: in another it is not quite the same number.
    """
    for key in known.shares:
        part, whole = key.part, key.whole
        ways = [
            (part._replace(unit=unit), whole._replace(unit=unit))
            for unit in known.currencies(key.reporter)
        ]
        best = max(ways, default=None, key=lambda way: sum(key in known.keys for key in way))
        if best and part != whole and any(amount in known.keys for amount in best):
            yield Relation("share", (key, best[1]), (best[0],), times=True)


def sums(known: Network, new: list[Key]) -> Iterator[Relation]:
    """A group = the sum of its lines; a period = the sum of its pieces, where all are known."""
    for key in filter(lambda key: key.is_amount, new):
        if group := known.tree.group.get(key.product):
            lines = tuple(key._replace(product=line) for line in known.tree.lines[group])
            if all(line in known.keys for line in lines):
                yield Relation("sum", (key._replace(product=group),), lines)
        for whole in known.longer(key.period):
            for way in periods.pieces(whole):
                if key.period in way and (found := _releases(known, key, way)):
                    latest = max(piece.vintage for piece in found)
                    yield from _of_pieces(known, key._replace(period=whole, vintage=latest), found)


def _releases(known: Network, key: Key, way: tuple[str, ...]) -> tuple[Key, ...]:
    """Of each piece of a period the latest release; nothing where one piece is not known."""
    found = [known.releases(key._replace(period=piece)) for piece in way]
    return tuple(releases[-1] for releases in found) if all(found) else ()


def _of_pieces(known: Network, whole: Key, pieces: tuple[Key, ...]) -> Iterator[Relation]:
    """The whole of some pieces, in each release of it; of several releases with their room."""
    for release in known.releases(whole) or [whole]:
        one_release = all(piece.vintage == release.vintage for piece in pieces)
        if one_release or whole.flow != "balance":
            room = 0.0 if one_release else known.tree.room(whole.partner)
            yield Relation("sum", (release,), pieces, room=room)


def repetition(known: Network) -> Iterator[Relation]:
    """Two releases of one quantity are the same but for a revision; a balance is off by any share.

    A rate or a share is revised by two amounts, a streak up to a year not at all.
    """
    for releases in known.by_release.values():
        for one, two in combinations(releases, 2):
            once = known.tree.room(one.partner)
            if one.measure == "streak":
                yield Relation("repetition", (one,), (two,), times=True)
            elif one.is_fraction and one.flow in FLOWS[:3] and one.basis != "balance":
                room = (1 + once) ** 2 - 1
                yield Relation("repetition", (one,), (two,), times=True, room=room)
            elif one.is_amount and one.flow != "balance":
                yield Relation("repetition", (one,), (two,), times=True, room=once)


def conversion(known: Network) -> Iterator[Relation]:
    """Amount = amount in another currency × rate, growth = growth × change of the rate.

    Amounts are those of one release, of two only where none has both; a translation is held
    against the one amount beside which its article prints it.
    """
    for cell, releases in known.by_currency.items():
        for one, two in permutations(known.currencies(cell.reporter), 2):
            both = [(a, b) for a in releases for b in releases if (a.unit, b.unit) == (one, two)]
            if both and is_quoted(one, two):
                same = [(a, b) for a, b in both if a.vintage == b.vintage]
                is_revised = cell.is_amount and cell.flow != "balance"
                for a, b in same or both * is_revised:
                    yield from _converted(known, a, b)
    for key in filter(lambda key: key.measure == TRANSLATION, known.keys):
        beside = known.beside(key)
        if len(beside) == 1:
            one, two = key.unit, beside[0].unit
            ordered = (key, beside[0]) if is_quoted(one, two) else (beside[0], key)
            yield from _converted(known, *ordered)


def _converted(known: Network, one: Key, two: Key) -> Iterator[Relation]:
    rate = one._replace(
        measure=RATE, basis=one.basis or two.basis, unit=f"{one.unit} per {two.unit}"
    )
    if one.measure in GROWTH:
        then = rate._replace(basis="", period=one.basis)
        now = rate._replace(basis="")
        yield Relation("conversion", (one, then), (two, now), times=True)
        return
    room = 0.0 if one.vintage == two.vintage else known.tree.room(one.partner)
    yield Relation("conversion", (rate, two), (one,), times=True, room=room)


def customs_rate(known: Network, rates: list[Key]) -> Iterator[Relation]:
    """The rate at which a flow was translated is that of all goods, but for seasons."""
    totals: dict[Key, list[Key]] = {}
    for rate in rates:
        if rate.partner == WORLD and rate.product == ALL and not rate.basis:
            totals.setdefault(rate._replace(vintage=0), []).append(rate)
    for rate in rates:
        if rate.flow in ("exports", "imports") and not rate.basis:
            for total in totals.get(rate._replace(partner=WORLD, product=ALL, vintage=0), []):
                known_range = rates_of(rate.unit, *periods.days(rate.period))
                if total._replace(vintage=0) != rate._replace(vintage=0) and known_range:
                    room = SPREAD * known_range.width / known_range.midpoint
                    yield Relation("conversion", (rate,), (total,), times=True, room=room)


@cache
def is_quoted(one: str, per: str) -> bool:
    """Whether a rate is told in units of one currency per one of the other: the one above one."""
    try:
        mean = daily_rates(one, per, date(1999, 1, 1), date(2199, 1, 1)).mean()
    except ValueError:
        return False
    return bool(mean > 1)


@cache
def rates_of(unit: str, first: date, last: date) -> Interval | None:
    """The range of the daily rates (``CNY per USD``) between two days; None if none is known."""
    try:
        rates = daily_rates(*unit.split(" per "), first, last)
    except ValueError:
        return None
    return Interval(float(rates.min()), float(rates.max()))


def parts(known: Network) -> Iterator[Relation]:
    """Whole = disjoint parts + a rest that is not negative; a count of all = that of some + a rest.

    A part counts towards the nearest whole above it of which something is known.
    """
    for column in ("partner", "product"):
        found: dict[Key, list[Key]] = {}
        for key in known.keys:
            if key.is_amount and key.flow != "balance":
                above = known.tree.above[column].get(getattr(key, column), ())
                wholes = (Key(**{**key._asdict(), column: name}) for name in above)
                if whole := next((whole for whole in wholes if whole in known.keys), None):
                    found.setdefault(whole, []).append(key)
        for whole, some in found.items():
            yield Relation("parts", (whole,), (*some, rest_of(whole, column)))
    for key in known.keys:
        if key.is_amount and key.flow != "balance":
            for period in known.longer(key.period)[:1]:
                for whole in known.releases(key._replace(period=period)):
                    room = 0.0 if whole.vintage == key.vintage else known.tree.room(key.partner)
                    yield Relation("parts", (whole,), (key, rest_of(whole, "period")), room=room)
        if (whole := key._replace(measure=SOME_OF.get(key.measure, ""))) in known.keys:
            yield Relation("parts", (whole,), (key, rest_of(whole, "measure")))


def rest_of(whole: Key, column: str) -> Key:
    """What is left of a whole when its parts in a column are taken off."""
    return whole._replace(measure=REST, basis=column)
