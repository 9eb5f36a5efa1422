"""What the stories share: settings, looking figures up, and the tables made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, reduce
from operator import mul
from typing import Any, Final, Self

import pandas as pd

import tradelib
from tradelib.estimate import UNKNOWN, Estimate
from tradelib.ledger import load_figures, load_reference, load_table
from tradelib.prose import Shown, say
from tradelib.quantity import READINGS, Interval, Reading
from tradelib.reference import mean_rate, price_ratio
from tradelib.tables import Table, show

CURRENCIES: Final = ("CNY", "USD")
KEYS: Final = {"reporter": "China", "partner": "World", "product": "All", "measure": "level"}
"""The key columns where a question does not name others."""
FIRST_RATE: Final = "2005"
"""The first year of which the ECB has rates of the yuan."""
YUAN_GROWTH: Final = {"measure": "growth", "currency_basis": "CNY"}
"""An amount in yuan grows by a rate in yuan: a rate in dollars would compute another base."""
WAYS: Final[dict[str, Callable[[dict[str, Estimate]], Estimate]]] = {
    "trade": lambda at: at["exports"] + at["imports"],
    "balance": lambda at: at["exports"] - at["imports"],
    "exports": lambda at: (at["trade"] + at["balance"]) / 2,
    "imports": lambda at: (at["trade"] - at["balance"]) / 2,
}
"""How a flow that nobody published follows from the others."""


class Story:
    """Figures under one choice of settings. What is not known is `UNKNOWN`, which is false.

    A setting that is none of those it may be is a ValueError of one sentence.

    Parameters
    ----------
    currency
        ``CNY`` or ``USD``: what amounts are told in. An amount printed in that currency is taken
        as printed; any other is translated at its year's `rate`.
    prices
        ``current``, or a year: amounts are brought to its prices in dollars, by US consumer prices
        (CPI-U), the one price index the data has. Constant yuan are those dollars, told at the
        rate of that year. Rates of growth and shares stay as they were published.
    reading
        ``rounded``, or ``printed``: whether a writer rounded, or may have cut digits off.
    highlight
        What the charts put forward; one of `highlights`, the first by default.
    """

    def __init__(
        self, currency: str = "CNY", prices: str | int = "current",
        reading: Reading = "rounded", highlight: str = "",
    ):  # fmt: skip
        self._tell(currency, str(prices))
        _one_of("READING", reading, READINGS)
        self.reading = reading
        self.figures = load_figures(reading=reading)
        self.reference = load_reference(reading=reading)
        self.highlight = highlight or self.highlights()[0]
        _one_of("HIGHLIGHT", self.highlight, self.highlights())

    def _tell(self, currency: str, prices: str) -> None:
        """Set the currency and the prices."""
        _one_of("CURRENCY", currency, CURRENCIES)
        years = [str(y) for y in load_table("us-consumer-prices")["year"]]
        if currency != "USD":
            years = years[years.index(FIRST_RATE) :]
        span = f"current or a year from {years[0]} to {years[-1]} (for {currency})"
        _one_of("PRICES", prices, ["current", *years], span)
        self.currency, self.prices = currency, prices
        self.unit = currency if prices == "current" else f"{currency} {prices}"

    def retold(self, currency: str, prices: str | int = "current") -> Self:
        """The same story in another currency or at other prices, its tables not loaded again."""
        other = object.__new__(type(self))
        kept = ("figures", "reference", "reading", "highlight", "_rows")
        other.__dict__ |= {name: getattr(self, name) for name in kept}
        other._tell(currency, str(prices))
        return other

    @cached_property
    def year(self) -> int:
        """The last year the ledger speaks of."""
        return int(self.figures["period"].max())

    @property
    def years(self) -> tuple[int, int]:
        """The year before the last, and the last."""
        return self.year - 1, self.year

    def highlights(self) -> list[str]:
        """What may be highlighted, the default first."""
        return [str(self.year)]

    def printed(self, **keys: Any) -> Estimate:
        """What the articles print of a quantity: the narrowest of the rows with these keys.

        China, World, All, ``level`` and the story's year stand where a key is not given; None
        asks for rows without one.
        """
        return self._narrowest(self._rows[0], keys)

    def published(self, **keys: Any) -> Estimate:
        """What others published of a quantity, asked for as in `printed`."""
        return self._narrowest(self._rows[1], keys)

    @cached_property
    def _rows(self) -> list[dict[Any, list[dict[Any, Any]]]]:
        """The rows of both tables by `KEYS` and period, None for what is missing."""
        found: list[dict[Any, list[dict[Any, Any]]]] = []
        for table in (self.figures.astype(object), self.reference.astype(object)):
            found.append({})
            for row in table.where(table.notna(), None).to_dict("records"):
                at = tuple(row[column] for column in (*KEYS, "period"))
                found[-1].setdefault(at, []).append(row)
        return found

    def _narrowest(self, rows: dict[Any, list[dict[Any, Any]]], keys: dict[str, Any]) -> Estimate:
        at = tuple(keys.pop(key, own) for key, own in {**KEYS, "period": self.year}.items())
        found = (row for row in rows.get(at, ()) if all(row[c] == key for c, key in keys.items()))
        return min(map(Estimate.of, found), key=lambda e: e.interval.width, default=UNKNOWN)

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

    def change(self, flow: str, told: bool = False, **keys: Any) -> Estimate:
        """What a flow grew by: sharp, as each figure stands in the formula once.

        In yuan, or as ``told``: each year's amount in the story's currency and prices.
        """
        growth = self.printed(flow=flow, **YUAN_GROWTH, **keys)
        before, now = (self.factor("CNY", year) if told else 1 for year in self.years)
        change = self.printed(flow=flow, unit="CNY", **keys) * (now - before / (1 + growth))
        return replace(change, unit=self.unit) if change and told else change

    def factor(self, unit: str, year: int) -> Estimate | int:
        """What makes an amount of a year one in the story's currency and prices."""
        if self.prices in ("current", str(year)):
            return 1 if unit == self.currency else self.rate(self.currency, unit, year)
        base = int(self.prices)  # by way of dollars, in which prices are compared
        steps = (("USD", unit, year), (self.currency, "USD", base))
        factors = [self.rate(*step) for step in steps if step[0] != step[1]]
        ratio, name = price_ratio(year, base), f"US consumer prices of {base} over {year}"
        return reduce(mul, [*factors, Estimate(Interval(ratio, ratio), "", name)])

    def rate(self, to: str, per: str, year: int) -> Estimate:
        """The customs' own rate of a year, as all its exports tell it, else the ECB's mean.

        The customs translate month by month, at rates of their own. Where they published exports
        in both currencies, their quotient brings other amounts of the year to what they publish.
        """
        own = [self.published(flow="exports", period=year, unit=unit) for unit in (to, per)]
        if all(own):
            return own[0] / own[1]
        rate = mean_rate(to, per, year)
        return Estimate(Interval(rate.value, rate.value), to, f"the {rate.what}")

    def told(self, amount: Estimate, year: int, **keys: Any) -> Estimate:
        """An amount of a year in the story's currency and prices.

        With ``keys``, what is printed in that currency goes before what would be translated.
        """
        if amount and keys and amount.unit != self.currency:
            amount = self.printed(period=year, unit=self.currency, **keys) or amount
        factor = self.factor(amount.unit, year) if amount else 1
        amount = amount if factor == 1 else amount * factor
        return replace(amount, unit=self.unit) if amount else amount

    def released(self, flow: str, year: int, unit: str) -> Estimate:
        """A flow that others published in a currency, or that follows from what they did."""
        at = {name: self.published(flow=name, period=year, unit=unit) for name in WAYS}
        return at[flow] or WAYS[flow](at)

    def growth_of(self, flow: str, year: int, currency: str) -> Estimate:
        """Growth of a flow in a currency: the articles', others', or by the levels of others."""
        keys = {"flow": flow, "measure": "growth", "period": year, "currency_basis": currency}
        levels = (self.released(flow, y, currency) for y in (year, year - 1))
        return self.printed(**keys) or self.published(**keys) or next(levels) / next(levels) - 1

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
        pairs = ((name, year) for name in names for year in self.years)
        return self.rows((self.labels(n) | {"series": str(year)}, of(n, year)) for n, year in pairs)

    def say(self, template: str, **values: Estimate | str | int) -> Shown:
        """Say a sentence with live numbers (see `tradelib.prose.say`); it may name ``year``."""
        years = {"year": self.year, "year_before": self.year - 1, "year_first": self.year - 2}
        return say(template, **years, **values)

    @cached_property
    def audited(self) -> pd.DataFrame:
        """All checks of `tradelib.audit`, labels as printed."""
        return tradelib.audit()

    def checks(self, keep: pd.Series[bool]) -> pd.DataFrame:
        """The checks that bear on rows of the ledger, worst first."""
        named = {*self.figures["figure"][keep]}
        return self.audited[~self.audited["figures"].map(named.isdisjoint)]

    def tally(self, keep: pd.Series[bool]) -> dict[str, int]:
        """Count the `checks`: all, by verdict, and contradictions that a label would mend."""
        rows = self.checks(keep)
        words = {"agrees": "agrees", "cut": "agrees if cut off", "contradicts": "contradicts"}
        count = {name: list(rows["verdict"]).count(word) for name, word in words.items()}
        mended = len(rows.query("verdict == 'contradicts' and suggestion != ''"))
        rest = len(rows) - sum(count.values())
        return count | {"checks": len(rows), "mended": mended, "rest": rest}

    def verdicts(self, caption: str, keep: pd.Series[bool]) -> Table:
        """The `checks` that do not simply agree; the plainest of all that one label would mend.

        Plainest is what rests on few of others' figures, and is short.
        """
        rows = self.checks(keep).query("verdict != 'agrees'")
        others = rows["figures"].map(lambda names: sum(name.startswith("ref-") for name in names))
        label = rows["suggestion"].str.partition(";")[0]
        mend = label.str.replace(
            r"(\S+) reads as (flow|basis|period|currency basis) (.+)",
            r" It would agree if the \2 of \1 were \3.",
            regex=True,
        )
        rank = others * 10_000 + rows["explanation"].str.len()
        alike = [rows["verdict"], label.mask(label == "", rows["explanation"])]
        more = rank.groupby(alike).transform("size")
        also = (" So say " + more.astype(str) + " checks.").where(more > 1, "")
        table = rows[["verdict"]].assign(finding=rows["explanation"] + also + mend)
        plainest = rank.groupby(alike, sort=False).idxmin()
        return show(table.loc[plainest].reset_index(drop=True), caption=caption)

    def ledger(self, caption: str, keep: pd.Series[bool]) -> Table:
        """Rows of the ledger for readers: what was printed, its interval, and what is corrected."""
        rows = self.figures[keep].reset_index(drop=True)
        numbers = map(Estimate.of, rows.to_dict("records"))
        table = rows[["figure"]].assign(printed=rows["surface"])
        table["interval"] = [f"{number:range}" for number in numbers]
        corrected = rows["corrections"].replace({"^$": "–", "_": " ", ";": ", "}, regex=True)
        return show(table.assign(corrected=corrected), caption=caption)


