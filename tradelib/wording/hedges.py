"""The hedge before a figure: which words hedge, and where they say something else."""

from __future__ import annotations

from typing import Final

from tradelib.wording.expression import Expr
from tradelib.wording.lexicon import HEDGES, W
from tradelib.wording.tokens import Line

_COMPARING: Final = frozenset({"than", "above", "below"})


def hedge(line: Line, e: Expr, floor: int) -> None:
    """Take the hedge that stands before an expression; a range keeps its bounds."""
    low, at = line.low, e.first
    through = low[at - 1] in W.determining and at > floor
    found = HEDGES.before(low, at - through, floor)
    if found is None:
        return
    (name, guard), start = found
    if not line.whole:
        compared = guard or low[at - 2] in _COMPARING
        named = e.kind == "count" or (compared and low[at - 1] not in W.article)
        if through and named and not _marked(line, e.last):
            return  # more than the 2.7% that was expected, a row over the 25% tariffs
        if guard and _silent(line, e, guard, start):
            return
    if e.high is None:
        e.hedge = name
    e.first = start


def _marked(line: Line, k: int) -> bool:
    """Whether a word like `mark` follows, behind a denominator too: the $2,900/oz mark."""
    low, j = line.low, line.past_hyphen(k)
    if low[j] in ("/", "a", "an", "per"):
        j = line.past_hyphen(j + 1) + 1
        while j in line.hyphens:
            j = line.past_hyphen(j + 2)
    return low[line.past_hyphen(j)] in W.mark


def _silent(line: Line, e: Expr, guard: str, start: int) -> bool:
    """Whether the word at token start hedges nothing here (the guards of ``hedges.csv``)."""
    low, before = line.low, line.low[start - 1]
    few = e.kind == "count" and e.few
    match guard:
        case "topic":
            return before in W.topic and low[e.last] != "of"
        case "creep":
            return before in W.creep
        case "duration":
            spans = e.kind == "count" and low[e.last - 1] in W.span
            idle = before in W.topic or before in ("year", "month", "the", "all")
            return idle or (spans and (low[start] == "past" or before not in W.timed))
        case "amount":
            return few
    return low[e.last] in W.rule or (few and e.parts.size <= 12 and line.tok[e.number].isalpha())
