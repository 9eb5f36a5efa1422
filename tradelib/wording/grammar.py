"""The grammar of one expression: a number with its sign, currency, scale and unit.

Everything looks a bounded number of tokens to either side of a number: reading takes linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple, cast

from tradelib.quantity import Hedge, Kind, Quantity
from tradelib.wording.currencies import WEAK, currencies
from tradelib.wording.lexicon import ARROWS, HYPHENS, MINUS, SIGNS, F, lexicon, plural, singular
from tradelib.wording.tokens import Line

LONGEST: Final = 40
"""Longest number in characters: a longer run of digits states nothing about the world."""
_OPENING: Final = frozenset("([“\"':=;,$€£¥")
_CLAUSE: Final = F.up | F.down | F.level | F.share | F.block
_NO_NOUN: Final = _CLAUSE | F.stop | F.unit | F.scale
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3}")
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_ONE: Final = Decimal(1)
_SCALES: Final = F.scale | F.hyphen
_UNITS: Final = F.unit | F.hyphen | F.of
_AFTER: Final = F.afterhedge | F.hyphen


class Number(NamedTuple):
    """A number as written; the place of its last decimal (else one), of its last non-zero digit."""

    size: Decimal
    place: Decimal
    tail: Decimal


@dataclass(slots=True)
class Expr:
    """One expression in a line: the tokens it takes, and the parts that make its quantity."""

    number: int  # the token of the number
    first: int
    last: int  # the one behind the expression
    parts: Number
    kind: Kind | None = None
    unit: str = "1"
    factor: Decimal = _ONE
    scale: Decimal = _ONE
    scaled: bool = False
    sign: int = 0
    hedge: str = "exact"
    lent: str = ""  # the unit that other words of the sentence lend
    high: Expr | None = None  # the upper end of a range
    behind: int = 0  # the token behind number and scale

    @property
    def size(self) -> Decimal:
        """The size written, in single units."""
        return self.parts.size * self.scale * self.factor

    @property
    def few(self) -> bool:
        """Whether it is a bare number or a count below 1,000, without a word of scale."""
        return self.kind in (None, "count") and not self.scaled and self.parts.size < 1000

    def lacks(self, b: Expr) -> bool:
        """Whether b's word of scale serves this number too: `2,100 and 2,300 trillion won`."""
        small = self.parts.size < 1000 or self.parts.size <= 10 * b.parts.size
        return b.scaled and not self.scaled and small

    def quantity(self, sign: int) -> Quantity:
        """Give the quantity, with the sign of its own or of the sentence."""
        kind, hedge = cast("Kind", self.kind), cast("Hedge", self.hedge)
        size, high = self.size, self.high.size if self.high else None
        if self.high and high and self.sign < 0 <= self.high.sign:  # -1% to 4%
            ends = -float(size), float(high)
            return Quantity(kind, float((high - size) / 2), *ends, self.unit, hedge, *ends)
        if high is not None:
            size, high = min(size, high), max(size, high)
        parts = self.parts
        step = parts.tail if kind in ("money", "count") and parts.place >= 1 else parts.place
        step, negative = step * self.scale * self.factor, sign < 0
        return Quantity.of(
            kind, size, step, hedge, self.unit, negative=negative, exact_count=self.few, high=high
        )


@lru_cache(maxsize=8192)
def written(token: str) -> Number | None:
    """Read digits with their separators, Indian thousands and decimal commas too, else None."""
    if len(token) > LONGEST:
        return None
    digits = re.sub(r"[ \u00a0\u2009\u202f'’]", "", token).translate({0xFF0E: ".", 0xFF0C: ","})
    whole, _, decimals = digits.partition(".")
    if _THOUSANDS.fullmatch(whole):
        whole = whole.replace(",", "")
    elif re.fullmatch(r"\d+,\d{1,2}", digits):
        whole, decimals = digits.split(",")
    if not (whole + decimals).isdecimal() or (len(whole) > 1 and whole[0] == "0"):
        return None
    return _number(f"{whole}.{decimals}", len(decimals))


