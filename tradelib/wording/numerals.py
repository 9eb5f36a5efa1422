"""Numbers as they are written: digits, words, fractions, and the words of scale behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tradelib.quantity import Hedge, Kind, Quantity
from tradelib.wording import lexicon as lex
from tradelib.wording.lexicon import NUMBERS, W
from tradelib.wording.tokens import Line

ONE: Final = Decimal(1)
LONGEST: Final = 40
"""Longest number in characters: a longer run of digits states nothing about the world."""
_SEPARATORS: Final = str.maketrans("．，", ".,", " \u00a0\u2009\u202f'’")
_THOUSANDS: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.\d*)?")
_CONTINENTAL: Final = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,\d{1,2}")
_DIGITS: Final = re.compile(r"(?!0\d)\d*\.?\d+")
_SLASHED: Final = re.compile(r"\d{1,2}/\d{1,2}")
STARTS: Final = {*NUMBERS, *lex.FRACTIONS, *lex.SCALES, *lex.MULTIPLES}


@dataclass(slots=True)
class Expr:
    """One expression in a line.

    ``number`` is the token of the number, ``first`` to ``last`` (behind) the tokens it takes,
    ``digits`` the number as written, without scale and with trailing zeros, ``lent`` the unit that
    other words of the sentence lend, ``high`` the upper end of a range.
    """

    number: int
    first: int
    last: int
    digits: Decimal
    kind: Kind | None = None
    unit: str = "1"
    factor: Decimal = ONE
    scale: Decimal = ONE
    scaled: bool = False
    sign: int = 0
    hedge: Hedge = "exact"
    lent: str = ""
    high: Expr | None = None

    @property
    def size(self) -> Decimal:
        """The size written, in single units."""
        return self.digits * self.scale * self.factor

    @property
    def whole(self) -> bool:
        """Whether it is written without decimals."""
        return int(self.digits.as_tuple().exponent) >= 0

    @property
    def few(self) -> bool:
        """Whether it is small, and without a word of scale: a count of it is exact."""
        return not self.scaled and self.digits < 1000

    def lacks(self, b: Expr) -> bool:
        """Whether b's word of scale serves this number too: `2,100 and 2,300 trillion won`."""
        return b.scaled and not self.scaled and (self.few or self.digits <= 10 * b.digits)

    def quantity(self, unit: str, sign: int) -> Quantity:
        """Give what the words say, in a settled unit and with the sentence's sign."""
        assert self.kind, "a number without a unit is no quantity"
        place, size, digits = int(self.digits.as_tuple().exponent), self.size, str(self.digits)
        if self.whole and self.kind in ("money", "count") and size:
            place = len(digits) - len(digits.rstrip("0"))  # of the last digit that is no zero
        step = self.scale * self.factor * ONE.scaleb(place)
        if self.kind == "count" and self.few and self.whole and self.hedge == "exact":
            step = Decimal(0)
        if self.high and self.sign < 0 <= self.high.sign and size:  # -1% to 4%
            ends = -float(size), float(self.high.size)
            return Quantity(self.kind, sum(ends) / 2, *ends, unit, "between", *ends)
        low, high = sorted((size, self.high.size)) if self.high else (size, None)
        return Quantity.of(self.kind, low, step, self.hedge, unit, negative=sign < 0, high=high)


def written(token: str) -> Decimal | None:
    """Read digits with their separators (contract, value); None where they are no plain number."""
    if len(token) > LONGEST:
        return None
    digits = token.translate(_SEPARATORS)
    if _CONTINENTAL.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    return Decimal(digits) if _DIGITS.fullmatch(digits) else None


def numeral(line: Line, i: int) -> Expr | None:
    """Read the number at token i with its words of scale; None where it is none."""
    low, word = line.low, line.low[i]
    first = i - (word in lex.FRACTIONS and low[i - 1] in W.article and i + 1 not in line.hyphens)
    part, end = _part(line, first)
    if end > first:  # 3/4 percent, half a billion, a quarter of a million
        k = line.past_hyphen(end)
        if low[k] == "of" and low[k + 1] in ("a", "an", "one"):
            k = end = k + 2
        elif low[end - 1] == "half" and low[k] in W.article:
            k = end = k + 1
        unit = lex.UNITS.after(low, k)
        alone = line.whole and word not in NUMBERS
        if part and (alone or low[k] in lex.WORDS_OF_SCALE or (unit and unit[0][0] != "multiple")):
            return _scaled(line, Expr(i, first, end, part))
        if not part or word not in NUMBERS or i + 1 in line.hyphens:
            return None  # two-thirds, a quarter; `three quarters` may count quarters
    counted = word in NUMBERS or word[-1:].isdecimal()
    digits, end = _coefficient(line, i)
    if not counted:  # a million, a dozen, a hundred and five
        part_of = low[i - 2] == "half" or (low[i - 2] == "of" and low[i - 3] in lex.FRACTIONS)
        letter = not digits and word not in lex.WORDS_OF_SCALE  # a m.
        if low[i - 1] not in W.article or part_of or letter or i + 1 in line.hyphens:
            return None
        digits = digits or ONE
    elif word in NUMBERS and not line.whole:
        named = low[i - 1] in W.rank or (line.tok[i][0].isupper() and i - 1 in line.hyphens)
        if named or (low[i - 1] == "in" and low[i - 2] in NUMBERS):  # one in five
            return None
    return _scaled(line, Expr(i, i - (not counted), end, digits)) if digits is not None else None


