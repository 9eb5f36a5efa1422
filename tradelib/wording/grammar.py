"""The grammar of one expression: a number with its sign, currency, scale and unit.

Everything starts at a number and looks a bounded number of tokens to either side, so reading a
line takes time linear in its length whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from tradelib.quantity import Hedge, Kind, Quantity
from tradelib.wording.currencies import WEAK, currencies
from tradelib.wording.lexicon import ARROWS, HYPHENS, MINUS, SIGNS, F, lexicon, plural, singular
from tradelib.wording.tokens import Line

LONGEST: Final = 40
"""Longest number in characters: a longer run of digits states nothing about the world."""
_OPENING: Final = frozenset("([“\"':=;,$€£¥")
_CLAUSE: Final = F.up | F.down | F.level | F.share | F.block
_NO_NOUN: Final = _CLAUSE | F.stop | F.unit | F.scale
_THOUSANDS: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.\d*)?")
_YEAR: Final = re.compile(r"(?:1[5-9]|20)\d\d")
_ONE: Final = Decimal(1)
WEIGHT: Final = "pound"
"""A measure that shares its name with a currency: money, unless `of` follows."""


class Number(NamedTuple):
    """A number, the place of its last decimal (else one), of its last non-zero digit before it."""

    size: Decimal
    place: Decimal
    tail: Decimal


@dataclass(slots=True)
class Expr:
    """One expression in a line: the tokens it takes, and the parts that make its quantity.

    ``number`` is the token of the number, ``lent`` the unit that other words of the sentence
    lend, ``high`` the upper end of a range.
    """

    number: int
    first: int
    last: int
    parts: Number
    kind: Kind | None = None
    unit: str = "1"
    factor: Decimal = _ONE
    scale: Decimal = _ONE
    scaled: bool = False
    sign: int = 0
    hedge: Hedge = "exact"
    lent: str = ""
    high: Expr | None = None

    @property
    def size(self) -> Decimal:
        """The size written, in single units."""
        return self.parts.size * self.scale * self.factor

    def lacks(self, line: Line, b: Expr) -> bool:
        """Whether b's word of scale serves this number too: `2,100 and 2,300 trillion won`."""
        if self.scaled or not b.scaled or self.parts.size < 1000:
            return b.scaled and not self.scaled
        line.weighed = True
        return self.parts.size <= 10 * b.parts.size

    def quantity(self, unit: str, sign: int, other: Number | None = None) -> Quantity:
        """Give what the words say, in a settled unit, with the sentence's sign, of any number."""
        assert self.kind, "a number without a unit is no quantity"
        kind, parts, power = self.kind, other or self.parts, self.scale * self.factor
        step = parts.tail if kind in ("money", "count") and parts.place >= _ONE else parts.place
        exact = kind == "count" and not self.scaled and parts.size < 1000
        size, high = parts.size * power, None
        if self.high:
            high = self.high.size
            if self.sign < 0 <= self.high.sign and size:  # -1% to 4%
                ends = -float(size), float(high)
                return Quantity(kind, sum(ends) / 2, *ends, unit, "between", *ends)
            size, high = min(size, high), max(size, high)
        return quantity(
            kind, size, step * power, self.hedge, unit,
            negative=sign < 0, exact_count=exact, high=high,
        )  # fmt: skip


quantity = lru_cache(maxsize=8192)(Quantity.of)  # 5% and its like come up again and again


@lru_cache(maxsize=8192)
def written(token: str) -> Number | None:
    """Read digits with their separators; None where they are no plain number.

    Thousands may be parted by commas (by twos above the first thousand, as in India), blanks or
    apostrophes; a comma before one or two last digits is a decimal comma.

    >>> written("1,23,456.70"), written("1.2.3")
    (Number(size=Decimal('123456.70'), place=Decimal('0.01'), tail=Decimal('1')), None)
    """
    if len(token) > LONGEST:
        return None
    digits = token.translate(_SEPARATORS)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", digits):
        digits = digits.replace(".", "")
    elif _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    whole, _, decimals = digits.partition(".")
    if not (whole + decimals).isdecimal() or (len(whole) > 1 and whole[0] == "0"):
        return None
    return _number(Decimal(digits), len(decimals))


