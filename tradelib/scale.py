"""Units, and numbers as text: in a readable unit and no more precise than their interval.

Units are those of the contract: an ISO 4217 code for money, ``percent`` and ``points`` (both
fractions: 0.05 is 5%), ``multiple``, a counted noun in the singular, or one of these over another
(``CNY/USD``). The dollar sign is never written: JupyterLab reads two of them as mathematics.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Final

from babel.numbers import get_currency_name

from tradelib.quantity import Interval
from tradelib.wording.lexicon import W

MINUS: Final = "\N{MINUS SIGN}"
CURRENCIES: Final = {"CNY": "yuan", "KRW": "won"}  # others have their names from the CLDR
STEPS: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1.0, ""))
FIXED: Final = {"points": 0.01, "percent": 0.01, "multiple": 1.0}
NOUNS: Final = {"points": "percentage point", "multiple": "times"}
PURE: Final = (*FIXED, "")  # the units of numbers that are of nothing, and of a plain number
FORMS: Final = ("about", "least", "range", "size", "times")
HEDGED: Final = {"exact": "", "over": "more than ", "under": "less than "}  # others as they are
MOST_ROOM: Final = 2  # times what its interval leaves: 6.1 for 6.08 to 6.13, no 7 for 7.05 to 7.4
MOST_SHIFT: Final = 1 / 8  # of the width of a range: rounding moves its ends by no more
TINY: Final = 0.05  # percent: what is smaller is written as 0.0%
_SLACK: Final = 1e-9  # room, in steps of the last digit, for the rounding of binary floats


@dataclass(frozen=True, slots=True)
class Scale:
    """What one written unit stands for, and the words that follow the number.

    ``factor`` is single units of ``unit`` per written unit (1e12 for trillions, 0.01 for percent),
    ``words`` what follows (``trillion yuan``), ``digits`` how many of an amount a reader can use.
    """

    unit: str
    factor: float
    words: str
    digits: int = 4

    @classmethod
    def of(cls, unit: str, *values: float) -> Scale:
        """Choose the scale for some numbers by the largest of them."""
        if unit in FIXED:
            return cls(unit, FIXED[unit], _name(unit, 2))
        size = max([1.0, *(abs(v) for v in values if math.isfinite(v))])
        factor, word = next(step for step in STEPS if size >= step[0] * (1 - 1e-12))
        top, _, bottom = unit.partition("/")
        name = f"{_name(top, 2)} per {_name(bottom, 1)}" if bottom else _name(unit, 2)
        return cls(unit, factor, f"{word} {name}".strip())

    def write(self, lower: float, upper: float, form: str = "") -> str:
        """Write an interval in single units: one number where one is honest, else both ends.

        A number claims half a unit of its last digit on either side. The one that covers the whole
        interval is written, unless it claims over `MOST_ROOM` times the room the interval leaves,
        or its ``range`` is asked for. Of an open interval the other end is, rounded away from what
        it leaves open. ``about`` is the middle to the first digit that is open, if not the sign.

        >>> percent = Scale.of("percent")
        >>> percent.write(0.0605, 0.0615), percent.write(0.07, 0.08), percent.write(0.1, math.inf)
        ('6.1%', '7% to 8%', 'at least 10%')
        """
        low, high = lower / self.factor, upper / self.factor
        if math.isnan(low + high):  # of which nothing is known, or both sides are open
            return "not known"
        size = max(abs(end) for end in (low, high) if math.isfinite(end))
        about, both = "about" in form, "range" in form
        finest = (3 if about else self.digits) - 1 - _decade(size)
        if self.unit in ("percent", "points"):  # of a rate the third digit, but no third decimal
            finest = 1 if size < TINY else min(2 - _decade(size), 2)
        if both:  # half a step on either side of a printed number takes one digit more
            finest += 1
        if math.isinf(high):
            return self._told("at least ", _shortest(_floor(low, finest), finest))
        if math.isinf(low):
            return self._told("at most ", _shortest(-_floor(-high, finest), finest))
        middle, width = (low + high) / 2, high - low
        if not width:  # small, but known: 0.04%
            return self._told("", _shortest(low, min(max(finest, -_decade(low)), finest + 3)))
        if not both and (one := _one(middle, width, finest)):
            return self._told("", one)
        if about and low * high > 0:
            return self._told("about ", _fixed(middle, min(finest, -_decade(width / 2))))
        for place in range(min(0, finest), finest + 1):
            if all(abs(round(end, place) - end) <= MOST_SHIFT * width for end in (low, high)):
                return self._told("", _fixed(low, place), _fixed(high, place))
        return self._told("", _fixed(middle, finest))  # narrower than a reader can use

    def printed(self, hedge: str, value: float, ends: Interval) -> str:
        """Write a number as it was printed, but for digits beyond a reader's."""
        number = round(value / self.factor, 10)
        # The place of the last digit, which may be a zero, back from the bounds it leaves.
        step = 2 * min(value - ends.lower, ends.upper - value) / self.factor
        place = max(0, -_decade(step)) if 0 < step < math.inf else 0
        while round(number, place) != number:
            place += 1
        place = min(place, max(0, self.digits - 1 - _decade(number)))
        return self._told(HEDGED.get(hedge, hedge.replace("_", " ") + " "), _fixed(number, place))

    def _told(self, hedge: str, *ends: str) -> str:
        if self.unit == "percent":
            return hedge + " to ".join(f"{end}%" for end in ends)
        single = ends[-1] == "1" and self.words == _name(self.unit, 2)
        words = _name(self.unit, 1) if single else self.words
        return f"{hedge}{' to '.join(ends)} {words}".rstrip()


