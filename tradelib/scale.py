"""Numbers as text: scaled to a readable unit and no more precise than their interval.

Prose, charts and tables write numbers through this module alone. Units are those of the contract:
an ISO 4217 code for money, ``percent`` and ``points`` (both fractions: 0.05 is 5%), ``multiple``,
a counted noun in the singular, or one of these over another (``CNY/USD``). ``USD 2024`` is money at
the prices of 2024. The dollar sign is never written: JupyterLab reads two of them in one text as
mathematics.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MINUS: Final = "\N{MINUS SIGN}"
CURRENCIES: Final = {"CNY": ("yuan", "yuan"), "USD": ("dollar", "dollars"), "KRW": ("won", "won")}
"""One and many of the currencies the articles use; any other takes its names from the CLDR."""
STEPS: Final = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (0.0, ""))
FIXED: Final = {
    "percent": (0.01, "percent"),
    "points": (0.01, "percentage points"),
    "multiple": (1.0, "times"),
}
MOST_ROOM: Final = 2
"""A single number may claim this many times the room its interval leaves: 6.1 for 6.08 to 6.13 is
what a writer would put, 7 for 7.05 to 7.4 would say too little."""
MOST_SHIFT: Final = 1 / 8
"""Rounding moves neither end of a range by more than this part of its width."""
MOST_DIGITS: Final = 3
"""A computed number is told with three digits; what follows is rarely read and never meant."""
TINY: Final = 0.05
"""Percent: what is smaller is written as 0.0%."""
_SLACK: Final = 1e-9
"""Room, in steps of the last digit, for the rounding of binary floats."""


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

    def write(
        self, lower: float, upper: float, *,
        signed: bool = False, short: bool = False, both: bool = False,
    ) -> str:  # fmt: skip
        """Write an interval: one number where one is honest, else a range or an open end.

        A number with *n* digits claims half a unit of its last digit on either side. The most
        precise one that covers the whole interval is written unless it claims over `MOST_ROOM`
        times the room the interval leaves; then both ends are, each rounded to the nearest. An
        open end is rounded away from what it leaves open. The bounds are in single units, infinite
        for an open end, NaN for nothing known. ``signed`` gives a positive number its plus,
        ``short`` leaves out words, for a chart or a cell, ``both`` writes both ends even where one
        number would be honest.

        >>> percent = Scale.of("percent")
        >>> percent.write(0.0605, 0.0615), percent.write(0.07, 0.08)
        ('6.1%', '7% to 8%')
        >>> percent.write(-0.21, -0.20, short=True), percent.write(0.1, math.inf)
        ('−21% to −20%', 'at least 10%')
        """
        if not (ends := self.digits(lower, upper, both=both)):
            return "not known"
        text = " to ".join(self._with_mark(end, signed) for end in ends)
        if short and lower >= 0 and not signed:
            text = text.replace("% to ", "–").replace(" to ", "–")
        above, below = ("≥ ", "≤ ") if short else ("at least ", "at most ")
        opened = above if math.isinf(upper) else below if math.isinf(lower) else ""
        return opened + text + ("" if short else self._words(ends[-1]))

    def digits(self, lower: float, upper: float, *, both: bool = False) -> list[str]:
        """Give the digits of an interval: none, one number or two.

        >>> Scale.of("CNY", 25e12).digits(25.41e12, 25.46e12)
        ['25.41', '25.46']
        """
        low, high = lower / self.factor, upper / self.factor
        if math.isnan(low + high):  # of which nothing is known, or both sides are open
            return []
        if math.isinf(low + high):
            bound, way = (high, math.ceil) if math.isinf(low) else (low, math.floor)
            return [_shortest(_toward(bound, place := self._finest(bound), way), place)]
        # Half a step on either side of a printed number takes one digit more than the number.
        width, finest = high - low, self._finest(max(abs(low), abs(high))) + both
        if (width == 0 or not both) and (one := self._one(low, high, finest)):
            return [one]
        for place in range(min(max(0, -_decade(width) - 1), finest), finest + 1):
            if all(abs(round(end, place) - end) <= MOST_SHIFT * width for end in (low, high)):
                break
        else:  # narrower than a reader can use
            low = high = low + width / 2
        return list(dict.fromkeys(_fixed(end, place) for end in (low, high)))

    def about(self, lower: float, upper: float, *, signed: bool = False) -> str:
        """Write the middle of an interval, to the first digit that is open, three at the most.

        "about" stands before it only where the last digit is not certain. What is open, or may as
        well be above zero as below, is written as by `write`.

        >>> dollars = Scale.of("USD", 361e9)
        >>> dollars.about(103.5e9, 106.2e9), dollars.about(360.6e9, 361.2e9)
        ('about 105 billion dollars', '361 billion dollars')
        """
        low, high = lower / self.factor, upper / self.factor
        middle = (low + high) / 2
        if not math.isfinite(middle):
            return self.write(lower, upper, signed=signed)
        finest, hedge = self._finest(middle, MOST_DIGITS), ""
        if not (text := self._one(low, high, finest)):
            place, hedge = min(finest, -_decade((high - low) / 2)), "about "
            if not round(middle, place):
                return self.write(lower, upper, signed=signed)
            text = _fixed(middle, place)
        return hedge + self._with_mark(text, signed) + self._words(text)

    @staticmethod
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

    def exact(self, value: float, step: float) -> str:
        """Write a printed value with the digits it was printed with, words of unit included.

        >>> Scale.of("percent").exact(0.071, 0.0001)
        '7.10%'
        """
        written = round(value / self.factor, 10)
        place = max(0, -_decade(step / self.factor)) if 0 < step < math.inf else 0
        while round(written, place) != written:
            place += 1
        end = _fixed(written, place)
        return self._with_mark(end, False) + self._words(end)

    def _with_mark(self, end: str, signed: bool) -> str:
        """A number with its sign and the sign of percent."""
        zero, down = not end.strip("-0.,"), end.startswith("-")
        sign = "" if zero else MINUS if down else "+" * signed
        return sign + end.removeprefix("-") + "%" * (self.unit == "percent")

    def _words(self, end: str) -> str:
        """The words behind a number, in the singular behind one."""
        if self.unit == "percent":
            return ""
        one = {_name(self.unit, 2): _name(self.unit, 1), "percentage points": "percentage point"}
        return f" {one.get(self.words, self.words) if end == '1' else self.words}".rstrip()

    def _finest(self, size: float, digits: int = 4) -> int:
        """Decimals of the last digit a reader can use, the fourth of an amount as a rule.

        Of a rate it is the third, at most two decimals; one under 0.05% is 0.0%.
        """
        size = abs(size)
        magnitude = _decade(size) if size else 0
        if self.unit in ("percent", "points"):
            return 1 if size < TINY else min(2 - magnitude, 2)
        if magnitude < -1:
            return min(digits - 3 - magnitude, 6)
        return min(digits - 1 - magnitude, digits - 1)


def deflated(unit: str) -> str:
    """Say how amounts came to the prices of a year; nothing where they were not brought there.

    >>> deflated("CNY 2024")
    "Prices of 2024: in dollars, by US consumer prices; in yuan at that year's rate."
    """
    code, _, year = unit.partition(" ")
    if not (year and code[:3].isupper()):
        return ""
    told = "" if code == "USD" else f"; in {_name(code, 2)} at that year's rate"
    return f"Prices of {year}: in dollars, by US consumer prices{told}."


def plural(noun: str) -> str:
    """Give the regular English plural of a counted noun.

    >>> plural("country"), plural("vehicle"), plural("box")
    ('countries', 'vehicles', 'boxes')
    """
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _name(unit: str, count: int) -> str:
    """The name of a currency or of a counted noun, for one or for many."""
    code, _, year = unit.partition(" ")
    if not (len(code) == 3 and code.isupper()):
        return plural(unit) if unit and count > 1 else unit
    if code in CURRENCIES:
        name = CURRENCIES[code][count > 1]
    else:
        from babel.numbers import get_currency_name

        name = str(get_currency_name(code, count=count, locale="en"))
    return f"{name} at {year} prices" if year else name


def _decade(size: float) -> int:
    return math.floor(math.log10(size) + _SLACK)


def _toward(number: float, place: int, way: Callable[[float], int]) -> float:
    """Round up or down at a decimal place, forgiving what binary floats add."""
    steps = number * 10.0**place
    near = round(steps)
    return (near if abs(steps - near) <= _SLACK * max(1, abs(near)) else way(steps)) / 10.0**place


def _fixed(number: float, place: int) -> str:
    return f"{round(number, place):,.{max(place, 0)}f}"


def _shortest(number: float, place: int) -> str:
    written = _fixed(number, place)
    return written.rstrip("0").rstrip(".") if "." in written else written
