"""What articles say beyond figures, put to the test: each claim is comparisons of accounts.

A claim says which quantity has to be above which others. It holds, fails, or is left open by the
intervals; where nothing is known of what it speaks of, it cannot be checked. It is held to the
currency that is printed most; where it comes out otherwise in another, that is said beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from operator import itemgetter
from typing import Any, Final, NamedTuple

from babel.lists import format_list

from tradelib import periods
from tradelib.auditing.checks import Network, Verdict, combined
from tradelib.auditing.keys import ALL, FLOWS, OVERLAPPING, WORLD, Account, Key
from tradelib.auditing.rules import SOME_OF, Relation
from tradelib.quantity import Interval
from tradelib.scale import Scale
from tradelib.wording import parse

Truth = bool | None  # None where the intervals allow both
Claim = Mapping[str, Any]
VERDICTS: Final[dict[Truth, Verdict]] = {False: "contradicts", None: "undecidable", True: "agrees"}
HELD: Final = {True: "above", False: "below", None: "not told apart from"}
GREW: Final = {True: "grew in", False: "fell in", None: "neither grew nor fell for sure in"}
NOTES: Final = {  # what is said beside a kind of claim
    "first above": ["earlier years are not in the data"],
    "rank": ["what counts as one is not said"],
    "larger than sum": ["it depends on the measure"],
}
NOTHING: Final = "nothing in the data bears on it"
SAME: Final = itemgetter("article", "reporter", "partner", "product", "flow", "period")
"""What a count of years above a mark has in common with the mark."""


def mark(words: str) -> Account:
    """A mark that is passed or not: the number itself, not rounded; a rate as its factor."""
    quantity = parse(words)
    at = quantity.value + (quantity.kind == "percent")
    key = Key("", "", "", "", "level", "", "", 0, quantity.unit)
    return Account(key, Interval(at, at), Interval(at, at), words)


ZERO: Final = mark("0%")


def worst(truths: Iterable[Truth]) -> Truth:
    """False if one is, None if it cannot be told, else True."""
    return min(truths, key=[*VERDICTS].index, default=True)


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
        ends = [_written(self.one), _written(self.other)]
        if self.label:  # of what is compared with, unless that is a mark
            ends[bool(self.other.key.period)] += f" ({self.label})"
        return f"{ends[0]}, {HELD[self.above]}", ends[1]


def _written(account: Account) -> str:
    """An account as it is printed; in numbers where it follows, or is in another script."""
    is_in_numbers = account.rule or account.words.endswith(")")
    return account.key.write(account.printed) if is_in_numbers else account.words


@dataclass(frozen=True)
class Look:
    """A claim on one flow in one unit, any if that is empty: look-up, and what it comes to."""

    network: Network
    claim: Claim
    unit: str

    @cached_property
    def pairs(self) -> list[Pair]:
        """What the claim compares."""
        return [*_over_time(self), *_at_one_time(self), *_among_others(self)]

    @property
    def truth(self) -> Truth:
        """Whether all comparisons hold; one that fails may leave it open.

        What counts as one of a kind is seldom said, and by another measure the claim may hold.
        """
        truth, kind = worst(pair.truth for pair in self.pairs), self.claim["kind"]
        is_open = "rank" in (kind, self.claim["measure"])
        is_open |= kind == "larger than sum" and any(pair.truth for pair in self.pairs)
        return None if is_open and truth is False else truth

    def why(self) -> str:
        """Say what fails, else what is not known, else the last that holds."""
        truth = worst(pair.truth for pair in self.pairs)
        some = [pair for pair in self.pairs if pair.truth is truth]
        where = f"{self.claim['flow']} in {Scale.of(self.unit, 1.0).words}" if self.unit else ""
        is_growth = some[0].other is ZERO
        if truth and is_growth:
            return f"{where} grew in each year"
        told: dict[str, list[str]] = {}
        for verb, what in (pair.told() for pair in (some[-1:] if truth else some)):
            told.setdefault(verb, []).append(what)
        texts = [f"{verb} {format_list(what, locale='en')}" for verb, what in told.items()]
        where += (" " if truth is False and is_growth else ": ") * bool(where)
        return where + "; ".join([*texts, *NOTES.get(self.claim["kind"], ())])

    def all(self, **other: str) -> list[Account]:
        """Every account, with columns read otherwise as named; of all times if none is named."""
        row = {**self.claim, "unit": self.unit, **other}
        asked = {"unit", *other} & {"unit", "period", "basis"}
        like = self.network.by_labels.get(tuple(row[column] for column in Key._fields[:5]), [])
        keys = (k for k in like if all(row[c] in ("", getattr(k, c)) for c in asked))
        return [account for key in keys for account in self.network.accounts.get(key, [])]

    def get(self, **other: str) -> Account | None:
        """The narrowest account in the claim's period; growth as printed, else from two levels."""
        at = {"period": self.claim["period"], **other}
        found = map(self._as_of, self.all(**at))
        best = min(found, default=None, key=lambda account: account.printed.width)
        if best or {**self.claim, **at}["measure"] != "growth":
            return best
        before = periods.later(at["period"], -1)
        now, then = (
            self.get(**at | {"measure": "level", "period": p}) for p in (at["period"], before)
        )
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


