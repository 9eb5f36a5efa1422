"""What a sentence gives its figures: ranges, shared units, hedges."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from tradelib.wording.expression import ONE, Expr, Number
from tradelib.wording.hedges import hedge
from tradelib.wording.lexicon import HEDGES, HYPHENS, MULTIPLES, POWERS, W, plural
from tradelib.wording.nouns import counts, noun
from tradelib.wording.numerals import STARTS
from tradelib.wording.reading import read
from tradelib.wording.tokens import REACH, Line

_DIGITS: Final = frozenset("0123456789０１２３４５６７８９")
_APART: Final = 12
"""No range and no list has more tokens between two numbers, a hedge included."""
_OWN: Final = frozenset("'’")
_SIZES: Final = "money", "count"
_DECIMAL: Final = re.compile(r"\d+(?:\.\d+)?")
_MEASURE: Final = re.compile(r"[A-Z]+|(?i:[b-df-hj-np-tv-xz]+)")
"""Looks like the sign of a measure that no table has, and the next like that of a currency."""
_CURRENCY: Final = re.compile(r"[A-Z][A-Za-z]{0,2}|/")
_PARTS: Final = 8
"""How many figures back the whole may stand that others are parts of."""
_STARTS: Final = STARTS | MULTIPLES.keys()
_DASHES: Final = HYPHENS | set("—~～至到")
_DATES: Final = _DASHES | {"to", "and", ","}
_BETWEEN: Final = frozenset({"between", "from", "从", "在"})
_REVISED: Final = W.revised | W.determining
_TIME: Final = W.time | W.fill | W.up_down
_GOES_ON: Final = W.stop | W.block | _TIME
_COMPARED: Final = (W.fill - W.lender) | {"the"}
_PLAIN: Final = _TIME | W.lender | {",", "(", "compared"}


def figures(line: Line, lent: Expr | None = None, counted: str = "") -> list[Expr]:
    """Give the complete expressions of a line, in order, with ranges, units and hedges.

    ``counted`` is the noun that the sentence before counted last. In a ``whole`` line also a bare
    number is given, and the last number takes what is ``lent``.
    """
    found = _expressions(line)
    if lent and found:
        _borrow(found, lent)
    for a, b in pairwise(found):
        _hand_on_sign(line, a, b)
    for k in range(len(found) - 2, -1, -1):
        _pair(line, found, k)
    if not line.whole:
        _backward(line, found, counted)
        found = [e for e in found if e.kind is not None]
    floor = 0
    for e in found:
        if e.hedge in ("exact", "between"):
            hedge(line, e, floor)
        floor = e.last
    return found


def _expressions(line: Line) -> list[Expr]:
    """Read the expressions of a line one by one; numbers that go on with a date are none."""
    found: list[Expr] = []
    floor, dated = 0, -9
    for i, word in enumerate(line.low):
        if i < floor or not (word[-1:] in _DIGITS or word in _STARTS):
            continue
        e = read(line, i, floor)
        plain = e is None or (e.kind in (None, "count") and not e.scaled)
        again = dated == i - 2 and line.low[i - 1] in _DATES
        if plain and (again or (e is None and line.low[i - 1] in W.month)):
            dated = i  # Jan. 3-5: the second is a date like the first
        elif e is not None:
            found.append(e)
            floor = e.last
    bare = [a.scaled and a.kind is None and a.last == b.first for a, b in pairwise(found)]
    unknown = [a or b for a, b in zip([*bare, False], [False, *bare], strict=True)]
    return [e for e, out in zip(found, unknown, strict=False) if not out]  # 1 trillion 2 trillion


def _borrow(found: list[Expr], lent: Expr) -> None:
    """Give the last number the unit that stands elsewhere, and its scale."""
    b = found[-1]
    if b.kind in (None, "money") and not b.scaled:
        b.scale, b.scaled = lent.scale, lent.scaled
    if b.kind is None or b.unit == "one":
        b.kind, b.unit, b.factor = lent.kind, lent.unit, lent.factor
        b.unit = found[0].unit if found[0].kind == b.kind == "money" else b.unit  # Rs5-6


def _hand_on_sign(line: Line, a: Expr, b: Expr) -> None:
    """Hand the currency sign before one number of a list on to the next: `$3.2, 4.1 and 5.6 bn`."""
    gap = line.low[a.last : b.first]
    signed = a.kind == "money" and b.kind is None and (a.first < a.number or a.lent)
    listed = bool(gap) and W.listing.issuperset(gap)
    if signed and listed and (b.scaled or line.low[b.last] in W.listing):
        b.kind, b.unit, b.lent = "money", a.unit, a.unit


def _pair(line: Line, found: list[Expr], k: int) -> None:
    """Join figure k and the next to a range, or let it take the unit and the scale of that.

    Taken from the end, since a list has its unit there.
    """
    a, b, low = found[k], found[k + 1], line.low
    if b.first - a.last > _APART:
        return
    opened = HEDGES.before(low, b.first, a.last)
    gap = low[a.last : opened[1] if opened else b.first]
    bare = [word for word in gap if word not in HYPHENS]
    if len(bare) <= 3 and _joins(line, a, b):
        _join(line, a, b)
        del found[k + 1]
        return
    if _joint(line, a, b) == "-" and a.kind in _SIZES and b.kind in (None, *_SIZES) and a.lacks(b):
        del found[k]  # $5-4 thousand: whether the scale is that of both is not known
        return
    if b.kind is None or a.sign != b.sign != 0:
        return
    listed = bool(bare) and len(bare) <= 3 and (W.listing | {"to"}).issuperset(bare)
    if bare == [","] and not b.lent:
        listed = k + 2 < len(found) and low[found[k + 2].first - 1] in W.join
    listed = listed and (b.kind in _SIZES or not a.scaled)
    of_all = bare[:1] == ["of"] or bare[:2] == ["out", "of"]
    of_all = of_all and (len(bare) <= 3 or (len(bare) <= 6 and not _OWN.isdisjoint(bare)))
    alike = (a.kind, a.unit) == ("money", b.unit) and low[a.last] != "to"
    if a.kind is None and (listed or (of_all and b.kind == "count" and a.parts.size > 1)):
        _lend(a, b, scale=listed)
    elif listed and alike and a.lacks(b):
        _lend(a, b)


def _lend(a: Expr, b: Expr, *, scale: bool = True) -> None:
    """Give expression a the kind and unit of b, and its scale where a has none."""
    if not a.parts.size and b.kind in _SIZES:  # from zero to 1.2 million tonnes
        return
    power = ""
    if scale and a.lacks(b):
        a.scale, a.scaled, power = b.scale, True, f"{POWERS[b.scale]} "
    a.kind, a.unit, a.factor = b.kind, b.unit, b.factor
    a.lent = power + _SAID.get((b.kind, b.factor.adjusted()), b.unit)


_SAID: Final[dict[tuple[str | None, int], str]] = {
    ("percent", -2): "percent",
    ("points", -2): "percentage points",
    ("points", -4): "basis points",
    ("multiple", 0): "fold",
    ("money", -2): "cents",
}
"""What `parse` is told of a unit that stands elsewhere, by kind and power of ten."""


def _joins(line: Line, a: Expr, b: Expr) -> bool:
    """Whether a and b are the two ends of one range."""
    joint = _joint(line, a, b)
    if not joint or b.high or max(a.sign, b.sign) > 0 or a.first - 1 in line.hyphens:
        return False
    shortened = joint == "-" and _shortened(line, a, b) is not None
    priced = b.scaled or shortened or (a.first < a.number and not a.scaled)  # $105-106 a tonne
    if b.kind is None and not (a.kind == "money" and priced):
        return False
    if a.kind and b.kind and (a.kind, a.unit, a.factor) != (b.kind, b.unit, b.factor):
        return False
    low, high = a.parts.size * (b.scale if a.lacks(b) else a.scale), b.parts.size * b.scale
    if a.sign:  # -1% to 4%
        return joint == "to" and line.low[a.first - 1] != "from" and a.kind == "percent"
    if line.whole or joint != "to":
        return joint == "and" or low <= high or shortened
    return low < high and not _two(line, a, high > 3 * low)


def _two(line: Line, a: Expr, far: bool) -> bool:
    """Whether `A to B` are two: `rose from A to B`, `from a revised A to B`, `up A to B`."""
    i = line.back(a.first - 1, _REVISED)
    if line.low[i] == "from":
        return i < a.first - 1 or _changes(line, i)
    opened = HEDGES.before(line.low, a.first, 0)
    governed = a.kind and _governed(line, (opened[1] if opened else a.first) - 1)
    return bool(governed) and (far or a.kind in _SIZES)


def _joint(line: Line, a: Expr, b: Expr) -> str:
    """Name what joins two numbers to a range: a dash, `to`, or the `and` of `between`."""
    gap = line.low[a.last : b.first]
    if len(gap) == 1 and gap[0] in _DASHES:
        tight = line.glued(a.last - 1) and line.glued(a.last)
        return "-" if tight or a.kind is None or gap[0] in "至到" else ""
    if len(gap) == 1 and gap[0] in W.join and line.low[a.first - 1] in _BETWEEN - {"from"}:
        return "and"
    return "to" if [word for word in gap if word not in HYPHENS] == ["to"] else ""


def _shortened(line: Line, a: Expr, b: Expr) -> Number | None:
    """Complete an upper end without its leading digits: `$1.0250-60` ends at 1.0260."""
    digits, above = line.tok[a.number].replace(",", ""), line.tok[b.number]
    kept = len(digits) - len(above)
    if not (kept > 0 and above.isdecimal() and digits[kept:].isdecimal()):
        return None
    if a.scaled or b.scaled or not _DECIMAL.fullmatch(digits):
        return None
    low, high, full = a.parts.size, b.parts.size, Decimal(digits[:kept] + above)
    cents = len(above) > 1 and ONE.scaleb(-len(above)) == a.parts.place
    whole = low < high <= 5 * low and not cents
    return None if whole or full <= low else a.parts._replace(size=full)


def _governed(line: Line, i: int) -> bool:
    """Whether the word at token i tells a change, so that a level follows: `up $35 to $9,420`."""
    word = line.low[i]
    if word in ("up", "down") or (word == "of" and line.low[i - 1] in W.of_noun):
        return True
    return word in W.sticky or (word in W.up_down and word not in W.comparative)


def _changes(line: Line, i: int) -> bool:
    """Whether the clause before token i tells a change."""
    j = line.seek(i - 1, W.up_down | W.change, W.range)
    return j > i - 14 and j >= 0


def _join(line: Line, a: Expr, b: Expr) -> None:
    """Make a the range from a to b."""
    b.parts = _shortened(line, a, b) or b.parts
    if b.kind is None:
        b.kind, b.unit = a.kind, a.unit
    if a.lacks(b) and (a.kind is None or a.parts.size <= b.parts.size):
        a.scale, a.scaled = b.scale, True
    a.kind, a.unit, a.factor = b.kind, b.unit, b.factor
    a.high, a.last, a.lent, a.hedge = replace(b), b.last, b.lent, "between"
    a.sign = a.sign or b.sign
    before = line.low[a.first - 1]
    a.first -= before in _BETWEEN and not (before == "from" and _changes(line, a.first - 1))


def _backward(line: Line, found: list[Expr], counted: str) -> None:
    """Give bare numbers the unit that stands before: `to 4.2 percent from 6.8`, `190 of them`."""
    for k, b in enumerate(found):
        if b.kind is None and not b.lent:
            any(rule(line, found, k, counted) for rule in _LENDERS)
        elif b.kind == "count" and line.low[b.number + 1].endswith("ed"):
            if _of_the_whole(line, found, k, ""):  # of the 33 sectors, 21 posted gains
                b.last = b.number + 1
        elif b.kind == "count" and b.unit == "one":  # ten foreign-owned ones
            b.kind = "count" if counted else None
            b.unit = b.lent = counted
        if b.kind == "count" and line.low[b.last - 1] not in W.span:
            counted = b.unit


def _count(b: Expr, unit: str) -> bool:
    """Make a bare number a count of a unit, where there is one."""
    if unit:
        b.kind, b.unit, b.lent = "count", unit, unit
    return bool(unit)


def _part_of_them(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`190 of them`, `12 of the ships`, `of these, 1.3 million`, `tariff lines, of which 40`."""
    low, b = line.low, found[k]
    j = line.back(b.first - 1, {","})
    if low[j] in W.them and low[j - 1] == "of":
        told = low[j - 2] == "," and plural(low[j - 3])
        return _count(b, counts(line, j - 2) if told else counted)
    if low[b.last] != "of" or b.parts.size <= 1:
        return False
    if low[b.last + 1] in W.determiner - W.article and (end := noun(line, b.last + 2, b)):
        return _count(b, counts(line, end))
    return low[b.last + 1] in W.them and _count(b, counted)


