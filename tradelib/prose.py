"""Sentences whose numbers are computed, and can be traced to the words that were printed.

- `number` makes a `Number` of a ledger row, a reference row or an interval; `derived` of a
  computed interval, with its formula and its inputs.
- `say` puts numbers into a sentence and displays it: ``text/html`` with live numbers, and
  ``text/plain``, the sentence alone.

A template may hold ``**bold**``, ``*emphasis*``, ``[links](url)`` and empty lines between
paragraphs. A field says how its number is written: ``{x}`` as printed, or as its interval allows;
``{x:range}`` by both ends; ``{x:over}`` "more than" its lower end, ``{x:under}`` "less than" its
upper end; ``{x:size}`` without its sign (after "fell"), ``{x:signed}`` with one; words combine:
``{x:size range}``. The same works in an f-string for the title of a chart.

A note is an attribute of its number, shown by the style sheet on pointing, focus and touch. Where
a viewer drops style sheets the attribute ``title`` remains, and below every sentence a list that
opens without any script holds all notes. Nothing else is added to the sentence, so that it reads
alike with all markup removed. ``data-figure`` names the ledger's row for the site to link.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from string import Formatter
from typing import Any, Final

from tradelib.quantity import Interval
from tradelib.scale import Scale

HEDGED: Final = {
    "exact": "",
    "about": "about ",
    "over": "more than ",
    "nearly": "nearly ",
    "under": "less than ",
    "at_least": "at least ",
    "at_most": "at most ",
}
FORMS: Final = frozenset({"range", "over", "under", "size", "signed"})
LIST_HEADING: Final = "Where these numbers come from"
_MARKS: Final = (
    (re.compile(r"\[([^\]]+)\]\((https?://[^\s()]+|[\w./#-]+)\)"), r'<a href="\2">\1</a>'),
    (re.compile(r"\*\*(.+?)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*(?=\S)(.+?)(?<=\S)\*"), r"<em>\1</em>"),
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number for a sentence: its interval, how it was hedged, and where it comes from.

    Attributes
    ----------
    lower, upper
        The interval in single units of ``unit`` (see `tradelib.scale`).
    unit
        A currency code, ``percent``, ``points``, ``multiple`` or a counted noun.
    origin
        Where it comes from, in words.
    figure
        The slug of the ledger's row, empty for computed numbers.
    value, hedge
        As printed, for a row of the ledger; NaN and empty otherwise.

    Examples
    --------
    >>> surplus = number(Interval(7.0e12, 7.09e12), "CNY", origin="customs")
    >>> f"A surplus of {surplus}, {surplus:over}"
    'A surplus of 7.0 to 7.1 trillion yuan, more than 7 trillion yuan'
    """

    lower: float
    upper: float
    unit: str
    origin: str
    figure: str = ""
    value: float = math.nan
    hedge: str = ""

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, form: str) -> str:
        words = set(form.split())
        if words - FORMS:
            raise ValueError(
                f"unknown form {form!r} of a number, expected some of {', '.join(sorted(FORMS))}"
            )
        lower, upper, value = self.lower, self.upper, self.value
        if "size" in words and (upper <= 0 or value < 0):
            lower, upper, value = -upper, -lower, -value
        if "over" in words:
            return (
                Scale.of(self.unit, lower).write(lower, math.inf).replace("at least", "more than")
            )
        if "under" in words:
            return (
                Scale.of(self.unit, upper).write(-math.inf, upper).replace("at most", "less than")
            )
        signed = "signed" in words
        if self.hedge in HEDGED and not words & {"range", "signed"}:
            scale = Scale.of(self.unit, value)
            return HEDGED[self.hedge] + scale.exact(value, _step(self.hedge, lower, value, upper))
        scale = Scale.of(self.unit, lower, upper)
        return scale.write(lower, upper, signed=signed, both="range" in words)

    @property
    def note(self) -> str:
        """What stands behind the number: its origin and its interval.

        >>> number(Interval(0.07, 0.08), "percent", origin="customs").note
        'customs: 7% to 8%'
        """
        scale = Scale.of(self.unit, self.lower, self.upper)
        return f"{self.origin}: {scale.write(self.lower, self.upper, both=True)}"

    def html(self, form: str = "") -> str:
        """The live number as HTML, escaped."""
        text, note = escape(format(self, form)), escape(self.note)
        row = f' data-figure="{escape(self.figure)}"' if self.figure else ""
        return (
            f'<span class="tl-number" tabindex="0" role="note" aria-label="{text}: {note}"{row}>'
            f'<span title="{note}">{text}</span></span>'
        )


