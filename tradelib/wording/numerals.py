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
from tradelib.wording.lexicon import CJK, FRACTIONS, NUMBERS, SCALES, UNITS, W
from tradelib.wording.tokens import Line

LONGEST: Final = 40
"""Longest number in characters: a longer run of digits states nothing about the world."""
_PLAIN: Final = re.compile(r"(?:[1-9]\d*|0)(?:\.\d+)?", re.ASCII)
_SEPARATORS: Final = str.maketrans("．，", ".,", " \u00a0\u2009\u202f'’")
_THOUSANDS: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,2}(?:,\d{2})*,\d{3})(?:\.\d*)?")
_CONTINENTAL: Final = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}")
_SLASH: Final = re.compile(r"\d{1,2}")
SIGNS_OF_PARTS: Final = frozenset("½¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅒")
STARTS: Final = NUMBERS.keys() | FRACTIONS.keys() | SCALES.keys() | SIGNS_OF_PARTS


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
        part = _part(Decimal(str(unicodedata.numeric(word))))
        found = Expr(i, i, i + 1, part) if part else None
    elif word in FRACTIONS:
        found = _fraction(line, i)
    elif word in NUMBERS:
        found = _spoken(line, i)
    else:
        found = _with_article(line, i)
    return _scaled(line, found) if found else None


def _part(value: Decimal) -> Number | None:
    """Give a part of one as the decimal it is; None where that has no end."""
    decimals = -int(value.normalize().as_tuple().exponent)
    return decimal_number(value, decimals) if 0 < decimals <= 5 else None


def _digits(line: Line, i: int) -> Expr | None:
    """Read `6.41`, `1¾`, `5 1/2` and `3/4 percent`."""
    number, n = written(line.tok[i]), i + 1
    if number is None:
        return None
    if line.tok[n] == "/" and (part := _slashed(line, i)):
        k = line.past_hyphen(i + 3)
        k += 2 if line.low[k] == "of" and line.low[k + 1] in W.article else 0
        scale = SCALES.get(line.low[k])
        told = (scale and scale.style == "word") or UNITS.after(line.low, k)
        return Expr(i, i, i + 3, part) if told else None
    k = line.past_hyphen(n)
    if line.low[k] in SIGNS_OF_PARTS:
        part, n = _part(Decimal(str(unicodedata.numeric(line.low[k])))), k + 1
    else:
        part = _slashed(line, k) if number.place == 1 else None
        n = k + 3 if part else n
    return Expr(i, i, n, _plus(number, part))


def _slashed(line: Line, i: int) -> Number | None:
    """Read a proper fraction of two short numbers around a slash."""
    if line.tok[i + 1] != "/" or not (line.glued(i) and line.glued(i + 1)):
        return None
    above, below = line.tok[i], line.tok[i + 2]
    if not (_SLASH.fullmatch(above) and _SLASH.fullmatch(below) and int(above) < int(below)):
        return None
    return _part(Decimal(above) / Decimal(below))


def _plus(number: Number, part: Number | None) -> Number:
    return Number(number.size + part.size, part.place, ONE) if part else number


def _spelled(line: Line, i: int, below: int = 1000) -> tuple[int, int] | None:
    """Read number words (`twenty-five`, `two hundred and fifty`), and the token behind them."""
    low = line.low
    if low[i] == "hundred" and below > 100:
        total, j = 1, i
    elif low[i] in NUMBERS:
        total, j = NUMBERS[low[i]], i + 1
    else:
        return None
    if 20 <= total < 100:
        unit = line.past_hyphen(j)
        if 0 < NUMBERS.get(low[unit], 10) < 10:
            total, j = total + NUMBERS[low[unit]], unit + 1
    if low[j] == "dozen":
        return total * 12, j + 1
    if low[j] == "hundred" and below > 100:
        rest = _spelled(line, j + 2 if low[j + 1] == "and" else j + 1, 100)
        return (total * 100 + rest[0], rest[1]) if rest else (total * 100, j + 1)
    return total, j


