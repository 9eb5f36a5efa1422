"""What a sentence gives its figures: ranges, shared units, hedges."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from tradelib.wording.currencies import currencies
from tradelib.wording.expression import ONE, Expr, Number
from tradelib.wording.hedges import hedge
from tradelib.wording.lexicon import (
    HEDGES,
    HYPHENS,
    MULTIPLES,
    POWERS,
    SCALES,
    UNITS,
    W,
    plural,
)
from tradelib.wording.nouns import counts, noun
from tradelib.wording.numerals import STARTS
from tradelib.wording.reading import read
from tradelib.wording.tokens import Line

REACH: Final = 40
"""How many tokens away a word of the sentence still bears on a figure."""
_DIGITS: Final = frozenset("0123456789０１２３４５６７８９")
_APART: Final = 12
"""No range and no list has more tokens between two numbers, a hedge included."""
_OWN: Final = frozenset("'’")
_SIZES: Final = "money", "count"
_DECIMAL: Final = re.compile(r"\d+(?:\.\d+)?")
_PARTS: Final = 8
"""How many figures back the whole may stand that others are parts of."""
_STARTS: Final = STARTS | MULTIPLES.keys()
_DASHES: Final = HYPHENS | set("—~～至到")
_DATES: Final = _DASHES | {"to", "and", ","}
_BETWEEN: Final = frozenset({"between", "from", "从", "在"})
_REVISED: Final = W.revised | W.determining
_TIME: Final = W.time | W.fill | W.up_down
_GOES_ON: Final = W.stop | W.block | _TIME
_PLAIN: Final = _TIME | W.lender
_OTHER_THAN_FLOW: Final = W.stop | _PLAIN | SCALES.keys() | UNITS.firsts.keys()
_OTHER: Final = (W.loose | W.time | W.span | W.nohead | W.level | W.up | W.down) | (
    SCALES.keys() | UNITS.firsts.keys()
)


def figures(line: Line, lent: Expr | None = None, counted: str = "") -> list[Expr]:
    """Give the complete expressions of a line, in order, with ranges, units and hedges.

    ``counted`` is the noun that the sentence before counted last. In a ``whole`` line also a bare
    number is given, and the last number takes what is ``lent``.
    """
    found = _expressions(line)
    if lent and found:
        _borrow(found, lent)
    for a, b in pairwise(found):
        if b.kind is None:
            _hand_on_sign(line, a, b)
    for k in range(len(found) - 2, -1, -1):
        if _pair(line, found, k):
            del found[k + 1]
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
    floor, dated, unknown = 0, -9, -9
    starts = [i for i, w in enumerate(line.low) if w[-1:] in _DIGITS or w in _STARTS]
    for i in starts:
        if i < floor:
            continue
        e = read(line, i, floor)
        plain = e is None or (e.kind in (None, "count") and not e.scaled)
        again = dated == i - 2 and line.low[i - 1] in _DATES
        if plain and (again or (e is None and line.low[i - 1] in W.month)):
            dated = i  # Jan. 3-5: the second is a date like the first
        elif e is not None:
            bare = bool(found) and found[-1].scaled and found[-1].kind is None
            if bare and found[-1].last == e.first:
                found.pop()
                unknown = e.first
            if unknown == e.first:  # 1 trillion 2 trillion: neither is known
                unknown = e.last
            else:
                found.append(e)
            floor = e.last
    return found


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
    if a.kind == "money" and (a.first < a.number or a.lent):
        gap = line.low[a.last : b.first]
        listed = bool(gap) and W.listing.issuperset(gap)
        if listed and (b.scaled or line.low[b.last] in W.listing):
            b.kind, b.unit, b.lent = "money", a.unit, a.unit


def _pair(line: Line, found: list[Expr], k: int) -> bool:
    """Join figure k and the next to a range, or let it take the unit and the scale of that.

    Whether they were joined. Taken from the end, since a list has its unit there.
    """
    a, b, low = found[k], found[k + 1], line.low
    if b.first - a.last > _APART:
        return False
    opened = HEDGES.before(low, b.first, a.last)
    gap = low[a.last : opened[1] if opened else b.first]
    bare = [word for word in gap if word not in HYPHENS]
    of_all = gap[:1] == ["of"] or gap[:2] == ["out", "of"]
    if len(bare) > (6 if of_all and _OWN.intersection(gap) else 3):
        return False
    if _joins(line, a, b):
        _join(line, a, b)
        return True
    sizes = a.kind in _SIZES and b.kind in (None, *_SIZES) and a.lacks(b)
    if sizes and _joint(line, a, b) == "-":
        found[k] = b  # $5-4 thousand: whether the scale is that of both is not known
        return True
    if len(gap) == 1 and not bare and a.kind is None and line.glued(a.last):
        b.kind = None if b.kind == "count" and not b.scaled else b.kind  # 50-50, a 3-2 vote
    listed = bool(bare) and all(word in W.listing or word == "to" for word in bare)
    if listed and bare == [","] and not b.lent:
        listed = k + 2 < len(found) and low[found[k + 2].first - 1] in W.join
    listed = listed and not (a.scaled and b.kind not in ("money", "count"))
    some = of_all and b.kind == "count" and a.parts.size > 1
    if b.kind is None or a.sign != b.sign != 0:
        return False
    alike = (a.kind, a.unit) == ("money", b.unit) and low[a.last] != "to"
    if a.kind is None and (listed or some):
        _lend(a, b, scale=listed)
    elif listed and alike and a.lacks(b):
        _lend(a, b)
    return False


def _lend(a: Expr, b: Expr, *, scale: bool = True) -> None:
    """Give expression a the kind and unit of b, and its scale where a has none."""
    if not a.parts.size and b.kind in ("money", "count"):  # from zero to 1.2 million tonnes
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
    joint, before = _joint(line, a, b), line.low[a.first - 1]
    if not joint or b.high or max(a.sign, b.sign) > 0 or a.first - 1 in line.hyphens:
        return False
    shortened = joint == "-" and _shortened(line, a, b) is not None
    priced = b.scaled or shortened or (a.first < a.number and not a.scaled)  # $105-106 a tonne
    if b.kind is None and not (a.kind == "money" and priced):
        return False
    if a.kind and b.kind and (a.kind, a.unit, a.factor) != (b.kind, b.unit, b.factor):
        return False
    if a.sign:  # -1% to 4%
        return joint == "to" and before != "from" and bool(b.kind and a.kind == "percent")
    low, high = a.parts.size * (b.scale if a.lacks(b) else a.scale), b.parts.size * b.scale
    if line.whole or joint != "to":
        return joint == "and" or low <= high or shortened
    begin = _introduced(line, a)
    if begin < a.first - 1 and line.low[begin] == "from":
        return False  # from a revised 3.2% to 4%
    if line.low[begin] == "from":  # what goes down cannot go from 7 to 8: that is a range
        return low < high and _changes(line, begin) <= 0
    opened = HEDGES.before(line.low, a.first, 0)
    if a.kind and _governed(line, (opened[1] if opened else a.first) - 1):
        return low < high <= 3 * low and a.kind not in ("money", "count")
    return low < high


def _joint(line: Line, a: Expr, b: Expr) -> str:
    """Name what joins two numbers to a range: a dash, `to`, or the `and` of `between`."""
    gap, before = line.low[a.last : b.first], line.low[a.first - 1]
    if len(gap) == 1 and gap[0] in _DASHES:
        tight = line.glued(a.last - 1) and line.glued(a.last)
        return "-" if tight or a.kind is None or gap[0] in "至到" else ""
    words = [word for word in gap if word not in HYPHENS]
    if words == ["to"] and len(gap) <= 3:
        return "to"
    both = before in _BETWEEN and before != "from" and len(gap) == 1 and gap[0] in W.join
    return "and" if both else ""


def _shortened(line: Line, a: Expr, b: Expr) -> Number | None:
    """Complete an upper end without its leading digits: `$1.0250-60` ends at 1.0260."""
    below, above = line.tok[a.number], line.tok[b.number]
    digits = below.replace(",", "")
    plain = above.isdecimal() and digits[-len(above) :].isdecimal() and _DECIMAL.fullmatch(digits)
    if not plain or b.scaled or a.scaled:
        return None
    low, high = a.parts.size, b.parts.size
    full = Decimal(digits[: -len(above)] + above)
    cents = len(above) > 1 and ONE.scaleb(-len(above)) == a.parts.place
    whole = low < high <= 5 * low and not cents
    if len(above) >= len(digits) or whole or full <= low:
        return None
    return a.parts._replace(size=full)


def _introduced(line: Line, a: Expr) -> int:
    """Give the token before a figure, before words like `a revised` too."""
    i = a.first - 1
    while line.low[i] in _REVISED and i > a.first - 5:
        i -= 1
    return i if line.low[i] == "from" else a.first - 1


def _governed(line: Line, i: int) -> bool:
    """Whether the word at token i tells a change, so that a level follows: `up $35 to $9,420`."""
    word = line.low[i]
    if word in ("up", "down") or (word == "of" and line.low[i - 1] in W.of_noun):
        return True
    return word in W.sticky or (word in W.up_down and word not in W.comparative)


def _changes(line: Line, i: int) -> int:
    """Give the sign of the word of change in the clause before token i; 0 where there is none."""
    for j in range(i - 1, max(i - 14, -1), -1):
        word = line.low[j]
        if word in W.range or line.stop(j):
            return 0
        if word in W.up_down or word in W.change:
            return -1 if word in W.down else 1
    return 0


def _join(line: Line, a: Expr, b: Expr) -> None:
    """Make a the range from a to b."""
    b.parts = _shortened(line, a, b) or b.parts
    if b.kind is None:
        b.kind, b.unit = a.kind, a.unit
    ordered = a.kind is None or a.parts.size <= b.parts.size
    if a.lacks(b) and ordered:
        a.scale, a.scaled = b.scale, True
    a.kind, a.unit, a.factor = b.kind, b.unit, b.factor
    a.high, a.last, a.lent, a.hedge = replace(b), b.last, b.lent, "between"
    a.sign = a.sign or b.sign
    before = line.low[a.first - 1]
    if before in _BETWEEN and not (before == "from" and _changes(line, a.first - 1)):
        a.first -= 1


def _backward(line: Line, found: list[Expr], counted: str) -> None:
    """Give bare numbers the unit that stands before: `to 4.2 percent from 6.8`, `190 of them`."""
    low = line.low
    for k, b in enumerate(found):
        if b.kind is None and not b.lent:
            any(rule(line, found, k, counted) for rule in _LENDERS)
        elif (
            b.kind == "count"
            and low[b.number + 1].endswith("ed")
            and _of_the_whole(line, found, k, "")
        ):
            b.last = b.number + 1  # of the 33 sectors, 21 posted gains
        elif b.unit == "one" and b.kind == "count":  # ten foreign-owned ones
            b.kind = "count" if counted else None
            b.unit = b.lent = counted
        if b.kind == "count" and low[b.last - 1] not in W.span:
            counted = b.unit


def _count(b: Expr, unit: str) -> bool:
    """Make a bare number a count of a unit, where there is one."""
    if unit:
        b.kind, b.unit, b.lent = "count", unit, unit
    return bool(unit)


def _part_of_them(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`190 of them`, `12 of the ships`."""
    low, b = line.low, found[k]
    if low[b.last] != "of" or b.parts.size <= 1:
        return False
    if low[b.last + 1] in W.determiner - W.article and (end := noun(line, b.last + 2, b)):
        return _count(b, counts(line, end))
    return low[b.last + 1] in W.them and _count(b, counted)


