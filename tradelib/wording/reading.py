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
    W,
)
from tradelib.wording.nouns import counted
from tradelib.wording.numerals import SIGNS_OF_PARTS, numeral
from tradelib.wording.tokens import Line

_WORDS_OF_SCALE: Final = {word for word, scale in SCALES.items() if scale.style == "word"}
_SIGNS_OF_MONEY: Final = frozenset("$€£¥₩₹₽₺₴₦฿₫₪₱₵৳＄￥￡￦")
_PLACE: Final = re.compile(r"[A-Z]{1,3}[a-z]?")
WEIGHT: Final = "pound"
"""A measure that shares its name with a currency: money, unless `of` follows."""
_OPENING: Final = frozenset("([“\"':=;,$€£¥")
_LATIN: Final = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")
_SIGNED: Final = SIGNS.keys() | ARROWS.keys()
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
    bracketed = _bracketed(line, e, floor) if line.tok[e.last] == ")" else None
    prefix = _currency_before(line, e, floor) if line.low[i][-1:].isdecimal() else None
    if prefix and not _strong(line, e, prefix[1]):
        prefix = None
    if not (line.whole or _stands_free(line, e, prefix is not None)):
        return None
    if line.low[line.past_hyphen(e.last)] in AFTERHEDGES.firsts:
        _after_hedge(line, e)
    _take_unit(line, e, prefix)
    if bracketed is not None:
        if not (e.scaled or e.kind in ("money", "percent")):
            return None
        e.sign, e.first = -1, min(e.first, bracketed)
    if line.low[e.first - 1] in _SIGNED or line.low[i - 1] in _SIGNED or line.low[e.last] in ARROWS:
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
        repeated = again is not None and again[0] == e.unit and again[1] not in line.hyphens
        end = again[1] if again and repeated else e.last
    end = end or _money_after(line, e, e.last) or counted(line, e, e.last)
    e.last = end or e.last
    if line.low[line.past_hyphen(e.last)] in AFTERHEDGES.firsts:
        _after_hedge(line, e)


def _strong(line: Line, e: Expr, start: int) -> bool:
    """Whether what stands before the number is a currency sign beyond doubt."""
    sign = " ".join(line.tok[start : e.first])
    return e.scaled or e.parts.size >= 1000 or sign not in WEAK


def _unplaced(line: Line, e: Expr, floor: int) -> bool:
    """Whether a scale, digits or letters beside the expression belong to it and were not read."""
    low, last = line.low, e.last
    if low[line.past_hyphen(last)] in _WORDS_OF_SCALE:
        return True
    if line.word_glued(last) and _LATIN.match(low[last - 1][-1]):
        return True
    if e.kind is None and last in line.hyphens and low[last + 1].isalpha():  # two-thirds, six-pack
        return low[last + 1] not in ("to", "and", "or")
    follow = low[last][-1:].isdecimal() and not YEAR.fullmatch(low[last])
    bare = low[last - 1][-1:].isdecimal() or low[last - 1] in SIGNS_OF_PARTS
    return (follow and bare) or _unplaced_before(line, e, floor)


def _unplaced_before(line: Line, e: Expr, floor: int) -> bool:
    low, first = line.low, e.first
    j = first - 2 if first - 1 in line.hyphens else first - 1
    if j < floor:
        return False
    before = low[first - 1]
    named = line.glued(first - 2) or (len(before) == 4 and before.isdecimal())  # EU-27, 2024
    digits = before[-1:].isdecimal() and low[first][-1:].isdecimal()
    sign = before in _SIGNS_OF_MONEY and line.glued(first - 1)  # XY$5
    return low[j] in _WORDS_OF_SCALE or sign or (digits and not named)


def _multiple_word(line: Line, i: int) -> Expr | None:
    """Read `doubled`, `threefold`, `twice`: the verb and the noun, not the idioms."""
    low, follow = line.low, line.low[i + 1]
    size, step = MULTIPLES[low[i]]
    if i + 1 in line.hyphens or i - 1 in line.hyphens or follow == "down":
        return None
    idle = low[i] in W.bare and not (follow in W.doubled or low[i - 1] in W.helper)
    if follow and (idle or (low[i] == "twice" and follow not in W.twice)):
        return None
    return Expr(i, i, i + 1, Number(size, step, ONE), "multiple", sign=1 if size < 1 else 0)


def _bracketed(line: Line, e: Expr, floor: int) -> int | None:
    """Step over accounting brackets, `(3.1)%`, `$(4.2) billion`; give the first, to be a minus."""
    opening = e.first - 1
    if line.tok[opening] not in ("(", "$", "€", "£", "¥"):
        return None
    at = opening if line.tok[opening] == "(" else opening - 1
    k = e.last + 1
    outside = opening == at  # $(4.2) billion, not ($4.2) billion
    told = outside and currencies().before.before(line.tok, at, floor)
    percent = line.low[k] in ("%", "％")
    if UNITS.after(line.low, k) and (told or not percent):
        return None
    scale = SCALES.get(line.low[k])
    if scale and scale.style != "word" and not (scale.style == "letter" and line.glued(k - 1)):
        scale = None
    behind = scale or (outside and (percent or _currency_after(line, k)))
    if line.tok[at] != "(" or at < floor or not (behind or (told and line.glued(at - 1))):
        return None
    e.last = k
    if scale and not e.scaled:
        e.scale, e.scaled, e.last = scale.factor, True, k + 1
    if outside:
        e.first = at
    return at


