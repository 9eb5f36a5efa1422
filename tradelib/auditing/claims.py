"""What the articles say beyond figures, put to the test: each kind of claim by one rule.

A claim holds, fails, or is left open by the intervals; where nothing is known of what it speaks
of, it cannot be checked. What holds in other currencies and for other flows is said beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeAlias

import numpy as np
import pandas as pd

from tradelib.auditing.terms import PRINTED, WORLD, Role, Terms
from tradelib.quantity import Interval, Quantity
from tradelib.scale import Scale
from tradelib.wording import parse

Truth: TypeAlias = bool | None
"""True, False, or None where the intervals allow both."""
Claim: TypeAlias = dict[str, Any]
KEYS: Final = ("reporter", "partner", "product", "flow", "measure")
NOTHING: Final = "nothing in the data bears on it"


@dataclass(frozen=True)
class Known:
    """An amount or a rate: its intervals under both readings, the terms it rests on, in words."""

    rounded: Interval
    printed: Interval
    unit: str
    terms: tuple[int, ...] = ()
    words: str = ""

    @classmethod
    def mark(cls, words: str) -> Known:
        """A threshold: the number itself, not rounded."""
        quantity: Quantity = parse(words)
        unit = "percent" if quantity.kind == "percent" else quantity.unit
        at = Interval(quantity.value, quantity.value)
        return cls(at, at, unit, (), words)

    def above(self, other: Known) -> Truth:
        """Whether it is at least as large: True for all that both may be, False for none."""
        if self.rounded.lower >= other.rounded.upper:
            return True
        return False if self.printed.upper < other.printed.lower else None

    def with_(self, other: Known, compute: Callable[[Interval, Interval], Interval]) -> Known:
        """What follows from both."""
        rounded, printed = (
            compute(self.rounded, other.rounded),
            compute(self.printed, other.printed),
        )
        return Known(rounded, printed, self.unit, (*self.terms, *other.terms))

    def revised(self, room: float) -> Known:
        """With room for a revision, a share of it."""
        if not room:
            return self
        factor = Interval(1 - room, 1 + room)
        rounded, printed = self.rounded * factor, self.printed * factor
        return Known(rounded, printed, self.unit, self.terms, self.words)

    def __str__(self) -> str:
        if self.words:
            return self.words
        low, high = self.printed.lower, self.printed.upper
        return Scale.of(self.unit, low, high).write(low, high)


@dataclass(frozen=True)
class Finding:
    """A verdict on a claim: why, whether it is true, what it rests on, whether it was checked."""

    why: str
    truth: Truth = None
    rests: tuple[Known, ...] = ()
    checked: bool = True


UNKNOWN: Final = Finding(NOTHING, checked=False)


class Facts:
    """Look-up of what is known, the narrowest of each quantity first."""

    def __init__(self, terms: Terms):
        known = np.unique(np.concatenate([terms.known, terms.growth, np.arange(len(terms.rows))]))
        table = terms.frame(known[~terms.assumed[known]])
        printed, leaf = table["how"] == PRINTED, terms.leaves[table["term"], 0]
        surface, name = (terms.rows[c].to_numpy()[leaf] for c in ("surface", "name"))
        table["surface"], table["name"] = surface, np.where(printed, name, "")
        table["is_own"] = terms.is_own(table["term"].to_numpy())
        table["room"] = terms.room[terms.code["series"][table["term"]]]
        # Words of another script are told in numbers.
        plain = np.array([words.isascii() for words in surface], dtype=bool)
        table["words"] = np.where(printed & plain, surface, "")
        order = np.lexsort((table["term"], table["printed_upper"] - table["printed_lower"]))
        rows = table.iloc[order].to_dict("records")
        self.terms = terms
        self.all = [{str(key): value for key, value in row.items()} for row in rows]
        self.by: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in self.all:
            self.by.setdefault(tuple(row[key] for key in KEYS), []).append(row)

    def rows(self, claim: Claim, role: int = Role.AMOUNT, **keys: Any) -> list[dict[str, Any]]:
        """What is known of a claim's quantity; other keys, a unit or a period where given."""
        at = claim | keys
        found = self.by.get(tuple(at[key] for key in KEYS), [])
        more = {key: keys[key] for key in ("unit", "period") if key in keys}
        return [r for r in found if r["role"] == role and all(r[k] == v for k, v in more.items())]

    def get(
        self, claim: Claim, role: int = Role.AMOUNT, *, as_of: bool = False, **keys: Any
    ) -> Known | None:
        """The narrowest of them in the claim's period, or another.

        With ``as_of`` that of the claim's vintage, or one with room for a revision since.
        """
        rows = self.rows(claim, role, **{"period": claim["period"], **keys})
        if not rows:
            return None
        if not as_of:
            return known(rows[0])
        row = min(rows, key=lambda row: row["vintage"] != claim["vintage"])
        return known(row).revised(row["room"] * (row["vintage"] != claim["vintage"]))

    def growth(self, claim: Claim, unit: str, **keys: Any) -> Known | None:
        """Growth in a year: as printed, or from the amounts of two years, best of one vintage."""
        keys = {"period": claim["period"], **keys, "measure": "level", "unit": unit}
        if found := self.get(claim, Role.GROWTH, **keys):
            return found
        now, before = (self.rows(claim, **{**keys, "period": keys["period"] - n}) for n in (0, 1))
        if not now or not before:
            return None
        pairs = ((one, two) for one in now for two in before)
        one, two = min(pairs, key=lambda pair: pair[0]["vintage"] != pair[1]["vintage"])
        base = known(two).revised(two["room"] * (one["vintage"] != two["vintage"]))
        rate = known(one).with_(base, lambda a, b: a / b - 1)
        return Known(rate.rounded, rate.printed, "percent", rate.terms)

    def units(
        self, claim: Claim, *, is_article: bool = False, is_own: bool = False, **keys: Any
    ) -> list[str]:
        """The units in which amounts or rates are known in any year, the articles' own first.

        With ``is_article`` those in which articles print them, with ``is_own`` without those into
        which they only translate.
        """
        rows = [row for role in (0, 1) for row in self.rows(claim, role, **keys)]
        rows = [r for r in rows if r["is_article"] >= is_article and r["is_own"] >= is_own]
        rows.sort(key=lambda row: not row["is_article"])
        return [unit for unit in dict.fromkeys(row["unit"] for row in rows) if unit]

    def years(self, claim: Claim, **keys: Any) -> list[int]:
        """The years before a claim's in which amounts are known."""
        periods = {row["period"] for row in self.rows(claim, **keys)}
        return sorted(year for year in periods if 0 < year < claim["period"])


