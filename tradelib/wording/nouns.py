"""What a number counts, `27 Indian anti-dumping duties`, or that it is no figure: dates, names."""

from __future__ import annotations

import re
from typing import Final

from tradelib.wording import lexicon as lex
from tradelib.wording.lexicon import Line, W, plural, singular
from tradelib.wording.numerals import Expr

_NO_HYPHENED: Final = W.nohead | lex.NUMBERS.keys() | W.stop | W.passing
_RATES: Final = {phrase[0] for phrase, unit in lex.UNITS.entries.items() if unit[0] != "money"}
_ENDING: Final = _RATES | {*lex.SCALES, *lex.AFTERHEDGES.firsts, *lex.MULTIPLES} - {"t"}
YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_SEASON: Final = re.compile(rf"(?<![\d.$€£¥]){YEAR.pattern}[-‐‑–/]\d\d\Z")


def count(line: Line, e: Expr) -> None:
    """Take the counted noun behind a number, with its modifiers, up to the head noun."""
    glued = line.word_glued(e.last) and line.low[e.last] not in W.measures
    end = None if glued or not (e.digits or line.whole) else _noun(line, e.last, e)
    if end is None:
        return
    unit = singular(line.low[end - 1])
    names = line.low[end - 1], unit, line.tok[end - 1]
    if unit in lex.SCALES or any((name,) in lex.UNITS.entries for name in names):
        unit = e.lent  # it is a unit of another kind
    if unit:
        e.kind, e.unit, e.last = "count", unit, end


def _noun(line: Line, k: int, e: Expr) -> int | None:
    """Give the token behind the head noun of the phrase that starts at token k."""
    low = line.low
    if k in line.hyphens:  # 13-month, 100-square-metre
        j = k + 1
        while low[j] in W.metric:
            j = line.past_hyphen(j + 1)
        fit = low[j].isalpha() and len(low[j]) > 1 and low[j] not in _NO_HYPHENED
        common = line.tok[j].islower() or low[j] in W.measures  # 24,000-TEU
        return j + 1 if fit and (common or line.whole) else None
    if lex.CJK.match(low[k]):
        j = k + (low[k] == "个" and low[k + 1] in W.measures)
        return j + 1 if low[j] in W.measures else None
    return _english(line, k, e)


def _english(line: Line, k: int, e: Expr) -> int | None:
    """Read an English phrase: its head is the first plural, else a measure."""
    low = line.low
    phrase = _phrase(line, k)
    for j in phrase:
        word, follow = low[j], low[j + 1]
        ago = e.scaled and word in W.span  # 189 million yr ago
        exact = j == k and word in W.exact_measure and not ago
        if exact or (word in W.sign_of_measure and j - 1 not in line.hyphens):
            return j + 1
        goes_on = follow.isalpha() and follow not in W.beyond
        if plural(word) and word in W.nohead:
            return None
        if plural(word) and not (word in W.loose and goes_on):
            verb = _is_verb(line, k, j, e) and not line.whole
            return j + 1 if _heads(line, k, j) and not verb else None
    j = next((j for j in phrase if low[j] in W.measures), -1)
    fit = e.size == 1 or line.whole or low[j] in W.uncounted
    return j + 1 if j >= 0 and fit and _heads(line, k, j) else None


def _phrase(line: Line, k: int) -> list[int]:
    """Give the tokens of the words that may make one phrase with the number before token k."""
    low, tok = line.low, line.tok
    found: list[int] = []
    for j in range(k, k + 8):  # no phrase is longer
        word = low[j]
        if j in line.hyphens or _type(line, j):
            continue
        joined = j - 1 in line.hyphens or (word in W.passing and j == k)  # other ships, plug-in
        proper = word in ("us", "it") and tok[j].isupper()
        stopped = word in _ENDING or (word in W.stop and not (proper or joined))
        if stopped or not (word.isalpha() or word in W.sign_of_measure):
            break
        found.append(j)
    return found


def _type(line: Line, j: int) -> bool:
    """Whether token j belongs to the name of a type: `six P-75 submarines`, `14 A320 planes`."""
    if line.low[j][-1:].isdecimal():
        return j - 1 in line.hyphens or j + 1 in line.hyphens or line.tok[j - 1][:1].isupper()
    return line.tok[j].isupper() and line.low[line.past_hyphen(j + 1)][-1:].isdecimal()