@lru_cache(maxsize=8192)
def alike(token: str) -> str:
    """Give a number as long as this one, that only a comparison with other numbers tells from it.

    What the rules ask of a number alone stays: whether it is nothing, one, at most 31, at least
    1,000, a year, and how its digits are grouped. So what is decided for one serves many.

    >>> [alike(number) for number in ("6.41", "1,280", "14", "2024", "100", "0.5")]
    ['7.77', '7,770', '17', '2024', '100', '0.7']
    """
    telling = token.strip("0.,") == "1" or token[:2] in ("19", "20") or _YEAR.fullmatch(token)
    if telling or not _PLAIN.fullmatch(token):
        return token
    if len(token) < 3 and token.isdigit() and int(token) <= 31 and token[0] != "0":
        return "17"[-len(token) :]
    return token.translate(_SEVENS)


_SEPARATORS: Final = str.maketrans("．，", ".,", " \u00a0\u2009\u202f'’")
_PLAIN: Final = re.compile("[0-9][0-9., \u00a0\u2009\u202f'’]*")
_SEVENS: Final = str.maketrans("12345689", "7" * 8)


def _number(size: Decimal, decimals: int = 0) -> Number:
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
        unit = j + 1 if line.hyphen(j) else j
        if 0 < numbers.get(low[unit], 10) < 10:
            total, j = total + numbers[low[unit]], unit + 1
    if low[j] == "dozen":
        return total * 12, j + 1
    if low[j] == "hundred" and below > 100:
        rest = _spelled(line, j + 2 if low[j + 1] == "and" else j + 1, 100)
        return (total * 100 + rest[0], rest[1]) if rest else (total * 100, j + 1)
    return total, j


def _start(line: Line, i: int) -> tuple[Number, int, int] | None:
    """Read the bare number at token i: its parts, its first token, and the one behind it."""
    low, flags, word = line.low, line.flags, line.low[i]
    if flags[i] & F.digit:
        number = written(line.tok[i])
        return (number, i, i + 1) if number else None
    if flags[i] & F.number and word != "half":
        spelled = _spelled(line, i)
        named = flags[i - 1] & F.rank or (line.tok[i][0].isupper() and line.hyphen(i - 1))
        share = low[i - 1] == "in" and flags[i - 2] & F.number
        if spelled is None or ((named or share) and not line.whole):
            return None
        return _number(Decimal(spelled[0])), i, spelled[1]
    if word == "half":  # half a billion, half a percentage point, half a dozen
        if not (flags[i + 1] & F.article and flags[i + 2] & (F.scale | F.unit)):
            return None
        dozen = low[i + 2] == "dozen"
        return (_number(Decimal(6)), i, i + 3) if dozen else (_number(Decimal("0.5"), 1), i, i + 2)
    if not flags[i - 1] & F.article or low[i - 2] == "half" or line.hyphen(i + 1):
        return None
    if word in ("dozen", "hundred"):
        return _number(Decimal(12 if word == "dozen" else 100)), i - 1, i + 1
    return (_number(_ONE), i - 1, i) if lexicon().scales[word][1] == "word" else None


def read(line: Line, i: int, floor: int = 0) -> Expr | None:
    """Read the expression whose number stands at token i; None where it is no figure.

    ``floor`` is the first token that no earlier expression has taken.
    """
    tok, flags, whole = line.tok, line.flags, line.whole
    if flags[i] & F.multiple:
        return _multiple_word(line, i)
    start = _start(line, i)
    if start is None:
        return None
    number, first, n = start
    prefix = currency_before(line, first, floor) if n == i + 1 else None
    if not (whole or _stands_free(line, i, n, prefix is not None)):
        return None
    expr = Expr(i, first, n, number)
    k = _after_hedge(line, expr, _scale(line, expr, n))
    end = _unit(line, expr, k)
    if end is None and prefix and (
        expr.scaled or number.size >= 1000 or " ".join(tok[prefix[1] : first]) not in WEAK
    ):  # fmt: skip
        expr.kind, expr.unit, expr.first = "money", *prefix
        again = _currency_after(line, k)
        repeated = again is not None and again[0] == expr.unit and not line.hyphen(again[1])
        end = again[1] if again and repeated else k
    end = end or _money_after(line, expr, k) or _counted(line, expr, k)
    if end is None and line.word_glued(k) and not whole:
        return None
    expr.last = _after_hedge(line, expr, end or k)
    if (flags[expr.first - 1] | flags[i - 1] | flags[expr.last]) & F.signed:
        _signs(line, expr, floor)
    return expr if whole or not _calendar(line, expr) else None


