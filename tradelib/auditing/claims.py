"""What articles say beyond figures, put to the test: each kind of claim is comparisons of accounts.

A claim holds, fails, or is left open by the intervals; where nothing is known of what it speaks
of, it cannot be checked. What holds in other currencies is said beside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from tradelib.auditing import periods
from tradelib.auditing.keys import ALL, FLOWS, WORLD, Account, Key
from tradelib.auditing.network import Network, combined
from tradelib.auditing.rules import SOME_OF, Relation
from tradelib.auditing.tree import OVERLAPPING
from tradelib.quantity import Interval
from tradelib.scale import Scale
from tradelib.wording import parse

Truth = bool | None
"""True, False, or None where the intervals allow both."""
Claim = Mapping[str, Any]
LABELS: Final = ("reporter", "partner", "product", "flow", "measure")
HELD: Final = {True: "above", False: "below", None: "not told apart from"}


class Finding(NamedTuple):
    """Whether something said is true, why, and the accounts that it rests on."""

    truth: Truth
    why: str
    rests: tuple[Account, ...]


def every(truths: Iterable[Truth]) -> Truth:
    """True if all are, False if one is not, None if it cannot be told."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def above(one: Account | None, two: Account | None) -> Truth:
    """Whether one is at least as large: True for all that both may be, False for none."""
    if one is None or two is None:
        return None
    if one.rounded.lower >= two.rounded.upper:
        return True
    return False if one.printed.upper < two.printed.lower else None


def compared(own: Account, others: Iterable[Account | None], where: str = "") -> Finding:
    """Hold one account against others: it is above all of them, or which it is not."""
    known = [other for other in others if other]
    truths = [above(own, other) for other in known]
    truth = every(truths)
    worst = [other for other, t in zip(known, truths, strict=True) if t is truth]
    top = max(worst, key=lambda account: account.printed.midpoint)
    pairs = zip(own.key[:6], top.key[:6], strict=True)
    differs = "".join(f" ({two})" for one, two in pairs if one != two and two and own.key.period)
    return Finding(truth, f"{where}{told(own)}, {HELD[truth]} {told(top)}{differs}", (own, *known))


def told(account: Account) -> str:
    """An account as it is printed, else in numbers."""
    surface = account.surface
    if surface and not any("\u2e80" < letter < "\ua000" for letter in surface):
        return surface
    return account.key.write(account.printed.lower, account.printed.upper)


def exactly(words: str, measure: str = "level") -> Account:
    """A mark that is passed or not: the number itself, not rounded."""
    quantity = parse(words)
    at = quantity.value + (measure == "growth")
    key = Key("", "", "", "", measure, "", "", 0, quantity.unit)
    return Account(key, Interval(at, at), Interval(at, at), words)


