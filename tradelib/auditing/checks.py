"""What is said of all quantities, what follows from it, and the checks whether that holds."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations, product
from typing import Any, Final, Literal, get_args

from tradelib import periods
from tradelib.auditing import rules
from tradelib.auditing.keys import ADDITIVE, OVER_ONE, RATE, REST, TRANSLATION, Account, Key
from tradelib.auditing.rules import Relation
from tradelib.ledger import Tree
from tradelib.quantity import Interval
from tradelib.reference import rate_range
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
    """Set apart the amounts that an article only translates: they need not add up.

    It prints no growth in their currency, and others nothing; each stands beside the same amount in
    another currency, in which it prints more.
    """
    said = defaultdict[tuple[str, str, str], list[Key]](list)
    for one in (one for one in accounts if one.key.is_money):
        said[one.article, one.key.reporter, one.key.unit].append(one.key._replace(unit=""))
    translated = set()
    for (article, reporter, unit), own in said.items():
        voice = article, reporter
        others = [keys for (*who, of), keys in said.items() if tuple(who) == voice and of != unit]
        is_told = not article or ("", reporter, unit) in said or any(k.is_growth for k in own)
        is_less = any(len(own) < len(keys) for keys in others)
        if is_less and not is_told and set(own) <= set().union(*others):
            translated.add((article, reporter, unit))
    return [
        replace(one, key=one.key._replace(measure=TRANSLATION, basis=one.article))
        if (one.article, one.key.reporter, one.key.unit) in translated
        else one
        for one in accounts
    ]


class Network:
    """Quantities, their accounts and the relations between them.

    ``figures`` are by name, ``keys`` have the printed accounts of each quantity, none where it only
    follows; ``of`` has the relations that one stands in, ``alike`` what is alike but for time,
    basis and unit, ``currencies`` those in which a reporter's trade is told and not translated,
    most used first. An account may be ``asked`` about without being taken for known.
    """

    def __init__(self, accounts: Iterable[Account], tree: Tree, *asked: Account):
        self.tree, self.figures = tree, {account.figures[0]: account for account in accounts}
        self.keys: dict[Key, list[Account]] = {}
        self.cells = defaultdict[Key, list[Key]](list)
        self.alike = defaultdict[tuple[Any, ...], list[Key]](list)
        self.published = defaultdict[Key, set[str]](set)
        printed = mark_translations([*self.figures.values()])
        new = self._add(one.key for one in (*printed, *asked))
        for one in printed:
            self.keys[one.key].append(one)
        for one in (*printed, *asked):
            if one.key.is_money and not one.key.is_growth:
                self.published[one.key.level].add(one.row["published"])
        told = (k for k in (one.key for one in printed) if k.measure in ("growth", *ADDITIVE))
        used = Counter((key.reporter, key.unit) for key in told if key.is_money)
        self.currencies = defaultdict[str, list[str]](list)
        for (reporter, unit), _ in used.most_common():
            self.currencies[reporter].append(unit)
        self.relations: dict[Relation, None] = {}
        closing = (rules.balance, rules.growth, rules.share, rules.sums)
        while new:
            new = self._take(relation for rule in closing for relation in rule(self, new))
        for rule in (rules.repetition, rules.conversion, rules.customs_rate, rules.parts):
            self._take(rule(self))
        self.of = defaultdict[Key, list[Relation]](list)
        for relation in self.relations:
            for key in relation.members:
                self.of[key].append(relation)

    def _take(self, relations: Iterable[Relation]) -> list[Key]:
        found = dict.fromkeys(relations)
        self.relations |= found
        return self._add(key for relation in found for key in relation.members)

    def _add(self, keys: Iterable[Key]) -> list[Key]:
        new = [key for key in dict.fromkeys(keys) if key not in self.keys]
        for key in new:
            self.keys[key] = []
            self.cells[key._replace(vintage=0)].append(key)
            self.alike[key[:5]].append(key)
        return new

    def place(self, account: Account) -> tuple[str, str, str]:
        """Reporter, partner and product, which of a line is that of its group."""
        key = account.key
        return key.reporter, key.partner, self.tree.sums.get(key.product, (key.product,))[0]

    def releases(self, key: Key) -> list[Key]:
        """All releases of a quantity of which something is known, the latest last."""
        return sorted(self.cells[key._replace(vintage=0)])

    @cached_property
    def longer(self) -> dict[str, list[str]]:
        """The periods and years in use that hold one shorter than a year."""
        bases = {key.basis for key in self.keys if key.is_growth}
        return periods.longer({key.period for key in self.keys}.union(bases) - {""})

    @cached_property
    def accounts(self) -> dict[Key, list[Account]]:
        """What is said of each quantity: what is printed, articles' first, else what follows."""
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
        """What nobody prints and everybody may assume: rests, and the range of exchange rates."""
        if key.measure == REST:
            above = Interval(0, math.inf)
            return [Account(key, above, above, "the rest")]
        if key.measure != RATE:
            return []
        one, other = (key.level._replace(unit=unit) for unit in key.unit.split(" per "))
        near = self.published[one] & self.published[other]  # when one may be translated
        span = rate_range(*key.unit.split(" per "), key.period, *near)
        if span is None:
            return []
        words = f"the daily rates then ran from {span.lower:.4g} to {span.upper:.4g}"
        return [Account(key, span, span, words)]

    def _computed(self, key: Key, known: dict[Key, list[Account]]) -> list[Account]:
        """What follows for a quantity: the best from articles' figures, and from others' alone."""
        found = []
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
                    found.append(account)
        found.sort(key=lambda one: one.printed.width)
        others = [one for one in found if not one.article]
        if key.measure == RATE:  # which is the customs'
            return others + [one for one in known[key] if not one.figures]
        return [one for one in found if one.article][:1] + others[:1]


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

    ``left`` follows from ``accounts`` of the other members of the relation, ``right`` is said of
    the quantity itself; ``gap`` is how far they lie apart as printed, as a share; 0 if they do not.
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
        """The accounts of which one was cut off: it alone, read as printed, makes the two agree."""
        accounts = self.accounts
        cut = {key: replace(one, rounded=one.printed) for key, one in accounts.items()}
        ways = [(one, {**accounts, key: cut[key]}) for key, one in accounts.items()]
        found = [one for one, way in ways if compare(self.relation, way).verdict == "agrees"]
        return found or [one for one in accounts.values() if one.rounded != one.printed]


