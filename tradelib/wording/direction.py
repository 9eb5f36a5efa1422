"""The direction a sentence gives a figure: the sign rules of the contract.

A sign is 1 or -1, and 0 for a share, for a level and where nothing is said.
"""

from __future__ import annotations

from itertools import pairwise

from tradelib.quantity import SIGNED_KINDS
from tradelib.wording.lexicon import DIRECTIONS, REACH, Line, W, plural
from tradelib.wording.numerals import Expr


def direct(line: Line, found: list[Expr]) -> list[int]:
    """Give the sign of each figure: -1 where the sentence has it fall, else 1."""
    signs: list[int] = []
    for k, e in enumerate(found):
        sign = e.sign
        if not sign and e.kind in SIGNED_KINDS:
            sign = _noun_behind(line, found, k) or _before(line, found, signs, k)
        signs.append(sign or 1)
    return signs


def _noun_behind(line: Line, found: list[Expr], k: int) -> int:
    """Read the noun or comparative behind the figure: `a 12% drop`, `3 percent lower`."""
    low, e, last, unknown = line.low, found[k], found[k].last, 0
    for a, b in pairwise(found[k : k + 4]):  # a 5%, 3% and 2% drop
        gap = low[a.last : b.first]
        if b.kind != e.kind or len(gap) != 1 or gap[0] not in W.listing:
            break
        last = last if gap == [","] else b.last
    start = _behind(line, e, last)
    for j in range(start, start + 10):
        word = low[j]
        if word in DIRECTIONS and (word, low[j + 1]) != ("cut", "of"):  # a 15% cut of sales
            levelled = low[j + 1] in W.levelled and low[j + 2][-1:].isdecimal()
            if word in W.comparative and (unknown or levelled):
                return 0
            return 1 if e.kind == "multiple" and word in W.after else DIRECTIONS[word]
        if word not in W.yearly:
            if not word.isalpha() or word in W.beyond or plural(word) or unknown == 3:
                return 0
            unknown += 1
    return 0


def _behind(line: Line, e: Expr, j: int) -> int:
    """Step over what parts a figure from its noun of change: `25 basis points (bps) of cuts`."""
    low = line.low
    if low[j] == "(" and ")" in low[j : j + 6]:
        j = low.index(")", j) + 1
    if e.kind == "points":
        j += low[j] == "worth"
        j += low[j] in ("of", "in") and not W.easing.isdisjoint(low[j + 1 : j + 4])
    restated = low[j] == "," and low[e.first - 1] == "or" and low[j + 1] in W.after
    return j + (low[j] == ")" or restated)


def _before(line: Line, found: list[Expr], signs: list[int], k: int) -> int:
    low, e = line.low, found[k]
    i, word = e.first - 1, low[e.first - 1]
    behind = (w for w in low[e.last : e.last + 3] if w in W.duty_or_stop or not w.isalpha())
    if next(behind, "") in W.duty:
        return 0  # shares fell as 25% steel tariffs began
    if word in W.sticky:
        return _changed(line, i - 1)  # fell by 5%, a further 5%
    at = line.seek(i, {"at"}, W.up_down)
    if at >= i - 4 and low[at + 1] in W.article and W.pace.intersection(low[at : e.last + 3]):
        return _changed(line, at - 1)  # fell at a 2.5% annual rate
    if word == "of":
        return _sign(line, line.seek(i - 1, W.of_noun, W.of_ends))  # a decline in sales of 5%
    if afar := _from_afar(line, found, signs, k):
        return afar
    if word in W.reached or low[e.first] in W.limit:  # slowed to 4.2%, stood at 5%, the 5%
        return 0 if e.kind == "multiple" else _reached(line, i)
    return _governing(line, found, signs, k, i - (word == "("))  # fell by $3bn (12%)


def _sign(line: Line, j: int) -> int:
    """Give the sign of the word of change at token j; 0 for the -1 of none."""
    return 0 if j < 0 else -1 if line.low[j] in W.down or line.low[j - 1] in W.reversing else 1