class Facts:
    """Look-up of what is known: the narrowest account, with room where it is of another release."""

    def __init__(self, network: Network):
        self.network = network
        self.by: dict[tuple[str, ...], list[Account]] = {}
        for key in {**network.keys, **dict.fromkeys(network.of)}:
            self.by.setdefault(key[:5], []).extend(network.accounts(key))

    def all(self, claim: Claim, **other: str) -> list[Account]:
        """What is known of what a claim speaks of, the columns named read otherwise."""
        found = self.by.get(tuple(str({**claim, **other}[label]) for label in LABELS), [])
        more = {column: value for column, value in other.items() if column not in LABELS}
        return [a for a in found if all(getattr(a.key, c) == v for c, v in more.items())]

    def get(self, claim: Claim, **other: str) -> Account | None:
        """The narrowest account in the claim's period, others' releases with room for revisions."""
        found = self.all(claim, **{"period": claim["period"], **other})
        as_of = (self._as_of(claim["vintage"], account) for account in found)
        return min(as_of, default=None, key=lambda account: account.printed.width)

    def _as_of(self, vintage: int, account: Account) -> Account:
        key = account.key._replace(vintage=vintage)
        if key == account.key or key.flow == "balance" or not key.is_amount:
            return account
        room = self.network.tree.room(key.partner)
        relation = Relation("repetition", (key,), (account.key,), True, room)
        return combined(relation, key, {account.key: account})

    def growth(self, claim: Claim, unit: str, **other: str) -> Account | None:
        """Growth in a period: as printed, else from two levels."""
        at = {"period": claim["period"], **other, "unit": unit}
        if rate := self.get(claim, **{**at, "measure": "growth"}):
            return rate
        at["measure"], before = "level", periods.later(at["period"], -1)
        now, then = self.get(claim, **at), self.get(claim, **{**at, "period": before})
        if not now or not then or then.printed.lower <= 0:
            return None
        rate_key = now.key._replace(measure="growth", basis=before)
        relation = Relation("growth", (then.key, rate_key), (now.key,), True)
        return combined(relation, rate_key, {now.key: now, then.key: then})

    def units(self, claim: Claim, **other: str) -> list[str]:
        """The units in which it is known, those of articles first."""
        found = sorted(self.all(claim, **other), key=lambda account: not account.article)
        return [unit for unit in dict.fromkeys(a.key.unit for a in found) if unit]

    def before(self, claim: Claim, unit: str) -> list[str]:
        """The earlier periods of the same length in which it is known."""
        first, last = periods.months(claim["period"])
        found = {account.key.period for account in self.all(claim, unit=unit)}
        spans = {period: periods.months(period) for period in found if period}
        return sorted(p for p, (a, b) in spans.items() if a < first and b - a == last - first)


