"""The doors of the room: `scan` for a text, cut into sentences, `parse` for one expression."""

from __future__ import annotations

import re
from bisect import bisect
from functools import lru_cache
from operator import attrgetter
from typing import Final, NamedTuple

import pandas as pd

from tradelib.quantity import SIGNED_KINDS, Quantity
from tradelib.wording import lexicon as lex
from tradelib.wording.direction import direct
from tradelib.wording.lexicon import SHARED, Line, W
from tradelib.wording.numerals import Expr
from tradelib.wording.reading import WEIGHT
from tradelib.wording.sentence import figures

_LINE: Final = re.compile(r"[^\r\n\u2028\u2029]+")
_OUTER: Final = "\ufeff \t\u00a0\u3000\v\f\x1c\x1d\x1e\x85"
_STOP: Final = re.compile(r"[.!?…]+[\"'”’)\]»]*\s+(?=[\"'“‘(\[«]*[^\W_a-z])|[。！？]+[”’」』]*\s*")
_LONG: Final = 12  # no abbreviation is as long, with the signs that may stand before it
_CELLS: Final = re.compile(r"[\t|]|\S\s{3,}\S|\S\s\s\S.*\S\s\s\S")
_BULLET: Final = re.compile(r"[*•·▪◦●■–—-]\s|[*•▪●■]|\(?\d{1,2}[.)]\s|\(?[a-z]\)\s")
_GOES_ON: Final = W.stop | {phrase[-1] for phrase in lex.HEDGES.entries} | lex.SCALES.keys()
_WORDS: Final = rf"(?i:{'|'.join(lex.WORDS_OF_SCALE)})"
_SCALE: Final = re.compile(rf"(?= *[\n\r\t|])[\s|]+{_WORDS}\b")
_SCALE_BEFORE: Final = re.compile(rf"(?<!\d)(?<!\d\s)\b{_WORDS} *[\n\r\t|][\s|]*\Z")
"""A number whose scale may stand beyond an empty line or in another cell is left out."""
YEN_SIGN: Final = "¥"
DOLLAR_SIGN: Final = "$"
_CAPITAL: Final = re.compile(r"[A-ZÀ-Þ][^\W\d_]+|中国|日本")
_YUAN_AND_YEN: Final = (
    ("CNY", re.compile(r"(?i)\b(?:yuan|rmb|renminbi|cny)\b|人民币|元")),
    ("JPY", re.compile(r"(?i)\b(?:yen|jpy)\b|日元|円")),
)


def paragraphs(text: str) -> list[tuple[int, str]]:
    r"""Give the non-empty lines of a text, each with its offset and without outer white space.

    The ledger's locator ``paragraph`` counts them from 1.

    >>> paragraphs("Summary\r\n\r\n  Exports rose.\n")
    [(0, 'Summary'), (13, 'Exports rose.')]
    """
    found = []
    for match in _LINE.finditer(text):
        line = match[0].lstrip(_OUTER)
        if line.strip():
            found.append((match.end() - len(line), line.rstrip(_OUTER)))
    return found


def passages(text: str) -> list[tuple[int, str]]:
    """Give the paragraphs as a reader sees them: a line end inside a sentence is a blank."""
    spans: list[tuple[int, int]] = []
    last = ""
    for start, line in paragraphs(text):
        gap = text[spans[-1][1] : start].replace("\r\n", "\n") if spans else ""
        joined = gap.strip(" \t\u00a0\u3000") in ("\n", "\r") and _continues(last, line)
        begin = spans.pop()[0] if joined else start
        spans.append((begin, start + len(line)))
        last = line
    return [(start, text[start:end]) for start, end in spans]


def _continues(last: str, line: str) -> bool:
    if _BULLET.match(line) or _CELLS.search(last) or _CELLS.search(line):
        return False
    word = re.split(r"\s", last.rstrip("\"'”’)"))[-1].lower()
    if last[-1] in ".!?…:;。！？；：":
        return last[-1] == "." and _is_short(word[:-1]) and not line[0].isupper()
    if not line[0].isupper() or word in _GOES_ON or last[-1] in ",$€£¥-":
        return True
    return word[-1:].isdigit() and sum(w.islower() for w in last.split()) >= 2


