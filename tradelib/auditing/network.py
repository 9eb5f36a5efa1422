"""All that is said of all quantities: printed accounts, relations, and what follows from both."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Final

from tradelib.auditing import periods, rules
from tradelib.auditing.keys import (
    ADDITIVE,
    GROWTH,
    RATE,
    REST,
    TRANSLATION,
    Account,
    Formula,
    Key,
    Row,
    account_of,
    mark_translations,
    together,
)
from tradelib.auditing.rules import Relation
from tradelib.auditing.tree import Tree
from tradelib.quantity import Interval
from tradelib.reference import AROUND

MOST: Final = 4
"""At most so many figures stand behind a computed account."""
LAYERS: Final = 3
"""Accounts are computed from printed ones, then from those, and once more."""


class Network:
    """Quantities, their accounts and the relations between them.

    ``keys`` has of each quantity its printed accounts, none where it only follows; ``relations``
    each relation once, in the order of the rules; ``of`` those that a quantity stands in.
    """

    def __init__(self, rows: Iterable[Row], tree: Tree):
        self.tree, self.rows = tree, {row["name"]: row for row in rows}
        self.keys: dict[Key, list[Account]] = {}
        self.by_release: dict[Key, list[Key]] = {}
        self.by_currency: dict[Key, list[Key]] = {}
        self.by_labels: dict[tuple[Any, ...], list[Key]] = {}
        self.figures = list(mark_translations(map(account_of, self.rows.values())))
        for account in self.figures:
            self._add(account.key)
            self.keys[account.key].append(account)
        self.rates = [key for key in self.keys if key.measure in GROWTH]
        self.shares = [key for key in self.keys if key.measure == "share"]
        self.relations = self._related()
        self.of: dict[Key, list[Relation]] = {}
        for relation in self.relations:
            for key in relation.members:
                self.of.setdefault(key, []).append(relation)

    def _add(self, key: Key) -> None:
        """Take in a quantity, and find it by its releases and its currencies."""
        self.keys[key] = self.keys.get(key, [])
        releases = self.by_release.setdefault(key._replace(vintage=0), [])
        if key not in releases:
            releases.append(key)
            self.by_labels.setdefault(key[:5], []).append(key)
            releases.sort(key=lambda key: key.vintage)
            if key.is_money and (key.is_amount or key.measure == "growth"):
                self.by_currency.setdefault(key._replace(vintage=0, unit=""), []).append(key)

    def currencies(self, reporter: str) -> list[str]:
        """The currencies in which a reporter's trade is told, not translated; most used first."""
        return self._currencies.get(reporter, [])

    @cached_property
    def _currencies(self) -> dict[str, list[str]]:
        found: dict[str, Counter[str]] = {}
        for key in (account.key for account in self.figures):
            if (key.is_money and key.measure in ADDITIVE) or (key.measure == "growth" and key.unit):
                found.setdefault(key.reporter, Counter())[key.unit] += 1
        return {who: [unit for unit, _ in some.most_common()] for who, some in found.items()}

    def _related(self) -> list[Relation]:
        """Run the rules until no new quantity comes up, then those that only tie what is there."""
        found: dict[Relation, None] = {}
        new = list(self.keys)
        while new:
            closing = (rules.balance, rules.growth, rules.share, rules.sums)
            more = [relation for rule in closing for relation in rule(self, new)]
            found |= dict.fromkeys(more)
            members = dict.fromkeys(key for relation in more for key in relation.members)
            new = [key for key in members if key not in self.keys]
            for key in new:
                self._add(key)
        found |= dict.fromkeys(rules.repetition(self)) | dict.fromkeys(rules.conversion(self))
        rates = {key for relation in found for key in relation.members if key.measure == RATE}
        found |= dict.fromkeys(rules.customs_rate(self, sorted(rates)))
        return list(found | dict.fromkeys(rules.parts(self)))

    def releases(self, key: Key) -> list[Key]:
        """All releases of a quantity of which something is known, the latest last."""
        return self.by_release.get(key._replace(vintage=0), [])

    def like(self, key: Key) -> list[Key]:
        """Every quantity with the same labels but for its time, its basis and its unit."""
        return self.by_labels.get(key[:5], [])

    def longer(self, period: str) -> list[str]:
        """The longer periods in use that hold one, and its years; the shortest first."""
        return self._longer.get(period, [])

    @cached_property
    def _longer(self) -> dict[str, list[str]]:
        used = {period for key in self.keys for period in (key.period, key.base_period) if period}
        spans = {period: periods.months(period) for period in used | {p[:4] for p in used}}
        by_length = sorted(spans, key=lambda p: (spans[p][1] - spans[p][0], p))
        return {
            inner: [
                p for p in by_length if p != inner and spans[p][0] <= begin and end <= spans[p][1]
            ]
            for inner, (begin, end) in spans.items()
            if end - begin < 11
        }

    def nouns(self, key: Key) -> set[str]:
        """The noun in which amounts like this are counted, if there is one only."""
        found = {other.unit for other in self.like(key)}
        return found if len(found) == 1 else set()

    def is_surplus(self, *keys: Key) -> bool:
        """Whether balances are printed above zero and none of them below, in any unit."""
        like = (other for key in keys for other in self.like(key) if other.period == key.period)
        printed = [account.printed.lower for other in like for account in self.keys[other]]
        return bool(printed) and min(printed) >= 0

    def beside(self, key: Key) -> list[Key]:
        """The amounts in other currencies beside which an article prints a translation."""
        level = key._replace(measure="level", basis="")
        keys = (level._replace(unit=unit) for unit in self.currencies(key.reporter))
        article = key.basis
        return [k for k in keys if any(a.article == article for a in self.keys.get(k, ()))]

    # What follows from what is printed.

    def accounts(self, key: Key) -> list[Account]:
        """What is said of a quantity: what is printed, else what is assumed or follows."""
        return self._accounts.get(key, [])

    def telling(self, key: Key) -> list[Account]:
        """Of those the articles', and of the others what says more than an article does."""
        found = self.accounts(key)
        ours = [account.printed for account in found if account.is_article]
        for own in ours:
            low, high = own.lower, own.upper
            found = [
                a for a in found if a.is_article or a.printed.lower > low or a.printed.upper < high
            ]
        return found

    @cached_property
    def _accounts(self) -> dict[Key, list[Account]]:
        known = {}
        for key, printed in self.keys.items():
            if printed:
                others = together([account for account in printed if not account.article])
                known[key] = [account for account in printed if account.article] + others
        assumed = {key: found for key in self.of if (found := self.assumed(key))}
        known |= assumed
        for _ in range(LAYERS):
            new: dict[Key, list[Account]] = {}
            for key in self.of:
                if key.measure == RATE or key not in known:
                    found = sorted(self._computed(key, known), key=_width)
                    ours, others = ([a for a in found if a.is_article is x] for x in (True, False))
                    if key.measure == RATE:  # the customs' own rate of a time is others'
                        new[key] = others + assumed.get(key, [])
                    elif found:
                        new[key] = ours[:1] + others[:1]
            known |= new
        return known

    def assumed(self, key: Key) -> list[Account]:
        """What nobody prints and everybody may assume: rests, and the range of exchange rates.

        Amounts of a period were translated at rates of its days or, where both were published at
        one time, of the days around it.
        """
        if key.measure == REST:
            above = Interval(0, math.inf)
            return [Account(key, above, above, "")]
        if key.measure != RATE:
            return []
        level = key._replace(measure="level", basis="")
        one, two = (self._published(level._replace(unit=u), key) for u in key.unit.split(" per "))
        spans = [periods.days(key.period), *map(around, sorted(one & two))]
        ranges = [found for span in spans if (found := rules.rates_of(key.unit, *span))]
        if not ranges:
            return []
        known = Interval(min(r.lower for r in ranges), max(r.upper for r in ranges))
        return [Account(key, known, known, "the daily rates then")]

    def _published(self, amount: Key, rate: Key) -> set[str]:
        """When the figures of an amount, or of its translation, were published."""
        keys = [amount, amount._replace(measure=TRANSLATION, basis=rate.basis)]
        return {
            self.rows[n]["published"] for k in keys for a in self.keys.get(k, ()) for n in a.figures
        }

    def _computed(self, key: Key, known: dict[Key, list[Account]]) -> Iterator[Account]:
        """The accounts that relations give of a quantity, from the best accounts of the others.

        From articles' where there are any, and from others' alone.
        """
        for relation in self.of[key]:
            others, rest, _ = relation.sides(key)
            is_total = key.measure == RATE and key in relation.right  # whose rate no part's tells
            if relation.rule in ("repetition", "parts") or is_total:
                continue
            for alone in (False, True):
                chosen: dict[Key, Account] = {}
                for other in (*others, *rest):
                    found = (a for a in known.get(other, ()) if a.figures)
                    if best := next((a for a in found if not (alone and a.is_article)), None):
                        chosen[other] = best
                if len(chosen) == len({*others, *rest}):
                    account = combined(relation, key, chosen)
                    if len(account.figures) <= MOST and _width(account) < math.inf:
                        yield account


def combined(relation: Relation, key: Key, accounts: Mapping[Key, Account]) -> Account:
    """Give the account of a quantity that follows from those of the others in a relation."""
    others, rest, count = relation.sides(key)
    plus, minus = ([accounts[k] for k in some] for some in (others, rest))
    figures = tuple(dict.fromkeys(name for a in (*plus, *minus) for name in a.figures))
    return Account(
        key,
        relation.solve(key, lambda k: accounts[k].rounded),
        relation.solve(key, lambda k: accounts[k].printed),
        figures=figures,
        is_article=any(account.is_article for account in (*plus, *minus)),
        rule=relation.rule if relation.rule != "repetition" else plus[0].rule,
        formula=Formula(plus, minus, relation.times, count),
    )


def around(published: str) -> tuple[date, date]:
    """The days around a day of publication, or those of a month or year where no day is printed."""
    if published.count("-") < 2:
        return periods.days(published)
    day = date.fromisoformat(published)
    return day - AROUND, day + AROUND


def _width(account: Account) -> float:
    return account.printed.width