def _of_them(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`of these, 1.3 million`."""
    low, b = line.low, found[k]
    j = b.first - 2 if low[b.first - 1] == "," else b.first - 1
    if low[j - 2 : j + 1] == [",", "of", "which"] and plural(low[j - 3]):
        counted = counts(line, j - 2)  # 95% of tariff lines, of which 40
    return low[j] in W.them and low[j - 1] == "of" and _count(b, counted)


def _of_the_whole(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`Of the 20 suppliers, eight are in Asia and five in Europe`."""
    b = found[k]
    for whole in found[max(k - _PARTS, 0) : k]:
        j = whole.first - 1
        while line.low[j] in W.determining and j > whole.first - 3:
            j -= 1
        opens = line.low[j] in ("of", "among") and (
            j == 0 or line.stop(j - 1) or line.low[j - 1] in ("", ",")
        )
        comma = "," in line.low[whole.last : min(whole.last + 4, b.first)]
        if opens and whole.kind == "count" and comma:
            part = b.parts.place == 1 and 1 < b.size <= whole.size
            return part and _ended(line, b.number + 1) and _count(b, whole.unit)
    return False


def _ended(line: Line, j: int) -> bool:
    """Whether no noun stands at token j that a bare number might count."""
    word = line.low[j]
    return not word.isalpha() or word in _GOES_ON or word in W.level or word.endswith("ed")


def _unknown_unit(word: str) -> bool:
    """Whether a word looks like the sign of a measure that no table has: no figure, then."""
    sign = word.isupper() or not set(word.lower()) & set("aeiouy")
    return word.isalpha() and word.isascii() and sign


def _unknown_sign(word: str) -> bool:
    """Whether a word looks like the sign of a currency that no table has."""
    letters = word.isalpha() and word.isascii() and word[0].isupper() and len(word) <= 3
    return (letters and word not in ("In", "To", "By", "At", "Of")) or word == "/"


def _compared(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`to 4.2 percent from 6.8`: not `fell 0.4 percent from 131.2`, for that is an index."""
    if not k:
        return False
    low, p, b = line.low, found[k - 1], found[k]
    j = b.first - 1
    while j > p.last and ((low[j] in W.fill and low[j] not in W.lender) or low[j] == "the"):
        j -= 1
    level = p.kind in ("money", "count")
    led = j >= p.last and low[j] in W.lender
    if low[j] == "to":
        led = led and low[p.first - 1] in _BETWEEN
    elif low[j] == "from" and not level:
        led = led and not _governed(line, p.first - 1)
    fits = (b.scaled or b.lacks(p) == p.scaled) if level else b.few
    near = b.first - p.last <= 14 and all(
        word in _PLAIN or word in (",", "(", "compared") or word[:2] in ("19", "20")
        for word in low[p.last : b.first]
    )
    follow = low[b.last]
    ended = not follow.isalpha() or follow in _GOES_ON
    if not (p.kind and led and ended and fits and near):
        return False
    _lend(b, p)
    return True


def _like_before(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """A bare million takes the unit of the figure before: `$3m, from 2.1 million`."""
    if not k:
        return False
    low, p, b = line.low, found[k - 1], found[k]
    near = [q for q in found[max(k - 4, 0) : k] if q.kind in _SIZES]
    near = [q for q in near if not _translates(line, near, q)] or near
    q = next((q for q in reversed(near) if b.scaled and q.scaled), near[-1] if near else p)
    grouped = b.parts.size >= 1000 and not line.tok[b.number].isdecimal()
    same = (b.scaled and (q.scaled or q.kind == "count")) or (
        grouped and q.kind == "count" and not q.scaled and q.parts.size >= 1000
    )
    joined = low[b.first - 1] in W.join and q.kind == "money"
    if q.kind not in ("money", "count") or not same or joined or b.first - q.last > REACH:
        return False
    if _unknown_unit(line.tok[b.last]) or _unknown_sign(line.tok[b.first - 1]):
        return False
    gap = range(q.last, b.first)
    if any(low[g] in W.index or (low[g] == "." and not line.glued(g)) for g in gap):
        return False
    _lend(b, q)
    return True


def _translates(line: Line, found: list[Expr], q: Expr) -> bool:
    """Whether a figure tells the one before in another currency: `3 billion yen ($20 million)`."""
    opening = q.first - 1
    return line.low[opening] == "(" and any(p.last == opening for p in found)


def _has(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """`it had 1,450 welders and now has 960`."""
    low, b = line.low, found[k]
    ends = not low[b.last] or line.stop(b.last)
    return bool(k) and ends and low[b.first - 1] in W.counting_verb and _count(b, counted)


def _sold(line: Line, found: list[Expr], k: int, counted: str) -> bool:
    """A bare million counts what the words before name: `car sales reached 2.4 million`.

    The nearest plural; where that is a flow (sales, exports), the noun before it. Digits in
    groups, `357,700`, count what flows too.
    """
    b = found[k]
    if not b.scaled and (b.parts.size < 1000 or line.tok[b.number].isdecimal()):
        return False
    known = HEDGES.lasts.keys() | currencies().names.firsts.keys() | SCALES.keys()
    other = _OTHER
    for j in range(b.first - 1, max(b.first - 16, -1), -1):
        word = line.low[j]
        if word == ":" and j == b.first - 1:
            continue  # car exports: 5.86 million
        if word == "," or line.stop(j) or word in W.index:
            break
        flow = word in W.flow
        if flow:
            j, other = j - 1, _OTHER_THAN_FLOW
        elif not (b.scaled and plural(word)) or word in known:
            continue
        plain = line.tok[j].islower() and line.tok[j].isalpha() and line.low[j] not in other
        unit = counts(line, j + 1)
        if unit and plain and unit not in known and line.low[j] not in known:
            return _count(b, unit)
        if flow:
            return False
    return False


_LENDERS: Final[tuple[Callable[[Line, list[Expr], int, str], bool], ...]] = (
    _part_of_them,
    _of_them,
    _of_the_whole,
    _compared,
    _like_before,
    _has,
    _sold,
)
"""Who lends a bare number its unit: the first rule that answers."""