def _multiple_word(line: Line, i: int) -> Expr | None:
    """Read `doubled`, `threefold`, `twice`: the verb and the noun, not the idioms."""
    low, follow = line.low, line.flags[i + 1]
    size, step = lexicon().multiples[low[i]]
    if line.hyphen(i + 1) or line.hyphen(i - 1) or low[i + 1] == "down":
        return None
    idle = line.flags[i] & F.bare and not (follow & F.doubled or line.flags[i - 1] & F.helper)
    if low[i + 1] and (idle or (low[i] == "twice" and not follow & F.twice)):
        return None
    return Expr(i, i, i + 1, Number(size, step, _ONE), "multiple", sign=1 if size < 1 else 0)


def currency_before(line: Line, i: int, floor: int) -> tuple[str, int] | None:
    """Give the currency that stands before token i (or before its minus), and its first token."""
    known, tok = currencies(), line.tok
    if tok[i - 1] in MINUS and line.glued(i - 1):
        i -= 1
    found = known.before.before(tok, i, floor)
    if found is None or len(tok[found[1]]) > 1 or not tok[found[1]].isalpha():
        return found
    if line.glued(found[1]):  # A$5bn, R5bn
        return found
    sign = known.before.get((tok[i - 1],))  # `a $5bn deal` in a heading; `P 5` is no currency
    return (sign, i - 1) if sign and found[1] < i - 1 else None


def _stands_free(line: Line, i: int, n: int, prefixed: bool) -> bool:
    """Whether the number is not a piece of a code, a time, a fraction or a numbered name."""
    tok, low = line.tok, line.low
    if tok[n] in ("/", ":") and line.glued(n - 1) and line.flags[n + 1] & F.digit:
        return False
    if prefixed or not line.glued(i - 1):
        return not (low[i - 1] == "." and low[i - 2] in ("no", "nos", "art", "sec", "vol"))
    before = tok[i - 1]
    if before == ":":
        return not line.flags[i - 2] & F.digit
    if before == "+" and line.glued(i - 2):
        return not tok[i - 2].isalnum()
    if before in "/.@_#&\\":
        return before == "/" and not line.glued(i - 2)
    if before in HYPHENS and line.glued(i - 2) and tok[i - 2][-1:].isalpha():
        known = line.flags[i - 2] & (F.scale | F.unit) or low[i - 2] in currencies().names.firsts
        return bool(known or tok[i - 2] in currencies().after.firsts or line.flags[n] & F.unit)
    return not (before.isalpha() and before.isascii())


def _scale(line: Line, expr: Expr, k: int) -> int:
    """Take the words of scale from token k on; give the token behind them."""
    for _ in range(2):
        j = k + 1 if line.hyphen(k) else k
        if not line.flags[j] & F.scale:
            break
        factor, style = lexicon().scales[line.low[j]]
        if style == "letter":
            alone = not line.glued(j) or not line.tok[j + 1][:1].isalnum()
            if not (j == k == expr.number + 1 and line.glued(k - 1) and alone):
                break
        if style == "group":
            size, place, tail = expr.parts
            line.weighed = True
            expr.parts = Number(size * factor, place * factor, tail * factor)
        else:
            expr.scale, expr.scaled = expr.scale * factor, True
        k = j + 1
    return k


