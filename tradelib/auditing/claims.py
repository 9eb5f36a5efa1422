"""What articles say beyond figures, put to the test: each claim is comparisons of accounts.

A claim says which quantity has to be above which others: it holds, fails, or is left open by the
intervals.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any, Final, NamedTuple

from babel.lists import format_list

from tradelib import periods
from tradelib.auditing.checks import Network, Verdict
from tradelib.auditing.keys import ALL, FLOWS, WORLD, Account, Key
from tradelib.ledger import OVERLAPPING
from tradelib.quantity import Interval
from tradelib.scale import Scale
from tradelib.wording import parse

Truth = bool | None  # None where the intervals allow both
Claim = Mapping[str, Any]
VERDICTS: Final[dict[Truth, Verdict]] = {False: "contradicts", None: "undecidable", True: "agrees"}
HELD: Final = {True: "above", False: "below", None: "not told apart from"}
GREW: Final = {True: "grew in", False: "fell in", None: "neither grew nor fell for sure in"}
MARKED: Final = itemgetter("article", "reporter", "partner", "product", "flow", "period")
"""What a count of years above a mark has in common with the mark."""


def mark(words: str) -> Account:
    """A mark that is passed or not: the number itself, not rounded; a rate as its factor."""
    quantity = parse(words)
    at = quantity.value + (quantity.kind == "percent")
    key = Key("", "", "", "", "level", "", "", 0, quantity.unit)
    return Account(key, Interval(at, at), Interval(at, at), words)


ZERO: Final = mark("0%")


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
        ends = []
        for account in (self.one, self.other):  # in numbers where it follows, or in another script
            is_told = not account.rule and not account.words.endswith(")")
            ends.append(account.words if is_told else account.key.write(account.printed))
        if self.label:  # of what is compared with, unless that is a mark
            ends[bool(self.other.key.period)] += f" ({self.label})"
        return f"{ends[0]}, {HELD[self.above]}", ends[1]


class Outcome(NamedTuple):
    """What a claim comes to in one currency: whether it holds, why, and what it compares."""

    truth: Truth
    why: str
    pairs: list[Pair]


@dataclass(frozen=True)
class Look:
    """What is known of what a claim speaks of, in one unit; in any if that is empty."""

    network: Network
    claim: Claim
    unit: str

    def all(self, **other: str) -> list[Account]:
        """Every account, with columns read otherwise as named; of all times if none is named."""
        row = {**self.claim, "unit": self.unit, **other}
        asked = {"unit", *other} & {"unit", "period", "basis"}
        like = self.network.alike[tuple(row[column] for column in Key._fields[:5])]
        keys = (k for k in like if all(row[c] in ("", getattr(k, c)) for c in asked))
        return [account for key in keys for account in self.network.accounts.get(key, [])]

    def get(self, **other: str) -> Account | None:
        """The narrowest account in the claim's period, with room for revisions."""
        found = []
        for account in self.all(**{"period": self.claim["period"], **other}):
            key = account.key
            if key.vintage != self.claim["vintage"] and key.is_amount and key.flow != "balance":
                room = self.network.tree.room(key.partner)
                factor = Interval(1 - room, 1 + room)
                rounded, printed = account.rounded * factor, account.printed * factor
                account = replace(account, rounded=rounded, printed=printed, rule="repetition")
            found.append(account)
        return min(found, default=None, key=lambda account: account.printed.width)

    def before(self) -> list[str]:
        """The earlier periods of the same length in which it is known."""
        first, last = periods.months(self.claim["period"])
        spans = {p: periods.months(p) for p in {account.key.period for account in self.all()} if p}
        return sorted(p for p, (a, b) in spans.items() if a < first and b - a == last - first)


def _over_time(look: Look) -> Iterator[Pair]:
    claim, now = look.claim, look.claim["period"]
    at = mark(claim["threshold"]) if claim["threshold"] else None
    match claim["kind"], claim["measure"]:
        case "record", _ if claim["against"]:  # none of others' records was more
            for name in claim["against"]:
                record = look.get(reporter=name, measure="record level", period="")
                yield Pair(name, look.get(), record)
        case "record", _:  # no earlier period had more
            for period in look.before():
                yield Pair(period, look.get(), look.get(period=period))
        case "first above", _:  # above a mark or another product, and in no period before
            for period in (*look.before(), now):
                other = at or look.get(period=period, product=";".join(claim["against"]))
                yield Pair(period, look.get(period=period), other, period == now)
        case "streak", "rank":  # others count as many periods
            yield Pair(now, look.get(measure="streak"), mark(f"{claim['years']} years"))
        # It grew or was above a mark, a count for no period before; a surplus may only be one.
        case "streak", _ if at or claim["flow"] != "balance" or claim["measure"] == "growth":
            for back in reversed(range(claim["years"] + claim.get("is_count", 0))):
                period = periods.later(now, -back)
                known = look.get(period=period, measure="level" if at else "growth")
                before: Account | None = at or ZERO
                if not at and not known:  # by the levels of two periods
                    known = look.get(period=period, measure="level")
                    before = look.get(period=periods.later(period, -1), measure="level")
                yield Pair(period, known, before, back < claim["years"])