def _over_time(look: Look) -> Iterator[Pair]:
    """What a claim compares in one period and in others."""
    claim, now = look.claim, look.claim["period"]
    at = mark(claim["threshold"]) if claim["threshold"] else None
    match claim["kind"], claim["measure"]:
        case "record", _ if claim["against"]:  # none of others' records was more
            for name in claim["against"]:
                record = {"reporter": name, "measure": "record level", "period": ""}
                yield Pair(name, look.get(), look.get(**record))
        case "record", _:  # no earlier period had more
            for period in look.before():
                yield Pair(period, look.get(), look.get(period=period))
        case "first above", _:  # above a mark or another product, and in no period before
            for period in (*look.before(), now):
                other = at or look.get(period=period, product=";".join(claim["against"]))
                yield Pair(period, look.get(period=period), other, period == now)
        case "streak", "rank":  # others count as many periods
            yield Pair(now, look.get(measure="streak"), mark(f"{claim['years']} years"))
        case "streak", _:  # it grew or was above a mark; a count holds for no period before
            for back in reversed(range(claim["years"] + claim.get("is_count", 0))):
                period = periods.later(now, -back)
                known = look.get(period=period, measure="level" if at else "growth")
                yield Pair(period, known, at or ZERO, back < claim["years"])


def _at_one_time(look: Look) -> Iterator[Pair]:
    """What a claim compares in its own period."""
    claim = look.claim
    match claim["kind"]:
        case "threshold":  # an amount comes close to a mark from below
            high = mark(claim["threshold"])
            least = parse(f"close to {high.words}").lower
            ends = Interval(least, least)
            low = replace(high, rounded=ends, printed=ends, words=f"what is close to {high.words}")
            yield from (Pair("", look.get(), low), Pair("", high, look.get()))
        case "range":  # rates of several products lie below a mark
            for product in claim["product"].split(";"):
                yield Pair(product, mark(claim["threshold"]), look.get(product=product))
        case "part of":  # a count of some is at most the count of all
            yield Pair("", look.get(measure=SOME_OF.get(claim["measure"], "")), look.get())
        case "decline":  # a share fell: the part grew by less than its whole
            whole = look.get(measure="growth", partner=WORLD)
            yield Pair(claim["partner"], whole, look.get(measure="growth"))
        case "count":  # a count is that of the things named
            count = mark(f"{len(claim['against'])} things")
            for figure in map(look.network.figures.__getitem__, claim["figures"]):
                yield from (Pair("", figure, count), Pair("", count, figure))


def _among_others(look: Look) -> Iterator[Pair]:
    """What a claim compares with others of which something is known."""
    claim, tree = look.claim, look.network.tree
    column = "partner" if claim["product"] == ALL else "product"
    match claim["kind"], claim["measure"]:
        case "rank", "level":  # it is the largest of its kind
            for name, kind in tree.kinds[column].items():
                is_one = name not in (ALL, WORLD, claim[column]) and kind not in OVERLAPPING
                if is_one and (other := look.get(**{column: name})):
                    yield Pair(name, look.get(), other)
        case "larger than sum", _:  # by each measure in which others tell all
            for own in (one for one in look.all() if not one.article):
                at = {"period": own.key.period, "basis": own.key.basis}
                some = [look.all(reporter=name, **at)[:1] for name in claim["against"]]
                if all(some):
                    total = sum((account.printed for (account,) in some), Interval(0, 0))
                    whole = Account(own.key, total, total, "", rule="sum")
                    yield Pair(f"{own.key.basis} in {own.key.period}", own, whole)