def _of_the_whole(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`Of the 20 suppliers, eight are in Asia and five in Europe`."""
    low, b = line.low, found[k]
    for whole in found[max(k - _PARTS, 0) : k]:
        j = line.back(whole.first - 1, W.determining)
        opens = low[j] in ("of", "among") and (line.stop(j - 1) or low[j - 1] in ("", ","))
        if opens and whole.kind == "count" and "," in low[whole.last : whole.last + 4]:
            part = b.parts.place == 1 and 1 < b.size <= whole.size
            return part and _ended(line, b.number + 1) and _count(b, whole.unit)
    return False


def _ended(line: Line, j: int) -> bool:
    """Whether no noun stands at token j that a bare number might count."""
    word = line.low[j]
    return not word.isalpha() or word in _GOES_ON or word in W.level or word.endswith("ed")


def _compared(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`to 4.2 percent from 6.8`: not `fell 0.4 percent from 131.2`, for that is an index."""
    low, p, b = line.low, found[k - 1], found[k]
    j, gap = line.back(b.first - 1, _COMPARED), low[p.last : b.first]
    if not k or not p.kind or j < p.last or low[j] not in W.lender or len(gap) > 14:
        return False
    if low[j] == "to" and low[p.first - 1] not in _BETWEEN:
        return False
    level = p.kind in _SIZES
    if low[j] == "from" and not level and _governed(line, p.first - 1):
        return False
    fits = (b.scaled or b.lacks(p) == p.scaled) if level else b.few
    near = all(word in _PLAIN or word[:2] in ("19", "20") for word in gap)
    ended = not low[b.last].isalpha() or low[b.last] in _GOES_ON
    if fits and near and ended:
        _lend(b, p)
    return fits and near and ended


def _like_before(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """A bare million takes the unit of the figure before: `$3m, from 2.1 million`."""
    low, tok, b = line.low, line.tok, found[k]
    grouped = b.parts.size >= 1000 and not tok[b.number].isdecimal()  # 12,400 tonnes to 61,000
    sizes = [q for q in found[max(k - 4, 0) : k] if q.kind in _SIZES and low[q.first - 1] != "("]
    q = next((q for q in reversed(sizes) if b.scaled and q.scaled), sizes[-1] if sizes else b)
    if not sizes or b.first - q.last > REACH:
        return False
    grouped = grouped and q.parts.size >= 1000
    alike = (b.scaled and q.scaled) or (q.kind == "count" and (b.scaled or grouped))
    unknown = _MEASURE.fullmatch(tok[b.last]) or _CURRENCY.fullmatch(tok[b.first - 1])
    joined = low[b.first - 1] in W.join and q.kind == "money"
    if not alike or unknown or joined or line.seek(b.first - 1, W.index) >= q.last:
        return False
    _lend(b, q)
    return True


_LENDERS: Final[tuple[Callable[[Line, list[Expr], int, str], bool], ...]] = (
    _part_of_them,
    _of_the_whole,
    _compared,
    _like_before,
)
"""Who lends a bare number its unit: the first rule that answers."""
