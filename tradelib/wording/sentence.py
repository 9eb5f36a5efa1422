"""What a sentence gives its figures: ranges, shared units, hedges."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from tradelib.wording.lexicon import HEDGES, HYPHENS, POWERS, REACH, SAID, Line, W
from tradelib.wording.numerals import STARTS, Expr, written
from tradelib.wording.reading import read

_SIZES: Final = "money", "count"
_MEASURE: Final = re.compile(r"[A-Z]+|(?i:[b-df-hj-np-tv-xz]+)")
"""Looks like the sign of a measure that no table has, and the next like that of a currency."""
_CURRENCY: Final = re.compile(r"[A-Z][A-Za-z]{0,2}|/")


def figures(line: Line, lent: Expr | None = None, counted: str = "") -> list[Expr]:
    """Give the complete expressions of a line, in order, with ranges, units and hedges.

    ``counted`` is the noun that the sentence before counted last. In a ``whole`` line also a bare
    number is given, and the last number takes what is ``lent``.
    """
    found: list[Expr] = []
    floor = 0
    for i, word in enumerate(line.low):
        if i >= floor and (word[-1:].isdecimal() or word in STARTS) and (e := read(line, i, floor)):
            found.append(e)
            floor = e.last
    if lent and found:
        _borrow(found, lent)
    for a, b in pairwise(found):
        _hand_on_sign(line, a, b)
    for k in range(len(found) - 2, -1, -1):  # from the end, since a list has its unit there
        _pair(line, found, k)
    if not line.whole:
        _backward(line, found, counted)
        found = [e for e in found if e.kind is not None]
    floor = 0
    for e in found:
        _hedge(line, e, floor)
        floor = e.last
    return found


def _borrow(found: list[Expr], lent: Expr) -> None:
    b = found[-1]
    if b.kind in (None, "money") and not b.scaled:
        b.scale, b.scaled = lent.scale, lent.scaled
    if b.kind is None or b.unit in ("one", lent.unit):  # also a weight: 42,000 pounds
        b.kind, b.unit, b.factor = lent.kind, lent.unit, lent.factor
        b.unit = found[0].unit if found[0].kind == b.kind == "money" else b.unit  # Rs5-6


def _hand_on_sign(line: Line, a: Expr, b: Expr) -> None:
    """Hand the currency sign before one number of a list on to the next: `$3.2, 4.1 and 5.6 bn`."""
    signed = a.kind == "money" and b.kind is None and (a.first < a.number or a.lent)
    listed = a.last < b.first and W.listing.issuperset(line.low[a.last : b.first])
    if signed and listed and (b.scaled or line.low[b.last] in W.listing):
        b.kind, b.unit, b.lent = "money", a.unit, a.unit


def _pair(line: Line, found: list[Expr], k: int) -> None:
    """Join figure k and the next to a range, or let it take the unit and the scale of that."""
    a, b = found[k], found[k + 1]
    joint = _joint(line, a, b)
    if joint and _joins(line, a, b, joint):
        b.digits = _completed(line, a, b) if joint == "-" else b.digits
        _join(line, a, b)
        del found[k + 1]
    elif joint == "-" and a.kind in _SIZES and a.lacks(b):
        del found[k]  # $5-4 thousand: whether the scale is that of both is not known
    elif b.kind and (a.sign == b.sign or not b.sign):
        opened = HEDGES.before(line.low, b.first, a.last)
        gap = [w for w in line.low[a.last : opened[1] if opened else b.first] if w not in HYPHENS]
        listed = 0 < len(gap) <= 3 and (W.listing | {"to"}).issuperset(gap)
        if gap == [","] and not b.lent:
            listed = k + 2 < len(found) and line.low[found[k + 2].first - 1] in W.join
        listed = listed and (b.kind in _SIZES or not a.scaled)
        alike = (a.kind, a.unit) == ("money", b.unit) and a.lacks(b)
        near = len(gap) <= (6 if "s" in gap else 3)
        of_all = near and (gap[:1] == ["of"] or gap[:2] == ["out", "of"])  # of Chile's 40 mills
        part = of_all and a.kind is None and b.kind == "count" and a.digits > 1
        if part or (listed and (a.kind is None or alike)):
            _lend(a, b, scale=listed)


def _lend(a: Expr, b: Expr, *, scale: bool = True) -> None:
    if not a.digits and b.kind in _SIZES:  # from zero to 1.2 million tonnes
        return
    a.lent = SAID.get((b.kind, b.unit, b.factor), b.unit)
    if scale and a.lacks(b):
        a.scale, a.scaled, a.lent = b.scale, True, f"{POWERS[b.scale]} {a.lent}"
    a.kind, a.unit, a.factor = b.kind, b.unit, b.factor


def _joint(line: Line, a: Expr, b: Expr) -> str:
    """Name what joins two numbers to a range: a dash, `to`, or the `and` of `between`."""
    gap = line.low[a.last : b.first]
    if len(gap) == 1 and gap[0] in W.dash:  # but 3% — 5% had been expected
        tight = line.glued(a.last - 1) and line.glued(a.last)
        return "-" if tight or a.kind is None or gap[0] in "至到" else ""
    if len(gap) == 1 and gap[0] in W.join and line.low[a.first - 1] in W.between - {"from"}:
        return "and"
    return "to" if [word for word in gap if word not in HYPHENS] == ["to"] else ""


def _joins(line: Line, a: Expr, b: Expr, joint: str) -> bool:
    """Whether a and b, with a dash, `to` or `and` between, are the two ends of one range."""
    if b.high or max(a.sign, b.sign) > 0 or a.first - 1 in line.hyphens:
        return False
    if b.kind is None and a.kind != "money":  # $105-106 a tonne
        return False
    if a.kind and b.kind and (a.kind, a.unit, a.factor) != (b.kind, b.unit, b.factor):
        return False
    if a.sign:  # -1% to 4%
        return joint == "to" and line.low[a.first - 1] != "from" and a.kind == "percent"
    digits = _completed(line, a, b) if joint == "-" else b.digits
    low, high = a.digits * (b.scale if a.lacks(b) else a.scale), digits * b.scale
    if joint != "to":
        return joint == "and" or low <= high
    i = line.back(a.first - 1, W.revised)
    if line.low[i] == "from":  # rose from A to B, from a revised A to B
        return low < high and i == a.first - 1 and not _changes(line, i)
    opened = HEDGES.before(line.low, a.first, 0)
    governed = a.kind and _governed(line, (opened[1] if opened else a.first) - 1)  # up A to B
    return low < high and not (governed and (high > 3 * low or a.kind in _SIZES))


def _completed(line: Line, a: Expr, b: Expr) -> Decimal:
    """Give b's digits, with the leading ones of a if left out: `$1.0250-60` ends at 1.0260."""
    digits, above = line.tok[a.number].replace(",", ""), line.tok[b.number]
    kept = len(digits) - len(above)
    if kept <= 0 or b.scaled or not digits[kept:].isdecimal() or not above.isdecimal():
        return b.digits
    whole = a.digits < b.digits <= 5 * a.digits and len(above) == 1
    full = written(digits[:kept] + above)
    return b.digits if whole or full is None or full <= a.digits else full