def known(row: dict[str, Any]) -> Known:
    """A row of the facts as what it says."""
    unit = row["unit"] if row["role"] == Role.AMOUNT else "percent"
    bounds = [Interval(row[f"{x}lower"], row[f"{x}upper"]) for x in ("", "printed_")]
    return Known(bounds[0], bounds[1], unit, (int(row["term"]),), row["words"])


def every(truths: Iterable[Truth]) -> Truth:
    """True if all are, False if one is not, None if it cannot be told."""
    seen = list(truths)
    return False if False in seen else None if None in seen else True


def judge(
    claims: pd.DataFrame, facts: Facts, products: pd.DataFrame
) -> list[tuple[Claim, Finding, list[str]]]:
    """Give for each claim the verdict, and the figures it rests on."""
    rows = facts.terms.rows
    unit = dict(zip(rows["name"], rows["unit"], strict=True))
    found = []
    for row in claims[claims["kind"].isin(KINDS)].to_dict("records"):
        claim: Claim = {str(column): value for column, value in row.items()}
        claim |= {k: 0 if pd.isna(claim[k]) else int(claim[k]) for k in ("period", "years")}
        cited = [name for name in claim["figures"].split(";") if name]
        claim["units"] = [unit[name] for name in cited if unit.get(name)]
        claim["kinds"] = dict(zip(products["product"], products["kind"], strict=True))
        finding = KINDS[claim["kind"]](claim, facts)
        rests = facts.terms.names([term for known in finding.rests for term in known.terms])
        found.append((claim, finding, list(dict.fromkeys([*cited, *rests]))))
    return found


def _record(claim: Claim, facts: Facts) -> Finding:
    """No earlier year had more or, where it is held against others, none of theirs."""
    if claim["against"]:
        own = facts.get(claim, unit="USD")
        asked = (
            facts.get(claim, unit="USD", reporter=who, measure="record level", period=0)
            for who in claim["against"].split(";")
        )
        others = [known for known in asked if known]
        if not own or not others:
            return UNKNOWN
        most = max(others, key=lambda known: known.printed.upper)
        why = f"{own}, against {most} for the largest of the others"
        return Finding(why, every(own.above(o) for o in others), (own, *others))
    findings: list[Finding] = []
    for unit in dict.fromkeys([*claim["units"], *facts.units(claim)]):
        own = facts.get(claim, unit=unit)
        years = facts.years(claim, unit=unit)
        earlier = {y: known for y in years if (known := facts.get(claim, unit=unit, period=y))}
        if not own or not earlier:
            continue
        truths = {y: own.above(known) for y, known in earlier.items()}
        truth = every(truths.values())
        top = max(earlier, key=lambda y: earlier[y].printed.upper)
        in_doubt = [y for y, t in truths.items() if t is truth]
        held = {True: "above", False: "below", None: "not told apart from"}[truth]
        why = f"in {currency(unit)} {own}, {held} {_years(truths if truth else in_doubt)}"
        why += f" (the most before: {earlier[top]} in {top})" * bool(truth)
        findings.append(Finding(why, truth, (own, earlier[top])))
    if not findings:
        return UNKNOWN
    return Finding("; ".join(f.why for f in findings), findings[0].truth, findings[0].rests)


