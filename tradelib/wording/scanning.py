"""The two doors of the room: `scan` for a text, `parse` for one expression."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tradelib.quantity import Quantity
from tradelib.wording.currencies import YEN_SIGN, currencies, resolve
from tradelib.wording.direction import direct
from tradelib.wording.grammar import F, Expr, Line, read
from tradelib.wording.lexicon import lexicon
from tradelib.wording.sentence import figures, hedge, join_whole
from tradelib.wording.tokens import paragraphs

if TYPE_CHECKING:
    import pandas as pd


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
    for offset, line in paragraphs(text):
        for start, end, quantity, direction, hint in _line(line):
            q = quantity
            unit = q.unit
            if q.kind == "money" and (unit == YEN_SIGN or unit in currencies().shared):
                unit = resolve(unit, text, offset + start)
            found.append(
                Mention(
                    offset + start, offset + end, line[start:end], q.kind, q.value, q.lower,
                    q.upper, unit, q.hedge, q.printed_lower, q.printed_upper, direction, hint,
                )  # fmt: skip
            )
    return found


_Found = tuple[int, int, Quantity, str, str]


@lru_cache(maxsize=2048)
def _line(text: str) -> tuple[_Found, ...]:
    """Give offsets and quantities of one line's figures; what repeats is read once."""
    line = Line(text)
    found = figures(line)
    signs = direct(line, found)
    return tuple(
        (
            line.start[expr.first], line.end(expr.last - 1), expr.quantity(expr.unit, sign),
            "down" if sign < 0 and not expr.sign else "", expr.lent,
        )
        for expr, sign in zip(found, signs, strict=True)
    )  # fmt: skip


def parse(
    surface: str, direction: str = "", unit_hint: str = "", *, context: str = ""
) -> Quantity:
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
    if not surface.strip() or len(surface) > 1000:
        raise ValueError(f"expected the words of one figure, found {surface[:60]!r}")
    line = Line(" ".join(surface.splitlines()))
    expr = _whole(line, surface)
    hint = _worded(unit_hint)
    if expr.kind == "money" and not expr.scaled:
        hint = hint.split(" ")[0] if hint.split(" ")[0] in lexicon().scales else ""
    if hint and (expr.kind is None or expr.kind == "money" and not expr.scaled):
        cut = line.end(expr.behind - 1)
        line = Line(f"{line.text[:cut]} {hint} {line.text[cut:]}".strip())
        expr = _whole(line, surface)
    if expr.kind is None:
        raise ValueError(f"no unit in {surface!r}: give it as unit_hint if the sentence has it")
    sign = expr.sign or (-1 if direction == "down" else 1)
    unit = resolve(expr.unit, context or surface, len(context)) if expr.kind == "money" else expr.unit
    if expr.sign == 0 and expr.kind in ("money", "count"):
        sign = 1
    return expr.quantity(unit, sign)


def _worded(hint: str) -> str:
    """Spell out a scale that the hint gives in digits: `1000000000000 CNY`."""
    power, blank, unit = hint.partition(" ")
    names = {12: "trillion", 9: "billion", 6: "million", 3: "thousand", 5: "lakh", 7: "crore"}
    names |= {4: "万", 8: "亿"}
    if blank and power.strip("0") == "1":
        return f"{names[len(power) - 1]} {unit}"
    return hint


def _whole(line: Line, surface: str) -> Expr:
    """Read a line that is nothing but one expression."""
    starts = F["number"] | F["multiple"] | F["scale"]
    found: list[Expr] = []
    floor = 0
    for i, token in enumerate(line.tok[: line.size]):
        if i < floor or not (
            token[:1].isdigit() or line.flags[i] & starts or token in ("half", "Half")
        ):
            continue
        expr = read(line, i, floor, whole=True)
        if expr is not None:
            found.append(expr)
            floor = expr.last
    if not found:
        raise ValueError(f"no number in {surface!r}")
    if len(found) == 2:
        join_whole(line, found)
    first = found[0]
    if len(found) == 1 and not first.high and not first.hedge:
        hedge(line, first, 0, whole=True)
    if first.first > 0 or first.last < line.size:
        at = 0 if first.first > 0 else line.start[first.last]
        words = line.text[: line.end(first.first - 1)] if first.first > 0 else line.text[at:]
        raise ValueError(
            f"cannot read {words!r} at character {at} of {surface!r} as part of the figure"
        )
    return first


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