def _number(digits: str | int, decimals: int = 0) -> Number:
    size = Decimal(digits)
    whole = str(int(size))
    tail = _ONE.scaleb(len(whole) - len(whole.rstrip("0")) if size >= 1 else 0)
    return Number(size, _ONE.scaleb(-decimals), tail)


def _spelled(line: Line, i: int, below: int = 1000) -> tuple[int, int] | None:
    """Read number words (`twenty-five`, `two hundred and fifty`), and the token behind them."""
    numbers, low = lexicon().numbers, line.low
    if low[i] not in numbers:
        return None
    total, j = numbers[low[i]], i + 1
    if total >= 20:
        unit = j + line.hyphen(j)
        if 0 < numbers.get(low[unit], 10) < 10:
            total, j = total + numbers[low[unit]], unit + 1
    if low[j] == "dozen":
        return total * 12, j + 1
    if low[j] == "hundred" and below > 100:
        rest = _spelled(line, j + 1 + (low[j + 1] == "and"), 100)
        return (total * 100 + rest[0], rest[1]) if rest else (total * 100, j + 1)
    return total, j


def _start(line: Line, i: int, whole: bool) -> tuple[Number, int, int] | None:
    """Read the bare number at token i: its parts, its first token, and the one behind it."""
    low, flags, word = line.low, line.flags, line.low[i]
    if flags[i] & F.digit:
        number = written(line.tok[i])
        return (number, i, i + 1) if number else None
    if word == "half":  # half a billion, half a percentage point, half a dozen
        if not (flags[i + 1] & F.article and flags[i + 2] & (F.scale | F.unit)):
            return None
        dozen = low[i + 2] == "dozen"
        return (_number(6), i, i + 3) if dozen else (_number("0.5", 1), i, i + 2)
    if flags[i] & F.number:
        spelled = _spelled(line, i)
        named = flags[i - 1] & F.rank or (line.tok[i][0].isupper() and line.hyphen(i - 1))
        share = low[i - 1] == "in" and flags[i - 2] & F.number  # one in five
        free = whole or not (named or share)
        return (_number(spelled[0]), i, spelled[1]) if spelled and free else None
    if not flags[i - 1] & F.article or low[i - 2] == "half" or line.hyphen(i + 1):
        return None
    if word in ("dozen", "hundred"):
        return _number(12 if word == "dozen" else 100), i - 1, i + 1
    return (_number(1), i - 1, i) if lexicon().scales[word][1] == "word" else None


def read(line: Line, i: int, floor: int = 0, whole: bool = False) -> Expr | None:
    """Read the expression whose number stands at token i; None where it is no figure.

    Tokens from ``floor`` on are free; in a ``whole`` line nothing around it can object to it.
    """
    tok, flags = line.tok, line.flags
    if flags[i] & F.multiple:
        return _multiple_word(line, i)
    start = _start(line, i, whole)
    if start is None:
        return None
    number, first, n = start
    prefix = currency_before(line, first, floor) if n == i + 1 else None
    if not (whole or _stands_free(line, i, n, prefix is not None)):
        return None
    expr = Expr(i, first, n, number)
    k = expr.behind = _scale(line, expr, n) if flags[n] & _SCALES else n
    k = _after_hedge(line, expr, k) if flags[k] & _AFTER else k
    end = _unit(line, expr, k, whole) if flags[k] & _UNITS else None
    large = expr.scaled or number.size >= 1000
    if end is None and prefix and (large or first - prefix[1] > 1 or tok[first - 1] not in WEAK):
        expr.kind, expr.unit, expr.first = "money", *prefix
        again = _currency_after(line, k)
        end = again[1] if again and again[0] == expr.unit else k
    end = end or _money_after(line, expr, k) or _counted(line, expr, k, whole)
    if end is None:
        if _letters_glued(line, k) and not whole:
            return None
        end = k
    if expr.hedge == "exact" and flags[end] & _AFTER:
        end = _after_hedge(line, expr, end)
    expr.last = end
    if (flags[expr.first - 1] | flags[i - 1] | flags[end]) & F.signed:
        _signs(line, expr, floor)
    return expr if whole or not _calendar(line, expr) else None