def _part(line: Line, i: int) -> tuple[Decimal, int]:
    """Read `¾`, `3/4`, `a half`, the token behind (i for none); zero has no end as a decimal."""
    low, tok = line.low, line.tok
    if tok[i + 1] == "/" and _SLASHED.fullmatch("".join(line.raw[i : i + 2]) + tok[i + 2]):
        above, below, end = int(tok[i]), int(tok[i + 2]), i + 3
        part = Decimal(above) / below if above < below else Decimal(0)
    else:
        counted = low[i] in NUMBERS or low[i] in W.article
        end = (line.past_hyphen(i + 1) if counted else i) + 1
        fraction, count = lex.FRACTIONS.get(low[end - 1]), NUMBERS.get(low[i], 1)
        if fraction is None or not (count in (1, 3) or low[end - 1].endswith("s")):
            return Decimal(0), i
        part = fraction * count
    return (part.normalize() if part == round(part, 5) else Decimal(0)), end


def _coefficient(line: Line, i: int) -> tuple[Decimal | None, int]:
    """Read `6.41`, `5 1/2`, `two hundred and fifty`, `one point two`, and give the token behind."""
    low = line.low
    if low[i][-1:].isdecimal():
        digits, k = written(line.tok[i]), line.past_hyphen(i + 1)
        if digits is None or digits != digits.to_integral() or line.tok[k].isalpha():
            return digits, i + 1
        part, end = _part(line, k)
        return (digits + part, end) if part else (digits, i + 1)
    total, k = _spelled(line, i)
    decimals, j = "", k + 1
    while low[k] == "point" and low[i - 1] != "at" and 0 <= NUMBERS.get(low[j], 10) < 10:
        decimals, j = f"{decimals}{NUMBERS[low[j]]}", j + 1
    return (Decimal(f"{total}.{decimals}"), j) if decimals else (Decimal(total), k)


def _spelled(line: Line, i: int, below: int = 1000) -> tuple[int, int]:
    """Read `twenty-five`, `two hundred and fifty`, and the token behind (token i for none)."""
    low, hundreds = line.low, below > 100
    if low[i] == "dozen":
        return 12, i + 1
    if low[i] not in NUMBERS and not (hundreds and low[i] == "hundred"):
        return 0, i
    total, j = (NUMBERS[low[i]], i + 1) if low[i] in NUMBERS else (1, i)
    unit = line.past_hyphen(j)
    if 20 <= total < 100 and 0 < NUMBERS.get(low[unit], 10) < 10:
        total, j = total + NUMBERS[low[unit]], unit + 1
    if low[j] == "dozen":
        return total * 12, j + 1
    if hundreds and low[j] == "hundred":
        k = j + 2 if low[j + 1] == "and" else j + 1
        rest, end = _spelled(line, k, 100)
        return total * 100 + rest, end if end > k else j + 1
    return total, j


def _scaled(line: Line, e: Expr) -> Expr:
    """Take the words of scale behind a number, and the smaller numbers they are followed by."""
    word = line.low[line.past_hyphen(e.last)]
    if word in lex.SCALES or word == "and":
        _and_a_half(line, e)
        take_scales(line, e)
        while _add(line, e):
            pass
        _and_a_half(line, e)
    return e


def take_scales(line: Line, e: Expr) -> None:
    """Take the words of scale behind an expression, at most two: `lakh crore`."""
    for _ in range(2):
        j = line.past_hyphen(e.last)
        scale = lex.SCALES.get(line.low[j])
        glued = j == e.last == e.number + 1 and line.glued(j - 1)
        if scale is None or not (glued or line.low[j] in lex.WORDS_OF_SCALE):
            return
        e.scale, e.scaled = e.scale * scale, True
        e.last = j + 1


def _and_a_half(line: Line, e: Expr) -> None:
    """Take `and a half` or `and three quarters` behind a whole number."""
    low, j = line.low, line.past_hyphen(e.last)
    if low[j] != "and" or not e.whole or low[e.first - 1] == "between":
        return
    part, end = _part(line, line.past_hyphen(j + 1))
    if part and low[end] != "of":
        e.digits, e.last = e.digits + part, end


def _add(line: Line, e: Expr) -> bool:
    """Take one more number of a smaller scale: `43 trillion` and `800 billion` are one number.

    Words may have a comma or `and` between them, digits not: those are two figures.
    """
    low, j, spoken = line.low, e.last, line.tok[e.number].isalpha()
    if e.scale <= 1 or not e.whole:
        return False
    comma = spoken and low[j] == ","
    joined = spoken and low[j + comma] == "and" and low[e.first - 1] != "between"
    j += comma + joined
    more, n = _coefficient(line, j)
    if more is None or n == j:
        return False
    rest = Expr(j, j, n, more)
    take_scales(line, rest)
    told = e.scale == 1000 if joined else more >= 20
    bare = line.glued(e.last - 1) if lex.CJK.match(low[e.last - 1]) else spoken and told  # 1万2000
    bare = bare and rest.last not in line.hyphens  # a million three-bedroom homes
    if more * rest.scale >= e.scale or not (rest.scaled or bare):
        return False
    e.digits = e.digits * int(e.scale / rest.scale) + rest.digits
    e.scale, e.last = rest.scale, rest.last
    e.scaled = rest.scaled
    return True