def _unit(line: Line, expr: Expr, k: int) -> int | None:
    """Take percent, points or times from token k on."""
    low, k = line.low, k + 1 if line.hyphen(k) else k
    if low[k] == "of" and line.flags[k + 1] & F.article:  # 0.3 of a percentage point
        k += 2
    found = lexicon().units.after(low, k)
    if found is None:
        return None
    (kind, factor), end = found
    word = low[k] if end == k + 1 else ""
    alone = line.whole and (not low[end] or line.flags[end] & (F.afterhedge | F.signed))
    if word == "times" and not alone:
        compared = line.flags[end] & F.compared or expr.parts.place < 1
        if not compared and not line.flags[expr.first - 1] & (F.up | F.down):
            return None
    if word in ("points", "point") and not line.whole:
        near = line.flags[max(k - 60, 0) : k + 60]
        if not any(flag & F.rate for flag in near) or any(flag & F.index for flag in near):
            return None  # of an index
    if len(word) <= 3 and word.isalpha() and line.glued(k) and line.tok[end][:1].isalnum():
        return None
    expr.kind, expr.factor = kind, factor
    return end


def _currency_after(line: Line, k: int) -> tuple[str, int] | None:
    """Give the currency that stands at token k, and the token behind it."""
    j = k + 1 if line.hyphen(k) else k
    found = currencies().after.after(line.tok, j) or currencies().names.after(line.low, j)
    if found is not None and not line.tok[found[1] - 1].isalnum() and line.glued(found[1] - 1):
        return None if line.flags[found[1]] & F.digit else found  # the next number's sign
    return found


def _money_after(line: Line, expr: Expr, k: int) -> int | None:
    """Take the currency that stands behind the number, unless it is a weight: pounds of beef."""
    sub = lexicon().subunits.after(line.low, k + 1 if line.hyphen(k) else k)
    if sub is not None:
        expr.kind, (expr.unit, expr.factor) = "money", sub[0]
        return sub[1]
    found = _currency_after(line, k)
    if found is None or line.hyphen(found[1]):
        return None
    if line.low[found[1] - 1] in ("pounds", WEIGHT) and line.low[found[1]] == "of":
        expr.lent = WEIGHT
        return None
    expr.kind, expr.unit = "money", found[0]
    return found[1]


def _counted(line: Line, expr: Expr, k: int) -> int | None:
    """Take the counted noun and its modifiers from token k on, up to the head noun.

    A currency with modifiers that no name has is money: `3 billion convertible marks`.
    """
    fit = line.flags[k] & F.measure or not line.word_glued(k)
    if not fit or not (expr.parts.size or line.whole):
        return None
    end = noun(line, k, expr.size == 1)
    if end is None:
        return None
    unit = counts(line, end) or expr.lent
    money = currencies().names.get((line.low[end - 1],))
    if not (unit or money):
        return None
    expr.kind, expr.unit = ("count", unit) if unit else ("money", money or "")
    return end


def counts(line: Line, end: int) -> str:
    """Give the unit of a counted phrase: its last word, unless that is a unit of another kind."""
    word = line.low[end - 1]
    return "" if {word, singular(word)} & _other_units() else singular(word)


@lru_cache(maxsize=1)
def _other_units() -> frozenset[str]:
    tables = lexicon().units, lexicon().subunits, currencies().names
    return frozenset(phrase[0] for table in tables for phrase in table if len(phrase) == 1)


