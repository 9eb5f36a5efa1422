"""What a sentence gives its figures: ranges, shared units, hedges."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from tradelib.wording.currencies import currencies
from tradelib.wording.grammar import Expr, counts, noun, read
from tradelib.wording.lexicon import HYPHENS, F, lexicon, plural
from tradelib.wording.tokens import Line

REACH: Final = 40
"""How many tokens away a word of the sentence still bears on a figure."""
_DASHES: Final = HYPHENS | set("—~～至到")
_DATES: Final = _DASHES | {"to", "and", ","}
_BETWEEN: Final = frozenset({"between", "from", "从", "在"})
_STARTS: Final = F.digit | F.number | F.multiple | F.scale
_PLAIN: Final = F.time | F.fill | F.up | F.down | F.lender
_GOES_ON: Final = F.stop | F.block | F.time | F.fill | F.up | F.down


def figures(line: Line, lent: Expr | None = None) -> list[Expr]:
    """Give the complete expressions of a line, in order, with ranges, units and hedges.

    In a ``whole`` line also a bare number is given, and the last number takes what is ``lent``.
    """
    found: list[Expr] = []
    floor, dated = 0, -9
    for i in [i for i, flag in enumerate(line.flags) if flag & _STARTS]:
        if i < floor:
            continue
        expr = read(line, i, floor)
        plain = expr is None or (expr.kind in (None, "count") and not expr.scaled)
        again = dated == i - 2 and line.low[i - 1] in _DATES
        if plain and (again or (expr is None and line.flags[i - 1] & F.month)):
            dated = i  # Jan. 3-5: the second is a date like the first
        elif expr is not None:
            found.append(expr)
            floor = expr.last
    if lent and found:
        b = found[-1]
        if b.kind in (None, "money") and not b.scaled:
            b.scale, b.scaled = lent.scale, lent.scaled
        if b.kind is None:
            b.kind, b.unit, b.factor = lent.kind, lent.unit, lent.factor
            b.unit = found[0].unit if found[0].kind == b.kind == "money" else b.unit  # Rs5-6
    _forward(line, found)
    if not line.whole:
        _backward(line, found)
        found = [expr for expr in found if expr.kind is not None]
    floor = 0
    for expr in found:
        if expr.hedge == "exact":
            hedge(line, expr, floor)
        floor = expr.last
    return found


def _forward(line: Line, found: list[Expr]) -> None:
    """Join ranges, and give members of a list the unit and scale that follow, or the sign before.

    `$3.2, 4.1 and 5.6 billion`: the sign is handed on first, then, from the end, the scale.
    """
    low, flags = line.low, line.flags
    for a, b in pairwise(found):
        if b.kind is None and a.kind == "money" and (a.first < a.number or a.lent):
            listed = a.last < b.first and all(flag & F.listing for flag in flags[a.last : b.first])
            if listed and (b.scaled or flags[b.last] & F.listing):
                b.kind, b.unit, b.lent = "money", a.unit, a.unit
    for k in range(len(found) - 2, -1, -1):
        a, b = found[k], found[k + 1]
        opened = lexicon().hedges.before(low, b.first, a.last)
        gap = range(a.last, opened[1] if opened else b.first)
        if len(gap) > 3:
            continue
        if _joins(line, a, b):
            _join(line, a, b)
            del found[k + 1]
            continue
        if len(gap) == 1 and line.hyphen(a.last) and a.kind is None:
            b.kind = None if b.kind == "count" and not b.scaled else b.kind  # 50-50, a 3-2 vote
        listed = bool(gap) and all(flags[g] & F.listing or low[g] == "to" for g in gap)
        if listed and low[a.last] == "," and len(gap) == 1 and not b.lent:
            listed = k + 2 < len(found) and bool(flags[found[k + 2].first - 1] & F.join)
        listed = listed and not (a.scaled and b.kind not in ("money", "count"))
        some = low[a.last] == "of" and b.kind == "count" and a.parts.size > 1
        if b.kind is None or a.sign != b.sign != 0:
            continue
        alike = (a.kind, a.unit) == ("money", b.unit) and low[a.last] != "to"
        if a.kind is None and (listed or some):
            _lend(line, a, b, scale=listed)
        elif listed and alike and a.lacks(line, b):
            _lend(line, a, b)


def _lend(line: Line, a: Expr, b: Expr, *, scale: bool = True) -> None:
    """Give expression a the kind and unit of b, and its scale where a has none."""
    if not a.parts.size and b.kind in ("money", "count"):  # from zero to 1.2 million tonnes
        return
    power = ""
    if scale and a.lacks(line, b):
        a.scale, a.scaled, power = b.scale, True, f"{lexicon().powers[b.scale]} "
    a.kind, a.unit, a.factor = b.kind, b.unit, b.factor
    a.lent = power + _SAID.get((b.kind, b.factor.adjusted()), b.unit)


_SAID: Final[dict[tuple[str | None, int], str]] = {
    ("percent", -2): "percent", ("points", -2): "percentage points", ("points", -4): "basis points",
    ("multiple", 0): "fold", ("money", -2): "cents",
}  # fmt: skip
"""What `parse` is told of a unit that stands elsewhere, by kind and power of ten."""


def _joins(line: Line, a: Expr, b: Expr) -> bool:
    """Whether a and b are the two ends of one range."""
    joint, before = line.low[a.last], line.low[a.first - 1]
    if b.first - a.last != 1 or b.high or max(a.sign, b.sign) > 0 or line.hyphen(a.first - 1):
        return False
    dash = joint in _DASHES and ((line.glued(a.last - 1) and line.glued(a.last)) or a.kind is None)
    both = before in _BETWEEN and before != "from" and line.flags[a.last] & F.join
    if not (dash or joint == "to" or both):
        return False
    line.weighed = True
    priced = b.scaled or (a.first < a.number and not a.scaled)  # $105-106 a tonne
    if b.kind is None and not (a.kind == "money" and priced):
        return False
    if a.kind and b.kind and (a.kind, a.unit, a.factor) != (b.kind, b.unit, b.factor):
        return False
    if a.sign:  # -1% to 4%
        return joint == "to" and before != "from" and bool(b.kind and a.kind)
    low, high = a.parts.size * (b.scale if a.lacks(line, b) else a.scale), b.parts.size * b.scale
    if line.whole or joint != "to":
        return both or low < high
    if before == "from":  # what goes down cannot go from 7 to 8: that is a range
        return low < high and _changes(line, a.first - 1) <= 0
    governed = a.kind and line.flags[a.first - 1] & (F.up | F.down | F.sticky)
    if governed and not line.flags[a.first - 1] & F.comparative:
        return low < high <= 3 * low and a.kind not in ("money", "count")
    return low < high


def _changes(line: Line, i: int) -> int:
    """Give the sign of the word of change in the clause before token i; 0 where there is none."""
    for j in range(i - 1, max(i - 14, -1), -1):
        if line.flags[j] & F.range or line.stop(j):
            return 0
        if line.flags[j] & (F.up | F.down | F.change):
            return -1 if line.flags[j] & F.down else 1
    return 0


def _join(line: Line, a: Expr, b: Expr) -> None:
    """Make a the range from a to b."""
    if b.kind is None:
        b.kind, b.unit = a.kind, a.unit
    ordered = a.kind is None or a.parts.size <= b.parts.size
    if a.lacks(line, b) and ordered:
        a.scale, a.scaled = b.scale, True
    a.kind, a.unit, a.factor = b.kind, b.unit, b.factor
    a.high, a.last, a.lent, a.hedge = replace(b), b.last, b.lent, "between"
    a.sign = a.sign or b.sign
    before = line.low[a.first - 1]
    if before in _BETWEEN and not (before == "from" and _changes(line, a.first - 1)):
        a.first -= 1


def _backward(line: Line, found: list[Expr]) -> None:
    """Give bare numbers the unit that stands before: `to 4.2 percent from 6.8`, `190 of them`."""
    low, flags, counted = line.low, line.flags, ""
    for k, b in enumerate(found):
        if b.kind is None:
            part = flags[b.last + 1] if low[b.last] == "of" and b.parts.size > 1 else 0
            end = noun(line, b.last + 2) if part & F.determiner else None
            j = b.first - 2 if low[b.first - 1] == "," else b.first - 1
            of_these = flags[j] & F.them and low[j - 1] == "of"  # of these, 1.3 million
            unit = counts(line, end) if end else ""
            unit = unit or (counted if of_these or part & F.them else "")
            if not (unit or b.lent):
                if k and (lender := _lender(line, found, k)):
                    _lend(line, b, lender)
                else:
                    unit = _sold(line, b)
            if unit:
                b.kind, b.unit, b.lent = "count", unit, unit
        if b.kind == "count" and not flags[b.last - 1] & F.span:
            counted = b.unit


def _lender(line: Line, found: list[Expr], k: int) -> Expr | None:
    """Find the figure whose unit the bare number k shares."""
    low, flags, p, b = line.low, line.flags, found[k - 1], found[k]
    j = b.first - 1
    while j > p.last and (flags[j] & (F.fill | F.lender) == F.fill or low[j] == "the"):
        j -= 1
    level = p.kind in ("money", "count")
    led = j >= p.last and flags[j] & F.lender and (low[j] != "to" or low[p.first - 1] in _BETWEEN)
    ended = not low[b.last].isalpha() or flags[b.last] & _GOES_ON
    small = not b.scaled and b.parts.size < 1000
    fits = b.scaled or b.lacks(line, p) == p.scaled if level else small
    near = b.first - p.last <= 14 and all(
        flags[g] & _PLAIN or low[g] in (",", "(", "compared") or low[g][:2] in ("19", "20")
        for g in range(p.last, b.first)
    )
    if p.kind and led and ended and fits and near:
        return p
    q = p if level or k == 1 else found[k - 2]
    grouped = b.parts.size >= 1000 and not line.tok[b.number].isdigit()
    same = (b.scaled and (q.scaled or q.kind == "count")) or (
        grouped and q.kind == "count" and not q.scaled and q.parts.size >= 1000
    )
    joined = flags[b.first - 1] & F.join and q.kind == "money"
    if q.kind not in ("money", "count") or not same or joined or b.first - q.last > REACH:
        return None
    gap = range(q.last, b.first)
    apart = any(flags[g] & F.index or (low[g] == "." and not line.glued(g)) for g in gap)
    return None if apart else q


def _sold(line: Line, b: Expr) -> str:
    """Name what a bare million counts, from the words before: `car sales reached 2.4 million`.

    The nearest plural; where that is a flow (sales, exports), the noun before it. Digits in
    groups, `357,700`, count what flows too.
    """
    if not b.scaled and (b.parts.size < 1000 or line.tok[b.number].isdigit()):
        return ""
    known = lexicon().hedges.lasts | currencies().names.firsts | lexicon().scales.keys()
    other = F.scale | F.unit | F.loose | F.time | F.span | F.nohead | F.level | F.up | F.down
    for j in range(b.first - 1, max(b.first - 16, -1), -1):
        word, flag = line.low[j], line.flags[j]
        if word == "," or line.stop(j) or flag & F.index:
            break
        if flag & F.flow:
            j, other = j - 1, F.stop | F.unit | F.scale | _PLAIN
        elif not (b.scaled and plural(word)) or word in known:
            continue
        plain = line.tok[j].islower() and line.tok[j].isalpha() and not line.flags[j] & other
        unit = counts(line, j + 1)
        if unit and plain and unit not in known and line.low[j] not in known:
            return unit
        if flag & F.flow:
            return ""
    return ""


def hedge(line: Line, expr: Expr, floor: int) -> None:
    """Take the hedge that stands before the expression."""
    low, flags, at = line.low, line.flags, expr.first
    marked = low[at - 1] == "the" and (flags[expr.last] & F.mark or line.whole)
    if marked or (flags[at - 1] & F.article and expr.kind != "count"):
        at -= 1
    found = lexicon().hedges.before(low, at, floor)
    if found is None:
        return
    (name, guard), start = found
    if line.whole or not (guard and _silent(line, expr, guard, start)):
        expr.hedge, expr.first = name, start


def _silent(line: Line, expr: Expr, guard: str, start: int) -> bool:
    """Whether the word at token start hedges nothing here (the guards of ``hedges.csv``)."""
    low, before = line.low[start], line.flags[start - 1]
    few = expr.kind == "count" and not expr.scaled and expr.parts.size < 1000
    match guard:
        case "topic" | "creep":
            return bool(before & getattr(F, guard))
        case "duration":
            spans = expr.kind == "count" and line.flags[expr.last - 1] & F.span
            idle = before & F.topic or line.low[start - 1] in ("year", "month", "the", "all")
            return bool(idle or (spans and (low == "past" or not before & F.timed)))
        case "amount":
            return few
    spelled = few and expr.parts.size <= 12 and line.tok[expr.number].isalpha()
    return bool(line.flags[expr.last] & F.rule or spelled)
