"""The direction a sentence gives a figure: the sign rules of the contract."""

from __future__ import annotations

from typing import Final

from tradelib.quantity import SIGNED_KINDS
from tradelib.wording.grammar import Expr
from tradelib.wording.lexicon import F, lexicon
from tradelib.wording.sentence import REACH
from tradelib.wording.tokens import Line

_UPDOWN: Final = F.up | F.down
_PAUSES: Final = F.time | F.fill | F.versus | F.pause
_OTHER: Final = F.stop | F.block | F.level | F.share | _UPDOWN


def direct(line: Line, found: list[Expr]) -> list[int]:
    """Give the sign of each figure: -1 where the sentence has it fall, else 1."""
    signs: list[int] = []
    for k, expr in enumerate(found):
        sign = expr.sign
        if not sign and expr.kind in SIGNED_KINDS:
            sign = _behind(line, found, k) or _before(line, found, signs, k)
        signs.append(sign or 1)
    return signs


def _behind(line: Line, found: list[Expr], k: int) -> int:
    """Read the noun or comparative behind the figure: `a 12% drop`, `3 percent lower`.

    In `a 5% and 3% drop` the first figure takes what the second has.
    """
    low, flags, directions = line.low, line.flags, lexicon().directions
    for b in found[k + 1 : k + 4]:
        if b.kind != found[k].kind or b.first - found[k].last > 3:
            break
        if not all(flag & F.link for flag in flags[found[k].last : b.first]):
            break
        k += 1
    start, unknown = found[k].last, 0
    for j in range(start, start + 10):
        word, flag = low[j], flags[j]
        share = word == "cut" and low[j + 1] == "of"  # a 15% cut of sales
        if word in directions and not share:
            levelled = flags[j + 1] & F.levelled and flags[j + 2] & F.digit
            apart = flag & F.comparative and (unknown or levelled)
            return 0 if apart else directions[word]
        if flag & F.yearly and (word != "on" or flags[j - 1] & F.yearly):
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
    if expr.high and (outer := lexicon().hedges.before(low, i + 1, floor)):
        i = outer[1] - 1  # plunged by as much as 12-15 percent
    part = low[expr.last] == "of"
    if flags[i] & F.sticky:
        return _changed(line, i - 1, floor)
    if low[expr.first] in ("below", "above", "under"):  # fell below 3%: a level
        return _reached(line, expr.first, floor)
    if low[i] == "of":
        return _measured(line, i - 1, max(0, i - 13))
    if low[i] == "(" and k and found[k - 1].last == i and not part:  # fell by $3bn (12%)
        signed = found[k - 1].kind in SIGNED_KINDS
        return signs[k - 1] if signed else _before(line, found, signs, k - 1)
    if flags[i] & F.versus and k and expr.kind == found[k - 1].kind:
        gap = range(found[k - 1].last, i)
        if len(gap) < 6 and all(flags[g] & _PAUSES for g in gap):
            return signs[k - 1]
    if flags[i] & F.levelled or (flags[i] & F.level and not flags[i] & _UPDOWN):
        return 0 if expr.kind == "multiple" else _reached(line, i, floor)
    if flags[i] & F.determiner:
        return 0
    previous, apart = found[k - 1] if k else None, False
    for j in range(i, floor - 1, -1):
        word, flag = low[j], flags[j]
        if previous is not None and j == previous.last - 1:
            if part or expr.kind not in SIGNED_KINDS:
                return 0
            if low[i] == "or" and k > 1 and low[found[k - 2].first - 1] == "from":
                return _changed(line, found[k - 2].first - 2, floor)  # fell from 5 to 4, or 20%
            if previous.kind in SIGNED_KINDS:
                return 0 if previous.sign else signs[k - 1]
            if k > 1 and low[expr.last] == low[previous.first - 1] == low[found[k - 2].last]:
                return signs[k - 2]  # lost 3.9% to $5 in London and 4.2% to $7 in New York
            return _before(line, found, signs, k - 1)
        if word == "," or word == "but" or flag & F.join:
            apart = apart or word == ","
            continue
        if flag & _UPDOWN:
            return 0 if apart or (part and j < i - 2) else _sign(flag)
        if line.stop(j) or flag & F.share or (flag & F.block and not flag & (F.time | F.fill)):
            return 0
        if flag & F.level:
            return _reached(line, j, floor)
    return 0


def _sign(flag: int) -> int:
    return -1 if flag & F.down else 1


def _changed(line: Line, i: int, floor: int) -> int:
    """Give the direction of the nearest verb of change before token i, else of the noun.

    The verb goes first: who *cut the growth forecast by 5%* did not raise it.
    """
    noun = 0
    for j in range(i, floor - 1, -1):
        flag = line.flags[j]
        if flag & _UPDOWN:
            if flag & F.directionverb or not flag & F.directionnoun:
                return _sign(flag)
            noun = noun or _sign(flag)
        word = line.low[j]
        if (noun and word == ",") or (word in (";", "。", ".") and line.stop(j)):
            break
    return noun


def _measured(line: Line, i: int, floor: int) -> int:
    """Give the direction of the noun that an `of` phrase measures: `a decline in sales of 5%`."""
    for j in range(i, floor - 1, -1):
        word, flag = line.low[j], line.flags[j]
        if flag & F.directionnoun:
            return _sign(flag)
        ends = flag & (_UPDOWN | F.share | F.level) or word in (",", "for") or line.stop(j)
        if ends and word != "off":  # a falling off
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
            return 0
        if verb and flag & F.directionnoun and flag & F.down and _is_noun(line, j):
            return -1
        if flag & (_UPDOWN | F.level) or (low[j].endswith("ed") and j >= i - 2):
            verb = True
    return 0


def _is_noun(line: Line, j: int) -> bool:
    """Whether a word of decline that may be a verb stands as a noun."""
    before, flag = line.tok[j - 1], line.flags[j - 1]
    if line.hyphen(j + 1):  # cut-flower growers
        return False
    if not line.flags[j] & F.directionverb or flag & F.determiner:
        return True
    plain = before.isalpha() and before.islower() and not before.endswith("s")
    return plain and not flag & F.modal and not line.low[j].startswith("cut")