def wide(rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Make a table of rows; an estimate ``x`` becomes its bounds, ``x_lower`` and ``x_upper``.

    >>> wide([{"year": 2024, "rate": Estimate(Interval(7.1, 7.2), "CNY", "a rate")}])
       year  rate_lower  rate_upper
    0  2024         7.1         7.2
    """
    table = []
    for row in rows:
        cells = dict[str, Any]()
        for name, cell in row.items():
            if isinstance(cell, Estimate):
                cells[f"{name}_lower"] = cell.interval.lower
                cells[f"{name}_upper"] = cell.interval.upper
            else:
                cells[name] = cell
        table.append(cells)
    return pd.DataFrame(table)


def joined(words: Iterable[str]) -> str:
    """Words as a list in a sentence.

    >>> joined(["Africa", "ASEAN", "Latin America"])
    'Africa, ASEAN and Latin America'
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def in_words(number: int) -> str:
    """A small whole number in words.

    >>> in_words(9), in_words(0), in_words(13)
    ('nine', 'none', '13')
    """
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else str(number)


def _one_of(setting: str, value: str, options: Iterable[str], said: str = "") -> None:
    if value not in options:
        said = said or f"one of {', '.join(options)}"
        raise ValueError(f"{setting} is {value!r}, expected {said}")
