"""The rules: each identity of trade statistics once, as relations between keys.

Checks, computed accounts and bounds all ask a relation the same: what do the others leave of this
quantity? No rule names an article, a figure or a product.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Final

from tradelib import periods
from tradelib.auditing.keys import ALL, FLOWS, OPEN, RATE, REST, TRANSLATION, WORLD, Key
from tradelib.quantity import Interval
from tradelib.reference import is_quoted, rate_range

if TYPE_CHECKING:
    from tradelib.auditing.checks import Network

SPREAD: Final = 0.1
"""How far the rate at which the customs translated one product or partner in a period may lie from
that of all goods, as a share of the range of its daily rates: they translate month by month, and
trade has seasons. In reference.csv it is less than a thousandth; this leaves room for crops."""
SOME_OF: Final = {"number of growing partners": "number of partners"}
"""Counts of some, and the counts of all that they are some of."""


@dataclass(frozen=True)
class Relation:
    """The sum, or the product (``times``), of the left is that of the right.

    A member may stand there twice; the right may be off by ``room``, a share: a revision between
    two releases, or what rates differ by. The first on the left is what a check tells of.
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
            if not self.times:
                value -= off
            else:
                value = OPEN if 0 in off else value / off
        return value if count == 1 else value * (1 / count)


def balance(known: Network, new: list[Key]) -> Iterator[Relation]:
    """Trade = exports + imports; balance + imports = exports."""
    for cell in dict.fromkeys(key._replace(flow="") for key in new if key.is_amount):
        exports, imports, trade, balance = flows = [cell._replace(flow=flow) for flow in FLOWS]
        if sum(flow in known.keys for flow in flows) >= 2:
            yield Relation("balance", (trade,), (exports, imports))
            yield Relation("balance", (balance, imports), (exports,))
            # Nothing new, but bounds carried through one relation at a time would miss it:
            yield Relation("balance", (exports, exports), (trade, balance))
            yield Relation("balance", (imports, imports, balance), (trade,))


def growth(known: Network, _: list[Key]) -> Iterator[Relation]:
    """Before × (1 + growth) = level, of one release; growth of a deficit ties deficits."""
    for rate in (key for key in known.keys if key.is_growth):
        level, alike = rate.level, known.alike[rate.level[:5]]
        nouns = {amount.unit for amount in alike}
        unit = rate.unit if rate.measure == "growth" else nouns.pop() if len(nouns) == 1 else ""
        now, base = level._replace(unit=unit), level._replace(unit=unit, period=rate.basis)
        if not unit or not now.is_amount or known.keys.keys().isdisjoint((now, base)):
            continue
        both = [
            one for k in alike if k.period in (now.period, base.period) for one in known.keys[k]
        ]
        # How growth of a balance below zero is reckoned is not settled: it is left alone.
        if rate.flow != "balance" or min((one.printed.lower for one in both), default=-1) >= 0:
            yield Relation("growth", (base, rate), (now,), times=True)


def share(known: Network, _: list[Key]) -> Iterator[Relation]:
    """Share × whole = part: of all partners or, for all partners, of all products."""
    for key in (key for key in known.keys if key.measure == "share"):
        column, all_of = ("product", ALL) if key.partner == WORLD else ("partner", WORLD)
        of_all = key.level.but(column, all_of)._replace(flow=key.basis)
        units = known.currencies[key.reporter]
        ways = [[key.level._replace(unit=u), of_all._replace(unit=u)] for u in units]
        # In the currency in which most is printed: in another it is not quite the same number.
        are_known = [sum(amount in known.keys for amount in way) for way in ways]
        part, whole = ways[are_known.index(max(are_known))] if ways else (key, key)
        if part != whole and (part in known.keys or whole in known.keys):
            yield Relation("share", (key, whole), (part,), times=True)


def sums(known: Network, new: list[Key]) -> Iterator[Relation]:
    """A group = the sum of its lines; a period = the sum of its pieces, where all are known."""
    for key in filter(lambda key: key.is_amount, new):
        group, names = known.tree.sums.get(key.product, ("", ()))
        lines = tuple(key._replace(product=line) for line in names)
        if group and all(line in known.keys for line in lines):
            yield Relation("sum", (key._replace(product=group),), lines)
        for longer in known.longer.get(key.period, []):
            for way in (way for way in periods.pieces(longer) if key.period in way):
                found = [known.releases(key._replace(period=piece)) for piece in way]
                if all(found):
                    pieces = tuple(releases[-1] for releases in found)
                    latest = max(piece.vintage for piece in pieces)
                    whole = key._replace(period=longer, vintage=latest)
                    whole = (known.releases(whole) or [whole])[-1]
                    is_one = {piece.vintage for piece in pieces} == {whole.vintage}
                    if is_one or key.flow != "balance":
                        room = 0.0 if is_one else known.tree.room(key.partner)
                        yield Relation("sum", (whole,), pieces, room=room)


