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
    "points": (0.01, "percentage points"),
    "percent": (0.01, "percent"),
    "multiple": (1.0, "times"),
}
PURE: Final = (*FIXED, "")
"""The units of numbers that are of nothing; the last is that of a plain number."""
FORMS: Final = {"about", "over", "points", "range", "size", "times", "under"}
HEDGED: Final = {"exact": "", "over": "more than ", "under": "less than "}
"""What stands before a hedged number, where it is not the hedge itself."""
MOST_ROOM: Final = 2
"""A single number may claim this many times the room its interval leaves: 6.1 for 6.08 to 6.13 is
what a writer would put, 7 for 7.05 to 7.4 would say too little."""
MOST_SHIFT: Final = 1 / 8
"""Rounding moves neither end of a range by more than this part of its width."""
MOST_DIGITS: Final = 3
"""A computed number is told with three digits; what follows is rarely read and never meant."""
READABLE: Final = 1e-6
"""Of a printed number, smaller parts than this are left out: nobody reads a seventh digit."""
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

    def write(self, lower: float, upper: float, *, signed: bool = False, both: bool = False) -> str:
        """Write an interval: one number where one is honest, else a range or an open end.

        A number with *n* digits claims half a unit of its last digit on either side. The most
        precise one that covers the whole interval is written unless it claims over `MOST_ROOM`
        times the room the interval leaves; then both ends are, each rounded to the nearest. An
        open end is rounded away from what it leaves open. The bounds are in single units, infinite
        for an open end, NaN for nothing known. ``signed`` gives a positive number its plus,
        ``both`` writes both ends even where one number would be honest.

        >>> percent = Scale.of("percent")
        >>> percent.write(0.0605, 0.0615), percent.write(0.07, 0.08)
        ('6.1%', '7% to 8%')
        >>> percent.write(-0.21, -0.20), percent.write(0.1, math.inf)
        ('−21% to −20%', 'at least 10%')
        """
        if not (ends := self._ends(lower, upper, both)):
            return "not known"
        text = " to ".join(self._with_mark(end, signed) for end in ends)
        opened = "at least " if math.isinf(upper) else "at most " if math.isinf(lower) else ""
        return opened + text + self._words(ends[-1])

    def _ends(self, lower: float, upper: float, both: bool) -> list[str]:
        """The digits of an interval: none, one number or two."""
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

    def about(self, lower: float, upper: float) -> str:
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
            return self.write(lower, upper)
        finest, hedge = self._finest(middle, MOST_DIGITS), ""
        if not (text := self._one(low, high, finest)):
            place, hedge = min(finest, -_decade((high - low) / 2)), "about "
            if not round(middle, place):
                return self.write(lower, upper)
            text = _fixed(middle, place)
        return hedge + self._with_mark(text) + self._words(text)

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

    def printed(self, hedge: str, value: float, lower: float, upper: float) -> str:
        """Write a number with the digits and the hedge it was printed with.

        >>> Scale.of("percent").printed("over", 0.071, 0.071, 0.072)
        'more than 7.1%'
        """
        below, above = value - lower, upper - value
        # The place value of the last digit that was printed, back from hedge and bounds.
        step = 2 * min(below, above) if hedge == "exact" else max(below, above)
        if hedge == "nearly" and math.isclose(step, value / 10):
            step = 0.0  # the contract's cap, which does not tell the step
        if 0 < step < abs(value) * READABLE:
            return self.write(lower, upper)
        written = round(value / self.factor, 10)
        place = max(0, -_decade(step / self.factor)) if 0 < step < math.inf else 0
        while round(written, place) != written:
            place += 1
        end = _fixed(written, place)
        told = HEDGED.get(hedge, hedge.replace("_", " ") + " ")
        return told + self._with_mark(end) + self._words(end)

    def _with_mark(self, end: str, signed: bool = False) -> str:
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


def written(form: str, unit: str, lower: float, upper: float, value: float, hedge: str = "") -> str:
    """Write a number in a form: ``about`` its middle, to the first digit that is open.

    ``range`` is both ends, ``over`` "more than" the lower and ``under`` "less than" the upper one,
    ``size`` has no sign (after "fell"); ``points`` are percentage points, ``times`` a multiple.
    Forms combine: ``size about``. Without one it is as printed if it has a ``hedge`` of the
    contract, else as `Scale.write` has it. Another form, or one of rates for an amount, is a
    ValueError.

    >>> written("", "percent", -0.205, -0.195, -0.2, "exact")
    '−20%'
    >>> written("size about", "percent", -0.214, -0.2, -0.207)
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
        lower, upper, value = -upper, -lower, -value
    if words & {"over", "under"}:
        lower, upper = (lower, math.inf) if "over" in words else (-math.inf, upper)
        text = Scale.of(unit, lower, upper).write(lower, upper)
        return text.replace("at least", "more than").replace("at most", "less than")
    scale = Scale.of(unit, lower, upper)
    if "about" in words:
        return scale.about(lower, upper)
    if hedge not in ("", "between") and "range" not in words:
        return Scale.of(unit, value).printed(hedge, value, lower, upper)
    return scale.write(lower, upper, both="range" in words)


def deflated(unit: str) -> str:
    """Say how amounts came to the prices of a year; nothing where they were not brought there.

    >>> deflated("USD 2024")
    'Prices of 2024: in dollars, by US consumer prices.'
    """
    _, _, year = unit.partition(" ")
    return f"Prices of {year}: in dollars, by US consumer prices." if year.isdigit() else ""


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