def sum_unit(one: str, sign: str, other: str) -> str | None:
    """Give the unit of a sum or a difference; nothing for unlike ones, which do not add."""
    if one == other:
        return "points" if (one, sign) == ("percent", "−") else one
    if {one, other} in ({"percent", "points"}, {"percent", ""}):
        return "percent"
    return "multiple" if {one, other} == {"multiple", ""} else None


def product_unit(one: str, sign: str, other: str) -> str | None:
    """Give the unit of a product or a ratio; nothing for one that this module cannot write.

    What stands above and below the line is cancelled; a ratio of like units is in percent.
    """
    if not other or (not one and sign == "×"):  # a plain number
        return one or other
    (above, _, below), (times, _, per) = one.partition("/"), other.partition("/")
    if sign == "÷":
        times, per = per, times
    over = Counter(part for part in (above, times) if part not in PURE)
    under = Counter(part for part in (below, per) if part not in PURE)
    left = [*(over - under).elements()], [*(under - over).elements()]
    if left == ([], []):
        return "percent"
    return "/".join(left[0] + left[1]) if len(left[0]) == 1 and len(left[1]) <= 1 else None


def _name(unit: str, count: int) -> str:
    if len(unit) == 3 and unit.isupper():
        name = str(get_currency_name(unit, count=count, locale="en"))
        return CURRENCIES.get(unit, name.removeprefix("US "))
    unit = NOUNS.get(unit, unit)
    if count == 1 or unit in ("", "percent", "times") or unit in W.uncounted:
        return unit
    if unit.endswith("y") and unit[-2:-1] not in "aeiou":
        return unit[:-1] + "ies"
    return unit + ("es" if unit.endswith(("s", "x", "ch", "sh")) else "s")


def _one(middle: float, width: float, finest: int) -> str:
    """The number that covers an interval by half its last digit, or none that tells enough."""
    place = min(finest, math.floor(-math.log10(width) + _SLACK))
    step, near = 10.0**-place, round(middle, place)
    covers = abs(near - middle) + width / 2 <= step * (0.5 + _SLACK)
    tells = near and place >= 0 and width * MOST_ROOM >= step * (1 - _SLACK)
    return _fixed(near, place) if covers and (tells or place == finest) else ""


def _decade(size: float) -> int:
    return math.floor(math.log10(abs(size) or 1) + _SLACK)


def _floor(number: float, place: int) -> float:
    return math.floor(number * 10.0**place + _SLACK) / 10.0**place


def _fixed(number: float, place: int) -> str:
    return f"{round(number, place) + 0:,.{max(place, 0)}f}".replace("-", MINUS)  # + 0: no −0


def _shortest(number: float, place: int) -> str:
    text = _fixed(number, place)
    return text.rstrip("0").rstrip(".") if "." in text else text