def _letters_glued(line: Line, k: int) -> bool:
    return line.glued(k - 1) and line.tok[k].isascii() and line.tok[k].isalpha()


def _multiple_word(line: Line, i: int) -> Expr | None:
    """Read `doubled`, `threefold`, `twice`: the verb and the noun, not the idioms."""
    word, follow, flags = line.low[i], line.low[i + 1], line.flags
    if follow == "down" or (word == "twice" and follow and not flags[i + 1] & F.twice):
        return None
    verb = flags[i + 1] & F.doubled or flags[i - 1] & F.helper or follow in ("", ",")
    if flags[i] & F.bare and not verb:
        return None
    size, step = lexicon().multiples[word]
    parts = Number(size, step, _ONE)
    return Expr(i, i, i + 1, parts, "multiple", sign=1 if size < 1 else 0, behind=i + 1)


def currency_before(line: Line, i: int, floor: int) -> tuple[str, int] | None:
    """Give the currency that stands before token i (or before its minus), and its first token."""
    known, tok = currencies().before, line.tok
    if tok[i - 1] in MINUS and line.glued(i - 1):
        i -= 1
    found = known.before(tok, i, floor)
    if found is None or len(tok[found[1]]) > 1 or not tok[found[1]].isalpha():
        return found
    if line.glued(found[1]):  # A$5bn, R5bn
        return found
    sign = known.get((tok[i - 1],))  # `a $5bn deal` in a heading; `P 5` is no currency
    return (sign, i - 1) if sign and found[1] < i - 1 else None


def _stands_free(line: Line, i: int, n: int, prefixed: bool) -> bool:
    """Whether the number is not a piece of a code, a time, a fraction or a numbered name."""
    tok, low, flags = line.tok, line.low, line.flags
    if tok[n] in ("/", ":") and line.glued(n - 1) and flags[n + 1] & F.digit:
        return False
    if prefixed or not line.glued(i - 1):
        return not (low[i - 1] == "." and low[i - 2] in ("no", "nos", "art", "sec", "vol"))
    before = tok[i - 1]
    if before == ":":
        return not flags[i - 2] & F.digit
    if before == "+" and line.glued(i - 2):
        return not tok[i - 2].isalnum()
    if before in "/.@_#&\\":
        return before == "/" and not line.glued(i - 2)
    if before in HYPHENS and line.glued(i - 2) and tok[i - 2][-1:].isalpha():
        names = low[i - 2] in currencies().names.firsts or tok[i - 2] in currencies().after.firsts
        return names or bool(flags[i - 2] & (F.scale | F.unit) or flags[n] & F.unit)
    return not (before.isalpha() and before.isascii())


def _scale(line: Line, expr: Expr, k: int) -> int:
    """Take the words of scale from token k on; give the token behind them."""
    for _ in range(2):
        j = k + line.hyphen(k)
        if not line.flags[j] & F.scale:
            break
        factor, style = lexicon().scales[line.low[j]]
        alone = not line.glued(j) or not line.tok[j + 1][:1].isalnum()
        if style == "letter" and not (alone and k == expr.number + 1 and line.glued(k - 1)):
            break
        expr.scale, expr.scaled, k = expr.scale * factor, True, j + 1
    return k