def repetition(known: Network) -> Iterator[Relation]:
    """Two releases are the same but for a revision; a balance may be off by any share."""
    for releases in known.cells.values():
        for one, two in combinations(sorted(releases), 2):
            once = known.tree.room(one.partner)
            if one.measure == "streak":  # up to a year, which is over
                yield Relation("repetition", (one,), (two,), times=True)
            elif one.is_fraction and one.flow in FLOWS[:3] and one.basis != "balance":
                room = (1 + once) ** 2 - 1  # by the revisions of two amounts
                yield Relation("repetition", (one,), (two,), times=True, room=room)
            elif one.is_amount and one.flow != "balance":
                yield Relation("repetition", (one,), (two,), times=True, room=once)


def conversion(known: Network) -> Iterator[Relation]:
    """Amount = amount in another currency × rate, growth = growth × change of the rate."""
    cells: dict[Key, list[Key]] = {}
    for key in known.keys:
        if key.is_money and (key.is_amount or key.measure == "growth"):
            cells.setdefault(key._replace(unit="", vintage=0), []).append(key)
        elif key.measure == TRANSLATION:  # of the one amount beside which its article prints it
            levels = [key.level._replace(unit=u) for u in known.currencies[key.reporter]]
            beside = [k for k in levels if key.basis in {a.article for a in known.keys.get(k, ())}]
            cells[key] = [key, *beside] if len(beside) == 1 else []
    for cell, some in cells.items():
        ways = [way for way in permutations(some, 2) if is_quoted(way[0].unit, way[1].unit)]
        same = [(one, two) for one, two in ways if one.vintage == two.vintage]
        if not same and (not cell.is_amount or cell.flow == "balance"):
            continue
        for one, two in same or ways:  # of two releases, where none has both
            rate = one._replace(measure=RATE, basis="", unit=f"{one.unit} per {two.unit}")
            if one.is_growth:
                then = rate._replace(period=one.basis)
                yield Relation("conversion", (one, then), (two, rate), times=True)
            else:
                rate = rate._replace(basis=one.basis or two.basis)
                room = 0.0 if same else known.tree.room(one.partner)
                yield Relation("conversion", (rate, two), (one,), times=True, room=room)


def customs_rate(known: Network) -> Iterator[Relation]:
    """The rate at which a flow was translated is that of all goods, but for seasons."""
    for rate in [key for key in known.keys if key.measure == RATE and not key.basis]:
        total = rate._replace(partner=WORLD, product=ALL)
        if rate != total and rate.flow in ("exports", "imports"):
            for release in known.releases(total):
                if span := rate_range(*rate.unit.split(" per "), rate.period):
                    room = SPREAD * span.width / span.midpoint
                    yield Relation("conversion", (rate,), (release,), times=True, room=room)


def parts(known: Network) -> Iterator[Relation]:
    """Whole = disjoint parts + a rest that is not negative; all = some + a rest."""
    amounts = [key for key in known.keys if key.is_amount and key.flow != "balance"]
    for column in ("partner", "product"):
        found: dict[Key, list[Key]] = {}
        for key in amounts:
            names = known.tree.above(column, getattr(key, column))
            wholes = (key.but(column, name) for name in names)
            if whole := next((whole for whole in wholes if whole in known.keys), None):
                found.setdefault(whole, []).append(key)
        for whole, some in found.items():
            yield _with_rest(whole, some, column)
    for key in amounts:
        for period in known.longer.get(key.period, [])[:1]:
            for whole in known.releases(key._replace(period=period)):
                room = 0.0 if whole.vintage == key.vintage else known.tree.room(key.partner)
                yield _with_rest(whole, [key], f"{key.period} {key.vintage}", room)
    for key in known.keys:
        whole = key._replace(measure=SOME_OF.get(key.measure, ""), basis="")
        if whole in known.keys:
            yield _with_rest(whole, [key], "measure")


def _with_rest(whole: Key, parts: list[Key], column: str, room: float = 0.0) -> Relation:
    """A whole is some parts, in a column or one period, and what is left when they are off."""
    rest = whole._replace(measure=REST, basis=column)
    return Relation("parts", (whole,), (*parts, rest), room=room)