def _streak(claim: Claim, facts: Facts) -> Finding:
    """Something held in each of so many years in a row."""
    years = range(claim["period"] - claim["years"] + 1, claim["period"] + 1)
    if claim["threshold"]:
        mark = Known.mark(claim["threshold"])
        seen = {y: facts.get(claim, unit=mark.unit, period=y) for y in years}
        there = tuple(k for k in seen.values() if k)
        if not there:
            return UNKNOWN
        told = "; ".join(f"{k or 'not known'} in {y}" for y, k in seen.items())
        return Finding(told, every(k.above(mark) if k else None for k in seen.values()), there)
    if claim["measure"] == "rank":
        return _counted(claim, facts)
    if claim["measure"] != "growth":
        return UNKNOWN
    findings: list[Finding] = []
    for flow in dict.fromkeys([claim["flow"], "exports", "imports"]):
        for unit in facts.units(claim, flow=flow, measure="level"):
            rates = {y: facts.growth(claim, unit, flow=flow, period=y) for y in years}
            held = {y: rose(rate) for y, rate in rates.items()}
            truth, fell = every(held.values()), [str(y) for y, r in held.items() if r is False]
            how = "grew in each year" if truth else f"fell in {' and '.join(fell)}"
            if findings and truth is None:
                continue
            why = (
                f"{flow} in {currency(unit)} {how if truth or fell else 'not known for each year'}"
            )
            findings.append(Finding(why, truth, tuple(r for r in rates.values() if r)))
    if not findings:
        return UNKNOWN
    return Finding("; ".join(f.why for f in findings), findings[0].truth, findings[0].rests)


def rose(rate: Known | None) -> Truth:
    """Whether a rate of growth is above zero."""
    if rate is None:
        return None
    return True if rate.rounded.lower > 0 else False if rate.printed.upper < 0 else None


def _counted(claim: Claim, facts: Facts) -> Finding:
    """A streak of ranks, by what others count."""
    same = ("reporter", "product", "flow", "period")
    counts = [
        row for row in facts.all
        if row["measure"] == "streak" and not row["is_article"]
        and all(row[key] == claim[key] for key in same)
    ]  # fmt: skip
    if not counts:
        return UNKNOWN
    count = known(counts[0])
    why = f"others count {count} by {claim['period']}"
    return Finding(why, count.rounded.lower >= claim["years"], (count,))


def _threshold(claim: Claim, facts: Facts) -> Finding:
    """An amount comes close to a mark from below."""
    near = parse(f"close to {claim['threshold']}")
    if not (own := facts.get(claim, unit=near.unit)):
        return UNKNOWN
    room = near.interval()
    inside = room.lower <= own.rounded.lower and own.rounded.upper <= room.upper
    truth = True if inside else None if own.printed.overlaps(room) else False
    return Finding(f"{own}, against {claim['threshold']}", truth, (own,))


def _first_above(claim: Claim, facts: Facts) -> Finding:
    """Above a mark, or another product, in its year and in no year before."""
    mark = Known.mark(claim["threshold"]) if claim["threshold"] else None
    truths: dict[int, Truth] = {}
    rests: list[Known] = []
    for unit in [mark.unit] if mark else facts.units(claim):
        for year in [*facts.years(claim, unit=unit), claim["period"]]:
            own = facts.get(claim, unit=unit, period=year)
            other = mark or facts.get(claim, unit=unit, period=year, product=claim["against"])
            above = own.above(other) if own and other else None
            truths[year] = above if above is not None else truths.get(year)
            rests += [known for known in (own, other) if known]
    before = {year: truth for year, truth in truths.items() if year < claim["period"]}
    if not before:
        return UNKNOWN
    now = truths[claim["period"]]
    words = {True: "above", False: "below", None: "not known"}
    told = "; ".join(f"{year} {words[truth]}" for year, truth in sorted(truths.items()))
    truth = every([now, *(None if t is None else not t for t in before.values())])
    return Finding(f"{told}; earlier years are not in the data", truth, tuple(rests))


