"""The direction a sentence gives a figure: the sign rules of the contract."""

from __future__ import annotations

from typing import Final

from tradelib.wording.grammar import F, Expr, Line
from tradelib.wording.lexicon import lexicon

REACH: Final = 40
_UPDOWN: Final = F["up"] | F["down"]
_LEVELS: Final = frozenset({"to", "from", "at", "below", "above", "under", "than"})
_DETERMINERS: Final = frozenset("the a an its their this that s of any no".split())
_SIGNED: Final = ("percent", "points", "multiple")
_ENDS: Final = frozenset({";", ":", "(", ")", "—", "–", "。", "；", "|", "!", "?"})


def direct(line: Line, found: list[Expr]) -> list[int]:
    """Give the sign of each figure: -1 where the sentence has it fall, else 1."""
    signs: list[int] = []
    for k, expr in enumerate(found):
        sign = expr.sign
        if not sign and expr.kind in ("percent", "points", "multiple"):
            sign = _following(line, found, k) or _before(line, found, signs, k)
        signs.append(sign or 1)
    return signs


def _following(line: Line, found: list[Expr], k: int) -> int:
    """Read the noun or comparative behind the figure: `a 12% drop`, `3 percent lower`."""
    low, flags, after = line.low, line.flags, lexicon().after
    j, unknown = found[k].last, 0
    if low[j] in ("of", ",", ".", ""):
        joined = low[j] == ","
    else:
        joined = low[j] in ("and", "or", "to")
    if joined and k + 1 < len(found):
        b = found[k + 1]
        if b.kind == found[k].kind and all(w in (",", "and", "or", "to") for w in low[j : b.first]):
            return _following(line, found[: k + 3], k + 1) if k + 2 < len(found) or True else 0
    for j in range(j, min(j + 10, line.size)):
        word, flag = low[j], flags[j]
        sign = after.get(word)
        if sign is not None:
            if word in ("up", "down", "below", "above", "under", "more", "less") and unknown:
                return 0
            if word == "less" and low[j + 1] == "than" and unknown:
                return 0
            if word in ("down", "up") and low[j + 1] in ("from", "to"):
                return 0
            return 1 if sign == "up" else -1
        if word in ("-", "year", "on", "over", "month", "quarter", "annual", "y", "/", "yoy"):
            if word == "on" and low[j - 1] not in ("-", "year", "month", "quarter"):
                return 0
            continue
        if not word.isalpha() or flag & (F["stop"] | F["block"] | F["level"] | F["share"] | _UPDOWN):
            return 0
        if word.endswith("s") and not word.endswith("ss"):
            return 0
        unknown += 1
        if unknown > 3:
            return 0
    return 0


def _before(line: Line, found: list[Expr], signs: list[int], k: int) -> int:
    """Read the words before the figure: what governs it, or the list it belongs to."""
    low, flags = line.low, line.flags
    expr = found[k]
    i = expr.first - 1
    floor = max(0, i - REACH)
    word = low[i]
    of = low[expr.last] == "of"
    if word in ("by", "another", "further"):
        return _nearest(line, i - 1, floor)
    if word == "of":
        return _noun_of(line, i - 1, floor)
    if word in _LEVELS or (flags[i] & F["level"] and not flags[i] & _UPDOWN):
        return _subject(line, i, floor)
    if word in ("the", "its", "their", "a", "an", "this", "that"):
        return 0
    previous = found[k - 1] if k else None
    for j in range(i, floor - 1, -1):
        word, flag = low[j], flags[j]
        if previous is not None and j == previous.last - 1:
            if of:
                return 0
            if previous.kind in ("percent", "points", "multiple"):
                return signs[k - 1]
            return _before(line, found, signs, k - 1) if expr.kind in _SIGNED else 0
        if word in (",", "and", "or", "but"):
            continue
        if flag & _UPDOWN:
            if of and j < i - 2:
                return 0
            return -1 if flag & F["down"] else 1
        if word in _ENDS or (word == "." and not line.glued(j)):
            return 0
        if flag & F["share"] or (flag & F["block"] and not flag & (F["time"] | F["fill"])):
            return 0
        if flag & F["level"]:
            return _subject(line, j, floor)
    return 0


def _nearest(line: Line, i: int, floor: int) -> int:
    """Give the direction of the nearest verb of change before token i, else of the noun.

    The verb goes first: who *cut the growth forecast by 5%* did not raise it.
    """
    noun = 0
    for j in range(i, floor - 1, -1):
        flag = line.flags[j]
        if flag & _UPDOWN:
            sign = -1 if flag & F["down"] else 1
            if not flag & F["directionnoun"] or flag & F["directionverb"]:
                return sign
            noun = noun or sign
        if line.low[j] in (";", "。") or (line.low[j] == "." and not line.glued(j)):
            break
        if noun and line.low[j] == ",":
            break
    return noun


def _noun_of(line: Line, i: int, floor: int) -> int:
    """Give the direction of the noun whose measure an `of` phrase gives: `a decline of 5%`."""
    low, flags = line.low, line.flags
    for j in range(i, max(floor, i - 12) - 1, -1):
        flag = flags[j]
        if flag & F["directionnoun"]:
            return -1 if flag & F["down"] else 1
        if flag & _UPDOWN or flag & (F["share"] | F["level"]):
            return 0
        if low[j] in _ENDS or low[j] in (",", "for") or (low[j] == "." and not line.glued(j)):
            return 0
    return 0


def _subject(line: Line, i: int, floor: int) -> int:
    """Give -1 where the clause's subject is a decline: `the decline eased to 3.4%`."""
    low, flags = line.low, line.flags
    verb = bool(flags[i] & F["level"])
    for j in range(i - 1 if not verb else i - 1, floor - 1, -1):
        flag = flags[j]
        if low[j] == "," and low[j + 1] in ("which", "that"):
            continue
        if low[j] in _ENDS or low[j] in (",", "while", "but") or (low[j] == "." and not line.glued(j)):
            return 0
        noun = flag & F["directionnoun"] and flag & F["down"]
        if verb and noun and _is_noun(line, j):
            return -1
        if flag & (_UPDOWN | F["level"]) or (low[j].endswith("ed") and j >= i - 2):
            verb = True
    return 0


def _is_noun(line: Line, j: int) -> bool:
    """Whether a word of decline that may be a verb stands as a noun."""
    before, flag = line.low[j - 1], line.flags[j]
    if not flag & F["directionverb"] or before in _DETERMINERS:
        return True
    plain = before.isalpha() and line.tok[j - 1].islower() and not before.endswith("s")
    modal = before in ("to", "will", "would", "may", "could", "might", "can", "should", "not")
    return plain and not modal and not line.low[j].startswith("cut")
