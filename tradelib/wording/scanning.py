"""The two doors of the room: `scan` for a text, `parse` for one expression."""

from __future__ import annotations

import re
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tradelib.quantity import SIGNED_KINDS, Quantity
from tradelib.wording.currencies import currencies, resolve
from tradelib.wording.direction import direct
from tradelib.wording.grammar import WEIGHT, Expr, alike, quantity, written
from tradelib.wording.lexicon import lexicon, singular
from tradelib.wording.sentence import figures
from tradelib.wording.tokens import Line, paragraphs, sentences

if TYPE_CHECKING:
    import pandas as pd

LONG_LINE: Final = 4000
"""Longer paragraphs are always read sentence by sentence; longer surfaces are none."""
MANY: Final = 4096
"""How many paragraphs, sentences and decisions are remembered."""
WRAPPED: Final = 50
"""A line at least this long may have been wrapped."""
_WRAP: Final = re.compile(r"\n(?:(?<=[^\s.!?:;|]\n)|(?<=[^\s.!?:;|] \n))(?=[a-z\d$€£¥])")
_LETTERS: Final = re.compile(r"[a-z]+")
_LEANS: Final = ("f them", "f these", "f those", "f which")


class Mention(NamedTuple):
    """A figure found in a text.

    Attributes
    ----------
    start, end
        Offsets of the surface in the text, in characters.
    surface
        The words as printed: number, scale, unit and hedge.
    kind, value, lower, upper, unit, hedge, printed_lower, printed_upper
        As in `tradelib.Quantity`.
    direction, unit_hint
        What the sentence lent: ``down`` or empty, and the unit that stands elsewhere. With them
        `parse` reads the surface alone with the same result.
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


def scan(text: str) -> list[Mention]:
    """Find every figure of a text, in order, by the contract in ``docs/contract.md``.

    Examples
    --------
    >>> [(m.surface, m.value) for m in scan("Exports fell 2.5% to over $3bn in May 2024.")]
    [('2.5%', -0.025), ('over $3bn', 3000000000.0)]
    """
    found: list[Mention] = []
    shared = currencies().shared
    for offset, line in paragraphs(_unwrapped(text)):
        for begin, behind, fields in _paragraph(line):
            start, end = offset + begin, offset + behind
            mention = Mention._make((start, end, text[start:end], *fields))
            if mention.unit in shared and mention.kind == "money":
                unit = resolve(mention.unit, text, start)
                hint = f"{mention.unit_hint.removesuffix(mention.unit)}{unit}"
                mention = mention._replace(unit=unit, unit_hint=hint)
            found.append(mention)
    return found


def _unwrapped(text: str) -> str:
    """Blank the line ends inside sentences of a text that was wrapped; offsets stay.

    A long line without a stop, followed by one that begins like the middle of a sentence.
    """

    def blank(match: re.Match[str]) -> str:
        return " " if match.start() - text.rfind("\n", 0, match.start()) > WRAPPED else "\n"

    return _WRAP.sub(blank, text.replace("\r\n", " \n"))


_fields = attrgetter(*Mention._fields[3:-2])


@lru_cache(maxsize=MANY)
def _paragraph(text: str) -> list[tuple[int, int, tuple[Any, ...]]]:
    """Read a paragraph sentence by sentence, since news repeats both; what repeats costs nothing.

    Only where a sentence leans on the one before (`190 of them`) they are read together.
    """
    leans = len(text) <= LONG_LINE and any(words in text for words in _LEANS)
    return [
        (start + begin, start + end, (*_fields(quantity), direction, hint))
        for start, sentence in ([(0, text)] if leans else sentences(text))
        for begin, end, quantity, direction, hint in _read(sentence)
    ]


@lru_cache(maxsize=MANY)
def _read(text: str) -> list[tuple[int, int, Quantity, str, str]]:
    """Give the figures of a piece of text, with their offsets in it and what was lent.

    News says the same of many numbers: what is decided for a sentence serves for the same words
    with other digits, unless its numbers were compared.
    """
    lex = lexicon()
    pieces = lex.number.split(text)
    plain = len(pieces) == 1 and not lex.foreign.search(text)
    if plain and lex.words.isdisjoint(_LETTERS.findall(text.lower())):
        return []
    pieces[1::2] = map(alike, pieces[1::2])
    shape = "".join(pieces)
    known = _DECIDED.get(shape)
    decided = _decide(text, shape) if known is None else known
    return [
        (start, end, e.quantity(e.unit, sign, number), down, e.lent)
        for start, end, at, to, e, sign, down in decided
        for number in [written(text[at:to]) if known else None]
    ]


_Decided = list[tuple[int, int, int, int, Expr, int, str]]
_DECIDED: Final[dict[str, _Decided]] = {}
"""By the words of a sentence and the form of its numbers: what each figure is, and where."""


def _decide(text: str, shape: str) -> _Decided:
    line = Line(text)
    found = figures(line)
    decided = [
        (
            line.start[e.first], line.end(e.last - 1), line.start[e.number], line.end(e.number),
            e, sign, "down" if sign < 0 and not e.sign else "",
        )
        for e, sign in zip(found, direct(line, found), strict=True)
    ]  # fmt: skip
    if len(_DECIDED) == MANY:
        _DECIDED.clear()
    if not line.weighed:
        _DECIDED[shape] = decided
    return decided


def forget() -> None:
    """Forget every text and number read so far, as a measurement of speed needs it."""
    _DECIDED.clear()
    for remembered in (_paragraph, _read, alike, written, quantity):
        remembered.cache_clear()


def parse(surface: str, direction: str = "", unit_hint: str = "", *, context: str = "") -> Quantity:
    """Read one figure's words.

    Parameters
    ----------
    surface
        The words as printed: number, scale, unit and hedge, and nothing else.
    direction
        ``up``, ``down`` or empty: what the sentence, not the surface, says of a percentage, of
        points or of a multiple. A sign in the surface goes before it.
    unit_hint
        The unit, with its scale, where it stands elsewhere in the sentence: ``country`` for the
        `190` of *190 of them*, ``trillion yuan`` for the `7.55` of a list.
    context
        The text around, for words that several currencies share (``¥``, ``pesos``).

    Raises
    ------
    ValueError
        If the surface holds no number, words that are not part of the expression, no unit, or
        if the direction is none of the three.

    Examples
    --------
    >>> parse("exceeded 7 trillion RMB").upper
    8000000000000.0
    >>> parse("20%", "down").value, parse("190", unit_hint="country").unit
    (-0.2, 'country')
    """
    if direction not in ("", "up", "down"):
        raise ValueError(f"direction {direction!r} is none of 'up', 'down' and ''")
    if not surface.strip() or len(surface) > LONG_LINE:
        raise ValueError(f"expected the words of one figure, found {surface[:60]!r}")
    hint = unit_hint.strip()
    line = Line(" ".join(surface.strip().splitlines()), whole=True)
    lent = _lent(hint) if hint else None
    found = figures(line, lent)
    if not found:
        raise ValueError(f"no number in {surface!r}")
    expr = found[0]
    if expr.first > 0 or expr.last < line.size:
        at = 0 if expr.first > 0 else line.start[expr.last]
        words = line.text[: line.start[expr.first]] if expr.first > 0 else line.text[at:]
        raise ValueError(
            f"cannot read {words!r} at character {at} of {surface!r} as part of the figure"
        )
    if expr.kind is None:
        raise ValueError(f"no unit in {surface!r}: give it as unit_hint if the sentence has it")
    unit = expr.unit
    if expr.kind == "money" and unit in currencies().shared:
        if lent and (lent.kind, lent.unit) == ("count", unit):
            expr.kind = "count"
        else:
            told = re.fullmatch(r"(?:.* )?([A-Z]{3})", hint)
            unit = told[1] if told else resolve(unit, context or surface, len(context))
    sign = expr.sign or (-1 if direction == "down" and expr.kind in SIGNED_KINDS else 1)
    return expr.quantity(unit, sign)


def _lent(hint: str) -> Expr | None:
    """Read a unit that stands elsewhere, with its scale; a word of no table is a counted noun."""
    found, noun = figures(Line(f"1 {hint}", whole=True)), hint.rpartition(" ")[2]
    if found and noun.isalpha() and (found[0].kind is None or noun == WEIGHT):
        found[0].kind, found[0].unit = "count", singular(noun)
    return found[0] if found else None


def mentions_table(found: str | list[Mention]) -> pd.DataFrame:
    """Give mentions, or the mentions of a text, as a table: one row each.

    Examples
    --------
    >>> mentions_table("Exports rose 5%.")[["surface", "value"]].to_dict("records")
    [{'surface': '5%', 'value': 0.05}]
    """
    import pandas as pd

    mentions = scan(found) if isinstance(found, str) else found
    return pd.DataFrame(list(mentions), columns=list(Mention._fields))