def _record(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """No earlier period had more or, where it is held against others, none of their records."""
    for unit in ["USD"] if claim["against"] else facts.units(claim):
        who = claim["against"].split(";") if claim["against"] else []
        records = [facts.all(claim, reporter=name, measure="record level")[:1] for name in who]
        earlier = [[facts.get(claim, unit=unit, period=p)] for p in facts.before(claim, unit)]
        others = [account for some in (records if who else earlier) for account in some]
        if others and (own := facts.get(claim, unit=unit)):
            yield compared(own, others, f"in {currency(unit)} ")


def _streak(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """Something held in each of so many periods in a row: it grew, or was above a mark."""
    if claim["measure"] == "rank":
        for count in facts.all(claim, measure="streak", period=claim["period"]):
            truth = True if count.rounded.lower >= claim["years"] else None
            yield Finding(truth, f"{told(count)} are counted by {claim['period']}", (count,))
        return
    flows = claim["flow"].split(";")
    for unit in facts.units(claim, measure="level", flow=flows[0]):
        found = [run for flow in flows if (run := _run({**claim, "flow": flow}, facts, unit))]
        if found:
            rests = tuple(account for one in found for account in one.rests)
            yield Finding(every(f.truth for f in found), "; ".join(f.why for f in found), rests)


def _run(claim: Claim, facts: Facts, unit: str) -> Finding | None:
    """One flow in one currency; a count that is printed must not hold for the period before too."""
    mark = exactly(claim["threshold"]) if claim["threshold"] else None
    if mark and mark.key.unit != unit:
        return None
    seen: dict[str, Account] = {}
    truths: list[Truth] = []
    for back in range(claim["years"] + claim["is_count"]):
        period = periods.later(claim["period"], -back)
        known = facts.growth(claim, unit, period=period)
        if mark:
            known = facts.get(claim, measure="level", unit=unit, period=period)
        truths.append(above(known, mark or exactly("0%", "growth")))
        seen |= {period: known} if known else {}
    if not seen:
        return None
    held, before = every(truths[: claim["years"]]), truths[claim["years"] :]
    truth = every(not t if t is not None else None for t in before) if held else held
    fell = [periods.later(claim["period"], -n) for n, t in enumerate(truths) if t is False]
    if mark:
        how = ", ".join(f"{told(known)} in {period}" for period, known in sorted(seen.items()))
        return Finding(truth, f"{how}, against {told(mark)}", tuple(seen.values()))
    how = f"fell in {' and '.join(sorted(fell))}" if fell else "are not known for each year"
    how = "grew in each year" if held else how
    return Finding(truth, f"{claim['flow']} in {currency(unit)} {how}", tuple(seen.values()))


def _threshold(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """An amount comes close to a mark from below."""
    near = parse(f"close to {claim['threshold']}")
    if own := facts.get(claim, unit=near.unit):
        room = near.interval()
        inside = room.lower <= own.rounded.lower and own.rounded.upper <= room.upper
        truth = True if inside else None if own.printed.overlaps(room) else False
        yield Finding(truth, f"{told(own)}, against {claim['threshold']}", (own,))


def _first_above(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """Above a mark, or another product, in its period and in none before."""
    mark = exactly(claim["threshold"]) if claim["threshold"] else None
    truths: dict[str, Truth] = {}
    rests: list[Account] = []
    for unit in [mark.key.unit] if mark else facts.units(claim):
        for period in [*facts.before(claim, unit), claim["period"]]:
            own = facts.get(claim, unit=unit, period=period)
            other = mark or facts.get(claim, unit=unit, period=period, product=claim["against"])
            held = above(own, other)
            truths[period] = truths.get(period) if held is None else held
            rests += [known for known in (own, other) if known]
    if len(truths) > 1:
        words = {True: "above", False: "below", None: "not known"}
        why = "; ".join(f"{words[truth]} in {period}" for period, truth in sorted(truths.items()))
        now = truths.pop(claim["period"], None)
        truth = every([now, *(None if t is None else not t for t in truths.values())])
        yield Finding(truth, f"{why}; earlier years are not in the data", tuple(rests))


def _rank(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """The largest of its kind. What counts as one is seldom said: what is larger leaves it open."""
    column = "partner" if claim["product"] == ALL else "product"
    kinds = facts.network.tree.kinds[column]
    names = [name for name in kinds if name not in (ALL, WORLD) and kinds[name] not in OVERLAPPING]
    for unit in (
        facts.units(claim) if claim["measure"] == "level" and claim[column] in names else ()
    ):
        others = (facts.get(claim, unit=unit, **{column: n}) for n in names if n != claim[column])
        known = [other for other in others if other]
        own = facts.get(claim, unit=unit)
        if own and known:
            larger = [other for other in known if above(own, other) is False]
            why = ", ".join(f"{getattr(other.key, column)} ({told(other)})" for other in larger)
            why = f"larger are {why}; what counts as one {column} is not said" if larger else ""
            why = why or "none in the data is larger"
            yield Finding(None if larger else True, why, (own, *larger))
            if larger:
                return


def _larger_than_sum(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """More than several others together; it is left open where that depends on the basis."""
    found: list[Finding] = []
    for own in (a for a in facts.all(claim, measure="share") if not a.article):
        at = {"measure": "share", "period": own.key.period, "basis": own.key.basis}
        some = [facts.all(claim, reporter=who, **at)[:1] for who in claim["against"].split(";")]
        if all(some):
            total = sum((account.printed for (account,) in some), Interval(0, 0))
            where = f"of {own.key.basis} in {own.key.period} "
            truth, why, _ = compared(own, [Account(own.key, total, total)], where)
            found.append(Finding(truth, why, (own, *(account for (account,) in some))))
    if found:
        truths = {one.truth for one in found}
        why = "depends on the measure: " * (len(truths) > 1) + "; ".join(one.why for one in found)
        rests = tuple(account for one in found for account in one.rests)
        yield Finding(truths.pop() if len(truths) == 1 else None, why, rests)


def _range(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """Rates of several products lie below a mark."""
    mark = exactly(claim["threshold"], "growth")
    known: dict[str, Account | None] = {}
    for product in claim["product"].split(";"):
        units = facts.units(claim, product=product, measure="level")
        rates = (facts.growth(claim, unit, product=product) for unit in units)
        known[product] = next(filter(None, rates), None)
    if rests := tuple(rate for rate in known.values() if rate):
        why = (f"{name} {told(rate) if rate else 'not known'}" for name, rate in known.items())
        yield Finding(every(above(mark, rate) for rate in known.values()), "; ".join(why), rests)


def _part_of(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """A count of some is at most the count of all."""
    some, whole = facts.get(claim), facts.get(claim, measure=SOME_OF.get(claim["measure"], ""))
    if some and whole:
        yield compared(whole, [some])


def _decline(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """A share fell: the part grew by less than its whole, in one currency."""
    for unit in facts.units(claim, measure="level"):
        part, whole = (facts.growth(claim, unit, partner=who) for who in (claim["partner"], WORLD))
        if part and whole:
            yield compared(whole, [part], f"growth in {currency(unit)}: ")


def _count(claim: Claim, facts: Facts) -> Iterator[Finding]:
    """A count is that of the things named."""
    names = claim["against"].split(";")
    for row in (facts.network.rows[name] for name in claim["figures"].split(";") if name):
        truth = row["printed_lower"] <= len(names) <= row["printed_upper"]
        yield Finding(truth, f"named are {', '.join(names)}", ())


def currency(unit: str) -> str:
    """A currency's name in words."""
    return Scale.of(unit, 1.0).words


KINDS: Final[dict[str, Callable[[Claim, Facts], Iterator[Finding]]]] = {
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


class Said(NamedTuple):
    """What an article says, and what it comes to.

    ``cited`` are the article's figures that say the same, ``figures`` all that it rests on; it
    ``depends`` where it holds in one currency and not in another.
    """

    rule: str
    article: str
    statement: str
    cited: tuple[str, ...]
    truth: Truth
    why: str
    figures: tuple[str, ...]
    depends: bool


def judged(claims: Iterable[Claim], network: Network) -> Iterator[Said]:
    """Give what each claim and each printed count comes to; those of which nothing is known too.

    A claim is held to the currency in which articles print, a count to any in which they do.
    """
    facts = Facts(network)
    for claim in [*claims, *_counts(network)]:
        found = list(KINDS[claim["kind"]]({"is_count": False, **claim}, facts))
        if "claim" not in claim:
            found = sorted(found, key=lambda one: (True, None, False).index(one.truth))[:1]
        cited = tuple(filter(None, claim["figures"].split(";")))
        rests = [n for one in found[:1] for account in one.rests for n in account.figures]
        truth = found[0].truth if found else None
        yield Said(
            "claims" if "claim" in claim else "count",
            claim["article"],
            claim["statement"],
            cited,
            truth,
            "; ".join(dict.fromkeys(one.why for one in found)),
            tuple(dict.fromkeys([*cited, *rests])),
            truth is True and any(one.truth is False for one in found),
        )


def _counts(network: Network) -> Iterator[Claim]:
    """The counts of articles that count periods, as claims of their length."""
    same = ("article", "reporter", "partner", "product", "flow", "period")
    rows = network.rows.values()
    ours = [row for row in rows if row["article"] and row["flow"] in FLOWS and row["period"]]
    for row in (row for row in ours if row["measure"].endswith("streak")):
        marks = [mark for mark in ours if mark["measure"] == "threshold"]
        marks = [mark for mark in marks if all(mark[c] == row[c] for c in same)]
        claim = {"kind": "streak", "measure": "growth", "against": "", "threshold": ""}
        claim |= {"statement": f"“{row['surface']}”", "figures": row["name"]}
        claim |= {
            "years": math.ceil(row["printed_lower"]),
            "is_count": row["lower"] == row["upper"],
        }
        if row["measure"] == "streak":
            yield {**row, **claim}
        else:
            for mark in marks:
                figures = f"{row['name']};{mark['name']}"
                yield {**row, **claim, "threshold": mark["surface"], "figures": figures}
