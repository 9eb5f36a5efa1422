"""Words for currencies: codes, names and signs from Babel's CLDR data, and what the press adds.

A few words name several currencies: ``¥``, and names such as *peso* that countries share. They
are units of their own while a text is read, written in lower case, and `resolve` settles them by
the countries that the text names.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from tradelib.wording.lexicon import Phrase, lexicon

YEN_SIGN: Final = "¥"
_EVERYDAY: Final = frozenset({"real", "gold", "mark", "marks", "sum", "sol", "tala", "lek"})
"""Currency names that are English words too: only their full names and plurals are read."""
_EVERYDAY_CODES: Final = frozenset({"ALL", "TOP", "TRY", "CUP", "BAM", "MAD", "PEN", "GEL", "COP"})
"""Codes that are English words in capitals: only with a scale or four digits."""


class Currencies:
    """Currency words, by phrase as it stands before or after a number.

    Attributes
    ----------
    before, after
        Phrase (as printed; names in lower case) to the code, or to a shared name in lower case.
    weak
        Phrases that are read before a number only with a scale or four digits.
    shared
        Shared name to its candidates: code, and the words of the countries that use it.
    """

    def __init__(self) -> None:
        from babel import Locale
        from babel.core import get_global
        from babel.numbers import get_currency_name, get_currency_symbol

        english, cut = Locale("en"), lexicon().cut
        homes: dict[str, list[str]] = {}
        for territory, rows in get_global("territory_currencies").items():
            for code, _, end, tender in rows:
                if end is None and tender:
                    homes.setdefault(code, []).append(territory)
        cities: dict[str, list[str]] = {}
        for zone, territory in get_global("zone_territories").items():
            cities.setdefault(territory, []).append(zone.rsplit("/", 1)[-1].replace("_", " "))
        self.before: dict[Phrase, str] = {}
        self.after: dict[Phrase, str] = {}
        self.shared: dict[str, dict[str, set[str]]] = {}
        self.weak: set[Phrase] = {("R",), ("P",), ("N",), ("W",), ("Y",)}
        shorts: dict[str, tuple[str, set[str]]] = {}
        for code, places in homes.items():
            self._both((code,), code)
            if code in _EVERYDAY_CODES:
                self.weak.add((code,))
            sign = get_currency_symbol(code, "en")
            if sign != code and code != "JPY":
                self._both(cut(sign), code)
            name = english.currencies[code].lower()
            plural = get_currency_name(code, 2, "en").lower()
            for full in (name, plural, name.replace("new ", "")):
                self._both(cut(full), code, before=False)
            nationality, _, root = name.rpartition(" ")
            for short in (root, plural.split()[-1]):
                shorts.setdefault(short, (root, set()))[1].add(code)
            if root in lexicon().defaults:
                words = {nationality} | {english.territories[place].lower() for place in places}
                words |= {city.lower() for place in places for city in cities.get(place, ())}
                self.shared.setdefault(root, {})[code] = words
                if root in ("krona", "krone", "koruna"):
                    self.shared.setdefault("crown", {})[code] = words
        for short, (root, codes) in shorts.items():
            if root in lexicon().defaults:
                unit = "USD" if root == "dollar" else root
                self._both((short,), unit, before=False)
                self._both((f"{root}s",), unit, before=False)
            elif len(codes) == 1 and short not in _EVERYDAY:
                self._both((short,), next(iter(codes)), before=False)
        self._both(("crown",), "crown", before=False)
        self._both(("crowns",), "crown", before=False)
        for code, place, word in lexicon().press:
            phrase = cut(word)
            unit = "rupee" if code == "INR" and word[0] in "Rr" else code
            if place in ("both", "before"):
                self.before[phrase] = unit
            if place in ("both", "after"):
                self.after[phrase] = unit
        for sign in ("¥", "￥"):
            self._both((sign,), YEN_SIGN)
        self.first = {phrase[0] for phrase in self.after}
        self.last = {phrase[-1] for phrase in self.before}

    def _both(self, phrase: Phrase, code: str, before: bool = True) -> None:
        self.after.setdefault(phrase, code)
        if before:
            self.before.setdefault(phrase, code)


@lru_cache(maxsize=1)
def currencies() -> Currencies:
    """Give the currency words, read from CLDR and the press's table at the first call.

    Examples
    --------
    >>> currencies().before["R", "$"], currencies().after["swiss", "francs"]
    ('BRL', 'CHF')
    """
    return Currencies()


def resolve(unit: str, text: str, at: int = 0) -> str:
    """Settle a unit that a sign or a shared name left open by what the text names.

    ``¥`` is the yuan's where the text names the yuan, the yen's where it names the yen alone,
    else that of the country named more often (the contract's currency words). A shared name
    belongs to the country named most often, of equals to the one named last before ``at``; to
    its default (``defaults.csv``) where none is.

    Examples
    --------
    >>> resolve("¥", "China's exports"), resolve("peso", "Manila, Philippines"), resolve("EUR", "")
    ('CNY', 'PHP', 'EUR')
    """
    if unit == YEN_SIGN:
        yuan = re.search(r"(?i)\b(?:yuan|rmb|renminbi|cny)\b|人民币|元", text)
        yen = re.search(r"(?i)\b(?:yen|jpy)\b|日元|円", text)
        if yuan is not None or yen is not None:
            return "JPY" if yuan is None else "CNY"
        china = len(re.findall(r"China|Chinese|Beijing|Shanghai|中国", text))
        return "CNY" if china > len(re.findall(r"Japan|Tokyo|日本", text)) else "JPY"
    candidates = currencies().shared.get(unit)
    if candidates is None:
        return unit
    folded = text.lower()

    def named(code: str) -> tuple[int, int]:
        words = candidates[code]
        return sum(map(folded.count, words)), max(folded.rfind(word, 0, at) for word in words)

    best = max(candidates, key=named)
    return best if named(best)[0] else lexicon().defaults[unit]
