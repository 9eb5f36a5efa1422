"""The checks: every relation, with every way of taking accounts for its members."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, combinations, product
from typing import Final

from tradelib.auditing.keys import RATE, Account, Key
from tradelib.auditing.network import Network, combined
from tradelib.auditing.rules import Relation
from tradelib.quantity import Interval

AGREES, CUT_OFF, CONTRADICTS = "agrees", "agrees if cut off", "contradicts"
UNDECIDABLE, UNCHECKED = "undecidable", "not checkable"
CLOSE: Final = 1e-9
"""Relative room for the rounding of binary floats."""
WAYS: Final = 50
"""With more ways than this to take accounts for the members, only the best of each is taken."""
ALONE: Final = ("threshold", "threshold streak", "record level")
"""Measures of which one quantity may have several true numbers."""


@dataclass(frozen=True, eq=False)
class Check:
    """Two accounts of one quantity held against each other.

    ``left`` follows from the accounts that were taken for the other members of the relation,
    ``right`` is said of the quantity itself; ``gap`` is how far their intervals as printed lie
    apart, as a share, and 0 where they do not.
    """

    rule: str
    verdict: str
    relation: Relation
    accounts: Mapping[Key, Account]
    left: Account
    right: Account
    figures: tuple[str, ...]
    gap: float

    @property
    def is_two_sided(self) -> bool:
        """Whether it bounds its figures from both sides: parts bound them from one."""
        return self.rule != "parts"

    def cut_off(self) -> list[Account]:
        """The accounts of which one was cut off: read as printed alone, it lets the two meet."""
        told, gaps = self.right.key, {}
        for one in self.accounts.values():
            if one.rounded != one.printed:
                ends = {k: a.printed if a is one else a.rounded for k, a in self.accounts.items()}
                gaps[one.words] = max(
                    apart(self.relation.solve(told, ends.__getitem__), ends[told]), 0
                )
        least = min(gaps.values(), default=0)
        return [a for a in self.accounts.values() if gaps.get(a.words) == least]


def apart(left: Interval, right: Interval) -> float:
    """How far two intervals lie apart; below zero by how much they overlap."""
    return max(left.lower - right.upper, right.lower - left.upper)


def size_of(interval: Interval) -> float:
    """The larger of the finite ends, without its sign; 1 where that is zero."""
    return (
        max((abs(e) for e in (interval.lower, interval.upper) if math.isfinite(e)), default=0) or 1
    )


def compare(relation: Relation, accounts: Mapping[Key, Account]) -> Check:
    """Hold what the other members of a relation leave of the first against its own account.

    As rounded, accounts that share no more than an end do not agree, unless one is a point: 25.40
    may have been rounded to 25.4, 25.45 hardly was.
    """
    told = relation.left[0]
    left, right = combined(relation, told, accounts), accounts[told]
    close = CLOSE * max(size_of(right.rounded), size_of(right.printed))
    is_point = 0 in (left.rounded.width, right.rounded.width)
    distance = apart(left.printed, right.printed)
    verdict = CUT_OFF if distance <= close else CONTRADICTS
    if apart(left.rounded, right.rounded) <= (close if is_point else -close):
        verdict = AGREES
    rule = relation.rule
    if rule == "repetition":  # a computed account that is only repeated is the rule's that gave it
        rule = next((a.rule for a in accounts.values() if a.rule), rule)
    figures = tuple(dict.fromkeys(left.figures + right.figures))
    gap = distance / size_of(right.printed) if verdict == CONTRADICTS else 0.0
    return Check(rule, verdict, relation, accounts, left, right, figures, gap)


def every_check(network: Network, about: str = "") -> Iterator[Check]:
    """Every check that involves a figure of an article; the same figures are checked once.

    Those ``about`` one figure only, if it is named.
    """
    seen: set[tuple[bool, frozenset[str]]] = set()
    every = chain(_printings(network), _related(network, about), _without_currency(network))
    for check in (check for check in every if not about or about in check.figures):
        figures = check.is_two_sided, frozenset(check.figures)
        if figures not in seen:
            seen.add(figures)
            yield check


def _printings(network: Network) -> Iterator[Check]:
    """Printings of one quantity: each of an article against each other, and against others'."""
    for key, printed in network.keys.items():
        if len(printed) > 1 and key.measure not in ALONE:
            for one, two in combinations(network.accounts(key), 2):
                same = one.article == two.article or not key.is_bare
                if (one.is_article or two.is_article) and same:
                    yield again(key, one, two)


def again(key: Key, one: Account, two: Account, room: float = 0.0) -> Check:
    """Hold one account of a quantity against another."""
    twin = key._replace(basis=f"{key.basis} again")
    return compare(Relation("repetition", (key,), (twin,), True, room), {key: two, twin: one})


def _related(network: Network, about: str) -> Iterator[Check]:
    for relation in network.relations:
        if _is_asked(relation, network):
            for accounts in _ways(relation, network, about):
                yield compare(relation, accounts)


def _is_asked(relation: Relation, network: Network) -> bool:
    """Twice a flow is asked only where the fourth flow is not printed: else it says nothing new."""
    told = relation.left[0]
    if relation.rule != "balance" or relation.left.count(told) == 1:
        return True
    fourth = {"exports": "imports", "imports": "exports"}[told.flow]
    return not network.keys[told._replace(flow=fourth)]


def _ways(relation: Relation, network: Network, about: str) -> Iterator[dict[Key, Account]]:
    """Every choice of an account for each member: no figure twice, an article's among them.

    Of rates the best that does not rest on the amounts themselves.
    """
    choices = [network.telling(key) for key in relation.members]
    if not all(choices) or not any(a.is_article for some in choices for a in some):
        return
    if relation.rule == "parts" or math.prod(map(len, choices)) > WAYS:
        choices = [some[:1] for some in choices]
    done: set[frozenset[str]] = set()
    for accounts in product(*choices):
        figures = [name for account in accounts for name in account.figures]
        amounts = frozenset(n for a in accounts if a.key.measure != RATE for n in a.figures)
        ours = any(account.is_article for account in accounts)
        asked = ours and (not about or about in figures)
        if asked and len(figures) == len(set(figures)) and amounts not in done:
            done.add(amounts)
            yield dict(zip(relation.members, accounts, strict=True))


def _without_currency(network: Network) -> Iterator[Check]:
    """A rate whose currency is not printed may repeat that in any, and is never doubted."""
    for key, accounts in network.keys.items():
        if not key.is_bare:
            continue
        with_one = network.by_currency.get(key._replace(vintage=0), [])
        for one in (account for account in accounts if account.article):
            found = []
            for other in with_one:
                once = 0.0 if other.vintage == key.vintage else network.tree.room(key.partner)
                room = (1 + once) ** 2 - 1
                found += [again(other, one, two, room) for two in network.accounts(other)[:1]]
            held = [check for check in found if check.verdict != CONTRADICTS]
            nearest = sorted(found, key=lambda check: check.gap)[:1]
            yield from held or [replace(check, verdict=UNDECIDABLE) for check in nearest]
