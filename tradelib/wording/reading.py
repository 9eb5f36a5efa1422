"""The grammar of one expression: a number with its sign, currency, scale and unit.

Everything starts at a number and looks a bounded number of tokens to either side, so reading a
line takes time linear in its length whatever it holds. What stands at a number and could not be
placed (a scale, digits, letters that touch it) makes it none: it would be wrong by a power of ten.
"""

from __future__ import annotations

import re
from typing import Final

from tradelib.wording.currencies import WEAK, currencies
from tradelib.wording.exclusions import YEAR, excluded
from tradelib.wording.expression import ONE, Expr, Number
from tradelib.wording.lexicon import (
    AFTERHEDGES,
    ARROWS,
    HYPHENS,
    MINUS,
    MULTIPLES,
    SCALES,
    SIGNS,
    SUBUNITS,
    UNITS,
    WORDS_OF_SCALE,
    W,
)
from tradelib.wording.nouns import counted
from tradelib.wording.numerals import SIGNS_OF_PARTS, numeral
from tradelib.wording.tokens import Line

_SIGNS_OF_MONEY: Final = frozenset("$€£¥₩₹₽₺₴₦฿₫₪₱₵৳＄￥￡￦")
_PLACE: Final = re.compile(r"[A-Z]{1,3}[a-z]?")
WEIGHT: Final = "pound"
"""A measure that shares its name with a currency: money, unless `of` follows."""
_OPENING: Final = frozenset("([“\"':=;,$€£¥")
_LATIN: Final = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")
_CODE: Final = re.compile(rf"(?:[0-9A-Za-z.@_#&\\]|\d:|{_LATIN.pattern}\+|\S/)\Z")
"""What touches a number so makes it a piece of a code, a time or a name."""
_REACH: Final = 60
"""How many tokens around bare `points` are searched for what they are points of."""


def read(line: Line, i: int, floor: int = 0) -> Expr | None:
    """Read the expression whose number stands at token i; None where it is no figure.

    ``floor`` is the first token that no earlier expression has taken.
    """
    if line.low[i] in MULTIPLES:
        return _multiple_word(line, i)
    e = numeral(line, i)
    if e is None or e.first < floor:
        return None
    bracketed = line.tok[e.last] == ")" and _bracketed(line, e, floor)
    prefix = _currency_before(line, e, floor) if line.low[i][-1:].isdecimal() else None
    if not (line.whole or _stands_free(line, e, prefix is not None)):
        return None
    _after_hedge(line, e)
    _take_unit(line, e, prefix)
    if bracketed and e.kind not in ("money", "percent") and not e.scaled:
        return None
    _signs(line, e, floor)
    if line.whole:
        return e
    return None if _unplaced(line, e, floor) or excluded(line, e) else e


def _take_unit(line: Line, e: Expr, prefix: tuple[str, int] | None) -> None:
    """Take percent, points, times, the currency or the counted noun, the first there is."""
    end = _unit(line, e, e.last)
    if end is None and prefix:
        e.kind, (e.unit, e.first) = "money", prefix
        again = _currency_after(line, e.last)
        repeated = again and again[0] == e.unit and again[1] not in line.hyphens
        end = again[1] if again and repeated else e.last
    e.last = end or _money_after(line, e, e.last) or counted(line, e, e.last) or e.last
    _after_hedge(line, e)


def _unplaced(line: Line, e: Expr, floor: int) -> bool:
    """Whether a scale, digits or letters beside the expression belong to it and were not read."""
    low, first, last = line.low, e.first, e.last
    behind = line.past_hyphen(last + (low[last] == ")"))
    if low[behind] in WORDS_OF_SCALE:
        return True
    if line.word_glued(last) and _LATIN.match(low[last - 1][-1]):
        return True
    if e.kind is None and last in line.hyphens and low[last + 1].isalpha():  # two-thirds, six-pack
        return low[last + 1] not in ("to", "and", "or")
    follow = low[last][-1:].isdecimal() and not YEAR.fullmatch(low[last])
    if follow and (low[last - 1][-1:].isdecimal() or low[last - 1] in SIGNS_OF_PARTS):
        return True
    j, before = first - 1 - (first - 1 in line.hyphens), low[first - 1]
    if j < floor:
        return False
    named = line.glued(first - 2) or (len(before) == 4 and before.isdecimal())  # EU-27, 2024
    digits = before[-1:].isdecimal() and low[first][-1:].isdecimal()
    sign = before in _SIGNS_OF_MONEY and line.glued(first - 1)  # XY$5
    return low[j] in WORDS_OF_SCALE or sign or (digits and not named)