def number(
    source: Interval | Mapping[str, Any], unit: str = "", *, origin: str = "", figure: str = ""
) -> Number:
    """Make a number of a row of the ledger or the reference table, or of an interval.

    Parameters
    ----------
    source
        A row (a mapping or a Series) with ``value``, ``lower``, ``upper``, ``unit``, ``kind``,
        ``hedge``, ``surface`` and either ``figure, article, paragraph`` or ``publisher``;
        or an `Interval`, which needs ``unit`` and ``origin``.
    unit, origin, figure
        As the attributes of `Number`; they override what the row says.

    Raises
    ------
    ValueError
        If unit or origin are neither given nor in the row.

    Examples
    --------
    >>> growth = number({
    ...     "figure": "exports-growth-2024", "article": "surplus-2024", "paragraph": 1,
    ...     "surface": "over 7%", "kind": "percent", "unit": "1", "hedge": "over",
    ...     "value": 0.07, "lower": 0.07, "upper": 0.08})
    >>> print(growth, growth.note, sep="; ")
    more than 7%; printed “over 7%”, article surplus-2024, paragraph 1: 7% to 8%
    """
    if isinstance(source, Interval):
        if not unit or not origin:
            raise ValueError(f"{source} needs a unit and an origin in words to stand in a sentence")
        return Number(source.lower, source.upper, unit, origin, figure)
    row = source
    kind = row.get("kind", "")
    unit = unit or (kind if kind in ("percent", "points", "multiple") else row["unit"])
    if unit == "1":
        raise ValueError("a row with unit 1 needs its kind: percent, points or multiple")
    if not origin:
        place = row.get("publisher")
        if not isinstance(place, str) or not place:
            place = f"article {row['article']}, paragraph {row['paragraph']}"
        origin = f"printed “{row['surface']}”, {place}"
        if fields := row.get("corrections"):
            origin += f" (corrected: {str(fields).replace(';', ', ')})"
    lower, upper, value = (float(row[name]) for name in ("lower", "upper", "value"))
    slug, hedge = (str(row.get(name, "")) for name in ("figure", "hedge"))
    return Number(lower, upper, unit, origin, figure or slug, value, hedge)


def derived(
    bounds: Interval, unit: str, formula: str, inputs: Sequence[Number | Mapping[str, Any]]
) -> Number:
    """Make a number of a computed interval; its note tells the formula and the inputs.

    Parameters
    ----------
    bounds, unit
        The interval that was computed, in single units of ``unit``.
    formula
        How, in words: ``exports − imports``.
    inputs
        The numbers, or rows of the ledger, that went in.

    Examples
    --------
    >>> half = number(Interval(25.35e12, 25.45e12), "CNY", origin="customs")
    >>> derived(Interval(50.7e12, 50.9e12), "CNY", "twice the half", [half]).note
    'computed as twice the half, from 25.4 trillion yuan (customs): 50.7 to 50.9 trillion yuan'
    """
    numbers = [given if isinstance(given, Number) else number(given) for given in inputs]
    from_ = "; ".join(f"{n} ({n.origin.partition(', from ')[0]})" for n in numbers)
    return Number(bounds.lower, bounds.upper, unit, f"computed as {formula}, from {from_}")


class Sentence:
    """A sentence that displays itself: ``plain``, and as ``html`` with live numbers and notes."""

    def __init__(self, template: str, values: Mapping[str, Number | str | int]) -> None:
        source, numbers = "", list[tuple[str, Number]]()
        forms: list[tuple[Number | str | int, str]] = []
        for literal, field, form, _ in Formatter().parse(template):
            source += literal
            if field is None:
                continue
            value = values.get(field)
            if value is None or not isinstance(value, Number | str | int):
                found = "nothing" if value is None else f"the {type(value).__name__} {value!r}"
                raise ValueError(
                    f"{{{field}}} in {template!r} needs a number(...), a word or a whole number, "
                    f"found {found}"
                )
            source += f"\0{len(forms)}\0"
            forms.append((value, form or ""))
            if isinstance(value, Number):
                numbers.append((format(value, form or ""), value))
        plain, html = source.strip(), escape(source.strip())
        for mark, tag in _MARKS:
            plain, html = mark.sub(r"\1", plain), mark.sub(tag, html)
        for place, (value, form) in enumerate(forms):
            text = format(value, form)
            live = value.html(form) if isinstance(value, Number) else escape(text)
            plain = plain.replace(f"\0{place}\0", text)
            html = html.replace(f"\0{place}\0", live)
        self.plain = plain
        notes = "".join(
            f'<li data-figure="{escape(n.figure)}">{escape(f"{text}: {n.note}")}</li>'
            for text, n in dict.fromkeys(numbers)
        )
        if notes:
            notes = f"<details><summary>{LIST_HEADING}</summary><ul>{notes}</ul></details>"
        body = "".join(f"<p>{part.strip()}</p>" for part in re.split(r"\n\s*\n", html))
        self.html = f'<div class="tl-say">{body}{notes}</div>'

    def __str__(self) -> str:
        return self.plain

    __repr__ = __str__

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": self.plain, "text/html": f"<style>{style()}</style>{self.html}"}


def say(template: str, /, **values: Number | str | int) -> Sentence:
    """Say a sentence with numbers in it.

    Parameters
    ----------
    template
        The sentence, with a field for each number, as the module says.
    **values
        What the fields stand for: numbers, words, years. Further values are ignored, so that one
        table of numbers can serve many sentences.

    Raises
    ------
    ValueError
        If a field has no value, or a float that comes from nowhere.

    Examples
    --------
    >>> surplus = number(Interval(7.0e12, 7.09e12), "CNY", origin="customs")
    >>> say("In {year} the surplus came to **{surplus}**.", surplus=surplus, year=2024)
    In 2024 the surplus came to 7.0 to 7.1 trillion yuan.
    """
    return Sentence(template, values)


def style() -> str:
    """Give the style sheet of live numbers and tables, on one line (``tradelib/house.css``).

    >>> ".tl-number" in style()
    True
    """
    text = files("tradelib").joinpath("house.css").read_text(encoding="utf-8")
    return re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", text, flags=re.S)).strip()


def _step(hedge: str, lower: float, value: float, upper: float) -> float:
    """The place value of the last digit that was printed, back from hedge and bounds."""
    below, above = value - lower, upper - value
    if hedge == "nearly" and math.isclose(below, value / 10):
        return 0.0  # the contract's cap, which does not tell the step
    steps = {"exact": 2 * min(below, above), "about": above, "over": above}
    return steps.get(hedge, below if hedge in ("nearly", "under") else 0.0)
