"""What is said of all quantities, what follows from it, and whether it holds together: the checks.

A check is a relation with a choice of accounts for its members.
"""

from __future__ import annotations

import math
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, product
from typing import Any, Final, Literal, get_args

from tradelib import periods
from tradelib.auditing import rules
from tradelib.auditing.keys import ADDITIVE, OVER_ONE, RATE, REST, TRANSLATION, Account, Key, Tree
from tradelib.auditing.rules import Relation
from tradelib.quantity import Interval
from tradelib.reference import AROUND
from tradelib.scale import MINUS

LAYERS: Final = 3  # accounts are computed from printed ones, then from those, and once more
MOST: Final = 4  # so many figures stand behind a computed account, at most
WAYS: Final = 50  # with more ways to choose accounts for a relation, only the best are taken
CLOSE: Final = 1e-9  # relative room for the rounding of binary floats
ALONE: Final = ("threshold", "threshold streak", "record level")
"""Measures of which one quantity may have several true numbers."""
Verdict = Literal["contradicts", "undecidable", "agrees if cut off", "not checkable", "agrees"]
ORDER: Final = get_args(Verdict)  # worst first: the one order of findings and checks everywhere


def mark_translations(accounts: list[Account]) -> list[Account]:
    """Set apart the amounts that an article only translates.

    An article only translates a reporter's amounts into a currency where it prints no growth in it,
    others print nothing, and each amount stands beside the same one in another currency, in which
    it prints more. Translated one by one, at rates of their own, they need not add up.
    """
    said = defaultdict[tuple[str, str, str], list[Key]](list)
    for one in (one for one in accounts if one.key.is_money):
        said[one.article, one.key.reporter, one.key.unit].append(one.key._replace(unit=""))
    translated = set()
    for (article, reporter, unit), own in said.items():
        voice = article, reporter
        others = [keys for (*who, of), keys in said.items() if tuple(who) == voice and of != unit]
        beside = {key for keys in others for key in keys}
        is_less = len(own) < max(map(len, others), default=0)
        is_said = not article or ("", reporter, unit) in said
        if is_less and not is_said and all(k.measure in ADDITIVE and k in beside for k in own):
            translated.add((article, reporter, unit))
    return [
        replace(one, key=one.key._replace(measure=TRANSLATION, basis=one.article))
        if (one.article, one.key.reporter, one.key.unit) in translated
        else one
        for one in accounts
    ]


