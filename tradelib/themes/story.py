"""What the stories share: settings, looking figures up, and the tables made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import pandas as pd

from tradelib.estimate import UNKNOWN, Estimate
from tradelib.ledger import load_figures, load_reference
from tradelib.prose import Shown, say
from tradelib.quantity import READINGS, Interval, Reading
from tradelib.reference import mean_rate
from tradelib.tables import Table, show

CURRENCIES: Final = ("CNY", "USD")
KEYS: Final = {"reporter": "China", "partner": "World", "product": "All", "measure": "level"}
"""The key columns where a question does not name others."""
YUAN_GROWTH: Final = {"measure": "growth", "currency_basis": "CNY"}
"""An amount in yuan grows by a rate in yuan: a rate in dollars would compute another base."""


class Story:
    """Figures under one choice of settings. What is not known is `UNKNOWN`, which is false.

    Parameters
    ----------
    currency
        ``CNY`` or ``USD``: what amounts are told in. An amount printed in that currency is taken
        as printed; any other is translated at the mean of its year's daily rates.
    reading
        ``rounded``, or ``printed``: whether a writer rounded, or may have cut digits off.
    highlight
        What the charts put forward; one of `highlights`, the first by default.

    Raises
    ------
    ValueError
        With one sentence, if a setting is none of those it may be.
    """

    def __init__(self, currency: str = "CNY", reading: Reading = "rounded", highlight: str = ""):
        _one_of("CURRENCY", currency, CURRENCIES)
        _one_of("READING", reading, READINGS)
        self.currency = currency
        self.figures = load_figures(reading=reading)
        self.reference = load_reference(reading=reading)
        self.highlight = highlight or self.highlights()[0]
        _one_of("HIGHLIGHT", self.highlight, self.highlights())

    @cached_property
    def year(self) -> int:
        """The last year the ledger speaks of."""
        return int(self.figures["period"].max())

    def highlights(self) -> list[str]:
        """What may be highlighted, the default first."""
        return [str(self.year)]

    def printed(self, **keys: Any) -> Estimate:
        """What the articles print of a quantity: the narrowest of the rows with these keys.

        China, World, All, ``level`` and the story's year stand where a key is not given; None
        asks for rows without one.
        """
        return self._narrowest(self.figures, keys)

    def published(self, **keys: Any) -> Estimate:
        """What others published of a quantity, asked for as in `printed`."""
        return self._narrowest(self.reference, keys)

    def _narrowest(self, table: pd.DataFrame, keys: dict[str, Any]) -> Estimate:
        keep = pd.Series(True, index=table.index)
        for column, key in {**KEYS, "period": self.year, **keys}.items():
            cells = table[column]
            keep &= cells.isna() if key is None else (cells == key).fillna(False).astype(bool)
        found = map(Estimate.of, table[keep].to_dict("records"))
        return min(found, key=lambda estimate: estimate.interval.width, default=UNKNOWN)

    def level(self, flow: str, year: int, **keys: Any) -> Estimate:
        """An amount in yuan by the articles alone: printed, or computed from what they print.

        A balance is also exports less imports; a year that is not printed is computed back from
        the year after and its growth.
        """
        own = self.printed(flow=flow, period=year, unit="CNY", **keys)
        if flow == "balance":
            return own & (self.level("exports", year, **keys) - self.level("imports", year, **keys))
        return own or self.base(flow, year + 1, **keys)

    def base(self, flow: str, year: int, **keys: Any) -> Estimate:
        """The amount in yuan of the year before, computed back from a level and its growth."""
        keys |= {"flow": flow, "period": year}
        level, growth = self.printed(unit="CNY", **keys), self.printed(**YUAN_GROWTH, **keys)
        return level / (1 + growth)

    def change(self, flow: str, **keys: Any) -> Estimate:
        """What a flow grew by, in yuan: sharp, as each figure stands in the formula once."""
        growth = self.printed(flow=flow, **YUAN_GROWTH, **keys)
        return self.printed(flow=flow, unit="CNY", **keys) * (1 - 1 / (1 + growth))

    def told(self, amount: Estimate, year: int, **keys: Any) -> Estimate:
        """An amount of a year in the story's currency: as printed in it, else translated."""
        if not amount or amount.unit == self.currency:
            return amount
        if keys and (own := self.printed(period=year, unit=self.currency, **keys)):
            return own
        rate = mean_rate(self.currency, amount.unit, year)
        mean = Estimate(Interval(rate.value, rate.value), self.currency, f"the {rate.what}")
        return replace(amount * mean, unit=self.currency)

    def labels(self, name: str) -> dict[str, Any]:
        """The columns that tell what a row is of."""
        return {"label": name}

    def rows(self, known: Iterable[tuple[dict[str, Any], Estimate]]) -> pd.DataFrame:
        """Make a chart's table of estimates and their further columns, the unknown left out.

        A row is highlighted where one of them is what the story highlights, or as they say.
        """
        rows = []
        for columns, found in known:
            row = {"highlight": self.highlight in map(str, columns.values())} | columns
            row |= {"lower": found.interval.lower, "upper": found.interval.upper}
            rows += [row | {"value": found.value, "origin": found.origin}] * bool(found)
        return pd.DataFrame(rows)

    def ranked(self, names: Iterable[str], of: Callable[[str], Estimate]) -> pd.DataFrame:
        """Make a chart's table with a row for each name, largest first."""
        rows = self.rows((self.labels(name), of(name)) for name in names)
        return rows.sort_values("value", ascending=False, kind="stable", ignore_index=True)

    def both_of(self, names: Iterable[str], of: Callable[[str, int], Estimate]) -> pd.DataFrame:
        """Make a chart's table with a row for each name in each of the last two years."""
        years = (self.year - 1, self.year)
        pairs = ((name, year) for name in names for year in years)
        return self.rows((self.labels(n) | {"series": str(year)}, of(n, year)) for n, year in pairs)

    def say(self, template: str, **values: Estimate | str | int) -> Shown:
        """Say a sentence with live numbers (see `tradelib.prose.say`); it may name ``year``."""
        years = {"year": self.year, "year_before": self.year - 1, "year_first": self.year - 2}
        return say(template, **years, **values)

    def ledger(self, caption: str, keep: pd.Series[bool]) -> Table:
        """Rows of the ledger for readers: what was printed, where, and how it is read."""
        rows = self.figures[keep].reset_index(drop=True)
        numbers = [Estimate.of(row) for row in rows.to_dict("records")]
        columns = rows[["figure"]].assign(
            printed=rows["surface"],
            where=rows["article"] + ", paragraph " + rows["paragraph"].astype(str),
            read_as=[str(number) for number in numbers],
            interval=[f"{number:range}" for number in numbers],
            corrected=rows["corrections"].replace({"^$": "–", "_": " ", ";": ", "}, regex=True),
        )
        return show(columns, caption=caption)


def joined(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["Africa", "ASEAN", "Latin America"])
    'Africa, ASEAN and Latin America'
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _one_of(setting: str, value: str, options: Iterable[str]) -> None:
    if value not in options:
        raise ValueError(f"{setting} is {value!r}, expected one of {', '.join(options)}")
