"""The grammar of one expression: a number with its sign, currency, scale and unit.

Everything starts at a number and looks a bounded number of tokens to either side: a line is read
in linear time. What stands at a number and could not be placed makes it none.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from tradelib.quantity import Kind
from tradelib.wording import lexicon as lex
from tradelib.wording.lexicon import BEFORE, REACH, Line, W
from tradelib.wording.nouns import YEAR, count, excluded
from tradelib.wording.numerals import Expr, numeral, take_scales

_PLACE: Final = re.compile(r"[A-Z]{1,3}[a-z]?")
WEIGHT: Final = "pound"  # shares its name with a currency: money, unless `of` follows
_OPENING: Final = frozenset("([“\"':=;,$€£¥")
_LATIN: Final = re.compile(r"[0-9A-Za-z\u00c0-\u024f]")
_CODE: Final = re.compile(rf"(?:[0-9A-Za-z.@_#&\\]|\d:|{_LATIN.pattern}\+|\S/)\Z")
"""What touches a number so makes it a piece of a code, a time or a name."""
Unit = tuple[Kind, str, Decimal]


def read(line: Line, i: int, floor: int = 0) -> Expr | None:
    """Read the expression of the number at token i, from ``floor`` on; None where it is none."""
    if line.low[i] in lex.MULTIPLES:
        return _multiple_word(line, i)
    e = numeral(line, i)
    if e is None:
        return None
    if line.tok[e.last] == ")":
        _bracketed(line, e, floor)
    prefix = _currency_before(line, e, floor) if line.low[i][-1:].isdecimal() else None
    if not _stands_free(line, e, prefix is not None):
        return None
    _after_hedge(line, e)
    _take_unit(line, e, prefix)
    _signs(line, e, floor)
    if line.whole:
        return e
    return None if _unplaced(line, e, floor) or excluded(line, e) else e


def _take_unit(line: Line, e: Expr, prefix: tuple[str, int] | None) -> None:
    found = _unit(line, e)
    if prefix and (found is None or found[0][0] == "money"):
        e.kind, (e.unit, e.first) = "money", prefix
    elif found:
        (e.kind, e.unit, e.factor), e.last = found
        if e.kind == "money" and not e.scaled:
            take_scales(line, e)  # 75 USD bn
    else:
        count(line, e)
    _after_hedge(line, e)


def _unplaced(line: Line, e: Expr, floor: int) -> bool:
    """Whether a scale, digits or letters beside the expression belong to it and were not read."""
    low, first, last = line.low, e.first, e.last
    letters = line.word_glued(last) and _LATIN.match(low[last - 1][-1])
    bare = e.kind is None or low[last - 1][-1:].isnumeric()  # 1 trillion 2 trillion, 1万2000亿
    if letters or (bare and low[last][-1:].isdecimal()):
        return True
    j, before = first - 1 - (first - 1 in line.hyphens), low[first - 1]
    named = line.glued(first - 2) or YEAR.fullmatch(before)  # EU-27, 2024
    digits = before[-1:].isdecimal() and low[first][-1:].isdecimal() and not named
    sign = line.glued(first - 1) and (before,) in BEFORE.entries  # €5 pp
    scale = low[line.past_hyphen(last)] in lex.WORDS_OF_SCALE
    return scale or (j >= floor and (low[j] in lex.WORDS_OF_SCALE or sign or digits))


def _multiple_word(line: Line, i: int) -> Expr | None:
    """Read `doubled`, `threefold`, `twice`: the verb and the noun, not the idioms."""
    low, follow = line.low, line.low[i + 1]
    size = lex.MULTIPLES[low[i]]
    idle = low[i] in W.bare and not (follow in W.doubled or low[i - 1] in W.helper)
    if follow and (
        idle or follow in ("down", "-") or (low[i] == "twice" and follow not in W.twice)
    ):
        return None
    return Expr(i, i, i + 1, size, "multiple", sign=int(size < 1))


def _bracketed(line: Line, e: Expr, floor: int) -> None:
    """Take accounting brackets for a minus: `(3.1)%`, `$(4.2) billion`."""
    word, opening, k = line.low[e.last + 1], e.first - 1, e.last + 1
    scale = word in lex.WORDS_OF_SCALE or (word in lex.SCALES and line.glued(e.last))
    before = line.glued(opening - 1) and BEFORE.before(line.tok, opening, floor)
    told = scale or before or _unit_at(line, k)
    if line.tok[opening] == "(" and opening >= floor and told:
        e.first, e.last, e.sign = opening, k, -1
        take_scales(line, e)


def _currency_before(line: Line, e: Expr, floor: int) -> tuple[str, int] | None:
    tok = line.tok
    i = e.first - (tok[e.first - 1] in lex.SIGNS and line.glued(e.first - 1))
    found = BEFORE.before(tok, i, floor)
    if found is None:
        return None
    start = found[1]
    sign = tok[start]
    joined = line.glued(start) and tok[start + 1] not in lex.MINUS  # A$5bn, R5bn, but P-75
    if len(sign) == 1 and sign.isalpha() and not joined:
        return BEFORE.before(tok, i, start + 1)  # a heading: `A $5bn Deal`
    unknown = line.glued(start - 1) and _PLACE.fullmatch(tok[start - 1])
    weak = sign in W.weak and start == i - 1 and not e.scaled and e.digits < 1000
    return None if unknown or weak else found  # XY$5: the dollar of a place that is not known


def _stands_free(line: Line, e: Expr, prefixed: bool) -> bool:
    """Whether the number is not a piece of a code, a time, a fraction or a numbered name."""
    low, i, n, start = line.low, e.first, e.last, line.start[e.first]
    if low[n] in ("/", ":") and line.glued(n - 1) and low[n + 1][-1:].isdecimal():
        return False
    if prefixed or not line.glued(i - 1):
        return True
    if _CODE.search(line.text, max(start - 2, 0), start):
        return False
    word = low[i - 2]
    apart = low[i - 1] not in lex.HYPHENS or not line.glued(i - 2) or not _LATIN.match(word[-1:])
    if apart or word[-1].isdecimal() or (word in ("to", "and") and i - 3 in line.hyphens):
        return True  # also three-to-five
    known = word in lex.SCALES or word in lex.UNITS.firsts or line.tok[i - 2] in lex.UNITS.firsts
    return known and (len(word) > 1 or low[i - 3][-1:].isdecimal())  # F-16, but 1.5m-1.6m


def _unit(line: Line, e: Expr) -> tuple[Unit, int] | None:
    """Give the unit other than a counted noun behind the number, and the token behind it."""
    low, j = line.low, line.past_hyphen(e.last)
    if low[j] == "of" and low[j + 1] in ("a", "an", "one"):  # 0.3 of a percentage point
        j += 2
    found = _unit_at(line, j)
    if found is None:
        return None
    (kind, _, _), end = found
    word = low[j] if end == j + 1 else ""
    if kind == "money":
        if word == "pounds" and low[end] == "of":  # pounds of beef
            e.lent = WEIGHT
            return None
        joined = end in line.hyphens and low[end + 1] not in W.article  # but 20 cents-a-pound
        return None if joined else found
    touching = word.isascii() and word.isalpha() and line.glued(j) and low[end][:1].isalnum()
    occasions = word == "times" and not _compares(line, e, end)
    level = word in ("points", "point") and not (line.whole or _of_a_rate(line, e, j, end))
    return None if touching or occasions or level else found


def _unit_at(line: Line, j: int) -> tuple[Unit, int] | None:
    """Give the unit that stands at token j, unless it is a sign of the next number."""
    found = lex.UNITS.after(line.tok, j) or lex.UNITS.after(line.low, j)
    if found and found[0][0] == "money" and not line.tok[found[1] - 1].isalnum():
        follow, last = line.low[found[1]], found[1] - 1
        apart = follow[:1].isalnum() and not line.glued(j - 1)
        if line.glued(last) and (apart or follow[-1:].isdecimal()):
            return None
    return found


def _of_a_rate(line: Line, e: Expr, k: int, end: int) -> bool:
    """Whether bare points are those of a percentage, not of an index: `54 points, or 0.7%`."""
    low, near = line.low, line.low[max(k - REACH, 0) : k + REACH]
    j = end + (low[end] == ",")
    restated = low[j] in ("or", "(") and low[j + 2] in lex.UNITS.firsts
    idiom = low[e.first - 1] == "at" and e.size == 1  # at one point
    return not (restated or idiom or W.rate.isdisjoint(near)) and W.index.isdisjoint(near)


def _compares(line: Line, e: Expr, end: int) -> bool:
    """Whether `three times` is a multiple, not a number of occasions."""
    low = line.low
    if not e.whole or line.whole or low[e.first - 1] in W.up_down:
        return True
    bare = low[end] in ("last", "this") and low[end + 1] in W.span  # three times last year
    return low[end] in W.compared and not (bare and low[end + 2] not in ("'", "’"))


def _after_hedge(line: Line, e: Expr) -> None:
    """Take `or more`, `-plus`, `+` behind an expression."""
    j = line.past_hyphen(e.last)
    found = lex.AFTERHEDGES.after(line.low, j)
    if found is None:
        return
    apart = not line.glued(e.last - 1) and line.low[j] in ("plus", "+", "＋")
    if not apart and not line.low[found[1]][-1:].isdecimal():
        e.hedge, e.last = found


def _signs(line: Line, e: Expr, floor: int) -> None:
    tok = line.tok
    for at in (e.number - 1, e.first - 1):  # $-5, -$5
        if tok[at] not in lex.SIGNS or at < floor or (tok[at] == "minus" and e.kind == "count"):
            continue
        last = tok[at - 1][-1:]
        script = last.isalpha() and not _LATIN.match(last)
        apart = not line.glued(at - 1) or tok[at - 1] in _OPENING or script
        if tok[at] == "minus" or (apart and line.glued(at)):
            e.sign, e.first = lex.SIGNS[tok[at]], min(e.first, at)
            break
    if tok[e.first - 1] in lex.ARROWS and e.first > floor:
        e.sign, e.first = lex.ARROWS[tok[e.first - 1]], e.first - 1
    elif tok[e.last] in lex.ARROWS and not line.low[e.last + 1][-1:].isdecimal():
        e.sign, e.last = lex.ARROWS[tok[e.last]], e.last + 1