def _rank(claim: Claim, facts: Facts) -> Finding:
    """The largest of its kind: of products, of those that are lines of their own."""
    if claim["product"] not in claim["kinds"] or claim["kinds"][claim["product"]] != "line":
        return UNKNOWN
    if claim["measure"] != "level":
        return UNKNOWN
    larger: dict[str, dict[str, str]] = {"line": {}, "group": {}}
    rests: list[Known] = []
    for unit in facts.units(claim):
        own = facts.get(claim, unit=unit)
        for product, kind in claim["kinds"].items():
            other = facts.get(claim, unit=unit, product=product)
            if own and other and kind in larger and own.above(other) is False:
                larger[kind].setdefault(product, f"{product} ({other})")
                rests += [own, other]
    lines, groups = (", ".join(larger[kind].values()) for kind in ("line", "group"))
    if lines:
        why = f"larger are {lines}" + f"; and, as sums of lines, {groups}" * bool(groups)
        return Finding(why, False, tuple(rests))
    if groups:
        return Finding(f"larger only as sums of lines: {groups}", None, tuple(rests))
    return Finding("no product in the data is larger", True, tuple(rests))


def _larger_than_sum(claim: Claim, facts: Facts) -> Finding:
    """More than several others together, on each basis and in each year that is known."""
    truths, told, rests = [], [], []
    others = claim["against"].split(";")
    by: dict[tuple[str, int], dict[str, Known]] = {}
    for row in facts.all:
        if row["role"] == Role.SHARE and all(row[k] == claim[k] for k in ("product", "flow")):
            by.setdefault((row["basis"], row["period"]), {}).setdefault(row["reporter"], known(row))
    for (basis, year), by_reporter in sorted(by.items()):
        if not {claim["reporter"], *others} <= by_reporter.keys():
            continue
        own = by_reporter[claim["reporter"]]
        first, *more = (by_reporter[other] for other in others)
        total = first
        for part in more:
            total = total.with_(part, lambda a, b: a + b)
        total = Known(total.rounded, total.printed, "percent", total.terms)
        truths.append(own.above(total))
        rests += [own, total]
        held = {True: "more than", False: "less than", None: "not told apart from"}[truths[-1]]
        told.append(f"of {basis} in {year} {own}, {held} {total}")
    if not truths:
        return UNKNOWN
    truth = truths[0] if len(set(truths)) == 1 else None
    return Finding(
        f"{'depends on the measure: ' * (truth is None)}{'; '.join(told)}", truth, tuple(rests)
    )


def _range(claim: Claim, facts: Facts) -> Finding:
    """Rates of several products lie below a mark."""
    mark = Known.mark(claim["threshold"])
    known, missing = {}, []
    for product in claim["product"].split(";"):
        rates = (
            facts.growth(claim, u, product=product)
            for u in facts.units(claim, product=product, measure="level")
        )
        if found := next(filter(None, rates), None):
            known[product] = found
        else:
            missing.append(product)
    if not known:
        return UNKNOWN
    told = "; ".join(f"{product} {rate}" for product, rate in known.items())
    told += f"; not known: {', '.join(missing)}" * bool(missing)
    truth = every([*(mark.above(rate) for rate in known.values()), *([None] * bool(missing))])
    return Finding(told, truth, tuple(known.values()))


def _part_of(claim: Claim, facts: Facts) -> Finding:
    """A count of some is at most the count of all."""
    some = facts.get(claim)
    whole = facts.get(claim, measure=claim["measure"].replace("growing ", ""))
    if not some or not whole:
        return UNKNOWN
    return Finding(f"{some} of {whole}", whole.above(some), (some, whole))


def _decline(claim: Claim, facts: Facts) -> Finding:
    """A share fell: the part grew by less than its whole, in one currency."""
    for unit in facts.units(claim, measure="level"):
        part, whole = (facts.growth(claim, unit, partner=p) for p in (claim["partner"], WORLD))
        if part and whole:
            why = (
                f"growth in {currency(unit)}: {_signed(part)} of the part, {_signed(whole)} of all"
            )
            return Finding(why, whole.above(part), (part, whole))
    return UNKNOWN


def _signed(rate: Known) -> str:
    low, high = rate.printed.lower, rate.printed.upper
    return Scale.of("percent").write(low, high, signed=True)


def currency(unit: str) -> str:
    """A currency's name in words."""
    return Scale.of(unit, 1.0).words


def _years(years: Iterable[int]) -> str:
    seen = sorted(years)
    if len(seen) > 2 and all(b == a + 1 for a, b in pairwise(seen)):
        return f"each year from {seen[0]} to {seen[-1]}"
    return ", ".join(map(str, seen))


KINDS: Final[dict[str, Callable[[Claim, Facts], Finding]]] = {
    "record": _record, "streak": _streak, "threshold": _threshold, "first above": _first_above,
    "rank": _rank, "larger than sum": _larger_than_sum, "range": _range, "part of": _part_of,
    "decline": _decline,
}  # fmt: skip
