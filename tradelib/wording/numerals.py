"""Numbers as they are written: digits, words, fractions, and the words of scale behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from tradelib.quantity import Hedge, Kind, Quantity
from tradelib.wording import lexicon as lex
from tradelib.wording.lexicon import NUMBERS, Line, W

ONE: Final = Decimal(1)
LONGEST: Final = 40  # characters: a longer run of digits states nothing about the world
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
        j = k + (low[k] == "of")
        if low[j] in W.article or low[j] == "one":
            k = end = j + 1
        alone = line.whole and word not in NUMBERS
        if part and (alone or low[k] in lex.WORDS_OF_SCALE or lex.UNITS.after(low, k)):
            return _scaled(line, Expr(i, first, end, part))
        if not part or word not in NUMBERS or i + 1 in line.hyphens:
            return None  # two-thirds, a quarter; `three quarters` may count quarters
    digits, end = _coefficient(line, i)
    if word not in NUMBERS and not word[-1:].isdecimal():  # a million, a dozen, a hundred and five
        part_of = low[i - 2] == "of" and low[i - 3] in lex.FRACTIONS
        if low[i - 1] not in W.article or part_of or word not in lex.WORDS_OF_SCALE:
            return None
        return _scaled(line, Expr(i, i - 1, end, digits or ONE))
    named = line.tok[i][0].isupper() and i - 1 in line.hyphens  # 7-Eleven
    if digits is None or named or (low[i - 1] == "in" and low[i - 2] in NUMBERS):  # one in five
        return None
    return _scaled(line, Expr(i, i, end, digits))


def _part(line: Line, i: int) -> tuple[Decimal, int]:
    """Read `¾`, `3/4`, `a half`, the token behind (i for none); zero has no end as a decimal."""
    low, tok = line.low, line.tok
    if _SLASHED.fullmatch("".join(tok[i : i + 3])):
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


def _spelled(line: Line, i: int) -> tuple[int, int]:
    """Read `twenty-five`, `two hundred and fifty`, and the token behind (token i for none)."""
    low, total, end, j, below = line.low, 0, i, i, 100
    while True:
        number = NUMBERS.get(low[j], below)
        if number < below and (number or j == i):
            total, below = total + number, 10 if number >= 20 else 0
        elif low[j] == "hundred" and j == end and total < 100:
            total, below = (total or 1) * 100, 100
        else:
            break
        end = j + 1
        j = line.past_hyphen(end) + (below == 100 and low[end] == "and")
    return ((total or 1) * 12, end + 1) if low[end] == "dozen" else (total, end)


def _scaled(line: Line, e: Expr) -> Expr:
    """Take the words of scale behind a number, and the smaller numbers they are followed by."""
    _and_a_half(line, e)
    take_scales(line, e)
    while e.scaled and _add(line, e):
        pass
    _and_a_half(line, e)
    return e


def take_scales(line: Line, e: Expr) -> None:
    """Take the words of scale behind an expression, at most two: `lakh crore`."""
    for _ in range(2):
        j = line.past_hyphen(e.last)
        scale = lex.SCALES.get(line.low[j])
        glued = j == e.last and line.glued(j - 1)
        if scale is None or not (glued or line.low[j] in lex.WORDS_OF_SCALE):
            return
        e.scale, e.scaled, e.last = e.scale * scale, True, j + 1


def _and_a_half(line: Line, e: Expr) -> None:
    """Take `and a half` or `and three quarters` behind a number, but not `and half of`."""
    j = line.past_hyphen(e.last)
    if line.low[j] == "and" and line.low[e.first - 1] != "between":
        part, end = _part(line, line.past_hyphen(j + 1))
        if part and line.low[end] not in W.determiner:
            e.digits, e.last = e.digits + part, end


def _add(line: Line, e: Expr) -> bool:
    """Take one more number of a smaller scale: `43 trillion` and `800 billion` are one number."""
    low, j, spoken = line.low, e.last, line.tok[e.number].isalpha()
    comma = spoken and low[j] == ","  # words may have it between them, digits are two figures
    joined = spoken and low[j + comma] == "and" and low[e.first - 1] != "between"
    j += comma + joined
    more, n = _coefficient(line, j)
    if more is None or n == j or not e.whole:
        return False
    rest = Expr(j, j, n, more)
    take_scales(line, rest)
    told = e.scale == 1000 if joined else more >= 20
    bare = line.glued(e.last - 1) if lex.CJK.match(low[e.last - 1]) else spoken and told  # 1万2000
    bare = bare and rest.last not in line.hyphens  # a million three-bedroom homes
    if more * rest.scale >= e.scale or not (rest.scaled or bare):
        return False
    e.digits = e.digits * int(e.scale / rest.scale) + rest.digits
    e.scale, e.scaled, e.last = rest.scale, rest.scaled, rest.last
    return True
