"""What articles say beyond figures, put to the test: each claim is comparisons of accounts.

A kind of claim says which quantity has to be above which others. It holds, fails, or is left open
by the intervals; where nothing is known of what it speaks of, it cannot be checked. It is held to
the currency that is printed most; where it comes out otherwise in another, that is said beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, NamedTuple

from babel.lists import format_list

from tradelib.auditing import periods
from tradelib.auditing.checks import AGREES, CONTRADICTS, UNCHECKED, UNDECIDABLE, Network, combined
from tradelib.auditing.keys import ALL, FLOWS, OVERLAPPING, WORLD, Account, Key, account_of
from tradelib.auditing.rules import SOME_OF, Relation
from tradelib.quantity import Interval
from tradelib.scale import Scale
from tradelib.wording import parse

Truth = bool | None
"""True, False, or None where the intervals allow both."""
Claim = Mapping[str, Any]
VERDICTS: Final[dict[Truth, str]] = {True: AGREES, None: UNDECIDABLE, False: CONTRADICTS}
LABELS: Final = ("reporter", "partner", "product", "flow", "measure")
HELD: Final = {True: "above", False: "below", None: "not told apart from"}
GREW: Final = {True: "grew in", False: "fell in", None: "neither grew nor fell for sure in"}


def mark(words: str) -> Account:
    """A mark that is passed or not: the number itself, not rounded; a rate as its factor."""
    quantity = parse(words)
    at = quantity.value + (quantity.kind == "percent")
    key = Key("", "", "", "", "level", "", "", 0, quantity.unit)
    return Account(key, Interval(at, at), Interval(at, at), words)


ZERO: Final = mark("0%")


def every(truths: Iterable[Truth]) -> Truth:
    """True if all are, False if one is not, None if it cannot be told."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


class Pair(NamedTuple):
    """Two accounts, of which the first is said to be above the other, or not to be."""

    label: str
    one: Account | None
    other: Account | None
    is_above: bool = True

    @property
    def above(self) -> Truth:
        """Whether the first is at least as large for all that both may be; False if for nothing."""
        if not (self.one and self.other):
            return None
        if self.one.rounded.lower >= self.other.rounded.upper:
            return True
        return False if self.one.printed.upper < self.other.printed.lower else None

    @property
    def truth(self) -> Truth:
        """Whether it is as it is said to be."""
        return None if self.above is None else self.above is self.is_above

    def told(self) -> tuple[str, str]:
        """Say what is known: up to the verb, and what follows it."""
        if not (self.one and self.other):
            return "not known for", self.label
        if self.other is ZERO:
            return GREW[self.above], self.label
        one, other = written(self.one), written(self.other)
        label = f" ({self.label})" * bool(self.label)
        if self.other.key.period:
            return f"{one}, {HELD[self.above]}", other + label
        return f"{one}{label}, {HELD[self.above]}", other


def written(account: Account) -> str:
    """An account as it is printed; in numbers where it follows, or is in another script."""
    if account.rule or account.words.endswith(")"):
        return account.key.write(account.printed.lower, account.printed.upper)
    return account.words


@dataclass(frozen=True)
class Case:
    """A claim on one flow in one unit, any if that is empty: look-up, and what it comes to."""

    network: Network
    claim: Claim
    unit: str

    @cached_property
    def pairs(self) -> list[Pair]:
        """What the claim compares."""
        return list(KINDS[self.claim["kind"]](self))

    @property
    def truth(self) -> Truth:
        """Whether all comparisons hold; one that fails may leave it open.

        What counts as one of a kind is seldom said, and by another measure the claim may hold.
        """
        truth, kind = every(pair.truth for pair in self.pairs), self.claim["kind"]
        is_open = "rank" in (kind, self.claim["measure"])
        is_open |= kind == "larger than sum" and any(pair.truth for pair in self.pairs)
        return None if is_open and truth is False else truth

    def why(self) -> str:
        """Say what fails, else what is not known, else the last that holds."""
        truth = every(pair.truth for pair in self.pairs)
        some = [pair for pair in self.pairs if pair.truth is truth]
        where = f"{self.claim['flow']} in {Scale.of(self.unit, 1.0).words}" if self.unit else ""
        if truth and some[0].other is ZERO:
            return f"{where} grew in each year"
        told: dict[str, list[str]] = {}
        for verb, what in (pair.told() for pair in (some[-1:] if truth else some)):
            told.setdefault(verb, []).append(what)
        texts = [f"{verb} {format_list(what, locale='en')}" for verb, what in told.items()]
        is_verb = truth is False and some[0].other is ZERO
        where += (" " if is_verb else ": ") * bool(where)
        return where + "; ".join([*texts, *NOTES.get(self.claim["kind"], ())])

    def all(self, **other: str) -> list[Account]:
        """Every account, with columns read otherwise as named; of all times if none is named."""
        row = {**self.claim, "unit": self.unit, **other}
        like = self.network.by_labels.get(tuple(row[column] for column in LABELS), [])
        more = [column for column in ("unit", "period", "basis") if column in {"unit", *other}]
        keys = (k for k in like if all(row[c] in ("", getattr(k, c)) for c in more))
        return [account for key in keys for account in self.network.accounts.get(key, [])]

    def get(self, **other: str) -> Account | None:
        """The narrowest account in the claim's period; growth as printed, else from two levels."""
        at = {"period": self.claim["period"], **other}
        found = map(self._as_of, self.all(**at))
        best = min(found, default=None, key=lambda account: account.printed.width)
        if best or {**self.claim, **at}["measure"] != "growth":
            return best
        before = periods.later(at["period"], -1)
        now = self.get(**{**at, "measure": "level"})
        then = self.get(**{**at, "measure": "level", "period": before})
        if not now or not then or then.printed.lower <= 0:
            return None
        key = now.key._replace(measure="growth", basis=before)
        relation = Relation("growth", (then.key, key), (now.key,), times=True)
        return combined(relation, key, {now.key: now, then.key: then})

    def _as_of(self, account: Account) -> Account:
        """An account of another release with room for revisions."""
        key = account.key._replace(vintage=self.claim["vintage"])
        if key == account.key or key.flow == "balance" or not key.is_amount:
            return account
        room = self.network.tree.room(key.partner)
        relation = Relation("repetition", (key,), (account.key,), times=True, room=room)
        return replace(combined(relation, key, {account.key: account}), rule="repetition")

    def before(self) -> list[str]:
        """The earlier periods of the same length in which it is known."""
        first, last = periods.months(self.claim["period"])
        spans = {p: periods.months(p) for p in {account.key.period for account in self.all()} if p}
        return sorted(p for p, (a, b) in spans.items() if a < first and b - a == last - first)


