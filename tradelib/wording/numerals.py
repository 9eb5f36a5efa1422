"""Numbers as they are written: digits, words, fractions, and the words of scale behind them.

`numeral` gives one expression without a unit for all that makes one number, `43 trillion 800
billion` and `two and a half million` included, or None: a number read in part is worse than none.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from tradelib.wording.expression import ONE, Expr, Number, decimal_number, whole_number
from tradelib.wording.lexicon import CJK, FRACTIONS, NUMBERS, SCALES, UNITS, WORDS_OF_SCALE, W
from tradelib.wording.tokens import Line

LONGEST: Final = 40
"""Longest number in characters: a longer run of digits states nothing about the world."""
_PLAIN: Final = re.compile(r"(?:[1-9]\d*|0)(?:\.\d+)?", re.ASCII)
_SEPARATORS: Final = str.maketrans("．，", ".,", " \u00a0\u2009\u202f'’")
_THOUSANDS: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.\d*)?")
_CONTINENTAL: Final = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_SLASH: Final = re.compile(r"\d{1,2}")
SIGNS_OF_PARTS: Final = {sign: Decimal(str(unicodedata.numeric(sign))) for sign in "½¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅒"}
STARTS: Final = NUMBERS.keys() | FRACTIONS.keys() | SCALES.keys() | SIGNS_OF_PARTS.keys()


def written(token: str) -> Number | None:
    """Read digits with their separators; None where they are no plain number.

    Thousands may be parted by commas (by twos above the first thousand, as in India), blanks or
    apostrophes, or by dots before a decimal comma; a comma before one or two last digits is a
    decimal comma.

    >>> written("1,23,456.70"), written("1.2.3")
    (Number(size=Decimal('123456.70'), place=Decimal('0.01'), tail=Decimal('1')), None)
    >>> written("1.234,5").size
    Decimal('1234.5')
    """
    if len(token) > LONGEST:
        return None
    if _PLAIN.fullmatch(token):  # most numbers
        return decimal_number(Decimal(token), len(token.partition(".")[2]))
    digits = token.translate(_SEPARATORS)
    if _CONTINENTAL.fullmatch(digits):
        digits = digits.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    whole, _, decimals = digits.partition(".")
    if not (whole + decimals).isdecimal() or (len(whole) > 1 and whole[0] == "0"):
        return None
    return decimal_number(Decimal(digits), len(decimals))


def numeral(line: Line, i: int) -> Expr | None:
    """Read the number at token i with its words of scale; None where it is none."""
    word = line.low[i]
    if word[-1:].isdecimal():
        found = _digits(line, i)
    elif word in SIGNS_OF_PARTS:
        found = Expr(i, i, i + 1, _decimal(SIGNS_OF_PARTS[word]))
    elif word in FRACTIONS:
        article = line.low[i - 1] in W.article and i + 1 not in line.hyphens
        found = _fraction(line, i, i - article, 1)
    elif word in NUMBERS:
        found = _spoken(line, i)
    else:
        found = _with_article(line, i)
    return _scaled(line, found) if found else None


def _decimal(part: Decimal) -> Number:
    """Give a part of one as the decimal it is, to the fifth decimal at most."""
    part = part.normalize()
    return decimal_number(part, -int(part.as_tuple().exponent))


def _plus(number: Number, part: Decimal) -> Number:
    return _decimal(part)._replace(size=number.size + part) if part else number


def _digits(line: Line, i: int) -> Expr | None:
    """Read `6.41`, `1¾`, `5 1/2` and `3/4 percent`."""
    number = written(line.tok[i])
    if number is None:
        return None
    if part := _slashed(line, i):
        k = line.past_hyphen(i + 3)
        k += 2 if line.low[k] == "of" and line.low[k + 1] in W.article else 0
        return Expr(i, i, i + 3, _decimal(part)) if _measured(line, k) else None
    k = line.past_hyphen(i + 1)
    if part := SIGNS_OF_PARTS.get(line.low[k], Decimal(0)):
        return Expr(i, i, k + 1, _plus(number, part))
    part = _slashed(line, k) if number.place == 1 else part
    return Expr(i, i, k + 3 if part else i + 1, _plus(number, part))


def _slashed(line: Line, i: int) -> Decimal:
    """Read a proper fraction of two short numbers around a slash; zero where there is none."""
    above, slash, below = line.tok[i : i + 3]
    tight = slash == "/" and line.glued(i) and line.glued(i + 1)
    if tight and _SLASH.fullmatch(above) and _SLASH.fullmatch(below) and int(above) < int(below):
        return _ended(Decimal(above) / Decimal(below))
    return Decimal(0)


def _ended(part: Decimal) -> Decimal:
    """Give a part that ends as a decimal, else zero."""
    return part if part == round(part, 5) else Decimal(0)


def _measured(line: Line, k: int) -> bool:
    """Whether a word of scale or of a unit stands at token k, so that a part before it counts."""
    unit = UNITS.after(line.low, k)
    return line.low[k] in WORDS_OF_SCALE or bool(unit and unit[0][0] != "multiple")


def _fraction(line: Line, i: int, first: int, count: int) -> Expr | None:
    """Read `half a billion`, `a quarter of a million`, `two-tenths of a point`, `half-million`."""
    low, k = line.low, line.past_hyphen(i + 1)
    if low[k] == "of" and low[k + 1] in ("a", "an", "one"):
        k += 2
    elif low[i] == "half" and low[k] in W.article:
        k += 1
    if (low[i], low[k]) == ("half", "dozen"):
        return Expr(i, first, k + 1, whole_number(6))
    part = _ended(FRACTIONS[low[i]] * count)
    return Expr(i, first, k, _decimal(part)) if part and _measured(line, k) else None


def _spelled(line: Line, i: int, below: int = 1000) -> tuple[int, int]:
    """Read number words (`twenty-five`, `two hundred and fifty`), and the token behind them.

    That is token i where there are none.
    """
    low = line.low
    if low[i] == "hundred" and below > 100:
        total, j = 1, i
    elif low[i] in NUMBERS:
        total, j = NUMBERS[low[i]], i + 1
    else:
        return 0, i
    unit = line.past_hyphen(j)
    if 20 <= total < 100 and 0 < NUMBERS.get(low[unit], 10) < 10:
        total, j = total + NUMBERS[low[unit]], unit + 1
    if low[j] == "dozen":
        return total * 12, j + 1
    if low[j] == "hundred" and below > 100:
        k = j + 2 if low[j + 1] == "and" else j + 1
        rest, end = _spelled(line, k, 100)
        return total * 100 + rest, end if end > k else j + 1
    return total, j


def _spoken(line: Line, i: int) -> Expr | None:
    """Read a number in words, with `point five`, or as `three quarters of a`."""
    low = line.low
    total, k = _spelled(line, i)
    if (j := line.past_hyphen(k)) and low[j] in FRACTIONS:
        parted = _fraction(line, j, i, total) if total in (1, 3) or low[j].endswith("s") else None
        if parted or not FRACTIONS[low[j]] or k in line.hyphens:
            return parted  # two-thirds is none
    named = low[i - 1] in W.rank or (line.tok[i][0].isupper() and i - 1 in line.hyphens)
    share = low[i - 1] == "in" and low[i - 2] in NUMBERS  # one in five
    if (named or share) and not line.whole:
        return None
    decimals, j = "", k + 1
    while low[k] == "point" and low[i - 1] != "at" and 0 <= NUMBERS.get(low[j], 10) < 10:
        decimals, j = f"{decimals}{NUMBERS[low[j]]}", j + 1
    if decimals:
        return Expr(i, i, j, decimal_number(Decimal(f"{total}.{decimals}"), len(decimals)))
    return Expr(i, i, k, whole_number(total))


def _with_article(line: Line, i: int) -> Expr | None:
    """Read `a million`, `a dozen`, `a hundred and five`."""
    word, low = line.low[i], line.low
    part = low[i - 2] == "half" or (low[i - 2] == "of" and low[i - 3] in FRACTIONS)
    if low[i - 1] not in W.article or part or i + 1 in line.hyphens:
        return None
    if word == "dozen":
        return Expr(i, i - 1, i + 1, whole_number(12))
    total, end = _spelled(line, i)
    if end == i and word in WORDS_OF_SCALE:
        total = 1
    return Expr(i, i - 1, end, whole_number(total)) if total else None


def _scaled(line: Line, e: Expr) -> Expr:
    """Take the words of scale behind a number, and the smaller numbers they are followed by."""
    word = line.low[line.past_hyphen(e.last)]
    if word in SCALES or word == "and":
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
        scale = SCALES.get(line.low[j])
        if scale is None:
            return
        if scale.style == "letter":
            alone = not line.glued(j) or not line.tok[j + 1][:1].isalnum()
            if not (j == e.last == e.number + 1 and line.glued(j - 1) and alone):
                return
        if scale.style == "group":
            size, place, tail = (part * scale.factor for part in e.parts)
            e.parts = Number(size, min(place, ONE), tail)
        else:
            e.scale, e.scaled = e.scale * scale.factor, True
        e.last = j + 1


def _and_a_half(line: Line, e: Expr) -> None:
    """Take `and a half` or `and three quarters` behind a whole number."""
    low, j = line.low, line.past_hyphen(e.last)
    if low[j] != "and" or e.parts.place < 1 or low[e.first - 1] == "between":
        return
    j = line.past_hyphen(j + 1)
    count = 1 if low[j] in W.article else NUMBERS.get(low[j], 0)
    j = line.past_hyphen(j + 1)
    part = _ended(FRACTIONS.get(low[j], Decimal(0)) * count)
    if part and low[j + 1] != "of":
        e.parts, e.last = _plus(e.parts, part), j + 1


def _add(line: Line, e: Expr) -> bool:
    """Take one more number of a smaller scale: `43 trillion` and `800 billion` are one number.

    Words may have a comma or `and` between them, digits not: those are two figures.
    """
    low, j = line.low, e.last
    spoken = line.tok[e.number].isalpha()
    if e.scale <= 1 or e.parts.place < 1:
        return False
    comma = spoken and low[j] == ","
    joined = spoken and low[j + comma] == "and" and low[e.first - 1] != "between"
    j += comma + joined
    number, n = None, j
    if low[j][-1:].isdecimal() and not spoken:
        number, n = written(line.tok[j]), j + 1
    elif spoken or CJK.match(low[j]):
        total, n = _spelled(line, j)
        number = whole_number(total)
    if number is None or n == j:
        return False
    rest = Expr(j, j, n, number)
    take_scales(line, rest)
    if not number.size * rest.scale < e.scale or not (rest.scaled or _bare(line, e, rest, joined)):
        return False
    size = e.parts.size * (e.scale / rest.scale) + rest.parts.size
    e.parts, e.scale, e.last = rest.parts._replace(size=size), rest.scale, rest.last
    e.scaled = rest.scaled
    return True


def _bare(line: Line, e: Expr, rest: Expr, joined: bool) -> bool:
    """Whether a number without a scale of its own goes on with the one before."""
    if rest.last in line.hyphens:  # a million three-bedroom homes
        return False
    if CJK.match(line.low[e.last - 1]):  # 1万2000
        return line.glued(e.last - 1)
    told = joined or rest.parts.size >= 20
    return line.tok[e.number].isalpha() and told and (e.scale == 1000 or not joined)
