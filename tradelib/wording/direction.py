"""The direction a sentence gives a figure: the sign rules of the contract."""

from __future__ import annotations

from typing import Final

from tradelib.wording.grammar import Expr
from tradelib.wording.lexicon import F, lexicon
from tradelib.wording.sentence import REACH
from tradelib.wording.tokens import Line

SIGNED: Final = frozenset({"percent", "points", "multiple"})
_UPDOWN: Final = F.up | F.down
_OTHER: Final = F.stop | F.block | F.level | F.share | _UPDOWN
_LINKS: Final = frozenset({",", "and", "or", "to", "和", "、"})
_PAUSES: Final = frozenset({",", "compared", "and"})
_YEARLY: Final = frozenset({"-", "year", "over", "month", "quarter", "annual", "y", "/", "yoy"})


def direct(line: Line, found: list[Expr]) -> list[int]:
    """Give the sign of each figure: -1 where the sentence has it fall, else 1."""
    signs: list[int] = []
    for k, expr in enumerate(found):
        sign = expr.sign
        if not sign and expr.kind in SIGNED:
            sign = _behind(line, found, k) or _before(line, found, signs, k)
        signs.append(sign or 1)
    return signs


def _behind(line: Line, found: list[Expr], k: int) -> int:
    """Read the noun or comparative behind the figure or its list: `a 5% and 3% drop`."""
    low, flags, kind = line.low, line.flags, found[k].kind
    for b in found[k + 1 : k + 4]:
        if b.kind != kind or not _LINKS.issuperset(low[found[k].last : b.first]):
            break
        k += 1
    unknown = 0
    for j in range(found[k].last, found[k].last + 10):
        word, flag = low[j], flags[j]
        sign = lexicon().directions.get(word, 0)
        if sign and (word, low[j + 1]) != ("cut", "of"):  # a 15% cut of sales is a share
            levelled = flags[j + 1] & F.levelled and flags[j + 2] & F.digit
            return 0 if flag & F.comparative and (unknown or levelled) else sign
        if word in _YEARLY or (word == "on" and low[j - 1] in _YEARLY):
            continue
        other = not word.isalpha() or flag & _OTHER
        if other or (word.endswith("s") and not word.endswith("ss")) or unknown == 3:
            return 0
        unknown += 1
    return 0


def _before(line: Line, found: list[Expr], signs: list[int], k: int) -> int:
    """Read the words before the figure: what governs it, or the list it belongs to."""
    low, flags, expr = line.low, line.flags, found[k]
    i = expr.first - 1
    floor = max(0, i - REACH)
    outer = lexicon().hedges.before(low, i + 1, floor) if expr.high else None
    if outer is not None:  # plunged by as much as 12-15 percent
        i = outer[1] - 1
    part = low[expr.last] == "of"
    if flags[i] & F.sticky:
        return _changed(line, i - 1, floor)
    if low[expr.first] in ("below", "above", "under"):  # fell below 3%: a level
        return _reached(line, expr.first, floor)
    if low[i] == "of":
        return _measured(line, i - 1, max(0, i - 13))
    if flags[i] & F.versus and k and expr.kind == found[k - 1].kind:
        gap = range(found[k - 1].last, i)
        if all(flags[g] & (F.time | F.fill | F.versus) or low[g] in _PAUSES for g in gap):
            return signs[k - 1]
    if flags[i] & F.levelled or (flags[i] & F.level and not flags[i] & _UPDOWN):
        return 0 if expr.kind == "multiple" else _reached(line, i, floor)
    if flags[i] & F.determiner:
        return 0
    previous, apart = found[k - 1] if k else expr, False
    earlier = found[k - 2] if k > 1 else previous
    for j in range(i, floor - 1, -1):
        word, flag = low[j], flags[j]
        if j == previous.last - 1:
            if part:
                return 0
            if low[i] == "or" and low[earlier.first - 1] == "from":
                return _changed(line, earlier.first - 2, floor)  # fell from 5 to 4, or 20%
            if previous.kind in SIGNED:
                return 0 if previous.sign else signs[k - 1]
            if low[expr.last] == low[previous.first - 1] == low[earlier.last]:
                return signs[k - 2]  # lost 3.9% to $5 in London and 4.2% to $7 in New York
            return _before(line, found, signs, k - 1)
        if word in (",", "but") or flag & F.join:
            apart = apart or word == ","
        elif flag & _UPDOWN:
            return 0 if apart or (part and j < i - 2) else _sign(flag)
        elif line.stop(j) or flag & F.share or (flag & F.block and not flag & (F.time | F.fill)):
            return 0
        elif flag & F.level:
            return _reached(line, j, floor)
    return 0


def _sign(flag: int) -> int:
    return -1 if flag & F.down else 1


def _changed(line: Line, i: int, floor: int) -> int:
    """Give the direction of the nearest verb before token i, else noun: `cut growth by 5%`."""
    noun = 0
    for j in range(i, floor - 1, -1):
        flag, word = line.flags[j], line.low[j]
        if flag & _UPDOWN:
            if flag & F.directionverb or not flag & F.directionnoun:
                return _sign(flag)
            noun = noun or _sign(flag)
        if (noun and word == ",") or (word in (";", "。", ".") and line.stop(j)):
            break
    return noun


def _measured(line: Line, i: int, floor: int) -> int:
    """Give the direction of the noun that an `of` phrase measures: `a decline in sales of 5%`."""
    for j in range(i, floor - 1, -1):
        flag, word = line.flags[j], line.low[j]
        if flag & F.directionnoun:
            return _sign(flag)
        if word == "off":  # a falling off
            continue
        if flag & (_UPDOWN | F.share | F.level) or line.stop(j) or word in (",", "for"):
            break
    return 0


def _reached(line: Line, i: int, floor: int) -> int:
    """Give -1 where a level is that of a decline: `the decline eased to 3.4%`; else none."""
    low, flags = line.low, line.flags
    verb = bool(flags[i] & F.level)
    for j in range(i - 1, floor - 1, -1):
        flag = flags[j]
        if low[j] == "," and low[j + 1] in ("which", "that"):
            continue
        if line.stop(j) or low[j] in (",", "while", "but"):
            break
        if verb and flag & F.directionnoun and flag & F.down and _is_noun(line, j):
            return -1
        if flag & (_UPDOWN | F.level) or (low[j].endswith("ed") and j >= i - 2):
            verb = True
    return 0


def _is_noun(line: Line, j: int) -> bool:
    """Whether a word of decline that may be a verb stands as a noun."""
    before, flag = line.low[j - 1], line.flags[j - 1]
    if line.hyphen(j + 1):  # cut-flower growers
        return False
    if not line.flags[j] & F.directionverb or flag & F.determiner:
        return True
    plain = line.tok[j - 1].isalpha() and line.tok[j - 1].islower() and not before.endswith("s")
    return plain and not flag & F.modal and not line.low[j].startswith("cut")
