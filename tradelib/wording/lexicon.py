"""The lexicon: every word the grammar knows, read once from the tables beside this module.

Each table is a CSV file whose last column gives the reason for the row; words are parted by
``|``, the tokens of a phrase by blanks, and a star stands for the regular inflections of an
English verb. What CLDR knows of currencies comes from Babel
(`tradelib.wording.currencies`) and is not repeated in them.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

Phrase = tuple[str, ...]

FLAGS: Final = {
    name: 1 << bit
    for bit, name in enumerate(
        "up down directionnoun directionverb after share level block fill time month span stop pass name weakname rank "
        "topic creep index nohead measure loose abbreviation number scale multiple unit".split()
    )
}
"""The roles a word may play, one bit each; the names are those of ``context.csv``."""

NUMBER = r"\d{1,3}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,．，]\d+)*"
LATIN = r"[^\W\d_\u2e80-\u9fff\uf900-\ufaff]+"
CJK = re.compile(r"[\u2e80-\u9fff]")


class Scale(NamedTuple):
    """A word for a power of ten."""

    factor: Decimal
    style: str


class Unit(NamedTuple):
    """A word for percent, points or a multiple."""

    kind: str
    factor: Decimal


class Hedge(NamedTuple):
    """A word that opens an interval, and the name of the condition under which it does."""

    hedge: str
    guard: str


class Lexicon:
    """The tables, indexed by token.

    Attributes
    ----------
    flags
        Token to the roles it plays, as a sum of `FLAGS`.
    numbers, scales, units, multiples, hedges, afterhedges, nouns, defaults
        Tables by token or phrase.
    press, subunits
        Currency words of the press, by phrase as printed.
    token
        The regular expression that cuts a text into tokens.
    """

    def __init__(self) -> None:
        self.flags: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.scales: dict[str, Scale] = {}
        self.units: dict[Phrase, Unit] = {}
        self.multiples: dict[str, tuple[Decimal, Decimal]] = {}
        self.hedges: dict[Phrase, Hedge] = {}
        self.afterhedges: dict[Phrase, str] = {}
        self.nouns = {row["plural"]: row["singular"] for row in _table("nouns")}
        self.defaults = {row["name"]: row["code"] for row in _table("defaults")}
        self.press: list[tuple[str, str, str]] = []
        self.subunits: dict[Phrase, tuple[str, Decimal]] = {}
        for row in _table("context"):
            self._flag(row["class"], row["words"].split("|"))
        for row in _table("directions"):
            self._directions(row["sign"], row["form"], list(_words(row)))
        for row in _table("numbers"):
            self.numbers.update((word, int(row["value"])) for word in _words(row))
        for row in _table("scales"):
            scale = Scale(Decimal(row["value"]), row["style"])
            self.scales.update((word, scale) for word in _words(row))
        for row in _table("multiples"):
            size = Decimal(row["value"]), Decimal(row["step"])
            self.multiples.update((word, size) for word in _words(row))
        self._flag("number", self.numbers)
        self._flag("scale", self.scales)
        self._flag("multiple", self.multiples)
        for row in _table("currencies"):
            self.press += [(row["code"], row["place"], word) for word in _words(row)]
        cjk = {word for word in self._all_words() if CJK.search(word)}
        words = "|".join(sorted(cjk, key=lambda word: (-len(word), word)))
        self.token = re.compile(rf"(?:{LATIN}|{NUMBER}|{words}|\S)\s*|\s+")
        for row in _table("units"):
            unit = Unit(row["kind"], Decimal(row["factor"]))
            self.units.update((self.cut(word.lower()), unit) for word in _words(row))
        self._flag("unit", (phrase[0] for phrase in self.units))
        for row in _table("hedges"):
            hedge = Hedge(row["hedge"], row["guard"])
            self.hedges.update((self.cut(word), hedge) for word in _words(row))
        self.hedgeends = {phrase[-1] for phrase in self.hedges}
        for row in _table("afterhedges"):
            self.afterhedges.update((self.cut(word), row["hedge"]) for word in _words(row))
        for row in _table("subunits"):
            sub = row["code"], Decimal(row["factor"])
            self.subunits.update((self.cut(word), sub) for word in _words(row))

    def cut(self, phrase: str) -> Phrase:
        """Cut a phrase into tokens without their white space."""
        return tuple(token.strip() for token in self.token.findall(phrase))

    def _flag(self, name: str, words: Iterable[str]) -> None:
        bit = FLAGS[name]
        for base in words:
            for word in _inflect(base):
                self.flags[word] = self.flags.get(word, 0) | bit

    def _directions(self, sign: str, form: str, words: list[str]) -> None:
        if form != "after":
            self._flag(sign, words)
        if form in ("noun", "verb"):
            self._flag(f"direction{form}", words)
        if form in ("noun", "after"):
            self._flag("after", words)
            self._after = getattr(self, "_after", {})
            self._after.update({word: sign for word in words})

    @property
    def after(self) -> dict[str, str]:
        """Words that, behind a figure, give it a direction."""
        return self._after

    def _all_words(self) -> Iterator[str]:
        yield from self.flags
        for name in ("units", "hedges", "afterhedges", "subunits", "currencies"):
            for row in _table(name):
                yield from _words(row)


def _table(name: str) -> list[dict[str, Any]]:
    text = (files(__package__) / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _words(row: dict[str, Any]) -> Iterator[str]:
    for word in row["words"].split("|"):
        yield from _inflect(word)


def _inflect(word: str) -> tuple[str, ...]:
    """Give the forms of a regular verb marked with a star, or the word itself."""
    if not word.endswith("*"):
        return (word,)
    base = word[:-1]
    if base.endswith("e"):
        return base, f"{base}s", f"{base}d", f"{base[:-1]}ing"
    if base.endswith("y") and base[-2] not in "aeiou":
        return base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"
    third = f"{base}es" if base.endswith(("s", "sh", "ch", "x")) else f"{base}s"
    return base, third, f"{base}ed", f"{base}ing"


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Give the lexicon, read at the first call.

    Examples
    --------
    >>> lexicon().hedges["no", "less", "than"]
    Hedge(hedge='at_least', guard='')
    """
    return Lexicon()


@lru_cache(maxsize=4096)
def singular(noun: str) -> str:
    """Give the singular of a counted noun, in lower case.

    The regular rule of English (-ies to -y; -es off after a hissing sound; else -s off) with the
    exceptions of ``nouns.csv``. A rule, because the libraries that do this (inflect, pattern)
    cost more to import than everything else here, and news counts few irregular things.

    Examples
    --------
    >>> [singular(word) for word in ("countries", "boxes", "vehicles", "people", "surpluses")]
    ['country', 'box', 'vehicle', 'person', 'surplus']
    """
    noun = noun.lower()
    known = lexicon().nouns.get(noun)
    if known is not None:
        return known
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if re.search(r"(?:ss|[cs]h|x|zz|o|[^aeo]us)es$", noun):
        return noun[:-2]
    if noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
        return noun[:-1]
    return noun