def _currency_before(line: Line, e: Expr, floor: int) -> tuple[str, int] | None:
    """Give the currency before a number, its minus or its scale (`USD million 75`), and where."""
    i = e.first
    if line.tok[i - 1] in SIGNS and line.glued(i - 1):
        i -= 1
    found = currency_at(line, i, floor)
    scale = SCALES.get(line.low[i - 1])
    if found or e.scaled or scale is None or scale.style != "word":
        return found
    found = currencies().before.before(line.tok, i - 1, floor)
    if found:
        e.scale, e.scaled = scale.factor, True
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
    if line.glued(found[1]) and line.tok[found[1] + 1] not in MINUS:  # A$5bn, R5bn, but P-75
        return found
    sign = known.entries.get((tok[i - 1],))  # `a $5bn deal` in a heading; `P 5` is no currency
    return (sign, i - 1) if sign and found[1] < i - 1 else None


def _stands_free(line: Line, e: Expr, prefixed: bool) -> bool:
    """Whether the number is not a piece of a code, a time, a fraction or a numbered name."""
    tok, low, i, n = line.tok, line.low, e.first, e.last
    if tok[n] in ("/", ":") and line.glued(n - 1) and low[n + 1][-1:].isdecimal():
        return False
    if prefixed or not line.glued(i - 1):
        return not (low[i - 1] == "." and low[i - 2] in ("no", "nos", "art", "sec", "vol"))
    before = tok[i - 1]
    if before[-1:].isdecimal():  # the half of a 3½ that is no number
        return False
    if before == ":":
        return not low[i - 2][-1:].isdecimal()
    if before == "+" and line.glued(i - 2):
        return not _LATIN.match(tok[i - 2][-1:])
    if before in "/.@_#&\\":
        return before == "/" and not line.glued(i - 2)
    if before in HYPHENS and line.glued(i - 2) and _LATIN.match(tok[i - 2][-1:]):
        word = low[i - 2]
        if word in ("to", "and") and i - 3 in line.hyphens:  # three-to-five-year
            return True
        if word[-1].isdecimal():
            return True
        if len(word) == 1:  # F-16, but 1.5m-1.6m
            return word in SCALES and low[i - 3][-1:].isdecimal()
        known = word in SCALES or word in UNITS.firsts or word in currencies().names.firsts
        return known or tok[i - 2] in currencies().after.firsts or low[n] in UNITS.firsts
    return not (before.isalpha() and before.isascii())


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
    if word == "times" and not (_alone(line, end) or _compares(line, e, end)):
        return None
    if word in ("points", "point") and not line.whole:
        near = low[max(k - _REACH, 0) : k + _REACH]
        idiom = low[e.first - 1] == "at" and e.size == 1  # at one point
        idiom = idiom or _restated(line, end)
        if idiom or W.rate.isdisjoint(near) or not W.index.isdisjoint(near):
            return None
    e.kind, e.factor = kind, factor
    return end


def _restated(line: Line, end: int) -> bool:
    """Whether points are told in percent too, as those of an index: `54 points, or 0.7%`."""
    j = end + 1 if line.low[end] == "," else end
    return line.low[j] in ("or", "(") and line.low[j + 2] in UNITS.firsts


def _alone(line: Line, end: int) -> bool:
    """Whether a surface that is read alone ends at a token."""
    follow = line.low[end]
    return line.whole and (not follow or follow in AFTERHEDGES.firsts or follow in _SIGNED)


def _compares(line: Line, e: Expr, end: int) -> bool:
    """Whether `three times` is a multiple, not a number of occasions."""
    low = line.low
    if e.parts.place < 1 or low[e.first - 1] in W.up_down:
        return True
    if low[end] in ("last", "this") and low[end + 1] in W.span:  # three times last year's level
        return low[end + 2] in ("'", "’") or low[end + 2].isalpha()
    return low[end] in W.compared


def _currency_after(line: Line, k: int) -> tuple[str, int] | None:
    """Give the currency that stands at token k, and the token behind it."""
    j = line.past_hyphen(k)
    found = currencies().after.after(line.tok, j) or currencies().names.after(line.low, j)
    if found is not None and not line.tok[found[1] - 1].isalnum() and line.glued(found[1] - 1):
        follow = line.low[found[1]]
        apart = follow[:1].isalnum() and not line.glued(j - 1)
        return None if apart or follow[-1:].isdecimal() else found  # the next number's sign
    return found


def _money_after(line: Line, e: Expr, k: int) -> int | None:
    """Take the currency that stands behind the number, unless it is a weight: pounds of beef."""
    sub = SUBUNITS.after(line.low, line.past_hyphen(k))
    if sub is not None:
        e.kind, (e.unit, e.factor) = "money", sub[0]
        return sub[1]
    found = _currency_after(line, k)
    if found is None or found[1] in line.hyphens:
        return None
    end = found[1]
    if line.low[end - 1] in ("pounds", WEIGHT) and line.low[end] == "of":
        e.lent = WEIGHT
        return None
    scale = SCALES.get(line.low[end])
    if scale and scale.style == "word" and not e.scaled:  # 75 USD million
        if line.low[end + 1][-1:].isdecimal():
            return None  # USD million 75 behind a number
        e.scale, e.scaled, end = scale.factor, True, end + 1
    e.kind, e.unit = "money", found[0]
    return end


def _after_hedge(line: Line, e: Expr) -> None:
    """Take `or more`, `-plus`, `+` behind an expression."""
    j = line.past_hyphen(e.last)
    if e.hedge != "exact":
        return
    found = AFTERHEDGES.after(line.low, j)
    apart = not line.glued(e.last - 1) and line.low[j] in ("plus", "+", "＋")
    if found and not apart and not line.low[found[1]][-1:].isdecimal():
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
    up, after = ARROWS.get(tok[e.first - 1]), ARROWS.get(tok[e.last])
    if up is not None and e.first > floor:
        e.sign, e.first = up, e.first - 1
    elif after is not None and not line.low[e.last + 1][-1:].isdecimal():
        e.sign, e.last = after, e.last + 1
