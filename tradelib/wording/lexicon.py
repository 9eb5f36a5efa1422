"""The lexicon: every word the grammar knows, read once from the tables beside this module.

Each table is a CSV file whose last column gives the reason for the row; words are parted by
``|``, the tokens of a phrase by blanks. Names, codes and signs of currencies are those of CLDR.

A token is a word, a number with its separators, one CJK word of the lexicon, or one sign, with the
white space behind it: the tokens tile a line. One regular expression cuts them in linear time.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
Row = dict[str, Any]

HYPHENS: Final = frozenset("-‐‑–")
MINUS: Final = frozenset("-−－–")
SIGNS: Final = {"+": 1, "＋": 1, "minus": -1} | dict.fromkeys(MINUS, -1)
ARROWS: Final = {"↓": -1, "▼": -1, "⬇": -1, "↑": 1, "▲": 1, "⬆": 1}

_GROUPS = r"\d{0,2}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?"
_NUMBER = rf"\d(?:{_GROUPS}|\d*(?:[.,．，]\d+)*)"
_BARE_DECIMALS = r"(?<![\w.,!?])\.\d+(?:[.,]\d+)*"
_SIGN = r"[!-/:-@\[-`{-~‐-—‘-”]"  # the usual signs, before the long list of CJK words
_LATIN = r"[^\W\d_\u2e80-\u9fff\uf900-\ufaff¼½¾⅐-⅞]+"
CJK: Final = re.compile(r"[\u2e80-\u9fff]")
_ENDS: Final = frozenset(";:()—–。；|!?")
REACH: Final = 40  # how many tokens away a word of the sentence still bears on a figure


_TABLES: Final[dict[str, list[Row]]] = {
    file.name.removesuffix(".csv"): [
        row | {"words": row.get("words", "").split("|")}
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    ]
    for file in (files(__package__) / "tables").iterdir()
}
EVERY_WORD: Final = {word for rows in _TABLES.values() for row in rows for word in row["words"]}
_IDEOGRAMS = "|".join(sorted(filter(CJK.search, EVERY_WORD), key=lambda word: (-len(word), word)))
TOKEN: Final = re.compile(
    rf"(?:[A-Za-z]{{1,5}}/d\b|{_LATIN}|{_BARE_DECIMALS}|{_SIGN}|{_NUMBER}|{_IDEOGRAMS}|\S)\s*|\s+"
)


def cut(phrase: str) -> tuple[str, ...]:
    """Cut a phrase into tokens without their white space."""
    return tuple(token.strip() for token in TOKEN.findall(phrase))


class Phrases(Generic[T]):
    """A table keyed by phrases, found at a place in a list of tokens, the longest first."""

    def __init__(self, entries: dict[tuple[str, ...], T]) -> None:
        self.entries = entries
        self.firsts = {phrase[0] for phrase in entries}
        self.lasts = {phrase[-1] for phrase in entries}
        self._sizes = sorted({len(phrase) for phrase in entries}, reverse=True)

    def after(self, words: Sequence[str], k: int) -> tuple[T, int] | None:
        """Give the entry of the phrase that starts at token k, and the token behind it."""
        for size in self._sizes if words[k] in self.firsts else ():
            if found := self.entries.get(tuple(words[k : k + size])):
                return found, k + size
        return None

    def before(self, words: Sequence[str], k: int, floor: int) -> tuple[T, int] | None:
        """Give the entry of the phrase that ends before token k, and its first token."""
        for size in self._sizes if words[k - 1] in self.lasts else ():
            if k - size >= floor and (found := self.entries.get(tuple(words[k - size : k]))):
                return found, k - size
        return None


def _by_word(table: str, entry: Callable[[Row], T]) -> dict[str, T]:
    return {word: entry(row) for row in _TABLES[table] for word in row["words"]}


def _phrases(table: str, entry: Callable[[Row], T], place: str = "") -> Phrases[T]:
    rows = [row for row in _TABLES[table] if not place or row["place"] in (place, "both")]
    return Phrases({cut(word): entry(row) for row in rows for word in row["words"]})


class Words:
    """The words of each class of ``context.csv``.

    A class takes in others, ``@time``, or leaves out what stands in them, ``!time``.
    """

    def __init__(self) -> None:
        for row in _TABLES["context"]:
            words: frozenset[str] = frozenset()
            for word in row["words"]:
                kin = getattr(self, word[1:]) if word[0] in "@!" else {word}
                words = words - kin if word[0] == "!" else words | kin
            setattr(self, row["class"], words)

    def __getattr__(self, name: str) -> frozenset[str]:
        raise AttributeError(f"no class {name!r} in context.csv")


W: Final = Words()

DIRECTIONS: Final = dict.fromkeys(W.up_behind, 1) | dict.fromkeys(W.down_behind, -1)
"""Nouns and comparatives that give the figure before them its sign."""
NUMBERS: Final = _by_word("numbers", lambda row: int(row["value"]))
FRACTIONS: Final = _by_word("fractions", lambda row: Decimal(row["value"] or 0))
"""Parts in words; zero where the part has no end as a decimal."""
SCALES: Final = _by_word("scales", lambda row: Decimal(row["value"]))
WORDS_OF_SCALE: Final = {w for r in _TABLES["scales"] if r["style"] == "word" for w in r["words"]}
"""All but the letters, which are scales only where they are glued to their number."""
MULTIPLES: Final = _by_word("multiples", lambda row: Decimal(row["value"]))
UNITS: Final = _phrases("units", lambda r: (r["kind"], r["unit"], Decimal(r["factor"])), "after")
"""Units behind a number: kind, unit (a code or a shared name for money), factor."""
BEFORE: Final = _phrases("units", lambda row: row["unit"], "before")
SAID: Final = {
    (row["kind"], row["unit"], Decimal(row["factor"])): row["words"][0]
    for row in _TABLES["units"]
    if row["factor"] != "1" or row["kind"] != "money"
}
"""What `parse` is told of a unit that stands elsewhere."""
HEDGES: Final = _phrases("hedges", lambda row: (row["hedge"], row["guard"]))
AFTERHEDGES: Final = _phrases("afterhedges", lambda row: row["hedge"])
PLACES: Final = _phrases("places", lambda row: row["code"].split("|"))
SHARED: Final = {
    row["name"]: (row["code"], set(row["codes"].split("|")) - {""}) for row in _TABLES["defaults"]
}
"""Words that several currencies share: the one they mean by default, and all they may mean."""
_NOUNS: Final[dict[str, str]] = {row["plural"]: row["singular"] for row in _TABLES["nouns"]}
_NAMES: Final = {SCALES[word]: word for word in reversed(SCALES) if word in WORDS_OF_SCALE}
POWERS: Final = {a * b: f"{_NAMES[a]} {_NAMES[b]}" for a in _NAMES for b in _NAMES} | _NAMES
"""Each power of ten and each product of two, as `parse` is told of them."""


@lru_cache(maxsize=4096)
def singular(noun: str) -> str:
    """Give the singular of a counted noun, in lower case: inflect costs more to import than all."""
    noun = noun.lower()
    if noun in _NOUNS:
        return _NOUNS[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if re.search(r"(?:ss|[cs]h|x|zz|o|[^aeo]us)es$", noun):
        return noun[:-2]
    return _NOUNS.get(noun[:-1], noun[:-1]) if plural(noun) else noun


def plural(noun: str) -> bool:
    """Whether a word in lower case looks like a plural."""
    regular = noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 2
    return _NOUNS.get(noun) != noun if regular else noun in _NOUNS


class Line:
    """A passage cut into tokens: ``raw`` tile it, ``tok`` are stripped, ``low`` in lower case.

    ``start`` are their offsets, ``size`` is how many they are, ``hyphens`` are those inside a word
    or at the end of a line that breaks one. Empty tokens behind the last let the grammar look
    beyond either end. A ``whole`` line is one expression: nothing around it can object to it.
    """

    def __init__(self, text: str, whole: bool = False) -> None:
        self.text, self.whole = text, whole
        self.raw: list[str] = TOKEN.findall(text)
        self.size = len(self.raw)
        self.start = list(accumulate(map(len, self.raw), initial=0))
        self.raw += [" "] * 10
        self.tok = list(map(str.strip, self.raw))
        self.low = list(map(str.lower, self.tok))
        self.hyphens = {
            i
            for i, word in enumerate(self.tok[: max(self.size - 1, 0)])
            if word in HYPHENS and self.raw[i][1:2] in ("", "\n", "\r") and self.glued(i - 1)
        }

    def glued(self, i: int) -> bool:
        """Whether token i touches the next one."""
        return len(self.raw[i]) == len(self.tok[i])

    def word_glued(self, i: int) -> bool:
        """Whether token i is a Latin word that touches the one before."""
        return self.glued(i - 1) and self.tok[i].isalpha() and self.tok[i].isascii()

    def past_hyphen(self, i: int) -> int:
        """Give the token behind a hyphen at token i, else i."""
        return i + 1 if i in self.hyphens else i

    def stop(self, i: int) -> bool:
        """Whether token i ends a sentence or stands apart as a colon or a dash does."""
        if self.low[i] == "." and not self.glued(i):
            return self.low[i - 1] not in W.abbreviation  # cut its U.S. advertising
        return self.low[i] in _ENDS

    def back(self, i: int, words: AbstractSet[str]) -> int:
        """Give the nearest token from i back that is none of some words."""
        while self.low[i] in words:
            i -= 1
        return i

    def seek(self, i: int, wanted: AbstractSet[str], ends: AbstractSet[str] = frozenset()) -> int:
        """Give the nearest token from i back that is wanted; -1 where the clause ends before."""
        closed = 0
        for j in range(i, max(i - REACH, -1), -1):
            inside = closed > 0
            closed += (self.low[j] == ")") - (inside and self.low[j] == "(")
            if inside or closed:
                continue
            if self.low[j] in wanted:
                return j
            if self.low[j] in ends or self.stop(j):
                break
        return -1

    def end(self, i: int) -> int:
        """Offset behind token i."""
        return self.start[i] + len(self.tok[i])