def _governed(line: Line, i: int) -> bool:
    """Whether the word at token i tells a change, so that a level follows: `up $35 to $9,420`."""
    return line.low[i] in W.governs or (line.low[i] == "of" and line.low[i - 1] in W.of_noun)


def _changes(line: Line, i: int) -> bool:
    return line.seek(i - 1, W.up_down | W.change, W.range) >= 0


def _join(line: Line, a: Expr, b: Expr) -> None:
    if b.kind is None:
        b.kind, b.unit = a.kind, a.unit
    if a.lacks(b):
        a.scale, a.scaled = b.scale, True
    a.kind, a.unit, a.factor = b.kind, b.unit, b.factor
    a.high, a.last, a.lent, a.hedge = replace(b), b.last, b.lent, "between"
    a.sign = a.sign or b.sign
    before = line.low[a.first - 1]
    a.first -= before in W.between and not (before == "from" and _changes(line, a.first - 1))


def _backward(line: Line, found: list[Expr], counted: str) -> None:
    """Give bare numbers the unit that stands before: `to 4.2 percent from 6.8`, `190 of them`."""
    for k, b in enumerate(found):
        bare = b.kind is None
        posted = b.kind == "count" and line.low[b.number + 1].endswith("ed")  # 21 posted gains
        if (bare or posted) and (unit := _of_a_whole(line, found, k, counted if bare else "")):
            b.kind, b.unit, b.lent = "count", unit, unit
            b.last, b.hedge = (b.number + 1, "exact") if posted else (b.last, b.hedge)
        elif bare and k:
            like = _compared(line, found, k) or _parallel(line, found[k - 1], b)
            if like := like or _like_before(line, found, k):
                _lend(b, like)
        elif b.kind == "count" and b.unit == "one":  # ten foreign-owned ones
            b.kind = "count" if counted else None
            b.unit = b.lent = counted
        if b.kind == "count" and line.low[b.last - 1] not in W.span:
            counted = b.unit


def _of_a_whole(line: Line, found: list[Expr], k: int, counted: str) -> str:
    """Give the noun of the whole: `190 of them`, `of the 20 suppliers, eight are in Asia`."""
    low, b = line.low, found[k]
    j = line.back(b.first - 1, {","})
    before = low[j] in W.them and low[j - 1] == "of"
    if before or (low[b.last] == "of" and low[b.last + 1] in W.them and b.digits > 1):
        return counted  # what was counted last
    for whole in found[max(k - 8, 0) : k]:
        j = line.back(whole.first - 1, W.determining)
        opens = low[j] in ("of", "among") and not low[j - 1].isalpha()
        if opens and whole.kind == "count" and "," in low[whole.last : whole.last + 4]:
            return whole.unit if b.whole and 1 < b.size <= whole.size else ""
    return ""