class Network:
    """Quantities, their accounts and the relations between them.

    ``figures`` has the account of each figure by its name, ``keys`` of each quantity its printed
    accounts, none where it only follows; ``relations`` has each relation once, in the order of the
    rules, ``of`` those that a quantity stands in; ``cells`` the releases of what is alike but for
    them, ``by_labels`` what is alike but for time, basis and unit, ``places`` the figures on one
    place. An account may be ``asked`` about without being taken for known.
    """

    def __init__(self, accounts: Iterable[Account], tree: Tree, *asked: Account):
        self.tree, self.figures = tree, {account.figures[0]: account for account in accounts}
        self.keys: dict[Key, list[Account]] = {}
        self.cells: dict[Key, list[Key]] = {}
        self.by_labels: dict[tuple[Any, ...], list[Key]] = {}
        self.places: dict[tuple[str, str, str], list[Account]] = {}
        for account in self.figures.values():
            self.places.setdefault(self.place(account), []).append(account)
        self.units: Counter[tuple[str, str]] = Counter()
        for account in mark_translations(list(self.figures.values())):
            key = account.key
            self._add(key)
            self.keys[key].append(account)
            tells = key.is_money and key.measure in ("growth", *ADDITIVE)
            self.units[key.reporter, key.unit] += tells
        self.published: dict[Key, set[str]] = {}
        for account in [*chain(*self.keys.values()), *asked]:
            self._add(account.key)
            self.published.setdefault(account.key, set()).add(account.row["published"])
        self.relations: dict[Relation, None] = {}
        new = list(self.keys)
        while new:
            closing = (rules.balance, rules.growth, rules.share, rules.sums)
            new = self._take([relation for rule in closing for relation in rule(self, new)])
        for rule in (rules.repetition, rules.conversion, rules.customs_rate, rules.parts):
            self._take(list(rule(self)))
        self.of: dict[Key, list[Relation]] = {}
        for relation in self.relations:
            for key in relation.members:
                self.of.setdefault(key, []).append(relation)

    def _add(self, key: Key) -> bool:
        """Take in a quantity; whether it is new."""
        is_new = key not in self.keys
        if is_new:
            self.keys[key] = []
            self.cells.setdefault(key._replace(vintage=0), []).append(key)
            self.by_labels.setdefault(key[:5], []).append(key)
        return is_new

    def _take(self, relations: list[Relation]) -> list[Key]:
        """Take in the relations that a rule finds; the quantities that are new with them."""
        self.relations |= dict.fromkeys(relations)
        return [key for relation in relations for key in relation.members if self._add(key)]

    def place(self, account: Account) -> tuple[str, str, str]:
        """Reporter, partner and product, which of a line is that of its group."""
        key = account.key
        return key.reporter, key.partner, self.tree.sums.get(key.product, (key.product,))[0]

    def like(self, key: Key) -> list[Key]:
        """Every quantity with the same labels but for its time, its basis and its unit."""
        return self.by_labels.get(key[:5], [])

    def releases(self, key: Key) -> list[Key]:
        """All releases of a quantity of which something is known, the latest last."""
        return sorted(self.cells.get(key._replace(vintage=0), []))

    def currencies(self, reporter: str) -> list[str]:
        """The currencies in which a reporter's trade is told, not translated; most used first."""
        used = self.units.most_common()
        return [unit for (who, unit), count in used if who == reporter and count]

    @cached_property
    def longer(self) -> dict[str, list[str]]:
        """The periods and years in use that hold one shorter than a year; the shortest first."""
        bases = {key.basis for key in self.keys if key.is_growth}
        used = {key.period for key in self.keys}.union(bases) - {""}
        spans = {period: periods.months(period) for period in used | {p[:4] for p in used}}
        by_length = sorted(spans, key=lambda p: (spans[p][1] - spans[p][0], p))
        return {
            inner: [p for p in by_length if spans[p][0] <= begin and end <= spans[p][1]][1:]
            for inner, (begin, end) in spans.items()
            if end - begin < 11
        }

    def is_surplus(self, *keys: Key) -> bool:
        """Whether balances are printed above zero and none of them below, in any unit."""
        like = (other for key in keys for other in self.like(key) if other.period == key.period)
        printed = [account.printed.lower for other in like for account in self.keys[other]]
        return bool(printed) and min(printed) >= 0

    @cached_property
    def accounts(self) -> dict[Key, list[Account]]:
        """What is said of each quantity: what is printed, else what is assumed or follows.

        Of what is printed first the articles', then of others' what says more than another.
        """
        known: dict[Key, list[Account]] = {}
        for key, printed in self.keys.items():
            ours = [one for one in printed if one.article]
            others = sorted((o for o in printed if not o.article), key=lambda o: o.printed.width)
            ends = [end for one in others[:1] for end in (one.printed.lower, one.printed.upper)]
            more = [one for one in others[1:] if not all(end in one.printed for end in ends)]
            known[key] = ours + others[:1] + more + self.assumed(key)
        for _ in range(LAYERS):
            unknown = (key for key in self.of if key.measure == RATE or not known[key])
            known |= {key: self._computed(key, known) for key in unknown}
        return known

    def assumed(self, key: Key) -> list[Account]:
        """What nobody prints and everybody may assume: rests, and the range of exchange rates.

        Amounts of a period were translated at rates of its days or, where both were published at
        one time, of the days around it.
        """
        if key.measure == REST:
            above = Interval(0, math.inf)
            return [Account(key, above, above, "the rest")]
        if key.measure != RATE:
            return []
        when: list[set[str]] = []
        for unit in key.unit.split(" per "):
            amount = key.level._replace(unit=unit)
            of = amount, amount._replace(measure=TRANSLATION, basis=key.basis)
            when.append(set().union(*(self.published.get(k, ()) for k in of)))
        spans = [periods.days(key.period)]
        for published in sorted(when[0] & when[1]):  # a day or, where none is printed, its month
            first, last = periods.days(published)
            spans.append((first - AROUND, last + AROUND))
        ranges = [found for span in spans if (found := rules.rates_of(key.unit, *span))]
        if not ranges:
            return []
        low, high = min(span.lower for span in ranges), max(span.upper for span in ranges)
        words = f"the daily rates then ran from {low:.4g} to {high:.4g}"
        return [Account(key, Interval(low, high), Interval(low, high), words)]

    def _computed(self, key: Key, known: dict[Key, list[Account]]) -> list[Account]:
        """What follows for a quantity: the best from articles' figures, and from others' alone.

        Of a rate, which is the customs', all that follows from others', and what is assumed.
        """
        found = sorted(self._followed(key, known), key=lambda one: one.printed.width)
        others = [one for one in found if not one.article]
        if key.measure == RATE:
            return others + [one for one in known[key] if not one.figures]
        return [one for one in found if one.article][:1] + others[:1]

    def _followed(self, key: Key, known: dict[Key, list[Account]]) -> Iterator[Account]:
        """What each relation gives of a quantity, from the best accounts of the others in it."""
        for relation in self.of[key]:
            is_total = key.measure == RATE and key in relation.right  # whose rate no part's tells
            if relation.rule in ("repetition", "parts") or is_total:
                continue
            members = [other for other in relation.members if other != key]
            choices = [[one for one in known[other] if one.figures] for other in members]
            alone = [[one for one in some if not one.article] for some in choices]
            best = (tuple(some[0] for some in each) for each in (choices, alone) if all(each))
            for way in dict.fromkeys(best):
                account = combined(relation, key, dict(zip(members, way, strict=True)))
                if len(account.figures) <= MOST and account.printed.width < math.inf:
                    yield account


