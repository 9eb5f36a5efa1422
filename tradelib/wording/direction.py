"""The direction a sentence gives a figure: the sign rules of the contract.

`_RULES` are asked in turn, each with a `Place`: the first that answers wins. An answer is 1, -1 or,
for a share or a level, 0; None hands the question on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from tradelib.quantity import SIGNED_KINDS
from tradelib.wording.expression import Expr
from tradelib.wording.lexicon import DIRECTIONS, W, plural
from tradelib.wording.tokens import REACH, Line

_BLOCK: Final = W.share | W.block - (W.time | W.fill)
_OWN_VERB: Final = _BLOCK | W.up_down | W.level | (W.modal - {"to"})
_OTHER: Final = W.stop | W.block | W.level | W.share | W.up_down
_LEVELLED: Final = W.levelled | W.determiner | (W.level - W.up_down)
_VERBS: Final = W.up_down - (W.of_noun - W.of_verb)
_PAUSES: Final = W.time | W.fill | W.pause
_SENTENCE: Final = frozenset({";", "。", "."})


class Place(NamedTuple):
    """Figure k of those found in a line, with the signs of those before it."""

    line: Line
    found: list[Expr]
    signs: list[int]
    k: int

    @property
    def e(self) -> Expr:
        """The figure."""
        return self.found[self.k]

    @property
    def at(self) -> int:
        """The token before the figure."""
        return self.e.first - 1

    @property
    def before(self) -> str:
        """The word before the figure."""
        return self.line.low[self.at]

    @property
    def part(self) -> bool:
        """Whether the figure is one of something: `12% of the total`."""
        return self.line.low[self.e.last] == "of"


def direct(line: Line, found: list[Expr]) -> list[int]:
    """Give the sign of each figure: -1 where the sentence has it fall, else 1."""
    signs: list[int] = []
    for k, e in enumerate(found):
        sign = e.sign
        if not sign and e.kind in SIGNED_KINDS:
            sign = _asked(Place(line, found, signs, k), _RULES)
        signs.append(sign or 1)
    return signs


def _asked(place: Place, rules: Sequence[Rule]) -> int:
    return next((answer for rule in rules if (answer := rule(place)) is not None), 0)


def _sign(line: Line, j: int) -> int | None:
    """Give the sign of the word of change at token j, if there is one."""
    return None if j < 0 else -1 if line.low[j] in W.down else 1


def _noun_behind(place: Place) -> int | None:
    """Read the noun or comparative behind the figure: `a 12% drop`, `3 percent lower`.

    In `a 5% and 3% drop` the first figure takes what the second has.
    """
    low, e, last, unknown = place.line.low, place.e, place.e.last, 0
    for b in place.found[place.k + 1 : place.k + 4]:
        if b.kind != e.kind or b.first - last > 3 or not W.link.issuperset(low[last : b.first]):
            break
        last = b.last
    start = _behind(place, last)
    for j in range(start, start + 10):
        word = low[j]
        if word in DIRECTIONS and (word, low[j + 1]) != ("cut", "of"):  # a 15% cut of sales
            levelled = low[j + 1] in W.levelled and low[j + 2][-1:].isdecimal()
            if word in W.comparative and (unknown or levelled):
                return None
            sized = e.kind == "multiple" and word in W.after  # five times smaller
            return 0 if sized else DIRECTIONS[word]
        if word in W.yearly:
            continue
        if not word.isalpha() or word in _OTHER or plural(word) or unknown == 3:
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
        j += low[j] in ("of", "in") and not W.easing.isdisjoint(low[j + 1 : j + 4])
    restated = low[j] in (",", ")") and place.before in ("or", "(")
    return j + (restated and low[j + 1] in (DIRECTIONS if low[j] == ")" else W.after))


def _duty(place: Place) -> int | None:
    """A rate of duty is a level, whatever falls around it: `shares fell as 25% tariffs began`."""
    for word in place.line.low[place.e.last : place.e.last + 3]:
        if word in W.duty:
            return 0
        if not word.isalpha() or word in W.stop:
            break
    return None


def _change_itself(place: Place) -> int | None:
    """`fell by 5%`, `a further 5%`, `at a 2.5% annual rate`: the nearest word of change."""
    low, e = place.line.low, place.e
    if place.before in W.sticky:
        return _changed(place.line, place.at - 1)
    j = place.line.seek(place.at, {"at"}, W.up_down)
    paced = j >= place.at - 4 and not W.pace.isdisjoint(low[j : e.last + 3])
    return _changed(place.line, j - 1) if paced and low[j + 1] in W.article else None


def _of_a_noun(place: Place) -> int | None:
    """`a decline in sales of 5%`: the noun that the phrase measures."""
    if place.before != "of":
        return None
    ends = (W.up_down | W.share | W.level | {",", "for"}) - {"off"}  # a falling off
    j = place.line.seek(place.at - 1, W.of_noun, ends)
    return _sign(place.line, j) or 0


def _superlative_noun(place: Place) -> int | None:
    """`the sharpest drop in the region, at 12.4%`: the noun of change gives its sign from afar."""
    line, i = place.line, place.at
    if place.before not in ("at", "with", ":", "—", "–"):
        return None
    if place.k and "followed" in line.low[place.found[place.k - 1].last : i]:
        return place.signs[place.k - 1]
    j = line.seek(i - 1, W.of_noun, W.up_down)
    near = line.low[max(j - 3, 0) : max(j, 0)]
    told = j == i - 1 or any(w.endswith("est") or w in W.superlative for w in near)
    return _sign(line, j) if told else None


def _verb_left_out(place: Place) -> int | None:
    """`X dropped 4 per cent, while Y 0.6`, `fell 3% after 4% in March`: the verb serves both."""
    line, k = place.line, place.k
    alike = [j for j in range(max(k - 3, 0), k) if place.found[j].kind == place.e.kind]
    if not alike or place.part:
        return None
    gap = line.low[place.found[k - 1].last : place.e.first]
    gap = gap[gap[:1] == [")"] : len(gap) - (gap[-1:] == ["("])]
    held = alike[-1] == k - 1 and place.before in W.versus and _PAUSES.issuperset(gap)
    told = 1 < len(gap) <= 9 and gap[0] in W.left_out and gap[-1] not in W.stop
    bare = told and gap[-1].isalpha() and (_OWN_VERB - W.left_out).isdisjoint(gap)
    return place.signs[alike[-1]] if held or bare else None


def _bracket(place: Place) -> int | None:
    """`fell by $3bn (12%)`: the sign of what the bracket restates."""
    return _governing(place, place.at - 1) if place.before == "(" and not place.part else None


def _level(place: Place) -> int | None:
    """`slowed to 4.2%`, `stood at 5%`, `below 3%`, `the 5%`: positive unless a decline has it."""
    line, first = place.line, place.e.first
    if place.e.kind == "multiple":
        return 0 if place.before in _LEVELLED else None
    if line.low[first] in ("below", "above", "under"):
        return _reached(line, first)
    return _reached(line, place.at) if place.before in _LEVELLED else None


def _governed(place: Place) -> int | None:
    """Read the words before the figure: what governs it, or the list it belongs to."""
    return _governing(place, place.at)


def _governing(place: Place, i: int) -> int:
    line, part = place.line, place.part
    previous, apart, restated = (
        place.k and place.found[place.k - 1].last,
        False,
        line.low[i] == "or",
    )
    for j in range(i, max(i - REACH, -1), -1):
        word = line.low[j]
        if j == previous - 1:
            return _like_previous(place, i)
        particle = word in ("off", "down") and line.low[j - 1] in W.particle
        if word == "," or word == "but" or word in W.join:
            apart = apart or (word == "," and not restated)
        elif word in W.up_down and not particle:
            return 0 if apart or (part and j < i - 2) else _sign(line, j) or 0
        elif line.stop(j) or word in _BLOCK:
            return 0
        elif word in W.level:
            return _reached(line, j)
    return 0


def _like_previous(place: Place, i: int) -> int:
    """Give what the figure before has, where nothing but a list stands between."""
    line, found, k = place.line, place.found, place.k
    previous, low = found[k - 1], line.low
    if place.part:
        return 0
    if k > 1 and low[i] == "or" and low[found[k - 2].first - 1] == "from":
        return _changed(line, found[k - 2].first - 2)  # fell from 5 to 4, or 20%
    if previous.kind in SIGNED_KINDS:
        return 0 if previous.sign else place.signs[k - 1]
    if k > 1 and low[place.e.last] == low[previous.first - 1] == low[found[k - 2].last]:
        return place.signs[k - 2]  # lost 3.9% to $5 in London and 4.2% to $7 in New York
    return _asked(place._replace(k=k - 1), _RULES_BEFORE)


def _changed(line: Line, i: int) -> int:
    """Give the direction of the nearest verb of change before token i, else of the noun.

    The verb goes first: who *cut the growth forecast by 5%* did not raise it.
    """
    for wanted in (_VERBS, W.up_down):
        for j in range(i, max(i - REACH, -1), -1):
            if line.low[j] in wanted:
                return _sign(line, j) or 0
            if line.low[j] in _SENTENCE and line.stop(j):
                break
    return 0


def _reached(line: Line, i: int) -> int:
    """Give -1 where a level is that of a decline: `the decline eased to 3.4%`; else none."""
    low = line.low
    verb = low[i] in W.level
    for j in range(i - 1, max(i - REACH, -1), -1):
        word = low[j]
        if (line.stop(j) or word in (",", "while", "but")) and low[j + 1] not in ("which", "that"):
            return 0
        if verb and word in W.of_noun and word in W.down and _is_noun(line, j):
            return -1
        named = low[j - 1] in W.determiner and (word in W.level or word.endswith("ing"))
        verb = verb or ((word in W.up_down or word in W.level) and not named)  # the lowering of
    return 0


def _is_noun(line: Line, j: int) -> bool:
    """Whether a word of decline that may be a verb stands as a noun."""
    before, word = line.low[j - 1], line.low[j]
    if j + 1 in line.hyphens:  # cut-flower growers
        return False
    if word not in W.of_verb or before in W.determiner:
        return True
    subject = plural(before) or before in W.modal or word.startswith("cut")
    return line.tok[j - 1].islower() and not subject


Rule = Callable[[Place], int | None]
_RULES_BEFORE: Final[tuple[Rule, ...]] = (
    _duty,
    _change_itself,
    _of_a_noun,
    _superlative_noun,
    _verb_left_out,
    _bracket,
    _level,
    _governed,
)
_RULES: Final = _noun_behind, *_RULES_BEFORE