def _among_others(look: Look) -> Iterator[Pair]:
    claim, tree = look.claim, look.network.tree
    column = "partner" if claim["product"] == ALL else "product"
    match claim["kind"], claim["measure"]:
        case "rank", "level":  # it is the largest of its kind
            for name, kind in tree.kinds[column].items():
                is_one = name not in (ALL, WORLD, claim[column]) and kind not in OVERLAPPING
                if is_one and (other := look.get(**{column: name})):
                    yield Pair(name, look.get(), other)
        case "count", _:  # a count is that of the things named
            count = mark(f"{len(claim['against'])} things")
            for figure in map(look.network.figures.__getitem__, claim["figures"]):
                yield from (Pair("", figure, count), Pair("", count, figure))
        case "larger than sum", _:  # by each measure in which others tell all
            for own in (one for one in look.all() if not one.article):
                at = {"period": own.key.period, "basis": own.key.basis}
                some = [look.all(reporter=name, **at)[:1] for name in claim["against"]]
                if all(some):
                    total = sum((account.printed for (account,) in some), Interval(0, 0))
                    whole = Account(own.key, total, total, "", rule="sum")
                    yield Pair(f"{own.key.basis} in {own.key.period}", own, whole)


def _outcome(look: Look) -> Outcome | None:
    """Say whether a claim holds, and what fails, else is not known, else the last that holds."""
    pairs, claim = [*_over_time(look), *_among_others(look)], look.claim
    if not any(pair.one and pair.other for pair in pairs):
        return None
    truth = min((pair.truth for pair in pairs), key=[*VERDICTS].index)
    some = [pair for pair in pairs if pair.truth is truth]
    where = f"{claim['flow']} in {Scale.of(look.unit, 1.0).words}" if look.unit else ""
    is_growth = some[0].other is ZERO
    told: dict[str, list[str]] = {}
    for verb, what in (pair.told() for pair in (some[-1:] if truth else some)):
        told.setdefault(verb, []).append(what)
    why = "; ".join(f"{verb} {format_list(what, locale='en')}" for verb, what in told.items())
    why = "grew in each year" if truth and is_growth else why
    if where:
        where += " " if is_growth and truth is not None else ": "
    # What counts as one of a kind is seldom said, and by another measure a claim may hold.
    is_open = "rank" in (claim["kind"], claim["measure"])
    is_open |= claim["kind"] == "larger than sum" and any(pair.truth for pair in pairs)
    return Outcome(None if is_open and truth is False else truth, where + why, pairs)


class Said(NamedTuple):
    """What an article says, and what it comes to.

    ``cited`` are the article's figures that say the same, ``figures`` all that it rests on; it
    ``depends`` where it holds in one currency and not in another.
    """

    rule: str
    article: str
    statement: str
    cited: tuple[str, ...]
    figures: tuple[str, ...]
    verdict: Verdict = "not checkable"
    why: str = "nothing in the data bears on it"
    depends: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """The statement, what it comes to, and what a reader should know."""
        told = (self.statement, f"{self.why[:1].upper()}{self.why[1:]}", self.note)
        return " ".join(f"{sentence}." for sentence in told if sentence)


def judged(claims: Iterable[Claim], network: Network) -> Iterator[Said]:
    """Give what each claim and each printed count comes to; those of which nothing is known too."""
    claims = list(claims)
    stated = {n: claim["statement"] for claim in claims[::-1] for n in claim["figures"].split(";")}
    for claim in [*claims, *_counts(network)]:
        lists = {c: [name for name in claim[c].split(";") if name] for c in ("against", "figures")}
        outcomes, others = _outcomes({**claim, **lists}, network), list[Outcome]()
        cited, rule, statement = tuple(lists["figures"]), "claims", claim["statement"]
        if "is_count" in claim:
            rule, statement = "count", stated.get(cited[0], statement)
            # It holds if it does in any currency.
            outcomes.sort(key=lambda outcome: (True, None, False).index(outcome.truth))
        else:  # what decides is the currency that is printed most
            outcomes.sort(key=lambda outcome: outcome.truth is None)
            others = [one for one in outcomes if {one.truth, outcomes[0].truth} == {True, False}]
        said = Said(rule, claim["article"], statement, cited, cited)
        if outcomes:
            best = outcomes[0]
            known = [one for pair in best.pairs for one in (pair.one, pair.other) if one]
            said = said._replace(
                figures=tuple(dict.fromkeys([*cited, *(n for one in known for n in one.figures)])),
                verdict=VERDICTS[best.truth],
                why="; ".join(one.why for one in (best, *others)),
                depends=bool(others) and best.truth is True,
                note=claim["note"] if rule == "claims" else "",
            )
        yield said


def _outcomes(claim: Claim, network: Network) -> list[Outcome]:
    units = network.currencies[claim["reporter"]] if claim["measure"] in ("level", "growth") else []
    if claim["threshold"] and (key := mark(claim["threshold"]).key).is_money:
        units = [key.unit]
    return list(filter(None, (_outcome(Look(network, claim, unit)) for unit in units or [""])))


def _counts(network: Network) -> Iterator[Claim]:
    """The counts of articles that count periods, as claims of their length."""
    ours = (one.row for one in network.figures.values() if one.article and one.key.period)
    rows = [row for row in ours if row["flow"] in FLOWS]
    marks = {MARKED(row): row for row in rows if row["measure"] == "threshold"}
    for row in rows:
        at = marks.get(MARKED(row)) if row["measure"] == "threshold streak" else None
        grown = row["measure"] == "streak" and row["flow"] != "balance"  # not just in the black
        if row["unit"] == "year" and (at or grown):
            claim = {**row, "kind": "streak", "measure": "growth", "threshold": "", "against": ""}
            claim |= {"statement": f"“{row['surface']}”", "figures": row["name"]}
            claim |= {"years": math.ceil(row["printed_lower"])}
            claim |= {"is_count": row["lower"] == row["upper"]}
            if at:
                claim |= {"threshold": at["surface"], "figures": f"{row['name']};{at['name']}"}
            yield claim