class Said(NamedTuple):
    """What an article says, and what it comes to.

    ``cited`` are the article's figures that say the same, ``figures`` all that it rests on,
    ``about`` the statement that a count is part of; it ``depends`` where it holds in one currency
    and not in another.
    """

    rule: str
    article: str
    statement: str
    about: str
    cited: tuple[str, ...]
    figures: tuple[str, ...]
    verdict: Verdict = "not checkable"
    why: str = NOTHING
    depends: bool = False

    @property
    def words(self) -> str:
        """The statement, and what it comes to."""
        return f"{self.statement}. {self.why[:1].upper()}{self.why[1:]}."


def judged(claims: Iterable[Claim], network: Network) -> Iterator[Said]:
    """Give what each claim and each printed count comes to; those of which nothing is known too.

    Of currencies that decide a claim the one counts that is printed most, of a count any in which
    it holds.
    """
    claims = list(claims)
    stated = {n: claim["statement"] for claim in claims[::-1] for n in claim["figures"].split(";")}
    for claim in [*claims, *_counts(network)]:
        lists = {c: [name for name in claim[c].split(";") if name] for c in ("against", "figures")}
        cited, statement, is_count = lists["figures"], claim["statement"], "is_count" in claim
        tried = _looks({**claim, **lists}, network)
        worth = {None: 0, False: 1, True: 1} if not is_count else {False: 0, None: 1, True: 2}
        truth, looks = max(tried, key=lambda one: worth[one[0]], default=(None, []))
        others = [some for other, some in tried if {other, truth} == {True, False} and not is_count]
        pairs = [pair for look in looks for pair in look.pairs]
        rests = [name for pair in pairs for one in pair[1:3] if one for name in one.figures]
        told = [look.why() for some in (looks, *others) for look in some]
        yield Said(
            rule="count" if is_count else "claims",
            article=claim["article"],
            statement=statement,
            about=claim["article"] + (stated.get(cited[0], cited[0]) if is_count else statement),
            cited=tuple(cited),
            figures=tuple(dict.fromkeys([*cited, *rests])),
            verdict=VERDICTS[truth] if tried else "not checkable",
            why="; ".join(told) or NOTHING,
            depends=bool(others) and truth is True,
        )


def _looks(claim: Claim, network: Network) -> list[tuple[Truth, list[Look]]]:
    """What a claim comes to in each currency in which something is known, printed most first."""
    is_money = claim["measure"] in ("level", "growth") or claim["kind"] == "decline"
    units = (network.currencies(claim["reporter"]) if is_money else []) or [""]
    if claim["threshold"] and mark(claim["threshold"]).key.is_money:
        units = [mark(claim["threshold"]).key.unit]
    found = []
    for unit in units:
        looks = [Look(network, {**claim, "flow": flow}, unit) for flow in claim["flow"].split(";")]
        known = [look for look in looks if any(pair.one and pair.other for pair in look.pairs)]
        if known:
            found.append((worst(look.truth for look in known), known))
    return found


def _counts(network: Network) -> Iterator[Claim]:
    """The counts of articles that count periods, as claims of their length."""
    ours = (one for one in network.figures.values() if one.article and one.key.period)
    rows = [one.row for one in ours if one.row["flow"] in FLOWS]
    marks = {SAME(row): row for row in rows if row["measure"] == "threshold"}
    none = {"surface": "", "name": ""}
    for row in rows:
        at = {"streak": none, "threshold streak": marks.get(SAME(row))}.get(row["measure"])
        if at:
            claim = {**row, "kind": "streak", "measure": "growth", "against": ""}
            claim |= {"statement": f"“{row['surface']}”", "threshold": at["surface"]}
            claim |= {"figures": f"{row['name']};{at['name']}"}
            claim |= {"years": math.ceil(row["printed_lower"])}
            yield claim | {"is_count": row["lower"] == row["upper"]}