def _spoken(line: Line, i: int) -> Expr | None:
    """Read a number in words, with `point five`, `and a half`, or as `three quarters of a`."""
    low, found = line.low, _spelled(line, i)
    if found is None:
        return None
    total, k = found
    part_of = FRACTIONS.get(low[line.past_hyphen(k)])
    if part_of is not None:
        parted = _fraction(line, line.past_hyphen(k))
        if parted or not part_of or k in line.hyphens:
            return parted  # two-thirds is none
    named = low[i - 1] in W.rank or (line.tok[i][0].isupper() and i - 1 in line.hyphens)
    share = low[i - 1] == "in" and low[i - 2] in NUMBERS  # one in five
    if (named or share) and not line.whole:
        return None
    number = whole_number(total)
    if low[k] == "point" and low[i - 1] != "at":
        decimals = ""
        while 0 <= NUMBERS.get(low[k + 1], 10) < 10:
            decimals, k = f"{decimals}{NUMBERS[low[k + 1]]}", k + 1
        if decimals:
            number, k = decimal_number(Decimal(f"{total}.{decimals}"), len(decimals)), k + 1
    return Expr(i, i, k, number)


def _fraction(line: Line, i: int) -> Expr | None:
    """Read `half a billion`, `a quarter of a million`, `two-tenths of a point`, `half-million`."""
    low = line.low
    j = i - 2 if i - 1 in line.hyphens else i - 1
    first, count = i, 1
    if low[j] in NUMBERS and (low[i].endswith("s") or NUMBERS[low[j]] in (1, 3)):
        first, count = j, NUMBERS[low[j]]
    elif low[j] in W.numbered_part and not line.whole:
        return None
    elif low[j] in W.article and i + 1 not in line.hyphens:
        first = j
    k, whole = i + 1, low[i] == "half" and low[i + 1] in W.article
    if whole or (low[k] == "of" and low[k + 1] in ("a", "an", "one")):
        k += 1 if whole else 2
    else:
        k = line.past_hyphen(k)
    if low[k] == "dozen":
        return Expr(i, first, k + 1, whole_number(6)) if low[i] == "half" else None
    scaled = low[k] in SCALES and SCALES[low[k]].style == "word"
    part = _part(FRACTIONS[low[i]] * count) if FRACTIONS[low[i]] else None
    unit = UNITS.after(low, k)
    if part is None or not (scaled or (unit and unit[0][0] != "multiple")):
        return None
    return Expr(i, first, k, part)


def _with_article(line: Line, i: int) -> Expr | None:
    """Read `a million`, `a dozen`, `a hundred and five`."""
    word, low = line.low[i], line.low
    part = low[i - 2] == "half" or (low[i - 2] == "of" and low[i - 3] in FRACTIONS)
    if low[i - 1] not in W.article or part or i + 1 in line.hyphens:
        return None
    if word == "dozen":
        return Expr(i, i - 1, i + 1, whole_number(12))
    if word == "hundred":
        found = _spelled(line, i)
        return Expr(i, i - 1, found[1], whole_number(found[0])) if found else None
    return Expr(i, i - 1, i, whole_number(1)) if SCALES[word].style == "word" else None


def _scaled(line: Line, e: Expr) -> Expr:
    """Take the words of scale behind a number, and the smaller numbers they are followed by."""
    word = line.low[line.past_hyphen(e.last)]
    if word not in SCALES and word != "and":
        return e
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
            size, place, tail = e.parts
            e.parts = Number(
                size * scale.factor, min(place * scale.factor, ONE), tail * scale.factor
            )
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
    part = _part(FRACTIONS.get(low[j], Decimal(0)) * count) if count else None
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
    if low[j][-1:].isdecimal() and not (comma or joined or spoken):
        number, n = written(line.tok[j]), j + 1
    elif (spoken or CJK.match(low[j])) and (found := _spelled(line, j)):
        number, n = whole_number(found[0]), found[1]
    else:
        return False
    if number is None:
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
    told = joined or "hundred" in line.low[rest.first : rest.last] or rest.parts.size >= 20
    return line.tok[e.number].isalpha() and told and (e.scale == 1000 or not joined)
