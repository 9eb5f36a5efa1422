"""The two doors of the room: `scan` for a text, `parse` for one expression."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from tradelib.quantity import Quantity
from tradelib.wording.currencies import currencies, resolve
from tradelib.wording.direction import SIGNED, direct
from tradelib.wording.grammar import Expr
from tradelib.wording.lexicon import lexicon, singular
from tradelib.wording.sentence import figures
from tradelib.wording.tokens import Line, paragraphs, sentences

if TYPE_CHECKING:
    import pandas as pd

LONG_LINE: Final = 4000
"""Longer paragraphs are always read sentence by sentence; longer surfaces are none."""
_LETTERS: Final = re.compile(r"[a-z]+")
_LEANS: Final = ("f them", "f these", "f those", "f which")


@dataclass(frozen=True, slots=True)
class Mention:
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
    for offset, line in paragraphs(text):
        for begin, stop, q, direction, hint in _paragraph(line):
            start, end, unit = offset + begin, offset + stop, q.unit
            if unit in shared and q.kind == "money":
                unit = resolve(unit, text, start)
                hint = f"{hint.removesuffix(q.unit)}{unit}"
            found.append(Mention(
                start, end, text[start:end], q.kind, q.value, q.lower, q.upper, unit, q.hedge,
                q.printed_lower, q.printed_upper, direction, hint,
            ))  # fmt: skip
    return found


_Read = tuple[tuple[int, int, Quantity, str, str], ...]


@lru_cache(maxsize=1024)
def _paragraph(text: str) -> _Read:
    """Read a paragraph sentence by sentence: news repeats both, and what repeats costs nothing."""
    if len(text) <= LONG_LINE and any(words in text for words in _LEANS):  # 190 of them
        return _read(text)
    return tuple(
        (start + begin, start + end, quantity, direction, hint)
        for start, sentence in sentences(text)
        for begin, end, quantity, direction, hint in _read(sentence)
    )


@lru_cache(maxsize=4096)
def _read(text: str) -> _Read:
    """Give the figures of a piece of text, with their offsets in it and what was lent."""
    lex = lexicon()
    if not lex.digits.search(text) and lex.words.isdisjoint(_LETTERS.findall(text.lower())):
        return ()
    line = Line(text)
    found = figures(line)
    read = []
    for expr, sign in zip(found, direct(line, found), strict=True):
        quantity, direction = expr.quantity(sign), "down" if sign < 0 and not expr.sign else ""
        span = line.start[expr.first], line.end(expr.last - 1)
        read.append((*span, quantity, direction, expr.lent))
    return tuple(read)


def parse(surface: str, direction: str = "", unit_hint: str = "", *, context: str = "") -> Quantity:
    """Read one figure's words.

    Parameters
    ----------
    surface
        The words as printed: number, scale, unit and hedge, and nothing else.
    direction
        ``up``, ``down`` or empty: what the sentence says of a percentage, of points or of a
        multiple. A sign in the surface goes before it.
    unit_hint
        The unit, with its scale, that stands elsewhere: ``country``, ``trillion yuan``.
    context
        The text around, for words that several currencies share (``¥``, ``pesos``).

    Raises
    ------
    ValueError
        If the surface holds no number, no unit or other words, or the direction is unknown.

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
    line, expr = _whole(surface.strip(), surface)
    scale = hint.split(" ")[0] if expr.kind == "money" and not expr.scaled else ""
    words = hint if expr.kind is None else scale if scale in lexicon().scales else ""
    if words:  # read again, with the unit where it belongs
        cut = line.end(expr.behind - 1)
        line, expr = _whole(f"{line.text[:cut]} {words}{line.text[cut:]}", surface)
    if expr.first > 0 or expr.last < line.size:
        at = 0 if expr.first > 0 else line.start[expr.last]
        odd = line.text[at : line.start[expr.first] if expr.first > 0 else None]
        raise ValueError(
            f"cannot read {odd!r} at character {at} of {surface!r} as part of the figure"
        )
    if expr.kind is None:
        raise ValueError(f"no unit in {surface!r}: give it as unit_hint if the sentence has it")
    if expr.kind == "money" and expr.unit in currencies().shared:
        if hint.islower() and hint == singular(line.low[expr.last - 1]):
            expr.kind, expr.unit = "count", hint
        else:
            told = re.fullmatch(r"(?:.* )?([A-Z]{3})", hint)
            expr.unit = told[1] if told else resolve(expr.unit, context or surface, len(context))
    down = direction == "down" and expr.kind in SIGNED
    return expr.quantity(expr.sign or (-1 if down else 1))


def _whole(text: str, surface: str) -> tuple[Line, Expr]:
    """Read a text that should be nothing but one expression."""
    line = Line(" ".join(text.splitlines()))
    found = figures(line, whole=True)
    if not found:
        raise ValueError(f"no number in {surface!r}")
    return line, found[0]


def mentions_table(found: str | list[Mention]) -> pd.DataFrame:
    """Give mentions, or the mentions of a text, as a table: one row each.

    Examples
    --------
    >>> mentions_table("Exports rose 5%.")[["surface", "value"]].to_dict("records")
    [{'surface': '5%', 'value': 0.05}]
    """
    import pandas as pd

    mentions = scan(found) if isinstance(found, str) else found
    columns = list(Mention.__dataclass_fields__)
    return pd.DataFrame([asdict(mention) for mention in mentions], columns=columns)