def noun(line: Line, k: int, one: bool = False) -> int | None:
    """Give the token behind the head noun of the phrase that starts at token k.

    The head is the first plural (the second of two that stand side by side), or a measure;
    behind a hyphen, after `one` and in Chinese it is what follows.
    """
    low, flags, tok = line.low, line.flags, line.tok
    if line.hyphen(k):
        j = k + 1
        while flags[j] & F.metric:
            j += 2 if line.hyphen(j + 1) else 1
        fit = low[j].isalpha() and len(low[j]) > 1 and not flags[j] & (F.nohead | F.number | F.stop)
        return j + 1 if fit and (tok[j].islower() or _titled(line)) else None
    if "\u2e80" <= low[k] < "\ua000":
        j = k + 1 if low[k] == "个" and flags[k + 1] & F.measure else k
        return j + 1 if flags[j] & (F.measure | F.span) else None
    fallback = None
    j = k
    while j < k + 8:
        word, flag = low[j], flags[j]
        if line.hyphen(j) or (flag & F.digit and line.hyphen(j + 1)):
            j += 1
            continue
        if word in ("us", "it") and tok[j].isupper():
            flag = 0
        elif not word.isalpha() or (
            flag & F.stop and not (flag & F.passing and j == k) and not line.hyphen(j - 1)
        ):  # `other ships`, `plug-in hybrids` go on
            break
        if flag & (F.afterhedge | F.scale | F.multiple | F.unit) and word != "t":
            break
        if flag & F.uncounted and len(word) <= 4 and not line.hyphen(j - 1):
            return j + 1
        if flag & (F.measure | F.nohead) == F.measure and fallback is None:
            fallback = j
        if plural(word):
            follows = low[j + 1].isalpha() and not flags[j + 1] & _NO_NOUN
            if flag & F.nohead:
                return None
            if not flag & F.loose or not follows:
                head = _head(line, k, j)
                if head and follows and plural(low[j + 1]) and not flag & (F.span | F.measure):
                    head = _head(line, k, j + 1)
                return head
        elif flag & _CLAUSE and not (flag & F.fill or word.endswith(("ing", "ed"))):
            break
        j += 1
    ended = j == line.size or flags[j] & F.afterhedge
    if line.whole and j > k and fallback is None and ended and low[j - 1].isalpha():
        return j
    if fallback is None:
        return None
    fit = one or line.whole or flags[fallback] & F.uncounted or not low[fallback + 1]
    return _head(line, k, fallback) if fit else None


def _head(line: Line, k: int, j: int) -> int | None:
    """Give the token behind the head at j, unless its capital makes it part of a name."""
    word = line.tok[j]
    named = word[0].isupper() and not word[:-1].isupper()
    counted = line.flags[k - 1] & F.digit and _measures(word)
    fit = not named or counted or _titled(line)
    return j + 1 if fit and singular(word) not in lexicon().scales else None


def _measures(word: str) -> bool:
    """Whether a word or its singular is a measure."""
    return bool(lexicon().flags.get(singular(word), 0) & F.measure)


def _titled(line: Line) -> bool:
    """Whether the line is a heading with Capitals on Most Words, or may be a piece of one."""
    words = [word for word in line.tok[: min(line.size, 40)] if len(word) > 3 and word.isalpha()]
    return line.whole or 0 < 0.8 * len(words) <= sum(word[0].isupper() for word in words)


def _after_hedge(line: Line, expr: Expr, k: int) -> int:
    """Take `or more`, `-plus`, `+` from token k on; give the token behind."""
    j = k + 1 if line.hyphen(k) else k
    if expr.hedge != "exact" or not line.flags[j] & F.afterhedge:
        return k
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
    if expr.scaled or expr.kind not in (None, "count"):  # `in 2015 dollars`: a year's prices
        dated = expr.kind == "money" and low[number - 1] == "in" and not expr.scaled
        return dated and _YEAR.fullmatch(tok[number]) is not None
    before = expr.first - 1
    if low[before] == "." and line.glued(before - 1):
        before -= 1
    capital = tok[before][:1].isupper()
    if flags[before] & (F.name | F.rank) or (flags[before] & F.weakname and capital):
        return True
    spelled = tok[number][0].isupper() and tok[before].isalpha() and before == number - 1
    ampersand = tok[before - 1] == "&" and line.glued(before - 1)  # S&P 500
    if ampersand or tok[before - 1 : number] == ["Group", "of"] or (spelled and not _titled(line)):
        return True
    behind = flags[number + 1] & F.month and tok[number + 1][0].isupper()
    day = expr.parts.size <= 31 and expr.parts.place == 1 and flags[number] & F.digit
    if day and (behind or (flags[before] & F.month and capital)):
        return True
    if _YEAR.fullmatch(tok[number]):
        hundreds = expr.parts.size % 100 == 0 and expr.last == number + 2
        counted = hundreds or _measures(low[expr.last - 1])
        dated = flags[before] & F.dated or not counted
        return not expr.kind or (dated and not flags[before] & F.plain)
    if expr.kind and flags[expr.last - 1] & F.span:
        closed = flags[before] & F.closing and flags[expr.last] & F.ends
        fraction = low[expr.last - 1 : expr.last + 1] == ["quarters", "of"]
        opened = flags[before] & F.opening and low[before - 1] not in ("its", "their")
        return bool(opened or closed or fraction)
    return False
