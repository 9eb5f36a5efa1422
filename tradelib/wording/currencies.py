"""Words for currencies, and which of several a sign or a name means in a text.

The table has the codes, signs and names of CLDR and what the press adds. A few words name several
currencies: ``¥``, ``$``, and names such as *peso* that countries share. They are units of their
own while a text is read, and `Named` settles them by the countries it names.
"""

from __future__ import annotations

import re
from bisect import bisect
from functools import cached_property
from typing import Final

from tradelib.wording.lexicon import PLACES, SHARED, cut

YEN_SIGN: Final = "¥"
DOLLAR_SIGN: Final = "$"
_CAPITAL: Final = re.compile(r"[A-ZÀ-Þ][^\W\d_]+|中国|日本")
_LONGEST: Final = 60
"""No name of a country is longer."""
_YUAN_AND_YEN: Final = (
    ("CNY", re.compile(r"(?i)\b(?:yuan|rmb|renminbi|cny)\b|人民币|元")),
    ("JPY", re.compile(r"(?i)\b(?:yen|jpy)\b|日元|円")),
)


class Named:
    """What countries a text names, to settle units that a sign or a shared name left open.

    A shared name belongs to the country named most often, of equals to the one named last before
    it; to its default (``defaults.csv``) where none is. The signs: as the contract has it.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._best: dict[str, dict[str, list[int]]] = {}

    @cached_property
    def _named(self) -> dict[str, list[int]]:
        """Where the text names the countries of a currency and their cities, by code."""
        found: dict[str, list[int]] = {}
        end = 0
        for match in _CAPITAL.finditer(self._text):
            start = match.start()
            if start < end or match[0].lower() not in PLACES.firsts:
                continue
            words = cut(self._text[start : start + _LONGEST].lower())
            if place := PLACES.after(words, 0):
                end = start + len(" ".join(words[: place[1]]))
                for code in place[0]:
                    found.setdefault(code, []).append(start)
        return found

    def currency(self, unit: str, at: int = 0) -> str:
        """Give the code of a unit that stands at an offset; an empty word where there is none."""
        if unit not in SHARED:
            return unit
        if unit not in self._best:
            self._best[unit] = self._named_most(unit)
        best = self._best[unit]
        return max(best, key=lambda code: best[code][bisect(best[code], at) - 1])

    def _named_most(self, unit: str) -> dict[str, list[int]]:
        """Give the codes of the countries named most often, with all places where they are."""
        default, codes = SHARED[unit]
        for code, words in _YUAN_AND_YEN if unit == YEN_SIGN else ():
            if words.search(self._text):
                return {code: [0]}
        if unit == DOLLAR_SIGN and "US$" not in self._text:
            return {default: [0]}
        codes = codes or self._named.keys() - {default}
        named = {code: places for code, places in self._named.items() if code in codes}
        most = max(map(len, named.values()), default=0)
        best = {code: [-1, *places] for code, places in named.items() if len(places) == most}
        other = unit == DOLLAR_SIGN and not SHARED["dollar"][1].issuperset(best)
        unsure = unit in (DOLLAR_SIGN, YEN_SIGN) and len(best) > 1
        return {default: [0]} if other or unsure or not best else best