def _record(case: Case) -> Iterator[Pair]:
    """No earlier period had more or, where it is held against others, none of their records."""
    for name in case.claim["against"]:
        record = {"reporter": name, "measure": "record level", "period": ""}
        yield Pair(name, case.get(), case.get(**record))
    for period in case.before() if not case.claim["against"] else ():
        yield Pair(period, case.get(), case.get(period=period))


def _streak(case: Case) -> Iterator[Pair]:
    """It grew, or was above a mark, in so many periods; a count holds for no period before."""
    claim = case.claim
    if claim["measure"] == "rank":
        yield Pair(claim["period"], case.get(measure="streak"), mark(f"{claim['years']} years"))
        return
    at = mark(claim["threshold"]) if claim["threshold"] else ZERO
    measure = "growth" if at is ZERO else "level"
    for back in reversed(range(claim["years"] + claim.get("is_count", 0))):
        period = periods.later(claim["period"], -back)
        known = case.get(period=period, measure=measure)
        yield Pair(period, known, at, back < claim["years"])


def _threshold(case: Case) -> Iterator[Pair]:
    """An amount comes close to a mark from below."""
    high = mark(case.claim["threshold"])
    least = parse(f"close to {high.words}").lower
    ends = Interval(least, least)
    low = replace(high, rounded=ends, printed=ends, words=f"what is close to {high.words}")
    yield from (Pair("", case.get(), low), Pair("", high, case.get()))


def _first_above(case: Case) -> Iterator[Pair]:
    """Above a mark, or another product, in its period and in none before."""
    claim = case.claim
    for period in (*case.before(), claim["period"]):
        other = case.get(period=period, product=";".join(claim["against"]))
        other = mark(claim["threshold"]) if claim["threshold"] else other
        yield Pair(period, case.get(period=period), other, period == claim["period"])


def _rank(case: Case) -> Iterator[Pair]:
    """The largest of its kind, of those of which something is known."""
    column = "partner" if case.claim["product"] == ALL else "product"
    kinds = case.network.tree.kinds[column]
    for name in kinds if case.claim["measure"] == "level" else ():
        other = case.get(**{column: name})
        is_one = name not in (ALL, WORLD, case.claim[column]) and kinds[name] not in OVERLAPPING
        if other and is_one:
            yield Pair(name, case.get(), other)


def _larger_than_sum(case: Case) -> Iterator[Pair]:
    """More than several others together, by each measure in which others tell all."""
    for own in (one for one in case.all() if not one.article):
        at = {"period": own.key.period, "basis": own.key.basis}
        some = [case.all(reporter=name, **at)[:1] for name in case.claim["against"]]
        if all(some):
            total = sum((account.printed for (account,) in some), Interval(0, 0))
            label = f"{own.key.basis} in {own.key.period}"
            yield Pair(label, own, Account(own.key, total, total, "", rule="sum"))


def _range(case: Case) -> Iterator[Pair]:
    """Rates of several products lie below a mark."""
    for product in case.claim["product"].split(";"):
        yield Pair(product, mark(case.claim["threshold"]), case.get(product=product))


