"""What the stories share: settings, looking figures up, computing with their intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Final

import pandas as pd

from tradelib.ledger import load_figures, load_reference
from tradelib.prose import Number, Sentence, derived, number, say
from tradelib.quantity import READINGS, Interval, Reading
from tradelib.reference import annual_rate
from tradelib.tables import Table, show

CURRENCIES: Final = {"CNY": "yuan", "USD": "dollars"}
ARTICLES: Final = "Articles surplus-2024 and diversification-2025"
CUSTOMS: Final = "General Administration of Customs of China, cited in reference.csv"
HOME: Final = {"reporter": "China", "partner": "World", "product": "All"}
"""The key columns where a question does not name others."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the figures say of one quantity: an interval, and what it rests on.

    Attributes
    ----------
    interval
        In single units of ``unit``; rates and shares are fractions.
    unit
        A currency, ``percent``, ``points``, or a counted noun.
    origin
        ``printed`` in an article, ``computed`` from figures, or ``reference`` by others.
    formula
        How it was computed, in words; empty where it was printed.
    inputs
        The rows it rests on.
    """

    interval: Interval
    unit: str
    origin: str
    formula: str
    inputs: tuple[Mapping[str, Any], ...]

    @property
    def value(self) -> float:
        """The number as written, or the middle of a computed interval."""
        if self.formula or len(self.inputs) != 1:
            return self.interval.midpoint
        return float(self.inputs[0]["value"])

    @property
    def live(self) -> Number:
        """The number for a sentence, traceable to what it rests on."""
        if self.formula:
            return derived(self.interval, self.unit, self.formula, self.inputs)
        return number(self.inputs[0])

    def row(self, label: Any, **columns: Any) -> dict[str, Any]:
        """A row for a chart or a table: ``label, value, lower, upper, origin`` and more."""
        return {
            "label": label,
            "value": self.value,
            "lower": self.interval.lower,
            "upper": self.interval.upper,
            "origin": self.origin,
            **columns,
        }


def computed(
    interval: Interval, unit: str, formula: str, *parts: Estimate, origin: str = "computed"
) -> Estimate:
    """An estimate computed from others, which must not be empty-handed: it keeps their rows."""
    if parts and all(part.origin == "reference" for part in parts):
        origin = "reference"
    rows: dict[str, Mapping[str, Any]] = {}
    for part in parts:
        for row in part.inputs:
            rows.setdefault(str(row.get("figure", row.get("reference"))), row)
    return Estimate(interval, unit, origin, formula, tuple(rows.values()))


class Story:
    """Figures under one choice of settings.

    Parameters
    ----------
    currency
        ``CNY`` or ``USD``: what amounts are told in. An amount printed in that currency is taken
        as printed; any other is translated at the mean of the European Central Bank's daily
        rates of its year.
    reading
        ``rounded``, or ``printed``: whether a writer rounded, or may have cut digits off.
    highlight
        What the charts put forward; each story says what it may be.

    Raises
    ------
    ValueError
        With one sentence, if a setting is none of those it may be.
    """

    def __init__(self, currency: str = "CNY", reading: Reading = "rounded", highlight: str = ""):
        _one_of("CURRENCY", currency, CURRENCIES)
        _one_of("READING", reading, READINGS)
        self.currency = currency
        self.reading: Reading = reading
        self.figures = load_figures(reading=reading)
        self.reference = load_reference(reading=reading)
        self.year = int(self.figures["period"].max())
        newest = self.figures["vintage"] == self.figures["vintage"].max()
        self.latest = str(self.figures.loc[newest, "article"].iloc[0])
        self.highlight = highlight or self.highlights()[0]
        _one_of("HIGHLIGHT", self.highlight, self.highlights())

    def highlights(self) -> list[str]:
        """What may be highlighted, the default first."""
        return [""]

    @staticmethod
    def needed(found: Estimate | None, what: str) -> Estimate:
        """What was found; an error in one sentence where it was not."""
        if found is None:
            raise ValueError(f"the tables in data/ do not give {what}, which this story needs")
        return found

    def rows(self, table: pd.DataFrame, **keys: Any) -> pd.DataFrame:
        """The rows of a table with these keys; China, World and All where none is given."""
        keep = pd.Series(True, index=table.index)
        for column, wanted in {**HOME, **keys}.items():
            keep &= (table[column] == wanted).fillna(False).astype(bool)
        return table[keep]

    def printed(self, **keys: Any) -> Estimate | None:
        """What the articles print of a quantity: all its printings together, if they agree."""
        return _together(self.rows(self.figures, **keys), "printed")

    def published(self, **keys: Any) -> Estimate | None:
        """What others published of a quantity: the most precise of them."""
        found = self.rows(self.reference, **keys)
        if found.empty:
            return None
        finest = (found["upper"] - found["lower"]).argmin()
        return _estimate(records(found)[int(finest)], "reference")

    def level(
        self, year: int, flow: str, *, translate: bool = True, **keys: Any
    ) -> Estimate | None:
        """An amount by the articles: printed, else computed from what they print.

        A balance is also exports less imports; a year that is not printed is computed back from
        the year after and its growth. What is not printed in the currency asked for is
        translated, unless ``translate`` is false.
        """
        asked = {**keys, "flow": flow, "measure": "level", "period": year}
        own = self.printed(**asked, unit=self.currency)
        parts = [own] if own else []
        if not own or self.currency == "CNY":
            parts += self._indirect(year, flow, asked, keys, translate)
        if not parts:
            return None
        whole = reduce(lambda a, b: a & b if a.overlaps(b) else a, (p.interval for p in parts))
        if len(parts) == 1:
            return parts[0]
        formula = f"{parts[0].formula or 'as printed'}, and {parts[1].formula}"
        return computed(whole, self.currency, formula, *parts, origin=parts[0].origin)

    def _indirect(
        self, year: int, flow: str, asked: dict[str, Any], keys: dict[str, Any], translate: bool
    ) -> list[Estimate]:
        yuan = self.printed(**asked, unit="CNY")
        if yuan and self.currency != "CNY":
            return [self.translated(yuan, year)] if translate else []
        if flow == "balance":
            sold = self.level(year, "exports", translate=translate, **keys)
            bought = self.level(year, "imports", translate=translate, **keys)
            return [difference(sold, bought, "exports less imports")] if sold and bought else []
        if yuan:
            return []
        base = self.base(year + 1, flow, **keys)
        if base is None:
            return []
        if self.currency == "CNY":
            return [base]
        return [self.translated(base, year)] if translate else []

    def growth(self, year: int, flow: str, **keys: Any) -> Estimate | None:
        """The growth of a flow from the year before, as the articles print it."""
        return self.printed(**keys, flow=flow, measure="growth", period=year)

    def base(self, year: int, flow: str, **keys: Any) -> Estimate | None:
        """The amount in yuan of the year before, computed back from a level and its growth."""
        level = self.printed(**keys, flow=flow, measure="level", period=year, unit="CNY")
        growth = self.growth(year, flow, **keys)
        if level is None or growth is None:
            return None
        formula = f"{flow} of {year} divided by one plus their growth"
        return computed(level.interval / (1 + growth.interval), "CNY", formula, level, growth)

    def translated(self, amount: Estimate, year: int) -> Estimate:
        """An amount in the currency of the story, at the mean rate of a year."""
        if amount.unit == self.currency:
            return amount
        rate = annual_rate(self.currency, amount.unit, year)
        what = amount.formula or f"{CURRENCIES[amount.unit]} as printed"
        formula = f"{what}, translated at the {rate.what} ({1 / rate.value:.3f} yuan to the dollar)"
        return computed(
            amount.interval * rate.value, self.currency, formula, amount, origin="computed"
        )

    @cached_property
    def numbers(self) -> dict[str, Number | str | int]:
        """What the sentences of the story may speak of, by name."""
        return {"year": self.year, "year_before": self.year - 1}

    def say(self, template: str) -> Sentence:
        """Say a sentence with the story's `numbers` in it; see `tradelib.prose.say`."""
        return say(template, **self.numbers)

    def ledger(self, *figures: str, caption: str, note: str = "") -> Table:
        """Rows of the ledger as a table for readers: what was printed, where, how it is read."""
        rows = self.figures
        chosen = rows[rows["figure"].isin(figures)] if figures else rows
        return printed_table(chosen, caption, note)