def _unit(line: Line, expr: Expr, k: int, whole: bool) -> int | None:
    """Take percent, points, times or cents from token k on."""
    low, flags, k = line.low, line.flags, k + line.hyphen(k)
    if low[k] == "of" and flags[k + 1] & F.article:  # 0.3 of a percentage point
        k += 2
    found = lexicon().units.after(low, k)
    if found is None:
        return None
    end = found[1]
    word = low[k] if end == k + 1 else ""
    alone = whole and (not low[end] or flags[end] & (F.afterhedge | F.signed))
    changed = flags[expr.first - 1] & (F.up | F.down) or flags[end] & F.compared
    if word == "times" and not alone and expr.parts.place >= 1 and not changed:
        return None
    if word in ("points", "point") and not alone and not _beside_rate(line, k):
        return None
    expr.kind, expr.unit, expr.factor = found[0]
    return end


def _beside_rate(line: Line, k: int) -> bool:
    """Whether bare points are percentage points: percentages or rates are near, no index."""
    near = line.flags[max(k - 60, 0) : k + 60]
    return any(flag & F.rate for flag in near) and not any(flag & F.index for flag in near)


def _currency_after(line: Line, k: int) -> tuple[str, int] | None:
    """Give the currency that stands at token k, and the token behind it."""
    j = k + line.hyphen(k)
    found = currencies().after.after(line.tok, j) or currencies().names.after(line.low, j)
    if found is None or line.hyphen(found[1]):
        return None
    sign = not line.tok[found[1] - 1].isalnum() and line.glued(found[1] - 1)
    return None if sign and line.flags[found[1]] & F.digit else found  # the next number's sign


def _money_after(line: Line, expr: Expr, k: int) -> int | None:
    """Take the currency that stands behind the number, unless it is a weight: pounds of beef."""
    found = _currency_after(line, k)
    if found is None:
        return None
    if line.low[found[1] - 1] in ("pounds", "pound") and line.low[found[1]] == "of":
        expr.lent = "pound"
        return None
    expr.kind, expr.unit = "money", found[0]
    return found[1]


def _counted(line: Line, expr: Expr, k: int, whole: bool) -> int | None:
    """Take the counted noun and its modifiers from token k on, up to the head noun."""
    measure = line.flags[k] & F.measure
    if (_letters_glued(line, k) and not measure) or not (expr.parts.size or whole):
        return None
    end = noun(line, k, expr.size == 1, whole)
    if end is not None:
        expr.kind, expr.unit = "count", singular(line.low[end - 1])
    return end


def noun(line: Line, k: int, one: bool = False, whole: bool = False) -> int | None:
    """Give the token behind the head of the phrase at token k: its first plural, or a measure."""
    low, flags, tok, j = line.low, line.flags, line.tok, k
    if line.hyphen(k):
        j = k + 1
        while flags[j] & F.metric:
            j += 1 + line.hyphen(j + 1)
        fit = low[j].isalpha() and len(low[j]) > 1 and not flags[j] & (F.nohead | F.number | F.stop)
        return j + 1 if fit and (tok[j].islower() or _titled(line)) else None
    if "\u2e80" <= low[k] < "\ua000":
        j = k + (low[k] == "个" and flags[k + 1] & F.measure != 0)
        return j + 1 if flags[j] & (F.measure | F.span) else None
    fallback = None
    while j < k + 8:
        word, flag = low[j], flags[j]
        if line.hyphen(j) or (flag & F.digit and line.hyphen(j + 1)):
            j += 1
            continue
        if word in ("us", "it") and tok[j].isupper():
            flag = 0
        going = (flag & F.passing and j == k) or line.hyphen(j - 1)  # other ships, plug-in cars
        if not word.isalpha() or (flag & F.stop and not going):
            break
        if flag & F.uncounted and len(word) <= 4 and not line.hyphen(j - 1):
            return j + 1
        if flag & (F.measure | F.nohead) == F.measure and fallback is None:
            fallback = j
        if plural(word):
            if flag & F.nohead:
                return None
            if not (flag & F.loose and low[j + 1].isalpha() and not flags[j + 1] & _NO_NOUN):
                return _head(line, j)
        elif flag & _CLAUSE and not (flag & F.fill or word.endswith(("ing", "ed"))):
            break
        j += 1
    if whole and j > k and fallback is None and (j == line.size or flags[j] & F.afterhedge):
        return j
    if fallback is None:
        return None
    fit = one or whole or flags[fallback] & F.uncounted or not low[fallback + 1]
    return _head(line, fallback) if fit else None