def combined(relation: Relation, key: Key, accounts: Mapping[Key, Account]) -> Account:
    """Give the account of a quantity that follows from those of the others in a relation."""
    others, rest, count = relation.sides(key)
    plus, minus = ([accounts[k] for k in some] for some in (others, rest))
    add, take = ("×", "÷") if relation.times else ("+", MINUS)
    words = f" {add} ".join(one.inside() for one in plus)
    words += "".join(f" {take} {one.inside()}" for one in minus)
    if len(plus) + len(minus) == 1:
        words = plus[0].words
    elif key.is_growth and minus:
        words += OVER_ONE
    elif count > 1:
        words = f"({words}) ÷ {count}"
    every = (*plus, *minus)
    return Account(
        key,
        relation.solve(key, lambda k: accounts[k].rounded),
        relation.solve(key, lambda k: accounts[k].printed),
        words,
        figures=tuple(dict.fromkeys(name for one in every for name in one.figures)),
        article=next((one.article for one in every if one.article), ""),
        rule=relation.rule if relation.rule != "repetition" else plus[0].rule,
    )


@dataclass(frozen=True, eq=False)
class Check:
    """Two accounts of one quantity held against each other.

    ``left`` follows from the accounts that were taken for the other members of the relation,
    ``right`` is said of the quantity itself; ``gap`` is how far their intervals as printed lie
    apart, as a share, and 0 where they do not.
    """

    rule: str
    verdict: Verdict
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
        """The accounts of which one was cut off: it alone, read as printed, lets the two meet."""
        told, accounts = self.right.key, self.accounts

        def gap(one: Account) -> float:
            ends = {k: a.printed if a is one else a.rounded for k, a in accounts.items()}
            return max(apart(self.relation.solve(told, ends.__getitem__), ends[told]), 0)

        gaps = [(gap(one), one) for one in accounts.values() if one.rounded != one.printed]
        least = min((gap for gap, _ in gaps), default=0)
        return [one for gap, one in gaps if gap == least]


