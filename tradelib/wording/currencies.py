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
        territories: dict[str, list[str]] = {}
        for territory, rows in get_global("territory_currencies").items():
            for code, _, end, tender in rows:
                if end is None and tender:
                    territories.setdefault(code, []).append(english.territories[territory])
        self.before: dict[Phrase, str] = {}
        self.after: dict[Phrase, str] = {}
        self.shared: dict[str, dict[str, set[str]]] = {}
        self.weak: set[Phrase] = {("R",), ("P",), ("N",), ("W",)}
        last: dict[str, set[str]] = {}
        for code in territories:
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
            for short in {name.split()[-1], plural.split()[-1]}:
                last.setdefault(short, set()).add(code)
            nationality = name.rsplit(" ", 1)[0]
            singular = name.split()[-1]
            if singular in lexicon().defaults:
                self.shared.setdefault(singular, {})[code] = {nationality, *territories[code]}
        for short, codes in last.items():
            root = short if short in lexicon().defaults else short.removesuffix("s")
            if root in lexicon().defaults and len(codes) > 1:
                self._both((short,), lexicon().defaults[root] if root == "dollar" else root, False)
                self._both((f"{root}s",), self.after[short,], before=False)
            elif len(codes) == 1 and short not in _EVERYDAY:
                self._both((short,), next(iter(codes)), before=False)
        for name, code in lexicon().defaults.items():
            self.after.setdefault((name,), code)
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


def resolve(unit: str, text: str) -> str:
    """Settle a unit that a sign or a shared name left open by what the text names.

    ``¥`` is the yuan's where the text names the yuan and not the yen, the yen's where it names
    the yen, else that of the country named more often (the contract's currency words). A shared
    name belongs to the country named most often, else to its default (``defaults.csv``).

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
    default = lexicon().defaults[unit]
    counts = {
        code: sum(folded.count(word.lower()) for word in words)
        for code, words in candidates.items()
    }
    best = max(counts, key=lambda code: (counts[code], code == default), default=default)
    return best if counts[best] else default