def _is_short(word: str) -> bool:
    """Whether a full stop behind a word in lower case ends no sentence."""
    is_short = len(word) == 1 or "." in word or word in W.abbreviation
    return is_short and re.fullmatch(r"\D*[^\W\d]", word) is not None  # but $269.1bn


def sentences(paragraph: str) -> list[tuple[int, str]]:
    """Give the sentences of a paragraph, each with its offset.

    A sentence ends at a full stop, question or exclamation mark (closing quotes after it
    included) where white space and then a capital, a digit or an opening quote follow; not after
    an initial or an abbreviation of the lexicon. The ledger's locator ``sentence`` counts from 1.

    >>> sentences("The U.S. bought 2.5% more. Mr. Li agreed.")
    [(0, 'The U.S. bought 2.5% more.'), (27, 'Mr. Li agreed.')]
    """
    found, start = [], 0
    for match in _STOP.finditer(paragraph):
        at = match.start()
        word = re.split(r"[\s\"'“‘(«\[—–-]", paragraph[max(start, at - _LONG) : at])[-1]
        if match[0].rstrip() != "." or not _is_short(word.lower()):
            found.append((start, paragraph[start : match.end()].rstrip()))
            start = match.end()
    if paragraph[start:].strip():
        found.append((start, paragraph[start:].rstrip()))
    return found


class Mention(NamedTuple):
    """A figure found in a text.

    ``start`` and ``end`` are the offsets, in characters, of the ``surface``, the words as printed;
    ``kind`` to ``printed_upper`` are those of `tradelib.Quantity`. What the sentence lent are the
    ``direction``, ``down`` or empty, and the ``unit_hint``: with them `parse` reads the surface
    alone with the same result.
    """

    start: int
    end: int
    surface: str
    kind: str
    value: float
    lower: float
    upper: float
    unit: str
    hedge: str
    printed_lower: float
    printed_upper: float
    direction: str = ""
    unit_hint: str = ""


_fields = attrgetter(*Mention._fields[3:-2])


def currency(unit: str, text: str, at: int = 0) -> str:
    """Give the code of a unit that stands at an offset of a text, empty where there is none.

    A shared name belongs to the country named most often, of equals to the one named last before
    it; to its default (``defaults.csv``) where none is. The signs: as the contract has it.
    """
    if unit not in SHARED:
        return unit
    best = _named_most(unit, text)
    return max(best, key=lambda code: best[code][bisect(best[code], at) - 1])


@lru_cache(maxsize=16)
def _named_most(unit: str, text: str) -> dict[str, list[int]]:
    """Give the codes of the countries named most often, with all places where they are."""
    default, codes = SHARED[unit]
    for code, words in _YUAN_AND_YEN if unit == YEN_SIGN else ():
        if words.search(text):
            return {code: [-1]}
    if unit == DOLLAR_SIGN and "US$" not in text:
        return {default: [-1]}
    places = _places(text)
    codes = codes or places.keys() - {default}
    named = {code: found for code, found in places.items() if code in codes}
    most = max(map(len, named.values()), default=0)
    best = {code: [-1, *found] for code, found in named.items() if len(found) == most}
    other = unit == DOLLAR_SIGN and not SHARED["dollar"][1].issuperset(best)
    unsure = unit in (DOLLAR_SIGN, YEN_SIGN) and len(best) > 1
    return {default: [-1]} if other or unsure or not best else best


@lru_cache(maxsize=4)
def _places(text: str) -> dict[str, list[int]]:
    """Give where a text names the countries of a currency and their cities, by code."""
    found: dict[str, list[int]] = {}
    end = 0
    for match in _CAPITAL.finditer(text):
        start = match.start()
        if start < end or match[0].lower() not in lex.PLACES.firsts:
            continue
        words = lex.cut(text[start : start + 60].lower())  # no name of a country is longer
        if place := lex.PLACES.after(words, 0):
            end = start + len(" ".join(words[: place[1]]))
            for code in place[0]:
                found.setdefault(code, []).append(start)
    return found


