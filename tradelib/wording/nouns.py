"""The counted noun behind a number: `6.41 million units`, `27 Indian anti-dumping duties`."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from tradelib.wording.currencies import currencies
from tradelib.wording.expression import Expr
from tradelib.wording.lexicon import (
    AFTERHEDGES,
    CJK,
    MULTIPLES,
    NUMBERS,
    SCALES,
    SUBUNITS,
    UNITS,
    W,
    plural,
    singular,
)
from tradelib.wording.tokens import Line

MEASURE: Final = W.measure | W.physical | W.sign_of_measure | W.span | W.uncounted
EXACT_MEASURE: Final = W.physical | W.span
UNCOUNTED: Final = W.uncounted | W.sign_of_measure
_NO_HEAD: Final = W.nohead | W.verb
_SMALL_WORD: Final = W.determiner | W.pronoun
_NO_HYPHENED: Final = _NO_HEAD | NUMBERS.keys() | W.stop | W.passing
_CLAUSE: Final = W.up_down | W.level | W.share | W.block
_ENDING: Final = AFTERHEDGES.firsts.keys() | SCALES.keys() | MULTIPLES.keys() | UNITS.firsts.keys()
_FOLLOWED: Final = _CLAUSE | W.stop | UNITS.firsts.keys() | SCALES.keys()
_LONGEST: Final = 8


def counted(line: Line, e: Expr, k: int) -> int | None:
    """Take the counted noun and its modifiers from token k on, up to the head noun.

    A currency with modifiers that no name has is money: `3 billion convertible marks`.
    """
    fit = line.low[k] in MEASURE or not line.word_glued(k)
    end = noun(line, k, e) if fit and (e.parts.size or line.whole) else None
    if end is None:
        return None
    unit = counts(line, end) or e.lent
    money = currencies().names.entries.get((line.low[end - 1],), "")
    if not unit and not money:
        return None
    e.kind, e.unit = ("count", unit) if unit else ("money", money)
    return end


def counts(line: Line, end: int) -> str:
    """Give the unit of a counted phrase: its last word, unless that is a unit of another kind."""
    word = line.low[end - 1]
    if word == "d" and line.low[end - 2] == "/":
        return "".join(line.low[end - 3 : end])  # b/d
    coded = (line.tok[end - 1],) in currencies().after.entries
    return "" if coded or {word, singular(word)} & _other_units() else singular(word)


@lru_cache(maxsize=1)
def _other_units() -> frozenset[str]:
    tables = UNITS, SUBUNITS, currencies().names
    return frozenset(phrase[0] for table in tables for phrase in table.entries if len(phrase) == 1)


def noun(line: Line, k: int, e: Expr) -> int | None:
    """Give the token behind the head noun of the phrase that starts at token k."""
    low = line.low
    if k in line.hyphens:
        return _hyphened(line, k + 1)
    if CJK.match(low[k]):
        j = k + 1 if low[k] == "个" and low[k + 1] in MEASURE else k
        return j + 1 if low[j] in MEASURE else None
    if low[k] in W.daily and low[k + 1 : k + 3] == ["/", "d"]:
        return k + 3
    return _english(line, k, e)


def _hyphened(line: Line, j: int) -> int | None:
    """Read the noun behind a hyphen: `13-month`, `100-square-metre`."""
    low = line.low
    while low[j] in W.metric:
        j = line.past_hyphen(j + 1)
    fit = low[j].isalpha() and len(low[j]) > 1 and low[j] not in _NO_HYPHENED
    return j + 1 if fit and (line.tok[j].islower() or titled(line)) else None


def _english(line: Line, k: int, e: Expr) -> int | None:
    """Read an English phrase: its head is the first plural, else a measure."""
    low, one = line.low, e.size == 1
    phrase = _phrase(line, k)
    for j in phrase:
        word = low[j]
        exact = j == k and word in EXACT_MEASURE and not plural(word)
        if exact or (word in W.sign_of_measure and j - 1 not in line.hyphens):
            return j + 1
        if plural(word) and (word in _NO_HEAD or word not in W.loose or not _goes_on(line, j)):
            return None if word in _NO_HEAD else _plural(line, k, j, e)
    measures = [j for j in phrase if low[j] in MEASURE]
    if not measures:
        end = phrase[-1] + 1 if phrase and line.whole else k
        return end if end > k and (end == line.size or low[end] in AFTERHEDGES.firsts) else None
    j = measures[0]
    fit = one or line.whole or low[j] in UNCOUNTED or not low[j + 1]
    return _head(line, k, j) if fit else None


def _phrase(line: Line, k: int) -> list[int]:
    """Give the tokens of the words that may make one phrase with the number before token k."""
    low, tok = line.low, line.tok
    found: list[int] = []
    for j in range(k, k + _LONGEST):
        word = low[j]
        if j in line.hyphens or _type(line, j):
            continue
        proper = word in ("us", "it") and tok[j].isupper()
        joined = j - 1 in line.hyphens or (word in W.passing and j == k)  # other ships, plug-in
        if not word.isalpha() or (word in W.stop and not proper and not joined):
            break
        idle = word in W.fill | W.modifier or word.endswith(("ing", "ed")) or plural(word)
        if (word in _ENDING and word != "t") or (word in _CLAUSE and not idle):
            break
        found.append(j)
    return found


def _type(line: Line, j: int) -> bool:
    """Whether token j belongs to the name of a type: `six P-75 submarines`, `14 A320 planes`."""
    if line.low[j][-1:].isdecimal():
        return j - 1 in line.hyphens or j + 1 in line.hyphens or line.tok[j - 1][:1].isupper()
    joined = j + 1 in line.hyphens or line.glued(j)
    return joined and line.tok[j].isupper() and line.low[line.past_hyphen(j + 1)][-1:].isdecimal()


def _goes_on(line: Line, j: int) -> bool:
    """Whether the phrase goes on behind token j."""
    return line.low[j + 1].isalpha() and line.low[j + 1] not in _FOLLOWED


def _plural(line: Line, k: int, j: int, e: Expr) -> int | None:
    """Give the token behind a plural head, or behind the second of two that stand side by side."""
    if not line.whole and line.low[j] not in MEASURE and _is_verb(line, k, j, e):
        return None
    head = _head(line, k, j)
    twice = _goes_on(line, j) and plural(line.low[j + 1]) and line.low[j] not in MEASURE
    return _head(line, k, j + 1) if head and twice else head


def _is_verb(line: Line, k: int, j: int, e: Expr) -> bool:
    """Whether a word in -s is the verb of a name that holds the number: `7 Eleven runs 900 shops`.

    A decimal counts measures only: in `the PMI at 51.2 signals growth` it is a level.
    """
    level = e.parts.place < 1 and not e.scaled and singular(line.low[j]) not in MEASURE
    if level or (e.size == 1 and line.low[e.number] == "one"):  # a 40-foot one costs
        return True
    names, after = [word for word in line.tok[k:j] if word[:1].isupper()], line.low[j + 1]
    numbered = after[-1:].isdecimal() or after in NUMBERS
    placed = line.low[e.first - 1] == "at" and len(names) > 1 and after in _SMALL_WORD
    named = names or line.tok[e.first - 1][:1].isupper()
    street = not W.street.isdisjoint(map(str.lower, names))
    return street or placed or bool(named and numbered)


def _head(line: Line, k: int, j: int) -> int | None:
    """Give the token behind the head at j, unless its capital makes it part of a name."""
    word = line.tok[j]
    named = word[0].isupper() and not word[:-1].isupper()
    measured = line.tok[k - 1][-1:].isdecimal() and singular(word) in MEASURE
    fit = not named or measured or titled(line)
    return j + 1 if fit and singular(word) not in SCALES else None


def titled(line: Line) -> bool:
    """Whether the line is a heading with Capitals on Most Words, or may be a piece of one."""
    if line.whole:
        return True
    long = [word for word in line.tok[: min(line.size, 40)] if len(word) > 3 and word.isalpha()]
    return 0 < 0.8 * len(long) <= sum(word[0].isupper() for word in long)