def _is_verb(line: Line, k: int, j: int, e: Expr) -> bool:
    """Whether a word in -s is a verb: `7 Eleven runs 9 shops`, `the PMI at 51.2 signals growth`."""
    level = not e.whole and not e.scaled and singular(line.low[j]) not in W.measures
    names = [word for word in line.tok[k:j] if word[:1].isupper()]
    named = names or line.tok[e.first - 1][:1].isupper()
    numbered = line.low[j + 1][-1:].isdecimal() or line.low[j + 1] in lex.NUMBERS
    street = not W.street.isdisjoint(map(str.lower, names))
    return level or bool(named and numbered) or street or e.size == 1  # a 40-foot one costs


def _heads(line: Line, k: int, j: int) -> bool:
    """Whether the word at j may head a counted phrase: its capital makes it part of a name."""
    word = line.tok[j]
    named = word[0].isupper() and not word[:-1].isupper()
    measured = line.tok[k - 1][-1:].isdecimal() and singular(word) in W.measures
    return not named or measured or line.whole


def excluded(line: Line, e: Expr) -> bool:
    """Whether an expression is a date, a rank, a calendar period, an idiom or part of a name."""
    before = e.first - 1 - (line.low[e.first - 1] == ".")
    i, plain = e.number, not e.scaled and e.kind in (None, "count")
    year = bool(YEAR.fullmatch(line.tok[i]))
    day = plain and e.whole and e.digits <= 31 and line.low[i][-1:].isdecimal()
    month = any(line.low[k] in W.month and line.tok[k].istitle() for k in (before, i + 1))
    again = line.low[before] in W.dates and line.low[before - 1].isdecimal()
    again = again and not W.month.isdisjoint(line.low[before - 3 : before - 1])
    if (month and (year or day)) or (again and day):
        return True  # May 2024, Jan. 3, 3 January, Jan. 3-5
    if not plain:
        return e.kind == "money" and year and line.low[i - 1] == "in"  # in 2015 dollars
    if _name(line, e, before) or _year(line, e, before) or _no_duration(line, e, before):
        return True
    return bool(_SEASON.search(line.text, max(line.start[i] - 6, 0), line.end(i)))  # 2023-24


def _name(line: Line, e: Expr, before: int) -> bool:
    """`No. 5`, `Order 14257`, `S&P 500`, `the Group of 20`, `Big Four banks`."""
    low, tok, number = line.low, line.tok, e.number
    if low[before] in W.name or (low[before] in W.weakname and tok[before][:1].isupper()):
        return True
    spelled = tok[number][0].isupper() and tok[number - 1].isalpha()
    return spelled or tok[before - 1] == "&" or tok[before - 1 : number] == ["Group", "of"]


def _year(line: Line, e: Expr, before: int) -> bool:
    """`2024`, but `sold 2018 tractors` and `1,900 cars` count."""
    head, word = line.low[e.last - 1], line.low[before]
    if not YEAR.fullmatch(line.tok[e.number]):
        return False
    if not e.kind or head == "年":
        return True
    if word in W.plain or (_counts(line, before) and head not in W.dated_noun):
        return False
    hundreds = e.digits % 100 == 0  # 1600 shares rose
    return word in W.dated or not (hundreds or singular(head) in W.measures)


def _counts(line: Line, before: int) -> bool:
    """Whether the word before a number like a year takes an object: a verb, not an adjective."""
    word = line.low[before]
    if word == "and" and YEAR.fullmatch(line.tok[before - 2]):  # 2010 phones and 1999 watches
        return _counts(line, before - 3)
    verb = word.endswith("ed") and W.judged.isdisjoint(line.low[before - 1 : before + 1])
    return verb or word in W.counting_verb


def _no_duration(line: Line, e: Expr, before: int) -> bool:
    """`the first 11 months`, `the three months to May`, `three quarters of`, `may one day rise`."""
    low, last = line.low, e.last
    if low[last - 1] not in W.span:
        return False
    opened = low[before] in W.opening and low[before - 1] not in ("its", "their")
    closed = low[before] in W.closing and low[last] in W.ends
    ended = low[last] in W.period_end and low[last + 1] in W.month
    parts = low[last - 1 : last + 1] == ["quarters", "of"]
    some_day = low[e.number : last] == ["one", "day"] and low[last] not in W.day_counted
    return opened or closed or ended or parts or (some_day and low[before] not in W.idle_day)
