"""The lexicon: every word the grammar knows, read once from the tables beside this module.

Each table is a CSV file whose last column gives the reason for the row; words are parted by
``|``, the tokens of a phrase by blanks, and a star stands for the regular inflections of an
English verb. What CLDR knows of currencies comes from Babel (`tradelib.wording.currencies`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
Row = dict[str, Any]

VOCABULARY: Final = 100_000
"""How many words are noted at most: more than any language of news uses."""
HYPHENS: Final = frozenset("-‐‑–")
MINUS: Final = frozenset("-−－–")
SIGNS: Final = {"+": 1, "＋": 1, "minus": -1} | dict.fromkeys(MINUS, -1)
ARROWS: Final = {"↓": -1, "▼": -1, "⬇": -1, "↑": 1, "▲": 1, "⬆": 1}

_GROUPS = r"\d{0,2}(?:[ \u00a0\u2009\u202f'’]\d{3})+(?!\d)(?:[.,]\d+)?"
_NUMBER = rf"\d(?:{_GROUPS}|\d*(?:[.,．，]\d+)*)"
_SIGN = r"[!-/:-@\[-`{-~‐-—‘-”]"  # the usual signs, before the long list of CJK words
_LATIN = r"[^\W\d_\u2e80-\u9fff\uf900-\ufaff]+"
_CJK: Final = re.compile(r"[\u2e80-\u9fff]")


def _forms(word: str) -> list[str]:
    """Give a word of a table, or all the regular forms of a verb marked with a star."""
    base = word.removesuffix("*")
    if base == word:
        return [word]
    if base.endswith("y") and base[-2] not in "aeiou":
        return [base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing"]
    third = f"{base}es" if base.endswith(("s", "sh", "ch", "x")) else f"{base}s"
    stem = base.removesuffix("e")
    return [base, third, f"{stem}ed", f"{stem}ing"]


def _table(text: str) -> list[Row]:
    rows: list[Row] = list(csv.DictReader(text.splitlines()))
    for row in rows:
        row["words"] = [form for word in row.get("words", "").split("|") for form in _forms(word)]
    return rows


_TABLES: Final = {
    file.name.removesuffix(".csv"): _table(file.read_text(encoding="utf-8"))
    for file in (files(__package__) / "tables").iterdir()
}
_ROLES = "up down directionnoun directionverb digit number scale multiple unit afterhedge signed"
_CLASSES: Final = dict.fromkeys([*_ROLES.split(), *(row["class"] for row in _TABLES["context"])])
F: Final = SimpleNamespace(**{name: 1 << bit for bit, name in enumerate(_CLASSES)})
"""The roles a word may play, one bit each; most are the classes of ``context.csv``."""


class Phrases(dict[tuple[str, ...], T], Generic[T]):
    """A table keyed by phrases, found at a place in a list of tokens, the longest first."""

    def seal(self) -> None:
        """Note the outer tokens and the lengths, once the table is full."""
        self.firsts = {phrase[0] for phrase in self}
        self.lasts = {phrase[-1] for phrase in self}
        self.sizes = range(max(map(len, self)), 0, -1)

    def after(self, words: Sequence[str], k: int) -> tuple[T, int] | None:
        """Give the entry of the phrase that starts at token k, and the token behind it."""
        if words[k] in self.firsts:
            for size in self.sizes:
                found = self.get(tuple(words[k : k + size]))
                if found is not None:
                    return found, k + size
        return None

    def before(self, words: Sequence[str], k: int, floor: int) -> tuple[T, int] | None:
        """Give the entry of the phrase that ends before token k, and its first token."""
        if k > floor and words[k - 1] in self.lasts:
            for size in self.sizes:
                found = self.get(tuple(words[k - size : k])) if k - size >= floor else None
                if found is not None:
                    return found, k - size
        return None


class Flags(dict[str, int]):
    """The roles of each word; a word that is in no table is noted when it is first met.

    So a whole line is looked up without running Python code for its tokens, save the new ones.
    """

    def __missing__(self, word: str) -> int:
        flag = int(F.digit) if word[:1].isdigit() else 0
        if len(self) < VOCABULARY:
            self[word] = flag
        return flag


class Lexicon:
    """The tables by token or phrase.

    ``token`` cuts a text into tokens, ``number`` splits it at those that begin with a digit; a text
    without them, ``words`` and ``foreign`` words holds no figure.
    """

    def __init__(self) -> None:
        every = {word for rows in _TABLES.values() for row in rows for word in row["words"]}
        cjk = "|".join(sorted(filter(_CJK.search, every), key=lambda word: (-len(word), word)))
        self.number = re.compile(f"({_NUMBER})")
        self.token = re.compile(rf"(?:{_LATIN}|{_SIGN}|{_NUMBER}|{cjk}|\S)\s*|\s+")

        self.press = _TABLES["currencies"]
        self.nouns: dict[str, str] = {row["plural"]: row["singular"] for row in _TABLES["nouns"]}
        self.defaults = {row["name"]: row["code"] for row in _TABLES["defaults"]}
        self.places = {row["code"]: "|".join(row["words"]) for row in _TABLES["places"]}
        self.numbers = _by_word("numbers", lambda row: int(row["value"]))
        self.scales = _by_word("scales", lambda row: (Decimal(row["value"]), row["style"]))
        self.multiples = _by_word(
            "multiples", lambda row: (Decimal(row["value"]), Decimal(row["step"]))
        )
        self.units = self._phrases("units", lambda row: (row["kind"], Decimal(row["factor"])))
        self.subunits = self._phrases("subunits", lambda row: (row["code"], Decimal(row["factor"])))
        self.hedges = self._phrases("hedges", lambda row: (row["hedge"], row["guard"]))
        self.afterhedges = self._phrases("afterhedges", lambda row: row["hedge"])
        words = reversed(self.scales.items())  # the first word of a row stays
        said = {factor: word for word, (factor, style) in words if style == "word"}
        self.powers = {a * b: f"{said[a]} {said[b]}" for a in said for b in said} | said
        self.words = {"half", *self.numbers, *self.scales, *self.multiples}
        self.foreign = re.compile("|".join(filter(_CJK.search, sorted(self.words))))

        self.flags = Flags()
        self.directions: dict[str, int] = {}
        roles: list[tuple[str, Any]] = [
            ("number", {*self.numbers, "half"}), ("scale", self.scales),
            ("multiple", self.multiples), ("unit", self.units.firsts),
            ("afterhedge", self.afterhedges.firsts), ("signed", [*SIGNS, *ARROWS]),
            *((row["class"], row["words"]) for row in _TABLES["context"]),
        ]  # fmt: skip
        for row in _TABLES["directions"]:
            sign, form, words = row["sign"], row["form"], row["words"]
            if form != "after":
                roles.append((sign, words))
            if form in ("noun", "verb"):
                roles.append((f"direction{form}", words))
            if form in ("noun", "after"):
                self.directions |= dict.fromkeys(words, 1 if sign == "up" else -1)
        for name, words in roles:
            for word in words:
                self.flags[word] = self.flags.get(word, 0) | getattr(F, name)

    def cut(self, phrase: str) -> tuple[str, ...]:
        """Cut a phrase into tokens without their white space."""
        return tuple(token.strip() for token in self.token.findall(phrase))

    def _phrases(self, table: str, entry: Callable[[Row], T]) -> Phrases[T]:
        phrases = Phrases({self.cut(word): e for word, e in _by_word(table, entry).items()})
        phrases.seal()
        return phrases


def _by_word(table: str, entry: Callable[[Row], T]) -> dict[str, T]:
    return {word: entry(row) for row in _TABLES[table] for word in row["words"]}


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Give the lexicon, made at the first call.

    >>> lexicon().hedges["no", "less", "than"]
    ('at_least', '')
    """
    return Lexicon()


@lru_cache(maxsize=4096)
def singular(noun: str) -> str:
    """Give the singular of a counted noun, in lower case.

    The regular rule of English (-ies to -y; -es off after a hissing sound; else -s off) with the
    exceptions of ``nouns.csv``. A rule, because the libraries that do this (inflect, pattern)
    cost more to import than everything else here, and news counts few irregular things.

    >>> [singular(word) for word in ("countries", "boxes", "vehicles", "people", "surpluses")]
    ['country', 'box', 'vehicle', 'person', 'surplus']
    """
    noun = noun.lower()
    if noun in lexicon().nouns:
        return lexicon().nouns[noun]
    if noun.endswith("ies") and len(noun) > 4:
        return f"{noun[:-3]}y"
    if re.search(r"(?:ss|[cs]h|x|zz|o|[^aeo]us)es$", noun):
        return noun[:-2]
    return noun[:-1] if plural(noun) else noun


def plural(noun: str) -> bool:
    """Whether a word in lower case looks like a plural.

    >>> [plural(word) for word in ("cars", "people", "gas", "steel")]
    [True, True, False, False]
    """
    regular = noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 2
    return lexicon().nouns.get(noun) != noun if regular else noun in lexicon().nouns
