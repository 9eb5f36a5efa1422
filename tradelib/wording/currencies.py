"""Words for currencies: codes, names and signs from Babel's CLDR data, and what the press adds.

A few words name several currencies: ``¥``, ``$``, and names such as *peso* that countries share.
They are units of their own while a text is read, and `resolve` settles them by what it names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tradelib.wording.lexicon import DEFAULTS, PLACES, PRESS, Phrases, cut

YEN_SIGN: Final = "¥"
DOLLAR_SIGN: Final = "$"
WON_LETTER: Final = "W"
_EVERYDAY: Final = frozenset({"real", "gold", "mark", "marks", "sum", "sol", "tala", "lek"})
"""Currency names that are English words too: only their full names and plurals are read."""
WEAK: Final = frozenset(
    {"ALL", "TOP", "TRY", "CUP", "BAM", "MAD", "PEN", "GEL", "COP", "AMD", "SOS", "BOB", *"RPNWY"}
)
"""Codes that are English words, and lone letters: only with a scale or four digits."""
Entries = dict[tuple[str, ...], str]


class Currencies:
    """Currency words before and after a number, to the code or to a shared name in lower case.

    ``before`` and ``after`` hold phrases as printed, ``names`` phrases in lower case that stand
    after a number; ``shared`` has, for a shared name, each code with the words of its countries.
    """

    def __init__(self) -> None:
        from babel import Locale

        self._english = Locale("en")
        self.homes = self._homes()
        self.shared: dict[str, dict[str, set[str]]] = {YEN_SIGN: {}, "crown": {}}
        before: Entries = {}
        after: Entries = {}
        names: Entries = {}
        self._from_cldr(before, after, names)
        self._share()
        for row in PRESS:
            for word in row["words"]:
                phrase = cut(word)
                plain = word.islower() and word.isalpha() and row["place"] == "both"
                if row["place"] != "after" and not plain:
                    before[phrase] = row["code"]
                if row["place"] != "before":
                    (names if word.islower() else after)[phrase] = row["code"]
        self.before, self.after, self.names = Phrases(before), Phrases(after), Phrases(names)

    def _homes(self) -> dict[str, set[str]]:
        """Give, by code, the countries that pay with it and their greatest cities."""
        from babel.core import get_global

        places: dict[str, set[str]] = {}
        homes: dict[str, set[str]] = {}
        for zone, territory in get_global("zone_territories").items():
            city = zone.rsplit("/", 1)[-1].replace("_", " ").lower()
            country = self._english.territories[territory].lower()
            places.setdefault(territory, {country}).add(city)
        for territory, rows in get_global("territory_currencies").items():
            for code, _, end, tender in rows:
                if end is None and tender:
                    homes.setdefault(code, set()).update(places.get(territory, ()))
        return homes

    def _from_cldr(self, before: Entries, after: Entries, names: Entries) -> None:
        """Enter codes, signs and names; a name that several countries share by its last word."""
        from babel.numbers import get_currency_name, get_currency_symbol

        shorts: dict[str, tuple[str, set[str]]] = {}
        for code in sorted(self.homes):
            name = self._english.currencies[code].lower()
            many = get_currency_name(code, 2, "en").lower()
            sign = get_currency_symbol(code, "en")
            for word in {code, sign if code != "JPY" else code}:
                before[cut(word)] = after[cut(word)] = code
            for full in (name, many, name.replace("new ", "")):
                names[cut(full)] = code
            nationality, _, root = name.rpartition(" ")
            self.homes[code] = {nationality or root, *self.homes[code]}
            for short in (root, many.split()[-1], f"{root}s"):
                shorts.setdefault(short, (root, set()))[1].add(code)
            if root == "dollar":
                for place in self.homes[code]:
                    for word in ("dollar", "dollars"):
                        names.setdefault(cut(f"{place.split(' & ')[0]} {word}"), code)
            if root in DEFAULTS:
                self.shared.setdefault(root, {})[code] = self.homes[code]
        for short, (root, codes) in shorts.items():
            if root in DEFAULTS:
                names[short,] = root if root != "dollar" else "USD"
            elif len(codes) == 1 and short not in _EVERYDAY:
                names[short,] = min(codes)

    def _share(self) -> None:
        """Enter what shares a word without sharing a name."""
        for root in ("krona", "krone", "koruna"):
            self.shared["crown"].update(self.shared[root])
        self.shared[DOLLAR_SIGN] = {c: w for c, w in self.homes.items() if c != "USD"}
        self.shared["cfa"] = {code: {*self.homes[code]} for code in ("XOF", "XAF")}
        self.shared["cfa"]["XAF"].add("central africa")
        self.shared[WON_LETTER] = {
            "KRW": {"korea", "seoul", "busan", "samsung", "hyundai", "kospi"}
        }


@lru_cache(maxsize=1)
def currencies() -> Currencies:
    """Give the currency words, read from CLDR and the press's table at the first call.

    >>> currencies().before.entries["R", "$"], currencies().names.entries["swiss", "francs"]
    ('BRL', 'CHF')
    """
    return Currencies()


def resolve(unit: str, text: str, at: int = 0) -> str:
    """Settle a unit that a sign or a shared name left open by what the text names.

    ``¥`` is the yuan's where the text names the yuan, the yen's where it names the yen alone,
    else that of the country named more often (the contract's currency words). A shared name
    belongs to the country named most often, of equals to the one named last before ``at``; to
    its default (``defaults.csv``) where none is. ``$`` is the American dollar's unless the text
    writes ``US$`` for that and names a country with another dollar most; ``W`` is nothing in a
    text that does not name Korea.

    >>> resolve("¥", "China's exports"), resolve("peso", "Manila, Philippines"), resolve("EUR", "")
    ('CNY', 'PHP', 'EUR')
    """
    if unit not in currencies().shared:
        return unit
    if unit == DOLLAR_SIGN and "US$" not in text:
        return "USD"
    block = at // _NEAR * _NEAR
    near = text if len(text) <= 4 * _NEAR else text[max(block - _NEAR, 0) : block + 2 * _NEAR]
    best = _named(unit, near, text)
    if unit == DOLLAR_SIGN:
        dollars = currencies().shared["dollar"]
        return best[0] if len(best) == 1 and best[0] in dollars else "USD"
    if len(best) < 2:
        return best[0]
    folded, candidates = text[max(at - _NEAR, 0) : at].lower(), currencies().shared[unit]
    return max(best, key=lambda code: max(folded.rfind(word) for word in candidates[code]))


@lru_cache(maxsize=64)
def _places(unit: str, text: str) -> dict[str, list[str]]:
    """Give, by code, those words of its countries that a text holds."""
    folded, shared = text.lower(), currencies().shared[unit].items()
    return {code: [word for word in words if word in folded] for code, words in shared}


@lru_cache(maxsize=64)
def _named(unit: str, near: str, text: str) -> list[str]:
    """Give the codes of the countries that a piece of a text names most; the default where none."""
    if unit == YEN_SIGN:
        for code, words in _YUAN_AND_YEN:
            if re.search(words, near):
                return [code]
        china, japan = (len(re.findall(PLACES[code], near)) for code in ("CNY", "JPY"))
        return ["CNY" if china > japan else "JPY"]
    folded = near.lower()
    counts = {code: sum(map(folded.count, words)) for code, words in _places(unit, text).items()}
    most = max(counts.values())
    if not most:
        return [DEFAULTS.get(unit, "")]
    return [code for code in counts if counts[code] == most]


_NEAR: Final = 4000
"""How many characters away a country's name still bears on a figure: an article's length."""
_YUAN_AND_YEN: Final = (
    ("CNY", r"(?i)\b(?:yuan|rmb|renminbi|cny)\b|人民币|元"),
    ("JPY", r"(?i)\b(?:yen|jpy)\b|日元|円"),
)