def _multiple_word(line: Line, i: int) -> Expr | None:
    """Read `doubled`, `threefold`, `twice`: the verb and the noun, not the idioms."""
    low, follow = line.low, line.low[i + 1]
    size, step = MULTIPLES[low[i]]
    if i + 1 in line.hyphens or i - 1 in line.hyphens or follow == "down":
        return None
    idle = low[i] in W.bare and not (follow in W.doubled or low[i - 1] in W.helper)
    if follow and (idle or (low[i] == "twice" and follow not in W.twice)):
        return None
    return Expr(i, i, i + 1, Number(size, step, ONE), "multiple", sign=int(size < 1))


def _bracketed(line: Line, e: Expr, floor: int) -> bool:
    """Take accounting brackets for a minus: `(3.1)%`, `$(4.2) billion`."""
    low, opening, k = line.low, e.first - 1, e.last + 1
    letter = SCALES.get(low[k]) and line.glued(k - 1)
    behind = low[k] in WORDS_OF_SCALE or letter or low[k] in ("%", "％") or _currency_after(line, k)
    before = line.glued(opening - 1) and currencies().before.before(line.tok, opening, floor)
    if line.tok[opening] != "(" or opening < floor or not (behind or before):
        return False
    e.first, e.last, e.sign = opening, k, -1
    scale = SCALES.get(low[k])
    if scale and not e.scaled and (letter or low[k] in WORDS_OF_SCALE):
        e.scale, e.scaled, e.last = scale.factor, True, k + 1
    return True


def _currency_before(line: Line, e: Expr, floor: int) -> tuple[str, int] | None:
    """Give the currency before a number, its minus or its scale (`USD million 75`), and where."""
    i = e.first - (line.tok[e.first - 1] in SIGNS and line.glued(e.first - 1))
    found, word = currency_at(line, i, floor), line.low[i - 1]
    if not found and not e.scaled and word in WORDS_OF_SCALE:
        found = currencies().before.before(line.tok, i - 1, floor)
        if found:
            e.scale, e.scaled = SCALES[word].factor, True
    if found and not e.scaled and e.parts.size < 1000 and line.tok[found[1]] in WEAK:
        return None if found[1] == e.first - 1 else found
    return found


def currency_at(line: Line, i: int, floor: int) -> tuple[str, int] | None:
    """Give the currency that stands before token i, and its first token."""
    tok, known = line.tok, currencies().before
    found = known.before(tok, i, floor)
    if found is None:
        return None
    start = found[1]
    if not tok[start].isalnum() and line.glued(start - 1) and _PLACE.fullmatch(tok[start - 1]):
        return None  # the dollar of a place that is not known
    if len(tok[start]) > 1 or not tok[start].isalpha():
        return found
    if line.glued(start) and tok[start + 1] not in MINUS:  # A$5bn, R5bn, but P-75
        return found
    sign = known.entries.get((tok[i - 1],))  # `a $5bn deal` in a heading; `P 5` is no currency
    return (sign, i - 1) if sign and start < i - 1 else None


def _stands_free(line: Line, e: Expr, prefixed: bool) -> bool:
    """Whether the number is not a piece of a code, a time, a fraction or a numbered name."""
    low, i, n = line.low, e.first, e.last
    if low[n] in ("/", ":") and line.glued(n - 1) and low[n + 1][-1:].isdecimal():
        return False
    if prefixed or not line.glued(i - 1):
        return True
    start, word = line.start[i], low[i - 2]
    if _CODE.search(line.text, max(start - 2, 0), start):
        return False
    if low[i - 1] not in HYPHENS or not line.glued(i - 2) or not _LATIN.match(word[-1:]):
        return True
    if word[-1].isdecimal() or (word in ("to", "and") and i - 3 in line.hyphens):  # three-to-five
        return True
    if len(word) == 1:  # F-16, but 1.5m-1.6m
        return word in SCALES and low[i - 3][-1:].isdecimal()
    known = currencies().names.firsts.keys() | currencies().after.firsts.keys()
    return not {word, line.tok[i - 2]}.isdisjoint(known) or any(
        w in UNITS.firsts or w in SCALES for w in (word, low[n])
    )