def _from_afar(line: Line, found: list[Expr], signs: list[int], k: int) -> int:
    """Read `the sharpest drop of all, at 12.4%`, `X fell 4%, while Y 0.6`, `fell 3% after 4%`."""
    low, e, i = line.low, found[k], found[k].first - 1
    if low[i] in ("at", "with", ":", "—", "–"):
        j = line.seek(i - 1, W.of_noun, W.up_down)
        near = low[max(j - 3, 0) : max(j, 0)]
        told = j == i - 1 or any(w.endswith("est") or w in W.superlative for w in near)
        return _sign(line, j) if told else 0
    alike = [j for j in range(max(k - 3, 0), k) if found[j].kind == e.kind]
    if not alike or found[alike[-1]].sign:
        return 0
    gap = [word for word in low[found[k - 1].last : i + 1] if word not in ("(", ")")]
    held = low[i] in W.versus and W.pause.issuperset(gap)
    named = 1 < len(gap) <= 9 and gap[-1].isalpha() and gap[-1] not in W.stop
    bare = named and gap[0] in W.left_out and W.own_verb.isdisjoint(gap)
    return signs[alike[-1]] if held or bare else 0


def _governing(line: Line, found: list[Expr], signs: list[int], k: int, i: int) -> int:
    part, restated, apart = line.low[found[k].last] == "of", line.low[i] == "or", False
    previous = found[k - 1].last if k else 0
    for j in range(i, max(i - REACH, -1), -1):
        word = line.low[j]
        if j == previous - 1:
            return 0 if part else _like_previous(line, found, signs, k)
        particle = word in ("off", "down") and line.low[j - 1] in W.particle
        if word == "," or word == "but" or word in W.join:
            apart = apart or (word == "," and not restated)
        elif word in W.up_down and not particle:
            return 0 if apart or (part and j < i - 2) else _sign(line, j)
        elif line.stop(j) or word in W.blocking:
            return 0
        elif word in W.level:
            return _reached(line, j)
    return 0


def _like_previous(line: Line, found: list[Expr], signs: list[int], k: int) -> int:
    """Give what the figure before has, where nothing but a list stands between."""
    low, e, p = line.low, found[k], found[k - 1]
    before = found[k - 2] if k > 1 else None
    if before and low[e.first - 1] == "or" and low[before.first - 1] == "from":
        return _changed(line, before.first - 2)  # fell from 5 to 4, or 20%
    if p.kind in SIGNED_KINDS:
        other = e.kind == "multiple" and p.kind != "multiple"  # down 3 points but still twice that
        return 0 if p.sign or other else signs[k - 1]
    if before and before.kind == e.kind and low[e.last] == low[before.last]:
        return signs[k - 2]  # lost 3.9% to $5 in London and 4.2% to $7 in New York
    return _before(line, found, signs, k - 1)


def _changed(line: Line, i: int) -> int:
    j = line.seek(i, W.verb)  # who cut the growth forecast by 5% did not raise it
    return _sign(line, j if j >= 0 else line.seek(i, W.up_down))


def _reached(line: Line, i: int) -> int:
    """Give -1 where a level is that of a decline: `the decline eased to 3.4%`; else none."""
    low, verb = line.low, False
    for j in range(i, max(i - REACH, -1), -1):
        word = low[j]
        if (line.stop(j) or word in (",", "while", "but")) and low[j + 1] not in ("which", "that"):
            return 0
        if verb and word in W.down_noun and j + 1 not in line.hyphens:  # not cut-flower growers
            noun = word not in W.of_verb or low[j - 1] in W.determiner
            acts = plural(low[j - 1]) or low[j - 1] in W.modal or word in W.cut
            if noun or (line.tok[j - 1].islower() and not acts):
                return -1
        named = low[j - 1] in W.determiner and (word in W.level or word.endswith("ing"))
        verb = verb or ((word in W.up_down or word in W.level) and not named)  # the lowering of
    return 0