def _head(line: Line, j: int) -> int | None:
    """Give the token behind the head at j, unless its capital makes it part of a name."""
    word = line.tok[j]
    named = word[0].isupper() and not word[:-1].isupper()
    measure = lexicon().flags.get(singular(word), 0) & F.measure
    return j + 1 if not named or measure or _titled(line) else None


def _titled(line: Line) -> bool:
    """Whether the line is a heading with Capitals on Most Words."""
    words = [word for word in line.tok[:40] if len(word) > 3 and word.isalpha()]
    return sum(word[0].isupper() for word in words) >= 0.8 * len(words)


def _after_hedge(line: Line, expr: Expr, k: int) -> int:
    """Take `or more`, `-plus`, `+` from token k on; give the token behind."""
    j = k + line.hyphen(k)
    found = lexicon().afterhedges.after(line.low, j)
    apart = not line.glued(k - 1) and line.low[j] in ("plus", "+", "＋")
    if found is None or apart or line.flags[found[1]] & F.digit:
        return k
    expr.hedge = found[0]
    return found[1]


def _signs(line: Line, expr: Expr, floor: int) -> None:
    """Take the plus, minus or arrow that stands at either end."""
    tok = line.tok
    for at in {expr.number - 1, expr.first - 1}:
        sign = SIGNS.get(tok[at])
        if sign is None or at < floor or (tok[at] == "minus" and expr.kind == "count"):
            continue
        apart = not line.glued(at - 1) or tok[at - 1] in _OPENING
        if tok[at] == "minus" or (apart and line.glued(at)):
            expr.sign, expr.first = sign, min(expr.first, at)
    before, after = ARROWS.get(tok[expr.first - 1]), ARROWS.get(tok[expr.last])
    if before is not None and expr.first > floor:
        expr.sign, expr.first = before, expr.first - 1
    elif after is not None and not line.flags[expr.last + 1] & F.digit:
        expr.sign, expr.last = after, expr.last + 1


def _calendar(line: Line, expr: Expr) -> bool:
    """Whether the expression is a date, a year, a rank, a calendar period or part of a name."""
    low, tok, flags, number = line.low, line.tok, line.flags, expr.number
    if expr.scaled or expr.kind not in (None, "count"):
        return False
    before = expr.first - 1
    if low[before] == "." and line.glued(before - 1):
        before -= 1
    capital = tok[before][:1].isupper()
    if flags[before] & (F.name | F.rank) or (flags[before] & F.weakname and capital):
        return True
    spelled = tok[number][0].isupper() and tok[before].isalpha() and before == number - 1
    if tok[before - 1 : number] == ["Group", "of"] or (spelled and not _titled(line)):
        return True
    month = (flags[before] & F.month and capital) or (
        flags[number + 1] & F.month and tok[number + 1][0].isupper()
    )
    if month and expr.parts.size <= 31 and expr.parts.place >= 1 and flags[number] & F.digit:
        return True
    if _YEAR.fullmatch(tok[number]):
        known = lexicon().flags.get(singular(low[expr.last - 1]), 0) & F.measure
        counted = known or (expr.parts.size % 100 == 0 and expr.last == number + 2)
        dated = flags[before] & F.dated or not counted
        return not expr.kind or (dated and not flags[before] & F.plain)
    opened = flags[before] & F.opening and low[before - 1] not in ("its", "their")
    closed = flags[before] & F.closing and flags[expr.last] & F.ends
    fraction = low[expr.last - 1] == "quarters" and low[expr.last] == "of"
    return bool(flags[expr.last - 1] & F.span and expr.kind and (opened or closed or fraction))