def printed_table(rows: pd.DataFrame, caption: str, note: str = "") -> Table:
    """Show rows of the ledger: what was printed, where, and how it is read.

    Parameters
    ----------
    rows
        Rows as `tradelib.load_figures` gives them.
    caption, note
        As in `tradelib.tables.show`.
    """
    numbers = [number(row) for row in records(rows)]
    frame = pd.DataFrame(
        {
            "figure": rows["figure"],
            "printed": rows["surface"],
            "where": [
                f"{article}, paragraph {paragraph}"
                for article, paragraph in zip(rows["article"], rows["paragraph"], strict=True)
            ],
            "read as": [str(n) for n in numbers],
            "interval": [f"{n:range}" for n in numbers],
            "corrected": [fields.replace(";", ", ") or "–" for fields in rows["corrections"]],
        }
    )
    return show(frame.reset_index(drop=True), caption=caption, note=note)


def difference(a: Estimate, b: Estimate, formula: str) -> Estimate:
    """One amount less another.

    The bounds treat the two as independent, as they are when each was rounded by itself.
    """
    return computed(a.interval - b.interval, a.unit, formula, a, b)


def ratio(a: Estimate, b: Estimate, unit: str, formula: str) -> Estimate:
    """One amount divided by another: a share, or a rate of exchange."""
    return computed(a.interval / b.interval, unit, formula, a, b)


def change(new: Estimate, old: Estimate, formula: str) -> Estimate:
    """Relative change between two amounts."""
    return computed(new.interval / old.interval - 1, "percent", formula, new, old)


def table(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Rows of estimates as a DataFrame."""
    return pd.DataFrame(list(rows))


def in_words(number: int) -> str:
    """A small whole number as a word, as prose wants it.

    >>> in_words(9), in_words(21)
    ('nine', '21')
    """
    words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    return words[number] if 0 <= number < len(words) else str(number)


def joined(words: list[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["Africa", "ASEAN", "Latin America"])
    'Africa, ASEAN and Latin America'
    """
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a DataFrame as mappings."""
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _estimate(row: Mapping[str, Any], origin: str) -> Estimate:
    unit = row["kind"] if row["kind"] in ("percent", "points", "multiple") else row["unit"]
    return Estimate(Interval(row["lower"], row["upper"]), unit, origin, "", (row,))


def _together(found: pd.DataFrame, origin: str) -> Estimate | None:
    """One estimate from all printings: the narrowest, narrowed by those that overlap it."""
    if found.empty:
        return None
    order = (found["upper"] - found["lower"]).argsort(kind="stable")
    first, *others = (_estimate(row, origin) for row in records(found.iloc[order]))
    whole, used = first.interval, [first]
    for other in others:
        if other.interval.overlaps(whole) and whole != (whole & other.interval):
            whole, used = whole & other.interval, [*used, other]
    if len(used) == 1:
        return first
    return computed(whole, first.unit, "all its printings together", *used, origin=origin)


def _one_of(setting: str, value: str, options: Iterable[str]) -> None:
    if value not in options:
        raise ValueError(f"{setting} is {value!r}, expected one of {', '.join(options)}")
