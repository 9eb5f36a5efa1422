"""Units, and numbers as text: in a readable unit and no more precise than their interval.

Prose, charts and tables write numbers through this module alone. Units are those of the contract:
an ISO 4217 code for money, ``percent`` and ``points`` (both fractions: 0.05 is 5%), ``multiple``,
a counted noun in the singular, or one of these over another (``CNY/USD``). ``USD 2024`` is money at
the prices of 2024. The dollar sign is never written: JupyterLab reads two of them as mathematics.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Final

from tradelib.quantity import Interval

MINUS: Final = "\N{MINUS SIGN}"
CURRENCIES: Final = {"CNY": ("yuan", "yuan"), "USD": ("dollar", "dollars"), "KRW": ("won", "won")}
"""One and many of the currencies the articles use; any other takes its names from the CLDR."""
STEPS: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (0.0, ""))
FIXED: Final = {
    "points": (0.01, "percentage points"),
    "percent": (0.01, "percent"),
    "multiple": (1.0, "times"),
}
PURE: Final = (*FIXED, "")  # the units of numbers that are of nothing, and of a plain number
FORMS: Final = {"about", "over", "points", "range", "size", "times", "under"}
HEDGED: Final = {"exact": "", "over": "more than ", "under": "less than "}  # others as they are
MOST_ROOM: Final = 2
"""A single number may claim this many times the room its interval leaves: 6.1 for 6.08 to 6.13 is
what a writer would put, 7 for 7.05 to 7.4 would say too little."""
MOST_SHIFT: Final = 1 / 8  # of the width of a range: rounding moves its ends by no more
READABLE: Final = 1e-6  # of a printed number: nobody reads a seventh digit
TINY: Final = 0.05  # percent: what is smaller is written as 0.0%
_SLACK: Final = 1e-9  # room, in steps of the last digit, for the rounding of binary floats


@dataclass(frozen=True, slots=True)
class Scale:
    """What one written unit stands for, and the words that follow the number.

    ``factor`` is single units of ``unit`` per written unit (1e12 for trillions, 0.01 for percent),
    ``words`` what the number is of: ``trillion yuan``, ``percent``, ``million vehicles``.
    """

    unit: str
    factor: float
    words: str

    @classmethod
    def of(cls, unit: str, *values: float) -> Scale:
        """Choose the scale for some numbers by the largest of them.

        >>> Scale.of("vehicle", 6.41e6).words, Scale.of("percent", 0.05).words
        ('million vehicles', 'percent')
        """
        if unit in FIXED:
            return cls(unit, *FIXED[unit])
        size = max((abs(v) for v in values if math.isfinite(v)), default=0.0)
        factor, word = next(step for step in STEPS if size >= step[0] * (1 - 1e-12))
        top, _, bottom = unit.partition("/")
        name = f"{_name(top, 2)} per {_name(bottom, 1)}" if bottom else _name(unit, 2)
        return cls(unit, factor or 1.0, f"{word} {name}".strip())

    def write(self, lower: float, upper: float, *, both: bool = False, about: bool = False) -> str:
        """Write an interval in single units: one number where one is honest, else both ends.

        A number with *n* digits claims half a unit of its last digit on either side. The most
        precise one that covers the whole interval is written, unless it claims over `MOST_ROOM`
        times the room the interval leaves, or ``both`` ends are asked for. Of an interval that is
        open the other end is, rounded away from what it leaves open; of NaN nothing is known.
        ``about`` is the middle to the first digit that is open, three at the most, if it may not
        as well be above zero as below.

        >>> percent = Scale.of("percent")
        >>> percent.write(0.0605, 0.0615), percent.write(0.07, 0.08), percent.write(0.1, math.inf)
        ('6.1%', '7% to 8%', 'at least 10%')
        """
        low, high = lower / self.factor, upper / self.factor
        if math.isnan(low + high):  # of which nothing is known, or both sides are open
            return "not known"
        if math.isinf(high):
            return self._told("at least ", _toward(low, self._finest(low), ROUND_FLOOR))
        if math.isinf(low):
            return self._told("at most ", _toward(high, self._finest(high), ROUND_CEILING))
        if about and (text := self._about(low, high)):
            return text
        # Half a step on either side of a printed number takes one digit more than the number.
        width, finest = high - low, self._finest(max(abs(low), abs(high))) + both
        if (width == 0 or not both) and (one := _one(low, high, finest)):
            return self._told("", one)
        for place in range(min(max(0, -_decade(width) - 1), finest), finest + 1):
            if all(abs(round(end, place) - end) <= MOST_SHIFT * width for end in (low, high)):
                break
        else:  # narrower than a reader can use
            low = high = low + width / 2
        return self._told("", *dict.fromkeys(_fixed(end, place) for end in (low, high)))

    def _about(self, low: float, high: float) -> str:
        """The middle to the first digit that is open, if it is on the same side of zero."""
        middle = (low + high) / 2
        finest = self._finest(middle, 3)
        if one := _one(low, high, finest):
            return self._told("", one)
        place = min(finest, -_decade((high - low) / 2))
        return self._told("about ", _fixed(middle, place)) if round(middle, place) else ""

    def printed(self, hedge: str, value: float, lower: float, upper: float) -> str:
        """Write a number with the digits and the hedge it was printed with."""
        below, above = value - lower, upper - value
        # The place value of the last digit that was printed, back from hedge and bounds.
        step = 2 * min(below, above) if hedge == "exact" else max(below, above)
        if hedge == "nearly" and math.isclose(step, value / 10):
            step = 0.0  # the contract's cap, which does not tell the step
        if 0 < step < abs(value) * READABLE:
            return self.write(lower, upper)
        number = round(value / self.factor, 10)
        place = max(0, -_decade(step / self.factor)) if 0 < step < math.inf else 0
        while round(number, place) != number:
            place += 1
        return self._told(HEDGED.get(hedge, hedge.replace("_", " ") + " "), _fixed(number, place))

    def _told(self, hedge: str, *ends: str) -> str:
        """One number or two, between a hedge and the words; these are in the singular behind 1."""
        if self.unit == "percent":
            return hedge + " to ".join(f"{end}%" for end in ends)
        one = {_name(self.unit, 2): _name(self.unit, 1), "percentage points": "percentage point"}
        words = one.get(self.words, self.words) if ends[-1] == "1" else self.words
        return f"{hedge}{' to '.join(ends)} {words}".rstrip()

    def _finest(self, size: float, digits: int = 4) -> int:
        """Decimals of the last digit a reader can use, the fourth of an amount as a rule.

        Of a rate it is the third, at most two decimals; one under 0.05% is 0.0%.
        """
        magnitude = _decade(abs(size)) if size else 0
        if self.unit in ("percent", "points"):
            return 1 if abs(size) < TINY else min(2 - magnitude, 2)
        return digits - 1 - magnitude


def written(
    form: str, unit: str, ends: Interval, value: float, hedge: str = "", scale: Scale | None = None
) -> str:
    """Write a number in a form: ``about`` its middle, to the first digit that is open.

    ``range`` is both ends, ``over`` "more than" the lower and ``under`` "less than" the upper one,
    ``size`` has no sign (after "fell"); ``points`` are percentage points, ``times`` a multiple.
    Forms combine: ``size about``. Without one it is as printed if it has a ``hedge`` of the
    contract, else as `Scale.write` has it. Another form, or one of rates for an amount, is a
    ValueError. The ``scale`` is the number's own where no other is given.

    >>> written("", "percent", Interval(-0.205, -0.195), -0.2, "exact")
    '−20%'
    >>> written("size about", "percent", Interval(-0.214, -0.2), -0.207)
    'about 20.7%'
    """
    words = set(form.split())
    if words - FORMS:
        known = ", ".join(sorted(FORMS))
        raise ValueError(f"unknown form {form!r} of a number, expected some of {known}")
    if words & {"points", "times"}:
        if unit not in PURE:
            told = Scale.of(unit).words
            raise ValueError(f"{form!r} is a form of rates and ratios, this number is in {told}")
        unit = "points" if "points" in words else "multiple"
    if "size" in words and value < 0:
        ends, value = -ends, -value
    if words & {"over", "under"}:
        ends = (
            Interval(ends.lower, math.inf) if "over" in words else Interval(-math.inf, ends.upper)
        )
    elif hedge not in ("", "between") and not words & {"about", "range"}:
        return (scale or Scale.of(unit, value)).printed(hedge, value, ends.lower, ends.upper)
    scale = scale or Scale.of(unit, ends.lower, ends.upper)
    text = scale.write(ends.lower, ends.upper, both="range" in words, about="about" in words)
    if words & {"over", "under"}:
        return text.replace("at least", "more than").replace("at most", "less than")
    return text


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

    >>> product_unit("CNY", "÷", "CNY/USD"), product_unit("CNY", "÷", "CNY")
    ('USD', 'percent')
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


def deflated(unit: str) -> str:
    """Say how amounts came to the prices of a year; nothing where they were not brought there.

    >>> deflated("USD 2024")
    'Prices of 2024: in dollars, by US consumer prices.'
    """
    _, _, year = unit.partition(" ")
    return f"Prices of {year}: in dollars, by US consumer prices." if year.isdigit() else ""


def _name(unit: str, count: int) -> str:
    """The name of a currency or of a counted noun, for one or for many."""
    code, _, year = unit.partition(" ")
    if code in CURRENCIES:
        name = CURRENCIES[code][count > 1]
    elif len(code) == 3 and code.isupper():
        from babel.numbers import get_currency_name

        name = str(get_currency_name(code, count=count, locale="en"))
    elif count == 1 or not unit:
        return unit
    elif unit.endswith("y") and unit[-2:-1] not in "aeiou":
        return unit[:-1] + "ies"
    else:
        return unit + ("es" if unit.endswith(("s", "x", "ch", "sh")) else "s")
    return f"{name} at {year} prices" if year else name


def _one(low: float, high: float, finest: int) -> str:
    """The most precise number whose last digit is certain, or none that tells enough."""
    if low == high:
        return _shortest(low, finest)
    for place in range(finest, min(finest, 0) - 1, -1):
        step = 10.0**-place
        near, room = round((low + high) / 2 / step) * step, step * (0.5 + _SLACK)
        if (near or place == finest) and near - room <= low and high <= near + room:
            tells = place == finest or (high - low) * MOST_ROOM >= step * (1 - _SLACK)
            return _fixed(near, place) if tells else ""
    return ""


def _decade(size: float) -> int:
    return math.floor(math.log10(size) + _SLACK)


def _toward(number: float, place: int, rounding: str) -> str:
    """A number rounded up or down, without what binary floats add behind its twelfth digit."""
    exact = Decimal(f"{number:.12g}").quantize(Decimal(1).scaleb(-place), rounding)
    return _shortest(float(exact), place)


def _fixed(number: float, place: int) -> str:
    """A number to a decimal place; zero has no sign."""
    return f"{round(number, place) + 0:,.{max(place, 0)}f}".replace("-", MINUS)


def _shortest(number: float, place: int) -> str:
    text = _fixed(number, place)
    return text.rstrip("0").rstrip(".") if "." in text else text