def _unit(line: Line, e: Expr, k: int) -> int | None:
    """Take percent, points or times from token k on."""
    low, k = line.low, line.past_hyphen(k)
    if low[k] == "of" and low[k + 1] in ("a", "an", "one"):  # 0.3 of a percentage point
        k += 2
    found = UNITS.after(low, k)
    if found is None:
        return None
    (kind, factor), end = found
    word = low[k] if end == k + 1 else ""
    if len(word) <= 3 and word.isalpha() and line.glued(k) and line.tok[end][:1].isalnum():
        return None
    if word == "times" and not _compares(line, e, end):
        return None
    if word in ("points", "point") and not (line.whole or _of_a_rate(line, e, k, end)):
        return None
    e.kind, e.factor = kind, factor
    return end


def _of_a_rate(line: Line, e: Expr, k: int, end: int) -> bool:
    """Whether bare points are those of a percentage, not of an index: `54 points, or 0.7%`."""
    low, near = line.low, line.low[max(k - _REACH, 0) : k + _REACH]
    j = end + (low[end] == ",")
    restated = low[j] in ("or", "(") and low[j + 2] in UNITS.firsts
    idiom = low[e.first - 1] == "at" and e.size == 1  # at one point
    return not (restated or idiom or W.rate.isdisjoint(near)) and W.index.isdisjoint(near)


def _compares(line: Line, e: Expr, end: int) -> bool:
    """Whether `three times` is a multiple, not a number of occasions."""
    low = line.low
    if e.parts.place < 1 or line.whole or low[e.first - 1] in W.up_down:
        return True
    if low[end] in ("last", "this") and low[end + 1] in W.span:  # three times last year's level
        return low[end + 2] in ("'", "’") or low[end + 2].isalpha()
    return low[end] in W.compared


def _currency_after(line: Line, k: int) -> tuple[str, int] | None:
    """Give the currency that stands at token k, and the token behind it."""
    j = line.past_hyphen(k)
    found = currencies().after.after(line.tok, j) or currencies().names.after(line.low, j)
    if found and not line.tok[found[1] - 1].isalnum() and line.glued(found[1] - 1):
        follow = line.low[found[1]]
        apart = follow[:1].isalnum() and not line.glued(j - 1)
        return None if apart or follow[-1:].isdecimal() else found  # the next number's sign
    return found


def _money_after(line: Line, e: Expr, k: int) -> int | None:
    """Take the currency that stands behind the number, unless it is a weight: pounds of beef."""
    sub = SUBUNITS.after(line.low, line.past_hyphen(k))
    if sub:
        e.kind, (e.unit, e.factor) = "money", sub[0]
        return sub[1]
    found = _currency_after(line, k)
    if found is None or found[1] in line.hyphens:
        return None
    unit, end = found
    if line.low[end - 1] in ("pounds", WEIGHT) and line.low[end] == "of":
        e.lent = WEIGHT
        return None
    if line.low[end] in WORDS_OF_SCALE and not e.scaled:  # 75 USD million
        if line.low[end + 1][-1:].isdecimal():
            return None  # USD million 75 behind a number
        e.scale, e.scaled, end = SCALES[line.low[end]].factor, True, end + 1
    e.kind, e.unit = "money", unit
    return end


def _after_hedge(line: Line, e: Expr) -> None:
    """Take `or more`, `-plus`, `+` behind an expression."""
    j = line.past_hyphen(e.last)
    found = AFTERHEDGES.after(line.low, j)
    if found is None or e.hedge != "exact":
        return
    apart = not line.glued(e.last - 1) and line.low[j] in ("plus", "+", "＋")
    if not apart and not line.low[found[1]][-1:].isdecimal():
        e.hedge, e.last = found


def _signs(line: Line, e: Expr, floor: int) -> None:
    """Take the plus, minus or arrow that stands at either end."""
    tok = line.tok
    for at in (e.number - 1, e.first - 1):  # $-5, -$5
        sign = SIGNS.get(tok[at])
        if sign is None or at < floor or (tok[at] == "minus" and e.kind == "count"):
            continue
        before = tok[at - 1]
        script = before[-1:].isalpha() and not _LATIN.match(before[-1])
        apart = not line.glued(at - 1) or before in _OPENING or script
        if tok[at] == "minus" or (apart and line.glued(at)):
            e.sign, e.first = sign, min(e.first, at)
            break
    if tok[e.first - 1] in ARROWS and e.first > floor:
        e.sign, e.first = ARROWS[tok[e.first - 1]], e.first - 1
    elif tok[e.last] in ARROWS and not line.low[e.last + 1][-1:].isdecimal():
        e.sign, e.last = ARROWS[tok[e.last]], e.last + 1
