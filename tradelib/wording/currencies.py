"""Words for currencies: codes, names and signs from Babel's CLDR data, and what the press adds.

A few words name several currencies: ``¥``, ``$``, and names such as *peso* that countries share.
They are units of their own while a text is read, and `Named` settles them by what it names.
"""

from __future__ import annotations

import re
from bisect import bisect
from functools import cached_property, lru_cache
from typing import Final

from tradelib.wording.lexicon import DEFAULTS, PLACES, PRESS, SUBUNITS, UNITS, Phrases, cut

YEN_SIGN: Final = "¥"
DOLLAR_SIGN: Final = "$"
_EVERYDAY: Final = frozenset({"real", "gold", "mark", "marks", "sum", "sol", "tala", "lek"})
"""Currency names that are English words too: only their full names and plurals are read."""
WEAK: Final = frozenset(
    {"ALL", "TOP", "TRY", "CUP", "BAM", "MAD", "PEN", "GEL", "COP", "AMD", "SOS", "BOB", *"RPNWY"}
)
"""Codes that are English words, and lone letters: only with a scale or four digits."""


class Currencies:
    """Currency words before and after a number, to the code or to a shared name in lower case.

    ``before`` and ``after`` hold phrases as printed, of names in lower case; ``shared`` has, for a
    shared name, the codes it may mean; ``places`` the codes of each country, its people and its
    greatest cities; ``units`` all units of one word.
    """

    def __init__(self) -> None:
        from babel import Locale

        self._english = Locale("en")
        self.shared = {row["name"]: set(row["codes"].split("|")) for row in DEFAULTS.values()}
        self.homes = self._homes()
        self._before: dict[tuple[str, ...], str] = {}
        self._after: dict[tuple[str, ...], str] = {}
        self._from_cldr()
        for row in PRESS:
            for word in row["words"]:
                plain = word.islower() and word.isalpha() and row["place"] == "both"
                if row["place"] != "after" and not plain:
                    self._before[cut(word)] = row["code"]
                if row["place"] != "before":
                    self._after[cut(word)] = row["code"]
        self.shared[DOLLAR_SIGN] = self.homes.keys() - {"USD"}
        places: dict[tuple[str, ...], set[str]] = {}
        for code, words in self.homes.items():
            for word in words:
                places.setdefault(tuple(_WORD.findall(word.lower())), set()).add(code)
        self.places = Phrases(places)
        self.before, self.after = Phrases(self._before), Phrases(self._after)
        tables = UNITS, SUBUNITS, self.after
        self.units = {phrase[0] for table in tables for phrase in table.entries if len(phrase) == 1}

    def _homes(self) -> dict[str, set[str]]:
        """Give, by code, the countries that pay with it and their greatest cities."""
        from babel.core import get_global
        from babel.numbers import get_territory_currencies

        homes: dict[str, set[str]] = {}
        for zone, territory in get_global("zone_territories").items():
            city = zone.rsplit("/", 1)[-1].replace("_", " ").lower()
            country = self._english.territories[territory].lower()
            for code in get_territory_currencies(territory):
                homes.setdefault(code, set()).update((city, country))
        for code, words in PLACES.items():
            homes[code].update(words)
        return homes

    def _from_cldr(self) -> None:
        """Enter codes, signs and names; a name that several countries share by its last word."""
        from babel.numbers import get_currency_name, get_currency_symbol

        shorts: dict[str, tuple[str, set[str]]] = {}
        for code, homes in sorted(self.homes.items()):
            name = self._english.currencies[code].lower()
            many = get_currency_name(code, 2, "en").lower()
            sign = get_currency_symbol(code, "en") if code != "JPY" else code
            for word in (code, sign):
                self._before[cut(word)] = self._after[cut(word)] = code
            for full in (name, many, name.replace("new ", "")):
                self._after[cut(full)] = code
            nationality, _, root = name.rpartition(" ")
            homes.add(nationality or root)
            for short in (root, many.split()[-1], f"{root}s"):
                shorts.setdefault(short, (root, set()))[1].add(code)
            for place in homes if root == "dollar" else ():
                for word in ("dollar", "dollars"):
                    self._after.setdefault(cut(f"{place.split(' & ')[0]} {word}"), code)
            if root in DEFAULTS:
                self.shared[root].add(code)
        for short, (root, codes) in shorts.items():
            if root in DEFAULTS:
                self._after[short,] = root if root != "dollar" else "USD"
            elif len(codes) == 1 and short not in _EVERYDAY:
                self._after[short,] = min(codes)


@lru_cache(maxsize=1)
def currencies() -> Currencies:
    """Give the currency words, read from CLDR and the press's table at the first call."""
    return Currencies()


class Named:
    """What countries a text names, to settle units that a sign or a shared name left open.

    A shared name belongs to the country named most often, of equals to the one named last before
    it; to its default (``defaults.csv``) where none is. The signs: as the contract has it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._best: dict[str, dict[str, list[int]]] = {}

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        """Where the text names the countries of a currency and their cities, by code."""
        found: dict[str, list[int]] = {}
        known, end = currencies().places, 0
        for match in _CAPITAL.finditer(self._text):
            start = match.start()
            if start < end or match[0].lower() not in known.firsts:
                continue
            words = _WORD.findall(self._text[start : start + _LONGEST].lower())
            if place := known.after(words, 0):
                end = start + len(" ".join(words[: place[1]]))
                for code in place[0]:
                    found.setdefault(code, []).append(start)
        return found

    def currency(self, unit: str, at: int = 0) -> str:
        """Give the code of a unit that stands at an offset; an empty word where there is none."""
        if unit not in currencies().shared:
            return unit
        if unit not in self._best:
            self._best[unit] = self._named_most(unit)
        best = self._best[unit]
        return max(best, key=lambda code: best[code][bisect(best[code], at) - 1])

    def _named_most(self, unit: str) -> dict[str, list[int]]:
        """Give the codes of the countries named most often, with all places where they are."""
        shared, default = currencies().shared, {DEFAULTS[unit]["code"]: [0]}
        for code, words in _YUAN_AND_YEN if unit == YEN_SIGN else ():
            if re.search(words, self._text):
                return {code: [0]}
        if unit == DOLLAR_SIGN and "US$" not in self._text:
            return default
        named = {code: places for code, places in self._places.items() if code in shared[unit]}
        most = max(map(len, named.values()), default=0)
        best = {code: [-1, *named[code]] for code in named if len(named[code]) == most} or default
        other = unit == DOLLAR_SIGN and not shared["dollar"].issuperset(best)
        return default if other or (unit in (DOLLAR_SIGN, YEN_SIGN) and len(best) > 1) else best


_LONGEST: Final = 60
"""No name of a country is longer."""
_CAPITAL: Final = re.compile(r"[A-ZÀ-Þ][^\W\d_]+|中国|日本")
_WORD: Final = re.compile(r"中国|日本|[^\W\d_]+")
_YUAN_AND_YEN: Final = (
    ("CNY", r"(?i)\b(?:yuan|rmb|renminbi|cny)\b|人民币|元"),
    ("JPY", r"(?i)\b(?:yen|jpy)\b|日元|円"),
)