def _decline(case: Case) -> Iterator[Pair]:
    """A share fell: the part grew by less than its whole, in one currency."""
    whole = case.get(measure="growth", partner=WORLD)
    yield Pair(case.claim["partner"], whole, case.get(measure="growth"))


def _part_of(case: Case) -> Iterator[Pair]:
    """A count of some is at most the count of all."""
    yield Pair("", case.get(measure=SOME_OF.get(case.claim["measure"], "")), case.get())


def _count(case: Case) -> Iterator[Pair]:
    """A count is that of the things named."""
    count = mark(f"{len(case.claim['against'])} things")
    for name in case.claim["figures"]:
        own = account_of(case.network.rows[name])
        yield from (Pair("", own, count), Pair("", count, own))


KINDS: Final[dict[str, Callable[[Case], Iterator[Pair]]]] = {
    "record": _record,
    "streak": _streak,
    "threshold": _threshold,
    "first above": _first_above,
    "rank": _rank,
    "larger than sum": _larger_than_sum,
    "range": _range,
    "part of": _part_of,
    "decline": _decline,
    "count": _count,
}
NOTES: Final = {
    "first above": ["earlier years are not in the data"],
    "rank": ["what counts as one is not said"],
    "larger than sum": ["it depends on the measure"],
}
"""By kind what is said beside it."""


class Said(NamedTuple):
    """What an article says, and what it comes to.

    ``cited`` are the article's figures that say the same, ``figures`` all that it rests on; it
    ``depends`` where it holds in one currency and not in another.
    """

    rule: str
    article: str
    statement: str
    cited: tuple[str, ...]
    verdict: str
    why: str
    figures: tuple[str, ...]
    depends: bool = False

    @property
    def words(self) -> str:
        """The statement, and what it comes to."""
        why = self.why or "nothing in the data bears on it"
        return f"{self.statement}. {why[:1].upper()}{why[1:]}."


def judged(claims: Iterable[Claim], network: Network) -> Iterator[Said]:
    """Give what each claim and each printed count comes to; those of which nothing is known too.

    A claim is held to the currency that is printed most, one of two products to any that decides
    it, a count to any in which it holds.
    """
    for claim in [*claims, *_counts(network)]:
        lists = {c: [name for name in claim[c].split(";") if name] for c in ("against", "figures")}
        known = _cases({**claim, **lists}, network)
        truths = {unit: every(case.truth for case in cases) for unit, cases in known.items()}
        units, is_claim = list(known), "claim" in claim
        if claim["against"]:
            units.sort(key=lambda unit: (False, True, None).index(truths[unit]))
        if not is_claim:
            units = sorted(units, key=lambda unit: (True, None, False).index(truths[unit]))[:1]
        others = [unit for unit in units if {truths[unit], truths[units[0]]} == {True, False}]
        told = [case.why() for unit in [*units[:1], *others] for case in known[unit]]
        pairs = [pair for unit in units[:1] for case in known[unit] for pair in case.pairs]
        rests = [name for pair in pairs for one in pair[1:3] if one for name in one.figures]
        yield Said(
            "claims" if is_claim else "count",
            claim["article"],
            claim["statement"],
            tuple(lists["figures"]),
            VERDICTS[truths[units[0]]] if units else UNCHECKED,
            "; ".join(told),
            tuple(dict.fromkeys([*lists["figures"], *rests])),
            bool(others) and truths[units[0]] is True,
        )


def _cases(claim: Claim, network: Network) -> dict[str, list[Case]]:
    """A claim in each currency in which something is known of it, those printed most first."""
    is_money = claim["measure"] in ("level", "growth") or claim["kind"] == "decline"
    units = (network.currencies(claim["reporter"]) if is_money else []) or [""]
    if claim["threshold"] and mark(claim["threshold"]).key.is_money:
        units = [mark(claim["threshold"]).key.unit]
    found: dict[str, list[Case]] = {}
    for unit in units:
        for flow in claim["flow"].split(";"):
            case = Case(network, {**claim, "flow": flow}, unit)
            if any(pair.one and pair.other for pair in case.pairs):
                found.setdefault(unit, []).append(case)
    return found


def _counts(network: Network) -> Iterator[Claim]:
    """The counts of articles that count periods, as claims of their length."""
    same = ("article", "reporter", "partner", "product", "flow", "period")
    rows = [row for row in network.rows.values() if row["article"] and row["period"]]
    for row in (row for row in rows if row["flow"] in FLOWS and row["measure"].endswith("streak")):
        claim = {**row, "kind": "streak", "measure": "growth", "against": "", "threshold": ""}
        claim |= {"statement": f"“{row['surface']}”", "figures": row["name"]}
        claim |= {"years": math.ceil(row["printed_lower"])}
        claim |= {"is_count": row["lower"] == row["upper"]}
        if row["measure"] == "streak":
            yield claim
            continue
        for other in (other for other in rows if other["measure"] == "threshold"):
            if all(other[column] == row[column] for column in same):
                figures = f"{row['name']};{other['name']}"
                yield {**claim, "threshold": other["surface"], "figures": figures}
