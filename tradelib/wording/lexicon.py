"""The lexicon: every word the grammar knows, read once from the tables beside this module.

Each table is a CSV file whose last column gives the reason for the row; words are parted by
``|``, the tokens of a phrase by blanks, and a star stands for the regular inflections of an
English verb. What CLDR knows of currencies comes from Babel (`tradelib.wording.currencies`).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")
_FLAGS: Final = (
    "up down directionnoun directionverb hyphen signed of digit "
    "number scale multiple unit afterhedge share level block "
    "fill time month span stop pass_ name weakname rank topic creep index nohead measure loose "
    "abbreviation compared doubled twice helper mark rule them timed flow uncounted determiner "
    "modal join lender change range levelled sticky comparative article metric closing opening "
    "ends plain versus dated rate"
)
F: Final = SimpleNamespace(**{name: 1 << bit for bit, name in enumerate(_FLAGS.split())})
"""The roles a word may play, one bit each; most are the classes of ``context.csv``."""

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
        self.flags = Flags()
        self.directions: dict[str, int] = {}
        rows = {name: _table(name) for name in _TABLES.split()}
        self.nouns = {row["plural"]: row["singular"] for row in rows["nouns"]}
        self.defaults = {row["name"]: row["code"] for row in rows["defaults"]}
        self.places = {row["code"]: row["words"] for row in rows["places"]}
        self.press = rows["currencies"]
        all_words = {word for table in rows.values() for row in table for word in _words(row)}
        cjk = "|".join(sorted(filter(_CJK.search, all_words), key=lambda word: (-len(word), word)))
        self.number = re.compile(f"({_NUMBER})")
        self.token = re.compile(rf"(?:{_LATIN}|{_SIGN}|{_NUMBER}|{cjk}|\S)\s*|\s+")
        for row in rows["context"]:
            self._flag(row["class"], _words(row))
        for row in rows["directions"]:
            if row["form"] != "after":
                self._flag(row["sign"], _words(row))
            if row["form"] in ("noun", "verb"):
                self._flag(f"direction{row['form']}", _words(row))
            if row["form"] in ("noun", "after"):
                sign = 1 if row["sign"] == "up" else -1
                self.directions.update((word, sign) for word in _words(row))
        self.numbers = {w: int(row["value"]) for row in rows["numbers"] for w in _words(row)}
        self.scales = {
            w: (Decimal(row["value"]), row["style"]) for row in rows["scales"] for w in _words(row)
        }
        words = reversed(self.scales.items())  # the first word of a row stays
        said = {factor: word for word, (factor, style) in words if style == "word"}
        self.powers = {a * b: f"{said[a]} {said[b]}" for a in said for b in said} | said
        self.multiples = {
            w: (Decimal(row["value"]), Decimal(row["step"]))
            for row in rows["multiples"]
            for w in _words(row)
        }
        self.words = {"half", *self.numbers, *self.scales, *self.multiples}
        foreign = "|".join(filter(_CJK.search, sorted(self.words)))
        self.foreign = re.compile(foreign)
        self.units = self._phrases(rows["units"], lambda r: (r["kind"], Decimal(r["factor"])))
        self.hedges = self._phrases(rows["hedges"], lambda r: (r["hedge"], r["guard"]))
        self.afterhedges = self._phrases(rows["afterhedges"], lambda r: r["hedge"])
        self.subunits = self._phrases(rows["subunits"], lambda r: (r["code"], Decimal(r["factor"])))
        for name, known in [
            ("number", {*self.numbers, "half"}), ("scale", self.scales),
            ("multiple", self.multiples), ("unit", self.units.firsts),
            ("afterhedge", self.afterhedges.firsts), ("hyphen", HYPHENS), ("of", ["of"]),
            ("signed", SIGNS.keys() | ARROWS.keys()),
        ]:  # fmt: skip
            self._flag(name, known)

    def cut(self, phrase: str) -> tuple[str, ...]:
        """Cut a phrase into tokens without their white space."""
        return tuple(token.strip() for token in self.token.findall(phrase))

    def _flag(self, name: str, words: Any) -> None:
        for word in words:
            self.flags[word] = self.flags.get(word, 0) | getattr(
                F, "pass_" if name == "pass" else name
            )

    def _phrases(self, rows: list[dict[str, str]], entry: Any) -> Phrases[Any]:
        table: Phrases[Any] = Phrases()
        for row in rows:
            table.update((self.cut(word), entry(row)) for word in _words(row))
        table.seal()
        return table


_TABLES: Final = (
    "context directions numbers scales units multiples hedges afterhedges currencies subunits "
    "defaults nouns places"
)


def _table(name: str) -> list[dict[str, str]]:
    text = (files(__package__) / "tables" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _words(row: dict[str, str]) -> Iterator[str]:
    """Give the words of a row, verbs marked with a star in all their regular forms."""
    for word in row.get("words", "").split("|") if "words" in row else ():
        if not word.endswith("*"):
            yield word
            continue
        base = word[:-1]
        stem = base.removesuffix("e")
        if base.endswith("y") and base[-2] not in "aeiou":
            yield from (base, f"{base[:-1]}ies", f"{base[:-1]}ied", f"{base}ing")
        else:
            third = f"{base}es" if base.endswith(("s", "sh", "ch", "x")) else f"{base}s"
            yield from (base, third, f"{stem}ed", f"{stem}ing")


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """Give the lexicon, read at the first call.

    Examples
    --------
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

    Examples
    --------
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