def apart(left: Interval, right: Interval) -> float:
    """How far two intervals lie apart; below zero by how much they overlap."""
    return max(left.lower - right.upper, right.lower - left.upper)


def compare(relation: Relation, accounts: Mapping[Key, Account]) -> Check:
    """Hold what the other members of a relation leave of the first against its own account."""
    told = relation.left[0]
    left, right = combined(relation, told, accounts), accounts[told]
    ends = (right.printed.lower, right.printed.upper)
    size = max((abs(end) for end in ends if math.isfinite(end)), default=0) or 1
    close = CLOSE * size
    # As rounded they share more than an end, unless one is a point: what is 25.40 may have been
    # rounded to 25.4, what is 25.45 hardly was.
    is_point = 0 in (left.rounded.width, right.rounded.width)
    distance = apart(left.printed, right.printed)
    verdict: Verdict = "agrees if cut off" if distance <= close else "contradicts"
    if apart(left.rounded, right.rounded) <= (close if is_point else -close):
        verdict = "agrees"
    rule = left.rule or right.rule or relation.rule  # what is only repeated has the rule it came by
    figures = tuple(dict.fromkeys(left.figures + right.figures))
    gap = distance / size if verdict == "contradicts" else 0.0
    return Check(rule, verdict, relation, accounts, left, right, figures, gap)


def every_check(network: Network, about: Key | None = None) -> Iterator[Check]:
    """Every check of figures of an article, or about one quantity; the same figures once."""
    keys = [about] if about else [key for key, some in network.keys.items() if len(some) > 1]
    relations = network.of[about] if about else network.relations
    known, seen = network.accounts, set[tuple[bool, frozenset[str]]]()
    again = (_again(key, known[key]) for key in keys if key.measure not in ALONE)
    for check in chain(*again, *(_related(relation, known) for relation in relations)):
        figures = check.is_two_sided, frozenset(check.figures)
        if figures not in seen:
            seen.add(figures)
            yield check


def _again(key: Key, accounts: list[Account]) -> Iterator[Check]:
    """Printings of one quantity: each of an article against each other, and against others'."""
    twin = key._replace(basis=f"{key.basis} again")
    relation = Relation("repetition", (key,), (twin,), times=True)
    is_bare = key.measure == "growth" and not key.unit  # two articles may mean two currencies
    for one, two in combinations(accounts, 2):
        if (one.article or two.article) and (one.article == two.article or not is_bare):
            yield compare(relation, {key: two, twin: one})


def _related(relation: Relation, known: Mapping[Key, list[Account]]) -> Iterator[Check]:
    """A relation with every choice of an account for each member: no figure twice, one of ours."""
    choices = [known.get(key, []) for key in relation.members]
    if not all(choices) or not any(one.article for some in choices for one in some):
        return
    if relation.rule == "parts" or math.prod(map(len, choices)) > WAYS:
        choices = [some[:1] for some in choices]
    done: set[frozenset[str]] = set()  # of rates the best that does not rest on the amounts
    for accounts in product(*choices):
        figures = [name for one in accounts for name in one.figures]
        amounts = frozenset(n for a in accounts if a.key.measure != RATE for n in a.figures)
        is_ours = any(one.article for one in accounts)
        if is_ours and len(figures) == len(set(figures)) and amounts not in done:
            done.add(amounts)
            yield compare(relation, dict(zip(relation.members, accounts, strict=True)))
