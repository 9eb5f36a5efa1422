"""Numbers that are no figures: dates, ranks, names, calendar periods, idioms (the contract)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tradelib.wording.expression import Expr
from tradelib.wording.lexicon import HYPHENS, W, singular
from tradelib.wording.nouns import MEASURE, titled
from tradelib.wording.tokens import Line

YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_NAMED: Final = W.name | W.rank
_JUDGED: Final = W.judged | W.determiner
_DATED_NOUN: Final = W.flow | W.dated_noun


def excluded(line: Line, e: Expr) -> bool:
    """Whether an expression is a date, a rank, a calendar period, an idiom or part of a name."""
    before = e.first - 1
    if line.low[before] == "." and line.glued(before - 1):
        before -= 1
    year = YEAR.fullmatch(line.tok[e.number])
    if year and line.low[before] in W.month:
        return True
    if e.kind == "money" and not e.scaled:  # in 2015 dollars
        return bool(year) and line.low[e.number - 1] == "in"
    plain = not e.scaled and e.kind in (None, "count")
    return plain and any(rule(line, e, before) for rule in _RULES)


def _season(line: Line, e: Expr, before: int) -> bool:
    """`2023-24`: the second half of a season or of a fiscal year."""
    i, tok = e.number, line.tok
    joined = tok[i - 1] in HYPHENS or tok[i - 1] == "/"
    second = joined and len(tok[i]) == 2 and line.glued(i - 2) and line.glued(i - 1)
    return second and bool(YEAR.fullmatch(tok[i - 2])) and tok[i - 3] not in ("$", "€", "£", "¥")


def _name(line: Line, e: Expr, before: int) -> bool:
    """`No. 5`, `Order 14257`, `S&P 500`, `the Group of 20`, `Big Four banks`."""
    low, tok, number = line.low, line.tok, e.number
    if low[before] in _NAMED or (low[before] in W.weakname and tok[before][:1].isupper()):
        return True
    spelled = tok[number][0].isupper() and tok[number - 1].isalpha() and not titled(line)
    ampersand = tok[before - 1] == "&" and line.glued(before - 1)
    return spelled or ampersand or tok[before - 1 : number] == ["Group", "of"]


def _day_of_month(line: Line, e: Expr, before: int) -> bool:
    """`Jan. 3`, `3 January`."""
    low, tok, i = line.low, line.tok, e.number
    day = e.parts.size <= 31 and e.parts.place == 1 and low[i][-1:].isdecimal()
    return day and any(low[k] in W.month and tok[k][0].isupper() for k in (i + 1, before))


def _year(line: Line, e: Expr, before: int) -> bool:
    """`2024`, but `sold 2018 tractors` and `1,900 cars` count."""
    head, word = line.low[e.last - 1], line.low[before]
    if not YEAR.fullmatch(line.tok[e.number]):
        return False
    if not e.kind or head == "年":
        return True
    if word in W.plain or (_counts(line, before) and head not in _DATED_NOUN):
        return False
    hundreds = e.parts.size % 100 == 0 and e.last == e.number + 2
    return word in W.dated or not (hundreds or singular(head) in MEASURE)


def _counts(line: Line, before: int) -> bool:
    """Whether the word before a number like a year takes an object: a verb, not an adjective."""
    word = line.low[before]
    if word == "and" and YEAR.fullmatch(line.tok[before - 2]):  # 2010 phones and 1999 watches
        return _counts(line, before - 3)
    verb = word.endswith("ed") and _JUDGED.isdisjoint(line.low[before - 1 : before + 1])
    return verb or word in W.counting_verb


def _calendar_period(line: Line, e: Expr, before: int) -> bool:
    """`the first 11 months`, `the three months to May`, `three quarters of`."""
    low, last = line.low, e.last
    if low[last - 1] not in W.span:
        return False
    opened = low[before] in W.opening and low[before - 1] not in ("its", "their")
    closed = low[before] in W.closing and low[last] in W.ends
    ended = low[last] in W.period_end and low[last + 1] in W.month
    return opened or closed or ended or low[last - 1 : last + 1] == ["quarters", "of"]


def _some_day(line: Line, e: Expr, before: int) -> bool:
    """`India may one day overtake it`: no day is counted."""
    low, last = line.low, e.last
    idle = low[e.number] == "one" and low[last - 1] == "day" and last - 2 not in line.hyphens
    return idle and low[before] not in W.idle_day and low[last] not in W.day_counted


_RULES: Final[tuple[Callable[[Line, Expr, int], bool], ...]] = (
    _season,
    _name,
    _day_of_month,
    _year,
    _calendar_period,
    _some_day,
)
