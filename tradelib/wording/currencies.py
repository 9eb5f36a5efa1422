"""Words for currencies: codes, names and signs from Babel's CLDR data, and what the press adds.

A few words name several currencies: ``¥``, ``$``, and names such as *peso* that countries share.
They are units of their own while a text is read, and `Named` settles them by what it names.
"""

from __future__ import annotations

import re
from collections import Counter
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
    after a number; ``shared`` has, for a shared name, each code with the words of its countries;
    ``owners`` the codes of each of these words, ``longer`` those of several by their first.
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
        self.owners: dict[str, set[str]] = {}
        self.longer: dict[str, list[str]] = {}
        for code, place in (
            (c, p) for homes in self.shared.values() for c in homes for p in homes[c]
        ):
            self.owners.setdefault(place, set()).add(code)
        for place in self.owners:
            if not place.isalpha():
                self.longer.setdefault(re.findall(r"[^\W\d_]+", place)[0], []).append(place)
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
            "KRW": {"korea", "korean", "seoul", "busan", "samsung", "hyundai"}
        }


@lru_cache(maxsize=1)
def currencies() -> Currencies:
    """Give the currency words, read from CLDR and the press's table at the first call.

    >>> currencies().before.entries["R", "$"], currencies().names.entries["swiss", "francs"]
    ('BRL', 'CHF')
    """
    return Currencies()


class Named:
    """What countries a text names, to settle units that a sign or a shared name left open.

    ``¥`` is the yuan's where the text names the yuan, the yen's where it names the yen alone,
    else that of the country named more often (the contract's currency words). A shared name
    belongs to the country named most often, of equals to the one named last before it; to its
    default (``defaults.csv``) where none is. ``$`` is the American dollar's unless the text
    writes ``US$`` for that and names a country with another dollar most; ``W`` is nothing in a
    text that does not name Korea.

    >>> Named("China's exports").currency("¥"), Named("Manila, Philippines").currency("peso")
    ('CNY', 'PHP')
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._codes: dict[int, Counter[str]] = {}
        self._best: dict[tuple[str, int], list[str]] = {}

    def currency(self, unit: str, at: int = 0) -> str:
        """Give the code of a unit that stands at an offset; an empty word where there is none."""
        shared = currencies().shared
        if unit not in shared:
            return unit
        block = 0 if len(self._text) <= 4 * _NEAR else at // _NEAR
        if (unit, block) not in self._best:
            self._best[unit, block] = self._named_most(unit, block)
        best = self._best[unit, block]
        if unit == DOLLAR_SIGN:
            return best[0] if len(best) == 1 and best[0] in shared["dollar"] else "USD"
        if len(best) < 2:
            return best[0]
        before = self._text[max(at - _NEAR, 0) : at].lower()
        return max(best, key=lambda code: max(before.rfind(word) for word in shared[unit][code]))

    def _named_most(self, unit: str, block: int) -> list[str]:
        """Give the codes of the countries named most often in a block and its neighbours."""
        whole = len(self._text) <= 4 * _NEAR
        near = self._text if whole else self._text[max(block - 1, 0) * _NEAR : (block + 2) * _NEAR]
        if unit == YEN_SIGN:
            return [_yuan_or_yen(near)]
        if unit == DOLLAR_SIGN and "US$" not in near:
            return ["USD"]
        shared = currencies().shared[unit]
        counts: Counter[str] = Counter()
        for k in [0] if whole else [max(block - 1, 0), block, block + 1]:
            if k not in self._codes:
                text = self._text if whole else self._text[k * _NEAR : (k + 1) * _NEAR]
                self._codes[k] = _count_codes(text)
            counts += self._codes[k]
        told = {code: times for code, times in counts.items() if code in shared}
        most = max(told.values(), default=0)
        return [code for code in told if told[code] == most] or [DEFAULTS.get(unit, "")]


def _count_codes(text: str) -> Counter[str]:
    """Count, by currency, how often a piece of text names its countries and their cities."""
    known, folded = currencies(), ""
    words = [word.lower() for word in _CAPITAL.findall(text)]
    places = list(filter(known.owners.__contains__, words))
    for first in known.longer.keys() & set(words):
        folded = folded or text.lower()
        for place in known.longer[first]:
            places += [place] * folded.count(place)
    return Counter(code for place in places for code in known.owners[place])


def _yuan_or_yen(text: str) -> str:
    for code, words in _YUAN_AND_YEN:
        if re.search(words, text):
            return code
    china, japan = (len(re.findall(PLACES[code], text)) for code in ("CNY", "JPY"))
    return "CNY" if china > japan else "JPY"


_NEAR: Final = 4000
"""How many characters away a country's name still bears on a figure: an article's length."""
_CAPITAL: Final = re.compile(r"[A-ZÀ-Þ][^\W\d_]+")
_YUAN_AND_YEN: Final = (
    ("CNY", r"(?i)\b(?:yuan|rmb|renminbi|cny)\b|人民币|元"),
    ("JPY", r"(?i)\b(?:yen|jpy)\b|日元|円"),
)