def apart(left: Interval, right: Interval) -> float:
    """How far two intervals lie apart; below zero by how much they overlap."""
    return max(left.lower - right.upper, right.lower - left.upper)


def compare(relation: Relation, accounts: Mapping[Key, Account]) -> Check:
    """Hold what the other members of a relation leave of the first against its own account.

    As rounded, accounts that share no more than an end do not agree, unless one is a point: 25.40
    may have been rounded to 25.4, 25.45 hardly was.
    """
    told = relation.left[0]
    left, right = combined(relation, told, accounts), accounts[told]
    ends = (right.printed.lower, right.printed.upper)
    size = max((abs(end) for end in ends if math.isfinite(end)), default=0) or 1
    close = CLOSE * size
    is_point = 0 in (left.rounded.width, right.rounded.width)
    distance = apart(left.printed, right.printed)
    verdict: Verdict = "agrees if cut off" if distance <= close else "contradicts"
    if apart(left.rounded, right.rounded) <= (close if is_point else -close):
        verdict = "agrees"
    rule = left.rule or right.rule or relation.rule  # what is only repeated has the rule it came by
    figures = tuple(dict.fromkeys(left.figures + right.figures))
    gap = distance / size if verdict == "contradicts" else 0.0
    return Check(rule, verdict, relation, accounts, left, right, figures, gap)


def every_check(network: Network) -> Iterator[Check]:
    """Every check that involves a figure of an article; the same figures are checked once."""
    related = (_related(relation, network.accounts) for relation in network.relations)
    return _once(chain(_printings(network), *related))


def checks_of(account: Account, network: Network) -> Iterator[Check]:
    """Every check of an account of which a network does not know."""
    key, known = account.key, ChainMap({account.key: [account]}, network.accounts)
    others = (again(key, account, other) for other in network.accounts.get(key, []))
    return _once(
        chain(others, *(_related(relation, known) for relation in network.of.get(key, [])))
    )


def _once(checks: Iterable[Check]) -> Iterator[Check]:
    """Of the checks of the same figures the first."""
    seen: set[tuple[bool, frozenset[str]]] = set()
    for check in checks:
        figures = check.is_two_sided, frozenset(check.figures)
        if figures not in seen:
            seen.add(figures)
            yield check


def _printings(network: Network) -> Iterator[Check]:
    """Printings of one quantity: each of an article against each other, and against others'.

    Two articles may mean different currencies where neither says one.
    """
    for key, printed in network.keys.items():
        if len(printed) > 1 and key.measure not in ALONE:
            is_bare = key.measure == "growth" and not key.unit
            for one, two in combinations(network.accounts.get(key, []), 2):
                if (one.article or two.article) and (one.article == two.article or not is_bare):
                    yield again(key, one, two)


def again(key: Key, one: Account, two: Account) -> Check:
    """Hold one account of a quantity against another."""
    twin = key._replace(basis=f"{key.basis} again")
    return compare(Relation("repetition", (key,), (twin,), times=True), {key: two, twin: one})


def _related(relation: Relation, known: Mapping[Key, list[Account]]) -> Iterator[Check]:
    """A relation with every choice of an account for each member.

    No figure twice, an article's among them; of rates the best that does not rest on the amounts.
    """
    choices = [known.get(key, []) for key in relation.members]
    if not all(choices) or not any(one.article for some in choices for one in some):
        return
    if relation.rule == "parts" or math.prod(map(len, choices)) > WAYS:
        choices = [some[:1] for some in choices]
    done: set[frozenset[str]] = set()
    for accounts in product(*choices):
        figures = [name for one in accounts for name in one.figures]
        amounts = frozenset(n for a in accounts if a.key.measure != RATE for n in a.figures)
        is_ours = any(one.article for one in accounts)
        if is_ours and len(figures) == len(set(figures)) and amounts not in done:
            done.add(amounts)
            yield compare(relation, dict(zip(relation.members, accounts, strict=True)))
