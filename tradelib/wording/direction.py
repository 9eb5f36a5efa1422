"""The direction a sentence gives a figure: the sign rules of the contract.

`RULES` are asked in turn, each with a `Place`: the first that answers wins. An answer is 1, -1 or,
for a share or a level, 0; None hands the question on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tradelib.quantity import SIGNED_KINDS
from tradelib.wording.expression import Expr
from tradelib.wording.lexicon import DIRECTIONS, W
from tradelib.wording.sentence import REACH
from tradelib.wording.tokens import Line

_BLOCK: Final = W.block - (W.time | W.fill)
_OWN_VERB: Final = W.up_down | W.level | W.share | (W.modal - {"to"})
_PAUSES: Final = W.time | W.fill | W.versus | W.pause
_OTHER: Final = W.stop | W.block | W.level | W.share | W.up_down


class Place:
    """Figure k of those found in a line, with the signs of those before it.

    ``e`` is the figure, ``at`` the token before it, ``before`` that word; words from ``floor`` on
    may bear on it; a ``part`` is one of something: `12% of the total`.
    """

    __slots__ = ("at", "before", "e", "floor", "found", "k", "line", "part", "signs")

    def __init__(self, line: Line, found: list[Expr], signs: list[int], k: int) -> None:
        self.line, self.found, self.signs, self.k = line, found, signs, k
        self.e = found[k]
        self.at = self.e.first - 1
        self.before = line.low[self.at]
        self.floor = max(0, self.at - REACH)
        self.part = line.low[self.e.last] == "of"

    def previous(self) -> Place:
        """Give the figure before."""
        return Place(self.line, self.found, self.signs, self.k - 1)


def direct(line: Line, found: list[Expr]) -> list[int]:
    """Give the sign of each figure: -1 where the sentence has it fall, else 1."""
    signs: list[int] = []
    for k, e in enumerate(found):
        sign = e.sign
        if not sign and e.kind in SIGNED_KINDS:
            sign = _asked(Place(line, found, signs, k))
        signs.append(sign or 1)
    return signs


def _asked(place: Place, rules: Sequence[Rule] | None = None) -> int:
    for rule in rules or _RULES:
        answer = rule(place)
        if answer is not None:
            return answer
    return 0


def _sign(word: str) -> int:
    return -1 if word in W.down else 1


def _noun_behind(place: Place) -> int | None:
    """Read the noun or comparative behind the figure: `a 12% drop`, `3 percent lower`.

    In `a 5% and 3% drop` the first figure takes what the second has.
    """
    line, found, k = place.line, place.found, place.k
    for b in found[k + 1 : k + 4]:
        if b.kind != found[k].kind or b.first - found[k].last > 3:
            break
        if not W.link.issuperset(line.low[found[k].last : b.first]):
            break
        k += 1
    unknown = 0
    start = _behind(place, found[k].last)
    for j in range(start, start + 10):
        word = line.low[j]
        share = word == "cut" and line.low[j + 1] == "of"  # a 15% cut of sales
        if word in DIRECTIONS and not share:
            levelled = line.low[j + 1] in W.levelled and line.low[j + 2][-1:].isdecimal()
            if word in W.comparative and (unknown or levelled):
                return None
            sizes = place.e.kind == "multiple" and word in W.after  # five times smaller
            return 0 if sizes else DIRECTIONS[word]
        if word in W.yearly and (word != "on" or line.low[j - 1] in W.yearly):
            continue
        other = not word.isalpha() or word in _OTHER
        if other or (word.endswith("s") and not word.endswith("ss")) or unknown == 3:
            return None
        unknown += 1
    return None


def _behind(place: Place, j: int) -> int:
    """Step over what may part a figure from the noun of its change.

    `25 basis points (bps) rate cut`, `50 basis points of cuts`, `27 points, or 0.9%, lower`.
    """
    low = place.line.low
    if low[j] == "(" and ")" in low[j : j + 6]:
        j = low.index(")", j) + 1
    if place.e.kind == "points":
        j += low[j] == "worth"
        eased = any(word in W.easing for word in low[j + 1 : j + 4])
        j += low[j] in ("of", "in") and eased
    restated = low[j] in (",", ")") and place.before in ("or", "(")
    noun = low[j + 1] in DIRECTIONS and low[j] == ")"
    return j + 1 if restated and (noun or low[j + 1] in W.after) else j


def _duty(place: Place) -> int | None:
    """A rate of duty is a level, whatever falls around it: `shares fell as 25% tariffs began`."""
    for word in place.line.low[place.e.last : place.e.last + 3]:
        if word in W.duty:
            return 0
        if not word.isalpha() or word in W.stop:
            return None
    return None


def _change_itself(place: Place) -> int | None:
    """`fell by 5%`, `a further 5%`: the nearest word of change."""
    if place.before not in W.sticky:
        return None
    return _changed(place.line, place.at - 1, place.floor)


def _threshold(place: Place) -> int | None:
    """`fell below 3%`: a level."""
    if place.line.low[place.e.first] not in ("below", "above", "under"):
        return None
    return _reached(place.line, place.e.first, place.floor)


def _pace(place: Place) -> int | None:
    """`fell at a 2.5% annual rate`, `at an annual rate of 2.5%`: what the verb says."""
    low, i = place.line.low, place.at
    paced = any(word in W.pace for word in low[place.e.last : place.e.last + 3])
    if place.before == "of" or paced:
        for j in range(i, max(i - 5, 0), -1):
            if low[j] == "at" and low[j + 1] in W.article:
                named = paced or any(word in W.pace for word in low[j:i])
                return _changed(place.line, j - 1, place.floor) if named else None
    if low[i - 2] == "at" and low[i - 1] in W.article and place.before.startswith("annuali"):
        return _changed(place.line, i - 3, place.floor)
    return None


def _of_a_noun(place: Place) -> int | None:
    """`a decline in sales of 5%`: the noun that the phrase measures."""
    if place.before != "of":
        return None
    line = place.line
    for j in range(place.at - 1, max(0, place.at - 13) - 1, -1):
        word = line.low[j]
        if word in W.of_noun:
            return _sign(word)
        ends = word in W.up_down or word in W.share or word in W.level
        if (ends or word in (",", "for") or line.stop(j)) and word != "off":  # a falling off
            break
    return 0


def _superlative_noun(place: Place) -> int | None:
    """`the sharpest drop in the region, at 12.4%`: the noun of change gives its sign from afar."""
    line, i = place.line, place.at
    if place.before not in ("at", "with", ":", "—", "–"):
        return None
    if place.k and "followed" in line.low[place.found[place.k - 1].last : i]:
        return place.signs[place.k - 1]
    for j in range(i - 1, place.floor - 1, -1):
        word = line.low[j]
        if word in W.of_noun:
            near = line.low[max(j - 3, 0) : j]
            told = any(w.endswith("est") or w in W.superlative for w in near)
            return _sign(word) if told or j == i - 1 else None
        if word in W.up_down or word[-1:].isdecimal() or (line.stop(j) and word != "("):
            return None
    return None


def _bracket(place: Place) -> int | None:
    """`fell by $3bn (12%)`: the sign of what the bracket restates."""
    k, i = place.k, place.at
    if place.before != "(" or place.part:
        return None
    if k and place.found[k - 1].last == i:
        if place.found[k - 1].kind in SIGNED_KINDS:
            return place.signs[k - 1]
        return _asked(place.previous(), _RULES_BEFORE)
    return _governing(place, i - 1)


def _held_against(place: Place) -> int | None:
    """`fell 3% after 4% in March`: measured like the figure before."""
    k = place.k
    if place.before not in W.versus or not k or place.e.kind != place.found[k - 1].kind:
        return None
    gap = place.line.low[place.found[k - 1].last : place.at]
    return place.signs[k - 1] if len(gap) < 6 and _PAUSES.issuperset(gap) else None


def _level(place: Place) -> int | None:
    """`slowed to 4.2%`, `stood at 5%`: a level, positive unless a decline has it."""
    levelled = place.before in W.levelled
    if not levelled and (place.before not in W.level or place.before in W.up_down):
        return None
    return 0 if place.e.kind == "multiple" else _reached(place.line, place.at, place.floor)


def _determined(place: Place) -> int | None:
    """`the 5%`: a figure known already."""
    return 0 if place.before in W.determiner else None


def _verb_left_out(place: Place) -> int | None:
    """`X dropped 4 per cent, while Y 0.6 per cent`: the verb before serves both."""
    line, k = place.line, place.k
    alike = [j for j in range(max(k - 3, 0), k) if place.found[j].kind == place.e.kind]
    if not alike or place.part:
        return None
    p = place.found[k - 1]
    gap = line.low[p.last : place.e.first]
    gap = gap[gap[:1] == [")"] : len(gap) - (gap[-1:] == ["("])]
    told = 1 < len(gap) <= 9 and gap[0] in W.left_out and gap[-1] not in W.stop
    if place.found[alike[-1]].sign or not told or not gap[-1].isalpha():
        return None
    own = any(word in _OWN_VERB or (word in _BLOCK and word not in W.left_out) for word in gap)
    return None if own else place.signs[alike[-1]]


def _governed(place: Place) -> int | None:
    """Read the words before the figure: what governs it, or the list it belongs to."""
    return _governing(place, place.at)


def _governing(place: Place, i: int) -> int:
    line, found, k, part = place.line, place.found, place.k, place.part
    previous, apart, restated = found[k - 1] if k else None, False, line.low[i] == "or"
    for j in range(i, place.floor - 1, -1):
        word = line.low[j]
        if previous is not None and j == previous.last - 1:
            return _like_previous(place, i)
        if word == "," or word == "but" or word in W.join:
            apart = apart or (word == "," and not restated)
            continue
        if word in W.up_down and not _is_particle(line, j):
            return 0 if apart or (part and j < i - 2) else _sign(word)
        if line.stop(j) or word in W.share or word in _BLOCK:
            return 0
        if word in W.level:
            return _reached(line, j, place.floor)
    return 0


def _is_particle(line: Line, j: int) -> bool:
    """Whether `off` or `down` belongs to a verb of no decline: `shrugged off 25% tariffs`."""
    return line.low[j] in ("off", "down") and line.low[j - 1] in W.particle


def _like_previous(place: Place, i: int) -> int:
    """Give what the figure before has, where nothing but a list stands between."""
    line, found, k = place.line, place.found, place.k
    previous, low = found[k - 1], line.low
    if place.part:
        return 0
    if low[i] == "or" and k > 1 and low[found[k - 2].first - 1] == "from":
        return _changed(line, found[k - 2].first - 2, place.floor)  # fell from 5 to 4, or 20%
    if previous.kind in SIGNED_KINDS:
        return 0 if previous.sign else place.signs[k - 1]
    if k > 1 and low[place.e.last] == low[previous.first - 1] == low[found[k - 2].last]:
        return place.signs[k - 2]  # lost 3.9% to $5 in London and 4.2% to $7 in New York
    return _asked(place.previous(), _RULES_BEFORE)


def _changed(line: Line, i: int, floor: int) -> int:
    """Give the direction of the nearest verb of change before token i, else of the noun.

    The verb goes first: who *cut the growth forecast by 5%* did not raise it.
    """
    noun = 0
    for j in range(i, floor - 1, -1):
        word = line.low[j]
        if word in W.up_down:
            if word in W.of_verb or word not in W.of_noun:
                return _sign(word)
            noun = noun or _sign(word)
        if (noun and word == ",") or (word in (";", "。", ".") and line.stop(j)):
            break
    return noun


def _reached(line: Line, i: int, floor: int) -> int:
    """Give -1 where a level is that of a decline: `the decline eased to 3.4%`; else none."""
    low = line.low
    verb = low[i] in W.level
    for j in range(i - 1, floor - 1, -1):
        word = low[j]
        if word == "," and low[j + 1] in ("which", "that"):
            continue
        if line.stop(j) or word in (",", "while", "but"):
            return 0
        if verb and word in W.of_noun and word in W.down and _is_noun(line, j):
            return -1
        named = low[j - 1] in W.determiner and (word in W.level or word.endswith("ing"))
        told = (word in W.up_down or word in W.level) and not named  # the levy, the lowering of
        verb = verb or told or (word.endswith("ed") and j >= i - 2)
    return 0


def _is_noun(line: Line, j: int) -> bool:
    """Whether a word of decline that may be a verb stands as a noun."""
    before, word = line.tok[j - 1], line.low[j]
    if j + 1 in line.hyphens:  # cut-flower growers
        return False
    if word not in W.of_verb or line.low[j - 1] in W.determiner:
        return True
    plain = before.isalpha() and before.islower() and not before.endswith("s")
    return plain and line.low[j - 1] not in W.modal and not word.startswith("cut")


Rule = Callable[[Place], int | None]
_RULES_BEFORE: Final[tuple[Rule, ...]] = (
    _duty,
    _change_itself,
    _threshold,
    _pace,
    _of_a_noun,
    _superlative_noun,
    _verb_left_out,
    _bracket,
    _held_against,
    _level,
    _determined,
    _governed,
)
_RULES: Final = _noun_behind, *_RULES_BEFORE