def _compared(line: Line, found: list[Expr], k: int) -> Expr | None:
    """Give the first of `to 4.2 percent from 6.8`: not of `fell 0.4 percent from 131.2`."""
    low, p, b = line.low, found[k - 1], found[k]
    j, gap = line.back(b.first - 1, W.lent_through), low[p.last : b.first]
    stated = low[j] in W.lender and (low[j] != "to" or low[p.first - 1] in W.between)
    near = all(word in W.held_against or word[:2] in ("19", "20") for word in gap)
    ended = not low[b.last].isalpha() or low[b.last] in W.goes_on
    counts = low[b.number] == "one" or b.last in line.hyphens  # and one, two-way
    if not (p.kind and stated and near and ended) or counts:
        return None
    if p.kind in _SIZES:
        return p if b.scaled or b.lacks(p) == p.scaled else None
    return p if b.few and (low[j] != "from" or not _governed(line, p.first - 1)) else None


def _parallel(line: Line, p: Expr, b: Expr) -> Expr | None:
    """Give the first of `3.8 percent in the UK, 2.1 in Germany`: one preposition follows both."""
    low, place = line.low, line.low[b.last]
    alike = place in W.place and place in low[p.last : p.last + 2] and low[b.first - 1] in W.listing
    fit = p.kind == "percent" and b.few and low[b.number][-1:].isdecimal()
    return p if alike and fit and low[b.last + 1] not in STARTS else None  # but two in three


def _like_before(line: Line, found: list[Expr], k: int) -> Expr | None:
    """Give the figure before a bare million that has its unit: `$3m, from 2.1 million`."""
    low, tok, b = line.low, line.tok, found[k]
    sizes = [q for q in found[max(k - 4, 0) : k] if q.kind in _SIZES and low[q.first - 1] != "("]
    q = next((q for q in reversed(sizes) if b.scaled and q.scaled), sizes[-1] if sizes else b)
    alike = q.digits >= 1000 or (q.scaled and low[b.first - 1] == "from")
    thousands = alike and b.digits >= 1000 and not tok[b.number].isdecimal()
    counted = q.kind == "count" and (b.scaled or thousands)
    if not (counted or (b.scaled and q.scaled)) or b.first - q.last > REACH:
        return None
    unknown = _MEASURE.fullmatch(tok[b.last]) or _CURRENCY.fullmatch(tok[b.first - 1])
    coded = len(tok[b.last - 1]) == 1 and tok[b.last - 1].isupper()  # Series 82A and 82B
    ended = found[k - 1].kind is None and _joint(line, found[k - 1], b)  # between 200 and 300 mln
    return None if unknown or coded or ended or line.seek(b.first - 1, W.index) >= q.last else q


def _hedge(line: Line, e: Expr, floor: int) -> None:
    """Take the hedge that stands before an expression; a range keeps its bounds."""
    low, at = line.low, e.first
    through = low[at - 1] in W.determining
    found = HEDGES.before(low, at - through, floor)
    if found is None or e.hedge not in ("exact", "between"):
        return
    (name, guard), start = found
    rise = low[start - 1] in W.relative and low[at - through - 1] in W.comparing  # 5% over $3bn
    compared = (guard or low[at - 2] in W.comparing) and low[at - 1] not in W.article
    passed = through and (compared or e.kind == "count")
    idle = passed and not _marked(line, e.last)  # more than the 2.7% that was expected
    if line.whole or not (rise or idle or (guard and _silent(line, e, guard, start))):
        e.hedge = name if e.high is None else e.hedge
        e.first = start


def _marked(line: Line, k: int) -> bool:
    """Whether a word like `mark` follows, behind a denominator too: the $2,900/oz mark."""
    low, j = line.low, line.past_hyphen(k)
    if low[j] in ("/", "a", "an", "per"):
        j = line.past_hyphen(j + 1) + 1
        while j in line.hyphens:
            j = line.past_hyphen(j + 2)
    return low[line.past_hyphen(j)] in W.mark


def _silent(line: Line, e: Expr, guard: str, start: int) -> bool:
    """Whether the word at token start hedges nothing here (the guards of ``hedges.csv``)."""
    low, before = line.low, line.low[start - 1]
    few = e.kind == "count" and e.few
    spans = low[e.last - 1] in W.span
    timed = before in W.topic or before in ("year", "month", "the", "all")
    spelled = few and e.digits <= 12 and line.tok[e.number].isalpha()
    return {
        "topic": before in W.topic and low[e.last] != "of",
        "creep": before in W.creep,
        "duration": timed or (spans and (low[start] == "past" or before not in W.timed)),
        "amount": few,
        "multiple": before in W.half_as,
        "regime": spelled or low[e.last] in W.rule,
    }[guard]