def scan(text: str) -> list[Mention]:
    """Find every figure of a text, in order, by the contract in ``docs/contract.md``.

    A single line end inside a sentence is a blank, so hard-wrapped text reads like any other.

    >>> [(m.surface, m.value) for m in scan("Exports fell 2.5% to over $3bn in May 2024.")]
    [('2.5%', -0.025), ('over $3bn', 3000000000.0)]
    """
    mentions: list[Mention] = []
    for begin, passage in passages(text):
        counted = ""
        for offset, sentence in sentences(passage):
            line, at = Line(sentence), begin + offset
            found = figures(line, counted=counted)
            for e, sign in zip(found, direct(line, found), strict=True):
                start, end = at + line.start[e.first], at + line.end(e.last - 1)
                unit = currency(e.unit, text, start) if e.kind == "money" else e.unit
                counted = unit if e.kind == "count" else counted
                apart = _SCALE.match(text, end) or _SCALE_BEFORE.search(text, start - 12, start)
                if apart or not unit:
                    continue
                hint = e.lent
                if unit != e.unit and (hint or (e.unit, unit) != (DOLLAR_SIGN, "USD")):
                    hint = f"{hint.removesuffix(e.unit)}{unit}"
                down = "down" if sign < 0 and not e.sign else ""
                words = start, end, text[start:end]
                fields = *words, *_fields(e.quantity(unit, sign)), down, hint
                mentions.append(Mention._make(fields))
    return mentions


def parse(surface: str, direction: str = "", unit_hint: str = "", *, context: str = "") -> Quantity:
    """Read one figure's words, as printed: number, scale, unit and hedge, and nothing else.

    What other words say is told apart: the ``direction`` of a signed kind, ``up``, ``down`` or
    empty; as ``unit_hint`` the unit, with its scale (``country`` for the `190` of *190 of them*,
    ``trillion yuan`` for the `7.55` of a list); as ``context`` the text around, for what several
    currencies share (``¥``, ``pesos``). A surface without a number or a unit, or with words that
    belong to none, is a ValueError.

    >>> parse("exceeded 7 trillion RMB").upper
    8000000000000.0
    >>> parse("20%", "down").value, parse("190", unit_hint="country").unit
    (-0.2, 'country')
    """
    if direction not in ("", "up", "down"):
        raise ValueError(f"direction {direction!r} is none of 'up', 'down' and ''")
    if not surface.strip() or len(surface) > 4000:
        raise ValueError(f"expected the words of one figure, found {surface[:60]!r}")
    line, hint = Line(surface.strip(), whole=True), unit_hint.strip()
    lent = _lent(hint) if hint else None
    e = _only(figures(line, lent), line, surface)
    unit = e.unit
    if e.kind == "money" and unit in SHARED:  # the hint says it, else the text around
        code = re.search(r"\b[A-Z]{3}$", hint)
        named = currency(unit, context or surface, len(context))
        unit = code[0] if code else named or "KRW"
    return e.quantity(unit, e.sign or (-1 if direction == "down" and e.kind in SIGNED_KINDS else 1))


def _only(found: list[Expr], line: Line, surface: str) -> Expr:
    if not found:
        raise ValueError(f"no number in {surface!r}")
    e = found[0]
    if e.first > 0 or e.last < line.size:
        at = 0 if e.first > 0 else line.start[e.last]
        where = f"{line.text[at : line.start[e.first] or None]!r} at character {at} of {surface!r}"
        raise ValueError(f"cannot read {where} as part of the figure")
    if e.kind is None:
        raise ValueError(f"no unit in {surface!r}: give it as unit_hint if the sentence has it")
    return e


def _lent(hint: str) -> Expr | None:
    """Read a unit that stands elsewhere, with its scale; a word of no table is a counted noun."""
    found, noun = figures(Line(f"1 {hint}", whole=True)), hint.rpartition(" ")[2]
    if found and (found[0].kind is None or noun == WEIGHT):
        found[0].kind, found[0].unit = "count", lex.singular(noun)
    return found[0] if found else None


def mentions_table(found: str | list[Mention]) -> pd.DataFrame:
    """Give mentions, or the mentions of a text, as a table: one row each.

    >>> mentions_table("Exports rose 5%.")[["surface", "value"]].to_dict("records")
    [{'surface': '5%', 'value': 0.05}]
    """
    mentions = scan(found) if isinstance(found, str) else found
    return pd.DataFrame(mentions, columns=list(Mention._fields))
